"""JSON values of any shape, such as those under unknown keys: what they may hold, and how many keys."""

import math
from typing import Any

INTEGER = 2**63
"""Integers of a snapshot lie in -INTEGER .. INTEGER - 1."""


def sound(value: object) -> bool:
    """False if the value holds, at any depth, NaN, an infinity or an integer beyond 64 bits."""
    open_values = [value]
    while open_values:
        item = open_values.pop()
        if isinstance(item, dict):
            open_values.extend(item.values())
        elif isinstance(item, list):
            open_values.extend(item)
        elif isinstance(item, float):
            if not math.isfinite(item):
                return False
        elif isinstance(item, int) and not -INTEGER <= item < INTEGER:
            return False
    return True


def keys_within(value: Any) -> int:
    """The number of keys of all objects in a value."""
    count = 0
    open_values = [value]
    while open_values:
        item = open_values.pop()
        if isinstance(item, dict):
            count += len(item)
            open_values.extend(item.values())
        elif isinstance(item, list):
            open_values.extend(item)
    return count

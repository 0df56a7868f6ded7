"""Snapshots as JSON that people can read and diff: short values share a line, an item of a list has a line of its own.

The same data gives the same bytes; keys keep their order.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

WIDTH = 160
"""Longest line made of values that fit on one, in characters, whatever its indent."""


def compact(value: Any, indent: int = 0) -> str:
    """`value` as JSON. Keys keep their order."""
    if isinstance(value, dict | list) and _is_long(value):
        line = ""
    else:
        line = json.dumps(value, ensure_ascii=False)
        if len(line) <= WIDTH or not isinstance(value, dict | list) or not value:
            return line
    if isinstance(value, list):
        opening, closing = "[]"
        lines = [compact(item, indent + 1) for item in value]
    else:
        opening, closing = "{}"
        lines = list(
            _filled(f"{json.dumps(k, ensure_ascii=False)}: {compact(v, indent + 1)}" for k, v in value.items())
        )
    inner = " " * (indent + 1)
    joined = (",\n" + inner).join(lines)
    return f"{opening}\n{inner}{joined}\n{' ' * indent}{closing}"


def snapshot_bytes(snapshot: Any) -> bytes:
    """A whole snapshot as the bytes of a file."""
    return (compact(snapshot) + "\n").encode()


def _is_long(value: Any) -> bool:
    """Whether a value cannot fit on a line, seen without writing all that is below it."""
    left = WIDTH
    open_values = [value]
    while open_values:
        item = open_values.pop()
        left -= 1  # at least; what is counted must never be more than what is written
        if left < 0:
            return True
        if isinstance(item, dict):
            left -= sum(map(len, item)) + 4 * len(item)
            open_values.extend(item.values())
        elif isinstance(item, list):
            open_values.extend(item)
        elif isinstance(item, str):
            left -= len(item)
    return left < 0


def _filled(members: Iterable[str]) -> Iterator[str]:
    """Members of an object, as many to a line as fit; one that is broken itself stands alone."""
    line = ""
    for member in members:
        if line and ("\n" in member or len(line) + len(member) > WIDTH):
            yield line
            line = ""
        line = f"{line}, {member}" if line else member
        if "\n" in line:
            yield line
            line = ""
    if line:
        yield line

"""JSON that people can read and diff: one line for what is short, one line an item for what is not."""

import json
from typing import Any

WIDTH = 200
"""Longest value that stays on one line, in characters, whatever its indent."""


def compact(value: Any, indent: int = 0) -> str:
    """`value` as JSON. Keys keep their order."""
    line = json.dumps(value, ensure_ascii=False)
    if len(line) <= WIDTH or not isinstance(value, dict | list) or not value:
        return line
    inner = " " * (indent + 1)
    if isinstance(value, dict):
        items = [f"{json.dumps(key, ensure_ascii=False)}: {compact(held, indent + 1)}" for key, held in value.items()]
    else:
        items = [compact(held, indent + 1) for held in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    joined = (",\n" + inner).join(items)
    return f"{opening}\n{inner}{joined}\n{' ' * indent}{closing}"

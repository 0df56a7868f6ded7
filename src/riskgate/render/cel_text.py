"""A value of an expression written as CEL would write it."""

import datetime as dt
import json
import math

from riskgate.cel.temporal import format_duration, format_timestamp
from riskgate.cel.values import TypeValue
from riskgate.render.escape import visible


def cel_text(value: object) -> str:
    """`1`, `1.0`, `"a"`, `[1, 2]`, `{"a": null}`, `timestamp("…")`, `duration("…")`, the name of a type."""
    if isinstance(value, str):
        return visible(json.dumps(value, ensure_ascii=False))
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else f'double("{value}")'
    if value is None or isinstance(value, bool | int):
        return json.dumps(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{cel_text(key)}: {cel_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(cel_text(item) for item in value) + "]"
    if isinstance(value, dt.datetime):
        return f'timestamp("{format_timestamp(value)}")'
    if isinstance(value, dt.timedelta):
        return f'duration("{format_duration(value)}")'
    return value.name if isinstance(value, TypeValue) else visible(str(value))

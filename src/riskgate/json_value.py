"""Values of expressions and fields in the form that JSON has for them."""

import datetime as dt
from typing import Any

from riskgate.vocabulary import Field

PLAIN = frozenset({"string", "integer", "number", "boolean", "enum", "node", "department", "ref"})
"""Fields of these types hold what JSON can hold."""


def plain_value(value: Any, spec: Field | None) -> Any:
    """A value as JSON: dates as YYYY-MM-DD, timestamps as RFC 3339, durations in seconds, entities by their id."""
    if isinstance(value, dt.datetime):
        midnight = value.utcoffset() == dt.timedelta(0) and value.time() == dt.time(0)
        dated = spec.type == "date" if spec is not None else midnight
        return value.date().isoformat() if dated else value.isoformat()
    if isinstance(value, dt.timedelta):
        return f"{value.total_seconds():g}s"
    if isinstance(value, dict):
        return {"id": value["id"]} if value.get("id") is not None else {"present": True}
    if isinstance(value, list | tuple):
        if value and isinstance(value[0], dict):
            return {"count": len(value)}
        return [plain_value(item, spec.of if spec is not None else None) for item in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)

"""How values of facts compare: only within their type, numbers exactly; and their canonical order."""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from riskgate.record import record


@record
class Between:
    """A number of which only the bounds are known: a comparison holds if it holds for some number within them."""

    low: float
    high: float

    def may(self, op: str, number: float) -> bool:
        """Whether some number within the bounds compares so."""
        if op == "eq":
            return self.low <= number <= self.high
        if op == "neq":
            return not self.low == number == self.high
        return bool(_ORDER[op](self.high if op in ("gt", "gte") else self.low, number))


Value = str | int | float | bool | Between

_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "neq": operator.ne,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


def type_of(value: object) -> str:
    """`bool`, `number` or `text`; empty for everything that compares with nothing (NaN among it)."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number" if value == value else ""  # noqa: PLR0124  # NaN is the one number unequal to itself
    return "text" if isinstance(value, str) else ""


def compare(left: object, op: str, right: object) -> bool:
    """Whether `left op right` holds; false across types, also for `neq`. For `in`, `right` is a list of values."""
    if type(left) is str and type(right) is str and op != "in":
        return _ORDER[op](left, right)
    if op == "in":
        return isinstance(right, list | tuple) and any(compare(left, "eq", item) for item in right)
    if isinstance(left, Between):
        return isinstance(right, int | float) and type_of(right) == "number" and left.may(op, right)
    kind = type_of(left)
    return bool(kind) and kind == type_of(right) and _ORDER[op](left, right)


def join_key(value: object) -> tuple[str, object] | None:
    """A key that is equal for two values exactly where `compare(…, "eq", …)` holds; None if it equals nothing."""
    kind = type_of(value)
    return (kind, value) if kind else None


def value_key(value: object) -> tuple[str, Any, str]:
    """Orders values of any types. The last part tells apart what is equal but written differently (1 and 1.0)."""
    kind = type_of(value)
    return (kind, value if kind else repr(value), type(value).__name__)


def fields_key(fields: Mapping[str, object]) -> tuple[tuple[str, tuple[str, Any, str]], ...]:
    """Orders facts by their fields, whatever the order of the keys."""
    return tuple((name, value_key(fields[name])) for name in sorted(fields))

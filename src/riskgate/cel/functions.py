"""The functions of expressions: which names there are, how they are called, and what they do.

`FUNCTIONS` is shared by the checker (names and numbers of arguments), the compiler and the interpreter (what to call).
A member function gets its target as the first argument, a function with `context` gets the `Context` before that.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from riskgate.cel.access import size
from riskgate.cel.arithmetic import checked_int
from riskgate.cel.comparison import largest, less_equal, smallest
from riskgate.cel.conversions import to_bool, to_double, to_duration, to_int, to_string, to_timestamp
from riskgate.cel.patterns import matches
from riskgate.cel.temporal import date_of, days, make_date, part_of_time, part_of_timestamp
from riskgate.cel.values import LISTS, NUMBERS, CelError, Context, TypeValue, Value, no_overload, type_of
from riskgate.record import record


@record
class Function:
    """One way to call a function. `least` and `most` count the arguments, a member's target apart."""

    name: str
    implementation: Callable[..., Value]
    least: int
    most: int | None
    member: bool = False
    context: bool = False

    def accepts(self, count: int) -> bool:
        """Whether it can be called with so many arguments."""
        return count >= self.least and (self.most is None or count <= self.most)


def contains(text: Value, part: Value) -> bool:
    """`text.contains(part)`"""
    if type(text) is str and type(part) is str:
        return part in text
    raise no_overload("contains", text, part)


def starts_with(text: Value, start: Value) -> bool:
    """`text.startsWith(start)`"""
    if type(text) is str and type(start) is str:
        return text.startswith(start)
    raise no_overload("startsWith", text, start)


def ends_with(text: Value, end: Value) -> bool:
    """`text.endsWith(end)`"""
    if type(text) is str and type(end) is str:
        return text.endswith(end)
    raise no_overload("endsWith", text, end)


def dyn(value: Value) -> Value:
    """`dyn(x)`: the value itself, its type forgotten."""
    return value


def absolute(number: Value) -> Value:
    """`abs(x)` of a number."""
    kind = type(number)
    if kind is int:
        return checked_int(abs(number))
    if kind is float:
        return abs(number)
    raise no_overload("abs", number)


def total(numbers: Value) -> Value:
    """`sum(list)`: an int if all are ints, else a double, which does not depend on the order; 0 of nothing."""
    if type(numbers) not in LISTS:
        raise no_overload("sum", numbers)
    kinds = set(map(type, numbers))
    if kinds <= {int}:
        return checked_int(sum(numbers))
    if not kinds <= NUMBERS:
        raise no_overload("sum", next(n for n in numbers if type(n) not in NUMBERS))
    try:
        return math.fsum(numbers)
    except (OverflowError, ValueError):  # beyond the doubles on the way, or infinities of both signs
        return math.fsum(n / 2.0**70 for n in numbers) * 2.0**70 if all(map(math.isfinite, numbers)) else math.nan


def total_double(numbers: Value) -> float:
    """`sum(list)` of a list whose items are known to be doubles: 0.0 of nothing."""
    return float(total(numbers))


def summed(numbers: list[float]) -> float | None:
    """The same for a list of doubles; None in place of an error."""
    try:
        return math.fsum(numbers)
    except (OverflowError, ValueError, TypeError):
        pass
    try:
        return total_double(numbers)
    except CelError:
        return None


def _chosen(name: str, choose: Callable[[Iterable[Value]], Value], values: tuple[Value, ...]) -> Value:
    if len(values) == 1:
        (values,) = values
        if type(values) not in LISTS:
            raise no_overload(name, values)
        if not values:
            raise CelError(f"{name} of an empty list")
    return choose(values)


def minimum(*values: Value) -> Value:
    """`min(list)`, `min(a, b, …)`"""
    return _chosen("min", smallest, values)


def maximum(*values: Value) -> Value:
    """`max(list)`, `max(a, b, …)`"""
    return _chosen("max", largest, values)


def at_least(context: Context, x: Value, limit: Value) -> bool:
    """`at_least(x, limit)`: not less than the limit, give or take the relative tolerance of measured lengths."""
    if type(x) not in NUMBERS or type(limit) not in NUMBERS:
        raise no_overload("at_least", x, limit)
    return less_equal(limit, x) or bool(context.tolerance and x >= limit - context.tolerance * abs(limit))


def at_most(context: Context, x: Value, limit: Value) -> bool:
    """`at_most(x, limit)`: not more than the limit, give or take the relative tolerance of measured lengths."""
    if type(x) not in NUMBERS or type(limit) not in NUMBERS:
        raise no_overload("at_most", x, limit)
    return less_equal(x, limit) or bool(context.tolerance and x <= limit + context.tolerance * abs(limit))


def each(context: Context, name: Value) -> list[Value]:
    """`each("unit")`: all entities of a type, in the order of the snapshot."""
    if type(name) is not str:
        raise no_overload("each", name)
    if context.entities is None:
        raise CelError("`each` needs a project: there is none here")
    return context.entities(name)


def lookup(context: Context, name: Value, key: Value) -> dict[str, Value]:
    """`lookup("unit", id)`: the entity of a type that has this id."""
    if type(name) is not str or type(key) is not str:
        raise no_overload("lookup", name, key)
    if context.lookup is None:
        raise CelError("`lookup` needs a project: there is none here")
    found = context.lookup(name, key)
    if found is None:
        raise CelError(f"there is no {name} `{key}`")
    return found


def _type(value: Value) -> TypeValue:
    return type_of(value)


def _accessors() -> list[Function]:
    def day_of_year(t: datetime) -> int:
        return t.timetuple().tm_yday - 1

    of_timestamps: dict[str, Callable[[datetime], int]] = {
        "getFullYear": lambda t: t.year,
        "getMonth": lambda t: t.month - 1,  # from 0, as the specification has it
        "getDayOfMonth": lambda t: t.day - 1,
        "getDate": lambda t: t.day,
        "getDayOfWeek": lambda t: t.isoweekday() % 7,  # Sunday is 0
        "getDayOfYear": day_of_year,
    }
    of_both: dict[str, tuple[Callable[[datetime], int], Callable[[int], int]]] = {
        "getHours": (lambda t: t.hour, lambda us: us // 3_600_000_000),
        "getMinutes": (lambda t: t.minute, lambda us: us // 60_000_000),
        "getSeconds": (lambda t: t.second, lambda us: us // 1_000_000),
        "getMilliseconds": (lambda t: t.microsecond // 1000, lambda us: us // 1000 % 1000),  # below the second
    }
    made = {name: part_of_timestamp(name, part) for name, part in of_timestamps.items()}
    made |= {name: part_of_time(name, part, of_duration) for name, (part, of_duration) in of_both.items()}
    return [Function(name, accessor, 0, 1, member=True) for name, accessor in made.items()]


_ALL: Final = (
    Function("size", size, 1, 1),
    Function("size", size, 0, 0, member=True),
    Function("contains", contains, 1, 1, member=True),
    Function("startsWith", starts_with, 1, 1, member=True),
    Function("endsWith", ends_with, 1, 1, member=True),
    Function("matches", matches, 2, 2),
    Function("matches", matches, 1, 1, member=True),
    Function("bool", to_bool, 1, 1),
    Function("int", to_int, 1, 1),
    Function("double", to_double, 1, 1),
    Function("string", to_string, 1, 1),
    Function("timestamp", to_timestamp, 1, 1),
    Function("duration", to_duration, 1, 1),
    Function("type", _type, 1, 1),
    Function("dyn", dyn, 1, 1),
    *_accessors(),
    Function("abs", absolute, 1, 1),
    Function("sum", total, 1, 1),
    Function("min", minimum, 1, None),
    Function("max", maximum, 1, None),
    Function("at_least", at_least, 2, 2, context=True),
    Function("at_most", at_most, 2, 2, context=True),
    Function("date", make_date, 1, 1),
    Function("date_of", date_of, 1, 1, context=True),
    Function("days", days, 1, 1),
    Function("each", each, 1, 1, context=True),
    Function("lookup", lookup, 2, 2, context=True),
)
FUNCTIONS: Final[Mapping[tuple[str, bool], Function]] = MappingProxyType({(f.name, f.member): f for f in _ALL})
"""Functions by name and whether they are called on a target, `x.name(…)`."""


def function_for(name: str, count: int, *, member: bool) -> Function:
    """The function that a call means; CelError if there is none or it takes another number of arguments."""
    function = FUNCTIONS.get((name, member))
    if function is None:
        raise CelError(f"there is no function `{name}`" + (" that is called on a value" if member else ""))
    if not function.accepts(count):
        raise CelError(f"`{name}` cannot be called with {count} argument{'' if count == 1 else 's'}")
    return function

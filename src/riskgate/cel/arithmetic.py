"""Arithmetic: 64-bit ints that never wrap, IEEE doubles, and what texts, lists, timestamps and durations can do.

Each operator comes twice. The plain one is CEL's: int with int, double with double. The one for rules (`…_mixed`)
also takes an int with a double; the result is a double.
"""

import math
from datetime import UTC, datetime, timedelta
from typing import Final

from riskgate.cel.values import INT_MAX, INT_MIN, LISTS, NUMBERS, CelError, Value, no_overload

MAX_DURATION: Final = timedelta(microseconds=INT_MAX // 1000)
"""About 292 years either way: 64 bits of nanoseconds, the range that the specification gives."""
MAX_LENGTH: Final = 1_000_000
"""So long a text or list may become by `+`: doubling again and again would otherwise eat the memory."""


def checked_int(number: int) -> int:
    """The number, if it fits into 64 bits; CelError otherwise."""
    if INT_MIN <= number <= INT_MAX:
        return number
    raise CelError("the result does not fit into a 64-bit integer")


def checked_duration(duration: timedelta) -> timedelta:
    """The duration, if it is within the range of durations; CelError otherwise."""
    if -MAX_DURATION <= duration <= MAX_DURATION:
        return duration
    raise CelError("the duration is out of range")


def _shifted(moment: datetime, duration: timedelta) -> datetime:
    try:
        return moment.astimezone(UTC) + duration
    except OverflowError:
        raise CelError("the timestamp is out of range (years 1 to 9999)") from None


def add(a: Value, b: Value) -> Value:
    """`a + b`: numbers, texts, lists, durations, a timestamp and a duration."""
    kind, other = type(a), type(b)
    if kind is other:
        if kind is int:
            return checked_int(a + b)
        if kind is float:
            return a + b
        if kind is str:
            return a + b if len(a) + len(b) <= MAX_LENGTH else _too_long()
        if kind is timedelta:
            return checked_duration(a + b)
    if kind in LISTS and other in LISTS:
        return [*a, *b] if len(a) + len(b) <= MAX_LENGTH else _too_long()
    if kind is datetime and other is timedelta:
        return _shifted(a, b)
    if kind is timedelta and other is datetime:
        return _shifted(b, a)
    raise no_overload("+", a, b)


def _too_long() -> Value:
    raise CelError(f"the result is longer than {MAX_LENGTH}")


def subtract(a: Value, b: Value) -> Value:
    """`a - b`: numbers, durations, timestamps (a duration), a duration from a timestamp."""
    kind, other = type(a), type(b)
    if kind is other:
        if kind is int:
            return checked_int(a - b)
        if kind is float:
            return a - b
        if kind is timedelta:
            return checked_duration(a - b)
        if kind is datetime:
            return checked_duration(a - b)
    if kind is datetime and other is timedelta:
        return _shifted(a, -b)
    raise no_overload("-", a, b)


def multiply(a: Value, b: Value) -> Value:
    """`a * b` of two ints or two doubles."""
    kind = type(a)
    if kind is type(b):
        if kind is int:
            return checked_int(a * b)
        if kind is float:
            return a * b
    raise no_overload("*", a, b)


def divide(a: Value, b: Value) -> Value:
    """`a / b`: ints truncate towards zero and refuse 0; doubles give infinities and NaN."""
    kind = type(a)
    if kind is type(b):
        if kind is int:
            if b == 0:
                raise CelError("division by zero")
            quotient = abs(a) // abs(b)
            return checked_int(quotient if (a < 0) == (b < 0) else -quotient)
        if kind is float:
            return _divide_doubles(a, b)
    raise no_overload("/", a, b)


def _divide_doubles(a: float, b: float) -> float:
    if b != 0.0:
        return a / b
    if a == 0.0 or math.isnan(a):
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def modulo(a: Value, b: Value) -> Value:
    """`a % b` of two ints, with the sign of `a`."""
    if type(a) is int and type(b) is int:
        if b == 0:
            raise CelError("modulus by zero")
        rest = abs(a) % abs(b)
        return -rest if a < 0 else rest
    raise no_overload("%", a, b)


def negate(a: Value) -> Value:
    """`-a` of a number."""
    kind = type(a)
    if kind is int:
        return checked_int(-a)
    if kind is float:
        return -a
    raise no_overload("-", a)


def logical_not(a: Value) -> bool:
    """`!a` of a bool."""
    if a is True or a is False:
        return not a
    raise no_overload("!", a)


def _mixes(a: Value, b: Value) -> bool:
    kind, other = type(a), type(b)
    return kind is not other and kind in NUMBERS and other in NUMBERS


def add_mixed(a: Value, b: Value) -> Value:
    """`a + b` in a rule."""
    return float(a) + float(b) if _mixes(a, b) else add(a, b)


def subtract_mixed(a: Value, b: Value) -> Value:
    """`a - b` in a rule."""
    return float(a) - float(b) if _mixes(a, b) else subtract(a, b)


def multiply_mixed(a: Value, b: Value) -> Value:
    """`a * b` in a rule."""
    return float(a) * float(b) if _mixes(a, b) else multiply(a, b)


def divide_mixed(a: Value, b: Value) -> Value:
    """`a / b` in a rule."""
    return _divide_doubles(float(a), float(b)) if _mixes(a, b) else divide(a, b)

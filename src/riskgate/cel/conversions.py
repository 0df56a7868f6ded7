"""Conversions between types: `bool(x)`, `int(x)`, `double(x)`, `string(x)`, `timestamp(x)`, `duration(x)`."""

import math
import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from riskgate.cel.arithmetic import checked_int
from riskgate.cel.temporal import (
    format_duration,
    format_timestamp,
    parse_duration,
    parse_timestamp,
    seconds_of_timestamp,
    timestamp_of_seconds,
)
from riskgate.cel.values import CelError, Value, no_overload

_INT: Final = re.compile(r"[+-]?[0-9]{1,40}")
_DOUBLE: Final = re.compile(r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|inf|infinity)|nan", re.IGNORECASE)
_BOOLS: Final = {
    **dict.fromkeys(("1", "t", "true", "TRUE", "True"), True),
    **dict.fromkeys(("0", "f", "false", "FALSE", "False"), False),
}
_TWO_63: Final = 2.0**63
_SHOWN: Final = 60
_PLAIN_EXPONENTS: Final = range(-6, 21)
"""Doubles of these magnitudes are written without an exponent."""


def _unreadable(text: str, wanted: str) -> CelError:
    return CelError(f"`{text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}` is not {wanted}")


def to_bool(value: Value) -> bool:
    """`bool(x)` of a bool or one of the texts for true and false."""
    if type(value) is bool:
        return value
    if type(value) is str:
        if value in _BOOLS:
            return _BOOLS[value]
        raise _unreadable(value, "true or false")
    raise no_overload("bool", value)


def to_int(value: Value) -> int:
    """`int(x)`: doubles are cut towards zero, timestamps become seconds since 1970."""
    kind = type(value)
    if kind is int:
        return int(value)
    if kind is float:
        if math.isnan(value) or not -_TWO_63 < value < _TWO_63:
            raise CelError("the double does not fit into a 64-bit integer")
        return int(value)
    if kind is str:
        if _INT.fullmatch(value) is None:
            raise _unreadable(value, "an integer")
        return checked_int(int(value))
    if kind is datetime:
        return seconds_of_timestamp(value)
    raise no_overload("int", value)


def to_double(value: Value) -> float:
    """`double(x)` of a number or its text, "NaN" and "Infinity" among them."""
    kind = type(value)
    if kind is float or kind is int:
        return float(value)
    if kind is str:
        if _DOUBLE.fullmatch(value) is None:
            raise _unreadable(value, "a number")
        number = float(value)
        if math.isinf(number) and "n" not in value.lower():
            raise CelError("the number does not fit into a double")
        return number
    raise no_overload("double", value)


def format_double(number: float) -> str:
    """The shortest text that reads back as the same double: `1.5`, `2`, `1e+21`, `NaN`, `+Inf`."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "+Inf" if number > 0 else "-Inf"
    if number == 0:
        return "-0" if math.copysign(1.0, number) < 0 else "0"
    shortest = repr(number)
    if Decimal(shortest).adjusted() in _PLAIN_EXPONENTS:
        return f"{Decimal(shortest):f}".removesuffix(".0")
    mantissa, _, exponent = f"{Decimal(shortest).normalize():e}".partition("e")
    return f"{mantissa}e{exponent[0]}{exponent[1:].rjust(2, '0')}"


def to_string(value: Value) -> str:
    """`string(x)` of a text, number, bool, timestamp or duration."""
    kind = type(value)
    if kind is str:
        return str(value)
    if kind is bool:
        return "true" if value else "false"
    if kind is int:
        return str(value)
    if kind is float:
        return format_double(value)
    if kind is datetime:
        return format_timestamp(value)
    if kind is timedelta:
        return format_duration(value)
    raise no_overload("string", value)


def to_timestamp(value: Value) -> datetime:
    """`timestamp(x)` of an RFC 3339 text, seconds since 1970, or a timestamp."""
    kind = type(value)
    if kind is datetime:
        return value  # type: ignore[no-any-return]  # the kind was just looked at
    if kind is str:
        return parse_timestamp(value)
    if kind is int:
        return timestamp_of_seconds(value)
    raise no_overload("timestamp", value)


def to_duration(value: Value) -> timedelta:
    """`duration(x)` of a text such as `1h30m` or a duration."""
    kind = type(value)
    if kind is timedelta:
        return value  # type: ignore[no-any-return]  # the kind was just looked at
    if kind is str:
        return parse_duration(value)
    raise no_overload("duration", value)

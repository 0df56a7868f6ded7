"""Equality, order and membership, as CEL has them: exact across int and double, false across other types."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from riskgate.cel.values import LISTS, NUMBERS, Value, lookup_key, no_overload

ORDERED: Final = frozenset({int, float, str, bool, datetime, timedelta})


def equal(a: Value, b: Value) -> bool:
    """`a == b`: deep for lists and maps; values of different types are not equal, but int and double are numbers."""
    kind, other = type(a), type(b)
    if kind in LISTS or kind is dict:
        return _equal_deep(a, b)
    if kind is other or (kind in NUMBERS and other in NUMBERS):
        return bool(a == b)
    return False


def _equal_deep(a: Value, b: Value) -> bool:
    """Without recursion, so that the depth of the data does not matter."""
    pending: list[tuple[Value, Value]] = [(a, b)]
    while pending:
        left, right = pending.pop()
        kind, other = type(left), type(right)
        if kind in LISTS:
            if other not in LISTS or len(left) != len(right):
                return False
            pending.extend(zip(left, right, strict=True))
        elif kind is dict:
            if other is not dict or len(left) != len(right) or left.keys() != right.keys():
                return False
            pending.extend((item, right[key]) for key, item in left.items())
        elif kind is other or (kind in NUMBERS and other in NUMBERS):
            if not left == right:  # noqa: SIM201 - said of values that are not equal to themselves (NaN)
                return False
        else:
            return False
    return True


def not_equal(a: Value, b: Value) -> bool:
    """`a != b`"""
    return not equal(a, b)


def _ordered(a: Value, b: Value) -> bool:
    kind, other = type(a), type(b)
    return (kind is other and kind in ORDERED) or (kind in NUMBERS and other in NUMBERS)


def less(a: Value, b: Value) -> bool:
    """`a < b`; Python compares int with float exactly, and any order with NaN is false."""
    if _ordered(a, b):
        return bool(a < b)
    raise no_overload("<", a, b)


def less_equal(a: Value, b: Value) -> bool:
    """`a <= b`"""
    if _ordered(a, b):
        return bool(a <= b)
    raise no_overload("<=", a, b)


def greater(a: Value, b: Value) -> bool:
    """`a > b`"""
    if _ordered(a, b):
        return bool(a > b)
    raise no_overload(">", a, b)


def greater_equal(a: Value, b: Value) -> bool:
    """`a >= b`"""
    if _ordered(a, b):
        return bool(a >= b)
    raise no_overload(">=", a, b)


def contains_in(item: Value, container: Value) -> bool:
    """`item in container`: an item of a list, or a key of a map."""
    kind = type(container)
    if kind in LISTS:
        if type(item) is str:  # Python's own test is right for texts, and fast
            return item in container
        return any(equal(item, other) for other in container)
    if kind is dict:
        key = lookup_key(item)
        return key is not None and key in container
    raise no_overload("in", item, container)


def smallest(values: Iterable[Value]) -> Value:
    """The least of the values by `<`; the first one of equals."""
    best: Value = None
    for position, value in enumerate(values):
        if type(value) not in ORDERED:
            raise no_overload("min", value)
        if position == 0 or less(value, best):
            best = value
    return best


def largest(values: Iterable[Value]) -> Value:
    """The greatest of the values by `<`; the first one of equals."""
    best: Value = None
    for position, value in enumerate(values):
        if type(value) not in ORDERED:
            raise no_overload("max", value)
        if position == 0 or less(best, value):
            best = value
    return best


def as_bool(value: Value, operation: str) -> bool:
    """The value itself if it is a bool; CelError otherwise, naming the operator or macro that wanted one."""
    if value is True or value is False:
        return value
    raise no_overload(operation, value)

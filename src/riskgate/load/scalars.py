"""What a plain scalar means: YAML 1.2, and of that only what people mean. No octal, sexagesimal, dates or yes/no."""

import math
import re

from riskgate.load.tree import NULLS, Leaf

INTEGER = re.compile(r"[-+]?[0-9]+\Z")
NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\Z")
NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z")
BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
NUMBER_STARTS = frozenset("+-.0123456789")
MAX_DIGITS = 400
LOWEST, HIGHEST = -(2**63), 2**63 - 1


class NumberError(ValueError):
    """A number that cannot be kept: too large, or not finite."""


def to_number(text: str) -> int | float | None:
    """The number that a text is, None if it is none. Raises NumberError beyond 64 bits and beyond a double."""
    if text[:1] not in NUMBER_STARTS:
        return None
    if INTEGER.match(text):
        if len(text) > MAX_DIGITS or not LOWEST <= (whole := int(text)) <= HIGHEST:
            raise NumberError(text)
        return whole
    if NUMBER.match(text):
        if len(text) > MAX_DIGITS or not math.isfinite(value := float(text)):
            raise NumberError(text)
        return value
    if NOT_FINITE.match(text):
        raise NumberError(text)
    return None


def plain_value(leaf: Leaf) -> str | int | float | bool | None:
    """The value of a scalar where nothing says what is expected: a quoted one is always a text."""
    text = leaf.text
    if leaf.style:
        return text
    if text in NULLS:
        return None
    if text in BOOLEANS:
        return BOOLEANS[text]
    number = to_number(text)
    return text if number is None else number

"""`matches`: RE2 patterns, which no text can make slow, behind a memo, because values repeat."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from riskgate.cel.values import CelError, Value, no_overload

MAX_PATTERN: Final = 1_000
_MEMO: Final = 4_096
_MEMO_TEXT: Final = 200
"""Longer texts hardly repeat and are not remembered."""


@lru_cache(maxsize=512)
def matcher(pattern: str) -> Callable[[str], bool]:
    """A test whether some part of a text matches the pattern; CelError if it is too long or RE2 refuses it."""
    import re2  # noqa: PLC0415 - most rules have no pattern, and loading the library costs every start

    if len(pattern) > MAX_PATTERN:
        raise CelError(f"the pattern is longer than {MAX_PATTERN} characters")
    options = re2.Options()
    options.log_errors = False  # RE2 would print to stderr
    options.never_capture = True
    try:
        search = re2.compile(pattern, options).search
    except re2.error as problem:
        reason = problem.args[0] if problem.args else ""
        text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise CelError(f"the pattern cannot be used: {text}") from None
    except UnicodeEncodeError:
        raise CelError("the pattern holds half a character (a lone surrogate)") from None
    memo: dict[str, bool] = {}

    def test(text: str) -> bool:
        known = memo.get(text)
        if known is not None:
            return known
        try:
            found = search(text) is not None
        except UnicodeEncodeError:
            raise CelError("the text holds half a character (a lone surrogate)") from None
        if len(text) <= _MEMO_TEXT:
            if len(memo) >= _MEMO:
                memo.clear()
            memo[text] = found
        return found

    return test


def matches(text: Value, pattern: Value) -> bool:
    """`text.matches(pattern)`"""
    if type(text) is not str or type(pattern) is not str:
        raise no_overload("matches", text, pattern)
    return matcher(pattern)(text)

"""What generated functions use when they run; making them needs more (`plan.build`, `plan.locals`)."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from riskgate.cel.arithmetic import MAX_DURATION
from riskgate.cel.patterns import matcher

BUILTINS: Final[Mapping[str, object]] = {"enumerate": enumerate, "len": len, "abs": abs, "float": float}
"""All that generated code may call besides its own functions."""

UNSET = object()
"""Marks a computed local that has not been computed for this check."""


MEMO_LIMIT = 4096
"""How many texts a pattern remembers before it starts anew: values repeat, and a call of RE2 costs 3 µs."""
MEMO_TEXT = 200
"""Longer texts hardly repeat and are not remembered."""


class Matches(dict[str, bool]):
    """Remembers whether a pattern is found in a text."""

    def __init__(self, pattern: str) -> None:
        super().__init__()
        self._pattern = pattern
        self._found = matcher(pattern)

    def __reduce__(self) -> tuple[type["Matches"], tuple[str]]:
        return Matches, (self._pattern,)

    def __missing__(self, text: str) -> bool:
        found = self._found(text)
        if len(text) <= MEMO_TEXT:
            if len(self) >= MEMO_LIMIT:
                self.clear()
            self[text] = found
        return found


def span(left: dt.datetime, right: dt.datetime) -> dt.timedelta | None:
    """`left - right`, or None beyond what CEL's durations reach."""
    duration = left - right
    return duration if -MAX_DURATION <= duration <= MAX_DURATION else None


def lowest(limit: float, tolerance: float) -> float:
    """What is `at_least` a limit is not less than this."""
    bound = limit - tolerance * abs(limit) if tolerance else limit
    return min(limit, bound)  # in this order: of an infinite limit there is no part, and the bound is no number


def highest(limit: float, tolerance: float) -> float:
    """What is `at_most` a limit is not more than this."""
    bound = limit + tolerance * abs(limit) if tolerance else limit
    return max(limit, bound)  # in this order, as above

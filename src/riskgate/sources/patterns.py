"""Patterns of a mapping (RE2, which no text can make slow): compiled once, with the group that says what counts."""

from functools import lru_cache
from typing import Any

from riskgate.text import Text

LONGEST = 1_000


@lru_cache(maxsize=256)
def compiled(pattern: str) -> Any:
    """The pattern as RE2 has it. Raises re2.error, and UnicodeEncodeError for half a character in it."""
    import re2  # noqa: PLC0415 - most commands have no use for it

    options = re2.Options()
    options.log_errors = False  # RE2 would print to stderr
    return re2.compile(pattern, options)


def refusal(pattern: str, groups: tuple[str, ...]) -> Text | None:
    """Why a pattern cannot be used; None if it can. It must have these groups."""
    import re2  # noqa: PLC0415 - the same

    if len(pattern) > LONGEST:
        return Text(f"样式超过 {LONGEST} 个字符", f"the pattern is longer than {LONGEST} characters")
    try:
        groups_there = compiled(pattern).groupindex
    except (re2.error, UnicodeEncodeError) as error:
        reason = error.args[0] if error.args else ""
        said = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        return Text(f"样式不能用：{said}", f"the pattern cannot be used: {said}")
    missing = [group for group in groups if group not in groups_there]
    if missing:
        return Text(f"样式里没有 (?P<{missing[0]}>…)", f"the pattern has no group (?P<{missing[0]}>…)")
    return None


def found(pattern: str, text: str, group: str) -> str | None:
    """What the group holds where the pattern is found in the text, blanks taken off; None if it is not, or is empty."""
    try:
        match = compiled(pattern).search(text)
    except UnicodeEncodeError:
        return None  # half a character: no name that anybody wrote
    held = None if match is None else match.group(group)
    return None if held is None else held.strip() or None


def fits(pattern: str, text: str) -> bool:
    try:
        return compiled(pattern).search(text) is not None
    except UnicodeEncodeError:
        return False  # the same

"""Values of options that several commands take: parameters that are set, and days."""

import re
from datetime import date

from riskgate.errors import ChoiceError, Problem
from riskgate.text import Text

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def settings_in(words: tuple[str, ...]) -> dict[str, str]:
    """What `--set NAME=VALUE …` sets. Raises ChoiceError with all that cannot be read."""
    found: dict[str, str] = {}
    problems = []
    for word in words:
        name, equals, value = word.partition("=")
        name = name.strip()
        if not equals or not name:
            message = Text(f"--set `{word}` 应写作 NAME=VALUE", f"--set `{word}` must read NAME=VALUE")
            problems.append(Problem("bad-setting", message))
        elif name in found:
            message = Text(f"--set 两次设置 `{name}`", f"--set sets `{name}` twice")
            problems.append(Problem("doubled-setting", message))
        else:
            found[name] = value.strip()
    if problems:
        raise ChoiceError(problems)
    return found


def day_in(text: str | None) -> date | None:
    """The day of `--as-of`. Raises ChoiceError."""
    if text is None:
        return None
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass  # no such day in the calendar: said below, like any other text that is no date
    message = Text(f"--as-of `{text}` 不是日期，应写作 2026-11-20", f"--as-of `{text}` is no date like 2026-11-20")
    raise ChoiceError(Problem("bad-date", message))

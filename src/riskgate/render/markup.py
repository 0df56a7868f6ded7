"""Markdown: text from data that stays text, tables, links."""

import re
from collections.abc import Iterable, Sequence

from riskgate.render.escape import visible

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&$])")
_LEADING = re.compile(r"^(\s*\d*)([-+=.)])(?=\s|$)")
_NAME = re.compile(r"[^\w\- ]")


def plain(text: str) -> str:
    """A text from data on one line, with every mark of Markdown or HTML written so that it shows itself."""
    return _LEADING.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", visible(text)))


def code(text: str) -> str:
    """A text from data as code within a line."""
    shown = visible(text).replace("|", "\\|")
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", shown)), default=0))
    pad = " " if len(fence) > 1 else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def block(text: str, language: str = "") -> list[str]:
    """A text from data as a block of code, line by line."""
    lines = [visible(line) for line in text.strip("\n").split("\n")]
    fence = "`" * max(3, 1 + max((len(run) for line in lines for run in re.findall("`+", line)), default=0))
    return [f"{fence}{language}", *lines, fence]


def anchor(heading: str) -> str:
    """What a heading is called in a link."""
    return _NAME.sub("", heading.lower()).replace(" ", "-")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Rows of cells that are Markdown already."""
    return [_row(head), "|" + "---|" * len(head), *map(_row, rows)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"

"""A page of text for people: lines, indented paragraphs and grids of a given width, with or without colour."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from riskgate.render.cells import GAP, grid, wrap
from riskgate.text import Lang, Text

_STYLES: Mapping[str, str] = MappingProxyType(
    {
        "bad": "\x1b[1;31m",
        "warn": "\x1b[33m",
        "good": "\x1b[1;32m",
        "head": "\x1b[1m",
        "dim": "\x1b[2m",
        "": "",
    }
)
_RESET = "\x1b[0m"
SMALLEST = 60
"""Narrower terminals get lines of this width; the terminal breaks them."""
PLAIN = 100
"""The width when the output is not a terminal, so that files are the same everywhere."""


class Page:
    """Collects lines; `text()` gives the page, ending in one newline."""

    def __init__(self, lang: Lang = "en", width: int = PLAIN, *, color: bool = False) -> None:
        self.lang: Lang = lang
        self.width = max(width, SMALLEST)
        self.color = color
        self._lines: list[str] = []

    def say(self, text: Text) -> str:
        return text.to(self.lang)

    def paint(self, text: str, style: str) -> str:
        return f"{_STYLES[style]}{text}{_RESET}" if self.color and style and text.strip() else text

    def line(self, text: str, style: str = "", *, indent: int = 0, hang: int = 0) -> None:
        """A paragraph, wrapped; lines after the first stand `hang` columns further in."""
        first = indent
        lines = wrap(text, self.width - first)
        if len(lines) > 1 and hang:
            # wrapped again at the narrower width, with the first line kept
            rest = text[len(lines[0]) :].lstrip(" ")
            lines = [lines[0], *wrap(rest, self.width - first - hang)]
        for number, part in enumerate(lines):
            self._lines.append(" " * (first + (hang if number else 0)) + self.paint(part, style))

    def blank(self) -> None:
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def heading(self, text: str) -> None:
        self.blank()
        self.line(text, "head")

    def grid(self, rows: Sequence[Sequence[str] | str], *, styles: Sequence[str] = (), indent: int = 0) -> None:
        """Rows in aligned columns; a plain text among them is a heading across all columns.

        A row's style paints its first cell; `dim` paints the whole row.
        """
        aligned = iter(grid([row for row in rows if not isinstance(row, str)], self.width - indent))
        for number, row in enumerate(rows):
            style = styles[number] if number < len(styles) else ""
            if isinstance(row, str):
                self.blank()
                self.line(row, style, indent=indent)
                continue
            for cells in next(aligned):
                if style == "dim":
                    body = self.paint((" " * GAP).join(cells).rstrip(), style)
                else:
                    body = (" " * GAP).join([self.paint(cells[0], style), *cells[1:]])
                self._lines.append((" " * indent + body).rstrip())

    def text(self) -> str:
        while self._lines and not self._lines[-1]:
            self._lines.pop()
        return "\n".join(self._lines) + "\n"

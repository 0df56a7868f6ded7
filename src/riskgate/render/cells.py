"""Width arithmetic for terminals: how many columns a text takes, where it may break, how columns stand.

East Asian wide characters take two columns. Ambiguous ones (quotes, dashes, box drawing) count as one, so nothing here
draws boxes: a terminal that shows them wide would lose the alignment.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final
from unicodedata import category, east_asian_width

_OPENERS = frozenset("（《〈「『【〔“‘([{<`")
_CLOSERS = frozenset("，。、；：！？）》〉」』】〕”’…％,.;:!?)]}>%`")
_NO_COLUMN: Final = frozenset({"Mn", "Me", "Mc", "Cf", "Cc", "Zl", "Zp"})
"""The general categories of marks, and of characters that format or control."""
_UNASSIGNED: Final = "Cn"
_JOINED_JAMO: Final = (("\u1160", "\u11ff"), ("\ud7b0", "\ud7ff"))
"""Vowels and finals of Hangul: drawn within the cells of the syllable's first letter."""
_IDEOGRAPHS: Final = ("\U00020000", "\U0003ffff")
"""Planes that Unicode keeps for ideographs; those that Python does not know yet are as wide as the others."""
_SOFT_HYPHEN: Final = "\u00ad"
GAP = 2
WIDE = 2
NARROWEST = 8
"""No column is squeezed below this many terminal columns while another can give."""


@lru_cache(maxsize=8192)
def cell(char: str) -> int:
    """The terminal columns of a character, by the Unicode tables that come with Python."""
    kind = category(char)
    if kind == _UNASSIGNED:  # Python 3.11 calls all of them wide
        return WIDE if _IDEOGRAPHS[0] <= char <= _IDEOGRAPHS[1] else 1
    if kind in _NO_COLUMN:
        return 1 if char == _SOFT_HYPHEN else 0
    if any(first <= char <= last for first, last in _JOINED_JAMO):
        return 0
    return WIDE if east_asian_width(char) in "WF" else 1


def cells(text: str) -> int:
    """The terminal columns of a text."""
    return len(text) if text.isascii() else sum(map(cell, text))


def pad(text: str, width: int) -> str:
    return text + " " * max(0, width - cells(text))


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns: broken at spaces and between wide characters, never shortened.

    A line does not begin with closing punctuation nor end with an opening one; a word that is too long is split.
    """
    width = max(width, 2)
    if cells(text) <= width:
        return [text]
    lines: list[str] = []
    line, used = "", 0
    for atom in _atoms(text):
        need = cells(atom)
        if used + need > width and line.strip(" "):
            lines.append(line.rstrip(" "))
            line, used = "", 0
        if atom == " " and not line and lines:
            continue  # the space at which a line broke
        while need > width - used:
            head = _fitting(atom, width - used)
            lines.append(line + head)
            line, used, atom = "", 0, atom[len(head) :]  # noqa: PLW2901 - the rest of a word too long for a line
            need = cells(atom)
        line += atom
        used += need
    if line.strip(" ") or not lines:
        lines.append(line.rstrip(" "))
    return lines


def narrowest(text: str) -> int:
    """The columns that a text needs to be wrapped without splitting a word."""
    return max(map(cells, _atoms(text)), default=0)


def _atoms(text: str) -> list[str]:
    """The pieces between which a line may break; each space is a piece of its own."""
    atoms: list[str] = []
    start = 0
    last = " "
    for at, char in enumerate(text):
        if (
            char == " "
            or last == " "
            or not _glued(last, char)
            or (last == "-" and text[start : at - 1][-1:].isalpha())
        ):
            atoms.append(text[start:at])
            start = at
        last = char
    return [*atoms[1:], text[start:]] if text else []


@lru_cache(maxsize=16_384)
def _glued(last: str, char: str) -> bool:
    """Whether no line may break between two characters; a hyphen within a word is another matter."""
    if last == "/" and cell(char) == 1:
        return False  # after a step of an address
    return char in _CLOSERS or last in _OPENERS or cell(char) == 0 or (cell(last) < WIDE and cell(char) < WIDE)


def _fitting(text: str, width: int) -> str:
    """The longest start of the text that fits; at least one character."""
    used = 0
    for index, char in enumerate(text):
        used += cell(char)
        if used > width and index:
            return text[:index]
    return text


def column_widths(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """The widths of the columns of a grid that fits `width`: natural if they fit, else the widest give way."""
    widths = [max((cells(text) for text in column), default=0) for column in zip(*rows, strict=True)]
    spare = width - GAP * (len(widths) - 1)
    while sum(widths) > spare:
        widest = max(range(len(widths)), key=lambda index: (widths[index], index))
        if widths[widest] <= NARROWEST:
            break
        others = sorted(widths)[-2] if len(widths) > 1 else 0
        # down to the next widest in one step, never by more than is missing
        widths[widest] -= max(1, min(sum(widths) - spare, widths[widest] - max(others, NARROWEST)))
    return widths


def grid(rows: Sequence[Sequence[str]], width: int) -> Iterable[list[list[str]]]:
    """For each row its screen lines, each a list of cells padded to their columns."""
    widths = column_widths(rows, width)
    for row in rows:
        wrapped = [wrap(text, wide) for text, wide in zip(row, widths, strict=True)]
        height = max(len(lines) for lines in wrapped)
        yield [
            [pad(lines[y] if y < len(lines) else "", wide) for lines, wide in zip(wrapped, widths, strict=True)]
            for y in range(height)
        ]

"""A Markdown note of limited length, and text from data that stays text in it."""

import re
from collections.abc import Sequence

from riskgate.render.escape import visible
from riskgate.render.markup import plain
from riskgate.render.wording import Wording
from riskgate.report import EntityRef

TEXT = 300
"""A single text from data is cut after so many characters."""
_REFERENCE = re.compile(r"([@#!~%$&])(?=\w)")
_RULER = re.compile("^(?=[-+=])")


def text(data: str) -> str:
    """A text from data, for a note that GitHub or GitLab shows: marks show themselves, and `@name` or `#12` calls
    nobody and links nowhere (an empty comment stands in between, because a backslash would not stop it)."""
    shown = visible(data).strip(" ")
    if len(shown) > TEXT:
        shown = shown[: TEXT - 1] + "…"
    return _RULER.sub(r"\\", _REFERENCE.sub(r"\1<!-- -->", plain(shown)))


def place(entity: EntityRef, wording: Wording) -> str:
    """What people call an entity and its address, which is there however long the name is."""
    label, address = text(wording.data(entity.label)), text(entity.address)
    return address if label in ("", address) else f"{label} ({address})"


class Note:
    """Lines, as long as there is room for them."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._length = 0

    def add(self, lines: Sequence[str], room: int) -> bool:
        """Add all of the lines, or none if the note would grow beyond `room` characters."""
        length = size(lines)
        if self._length + length > room:
            return False
        self._lines += lines
        self._length += length
        return True

    @property
    def length(self) -> int:
        return self._length

    def written(self) -> str:
        return "".join(f"{line}\n" for line in self._lines).strip("\n") + "\n"


def size(lines: Sequence[str]) -> int:
    """How many characters lines take."""
    return sum(map(len, lines)) + len(lines)

"""Where the things of a report stand in the snapshot's file: JSON Pointers to line and column, for all at once."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import sha256

from riskgate.errors import Place
from riskgate.render.formats import Source
from riskgate.report import Report
from riskgate.snapshot.finding import Path
from riskgate.snapshot.locate import Lines as Offsets
from riskgate.snapshot.locate import Locator

_BOM = b"\xef\xbb\xbf"
_POSITION = re.compile("0|[1-9][0-9]{0,8}")


class Lines:
    """The places of some JSON Pointers. The text is read once for all of them."""

    def __init__(self, report: Report, source: Source | None, pointers: Iterable[str]) -> None:
        """Lines are named of the very text that was checked, known by its sha256, and of no other."""
        self.name = source.name if source is not None else ""
        self._offsets: Mapping[str, int] = {}
        if source is None or not source.text or sha256(source.text).hexdigest() != report.sha256:
            return
        text = source.text.removeprefix(_BOM).decode()  # it was read as a snapshot, so it is UTF-8 and sound JSON
        paths = {pointer: path_of(pointer) for pointer in pointers}
        locator = Locator(text, paths.values())
        self._offsets = {pointer: locator.find(path) for pointer, path in paths.items()}
        self._lines = Offsets(text)

    def at(self, pointer: str) -> Place:
        """File, line and column of a pointer; 0 where the line is not known, "" where the file has no name.

        A pointer that leads nowhere in the text (of something that was found missing) has the place of what it would
        stand in.
        """
        offset = self._offsets.get(pointer)
        line, column = self._lines.at(offset) if offset is not None else (0, 0)
        return Place(self.name, line, column, pointer)


def path_of(pointer: str) -> Path:
    """Keys and list positions of a JSON Pointer (RFC 6901). Keys of a snapshot are words, so digits are positions."""
    return tuple(map(_step, pointer.split("/")[1:]))


@lru_cache(maxsize=4096)
def _step(token: str) -> str | int:
    if _POSITION.fullmatch(token):
        return int(token)
    return token.replace("~1", "/").replace("~0", "~")

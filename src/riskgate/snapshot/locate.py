"""Line and column of places in a JSON text, for messages. Runs only when something is wrong.

What is not on the way to a wanted place is skipped with the standard library's C scanner, so that finding a place
near the end of a large text costs about one more reading of it.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from json.scanner import make_scanner

from riskgate.snapshot.finding import Path

_SPACE = re.compile(r"[ \t\n\r]*")
_MEMBER = re.compile(r'[ \t\n\r,]*"([^"\\]*)"[ \t\n\r]*:[ \t\n\r]*(?:("[^"\\]*"|[-+.0-9A-Za-z]+)[ \t\n\r]*)?')
"""A member of an object whose key has no escapes; with its value, if that is neither a list, an object nor a text with
escapes. Nearly all are such."""
_STRUCTURE = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{\]}]')
_EMPTY = re.compile(r"\[\s*\]|\{\s*\}")


@dataclass(slots=True)
class _Wanted:
    """A place that is wanted or lies on the way to one: the offsets of its key and value, in order of appearance."""

    below: dict[str | int, "_Wanted"] = field(default_factory=dict)
    keys: list[int] = field(default_factory=list)
    values: list[int] = field(default_factory=list)


class Lines:
    """Line and column, both from 1, of an offset."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def at(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


class Locator:
    """Offsets of paths in a text that is known to be JSON of bounded depth; read once for all paths."""

    def __init__(self, text: str, paths: Iterable[Path]) -> None:
        self._text = text
        decoder = json.JSONDecoder(parse_int=len, parse_float=len, parse_constant=len)
        self._scan = make_scanner(decoder)  # type: ignore[arg-type]  # the stub has a scanner where a decoder is meant
        self._root = _Wanted()
        for path in paths:
            wanted = self._root
            for step in path:
                wanted = wanted.below.setdefault(step, _Wanted())
        self._value(self._space(0), self._root)

    def find(self, path: Path, *, key: bool = False, nth: int = 0) -> int:
        """Offset of the value at `path`, or of its key; of the nearest thing above where the path does not exist."""
        wanted, best = self._root, self._root.values[0]
        for position, step in enumerate(path):
            wanted = wanted.below[step]
            if not wanted.values:
                return best
            last = position == len(path) - 1
            offsets = wanted.keys if key and last and wanted.keys else wanted.values
            best = offsets[min(nth, len(offsets) - 1)] if last and nth else offsets[-1]
        return best

    def _space(self, position: int) -> int:
        match = _SPACE.match(self._text, position)
        return position if match is None else match.end()

    def _value(self, position: int, wanted: _Wanted | None) -> int:
        """Note the value at `position`, and go through it where something below is wanted; the offset behind it."""
        if wanted is not None:
            wanted.values.append(position)
            opening = self._text[position]
            if wanted.below and opening == "{":
                return self._object(position, wanted)
            if wanted.below and opening == "[":
                return self._list(position, wanted)
        end: int = self._scan(self._text, position)[1]
        return end

    def _object(self, position: int, wanted: _Wanted) -> int:
        text = self._text
        position = self._space(position + 1)
        while text[position] != "}":
            member = _MEMBER.match(text, position)
            if member is not None:
                key, scalar = member.groups()
                start, position = member.start(1) - 1, member.end() if scalar is None else member.start(2)
                below = wanted.below.get(key)
                if below is None and scalar is not None:
                    position = member.end()
                    continue
            else:
                start = self._space(position + 1) if text[position] == "," else position
                key, position = self._scan(text, start)
                position = self._space(self._space(position) + 1)  # the colon
                below = wanted.below.get(key)
            if below is not None:
                below.keys.append(start)
            position = self._space(self._value(position, below))
        return position + 1

    def _list(self, position: int, wanted: _Wanted) -> int:
        position = self._space(position + 1)
        index = 0
        while self._text[position] != "]":
            if self._text[position] == ",":
                position = self._space(position + 1)
            position = self._space(self._value(position, wanted.below.get(index)))
            index += 1
        return position + 1


def too_deep(text: str, depth: int) -> int | None:
    """Offset of the first list or object that has something in it and is nested deeper than `depth`, or None. Needs no
    valid JSON."""
    level = 0
    for match in _STRUCTURE.finditer(text):
        bracket = match[0][0]
        if bracket in "[{":
            level += 1
            if level > depth and _EMPTY.match(text, match.start()) is None:
                return match.start()
        elif bracket in "]}":
            level -= 1
    return None

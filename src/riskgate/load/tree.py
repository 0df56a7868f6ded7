"""A YAML document as a tree that remembers where everything stands.

Scalars keep the text they were written as. What a text means (number, boolean, nothing) is decided where a value is
expected, not by the look of it: `1.10` stays `1.10` where a version is meant, and `no` is never "false".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from riskgate.errors import Place
from riskgate.pack import FIRST_WIDE

PLAIN = ""
REPORTED = "!"
"""The style of a leaf that stands for something refused: the problem is known, so nothing more is said about it."""
KEY = "key"
"""The style of a leaf that is a key: always a text, whatever it looks like."""
NULLS = frozenset({"", "~", "null", "Null", "NULL"})


class Mark(Protocol):
    """A place in the text as the parser gives it, counted from 0; `index` counts characters."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...
    @property
    def index(self) -> int: ...


class Leaf:
    """A scalar: its text, its style, its place (counted from 1) and its extent in the file's characters.

    It keeps the parser's marks as they are: few leaves are ever asked where they stand, and there are many.
    """

    __slots__ = ("_first", "_last", "style", "text")

    def __init__(self, text: str, style: str, first: Mark, last: Mark) -> None:
        self.text = text
        self.style = style
        self._first = first
        self._last = last

    @property
    def line(self) -> int:
        return self._first.line + 1

    @property
    def column(self) -> int:
        return self._first.column + 1

    @property
    def start(self) -> int:
        return self._first.index

    @property
    def end(self) -> int:
        return self._last.index

    @property
    def is_null(self) -> bool:
        return not self.style and self.text in NULLS


class Items:
    """A list. `flow` says that it is written in brackets (or stands within some)."""

    __slots__ = ("_first", "flow", "nodes")

    def __init__(self, first: Mark, flow: bool) -> None:
        self._first = first
        self.flow = flow
        self.nodes: list[Node] = []

    @property
    def line(self) -> int:
        return self._first.line + 1

    @property
    def column(self) -> int:
        return self._first.column + 1

    def __iter__(self) -> Iterator["Node"]:
        return iter(self.nodes)


class Entries:
    """A mapping: values by key in the order of the file, and the mark of each key.

    `damaged` says that a key was refused: what is missing here need not be reported as well.
    """

    __slots__ = ("_first", "damaged", "flow", "marks", "values")

    def __init__(self, first: Mark, flow: bool) -> None:
        self._first = first
        self.flow = flow
        self.values: dict[str, Node] = {}
        self.marks: dict[str, Mark] = {}
        self.damaged = False

    @property
    def line(self) -> int:
        return self._first.line + 1

    @property
    def column(self) -> int:
        return self._first.column + 1

    def key(self, name: str) -> Leaf:
        """A key of this mapping as it stands in the file."""
        mark = self.marks[name]
        return Leaf(name, KEY, mark, mark)

    def leaves(self) -> Iterator[tuple[Leaf, "Node"]]:
        """Each key with its place, and its value."""
        for name, node in self.values.items():
            yield self.key(name), node


Node = Leaf | Items | Entries


def is_null(node: "Node | None") -> bool:
    return isinstance(node, Leaf) and node.is_null


@dataclass(eq=False, repr=False)
class Document:
    """One file: the name it is shown under, its text and the tree in it."""

    file: str
    source: str
    root: Node

    @cached_property
    def _source(self) -> "Source":
        return Source(self.file, self.source)

    def excerpt(self, line: int, column: int) -> str:
        return self._source.excerpt(line, column)


@dataclass(eq=False, repr=False)
class Source:
    """The text of a file by lines, for showing a place in it."""

    file: str
    text: str

    @cached_property
    def lines(self) -> list[str]:
        return self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    def line(self, number: int) -> str:
        """The line with this number (from 1), empty beyond the end."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def place(self, line: int, column: int) -> Place:
        return Place(self.file, line, column)

    def excerpt(self, line: int, column: int) -> str:
        """The line with a caret below the column; tabs and long lines are cut to what a terminal shows."""
        text = self.line(line).replace("\t", " ")
        if not text.strip():
            return ""
        low = max(0, column - 61)
        shown = text[low : low + 120]
        width = sum(2 if ord(ch) >= FIRST_WIDE else 1 for ch in text[low : column - 1])
        return f"{shown}\n{' ' * width}^"

"""The cells of a worksheet, row by row, as they are written: texts, numbers, and whether a formula made them."""

import math
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from riskgate.errors import RectificationError
from riskgate.text import Text
from riskgate.workbook.archive import Archive
from riskgate.workbook.elements import Budget, parse
from riskgate.workbook.refuse import damaged, too_large

CELL_CHARACTERS = 40_000
"""The format allows 32,767 to a cell; some writers count otherwise."""
_ROWS = 1_048_576
_COLUMNS = 16_384
_RANGES = 20_000
"""So many merged ranges, or ranges that one formula fills, are kept in mind."""
_LOOKS = 100_000_000
"""Array formulas times cells that are asked whether one of them fills them: some seconds."""
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SURROGATE = re.compile("[\ud800-\udfff]")
TRUE = ("1", "true")
"""How the format writes that something is so."""
_TEXTS = frozenset({"t", "v"})
_PHONETIC = "rPh"


class Cell(NamedTuple):
    """What a cell holds. `formula`: a formula makes the value, which is what some program last took it for.

    `lacking`: no program has computed the formula yet. `error`: the value is the name of an error, such as `#N/A`.
    `percent`: the number is shown as a percentage: 0.95 as 95 %.
    """

    value: str | float | bool
    formula: bool = False
    lacking: bool = False
    error: bool = False
    percent: bool = False


class Row(NamedTuple):
    """A row that has cells; its number from 1, its cells by column, also from 1."""

    number: int
    cells: Mapping[int, Cell]
    hidden: bool = False


class Area(NamedTuple):
    """A rectangle of cells, bounds included."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        return self.top <= row <= self.bottom and self.left <= column <= self.right


def column_letters(column: int) -> str:
    """The letters of a column counted from 1: `A`, `Z`, `AA`."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def unescaped(text: str) -> str:
    """The text that the format writes as `_x000A_` and the like, where XML has no way to."""
    if "_x" not in text:
        return text
    made = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    if not _SURROGATE.search(made):
        return made
    # two halves are one character; one half is none that anybody wrote
    return made.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _number(text: str) -> str | float:
    """A number as the format writes them; what is none stays the text it is."""
    if not text.isascii() or "_" in text:  # Python would read these as numbers too
        return text
    try:
        number = float(text)
    except ValueError:
        return text
    return number if math.isfinite(number) else text


def _index(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(text[:20])
    return int(text)


@dataclass
class CellReader:
    """Reads one worksheet. `merged` is complete when all rows were read. `percents`: styles that show percentages."""

    archive: Archive
    part: str
    budget: Budget
    shared: Sequence[str]
    percents: Container[str] = ()
    merged: list[Area] = field(default_factory=list)
    hidden: list[tuple[int, int]] = field(default_factory=list)
    """Columns that are not shown, from the first to the last of each run."""
    _filled: list[Area] = field(default_factory=list)
    _looked: int = 0
    _rows: list[Row] = field(default_factory=list)
    _row: int = 0
    _column: int = 0
    _cells: dict[int, Cell] = field(default_factory=dict)
    _type: str = "n"
    _style: str = ""
    _hidden: bool = False
    _formula: bool = False
    _phonetic: int = 0
    _inside: bool = False
    _text: list[str] = field(default_factory=list)
    _length: int = 0

    def rows(self) -> Iterator[Row]:
        """The rows with cells, in the order of the file."""
        for _ in parse(self.archive, self.part, self.budget, self._start, self._end, self._data):
            ready, self._rows = self._rows, []
            yield from ready

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            reference = attributes.get("r")
            if reference is None:
                self._column += 1
            else:
                row, self._column = self._position(reference)
                if row != self._row:
                    raise self._damaged(f"{reference}")
            self._type = attributes.get("t", "n")
            self._style = attributes.get("s", "")
            self._formula = False
            self._text = []
            self._length = 0
        elif name in _TEXTS:
            self._inside = not self._phonetic
        elif name == "f":
            self._start_formula(attributes)
        elif name == "row":
            number = attributes.get("r")
            self._row = self._row + 1 if number is None else self._number(number)
            self._column = 0
            self._cells = {}
            self._hidden = attributes.get("hidden") in TRUE
        elif name == _PHONETIC:
            self._phonetic += 1
        elif name == "mergeCell":
            self._keep(self.merged, attributes.get("ref", ""))
        elif name == "col" and attributes.get("hidden") in TRUE and len(self.hidden) < _RANGES:
            self.hidden.append((self._number(attributes.get("min", "")), self._number(attributes.get("max", ""))))

    def _end(self, name: str) -> None:
        if name == "c":
            value = self._value("".join(self._text))
            if value is not None or self._formula:
                formula = self._formula or (bool(self._filled) and self._is_filled())
                lacking = value is None and self._type != "str"  # a formula may well say nothing: ""
                self._cells[self._column] = Cell(
                    "" if value is None else value, formula, lacking, self._type == "e", self._style in self.percents
                )
        elif name in _TEXTS:
            self._inside = False
        elif name == "row":
            if self._cells:
                self._rows.append(Row(self._row, self._cells, self._hidden))
        elif name == _PHONETIC:
            self._phonetic -= 1

    def _data(self, text: str) -> None:
        if not self._inside:
            return
        self._length += len(text)
        if self._length > CELL_CHARACTERS:
            where = f"{column_letters(self._column)}{self._row}"
            raise too_large(
                self.archive.file,
                Text(f"单元格 {where} 的文字太长", f"the text in cell {where} is longer than a cell can hold"),
            )
        self._text.append(text)

    def _value(self, text: str) -> str | float | bool | None:
        """What the cell holds, by its type; None if it is empty."""
        if not text:
            return None
        if self._type == "s":
            try:
                return self.shared[_index(text)] or None
            except (ValueError, IndexError) as error:
                raise self._damaged(f"{column_letters(self._column)}{self._row}") from error
        if self._type == "n":
            return _number(text)
        if self._type == "b":
            return text == "1"
        return unescaped(text)

    def _is_filled(self) -> bool:
        """Whether a formula of another cell fills this one. Each area is looked at for each cell: not without end."""
        self._looked += len(self._filled)
        if self._looked > _LOOKS:
            raise too_large(
                self.archive.file,
                Text(f"`{self.part}`：数组公式太多", f"`{self.part}`: it has too many array formulas"),
            )
        return any(area.holds(self._row, self._column) for area in self._filled)

    def _start_formula(self, attributes: Mapping[str, str]) -> None:
        self._formula = True
        if attributes.get("t") in ("array", "dataTable") and "ref" in attributes:
            self._keep(self._filled, attributes["ref"])  # the cells below the first have only values

    def _keep(self, areas: list[Area], reference: str) -> None:
        first, _, last = reference.partition(":")
        top, left = self._position(first)
        bottom, right = self._position(last or first)
        if (bottom, right) != (top, left):
            areas.append(Area(top, left, bottom, right))
        if len(areas) > _RANGES:
            raise too_large(
                self.archive.file,
                Text(f"`{self.part}`：合并的单元格太多", f"`{self.part}`: it has too many merged ranges"),
            )

    def _position(self, reference: str) -> tuple[int, int]:
        found = _REFERENCE.fullmatch(reference)
        if found is None:
            raise self._damaged(reference[:20])
        column = 0
        for letter in found[1]:
            column = column * 26 + ord(letter) - ord("A") + 1
        row = int(found[2])
        if column > _COLUMNS or row > _ROWS:
            raise self._damaged(reference)
        return row, column

    def _number(self, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= 7 and 1 <= int(text) <= _ROWS):  # noqa: PLR2004 - the last row has seven digits
            raise self._damaged(text[:20])
        return int(text)

    def _damaged(self, where: str) -> RectificationError:
        message = Text(
            f"文件已损坏：`{self.part}` 里的 `{where}` 不成立",
            f"the file is damaged: `{where}` in `{self.part}` cannot be",
        )
        return damaged(self.archive.file, message)


class SharedTexts:
    """Reads the table of texts that cells refer to by number."""

    def __init__(self, archive: Archive, part: str, budget: Budget) -> None:
        self._archive = archive
        self._part = part
        self._budget = budget
        self._texts: list[str] = []
        self._pieces: list[str] = []
        self._inside = False
        self._phonetic = 0

    def read(self) -> list[str]:
        for _ in parse(self._archive, self._part, self._budget, self._start, self._end, self._data):
            continue  # every piece goes to the handlers
        return self._texts

    def _start(self, name: str, _attributes: Mapping[str, str]) -> None:
        if name == "t":
            self._inside = not self._phonetic
        elif name == "si":
            self._pieces = []
        elif name == _PHONETIC:
            self._phonetic += 1

    def _end(self, name: str) -> None:
        if name == "t":
            self._inside = False
        elif name == "si":
            self._texts.append(unescaped("".join(self._pieces)))
        elif name == _PHONETIC:
            self._phonetic -= 1

    def _data(self, text: str) -> None:
        if self._inside:
            self._pieces.append(text)

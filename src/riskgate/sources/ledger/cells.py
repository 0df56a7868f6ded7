"""A cell as a value of its field: by the field's type, the vocabulary's own labels, and the words of the mapping."""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from riskgate.lifecycle import Lifecycle
from riskgate.sources.ledger.mapping import Column, LedgerMap, plain
from riskgate.sources.ledger.moments import read_day, read_moment
from riskgate.sources.ledger.numbers import read_number
from riskgate.sources.ledger.refuse import BadCellError, near, text_of
from riskgate.text import Text
from riskgate.vocabulary import Field
from riskgate.workbook import Cell

DIGITS = 15
"""A spreadsheet keeps so many digits of a number; longer ones have lost their end before anybody reads them."""
_SEPARATORS = re.compile(r"[\n;；、,，]")
_HARD = re.compile(r"[\n;；]")
Read = Callable[[Cell], Any]
"""Gives the value of a cell; None if it says nothing. Raises BadCellError."""


@dataclass
class Ways:
    """How the cells of one source are read."""

    mapping: LedgerMap
    lifecycle: Lifecycle
    offset: dt.timezone
    from_1904: bool = False
    literal: bool = False
    """In riskgate's own templates nothing but a blank cell says nothing."""
    offsets_taken: list[None] = field(default_factory=list)
    """One for each moment without an offset of its own."""

    def reader(self, column: Column, spec: Field, written: Decimal | None) -> Read:
        """Reads the cells of one column."""
        read = self._typed(column, spec, written)
        missing = frozenset[str]() if self.literal else self.mapping.words.missing

        def value(cell: Cell) -> Any:
            check(cell)
            if isinstance(cell.value, str) and (not cell.value.strip() or plain(cell.value) in missing):
                return None
            return read(cell)

        return value

    def _typed(self, column: Column, spec: Field, written: Decimal | None) -> Read:
        unit = self.mapping.units.get(spec.unit or "")
        match spec.type:
            case "string" | "ref":
                return read_text
            case "integer" | "number":
                return lambda cell: read_number(cell, spec, column, unit, written)
            case "boolean":
                return self._boolean(column)
            case "date":
                return lambda cell: read_day(cell, from_1904=self.from_1904)
            case "datetime":
                return self._moment
            case "enum" | "node" | "department":
                return self._word(column, spec)
            case "list":
                return self._list(column, spec)
            case _:
                raise BadCellError("no-column", Text("不能写在单元格里的字段", "no field that a cell can hold"))

    def _moment(self, cell: Cell) -> str:
        found, taken = read_moment(cell, self.offset, from_1904=self.from_1904)
        if taken:
            self.offsets_taken.append(None)
        return found

    def _boolean(self, column: Column) -> Read:
        words = self.mapping.words
        known = dict.fromkeys(words.no, False) | dict.fromkeys(words.yes, True)
        known |= {word: text == "true" for word, text in column.words.items()}

        def read(cell: Cell) -> bool:
            if isinstance(cell.value, bool):
                return cell.value
            found = known.get(plain(text_of(cell)))
            if found is None:
                raise BadCellError("no-boolean", Text("是或否", "yes or no"))
            return found

        return read

    def _word(self, column: Column, spec: Field) -> Read:
        known, labels = self._meanings(column, spec)
        memo: dict[str, str] = {}

        def read(cell: Cell) -> str:
            text = text_of(cell)
            found = memo.get(text)
            if found is None:
                meant = known.get(plain(text), ())
                if len(meant) != 1:
                    raise BadCellError("unknown-value", _one_of(spec), near(text, labels))
                (found,) = meant
                memo[text] = found
            return found

        return read

    def words(self, column: Column, spec: Field) -> dict[str, tuple[str, ...]]:
        """The values that each word may mean in a column of an enum, of nodes or of departments."""
        return self._meanings(column, spec)[0]

    def _meanings(self, column: Column, spec: Field) -> tuple[dict[str, tuple[str, ...]], list[str]]:
        """What each word may mean, and the labels to propose. The stored value itself goes before every label."""
        named: dict[str, tuple[str, ...]] = {}
        stored: dict[str, tuple[str, ...]]
        if spec.type == "enum":
            stored = {value: (label.zh, label.en) for value, label in spec.values.items()}
        elif spec.type == "node":
            stored = {n.id: (n.code, n.title.zh, n.title.en) for n in self.lifecycle.nodes}
        else:
            stored = {d.id: (d.title.zh, d.title.en) for d in self.lifecycle.departments.values()}
        for value, labels in stored.items():
            for label in dict.fromkeys(plain(one) for one in labels):
                named[label] = (*named.get(label, ()), value)
        named |= {plain(value): (value,) for value in stored}
        named |= {word: (value,) for word, value in column.words.items()}
        return named, [labels[-2] for labels in stored.values()]

    def _list(self, column: Column, spec: Field) -> Read:
        of = spec.of
        if of is None or of.type in {"list", "object"}:
            raise BadCellError("no-column", Text("不能写在单元格里的字段", "no field that a cell can hold"))
        item = self._typed(column, of, None)
        labels = self.words(column, of) if of.type in {"enum", "node", "department"} else {}
        empty = {"[]"} if self.literal else self.mapping.words.empty - set(labels)

        def read(cell: Cell) -> list[Any]:
            text = text_of(cell)
            if plain(text) in empty:
                return []
            items = [read_item for part in parts_of(text, labels) if (read_item := part.strip())]
            return [item(Cell(one)) for one in items]

        return read


def read_text(cell: Cell) -> str:
    """A cell as a text. A number of more digits than spreadsheets keep is no number that anybody wrote."""
    if isinstance(cell.value, bool):
        raise BadCellError("no-text", Text("文字", "a text"))
    if isinstance(cell.value, float) and abs(cell.value) >= 10**DIGITS:
        help_text = Text("把单元格设为文本格式再填写", "format the cell as text, then write it again")
        raise BadCellError("number-too-long", Text("以文本保存的编号", "a number kept as text"), help_text)
    return text_of(cell)


def check(cell: Cell) -> None:
    """Raise BadCellError for a cell whose value is none: an error, a formula that nobody computed."""
    if cell.error:
        raise BadCellError("error-cell", Text("值，不是出错的公式", "a value, not an error"))
    if cell.formula and cell.lacking:
        help_text = Text(
            "用表格软件打开并保存，或改填数值", "save it in a spreadsheet program, or write the value itself"
        )
        raise BadCellError("formula-without-value", Text("算好的公式", "a formula that was computed"), help_text)


def parts_of(text: str, labels: Iterable[str] = ()) -> list[str]:
    """The items of a list in one cell. A label that has a separator in it is not cut."""
    known = set(labels)
    found: list[str] = []
    for piece in _HARD.split(text):
        if plain(piece) in known:
            found.append(piece)
        else:
            found += _joined(_SEPARATORS.split(piece), known)
    return found


def _joined(pieces: list[str], known: set[str]) -> list[str]:
    """Pieces put together again where that makes a label."""
    found: list[str] = []
    longest = max((label.count(",") + 1 for label in known), default=1)
    at = 0
    while at < len(pieces):
        end = at + 1
        for last in range(min(len(pieces), at + longest), at + 1, -1):
            if plain(",".join(pieces[at:last])) in known:
                end = last
                break
        found.append(",".join(pieces[at:end]))
        at = end
    return found


def _one_of(spec: Field) -> Text:
    if spec.type == "node":
        return Text("节点编号或名称", "a node, by code or title")
    if spec.type == "department":
        return Text("部门名称", "a department")
    return Text("列表里的一个值", "one of the listed values")

"""The hidden sheet of a template: which column is which field, and what the example row says.

People may move columns, rename sheets and delete rows: a column is known by its header, a sheet by its name or else by
its headers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from riskgate.errors import Problem
from riskgate.sources.ledger.grid import MARKS, Grid
from riskgate.sources.ledger.mapping import Column, Ledger, in_cells, plain
from riskgate.sources.ledger.mapping_file import NO_CELL, reachable
from riskgate.sources.ledger.refuse import text_of
from riskgate.text import Text
from riskgate.vocabulary import Vocabulary

VERSION = "1"
FIRST = ("riskgate template", VERSION)
SHEET, COLUMN, EXAMPLE, UNREAD = "sheet", "column", "example", "unread"
_PARTS = 4
"""Kind of line, sheet, and two more words."""
Line = tuple[str, str, str, str]

__all__ = ["COLUMN", "EXAMPLE", "FIRST", "MARKS", "SHEET", "UNREAD", "Line", "ledgers_of"]


@dataclass
class _Sheet:
    """What the marks say of one sheet."""

    entity: str
    columns: dict[str, Column] = field(default_factory=dict)
    example: dict[str, str] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)


def ledgers_of(marks: Grid, vocabulary: Vocabulary, problems: list[Problem]) -> Sequence[Ledger]:
    """The ledgers that a template holds. What does not fit the vocabulary is a problem: it came from another one."""
    lines = [tuple(text_of(row.cells[n]) if n in row.cells else "" for n in range(1, 5)) for row in marks.rows]
    if not lines or lines[0][:2] != FIRST:
        message = Text(
            "工作表 riskgate 不是本版本模板的说明", "the sheet `riskgate` is not that of a template of this version"
        )
        problems.append(Problem("bad-template", message, marks.place(1, 1)))
        return ()
    sheets: dict[str, _Sheet] = {}
    for number, line in zip([row.number for row in marks.rows][1:], lines[1:], strict=True):
        wrong = _take(sheets, line, vocabulary)
        if wrong is not None:
            problems.append(Problem("bad-template", wrong, marks.place(number, 1)))
    return [
        Ledger(
            name=sheet.entity,
            title=vocabulary.entities[sheet.entity].title,
            entity=sheet.entity,
            columns=MappingProxyType(sheet.columns),
            sheets=frozenset({plain(name)}),
            unread=frozenset(sheet.unread),
            literal=True,
            example=MappingProxyType(sheet.example),
        )
        for name, sheet in sheets.items()
    ]


def _take(sheets: dict[str, _Sheet], line: tuple[str, ...], vocabulary: Vocabulary) -> Text | None:
    """Take one line of the marks; what is wrong with it."""
    kind, name, first, second = line[:_PARTS]
    if kind == SHEET:
        if first not in vocabulary.entities:
            return Text(f"词汇表里没有 `{first}`", f"the vocabulary has no `{first}`")
        sheets[name] = _Sheet(first)
        return None
    sheet = sheets.get(name)
    if sheet is None:
        return None  # of a sheet that was refused
    if kind == EXAMPLE:
        sheet.example[first] = second
    elif kind == UNREAD:
        sheet.unread.add(plain(first))
    elif kind == COLUMN:
        return _column(sheet, first, second, vocabulary)
    return None


def _column(sheet: _Sheet, header: str, target: str, vocabulary: Vocabulary) -> Text | None:
    entity, dot, name = target.partition(".")
    known = vocabulary.entities.get(entity)
    own = vocabulary.entities[sheet.entity]
    if known is None or (dot and name not in known.fields) or (dot and not reachable(vocabulary, own, entity)):
        return Text(f"词汇表里没有 `{target}`", f"the vocabulary has no `{target}`")
    if dot and not in_cells(known.fields[name]):
        return NO_CELL
    required = bool(dot) and known.fields[name].required
    column = Column(entity, name or None, (header,), required)
    sheet.columns[column.key] = column
    return None

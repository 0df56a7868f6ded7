"""The row of headers: where it is, which ledger it belongs to, and what each of its columns is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from riskgate.errors import Problem, SourceError, suggestion
from riskgate.sources.ledger.grid import Grid
from riskgate.sources.ledger.mapping import Column, Ledger, LedgerMap, in_cells, plain
from riskgate.sources.ledger.mapping_file import reachable
from riskgate.sources.ledger.refuse import shown
from riskgate.sources.made import SourceNote
from riskgate.text import Text
from riskgate.vocabulary import Field, Vocabulary
from riskgate.workbook import Row

HEADER_ROWS = 20
"""The headers stand in one of the first rows; people put titles above them."""
_LEAST = 2
"""So many headers must be understood, unless a ledger has fewer."""
_LONGEST = 200
"""Characters; a longer text is no header."""
_GUESSES = 50
"""Of so many columns that are not known it is said what may have been meant."""
_BRACKET = re.compile(r"(.+?)[(\[【]([^()\[\]【】]*(?:\([^()]*\))?)[)\]】]")
_REQUIRED_MARK = re.compile(r"[*]+|\((?:必填|required)\)")


@dataclass
class Heading:
    """A header that was understood: its column, what its unit makes of a number, and the title people know it by."""

    column: Column
    factor: Decimal | None
    title: str


@dataclass
class Header:
    """The understood columns of one sheet by number, and the row they stand in."""

    ledger: Ledger
    row: int
    columns: dict[int, Heading]
    unknown: list[tuple[int, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def score(self) -> tuple[bool, int, int]:
        """Which ledger a sheet is: one whose required columns are all there, that understands most."""
        needed = {key for key, column in self.ledger.columns.items() if column.required}
        have = {heading.column.key for heading in self.columns.values()}
        return needed <= have, len(self.columns), len(needed & have)

    def missing(self) -> list[Column]:
        have = {heading.column.key for heading in self.columns.values()}
        return [column for column in self.ledger.columns.values() if column.required and column.key not in have]


class Headings:
    """What the headers of one ledger may say."""

    def __init__(self, ledger: Ledger, vocabulary: Vocabulary, mapping: LedgerMap) -> None:
        self.ledger = ledger
        self._vocabulary = vocabulary
        self._mapping = mapping
        self._known: dict[str, Column] = {}
        for column in ledger.columns.values():
            for header in column.headers:
                self._known.setdefault(plain(header), column)
        if ledger.literal:  # people may write another unit into the brackets
            for column in ledger.columns.values():
                if (match := _BRACKET.fullmatch(plain(column.headers[0]))) is not None and self._written(column):
                    self._known.setdefault(match[1], column)
        else:
            for column, header in _implied(ledger, vocabulary):
                self._known.setdefault(plain(header), column)

    def header(self, grid: Grid) -> Header | None:
        """The best row of headers among the first of the sheet; None if no row has any."""
        best: Header | None = None
        for row in grid.rows:
            if row.number > HEADER_ROWS:
                break
            found = self._row(grid, row)
            if found.columns and (best is None or found.score > best.score):
                best = found
        if best is None or len(best.columns) < min(_LEAST, len(self.ledger.columns)):
            return None
        return best

    def _row(self, grid: Grid, row: Row) -> Header:
        found = Header(self.ledger, row.number, {})
        first: dict[str, int] = {}
        for number, cell in sorted(row.cells.items()):
            if not isinstance(cell.value, str) or not cell.value.strip():
                continue
            heading, problem = self._heading(cell.value)
            if heading is None:
                if plain(cell.value) not in self.ledger.unread:
                    found.unknown.append((number, cell.value))
                continue
            if problem is not None:
                message, help_text = problem
                found.problems.append(Problem("wrong-unit", message, grid.place(row.number, number), help_text))
            key = heading.column.key
            if key in first:
                there = grid.cell(row.number, first[key])
                message = Text(
                    f"`{shown(cell.value)}` 与 {there} 是同一列（{key}）",
                    f"`{shown(cell.value)}` is the same column as {there} ({key})",
                )
                help_text = Text("只留一列，或用 --map 说明", "keep one of them, or tell them apart with --map")
                found.problems.append(Problem("doubled-column", message, grid.place(row.number, number), help_text))
                continue
            first[key] = number
            found.columns[number] = heading
        return found

    def _heading(self, text: str) -> tuple[Heading | None, tuple[Text, Text | None] | None]:
        """What a header means, and what is wrong with its unit."""
        if len(text) > _LONGEST:
            return None, None
        word = _REQUIRED_MARK.sub("", plain(text))
        title = " ".join(text.replace("*", "").split())
        if word in self._known:
            return Heading(self._known[word], None, title), None
        brackets: list[str] = []
        name = word
        while (match := _BRACKET.fullmatch(name)) is not None:
            name = match[1]
            brackets.append(match[2])
            if name in self._known:
                column = self._known[name]
                factor, problem = self._unit_of(column, brackets)
                return Heading(column, factor, title), problem
        for known, column in self._known.items():
            if word.startswith(known):
                rest = word[len(known) :].lstrip("/,:_-")
                factor = self._written(column).get(rest)
                if factor is not None:
                    return Heading(column, factor, title), None
        return None, None

    def _written(self, column: Column) -> Mapping[str, Decimal]:
        spec = self._spec(column)
        unit = self._mapping.units.get(spec.unit or "") if spec is not None else None
        return {} if unit is None else unit.written

    def _spec(self, column: Column) -> Field | None:
        return self._vocabulary.entities[column.entity].fields.get(column.field or "")

    def _unit_of(
        self, column: Column, brackets: Sequence[str]
    ) -> tuple[Decimal | None, tuple[Text, Text | None] | None]:
        """What the unit in a header's brackets makes of a number. Other remarks in brackets say nothing."""
        written = self._written(column)
        for text in brackets:
            if text in written:
                return written[text], None
        spec = self._spec(column)
        if spec is not None and spec.type in {"number", "integer"}:
            for text in brackets:
                if any(text in unit.written for unit in self._mapping.units.values()):
                    expected = spec.unit or Text("没有单位", "no unit").zh
                    message = Text(
                        f"`{text}` 不是 {column.key}（{expected}）的单位",
                        f"`{text}` is no unit of {column.key} ({spec.unit or 'it has none'})",
                    )
                    listed = list(written)[:8]
                    help_text = (
                        Text(f"可写：{'、'.join(listed)}", f"there are: {', '.join(listed)}") if listed else None
                    )
                    return None, (message, help_text)
        return None, None

    def guess(self, text: str) -> Text | None:
        """Which header may have been meant."""
        headers = [header for column in self.ledger.columns.values() for header in column.headers]
        return suggestion(" ".join(text.split()), [*headers, *self._known])


def _implied(ledger: Ledger, vocabulary: Vocabulary) -> Iterator[tuple[Column, str]]:
    """Headers that need no mapping: the titles and names of the entity's own fields, of what hangs on it, of its place.

    Those that are listed with the ledger keep what the mapping says of them.
    """
    own = vocabulary.entities[ledger.entity]
    singles = [
        kind
        for kind in vocabulary.order
        if kind.single
        and kind is not own
        and reachable(vocabulary, own, kind.name)
        and kind.within in {own.name, own.within}
    ]
    for kind in (own, *singles):
        for spec in kind.fields.values():
            if spec.type == "object" or (spec.name == "id" and kind.name in ledger.columns):
                continue
            column = ledger.columns.get(f"{kind.name}.{spec.name}") or Column(kind.name, spec.name)
            yield from ((column, header) for header in (*spec.title, spec.name, f"{kind.name}.{spec.name}"))
    for kind in vocabulary.chains[own.name][1:]:
        if kind.collection and (kind is not own or kind.name in ledger.columns):
            column = ledger.columns.get(kind.name) or Column(kind.name, None)
            ident = kind.fields.get("id")
            titles = (*kind.title, *(ident.title if ident is not None else ()), kind.name)
            yield from ((column, header) for header in titles)


def implied_ledger(entity: str, vocabulary: Vocabulary) -> Ledger:
    """A ledger of a kind that the mapping does not know: its headers are what the vocabulary calls things."""
    kind = vocabulary.entities[entity]
    columns = {f"{entity}.{name}": Column(entity, name) for name, spec in kind.fields.items() if in_cells(spec)}
    parts = {one.name: Column(one.name, None) for one in vocabulary.chains[entity][1:-1] if one.collection}
    return Ledger(entity, kind.title, entity, MappingProxyType({**parts, **columns}))


def choose(grid: Grid, ledgers: Sequence[Headings]) -> Header | None:
    """The ledger that a sheet is, by its name, else by its headers; None if it is none.

    Raises SourceError if it may be either of two.
    """
    name = plain(grid.name)
    named = [one for one in ledgers if name in one.ledger.sheets]
    if not named and name:
        named = [one for one in ledgers if any(word in name for word in one.ledger.sheets)]
    found = [header for one in named or ledgers if (header := one.header(grid)) is not None]
    if not found:
        return None
    best = max(header.score for header in found)
    first, *others = [header for header in found if header.score == best]
    if others and not (best[0] and named):
        titles = [header.ledger.title for header in (first, *others)]
        message = Text(
            f"看不出是哪种台账：{'、'.join(title.zh for title in titles)}",
            f"this may be any of several ledgers: {', '.join(title.en for title in titles)}",
        )
        names = ", ".join(header.ledger.name for header in (first, *others))
        help_text = Text(f"用 --entity 写明（{names}），或改工作表名", f"say which with --entity ({names})")
        raise SourceError(Problem("ambiguous-ledger", message, grid.place(first.row), help_text))
    return first


def header_notes(grid: Grid, header: Header, headings: Headings) -> Iterator[SourceNote]:
    """What the sheet was taken for, and the columns that were not understood."""
    title = header.ledger.title
    message = Text(
        f"按{title.zh}读取，{len(header.columns)} 列",
        f"read as {title.en} (`{header.ledger.name}`), {len(header.columns)} columns",
    )
    yield SourceNote("ledger", message, grid.place(header.row))
    for count, (number, text) in enumerate(header.unknown):
        guess = headings.guess(text) if count < _GUESSES and len(text) <= _LONGEST else None
        word = shown(text)
        hint = Text("", "") if guess is None else Text(f"；{guess.zh}", f"; {guess.en}")
        message = Text(
            f"没有读 `{word}` 这一列：不认识{hint.zh}", f"the column `{word}` is not known and was not read{hint.en}"
        )
        yield SourceNote("unknown-column", message, grid.place(header.row, number))

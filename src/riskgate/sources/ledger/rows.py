"""The rows of one sheet as claims. All that is wrong with them is listed; what is wrong is never half taken."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from riskgate.address import ROOT
from riskgate.errors import Problem
from riskgate.sources.ledger.cells import Read, Ways, check, read_text
from riskgate.sources.ledger.counted import Counted
from riskgate.sources.ledger.grid import Grid
from riskgate.sources.ledger.headers import Header, Heading
from riskgate.sources.ledger.mapping import plain
from riskgate.sources.ledger.naming import Known, Names
from riskgate.sources.ledger.places import Drafting, column_of, no_fit
from riskgate.sources.ledger.refuse import BadCellError, shown, text_of
from riskgate.sources.merging.agree import spelling
from riskgate.sources.merging.claims import Claim, Record, below
from riskgate.text import Text
from riskgate.vocabulary import EntityType, Field, Vocabulary
from riskgate.workbook import Cell, Row

FILLED = Text("填写", "filled in")


class _Value(NamedTuple):
    """A column that fills a field."""

    number: int
    heading: Heading
    spec: Field
    read: Read


class RowReader:
    """Reads the rows below the headers."""

    def __init__(
        self,
        grid: Grid,
        header: Header,
        ways: Ways,
        names: Names,
        drafting: Drafting,
        vocabulary: Vocabulary,
    ) -> None:
        self.problems: list[Problem] = list(header.problems)
        self.counted = Counted()
        self._grid, self._header, self._ways, self._names, self._drafting = grid, header, ways, names, drafting
        self._vocabulary = vocabulary
        self._ledger = header.ledger
        self._own = vocabulary.entities[header.ledger.entity]
        self._sources = (drafting.part.name,)
        self._parts: list[tuple[int, Heading]] = []
        self._values: list[_Value] = []
        self._seen: dict[str, int] = {}
        self._numbered: dict[tuple[str, str], int] = {}
        """The last number that was put behind an id that several rows make."""
        self._said: dict[tuple[str, str], tuple[int, int]] = {}
        self._told: set[tuple[str, str]] = set()
        for number, heading in header.columns.items():
            if heading.column.field is None:
                self._parts.append((number, heading))
                continue
            spec = vocabulary.entities[heading.column.entity].fields[heading.column.field]
            self._values.append(_Value(number, heading, spec, ways.reader(heading.column, spec, heading.factor)))
        order = {kind.name: depth for depth, kind in enumerate(vocabulary.order)}
        self._parts.sort(key=lambda part: order[part[1].column.entity])

    def read(self) -> None:
        """Read all rows. Problems, counts and claims are where they belong afterwards."""
        for column in self._header.missing():
            titles = column.headers[0] if column.headers else column.key
            message = Text(f"缺少 `{titles}` 列（{column.key}）", f"the column `{titles}` ({column.key}) is missing")
            self.problems.append(Problem("missing-column", message, self._grid.place(self._header.row)))
        if self._header.missing():
            return
        for row in self._grid.rows:
            if row.number > self._header.row:
                self._row(row)

    def _row(self, row: Row) -> None:
        cells = {n: c for n, c in row.cells.items() if n in self._header.columns and (c.formula or _says(c))}
        if not cells or self._is_example(row) or self._is_total(row, cells):
            return
        before = len(self.problems)
        values = self._read_values(row, cells)
        sound = len(self.problems)
        components, literals = self._components(row, cells)
        address = self._place(row, cells, values, components, literals) if len(self.problems) == sound else None
        for value in self._values:
            if value.number in values and _target(value.spec) is not None:
                values[value.number] = self._referred(row, cells[value.number], value, values[value.number], components)
        if address is None or len(self.problems) > before:
            return
        self.counted.taken += 1
        if row.hidden:
            self.counted.hidden.append(row.number)
        self._put(row, cells, address, values)

    # -- what is no row of data

    def _is_total(self, row: Row, cells: Mapping[int, Cell]) -> bool:
        first = cells[min(cells)].value
        words = frozenset[str]() if self._ledger.literal else self._ways.mapping.words.totals
        if not isinstance(first, str) or plain(first).rstrip(":") not in words:
            return False
        self.counted.totals.append(row.number)
        return True

    def _is_example(self, row: Row) -> bool:
        """The example row of a template says in its remark that it is one; it must still say what it said."""
        if not self._ledger.example:
            return False
        remarks = [plain(text_of(cell)) for n, cell in row.cells.items() if n not in self._header.columns]
        if not any(text.startswith(word) for text in remarks for word in self._ways.mapping.words.examples):
            return False
        said = {
            self._header.columns[n].column.key: text_of(row.cells[n]) for n in self._header.columns if n in row.cells
        }
        if {key: text for key, text in said.items() if text} != dict(self._ledger.example):
            message = Text(
                "这一行标着“示例”，但内容改过：不知道要不要读",
                "this row is marked as the example, but was changed: is it to be read?",
            )
            help_text = Text(
                "要读就清空备注里的“示例”，不要就删除这一行", "clear the mark to have it read, or delete the row"
            )
            self.problems.append(Problem("changed-example", message, self._grid.place(row.number), help_text))
        self.counted.examples.append(row.number)
        return True

    # -- what the cells say

    def _read_values(self, row: Row, cells: Mapping[int, Cell]) -> dict[int, Any]:
        found: dict[int, Any] = {}
        for value in self._values:
            cell = cells.get(value.number)
            read = None
            if cell is not None:
                try:
                    read = value.read(cell)
                except BadCellError as error:
                    self._bad(row, value.number, value.heading, cell, error)
                    continue
            if read is not None:
                found[value.number] = read
            elif value.heading.column.required:
                self._bad(row, value.number, value.heading, cell, BadCellError("empty-cell", FILLED))
        return found

    def _components(self, row: Row, cells: Mapping[int, Cell]) -> tuple[dict[str, str], dict[str, str]]:
        """What the row says of the place: components by kind, and the texts of the cells themselves."""
        stated: dict[str, str] = {}
        implied: dict[str, str] = {}
        literals: dict[str, str] = {}
        for number, heading in self._parts:
            cell = cells.get(number)
            kind = heading.column.entity
            try:
                if cell is None:
                    if heading.column.required:
                        raise BadCellError("empty-cell", FILLED)  # noqa: TRY301 - one way for all that is wrong
                    continue
                check(cell)
                text = read_text(cell)
                found = self._names.spellings.components(kind, text)
                for name, part in found.items():
                    if name != kind and stated.get(name, part) != part:
                        raise no_fit(self._vocabulary.entities[name], stated[name], part)
                stated[kind] = found.get(kind, text)
                literals[kind] = text
                implied |= found
            except BadCellError as error:
                self._bad(row, number, heading, cell, error)
        return {**implied, **stated}, literals

    def _referred(
        self, row: Row, cell: Cell, value: _Value, read: Any, components: Mapping[str, str]
    ) -> str | list[str] | None:
        target = _target(value.spec) or ""
        try:
            if isinstance(read, str):
                return self._reference(target, read, components)
            return [self._reference(target, text, components) for text in read]
        except BadCellError as error:
            self._bad(row, value.number, value.heading, cell, error)
            return None

    def _reference(self, target: str, text: str, components: Mapping[str, str]) -> str:
        spelled = self._names.spellings.components(target, text)
        above = {kind.name for kind in self._vocabulary.chains[target][:-1]}
        stated = {name: part for name, part in components.items() if name in above}
        for name, part in spelled.items():
            if stated.get(name, part) != part:
                raise no_fit(self._vocabulary.entities[name], stated[name], part)
        found, known = self._names.reference(target, {**stated, **spelled}, text)
        self.counted.unchecked += not known
        return found

    # -- where it belongs

    def _place(
        self,
        row: Row,
        cells: Mapping[int, Cell],
        values: dict[int, Any],
        components: Mapping[str, str],
        literals: Mapping[str, str],
    ) -> str | None:
        """The address of the entity that the row describes; None if it cannot be told (that is said)."""
        own = self._own
        try:
            if own.within is None:
                address = ROOT
            elif own.name in self._ledger.columns and self._ledger.columns[own.name].field is None:
                literal = literals.get(own.name, "")
                known = self._names.find(own.name, components, may_add=self._ledger.adds, literal=literal)
                address = known.address
            else:
                parent = self._parent(own, components, literals)
                address = below(parent, own.key, self._id(row, values, parent) if own.collection else None)
        except BadCellError as error:
            self._bad_place(row, cells, error)
            return None
        first = self._seen.setdefault(address, row.number)
        if first != row.number and self._ledger.adds:
            where = self._grid.place(first).cell
            message = Text(f"与 {where} 说的是同一个{own.title.zh}", f"the same {own.title.en} as in row {where}")
            help_text = Text("只留一行，或给它另一个编号", "keep one of the rows, or give it another id")
            self.problems.append(Problem("doubled-row", message, self._grid.place(row.number), help_text))
            return None
        return address

    def _parent(self, own: EntityType, components: Mapping[str, str], literals: Mapping[str, str]) -> str:
        """The address of what holds an entity that rows describe."""
        singles: list[str] = []
        for kind in reversed(self._vocabulary.chains[own.name][:-1]):
            if kind.collection:
                known = self._names.find(kind.name, components, may_add=False, literal=literals.get(kind.name, ""))
                return "/".join([known.address, *reversed(singles)])
            if kind.single:
                singles.append(kind.key)
        return "/".join(reversed(singles)) or ROOT

    def _id(self, row: Row, values: dict[int, Any], parent: str) -> str:
        """The id of a new entity: what its column says, or made from other columns."""
        by_key = {value.heading.column.key: value for value in self._values}
        ident = by_key.get(f"{self._own.name}.id")
        if ident is not None and ident.number in values:
            return str(values[ident.number])
        if any(problem.place.line == row.number for problem in self.problems[-len(self._values) :]):
            return f"#{row.number}"  # what is wrong with the row is said already; its id is not used
        parts = [by_key[key].number for key in self._ledger.id if key in by_key and by_key[key].number in values]
        if not parts:
            expected = Text(
                "有编号：没有编号的，风险追踪不到", "given an id: risks of what has none cannot be followed"
            )
            raise BadCellError("no-id", expected, Text("填写编号列", "fill in the column of its id"))
        made = "-".join(str(values[number]) for number in parts)
        ident_text, count = made, 1
        if below(parent, self._own.key, made) in self._seen:
            count = self._numbered.get((parent, made), 1)  # of a thousand alike, none looks at all before it
            while below(parent, self._own.key, ident_text) in self._seen:
                count += 1
                ident_text = f"{made}-{count}"
            self._numbered[parent, made] = count
        if count > 1:
            self.counted.numbered.append(row.number)
        return ident_text

    def _put(self, row: Row, cells: Mapping[int, Cell], address: str, values: Mapping[int, Any]) -> None:
        """Claim what the row says."""
        addresses = self._drafting.addresses(self._own, address)
        origin = self._origin_of_id(row, cells)
        if self._own.collection:
            known: Known | None = self._names.known(self._own.name, address)
            by_column = next((v for v in self._values if v.heading.column.key == f"{self._own.name}.id"), None)
            if by_column is not None and by_column.number in values:
                ident = values[by_column.number]
            else:
                ident = known.id if known is not None else self._own_id(address)
            self._drafting.ensure(self._own, address, Claim(ident, origin, self._sources))
        records: dict[str, tuple[str, Record]] = {}
        for value in self._values:
            number, column = value.number, value.heading.column
            if number not in values or (column.key == f"{self._own.name}.id" and self._own.collection):
                continue
            if column.entity not in records:
                kind = self._vocabulary.entities[column.entity]
                at = self._drafting.hanging(kind, addresses)
                records[column.entity] = at, self._drafting.ensure(kind, at)
            at, record = records[column.entity]
            name = column.field or ""
            where = self._grid.origin(row.number, number, formula=cells[number].formula)
            claim = Claim(values[number], (where,), self._sources)
            known_claims = record.fields.get(name)
            if known_claims is None:
                record.fields[name] = (claim,)
                self._said[at, name] = (row.number, number)
            elif spelling(known_claims[0].value, value.spec) != spelling(claim.value, value.spec):
                self._contradiction(row, value, cells[number], (at, name))

    def _own_id(self, address: str) -> str:
        from urllib.parse import unquote  # noqa: PLC0415 - only ids that were made from columns

        return unquote(address.rpartition("[")[2].removesuffix("]"))

    def _origin_of_id(self, row: Row, cells: Mapping[int, Cell]) -> tuple[str, ...]:
        wanted = {self._own.name, f"{self._own.name}.id"}
        for number, heading in self._header.columns.items():
            if heading.column.key in wanted and number in cells:
                return (self._grid.origin(row.number, number, formula=cells[number].formula),)
        return (f"{self._grid.short} {self._grid.place(row.number).cell}",)

    # -- what is wrong

    def _contradiction(self, row: Row, value: _Value, cell: Cell, spot: tuple[str, str]) -> None:
        there = self._said.get(spot)
        where = self._grid.cell(*there) if there is not None else spot[0]
        expected = Text(f"与 {where} 相同的值", f"what {where} says of the same thing")
        self._bad(row, value.number, value.heading, cell, BadCellError("said-twice", expected))

    def _bad(self, row: Row, number: int, heading: Heading, cell: Cell | None, error: BadCellError) -> None:
        stands = "" if cell is None else shown(cell.value)
        if cell is not None and cell.formula and not stands:
            stands = "=…"
        message = column_of(heading.title, error.expected, stands)
        self.problems.append(Problem(error.code, message, self._grid.place(row.number, number), error.help))

    def _bad_place(self, row: Row, cells: Mapping[int, Cell], error: BadCellError) -> None:
        """What is wrong with the place that a row names. That a column is lacking is said once."""
        if error.code == "no-parent":
            key = (error.code, error.expected.en)
            if key in self._told:
                return
            self._told.add(key)
        for number, heading in reversed(self._parts):
            if number in cells and error.code not in {"no-parent", "no-id"}:
                self._bad(row, number, heading, cells[number], error)
                return
        message = Text(f"这一行需要{error.expected.zh}", f"the row needs {error.expected.en}")
        self.problems.append(Problem(error.code, message, self._grid.place(row.number), error.help))


def _says(cell: Cell) -> bool:
    return not isinstance(cell.value, str) or bool(cell.value.strip())


def _target(spec: Field) -> str | None:
    """The kind of entity that a reference, or a list of them, leads to."""
    return spec.to if spec.type == "ref" else spec.of.to if spec.of is not None and spec.of.type == "ref" else None

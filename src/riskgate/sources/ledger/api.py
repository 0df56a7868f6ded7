"""`read_ledger` and `read_csv`: a workbook or a CSV file into a snapshot."""

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from riskgate.errors import ChoiceError, Place, Problem, SourceError, suggestion
from riskgate.gate import Gate
from riskgate.snapshot.tree import DEFAULT_OFFSET, Snapshot
from riskgate.sources.file_name import file_name
from riskgate.sources.ground import Ground, ground_of
from riskgate.sources.ledger.cells import Ways
from riskgate.sources.ledger.counted import notes_of_rows
from riskgate.sources.ledger.grid import MARKS, Grid, grid_of_csv, grids_of_workbook
from riskgate.sources.ledger.headers import Header, Headings, choose, header_notes, implied_ledger
from riskgate.sources.ledger.mapping import Ledger, LedgerMap
from riskgate.sources.ledger.mapping_file import read_mapping
from riskgate.sources.ledger.naming import Names, Spellings
from riskgate.sources.ledger.places import Drafting
from riskgate.sources.ledger.rows import RowReader
from riskgate.sources.made import Made, SourceNote
from riskgate.sources.merging.agree import Tolerance
from riskgate.sources.merging.api import Source, day_of, tolerance_of
from riskgate.sources.merging.claims import Claim, Part
from riskgate.sources.merging.combine import combine
from riskgate.sources.merging.part import part_of
from riskgate.text import Text
from riskgate.workbook import WORKBOOK_LIMITS, Limits

_Path = str | os.PathLike[str]


class Asked(NamedTuple):
    """What the caller says beside the file."""

    entity: str | None
    into: Source | None
    project: str | None
    as_of: dt.date | str | None
    at: Mapping[str, str]
    tolerance: Tolerance | float | None


def read_ledger(
    path: _Path,
    *,
    gate: Gate | None = None,
    mapping: _Path | None = None,
    entity: str | None = None,
    into: Source | None = None,
    project: str | None = None,
    as_of: dt.date | str | None = None,
    at: Mapping[str, str] | None = None,
    tolerance: Tolerance | float | None = None,
    limits: Limits = WORKBOOK_LIMITS,
) -> Made:
    """The sheets of a workbook (.xlsx) as a snapshot; every value carries its file, sheet and cell as its origin.

    A template that riskgate wrote needs no `mapping`; other workbooks are read by the bundled one, or by a file. Which
    ledger a sheet is, its name and headers tell; `entity` says so where they do not (a ledger of the mapping, or an
    entity type). `into` is the snapshot that the rows belong to: its flats and buildings are those that rows may name,
    and what it says stands beside what they say; without it, `project` is the project's id. `at` (entity type -> id)
    says where everything lies if the rows do not.

    Raises SourceError with every problem, each with its sheet and cell, LoadError for the mapping, ChoiceError,
    SnapshotError, and OSError. Nothing is half read.
    """
    ground = ground_of(gate)
    asked = Asked(entity, into, project, as_of, at or {}, tolerance)
    grids, notes = grids_of_workbook(os.fspath(path), limits)
    return _Reading(ground, read_mapping(mapping, ground.vocabulary), asked, Path(path).as_posix()).read(grids, notes)


def read_csv(
    path: _Path,
    entity: str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    gate: Gate | None = None,
    mapping: _Path | None = None,
    into: Source | None = None,
    project: str | None = None,
    as_of: dt.date | str | None = None,
    at: Mapping[str, str] | None = None,
    tolerance: Tolerance | float | None = None,
    limits: Limits = WORKBOOK_LIMITS,
) -> Made:
    """A CSV file as a snapshot: like a workbook of one sheet. `entity` is a ledger of the mapping or an entity type.

    The file is UTF-8, with or without its mark, unless `encoding` names another: none is guessed. Raises as
    `read_ledger` does.
    """
    ground = ground_of(gate)
    asked = Asked(entity, into, project, as_of, at or {}, tolerance)
    grid, notes = grid_of_csv(os.fspath(path), encoding=encoding, delimiter=delimiter, limits=limits)
    return _Reading(ground, read_mapping(mapping, ground.vocabulary), asked, Path(path).as_posix()).read([grid], notes)


@dataclass
class _Sheet:
    """A sheet that is a ledger."""

    grid: Grid
    headings: Headings
    header: Header


class _Reading:
    """One file on its way into a snapshot."""

    def __init__(self, ground: Ground, mapping: LedgerMap, asked: Asked, file: str) -> None:
        self._ground, self._mapping, self._asked, self._file = ground, mapping, asked, file
        self._vocabulary = ground.vocabulary
        self._problems: list[Problem] = []
        self._notes: list[SourceNote] = []
        for kind in asked.at:
            if kind not in self._vocabulary.entities:
                raise _unknown_entity(kind, self._vocabulary.entities)

    def read(self, grids: Sequence[Grid], notes: Sequence[SourceNote]) -> Made:
        self._notes += notes
        marks = next((grid for grid in grids if grid.name == MARKS), None)
        sheets = self._sheets([grid for grid in grids if grid is not marks], self._ledgers(marks))
        if self._problems:
            raise SourceError(self._problems)
        parts = self._parts(sheets, literal=marks is not None)
        if self._problems:
            raise SourceError(self._problems)
        made = combine(
            parts,
            self._ground,
            tolerance=tolerance_of(self._asked.tolerance, self._vocabulary),
            partial=self._asked.into is None,
        )
        return Made(made.data, (*self._notes, *made.notes))

    def _ledgers(self, marks: Grid | None) -> list[Headings]:
        """What the sheets may be: the ledgers of the template, or of the mapping, or the one that was asked for."""
        asked = self._asked.entity
        if marks is not None:
            from riskgate.sources.template.marks import ledgers_of  # noqa: PLC0415 - only templates have marks

            ledgers: Sequence[Ledger] = ledgers_of(marks, self._vocabulary, self._problems)
        else:
            ledgers = self._mapping.ledgers
        if asked is not None:
            chosen = [one for one in ledgers if asked in {one.name, one.entity}]
            if not chosen and asked in self._vocabulary.entities and marks is None:
                chosen = [implied_ledger(asked, self._vocabulary)]
            if not chosen:
                raise _unknown_entity(asked, [*self._vocabulary.entities, *(one.name for one in ledgers)])
            ledgers = chosen
        return [Headings(ledger, self._vocabulary, self._mapping) for ledger in ledgers]

    def _sheets(self, grids: Sequence[Grid], ledgers: Sequence[Headings]) -> list[_Sheet]:
        found: list[_Sheet] = []
        for grid in grids:
            try:
                header = choose(grid, ledgers)
            except SourceError as error:
                self._problems += error.problems
                continue
            if header is not None:
                headings = next(one for one in ledgers if one.ledger is header.ledger)
                found.append(_Sheet(grid, headings, header))
                self._notes += header_notes(grid, header, headings)
            elif grid.rows:
                message = Text(
                    f"没有读：`{grid.name}` 不是认识的台账", f"not read: `{grid.name}` is no ledger that is known"
                )
                self._notes.append(SourceNote("unread-sheet", message, Place(grid.file, cell=grid.name)))
        if not found and not self._problems:
            listed = Text(
                "、".join(one.ledger.title.zh for one in ledgers), ", ".join(one.ledger.title.en for one in ledgers)
            )
            message = Text("没有找到台账：哪一行都不像表头", "there is no ledger in it: no row looks like its headers")
            help_text = Text(
                f"认识的有：{listed.zh}；其他的写一份 --map", f"known are: {listed.en}; for others write a --map"
            )
            self._problems.append(Problem("no-ledger", message, Place(self._file), help_text))
        order = {id(one.ledger): number for number, one in enumerate(ledgers)}
        return sorted(found, key=lambda sheet: order[id(sheet.header.ledger)])

    def _parts(self, sheets: Sequence[_Sheet], *, literal: bool) -> list[Part]:
        asked = self._asked
        names = Names(self._vocabulary, Spellings(self._mapping.ids, literal=literal), asked.at)
        parts: list[Part] = []
        offset = DEFAULT_OFFSET
        if asked.into is not None:
            snapshot = self._into(asked.into)
            offset = snapshot.utc_offset
            into = part_of(snapshot, file_name(snapshot.name) or "snapshot")
            names.take(into)
            parts.append(into)
        taken = 0
        for sheet in sheets:
            part = Part(" ".join(filter(None, (sheet.grid.short, sheet.grid.name))), as_of=day_of(asked.as_of))
            ways = Ways(self._mapping, self._ground.lifecycle, offset, sheet.grid.from_1904, literal)
            reader = RowReader(
                sheet.grid, sheet.header, ways, names, Drafting(self._vocabulary, names, part), self._vocabulary
            )
            reader.read()
            self._problems += reader.problems
            self._notes += notes_of_rows(sheet.grid, reader.counted, sheet.header)
            self._note_offsets(sheet, ways, offset)
            own = self._vocabulary.entities[sheet.header.ledger.entity]
            if own.collection and sheet.header.ledger.adds:
                names.fixed.add(own.name)
            taken += reader.counted.taken
            sheet.grid.rows.clear()  # a large ledger need not be in memory as cells and as claims
            parts.append(part)
        if not taken and not self._problems:
            message = Text("表头下面没有数据行", "there is no row of data below the headers")
            self._problems.append(Problem("no-rows", message, Place(self._file)))
        self._name_project(parts)
        return parts

    def _into(self, source: Source) -> Snapshot:
        return source if isinstance(source, Snapshot) else self._ground.reader.read(source, partial=True)

    def _name_project(self, parts: Sequence[Part]) -> None:
        """A snapshot is of a project: its id comes with the rows, from the snapshot they belong to, or is given."""
        root = self._vocabulary.root
        if self._asked.project is not None:
            parts[-1].root(root.name).fields["id"] = (Claim(self._asked.project, (), ("--project",)),)
        required = "id" in root.fields and root.fields["id"].required
        if required and not any("id" in part.root(root.name).fields for part in parts) and not self._problems:
            message = Text("不知道是哪个项目", "which project this is, is not known")
            help_text = Text(
                "用 --project 写明项目编号，或用 --into", "give the project's id with --project, or use --into"
            )
            self._problems.append(Problem("no-project", message, Place(self._file), help_text))

    def _note_offsets(self, sheet: _Sheet, ways: Ways, offset: dt.timezone) -> None:
        count = len(ways.offsets_taken)
        if count:
            zone = dt.datetime(2000, 1, 1, tzinfo=offset).isoformat()[-6:]
            message = Text(
                f"{count} 个时间没有写时区，按 {zone}", f"times without an offset were taken as {zone}: {count}"
            )
            self._notes.append(SourceNote("offset-taken", message, sheet.grid.place(sheet.header.row), count))


def _unknown_entity(name: str, known: "Sequence[str] | Mapping[str, object]") -> ChoiceError:
    message = Text(f"没有对象类型或台账 `{name}`", f"there is no entity type or ledger `{name}`")
    return ChoiceError(Problem("unknown-entity", message, help=suggestion(name, known)))

"""What a filled-in workbook says, as typed values."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from riskgate.record import record
from riskgate.rectification.columns import FILLED, MENDED, Filled, Name, Result


@record
class Origin:
    """The check that the workbook was written from, as far as the workbook still says so."""

    project: str
    as_of: str
    sha256: str


@record
class Entry:
    """A row of the list of risks. What is not filled in is None."""

    id: str
    sheet: str
    row: int
    columns: Mapping[Name, str] = field(compare=False)
    """The letters of its columns, and the sheet's name before them: `风险清单!K`."""
    rule: str | None = None
    address: str | None = None
    responsible: str | None = None
    due_on: dt.date | None = None
    result: Result | None = None
    done_on: dt.date | None = None
    remark: str | None = None

    @property
    def filled(self) -> bool:
        """Somebody wrote something into this row."""
        return any(getattr(self, name) is not None for name in FILLED)

    @property
    def closed(self) -> bool:
        """Mended, and the re-inspection passed."""
        return self.result == "passed"

    def overdue(self, as_of: dt.date) -> bool:
        """It was to be mended before this day and is not: a waiver that was asked for does not count as mended."""
        return self.due_on is not None and self.due_on < as_of and self.result not in MENDED

    def cell(self, name: Name) -> str:
        """Where a value stands, as people call it: `风险清单!K12`. A column that the sheet lacks gives the row's id."""
        return f"{self.columns.get(name, self.columns['id'])}{self.row}"

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "cell": self.cell("id"),
            "rule": self.rule,
            "address": self.address,
            "responsible": self.responsible,
            "due_on": self.due_on.isoformat() if self.due_on else None,
            "result": self.result,
            "done_on": self.done_on.isoformat() if self.done_on else None,
            "remark": self.remark,
        }


@record
class Change:
    """One value that differs from that of an earlier workbook; None stands for an empty cell."""

    entry: Entry
    name: Filled
    before: str | None
    after: str | None

    def as_dict(self) -> dict[str, Any]:
        cell = self.entry.cell(self.name)
        return {"id": self.entry.id, "cell": cell, "name": self.name, "before": self.before, "after": self.after}


@dataclass(frozen=True)
class Rectification:
    """All rows of a filled-in workbook, in the order of its sheets. `file` is what errors call it."""

    file: str
    origin: Origin | None
    entries: Sequence[Entry]

    @cached_property
    def by_id(self) -> Mapping[str, Entry]:
        return {entry.id: entry for entry in self.entries}

    @property
    def filled(self) -> tuple[Entry, ...]:
        """The rows that somebody wrote into; a workbook goes out with none."""
        return tuple(entry for entry in self.entries if entry.filled)

    @property
    def closed(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.closed)

    def overdue(self, as_of: dt.date) -> tuple[Entry, ...]:
        """The rows whose date has passed, the oldest date first."""
        late = (entry for entry in self.entries if entry.overdue(as_of))
        return tuple(sorted(late, key=lambda entry: entry.due_on or as_of))

    def tally(self) -> Mapping[Result | None, int]:
        """How many rows have each result; None counts those without one."""
        found: dict[Result | None, int] = {}
        for entry in self.entries:
            found[entry.result] = found.get(entry.result, 0) + 1
        return found

    def since(self, earlier: "Rectification") -> tuple[Change, ...]:
        """Every value that differs from an earlier workbook, row by row; a row that is new counts from empty."""
        found: list[Change] = []
        for entry in self.entries:
            before = earlier.by_id.get(entry.id)
            for name in FILLED:
                old, new = _plain(before, name), _plain(entry, name)
                if old != new:
                    found.append(Change(entry, name, old, new))
        return tuple(found)


def _plain(entry: Entry | None, name: Filled) -> str | None:
    value = getattr(entry, name) if entry is not None else None
    return value.isoformat() if isinstance(value, dt.date) else value

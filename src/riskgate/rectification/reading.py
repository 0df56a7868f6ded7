"""From a workbook to entries: finds the list by its headers, reads every row, and reports all that is wrong at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from riskgate.errors import Place, Problem, RectificationError
from riskgate.rectification.columns import AS_OF, BY_HEADER, FILLED, HEADERS, PROJECT, SHA256, Name, plain
from riskgate.rectification.entries import Entry, Origin, Rectification
from riskgate.rectification.rows import ID, RowReader
from riskgate.text import Text
from riskgate.workbook import WORKBOOK_LIMITS, Limits, Row, Sheet, Workbook, column_letters, open_workbook
from riskgate.workbook.refuse import too_large

HEADER_ROWS = 20
"""The headers stand in one of the first rows; people put titles above them."""
MOST_PROBLEMS = 2_000
"""With so many the rest is not looked for: something else was filled in."""
_LEAST: tuple[Name, Name] = ("id", "result")
"""A sheet with both of these is a list of risks."""


def read(path: str | Path, *, limits: Limits = WORKBOOK_LIMITS) -> Rectification:
    """What a filled-in workbook says.

    Raises RectificationError with every problem, each with sheet and cell: a file that is no workbook or goes beyond
    `limits`, headers that are missing or doubled, a formula or merged cells where a value is needed, a date or result
    that is none, a fingerprint that is missing, doubled or does not fit its row. Raises OSError if it cannot be read.
    """
    book = open_workbook(path, limits)
    problems: list[Problem] = []
    entries: list[Entry] = []
    found = False
    for sheet in book.sheets:
        listing = _Listing(book, sheet, problems)
        entries += listing.entries()
        found = found or listing.headers is not None
    if not found and not problems:
        wanted = Text(*("、".join(f"`{HEADERS[name].to(lang)}`" for name in _LEAST) for lang in ("zh", "en")))
        message = Text(f"没有哪个工作表有 {wanted.zh} 这两列", f"no sheet has the columns {wanted.en}")
        help_text = Text(
            "用 riskgate check --format xlsx 写出的工作簿，保留表头",
            "fill in a workbook that `riskgate check --format xlsx` wrote, and keep its headers",
        )
        problems.append(Problem("no-list", message, Place(book.archive.file), help_text))
    problems += _doubled(book.archive.file, entries)
    if problems:
        raise RectificationError(problems)
    return Rectification(book.archive.file, _origin(book), tuple(entries))


def _origin(book: Workbook) -> Origin | None:
    known = book.properties
    if not {PROJECT, AS_OF, SHA256} <= known.keys():
        return None
    return Origin(known[PROJECT], known[AS_OF], known[SHA256])


def _doubled(file: str, entries: list[Entry]) -> Iterator[Problem]:
    first: dict[str, Entry] = {}
    for entry in entries:
        known = first.setdefault(entry.id, entry)
        if known is not entry and ID.fullmatch(entry.id):
            here, there = entry.cell("id"), known.cell("id")
            message = Text(f"与 {there} 是同一项风险", f"the same risk as {there}")
            help_text = Text("只留一行", "keep one of the rows")
            yield Problem("doubled-row", message, Place(file, entry.row, cell=here), help_text)


@dataclass
class _Listing:
    """One sheet, which may or may not be a list of risks."""

    book: Workbook
    sheet: Sheet
    problems: list[Problem]
    headers: Mapping[Name, int] | None = None
    _first: int = 0
    _last: int = 0

    def entries(self) -> list[Entry]:
        found: list[Entry] = []
        reader: RowReader | None = None
        for row in self.sheet.rows():
            if reader is None:
                if row.number > HEADER_ROWS:
                    return []  # no list of risks; the rest of the sheet is nobody's concern
                self.headers = self._header(row)
                if self.headers is not None:
                    self._first = row.number + 1
                    reader = RowReader(self.book, self.sheet, self.headers, self.problems)
                continue
            self._last = row.number
            entry = reader.entry(row)
            if entry is not None:
                found.append(entry)
            if len(found) > self.book.limits.rows:
                raise self._too_long()
            if len(self.problems) > MOST_PROBLEMS:
                raise RectificationError(self.problems)
        self._merged()
        return found

    def _too_long(self) -> RectificationError:
        most = self.book.limits.rows
        message = Text(
            f"`{self.sheet.name}` 超过 {most:,} 行",
            f"`{self.sheet.name}` has more than {most:,} rows that are filled in",
        )
        return too_large(self.book.archive.file, message)

    def _header(self, row: Row) -> Mapping[Name, int] | None:
        """The columns by name, if this row names those of a list of risks."""
        columns: dict[Name, int] = {}
        twice: list[tuple[Name, int]] = []
        for column, cell in sorted(row.cells.items()):
            name = BY_HEADER.get(plain(cell.value)) if isinstance(cell.value, str) and not cell.formula else None
            if name is None:
                continue
            if name in columns:
                twice.append((name, column))
            columns.setdefault(name, column)
        if not set(_LEAST) <= columns.keys():
            return None
        for name, column in twice:
            header = HEADERS[name]
            message = Text(f"表头 `{header.zh}` 出现两次", f"the header `{header.en}` stands twice")
            self._problem("doubled-header", message, row.number, column)
        for name in FILLED:
            if name not in columns:
                header = HEADERS[name]
                message = Text(f"缺少 `{header.zh}` 列", f"the column `{header.en}` is missing")
                help_text = Text("恢复该列，可以留空", "put the column back; it may be empty")
                self._problem("missing-column", message, row.number, columns["id"], help_text)
        return columns

    def _merged(self) -> None:
        """Cells that people made one: only the first has the value, the others look empty to every reader."""
        ours = [column for name, column in (self.headers or {}).items() if name in (*FILLED, "id")]
        for area in self.sheet.merged:
            rows = area.bottom >= self._first and area.top <= self._last
            if rows and any(area.left <= column <= area.right for column in ours):
                last = f"{column_letters(area.right)}{area.bottom}"
                message = Text(f"单元格与直到 {last} 的合并了", f"the cell is merged with those up to {last}")
                help_text = Text("取消合并，逐行填写", "unmerge them and fill in each row")
                self._problem("merged-cells", message, area.top, area.left, help_text)

    def _problem(self, code: str, message: Text, row: int, column: int, help_text: Text | None = None) -> None:
        cell = self.sheet.cell(f"{column_letters(column)}{row}")
        self.problems.append(Problem(code, message, Place(self.book.archive.file, row, column, cell=cell), help_text))

"""Sheets and CSV files as rows of cells, each with a name that people can find: `一房一价!C5`."""

import csv
import io
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from riskgate.errors import ChoiceError, Place, Problem, RectificationError, SourceError
from riskgate.sources.file_name import file_name
from riskgate.sources.made import SourceNote
from riskgate.text import Text
from riskgate.whole_file import refuse_device
from riskgate.workbook import WORKBOOK_LIMITS, Cell, Limits, Row, Sheet, column_letters, open_workbook

MARKS = "riskgate"
"""The hidden sheet by which a template tells what its columns are."""
_FILLED = 2_000_000
"""So many cells may be filled from merged ones."""
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
ENCODINGS = ("utf-8", "gb18030", "gbk", "gb2312", "utf-16", "big5")
"""What `--encoding` may name. UTF-8 is read with and without its mark; nothing is guessed."""
_DELIMITERS = ",\t;"
_NO_DELIMITERS = '"\r\n'


@dataclass
class Grid:
    """One sheet. `file` is how problems call it, `short` how origins do: those hold no path of a machine."""

    file: str
    name: str
    rows: list[Row]
    from_1904: bool = False
    columns_hidden: list[tuple[int, int]] = field(default_factory=list)
    prefix: str = ""

    @cached_property
    def short(self) -> str:
        return file_name(self.file)

    def cell(self, row: int, column: int) -> str:
        """How people call a cell."""
        return f"{self.prefix}{column_letters(column)}{row}"

    def place(self, row: int, column: int = 0) -> Place:
        cell = self.cell(row, column) if column else f"{self.prefix}{row}:{row}"
        return Place(self.file, row, column, cell=cell)

    def origin(self, row: int, column: int, *, formula: bool = False) -> str:
        """Where a value comes from, as `origins` of a snapshot hold it."""
        flag = "（公式的缓存值 cached value of a formula）" if formula else ""
        return f"{self.short} {self.cell(row, column)}{flag}"


def grids_of_workbook(path: str | Path, limits: Limits = WORKBOOK_LIMITS) -> tuple[list[Grid], list[SourceNote]]:
    """The sheets of a workbook, merged cells filled; hidden sheets are left out and named.

    Raises SourceError for what is no workbook or is dangerous, OSError if it cannot be read.
    """
    try:
        book = open_workbook(path, limits)
        grids: list[Grid] = []
        hidden: list[str] = []
        left = _FILLED
        for sheet in book.sheets:
            if sheet.hidden and sheet.name != MARKS:
                hidden.append(sheet.name)
                continue
            rows = list(sheet.rows())
            left = _fill(sheet, rows, left)
            name = sheet.cell("")
            grids.append(Grid(book.archive.file, sheet.name, rows, book.from_1904, sheet.hidden_columns, name))
    except RectificationError as error:
        raise SourceError(error.problems) from error
    notes = []
    if hidden:
        listed = Text("、".join(f"`{name}`" for name in hidden), ", ".join(f"`{name}`" for name in hidden))
        message = Text(f"隐藏的工作表没有读：{listed.zh}", f"hidden sheets were not read: {listed.en}")
        notes.append(SourceNote("hidden-sheets", message, Place(book.archive.file), len(hidden)))
    return grids, notes


def _fill(sheet: Sheet, rows: list[Row], left: int) -> int:
    """Give every cell of a merged range its value; the number of cells that may still be filled."""
    numbers = [row.number for row in rows]
    last = max((column for row in rows for column in row.cells), default=0)
    for area in sheet.merged:
        inside = rows[bisect_left(numbers, area.top) : bisect_right(numbers, area.bottom)]
        if not inside or inside[0].number != area.top or area.left not in inside[0].cells:
            continue
        value = inside[0].cells[area.left]
        right = min(area.right, last)
        left -= len(inside) * (right - area.left + 1)
        if left < 0:
            message = Text("合并的单元格太多", "too many cells are merged")
            raise SourceError(Problem("too-large", message, Place(sheet.book.archive.file)))
        for row in inside:
            for column in range(area.left, right + 1):
                row.cells.setdefault(column, value)  # type: ignore[attr-defined]  # a reader gives plain dicts
    return left


def grid_of_csv(
    path: str | Path, *, encoding: str | None = None, delimiter: str | None = None, limits: Limits = WORKBOOK_LIMITS
) -> tuple[Grid, list[SourceNote]]:
    """A CSV file as one sheet. Its encoding is UTF-8 unless another is named; nothing is guessed.

    Raises SourceError for what is not text in that encoding or no CSV, ChoiceError for a delimiter that can be none,
    and OSError.
    """
    if delimiter and (len(delimiter) != 1 or delimiter in _NO_DELIMITERS):
        message = Text(f"`{delimiter}` 不能用作分隔符", f"`{delimiter}` cannot separate columns")
        raise ChoiceError(Problem("bad-choice", message))
    file = Path(path)
    name = file.as_posix()
    refuse_device(file)
    with file.open("rb") as stream:
        data = stream.read(limits.file_bytes + 1)
    if len(data) > limits.file_bytes:
        message = Text(f"文件超过 {limits.file_bytes:,} 字节", f"the file has more than {limits.file_bytes:,} bytes")
        raise SourceError(Problem("too-large", message, Place(name)))
    text = _decoded(data, name, encoding)
    first = next((line for line in text.splitlines() if line.strip()), "")
    taken = delimiter or max(_DELIMITERS, key=lambda char: (first.count(char), -_DELIMITERS.index(char)))
    notes = []
    if taken != "," and delimiter is None:
        shown = "Tab" if taken == "\t" else taken
        message = Text(f"按 `{shown}` 分列", f"columns are separated by `{shown}`")
        notes.append(SourceNote("delimiter", message, Place(name)))
    return Grid(name, "", list(_rows(text, taken, name, limits))), notes


def _rows(text: str, delimiter: str, name: str, limits: Limits) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    left = limits.elements
    number = 0
    try:
        for number, values in enumerate(reader, 1):
            left -= len(values)
            if left < 0:
                raise SourceError(Problem("too-large", Text("单元格太多", "there are too many cells"), Place(name)))
            cells = {column: Cell(value) for column, value in enumerate(values, 1) if value.strip()}
            if cells:
                yield Row(number, cells)
    except csv.Error as error:
        message = Text(
            "这一行不是 CSV（引号没有成对，或文字太长）", "this row is no CSV (an open quote, or a text too long)"
        )
        raise SourceError(Problem("bad-csv", message, Place(name, number + 1))) from error


def _decoded(data: bytes, name: str, encoding: str | None) -> str:
    if encoding is not None and encoding.lower() not in ENCODINGS:
        message = Text(f"不认识编码 `{encoding}`", f"unknown encoding `{encoding}`")
        listed = ", ".join(ENCODINGS)
        raise SourceError(
            Problem("unknown-encoding", message, Place(name), Text(f"可用 {listed}", f"there are {listed}"))
        )
    if data.startswith(b"PK\x03\x04"):
        message = Text(
            "这是压缩包，不是 CSV；是 Excel 工作簿吗？", "this is an archive, no CSV; is it an Excel workbook?"
        )
        help_text = Text(
            "Excel 工作簿用 riskgate snapshot from-xlsx 读", "read workbooks with `riskgate snapshot from-xlsx`"
        )
        raise SourceError(Problem("bad-csv", message, Place(name), help_text))
    mark = next((kind for start, kind in _BOMS.items() if data.startswith(start)), None)
    taken = encoding or "utf-8"
    if taken == "utf-8" and mark == "utf-16":
        raise _not_in(name, taken, "utf-16")
    try:
        return data.decode("utf-8-sig" if taken == "utf-8" else taken)
    except UnicodeDecodeError as error:
        raise _not_in(name, taken, _likely(data, taken), data[: error.start].count(b"\n") + 1) from error


def _likely(data: bytes, taken: str) -> str:
    """The encoding that the text would make sense in; empty if none is known."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return "gb18030" if taken != "gb18030" and any("\u4e00" <= char <= "\u9fff" for char in text) else ""


def _not_in(name: str, taken: str, likely: str, line: int = 1) -> SourceError:
    message = Text(f"文件不是 {taken} 编码", f"the file is not {taken}")
    help_text = Text("另存为 UTF-8，或用 --encoding 写明编码", "save it as UTF-8, or name its encoding with --encoding")
    if likely:
        help_text = Text(
            f"看起来是 {likely}：用 --encoding {likely}，或另存为 UTF-8",
            f"it looks like {likely}: say --encoding {likely}, or save it as UTF-8",
        )
    return SourceError(Problem("wrong-encoding", message, Place(name, line), help_text))

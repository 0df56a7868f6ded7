"""The sheets of a template as they are written."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from riskgate.render.escape import visible
from riskgate.render.xlsx.book import Book
from riskgate.sources.ledger.refuse import shown
from riskgate.sources.template.columns import Example, TemplateColumn
from riskgate.sources.template.marks import COLUMN, EXAMPLE, FIRST, MARKS, SHEET, UNREAD, Line
from riskgate.text import Text
from riskgate.vocabulary import EntityType

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

REMARK = Text("备注（不读入）", "remark (not read)")
EXAMPLE_REMARK = Text("示例，不读入：可以删除这一行", "example, not read: delete this row if you like")
_ROWS = 20_000
"""So many rows have drop-downs."""
_NAME = 31
"""Characters in the name of a sheet."""
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_DAY_0 = dt.date(1899, 12, 30)
_FIRST_LIST = 5
"""The column of the hidden sheet in which its lists begin, counted from 0."""
_HEAD = 34
_TEXT: dict[str, Any] = {"num_format": "@"}
_DATE: dict[str, Any] = {"num_format": "yyyy-mm-dd"}
_FADED: dict[str, Any] = {"italic": True, "font_color": "#7F7F7F", "bg_color": "#F2F2F2", "valign": "top"}


class Marking:
    """Collects what the hidden sheet says, and the lists of its drop-downs."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._lines: list[Line] = []
        self._lists: dict[tuple[str, ...], int] = {}
        self._names: set[str] = {MARKS}

    def name(self, title: str) -> str:
        """A name for a sheet that no other one has."""
        base = " ".join(visible(title).translate(_FORBIDDEN).split())[:_NAME] or "1"
        name, count = base, 1
        while name.lower() in self._names:
            count += 1
            name = f"{base[: _NAME - 3]} {count}"
        self._names.add(name.lower())
        return name

    def line(self, kind: str, sheet: str, first: str, second: str = "") -> None:
        self._lines.append((kind, sheet, first, second))

    def choices(self, texts: tuple[str, ...]) -> str:
        """The range in which a list will stand."""
        column = self._lists.setdefault(texts, _FIRST_LIST + len(self._lists))
        from xlsxwriter.utility import xl_rowcol_to_cell  # noqa: PLC0415 - an extra

        first = xl_rowcol_to_cell(0, column, row_abs=True, col_abs=True)
        last = xl_rowcol_to_cell(len(texts) - 1, column, row_abs=True, col_abs=True)
        return f"={MARKS}!{first}:{last}"

    def write(self) -> None:
        sheet = self._book.workbook.add_worksheet(MARKS)
        sheet.very_hidden()
        for number, line in enumerate([(*FIRST, "", ""), *self._lines]):
            for column, text in enumerate(line):
                if text:
                    sheet.write_string(number, column, text)
        for texts, column in self._lists.items():
            for number, text in enumerate(texts):
                sheet.write_string(number, column, text)


def write_sheet(book: Book, marking: Marking, kind: EntityType, columns: Sequence[TemplateColumn]) -> None:
    """The sheet of one entity type: headers, drop-downs, comments, an example row that is not read back."""
    name = marking.name(book.say(kind.title))
    sheet = book.workbook.add_worksheet(name)
    marking.line(SHEET, name, kind.name)
    remark = book.say(REMARK)
    marking.line(UNREAD, name, remark)
    sheet.set_row(0, _HEAD)
    sheet.set_column(0, 0, 16, book.made(_TEXT))
    book.put(sheet, 0, 0, remark, "head side")
    faded = {"": book.made(_FADED), "@": book.made({**_FADED, **_TEXT}), "date": book.made({**_FADED, **_DATE})}
    sheet.write_string(1, 0, book.say(EXAMPLE_REMARK), faded["@"])
    for number, column in enumerate(columns, 1):
        header = f"{column.header} *" if column.required else column.header
        book.put(sheet, 0, number, header, "head fill" if column.required else "head")
        sheet.write_comment(0, number, column.comment, {"author": "riskgate", "x_scale": 2, "y_scale": 1.6})
        sheet.set_column(number, number, max(10, min(30, 2 + _width(header))), _format(book, column))
        title = " ".join(column.header.replace("*", "").split())
        marking.line(COLUMN, name, title, column.target)
        marking.line(EXAMPLE, name, column.target, _put_example(sheet, number, column.example, faded))
        _validate(sheet, number, column, marking)
    sheet.freeze_panes(1, 1)


def _width(text: str) -> int:
    """How many columns of a terminal a header takes, about."""
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)  # noqa: PLR2004 - from here on characters are wide


def _format(book: Book, column: TemplateColumn) -> "Format | None":
    kind = None if column.spec is None else column.spec.type
    if kind == "date":
        return book.made(_DATE)
    return None if kind in {"integer", "number"} else book.made(_TEXT)


def _put_example(sheet: "Worksheet", number: int, value: Example, faded: dict[str, "Format"]) -> str:
    """Write the example of a column; give it as a reader will see it."""
    if isinstance(value, str):
        sheet.write_string(1, number, value, faded["@"])
        return value.strip()
    if isinstance(value, dt.date):
        day = float((value - _DAY_0).days)
        sheet.write_number(1, number, day, faded["date"])
        return shown(day)
    sheet.write_number(1, number, value, faded[""])
    return shown(float(value))


def _validate(sheet: "Worksheet", number: int, column: TemplateColumn, marking: Marking) -> None:
    """A drop-down, or limits, for the cells of a column."""
    spec = column.spec
    rule: dict[str, Any] | None = None
    if column.choices:
        # a cell that may hold several must not be refused for holding two
        rule = {"validate": "list", "source": marking.choices(column.choices), "show_error": not column.several}
    elif spec is not None and spec.type in {"integer", "number"} and (spec.minimum, spec.maximum) != (None, None):
        low, high = spec.minimum, spec.maximum
        limits = {"criteria": "between", "minimum": low, "maximum": high}
        if high is None:
            limits = {"criteria": ">=", "value": low}
        elif low is None:
            limits = {"criteria": "<=", "value": high}
        rule = {"validate": "integer" if spec.type == "integer" else "decimal", **limits}
    if rule is not None:
        sheet.data_validation(1, number, _ROWS, number, {"ignore_blank": True, **rule})

"""A sheet that is a list: one header row that stays in view, filters, a row for each thing."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Generic, Literal, NamedTuple, TypeVar

from riskgate.errors import ChoiceError, Problem
from riskgate.render.cells import wrap
from riskgate.render.xlsx.book import Book, Value, set_up_page
from riskgate.report import Report
from riskgate.text import Text

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_T = TypeVar("_T")
MOST_ROWS = 1_048_575
"""Below the header; a worksheet has no more."""
_HEADS = {"main": "head", "fill": "head fill", "side": "head side"}
_HEAD_HEIGHT = 32
_LINE, _PADDING = 14.5, 3.0
"""Height of a line of text and what a row has above and below, in points."""
_MOST_LINES = 24
"""A row is never higher than 409 points; what does not fit is seen when the cell is chosen."""
_ZOOM = 90


class Tag(NamedTuple):
    """A word with the style that belongs to it."""

    text: str
    style: str


class Column(NamedTuple, Generic[_T]):
    """A column: its header, its width in characters, what it says of a thing. `fill`: for people to write into; `side`:
    for reference, not printed."""

    head: Text
    width: float
    tell: Callable[[_T], Value | Tag]
    style: str = "body"
    band: Literal["main", "fill", "side"] = "main"


class Listing(NamedTuple):
    """A list as it stands in the workbook."""

    sheet: "Worksheet"
    rows: int


def write_list(
    book: Book,
    report: Report,
    title: Text,
    columns: Sequence[Column[_T]],
    things: Iterable[_T],
    *,
    frozen: int,
    nothing: Text,
) -> Listing:
    """Write the sheet; the first `frozen` columns stay in view. An empty list says so in words.

    Raises ChoiceError for more rows than a sheet has: none is left out silently.
    """
    sheet = book.workbook.add_worksheet(book.say(title))
    for number, column in enumerate(columns):
        level = {"level": 1} if column.band == "side" else {}
        sheet.set_column(number, number, column.width, None, level)
    sheet.set_row(0, _HEAD_HEIGHT)
    for number, column in enumerate(columns):
        book.put(sheet, 0, number, book.say(column.head), _HEADS[column.band])
    row = 0
    for row, thing in enumerate(things, 1):
        if row > MOST_ROWS:
            raise _too_many(title)
        values = [column.tell(thing) for column in columns]
        # not every program makes rows as high as their texts need
        sheet.set_row(row, _LINE * _lines(columns, values) + _PADDING)
        for number, (column, value) in enumerate(zip(columns, values, strict=True)):
            if isinstance(value, Tag):
                book.put(sheet, row, number, value.text, value.style)
            else:
                book.put(sheet, row, number, value, column.style)
    if not row:
        book.put(sheet, 1, 0, book.say(nothing), "fact")
    sheet.freeze_panes(1, frozen)
    sheet.autofilter(0, 0, max(row, 1), len(columns) - 1)
    sheet.set_zoom(_ZOOM)
    set_up_page(book, sheet, title, report)
    printed = max(number for number, column in enumerate(columns) if column.band != "side")
    sheet.print_area(0, 0, max(row, 1), printed)
    return Listing(sheet, row)


def _lines(columns: Sequence[Column[_T]], values: Sequence[Value | Tag]) -> int:
    """How many lines the printed cells of a row need."""
    most = 1
    for column, value in zip(columns, values, strict=True):
        text = value.text if isinstance(value, Tag) else value
        if isinstance(text, str) and column.band == "main" and len(text) * 2 > column.width:
            most = max(most, lines_of(text, column.width))
    return min(most, _MOST_LINES)


@lru_cache(maxsize=4096)
def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column, about; a Chinese character takes two places."""
    room = max(1, int(width))
    return sum(max(1, len(wrap(line, room))) for line in text.split("\n"))


def _too_many(title: Text) -> ChoiceError:
    message = Text(
        f"`{title.zh}` 超过 {MOST_ROWS:,} 行，一个工作表放不下",
        f"`{title.en}` has more than {MOST_ROWS:,} rows; a sheet cannot hold them",
    )
    help_text = Text("用 --node 少问几个节点，或用 json、csv", "ask for fewer nodes with --node, or use json or csv")
    return ChoiceError(Problem("too-many-rows", message, help=help_text))

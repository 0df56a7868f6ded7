"""The pictures of the summary: open risks by department and by theme, and bars within the tables."""

from typing import TYPE_CHECKING, Any, NamedTuple

from riskgate.pack import SEVERITIES
from riskgate.render.words import SEVERITY_WORDS
from riskgate.render.xlsx.book import Book
from riskgate.render.xlsx.styles import AMBER, BLUE, FONTS, RED
from riskgate.text import Text

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_COLOURS = {"blocking": RED, "major": AMBER, "minor": BLUE}


class Block(NamedTuple):
    """Where a table stands: its first and last row of numbers, the labels in the first column, the severities in the
    next three; and the same as values, for programs that show a chart without reckoning."""

    first: int
    last: int
    labels: list[str]
    numbers: list[list[int]]


def bars(sheet: "Worksheet", block: Block, column: int, colour: str) -> None:
    """Bars behind the numbers of a column."""
    look = {"bar_color": colour, "bar_solid": True, "data_bar_2010": True}
    rule = {"type": "data_bar", **look, "min_type": "num", "min_value": 0}
    sheet.conditional_format(block.first, column, block.last, column, rule)


def chart(
    book: Book, sheet: "Worksheet", block: Block, title: Text, at: tuple[int, int], size: tuple[int, int]
) -> None:
    """Stacked bars, the most pressing at the top."""
    drawing = book.workbook.add_chart({"type": "bar", "subtype": "stacked"})
    font = {"name": FONTS[book.lang], "size": 9}
    for offset, severity in enumerate(SEVERITIES):
        drawing.add_series(_series(book, sheet, block, offset, severity))
    drawing.set_title({"name": book.say(title), "name_font": {**font, "size": 12, "bold": True}, "overlay": False})
    drawing.set_y_axis({"reverse": True, "num_font": font, "line": {"color": "#BFBFBF"}})
    lines = {"visible": True, "line": {"color": "#E7E6E6"}}
    drawing.set_x_axis({"num_font": font, "major_gridlines": lines, "num_format": "#,##0", "label_position": "high"})
    drawing.set_legend({"position": "bottom", "font": font})
    drawing.set_size({"width": size[0], "height": size[1]})
    drawing.set_chartarea({"border": {"color": "#D9D9D9"}})
    sheet.insert_chart(at[0], at[1], drawing, {"object_position": 2})


def _series(book: Book, sheet: "Worksheet", block: Block, offset: int, severity: str) -> dict[str, Any]:
    name = sheet.get_name()
    return {
        "name": book.say(SEVERITY_WORDS[severity]),
        "categories": [name, block.first, 0, block.last, 0],
        "categories_data": block.labels,
        "values": [name, block.first, 1 + offset, block.last, 1 + offset],
        "values_data": block.numbers[offset],
        "fill": {"color": _COLOURS[severity]},
        "gap": 60,
    }

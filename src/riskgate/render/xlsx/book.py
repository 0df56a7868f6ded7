"""The workbook as it is being written: the one place where texts get into cells, and what they look like.

No text becomes a formula, a link or a number; nothing in it can act, hide or break the file. What is a formula for a
careless program (a text that begins with `=`) is marked as text as well, as if somebody had typed an apostrophe.
"""

import datetime as dt
import io
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from riskgate.errors import MissingExtraError, Problem
from riskgate.rectification.columns import AS_OF, LONGEST_PROPERTY, PROJECT, SHA256
from riskgate.render.escape import visible
from riskgate.render.xlsx.styles import FONTS, STYLES
from riskgate.report import Report
from riskgate.text import Lang, Text

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Value = str | int | float | dt.date | None
LONGEST = 16_000
"""A cell holds 32,767 units of UTF-16; a character may take two."""
_LEADS = frozenset("=+-@|%＝＋－＠｜％\t\r\n'")
_CUT = "……"
_DAY_0 = dt.date(1899, 12, 30)
_EPOCH = dt.datetime(1980, 1, 1)  # noqa: DTZ001 - the property has no zone
_PAPER_A4 = 9


class Book:
    """A workbook with its styles, in one language."""

    def __init__(self, workbook: "Workbook", lang: Lang) -> None:
        self.workbook = workbook
        self.lang = lang
        self._formats: dict[tuple[str, bool], Format] = {}

    def say(self, text: Text) -> str:
        return text.to(self.lang)

    def format(self, style: str, *, quoted: bool = False) -> "Format":
        """A style of `STYLES`; `quoted` says of the cell that its text is a text."""
        known = self._formats.get((style, quoted))
        if known is None:
            known = self._formats[style, quoted] = self.made(STYLES[style], quote_prefix=quoted)
        return known

    def made(self, properties: Mapping[str, Any], **rest: Any) -> "Format":
        """A format of its own, in the workbook's font."""
        base = {"font_name": FONTS[self.lang], "font_size": 10}
        return self.workbook.add_format({**base, **properties, **rest})

    def put(self, sheet: "Worksheet", row: int, column: int, value: Value, style: str) -> None:
        """Write one cell. Texts go through `cell_text`; a date becomes the day number that spreadsheets count."""
        if value is None or value == "":
            sheet.write_blank(row, column, None, self.format(style))
        elif isinstance(value, str):
            text = cell_text(value)
            sheet.write_string(row, column, text, self.format(style, quoted=text[0] in _LEADS))
        else:
            number = (value - _DAY_0).days if isinstance(value, dt.date) else value
            sheet.write_number(row, column, number, self.format(style))

    def across(self, sheet: "Worksheet", row: int, columns: tuple[int, int], text: str, style: str) -> None:
        """Write a text into cells that are made one, from the first of the columns to the last."""
        shown = cell_text(text)
        sheet.merge_range(row, columns[0], row, columns[1], "", self.format(style))
        sheet.write_string(row, columns[0], shown, self.format(style, quoted=shown[:1] in _LEADS))


def cell_text(text: str) -> str:
    """A text that a cell may hold: controls, bidi overrides and what XML has no word for written visibly, line breaks
    kept, overlong texts cut."""
    if not text.isprintable():
        text = "\n".join(visible(line) for line in text.split("\n"))
    if len(text) > LONGEST:
        text = text[:LONGEST] + _CUT
    text = text.replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
    # XlsxWriter takes such a text for a rich one that is XML already, and writes it as it is
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


@contextmanager
def new_book(report: Report, lang: Lang, target: io.BytesIO) -> Iterator[Book]:
    """A workbook that is written to the target at the end. Rows go to a private temporary folder as they come.

    Raises MissingExtraError where the library is not installed.
    """
    try:
        from xlsxwriter import Workbook  # noqa: PLC0415 - an extra
    except ImportError as error:
        message = Text(
            '格式 xlsx 需要 XlsxWriter：pip install "riskgate[excel]"',
            'the format xlsx needs XlsxWriter: pip install "riskgate[excel]"',
        )
        raise MissingExtraError(Problem("missing-extra", message)) from error
    with tempfile.TemporaryDirectory(prefix="riskgate-") as folder:
        options = {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        with Workbook(target, options) as workbook:
            _describe(workbook, report)
            yield Book(workbook, lang)


def _describe(workbook: "Workbook", report: Report) -> None:
    """The properties of the file: no clock, no user; and from which check the workbook comes."""
    name = cell_text(report.project_name or report.project_id)[:LONGEST_PROPERTY]
    workbook.set_properties(
        {
            "title": name,
            "author": "riskgate",
            "comments": cell_text(f"riskgate {report.version}")[:LONGEST_PROPERTY],
            "created": _created(report),
        }
    )
    for key, value in ((PROJECT, report.project_id), (AS_OF, report.as_of), (SHA256, report.sha256)):
        workbook.set_custom_property(key, cell_text(value)[:LONGEST_PROPERTY], "text")


def _created(report: Report) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(report.as_of)
    except ValueError:  # a report read from JSON may have any ten characters there
        return _EPOCH


def set_up_page(book: Book, sheet: "Worksheet", title: Text, report: Report, *, repeat: bool = True) -> None:
    """A4 across, as wide as the page, the header row on every page; project, sheet and date above, pages below."""
    sheet.set_landscape()
    sheet.set_paper(_PAPER_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    if repeat:
        sheet.repeat_rows(0)
    # an ampersand begins a code in headers
    name = cell_text(report.project_name or report.project_id)[:60].replace("&", "＆").replace("\n", " ")
    sheet.set_header(f"&L{name}&C&B{book.say(title)}&R{cell_text(report.as_of)[:10]}")
    sheet.set_footer(book.say(Text("&C第 &P 页，共 &N 页", "&CPage &P of &N")))

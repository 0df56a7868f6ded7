"""The sheet 风险清单: what is to be mended, by whom, and the columns that people fill in and send back."""

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from riskgate.rectification.columns import HEADERS, RESULTS, Name, Result
from riskgate.render.bearing import Bearing
from riskgate.render.escape import visible
from riskgate.render.wording import Wording
from riskgate.render.xlsx.book import Book, Value
from riskgate.render.xlsx.listing import Column, Listing, Tag, write_list
from riskgate.render.xlsx.styles import DONE, FAILED, LATE, MOVING
from riskgate.report import Report, Risk
from riskgate.scope import Scope
from riskgate.text import Text

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

TITLE = Text("风险清单", "Risks")
KNOWN = Text("基线已有，不计入退出码", "known, not counted")
"""What the baseline of a check makes of what it has."""
_FROZEN = 5
_EARLIEST = dt.date(2000, 1, 1)
_LATEST = dt.date(2099, 12, 31)


class _Line(NamedTuple):
    number: int
    risk: Risk
    wording: Wording
    bearing: Bearing


def _empty(_: _Line) -> Value:
    return None


def _fill(name: Name, width: float, style: str = "fill") -> Column[_Line]:
    return Column(HEADERS[name], width, _empty, style, "fill")


def _sensitivity(line: _Line) -> Value:
    return line.wording.info(line.risk.rule).customer_sensitivity


def _severity(line: _Line) -> Tag:
    return Tag(line.wording.severity(line.risk.severity), line.risk.severity)


def _waiver(line: _Line) -> Value | Tag:
    waiver = line.risk.waiver
    return None if waiver is None else Tag(line.wording.waiver(waiver), "waived")


def _known(line: _Line) -> Value:
    return line.wording.say(KNOWN) if line.bearing.knows(line.risk) else None


COLUMNS: tuple[Column[_Line], ...] = (
    Column(Text("序号", "No."), 6, lambda line: line.number, "centre"),
    Column(Text("等级", "Severity"), 9, _severity),
    Column(Text("敏感度", "Customer sensitivity"), 8, _sensitivity, "centre"),
    Column(Text("节点", "Nodes"), 10, lambda line: line.wording.codes(line.risk.nodes), "centre"),
    Column(Text("位置", "Place"), 22, lambda line: line.wording.data(line.risk.entity.label)),
    Column(Text("问题", "Problem"), 18, lambda line: line.wording.title(line.risk.rule)),
    Column(Text("情况", "What was found"), 34, lambda line: line.wording.data(line.risk.message)),
    Column(Text("整改措施", "Remedy"), 28, lambda line: line.wording.remedy(line.risk.rule)),
    Column(Text("责任部门", "Department"), 13, lambda line: line.wording.owners(line.risk.rule)),
    _fill("responsible", 12),
    _fill("due_on", 12, "fill date"),
    _fill("result", 14, "fill choice"),
    _fill("done_on", 12, "fill date"),
    _fill("remark", 18),
    Column(Text("豁免", "Waiver"), 20, _waiver, "side", "side"),
    Column(Text("基线", "Baseline"), 14, _known, "side", "side"),
    Column(Text("客户主题", "Theme"), 12, lambda line: line.wording.theme(line.risk.rule), "side", "side"),
    Column(
        Text("客户为什么在意", "Why it matters"),
        34,
        lambda line: line.wording.importance(line.risk.rule),
        "side",
        "side",
    ),
    Column(Text("依据", "Evidence"), 40, lambda line: line.wording.all_evidence(line.risk), "side", "side"),
    Column(Text("来源", "Sources"), 28, lambda line: line.wording.sources(line.risk.rule), "side", "side"),
    Column(HEADERS["rule"], 14, lambda line: visible(line.risk.rule), "side", "side"),
    Column(HEADERS["address"], 38, lambda line: visible(line.risk.address), "side", "side"),
    Column(HEADERS["id"], 10, lambda line: line.risk.id, "id", "side"),
)
"""Readers of the workbook find the columns by their headers, so that new ones may stand anywhere."""
_AT = {column.head: number for number, column in enumerate(COLUMNS)}


def write_risks(book: Book, report: Report, scope: Scope, wording: Wording) -> None:
    """The risks at the chosen nodes and at those that hold them, in the order of the report, waived ones included."""
    bearing = Bearing(report)
    lines = (_Line(number, risk, wording, bearing) for number, risk in enumerate(scope.risks, 1))
    nothing = Text("没有风险", "There is no risk.")
    listing = write_list(book, report, TITLE, COLUMNS, lines, frozen=_FROZEN, nothing=nothing)
    listing.sheet.set_tab_color("#C00000")
    if listing.rows:
        _help_to_fill(book, listing)


def _help_to_fill(book: Book, listing: Listing) -> None:
    """Dates that are dates, results out of a list, an id that nobody types over; and colours for what is written."""
    sheet, last = listing.sheet, listing.rows
    for name in ("due_on", "done_on"):
        _validate(sheet, _AT[HEADERS[name]], last, {
            "validate": "date",
            "criteria": "between",
            "minimum": _EARLIEST,
            "maximum": _LATEST,
            "error_title": book.say(HEADERS[name]),
            "error_message": book.say(Text("请写日期，如 2026-12-01", "Write a date, such as 2026-12-01.")),
        })  # fmt: skip
    _validate(sheet, _AT[HEADERS["result"]], last, {
        "validate": "list",
        "source": [book.say(text) for text in RESULTS.values()],
        "error_title": book.say(HEADERS["result"]),
        "error_message": book.say(Text("请从列表里选择", "Choose one from the list.")),
    })  # fmt: skip
    _validate(sheet, _AT[HEADERS["id"]], last, {
        "validate": "custom",
        "value": "=FALSE",
        "error_title": book.say(HEADERS["id"]),
        "error_message": book.say(
            Text("风险编号用来对上这一项，请不要改", "The risk is known by its id; leave it as it is.")
        ),
    })  # fmt: skip
    _colour(book, sheet, last)


def _validate(sheet: "Worksheet", column: int, last: int, rule: dict[str, object]) -> None:
    sheet.data_validation(1, column, last, column, {"ignore_blank": True, **rule})


def _colour(book: Book, sheet: "Worksheet", last: int) -> None:
    from xlsxwriter.utility import xl_col_to_name  # noqa: PLC0415 - an extra

    result, due = _AT[HEADERS["result"]], _AT[HEADERS["due_on"]]
    looks: dict[Result, object] = {
        "passed": book.made(DONE),
        "mended": book.made(DONE),
        "in_progress": book.made(MOVING),
        "failed": book.made(FAILED),
    }
    for name, look in looks.items():
        rule = {"type": "cell", "criteria": "==", "value": f'"{book.say(RESULTS[name])}"', "format": look}
        sheet.conditional_format(1, result, last, result, rule)
    date, said = f"${xl_col_to_name(due)}2", f"${xl_col_to_name(result)}2"
    mended = ",".join(f'{said}<>"{book.say(RESULTS[name])}"' for name in ("mended", "passed"))
    late = f"=AND(ISNUMBER({date}),{date}<TODAY(),{mended})"
    sheet.conditional_format(1, due, last, due, {"type": "formula", "criteria": late, "format": book.made(LATE)})

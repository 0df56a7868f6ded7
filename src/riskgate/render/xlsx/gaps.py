"""The sheet 资料缺口: what nobody can decide, because something is not given."""

from typing import NamedTuple

from riskgate.render.bearing import Bearing
from riskgate.render.escape import visible
from riskgate.render.wording import Wording
from riskgate.render.xlsx.book import Book, Value
from riskgate.render.xlsx.listing import Column, Tag, write_list
from riskgate.render.xlsx.risks import KNOWN
from riskgate.report import Gap, Report
from riskgate.scope import Scope
from riskgate.text import Text

TITLE = Text("资料缺口", "Gaps")
PLACES = 5
"""So many places of a gap are named."""
_FROZEN = 3


class _Line(NamedTuple):
    number: int
    gap: Gap
    wording: Wording
    bearing: Bearing


def _places(line: _Line) -> Value:
    """What people call the first places, a line each, and how many more there are."""
    shown = [line.wording.data(entity.label) or visible(entity.address) for entity in line.gap.entities[:PLACES]]
    more = line.gap.count - len(shown)
    if more > 0:
        shown.append(line.wording.say(Text(f"……另有 {more:,} 处", f"… and {more:,} more")))
    return "\n".join(shown)


def _addresses(line: _Line) -> Value:
    return "\n".join(visible(entity.address) for entity in line.gap.entities[:PLACES])


def _known(line: _Line) -> Value:
    return line.wording.say(KNOWN) if line.bearing.knows(line.gap) else None


COLUMNS: tuple[Column[_Line], ...] = (
    Column(Text("序号", "No."), 6, lambda line: line.number, "centre"),
    Column(Text("等级", "Severity"), 9, lambda line: Tag(line.wording.severity(line.gap.severity), line.gap.severity)),
    Column(Text("节点", "Nodes"), 10, lambda line: line.wording.codes(line.gap.nodes), "centre"),
    Column(Text("问题", "Rule asks about"), 24, lambda line: line.wording.title(line.gap.rule)),
    Column(Text("缺什么", "What is missing"), 50, lambda line: line.wording.gap(line.gap)),
    Column(Text("处数", "Places"), 8, lambda line: line.gap.count, "number"),
    Column(Text("位置", "Where"), 40, _places),
    Column(Text("责任部门", "Department"), 16, lambda line: line.wording.owners(line.gap.rule)),
    Column(Text("客户主题", "Theme"), 12, lambda line: line.wording.theme(line.gap.rule)),
    Column(Text("基线", "Baseline"), 14, _known, "side", "side"),
    Column(Text("规则编号", "Rule id"), 14, lambda line: visible(line.gap.rule), "side", "side"),
    Column(Text("前几处的地址", "Addresses of the first"), 44, _addresses, "side", "side"),
    Column(Text("缺口编号", "Gap ID"), 10, lambda line: line.gap.id, "id", "side"),
)


def write_gaps(book: Book, report: Report, scope: Scope, wording: Wording) -> None:
    """The gaps at the chosen nodes and at those that they await, in the order of the report."""
    bearing = Bearing(report)
    lines = (_Line(number, gap, wording, bearing) for number, gap in enumerate(scope.gaps, 1))
    nothing = Text("没有资料缺口", "There is no gap.")
    listing = write_list(book, report, TITLE, COLUMNS, lines, frozen=_FROZEN, nothing=nothing)
    listing.sheet.set_tab_color("#FFC000")

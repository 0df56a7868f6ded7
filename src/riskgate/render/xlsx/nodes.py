"""The sheet 节点: every lifecycle node with its state, and why."""

from typing import NamedTuple

from riskgate.lifecycle import Lifecycle
from riskgate.render.escape import visible
from riskgate.render.wording import Wording
from riskgate.render.words import state_of
from riskgate.render.xlsx.book import Book, Value
from riskgate.render.xlsx.listing import Column, Tag, write_list
from riskgate.report import NodeResult, Report
from riskgate.text import Text

TITLE = Text("节点", "Nodes")
_FROZEN = 2
_YES = Text("是", "yes")


class _Line(NamedTuple):
    node: NodeResult
    wording: Wording
    lifecycle: Lifecycle | None
    chosen: bool


def _stage(line: _Line) -> Value:
    stage = line.lifecycle.stages.get(line.node.stage) if line.lifecycle is not None else None
    return line.wording.data(stage.title) if stage is not None else visible(line.node.stage)


def _lead(line: _Line) -> Value:
    node = line.lifecycle.by_name.get(line.node.id) if line.lifecycle is not None else None
    return line.wording.view.departments((node.lead,)) if node is not None else None


def _yes(line: _Line, yes: bool) -> Value:
    return line.wording.say(_YES) if yes else None


_LEAD: Column[_Line] = Column(Text("牵头部门", "Led by"), 18, _lead)
COLUMNS: tuple[Column[_Line], ...] = (
    Column(Text("编号", "Code"), 8, lambda line: visible(line.node.code), "centre"),
    Column(Text("节点", "Node"), 32, lambda line: line.wording.data(line.node.title)),
    Column(Text("阶段", "Stage"), 20, _stage),
    _LEAD,
    Column(Text("关键", "Key"), 7, lambda line: _yes(line, line.node.key), "centre"),
    Column(Text("本次所选", "Asked for"), 9, lambda line: _yes(line, line.chosen), "centre"),
    Column(Text("状态", "State"), 15, lambda line: Tag(line.wording.state(line.node), state_of(line.node))),
    Column(Text("原因", "Why"), 44, lambda line: line.wording.why(line.node)),
    Column(Text("阻断风险", "Blocking risks"), 9, lambda line: len(line.node.blocking_risks), "number"),
    Column(Text("其他风险", "Other risks"), 9, lambda line: len(line.node.other_risks), "number"),
    Column(Text("资料缺口", "Gaps"), 9, lambda line: sum(gap.count for gap in line.node.gaps), "number"),
    Column(Text("受阻于", "Held by"), 14, lambda line: line.wording.codes(line.node.held_by), "centre"),
    Column(Text("等待", "Awaiting"), 14, lambda line: line.wording.codes(line.node.awaiting), "centre"),
    Column(Text("规则", "Rules"), 8, lambda line: line.node.rules, "number"),
    Column(Text("检查次数", "Checks"), 10, lambda line: line.node.checked, "number"),
)


def write_nodes(book: Book, report: Report, wording: Wording, lifecycle: Lifecycle | None) -> None:
    """All nodes in lifecycle order, whether they were asked for or not."""
    chosen = frozenset(report.selection.nodes)
    lines = [_Line(node, wording, lifecycle, node.id in chosen) for node in report.nodes]
    columns = [column for column in COLUMNS if column is not _LEAD or lifecycle is not None]
    nothing = Text("没有节点", "There is no node.")
    listing = write_list(book, report, TITLE, columns, lines, frozen=_FROZEN, nothing=nothing)
    listing.sheet.set_tab_color("#1F3864")

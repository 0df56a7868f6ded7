"""The sheet 豁免: every waiver that was given, and what became of it."""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from riskgate.render.escape import visible
from riskgate.render.wording import Wording
from riskgate.render.words import WAIVABLE
from riskgate.render.xlsx.book import Book, Value
from riskgate.render.xlsx.listing import Column, Tag, write_list
from riskgate.report import Report
from riskgate.text import Text
from riskgate.waiver import WaiverResult, WaiverState

TITLE = Text("豁免", "Waivers")
_FROZEN = 2
_YES, _NO = Text("是", "yes"), Text("否", "no")
_NOBODY = Text("未说明", "not said")
_SOON = 30
"""Days before its end from which a waiver is marked."""
STATES: Mapping[WaiverState, Text] = MappingProxyType(
    {
        "held": Text("有效", "in force"),
        "unmatched": Text("无匹配风险", "covers no risk"),
        "expired": Text("已过期", "expired"),
        "not-yet": Text("未到批准日", "not yet"),
        "condition-false": Text("条件不成立", "condition not true"),
        "condition-undecided": Text("条件无法判定", "condition undecided"),
        "unconfirmed-refused": Text("批准人未确认", "approver not confirmed"),
        "role-too-low": Text("批准级别不够", "role too low"),
        "not-waivable": Text("不可豁免", "cannot be waived"),
    }
)


class _Line(NamedTuple):
    waiver: WaiverResult
    wording: Wording


def _state(line: _Line) -> Tag:
    state = line.waiver.state
    style = {"held": "clear", "unmatched": "ungated", "not-yet": "awaiting"}.get(state, "blocked")
    return Tag(line.wording.say(STATES[state]), style)


def _title(line: _Line) -> Value:
    """The rule's title; a report names only the rules of which it has a risk or a gap."""
    return line.wording.title(line.waiver.rule) if line.waiver.rule in line.wording.report.rules else None


def _role(line: _Line) -> Value:
    role = line.waiver.role
    return line.wording.say(WAIVABLE[role] if role is not None else _NOBODY)


def _listed(line: _Line) -> Value:
    return line.wording.say(_YES if line.waiver.confirmed else _NO)


def _left(line: _Line) -> Value | Tag:
    days = line.waiver.days_left
    return days if days > _SOON else Tag(f"{days:,}", "major" if days >= 0 else "blocking")


def _day(text: str) -> Value:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return visible(text)  # a report read from JSON may have any text there


COLUMNS: tuple[Column[_Line], ...] = (
    Column(Text("状态", "State"), 14, _state),
    Column(Text("规则编号", "Rule id"), 14, lambda line: visible(line.waiver.rule)),
    Column(Text("问题", "Problem"), 20, _title),
    Column(Text("范围", "What it covers"), 34, lambda line: visible(line.waiver.entity)),
    Column(Text("理由", "Reason"), 34, lambda line: line.wording.data(line.waiver.reason)),
    Column(Text("说明", "Remark"), 24, lambda line: line.wording.data(line.waiver.detail)),
    Column(Text("批准人", "Approved by"), 12, lambda line: visible(line.waiver.approved_by)),
    Column(Text("批准级别", "Role"), 10, _role, "centre"),
    Column(Text("在公司名单上", "On the company's list"), 10, _listed, "centre"),
    Column(Text("批准日期", "Approved on"), 12, lambda line: _day(line.waiver.approved_on), "date"),
    Column(Text("有效期至", "Expires on"), 12, lambda line: _day(line.waiver.expires_on), "date"),
    Column(Text("剩余天数", "Days left"), 9, _left, "number"),
    Column(Text("覆盖风险", "Risks covered"), 9, lambda line: line.waiver.covers, "number"),
    Column(Text("豁免风险", "Risks waived"), 9, lambda line: line.waiver.waives, "number"),
    Column(Text("条件", "Condition"), 30, lambda line: visible(line.waiver.condition or ""), "side", "side"),
    Column(Text("文件", "File"), 26, lambda line: f"{visible(line.waiver.file)}:{line.waiver.line}", "side", "side"),
    Column(Text("豁免编号", "Waiver ID"), 10, lambda line: line.waiver.id, "id", "side"),
)


def write_waivers(book: Book, report: Report, wording: Wording) -> None:
    """Every waiver, those that do not hold among them."""
    lines = (_Line(waiver, wording) for waiver in report.waivers)
    nothing = Text("没有豁免", "There is no waiver.")
    listing = write_list(book, report, TITLE, COLUMNS, lines, frozen=_FROZEN, nothing=nothing)
    listing.sheet.set_tab_color("#70AD47")

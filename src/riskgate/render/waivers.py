"""Waivers for people: what they waive, and what became of those that waive nothing."""

from collections.abc import Sequence

from riskgate.audit import Audited
from riskgate.render.escape import visible
from riskgate.render.page import Page
from riskgate.render.view import View
from riskgate.render.words import AUDIT_FINDINGS, BETWEEN, LISTED, WAIVABLE, WAIVER_STATES, count
from riskgate.report import Report, Risk
from riskgate.text import Text
from riskgate.waiver import WaiverFileInfo, WaiverResult

WAIVED = "~"
"""The mark of a risk that is waived: it is there, and does not block."""
MOST = 3
"""So many approvers of the risks of one rule are named; the rest is a number."""
UNCONFIRMED = Text("未确认", "unconfirmed")


def waiver_warnings(report: Report) -> list[Text]:
    """What every reader has to know about the waivers of a report: that they count, and who vouches for them."""
    active = [waiver for waiver in report.waivers if waiver.waives]
    found: list[Text] = []
    if active:
        risks = count(sum(waiver.waives for waiver in active), "项风险", "risk")
        by = count(len(active), "份豁免", "waiver")
        found.append(
            Text(f"{by.zh}豁免了 {risks.zh}，它们不阻断节点", f"{risks.en} waived by {by.en}: they block no node")
        )
    for name in sorted({waiver.approved_by for waiver in active if not waiver.confirmed}):
        own = [waiver for waiver in active if waiver.approved_by == name and not waiver.confirmed]
        risks = count(sum(waiver.waives for waiver in own), "项风险", "risk")
        who = visible(name)
        found.append(
            Text(
                f"批准人 {who} 不在公司名单上，其批准未经确认，却豁免了 {risks.zh}",
                f"{who}, who waived {risks.en}, is not on the company's list of approvers: unconfirmed",
            )
        )
    lost = [waiver for waiver in report.waivers if waiver.covers and waiver.state != "held"]
    if lost:
        many = len(lost)
        found.append(
            Text(
                f"有 {many} 份豁免涉及现有风险，但不成立，没有豁免任何风险（见“豁免”）",
                f"waivers that cover risks but do not hold, and waive none: {many} (see Waivers)",
            )
        )
    return found


def waived_by(view: View, found: Sequence[Risk]) -> str:
    """How many of the risks of a rule are waived, by whom and until when."""
    marks = {str(risk.waiver["id"]): risk.waiver for risk in found if risk.waiver is not None}
    waived = sum(risk.waiver is not None for risk in found)
    shown: list[str] = []
    for mark in sorted(marks.values(), key=lambda mark: (mark["expires_on"], mark["approved_by"], mark["id"]))[:MOST]:
        who, until = visible(str(mark["approved_by"])), visible(str(mark["expires_on"]))
        doubt = "" if mark["confirmed"] else view.say(Text(f"（{UNCONFIRMED.zh}）", f" ({UNCONFIRMED.en})"))
        shown.append(view.say(Text(f"{who}{doubt} 批准至 {until}", f"approved by {who}{doubt} until {until}")))
    more = len(marks) - len(shown)
    if more > 0:
        shown.append(view.say(Text(f"另有 {more} 份豁免", f"{more} more waivers")))
    times = f"{waived:,} / {len(found):,}"
    return view.say(Text(f"{times}，{LISTED.zh.join(shown)}", f"{times}, {LISTED.en.join(shown)}"))


def show_waivers(page: Page, waivers: Sequence[WaiverResult]) -> None:
    """Every waiver with what became of it: those that waive something first, then those that could have."""
    if not waivers:
        return
    page.heading(page.say(Text(f"豁免（{len(waivers)}）", f"Waivers ({len(waivers)})")))
    for waiver in sorted(waivers, key=lambda waiver: (not waiver.waives, not waiver.covers)):
        show_waiver(page, waiver)


def show_waiver(page: Page, waiver: WaiverResult) -> None:
    sign, style = ("!", "warn") if waiver.covers and not waiver.waives else ("-", "")
    if waiver.waives:
        sign, style = (WAIVED, "") if waiver.confirmed else ("!", "warn")
    state = page.say(WAIVER_STATES[waiver.state])
    tail = f"  {_number(page, waiver)}" if waiver.covers else ""
    page.line(f"{sign} {visible(waiver.rule)}  {visible(waiver.entity)}  [{state}]{tail}", style, hang=4)
    if waiver.state not in ("held", "unmatched"):
        page.line(visible(page.say(waiver.detail)), indent=4, hang=2)
    _lines(page, waiver)


def _lines(page: Page, waiver: WaiverResult) -> None:
    page.line(_terms(page, waiver), indent=4, hang=2)
    if waiver.condition is not None:
        page.line(page.say(Text("条件：", "condition: ")) + visible(waiver.condition), indent=4, hang=2)
    page.line(page.say(Text("理由：", "reason: ")) + visible(page.say(waiver.reason)), indent=4, hang=2)


def _number(page: Page, waiver: WaiverResult) -> str:
    if waiver.waives:
        risks = count(waiver.waives, "项风险", "risk")
        return page.say(Text(f"豁免 {risks.zh}", f"waives {risks.en}"))
    risks = count(waiver.covers, "项风险", "risk")
    return page.say(Text(f"涉及 {risks.zh}，没有豁免", f"covers {risks.en}, waives none"))


def _terms(page: Page, waiver: WaiverResult) -> str:
    """Who approved it and until when, and where it is written."""
    who = visible(waiver.approved_by)
    doubts = [page.say(WAIVABLE[waiver.role])] if waiver.role is not None else []
    doubts += [] if waiver.confirmed else [page.say(UNCONFIRMED)]
    role = page.say(LISTED).join(doubts)
    where = visible(f"{waiver.file}:{waiver.line}" if waiver.line else waiver.file)
    return page.say(
        Text(
            f"{who}（{role}）于 {waiver.approved_on} 批准，至 {waiver.expires_on}；{where}",
            f"approved by {who} ({role}) on {waiver.approved_on}, until {waiver.expires_on}; {where}",
        )
    )


def show_audit(page: Page, audited: Sequence[Audited], files: Sequence[WaiverFileInfo]) -> None:
    """The waivers that deserve a look, each with why, and what became of it in each report."""
    found = [one for one in audited if one.findings]
    waivers, wrong = count(len(audited), "份豁免", "waiver"), len(found)
    names = page.say(LISTED).join(visible(file.name) for file in files)
    head = Text(
        f"{'!' if wrong else '✓'} {waivers.zh}（{names}），其中 {wrong} 份需要处理",
        f"{'!' if wrong else '✓'} {waivers.en} ({names}), {wrong} of them to be looked at",
    )
    page.line(page.say(head), "warn" if wrong else "good", hang=2)
    for one in found:
        waiver = one.latest
        why = page.say(LISTED).join(page.say(AUDIT_FINDINGS[name]) for name in one.findings)
        page.blank()
        page.line(f"! {visible(waiver.rule)}  {visible(waiver.entity)}  [{why}]", "warn", hang=4)
        _lines(page, waiver)
        for seen in one.seen:
            result = seen.result
            page.line(f"{visible(seen.name)} ({visible(seen.as_of)}): {_outcome(page, result)}", indent=4, hang=2)


def _outcome(page: Page, waiver: WaiverResult) -> str:
    """What became of a waiver in one report."""
    parts = [visible(page.say(waiver.detail))]
    if waiver.covers:
        parts.append(_number(page, waiver))
    if waiver.days_left >= 0:
        left = Text(f"还有 {waiver.days_left:,} 天", f"days left: {waiver.days_left:,}")
        parts.append(page.say(left))
    return page.say(BETWEEN).join(parts)

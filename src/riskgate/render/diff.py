"""A comparison for people, as text: the answer, what makes it doubtful, the flow of risks, then each of them."""

from collections.abc import Sequence
from dataclasses import replace

from riskgate.comparison import Comparison, GapChange, NodeChange, RiskChange, RiskState
from riskgate.node_state import state_of
from riskgate.render.diff_words import (
    GAP_STATE_WORDS,
    LOST_REASONS,
    NEW_REASONS,
    RISK_STATE_SIGNS,
    RISK_STATE_STYLES,
    RISK_STATE_WORDS,
    WORSE_WORDS,
    exit_text,
    headline,
)
from riskgate.render.escape import visible
from riskgate.render.findings import PLACES, show_item, show_places, show_title, value_text, what_text
from riskgate.render.page import Page
from riskgate.render.view import View
from riskgate.render.words import BETWEEN, LISTED, STATES, STYLES, Labels, count
from riskgate.report import NodeResult, Report
from riskgate.text import Text

BAR = 30
"""Columns of the longest bar."""
FOLD = 3
"""More nodes with one change than this share a line."""
TOLD: tuple[RiskState, ...] = ("new", "worsened", "unverifiable", "gone", "waived", "closed")
"""What is told risk by risk, the most urgent first; what is still open is a list of rules."""
_BARS = {"new": "█", "worsened": "█", "waived": "░", "open": "░", "unverifiable": "▒", "gone": "▒", "closed": "█"}


def show_diff(page: Page, comparison: Comparison, labels: Labels | None = None) -> None:
    """The whole comparison on a page."""
    known = replace(comparison.new, rules=comparison.rules)
    view = View(page, known, labels or Labels())
    sign, style, answer = headline(comparison)
    page.line(f"{sign} {page.say(answer)}", style, hang=2)
    _sides(page, comparison)
    if comparison.differences:
        page.blank()
    for difference in comparison.differences:
        page.line(f"! {visible(page.say(difference.message))}", "warn", hang=2)
    _flow(page, comparison)
    _nodes(view, comparison.nodes)
    for state in TOLD:
        _risks(view, state, comparison.by_state(state))
    _still_open(view, comparison.by_state("open"))
    _gaps(view, comparison.gaps)
    page.blank()
    page.line(page.say(exit_text(comparison)), "head", hang=2)


def _sides(page: Page, comparison: Comparison) -> None:
    rows = []
    for word, report, name in (
        (Text("旧", "old"), comparison.old, comparison.old_name),
        (Text("新", "new"), comparison.new, comparison.new_name),
    ):
        project = visible(report.project_name or report.project_id)
        rows.append([page.say(word), visible(report.as_of), project, _packs(page, report), visible(name)])
    page.grid(rows, indent=2)
    if comparison.named:
        nodes = {node.id: node.code for report in (comparison.old, comparison.new) for node in report.nodes}
        codes = " ".join(visible(nodes[name]) for name in comparison.selection)
        page.line(page.say(Text(f"只比较节点 {codes}", f"only what gates {codes} is compared")), indent=2)


def _packs(page: Page, report: Report) -> str:
    return page.say(LISTED).join(f"{visible(pack.pack)} {visible(pack.version)}" for pack in report.packs)


def _flow(page: Page, comparison: Comparison) -> None:
    """Where the risks of the older side went and those of the newer one come from, as bars."""
    counts = comparison.counts()
    was: tuple[RiskState, ...] = ("closed", "unverifiable", "gone")
    stayed: tuple[RiskState, ...] = ("open", "worsened", "waived")
    there = sum(counts.get(state, 0) for state in stayed)
    then = there + sum(counts.get(state, 0) for state in was)
    now = there + counts.get("new", 0)
    most = max((then, now, 1))
    page.heading(page.say(Text(f"风险：原有 {then:,} 项，现有 {now:,} 项", f"Risks: {then:,} then, {now:,} now")))
    rows: list[list[str]] = []
    styles: list[str] = []
    for state in (*was, *stayed, "new"):
        number = counts.get(state, 0)
        if not number:
            continue
        blocking = sum(one.blocking for one in comparison.by_state(state))
        told = page.say(Text(f"其中阻断 {blocking:,}", f"{blocking:,} blocking")) if blocking else ""
        bar = _BARS[state] * max(1, round(number * BAR / most))
        rows.append([f"{RISK_STATE_SIGNS[state]} {page.say(RISK_STATE_WORDS[state])}", f"{number:,}", told, bar])
        styles.append(RISK_STATE_STYLES[state])
    page.grid(rows, styles=styles, indent=2)


def _nodes(view: View, changes: Sequence[NodeChange]) -> None:
    if not changes:
        return
    title = Text(f"状态改变的节点（{len(changes)}）", f"Nodes whose state changed ({len(changes)})")
    view.page.heading(view.say(title))
    alike: dict[tuple[str, str, str], list[NodeChange]] = {}
    for one in changes:
        style = "" if one.new is None else STYLES[state_of(one.new)]
        alike.setdefault((_state(view, one.old), _state(view, one.new), style), []).append(one)
    lines: list[tuple[int, str, list[str]]] = []
    for (then, now, style), same in alike.items():
        if len(same) > FOLD:
            codes = " ".join(visible(one.node.code) for one in same)
            together = view.say(count(len(same), "个节点", "node"))
            lines.append((changes.index(same[0]), style, [f"{then} → {now}", codes, together]))
            continue
        for one in same:
            row = [f"{then} → {now}", visible(one.node.code), view.data(one.node.title)]
            lines.append((changes.index(one), style, row))
    lines.sort(key=lambda line: line[0])
    view.page.grid([row for _, _, row in lines], styles=[style for _, style, _ in lines])


def _state(view: View, node: NodeResult | None) -> str:
    if node is None:
        return view.say(Text("没有这个节点", "no such node"))
    again = view.say(Text("（重新打开）", " (reopened)")) if node.reopened else ""
    return view.say(STATES[state_of(node)]) + again


def _risks(view: View, state: RiskState, changes: Sequence[RiskChange]) -> None:
    """The risks that became this, one block a rule: those that block first."""
    if not changes:
        return
    word = RISK_STATE_WORDS[state]
    view.page.heading(
        view.say(Text(f"{word.zh}（{len(changes):,}）", f"{word.en[:1].upper()}{word.en[1:]} ({len(changes):,})"))
    )
    for found in _by_rule(changes):
        first = found[0]
        show_title(
            view, first.risk, len(found), (RISK_STATE_SIGNS[state], RISK_STATE_STYLES[state] if first.blocking else "")
        )
        if first.new is not None:
            view.page.line(view.data(first.risk.message), indent=4)
        why = reasons_text(view, found)
        if why:
            show_item(view, Text("原因", "why"), why)
        for one in found[:1]:
            changed = changes_text(view, one)
            if changed:
                show_item(view, Text("变化", "changed"), changed)
        show_places(view, [one.risk.entity for one in found[:PLACES]], len(found))
        owners = view.report.rules[first.risk.rule].owners
        if owners and first.new is not None:
            show_item(view, Text("整改", "owner"), view.departments(owners))


def _by_rule(changes: Sequence[RiskChange]) -> list[list[RiskChange]]:
    groups: dict[tuple[bool, str], list[RiskChange]] = {}
    for one in sorted(changes, key=lambda one: not one.blocking):
        groups.setdefault((one.blocking, one.risk.rule), []).append(one)
    return list(groups.values())


def reasons_text(view: View, found: Sequence[RiskChange]) -> str:
    """Why risks are new, worse or lost, each reason with the number of risks that it holds for."""
    tally: dict[Text, int] = {}
    for one in found:
        words = [WORSE_WORDS[name] for name in one.worse]
        if one.reason is not None:
            words.append((NEW_REASONS if one.state == "new" else LOST_REASONS)[one.reason])
        for word in words:
            tally[word] = tally.get(word, 0) + 1
    return view.say(BETWEEN).join(
        view.say(word) + (f" ({number:,} / {len(found):,})" if number < len(found) else "")
        for word, number in tally.items()
    )


def changes_text(view: View, one: RiskChange) -> str:
    """The values that are not what they were."""
    return view.say(BETWEEN).join(
        f"{visible(change.name)} {value_text(view, change.old)} → {value_text(view, change.new)}"
        for change in one.changes
        if change.what == "evidence"
    )


def _still_open(view: View, changes: Sequence[RiskChange]) -> None:
    if not changes:
        return
    view.page.heading(view.say(Text(f"仍在（{len(changes):,}）", f"Still open ({len(changes):,})")))
    rows = []
    for found in _by_rule(changes):
        first = found[0]
        changed = sum(bool(one.changes) for one in found)
        more = view.say(Text(f"{changed:,} 处数值有变", f"{changed:,} with other values")) if changed else ""
        times = view.say(Text(f"{len(found):,} 处", f"× {len(found):,}"))
        title = view.data(view.report.rules[first.risk.rule].title)
        rows.append([visible(first.risk.rule), title, times, view.codes(first.risk.nodes), more])
    view.page.grid(rows, indent=2)


def _gaps(view: View, changes: Sequence[GapChange]) -> None:
    """The gaps that changed, a line each; of those that are closed, the rules."""
    if not changes:
        return
    closed = [one for one in changes if one.state == "closed"]
    shown = [one for one in changes if one.state not in {"open", "closed"}]
    still = len(changes) - len(shown) - len(closed)
    changed = len(changes) - still
    title = Text(
        f"资料缺口的变化（{changed} 项；另有 {still} 项不变）",
        f"Gaps that changed ({changed}; {still} as before)",
    )
    view.page.heading(view.say(title))
    rows, styles = [], []
    for one in shown:
        word = view.say(GAP_STATE_WORDS[one.state])
        then, now = (0 if gap is None else gap.count for gap in (one.old, one.new))
        why = ""
        if one.reason is not None and one.state != "changed":
            why = view.say((NEW_REASONS if one.state == "new" else LOST_REASONS)[one.reason])
        rows.append([word, visible(one.gap.rule), f"{then:,} → {now:,}", what_text(view, one.gap), why])
        worse = one.state in {"new", "grown"} and one.blocking
        styles.append("warn" if worse else "")
    view.page.grid(rows, styles=styles, indent=2)
    if closed:
        rules = " ".join(dict.fromkeys(visible(one.gap.rule) for one in closed))
        word = view.say(GAP_STATE_WORDS["closed"])
        lead = view.say(Text(f"{word}（{len(closed)}）：", f"{word} ({len(closed)}): "))
        view.page.line(lead + rules, "good", indent=2, hang=2)

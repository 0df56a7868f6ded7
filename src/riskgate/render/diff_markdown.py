"""A comparison as Markdown: for the description of a merge request, a wiki page, a mail."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from riskgate.comparison import Comparison, GapChange, NodeChange, RiskChange, RiskState
from riskgate.node_state import state_of
from riskgate.render.diff import TOLD, changes_text, reasons_text
from riskgate.render.diff_words import (
    GAP_STATE_WORDS,
    LOST_REASONS,
    NEW_REASONS,
    RISK_STATE_SIGNS,
    RISK_STATE_WORDS,
    exit_text,
    headline,
)
from riskgate.render.findings import PLACES, place_text, what_text
from riskgate.render.markup import code, plain, table
from riskgate.render.page import Page
from riskgate.render.view import View
from riskgate.render.words import LISTED, SEVERITY_WORDS, STATES, Labels
from riskgate.report import NodeResult
from riskgate.text import Lang, Text

LISTED_ROWS = 200
"""So many rows a table has at most; the rest is a number."""


def diff_markdown(comparison: Comparison, *, lang: Lang = "en", labels: Labels | None = None) -> str:
    """The comparison as a page of Markdown. Every text from data is escaped."""
    view = View(Page(lang), replace(comparison.new, rules=comparison.rules), labels or Labels())
    sign, _, answer = headline(comparison)
    lines = [f"# {sign} {plain(view.say(answer))}", "", *_sides(view, comparison), ""]
    lines += [f"- **!** {plain(view.say(one.message))}" for one in comparison.differences]
    lines += ["", *_flow(view, comparison)]
    lines += _nodes(view, comparison.nodes)
    for state in (*TOLD, "open"):
        lines += _risks(view, state, comparison.by_state(state))
    lines += _gaps(view, [one for one in comparison.gaps if one.state != "open"])
    lines += ["", f"**{plain(view.say(exit_text(comparison)))}**", ""]
    return "\n".join(_without_doubled_blanks(lines))


def _without_doubled_blanks(lines: Sequence[str]) -> Iterator[str]:
    before = ""
    for line in lines:
        if line or before:
            yield line
        before = line


def _sides(view: View, comparison: Comparison) -> list[str]:
    head = [Text("", ""), Text("日期", "as of"), Text("项目", "project"), Text("规则包", "packs"), Text("来自", "from")]
    rows = []
    for word, report, name in (
        (Text("旧", "old"), comparison.old, comparison.old_name),
        (Text("新", "new"), comparison.new, comparison.new_name),
    ):
        packs = view.say(LISTED).join(f"{pack.pack} {pack.version}" for pack in report.packs)
        project = report.project_name or report.project_id
        rows.append([view.say(word), plain(report.as_of), plain(project), plain(packs), code(name) if name else ""])
    lines = table([view.say(text) for text in head], rows)
    if comparison.named:
        nodes = {node.id: node.code for report in (comparison.old, comparison.new) for node in report.nodes}
        codes = " ".join(nodes[name] for name in comparison.selection)
        lines += ["", plain(view.say(Text(f"只比较节点 {codes}", f"Only what gates {codes} is compared.")))]
    return lines


def _flow(view: View, comparison: Comparison) -> list[str]:
    counts = comparison.counts()
    blocking = comparison.counts([one for one in comparison.risks if one.blocking])
    rows = [
        [f"{RISK_STATE_SIGNS[state]} {view.say(RISK_STATE_WORDS[state])}", f"{number:,}", f"{blocking.get(state, 0):,}"]
        for state, number in counts.items()
    ]
    head = [Text("风险", "risks"), Text("项", "number"), Text("其中阻断", "blocking")]
    return table([plain(view.say(text)) for text in head], [[plain(cell) for cell in row] for row in rows])


def _nodes(view: View, changes: Sequence[NodeChange]) -> list[str]:
    if not changes:
        return []
    head = [Text("节点", "node"), Text("名称", "title"), Text("旧", "old"), Text("新", "new")]
    rows = [
        [plain(one.node.code), plain(view.say(one.node.title)), _state(view, one.old), _state(view, one.new)]
        for one in changes
    ]
    title = view.say(Text("状态改变的节点", "Nodes whose state changed"))
    return ["", f"## {title} ({len(changes)})", "", *table([view.say(text) for text in head], rows)]


def _state(view: View, node: NodeResult | None) -> str:
    if node is None:
        return "-"
    again = view.say(Text("（重新打开）", " (reopened)")) if node.reopened else ""
    return plain(view.say(STATES[state_of(node)]) + again)


def _risks(view: View, state: RiskState, changes: Sequence[RiskChange]) -> list[str]:
    if not changes:
        return []
    word = view.say(RISK_STATE_WORDS[state])
    head = [Text("等级", "severity"), Text("规则", "rule"), Text("节点", "nodes"), Text("位置", "where")]
    head += [Text("说明", "what"), Text("原因、变化", "why, changes")]
    groups: dict[tuple[bool, str], list[RiskChange]] = {}
    for one in sorted(changes, key=lambda one: not one.blocking):
        groups.setdefault((one.blocking, one.risk.rule), []).append(one)
    rows = [_risk_row(view, found) for found in groups.values()]
    lines = ["", f"## {word[:1].upper()}{word[1:]} ({len(changes):,})", ""]
    lines += table([view.say(text) for text in head], rows[:LISTED_ROWS])
    if len(rows) > LISTED_ROWS:
        more = len(rows) - LISTED_ROWS
        lines += ["", view.say(Text(f"……另有 {more:,} 条规则", f"… and {more:,} more rules"))]
    return lines


def _risk_row(view: View, found: Sequence[RiskChange]) -> list[str]:
    first, risk = found[0], found[0].risk
    places = [place_text(view, one.risk.entity) for one in found[:PLACES]]
    if len(found) > PLACES:
        more = len(found) - PLACES
        places.append(view.say(Text(f"……另有 {more:,} 处", f"… and {more:,} more")))
    why = [text for text in (reasons_text(view, found), changes_text(view, first)) if text]
    title = view.say(view.report.rules[risk.rule].title)
    return [
        plain(view.say(SEVERITY_WORDS[risk.severity])),
        f"{code(risk.rule)} {plain(title)}",
        plain(view.codes(risk.nodes)),
        "<br>".join(plain(place) for place in places),
        plain(view.say(risk.message)),
        "<br>".join(plain(text) for text in why),
    ]


def _gaps(view: View, changes: Sequence[GapChange]) -> list[str]:
    if not changes:
        return []
    head = [
        Text("变化", "change"),
        Text("规则", "rule"),
        Text("处", "places"),
        Text("缺口", "gap"),
        Text("原因", "why"),
    ]
    rows = []
    for one in changes[:LISTED_ROWS]:
        then, now = (0 if gap is None else gap.count for gap in (one.old, one.new))
        reason = ""
        if one.reason is not None and one.state != "changed":
            reason = view.say((NEW_REASONS if one.state == "new" else LOST_REASONS)[one.reason])
        what = plain(what_text(view, one.gap))
        rows.append(
            [
                plain(view.say(GAP_STATE_WORDS[one.state])),
                code(one.gap.rule),
                f"{then:,} → {now:,}",
                what,
                plain(reason),
            ]
        )
    title = view.say(Text("资料缺口的变化", "Gaps that changed"))
    lines = ["", f"## {title} ({len(changes):,})", "", *table([view.say(text) for text in head], rows)]
    if len(changes) > LISTED_ROWS:
        more = len(changes) - LISTED_ROWS
        lines += ["", view.say(Text(f"……另有 {more:,} 项", f"… and {more:,} more"))]
    return lines

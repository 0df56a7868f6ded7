"""The report as a note: for a merge request, an issue, the minutes of a meeting (docs/formats.md).

It fits into a comment of GitHub (65,536 characters): the most important comes first, the rest is counted.
"""

from collections.abc import Iterator, Sequence

from riskgate.overlay import LEVEL_WORDS
from riskgate.render.formats import Reader
from riskgate.render.markdown_risks import by_node
from riskgate.render.markup import table
from riskgate.render.note import Note, place, text
from riskgate.render.scope import Acting, Scope, scope_of
from riskgate.render.table import elsewhere_of, notes_of
from riskgate.render.wording import Wording
from riskgate.render.words import SIGNS, STATES, WAIVER_STATES, NodeState, count, state_of
from riskgate.report import Gap, NodeResult, Report, Risk
from riskgate.text import Text
from riskgate.waiver import WaiverResult

WAIVED = 50
"""So many waived risks are listed, and so many waivers."""
GAPS = 50
"""So many gaps are listed."""
NOTES = 20
PLACES = 3
"""So many places of a gap are named."""
_HEAD, _RISKS, _WAIVED, _WAIVERS, _GAPS, _NOTES, _END = 18_000, 40_000, 45_000, 49_000, 57_000, 61_000, 65_536
"""Up to which length of the note its parts may reach."""


def markdown(report: Report, reader: Reader) -> str:
    """The format `markdown`."""
    wording = Wording(report, reader)
    scope = scope_of(report)
    note = Note()
    _head(note, wording)
    _nodes(note, scope, wording)
    by_node(note, [risk for risk in scope.risks if risk.waiver is None], scope, wording, _RISKS)
    waived = [risk for risk in scope.risks if risk.waiver is not None]
    title = Text(f"已豁免的风险（{len(waived):,}），不阻断", f"Waived risks ({len(waived):,}), which do not block")
    _listed(note, title, [_waived(risk, wording) for risk in waived[:WAIVED]], len(waived), wording, _WAIVED)
    waivers = sorted(report.waivers, key=lambda waiver: (not waiver.waives, not waiver.covers))
    title = Text(f"豁免（{len(waivers):,}）", f"Waivers ({len(waivers):,})")
    _listed(note, title, [_waiver(waiver, wording) for waiver in waivers[:WAIVED]], len(waivers), wording, _WAIVERS)
    times = count(sum(gap.count for gap in scope.gaps), "处资料缺口", "gap")
    title = Text(f"{times.zh}：不能判定，不算通过", f"{times.en}: undecided, so not passed")
    _listed(note, title, [_gap(gap, wording) for gap in scope.gaps[:GAPS]], len(scope.gaps), wording, _GAPS)
    notes = notes_of(report)
    title = Text(f"提示（{len(notes):,}）", f"Notes ({len(notes):,})")
    _listed(note, title, [f"- {text(wording.say(one))}" for one in notes[:NOTES]], len(notes), wording, _NOTES)
    elsewhere = elsewhere_of(scope)
    end = ["", *([text(wording.say(elsewhere)), ""] if elsewhere else []), f"**{text(wording.exit())}**"]
    note.add(end, _END)
    return note.written()


def _head(note: Note, wording: Wording) -> None:
    report = wording.report
    sign = SIGNS[report.verdict]
    packs = [f"{pack.pack} {pack.version}" for pack in report.packs]
    overlays = [f"{one.overlay} ({wording.say(LEVEL_WORDS[one.level])})" for one in report.overlays]
    facts = [
        (Text("项目", "project"), wording.project()),
        (Text("日期", "as of"), report.as_of),
        (Text("规则包", "packs"), wording.listed(packs)),
        (Text("覆盖文件", "overlays"), wording.listed(overlays)),
    ]
    lines = [f"## {sign} {wording.verdict()}", "", text(wording.summary()), ""]
    lines += [f"- {wording.say(name)}: {text(value)}" for name, value in facts if value]
    note.add(lines, _HEAD)
    warnings = wording.warnings()
    if warnings:
        note.add([""], _HEAD)
    for warning in warnings:
        note.add([f"> **!** {text(warning)}", ">"], _HEAD)


def _nodes(note: Note, scope: Scope, wording: Wording) -> None:
    """What does not pass as a table, the rest as lines."""
    named = wording.report.selection.named
    silent: tuple[NodeState, ...] = ("clear",) if named else ("clear", "ungated")
    rows = [node for node in scope.chosen if state_of(node) not in silent]
    title = Text(
        f"没有通过的节点（{len(rows)} / {len(scope.chosen)}）",
        f"Nodes that do not pass ({len(rows)} of {len(scope.chosen)})",
    )
    _table(note, title, rows, wording)
    _table(note, Text("它们的前置节点（未选）", "Nodes before them, not chosen"), scope.upstream, wording)
    for state in silent:
        rest = [node for node in scope.chosen if state_of(node) == state]
        if rest:
            tail = Text("没有规则把关：", "no loaded rule gates them: ") if state == "ungated" else Text("", "")
            lead = f"**{SIGNS[state]} {wording.say(STATES[state])}** ({len(rest)}): {wording.say(tail)}"
            note.add(["", lead + text(wording.codes(tuple(node.id for node in rest)))], _HEAD)


def _table(note: Note, title: Text, nodes: Sequence[NodeResult], wording: Wording) -> None:
    if not nodes:
        return
    acting = Acting(wording.report)
    names = (Text("状态", "state"), Text("节点", "node"), Text("原因", "why"), Text("由谁处理", "who must act"))
    head, *rows = _rows(nodes, acting, wording)
    grid = table([wording.say(name) for name in names], [head, *rows])
    note.add(["", f"### {wording.say(title)}", "", *grid[:2]], _HEAD)
    for shown, row in enumerate(grid[2:]):
        if not note.add([row], _HEAD):
            note.add(["", wording.more(len(nodes) - shown)], _RISKS)
            break


def _rows(nodes: Sequence[NodeResult], acting: Acting, wording: Wording) -> Iterator[list[str]]:
    for node in nodes:
        owners = wording.view.departments(acting.departments(node))
        yield [wording.state(node), text(wording.node(node)), text(wording.why(node)), text(owners)]


def _listed(note: Note, title: Text, items: Sequence[str], total: int, wording: Wording, room: int) -> None:
    """A heading, as many of the items as there is room for, and how many more there are."""
    if not total:
        return
    note.add(["", f"### {wording.say(title)}", ""], room)
    shown = 0
    for item in items:
        if not note.add([item], room):
            break
        shown += 1
    if shown < total:
        note.add(["", wording.more(total - shown)], _END)


def _waived(risk: Risk, wording: Wording) -> str:
    told = wording.waiver(risk.waiver or {})
    name = f"{wording.severity(risk.severity)} {text(wording.name(risk.rule))}"
    return f"- {name}: {text(wording.data(risk.message))} — {place(risk.entity, wording)} — {text(told)}"


def _waiver(waiver: WaiverResult, wording: Wording) -> str:
    """A waiver and what became of it: one that covers risks and waives none is to be seen."""
    risks = count(waiver.waives or waiver.covers, "项风险", "risk")
    what = Text(f"涉及 {risks.zh}，没有豁免", f"covers {risks.en}, waives none")
    if waiver.waives:
        what = Text(f"豁免 {risks.zh}", f"waives {risks.en}")
    terms = {"reason": waiver.reason, "approved_by": waiver.approved_by, "expires_on": waiver.expires_on}
    parts = [
        f"- {text(waiver.rule)} {text(waiver.entity)}: **{wording.say(WAIVER_STATES[waiver.state])}**",
        wording.say(what) if waiver.covers else "",
        text(wording.data(waiver.detail)) if waiver.state not in ("held", "unmatched") else "",
        text(wording.waiver({**terms, "confirmed": waiver.confirmed})),
    ]
    return " — ".join(part for part in parts if part)


def _gap(gap: Gap, wording: Wording) -> str:
    places = [place(entity, wording) for entity in gap.entities[:PLACES]]
    more = gap.count - len(places)
    if more > 0:
        places.append(wording.more(more))
    parts = [
        f"- **?** {wording.severity(gap.severity)} {text(wording.name(gap.rule))}: {text(wording.gap(gap))}",
        wording.listed(places),
        wording.labelled(Text("节点", "nodes"), text(wording.codes(gap.nodes))),
    ]
    owners = wording.owners(gap.rule)
    if owners:
        parts.append(wording.labelled(Text("补充", "owner"), text(owners)))
    return " — ".join(parts)

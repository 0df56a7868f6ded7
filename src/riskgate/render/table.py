"""The report for people, as text: the verdict first, then what does not pass, why, where and who mends it."""

from collections.abc import Sequence

from riskgate.overlay import LEVEL_WORDS
from riskgate.render.escape import visible
from riskgate.render.findings import show_gaps, show_risks
from riskgate.render.formats import Reader
from riskgate.render.page import PLAIN, Page
from riskgate.render.scope import Acting, Scope, scope_of
from riskgate.render.view import View
from riskgate.render.waivers import show_waivers, waiver_warnings
from riskgate.render.words import (
    BETWEEN,
    LISTED,
    SIGNS,
    STATES,
    STYLES,
    VERDICTS,
    Labels,
    NodeState,
    count,
    state_of,
)
from riskgate.report import Baseline, NodeResult, Report
from riskgate.risk import count_waived
from riskgate.text import Lang, Text

FOLD = 3
"""So many nodes with the same state and reason get a line each; more are put together unless chosen by name."""
NAMED = 4
"""So many holding or awaited nodes are named in a reason; the rest is a number."""
_IGNORE, _ALLOW = "--ignore-upstream", "--allow-unverified"


def render_table(
    report: Report, *, lang: Lang = "en", width: int = PLAIN, color: bool = False, labels: Labels | None = None
) -> str:
    """The report as a page of `width` columns. Text from data is escaped; colour never carries meaning alone."""
    page = Page(lang, width, color=color)
    view = View(page, report, labels or Labels())
    scope = scope_of(report)
    _head(page, report)
    warnings = warnings_of(report)
    if warnings:
        page.blank()
    for warning in warnings:
        page.line(f"! {page.say(warning)}", "warn", hang=2)
    _nodes(view, scope)
    show_risks(view, scope.risks)
    show_gaps(view, scope.gaps)
    show_waivers(page, report.waivers)
    elsewhere, notes = elsewhere_of(scope), notes_of(report)
    if elsewhere is not None:
        page.blank()
        page.line(page.say(elsewhere))
    if notes:
        page.heading(page.say(Text(f"提示（{len(notes)}）", f"Notes ({len(notes)})")))
    for note in notes:
        page.line(f"- {page.say(note)}", hang=2)
    page.blank()
    page.line(page.say(exit_line(report)), "head", hang=2)
    return page.text()


def table(report: Report, reader: Reader) -> str:
    """The format `table`."""
    return render_table(report, lang=reader.lang, width=reader.width, color=reader.color, labels=reader.labels)


def _head(page: Page, report: Report) -> None:
    sign, style = {"blocked": ("✗", "bad"), "unverified": ("?", "warn"), "clear": ("✓", "good")}[report.verdict]
    page.line(f"{sign} {page.say(verdict_of(report))}  {page.say(summary_of(report))}", style, hang=2)
    name = visible(report.project_name) if report.project_name else ""
    project = f"{name} ({visible(report.project_id)})" if name else visible(report.project_id)
    packs = page.say(LISTED).join(
        f"{visible(pack.pack)} {visible(pack.version)} ({page.say(count(pack.rules, '条规则', 'rule'))})"
        for pack in report.packs
    )
    rows = [
        (page.say(Text("项目", "project")), project),
        (page.say(Text("日期", "as of")), visible(report.as_of)),
        (page.say(Text("规则包", "packs")), packs or page.say(Text("无", "none"))),
    ]
    if report.overlays:
        overlays = [f"{visible(one.overlay)} ({page.say(LEVEL_WORDS[one.level])})" for one in report.overlays]
        rows.append((page.say(Text("覆盖文件", "overlays")), page.say(LISTED).join(overlays)))
    page.grid(rows, indent=2)


def verdict_of(report: Report) -> Text:
    """The verdict; where the exit code is milder than it, with what keeps it from counting."""
    ignored = [] if report.exit_code == 1 or report.verdict == "clear" else _ignored(report)
    if report.verdict == "unverified" and report.exit_code:
        ignored = []
    if report.verdict == "blocked" and _ALLOW in ignored:
        ignored.remove(_ALLOW)
    verdict = VERDICTS[report.verdict]
    if not ignored:
        return verdict
    return Text(
        f"{verdict.zh}（不计入退出码：{LISTED.zh.join(ignored)}）",
        f"{verdict.en} (not counted: {LISTED.en.join(ignored)})",
    )


def _ignored(report: Report) -> list[str]:
    """The options that leave something out of the exit code of this report."""
    states = {state_of(node) for node in report.selected}
    ignored = [] if report.baseline is None else ["--baseline"]
    if report.selection.ignore_upstream and states & {"held", "awaiting"}:
        ignored.append(_IGNORE)
    if report.selection.allow_unverified and states & {"unverified", "awaiting"}:
        ignored.append(_ALLOW)
    return ignored


def summary_of(report: Report) -> Text:
    """How many nodes were chosen, and how many of them are in which state."""
    states = [state_of(node) for node in report.selected]
    tally = [
        Text(f"{states.count(state)} 个{STATES[state].zh}", f"{states.count(state)} {STATES[state].en}")
        for state in STATES
        if state in states
    ]
    chosen = count(len(states), "个节点", "node")
    named = Text("所选 ", "chosen: ") if report.selection.named else Text("", "")
    return Text(
        f"{named.zh}{chosen.zh}，其中 {LISTED.zh.join(t.zh for t in tally)}",
        f"{named.en}{chosen.en}, of which {LISTED.en.join(t.en for t in tally)}",
    )


def _baseline(baseline: Baseline) -> Text:
    name = f"{visible(baseline.name)} ({visible(baseline.as_of)})".strip()
    known = count(baseline.known_risks, "项阻断风险已有", "blocking risk known", "blocking risks known")
    gaps = count(baseline.known_gaps, "项资料缺口已有", "gap known", "gaps known")
    new = len(baseline.new_risks)
    return Text(
        f"按基线 {name} 检查：{known.zh}、{gaps.zh}，不计入退出码；{new:,} 项阻断风险是新的，计入",
        f"checked against the baseline {name}: {known.en}, {gaps.en}, not counted against the exit code; "
        f"{count(new, '', 'blocking risk').en} new, counted",
    )


def warnings_of(report: Report) -> list[Text]:
    """What makes this answer differ from that of the snapshot and the packs as they are: said loudly."""
    warnings = [] if report.baseline is None else [_baseline(report.baseline)]
    if report.incomplete:
        reasons = [visible(reason) for reason in report.incomplete]
        warnings.append(
            Text(
                f"快照不完整，所有节点最多为“未核实”：{BETWEEN.zh.join(reasons)}",
                f"the snapshot is incomplete, so no node can be clear: {BETWEEN.en.join(reasons)}",
            )
        )
    if report.as_of_overridden:
        warnings.append(
            Text(
                f"日期 {visible(report.as_of)} 由本次检查指定，不是快照里的日期",
                f"the date {visible(report.as_of)} was set for this check; it is not the snapshot's own",
            )
        )
    for p in report.parameters:
        name = f"{visible(p.pack)}.{visible(p.name)}"
        value, default, origin = (visible(str(v)) for v in (p.value, p.default, p.origin))
        warnings.append(
            Text(
                f"参数 {name} 改为 {value}（规则包默认 {default}；来自 {origin}）",
                f"parameter {name} is set to {value} (the pack says {default}; from {origin})",
            )
        )
    warnings += waiver_warnings(report)
    return warnings


def _nodes(view: View, scope: Scope) -> None:
    page, named = view.page, view.report.selection.named
    silent: tuple[NodeState, ...] = ("clear",) if named else ("clear", "ungated")
    shown = [node for node in scope.chosen if state_of(node) not in silent]
    if shown:
        title = Text(
            f"没有通过的节点（{len(shown)} / {len(scope.chosen)}）",
            f"Nodes that do not pass ({len(shown)} of {len(scope.chosen)})",
        )
        page.heading(page.say(title))
        _node_rows(view, shown, fold=not named)
    if scope.upstream:
        page.heading(page.say(Text("它们的前置节点（未选）", "Nodes before them, not chosen")))
        _node_rows(view, scope.upstream, fold=True)
    for state in silent:
        rest = [node.id for node in scope.chosen if state_of(node) == state]
        if rest:
            tail = Text("，没有规则把关", ", no loaded rule gates them") if state == "ungated" else Text("", "")
            lead = Text(
                f"{STATES[state].zh}（{len(rest)} 个{tail.zh}）：", f"{STATES[state].en} ({len(rest)}{tail.en}): "
            )
            page.blank()
            page.line(f"{SIGNS[state]} {page.say(lead)}{view.codes(rest)}", STYLES[state], hang=2)


def _node_rows(view: View, nodes: Sequence[NodeResult], *, fold: bool) -> None:
    """A line for each node; many nodes with one state, reason and owner share a line if `fold`."""
    acting = Acting(view.report)
    alike: dict[tuple[NodeState, str, str], list[NodeResult]] = {}
    for node in nodes:
        owners = view.departments(acting.departments(node))
        alike.setdefault((state_of(node), view.say(reason(view, node)), owners), []).append(node)
    lines: list[tuple[int, NodeState, list[str]]] = []
    for (state, why, owners), same in alike.items():
        first = f"{SIGNS[state]} {view.say(STATES[state])}"
        if fold and len(same) > FOLD:
            together = view.say(count(len(same), "个节点", "node"))
            codes = view.codes([node.id for node in same])
            lines.append((nodes.index(same[0]), state, [first, codes, together, why, owners]))
        else:
            lines += [(nodes.index(n), state, [first, visible(n.code), view.data(n.title), why, owners]) for n in same]
    lines.sort(key=lambda line: line[0])
    view.page.grid([row for _, _, row in lines], styles=[STYLES[state] for _, state, _ in lines])


def reason(view: View, node: NodeResult) -> Text:
    """Why a node has its state, in a few words."""
    parts: list[Text] = []
    if node.blocking_risks:
        parts.append(count(len(node.blocking_risks), "项阻断风险", "blocking risk"))
    if node.reopened:
        parts.append(Text("曾记为已通过，现重新打开", "recorded as passed, now reopened"))
    if node.held_by:
        parts.append(_by(view, node.held_by, Text("受阻于 {}", "held by {}")))
    if node.status == "unverified":
        parts.append(_why_unverified(node, incomplete=bool(view.report.incomplete)))
    if node.status != "blocked" and node.awaiting and not node.held_by:
        parts.append(_by(view, node.awaiting, Text("等待 {} 核实", "awaiting {}")))
    if node.status == "ungated":
        parts.append(Text("没有规则把关", "no loaded rule gates it"))
    waived = count_waived(node.other_risks)
    if len(node.other_risks) > waived:
        parts.append(count(len(node.other_risks) - waived, "项非阻断风险", "lesser risk"))
    if waived:
        risks = count(waived, "项已豁免的风险", "risk")
        parts.append(Text(risks.zh, f"{risks.en} waived"))
    if node.gaps and node.status != "unverified":
        parts.append(count(sum(gap.count for gap in node.gaps), "处资料缺口", "gap"))
    return Text(BETWEEN.zh.join(p.zh for p in parts), BETWEEN.en.join(p.en for p in parts))


def _why_unverified(node: NodeResult, *, incomplete: bool) -> Text:
    if node.gaps:
        gaps = count(sum(gap.count for gap in node.gaps), "处资料缺口", "gap")
        rules = count(len({gap.rule for gap in node.gaps}), "条规则", "rule")
        return Text(f"{gaps.zh}（{rules.zh}）", f"{gaps.en} in {rules.en}")
    if node.rules and not node.checked:
        return Text("规则没有遇到任何对象", "its rules met nothing to look at")
    if incomplete:
        return Text("快照不完整", "the snapshot is incomplete")
    return Text("阻断规则已停用", "its blocking rules are disabled")


def _by(view: View, names: Sequence[str], form: Text) -> Text:
    """The form with the codes of the nodes in it, the first few if they are many."""
    shown, more = names[:NAMED], len(names) - NAMED
    tail = Text(f"等 {len(names)} 个节点", f" and {more} more") if more > 0 else Text("", "")
    zh, en = view.codes(shown, LISTED.zh) + tail.zh, view.codes(shown, LISTED.en) + tail.en
    return Text(form.zh.format(zh), form.en.format(en))


def elsewhere_of(scope: Scope) -> Text | None:
    """How much lies at nodes that were not chosen, if anything does."""
    if not scope.other_risks and not scope.other_gaps:
        return None
    blocking = sum(risk.severity == "blocking" and risk.waiver is None for risk in scope.other_risks)
    gaps = sum(gap.count for gap in scope.other_gaps)
    risks = count(len(scope.other_risks), "项风险", "risk")
    listed = count(gaps, "处资料缺口", "gap")
    return Text(
        f"其他节点另有 {risks.zh}（其中阻断 {blocking} 项）、{listed.zh}，此处不列。",
        f"Elsewhere, at nodes that were not chosen: {risks.en} ({blocking} blocking) and {listed.en}.",
    )


def notes_of(report: Report) -> list[Text]:
    """The notes of a report, each with its place and how many times it holds."""
    found = []
    for note in report.notes:
        where = f" {visible(note.pointer or '/')}" if note.pointer is not None else ""
        times = Text(f"（{note.count:,} 处）", f" ({note.count:,} times)") if note.count > 1 else Text("", "")
        code = f" [{visible(note.code)}]"
        zh, en = visible(note.message.zh), visible(note.message.en)
        found.append(Text(f"{zh}{where}{times.zh}{code}", f"{en}{where}{times.en}{code}"))
    return found


def exit_line(report: Report) -> Text:
    """The exit code and what it means for this report."""
    ignored = _ignored(report)
    flags = Text("", "")
    if ignored and report.exit_code != 1:
        flags = Text(f"（{LISTED.zh.join(ignored)}）", f" ({LISTED.en.join(ignored)})")
    meaning = {
        0: Text("没有拦住所选节点的事项", "nothing stops the chosen nodes"),
        1: Text("有节点不通过或受阻于前置节点", "a chosen node is blocked, or held by one before it"),
        3: Text(
            "没有节点被阻断，但有节点未核实、待前置核实或没有规则把关",
            "no chosen node is blocked, but one is unverified, awaiting or gated by no rule",
        ),
    }[report.exit_code]
    if ignored and report.exit_code == 0:
        meaning = Text("计入的事项没有一项拦住所选节点", "nothing that counts stops the chosen nodes")
    if _IGNORE in ignored and report.exit_code == 3:  # noqa: PLR2004 - the exit code of what is unverified
        meaning = Text(
            "所选节点自身没有不通过的，但有未核实或没有规则把关的",
            "no chosen node is itself blocked, but one is itself unverified, or gated by no rule",
        )
    if report.baseline is not None:
        flags = Text(f"（{LISTED.zh.join(ignored)}）", f" ({LISTED.en.join(ignored)})")
        meaning = {
            0: Text("除基线里已有的外，没有拦住所选节点的事项", "nothing new stops the chosen nodes"),
            1: Text(
                "所选节点或其前置节点有基线里没有的阻断风险",
                "a blocking risk is new at a chosen node, or at one before it",
            ),
            3: Text(
                "没有新的阻断风险，但有节点未核实、待前置核实或没有规则把关，基线里也没有",
                "no blocking risk is new, but something unverified, awaiting or gated by no rule is",
            ),
        }[report.exit_code]
    return Text(
        f"退出码 {report.exit_code}：{meaning.zh}{flags.zh}", f"Exit code {report.exit_code}: {meaning.en}{flags.en}"
    )

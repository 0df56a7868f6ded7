"""Risks and gaps for people: those of one rule together, with a count, the first places and what to do."""

import json
from collections.abc import Sequence

from riskgate.pack import Severity
from riskgate.render.cells import cells
from riskgate.render.escape import visible
from riskgate.render.view import View, citation
from riskgate.render.waivers import WAIVED, waived_by
from riskgate.render.words import (
    BETWEEN,
    GAP_REASONS,
    LISTED,
    SEVERITY_MARKS,
    SEVERITY_STYLES,
    SEVERITY_WORDS,
    count,
)
from riskgate.report import EntityRef, Evidence, Gap, Risk
from riskgate.text import Text

PLACES = 3
"""How many places of a group are named."""
VALUES = 4
"""How many values of the first risk's evidence are shown."""
UNDECIDED = "?"
"""The mark of a gap: neither a risk nor a pass."""


def show_risks(view: View, risks: Sequence[Risk]) -> None:
    """The risks, one block for each rule, in the order in which the rules first appear."""
    groups: dict[str, list[Risk]] = {}
    for risk in risks:
        groups.setdefault(risk.rule, []).append(risk)
    for group in groups.values():  # what counts comes first
        group.sort(key=lambda risk: risk.waiver is not None)
    if not groups:
        return
    total, rules = count(len(risks), "项风险", "risk"), count(len(groups), "条规则", "rule")
    waived = sum(risk.waiver is not None for risk in risks)
    tail = Text(f"，其中已豁免 {waived:,} 项", f", {waived:,} waived") if waived else Text("", "")
    view.page.heading(view.say(Text(f"{total.zh}（{rules.zh}）{tail.zh}", f"{total.en} by {rules.en}{tail.en}")))
    # ids cost a hash each, so they are asked for only where a derived risk names some
    ruled_by = {risk.id: risk.rule for risk in view.report.risks} if any(risk.because for risk in risks) else {}
    for found in groups.values():
        _risk_group(view, found)
        _because(view, found[0], ruled_by)


def _risk_group(view: View, found: Sequence[Risk]) -> None:
    first = found[0]
    info = view.report.rules[first.rule]
    show_title(view, first, len(found))
    view.page.line(view.data(first.message), indent=4)
    if first.evidence:
        show_item(view, Text("依据", "evidence"), _evidence(view, first.evidence))
    show_places(view, [risk.entity for risk in found[:PLACES]], len(found))
    if info.owners:
        show_item(view, Text("整改", "owner"), view.departments(info.owners))
    if info.remedy is not None:
        show_item(view, Text("措施", "remedy"), view.data(info.remedy))
    if info.sources:
        show_item(view, Text("来源", "source"), view.say(BETWEEN).join(citation(view.page, s) for s in info.sources))
    if found[-1].waiver is not None:
        show_item(view, Text("已豁免", "waived"), waived_by(view, found))
    if view.report.baseline is not None and first.severity == "blocking":
        show_item(view, Text("基线", "baseline"), view.say(_known(view, found)))


def _known(view: View, found: Sequence[Risk]) -> Text:
    """How many of these risks are new beside the baseline, and how many of them it knows."""
    counting = [risk for risk in found if risk.waiver is None]
    new = sum(risk.id in view.new_risks for risk in counting)
    known = len(counting) - new
    parts = [
        Text(f"{new:,} 项新增，计入退出码", f"{new:,} new, counted") if new else None,
        Text(f"{known:,} 项已有，不计入", f"{known:,} known, not counted") if known else None,
    ]
    said = [part for part in parts if part is not None] or [Text("均已豁免", "all waived")]
    return Text(BETWEEN.zh.join(part.zh for part in said), BETWEEN.en.join(part.en for part in said))


def show_gaps(view: View, gaps: Sequence[Gap]) -> None:
    """The gaps, one block for each rule, with what is missing and where."""
    groups: dict[str, list[Gap]] = {}
    for gap in gaps:
        groups.setdefault(gap.rule, []).append(gap)
    if not groups:
        return
    total = count(sum(gap.count for gap in gaps), "处资料缺口", "gap")
    rules = count(len(groups), "条规则", "rule")
    title = Text(f"{total.zh}（{rules.zh}）：不能判定，不算通过", f"{total.en} in {rules.en}: undecided, so not passed")
    view.page.heading(view.say(title))
    for found in groups.values():
        show_title(view, found[0], sum(gap.count for gap in found))
        for gap in found:
            if gap.missing or gap.reason != "missing":
                show_item(view, GAP_REASONS[gap.reason], what_text(view, gap))
            else:  # something within a macro: only the detail can say what
                view.page.line(what_text(view, gap), indent=4, hang=2)
            show_places(view, gap.entities[:PLACES], gap.count)
        owners = view.report.rules[found[0].rule].owners
        if owners:
            show_item(view, Text("补充", "owner"), view.departments(owners))


def what_text(view: View, gap: Gap) -> str:
    """What a gap lacks, and how many times."""
    paths = view.say(LISTED).join(visible(path) for path in gap.missing)
    parts = [paths] if paths and gap.reason == "missing" else [paths, view.data(gap.detail)]
    times = view.say(Text(f"（{gap.count:,} 处）", f" ({gap.count:,} times)")) if gap.count > 1 else ""
    return view.say(Text("：", ": ")).join(part for part in parts if part) + times


def show_title(view: View, first: Risk | Gap, times: int, marked: tuple[str, str] | None = None) -> None:
    """Severity, rule, title, how many times and at which nodes; `marked` are another mark and style than its own."""
    severity: Severity = first.severity
    mark = UNDECIDED if isinstance(first, Gap) else SEVERITY_MARKS[severity]
    style = SEVERITY_STYLES[severity]
    if isinstance(first, Risk) and first.waiver is not None:  # those that are not waived come first
        mark, style = WAIVED, ""
    if marked is not None:
        mark, style = marked
    word = view.say(SEVERITY_WORDS[severity])
    often = view.say(Text(f"，{times:,} 处", f", {times:,} times")) if times > 1 else ""
    title = view.data(view.report.rules[first.rule].title)
    view.page.blank()
    view.page.line(
        f"{mark} {visible(first.rule)}  {title}  [{word}{often}]  {view.codes(first.nodes)}",
        style,
        hang=4,
    )


def show_item(view: View, name: Text, value: str) -> None:
    """One thing about the rule that was named last."""
    view.page.line(view.say(name) + view.say(Text("：", ": ")) + value, indent=4, hang=2)


def show_places(view: View, entities: Sequence[EntityRef], total: int) -> None:
    """The first places, a line each, and how many more there are."""
    label = view.say(Text("位置：", "where: "))
    shown = [place_text(view, entity) for entity in entities]
    more = total - len(shown)
    if more > 0:
        shown.append(view.say(Text(f"……另有 {more:,} 处", f"… and {more:,} more")))
    for number, place in enumerate(shown):
        start = " " * cells(label) if number else label
        view.page.line(start + place, indent=4, hang=cells(label))


def place_text(view: View, entity: EntityRef) -> str:
    """What people call an entity, and its address."""
    label, address = view.data(entity.label), visible(entity.address)
    return address if label in ("", address) else f"{label} ({address})"


def _evidence(view: View, evidence: Sequence[Evidence]) -> str:
    shown = []
    for item in evidence[:VALUES]:
        origin = f" ({visible(item.origin)})" if item.origin else ""
        shown.append(f"{visible(item.name)} = {value_text(view, item.value)}{origin}")
    more = len(evidence) - len(shown)
    if more > 0:
        shown.append(view.say(Text(f"……另有 {more} 项", f"… and {more} more")))
    return view.say(BETWEEN).join(shown)


def value_text(view: View, value: object) -> str:
    """A value as JSON; of a macro, how many items decided it and which came first."""
    if isinstance(value, dict) and {"of", "deciding", "items"} <= value.keys():
        names = [str(item["value"] if "value" in item else item.get("id") or "?") for item in value["items"]]
        listed = view.say(LISTED).join(visible(name) for name in names)
        more = "…" if value["deciding"] > len(names) else ""
        number = view.say(Text(f"{value['of']} 项中 {value['deciding']} 项", f"{value['deciding']} of {value['of']}"))
        return view.say(Text("：", ": ")).join(part for part in (number, listed + more) if part)
    # what JSON has no word for (a date) is shown as its text
    return visible(json.dumps(value, ensure_ascii=False, default=str))


def _because(view: View, risk: Risk, ruled_by: dict[str, str]) -> None:
    if not risk.because:
        return
    tally: dict[str, int] = {}
    for name in risk.because:
        rule = ruled_by.get(name, name)
        tally[rule] = tally.get(rule, 0) + 1
    parts = [f"{visible(rule)} × {times:,}" if times > 1 else visible(rule) for rule, times in sorted(tally.items())]
    show_item(view, Text("由此推出", "because"), view.say(LISTED).join(parts))

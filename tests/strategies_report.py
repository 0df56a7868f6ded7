"""Reports of every shape for the renderers: hostile texts everywhere, risks waived, nodes judged anew, flags."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from fixed_report import REPORTS, fixed_report
from riskgate.judge import decide
from riskgate.report import (
    Baseline,
    EntityRef,
    Evidence,
    Gap,
    NodeResult,
    Report,
    Risk,
    RiskDetail,
    RuleInfo,
    Selection,
    Status,
)
from riskgate.text import Text
from riskgate.waiver import WaiverResult

Spoil = Callable[[str], str]
"""What becomes of a text of a report."""

NASTY = (
    "\x1b[31mred\x1b[0m\x07",
    "a\u202ereversed\u2066\u200b\ufeff",
    "]]><x y='z'>&amp;</failure><!-- --%>",
    "line\nbreak\r\n::error::forged\x85\u2028::set-output name=x::y",
    "\"quoted\",'twice'\t;=1+1",
    "=cmd|' /C calc'!A0",
    "+1-1@SUM(A1)",
    "＝1＋1",
    "| a | b |\n|---|---|\n# head ![x](http://e.example/y.png) [z](javascript:1) @someone #12 `code` $x^2$ ~s~ <b>",
    "---",
    "    1. indented",
    "%0A%25%3A,title=x::",
    "\ufffe\uffff\x00\x7f",
    "\ud800",
    "",
    "长" * 400,
)
"""Texts that would act in one format or another."""

BEFORE = {
    "tender": ("drawing-review",),
    "opening-evaluation": ("drawing-review",),
    "handover": ("joint-acceptance", "trial-survey"),
}
"""The nodes of the fixed report that stand before others."""

WAIVER: Mapping[str, Any] = {
    "id": "0123456789abcdef",
    "reason": {"zh": "集团批准", "en": "agreed"},
    "approved_by": "张三",
    "confirmed": False,
    "expires_on": "2026-12-31",
}


def spoiled(report: Report, spoil: Spoil, names: Spoil = str) -> Report:
    """The report with every text that comes from data replaced, ids of nodes excepted. `names` is what becomes of the
    ids of rules and of addresses."""
    risks = {id(risk): _risk(risk, spoil, names) for risk in report.risks}
    gaps = {id(gap): _gap(gap, spoil, names) for gap in report.gaps}
    nodes = tuple(
        replace(
            node,
            code=spoil(node.code),
            title=_text(node.title, spoil),
            stage=spoil(node.stage),
            blocking_risks=tuple(risks[id(risk)] for risk in node.blocking_risks),
            other_risks=tuple(risks[id(risk)] for risk in node.other_risks),
            gaps=tuple(gaps[id(gap)] for gap in node.gaps),
        )
        for node in report.nodes
    )
    known = report.baseline
    if known is not None:  # the id of a gap is made of its texts
        new = tuple(gaps[id(gap)].id for gap in report.gaps if gap.id in known.new_gaps)
        known = replace(known, name=spoil(known.name), new_gaps=new)
    return replace(
        report,
        baseline=known,
        project_id=spoil(report.project_id),
        project_name=spoil("name"),
        incomplete=tuple(map(spoil, report.incomplete)),
        packs=tuple(replace(pack, pack=spoil(pack.pack), version=spoil(pack.version)) for pack in report.packs),
        parameters=tuple(replace(one, name=spoil(one.name), value=spoil("value")) for one in report.parameters),
        nodes=nodes,
        rules={names(name): _info(info, spoil) for name, info in report.rules.items()},
        risks=tuple(risks[id(risk)] for risk in report.risks),
        gaps=tuple(gaps[id(gap)] for gap in report.gaps),
        waivers=tuple(
            replace(
                one,
                rule=names(one.rule),
                entity=names(one.entity),
                reason=_text(one.reason, spoil),
                approved_by=spoil(one.approved_by),
                detail=_text(one.detail, spoil),
            )
            for one in report.waivers
        ),
        notes=tuple(replace(n, message=_text(n.message, spoil), pointer=spoil(n.pointer or "")) for n in report.notes),
    )


def waived(report: Report, which: Callable[[int], bool]) -> Report:
    """The report with some of its risks waived, and the nodes judged accordingly."""
    risks = {
        id(risk): _remade(risk, risk.detail, WAIVER if which(number) else None)
        for number, risk in enumerate(report.risks)
    }
    nodes = tuple(
        replace(
            node,
            blocking_risks=tuple(risks[id(risk)] for risk in node.blocking_risks),
            other_risks=tuple(risks[id(risk)] for risk in node.other_risks),
        )
        for node in report.nodes
    )
    number = sum(risk.waiver is not None for risk in risks.values())
    return rejudged(replace(report, risks=tuple(risks.values()), nodes=nodes, waivers=_waivers(number)))


def _waivers(number: int) -> tuple[WaiverResult, ...]:
    """The waiver that waives so many risks, and one that expired."""
    held = WaiverResult(
        id=WAIVER["id"],
        rule="DR-KIT-001",
        entity="phases[1]/*",
        reason=Text("集团批准", "agreed"),
        approved_by="张三",
        role="group",
        confirmed=False,
        approved_on="2026-10-01",
        expires_on="2026-12-31",
        condition=None,
        state="held",
        detail=Text("有效", "holds"),
        covers=number,
        waives=number,
        days_left=41,
        file="waivers.yaml",
        line=3,
    )
    expired = replace(
        held,
        id="f" * 16,
        state="expired",
        detail=Text("已于 2026-10-31 到期", "expired on 2026-10-31"),
        expires_on="2026-10-31",
        covers=1,
        waives=0,
        days_left=-20,
    )
    return (held, expired) if number else ()


def rejudged(report: Report, selection: Selection | None = None) -> Report:
    """The report with states, verdict and exit code as its risks and gaps make them, beside its baseline if any."""
    chosen = selection or report.selection
    nodes, counted = _all_judged(report, report.nodes), None
    known = report.baseline
    if known is not None:
        counted = _all_judged(
            report,
            tuple(
                replace(
                    node,
                    blocking_risks=tuple(risk for risk in node.blocking_risks if risk.id in known.new_risks),
                    gaps=tuple(gap for gap in node.gaps if gap.id in known.new_gaps),
                )
                for node in nodes
            ),
        )
    verdict, code = decide(nodes, chosen, counted)
    return replace(report, nodes=nodes, selection=chosen, verdict=verdict, exit_code=code)


def against(report: Report, known: frozenset[int]) -> Report:
    """The report beside a baseline that knows some of its risks and gaps, by number."""
    blocking = [risk for risk in report.risks if risk.severity == "blocking" and risk.waiver is None]
    new_risks = [risk.id for number, risk in enumerate(blocking) if number not in known]
    new_gaps = [gap.id for number, gap in enumerate(report.gaps) if number not in known]
    return replace(
        report,
        baseline=Baseline(
            name="earlier.json",
            sha256="cd" * 32,
            as_of="2026-10-01",
            known_risks=len(blocking) - len(new_risks),
            new_risks=tuple(new_risks),
            known_gaps=len(report.gaps) - len(new_gaps),
            new_gaps=tuple(new_gaps),
        ),
    )


def _all_judged(report: Report, nodes: Sequence[NodeResult]) -> tuple[NodeResult, ...]:
    judged = {node.id: _judged(node, incomplete=bool(report.incomplete)) for node in nodes}
    return tuple(_after(node, judged) for node in judged.values())


def _judged(node: NodeResult, *, incomplete: bool) -> NodeResult:
    risks = [*node.blocking_risks, *node.other_risks]
    blocking = tuple(risk for risk in risks if risk.severity == "blocking" and risk.waiver is None)
    status: Status = "clear"
    if blocking:
        status = "blocked"
    elif not node.rules:
        status = "ungated"
    elif incomplete or node.gaps or not node.checked:
        status = "unverified"
    others = tuple(risk for risk in risks if risk not in blocking)
    return replace(node, status=status, blocking_risks=blocking, other_risks=others, held_by=(), awaiting=())


def _after(node: NodeResult, judged: dict[str, NodeResult]) -> NodeResult:
    before = [judged[name] for name in BEFORE.get(node.id, ()) if name in judged]
    held = tuple(one.id for one in before if one.status == "blocked")
    awaiting = tuple(one.id for one in before if one.status == "unverified")
    return replace(node, held_by=() if node.status == "blocked" else held, awaiting=awaiting)


texts = st.one_of(st.sampled_from(NASTY), st.text(st.characters(), max_size=30))


@dataclass(frozen=True)
class Recipe:
    """How to make a report, in few words."""

    name: str
    chosen: frozenset[int]
    """Numbers of the chosen nodes; all if empty."""
    flags: tuple[bool, bool, bool, bool]
    """Named, unverified allowed, upstream ignored; whether the snapshot says that it is incomplete."""
    hidden: frozenset[int]
    """Numbers of the waived risks."""
    pool: tuple[str, ...]
    """The texts, in turn."""
    known: frozenset[int] | None = None
    """Numbers of the risks and gaps that the baseline knows; None without a baseline."""

    def report(self) -> Report:
        report = REPORTS[self.name]()
        names = [node.id for number, node in enumerate(report.nodes) if not self.chosen or number in self.chosen]
        names = names or [node.id for node in report.nodes]
        *flags, incomplete = self.flags
        report = replace(report, incomplete=report.incomplete if incomplete else ())
        report = waived(report, self.hidden.__contains__)
        report = rejudged(
            report if self.known is None else against(report, self.known), Selection(tuple(names), *flags)
        )
        turn = iter(range(10**9))
        return spoiled(report, lambda _: self.pool[next(turn) % len(self.pool)])


recipes = st.builds(
    Recipe,
    name=st.sampled_from(sorted(REPORTS)),
    chosen=st.frozensets(st.integers(0, 8), max_size=4),
    flags=st.tuples(st.booleans(), st.booleans(), st.booleans(), st.booleans()),
    hidden=st.frozensets(st.integers(0, 8)),
    pool=st.lists(texts, min_size=1, max_size=6).map(tuple),
    known=st.none() | st.frozensets(st.integers(0, 7)),
)
"""Any of the fixed reports with other texts, other waivers, another choice and other flags."""


def hostile_report() -> Report:
    """The fixed report with a hostile text in every place, two of its risks waived."""
    turn = iter(range(10**9))
    report = waived(fixed_report(), {1, 6}.__contains__)
    return spoiled(report, lambda _: NASTY[next(turn) % len(NASTY)], lambda name: f"{name}\x1b]]>|=\u202e,:%0A\n@x")


def many(number: int) -> Report:
    """The fixed report with so many risks of its first rule, each at a room of its own."""
    report = fixed_report()
    first = report.risks[0]
    risks = tuple(_moved(first, place) for place in range(number))
    nodes = tuple(
        replace(node, blocking_risks=risks) if len(node.blocking_risks) > 1 else node for node in report.nodes
    )
    return replace(report, nodes=nodes, risks=(*risks, *report.risks[5:]))


def _moved(risk: Risk, place: int) -> Risk:
    entity, message, evidence = risk.detail
    moved = EntityRef(entity.type, f"rooms[R{place}]", f"/project/rooms/{place}", Text.of(f"R{place}"))
    other = Risk(risk.rule, risk.severity, risk.nodes, moved.address, risk._make)
    return _remade(other, RiskDetail(moved, message, evidence), None)


def _remade(risk: Risk, detail: RiskDetail, waiver: Mapping[str, Any] | None) -> Risk:
    return Risk(
        risk.rule, risk.severity, risk.nodes, risk.address, lambda _: detail, because=risk.because, waiver=waiver
    )


def _text(text: Text, spoil: Spoil) -> Text:
    return Text(spoil(text.zh), spoil(text.en))


def _risk(risk: Risk, spoil: Spoil, names: Spoil) -> Risk:
    entity, message, evidence = risk.detail
    told = tuple(Evidence(spoil(e.name), e.pointer, [spoil("a"), e.value], spoil("origin")) for e in evidence)
    waiver = risk.waiver and {
        **risk.waiver,
        "reason": {"zh": spoil("reason"), "en": spoil("reason")},
        "approved_by": spoil("who"),
    }
    detail = RiskDetail(_entity(entity, spoil, names), _text(message, spoil), told)
    moved = Risk(names(risk.rule), risk.severity, risk.nodes, names(risk.address), risk._make, because=risk.because)
    return _remade(moved, detail, waiver)


def _gap(gap: Gap, spoil: Spoil, names: Spoil) -> Gap:
    return replace(
        gap,
        rule=names(gap.rule),
        detail=_text(gap.detail, spoil),
        missing=tuple(map(spoil, gap.missing)),
        entities=tuple(_entity(entity, spoil, names) for entity in gap.entities),
    )


def _entity(entity: EntityRef, spoil: Spoil, names: Spoil) -> EntityRef:
    pointer = "/" + spoil(entity.pointer).replace("~", "")
    return EntityRef(spoil(entity.type), names(entity.address), pointer, _text(entity.label, spoil))


def _info(info: RuleInfo, spoil: Spoil) -> RuleInfo:
    return replace(
        info,
        title=_text(info.title, spoil),
        pack=spoil(info.pack),
        theme=spoil(info.theme or ""),
        owners=tuple(map(spoil, info.owners)),
        remedy=_text(info.remedy or Text.of("remedy"), spoil),
        why=_text(info.why or Text.of("why"), spoil),
        sources=tuple(replace(source, ref=spoil(source.ref), clause=spoil(source.clause)) for source in info.sources),
        file=spoil(info.file),
    )

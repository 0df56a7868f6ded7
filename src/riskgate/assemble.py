"""Evaluation to Report: risks in order, gaps with their entities, nodes with their state, verdict and exit code."""

from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from operator import itemgetter
from pathlib import PurePath
from time import perf_counter
from typing import TYPE_CHECKING, Any

from riskgate import __version__
from riskgate.cel.runtime import Context
from riskgate.derive import Inferred, derive, node_records
from riskgate.describe import Describer
from riskgate.errors import ChoiceError, Problem
from riskgate.evaluate import Evaluation, GapGroup, contexts_of
from riskgate.evidence import Explainer
from riskgate.found import FoundRisks
from riskgate.infer import Engine
from riskgate.judge import Records, decide, due_nodes, judge
from riskgate.labels import Labels
from riskgate.lifecycle import Lifecycle
from riskgate.overlay import Applied
from riskgate.pack import SEVERITIES, Derive, Pack, Rule, Severity
from riskgate.record import record
from riskgate.report import (
    GAP_ENTITIES,
    EntityRef,
    Gap,
    OverlayInfo,
    PackInfo,
    Report,
    ReportNote,
    RuleInfo,
    Selection,
)
from riskgate.risk import Batch, OneRisk, Risks
from riskgate.snapshot.marks import inventory_of
from riskgate.text import Text
from riskgate.unmet import unmet

if TYPE_CHECKING:
    from riskgate.known import Known
    from riskgate.waive import Met, Waiving

Order = tuple[int, int, int, str]
NO_SENSITIVITY = 0


@record
class Choice:
    """Which nodes count (`named` by id, or those that are `due`, or all) and the flags of the check."""

    named: tuple[str, ...] | None = None
    due: bool = False
    allow_unverified: bool = False
    ignore_upstream: bool = False


def assemble(
    evaluation: Evaluation,
    describer: Describer,
    choice: Choice,
    *,
    overridden: bool,
    all_gaps: bool,
    engine: Engine,
    stats: MutableMapping[str, float],
    waiving: "Waiving | None" = None,
    known: "Known | None" = None,
) -> Report:
    """Put the report together. Raises ChoiceError if the choice of nodes is empty."""
    library, snapshot = evaluation.plan.library, evaluation.snapshot
    lifecycle = library.lifecycle
    contexts = contexts_of(evaluation.plan, snapshot, evaluation.settings)
    labels = Labels(snapshot, describer)
    found = _evaluated_risks(evaluation, describer, labels, contexts)
    start = perf_counter()
    limit = None if all_gaps or known is not None else GAP_ENTITIES
    met = None if waiving is None else waiving.meet()
    evaluated, facts = (found, found) if met is None else _without_waived(found, met)
    inferred = derive(evaluation, facts, contexts, describer, labels, engine=engine, limit=limit, met=met)
    stats["infer"] = perf_counter() - start
    risks = _in_order(evaluated, inferred, evaluation)
    gaps = _gaps(evaluation, labels, inferred, limit)
    records = Records.of(node_records(snapshot))
    judged = partial(
        judge,
        lifecycle,
        [rule.rule for rule in evaluation.plan.rules],
        met=evaluation.met,
        records=records,
        incomplete=bool(snapshot.incomplete),
        disabled=library.applied.silenced,
        watched=library.applied.watched,
    )
    nodes = judged(risks, gaps)
    selection = _selection(lifecycle, choice, records, evaluation)
    weighed = None if known is None else known.weigh(risks, gaps, snapshot.sha256)
    counted = None if weighed is None else judged(weighed.risks, weighed.gaps)
    verdict, exit_code = decide(nodes, selection, counted)
    root = snapshot.project
    report = Report(
        version=__version__,
        project_id=str(root.get("id") or ""),
        project_name=root.get("name"),
        as_of=evaluation.as_of.date().isoformat(),
        as_of_overridden=overridden,
        verdict=verdict,
        exit_code=exit_code,
        selection=selection,
        sha256=snapshot.sha256,
        incomplete=snapshot.incomplete,
        packs=_packs(library.packs),
        parameters=evaluation.settings.overrides,
        nodes=nodes,
        rules=_infos(evaluation, inferred, risks, gaps),
        risks=risks,
        gaps=gaps,
        notes=_notes(evaluation, gaps, selection.nodes),
        waivers=() if met is None else met.results(),
        waiver_files=() if met is None else met.files(),
        entities=inventory_of(snapshot),
        baseline=None if weighed is None else weighed.baseline,
        overlays=_overlays(library.applied),
        stats=stats,
    )
    if known is not None:
        report = replace(report, notes=(*report.notes, *known.notes(report)))
    return report if all_gaps or known is None else report.shortened()


def _packs(packs: Sequence[Pack]) -> tuple[PackInfo, ...]:
    """By name: in which order they were loaded does not matter, so it does not show."""
    return tuple(
        PackInfo(pack.name, pack.version, pack.sha256, len(pack.rules) + len(pack.derives))
        for pack in sorted(packs, key=lambda pack: pack.name)
    )


def _overlays(applied: Applied) -> tuple[OverlayInfo, ...]:
    return tuple(OverlayInfo(one.name, one.level, PurePath(one.file).name, one.sha256) for one in applied.overlays)


def _notes(evaluation: Evaluation, gaps: Sequence[Gap], chosen: Sequence[str]) -> tuple[ReportNote, ...]:
    applied = evaluation.plan.library.applied
    return (
        *(ReportNote(note.code, note.message, note.pointer, note.count) for note in evaluation.snapshot.notes),
        *unmet(evaluation, gaps, chosen),
        *(_overlay_notes(applied) if applied.overlays else ()),
    )


def _overlay_notes(applied: Applied) -> Iterator[ReportNote]:
    from riskgate.apply.notes import overlay_notes  # noqa: PLC0415 - without overlays, a check does without

    return overlay_notes(applied)


def _selection(lifecycle: Lifecycle, choice: Choice, records: Records, evaluation: Evaluation) -> Selection:
    chosen = tuple(node.id for node in lifecycle.nodes)
    if choice.named is not None or choice.due:
        wanted = set(choice.named or ())
        if choice.due:
            wanted |= set(due_nodes(lifecycle, records, evaluation.as_of.date()))
        chosen = tuple(node for node in chosen if node in wanted)
    if not chosen:
        message = Text("没有到期的节点，无从检查", "no node is due: there is nothing to check")
        help_ = Text(
            "用 --node 指定节点，或在快照的 project.nodes 中记录进度", "name nodes, or record them in project.nodes"
        )
        raise ChoiceError(Problem("empty-choice", message, help=help_))
    return Selection(chosen, choice.named is not None, choice.allow_unverified, choice.ignore_upstream)


# -- risks


def _evaluated_risks(
    evaluation: Evaluation, describer: Describer, labels: Labels, contexts: Sequence[Context]
) -> list[FoundRisks]:
    """The risks of each rule that is violated anywhere."""
    return [
        FoundRisks(
            bound.rule,
            evaluation.snapshot,
            evaluation.risks[bound.index],
            partial(Explainer, evaluation, bound, describer, labels, contexts),
        )
        for bound in evaluation.plan.rules
        if evaluation.risks[bound.index]
    ]


def _without_waived(found: Sequence[FoundRisks], met: "Met") -> tuple[list[Batch], list[FoundRisks]]:
    """The risks of each rule, waived ones marked; and those that are not waived, which alone are facts."""
    evaluated = [risks.split(partial(met.mark, risks.rule)) if met.names(risks.rule) else risks for risks in found]
    facts = [unwaived for risks in evaluated if isinstance(unwaived := risks.unwaived, FoundRisks)]
    return evaluated, facts


def _order(lifecycle: Lifecycle, rule: Rule | Derive, severity: Severity, nodes: Sequence[str]) -> Order:
    """Severity, customer sensitivity (highest first), first node, rule."""
    first = min(lifecycle.position[node] for node in nodes)
    return SEVERITIES.index(severity), -(rule.customer_sensitivity or NO_SENSITIVITY), first, rule.id


def _in_order(evaluated: Sequence[Batch], inferred: Inferred, evaluation: Evaluation) -> Risks:
    lifecycle, by_id = evaluation.plan.library.lifecycle, evaluation.plan.by_id
    listed: list[tuple[Order, str, Batch]] = [
        (_order(lifecycle, by_id[found.rule].rule, found.severity, found.nodes), "", found) for found in evaluated
    ]
    for risk in inferred.risks:
        _, rule = inferred.rules[risk.rule]
        listed.append((_order(lifecycle, rule, risk.severity, risk.nodes), risk.address, OneRisk(risk)))
    listed.sort(key=itemgetter(0, 1))
    return Risks(batch for _, _, batch in listed)


# -- gaps


def _gaps(evaluation: Evaluation, labels: Labels, inferred: Inferred, limit: int | None) -> tuple[Gap, ...]:
    lifecycle = evaluation.plan.library.lifecycle
    listed: list[tuple[tuple[Any, ...], Gap]] = []
    for group in evaluation.gaps:
        rule = group.rule.rule
        gap = Gap(
            rule.id,
            rule.severity,
            rule.nodes,
            group.reason,
            group.detail,
            group.missing,
            len(group.ordinals),
            _first_entities(evaluation, labels, group, limit),
        )
        listed.append((_order(lifecycle, rule, rule.severity, rule.nodes), gap))
    for gap in inferred.gaps:
        _, derived = inferred.rules[gap.rule]
        listed.append((_order(lifecycle, derived, gap.severity, gap.nodes), gap))
    listed.sort(key=lambda entry: (entry[0], entry[1].reason, entry[1].missing, entry[1].detail.en))
    return tuple(gap for _, gap in listed)


def _first_entities(
    evaluation: Evaluation, labels: Labels, group: GapGroup, limit: int | None
) -> tuple[EntityRef, ...]:
    snapshot, kind = evaluation.snapshot, group.entity.name
    rank = snapshot.rank(kind)
    found: list[EntityRef] = []
    for ordinal in sorted(group.ordinals, key=rank.__getitem__)[:limit]:
        address = snapshot.address(kind, ordinal)
        label = labels.of(group.entity, ordinal)
        found.append(EntityRef(kind, address, snapshot.pointer(kind, ordinal), label))
    return tuple(found)


# -- rules


def _infos(evaluation: Evaluation, inferred: Inferred, risks: Risks, gaps: Sequence[Gap]) -> dict[str, RuleInfo]:
    packs = evaluation.plan.library.packs
    by_id = evaluation.plan.by_id
    found: dict[str, RuleInfo] = {}
    for name in sorted({batch.rule for batch in risks.batches} | {gap.rule for gap in gaps}):
        if name in by_id:
            bound = by_id[name]
            found[name] = rule_info(packs[bound.pack], bound.rule)
        else:
            index, derived = inferred.rules[name]
            found[name] = derive_info(packs[index], derived)
    return found


def rule_info(pack: Pack, rule: Rule) -> RuleInfo:
    return RuleInfo(
        title=rule.title,
        pack=pack.name,
        severity=rule.severity,
        theme=rule.theme,
        customer_sensitivity=rule.customer_sensitivity,
        operator_weight=rule.operator_weight,
        owners=rule.owners,
        remedy=rule.remedy,
        why=rule.why,
        sources=rule.sources,
        waivable_by=rule.waivable_by,
        file=file_in_pack(pack.place.file, rule.place.file),
        line=rule.place.line,
    )


def derive_info(pack: Pack, derived: Derive) -> RuleInfo:
    return RuleInfo(
        title=derived.title,
        pack=pack.name,
        severity=derived.conclude.severity,
        theme=derived.conclude.theme,
        customer_sensitivity=derived.customer_sensitivity,
        operator_weight=derived.operator_weight,
        owners=derived.conclude.owners,
        remedy=derived.remedy,
        why=derived.why,
        sources=derived.sources,
        waivable_by=derived.waivable_by,
        file=file_in_pack(pack.place.file, derived.place.file),
        line=derived.place.line,
    )


@lru_cache(maxsize=256)
def file_in_pack(pack: str, file: str) -> str:
    """A rule's file as seen from the folder that holds the pack, so that a report is the same on every machine."""
    base, path = _base(pack), PurePath(file)
    return path.relative_to(base).as_posix() if path.is_relative_to(base) else path.name


@lru_cache(maxsize=64)
def _base(pack: str) -> PurePath:
    head = PurePath(pack)
    return head.parent.parent if head.name == "pack.yaml" else head.parent

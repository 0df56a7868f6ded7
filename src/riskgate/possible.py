"""What derive rules may yet conclude: rules, entities and nodes of which something is not known.

A derive rule counts risks. A rule that feeds it and could not be decided somewhere may hide risks there, and too few
risks conclude nothing: that must not look like an answer. So facts are chained a second time, with bounds in place of
every number to which an undecided entity may add. What is concluded then, and was not before, is open: a gap of the
derive rule, in that group. Nothing is open that no completion of the facts could bring about, as far as bounds tell:
one flat of a thousand that nobody measured cannot make a share of 5 %.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from types import MappingProxyType
from typing import Any, NamedTuple

from riskgate.counted import OPEN, CountedRisks, Doubt, key_of, wanted_of
from riskgate.evaluate import REASONS, Evaluation, GapGroup
from riskgate.groups import Groups
from riskgate.infer import PROJECT, Derived, Engine, Fact, infer
from riskgate.infer.chain import Waived
from riskgate.infer.facts import COUNTED, UNKNOWN
from riskgate.infer.lines import Wanted
from riskgate.infer.values import Between, Value
from riskgate.lifecycle import Lifecycle
from riskgate.pack import Derive
from riskgate.record import record, replace
from riskgate.report import GapReason
from riskgate.text import Text
from riskgate.vocabulary import NODE_RECORD


class Cause(NamedTuple):
    """Something undecided that may add to a fact, and why: a rule (its own gap says more), or a field of a node."""

    name: str
    reason: GapReason


class Open(NamedTuple):
    """A derive rule that may yet conclude for a group."""

    derive: str
    group: str
    nodes: tuple[str, ...]
    """The nodes of the rule at which what is undecided is due."""
    reason: GapReason
    detail: Text


@record
class Doubts:
    """What may yet become a risk, by rule and group; what is not known of nodes; and why."""

    risks: dict[str, Doubt] = field(default_factory=dict)
    nodes: list[Fact] = field(default_factory=list)
    causes: dict[str, dict[Cause, None]] = field(default_factory=dict)
    """By what stands in the `because` of facts."""

    def __bool__(self) -> bool:
        return bool(self.risks or self.nodes)


def doubts_of(
    evaluation: Evaluation,
    groups: Groups,
    wanted: Wanted,
    nodes: Sequence[Fact],
    records: Mapping[str, Mapping[str, Any]],
) -> Doubts:
    """Everything undecided that a `given` line may meet."""
    doubts = Doubts()
    for gap in evaluation.gaps:
        rule = gap.rule.rule
        if not wanted_of(rule, wanted):
            continue
        cause = Cause(rule.id, gap.reason)
        for group, units, count in _where(evaluation, groups, gap):
            key = key_of(rule.id, group)
            doubt = doubts.risks.setdefault(key, Doubt(rule, group))
            doubt.count += count
            doubt.units |= units
            doubts.causes.setdefault(key, {})[cause] = None
    _doubt_nodes(doubts, wanted, nodes, records, evaluation)
    return doubts


def _where(evaluation: Evaluation, groups: Groups, gap: GapGroup) -> Iterable[tuple[str, set[str], float]]:
    """Groups, sale units and number of the risks that a gap may hide."""
    vocabulary = evaluation.snapshot.vocabulary
    entity = gap.rule.entity
    belonging = groups.of(gap.entity.name)
    if gap.entity.name == entity.name:  # entities that are there, undecided
        for (group, unit), count in Counter(map(belonging.__getitem__, gap.ordinals)).items():
            yield group, set() if unit is None else {unit}, count
        return
    chain = [above.name for above in vocabulary.chains[entity.name]]
    roles = {vocabulary.group, vocabulary.sale_unit} - {None}
    if not roles & set(chain) and any(f.type == "ref" and f.to in roles for f in entity.fields.values()):
        # ledgers beside the buildings, absent: what they do not say may be about any building and flat
        members = groups.members()
        for group in members:
            yield group, members[group] | {UNKNOWN}, math.inf
        return
    below = chain[chain.index(gap.entity.name) + 1 :]
    for group, unit in dict.fromkeys(map(belonging.__getitem__, gap.ordinals)):
        units = {unit} if unit is not None else {UNKNOWN} if vocabulary.sale_unit in below else set[str]()
        yield group, units, math.inf


def _doubt_nodes(
    doubts: Doubts,
    wanted: Wanted,
    nodes: Sequence[Fact],
    records: Mapping[str, Mapping[str, Any]],
    evaluation: Evaluation,
) -> None:
    """Nodes whose record has no status, or that have no planned date: a condition on these may hold."""
    statuses = tuple(evaluation.snapshot.vocabulary.entities[NODE_RECORD].fields["status"].values)
    for fact in nodes:
        name = str(fact.fields["node"])
        missing: list[str] = []
        known: dict[str, Value] = dict(fact.fields)
        if "days_to_planned" not in known:
            known["days_to_planned"] = Between(-math.inf, math.inf)
            missing.append("planned_on")
        unsaid = name in records and records[name].get("status") is None
        missing += ["status"] if unsaid else []
        variants = [{**known, "status": status} for status in (statuses if unsaid else (known["status"],))]
        met = [variant for variant in variants if wanted.may_meet("node", variant)]
        if not missing or not met:
            continue
        key = f"{NODE_RECORD}\0{name}"
        doubts.causes[key] = {Cause(f"{NODE_RECORD}[{name}].{field}", "missing"): None for field in missing}
        doubts.nodes.extend(Fact("node", MappingProxyType(variant), (key,)) for variant in met)


def may_conclude(
    derives: Sequence[Derive],
    found: CountedRisks,
    known: Sequence[Fact],
    certain: Sequence[Derived],
    doubts: Doubts,
    lifecycle: Lifecycle,
    units_per_group: Mapping[str, int],
    *,
    engine: Engine,
    waived: Waived | None,
) -> list[Open]:
    """What the rules conclude from facts with bounds, and did not conclude from certain ones (those in `known` are
    certain in any case). Raises InferenceError.

    What a rule asks for is due at the first node that it gates: at an earlier node its gaps are no doubt yet.
    """
    settled = {(one.derive, one.group) for one in certain}
    # a waiver holds for risks: for those that are only possible nobody has asked
    let_through = {(rule, group) for rule, group in settled if waived is not None and waived(rule, group)}
    relaxed = [_relaxed(derive) for derive in derives]
    conclusions = {derive.id: derive.conclude.nodes for derive in derives}

    def conclude(due: frozenset[str]) -> list[tuple[str, str, tuple[Cause, ...]]]:
        facts = [*found.facts({key: doubts.risks[key] for key in doubts.risks if key in due}), *known, *doubts.nodes]
        possible = infer(
            relaxed, facts, units_per_group, engine=engine, waived=lambda rule, group: (rule, group) in let_through
        )
        by_id = {one.id: one for one in possible}
        fresh = [one for one in possible if (one.derive, one.group) not in settled]
        return [(one.derive, one.group, tuple(sorted(_causes(one, by_id, settled, due, doubts)))) for one in fresh]

    # more doubts, more conclusions: rules that conclude nothing with all of them need not be asked node by node
    every = frozenset(doubts.risks)
    known_of = {every: conclude(every)}
    nodes_of: dict[tuple[str, str, tuple[Cause, ...]], list[str]] = {}
    for node in sorted({node for rule, _, _ in known_of[every] for node in conclusions[rule]}):
        now = lifecycle.position[node]
        due = frozenset(key for key, doubt in doubts.risks.items() if _due(doubt.rule.nodes, lifecycle) <= now)
        if due not in known_of:
            known_of[due] = conclude(due) if due or doubts.nodes else []
        for one in known_of[due]:
            nodes_of.setdefault(one, []).append(node)
    return [
        Open(rule, group, tuple(node for node in conclusions[rule] if node in nodes), *_why(causes))
        for (rule, group, causes), nodes in sorted(nodes_of.items())
        if causes and set(nodes) & set(conclusions[rule])
    ]


def _due(nodes: Iterable[str], lifecycle: Lifecycle) -> int:
    """Where in the lifecycle facts are first asked for."""
    return min(lifecycle.position[node] for node in nodes)


def _why(causes: Sequence[Cause]) -> tuple[GapReason, Text]:
    reason = min((cause.reason for cause in causes), key=REASONS.index)
    return reason, _undecided(sorted({cause.name for cause in causes}))


def _causes(
    one: Derived, by_id: Mapping[str, Derived], settled: set[tuple[str, str]], due: frozenset[str], doubts: Doubts
) -> Iterable[Cause]:
    """What is undecided behind a possible conclusion, through others that are only possible."""
    found: dict[Cause, None] = {}
    seen, waiting = {one.id}, [one]
    while waiting:
        for key in waiting.pop().because:
            if key in due or key not in doubts.risks:
                found.update(doubts.causes.get(key, {}))
            behind = by_id.get(key)
            if behind is not None and key not in seen and (behind.derive, behind.group) not in settled:
                seen.add(key)
                waiting.append(behind)
    return found


def _relaxed(derive: Derive) -> Derive:
    """The rule without comparisons between two counted numbers, of which only bounds may be known."""
    given = tuple(
        replace(
            line,
            where=tuple(
                one for one in line.where if one.other is None or not {one.name, one.other[1]} & (COUNTED | _DAYS)
            ),
        )
        for line in derive.given
    )
    return replace(derive, given=given)


_DAYS = frozenset({"days_to_planned"})


def resting_on(undecided: Mapping[str, GapReason], derives: Sequence[Derive], lifecycle: Lifecycle) -> Iterable[Open]:
    """Rules that build on derived risks of rules whose own facts could not be had, through any number of steps.

    `undecided`: the kinds of facts that could not all be established. Rules over these have a gap of their own.
    """
    reasons = {derive.id: undecided[line.fact] for derive in derives for line in derive.given if line.fact in undecided}
    by_id = {derive.id: derive for derive in derives}
    due = {name: _due(by_id[name].conclude.nodes, lifecycle) for name in reasons}
    wanted = {derive.id: Wanted([derive]) for derive in derives}
    waiting = list(reasons)
    while waiting:
        open_ = by_id[waiting.pop(0)]
        fields: dict[str, Value] = {"rule": open_.id, "severity": open_.conclude.severity}
        if open_.conclude.theme:
            fields["theme"] = open_.conclude.theme
        for derive in derives:
            if derive.id in reasons or not wanted[derive.id].may_meet("risk", fields, OPEN):
                continue
            reasons[derive.id], due[derive.id] = reasons[open_.id], due[open_.id]
            waiting.append(derive.id)
            nodes = tuple(node for node in derive.conclude.nodes if lifecycle.position[node] >= due[open_.id])
            if nodes:
                yield Open(derive.id, PROJECT, nodes, reasons[derive.id], _undecided([open_.id]))


def _undecided(names: Sequence[str]) -> Text:
    listed = ", ".join(names)
    return Text(f"所依据的检查无法判定：{listed}", f"what it builds on could not be decided: {listed}")

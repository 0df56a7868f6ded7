"""Evaluation to derived risks: the facts that inference needs, and its conclusions as risks and gaps."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from riskgate.cel.runtime import CelError, Context
from riskgate.counted import CountedRisks
from riskgate.describe import LANGS, Describer, Read
from riskgate.evaluate import REASONS, Evaluation
from riskgate.found import FoundRisks
from riskgate.groups import Groups
from riskgate.infer import PROJECT, Derived, Engine, Fact, declared_facts, infer, node_facts
from riskgate.infer.lines import Wanted
from riskgate.labels import Labels
from riskgate.pack import Derive, Pack
from riskgate.plan.bind import BoundFact
from riskgate.plan.plan import compile_rule_expression
from riskgate.possible import Open, doubts_of, may_conclude, resting_on
from riskgate.reasons import absent_detail
from riskgate.record import record, replace
from riskgate.report import GAP_ENTITIES, EntityRef, Evidence, Gap, GapReason, Risk, RiskDetail
from riskgate.snapshot.tree import Snapshot
from riskgate.text import Lang, Text
from riskgate.vocabulary import NODE_RECORD, Field, Vocabulary

if TYPE_CHECKING:
    from riskgate.waive import Met


class Undecided(NamedTuple):
    """An entity, or the parent of an absent collection, of which a kind of fact could not be established."""

    reason: GapReason
    detail: Text
    address: str


@record
class Inferred:
    """Risks that derive rules concluded, and gaps where their facts could not be established."""

    risks: tuple[Risk, ...] = ()
    gaps: tuple[Gap, ...] = ()
    rules: Mapping[str, tuple[int, Derive]] = field(default_factory=dict)
    """Every derive rule by id, with the index of its pack."""


def derive(
    evaluation: Evaluation,
    risks: Sequence[FoundRisks],
    contexts: Sequence[Context],
    describer: Describer,
    labels: Labels,
    *,
    engine: Engine = "auto",
    limit: int | None = GAP_ENTITIES,
    met: "Met | None" = None,
) -> Inferred:
    """Chain facts forward over the evaluated risks that are not waived; gaps name `limit` entities, or all.

    Derived risks that a waiver holds for are no facts either.
    Raises InferenceError, never gives a partial answer.
    """
    library = evaluation.plan.library
    rules = {d.id: (index, scoped(pack, d)) for index, pack in enumerate(library.packs) for d in pack.derives}
    if not rules:
        return Inferred()
    derives = [d for _, d in rules.values()]
    groups = Groups(evaluation.snapshot)
    wanted = Wanted(derives)
    found = CountedRisks(evaluation.plan.by_id, risks, groups, wanted)
    nodes, declared = _node_facts(evaluation), list[Fact]()
    undecided: dict[str, list[Undecided]] = {}
    for bound in evaluation.plan.facts:
        declared += _declared(evaluation, bound, contexts[bound.pack], groups, undecided)
    if evaluation.snapshot.tables[NODE_RECORD].absent:
        kind = library.vocabulary.entities[NODE_RECORD]
        undecided["node"] = [Undecided("absent", absent_detail(kind), PROJECT)]
    waived = None if met is None else met.waived
    derived = infer(derives, [*found.facts(), *nodes, *declared], groups.units, engine=engine, waived=waived)
    open_: list[Open] = []
    doubts = doubts_of(evaluation, groups, wanted, nodes, node_records(evaluation.snapshot))
    if doubts:
        known = (*nodes, *declared)
        open_ += may_conclude(
            derives, found, known, derived, doubts, library.lifecycle, groups.units, engine=engine, waived=waived
        )
    reasons = {name: missed[0].reason for name, missed in undecided.items() if missed}
    open_ += resting_on(reasons, derives, library.lifecycle)
    wording = _Wording(evaluation, describer, labels, {d.id: d for d in derives}, found, met)
    gaps = (*wording.gaps(derives, undecided, limit), *wording.open_gaps(open_, limit))
    return Inferred(tuple(wording.risk(one) for one in derived), gaps, rules)


def scoped(pack: Pack, rule: Derive) -> Derive:
    """The rule with the facts that its pack declares under names of their own: another pack may use the same words."""
    given = tuple(replace(g, fact=scoped_name(pack, g.fact)) if g.fact in pack.facts else g for g in rule.given)
    return replace(rule, given=given)


def scoped_name(pack: Pack, fact: str) -> str:
    return f"{pack.name}/{fact}"


def node_records(snapshot: Snapshot) -> dict[str, Mapping[str, Any]]:
    """What the snapshot records of lifecycle nodes, by node id."""
    return {str(record["id"]): record for record in snapshot.tables[NODE_RECORD].entities if record.get("id")}


def _node_facts(evaluation: Evaluation) -> tuple[Fact, ...]:
    lifecycle = evaluation.plan.library.lifecycle
    if evaluation.snapshot.tables[NODE_RECORD].absent:
        return ()  # nothing is recorded: that is a gap
    # a node that the records leave out has not begun; were it no fact, a rule about it would be silent
    records: dict[str, tuple[str, dt.date | None]] = {node.id: ("not_started", None) for node in lifecycle.nodes}
    for node, written in node_records(evaluation.snapshot).items():
        planned = written.get("planned_on")
        records[node] = (str(written.get("status") or "not_started"), None if planned is None else planned.date())
    return node_facts(lifecycle, records, evaluation.as_of.date())


def _declared(
    evaluation: Evaluation,
    bound: BoundFact,
    context: Context,
    groups: Groups,
    undecided: dict[str, list[Undecided]],
) -> tuple[Fact, ...]:
    """Facts of one declared kind. Entities that cannot be decided are remembered: their facts are a gap."""
    snapshot, fact = evaluation.snapshot, bound.fact
    names = tuple(entity.name for entity in bound.chain)
    name = scoped_name(evaluation.plan.library.packs[bound.pack], fact.name)
    missed = undecided.setdefault(name, [])
    for kind in bound.chain:
        for parent in snapshot.tables[kind.name].absent:
            missed.append(Undecided("absent", absent_detail(kind), snapshot.address(kind.within or kind.name, parent)))
    where = _condition(evaluation.snapshot, bound, names)
    entries: list[tuple[str, str | None, Mapping[str, Any]]] = []
    for ordinal, entity in enumerate(snapshot.tables[fact.entity].entities):
        try:
            context.start()
            chain = snapshot.chain(fact.entity, ordinal)
            args = (*chain, evaluation.settings.values[bound.pack], evaluation.as_of, context)
            if where is not None and not where(*args):
                continue
        except CelError as error:
            reason = next(reason for reason in REASONS if reason in error.kinds)
            missed.append(Undecided(reason, Text.of(error.message), snapshot.address(fact.entity, ordinal)))
            continue
        unknown = [name for name in fact.by if entity.get(name) is None]
        if unknown:
            listed = ", ".join(f"{fact.entity}.{name}" for name in unknown)
            detail = Text(f"缺少：{listed}", f"not given: {listed}")
            missed.append(Undecided("missing", detail, snapshot.address(fact.entity, ordinal)))
        entries.append((*groups.of(fact.entity)[ordinal], entity))
    return declared_facts(name, fact.by, entries, groups.units)


def _condition(snapshot: Snapshot, bound: BoundFact, names: Sequence[str]) -> Callable[..., Any] | None:
    """The `where` of a declared kind of fact, of the chain of an entity, parameters, day and context."""
    checked = bound.where
    if checked is None:
        return None
    if not snapshot.conflicts:
        return compile_rule_expression(checked.tree, checked.types, tuple(names), {})
    from riskgate.cel.interpret import interpret  # noqa: PLC0415 - only conflicts need it
    from riskgate.disputes import places_of  # noqa: PLC0415

    disputed = places_of(snapshot)  # `has()` has no answer about a value on which sources disagree

    def holds(*args: Any) -> Any:
        *values, context = args
        bindings = dict(zip((*names, "params", "as_of"), values, strict=True))
        return interpret(checked.tree, bindings, context, types=checked.types, mixed=True, disputed=disputed)

    return holds


class _Wording:
    """Conclusions and undecided facts as risks and gaps."""

    def __init__(
        self,
        evaluation: Evaluation,
        describer: Describer,
        labels: Labels,
        derives: Mapping[str, Derive],
        found: CountedRisks,
        met: "Met | None",
    ) -> None:
        self._met = met
        self._snapshot = evaluation.snapshot
        self._describer = describer
        self._labels = labels
        self._derives = derives
        self._found = found
        self._library = evaluation.plan.library
        self._fields = derived_fields(self._library.vocabulary)

    def risk(self, derived: Derived) -> Risk:
        rule = self._derives[derived.derive]

        def make(_: Risk) -> RiskDetail:
            return RiskDetail(
                self._reference(derived.group), self._message(rule, derived), self._evidence(rule, derived)
            )

        conclude = rule.conclude
        ids = partial(self._found.ids, derived.because)
        mark = None if self._met is None else self._met.mark(rule.id, derived.group)
        return Risk(rule.id, conclude.severity, conclude.nodes, derived.group, make, because=ids, waiver=mark)

    def gaps(
        self, derives: Sequence[Derive], undecided: Mapping[str, Sequence[Undecided]], limit: int | None
    ) -> list[Gap]:
        """Gaps of the derive rules whose facts could not all be established; each names `limit` entities, or all."""
        found: list[Gap] = []
        for rule in derives:
            conclude = rule.conclude
            for kind in dict.fromkeys(given.fact for given in rule.given):
                by_reason: dict[tuple[GapReason, Text], list[str]] = {}
                for one in undecided.get(kind, ()):
                    by_reason.setdefault((one.reason, one.detail), []).append(one.address)
                for (reason, detail), addresses in sorted(by_reason.items()):
                    entities = tuple(self._reference(address) for address in sorted(addresses)[:limit])
                    name = kind.rpartition("/")[2]
                    text = Text(f"事实 {name}：{detail.zh}", f"facts of kind {name}: {detail.en}")
                    count = len(addresses)
                    found.append(Gap(rule.id, conclude.severity, conclude.nodes, reason, text, (), count, entities))
        return found

    def open_gaps(self, open_: Sequence[Open], limit: int | None) -> list[Gap]:
        """Gaps of the derive rules that may yet conclude: one for each set of causes, with the groups."""
        addresses: dict[tuple[str, GapReason, Text], list[str]] = {}
        nodes: dict[tuple[str, GapReason, Text], set[str]] = {}
        for one in open_:
            key = (one.derive, one.reason, one.detail)
            addresses.setdefault(key, []).append(one.group)
            nodes.setdefault(key, set()).update(one.nodes)
        found: list[Gap] = []
        for key, listed in addresses.items():
            name, reason, detail = key
            conclude = self._derives[name].conclude
            at = tuple(node for node in conclude.nodes if node in nodes[key])
            entities = tuple(self._reference(address) for address in sorted(listed)[:limit])
            found.append(Gap(name, conclude.severity, at, reason, detail, (), len(listed), entities))
        return found

    def _reference(self, address: str) -> EntityRef:
        position = self._snapshot.find(address)
        kind, ordinal = position if position is not None else (self._library.vocabulary.root.name, 0)
        label = self._labels.of(self._library.vocabulary.entities[kind], ordinal)
        return EntityRef(kind, address, self._snapshot.pointer(kind, ordinal), label)

    def _message(self, rule: Derive, derived: Derived) -> Text:
        facts = {given.alias: fact for given, fact in zip(rule.given, derived.facts, strict=True)}
        text = rule.conclude.message or rule.title

        def read(path: tuple[str, ...], lang: Lang) -> Read:
            alias, name = path[0], ".".join(path[1:])
            return lambda facts: self._shown(facts[alias], name, lang) if alias in facts else None

        def find(path: tuple[str, ...]) -> Field | None:
            return self._fields.get(path[-1])

        zh, en = (self._describer.template(text.to(lang), lang, find, partial(read, lang=lang)) for lang in LANGS)
        return Text(zh(facts), en(facts))

    def _shown(self, fact: Fact, name: str, lang: Lang) -> Any:
        """A field of a fact. A group reads as the label of its entity: addresses are for machines."""
        value = fact.fields.get(name)
        if name == "group" and isinstance(value, str):
            return self._reference(value).label.to(lang)
        return value

    def _evidence(self, rule: Derive, derived: Derived) -> tuple[Evidence, ...]:
        return tuple(
            Evidence(f"{given.alias}.{name}", None, fact.fields[name])
            for given, fact in zip(rule.given, derived.facts, strict=True)
            for name in sorted(fact.fields)
        )


def derived_fields(vocabulary: Vocabulary) -> dict[str, Field]:
    """What is known of the fields of facts whose values have labels: nodes, and enum fields named in `by`."""
    found = {name: f for kind in vocabulary.entities.values() for name, f in kind.fields.items() if f.type == "enum"}
    record = vocabulary.entities[NODE_RECORD].fields
    return {**found, "node": record["id"], "status": record["status"]}

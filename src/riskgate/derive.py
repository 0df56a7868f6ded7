"""Evaluation to derived risks: the facts that inference needs, and its conclusions as risks and gaps."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from riskgate.cel.runtime import CelError, Context
from riskgate.describe import Describer, Template, fill, template
from riskgate.evaluate import Evaluation, absent_detail
from riskgate.fingerprint import fingerprint
from riskgate.infer import PROJECT, Derived, Engine, Fact, Finding, declared_facts, infer, node_facts, risk_facts
from riskgate.pack import Derive
from riskgate.plan.bind import BoundFact
from riskgate.plan.plan import compile_rule_expression
from riskgate.report import EntityRef, Evidence, Gap, Risk, RiskDetail
from riskgate.snapshot.tree import Snapshot
from riskgate.text import Text
from riskgate.vocabulary import NODE_RECORD, EntityType, Field, Vocabulary


class Groups:
    """To which group and sale unit an entity belongs: by its ancestors, else by a `ref` field to one of them."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._vocabulary = snapshot.vocabulary
        self._roles = tuple(role for role in (self._vocabulary.sale_unit, self._vocabulary.group) if role)
        self.units = self._count()

    def of(self, kind: str, ordinal: int) -> tuple[str, str | None]:
        """Addresses of the group (`project` if none) and of the sale unit (None if none)."""
        chain = self._vocabulary.chains[kind]
        names = [entity.name for entity in chain]
        found = {role: names.index(role) for role in self._roles if role in names}
        if found:
            ordinals = self._snapshot.ordinals(kind, ordinal)
            at = {role: self._snapshot.address(role, ordinals[depth]) for role, depth in found.items()}
            return at.get(self._vocabulary.group or "", PROJECT), at.get(self._vocabulary.sale_unit or "")
        entity = self._snapshot.tables[kind].entities[ordinal]
        for role, name in self._references(chain[-1]):
            target = self._snapshot.by_id(role).get(str(entity.get(name)))
            position = None if target is None else self._snapshot.ordinal_of(role, target)
            if position is not None:
                return self.of(role, position)
        return PROJECT, None

    def _references(self, kind: EntityType) -> list[tuple[str, str]]:
        """Fields of the type that refer to a sale unit or a group, sale units first."""
        return [
            (role, f.name) for role in self._roles for f in kind.fields.values() if f.type == "ref" and f.to == role
        ]

    def _count(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        unit = self._vocabulary.sale_unit
        if unit is None:
            return counts
        for ordinal in range(len(self._snapshot.tables[unit].entities)):
            group, _ = self.of(unit, ordinal)
            counts[group] = counts.get(group, 0) + 1
        if self._vocabulary.group is not None:
            counts[PROJECT] = sum(counts.values())
        return counts


@dataclass(frozen=True)
class Inferred:
    """Risks that derive rules concluded, and gaps where their facts could not be established."""

    risks: tuple[Risk, ...] = ()
    gaps: tuple[Gap, ...] = ()
    rules: Mapping[str, tuple[int, Derive]] = field(default_factory=dict)
    """Every derive rule by id, with the index of its pack."""


def derive(
    evaluation: Evaluation,
    risks: Sequence[Risk],
    contexts: Sequence[Context],
    describer: Describer,
    *,
    engine: Engine = "auto",
) -> Inferred:
    """Chain facts forward over the evaluated risks. Raises InferenceError, never gives a partial answer."""
    library = evaluation.plan.library
    rules = {d.id: (index, d) for index, pack in enumerate(library.packs) for d in pack.derives}
    if not rules:
        return Inferred()
    groups = Groups(evaluation.snapshot)
    facts = [*risk_facts(_findings(evaluation, risks, groups), groups.units), *_node_facts(evaluation)]
    undecided: dict[str, list[tuple[str, Text]]] = {}
    for bound in evaluation.plan.facts:
        facts += _declared(evaluation, bound, contexts[bound.pack], groups, undecided)
    if evaluation.snapshot.tables[NODE_RECORD].absent:
        kind = library.vocabulary.entities[NODE_RECORD]
        undecided["node"] = [(PROJECT, absent_detail(kind))]
    derives = [d for _, d in rules.values()]
    derived = infer(derives, facts, groups.units, engine=engine)
    wording = _Wording(evaluation, describer, {d.id: d for d in derives})
    found = tuple(wording.risk(one) for one in derived)
    return Inferred(found, tuple(wording.gaps(derives, undecided)), rules)


def _findings(evaluation: Evaluation, risks: Sequence[Risk], groups: Groups) -> list[Finding]:
    by_id = evaluation.plan.by_id
    places: dict[tuple[str, int], tuple[str, str | None]] = {}
    found: list[Finding] = []
    for risk in risks:
        rule = by_id[risk.rule]
        key = (rule.entity.name, risk.ordinal)
        if key not in places:
            places[key] = groups.of(*key)
        found.append(Finding(risk.id, risk.rule, rule.rule.theme, risk.severity, *places[key]))
    return found


def node_records(snapshot: Snapshot) -> dict[str, Mapping[str, Any]]:
    """What the snapshot records of lifecycle nodes, by node id."""
    return {str(record["id"]): record for record in snapshot.tables[NODE_RECORD].entities if record.get("id")}


def _node_facts(evaluation: Evaluation) -> tuple[Fact, ...]:
    records: dict[str, tuple[str, dt.date | None]] = {}
    for node, record in node_records(evaluation.snapshot).items():
        planned = record.get("planned_on")
        records[node] = (str(record.get("status") or "not_started"), None if planned is None else planned.date())
    return node_facts(evaluation.plan.library.lifecycle, records, evaluation.as_of.date())


def _declared(
    evaluation: Evaluation,
    bound: BoundFact,
    context: Context,
    groups: Groups,
    undecided: dict[str, list[tuple[str, Text]]],
) -> tuple[Fact, ...]:
    """Facts of one declared kind. Entities that cannot be decided are remembered: their facts are a gap."""
    snapshot, fact = evaluation.snapshot, bound.fact
    names = tuple(entity.name for entity in bound.chain)
    missed = undecided.setdefault(fact.name, [])
    for kind in bound.chain:
        for parent in snapshot.tables[kind.name].absent:
            missed.append((snapshot.address(kind.within or kind.name, parent), absent_detail(kind)))
    where = None
    if bound.where is not None:
        where = compile_rule_expression(bound.where.tree, bound.where.types, names, {})
    entries: list[tuple[str, str | None, Mapping[str, Any]]] = []
    for ordinal, entity in enumerate(snapshot.tables[fact.entity].entities):
        try:
            context.start()
            chain = snapshot.chain(fact.entity, ordinal)
            args = (*chain, evaluation.settings.values[bound.pack], evaluation.as_of, context)
            if where is not None and not where(*args):
                continue
        except CelError as error:
            missed.append((snapshot.address(fact.entity, ordinal), Text.of(error.message)))
            continue
        unknown = [name for name in fact.by if entity.get(name) is None]
        if unknown:
            listed = ", ".join(f"{fact.entity}.{name}" for name in unknown)
            missed.append((snapshot.address(fact.entity, ordinal), Text(f"缺少：{listed}", f"not given: {listed}")))
        entries.append((*groups.of(fact.entity, ordinal), entity))
    return declared_facts(fact.name, fact.by, entries, groups.units)


class _Wording:
    """Conclusions and undecided facts as risks and gaps."""

    def __init__(self, evaluation: Evaluation, describer: Describer, derives: Mapping[str, Derive]) -> None:
        self._snapshot = evaluation.snapshot
        self._describer = describer
        self._derives = derives
        self._library = evaluation.plan.library
        self._entity_types = derived_fields(self._library.vocabulary)

    def risk(self, derived: Derived) -> Risk:
        rule = self._derives[derived.derive]

        def make(_: Risk) -> RiskDetail:
            return RiskDetail(
                self._reference(derived.group), self._message(rule, derived), self._evidence(rule, derived)
            )

        conclude = rule.conclude
        return Risk(rule.id, conclude.severity, conclude.nodes, derived.group, make, because=derived.because)

    def gaps(self, derives: Sequence[Derive], undecided: Mapping[str, list[tuple[str, Text]]]) -> list[Gap]:
        found: list[Gap] = []
        for rule in derives:
            for kind in dict.fromkeys(given.fact for given in rule.given):
                by_detail: dict[Text, list[str]] = {}
                for address, detail in undecided.get(kind, ()):
                    by_detail.setdefault(detail, []).append(address)
                for detail, addresses in sorted(by_detail.items()):
                    entities = tuple(self._reference(address) for address in sorted(addresses)[:20])
                    text = Text(f"事实 {kind}：{detail.zh}", f"facts of kind {kind}: {detail.en}")
                    conclude = rule.conclude
                    found.append(
                        Gap(rule.id, conclude.severity, conclude.nodes, "missing", text, (), len(addresses), entities)
                    )
        return found

    def _reference(self, address: str) -> EntityRef:
        position = self._snapshot.find(address)
        kind, ordinal = position if position is not None else (self._library.vocabulary.root.name, 0)
        chain = self._library.vocabulary.chains[kind]
        label = self._describer.label(chain, self._snapshot.chain(kind, ordinal), address)
        return EntityRef(kind, address, self._snapshot.pointer(kind, ordinal), label)

    def _message(self, rule: Derive, derived: Derived) -> Text:
        facts = dict(zip((given.alias for given in rule.given), derived.facts, strict=True))
        text = rule.conclude.message or rule.title

        def lookup(path: tuple[str, ...]) -> Any:
            fact = facts.get(path[0])
            if fact is None or len(path) < 2:  # noqa: PLR2004 - alias and field
                return None
            return fact.fields.get(path[1])

        words = [fill(self._template(text.to(lang)), lookup, self._describer, lang) for lang in ("zh", "en")]
        return Text(*words)

    def _template(self, text: str) -> Template:
        return template(text, lambda path: self._entity_types.get(path[-1]))

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


def group_id(rule: str, address: str) -> str:
    """The id of the risk that a derive rule concludes for a group."""
    return fingerprint(rule, address)

"""Evaluation to derived risks: the facts that inference needs, and its conclusions as risks and gaps."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from riskgate.cel.runtime import CelError, Context
from riskgate.describe import LANGS, Describer, Labels, Read
from riskgate.evaluate import Evaluation, absent_detail
from riskgate.infer import PROJECT, Derived, Engine, Fact, declared_facts, infer, node_facts
from riskgate.infer.facts import share
from riskgate.pack import Derive
from riskgate.plan.bind import BoundFact, BoundRule
from riskgate.plan.plan import compile_rule_expression
from riskgate.report import EntityRef, Evidence, Gap, Risk, RiskDetail
from riskgate.snapshot.tree import Snapshot
from riskgate.text import Text
from riskgate.vocabulary import NODE_RECORD, EntityType, Field, Vocabulary

Belonging = tuple[str, str | None]
"""Addresses of the group (`project` if none) and of the sale unit (None if none)."""


class Groups:
    """To which group and sale unit an entity belongs: by its ancestors, else by a `ref` field to one of them."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._vocabulary = snapshot.vocabulary
        self._roles = tuple(role for role in (self._vocabulary.sale_unit, self._vocabulary.group) if role)
        self._tables: dict[str, list[Belonging]] = {}
        self.units = self._count()

    def of(self, kind: str) -> list[Belonging]:
        """For all entities of a type, in the order of its table."""
        found = self._tables.get(kind)
        if found is None:
            found = self._tables[kind] = self._find(kind)
        return found

    def _find(self, kind: str) -> list[Belonging]:
        entity = self._vocabulary.entities[kind]
        table = self._snapshot.tables[kind]
        names = {above.name for above in self._vocabulary.chains[kind]}
        if not names & set(self._roles):
            references = [
                (role, f.name)
                for role in self._roles
                for f in entity.fields.values()
                if f.type == "ref" and f.to == role
            ]
            return [self._referred(item, references) for item in table.entities]
        above: list[Belonging] = (
            [(PROJECT, None)] * len(table.entities) if entity.within is None else self._of_parents(entity)
        )
        if kind == self._vocabulary.sale_unit:
            return [(group, own) for (group, _), own in zip(above, self._snapshot.addresses(kind), strict=True)]
        if kind == self._vocabulary.group:
            return [(own, unit) for (_, unit), own in zip(above, self._snapshot.addresses(kind), strict=True)]
        return above

    def _of_parents(self, entity: EntityType) -> list[Belonging]:
        above = self.of(entity.within or "")
        return [above[parent] for parent in self._snapshot.tables[entity.name].parents]

    def _referred(self, item: Mapping[str, Any], references: list[tuple[str, str]]) -> Belonging:
        for role, name in references:
            target = self._snapshot.by_id(role).get(str(item.get(name)))
            ordinal = None if target is None else self._snapshot.ordinal_of(role, target)
            if ordinal is not None:
                return self.of(role)[ordinal]
        return PROJECT, None

    def _count(self) -> dict[str, int]:
        if self._vocabulary.sale_unit is None:
            return {}
        counts: dict[str, int] = {}
        for group, _ in self.of(self._vocabulary.sale_unit):
            counts[group] = counts.get(group, 0) + 1
        counts[PROJECT] = len(self.of(self._vocabulary.sale_unit))
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
    risks: Sequence[tuple[BoundRule, Sequence[Risk]]],
    contexts: Sequence[Context],
    describer: Describer,
    labels: Labels,
    *,
    engine: Engine = "auto",
) -> Inferred:
    """Chain facts forward over the evaluated risks. Raises InferenceError, never gives a partial answer."""
    library = evaluation.plan.library
    rules = {d.id: (index, d) for index, pack in enumerate(library.packs) for d in pack.derives}
    if not rules:
        return Inferred()
    groups = Groups(evaluation.snapshot)
    found = _Found(risks, groups)
    facts = [*found.facts(), *_node_facts(evaluation)]
    undecided: dict[str, list[tuple[str, Text]]] = {}
    for bound in evaluation.plan.facts:
        facts += _declared(evaluation, bound, contexts[bound.pack], groups, undecided)
    if evaluation.snapshot.tables[NODE_RECORD].absent:
        kind = library.vocabulary.entities[NODE_RECORD]
        undecided["node"] = [(PROJECT, absent_detail(kind))]
    derives = [d for _, d in rules.values()]
    derived = [found.with_ids(one) for one in infer(derives, facts, groups.units, engine=engine)]
    wording = _Wording(evaluation, describer, labels, {d.id: d for d in derives})
    return Inferred(tuple(wording.risk(one) for one in derived), tuple(wording.gaps(derives, undecided)), rules)


class _Found:
    """The evaluated risks as facts. There may be tens of thousands: their ids are made for conclusions only.

    Until then a fact's `because` holds one key for each rule and group.
    """

    def __init__(self, risks: Sequence[tuple[BoundRule, Sequence[Risk]]], groups: Groups) -> None:
        self._units_per_group = groups.units
        self._rules: dict[str, tuple[BoundRule, str, list[Risk], set[str]]] = {}
        for bound, found in risks:
            belonging = groups.of(bound.entity.name)
            for risk in found:
                group, unit = belonging[risk.ordinal]
                key = f"{risk.rule}\0{group}"
                entry = self._rules.get(key)
                if entry is None:
                    entry = self._rules[key] = (bound, group, [], set())
                entry[2].append(risk)
                if unit is not None:
                    entry[3].add(unit)

    def facts(self) -> list[Fact]:
        """`risk` facts, one per rule and group, and `theme` facts, one per theme and group."""
        facts: list[Fact] = []
        themes: dict[tuple[str, str], list[str]] = {}
        for key, (bound, group, risks, units) in self._rules.items():
            rule = bound.rule
            fields: dict[str, Any] = {"rule": rule.id, "severity": rule.severity, "group": group, "count": len(risks)}
            if rule.theme:
                fields["theme"] = rule.theme
                themes.setdefault((rule.theme, group), []).append(key)
            facts.append(self._fact("risk", fields, (key,), frozenset(units), group))
        for (theme, group), keys in themes.items():
            units_of_all = frozenset[str]().union(*(self._rules[key][3] for key in keys))
            count = sum(len(self._rules[key][2]) for key in keys)
            fields = {"theme": theme, "group": group, "rules": len(keys), "count": count}
            facts.append(self._fact("theme", fields, tuple(sorted(keys)), units_of_all, group))
        return facts

    def _fact(
        self, kind: str, fields: dict[str, Any], because: tuple[str, ...], units: frozenset[str], group: str
    ) -> Fact:
        return Fact(kind, {**fields, **share(len(units), group, self._units_per_group)}, because, units)

    def with_ids(self, derived: Derived) -> Derived:
        """The conclusion with the ids of the risks behind it."""
        ids: set[str] = set()
        for key in derived.because:
            entry = self._rules.get(key)
            ids.update((key,) if entry is None else (risk.id for risk in entry[2]))
        return replace(derived, because=tuple(sorted(ids)))


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
        entries.append((*groups.of(fact.entity)[ordinal], entity))
    return declared_facts(fact.name, fact.by, entries, groups.units)


class _Wording:
    """Conclusions and undecided facts as risks and gaps."""

    def __init__(
        self, evaluation: Evaluation, describer: Describer, labels: Labels, derives: Mapping[str, Derive]
    ) -> None:
        self._snapshot = evaluation.snapshot
        self._describer = describer
        self._labels = labels
        self._derives = derives
        self._library = evaluation.plan.library
        self._fields = derived_fields(self._library.vocabulary)

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
        label = self._labels.of(self._library.vocabulary.entities[kind], ordinal)
        return EntityRef(kind, address, self._snapshot.pointer(kind, ordinal), label)

    def _message(self, rule: Derive, derived: Derived) -> Text:
        facts = {given.alias: fact for given, fact in zip(rule.given, derived.facts, strict=True)}
        text = rule.conclude.message or rule.title

        def read(path: tuple[str, ...]) -> Read:
            alias, name = path[0], ".".join(path[1:])
            return lambda facts: self._shown(facts[alias], name) if alias in facts else None

        def find(path: tuple[str, ...]) -> Field | None:
            return self._fields.get(path[-1])

        say = [self._describer.template(text.to(lang), lang, find, read) for lang in LANGS]
        return Text(say[0](facts), say[1](facts))

    def _shown(self, fact: Fact, name: str) -> Any:
        """A field of a fact; a group reads as the label of its entity, where both languages agree on one."""
        value = fact.fields.get(name)
        if name == "group" and isinstance(value, str) and value != PROJECT:
            label = self._reference(value).label
            return label.zh if label.zh == label.en else value
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

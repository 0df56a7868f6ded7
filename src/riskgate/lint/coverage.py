"""What the packs leave out: facts that nothing reads, nodes that nothing blocks."""

from collections.abc import Iterator, Sequence

from riskgate.cel.syntax import Has, Select
from riskgate.cel.types import EntityOf
from riskgate.describe import PLACEHOLDER
from riskgate.errors import Place
from riskgate.lint.finding import Finding
from riskgate.lint.trees import placeholders, walk
from riskgate.load.library import Library
from riskgate.plan.bind import BoundFact, BoundRule
from riskgate.text import Text
from riskgate.vocabulary import NODE_RECORD, EntityType

READ_BY_THE_ENGINE = {"id", "name", "utc_offset"}
"""Fields of the root that reports and dates use, and ids, which addresses are made of."""


def unused_fields(library: Library, rules: Sequence[BoundRule], facts: Sequence[BoundFact]) -> Iterator[Finding]:
    """Fields of the vocabulary that no rule, fact, message or label reads.

    References say what belongs to what, and fields marked `descriptive` are for people.
    """
    used = _used(library, rules, facts)
    for entity in library.vocabulary.entities.values():
        if entity.name == NODE_RECORD:
            continue
        for name, spec in entity.fields.items():
            if (entity.name, name) in used or spec.type == "ref" or spec.descriptive or name == "id":
                continue
            if entity.within is None and name in READ_BY_THE_ENGINE:
                continue
            message = Text(f"没有规则用到 `{entity.name}.{name}`", f"no rule reads `{entity.name}.{name}`")
            yield Finding("unused-field", None, entity.places.get(name, Place()), message)


def _used(library: Library, rules: Sequence[BoundRule], facts: Sequence[BoundFact]) -> set[tuple[str, str]]:
    entities = library.vocabulary.entities
    used: set[tuple[str, str]] = set()
    for rule in rules:
        for checked in filter(None, (rule.when, rule.require, *rule.values.values())):
            for node in walk(checked.tree):
                if isinstance(node, Select | Has):
                    kind = checked.types.get(id(node.operand))
                    if isinstance(kind, EntityOf):
                        used.add((kind.name, node.field))
        for name in placeholders(rule.rule.message):
            used |= _along(library, rule.chain, name)
    for fact in facts:
        used |= {(fact.fact.entity, name) for name in fact.fact.by}
        if fact.where is not None:
            for node in walk(fact.where.tree):
                if isinstance(node, Select | Has):
                    kind = fact.where.types.get(id(node.operand))
                    if isinstance(kind, EntityOf):
                        used.add((kind.name, node.field))
    for entity in entities.values():
        if entity.label is not None:
            for text in entity.label:
                for name in PLACEHOLDER.findall(text):
                    used |= _along(library, library.vocabulary.chains[entity.name], name)
    return used


def _along(library: Library, chain: Sequence[EntityType], dotted: str) -> set[tuple[str, str]]:
    """The fields that a dotted name of a message passes."""
    head, *members = dotted.split(".")
    kind = next((entity for entity in chain if entity.name == head), None)
    found: set[tuple[str, str]] = set()
    for member in members:
        if kind is None:
            break
        found.add((kind.name, member))
        kind = library.vocabulary.members[kind.name].get(member)
    return found


def unblocked_nodes(library: Library) -> Iterator[Finding]:
    """Nodes that no blocking rule gates and that do not say why; and reasons that have become untrue."""
    gates: dict[str, set[str]] = {node.id: set() for node in library.lifecycle.nodes}
    for pack in library.packs:
        gated = [(rule.severity, rule.nodes) for rule in pack.rules]
        gated += [(derived.conclude.severity, derived.conclude.nodes) for derived in pack.derives]
        for severity, names in gated:
            for name in names:
                gates[name].add(severity)
    for node in library.lifecycle.nodes:
        severities = gates[node.id]
        if "blocking" in severities:
            if node.no_blocking_rule is not None:
                message = Text(
                    f"节点 {node.code} 写明没有阻断规则，其实有",
                    f"node {node.code} says that no blocking rule gates it, and one does",
                )
                yield Finding("untrue-reason", None, node.place, message)
        elif node.no_blocking_rule is None:
            code = "node-not-blocked" if severities else "node-not-gated"
            by = (
                Text("只有重要或一般的规则", "major or minor rules only") if severities else Text("没有规则", "no rule")
            )
            message = Text(f"节点 {node.code} {by.zh}把关", f"node {node.code} is gated by {by.en}")
            yield Finding(code, None, node.place, message)

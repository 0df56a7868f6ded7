"""Kinds of facts that derive rules join, their fields, and what packs declare."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from riskgate.load.expressions import read_expression
from riskgate.load.lifecycle import STAGE, THEME, resolve_node
from riskgate.load.names import RESERVED, identifier
from riskgate.load.scope import SEVERITY, Scope
from riskgate.load.shape import Sheet
from riskgate.load.tree import Entries, Leaf, Node
from riskgate.load.typed import typed_value
from riskgate.pack import SEVERITIES, FactDeclaration
from riskgate.text import Text
from riskgate.vocabulary import Field

Kind = Literal["text", "number", "rule", "theme", "severity", "node", "stage", "status", "any"]
FACT = Text("事实类型", "kind of fact")
STATUS = Text("节点状态", "node status")
STATUSES = ("not_started", "in_progress", "passed")
COUNTS: Mapping[str, Kind] = MappingProxyType({"group": "text", "count": "number", "units": "number", "rate": "number"})
FACTS: Mapping[str, Mapping[str, Kind]] = MappingProxyType(
    {
        "risk": {"rule": "rule", "theme": "theme", "severity": "severity", **COUNTS},
        "theme": {"theme": "theme", "rules": "number", **COUNTS},
        "node": {"node": "node", "stage": "stage", "status": "status", "days_to_planned": "number"},
    }
)
SIMPLE = frozenset({"string", "integer", "number", "boolean", "enum", "node", "department", "ref"})
"""Types of fields that facts can be counted by."""


class _AnyField(dict[str, "Kind | Field"]):
    """The fields of a fact whose declaration is broken: every name will do, so that one mistake is reported once."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> Kind:
        return "any"


@dataclass(eq=False, repr=False)
class FactKinds:
    """The fields of every kind of fact that a pack's derive rules may use: built-in by kind, declared by field."""

    scope: Scope
    declared: Mapping[str, Mapping[str, Field] | None]

    def names(self) -> tuple[str, ...]:
        return (*FACTS, *self.declared)

    def fields(self, fact: str) -> Mapping[str, Kind | Field]:
        if fact in FACTS:
            return FACTS[fact]
        own = self.declared[fact]
        return _AnyField() if own is None else {**own, **COUNTS}

    def is_number(self, fact: str, name: str) -> bool | None:
        """Whether a field holds numbers; None where nothing is known of it."""
        kind = self.fields(fact)[name]
        if kind == "any":
            return None
        return kind.type in {"integer", "number"} if isinstance(kind, Field) else kind == "number"

    def value(self, sheet: Sheet, node: Node, kind: Kind | Field) -> Any:
        """A constant of the field's type; names of nodes, themes and rules must exist."""
        scope = self.scope
        if isinstance(kind, Field):
            return typed_value(sheet, node, kind, scope.lifecycle)
        if kind == "any":
            return sheet.value(node)
        if kind == "number":
            return sheet.number(node)
        if kind == "node":
            return resolve_node(sheet, node, scope.lifecycle)
        if kind == "severity":
            return sheet.choice(node, SEVERITIES, SEVERITY)
        if kind == "status":
            return sheet.choice(node, STATUSES, STATUS)
        if kind == "stage" and scope.lifecycle is not None:
            return sheet.choice(node, scope.lifecycle.stages, STAGE, "unknown-stage")
        if kind == "theme" and scope.references is not None:
            return sheet.choice(node, scope.references.themes, THEME, "unknown-theme")
        text = sheet.text(node)
        if kind == "rule" and text is not None and isinstance(node, Leaf):
            scope.rule_names.append((sheet, node))
        return text


def read_facts(sheet: Sheet, scope: Scope, entries: Entries | None) -> tuple[dict[str, FactDeclaration], FactKinds]:
    """The kinds of facts that a pack's head declares, and all kinds with their fields."""
    found: dict[str, FactDeclaration] = {}
    fields: dict[str, Mapping[str, Field] | None] = {}
    for key, node in [] if entries is None else entries.leaves():
        name = identifier(sheet, key, FACT, RESERVED | FACTS.keys())
        body = sheet.entries(node)
        if body is None or name is None:
            continue
        form = sheet.form(body, ("entity", "by", "count", "where"), ("entity",))
        entity = scope.entity(form)
        form.boolean("count")
        where = form.get("where")
        condition = None if where is None else read_expression(sheet, where)
        known = (
            {} if entity is None else {n: f for n, f in entity.fields.items() if f.type in SIMPLE and n not in COUNTS}
        )
        by: dict[str, Field] = {}
        for item in form.items("by"):
            text = sheet.text(item) if entity is None else sheet.choice(item, known, FIELD_OF_FACT, "unknown-field")
            if text in known:
                by[text] = known[text]
        fields[name] = None if entity is None else by
        if entity is not None:
            found[name] = FactDeclaration(name, entity.name, tuple(by), condition, sheet.place(key))
    return found, FactKinds(scope, fields)


FIELD_OF_FACT = Text("字段", "field")

"""Rules with their cases: from the YAML to `Rule` values."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, cast

from riskgate.load.expressions import read_expression
from riskgate.load.messages import Check, Wrong, check_path, check_placeholders, unknown_field, unknown_name
from riskgate.load.names import RESERVED, identifier, label
from riskgate.load.scope import CASE_KEYS, SCALE, Scope, severity_of, waivable_by
from riskgate.load.shape import Form, Sheet
from riskgate.load.tree import Entries, Leaf, Node
from riskgate.load.typed import entity_value, fact_value, is_date, typed_value
from riskgate.pack import Case, Expression, OnMissing, Outcome, Parameter, Rule
from riskgate.text import Text
from riskgate.vocabulary import EntityType

RULE = Text("规则", "rule")
NAMED = Text("命名值", "named value")
MISSING = Text("缺失时的处理", "treatment of missing facts")
OUTCOME = Text("预期结果", "expected outcome")
ON_MISSING = ("gap", "risk", "skip")
OUTCOMES = ("pass", "risk", "gap", "skip")
REQUIRED = ("id", "title", "entity", "require", "severity", "nodes")
KEYS = frozenset(REQUIRED) | {
    *("when", "values", "theme", "customer_sensitivity", "operator_weight", "owners", "message", "remedy", "why"),
    *("sources", "on_missing", "waivable_by", "cases"),
}
NO_VALUES: Mapping[str, Expression] = MappingProxyType({})


@dataclass(eq=False, repr=False)
class RuleReader:
    """Reads the rules of one file of a pack."""

    sheet: Sheet
    scope: Scope
    parameters: Mapping[str, Parameter] | None
    """None where the pack's head could not be read: parameter names are then not checked."""

    def read(self, node: Node) -> tuple[Rule | None, Leaf | None]:
        """The rule, None if anything is wrong with it; and its id with its place, for telling doubles."""
        sheet, scope = self.sheet, self.scope
        before = len(sheet.problems)
        entries = sheet.entries(node)
        if entries is None:
            return None, None
        form = sheet.form(entries, KEYS, REQUIRED)
        ident, at = self._id(form)
        plain: list[str] = []
        entity = scope.entity(form)
        severity = severity_of(form)
        values = self._values(form, entity)
        require = self._expression(form, "require")
        rule = {
            "title": form.words("title", plain),
            "nodes": scope.nodes(form),
            "when": self._expression(form, "when"),
            "values": values,
            "theme": scope.theme(form) if "theme" in entries.values else None,
            "customer_sensitivity": form.whole("customer_sensitivity", *SCALE),
            "operator_weight": form.whole("operator_weight", *SCALE),
            "owners": scope.owners(form),
            "message": self._message(form, entity, values, plain),
            "remedy": form.words("remedy", plain),
            "why": form.words("why", plain),
            "sources": scope.citations(form),
            "on_missing": cast("OnMissing | None", form.choice("on_missing", ON_MISSING, MISSING)) or "gap",
            "waivable_by": waivable_by(form, severity),
            "cases": tuple(case for item in form.items("cases") if (case := self._case(item, entity)) is not None),
            "place": sheet.place(entries),
            "one_language": tuple(plain),
        }
        if len(sheet.problems) > before or entries.damaged:
            return None, at
        if ident is None or entity is None or severity is None or require is None:
            return None, at
        return Rule(
            id=ident, entity=entity.name, require=require, severity=severity, **cast("dict[str, Any]", rule)
        ), at

    def _id(self, form: Form) -> tuple[str | None, Leaf | None]:
        at = form.get("id")
        if at is None or not isinstance(at, Leaf):
            return (None if at is None else form.text("id")), None
        return label(self.sheet, at, RULE), at

    def _expression(self, form: Form, name: str) -> Expression | None:
        node = form.get(name)
        return None if node is None else read_expression(self.sheet, node)

    def _values(self, form: Form, entity: EntityType | None) -> Mapping[str, Expression]:
        entries = form.entries("values")
        if entries is None:
            return NO_VALUES
        vocabulary = self.scope.vocabulary
        chain = () if entity is None or vocabulary is None else vocabulary.chains[entity.name]
        taken = RESERVED | {e.name for e in chain}
        found: dict[str, Expression] = {}
        for key, node in entries.leaves():
            name = identifier(self.sheet, key, NAMED, taken)
            text = read_expression(self.sheet, node)
            if name is not None and text is not None:
                found[name] = text
        return MappingProxyType(found)

    def _message(
        self, form: Form, entity: EntityType | None, values: Mapping[str, Expression], plain: list[str]
    ) -> Text | None:
        node = form.get("message")
        if node is None:
            return None
        if entity is not None:
            check_placeholders(self.sheet, node, self._check(entity, values))
        return form.words("message", plain)

    def _check(self, entity: EntityType, values: Mapping[str, Expression]) -> Check:
        vocabulary = self.scope.vocabulary
        assert vocabulary is not None  # noqa: S101 - an entity type comes from a vocabulary
        chain = {e.name: e for e in vocabulary.chains[entity.name]}

        def check(path: tuple[str, ...]) -> Wrong | None:
            first = path[0]
            if first in chain:
                return check_path(vocabulary, chain[first], path)
            if first == "params":
                return self._parameter(path)
            if first in values or first == "as_of":
                return None if len(path) == 1 else unknown_field(first, path[1], [])
            return unknown_name(first, [*chain, *values, "params", "as_of"])

        return check

    def _parameter(self, path: tuple[str, ...]) -> Wrong | None:
        if self.parameters is None:
            return None
        if len(path) == 1 or path[1] not in self.parameters:
            return unknown_field("params", path[1] if len(path) > 1 else "", list(self.parameters))
        return None if len(path) == 2 else unknown_field(path[1], path[2], [])  # noqa: PLR2004 - params.x has two names

    def _case(self, node: Node, entity: EntityType | None) -> Case | None:
        sheet = self.sheet
        vocabulary = self.scope.vocabulary
        entries = sheet.entries(node)
        if entries is None:
            return None
        known = entries.values.keys() if vocabulary is None or entity is None else self.scope.case_keys
        form = sheet.form(entries, known, ("expect",))
        expect = form.choice("expect", OUTCOMES, OUTCOME)
        entities: dict[str, Mapping[str, Any]] = {}
        for name, item in entries.values.items():
            if name in CASE_KEYS or vocabulary is None or name not in vocabulary.entities:
                continue
            part = sheet.entries(item)
            if part is not None:
                entities[name] = entity_value(sheet, part, vocabulary.entities[name], vocabulary)
        snapshot = form.entries("snapshot")
        return Case(
            expect=cast(Outcome, expect or "gap"),
            entities=entities,
            snapshot=None if snapshot is None else self._snapshot(snapshot),
            as_of=self._as_of(form),
            params=self._params(form),
            note=form.text("note") or "",
            place=sheet.place(entries),
        )

    def _snapshot(self, entries: Entries) -> dict[str, Any]:
        vocabulary = self.scope.vocabulary
        found: dict[str, Any] = {}
        for name, item in entries.values.items():
            if name == "project" and vocabulary is not None and isinstance(item, Entries):
                found[name] = entity_value(self.sheet, item, vocabulary.root, vocabulary)
            elif name == "as_of" and isinstance(item, Leaf):
                found[name] = item.text
            else:
                found[name] = fact_value(self.sheet, item, None)
        return found

    def _as_of(self, form: Form) -> str | None:
        text = form.text("as_of")
        if text is not None and not is_date(text):
            self.sheet.wrong_type(form.values["as_of"], Text("日期 YYYY-MM-DD", "a date YYYY-MM-DD"))
        return text

    def _params(self, form: Form) -> Mapping[str, Any]:
        entries = form.entries("params")
        found: dict[str, Any] = {}
        for key, node in [] if entries is None else entries.leaves():
            if self.parameters is None:
                continue
            parameter = self.parameters.get(key.text)
            if parameter is None:
                self.sheet.unknown("unknown-parameter", key, Text("参数", "parameter"), self.parameters)
            else:
                found[key.text] = typed_value(self.sheet, node, parameter.spec, self.scope.lifecycle)
        return found

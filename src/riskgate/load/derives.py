"""Derive rules with their cases: from the YAML to `Derive` values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from riskgate.load.facts import FACT, FactKinds
from riskgate.load.messages import Wrong, check_placeholders, unknown_field, unknown_name
from riskgate.load.names import RESERVED, identifier, label
from riskgate.load.scope import SCALE, Scope, severity_of, waivable_by
from riskgate.load.shape import Form, Sheet
from riskgate.load.tree import Entries, Items, Leaf, Node
from riskgate.pack import Conclusion, ConditionOperator, Derive, DeriveCase, FactCondition, Given
from riskgate.text import Text

DERIVE = Text("推导规则", "derive rule")
ALIAS = Text("事实", "fact")
FIELD = Text("字段", "field")
KEYS = frozenset(
    [
        "id",
        "title",
        "given",
        "conclude",
        "customer_sensitivity",
        "operator_weight",
        "remedy",
        "why",
        "sources",
        "waivable_by",
        "cases",
    ]
)
REQUIRED = ("id", "title", "given", "conclude")
CONCLUDE = ("severity", "nodes", "owners", "theme", "message")
OPERATORS = ("eq", "neq", "gt", "gte", "lt", "lte", "in")
ORDERED = frozenset({"gt", "gte", "lt", "lte"})
OTHER = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\.([A-Za-z_][A-Za-z0-9_]*)\Z")
Aliases = Mapping[str, str]
"""Names of the facts of a rule, in order, with the kind of each."""


@dataclass(eq=False, repr=False)
class DeriveReader:
    """Reads the derive rules of one file of a pack."""

    sheet: Sheet
    scope: Scope
    kinds: FactKinds

    def read(self, node: Node) -> tuple[Derive | None, Leaf | None]:
        """The derive rule, None if anything is wrong with it; and its id with its place."""
        sheet = self.sheet
        before = len(sheet.problems)
        entries = sheet.entries(node)
        if entries is None:
            return None, None
        form = sheet.form(entries, KEYS, REQUIRED)
        at = form.get("id")
        ident = label(sheet, at, DERIVE) if isinstance(at, Leaf) else form.text("id")
        plain: list[str] = []
        title = form.words("title", plain)
        aliases: dict[str, str] = {}
        given = tuple(g for item in self._given(form) if (g := self._line(item, aliases)) is not None)
        conclude = self._conclude(form, aliases, plain)
        sensitivity, weight = form.whole("customer_sensitivity", *SCALE), form.whole("operator_weight", *SCALE)
        remedy, why = form.words("remedy", plain), form.words("why", plain)
        sources = self.scope.citations(form)
        waivable = waivable_by(form, None if conclude is None else conclude.severity)
        cases = tuple(case for item in form.items("cases") if (case := self._case(item)) is not None)
        place = at if isinstance(at, Leaf) else None
        if len(sheet.problems) > before or entries.damaged or ident is None or title is None or conclude is None:
            return None, place
        derive = Derive(
            id=ident,
            title=title,
            given=given,
            conclude=conclude,
            customer_sensitivity=sensitivity,
            operator_weight=weight,
            remedy=remedy,
            why=why,
            sources=sources,
            waivable_by=waivable,
            cases=cases,
            place=sheet.place(entries),
            one_language=tuple(plain),
        )
        return derive, place

    def _given(self, form: Form) -> list[Node]:
        node = form.get("given")
        items = [] if node is None else self.sheet.items(node)
        if node is not None and items == []:
            self.sheet.add("empty-list", node, Text("至少要写一条事实", "at least one fact is needed"))
        return items or []

    def _line(self, node: Node, aliases: dict[str, str]) -> Given | None:
        sheet = self.sheet
        entries = sheet.entries(node)
        if entries is None:
            return None
        kinds = [name for name in entries.values if name != "where"]
        if len(kinds) != 1 or kinds[0] not in self.kinds.names():
            self._wrong_kind(entries, kinds)
            return None
        fact = kinds[0]
        at = entries.values[fact]
        if sheet.text(at) is None or not isinstance(at, Leaf):
            return None
        alias = identifier(sheet, at, ALIAS, RESERVED)
        if alias is not None and alias in aliases:
            message = Text(f"`{alias}` 已用于上面的事实", f"`{alias}` already names a fact above")
            sheet.add("doubled-id", at, message, Text("请换一个名称。", "choose another name."))
        where = entries.values.get("where")
        conditions = self._where(where, fact, aliases) if where is not None else ()
        if alias is None:
            return None
        aliases.setdefault(alias, fact)
        return Given(fact, alias, conditions, sheet.place(entries))

    def _wrong_kind(self, entries: Entries, kinds: list[str]) -> None:
        unknown = [name for name in kinds if name not in self.kinds.names()]
        for name in unknown:
            self.sheet.unknown("unknown-fact", entries.key(name), FACT, self.kinds.names(), listing=True)
        if not unknown and not entries.damaged:
            known = ", ".join(self.kinds.names())
            message = Text("每一条要写一种事实和它的名称", "each line names one kind of fact, and the fact")
            help_text = Text(
                f"例如 {{risk: leak, where: …}}；可用 {known}。", f"such as {{risk: leak, where: …}}; known: {known}."
            )
            self.sheet.add("wrong-type", entries, message, help_text)

    def _where(self, node: Node, fact: str, aliases: Aliases) -> tuple[FactCondition, ...]:
        entries = self.sheet.entries(node)
        fields = self.kinds.fields(fact)
        found: list[FactCondition] = []
        for key, value in [] if entries is None else entries.leaves():
            if key.text not in fields:
                kind = Text(f"字段（{fact}）", f"field of {fact}")
                self.sheet.unknown("unknown-field", key, kind, fields, listing=True)
            elif isinstance(value, Entries):
                form = self.sheet.form(value, OPERATORS)
                if not value.values and not value.damaged:
                    self.sheet.add("empty-list", value, Text("没有写条件", "no condition is written"))
                for name, operand in form.values.items():
                    if name in OPERATORS:
                        operator = cast(ConditionOperator, name)
                        found += self._condition(key, fact, operator, operand, value.key(name), aliases)
            else:
                found += self._condition(key, fact, "in" if isinstance(value, Items) else "eq", value, key, aliases)
        return tuple(found)

    def _condition(
        self, key: Leaf, fact: str, operator: ConditionOperator, node: Node, at: Leaf, aliases: Aliases
    ) -> list[FactCondition]:
        sheet = self.sheet
        before = len(sheet.problems)
        name = key.text
        place = sheet.place(key)
        kind = self.kinds.fields(fact)[name]
        if operator in ORDERED and self.kinds.is_number(fact, name) is False:
            message = Text(
                f"`{name}` 不是数字，不能用 {operator}",
                f"`{name}` is not a number and cannot be compared by {operator}",
            )
            sheet.add("wrong-type", at, message, Text("可用 eq、neq、in。", "use eq, neq or in."))
            return []
        if operator == "in":
            value: Any = [self.kinds.value(sheet, item, kind) for item in sheet.items(node) or ()]
            if not value and len(sheet.problems) == before:
                sheet.add("empty-list", node, Text("列表是空的", "the list is empty"))
        else:
            other = self._other(node, aliases)
            if other is not None:
                return self._join(key, fact, operator, node, other, aliases)
            if len(sheet.problems) == before:
                value = self.kinds.value(sheet, node, kind)
        return [] if len(sheet.problems) > before else [FactCondition(name, operator, value, None, place)]

    def _other(self, node: Node, aliases: Aliases) -> tuple[str, str] | None:
        """The field of an earlier fact that a plain text names, if it names one."""
        if not isinstance(node, Leaf) or node.style:
            return None
        match = OTHER.match(node.text)
        if match is None:
            return None
        if match[1] not in aliases:
            self.sheet.unknown(
                "unknown-name", node, Text("事实（要写在前面）", "earlier fact"), [f"{a}.{match[2]}" for a in aliases]
            )
            return None
        return match[1], match[2]

    def _join(
        self, key: Leaf, fact: str, operator: ConditionOperator, node: Node, other: tuple[str, str], aliases: Aliases
    ) -> list[FactCondition]:
        sheet = self.sheet
        alias, field = other
        known = self.kinds.fields(aliases[alias])
        if field not in known:
            assert isinstance(node, Leaf)  # noqa: S101 - only a leaf names another fact
            sheet.unknown("unknown-field", node, FIELD, [f"{alias}.{name}" for name in known])
        elif operator != "eq":
            message = Text("与另一条事实的字段只能用 eq 比较", "fields of two facts can only be compared by eq")
            sheet.add("wrong-type", node, message)
        elif {self.kinds.is_number(fact, key.text), self.kinds.is_number(aliases[alias], field)} == {True, False}:
            message = Text("数字和文字不会相等", "a number and a text are never equal")
            sheet.add("wrong-type", node, message)
        else:
            return [FactCondition(key.text, "eq", None, other, sheet.place(key))]
        return []

    def _conclude(self, form: Form, aliases: Aliases, plain: list[str]) -> Conclusion | None:
        entries = form.entries("conclude")
        if entries is None:
            return None
        body = self.sheet.form(entries, CONCLUDE, ("severity", "nodes"))
        severity = severity_of(body)
        message_node = body.get("message")
        if message_node is not None:
            check_placeholders(self.sheet, message_node, lambda path: self._check(path, aliases))
        nodes, owners = self.scope.nodes(body), self.scope.owners(body)
        theme = self.scope.theme(body) if body.get("theme") is not None else None
        message = body.words("message", plain)
        return None if severity is None else Conclusion(severity, nodes, owners, theme, message)

    def _check(self, path: tuple[str, ...], aliases: Aliases) -> Wrong | None:
        if path[0] not in aliases:
            return unknown_name(path[0], list(aliases))
        fields = list(self.kinds.fields(aliases[path[0]]))
        if len(path) == 1 or path[1] not in fields:
            return unknown_field(path[0], path[1] if len(path) > 1 else "", fields)
        return None if len(path) == 2 else unknown_field(path[1], path[2], [])  # noqa: PLR2004 - alias.field has two names

    def _case(self, node: Node) -> DeriveCase | None:
        sheet = self.sheet
        entries = sheet.entries(node)
        if entries is None:
            return None
        form = sheet.form(entries, ("facts", "expect", "note"), ("facts", "expect"))
        facts: list[tuple[str, Mapping[str, Any]]] = []
        for item in form.items("facts"):
            fact = self._fact(item)
            if fact is not None:
                facts.append(fact)
        expect = tuple(text for item in form.items("expect") if (text := sheet.text(item)) is not None)
        return DeriveCase(tuple(facts), expect, form.text("note") or "", sheet.place(entries))

    def _fact(self, node: Node) -> tuple[str, Mapping[str, Any]] | None:
        sheet = self.sheet
        entries = sheet.entries(node)
        if entries is None:
            return None
        if len(entries.values) != 1 or (name := next(iter(entries.values))) not in self.kinds.names():
            self._wrong_kind(entries, list(entries.values))
            return None
        body = sheet.entries(entries.values[name])
        if body is None:
            return None
        fields = self.kinds.fields(name)
        found: dict[str, Any] = {}
        for key, value in body.leaves():
            if key.text in fields:
                found[key.text] = self.kinds.value(sheet, value, fields[key.text])
            else:
                kind = Text(f"字段（{name}）", f"field of {name}")
                sheet.unknown("unknown-field", key, kind, fields, listing=True)
        return name, found

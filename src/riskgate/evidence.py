"""Why a rule was decided at an entity: its message with the deciding values, and the values themselves.

Everything that depends on the rule alone is prepared once (`Explainer`); what depends on the entity is made when
somebody reads the risk.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from riskgate.cel.interpret import interpret
from riskgate.cel.runtime import CelError, Context
from riskgate.cel.syntax import Expr, Ident, Macro, Select, children
from riskgate.cel.types import EntityOf, ListOf, Type
from riskgate.describe import LANGS, Describer, Labels, Read, member, rule_finder
from riskgate.describe import Path as Dotted
from riskgate.evaluate import Evaluation
from riskgate.plan.bind import BoundRule
from riskgate.plan.paths import Path
from riskgate.plan.plan import compile_rule_expression
from riskgate.report import EntityRef, Evidence, Risk, RiskDetail
from riskgate.text import Text
from riskgate.vocabulary import Field

MACRO_ITEMS = 5
"""How many deciding items of a macro the evidence names; it gives their number too."""


class Scope(NamedTuple):
    """What a message and the evidence of one entity are made from."""

    chain: list[dict[str, Any]]
    ordinals: list[int]
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Macro:
    text: str
    tree: Macro
    types: Mapping[int, Type]


_Item = Path | str | _Macro
"""A field, the dotted name of a parameter (`params.x`) or a named value, or a macro."""
_Show = Callable[[Scope], Evidence]


class Explainer:
    """Explains the risks of one rule in one evaluation."""

    def __init__(
        self,
        evaluation: Evaluation,
        rule: BoundRule,
        describer: Describer,
        labels: Labels,
        contexts: Sequence[Context],
    ) -> None:
        library = evaluation.plan.library
        self._snapshot = evaluation.snapshot
        self._as_of = evaluation.as_of
        self._rule = rule
        self._labels = labels
        self._context = contexts[rule.pack]
        self._params = evaluation.settings.values[rule.pack]
        self._names = tuple(entity.name for entity in rule.chain)
        self._tables = [evaluation.snapshot.tables[name] for name in self._names]
        self._pointers = [evaluation.snapshot.pointers(name) for name in self._names]
        self._paths = evaluation.plan.paths(rule.chain)
        specs = {name: p.spec for name, p in library.packs[rule.pack].parameters.items()}
        self._shows = tuple(self._show(item, specs) for item in self._items())
        find = rule_finder(describer, rule, specs)
        message = rule.rule.message or rule.rule.title
        self._zh, self._en = (describer.template(message.to(lang), lang, find, self._reader) for lang in LANGS)
        self._values = {
            name: compile_rule_expression(checked.tree, checked.types, self._names, rule.inline)
            for name, checked in rule.values.items()
        }

    def explain(self, risk: Risk) -> RiskDetail:
        """Entity, message and evidence of a risk of this rule."""
        ordinal = risk.ordinal
        scope = self._scope(ordinal)
        kind = self._rule.entity
        entity = EntityRef(kind.name, risk.address, self._pointers[-1][ordinal], self._labels.of(kind, ordinal))
        return RiskDetail(entity, Text(self._zh(scope), self._en(scope)), tuple([show(scope) for show in self._shows]))

    def _scope(self, ordinal: int) -> Scope:
        ordinals = [ordinal]
        for table in self._tables[:0:-1]:
            ordinals.append(table.parents[ordinals[-1]])
        ordinals.reverse()
        chain = [table.entities[number] for table, number in zip(self._tables, ordinals, strict=True)]
        return Scope(chain, ordinals, self._named_values(chain) if self._values else {})

    def _named_values(self, chain: list[dict[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, compute in self._values.items():
            self._context.start()
            try:
                found[name] = compute(*chain, self._params, self._as_of, self._context)
            except CelError:
                found[name] = None  # shown as "not given": a message never fails
        return found

    def _reader(self, path: Dotted) -> Read:
        """How a placeholder gets its value."""
        first, rest = path[0], path[1:]
        if first in self._rule.values:
            return lambda scope: member(scope.values[first], rest) if rest else scope.values[first]
        if first == "params":
            value = member(dict(self._params), rest)
            return lambda _: value
        if first == "as_of":
            return lambda _: self._as_of
        depth = self._names.index(first)
        if len(rest) == 1:
            key = rest[0]
            return lambda scope: scope.chain[depth].get(key)
        return lambda scope: member(scope.chain[depth], rest)

    # -- what the rule reads

    def _items(self) -> Iterator[_Item]:
        seen: set[str] = set()
        rule = self._rule.rule
        for checked, source in ((self._rule.when, rule.when), (self._rule.require, rule.require)):
            if checked is None or source is None:
                continue
            for item in self._walk(checked.tree, checked.types, source.text):
                key = item if isinstance(item, str) else item.text
                if key not in seen:
                    seen.add(key)
                    yield item

    def _walk(self, tree: Expr, types: Mapping[int, Type], text: str) -> Iterator[_Item]:
        path = self._paths.of(tree)
        if path is not None:
            yield path
            return
        if isinstance(tree, Ident) and tree.name in self._rule.values:
            yield tree.name
            return
        if isinstance(tree, Select) and isinstance(tree.operand, Ident) and tree.operand.name == "params":
            yield f"params.{tree.field}"
            return
        if isinstance(tree, Macro):
            yield _Macro(" ".join(text[tree.span.start : tree.span.end].split()), tree, types)
            return
        for part in children(tree):
            yield from self._walk(part, types, text)

    # -- how it is shown

    def _show(self, item: _Item, specs: Mapping[str, Field]) -> _Show:
        if isinstance(item, Path):
            return self._show_path(item)
        if isinstance(item, _Macro):
            return lambda scope: self._macro(item, scope)
        if item in self._rule.values:
            return lambda scope: Evidence(item, None, plain_value(scope.values[item], None))
        name = item.partition(".")[2]
        evidence = Evidence(item, None, plain_value(self._params[name], specs[name]))
        return lambda _: evidence

    def _show_path(self, path: Path) -> _Show:
        depth = self._names.index(path.entity)
        pointers, suffix, text, spec = self._pointers[depth], path.pointer, path.text, path.spec
        members, origins = path.members, self._snapshot.origins
        first = members[0]
        plain = spec is not None and spec.type in PLAIN and len(members) == 1

        def show(scope: Scope) -> Evidence:
            pointer = pointers[scope.ordinals[depth]] + suffix
            value = scope.chain[depth].get(first)
            if not plain:
                value = plain_value(member(value, members[1:]), spec)
            return Evidence(text, pointer, value, origins.get(pointer) if origins else None)

        return show

    def _macro(self, item: _Macro, scope: Scope) -> Evidence:
        """The items that decided a macro: those that fail `all`, those that meet `exists`, all if none does."""
        bindings = dict(zip(self._names, scope.chain, strict=True))
        bindings |= {"params": dict(self._params), "as_of": self._as_of}  # type: ignore[dict-item]  # names of any type
        tree = item.tree
        pointer = self._range_pointer(tree.range, scope)
        self._context.start()
        try:
            items = interpret(
                tree.range, bindings, self._context, types=item.types, mixed=True, inline=self._rule.inline
            )
        except CelError as error:
            return Evidence(item.text, pointer, {"error": error.message})
        listed = list(enumerate(items)) if isinstance(items, list | tuple) else list(items.items())
        deciding = [entry for entry in listed if self._decides(tree, entry, bindings, item.types)]
        shown = deciding or listed
        kind = item.types.get(id(tree.range))
        entity = kind.item.name if isinstance(kind, ListOf) and isinstance(kind.item, EntityOf) else None
        found = [self._item(key, one, entity, pointer) for key, one in shown[:MACRO_ITEMS]]
        return Evidence(item.text, pointer, {"of": len(listed), "deciding": len(shown), "items": found})

    def _decides(
        self, tree: Macro, entry: tuple[Any, Any], bindings: Mapping[str, Any], types: Mapping[int, Type]
    ) -> bool:
        if tree.condition is None:
            return True
        bound = entry if len(tree.variables) > 1 else entry[1:]
        inner = {**bindings, **dict(zip(tree.variables, bound, strict=True))}
        self._context.start()
        try:
            holds = interpret(tree.condition, inner, self._context, types=types, mixed=True, inline=self._rule.inline)
        except CelError:
            return tree.kind == "all"
        return holds is not True if tree.kind == "all" else holds is True

    def _range_pointer(self, tree: Expr, scope: Scope) -> str | None:
        path = self._paths.of(tree)
        if path is None:
            return None
        depth = self._names.index(path.entity)
        return self._pointers[depth][scope.ordinals[depth]] + path.pointer

    def _item(self, key: Any, item: Any, entity: str | None, pointer: str | None) -> dict[str, Any]:
        if isinstance(item, dict):
            found: dict[str, Any] = {"id": item.get("id")}
            ordinal = None if entity is None else self._snapshot.ordinal_of(entity, item)
            if pointer is not None:
                found["pointer"] = f"{pointer}/{key}"
            elif entity is not None and ordinal is not None:
                found["pointer"] = self._snapshot.pointer(entity, ordinal)
            return found
        found = {"value": plain_value(item, None)}
        return found if pointer is None else {**found, "pointer": f"{pointer}/{key}"}


PLAIN = frozenset({"string", "integer", "number", "boolean", "enum", "node", "department", "ref"})
"""Fields of these types hold what JSON can hold."""


def plain_value(value: Any, spec: Field | None) -> Any:
    """A value as JSON: dates as YYYY-MM-DD, timestamps as RFC 3339, durations in seconds, entities by their id."""
    if isinstance(value, dt.datetime):
        midnight = value.utcoffset() == dt.timedelta(0) and value.time() == dt.time(0)
        dated = spec.type == "date" if spec is not None else midnight
        return value.date().isoformat() if dated else value.isoformat()
    if isinstance(value, dt.timedelta):
        return f"{value.total_seconds():g}s"
    if isinstance(value, dict):
        return {"id": value["id"]} if value.get("id") is not None else {"present": True}
    if isinstance(value, list | tuple):
        if value and isinstance(value[0], dict):
            return {"count": len(value)}
        return [plain_value(item, spec.of if spec is not None else None) for item in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)

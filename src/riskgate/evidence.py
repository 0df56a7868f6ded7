"""Why a rule was decided at an entity: its message with the deciding values, and the values themselves.

Everything that depends on the rule alone is prepared once (`Explainer`); what depends on the entity is made when
somebody reads the risk.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from riskgate.cel.interpret import interpret
from riskgate.cel.runtime import CelError, Context
from riskgate.cel.syntax import Expr, Ident, Macro, Select, children
from riskgate.cel.types import EntityOf, ListOf, Type
from riskgate.describe import Describer, Template, fill, rule_finder, template
from riskgate.evaluate import Evaluation
from riskgate.plan.bind import BoundRule
from riskgate.plan.paths import Path
from riskgate.plan.plan import compile_rule_expression
from riskgate.report import EntityRef, Evidence, Risk, RiskDetail
from riskgate.text import Text
from riskgate.vocabulary import Field

MACRO_ITEMS = 5
"""How many deciding items of a macro the evidence names; it gives their number too."""


@dataclass(frozen=True, slots=True)
class _Parameter:
    name: str
    spec: Field


@dataclass(frozen=True, slots=True)
class _Value:
    name: str


@dataclass(frozen=True, slots=True)
class _Macro:
    text: str
    tree: Macro
    types: Mapping[int, Type]


_Item = Path | _Parameter | _Value | _Macro


class Explainer:
    """Explains the risks of one rule in one evaluation."""

    def __init__(
        self, evaluation: Evaluation, rule: BoundRule, describer: Describer, contexts: Sequence[Context]
    ) -> None:
        plan = evaluation.plan
        self._evaluation = evaluation
        self._snapshot = evaluation.snapshot
        self._rule = rule
        self._describer = describer
        self._context = contexts[rule.pack]
        self._params = evaluation.settings.values[rule.pack]
        self._names = tuple(entity.name for entity in rule.chain)
        self._paths = plan.paths(rule.chain)
        specs = {name: p.spec for name, p in plan.library.packs[rule.pack].parameters.items()}
        self._items = tuple(self._found(specs))
        find = rule_finder(describer, rule, specs)
        message = rule.rule.message or rule.rule.title
        self._templates: tuple[Template, Template] = (template(message.zh, find), template(message.en, find))
        self._values = {
            name: compile_rule_expression(checked.tree, checked.types, self._names, rule.inline)
            for name, checked in rule.values.items()
        }

    def explain(self, risk: Risk) -> RiskDetail:
        """Entity, message and evidence of a risk of this rule."""
        kind = self._rule.entity.name
        ordinals = self._snapshot.ordinals(kind, risk.ordinal)
        chain = self._snapshot.chain(kind, risk.ordinal)
        pointer = self._snapshot.pointer(kind, risk.ordinal)
        values = self._named_values(chain)
        entity = EntityRef(kind, risk.address, pointer, self._describer.label(self._rule.chain, chain, risk.address))
        by_name = dict(zip(self._names, chain, strict=True))

        def lookup(path: tuple[str, ...]) -> Any:
            first = path[0]
            if first in values:
                return values[first]
            if first == "as_of":
                return self._evaluation.as_of
            value: Any = self._params if first == "params" else by_name.get(first)
            for member in path[1:]:
                if not isinstance(value, Mapping):
                    return None
                value = value.get(member)
            return value

        zh, en = self._templates
        message = Text(fill(zh, lookup, self._describer, "zh"), fill(en, lookup, self._describer, "en"))
        evidence = tuple(self._evidence(item, lookup, values, by_name, ordinals) for item in self._items)
        return RiskDetail(entity, message, evidence)

    # -- what the rule reads

    def _found(self, specs: Mapping[str, Field]) -> Iterator[_Item]:
        seen: set[object] = set()
        for checked, source in (
            (self._rule.when, self._rule.rule.when),
            (self._rule.require, self._rule.rule.require),
        ):
            if checked is None or source is None:
                continue
            for item in self._walk(checked.tree, checked.types, source.text, specs):
                key = item.text if isinstance(item, Path | _Macro) else (type(item), item.name)
                if key not in seen:
                    seen.add(key)
                    yield item

    def _walk(self, tree: Expr, types: Mapping[int, Type], text: str, specs: Mapping[str, Field]) -> Iterator[_Item]:
        path = self._paths.of(tree)
        if path is not None:
            yield path
            return
        if isinstance(tree, Ident) and tree.name in self._rule.values:
            yield _Value(tree.name)
            return
        if isinstance(tree, Select) and isinstance(tree.operand, Ident) and tree.operand.name == "params":
            yield _Parameter(tree.field, specs[tree.field])
            return
        if isinstance(tree, Macro):
            yield _Macro(" ".join(text[tree.span.start : tree.span.end].split()), tree, types)
            return
        for part in children(tree):
            yield from self._walk(part, types, text, specs)

    # -- the values at an entity

    def _named_values(self, chain: tuple[dict[str, Any], ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, compute in self._values.items():
            self._context.start()
            try:
                found[name] = compute(*chain, self._params, self._evaluation.as_of, self._context)
            except CelError:
                found[name] = None  # shown as "not given": a message never fails
        return found

    def _evidence(
        self,
        item: _Item,
        lookup: Any,
        values: Mapping[str, Any],
        by_name: Mapping[str, dict[str, Any]],
        ordinals: tuple[int, ...],
    ) -> Evidence:
        match item:
            case Path():
                holder = self._snapshot.pointer(item.entity, ordinals[self._names.index(item.entity)])
                pointer = holder + item.pointer
                value = lookup((item.entity, *item.members))
                origin = self._snapshot.origins.get(pointer)
                return Evidence(item.text, pointer, plain_value(value, item.spec), origin)
            case _Parameter(name=name, spec=spec):
                return Evidence(f"params.{name}", None, plain_value(self._params[name], spec))
            case _Value(name=name):
                return Evidence(name, None, plain_value(values[name], None))
            case _Macro():
                return self._macro(item, by_name, ordinals)

    def _macro(self, item: _Macro, by_name: Mapping[str, dict[str, Any]], ordinals: tuple[int, ...]) -> Evidence:
        """The items that decided a macro: those that fail `all`, those that meet `exists`, all if none does."""
        bindings = {**by_name, "params": self._params, "as_of": self._evaluation.as_of}
        tree = item.tree
        pointer = self._range_pointer(tree.range, ordinals)
        self._context.start()
        try:
            items = interpret(
                tree.range, bindings, self._context, types=item.types, mixed=True, inline=self._rule.inline
            )
        except CelError as error:
            return Evidence(item.text, pointer, {"error": error.message})
        listed = list(enumerate(items)) if isinstance(items, list | tuple) else list(items.items())
        deciding = [key_item for key_item in listed if self._decides(tree, key_item, bindings, item.types)]
        shown = deciding or listed
        kind = item.types.get(id(tree.range))
        entity = kind.item.name if isinstance(kind, ListOf) and isinstance(kind.item, EntityOf) else None
        found = [self._item(key, one, entity, pointer) for key, one in shown[:MACRO_ITEMS]]
        return Evidence(item.text, pointer, {"of": len(listed), "deciding": len(shown), "items": found})

    def _decides(
        self, tree: Macro, key_item: tuple[Any, Any], bindings: Mapping[str, Any], types: Mapping[int, Type]
    ) -> bool:
        if tree.condition is None:
            return True
        bound = key_item if len(tree.variables) > 1 else key_item[1:]
        inner = {**bindings, **dict(zip(tree.variables, bound, strict=True))}
        self._context.start()
        try:
            holds = interpret(tree.condition, inner, self._context, types=types, mixed=True, inline=self._rule.inline)
        except CelError:
            return tree.kind == "all"
        return bool(holds is not True) if tree.kind == "all" else holds is True

    def _range_pointer(self, tree: Expr, ordinals: tuple[int, ...]) -> str | None:
        path = self._paths.of(tree)
        if path is None:
            return None
        return self._snapshot.pointer(path.entity, ordinals[self._names.index(path.entity)]) + path.pointer

    def _item(self, key: Any, item: Any, entity: str | None, pointer: str | None) -> dict[str, Any]:
        if isinstance(item, dict):
            found: dict[str, Any] = {"id": item.get("id")}
            if pointer is not None:
                found["pointer"] = f"{pointer}/{key}"
            elif entity is not None and (ordinal := self._snapshot.ordinal_of(entity, item)) is not None:
                found["pointer"] = self._snapshot.pointer(entity, ordinal)
            return found
        found = {"value": plain_value(item, None)}
        return found if pointer is None else {**found, "pointer": f"{pointer}/{key}"}


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

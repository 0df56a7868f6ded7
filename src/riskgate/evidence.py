"""Why a rule was decided at an entity: its message with the deciding values, and the values themselves.

Everything that depends on the rule alone is prepared once (`Explainer`); what depends on the entity is made when
somebody reads the risk.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from riskgate.cel.interpret import interpret
from riskgate.cel.runtime import CelError, Context
from riskgate.cel.syntax import Expr, Ident, Macro, Select, children
from riskgate.cel.types import EntityOf, ListOf, Type
from riskgate.describe import Describer, Labels, Read, member, rule_finder
from riskgate.describe import Path as Dotted
from riskgate.evaluate import Evaluation
from riskgate.json_value import PLAIN, plain_value
from riskgate.plan.bind import BoundRule
from riskgate.plan.paths import Path
from riskgate.plan.plan import compile_rule_expression
from riskgate.risk import EntityRef, Evidence, Risk, RiskDetail
from riskgate.text import Text
from riskgate.vocabulary import Field

MACRO_ITEMS = 5
"""How many deciding items of a macro the evidence names; it gives their number too."""

Scope = tuple[list[dict[str, Any]], list[int], str, Mapping[str, Any]]
"""What a message and the evidence of one entity are made from: the entity and the ancestors that the rule reads, from
the entity upwards; their ordinals; the pointer of the entity; the named values. A plain tuple, because tens of
thousands are made."""


@dataclass(frozen=True, slots=True)
class _Macro:
    text: str
    tree: Macro
    types: Mapping[int, Type]


_Item = Path | str | _Macro
"""A field, the dotted name of a parameter (`params.x`) or a named value, or a macro."""
_Show = Callable[[Scope], dict[str, Any]]


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
        self._label = labels.maker(rule.entity)
        self._context = contexts[rule.pack]
        self._params = evaluation.settings.values[rule.pack]
        self._names = tuple(entity.name for entity in reversed(rule.chain))
        """The types of the chain from the entity upwards, as in a scope."""
        self._entities = evaluation.snapshot.tables[rule.entity.name].entities
        self._pointer = evaluation.snapshot.pointer_of(rule.entity.name)
        self._paths = evaluation.plan.paths(rule.chain)
        self._reach = 0
        """How many ancestors a scope needs; grows while the parts below are made."""
        specs = {name: p.spec for name, p in library.packs[rule.pack].parameters.items()}
        self._shows = tuple(self._show(item, specs) for item in self._items())
        self._message = describer.both(
            rule.rule.message or rule.rule.title, rule_finder(describer, rule, specs), self._reader
        )
        self._values = {
            name: compile_rule_expression(checked.tree, checked.types, self._names[::-1], rule.inline)
            for name, checked in rule.values.items()
        }
        for checked in rule.values.values():
            self._reach_all(checked.tree)
        tables = [evaluation.snapshot.tables[name] for name in self._names]
        self._above = tuple((tables[height].parents, tables[height + 1].entities) for height in range(self._reach))
        self._blank: list[dict[str, Any]] = [{}] * (len(self._names) - self._reach - 1)
        """Stands for the ancestors that no expression of the rule reads."""

    def explain(self, risk: Risk) -> RiskDetail:
        """Entity, message and evidence of a risk of this rule."""
        (found,) = self.as_dicts((risk.id,), ((risk.address, risk.ordinal),))
        entity = found["entity"]
        return RiskDetail(
            EntityRef(entity["type"], entity["address"], entity["pointer"], Text(**entity["label"])),
            Text(**found["message"]),
            tuple(Evidence(**item) for item in found["evidence"]),
        )

    def as_dicts(self, ids: Sequence[str], places: Sequence[tuple[str, int]]) -> Iterator[dict[str, Any]]:
        """Risks of this rule, whole, as `Risk.as_dict` gives them; `places` are their addresses and ordinals."""
        rule, kind = self._rule.rule, self._rule.entity.name
        entities, pointer_of, label_of, say, shows = (
            self._entities,
            self._pointer,
            self._label,
            self._message,
            self._shows,
        )
        above, values = self._above, bool(self._values)
        nothing: Mapping[str, Any] = {}
        for name, (address, ordinal) in zip(ids, places, strict=True):
            chain, numbers = [entities[ordinal]], [ordinal]
            for parents, holders in above:
                number = parents[numbers[-1]]
                numbers.append(number)
                chain.append(holders[number])
            pointer = pointer_of(ordinal)
            scope = (chain, numbers, pointer, self._named_values(chain) if values else nothing)
            label_zh, label_en = label_of(ordinal)
            zh, en = say(scope)
            yield {
                "id": name,
                "rule": rule.id,
                "severity": rule.severity,
                "nodes": rule.nodes,
                "entity": {
                    "type": kind,
                    "address": address,
                    "pointer": pointer,
                    "label": {"zh": label_zh, "en": label_en},
                },
                "message": {"zh": zh, "en": en},
                "evidence": [show(scope) for show in shows],
                "waiver": None,
                "because": (),
            }

    def _named_values(self, chain: list[dict[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        args = [*self._blank, *reversed(chain)]
        for name, compute in self._values.items():
            self._context.start()
            try:
                found[name] = compute(*args, self._params, self._as_of, self._context)
            except CelError:
                found[name] = None  # shown as "not given": a message never fails
        return found

    def _reader(self, path: Dotted) -> Read:
        """How a placeholder gets its value."""
        first, rest = path[0], path[1:]
        if first in self._rule.values:
            return lambda scope: member(scope[3][first], rest) if rest else scope[3][first]
        if first == "params":
            value = member(dict(self._params), rest)
            return lambda _: value
        if first == "as_of":
            return lambda _: self._as_of
        height = self._height(first)
        if len(rest) == 1:
            key = rest[0]
            return lambda scope: scope[0][height].get(key)
        return lambda scope: member(scope[0][height], rest)

    def _height(self, name: str) -> int:
        """Where a type of the chain stands in a scope."""
        height = self._names.index(name)
        self._reach = max(self._reach, height)
        return height

    def _reach_all(self, tree: Expr) -> None:
        """Let the scope have every ancestor that an expression names."""
        if isinstance(tree, Ident) and tree.name in self._names:
            self._height(tree.name)
        for part in children(tree):
            self._reach_all(part)

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
            self._reach_all(item.tree)
            return lambda scope: self._macro(item, scope)
        if item in self._rule.values:
            return lambda scope: {"name": item, "pointer": None, "value": plain_value(scope[3][item], None)}
        name = item.partition(".")[2]
        value = plain_value(self._params[name], specs[name])
        return lambda _: {"name": item, "pointer": None, "value": value}

    def _show_path(self, path: Path) -> _Show:
        height, pointer_of = self._height(path.entity), self._snapshot.pointer_of(path.entity)
        suffix, text, spec = path.pointer, path.text, path.spec
        first, rest = path.members[0], path.members[1:]
        plain = spec is not None and spec.type in PLAIN and not rest
        origins = self._snapshot.origins

        if plain and not height and not origins:  # nearly all evidence is of this kind
            return lambda scope: {"name": text, "pointer": scope[2] + suffix, "value": scope[0][0].get(first)}

        def show(scope: Scope) -> dict[str, Any]:
            pointer = (pointer_of(scope[1][height]) if height else scope[2]) + suffix
            value = scope[0][height].get(first)
            if not plain:
                value = plain_value(member(value, rest), spec)
            found = {"name": text, "pointer": pointer, "value": value}
            origin = origins.get(pointer)
            return found if origin is None else {**found, "origin": origin}

        return show

    def _macro(self, item: _Macro, scope: Scope) -> dict[str, Any]:
        """The items that decided a macro: those that fail `all`, those that meet `exists`, all if none does."""
        bindings = dict(zip(self._names, scope[0], strict=False))  # types that no expression reads are left out
        bindings |= {"params": dict(self._params), "as_of": self._as_of}  # type: ignore[dict-item]  # names of any type
        tree = item.tree
        pointer = self._range_pointer(tree.range, scope)
        self._context.start()
        try:
            items = interpret(
                tree.range, bindings, self._context, types=item.types, mixed=True, inline=self._rule.inline
            )
        except CelError as error:
            return {"name": item.text, "pointer": pointer, "value": {"error": error.message}}
        listed = list(enumerate(items)) if isinstance(items, list | tuple) else list(items.items())
        deciding = [entry for entry in listed if self._decides(tree, entry, bindings, item.types)]
        shown = deciding or listed
        kind = item.types.get(id(tree.range))
        entity = kind.item.name if isinstance(kind, ListOf) and isinstance(kind.item, EntityOf) else None
        found = [self._item(key, one, entity, pointer) for key, one in shown[:MACRO_ITEMS]]
        value = {"of": len(listed), "deciding": len(shown), "items": found}
        return {"name": item.text, "pointer": pointer, "value": value}

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
        height = self._names.index(path.entity)
        return self._snapshot.pointer(path.entity, scope[1][height]) + path.pointer

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

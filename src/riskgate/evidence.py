"""Why a rule was decided at an entity: its message with the deciding values, and the values themselves.

Everything that depends on the rule alone is prepared once (`Explainer`); what depends on the entity is made when
somebody reads the risk.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from riskgate.cel.interpret import interpret
from riskgate.cel.runtime import CelError, Context
from riskgate.cel.syntax import Expr, Ident, Macro, children
from riskgate.cel.types import EntityOf, ListOf, Type
from riskgate.deciding import Item, MacroItem, items_of
from riskgate.describe import Describer, Read, member, rule_finder
from riskgate.describe import Path as Dotted
from riskgate.evaluate import Evaluation
from riskgate.json_value import PLAIN, plain_value
from riskgate.labels import Labels
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


_Show = Callable[[Scope], dict[str, Any]]
_Shown = tuple[_Show | None, str, str, str]
"""How an item is shown. None stands for a field of the entity itself, whose value JSON can hold, without an origin:
nearly all evidence is of this kind, so its name, the end of its pointer and its key are here."""


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
        self._root = self._names[-1]
        self._entities = evaluation.snapshot.tables[rule.entity.name].entities
        self._pointer = evaluation.snapshot.pointer_of(rule.entity.name)
        self._paths = evaluation.plan.paths(rule.chain)
        self._reach = 0
        """How many ancestors a scope needs; grows while the parts below are made."""
        specs = {name: p.spec for name, p in library.packs[rule.pack].parameters.items()}
        self._shows = tuple(self._shown(item, specs) for item in items_of(rule, self._paths))
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
        unread = len(self._names) - self._reach - 1
        self._unread: list[dict[str, Any]] = [self._snapshot.project, *[{}] * unread][:unread]
        """The root, and what stands for ancestors that no expression of the rule reads."""

    def explain(self, risk: Risk) -> RiskDetail:
        """Entity, message and evidence of a risk of this rule."""
        (found,) = self.as_dicts((risk.id,), ((risk.address, risk.ordinal),))
        entity = found["entity"]
        return RiskDetail(
            EntityRef(entity["type"], entity["address"], entity["pointer"], Text(**entity["label"])),
            Text(**found["message"]),
            tuple(Evidence(**item) for item in found["evidence"]),
        )

    def as_dicts(
        self, ids: Sequence[str], places: Sequence[tuple[str, int]], waiver: Mapping[str, Any] | None = None
    ) -> Iterator[dict[str, Any]]:
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
            entity = entities[ordinal]
            chain, numbers = [entity], [ordinal]
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
                "evidence": [
                    show(scope)
                    if show is not None
                    else {"name": text, "pointer": pointer + suffix, "value": entity.get(key)}
                    for show, text, suffix, key in shows
                ],
                "waiver": waiver,
                "because": (),
            }

    def _named_values(self, chain: list[dict[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        args = [*self._unread, *reversed(chain)]
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
        if first == self._root:
            value = member(self._snapshot.project, rest)
            return lambda _: value
        height = self._height(first)
        if len(rest) == 1:
            key = rest[0]
            return lambda scope: scope[0][height].get(key)
        return lambda scope: member(scope[0][height], rest)

    def _height(self, name: str) -> int:
        """Where a type of the chain stands in a scope. For the root, which is one, nobody goes all the way up."""
        height = self._names.index(name)
        if name != self._root:
            self._reach = max(self._reach, height)
        return height

    def _reach_all(self, tree: Expr) -> None:
        """Let the scope have every ancestor that an expression names."""
        if isinstance(tree, Ident) and tree.name in self._names:
            self._height(tree.name)
        for part in children(tree):
            self._reach_all(part)

    # -- how it is shown

    def _shown(self, item: Item, specs: Mapping[str, Field]) -> _Shown:
        if isinstance(item, Path) and not self._snapshot.origins:
            plain = item.spec is not None and item.spec.type in PLAIN and len(item.members) == 1
            if plain and item.entity == self._names[0]:
                return None, item.text, item.pointer, item.members[0]
        return self._show(item, specs), "", "", ""

    def _show(self, item: Item, specs: Mapping[str, Field]) -> _Show:
        if isinstance(item, Path):
            return self._show_path(item)
        if isinstance(item, MacroItem):
            self._reach_all(item.tree)
            return lambda scope: self._macro(item, scope)
        if item in self._rule.values:
            return lambda scope: {"name": item, "pointer": None, "value": plain_value(scope[3][item], None)}
        name = item.partition(".")[2]
        value = plain_value(self._params[name], specs[name])
        return lambda _: {"name": item, "pointer": None, "value": value}

    def _show_path(self, path: Path) -> _Show:
        suffix, text, spec = path.pointer, path.text, path.spec
        first, rest = path.members[0], path.members[1:]
        plain = spec is not None and spec.type in PLAIN and not rest
        origins = self._snapshot.origins

        def shown(entity: dict[str, Any], pointer: str) -> dict[str, Any]:
            value = entity.get(first)
            if not plain:
                value = plain_value(member(value, rest), spec)
            found = {"name": text, "pointer": pointer, "value": value}
            origin = origins.get(pointer)
            return found if origin is None else {**found, "origin": origin}

        pointer_of = self._snapshot.pointer_of(path.entity)
        if path.entity == self._root:
            constant = shown(self._snapshot.project, pointer_of(0) + suffix)
            return lambda _: constant
        height = self._height(path.entity)
        if height:
            return lambda scope: shown(scope[0][height], pointer_of(scope[1][height]) + suffix)
        return lambda scope: shown(scope[0][0], scope[2] + suffix)

    def _macro(self, item: MacroItem, scope: Scope) -> dict[str, Any]:
        """The items that decided a macro: those that fail `all`, those that meet `exists`, all if none does."""
        bindings = dict(zip(self._names, scope[0], strict=False))  # types that no expression reads are left out
        bindings[self._root] = self._snapshot.project
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
        if entity is not None:
            shown = sorted(shown, key=partial(self._place, entity))
        found = [self._item(key, one, entity, pointer) for key, one in shown[:MACRO_ITEMS]]
        value = {"of": len(listed), "deciding": len(shown), "items": found}
        return {"name": item.text, "pointer": pointer, "value": value}

    def _place(self, entity: str, entry: tuple[Any, Any]) -> str:
        """The address of an item: which five are named must not depend on the order of a list of entities."""
        ordinal = self._snapshot.ordinal_of(entity, entry[1])
        return "" if ordinal is None else self._snapshot.address(entity, ordinal)

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
        number = 0 if path.entity == self._root else scope[1][self._names.index(path.entity)]
        return self._snapshot.pointer(path.entity, number) + path.pointer

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

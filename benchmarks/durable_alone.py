"""durable-rules on its own, as its users know it: each entity is a flat fact, each rule a condition over one fact.

The rules are in the library's own JSON form, the one that its Python language writes, and run through its C module:
its `Host` would add two threads and swallow exceptions. Making the rulesets is not part of the time; telling the
facts, as JSON, reading what fired and clearing the facts is.
"""

import ast
import importlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

Entity = dict[str, Any]
SID = "1"
TAKEN, UNMATCHED = 0, 1
"""What `assert_fact` answers for a fact that a rule waits for, and for one that no rule does."""
COMPARISONS: Mapping[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("$lt", "$gte"),
    ast.LtE: ("$lte", "$gt"),
    ast.Gt: ("$gt", "$lte"),
    ast.GtE: ("$gte", "$lt"),
}
"""Each comparison, and its opposite."""
ARITHMETIC: Mapping[type[ast.operator], str] = {ast.Mult: "$mul", ast.Sub: "$sub"}


class DurableRules:
    """Rulesets over lists of entities, one for each type. `prepare` makes them for one round, `run` ends them."""

    def __init__(self, violations: Mapping[str, Mapping[str, str]], entities: Mapping[str, Sequence[Entity]]) -> None:
        self._library: Any = importlib.import_module("durable_rules_engine")
        self._entities = entities
        self._definitions = {
            kind: json.dumps({rule: {"all": [{"m": condition(_parsed(text))}]} for rule, text in rules.items()})
            for kind, rules in violations.items()
        }

    def prepare(self) -> dict[str, int]:
        """A handle for each type of entity."""
        return {kind: self._library.create_ruleset(kind, text) for kind, text in self._definitions.items()}

    def run(self, handles: Mapping[str, int]) -> list[tuple[str, int]]:
        """As (rule, position of the entity). A rule that holds for two reasons fires twice, and counts once."""
        found: set[tuple[str, int]] = set()
        for kind, handle in handles.items():
            state = self._tell(handle, self._entities[kind])
            found.update(self._fired(handle, state))
            self._library.delete_ruleset(handle)
        return list(found)

    def _tell(self, handle: int, entities: Sequence[Entity]) -> int:
        for number, entity in enumerate(entities, 1):
            code, state = self._library.assert_fact(handle, json.dumps({**entity, "sid": SID, "id": str(number)}))
            if code not in (TAKEN, UNMATCHED):
                raise RuntimeError(f"durable-rules did not take fact {number}: code {code}")
        return int(state)

    def _fired(self, handle: int, state: int) -> list[tuple[str, int]]:
        found = []
        started = self._library.start_action_for_state(handle, state)
        message = started and started[1]
        while message is not None:
            ((rule, facts),) = json.loads(message).items()
            found.append((rule, int(facts["m"]["id"]) - 1))
            message = self._library.complete_and_start_action(handle, state)
        if started:  # without any action, there is no state that could be deleted
            self._library.delete_state(handle, SID)
        return found


def _parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def condition(node: ast.expr, *, holds: bool = True) -> dict[str, Any]:
    """An expression as a condition over one fact; durable-rules has no `not`, so it is carried inwards."""
    match node:
        case ast.BoolOp(op=op, values=values):
            return {"$and" if isinstance(op, ast.And) == holds else "$or": [condition(v, holds=holds) for v in values]}
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return condition(operand, holds=not holds)
        case ast.Name(id=name):
            return {name: holds}
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Eq()], comparators=[ast.Constant(value=value)]) if holds:
            return {name: value}
        case ast.Compare(left=ast.Name(id=name), ops=[ast.In()], comparators=[ast.List(elts=items)]) if holds:
            return {"$or": [{name: ast.literal_eval(item)} for item in items]}
        case ast.Compare(left=ast.Name(id=name), ops=[op], comparators=[right]) if type(op) in COMPARISONS:
            return {COMPARISONS[type(op)][not holds]: {name: _value(right)}}
    raise ValueError(ast.dump(node))


def _value(node: ast.expr) -> object:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return {"$m": name}
        case ast.BinOp(left=left, op=op, right=right):
            return {ARITHMETIC[type(op)]: {"$l": _value(left), "$r": _value(right)}}
    raise ValueError(ast.dump(node))

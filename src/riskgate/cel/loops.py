"""What loops can spare: parts of a macro's body that are the same for every item, and items that an equality rules out.

The interpreter and the compiler both ask here, so that they count the same steps:

- A macro in the body of another one runs at most once for each value of the innermost variable that it names, and once
  in all if it names none. Its value, or its error, is remembered when it is first needed.
- `list.exists(t, t.ref == x && …)`, also `exists_one`, `filter` and the filter of `map`, and
  `list.all(t, t.ref != x || …)` over entities do not visit, and do not count, the items whose field has another value
  than `x`. Items whose field has no value are visited: their error may matter.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from riskgate.cel.indexes import KEYS
from riskgate.cel.overloads import is_text
from riskgate.cel.syntax import Binary, Call, Constant, Expr, Ident, Macro, Select, Unary, children
from riskgate.cel.types import BOOL, INT, TIMESTAMP, EntityOf, ListOf, Type
from riskgate.cel.values import Value

_AGGREGATES: Final = frozenset({"sum", "min", "max"})
_ALIKE: Final = (INT, BOOL, TIMESTAMP)


class Part(NamedTuple):
    """What a part of an expression names freely, and whether it runs over a list."""

    names: frozenset[str]
    costly: bool


class Parts:
    """Remembers what is known about the parts of trees that stay alive as long as this."""

    def __init__(self) -> None:
        self._known: dict[int, Part] = {}

    def of(self, tree: Expr) -> Part:
        """Without recursion: a chain of operators may be longer than Python's stack is deep."""
        known = self._known
        if id(tree) in known:
            return known[id(tree)]
        waiting, order = [tree], list[Expr]()
        while waiting:
            node = waiting.pop()
            if id(node) not in known:
                order.append(node)
                waiting += children(node)
        for node in reversed(order):
            known[id(node)] = self._made(node)
        return known[id(tree)]

    def _made(self, node: Expr) -> Part:
        if isinstance(node, Ident):
            return Part(frozenset((node.name,)), costly=False)
        inner = [self._known[id(part)] for part in children(node)]
        names = frozenset[str]().union(*(part.names for part in inner))
        if isinstance(node, Macro):
            body = frozenset[str]().union(*(part.names for part in inner[1:]))
            return Part(inner[0].names | body.difference(node.variables), costly=True)
        aggregate = isinstance(node, Call) and node.function in _AGGREGATES
        return Part(names, costly=aggregate or any(part.costly for part in inner))


class Equality(NamedTuple):
    """The items of a macro can only matter if their `field` equals the value of `probe`, or has no value."""

    field: str
    probe: Expr


def equality_of(node: Macro, types: Mapping[int, Type], values: Mapping[str, Expr]) -> Equality | None:
    """The equality that rules items out: the first one in the text, but none with a literal.

    Most lists are short and are asked for a literal once, which an index would not make faster. `values` are the named
    values. What the field is compared with must itself count no steps, because it is computed before the items are.
    """
    kind = types.get(id(node.range))
    if node.condition is None or len(node.variables) > 1:
        return None
    if not (isinstance(kind, ListOf) and isinstance(kind.item, EntityOf)):
        return None
    op, comparison = ("||", "!=") if node.kind == "all" else ("&&", "==")
    waiting, (variable,) = [node.condition], node.variables
    while waiting:
        part = waiting.pop()
        if isinstance(part, Binary) and part.op == op:
            waiting += (part.right, part.left)
            continue
        if op == "||" and isinstance(part, Unary) and part.op == "!":
            part = part.operand
            if not (isinstance(part, Binary) and part.op == "=="):
                continue
        elif not (isinstance(part, Binary) and part.op == comparison):
            continue
        for key, probe in ((part.left, part.right), (part.right, part.left)):
            if _is_key(key, variable, types) and _is_probe(probe, variable, values) and _alike(key, probe, types):
                return Equality(key.field, probe)  # type: ignore[union-attr]  # `_is_key` has seen that it is a Select
    return None


def _is_key(tree: Expr, variable: str, types: Mapping[int, Type]) -> bool:
    if not (isinstance(tree, Select) and isinstance(tree.operand, Ident) and tree.operand.name == variable):
        return False
    return isinstance(types.get(id(tree.operand)), EntityOf)


def _alike(key: Expr, probe: Expr, types: Mapping[int, Type]) -> bool:
    one, other = types.get(id(key)), types.get(id(probe))
    if one is None or other is None:
        return False
    return (is_text(one) and is_text(other)) or (one == other and one in _ALIKE)


def _is_probe(tree: Expr, variable: str, values: Mapping[str, Expr]) -> bool:
    if isinstance(tree, Constant):
        return False
    waiting: list[Expr] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Macro):
            return False
        if isinstance(node, Ident):
            if node.name == variable:
                return False
            named = values.get(node.name.removeprefix("."))
            if named is not None:
                waiting.append(named)
        waiting += children(node)
    return True


def ruled_out(item: Value, field: str, value: Value) -> bool:
    """Whether an item's field certainly has another value."""
    kind = type(value)
    if kind not in KEYS or type(item) is not dict:
        return False
    found = item.get(field)
    return type(found) is kind and found != value

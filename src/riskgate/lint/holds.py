"""Whether a condition can hold at all, as far as enum values and limits of single facts tell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from riskgate.cel.syntax import Binary, Call, Constant, Expr, Has, Ident, ListLiteral, Select, Unary
from riskgate.cel.types import BOOL, TextOf, Type
from riskgate.text import Text

MOST = 64
"""Alternatives that are looked at; a condition with more of them is taken to be possible."""
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
Value = str | int | float | bool


@dataclass
class _Known:
    """What an alternative asks of one fact."""

    allowed: set[Value] | None = None
    refused: set[Value] = field(default_factory=set)
    low: tuple[float | str, bool] | None = None
    """A limit from below, and whether the limit itself is still allowed."""
    high: tuple[float | str, bool] | None = None

    def possible(self) -> bool:
        if self.allowed is not None and not {v for v in self.allowed - self.refused if self._within(v)}:
            return False
        if self.low is None or self.high is None:
            return True
        (low, low_in), (high, high_in) = self.low, self.high
        if type(low) is not type(high):
            return True
        return bool(low < high) or (low == high and low_in and high_in)  # type: ignore[operator]  # of one type

    def _within(self, value: Value) -> bool:
        if isinstance(value, bool | str) and not isinstance(self.low and self.low[0], str):
            return True
        return (self.low is None or value > self.low[0] or (value == self.low[0] and self.low[1])) and (  # type: ignore[operator]  # the checker compared them
            self.high is None or value < self.high[0] or (value == self.high[0] and self.high[1])  # type: ignore[operator]  # the same
        )

    def above(self, limit: float | str, *, included: bool) -> None:
        if self.low is None or _tighter(limit, self.low[0]) or (limit == self.low[0] and not included):
            self.low = (limit, included)

    def below(self, limit: float | str, *, included: bool) -> None:
        if self.high is None or _tighter(self.high[0], limit) or (limit == self.high[0] and not included):
            self.high = (limit, included)


def _tighter(one: float | str, other: float | str) -> bool:
    return type(one) is type(other) and one > other  # type: ignore[operator]  # of one type


def contradictions(tree: Expr, types: Mapping[int, Type]) -> tuple[bool, list[Text]]:
    """Whether no alternative of a condition can hold, and what contradicts itself in those that cannot."""
    alternatives = _alternatives(tree, True)
    if alternatives is None:
        return False, []
    found = [_contradiction(alternative, types) for alternative in alternatives]
    said = [one for one in found if one is not None]
    return len(said) == len(found), list(dict.fromkeys(said))


def _alternatives(tree: Expr, wanted: bool) -> list[list[tuple[Expr, bool]]] | None:
    """Alternatives of simple conditions that must all have the given truth; None if there are too many."""
    if isinstance(tree, Unary) and tree.op == "!":
        return _alternatives(tree.operand, not wanted)
    if not (isinstance(tree, Binary) and tree.op in {"&&", "||"}):
        return [[(tree, wanted)]]
    left, right = _alternatives(tree.left, wanted), _alternatives(tree.right, wanted)
    if left is None or right is None:
        return None
    joined = left + right if (tree.op == "||") == wanted else [[*one, *other] for one in left for other in right]
    return joined if len(joined) <= MOST else None


def _contradiction(simple: list[tuple[Expr, bool]], types: Mapping[int, Type]) -> Text | None:
    known: dict[Expr, _Known] = {}
    for tree, wanted in simple:
        for fact, op, value in _asked(tree, wanted):
            here = known.get(fact)
            if here is None:
                here = known[fact] = _Known(_enum(types.get(id(fact))))
            _add(here, op, value)
            if not here.possible():
                name = _name(fact)
                return Text(f"对 `{name}` 的要求互相矛盾", f"what it asks of `{name}` contradicts itself")
    return None


def _asked(tree: Expr, wanted: bool) -> Iterator[tuple[Expr, str, Value | list[Value]]]:
    """(fact, operator, value) for a comparison with constants; nothing for other conditions."""
    if isinstance(tree, Binary) and tree.op in _TURNED:
        for one, other, op in ((tree.left, tree.right, tree.op), (tree.right, tree.left, _TURNED[tree.op])):
            value = _constant(other)
            if _is_fact(one) and value is not None:
                yield one, op if wanted else _OPPOSITE[op], value
                return
    elif isinstance(tree, Binary) and tree.op == "in" and isinstance(tree.right, ListLiteral) and _is_fact(tree.left):
        values = [_constant(item) for item in tree.right.items]
        if None not in values:
            yield tree.left, "in" if wanted else "not in", [value for value in values if value is not None]
    elif _is_fact(tree):
        yield tree, "==", wanted


def _add(known: _Known, op: str, value: Value | list[Value]) -> None:
    values = set(value) if isinstance(value, list) else {value}
    if op in ("==", "in"):
        known.allowed = values if known.allowed is None else known.allowed & values
    elif op in ("!=", "not in"):
        known.refused |= values
    elif not isinstance(value, list | bool):
        limit = value if isinstance(value, str) else float(value)
        if op in (">", ">="):
            known.above(limit, included=op == ">=")
        else:
            known.below(limit, included=op == "<=")


def _enum(kind: Type | None) -> set[Value] | None:
    if kind == BOOL:
        return {True, False}
    return set(kind.values) if isinstance(kind, TextOf) and kind.kind == "enum" and kind.values else None


def _constant(tree: Expr) -> Value | None:
    if isinstance(tree, Unary) and tree.op == "-":
        value = _constant(tree.operand)
        return -value if isinstance(value, int | float) and not isinstance(value, bool) else None
    if isinstance(tree, Call) and tree.function == "date" and isinstance(tree.args[0], Constant):
        return str(tree.args[0].value)  # days compare as their texts do
    return tree.value if isinstance(tree, Constant) else None


def _is_fact(tree: Expr) -> bool:
    while isinstance(tree, Select):
        tree = tree.operand
    return isinstance(tree, Ident)


def _name(tree: Expr) -> str:
    members: list[str] = []
    while isinstance(tree, Select | Has):
        members.append(tree.field)
        tree = tree.operand
    assert isinstance(tree, Ident)  # noqa: S101 - `_is_fact` has seen to it
    return ".".join([tree.name, *reversed(members)])

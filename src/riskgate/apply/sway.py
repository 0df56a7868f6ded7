"""Which way a parameter moves a condition: does a greater value make it truer, or less true?

Order of values: false before true; numbers, dates and durations as usual; of two lists the one that holds the other is
the greater. A condition that is undecided stands between false and true, so what is said here holds for risks and gaps
alike: `&&`, `||` and the macros are monotone in that order. Where the tree does not tell, the answer is `unclear`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from riskgate.cel.syntax import (
    Binary,
    Call,
    Constant,
    Expr,
    Has,
    Ident,
    Macro,
    Select,
    Ternary,
    Unary,
    children,
)

Sway = Literal["none", "up", "down", "unclear"]
TOLERANCE = "tolerance"
"""The parameter that `at_least` and `at_most` read without being told."""
_SAME = frozenset({"days", "double", "int", "date_of", "size", "min", "max"})
"""Functions that are monotone in every argument."""


def joined(*parts: Sway) -> Sway:
    """The sway of a whole that rises with each of its parts."""
    told = set(parts) - {"none"}
    if not told:
        return "none"
    return told.pop() if len(told) == 1 else "unclear"


def flipped(sway: Sway) -> Sway:
    if sway == "up":
        return "down"
    return "up" if sway == "down" else sway


@dataclass(frozen=True)
class Swayed:
    """Asks trees about one parameter. `values` are the named values of the rule; `positive` knows what is never
    negative."""

    name: str
    values: Mapping[str, Expr]
    positive: Callable[[Expr], bool]

    def of(self, node: Expr) -> Sway:
        """How the value of the tree moves when the parameter grows; `none` if it does not read it."""
        match node:
            case Constant():
                return "none"
            case Ident(name=name):
                if name == "params":
                    return "unclear"  # the whole of them, handed on
                return self.of(self.values[name]) if name in self.values else "none"
            case Select(operand=Ident(name="params"), field=field):
                return "up" if field == self.name else "none"
            case Has(operand=Ident(name="params"), field=field):
                return "unclear" if field == self.name else "none"
            case Unary(operand=operand):
                return flipped(self.of(operand))
            case Ternary(condition=condition, then=then, other=other) if self.of(condition) == "none":
                return joined(self.of(then), self.of(other))
            case Binary():
                return self._binary(node)
            case Call():
                return self._call(node)
            case Macro():
                return self._macro(node)
        return self._unclear(node)

    def _unclear(self, node: Expr) -> Sway:
        return "none" if all(self.of(part) == "none" for part in children(node)) else "unclear"

    def _binary(self, node: Binary) -> Sway:
        left, right = self.of(node.left), self.of(node.right)
        match node.op:
            case "&&" | "||" | "+":
                return joined(left, right)
            case "<" | "<=":
                return joined(flipped(left), right)
            case ">" | ">=" | "-":
                return joined(left, flipped(right))
            case "in" if left == "none":
                return right
            case "*":
                if left == "none" and self._positive(node.left):
                    return right
                if right == "none" and self._positive(node.right):
                    return left
            case "/" if right == "none" and self._positive(node.right):
                return left
            case "==" | "!=" if _is_zero(node.right) and self._positive(node.left):
                return flipped(left) if node.op == "==" else left  # of what is never negative: `<= 0`, `> 0`
        return self._unclear(node)

    def _positive(self, node: Expr) -> bool:
        if isinstance(node, Ident) and node.name in self.values:
            return self._positive(self.values[node.name])
        return self.positive(node)

    def _call(self, node: Call) -> Sway:
        parts = [self.of(part) for part in children(node)]
        if node.function in ("at_least", "at_most") and len(parts) == 2:  # noqa: PLR2004 - value and limit
            value, limit = parts
            kept = joined(value, flipped(limit)) if node.function == "at_least" else joined(flipped(value), limit)
            return joined(kept, "up") if self.name == TOLERANCE else kept
        if node.function in _SAME and (len(parts) == 1 or node.function in ("min", "max")):
            return joined(*parts)
        return self._unclear(node)

    def _macro(self, node: Macro) -> Sway:
        inner = replace(self, values={n: v for n, v in self.values.items() if n not in node.variables})
        items = self.of(node.range)
        condition = "none" if node.condition is None else inner.of(node.condition)
        transform = "none" if node.transform is None else inner.of(node.transform)
        if transform == "none":
            match node.kind:
                case "all":
                    return joined(flipped(items), condition)
                case "exists" | "filter" | "map" | "transformList":
                    return joined(items, condition)
        return "none" if items == condition == transform == "none" else "unclear"


def _is_zero(node: Expr) -> bool:
    return isinstance(node, Constant) and not isinstance(node.value, bool | str) and node.value == 0

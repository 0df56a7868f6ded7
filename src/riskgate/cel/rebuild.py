"""A syntax tree with some constants replaced: node codes become ids once the checker has resolved them."""

from collections.abc import Mapping
from dataclasses import replace

from riskgate.cel.syntax import (
    Binary,
    Call,
    Constant,
    Expr,
    Has,
    Ident,
    Index,
    ListLiteral,
    Macro,
    MapLiteral,
    Select,
    Ternary,
    Unary,
)
from riskgate.cel.types import Type


class Rebuild:
    """Copies the tree where constants are replaced, and gives the copies their types."""

    def __init__(self, replaced: Mapping[int, str], types: dict[int, Type]) -> None:
        self._replaced = replaced
        self._types = types

    def tree(self, node: Expr) -> Expr:
        made = self._node(node)
        self._types[id(made)] = self._types[id(node)]
        return made

    def _node(self, node: Expr) -> Expr:
        tree = self.tree
        match node:
            case Constant() if id(node) in self._replaced:
                return replace(node, value=self._replaced[id(node)])
            case Constant() | Ident():
                return node
            case Binary(left=left, right=right):
                return replace(node, left=tree(left), right=tree(right))
            case Select(operand=operand) | Has(operand=operand) | Unary(operand=operand):
                return replace(node, operand=tree(operand))
            case Index(operand=operand, index=index):
                return replace(node, operand=tree(operand), index=tree(index))
            case Call(target=target, args=args):
                return replace(node, target=target and tree(target), args=tuple(map(tree, args)))
            case Ternary(condition=condition, then=then, other=other):
                return replace(node, condition=tree(condition), then=tree(then), other=tree(other))
            case ListLiteral(items=items):
                return replace(node, items=tuple(map(tree, items)))
            case MapLiteral(entries=entries):
                return replace(node, entries=tuple((tree(key), tree(value)) for key, value in entries))
            case Macro(condition=condition, transform=transform):
                return replace(
                    node,
                    range=tree(node.range),
                    condition=condition and tree(condition),
                    transform=transform and tree(transform),
                )

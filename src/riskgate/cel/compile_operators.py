"""Code for operators: Python's own where the static types make it mean the same, else a call of the run-time one."""

import ast
from collections.abc import Callable, Mapping
from typing import Final

from riskgate.cel import nodes, runtime
from riskgate.cel.emit import Code, bind, call, compare, constant, method, name, not_
from riskgate.cel.generation import CONTEXT, Generation
from riskgate.cel.overloads import NUMBERS, is_text
from riskgate.cel.support import fail_overflow
from riskgate.cel.syntax import Binary, Constant, Expr, ListLiteral, Unary
from riskgate.cel.types import BOOL, DOUBLE, DURATION, INT, TIMESTAMP, ListOf, MapOf, Type
from riskgate.cel.values import INT_MAX, INT_MIN, Value

_COMPARISONS: Final[Mapping[str, tuple[type[ast.cmpop], Callable[[Value, Value], bool]]]] = {
    "==": (ast.Eq, runtime.equal),
    "!=": (ast.NotEq, runtime.not_equal),
    "<": (ast.Lt, runtime.less),
    "<=": (ast.LtE, runtime.less_equal),
    ">": (ast.Gt, runtime.greater),
    ">=": (ast.GtE, runtime.greater_equal),
}
_PLAIN: Final[Mapping[str, Callable[[Value, Value], Value]]] = {
    "+": runtime.add,
    "-": runtime.subtract,
    "*": runtime.multiply,
    "/": runtime.divide,
    "%": runtime.modulo,
}
_MIXED: Final[Mapping[str, Callable[[Value, Value], Value]]] = {
    "+": runtime.add_mixed,
    "-": runtime.subtract_mixed,
    "*": runtime.multiply_mixed,
    "/": runtime.divide_mixed,
    "%": runtime.modulo,
}
_PYTHON: Final[Mapping[str, type[ast.operator]]] = {"+": ast.Add, "-": ast.Sub, "*": ast.Mult}
_ALIKE: Final = (BOOL, TIMESTAMP, DURATION)
"""Types of which two values compare in Python as they do here."""
_IDENTICAL: Final = (*_ALIKE, INT)
"""Types whose values a Python list finds as it should (it also finds the very same NaN)."""


def binary(generation: Generation, node: Binary) -> Code:
    """Any binary operator but `&&` and `||`."""
    left, right = generation.values([node.left, node.right])
    if node.op in _COMPARISONS:
        return _comparison(generation, node.op, left, right)
    if node.op == "in":
        return _membership(generation, node.right, left, right)
    return _arithmetic(generation, node, left, right)


def unary(generation: Generation, node: Unary) -> Code:
    operand = generation.flat(generation.value(node.operand))
    depth = operand.depth + 1
    if node.op == "!":
        if operand.kind == BOOL:
            return Code(not_(operand.expr), BOOL, operand.raises, depth=depth)
        return Code(call(generation.refer(runtime.logical_not), [operand.expr]), BOOL, depth=depth)
    if operand.kind == DOUBLE:
        return Code(nodes.UnaryOp(ast.USub(), operand.expr), DOUBLE, operand.raises, depth=depth)
    return Code(call(generation.refer(runtime.negate), [operand.expr]), operand.kind, depth=depth)


def _depth(left: Code, right: Code) -> int:
    return max(left.depth, right.depth) + 1


def _comparable(left: Type, right: Type) -> bool:
    if left in NUMBERS and right in NUMBERS:
        return True
    return (is_text(left) and is_text(right)) or (left == right and left in _ALIKE)


def _comparison(generation: Generation, op: str, left: Code, right: Code) -> Code:
    operator, function = _COMPARISONS[op]
    raises, depth = left.raises or right.raises, _depth(left, right)
    if _comparable(left.kind, right.kind):
        return Code(compare(left.expr, operator(), right.expr), BOOL, raises, depth=depth)
    raises = raises or op not in ("==", "!=")
    return Code(call(generation.refer(function), [left.expr, right.expr]), BOOL, raises, depth=depth)


def _membership(generation: Generation, container: Expr, left: Code, right: Code) -> Code:
    raises, depth = left.raises or right.raises, _depth(left, right)
    constants = _constant_set(container, left.kind)
    if constants is not None:
        return Code(compare(left.expr, ast.In(), constants), BOOL, left.raises, depth=left.depth + 1)
    if isinstance(right.kind, ListOf):
        item = right.kind.item
        if (is_text(left.kind) and is_text(item)) or (left.kind == item and item in _IDENTICAL):
            if generation.frames and not isinstance(container, ListLiteral):  # the same list may be asked for each item
                made = method(nodes.Attribute(name(CONTEXT), "indexes", ast.Load()), "among", left.expr, right.expr)
                return Code(made, BOOL, raises, depth=depth + 1)
            return Code(compare(left.expr, ast.In(), right.expr), BOOL, raises, depth=depth)
    raises = raises or not isinstance(right.kind, ListOf | MapOf)
    return Code(call(generation.refer(runtime.contains_in), [left.expr, right.expr]), BOOL, raises, depth=depth)


def _constant_set(container: Expr, item: Type) -> ast.expr | None:
    """`{…}` for a list literal of texts or numbers, if what is looked for is one too."""
    if not isinstance(container, ListLiteral) or not container.items:
        return None
    values = [part.value for part in container.items if isinstance(part, Constant)]
    kinds = {type(value) for value in values}
    alike = (kinds == {str} and is_text(item)) or (kinds <= {int, float} and item in NUMBERS)
    if len(values) < len(container.items) or not alike:
        return None
    return nodes.Set([constant(value) for value in dict.fromkeys(values)])


def _arithmetic(generation: Generation, node: Binary, left: Code, right: Code) -> Code:
    op, depth = node.op, _depth(left, right)
    raises = left.raises or right.raises
    mixed = generation.settings.mixed
    kinds = {left.kind, right.kind}
    doubles = kinds == {DOUBLE} or (mixed and kinds == {INT, DOUBLE})
    if doubles and op in _PYTHON:
        return Code(nodes.BinOp(left.expr, _PYTHON[op](), right.expr), DOUBLE, raises, depth=depth)
    if doubles and op == "/" and isinstance(node.right, Constant) and node.right.value:
        return Code(nodes.BinOp(left.expr, ast.Div(), right.expr), DOUBLE, raises, depth=depth)
    if kinds == {INT} and op in _PYTHON:
        return _checked(generation, nodes.BinOp(left.expr, _PYTHON[op](), right.expr), depth)
    function = (_MIXED if mixed else _PLAIN)[op]
    kind = DOUBLE if doubles and op == "/" else INT if kinds == {INT} else generation.trusted(node)
    unsure = not (doubles and op == "/")
    return Code(call(generation.refer(function), [left.expr, right.expr]), kind, raises or unsure, depth=depth)


def _checked(generation: Generation, number: ast.expr, depth: int) -> Code:
    """`(t if MIN <= (t := number) <= MAX else fail_overflow())`"""
    target = generation.fresh()
    test = nodes.Compare(constant(INT_MIN), [ast.LtE(), ast.LtE()], [bind(target, number), constant(INT_MAX)])
    return Code(nodes.IfExp(test, name(target), call(generation.refer(fail_overflow), [])), INT, depth=depth + 2)

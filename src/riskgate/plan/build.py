"""Short constructors for Python `ast` nodes, so that generated code reads like the code it makes."""

import ast
from collections.abc import Sequence

from riskgate.cel.syntax import BinaryOperator

COMPARISONS: dict[BinaryOperator, type[ast.cmpop]] = {
    "==": ast.Eq,
    "!=": ast.NotEq,
    "<": ast.Lt,
    "<=": ast.LtE,
    ">": ast.Gt,
    ">=": ast.GtE,
}
ARITHMETIC: dict[BinaryOperator, type[ast.operator]] = {"+": ast.Add, "-": ast.Sub, "*": ast.Mult}


def name(identifier: str) -> ast.expr:
    return ast.Name(identifier, ast.Load())


def constant(value: bool | float | str | None) -> ast.expr:
    return ast.Constant(value)


def is_none(value: ast.expr) -> ast.expr:
    return ast.Compare(value, [ast.Is()], [ast.Constant(None)])


def is_not_none(value: ast.expr) -> ast.expr:
    return ast.Compare(value, [ast.IsNot()], [ast.Constant(None)])


def compare(left: ast.expr, operator: type[ast.cmpop], right: ast.expr) -> ast.expr:
    return ast.Compare(left, [operator()], [right])


def negate(value: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), value)


def call(function: ast.expr | str, *args: ast.expr) -> ast.expr:
    target = name(function) if isinstance(function, str) else function
    return ast.Call(target, list(args), [])


def item(container: ast.expr, index: ast.expr) -> ast.expr:
    return ast.Subscript(container, index, ast.Load())


def attribute(value: ast.expr, field: str) -> ast.expr:
    return ast.Attribute(value, field, ast.Load())


def get(container: ast.expr, key: str) -> ast.expr:
    return call(attribute(container, "get"), constant(key))


def assign(target: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(target, ast.Store())], value)


def do(value: ast.expr) -> ast.stmt:
    return ast.Expr(value)


def when(test: ast.expr, body: Sequence[ast.stmt], other: Sequence[ast.stmt] = ()) -> ast.stmt:
    return ast.If(test, list(body) or [ast.Pass()], list(other))


def all_of(parts: Sequence[ast.expr | bool]) -> ast.expr | bool:
    """`a and b and …`, with constants folded."""
    kept: list[ast.expr] = []
    for part in parts:
        if part is False:
            return False
        if part is not True:
            kept.append(part)
    if not kept:
        return True
    return kept[0] if len(kept) == 1 else ast.BoolOp(ast.And(), kept)


def any_of(parts: Sequence[ast.expr | bool]) -> ast.expr | bool:
    """`a or b or …`, with constants folded."""
    kept: list[ast.expr] = []
    for part in parts:
        if part is True:
            return True
        if part is not False:
            kept.append(part)
    if not kept:
        return False
    return kept[0] if len(kept) == 1 else ast.BoolOp(ast.Or(), kept)

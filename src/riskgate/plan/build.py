"""Short constructors for Python syntax nodes, so that generating code reads like the code it makes."""

import ast
from collections.abc import Callable, Hashable, Mapping, Sequence
from types import FunctionType
from typing import Any, Final

from riskgate.cel import nodes
from riskgate.cel.emit import (
    LOAD,
    STORE,
    assign,
    compare,
    constant,
    do,
    function,
    name,
)
from riskgate.cel.emit import bind as fill
from riskgate.cel.emit import not_ as negate
from riskgate.cel.syntax import BinaryOperator
from riskgate.plan.running import BUILTINS

COMPARISONS: Final[Mapping[BinaryOperator, ast.cmpop]] = {
    "==": ast.Eq(),
    "!=": ast.NotEq(),
    "<": ast.Lt(),
    "<=": ast.LtE(),
    ">": ast.Gt(),
    ">=": ast.GtE(),
}
ARITHMETIC: Final[Mapping[BinaryOperator, ast.operator]] = {"+": ast.Add(), "-": ast.Sub(), "*": ast.Mult()}
IS: Final = ast.Is()
IS_NOT: Final = ast.IsNot()
IN: Final = ast.In()
NOT_IN: Final = ast.NotIn()
LESS: Final = COMPARISONS["<"]
NOT_EQUAL: Final = COMPARISONS["!="]
ADD: Final = ARITHMETIC["+"]
SUBTRACT: Final = ARITHMETIC["-"]
MULTIPLY: Final = ARITHMETIC["*"]
SHIFT: Final = ast.LShift()
JOIN_BITS: Final = ast.BitOr()
__all__ = ["assign", "compare", "constant", "do", "fill", "function", "name", "negate"]
"""Made for single expressions; generating whole checks needs them as they are."""


def is_none(value: ast.expr) -> ast.expr:
    return compare(value, IS, constant(None))


def is_not_none(value: ast.expr) -> ast.expr:
    return compare(value, IS_NOT, constant(None))


def minus(value: ast.expr) -> ast.expr:
    return nodes.UnaryOp(ast.USub(), value)


def binary(left: ast.expr, operator: ast.operator, right: ast.expr) -> ast.expr:
    return nodes.BinOp(left, operator, right)


def choose(test: ast.expr, yes: ast.expr, no: ast.expr) -> ast.expr:
    """`yes if test else no`"""
    return nodes.IfExp(test, yes, no)


def call(function: ast.expr | str, *args: ast.expr) -> ast.expr:
    return nodes.Call(name(function) if isinstance(function, str) else function, list(args), [])


def item(container: ast.expr, index: ast.expr) -> ast.expr:
    return nodes.Subscript(container, index, LOAD)


def attribute(value: ast.expr, field: str) -> ast.expr:
    return nodes.Attribute(value, field, LOAD)


def get(container: ast.expr, key: str) -> ast.expr:
    return call(attribute(container, "get"), constant(key))


def give(value: ast.expr) -> ast.stmt:
    """`return value`"""
    return nodes.Return(value)


def nothing() -> ast.stmt:
    """`pass`"""
    return nodes.Pass()


def leave() -> ast.stmt:
    """`break`"""
    return nodes.Break()


def empty_list() -> ast.expr:
    return nodes.List([], LOAD)


def add(target: str, number: int) -> ast.stmt:
    """`target += number`"""
    return nodes.AugAssign(nodes.Name(target, STORE), ADD, constant(number))


def when(test: ast.expr, body: Sequence[ast.stmt], other: Sequence[ast.stmt] = ()) -> ast.stmt:
    return nodes.If(test, list(body) or [nodes.Pass()], list(other))


def for_each(targets: Sequence[str], items: ast.expr, body: Sequence[ast.stmt]) -> ast.stmt:
    stored: list[ast.expr] = [nodes.Name(target, STORE) for target in targets]
    target = stored[0] if len(stored) == 1 else nodes.Tuple(stored, STORE)
    return nodes.For(target, items, list(body) or [nodes.Pass()], [])


def attempt(body: Sequence[ast.stmt], error: str, handler: Sequence[ast.stmt]) -> ast.stmt:
    """`try: body` / `except error: handler`"""
    return nodes.Try(list(body) or [nodes.Pass()], [nodes.ExceptHandler(name(error), None, list(handler))], [], [])


def make(made: ast.FunctionDef, names: Mapping[str, object]) -> Callable[..., Any]:
    """A Python function from its syntax tree; it sees nothing but the given names."""
    module = compile(ast.Module([made], []), f"<{made.name}>", "exec")
    code = next(constant for constant in module.co_consts if hasattr(constant, "co_code"))
    return FunctionType(code, {"__builtins__": dict(BUILTINS), **names}, made.name)


def shape(code: ast.expr | bool) -> Hashable:
    """Equal for equal code, unlike syntax nodes themselves; much cheaper than `ast.dump`."""
    return _shape(code)


def _shape(part: Any) -> Hashable:
    if isinstance(part, ast.Name):
        return part.id
    if isinstance(part, ast.Constant):
        return type(part.value).__name__, part.value
    if isinstance(part, list):
        return tuple([_shape(item) for item in part])
    if isinstance(part, ast.AST):
        return type(part).__name__, *[_shape(getattr(part, name)) for name in part._fields]
    return type(part).__name__, part


def names_in(code: ast.expr) -> set[str]:
    """The names that an expression reads or binds."""
    return {part.id for part in ast.walk(code) if isinstance(part, ast.Name)}


def all_of(parts: Sequence[ast.expr | bool]) -> ast.expr | bool:
    """`a and b and …`, with constants folded."""
    return _chain(parts, ast.And(), neutral=True)


def any_of(parts: Sequence[ast.expr | bool]) -> ast.expr | bool:
    """`a or b or …`, with constants folded."""
    return _chain(parts, ast.Or(), neutral=False)


def _chain(parts: Sequence[ast.expr | bool], operator: ast.boolop, *, neutral: bool) -> ast.expr | bool:
    """Parts that are `neutral` say nothing; the opposite decides the whole."""
    kept: list[ast.expr] = []
    for part in parts:
        if isinstance(part, bool):
            if part is not neutral:
                return part
        else:
            kept.append(part)
    if not kept:
        return neutral
    return kept[0] if len(kept) == 1 else nodes.BoolOp(operator, kept)

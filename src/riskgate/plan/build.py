"""Short constructors for Python syntax nodes, so that generating code reads like the code it makes."""

import ast
from collections.abc import Callable, Hashable, Mapping, Sequence
from types import FunctionType
from typing import Any, Final

from riskgate.cel import nodes
from riskgate.cel.syntax import BinaryOperator

LOAD: Final = ast.Load()
STORE: Final = ast.Store()
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
BUILTINS: Final[Mapping[str, object]] = {"enumerate": enumerate, "len": len, "abs": abs, "float": float}
"""All that generated code may call besides its own functions."""


def name(identifier: str) -> ast.expr:
    return nodes.Name(identifier, LOAD)


def constant(value: Any) -> ast.expr:
    return nodes.Constant(value)


def compare(left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ast.expr:
    return nodes.Compare(left, [operator], [right])


def is_none(value: ast.expr) -> ast.expr:
    return compare(value, IS, constant(None))


def is_not_none(value: ast.expr) -> ast.expr:
    return compare(value, IS_NOT, constant(None))


def negate(value: ast.expr) -> ast.expr:
    return nodes.UnaryOp(ast.Not(), value)


def minus(value: ast.expr) -> ast.expr:
    return nodes.UnaryOp(ast.USub(), value)


def binary(left: ast.expr, operator: ast.operator, right: ast.expr) -> ast.expr:
    return nodes.BinOp(left, operator, right)


def choose(test: ast.expr, yes: ast.expr, no: ast.expr) -> ast.expr:
    """`yes if test else no`"""
    return nodes.IfExp(test, yes, no)


def fill(target: str, value: ast.expr) -> ast.expr:
    """`(target := value)`"""
    return nodes.NamedExpr(nodes.Name(target, STORE), value)


def call(function: ast.expr | str, *args: ast.expr) -> ast.expr:
    return nodes.Call(name(function) if isinstance(function, str) else function, list(args), [])


def item(container: ast.expr, index: ast.expr) -> ast.expr:
    return nodes.Subscript(container, index, LOAD)


def attribute(value: ast.expr, field: str) -> ast.expr:
    return nodes.Attribute(value, field, LOAD)


def get(container: ast.expr, key: str) -> ast.expr:
    return call(attribute(container, "get"), constant(key))


def assign(target: str, value: ast.expr) -> ast.stmt:
    return nodes.Assign([nodes.Name(target, STORE)], value)


def do(value: ast.expr) -> ast.stmt:
    return nodes.Expr(value)


def give(value: ast.expr) -> ast.stmt:
    """`return value`"""
    return nodes.Return(value)


def when(test: ast.expr, body: Sequence[ast.stmt], other: Sequence[ast.stmt] = ()) -> ast.stmt:
    return nodes.If(test, list(body) or [nodes.Pass()], list(other))


def for_each(targets: Sequence[str], items: ast.expr, body: Sequence[ast.stmt]) -> ast.stmt:
    stored: list[ast.expr] = [nodes.Name(target, STORE) for target in targets]
    target = stored[0] if len(stored) == 1 else nodes.Tuple(stored, STORE)
    return nodes.For(target, items, list(body) or [nodes.Pass()], [])


def attempt(body: Sequence[ast.stmt], error: str, handler: Sequence[ast.stmt]) -> ast.stmt:
    """`try: body` / `except error: handler`"""
    return nodes.Try(list(body) or [nodes.Pass()], [nodes.ExceptHandler(name(error), None, list(handler))], [], [])


def function(identifier: str, parameters: Sequence[str], body: Sequence[ast.stmt]) -> ast.FunctionDef:
    arguments = ast.arguments([], [nodes.Argument(parameter) for parameter in parameters], None, [], [], None, [])
    made: dict[str, Any] = {"name": identifier, "args": arguments, "body": list(body), "decorator_list": []}
    if "type_params" in ast.FunctionDef._fields:  # Python 3.12 and later
        made["type_params"] = []
    return nodes.FunctionDef(**made)


def make(made: ast.FunctionDef, names: Mapping[str, object]) -> Callable[..., Any]:
    """A Python function from its syntax tree; it sees nothing but the given names."""
    module = compile(ast.Module([made], []), f"<{made.name}>", "exec")
    code = next(constant for constant in module.co_consts if hasattr(constant, "co_code"))
    return FunctionType(code, {"__builtins__": dict(BUILTINS), **names}, made.name)


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
    return kept[0] if len(kept) == 1 else nodes.BoolOp(ast.And(), kept)


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
    return kept[0] if len(kept) == 1 else nodes.BoolOp(ast.Or(), kept)


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

"""Python syntax nodes for compiled expressions, the blocks they stand in, and what they call at run time.

Everything is made of `ast` nodes; no source text is ever put together. Names in generated code are made here and
never come from an expression.
"""

import ast
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from riskgate.cel import nodes
from riskgate.cel.types import DYN, Type
from riskgate.cel.values import Value

LOAD: Final = ast.Load()
STORE: Final = ast.Store()
FLAT: Final = 12
"""An expression nested deeper than this goes into a variable: Python's own compiler recurses."""


class Code(NamedTuple):
    """An expression in the making: its syntax, and what is known about the value and about evaluating it.

    `kind` is trusted: code that relies on it is generated. `raises`: the expression, or a statement made for it, may
    end in an error that can be absorbed. `atomic`: a name or a constant, which may be evaluated later or twice.
    """

    expr: ast.expr
    kind: Type = DYN
    raises: bool = True
    atomic: bool = False
    depth: int = 1


def name(identifier: str) -> ast.expr:
    return nodes.Name(identifier, LOAD)


def constant(value: Value) -> ast.Constant:
    return nodes.Constant(value)


def call(function: str | ast.expr, args: Iterable[ast.expr]) -> ast.Call:
    return nodes.Call(name(function) if isinstance(function, str) else function, list(args), [])


def method(of: ast.expr, attribute: str, *args: ast.expr) -> ast.Call:
    return nodes.Call(nodes.Attribute(of, attribute, LOAD), list(args), [])


def compare(left: ast.expr, op: ast.cmpop, right: ast.expr) -> ast.Compare:
    return nodes.Compare(left, [op], [right])


def is_(left: ast.expr, value: bool | None) -> ast.Compare:
    return compare(left, ast.Is(), constant(value))


def is_not(left: ast.expr, value: bool | None) -> ast.Compare:
    return compare(left, ast.IsNot(), constant(value))


def not_(operand: ast.expr) -> ast.expr:
    return nodes.UnaryOp(ast.Not(), operand)


def assign(target: str, value: ast.expr) -> ast.stmt:
    return nodes.Assign([nodes.Name(target, STORE)], value)


def bind(target: str, value: ast.expr) -> ast.expr:
    """`(target := value)`"""
    return nodes.NamedExpr(nodes.Name(target, STORE), value)


def increase(target: str) -> ast.stmt:
    return nodes.AugAssign(nodes.Name(target, STORE), ast.Add(), constant(1))


def if_(test: ast.expr, body: Sequence[ast.stmt], other: Sequence[ast.stmt] = ()) -> ast.stmt:
    return nodes.If(test, list(body), list(other))


def raise_(error: ast.expr) -> ast.stmt:
    return nodes.Raise(error, None)


def do(value: ast.expr) -> ast.stmt:
    return nodes.Expr(value)


def try_except(body: Sequence[ast.stmt], errors: ast.expr, bound: str | None, handler: Sequence[ast.stmt]) -> ast.stmt:
    return nodes.Try(list(body), [nodes.ExceptHandler(errors, bound, list(handler))], [], [])


def try_finally(body: Sequence[ast.stmt], final: Sequence[ast.stmt]) -> ast.stmt:
    return nodes.Try(list(body), [], [], list(final))


def once(body: Sequence[ast.stmt]) -> ast.stmt:
    """A block that `break` leaves."""
    return nodes.While(constant(value=True), [*body, nodes.Break()], [])


def for_(target: Sequence[str], items: ast.expr, body: Sequence[ast.stmt]) -> ast.stmt:
    names: list[ast.expr] = [nodes.Name(each, STORE) for each in target]
    return nodes.For(names[0] if len(names) == 1 else nodes.Tuple(names, STORE), items, list(body), [])


def function(identifier: str, parameters: Sequence[str], body: Sequence[ast.stmt]) -> ast.FunctionDef:
    arguments = ast.arguments([], [nodes.Argument(parameter) for parameter in parameters], None, [], [], None, [])
    made: Any = {"name": identifier, "args": arguments, "body": list(body), "decorator_list": []}
    if "type_params" in ast.FunctionDef._fields:  # Python 3.12 and later
        made["type_params"] = []
    return nodes.FunctionDef(**made)


class Blocks:
    """The block that statements go to at the moment, fresh names, and the values that the code refers to."""

    def __init__(self) -> None:
        self.statements: list[ast.stmt] = []
        self.namespace: dict[str, Value] = {"__builtins__": {"len": len, "enumerate": enumerate, "abs": abs}}
        self._names = 0
        self._referred: dict[int, str] = {}

    def fresh(self, prefix: str = "t") -> str:
        self._names += 1
        return f"{prefix}{self._names}"

    def refer(self, value: Value) -> ast.expr:
        """A name by which the code finds this very value: a function, or a constant that has no literal."""
        known = self._referred.get(id(value))
        if known is None:
            known = self._referred[id(value)] = self.fresh("g")
            self.namespace[known] = value  # which keeps it alive, and so its id() its own
        return name(known)

    def add(self, *statements: ast.stmt) -> None:
        self.statements.extend(statements)

    @contextmanager
    def block(self) -> Iterator[list[ast.stmt]]:
        """Statements made within go to the list, not to the block around."""
        outer, self.statements = self.statements, []
        try:
            yield self.statements
        finally:
            self.statements = outer

    def keep(self, code: Code) -> Code:
        """The same value in a variable, unless it is a name or constant already."""
        if code.atomic:
            return code
        target = self.fresh()
        self.add(assign(target, code.expr))
        return Code(name(target), code.kind, code.raises, atomic=True)

    def flat(self, code: Code) -> Code:
        return self.keep(code) if code.depth > FLAT else code

"""Values of expressions as Python: fields, parameters, double arithmetic; the rest is left to the expression compiler.

A field that has no value is a local that holds None. A value that is computed is computed at most once a check, into a
local that holds None when it has no value.
"""

import ast
import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import NamedTuple

from riskgate.cel.syntax import (
    Binary,
    Call,
    Constant,
    Expr,
    Ident,
    Macro,
    Select,
    Unary,
    children,
)
from riskgate.cel.types import BOOL, DOUBLE, DURATION, INT, STRING, TIMESTAMP, TextOf, Type
from riskgate.plan import build
from riskgate.plan.bind import BoundRule
from riskgate.plan.locals import Locals
from riskgate.plan.paths import Path, Paths

MAX_DAYS = 100_000
"""Longer durations than these are left to the expression compiler, which knows how far they reach."""
Known = frozenset[str]
NOTHING: Known = frozenset()


class Condition(NamedTuple):
    """Python code (or a constant), and the locals that are proved present where it is true."""

    code: ast.expr | bool
    known: Known = NOTHING


class Value(NamedTuple):
    """Python code for a value, valid where all `needs` are present. A need is a local and the test that fills it."""

    code: ast.expr
    needs: tuple[tuple[str, ast.expr], ...] = ()


class Values(ABC):
    """Makes the values of one rule.

    `missing` names entity types that are absent: their fields have no value. `assumed` gives fields whose value is
    known where the code will stand (None: missing); tests of them are decided here and now.
    """

    def __init__(
        self,
        rule: BoundRule,
        paths: Paths,
        names: Locals,
        *,
        missing: frozenset[str] = frozenset(),
        assumed: Mapping[Path, str | None] | None = None,
    ) -> None:
        self._rule = rule
        self._paths = paths
        self._names = names
        self._missing = missing
        self._assumed = assumed or {}
        self._types = rule.types
        self.general: set[str] = set()
        """Locals of values that the expression compiler computes anew for each entity."""
        self.computed = False
        """Whether the expression compiler computes any value, so that gaps can have any reason."""

    def value(self, tree: Expr) -> Value | None:
        """Code for a value; None if it certainly has none (it reads an entity that is absent)."""
        made = self._simple(tree)
        if made is not None:
            return made
        path = self._paths.of(tree)
        if path is not None and isinstance(tree, Select):
            if path.entity in self._missing:
                return None
            if path in self._assumed:
                value = self._assumed[path]
                return None if value is None else Value(build.constant(value))
            return self._local(self._names.field(path))
        if isinstance(tree, Macro):
            made = self.quantified(tree)
            if made is not None:
                return made
        return self._general(tree)

    def _simple(self, tree: Expr) -> Value | None:
        match tree:
            case Constant(value=value):
                return Value(build.constant(value))
            case Ident(name="as_of"):
                return Value(build.name(self._names.as_of))
            case Ident(name=name) if name in self._rule.values:
                return self.value(self._rule.values[name].tree)
            case Select(operand=Ident(name="params"), field=field):
                return Value(build.name(self._names.parameter(field)))
            case Binary(op="+" | "-" | "*") | Unary(op="-"):
                return self._arithmetic(tree)
            case Call():
                return self._call(tree)
        return None

    def _arithmetic(self, tree: Binary | Unary) -> Value | None:
        if isinstance(tree, Unary):
            operand = self.value(tree.operand) if self._types.get(id(tree)) == DOUBLE else None
            if operand is None:
                return None
            return Value(build.minus(operand.code), operand.needs)
        left_type, right_type = self._types.get(id(tree.left)), self._types.get(id(tree.right))
        doubles = self._types.get(id(tree)) == DOUBLE and {left_type, right_type} <= {DOUBLE, INT}
        if tree.op == "-" and left_type == TIMESTAMP and right_type == TIMESTAMP:
            return self._between(tree)
        if not doubles:
            return None  # ints and other times can overflow: the expression compiler sees to that
        left, right = self.value(tree.left), self.value(tree.right)
        if left is None or right is None:
            return None
        code = build.binary(left.code, build.ARITHMETIC[tree.op], right.code)
        return Value(code, joined(left, right))

    def _between(self, tree: Binary) -> Value | None:
        """The duration between two times, where durations reach so far."""
        left, right = self.value(tree.left), self.value(tree.right)
        if left is None or right is None:
            return None
        self.computed = True
        local, compute = self._names.span(left.code, right.code)
        return Value(build.name(local), (*joined(left, right), (local, build.fill(local, compute))))

    def _call(self, tree: Call) -> Value | None:
        match tree:
            case Call(function="date", args=(Constant(value=str() as text),), target=None):
                moment = dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)
                return Value(build.name(self._names.shared(moment)))
            case Call(function="days", args=(Constant(value=int() | float() as count),), target=None):
                if abs(count) > MAX_DAYS:
                    return None  # an error, which the expression compiler words
                return Value(build.name(self._names.shared(dt.timedelta(days=count))))
            case Call(function="size", args=args, target=target):
                operand = args[0] if target is None else target
                path = self._paths.of(operand)
                if path is None or path.entity in self._missing or path in self._assumed:
                    return None
                inner = self._local(self._names.field(path))
                return Value(build.call("len", inner.code), inner.needs)
            case Call(function="double" | "abs" as function, args=(operand,), target=None):
                kinds = (DOUBLE, INT) if function == "double" else (DOUBLE,)
                inner_value = self.value(operand) if self._types.get(id(operand)) in kinds else None
                if inner_value is None:
                    return None
                code = build.call("float" if function == "double" else "abs", inner_value.code)
                return Value(code, inner_value.needs)
        return None

    def _local(self, local: str) -> Value:
        return Value(build.name(local), ((local, build.name(local)),))

    def _general(self, tree: Expr) -> Value:
        self.computed = True
        local, compute = self._names.general(tree, self._rule)
        if compute is None:
            return self._local(local)
        self.general.add(local)
        return Value(build.name(local), ((local, self.memo(local, compute)),))

    def memo(self, local: str, compute: ast.expr) -> ast.expr:
        """The value in the local, computed when it is first asked for in a check."""
        known = build.compare(build.name(local), build.IS_NOT, build.name(self._names.unset))
        return build.choose(known, build.name(local), build.fill(local, compute))

    @abstractmethod
    def quantified(self, tree: Macro) -> Value | None:
        """The value of a macro that is run as a loop of our own; None if it is left to the expression compiler."""


def mentions(tree: Expr, names: frozenset[str], rule: BoundRule) -> bool:
    """Whether an expression, or a named value in it, uses one of the names anywhere."""
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, Ident):
            if node.name in names:
                return True
            if node.name in rule.values:
                stack.append(rule.values[node.name].tree)
        stack.extend(children(node))
    return False


def scalar(kind: Type | None) -> bool:
    """Values of these types compare in Python as they do in CEL, once their static types agree."""
    return kind in (BOOL, INT, DOUBLE, STRING, TIMESTAMP, DURATION) or isinstance(kind, TextOf)


def joined(left: Value, right: Value) -> tuple[tuple[str, ast.expr], ...]:
    return tuple(dict((*left.needs, *right.needs)).items())


def is_constant(left: Value, right: Value) -> bool:
    return isinstance(left.code, ast.Constant) or isinstance(right.code, ast.Constant)


def bare(value: Value) -> bool:
    """The value is a field as it was loaded: neither computed on demand nor an operand of anything.

    Its code may stand where the field is None; that of `size(field)` may not.
    """
    if len(value.needs) != 1:
        return False
    local, present = value.needs[0]
    return isinstance(present, ast.Name) and isinstance(value.code, ast.Name) and value.code.id == local

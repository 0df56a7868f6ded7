"""`all` and `exists` over entities as Python loops, with the conditions of `decide` inside.

Made code, for `unit.rooms.exists(r, r.kind == "kitchen")`:

    def quantifier(items, params0, as_of, context0, tolerance0):
        undecided = False
        for n, e2 in enumerate(items, 1):
            f0 = e2.get("kind")
            if f0 == "kitchen":
                context0.charge(n)
                return True
            elif f0 is None:
                undecided = True
        context0.charge(len(items))
        return None if undecided else False
"""

import ast
from collections.abc import Callable, Mapping
from typing import Protocol

from riskgate.cel.syntax import Binary, BinaryOperator, Expr, Macro
from riskgate.plan import build
from riskgate.plan.locals import Locals
from riskgate.plan.paths import Path, Paths
from riskgate.plan.statements import load_all, parameters_of, undecided
from riskgate.plan.values import NOTHING, Condition, Known

QUANTIFIERS = frozenset({"all", "exists"})
CONTEXT = -2
"""The place of the context among the arguments of a quantifier."""


class Conditions(Protocol):
    """What is needed of `decide`: where an expression certainly holds or fails, and what had to be computed for it."""

    general: set[str]
    computed: bool

    def true(self, tree: Expr, known: Known = NOTHING) -> Condition: ...
    def false(self, tree: Expr, known: Known = NOTHING) -> Condition: ...


MakeConditions = Callable[[Locals, Paths], Conditions]


def quantifier(
    tree: Macro, kind: str, outer: Locals, paths: Paths, make_conditions: MakeConditions
) -> tuple[Callable[..., object], tuple[str, ...]]:
    """The function of a quantifier, and the entities of the chain outside whose dicts it takes after the items."""
    variable = tree.variables[0]
    inside = paths.inside(variable, kind)
    names = Locals(inside, (*outer.chain, variable), outer.scope | {variable})
    names.pack = outer.pack
    decider = make_conditions(names, inside)
    condition = tree.condition
    assert condition is not None  # noqa: S101 - only quantifiers with a condition come here
    level = len(names.chain) - 1
    body = _Step(decider, names, variable, level, exists=tree.kind == "exists").of(condition)
    resets = [build.assign(local, build.name(names.unset)) for local in sorted(decider.general)]
    loop = build.for_each(
        ("n", f"e{level}"),
        build.call("enumerate", build.name("items"), build.constant(1)),
        [*resets, *body],
    )
    used = tuple(
        name
        for name in outer.chain
        if name in names.entities or any(load.path.entity == name for load in names.loads.values())
    )
    prologue: list[ast.stmt] = [*parameters_of(names), build.assign("undecided", build.constant(False))]
    for name in used:
        depth = names.chain.index(name)
        prologue += load_all([load for load in names.loads.values() if load.path.entity == name], depth)
    names.packs.add(names.pack)
    otherwise = build.constant(tree.kind == "all")
    last: list[ast.stmt] = [
        _charge(names, build.call("len", build.name("items"))),
        build.give(build.choose(build.name("undecided"), build.constant(None), otherwise)),
    ]
    arguments = ("items", *(f"e{names.chain.index(name)}" for name in used), *shared_arguments(names.pack))
    made = build.function("quantifier", arguments, [*prologue, loop, *last])
    return build.make(made, names.constants), used


def shared_arguments(pack: int) -> tuple[str, ...]:
    """What every quantifier takes last, by the names that these have in the function around."""
    return (f"params{pack}", "as_of", f"context{pack}", f"tolerance{pack}")


class _Step:
    """What is done with one item. For `all`, everything is turned round: it looks for an item that fails.

    The first part of a condition `a && b` (for `all`: `a || b`) mostly settles the matter, so the fields of the rest
    are loaded only where it does not.
    """

    def __init__(self, decider: Conditions, names: Locals, variable: str, level: int, *, exists: bool) -> None:
        self._decider = decider
        self._names = names
        self._variable = variable
        self._level = level
        self._op: BinaryOperator = "&&" if exists else "||"
        self._hits, self._misses = (decider.true, decider.false) if exists else (decider.false, decider.true)
        charge = _charge(names, build.name("n"))
        self._stop: list[ast.stmt] = [charge, build.give(build.constant(exists))]
        self._doubt: list[ast.stmt] = [build.assign("undecided", build.constant(True))]

    def of(self, condition: Expr) -> list[ast.stmt]:
        first, *rest = parts_of(condition, self._op)
        with self._names.recording() as used:
            hit = self._hits(first)
            in_doubt = self._in_doubt(first, self._misses(first), used)
        loads = self._loads(used, set())
        if not rest:
            return [*loads, *_choose(hit.code, self._stop, _where(in_doubt, self._doubt))]
        second = rest[0]
        for part in rest[1:]:
            second = Binary(self._op, second, part)
        with self._names.recording() as used_later:
            then = self._hits(second, hit.known)
            then_in_doubt = self._in_doubt(second, self._misses(second, hit.known), used_later)
            not_missed = self._misses(second).code
        later = self._loads(used_later, set(used))
        settled = [*later, *_choose(then.code, self._stop, _where(then_in_doubt, self._doubt))]
        unless = not not_missed if isinstance(not_missed, bool) else build.negate(not_missed)
        open_ = [*later, *_where(unless, self._doubt)]
        return [*loads, *_choose(hit.code, settled, _where(in_doubt, open_))]

    def _in_doubt(self, tree: Expr, misses: Condition, used: Mapping[Path, None]) -> ast.expr | bool:
        # what the expression compiler computes can be in doubt for reasons that no field shows
        seen = [] if self._decider.computed else list(used)
        return undecided(tree, misses.code, seen, self._names)

    def _loads(self, used: Mapping[Path, None], loaded: set[Path]) -> list[ast.stmt]:
        wanted = [path for path in self._names.loads if path in used and path not in loaded]
        own = [self._names.loads[path] for path in wanted if path.entity == self._variable]
        return load_all(own, self._level)


def parts_of(tree: Expr, op: BinaryOperator) -> list[Expr]:
    """The operands of a chain of one operator, in the order of the text."""
    if isinstance(tree, Binary) and tree.op == op:
        return [*parts_of(tree.left, op), *parts_of(tree.right, op)]
    return [tree]


def _choose(test: ast.expr | bool, body: list[ast.stmt], other: list[ast.stmt]) -> list[ast.stmt]:
    if isinstance(test, bool):
        return body if test else other
    return [build.when(test, body, other)]


def _where(test: ast.expr | bool, body: list[ast.stmt]) -> list[ast.stmt]:
    return _choose(test, body, [])


def _charge(names: Locals, count: ast.expr) -> ast.stmt:
    return build.do(build.call(build.attribute(build.name(f"context{names.pack}"), "charge"), count))

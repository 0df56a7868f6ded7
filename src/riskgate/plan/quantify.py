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
from collections.abc import Callable
from typing import TYPE_CHECKING

from riskgate.cel.syntax import Expr, Macro
from riskgate.plan import build
from riskgate.plan.locals import Locals
from riskgate.plan.paths import Path, Paths
from riskgate.plan.statements import load_all, parameters_of, undecided

if TYPE_CHECKING:
    from riskgate.plan.decide import Decider

MakeDecider = Callable[[Locals, Paths], "Decider"]


def quantifier(
    tree: Macro, kind: str, outer: Locals, paths: Paths, make_decider: MakeDecider
) -> tuple[Callable[..., object], tuple[str, ...]]:
    """The function of a quantifier, and the entities of the chain outside whose dicts it takes after the items."""
    variable = tree.variables[0]
    inside = paths.inside(variable, kind)
    names = Locals(inside, (*outer.chain, variable), outer.scope | {variable})
    names.pack = outer.pack
    decider = make_decider(names, inside)
    condition = tree.condition
    assert condition is not None  # noqa: S101 - only quantifiers with a condition come here
    body = _step(condition, decider, names, exists=tree.kind == "exists")
    level = len(names.chain) - 1
    own = [load for load in names.loads.values() if load.path.entity == variable]
    resets = [build.assign(local, build.name(names.unset)) for local in sorted(decider.general)]
    loop = build.for_each(
        ("n", f"e{level}"),
        build.call("enumerate", build.name("items"), build.constant(1)),
        [*load_all(own, level), *resets, *body],
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


def _step(condition: Expr, decider: "Decider", names: Locals, *, exists: bool) -> list[ast.stmt]:
    """What is done with one item."""
    with names.recording() as uses:
        holds, fails = decider.true(condition), decider.false(condition)
    seen: list[Path] = [] if decider.computed else list(uses)
    stop: list[ast.stmt] = [_charge(names, build.name("n")), build.give(build.constant(exists))]
    doubt: list[ast.stmt] = [build.assign("undecided", build.constant(True))]
    if exists:
        in_doubt = undecided(condition, fails.code, seen, names)
        if isinstance(holds.code, bool):
            return stop if holds.code else _where(in_doubt, doubt)
        return [build.when(holds.code, stop, _where(in_doubt, doubt))]
    if isinstance(holds.code, bool):
        return [] if holds.code else _fails(fails.code, stop, doubt)
    return [build.when(build.negate(holds.code), _fails(fails.code, stop, doubt))]


def _fails(fails: ast.expr | bool, stop: list[ast.stmt], doubt: list[ast.stmt]) -> list[ast.stmt]:
    if isinstance(fails, bool):
        return stop if fails else doubt
    return [build.when(fails, stop, doubt)]


def _where(test: ast.expr | bool, body: list[ast.stmt]) -> list[ast.stmt]:
    if isinstance(test, bool):
        return body if test else []
    return [build.when(test, body)]


def _charge(names: Locals, count: ast.expr) -> ast.stmt:
    return build.do(build.call(build.attribute(build.name(f"context{names.pack}"), "charge"), count))

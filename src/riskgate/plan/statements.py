"""Statements that generated functions share: loading fields and parameters, and testing what is left undecided."""

import ast
from collections.abc import Sequence

from riskgate.cel.syntax import Binary, Expr
from riskgate.plan import build
from riskgate.plan.locals import Load, Locals
from riskgate.plan.paths import Path


def load_all(loads: Sequence[Load], level: int) -> list[ast.stmt]:
    """Fields into their locals, from the entity at a level of the chain; parts of objects after the objects."""
    found: list[ast.stmt] = []
    for load in loads:
        key = load.path.members[-1]
        if load.above is None:
            found.append(build.assign(load.local, build.get(build.name(f"e{level}"), key)))
        else:
            holder = build.name(load.above)
            value = build.choose(build.is_none(holder), build.constant(None), build.get(holder, key))
            found.append(build.assign(load.local, value))
    return found


def parameters_of(names: Locals) -> list[ast.stmt]:
    """Parameters and what is computed from them alone, into their locals."""
    found = [
        build.assign(local, build.item(build.name(f"params{pack}"), build.constant(name)))
        for (pack, name), local in names.parameters.items()
    ]
    return [*found, *(build.assign(local, code) for local, code in names.hoists)]


def undecided(condition: Expr | None, fails: ast.expr | bool, uses: Sequence[Path], names: Locals) -> ast.expr | bool:
    """Code that is true where a condition, which does not certainly hold, does not certainly fail either.

    `uses` are the fields that it reads, if nothing else can leave it undecided: then it is decided where none of them
    is missing, which is the cheap test and comes first. For a single comparison it is all there is to test.
    """
    if isinstance(fails, bool):
        return not fails
    not_false = build.negate(fails)
    if not uses:
        return not_false
    some_missing = build.any_of([build.is_none(build.name(names.field(path))) for path in uses])
    single = isinstance(condition, Binary) and condition.op not in {"&&", "||"} and len(uses) == 1
    return some_missing if single else build.all_of([some_missing, not_false])

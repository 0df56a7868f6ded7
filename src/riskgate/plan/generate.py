"""One generated function per entity type: it walks the entities once, loads each field once and runs all rules.

Shape of the made code, for a rule with `when: room.kind == "kitchen"` and `require: room.area_m2 >= params.least`:

    def check(tables, params, contexts, tolerances, as_of, hit, miss, over):
        …
        for i, e in enumerate(entities):
            f0 = e.get("kind")
            if f0 == "kitchen":                        # when certainly holds
                f1 = e.get("area_m2")
                if not (f1 is not None and f1 >= p0):  # require does not certainly hold
                    if f1 is not None and not f1 >= p0:
                        hit3(i)                        # risk
                    else:
                        miss3(i << 3 | …)              # gap: which fields are missing, as bits
            elif not (f0 is not None and not f0 == "kitchen"):
                miss3(i << 3 | … | 1)                  # when is undecided: lowest bit
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from riskgate.cel.runtime import CelError
from riskgate.plan import build
from riskgate.plan.bind import BoundRule
from riskgate.plan.decide import Decider
from riskgate.plan.grouping import counted, decide_group, groups_of, split
from riskgate.plan.locals import Locals
from riskgate.plan.paths import Paths
from riskgate.plan.scanner import Scanning
from riskgate.plan.statements import load_all, parameters_of
from riskgate.plan.switch import branches_of, choose_switch, reads, switch_over, with_switch
from riskgate.plan.values import Condition

ARGUMENTS = ("tables", "params", "contexts", "tolerances", "as_of", "hit", "miss", "over")


class Generated(NamedTuple):
    """A function, the globals it needs, and the rules (by index) that have computed values."""

    function: ast.FunctionDef
    names: dict[str, object]
    computed: frozenset[int]
    visits: Mapping[str, int]
    """How often at most one rule goes through the entities of a type without counting them."""


def generate(rules: Sequence[BoundRule], paths: Paths, *, counting: bool = False) -> Generated:
    """The function for all rules of one entity type, and the globals it needs.

    With `counting`, every item that a macro visits counts against the budget; without, only those of macros that may
    visit more than what their entity contains.
    """
    chain = tuple(entity.name for entity in rules[0].chain)
    names = Locals(paths, chain, frozenset(chain))
    level = len(chain) - 1
    switch = choose_switch(rules, paths)
    common = [rule for rule in rules if switch is None or not reads(rule, switch, paths)]
    rest = [rule for rule in rules if rule not in common]
    scanning = None if counting else Scanning()
    groups = groups_of(common, paths, names, {}, scanning)
    branches = [] if switch is None else branches_of(rest, paths, names, switch, scanning)
    every = [group for part in (groups, *(branch.groups for branch in branches)) for group in part]
    early, shared = split(groups, names, chain[-1], set())
    if switch is not None:
        early = with_switch(early, names, switch)
    loaded = {load.path for load in early}
    body: list[ast.stmt] = []
    for group, loads in zip(groups, shared, strict=True):
        body.extend(decide_group(group, loads, level, names))
    if switch is not None:
        body.extend(switch_over(branches, names.field(switch), loaded, level, names))
    # only now are all fields of ancestors known
    body = [*_ancestors(names, level), *load_all(early, level), *body]
    loop = build.for_each(("i", f"e{level}"), build.call("enumerate", build.name(f"entities{level}")), body)
    made = build.function("check", ARGUMENTS, [*_prologue(names, level, [rule.index for rule in rules]), loop])
    computed = frozenset(m.rule.index for group in every for m in group.rules if m.computed)
    return Generated(made, globals_of(names), computed, {} if scanning is None else scanning.visits)


def generate_absent(
    rules: Sequence[BoundRule], paths_of: Callable[[BoundRule], Paths], boundary: str
) -> tuple[list[BoundRule], ast.FunctionDef | None, dict[str, object]]:
    """What an absent `boundary` (collection or single) means for the rules on it and below it.

    Returns the rules that are gaps at every parent, and a function for those that are not where their `when` is
    certainly false at the parent.
    """
    always: list[BoundRule] = []
    tests: list[tuple[BoundRule, ast.expr, tuple[str, ...]]] = []
    chain = tuple(entity.name for entity in rules[0].chain)
    above = chain[: chain.index(boundary)]
    scope = frozenset(entity.name for rule in rules for entity in rule.chain)
    names = Locals(paths_of(rules[0]), above, scope)
    for rule in rules:
        missing = frozenset(entity.name for entity in rule.chain) - frozenset(above)
        names.pack = rule.pack
        decider = Decider(rule, paths_of(rule), names, missing=missing)
        never = Condition(False) if rule.when is None else decider.false(rule.when.tree)
        if never.code is False:
            always.append(rule)
        elif never.code is not True:
            tests.append((rule, never.code, tuple(sorted(decider.general))))
    if not tests:
        return always, None, {}
    level = len(above) - 1
    body = [build.assign(f"e{level}", build.item(build.name(f"entities{level}"), build.name("i")))]
    body += [
        *_ancestors(names, level),
        *load_all([load for load in names.loads.values() if load.path.entity == above[-1]], level),
    ]
    for rule, unless, general in tests:
        report = build.do(build.call(f"miss{rule.index}", build.name("i")))
        body += counted(rule, general, [build.when(build.negate(unless), [report])], names)
    loop = build.for_each(("i",), build.name("absent"), body)
    prologue = _prologue(names, level, [rule.index for rule, _, _ in tests], misses_only=True)
    return always, build.function("absent", (*ARGUMENTS, "absent"), [*prologue, loop]), globals_of(names)


def globals_of(names: Locals) -> dict[str, object]:
    return {**names.constants, "CelError": CelError}


def _prologue(names: Locals, level: int, indexes: Sequence[int], *, misses_only: bool = False) -> list[ast.stmt]:
    found: list[ast.stmt] = []
    for depth in range(level + 1):
        table = build.item(build.name("tables"), build.constant(depth))
        found.append(build.assign(f"entities{depth}", build.attribute(table, "entities")))
        if depth:
            found.append(build.assign(f"parents{depth}", build.attribute(table, "parents")))
            found.append(build.assign(f"last{depth}", build.constant(-1)))
    for pack in sorted(names.packs):
        for local, source in (
            (f"params{pack}", "params"),
            (f"context{pack}", "contexts"),
            (f"tolerance{pack}", "tolerances"),
        ):
            found.append(build.assign(local, build.item(build.name(source), build.constant(pack))))
    found.extend(parameters_of(names))
    for index in indexes:
        for kind in ("miss",) if misses_only else ("hit", "miss"):
            listed = build.item(build.name(kind), build.constant(index))
            found.append(build.assign(f"{kind}{index}", build.attribute(listed, "append")))
    if level:
        found.append(build.assign("e0", build.item(build.name("entities0"), build.constant(0))))
        found.extend(load_all([load for load in names.loads.values() if load.path.entity == names.chain[0]], 0))
    return found


def _ancestors(names: Locals, level: int) -> list[ast.stmt]:
    """Loads of the entities between the root and this one, each done again only where its entity changes."""
    wanted = {names.chain.index(load.path.entity) for load in names.loads.values()}
    wanted |= {names.chain.index(name) for name in names.entities}
    top = min((depth for depth in wanted if 0 < depth < level), default=level)
    inner: list[ast.stmt] = []
    for depth in range(top, level):
        body: list[ast.stmt] = [
            build.assign(f"last{depth}", build.name(f"o{depth}")),
            build.assign(f"e{depth}", build.item(build.name(f"entities{depth}"), build.name(f"o{depth}"))),
        ]
        body += load_all([load for load in names.loads.values() if load.path.entity == names.chain[depth]], depth)
        below = build.name("i" if depth + 1 == level else f"o{depth + 1}")
        ordinal = build.assign(f"o{depth}", build.item(build.name(f"parents{depth + 1}"), below))
        changed = build.compare(build.name(f"o{depth}"), build.NOT_EQUAL, build.name(f"last{depth}"))
        inner = [ordinal, build.when(changed, [*body, *inner])]
    return inner

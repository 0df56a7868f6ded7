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
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from riskgate.cel.runtime import CelError
from riskgate.plan import build
from riskgate.plan.bind import BoundRule
from riskgate.plan.decide import Condition, Decider
from riskgate.plan.locals import Load, Locals
from riskgate.plan.paths import Path, Paths
from riskgate.plan.statements import load_all, parameters_of, undecided
from riskgate.plan.values import mentions

SWITCH_FROM = 4
"""So many conditions on one enum field make a switch worth its code."""
ARGUMENTS = ("tables", "params", "contexts", "tolerances", "as_of", "hit", "miss", "over")


class Made(NamedTuple):
    """A rule's conditions as code, before they are joined into the function."""

    rule: BoundRule
    holds: Condition  # require certainly true
    fails: Condition  # require certainly false
    general: tuple[str, ...]
    computed: bool
    names: tuple[Path, ...]


class Group(NamedTuple):
    """Rules with the same `when`: it is tested once for all of them."""

    applies: Condition
    undecided: ast.expr | bool  # tested where `when` does not certainly hold
    when_uses: dict[Path, None]
    body_uses: dict[Path, None]
    rules: list[Made]


class Generated(NamedTuple):
    """A function, the globals it needs, and the rules (by index) that have computed values."""

    function: ast.FunctionDef
    names: dict[str, object]
    computed: frozenset[int]


def generate(rules: Sequence[BoundRule], paths: Paths) -> Generated:
    """The function for all rules of one entity type, and the globals it needs."""
    chain = tuple(entity.name for entity in rules[0].chain)
    names = Locals(paths, chain, frozenset(chain))
    level = len(chain) - 1
    switch = choose_switch(rules, paths)
    common = [rule for rule in rules if switch is None or not reads(rule, switch, paths)]
    rest = [rule for rule in rules if rule not in common]
    groups = _groups(common, paths, names, {})
    branches = [] if switch is None else _branches(rest, paths, names, switch)
    every = [group for part in (groups, *(branch.groups for branch in branches)) for group in part]
    early, shared = _split(groups, names, chain[-1], set())
    if switch is not None:
        early = _with_switch(early, names, switch)
    loaded = {load.path for load in early}
    body: list[ast.stmt] = []
    for group, loads in zip(groups, shared, strict=True):
        body.extend(_group(group, loads, level, names))
    if switch is not None:
        body.extend(_switch(branches, names.field(switch), loaded, level, names))
    # only now are all fields of ancestors known
    body = [*_ancestors(names, level), *load_all(early, level), *body]
    loop = build.for_each(("i", f"e{level}"), build.call("enumerate", build.name(f"entities{level}")), body)
    made = build.function("check", ARGUMENTS, [*_prologue(names, level, [rule.index for rule in rules]), loop])
    computed = frozenset(m.rule.index for group in every for m in group.rules if m.computed)
    return Generated(made, globals_of(names), computed)


def generate_absent(
    rules: Sequence[BoundRule], paths: Paths, boundary: str
) -> tuple[list[BoundRule], ast.FunctionDef | None, dict[str, object]]:
    """What an absent `boundary` (collection or single) means for the rules on it and below it.

    Returns the rules that are gaps at every parent, and a function for those that are not where their `when` is
    certainly false at the parent.
    """
    always: list[BoundRule] = []
    tests: list[tuple[BoundRule, ast.expr, tuple[str, ...]]] = []
    chain = tuple(entity.name for entity in rules[0].chain)
    above = chain[: chain.index(boundary)]
    names = Locals(paths, above, frozenset(chain))
    for rule in rules:
        missing = frozenset(entity.name for entity in rule.chain) - frozenset(above)
        names.pack = rule.pack
        decider = Decider(rule, paths, names, missing=missing)
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
        body += _counted(rule, general, [build.when(build.negate(unless), [report])], names)
    loop = build.for_each(("i",), build.name("absent"), body)
    prologue = _prologue(names, level, [rule.index for rule, _, _ in tests], misses_only=True)
    return always, build.function("absent", (*ARGUMENTS, "absent"), [*prologue, loop]), globals_of(names)


def globals_of(names: Locals) -> dict[str, object]:
    return {**names.constants, "CelError": CelError}


# -- grouping


def _groups(rules: Sequence[BoundRule], paths: Paths, names: Locals, assumed: Mapping[Path, str | None]) -> list[Group]:
    """Rules by their `when`. Rules whose `when` certainly fails under the assumption are left out."""
    groups: dict[object, Group] = {}
    for rule in rules:
        names.pack = rule.pack
        decider = Decider(rule, paths, names, assumed=assumed)
        when = None if rule.when is None else rule.when.tree
        with names.recording() as when_uses:
            applies = Condition(True) if when is None else decider.true(when)
            never = Condition(False) if when is None or applies.code is True else decider.false(when)
        if never.code is True:
            continue
        # what is missing under the assumption, or computed, cannot be seen from the fields that are read
        seen = [] if decider.computed or None in assumed.values() else list(when_uses)
        in_doubt = undecided(when, never.code, seen, names)
        key: object = (rule.pack, when)
        if decider.general or (when is not None and mentions(when, frozenset(rule.values), rule)):
            key = rule.index  # computed locals belong to one rule; named values may differ under one name
        known = applies.known if not decider.general else frozenset[str]()
        with names.recording() as body_uses:
            holds = decider.true(rule.require.tree, known)
            fails = decider.false(rule.require.tree, known)
            deciding = paths.deciding(rule)
            for path in deciding:
                names.field(path)
        if decider.general:
            key = rule.index
        group = groups.setdefault(key, Group(applies, in_doubt, when_uses, {}, []))
        group.body_uses.update(body_uses)
        group.rules.append(Made(rule, holds, fails, tuple(sorted(decider.general)), decider.computed, deciding))
    return list(groups.values())


def _split(groups: list[Group], names: Locals, entity: str, loaded: set[Path]) -> tuple[list[Load], list[list[Load]]]:
    """Fields that one group alone reads, and only where its `when` holds, are loaded there; all others at the start.

    `loaded` are fields that stand in their locals already.
    """
    users: dict[Path, int] = {}
    for group in groups:
        conditional = group.applies.code is not True
        for path in {**group.when_uses, **group.body_uses}:
            late = conditional and path not in group.when_uses
            users[path] = users.get(path, 0) + (1 if late else 2)
    own = [load for path, load in names.loads.items() if path.entity == entity and path not in loaded and path in users]
    early = [load for load in own if users[load.path] > 1]
    lazy = [[load for load in own if users[load.path] == 1 and load.path in group.body_uses] for group in groups]
    return early, lazy


# -- one branch for each value of an enum field


class Branch(NamedTuple):
    """The groups that can apply where the switch has one of some values (None: missing)."""

    values: tuple[str | None, ...]
    groups: list[Group]


def reads(rule: BoundRule, path: Path, paths: Paths) -> bool:
    """Whether the rule's `when` depends on a field."""
    return rule.when is not None and path in set(paths.within(rule.when.tree, rule))


def choose_switch(rules: Sequence[BoundRule], paths: Paths) -> Path | None:
    """The enum field of the entity itself that most conditions test, if enough do for a switch to pay."""
    counts: dict[Path, int] = {}
    for rule in rules:
        if rule.when is not None:
            for path in dict.fromkeys(paths.within(rule.when.tree, rule)):
                own = path.entity == rule.entity.name and len(path.members) == 1
                if own and path.spec is not None and path.spec.type == "enum":
                    counts[path] = counts.get(path, 0) + 1
    best = max(counts, key=lambda path: (counts[path], path.text), default=None)
    return best if best is not None and counts[best] >= SWITCH_FROM else None


def _branches(rules: Sequence[BoundRule], paths: Paths, names: Locals, switch: Path) -> list[Branch]:
    """The groups for each value of the switch; values with the same code share a branch."""
    values = () if switch.spec is None else tuple(switch.spec.values)
    by_code: dict[object, Branch] = {}
    for value in (None, *values):
        groups = _groups(rules, paths, names, {switch: value})
        key: object = tuple(group_key(group, switch, value, paths) for group in groups)
        known = by_code.get(key)
        by_code[key] = Branch((value,) if known is None else (*known.values, value), groups)
    return list(by_code.values())


def group_key(group: Group, switch: Path, value: str | None, paths: Paths) -> tuple[object, ...]:
    """Equal for groups with the same code: rules, `when` as far as it is left, and the value where it is read again."""
    rules = tuple(made.rule.index for made in group.rules)
    again = any(switch in set(paths.within(made.rule.require.tree, made.rule)) for made in group.rules)
    return (
        rules,
        build.shape(group.applies.code),
        build.shape(group.undecided),
        value is None or (value if again else False),
    )


def _with_switch(early: list[Load], names: Locals, switch: Path) -> list[Load]:
    """The loads of the start, the switch among them."""
    names.field(switch)
    load = names.loads[switch]
    return early if load in early else [*early, load]


def _switch(branches: list[Branch], local: str, loaded: set[Path], level: int, names: Locals) -> list[ast.stmt]:
    """Find the branch of the value, then run it."""
    numbers = {value: number for number, branch in enumerate(branches) for value in branch.values}
    names.constants["BRANCHES"] = numbers
    pick = build.assign("branch", build.item(build.name("BRANCHES"), build.name(local)))
    bodies: list[list[ast.stmt]] = []
    for branch in branches:
        early, lazy = _split(branch.groups, names, names.chain[level], loaded)
        body = load_all(early, level)
        for group, loads in zip(branch.groups, lazy, strict=True):
            body += _group(group, loads, level, names)
        bodies.append(body)
    return [pick, *_pick(bodies, 0)]


def _pick(bodies: list[list[ast.stmt]], first: int) -> list[ast.stmt]:
    """Run the body whose number `branch` is, found by halving."""
    if len(bodies) == 1:
        return bodies[0]
    half = len(bodies) // 2
    test = build.compare(build.name("branch"), build.LESS, build.constant(first + half))
    return [build.when(test, _pick(bodies[:half], first), _pick(bodies[half:], first + half))]


# -- statements


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


def _group(group: Group, lazy: list[Load], level: int, names: Locals) -> list[ast.stmt]:
    loads = load_all(lazy, level)
    body = list(loads)
    missed = list(loads)
    for made in group.rules:
        body += _rule(made, names)
        missed.append(_miss(made, names, undecided_when=True))
    applies = group.applies.code
    if applies is True:
        statements = body
    else:
        other: list[ast.stmt] = missed if group.undecided is True else []
        if not isinstance(group.undecided, bool):
            other = [build.when(group.undecided, missed)]
        statements = other if applies is False else [build.when(applies, body, other)]
    if len(group.rules) == 1:
        return _counted(group.rules[0].rule, group.rules[0].general, statements, names)
    return statements


def _rule(made: Made, names: Locals) -> list[ast.stmt]:
    hit = build.do(build.call(f"hit{made.rule.index}", build.name("i")))
    miss = _miss(made, names, undecided_when=False)
    holds, fails = made.holds.code, made.fails.code
    if holds is True:
        return []
    otherwise: list[ast.stmt] = [hit] if fails is True else [miss]
    if not isinstance(fails, bool):
        otherwise = [build.when(fails, [hit], [miss])]
    return otherwise if holds is False else [build.when(build.negate(holds), otherwise)]


def _miss(made: Made, names: Locals, *, undecided_when: bool) -> ast.stmt:
    """Report a gap: ordinal, one bit per deciding path that has no value, and the lowest bit for `when`."""
    code = build.binary(build.name("i"), build.SHIFT, build.constant(len(made.names) + 1))
    for bit, path in enumerate(made.names, start=1):
        missing = build.is_none(build.name(names.field(path)))
        code = build.binary(code, build.JOIN_BITS, build.binary(missing, build.SHIFT, build.constant(bit)))
    if undecided_when:
        code = build.binary(code, build.JOIN_BITS, build.constant(1))
    return build.do(build.call(f"miss{made.rule.index}", code))


def _counted(rule: BoundRule, general: Sequence[str], statements: list[ast.stmt], names: Locals) -> list[ast.stmt]:
    """A rule with computed values: they are forgotten first, and an exceeded budget ends this check alone."""
    if not general:
        return statements
    over = build.do(
        build.call(
            build.attribute(build.item(build.name("over"), build.constant(rule.index)), "append"), build.name("i")
        )
    )
    reset: list[ast.stmt] = [build.assign(local, build.name(names.unset)) for local in general]
    start = build.do(build.call(build.attribute(build.name(f"context{rule.pack}"), "start")))
    return [*reset, start, build.attempt(statements, "CelError", [over])]

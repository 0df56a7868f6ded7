"""Rules of one entity type, grouped by their `when`, and the statements that decide a group."""

import ast
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from riskgate.plan import build
from riskgate.plan.bind import BoundRule
from riskgate.plan.decide import Decider
from riskgate.plan.locals import Load, Locals, contains_macro
from riskgate.plan.paths import Path, Paths
from riskgate.plan.scanner import Scanner, Scanning
from riskgate.plan.scans import Scans
from riskgate.plan.statements import load_all, undecided
from riskgate.plan.values import Condition, mentions


class Made(NamedTuple):
    """A rule's conditions as code, before they are joined into the function."""

    rule: BoundRule
    holds: Condition  # require certainly true
    fails: Condition  # require certainly false
    general: tuple[str, ...]
    computed: bool
    names: tuple[Path, ...]
    uses: Mapping[Path, None]
    scanned: bool
    """Whether something is gone through for it first: what it reads must be there before."""


class Group(NamedTuple):
    """Rules with the same `when`: it is tested once for all of them."""

    applies: Condition
    undecided: ast.expr | bool  # tested where `when` does not certainly hold
    when_uses: dict[Path, None]
    body_uses: dict[Path, None]
    rules: list[Made]
    scans: Scans
    """What is gone through before any of the rules is decided."""


class GroupLoads(NamedTuple):
    """Fields that a group loads where its `when` holds: those that its rules share, and those of each rule alone."""

    common: list[Load]
    own: list[list[Load]]


def groups_of(
    rules: Sequence[BoundRule],
    paths: Paths,
    names: Locals,
    assumed: Mapping[Path, str | None],
    scanning: Scanning | None = None,
) -> list[Group]:
    """Rules by their `when`. Rules whose `when` certainly fails under the assumption are left out.

    With `scanning`, macros over what an entity contains run in loops that rules with one `when` share.
    """
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
        scans: Scans | None = None
        if scanning is not None and not decider.general and contains_macro(rule.require.tree, rule):
            scanner = Scanner(rule, paths, names, scanning, assumed=assumed)
            with names.recording() as body_uses, scanner.scanning() as scans:
                holds = scanner.true(rule.require.tree, known)
                fails = scanner.false(rule.require.tree, known)
            if scanner.failed:
                scans = None
            else:
                decider = scanner
                scanning.count(scanner.visits)
        if scans is None:
            with names.recording() as body_uses:
                holds = decider.true(rule.require.tree, known)
                fails = decider.false(rule.require.tree, known)
        deciding = paths.deciding(rule)
        with names.recording() as deciding_uses:
            for path in deciding:
                names.field(path)
        if decider.general:
            key = rule.index
        group = groups.setdefault(key, Group(applies, in_doubt, when_uses, {}, [], Scans()))
        if scans is not None:
            group.scans.join(scans)
        uses = {**body_uses, **deciding_uses}
        group.body_uses.update(uses)
        general = tuple(sorted(decider.general))
        made = Made(rule, holds, fails, general, decider.computed, deciding, uses, scanned=scans is not None)
        group.rules.append(made)
    return list(groups.values())


def split(groups: list[Group], names: Locals, entity: str, loaded: set[Path]) -> tuple[list[Load], list[GroupLoads]]:
    """Fields that one group alone reads, and only where its `when` holds, are loaded there; all others at the start.

    `loaded` are fields that stand in their locals already.
    """
    alone = _of_one_rule(groups)
    users: dict[Path, int] = {}
    for group in groups:
        conditional = group.applies.code is not True
        for path in {**group.when_uses, **group.body_uses}:
            late = conditional and path not in group.when_uses
            users[path] = users.get(path, 0) + (1 if late else 2)
    own = [load for path, load in names.loads.items() if path.entity == entity and path not in loaded and path in users]
    early = [load for load in own if users[load.path] > 1 and load.path not in alone]
    lazy = [
        GroupLoads(
            [load for load in own if users[load.path] == 1 and load.path in group.body_uses and load.path not in alone],
            [[load for load in own if load.path in alone and load.path in made.uses] for made in group.rules],
        )
        for group in groups
    ]
    return early, lazy


def _of_one_rule(groups: list[Group]) -> set[Path]:
    """Fields that the conditions of one rule alone read."""
    users: dict[Path, int] = {}
    for group in groups:
        for path in group.when_uses:
            users[path] = 2
        for path in group.body_uses:
            users[path] = users.get(path, 0) + sum(1 + made.scanned for made in group.rules if path in made.uses)
    return {path for path, count in users.items() if count == 1}


def decide_group(group: Group, lazy: GroupLoads, level: int, names: Locals) -> list[ast.stmt]:
    loads = load_all(lazy.common, level)
    body = [*loads, *group.scans.statements()]
    missed = list(loads)
    for made, own in zip(group.rules, lazy.own, strict=True):
        body += _rule(made, own, level, names)
        missed += [*load_all(own, level), _miss(made, names, undecided_when=True)]
    applies = group.applies.code
    if applies is True:
        statements = body
    else:
        other: list[ast.stmt] = missed if group.undecided is True else []
        if not isinstance(group.undecided, bool):
            other = [build.when(group.undecided, missed)]
        statements = other if applies is False else [build.when(applies, body, other)]
    if len(group.rules) == 1:
        return counted(group.rules[0].rule, group.rules[0].general, statements, names)
    return statements


def _rule(made: Made, own: list[Load], level: int, names: Locals) -> list[ast.stmt]:
    hit = build.do(build.call(f"hit{made.rule.index}", build.name("i")))
    miss = _miss(made, names, undecided_when=False)
    holds, fails = made.holds.code, made.fails.code
    if holds is True:
        return []
    otherwise: list[ast.stmt] = [hit] if fails is True else [miss]
    if not isinstance(fails, bool):
        otherwise = [build.when(fails, [hit], [miss])]
    return _unless(holds, otherwise, own, level)


def _unless(holds: ast.expr | bool, otherwise: list[ast.stmt], own: list[Load], level: int) -> list[ast.stmt]:
    """Do the rest where a condition does not hold. For `a || b`, what only `b` needs is loaded after testing `a`."""
    operands: list[ast.expr] = []
    if isinstance(holds, ast.expr):
        operands = holds.values if isinstance(holds, ast.BoolOp) and isinstance(holds.op, ast.Or) else [holds]
    tests: list[tuple[list[Load], list[ast.expr]]] = []
    later = own
    for operand in operands:
        needed = build.names_in(operand)
        wanted = [load for load in later if load.local in needed]
        needed |= {load.above for load in wanted if load.above is not None}
        while len(more := [load for load in later if load.local in needed]) > len(wanted):
            wanted = more
            needed |= {load.above for load in wanted if load.above is not None}
        later = [load for load in later if load not in wanted]
        if wanted or not tests:
            tests.append((wanted, []))
        tests[-1][1].append(operand)
    body = [*load_all(later, level), *otherwise]
    for loads, parts in reversed(tests):
        test = build.any_of(parts)
        assert isinstance(test, ast.expr)  # noqa: S101 - of expressions
        body = [*load_all(loads, level), build.when(build.negate(test), body)]
    return body


def _miss(made: Made, names: Locals, *, undecided_when: bool) -> ast.stmt:
    """Report a gap: ordinal, one bit per deciding path that has no value, and the lowest bit for `when`."""
    code = build.binary(build.name("i"), build.SHIFT, build.constant(len(made.names) + 1))
    for bit, path in enumerate(made.names, start=1):
        missing = build.is_none(build.name(names.field(path)))
        code = build.binary(code, build.JOIN_BITS, build.binary(missing, build.SHIFT, build.constant(bit)))
    if undecided_when:
        code = build.binary(code, build.JOIN_BITS, build.constant(1))
    return build.do(build.call(f"miss{made.rule.index}", code))


def counted(rule: BoundRule, general: Sequence[str], statements: list[ast.stmt], names: Locals) -> list[ast.stmt]:
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

"""One branch for each value of the enum field that most conditions of an entity type test.

Which rules can apply to a room depends on its kind: deciding that once spares testing every rule's `when`.
"""

import ast
from collections.abc import Sequence
from typing import NamedTuple

from riskgate.plan import build
from riskgate.plan.bind import BoundRule
from riskgate.plan.grouping import Group, decide_group, groups_of, split
from riskgate.plan.locals import Load, Locals
from riskgate.plan.paths import Path, Paths
from riskgate.plan.scanner import Scanning
from riskgate.plan.statements import load_all

SWITCH_FROM = 4
"""So many conditions on one enum field make a switch worth its code."""


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


def branches_of(
    rules: Sequence[BoundRule], paths: Paths, names: Locals, switch: Path, scanning: Scanning | None = None
) -> list[Branch]:
    """The groups for each value of the switch; values with the same code share a branch."""
    values = () if switch.spec is None else tuple(switch.spec.values)
    by_code: dict[object, Branch] = {}
    for value in (None, *values):
        groups = groups_of(rules, paths, names, {switch: value}, scanning)
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


def with_switch(early: list[Load], names: Locals, switch: Path) -> list[Load]:
    """The loads of the start, the switch among them."""
    names.field(switch)
    load = names.loads[switch]
    return early if load in early else [*early, load]


def switch_over(branches: list[Branch], local: str, loaded: set[Path], level: int, names: Locals) -> list[ast.stmt]:
    """Find the branch of the value, then run it."""
    numbers = {value: number for number, branch in enumerate(branches) for value in branch.values}
    names.constants["BRANCHES"] = numbers
    pick = build.assign("branch", build.item(build.name("BRANCHES"), build.name(local)))
    bodies: list[list[ast.stmt]] = []
    for branch in branches:
        early, lazy = split(branch.groups, names, names.chain[level], loaded)
        body = load_all(early, level)
        for group, loads in zip(branch.groups, lazy, strict=True):
            body += decide_group(group, loads, level, names)
        bodies.append(body)
    return [pick, *_pick(bodies, 0)]


def _pick(bodies: list[list[ast.stmt]], first: int) -> list[ast.stmt]:
    """Run the body whose number `branch` is, found by halving."""
    if len(bodies) == 1:
        return bodies[0]
    half = len(bodies) // 2
    test = build.compare(build.name("branch"), build.LESS, build.constant(first + half))
    return [build.when(test, _pick(bodies[:half], first), _pick(bodies[half:], first + half))]

"""Packs to Plan: everything about rules that does not depend on a snapshot, made once and used for any number."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from riskgate.cel.compiler import compile_checked
from riskgate.cel.types import Type
from riskgate.errors import Problem
from riskgate.load.library import Library
from riskgate.plan import build
from riskgate.plan.bind import BoundFact, BoundRule, Inline, bind_facts, bind_rules
from riskgate.plan.generate import generate, generate_absent
from riskgate.plan.paths import Path, Paths
from riskgate.vocabulary import EntityType


class Exact(NamedTuple):
    """A rule's conditions as the expression compiler makes them: slower, but they say why there is no value."""

    when: Callable[..., Any] | None
    require: Callable[..., Any]
    names: tuple[str, ...]


class Absence(NamedTuple):
    """What it means for rules that a collection or single is absent: gaps always, or unless `when` is false."""

    always: tuple[BoundRule, ...]
    test: Callable[..., None] | None


@dataclass(frozen=True)
class Plan:
    """Compiled rules. Holds no state of a check; safe to share between threads."""

    library: Library
    rules: tuple[BoundRule, ...]
    facts: tuple[BoundFact, ...]
    checks: Mapping[str, Callable[..., None]]
    """The generated function of each entity type that has rules."""
    computed: frozenset[int]
    """Rules (by index) whose gaps can have other reasons than missing fields: they read collections or singles, or
    values that the expression compiler computes."""
    _paths: dict[str, Paths] = field(default_factory=dict)
    _exact: dict[int, Exact] = field(default_factory=dict)
    _absences: dict[str, Absence] = field(default_factory=dict)

    @cached_property
    def by_entity(self) -> Mapping[str, tuple[BoundRule, ...]]:
        found: dict[str, list[BoundRule]] = {}
        for rule in self.rules:
            found.setdefault(rule.entity.name, []).append(rule)
        return {name: tuple(rules) for name, rules in found.items()}

    @cached_property
    def by_id(self) -> Mapping[str, BoundRule]:
        return {rule.rule.id: rule for rule in self.rules}

    @cached_property
    def deciding(self) -> Mapping[int, tuple[Path, ...]]:
        """For each rule, the paths that a gap's bits stand for."""
        return {rule.index: self.paths(rule.chain).deciding(rule) for rule in self.rules}

    def paths(self, chain: tuple[EntityType, ...]) -> Paths:
        """What recognises paths in expressions over a chain of entities."""
        found = self._paths.get(chain[-1].name)
        if found is None:
            found = self._paths[chain[-1].name] = Paths(self.library.vocabulary, chain)
        return found

    def exact(self, rule: BoundRule) -> Exact:
        """The rule's conditions one by one, compiled when first needed."""
        found = self._exact.get(rule.index)
        if found is None:
            names = tuple(entity.name for entity in rule.chain)
            when = None
            if rule.when is not None:
                when = compile_rule_expression(rule.when.tree, rule.when.types, names, rule.inline)
            require = compile_rule_expression(rule.require.tree, rule.require.types, names, rule.inline)
            found = self._exact[rule.index] = Exact(when, require, names)
        return found

    def absence(self, boundary: str) -> Absence:
        """What the absence of a collection or single means, compiled when first met."""
        found = self._absences.get(boundary)
        if found is None:
            below = [rule for rule in self.rules if any(entity.name == boundary for entity in rule.chain)]
            if not below:
                found = Absence((), None)
            else:
                always, made, names = generate_absent(below, lambda rule: self.paths(rule.chain), boundary)
                found = Absence(tuple(always), None if made is None else build.make(made, names))
            self._absences[boundary] = found
        return found


def make_plan(library: Library) -> tuple[Plan, list[Problem]]:
    """Compile all rules of a library. Rules with problems are left out; the caller raises the problems together."""
    rules, problems = bind_rules(library)
    facts, fact_problems = bind_facts(library)
    return plan_rules(library, rules, facts), [*problems, *fact_problems]


def plan_rules(library: Library, rules: Sequence[BoundRule], facts: Sequence[BoundFact] = ()) -> Plan:
    """A plan of rules that are already bound; their indexes must be their positions."""
    by_entity: dict[str, list[BoundRule]] = {}
    for rule in rules:
        by_entity.setdefault(rule.entity.name, []).append(rule)
    checks: dict[str, Callable[..., None]] = {}
    computed: set[int] = set()
    every: dict[str, Paths] = {}
    for name, group in by_entity.items():
        paths = every[name] = Paths(library.vocabulary, group[0].chain)
        made = generate(group, paths)
        checks[name] = build.make(made.function, made.names)
        computed |= made.computed
        computed |= {rule.index for rule in group if any(any(path.structural) for path in paths.deciding(rule))}
    return Plan(library, tuple(rules), tuple(facts), checks, frozenset(computed), every)


def compile_rule_expression(
    tree: Any, types: Mapping[int, Type], names: tuple[str, ...], inline: Inline
) -> Callable[..., Any]:
    """An expression over a chain of entities: called with their dicts, the parameters, `as_of` and a context."""
    merged = dict(types)
    for _, known in inline.values():
        merged.update(known)
    return compile_checked(tree, (*names, "params", "as_of"), types=merged, mixed=True, inline=inline)

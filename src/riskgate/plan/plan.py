"""Packs to Plan: everything about rules that does not depend on a snapshot, made once and used for any number."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from functools import cached_property, partial
from typing import Any, NamedTuple

from riskgate.cel.types import Type
from riskgate.errors import Problem
from riskgate.load.library import Library
from riskgate.plan.bind import BoundFact, BoundRule, Inline, bind_facts, bind_rules
from riskgate.plan.deferred import Deferred
from riskgate.plan.few import PATIENCE, Absence, Interpreted, Patience, Reasons, interpreted_absence
from riskgate.plan.paths import Path, Paths
from riskgate.record import record
from riskgate.vocabulary import EntityType


class Exact(NamedTuple):
    """A rule's conditions, one by one: slower than the function of its type, but they say why there is no value.

    Each is called with the entities of the rule's chain, the parameters, `as_of` and a context.
    """

    when: Callable[..., Any] | None
    require: Callable[..., Any]


class Check(NamedTuple):
    """The rules of one entity type as one function.

    `computed` are the rules (by index) whose gaps can have other reasons than missing fields: they read collections or
    singles, or values that the expression compiler computes.
    """

    run: Callable[..., None]
    computed: frozenset[int]
    visits: Mapping[str, int]
    """Entity types, and how often a check of one rule may go through all of their entities without counting them."""


@record
class Plan:
    """Rules whose every expression was checked, and their code, which is made for each entity type when it is needed.

    In snapshots of few entities, the interpreter decides as long as the `patience` lasts.

    Holds no state of a check; safe to share between threads. Two of them may make the same code at once.
    """

    library: Library
    rules: tuple[BoundRule, ...]
    facts: tuple[BoundFact, ...]
    patience: Patience = field(default_factory=Patience, compare=False, repr=False)
    _checks: dict[str, Check] = field(default_factory=dict)
    _counting: dict[str, Callable[..., None]] = field(default_factory=dict)
    _paths: dict[str, Paths] = field(default_factory=dict)
    _exact: dict[int, Exact] = field(default_factory=dict)
    _absences: dict[str, Absence] = field(default_factory=dict)
    _deciding: dict[int, tuple[Path, ...]] = field(default_factory=dict)

    @cached_property
    def by_entity(self) -> Mapping[str, tuple[BoundRule, ...]]:
        found: dict[str, list[BoundRule]] = {}
        for rule in self.rules:
            found.setdefault(rule.entity.name, []).append(rule)
        return {name: tuple(rules) for name, rules in found.items()}

    @cached_property
    def below(self) -> Mapping[str, tuple[BoundRule, ...]]:
        """The rules on each entity type, or on one below it."""
        found: dict[str, list[BoundRule]] = {}
        for rule in self.rules:
            for entity in rule.chain:
                found.setdefault(entity.name, []).append(rule)
        return {name: tuple(rules) for name, rules in found.items()}

    @cached_property
    def by_id(self) -> Mapping[str, BoundRule]:
        return {rule.rule.id: rule for rule in self.rules}

    def deciding(self, rule: BoundRule) -> tuple[Path, ...]:
        """The paths that the bits of a rule's gaps stand for."""
        found = self._deciding.get(rule.index)
        if found is None:
            found = self._deciding[rule.index] = self.paths(rule.chain).deciding(rule)
        return found

    def check(self, entity: str) -> Check:
        """The function of an entity type that has rules, generated when it is first needed: many types of a vocabulary
        do not occur in a snapshot."""
        found = self._checks.get(entity)
        if found is None:
            from riskgate.plan import build  # noqa: PLC0415 - code from the cache does without all that makes code
            from riskgate.plan.generate import generate  # noqa: PLC0415 - the same

            rules = self.by_entity[entity]
            paths = self.paths(rules[0].chain)
            made = generate(rules, paths)
            structural = {rule.index for rule in rules if any(any(path.structural) for path in self.deciding(rule))}
            run = build.make(made.function, made.names)
            found = self._checks[entity] = Check(run, made.computed | structural, made.visits)
        return found

    def run(
        self, entity: str, sizes: Mapping[str, int], limit: int, reasons: Reasons | None = None
    ) -> Callable[..., None]:
        """The function of an entity type for a snapshot with so many entities of each type.

        Where a check might go through more than `limit` entities, it is one that counts them. If the interpreter
        decides, it says in `reasons` why there are gaps.
        """
        total = sum(sizes.values())
        if entity not in self._checks and self.patience.lasts(self.patience.types, entity, sizes[entity], total):
            rules = self.by_entity[entity]
            make = partial(self._generated, entity, sizes, limit)
            return Interpreted(rules, self.deciding, {} if reasons is None else reasons, make)
        return self._generated(entity, sizes, limit)

    def _generated(self, entity: str, sizes: Mapping[str, int], limit: int) -> Callable[..., None]:
        check = self.check(entity)
        if sum(sizes[kind] * times for kind, times in check.visits.items()) <= limit:
            return check.run
        found = self._counting.get(entity)
        if found is None:
            from riskgate.plan import build  # noqa: PLC0415 - the same
            from riskgate.plan.generate import generate  # noqa: PLC0415 - the same

            rules = self.by_entity[entity]
            made = generate(rules, self.paths(rules[0].chain), counting=True)
            found = self._counting[entity] = build.make(made.function, made.names)
        return found

    def computed(self, rule: BoundRule) -> bool:
        """Whether the gaps of a rule may have other reasons than missing fields."""
        check = self._checks.get(rule.entity.name)
        return check is None or rule.index in check.computed

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
            found = self._exact[rule.index] = Exact(when, require)
        return found

    def absence(self, boundary: str, lacking: int = 0, total: int | None = None) -> Absence:
        """What it means that `lacking` entities lack a collection or single, in a snapshot of `total`."""
        found = self._absences.get(boundary)
        if found is not None:
            return found
        below = self.below.get(boundary)
        if below is None:
            return Absence((), None)
        if total is not None and self.patience.lasts(self.patience.absences, boundary, lacking, total):
            return interpreted_absence(below, partial(self.absence, boundary))
        from riskgate.plan import build  # noqa: PLC0415 - the same
        from riskgate.plan.generate import generate_absent  # noqa: PLC0415 - the same

        always, made, names = generate_absent(below, lambda rule: self.paths(rule.chain), boundary)
        found = self._absences[boundary] = Absence(always, None if made is None else build.make(made, names))
        return found


def make_plan(library: Library) -> tuple[Plan, list[Problem]]:
    """Parse and check all rules. Those with problems are left out; the caller raises the problems together."""
    rules, problems = bind_rules(library)
    facts, fact_problems = bind_facts(library)
    return Plan(library, rules, facts, Patience(PATIENCE)), [*problems, *fact_problems]


def plan_rules(library: Library, rules: Sequence[BoundRule], facts: Sequence[BoundFact] = ()) -> Plan:
    """A plan of rules that are already bound; their indexes must be their positions. It makes code for all of them."""
    return Plan(library, tuple(rules), tuple(facts))


def compile_rule_expression(
    tree: Any, types: Mapping[int, Type], names: tuple[str, ...], inline: Inline
) -> Callable[..., Any]:
    """An expression over a chain of entities: called with their dicts, the parameters, `as_of` and a context."""
    merged = dict(types)
    for _, known in inline.values():
        merged.update(known)
    parameters = (*names, "params", "as_of")

    def make() -> Callable[..., Any]:
        from riskgate.cel.compiler import compile_checked  # noqa: PLC0415 - the same

        return compile_checked(tree, parameters, types=merged, mixed=True, inline=inline)

    return Deferred(make)

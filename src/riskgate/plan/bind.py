"""Rules and their expressions, parsed and type-checked: the first half of planning.

A `BoundRule` is a rule whose every name is known to mean something. Problems of all rules are collected, so that an
author sees every wrong expression of every pack at once.
"""

from collections.abc import Mapping
from functools import cached_property

from riskgate.cel.checked import Checked
from riskgate.cel.environment import Environment
from riskgate.cel.syntax import Expr
from riskgate.cel.types import BOOL, TIMESTAMP, EntityOf, ObjectOf, Type
from riskgate.errors import ExpressionError, Problem
from riskgate.load.library import Library
from riskgate.pack import Expression, FactDeclaration, Pack, Rule
from riskgate.record import record
from riskgate.vocabulary import EntityType

Inline = Mapping[str, tuple[Expr, Mapping[int, Type]]]


@record
class BoundRule:
    """A rule with its checked expressions. `index` is its position in the plan, `pack` that of its pack."""

    index: int
    pack: int
    rule: Rule
    chain: tuple[EntityType, ...]
    when: Checked | None
    require: Checked
    values: Mapping[str, Checked]

    @property
    def entity(self) -> EntityType:
        return self.chain[-1]

    @cached_property
    def types(self) -> Mapping[int, Type]:
        """The static types of all expressions of the rule, by the id of the syntax node."""
        found: dict[int, Type] = {}
        for checked in (self.when, self.require, *self.values.values()):
            if checked is not None:
                found.update(checked.types)
        return found

    @cached_property
    def inline(self) -> Inline:
        """The named values in the form that the compiler and the interpreter take."""
        return {name: (checked.tree, checked.types) for name, checked in self.values.items()}


@record
class BoundFact:
    """A declared kind of fact with its checked condition."""

    pack: int
    fact: FactDeclaration
    chain: tuple[EntityType, ...]
    where: Checked | None


def bind_rules(library: Library) -> tuple[tuple[BoundRule, ...], list[Problem]]:
    """Parse and check every rule of every pack, in the order of the packs and of the rules in them."""
    bound: list[BoundRule] = []
    problems: list[Problem] = []
    for number, pack in enumerate(library.packs):
        for rule in pack.rules:
            one = _bind_rule(library, number, pack, rule, len(bound), problems)
            if one is not None:
                bound.append(one)
    return tuple(bound), problems


def bind_facts(library: Library) -> tuple[tuple[BoundFact, ...], list[Problem]]:
    """The same for the kinds of facts that packs declare."""
    bound: list[BoundFact] = []
    problems: list[Problem] = []
    for number, pack in enumerate(library.packs):
        for fact in pack.facts.values():
            chain = library.vocabulary.chains[fact.entity]
            environment = environment_of(library, pack, chain)
            where = None
            if fact.where is not None:
                where = check_expression(fact.where, environment, problems, expect=BOOL)
                if where is None:
                    continue
            bound.append(BoundFact(number, fact, chain, where))
    return tuple(bound), problems


def environment_of(library: Library, pack: Pack | None, chain: tuple[EntityType, ...]) -> Environment:
    """The names that an expression about the last type of `chain` may use."""
    variables: dict[str, Type] = {entity.name: EntityOf(entity.name) for entity in chain}
    fields = {} if pack is None else {name: parameter.spec for name, parameter in pack.parameters.items()}
    variables["params"] = ObjectOf("params", fields)
    variables["as_of"] = TIMESTAMP
    return Environment(library.vocabulary, library.lifecycle, variables)


def check_expression(
    source: Expression, environment: Environment, problems: list[Problem], *, expect: Type | None = None
) -> Checked | None:
    """Parse and check one text; None, with the problems added, if it cannot be used."""
    from riskgate.cel.check import check  # noqa: PLC0415 - a plan from the cache does without
    from riskgate.cel.parse import parse  # noqa: PLC0415 - the same

    try:
        tree = parse(source.text, source)
    except ExpressionError as error:
        problems.extend(error.problems)
        return None
    checked = check(tree, environment, source, expect=expect)
    if checked.problems:
        problems.extend(checked.problems)
        return None
    return checked


def _bind_rule(
    library: Library, number: int, pack: Pack, rule: Rule, index: int, problems: list[Problem]
) -> BoundRule | None:
    chain = library.vocabulary.chains[rule.entity]
    environment = environment_of(library, pack, chain)
    before = len(problems)
    values: dict[str, Checked] = {}
    for name, source in rule.values.items():
        checked = check_expression(source, environment, problems)
        if checked is not None:
            values[name] = checked
            variables = {**environment.variables, name: checked.type}
            environment = Environment(library.vocabulary, library.lifecycle, variables)
    if len(values) < len(rule.values):
        return None  # a condition that names a broken value would only repeat the problem
    when = None if rule.when is None else check_expression(rule.when, environment, problems, expect=BOOL)
    require = check_expression(rule.require, environment, problems, expect=BOOL)
    if require is None or len(problems) > before:
        return None
    return BoundRule(index, number, rule, chain, when, require, values)

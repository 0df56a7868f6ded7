"""Law: the generated functions, which ask all rules of an entity at once, decide as the plain interpreter does."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random
from typing import Any
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from cel_vocabulary import LIFECYCLE, PARAMETERS, SPACES, VOCABULARY
from riskgate.cases import decide
from riskgate.cel import indexes
from riskgate.cel.functions import at_least, at_most
from riskgate.cel.interpret import interpret
from riskgate.cel.runtime import CelError, Context
from riskgate.errors import ExpressionError
from riskgate.evaluate import REASONS, Evaluation, contexts_of, evaluate
from riskgate.lifecycle import References
from riskgate.load.library import Library
from riskgate.pack import Expression, OnMissing, Pack, Parameter, Rule
from riskgate.plan.bind import BoundRule, bind_rules
from riskgate.plan.plan import plan_rules
from riskgate.plan.running import highest, lowest
from riskgate.plan.settings import Settings
from riskgate.snapshot.tables import build_tables
from riskgate.snapshot.tree import Snapshot
from riskgate.text import Text
from riskgate.vocabulary import NODE_RECORD, EntityType, Vocabulary
from strategies_cel import Facts, law_settings
from typed_cel import Typed

RANDOM = st.randoms(use_true_random=False)
WITH_RECORDS = Vocabulary(
    {
        **VOCABULARY.entities,
        NODE_RECORD: EntityType(NODE_RECORD, Text.of("node"), "project", {}, collection="nodes"),
    }
)
AS_OF = datetime(2026, 5, 1, tzinfo=UTC)
CHAIN = ("project", "building", "unit", "room")


def random_rule(random: Random, number: int) -> Rule:
    """A rule on a room or one of its ancestors; most conditions test the kind of the room, so that a switch pays."""
    entity = "room" if random.random() < 0.8 else random.choice(CHAIN)
    kinds = [f'"{space}"' for space in SPACES]
    when: str | None = None
    if entity == "room" and random.random() < 0.7:
        one, other = random.sample(kinds, 2)
        when = random.choice(
            (
                f"room.kind == {one}",
                f"room.kind != {one}",
                f"room.kind in [{one}, {other}]",
                f"has(room.kind) && room.kind == {one}",
                f"!has(room.kind) || room.kind == {other}",
            )
        )
        if random.random() < 0.3:
            when = f"{when} {random.choice(('&&', '||'))} {condition(random, entity)}"
    elif random.random() < 0.5:
        when = condition(random, entity)
    on_missing: OnMissing = random.choice(("gap", "gap", "risk", "skip"))
    return Rule(
        f"R{number}",
        Text.of("rule"),
        entity,
        Expression(condition(random, entity)),
        random.choice(("blocking", "major")),
        ("land",),
        when=None if when is None else Expression(when),
        values={"short_m2": Expression(Typed(random, named=False).expression("double", random.choice((0, 1))))}
        if entity == "room"
        else {},
        on_missing=on_missing,
    )


def condition(random: Random, entity: str) -> str:
    source = Typed(random, named=entity == "room")
    keep = CHAIN[: CHAIN.index(entity) + 1]
    source._variables = [(name, kind) for name, kind in source._variables if name in keep]
    return source.expression("bool", random.choice((0, 1, 1, 2)))


def library_of(rules: Iterable[Rule]) -> Library:
    parameters = {name: Parameter(name, field, None, Text.of(name)) for name, field in PARAMETERS.items()}
    pack = Pack("p", "1", Text.of("p"), parameters, tuple(rules), (), {}, "")
    return Library(LIFECYCLE, WITH_RECORDS, References({}, {}), (pack,))


def usable(random: Random) -> tuple[Library, tuple[BoundRule, ...]]:
    """Rules that load: what is too long, too deep or names what a rule cannot see is left out."""
    bound: list[BoundRule] = []
    for number in range(random.choice((1, 3, 8, 14))):
        try:
            found, problems = bind_rules(library_of([random_rule(random, number)]))
        except ExpressionError:
            continue
        if not problems:
            bound += found
    bound = [replace(rule, index=index) for index, rule in enumerate(bound)]
    return library_of(rule.rule for rule in bound), tuple(bound)


def outcomes(evaluation: Evaluation, rule: BoundRule) -> dict[int, tuple[str, str]]:
    """What the generated code says of each entity: outcome and reason; nothing for pass and skip."""
    found = dict.fromkeys(evaluation.risks[rule.index], ("risk", ""))
    assert len(found) == len(evaluation.risks[rule.index])
    for group in evaluation.gaps:
        if group.rule is rule and group.entity == rule.entity:
            for ordinal in group.ordinals:
                assert ordinal not in found
                found[ordinal] = ("gap", group.reason)
    return found


def expected(evaluation: Evaluation, rule: BoundRule) -> dict[int, tuple[str, str]]:
    context = contexts_of(evaluation.plan, evaluation.snapshot, evaluation.settings)[0]
    found: dict[int, tuple[str, str]] = {}
    for ordinal in range(len(evaluation.snapshot.tables[rule.entity.name].entities)):
        outcome, _ = decide(evaluation, rule, ordinal, context)
        if outcome == "risk":
            found[ordinal] = ("risk", "")
        elif outcome == "gap":
            found[ordinal] = ("gap", reason(evaluation, rule, ordinal))
    return found


def reason(evaluation: Evaluation, rule: BoundRule, ordinal: int) -> str:
    chain = evaluation.snapshot.chain(rule.entity.name, ordinal)
    kinds = error_kinds(evaluation, rule, dict(zip((k.name for k in rule.chain), chain, strict=True)))
    return next(reason for reason in REASONS if reason in kinds)


def error_kinds(evaluation: Evaluation, rule: BoundRule, entities: Mapping[str, Any]) -> frozenset[str]:
    context = contexts_of(evaluation.plan, evaluation.snapshot, evaluation.settings)[0]
    bindings = {**entities, "params": evaluation.settings.values[0], "as_of": evaluation.as_of}
    try:
        for checked in (rule.when, rule.require):
            if checked is not None:
                interpret(checked.tree, bindings, context, types=checked.types, mixed=True, inline=rule.inline)
    except CelError as error:
        return error.kinds
    raise AssertionError("the rule is decided")


def absent_gaps(evaluation: Evaluation, rule: BoundRule) -> dict[tuple[str, int], None]:
    """Where an absent collection above a rule's entity is a gap by the text of the contract."""
    found: dict[tuple[str, int], None] = {}
    names = [kind.name for kind in rule.chain]
    context = contexts_of(evaluation.plan, evaluation.snapshot, evaluation.settings)[0]
    for depth, kind in enumerate(rule.chain):
        for parent in evaluation.snapshot.tables[kind.name].absent:
            above = evaluation.snapshot.chain(names[depth - 1], parent)
            bindings: dict[str, Any] = dict(zip(names, above, strict=False))
            bindings |= dict.fromkeys(names[depth:])
            bindings |= {"params": evaluation.settings.values[0], "as_of": evaluation.as_of}
            if rule.when is not None:
                try:
                    holds = interpret(
                        rule.when.tree, bindings, context, types=rule.when.types, mixed=True, inline=rule.inline
                    )
                except CelError:
                    holds = True
                if not holds:
                    continue
            found[names[depth - 1], parent] = None
    return found


@law_settings(150)
@given(RANDOM)
def test_generated_functions_decide_as_the_interpreter(random: Random) -> None:
    library, rules = usable(random)
    plan = plan_rules(library, rules)
    for missing in (0.0, random.choice((0.1, 0.3, 0.6))):
        facts = Facts(random, missing)
        project = facts.project()
        params = {name: facts.value(field) for name, field in PARAMETERS.items()}
        snapshot = Snapshot(WITH_RECORDS, project, build_tables(WITH_RECORDS, project), date(2026, 5, 1), "")
        with patch.object(indexes, "SHORT", random.choice((0, 8))):
            evaluation = evaluate(plan, snapshot, Settings((params,), ()), AS_OF)
        for rule in rules:
            shown = (
                f"{rule.rule.when and rule.rule.when.text} => {rule.rule.require.text} | {rule.rule.values}\n{project}"
            )
            assert outcomes(evaluation, rule) == expected(evaluation, rule), shown
            gone = {
                (g.entity.name, o)
                for g in evaluation.gaps
                if g.rule is rule and g.entity != rule.entity
                for o in g.ordinals
            }
            assert gone == set(absent_gaps(evaluation, rule)), shown


NUMBERS = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.sampled_from([0, 2**53, 2**53 + 1, 2**63 - 1, -(2**53) - 1, 0.0, -0.0, 1e300, math.inf, -math.inf, math.nan]),
    st.floats(),
)
TOLERANCES = st.sampled_from([0.0, 1e-300, 1e-17, 1e-9, 0.01, 0.5])


@given(NUMBERS, NUMBERS, TOLERANCES)
def test_a_limit_with_its_tolerance_is_what_the_function_says(x: float, limit: float, tolerance: float) -> None:
    context = Context(tolerance=tolerance)
    for one in (x, limit):  # a limit is most often missed by nothing
        assert (one >= lowest(limit, tolerance)) is at_least(context, one, limit)
        assert (one <= highest(limit, tolerance)) is at_most(context, one, limit)

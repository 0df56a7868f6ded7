"""Law: a fact that is filled in decides what was open, and never turns what was decided into something else."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

from cel_vocabulary import PARAMETERS, VOCABULARY
from riskgate.cases import decide
from riskgate.evaluate import Evaluation, contexts_of, evaluate
from riskgate.plan.bind import BoundRule, bind_rules
from riskgate.plan.plan import plan_rules
from riskgate.plan.settings import Settings
from riskgate.snapshot.tables import build_tables
from riskgate.snapshot.tree import Snapshot
from strategies_cel import Facts, law_settings
from test_plan_laws import AS_OF, WITH_RECORDS, library_of, outcomes, usable


def without_has(random: Random) -> tuple[Any, tuple[BoundRule, ...]]:
    """Random rules that ask for no field whether it is there, and for which a missing one is a gap."""
    _, rules = usable(random)
    kept = [replace(rule.rule, on_missing="gap") for rule in rules if "has(" not in written(rule)]
    library = library_of(kept)
    bound, problems = bind_rules(library)
    assert not problems
    return library, tuple(bound)


def written(rule: BoundRule) -> str:
    texts = [rule.rule.require, rule.rule.when, *rule.rule.values.values()]
    return " ".join(expression.text for expression in texts if expression is not None)


def fill(random: Random, facts: Facts, name: str, entity: dict[str, Any]) -> None:
    """Give some of the missing fields of an entity, and of those below it, a value."""
    for field in VOCABULARY.entities[name].fields.values():
        if entity.get(field.name) is None and random.random() < 0.7:
            entity[field.name] = facts.value(field)
    for child in VOCABULARY.children[name]:
        below = entity.get(child.key)
        for one in below if isinstance(below, list) else [below] if below else []:
            fill(random, facts, child.name, one)


def decided(evaluation: Evaluation, rule: BoundRule) -> Iterator[tuple[int, str]]:
    """What the generated function and the interpreter agree on, as far as it is decided."""
    context = contexts_of(evaluation.plan, evaluation.snapshot, evaluation.settings)[0]
    quick = outcomes(evaluation, rule)
    for ordinal in range(len(evaluation.snapshot.tables[rule.entity.name].entities)):
        outcome, _ = decide(evaluation, rule, ordinal, context)
        assert quick.get(ordinal, (outcome,))[0] == outcome
        if outcome != "gap":
            yield ordinal, outcome


@law_settings(120)
@given(st.randoms(use_true_random=False))
def test_filling_in_a_fact_changes_nothing_that_was_decided(random: Random) -> None:
    library, rules = without_has(random)
    plan = plan_rules(library, rules)
    facts = Facts(random, random.choice((0.2, 0.5)))
    project = facts.project()
    filled = deepcopy(project)
    fill(random, Facts(random, 0.0), "project", filled)
    params = {name: facts.value(field) for name, field in PARAMETERS.items()}
    before, after = (
        evaluate(
            plan, Snapshot(WITH_RECORDS, one, build_tables(WITH_RECORDS, one), date(2026, 5, 1), ""), settings, AS_OF
        )
        for settings in [Settings((params,), ())]
        for one in (project, filled)
    )
    for rule in rules:
        then = dict(decided(after, rule))
        for ordinal, outcome in decided(before, rule):
            assert then.get(ordinal) == outcome, f"{written(rule)}\n{project}\n{filled}"
        event(f"{len(then) > len(dict(decided(before, rule)))} more is decided")

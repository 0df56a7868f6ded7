"""Macros over what an entity contains run in loops that rules share: with the outcomes of functions that count."""

from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given

from cel_vocabulary import PARAMETERS, VOCABULARY
from riskgate.errors import ExpressionError
from riskgate.evaluate import Evaluation, evaluate
from riskgate.pack import Expression, Rule
from riskgate.plan.bind import BoundRule, bind_rules
from riskgate.plan.plan import Plan, plan_rules
from riskgate.plan.settings import Settings
from riskgate.snapshot.tables import build_tables
from riskgate.snapshot.tree import Snapshot
from riskgate.text import Text
from strategies_cel import Facts, law_settings
from test_plan_laws import AS_OF, CHAIN, RANDOM, WITH_RECORDS, absent_gaps, expected, library_of, outcomes
from typed_cel import Typed

COLLECTIONS = {
    name: [(child.key, child.name) for child in VOCABULARY.children[name] if child.collection] for name in CHAIN
}
NUMBERS = {
    name: [field.name for field in entity.fields.values() if field.type == "number"]
    for name, entity in VOCABULARY.entities.items()
}
COUNTED = dict.fromkeys(VOCABULARY.entities, 10**9)
"""Sizes that no limit allows."""


class Contained:
    """Conditions of an entity, mostly about what it contains."""

    def __init__(self, random: Random, entity: str) -> None:
        self._random = random
        self._variables = [(name, name) for name in CHAIN[: CHAIN.index(entity) + 1]]

    def condition(self, depth: int) -> str:
        choice = self._random.random()
        if depth > 0 and choice < 0.3:
            return f"({self.condition(depth - 1)} {self._random.choice(('&&', '||'))} {self.condition(depth - 1)})"
        if choice < 0.37:
            return f"!({self.condition(depth - 1)})"
        if depth > 0 and choice < 0.4:
            return f"({self._atom()} ? {self.condition(depth - 1)} : {self.condition(depth - 1)})"
        if choice < 0.85 and COLLECTIONS.get(self._variables[-1][1]):
            return self._macro(depth - 1)
        return self._atom()

    def _macro(self, depth: int) -> str:
        at_hand, entity = self._variables[-1]
        key, kind = self._random.choice(COLLECTIONS[entity])
        name = self._random.choice("abcd") + str(len(self._variables))
        items = f"{at_hand}.{key}"
        form = self._random.choice(("all", "all", "exists", "exists", "exists_one", "size", "sum"))
        if form == "sum":
            field = self._random.choice(NUMBERS[kind] or [""])
            return f"sum({items}.map({name}, {name}.{field})) {self._compared()} 2.5" if field else self._atom()
        self._variables.append((name, kind))
        inner = self.condition(depth)
        self._variables.pop()
        if form == "size":
            size = self._random.choice(
                (f"size({items}.filter({name}, {inner}))", f"{items}.filter({name}, {inner}).size()")
            )
            return f"{size} {self._compared()} 1"
        return f"{items}.{form}({name}, {inner})"

    def _compared(self) -> str:
        return self._random.choice((">=", "<", "=="))

    def _atom(self) -> str:
        numbers = [f"{name}.{field}" for name, kind in self._variables[-3:] for field in NUMBERS[kind]]
        if len(numbers) > 1 and self._random.random() < 0.3:  # of the item and of what is around it
            one, other = self._random.sample(numbers, 2)
            return f"({one} {self._compared()} {other})"
        source = Typed(self._random, named=False)
        source._variables = self._variables
        return source._random.choice((source._atom, source._atom, source._has))()


def contained_rule(random: Random, number: int) -> Rule:
    entity = random.choice(("building", "building", "unit", "project"))
    when = random.choice((None, None, Contained(random, entity)._atom()))
    return Rule(
        f"R{number}",
        Text.of("rule"),
        entity,
        Expression(Contained(random, entity).condition(random.choice((1, 2, 3)))),
        "major",
        ("land",),
        when=None if when is None else Expression(when),
        values={},
        on_missing=random.choice(("gap", "gap", "risk")),
    )


def usable(random: Random, count: int) -> tuple[BoundRule, ...]:
    bound: list[BoundRule] = []
    for number in range(count):
        try:
            found, problems = bind_rules(library_of([contained_rule(random, number)]))
        except ExpressionError:
            continue
        if not problems:
            bound += found
    return tuple(replace(rule, index=index) for index, rule in enumerate(bound))


def counting(plan: Plan) -> Plan:
    """The same plan, whose generated functions all count."""
    made = plan_rules(plan.library, plan.rules)
    for name in made.by_entity:
        made._checks[name] = made.check(name)._replace(run=made.run(name, COUNTED, -1))
    return made


def told(evaluation: Evaluation) -> tuple[Any, ...]:
    gaps = [(g.rule.index, g.reason, g.missing, g.detail, g.entity.name, sorted(g.ordinals)) for g in evaluation.gaps]
    return [sorted(found) for found in evaluation.risks], gaps


def facts_of(random: Random, missing: float) -> tuple[Snapshot, Settings]:
    facts = Facts(random, missing)
    project = facts.project()
    params = {name: facts.value(field) for name, field in PARAMETERS.items()}
    return Snapshot(WITH_RECORDS, project, build_tables(WITH_RECORDS, project), AS_OF.date(), ""), Settings(
        (params,), ()
    )


@law_settings(80)
@given(RANDOM)
def test_shared_loops_decide_as_functions_that_count_and_as_the_interpreter(random: Random) -> None:
    rules = usable(random, random.choice((1, 2, 5, 9)))
    plan = plan_rules(library_of(rule.rule for rule in rules), rules)
    other = counting(plan)
    for missing in (0.0, random.choice((0.1, 0.3, 0.6))):
        snapshot, settings = facts_of(random, missing)
        for limit in (1_000_000, random.choice((0, 1, 2, 3, 5, 8, 13, 40))):
            found = evaluate(plan, snapshot, settings, AS_OF, limit=limit)
            assert told(found) == told(evaluate(other, snapshot, settings, AS_OF, limit=limit)), [
                (rule.rule.when and rule.rule.when.text, rule.rule.require.text) for rule in rules
            ]
        found = evaluate(plan, snapshot, settings, AS_OF)
        for rule in rules:
            assert outcomes(found, rule) == expected(found, rule), rule.rule.require.text
            gone = {
                (g.entity.name, o) for g in found.gaps if g.rule is rule and g.entity != rule.entity for o in g.ordinals
            }
            assert gone == set(absent_gaps(found, rule))


def test_most_such_rules_share_loops() -> None:
    """Else the law above would say nothing."""
    visited: Counter[bool] = Counter()
    for seed in range(60):
        random = Random(seed)  # noqa: S311 - repeatable on purpose
        for rule in usable(random, 3):
            alone = replace(rule, index=0)
            plan = plan_rules(library_of([rule.rule]), (alone,))
            visited[bool(plan.check(rule.entity.name).visits)] += 1
    assert visited[True] > visited[False]


def rule(require: str, entity: str = "building") -> Rule:
    return Rule("R", Text.of("rule"), entity, Expression(require), "major", ("land",))


def plan_of(*rules: Rule) -> Plan:
    library = library_of(replace(each, id=f"R{index}") for index, each in enumerate(rules))
    bound, problems = bind_rules(library)
    assert not problems
    return plan_rules(library, bound)


@pytest.mark.parametrize(
    ("require", "visits"),
    [
        ("building.units.all(u, has(u.id))", {"unit": 1}),
        ("building.units.all(u, u.rooms.exists(r, has(r.kind)))", {"unit": 1, "room": 1}),
        ("building.units.exists_one(u, has(u.id))", {"unit": 1}),
        ("building.units.filter(u, has(u.id)).size() > 1", {"unit": 1}),
        ("sum(building.units.map(u, u.area_m2)) > 1.0", {"unit": 1}),
        ("project.buildings.all(b, has(b.id))", {}),  # not what the building contains
        ("building.units.all(u, building.units.exists(v, has(v.id)))", {}),
        ('each("unit").all(u, has(u.id))', {}),
        ("building.units.all(u, has(u.id)) && project.buildings.all(b, has(b.id))", {}),  # all of a rule, or none
        ("building.units.filter(u, has(u.id)).all(u, has(u.owner))", {}),
        ("building.units.exists(u, u.id == building.id)", {}),  # an index finds these
    ],
)
def test_what_an_entity_contains_is_visited_without_counting(require: str, visits: dict[str, int]) -> None:
    assert plan_of(rule(require)).check("building").visits == visits


@pytest.mark.parametrize(
    ("require", "building", "outcome"),
    [
        ("building.units.all(u, u.area_m2 >= building.height_m)", {"units": [{"area_m2": 1.0}]}, "gap"),
        ("building.units.all(u, u.area_m2 >= building.height_m)", {"units": []}, "pass"),
        ("building.units.exists(u, u.is_sold && u.area_m2 > building.height_m)", {"units": [{"is_sold": True}]}, "gap"),
        (
            "building.units.exists(u, u.is_sold && u.area_m2 > building.height_m)",
            {"units": [{"is_sold": False}]},
            "risk",
        ),
        ("building.units.exists(u, u.is_sold && u.beds > 3)", {"units": [{"beds": 1}]}, "risk"),
        ("building.units.exists(u, u.is_sold && u.beds > 3)", {"units": [{"beds": 4}]}, "gap"),
        ("building.units.all(u, u.is_sold || u.beds > 3)", {"units": [{"beds": 4}]}, "pass"),
        ("building.units.all(u, u.is_sold || u.beds > 3)", {"units": [{"beds": 1}]}, "gap"),
        ("building.units.all(u, u.is_sold)", {"units": [{"is_sold": False}, {}]}, "risk"),
        ("building.units.all(u, u.is_sold)", {"units": [{}, {"is_sold": False}]}, "risk"),
        ("building.units.all(u, u.is_sold)", {"units": [{}, {"is_sold": True}]}, "gap"),
        ("building.units.all(u, u.is_sold)", {}, "gap"),
        ("building.units.all(u, u.rooms.all(r, r.doors > 0))", {"units": [{"rooms": [{"doors": 1}]}, {}]}, "gap"),
        ("building.units.all(u, u.rooms.all(r, r.doors > 0))", {"units": [{}, {"rooms": [{"doors": 0}]}]}, "risk"),
        ("building.units.exists_one(u, u.is_sold)", {"units": [{"is_sold": True}, {}]}, "gap"),
        ("building.units.exists_one(u, u.is_sold)", {"units": [{"is_sold": True}, {"is_sold": True}]}, "risk"),
        ("building.units.filter(u, u.is_sold).size() == 0", {"units": []}, "pass"),
        ("sum(building.units.map(u, u.area_m2)) == 0.0", {"units": []}, "pass"),
        ("sum(building.units.map(u, u.area_m2)) > 2.0", {"units": [{"area_m2": 1.5}, {"area_m2": 1.0}]}, "pass"),
        ("sum(building.units.map(u, u.area_m2)) > 2.0", {"units": [{"area_m2": 1.5}, {}]}, "gap"),
    ],
)
@pytest.mark.parametrize("together", [False, True])
def test_outcomes(require: str, building: dict[str, Any], outcome: str, *, together: bool) -> None:
    """Alone, a loop ends where the matter is settled; together with another rule's it goes on."""
    other = rule("building.units.exists(v, v.beds > 3) || building.units.exists(u, u.beds > 3) || has(building.id)")
    plan = plan_of(rule(require), *[other] * together)
    project = {"id": "p", "buildings": [{"id": "b", **building}]}
    snapshot = Snapshot(WITH_RECORDS, project, build_tables(WITH_RECORDS, project), AS_OF.date(), "")
    found = evaluate(plan, snapshot, Settings(({},), ()), AS_OF)
    gaps = [group for group in found.gaps if group.rule.index == 0 and group.entity.name == "building"]
    assert ("risk" if found.risks[0] else "gap" if gaps else "pass") == outcome
    assert found.risks[1:] == ([],) * together


def test_beyond_the_budget_the_items_are_counted() -> None:
    plan = plan_of(rule("building.units.all(u, has(u.id))"), rule("has(building.id)"))
    project = {"id": "p", "buildings": [{"id": "1", "units": [{"id": str(n)} for n in range(size)]} for size in (2, 3)]}
    snapshot = Snapshot(WITH_RECORDS, project, build_tables(WITH_RECORDS, project), AS_OF.date(), "")
    reasons = {}
    for limit in (5, 4, 3, 2):
        found = evaluate(plan, snapshot, Settings(({},), ()), AS_OF, limit=limit)
        reasons[limit] = [(group.rule.rule.id, group.reason, group.ordinals) for group in found.gaps]
    assert reasons == {5: [], 4: [], 3: [], 2: [("R0", "budget", [1])]}
    assert plan.run("building", {"unit": 5}, 5) is plan.check("building").run
    assert plan.run("building", {"unit": 5}, 4) is not plan.check("building").run

"""Few entities: the interpreter decides them, and nothing of what is reported tells that it did."""

from dataclasses import fields as parts
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given

from cel_vocabulary import PARAMETERS
from riskgate import Gate
from riskgate.evaluate import Evaluation, evaluate
from riskgate.pack import Expression, Rule
from riskgate.plan import few
from riskgate.plan.bind import BoundRule, bind_rules
from riskgate.plan.few import FEW, PATIENCE, Interpreted, Patience
from riskgate.plan.plan import Plan, plan_rules
from riskgate.plan.settings import Settings
from riskgate.snapshot.tables import build_tables
from riskgate.snapshot.tree import Snapshot
from riskgate.text import Text
from strategies_cel import Facts, law_settings
from test_plan_laws import AS_OF, RANDOM, WITH_RECORDS, library_of, usable

EXAMPLES = sorted(Path("examples").rglob("*.json"))
LONG = 10**9


def patient(plan: Plan, entities: int = LONG) -> Plan:
    """The same rules without any code, in a plan that lets the interpreter decide so many entities of each type."""
    return Plan(plan.library, plan.rules, plan.facts, Patience(entities))


def told(evaluation: Evaluation) -> Any:
    """Everything that an evaluation says."""
    gaps = [
        [getattr(gap, part.name) if part.name != "rule" else gap.rule.index for part in parts(gap)]
        for gap in evaluation.gaps
    ]
    return evaluation.risks, gaps


def facts_of(random: Random, missing: float) -> tuple[Snapshot, Settings]:
    facts = Facts(random, missing)
    project = facts.project()
    params = {name: facts.value(field) for name, field in PARAMETERS.items()}
    return snapshot_of(project), Settings((params,), ())


def disputed(random: Random, snapshot: Snapshot) -> Snapshot:
    """The same, where sources disagree about some of the values that are not there."""
    found: dict[str, tuple[Any, ...]] = {}
    for name, table in snapshot.tables.items():
        for ordinal, entity in enumerate(table.entities):
            open_ = [field for field in WITH_RECORDS.entities[name].fields if entity.get(field) is None]
            found |= {f"{snapshot.pointer(name, ordinal)}/{field}": (1, 2) for field in open_ if random.random() < 0.3}
    return replace(snapshot, conflicts=found)


@law_settings(100)
@given(RANDOM)
def test_the_interpreter_reports_what_generated_functions_report(random: Random) -> None:
    library, rules = usable(random)
    plan = plan_rules(library, rules)
    for missing in (0.0, random.choice((0.1, 0.3, 0.6))):
        snapshot, settings = facts_of(random, missing)
        if random.random() < 0.3:
            snapshot = disputed(random, snapshot)
        known = evaluate(plan, snapshot, settings, AS_OF)
        new = patient(plan)
        assert told(evaluate(new, snapshot, settings, AS_OF)) == told(known)
        assert not new._checks
        assert not new._absences


@law_settings(50)
@given(RANDOM)
def test_where_macros_visit_too_much_code_is_made_after_all(random: Random) -> None:
    library, rules = usable(random)
    plan = plan_rules(library, rules)
    snapshot, settings = facts_of(random, 0.1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(few, "STEPS", random.choice((0, 1, 2, 5, 20)))
        known = evaluate(plan, snapshot, settings, AS_OF)
        assert told(evaluate(patient(plan), snapshot, settings, AS_OF)) == told(known)


def test_code_is_made_only_for_types_whose_macros_visit_much(monkeypatch: pytest.MonkeyPatch) -> None:
    plan, snapshot, settings = of_example(EXAMPLES[0])
    monkeypatch.setattr(few, "FEW", LONG)
    monkeypatch.setattr(few, "STEPS", 0)
    new = patient(plan)
    evaluate(new, snapshot, settings, AS_OF)
    with_code = set(new._checks)
    assert with_code
    assert with_code < {name for name in new.by_entity if snapshot.tables[name].entities}


def unit_rule(number: int, when: str, require: str, **values: str) -> Rule:
    named = {name: Expression(text) for name, text in values.items()}
    return Rule(
        f"R{number}",
        Text.of("rule"),
        "unit",
        Expression(require),
        "major",
        ("land",),
        when=Expression(when),
        values=named,
    )


PROJECT: dict[str, Any] = {
    "id": "p",
    "buildings": [{"id": "1", "units": [{"id": "101", "area_m2": 80.0, "rooms": [{"id": "a"}, {"id": "b"}]}]}],
}


@pytest.mark.parametrize(
    ("rules", "limit", "risks", "over"),
    [
        pytest.param(  # two rooms are visited for `when`, and two more for `require`
            [
                unit_rule(0, "unit.rooms.all(r, has(r.id))", "has(unit.id)"),
                unit_rule(1, "unit.rooms.all(r, has(r.id))", "unit.rooms.all(r, has(r.id))"),
            ],
            3,
            [[], []],
            [0, 1],
            id="what it costs counts for each",
        ),
        pytest.param(
            [
                unit_rule(0, "large", "unit.area_m2 < 1.0", large="unit.area_m2 > 100.0"),
                unit_rule(1, "large", "unit.area_m2 < 1.0", large="unit.area_m2 > 70.0"),
            ],
            1_000_000,
            [[], [0]],
            [0, 0],
            id="a name means what its rule says",
        ),
    ],
)
def test_a_condition_that_rules_have_in_common(
    rules: list[Rule], limit: int, risks: list[list[int]], over: list[int]
) -> None:
    new = plan_of(*rules)
    for plan in (new, plan_rules(new.library, new.rules)):
        evaluation = evaluate(plan, snapshot_of(PROJECT), Settings(({},), ()), AS_OF, limit=limit)
        assert list(evaluation.risks) == risks
        gaps = [sum(len(gap.ordinals) for gap in evaluation.gaps if gap.rule is rule) for rule in plan.rules]
        assert gaps == over


def plan_of(*rules: Rule) -> Plan:
    library = library_of(rules)
    bound, problems = bind_rules(library)
    assert not problems
    return patient(plan_rules(library, bound))


def snapshot_of(project: dict[str, Any]) -> Snapshot:
    return Snapshot(WITH_RECORDS, project, build_tables(WITH_RECORDS, project), date(2026, 5, 1), "")


@pytest.mark.parametrize(("steps", "made"), [(3, True), (4, False)])
def test_what_all_rules_of_a_type_visit_counts(monkeypatch: pytest.MonkeyPatch, steps: int, made: bool) -> None:
    monkeypatch.setattr(few, "STEPS", steps)
    asks = "!unit.rooms.exists(r, !has(r.id))"  # of two rooms
    plan = plan_of(unit_rule(0, "has(unit.id)", asks), unit_rule(1, "has(unit.id)", asks))
    evaluate(plan, snapshot_of(PROJECT), Settings(({},), ()), AS_OF)
    assert ("unit" in plan._checks) is made


@pytest.mark.parametrize("steps", [0, 1, LONG])
def test_a_condition_about_what_is_absent_may_visit_much(monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    """It is false here: neither flat is large, so that there are no rooms is nothing to know more about."""
    monkeypatch.setattr(few, "STEPS", steps)
    rule = unit_rule(0, "building.units.exists(u, u.area_m2 > 100.0)", "has(room.id)")
    plan = plan_of(replace(rule, entity="room"))
    flats = [{"id": "101", "area_m2": 80.0}, {"id": "102", "area_m2": 90.0}]
    project = {"id": "p", "buildings": [{"id": "1", "units": flats}]}
    evaluation = evaluate(plan, snapshot_of(project), Settings(({},), ()), AS_OF)
    assert evaluation.gaps == ()
    assert bool(plan._absences) is (steps < LONG)


@pytest.mark.parametrize("ask", ["at_least(1e300 * 1e300, far)", "at_most(far, 1e300 * 1e300)", "at_least(far, far)"])
def test_an_infinite_limit_is_reached(ask: str) -> None:
    """A slack of infinity less infinity is no number, and nothing compares with that."""
    rule = unit_rule(0, "has(unit.id)", f"({ask}) && has(unit.area_m2)", far="unit.area_m2 * 1e300 * 1e300")
    new = plan_of(rule)
    for plan in (new, plan_rules(new.library, new.rules)):
        evaluation = evaluate(plan, snapshot_of(PROJECT), Settings(({},), ()), AS_OF)
        assert evaluation.risks == ([],)
        assert evaluation.gaps == ()


def of_example(path: Path) -> tuple[Plan, Snapshot, Settings]:
    gate = Gate.load()
    return gate.plan, gate.snapshot(path), gate._chosen(None, None)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_reports_have_the_same_bytes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate.load()
    code = Gate.of(gate.library, plan_rules(gate.library, gate.plan.rules, gate.plan.facts))
    monkeypatch.setattr(few, "FEW", LONG)
    monkeypatch.setattr(few, "STEPS", LONG)
    interpreted = Gate.of(gate.library, patient(gate.plan))
    assert interpreted.check(path).to_json() == code.check(path).to_json()
    assert not interpreted.plan._checks
    assert code.plan._checks


def runs(plan: Plan, entity: str, count: int, others: int = 0) -> bool:
    """Whether the interpreter is to decide so many entities of a type."""
    sizes = dict.fromkeys(plan.library.vocabulary.entities, 0) | {entity: count, "project": 1 + others}
    return isinstance(plan.run(entity, sizes, 1_000_000), Interpreted)


def test_patience_ends() -> None:
    gate = Gate.load()
    assert runs(gate.plan, "room", PATIENCE - 1)
    assert runs(gate.plan, "unit", 1)  # each type has its own
    assert runs(gate.plan, "room", 1)
    assert "room" not in gate.plan._checks
    assert not runs(gate.plan, "room", 1)
    assert "room" in gate.plan._checks
    assert not runs(gate.plan, "opening", PATIENCE + 1)
    assert runs(gate.plan, "railing", 1, others=FEW - 2)
    assert not runs(gate.plan, "stair_unit", 1, others=FEW - 1)


def test_a_gate_of_many_checks_makes_code() -> None:
    gate = Gate.load()
    path = next(path for path in EXAMPLES if path.stem == "duplex")
    first = gate.check(path).to_json()
    assert not gate.plan._checks
    seen = {gate.check(path).to_json() for _ in range(PATIENCE + 1)}
    assert seen == {first}
    assert {"project", "unit", "room"} <= set(gate.plan._checks)
    assert gate.plan._absences


def test_rules_that_are_tested_are_made_into_code() -> None:
    """Cases are there to be decided by both."""
    plan = Gate.load().plan
    rule: BoundRule = plan.rules[0]
    assert not runs(plan_rules(plan.library, [rule]), rule.entity.name, 1)

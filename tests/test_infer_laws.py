"""Laws of inference over random facts and random derive rules, chains and cycles among them."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infer_reference import infer_naively
from riskgate.infer import Derived, Fact, durable, infer
from riskgate.pack import Conclusion, ConditionOperator, Derive, FactCondition, Given
from riskgate.text import Text
from strategies_cel import law_settings

ENGINES = ["plain", *(["durable"] if durable.available() else [])]
UNITS = {"g1": 4, "g2": 2, "g3": 0}
RULES = ("r1", "r2", "D0", "D1", "D2", "D3")
THEMES = ("leak", "crack", "渗漏")
GROUPS = ("g1", "g2", "g3")

ODD: list[Any] = [0, 1, 1.0, 2, -1, 0.5, 1e-05, 1e16, 2**63, 2.0**63, float("nan"), "", "1", "true", True, False, "m"]
VALUES: Mapping[str, st.SearchStrategy[Any]] = {
    "rule": st.sampled_from(RULES),
    "theme": st.sampled_from(THEMES),
    "group": st.sampled_from(GROUPS),
    "count": st.sampled_from([1, 2, 2.0, 3]),
    "units": st.sampled_from([0, 1, 2, 3]),
    "rate": st.sampled_from([0.0, 0.25, 0.5, 1.0]),
    "id": st.sampled_from(ODD),  # a name that the library keeps for itself
    "x": st.sampled_from(ODD),
}
NAMES = tuple(VALUES)
OPERATORS: tuple[ConditionOperator, ...] = ("eq", "eq", "neq", "gt", "gte", "gte", "lt", "lte", "in")
KINDS = ("risk", "risk", "risk", "theme", "node")


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    names = draw(st.sets(st.sampled_from(NAMES), max_size=6))
    if draw(st.booleans()):
        names |= {"rule", "theme", "group"}
    fields = {name: draw(VALUES[name]) for name in sorted(names)}
    because = draw(st.sets(st.sampled_from("abcdefgh"), max_size=2))
    units = draw(st.sets(st.sampled_from(["u1", "u2", "u3"]), max_size=2))
    return Fact(draw(st.sampled_from(KINDS)), fields, tuple(sorted(because)), frozenset(units))


@st.composite
def conditions(draw: st.DrawFn, aliases: list[str]) -> FactCondition:
    name = draw(st.sampled_from((*NAMES, "rule", "theme", "group")))
    if draw(st.booleans()) and aliases:
        other = draw(st.sampled_from([name, name, name, *NAMES]))
        return FactCondition(name, "eq", other=(draw(st.sampled_from(aliases)), other))
    operator = draw(st.sampled_from(OPERATORS))
    value = draw(VALUES[name].filter(lambda v: v == v))  # noqa: PLR0124  # a constant is never NaN
    if operator == "in":
        value = [value, *draw(st.lists(st.sampled_from(["g1", 1, True]), max_size=2))]
    return FactCondition(name, operator, value)


@st.composite
def derives(draw: st.DrawFn) -> list[Derive]:
    rules = []
    for number in range(draw(st.integers(1, 4))):
        given_lines: list[Given] = []
        for index in range(draw(st.sampled_from([1, 2, 2, 3]))):
            aliases = [line.alias for line in given_lines]
            where = tuple(draw(st.lists(conditions(aliases), max_size=2)))
            given_lines.append(Given(draw(st.sampled_from(KINDS)), f"a{index}", where))
        theme = draw(st.sampled_from([None, *THEMES]))
        conclusion = Conclusion(draw(st.sampled_from(["blocking", "major"])), ("n",), theme=theme)
        rules.append(Derive(f"D{number}", Text.of("t"), tuple(given_lines), conclusion))
    return rules


WORLDS = st.tuples(derives(), st.lists(facts(), max_size=8))


def written(derived: tuple[Derived, ...]) -> list[str]:
    """To the letter: 1 and 1.0 differ, the order of keys does not matter."""
    return [
        repr(
            (
                d.derive,
                d.group,
                d.because,
                [(f.kind, sorted(f.fields.items()), f.because, sorted(f.units)) for f in d.facts],
            )
        )
        for d in derived
    ]


@pytest.mark.parametrize("engine", ENGINES)
@given(world=WORLDS)
@law_settings(150)
def test_an_engine_concludes_what_the_definition_says(engine: Any, world: tuple[list[Derive], list[Fact]]) -> None:
    rules, known = world
    assert written(infer(rules, known, UNITS, engine=engine)) == written(infer_naively(rules, known, UNITS))


@given(world=WORLDS, data=st.data())
@law_settings(75)
def test_the_order_of_facts_and_rules_does_not_matter(
    world: tuple[list[Derive], list[Fact]], data: st.DataObject
) -> None:
    rules, known = world
    shuffled = infer(data.draw(st.permutations(rules)), data.draw(st.permutations(known)), UNITS)
    assert written(shuffled) == written(infer(rules, known, UNITS))


@given(world=WORLDS, more=st.lists(facts(), min_size=1, max_size=3))
@law_settings(75)
def test_more_facts_never_remove_a_conclusion(world: tuple[list[Derive], list[Fact]], more: list[Fact]) -> None:
    rules, known = world
    before = {(d.derive, d.group): set(d.because) for d in infer(rules, known, UNITS)}
    after = {(d.derive, d.group): set(d.because) for d in infer(rules, [*known, *more], UNITS)}
    assert before.keys() <= after.keys()
    assert all(because <= after[key] for key, because in before.items())

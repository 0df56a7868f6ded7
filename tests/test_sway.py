"""Which way a parameter moves a condition: what is said is true of the values, also of the bundled packs."""

from dataclasses import replace
from itertools import pairwise, product
from typing import Any

import pytest

from riskgate import EvaluationError, cel
from riskgate.apply.readings import Readings
from riskgate.apply.sway import Sway, Swayed
from riskgate.cases import run_cases
from riskgate.cel.parse import parse
from riskgate.cel.syntax import Constant, Expr, Ident
from riskgate.load.library import Library, read_library
from riskgate.pack import Parameter
from riskgate.plan.plan import make_plan

NAME = "p"
TABLE: list[tuple[str, Sway]] = [
    ("x >= params.p", "down"),
    ("x > params.p", "down"),
    ("params.p <= x", "down"),
    ("x < params.p", "up"),
    ("!(x < params.p)", "down"),
    ("x == params.p", "unclear"),
    ("x in params.l", "none"),
    ("x > 1", "none"),
    ("x > params.p && y > params.p", "down"),
    ("x > params.p || y", "down"),
    ("x > params.p || x < params.p", "unclear"),
    ("x - params.p > 1", "down"),
    ("params.p - x > 1", "up"),
    ("-params.p < x", "up"),
    ("x < params.p * 2", "up"),
    ("x < params.p * x", "unclear"),
    ("x < n * params.p", "up"),
    ("params.p / 2 > x", "up"),
    ("2 / params.p > x", "unclear"),
    ("at_least(x, params.p)", "down"),
    ("at_most(x, params.p)", "up"),
    ("at_least(params.p, x)", "up"),
    ("x > 2 ? x > params.p : x + 1 > params.p", "down"),
    ("x > params.p ? true : false", "unclear"),
    ("xs.all(v, v > params.p)", "down"),
    ("xs.exists(v, v > params.p)", "down"),
    ("xs.exists_one(v, v > params.p)", "unclear"),
    ("xs.filter(v, v > params.p).size() > 1", "down"),
    ("size(xs.filter(v, v > params.p)) == 0", "up"),
    ("xs.filter(v, v > params.p).size() != 0", "down"),
    ("xs.filter(v, v > params.p).size() == 1", "unclear"),
    ("xs.filter(v, v > params.p).all(v, v > 3)", "up"),
    ("xs.filter(v, v > params.p).exists(v, v > 3)", "down"),
    ("xs.filter(v, v > params.p).map(v, v * 2).exists(v, v > 3)", "down"),
    ("xs.map(v, v + params.p).exists(v, v > 3)", "unclear"),
    ("xs.all(i, v, v > params.p)", "down"),
    ("min(x, params.p) > 2", "up"),
    ("max([x, params.p]) > 2", "unclear"),
    ("abs(params.p) > 2", "unclear"),
    ("double(params.p) > x", "up"),
    ("named > x", "up"),
    ("has(params.p)", "unclear"),
    ("xs[params.p] > 1", "unclear"),
    ("[x, params.p].exists(v, v > 2)", "unclear"),
]


def positive(node: Expr) -> bool:
    if isinstance(node, Constant):
        return isinstance(node.value, int | float) and node.value >= 0
    return (isinstance(node, Ident) and node.name == "n") or getattr(node, "function", "") == "size"


def swayed(text: str, name: str = NAME) -> Sway:
    return Swayed(name, {"named": parse("params.p + 1")}, positive).of(parse(text))


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_what_is_said_of_a_condition(text: str, expected: Sway) -> None:
    assert swayed(text) == expected


def truth(text: str, value: int, bindings: dict[str, Any]) -> int:
    """0, 1 or 2: false, undecided, true."""
    try:
        return 2 * bool(cel.evaluate(text, {**bindings, "params": {"p": value, "l": []}, "named": value + 1}))
    except EvaluationError:
        return 1


@pytest.mark.parametrize(("text", "said"), [(text, said) for text, said in TABLE if said in ("up", "down")])
def test_what_is_said_is_true_of_the_values(text: str, said: Sway) -> None:
    """Whatever else is given, or is missing, the truth never moves the other way, and does move."""
    moved = False
    lists: tuple[list[int], ...] = ([], [1], [2, 4], [4, 4, 1])
    for x, y, n, xs in product((-2, 1, 2, 4, None), (True, False, 2, 5), (0, 1, 2), lists):
        given = {"x": x, "y": y, "n": n, "xs": xs}
        bindings = {name: value for name, value in given.items() if value is not None}
        if isinstance(y, bool) == ("y > " in text):
            continue
        for before, after in pairwise(truth(text, value, bindings) for value in range(6)):
            assert before <= after if said == "up" else before >= after, (bindings, before, after)
            moved = moved or before != after
    assert moved


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x in params.p", "up"),
        ("params.p.all(d, d in xs)", "down"),
        ("params.p.exists(d, d in xs)", "up"),
        ("xs.all(d, d in params.p)", "up"),
        ("params.p.filter(d, !(d in xs)).size() > 0", "up"),
        ("size(params.p) == 0 || x in params.p", "unclear"),
        ("params.p[0] == x", "unclear"),
        ("params.p == xs", "unclear"),
    ],
)
def test_the_greater_list_is_the_one_that_holds_the_other(text: str, expected: Sway) -> None:
    assert swayed(text) == expected
    if expected in ("up", "down"):
        lists: list[list[int]] = [[], [1], [1, 2], [1, 2, 3]]
        for x, xs in product((1, 2, 4), ([], [1], [2, 3], [1, 2, 3])):
            found = [bool(cel.evaluate(text, {"x": x, "xs": xs, "params": {"p": p}})) for p in lists]
            assert found == sorted(found, reverse=expected == "down")


def test_at_least_and_at_most_read_the_tolerance() -> None:
    assert swayed("at_least(x, 1)", "tolerance") == swayed("at_most(x, 1)", "tolerance") == "up"
    assert swayed("x >= 1", "tolerance") == "none"


# -- the bundled packs


def test_of_every_parameter_of_the_bundled_packs_that_has_a_direction_it_can_be_seen() -> None:
    library, problems = read_library()
    assert not problems
    readings = Readings(library.vocabulary)
    seen = 0
    for pack in library.packs:
        for name, parameter in pack.parameters.items():
            sways = {readings.of_rule(rule, name) for rule in pack.rules} - {"none"}
            if parameter.tightens is None:
                assert "unclear" in sways or len(sways) > 1, f"{name} could say which way it tightens"
            else:
                assert sways == {parameter.tightens}
                seen += 1
    assert seen > 40


def stricter(parameter: Parameter) -> Any:
    """A value well in the direction of the parameter."""
    value = parameter.default
    if parameter.tightens is None:
        return value
    if parameter.spec.type == "list":
        return [*value, *value] if parameter.tightens == "up" else value[:1]
    whole = parameter.spec.type == "integer"
    moved = value * 2 + 1 if parameter.tightens == "up" else value / 2
    bounded = min(max(moved, parameter.spec.minimum or 0), parameter.spec.maximum or moved)
    return int(bounded) if whole else bounded


def outcomes(library: Library) -> dict[tuple[str, int], str]:
    plan, problems = make_plan(library)
    assert not problems
    return {(one.rule, one.index): one.got for one in run_cases(plan)}


def test_stricter_parameters_never_turn_a_risk_of_a_case_into_anything_else() -> None:
    library, _ = read_library()
    readings = Readings(library.vocabulary)
    packs = [
        replace(
            pack,
            rules=tuple(r for r in pack.rules if any(readings.of_rule(r, name) != "none" for name in pack.parameters)),
            derives=(),
        )
        for pack in library.packs
    ]
    tightened = [
        replace(pack, parameters={name: replace(p, default=stricter(p)) for name, p in pack.parameters.items()})
        for pack in packs
    ]
    before = outcomes(replace(library, packs=tuple(packs)))
    after = outcomes(replace(library, packs=tuple(tightened)))
    assert {case: after[case] for case, got in before.items() if got == "risk" and after[case] != "risk"} == {}
    assert sum(before[case] != after[case] for case in before) > 10

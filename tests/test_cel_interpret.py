"""What expressions of rules mean beyond the specification: missing and absent members, joined errors, the step budget.

Everything else about values is in the vectors (test_cel_conformance.py).
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskgate.cel.functions import total_double
from riskgate.cel.interpret import interpret
from riskgate.cel.parse import parse
from riskgate.cel.paths import path_of
from riskgate.cel.runtime import (
    ABSENT,
    BUDGET,
    ERROR,
    MISSING,
    CelError,
    Context,
    Value,
    absent,
    joined,
    missing,
)
from riskgate.cel.syntax import Expr, children
from riskgate.cel.types import DOUBLE, DYN, STRING, EntityOf, ListOf, ObjectOf, Type

UNIT, ROOM = EntityOf("unit"), EntityOf("room")
MEMBERS: dict[str, Type] = {
    "unit": UNIT,
    "unit.rooms": ListOf(ROOM),
    "unit.balcony": EntityOf("balcony"),
    "unit.area": DOUBLE,
    "unit.load": ObjectOf("unit.load", {}),
    "unit.load.live": DOUBLE,
    "r": ROOM,
    "r.area": DOUBLE,
    "r.kind": STRING,
}


def typed(tree: Expr) -> dict[int, Type]:
    """Types of the nodes whose dotted text is known, as the checker would give them."""
    found = {id(tree): MEMBERS.get(path_of(tree), DYN)}
    for part in children(tree):
        found |= typed(part)
    return found


def rule(
    text: str, unit: Mapping[str, Any] | None, *, limit: int = 1000, values: Mapping[str, str] | None = None
) -> Value:
    tree = parse(text)
    trees = {name: parse(value) for name, value in (values or {}).items()}
    inline = {name: (value, typed(value)) for name, value in trees.items()}
    return interpret(tree, {"unit": unit}, Context(limit), types=typed(tree), mixed=True, inline=inline)


def error(text: str, unit: Mapping[str, Any] | None, *, limit: int = 1000) -> CelError:
    with pytest.raises(CelError) as raised:
        rule(text, unit, limit=limit)
    return raised.value


def plain(text: str, limit: int = 1000, **bindings: Value) -> Value:
    return interpret(parse(text), bindings, Context(limit))


# Missing and absent


@pytest.mark.parametrize("unit", [{}, {"area": None}])
def test_a_field_without_a_value_is_missing(unit: dict[str, Any]) -> None:
    found = error("unit.area > 3.0", unit)
    assert (found.kinds, found.paths) == (MISSING, ("unit.area",))


def test_an_object_field_without_a_value_is_missing_by_its_whole_path() -> None:
    assert error("unit.load.live > 1.0", {"load": {}}).paths == ("unit.load.live",)
    assert error("unit.load.live > 1.0", {}).paths == ("unit.load",)


@pytest.mark.parametrize("text", ["unit.rooms.all(r, true)", "unit.rooms.size() > 0", "unit.rooms[0].area > 1.0"])
@pytest.mark.parametrize("unit", [{}, {"rooms": None}])
def test_a_collection_that_is_not_there_is_absent(text: str, unit: dict[str, Any]) -> None:
    found = error(text, unit)
    assert (found.kinds, found.paths) == (ABSENT, ("unit.rooms",))


def test_a_single_that_is_not_there_is_absent() -> None:
    assert error("unit.balcony.depth > 1", {}).kinds == ABSENT


def test_an_entity_that_is_not_there_is_absent() -> None:
    found = error("unit.area > 1.0", None)
    assert (found.kinds, found.paths) == (ABSENT, ("unit",))


def test_an_empty_collection_is_a_fact() -> None:
    assert rule("unit.rooms.all(r, r.area > 1.0)", {"rooms": []}) is True


def test_has_asks_for_a_value() -> None:
    assert rule("has(unit.area)", {"area": 0.0}) is True
    assert rule("has(unit.area)", {"area": None}) is False
    assert rule("has(unit.area)", {}) is False
    assert rule("has(unit.rooms)", {"rooms": []}) is True
    assert rule("has(unit.load.live)", {"load": {"live": 1.0}}) is True
    assert error("has(unit.load.live)", {}).kinds == MISSING


def test_has_guards() -> None:
    assert rule("!has(unit.area) || unit.area > 3.0", {}) is True
    assert rule("has(unit.area) && unit.area > 3.0", {}) is False
    assert rule("has(unit.area) ? unit.area : 1.0", {}) == 1.0


# Joined errors


def test_both_sides_of_an_operator_are_joined() -> None:
    found = error("unit.area > 1.0 && unit.load.live > 1.0", {})
    assert (found.kinds, found.paths) == (MISSING, ("unit.area", "unit.load"))
    mixed = error("1 / 0 > 0 || unit.area > 1.0 || unit.rooms.all(r, true)", {})
    assert (mixed.kinds, mixed.paths) == (ERROR | MISSING | ABSENT, ("unit.area", "unit.rooms"))


def test_strict_operators_give_the_first_error() -> None:
    assert error("unit.area + unit.load.live > 1.0", {}).paths == ("unit.area",)


def test_items_of_a_macro_are_joined_without_duplicates() -> None:
    found = error("unit.rooms.all(r, r.area > 1.0 && r.kind == 'x')", {"rooms": [{}, {"area": 2.0}, {"kind": "x"}]})
    assert found.paths == ("r.area", "r.kind")
    assert found.message == "`r.area` is not given; `r.kind` is not given"


@given(
    st.lists(
        st.sampled_from([missing("a"), missing("b"), absent("c"), *(CelError(str(n)) for n in range(5))]), min_size=2
    )
)
def test_joining_in_steps_is_joining_at_once(errors: list[CelError]) -> None:
    def parts(found: CelError) -> tuple[object, ...]:
        return found.kinds, found.paths, found.messages

    at_once = parts(joined(errors))
    for cut in range(1, len(errors)):
        assert parts(joined([joined(errors[:cut]), joined(errors[cut:])])) == at_once


# Named values


def test_named_values_are_looked_up_and_may_use_each_other() -> None:
    values = {"short": "double - unit.area", "double": "2 * 3.5"}
    assert rule("short > 3.0", {"area": 3.0}, values=values) is True


def test_a_named_value_does_not_see_the_variables_of_macros() -> None:
    values = {"limit": "unit.area"}
    assert rule("[1.0, 5.0].map(unit, limit)", {"area": 3.0}, values=values) == [3.0, 3.0]


def test_a_variable_hides_a_named_value() -> None:
    assert rule("[1].map(limit, limit)", {}, values={"limit": "7"}) == [1]


def test_an_error_of_a_named_value_is_absorbed_where_it_is_used() -> None:
    assert rule("short > 1.0 || true", {}, values={"short": "unit.area"}) is True


def test_named_values_may_nest_deeper_than_the_stack_of_python() -> None:
    values = {f"v{n}": "(" * 99 + f"v{n + 1} + 1" + ")" * 99 for n in range(2_000)} | {"v2000": "0"}
    assert rule("v0", {}, values=values) == 2_000


# Arithmetic of rules


def test_rules_mix_int_and_double() -> None:
    assert rule("1 + 0.5", {}) == 1.5
    assert rule("3 - 0.5", {}) == 2.5
    assert rule("2 * 1.5", {}) == 3.0
    assert rule("3 / 2.0", {}) == 1.5
    assert rule("1 / 0.0", {}) == float("inf")
    assert type(rule("2 * 1.0", {})) is float


def test_a_sum_of_no_doubles_is_a_double() -> None:
    tree = parse("sum([])")
    assert repr(interpret(tree, {}, Context(), types={id(tree): DOUBLE})) == "0.0"
    assert repr(total_double([])) == "0.0"


# The budget


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("[1, 2, 3].all(x, x > 0)", 3),
        ("[1, 2, 3].all(x, x > 1)", 1),
        ("[1, 2, 3].exists(x, x == 2)", 2),
        ("[1, 2, 3].exists_one(x, x == 1)", 3),
        ("[1, 2, 3].filter(x, x == 1)", 3),
        ("[1, 2, 3].map(x, x > 5, x)", 3),
        ("[1, 0, 3].map(x, 1 / x).size() > 0 || true", 2),
        ("[1, 0, 3].all(x, 1 / x > 7)", 1),
        ("[0, 0, 3].all(x, 1 / x == 0) || true", 3),
        ("[1, 2].all(x, [1, 2, 3].exists(y, y == x))", 2 + 1 + 2),
        ("[1, 2].all(x, [1, 2, 3].exists(y, y == 2))", 2 + 2),  # the same for every x
        ("[1, 2].all(x, [1, 2].all(y, [1, 2, 3].exists(z, z == x)))", 2 + 4 + 1 + 2),  # the same for every y
        ("[1, 2].all(x, [1, 2].all(x, [1, 2, 3].exists(y, y == x)))", 2 + 2 + 1 + 2),
        ("[1, 2].exists(x, [1, 0].map(y, 1 / y).size() == x) || true", 2 + 2),  # the same error for every x
        ("[].all(x, [1, 2].all(y, true))", 0),
        ("[1, 2].all(x, true || [1, 2].all(y, true))", 2),  # never asked
        ("{'a': 1, 'b': 2}.transformMap(k, v, v).size()", 2),
        ("[].all(x, true)", 0),
        ("dyn(1).all(x, true) || true", 0),
        ("1 + size([1, 2, 3])", 0),
    ],
)
def test_a_macro_costs_the_items_that_it_looked_at(text: str, steps: int) -> None:
    context = Context(1000)
    interpret(parse(text), {}, context)
    assert context.remaining == 1000 - steps


@pytest.mark.parametrize(
    "text",
    [
        "xs.all(x, true)",
        "xs.all(x, true) || true",
        "xs.all(x, true) || xs.exists(y, y == 0)",
        "[1, 2].exists(y, xs.all(x, true))",
        "xs.map(x, x).size() > 0 ? true : true",
        "xs.map(x, 1 / 0) == [] || xs.map(x, x) == xs",
    ],
)
def test_an_exceeded_budget_is_never_absorbed(text: str) -> None:
    with pytest.raises(CelError) as raised:
        plain(text, 10, xs=list(range(11)))
    assert raised.value.kinds == BUDGET


def test_the_budget_is_just_enough() -> None:
    assert plain("xs.all(x, true)", 11, xs=list(range(11))) is True


def test_a_check_starts_with_the_whole_budget() -> None:
    context = Context(5)
    tree = parse("[1, 2, 3].all(x, true)")
    interpret(tree, {}, context)
    context.start()
    interpret(tree, {}, context)
    assert context.remaining == 2


# The project


def test_each_and_lookup_ask_the_project() -> None:
    units = [{"id": "a", "n": 1}, {"id": "b", "n": 2}]
    context = Context(
        entities=lambda name: units if name == "unit" else [],
        lookup=lambda _, key: next((u for u in units if u["id"] == key), None),
    )
    assert interpret(parse('each("unit").map(u, u.n)'), {}, context) == [1, 2]
    assert interpret(parse('lookup("unit", "b").n'), {}, context) == 2
    with pytest.raises(CelError) as raised:
        interpret(parse('lookup("unit", "c").n'), {}, context)
    assert raised.value.kinds == ERROR


def test_date_of_uses_the_offset_of_the_project() -> None:
    tree = parse("date_of(t) == date('2026-05-01')")
    late = datetime(2026, 5, 1, 20, tzinfo=UTC)
    assert interpret(tree, {"t": late}, Context(utc_offset=timedelta())) is True
    assert interpret(tree, {"t": late}, Context()) is False


def test_tolerance_of_the_context() -> None:
    tree = parse("at_least(0.995, 1)")
    assert interpret(tree, {}, Context(tolerance=0.01)) is True
    assert interpret(tree, {}, Context(tolerance=0.0)) is False
    exact = parse("at_least(9007199254740992, 9007199254740993)")
    assert interpret(exact, {}, Context(tolerance=0.0)) is False

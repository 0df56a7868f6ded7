"""What loops spare: parts that are the same for all items, and items that an equality rules out."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cel_vocabulary import ENVIRONMENT
from riskgate.cel.check import check
from riskgate.cel.compiler import compile_checked
from riskgate.cel.indexes import ASKED, SHORT, Indexes
from riskgate.cel.interpret import interpret
from riskgate.cel.loops import ruled_out
from riskgate.cel.parse import parse
from riskgate.cel.runtime import CelError, Context
from riskgate.pack import Expression

NAMES = ["project", "building", "unit", "room"]
VALUES: st.SearchStrategy[Any] = st.sampled_from(
    ["a", "b", "", 1, 2, True, None, 1.0, [], datetime(2026, 1, 1, tzinfo=UTC)]
)
TEXTS = st.sampled_from(["a", "b", "", None])


@st.composite
def _lists(draw: st.DrawFn) -> list[Any]:
    values = draw(st.sampled_from([VALUES, TEXTS, TEXTS]))
    items = st.builds(lambda value, there: {"f": value} if there else {}, values, st.booleans())
    return draw(st.lists(draw(st.sampled_from([items, items, items | st.none()])), max_size=2 * SHORT))


@settings(deadline=None)
@given(st.lists(_lists(), min_size=1, max_size=3), st.data())
def test_an_index_finds_what_going_through_the_list_finds(lists: list[list[Any]], data: st.DataObject) -> None:
    indexes = Indexes()
    for _ in range(8):
        items, value = data.draw(st.sampled_from(lists)), data.draw(VALUES)
        expected = [item for item in items if not ruled_out(item, "f", value)]
        found = indexes.matching(items, "f", value)
        assert [id(item) for item in found] == [id(item) for item in expected]


@pytest.mark.parametrize("without", [0, 1, 3])
@pytest.mark.parametrize(("value", "count"), [("a", 8), ("b", 1), ("c", 0), (1, 9)])
def test_whether_or_not_all_items_have_a_value(without: int, value: str | int, count: int) -> None:
    items = [{"f": "a"}] * 8 + [{}] * without + [{"f": "b"}]
    indexes = Indexes()
    assert [len(indexes.matching(items, "f", value)) for _ in range(4)] == [count + without] * 4


def test_an_index_belongs_to_one_list_however_many_come_and_go() -> None:
    indexes = Indexes()
    for number in range(3 * ASKED):
        items = [{"f": str(number)}] * (SHORT + 1)
        assert len(indexes.matching(items, "f", str(number))) == len(items)
        assert len(indexes.matching(items, "f", str(number))) == len(items)
        names = [str(number)] * (SHORT + 1)
        assert indexes.among(str(number), names)
        assert indexes.among(str(number), names)
        assert not indexes.among("x", names)


def evaluated(text: str, bindings: dict[str, Any], limit: int = 1_000_000, **values: str) -> tuple[Any, int]:
    """Value (or the kinds of error) and steps, by both evaluators."""
    environment, inline = ENVIRONMENT, {}
    for name, value in values.items():
        made = check(parse(value), environment, Expression(value))
        assert made.problems == ()
        inline[name] = (made.tree, made.types)
        variables = {**environment.variables, name: made.type}
        environment = type(environment)(environment.vocabulary, environment.lifecycle, variables)
    tree = check(parse(text), environment, Expression(text))
    assert tree.problems == ()
    compiled = compile_checked(tree.tree, NAMES, types=tree.types, mixed=True, inline=inline)
    found: list[tuple[Any, int]] = []
    ways: tuple[Callable[[Context], Any], ...] = (
        lambda context: interpret(tree.tree, bindings, context, types=tree.types, mixed=True, inline=inline),
        lambda context: compiled(*(bindings.get(name) for name in NAMES), context),
    )
    for evaluate in ways:
        context = Context(limit)
        result: Any
        try:
            result = evaluate(context)
        except CelError as error:
            result = error.kinds
        found.append((result, limit - context.remaining))
    assert found[0] == found[1]
    return found[0]


ROOMS = [
    {"id": "1", "name": "a", "doors": 1},
    {"id": "2", "name": "b", "doors": 1},
    {"id": "3"},
    {"id": "4", "name": "a", "doors": 0},
]


@pytest.mark.parametrize(
    ("text", "value", "steps"),
    [
        ("unit.rooms.exists(r, r.name == unit.id && r.doors == 1)", True, 1),
        ("unit.rooms.exists(r, r.doors == 1 && unit.id == r.name)", True, 1),
        ("unit.rooms.exists(r, r.name == unit.id && r.doors == 0)", True, 3),  # the one without a name is looked at
        ("unit.rooms.exists(r, r.name == unit.id && r.doors == 5)", frozenset({"missing"}), 3),
        ("unit.rooms.exists(r, r.name == unit.id && has(r.doors) && r.doors == 5)", False, 3),
        ("unit.rooms.all(r, r.name != unit.id || r.doors < 5)", frozenset({"missing"}), 3),
        ("unit.rooms.all(r, !(r.name == unit.id) || r.doors < 1)", False, 1),
        ("unit.rooms.filter(r, has(r.name) && r.name == unit.id).size()", 2, 3),
        ("unit.rooms.filter(r, r.name == unit.id).size()", frozenset({"missing"}), 2),
        ("unit.rooms.exists_one(r, has(r.name) && r.name == unit.id)", False, 3),
        ("unit.rooms.map(r, has(r.name) && r.name == unit.id, r.id)", ["1", "4"], 3),
        ("unit.rooms.exists(r, r.doors == 0)", True, 4),  # a literal
        ("unit.rooms.exists(r, r.name == unit.note && r.doors == 5)", frozenset({"missing"}), 4),  # nothing to look for
        ("unit.rooms.exists(r, r.name == r.id)", frozenset({"missing"}), 4),
        ("unit.rooms.exists(r, r.name != unit.id)", True, 2),
        ("unit.rooms.exists(r, r.name == unit.id || r.doors == 5)", True, 1),
        ("unit.rooms.exists(i, r, r.name == unit.id)", True, 1),
        ("unit.rooms.filter(r, r.name == unit.id || has(r.doors)).size()", frozenset({"missing"}), 3),
    ],
)
def test_items_with_another_value_are_neither_visited_nor_counted(text: str, value: object, steps: int) -> None:
    bindings = {"project": {}, "building": {}, "unit": {"id": "a", "rooms": ROOMS}, "room": {}}
    assert evaluated(text, bindings) == (value, steps)


def test_a_named_list_is_made_once_for_all_items_of_a_macro() -> None:
    people = [{"id": str(number), "home": str(number)} for number in range(14_000)]
    bindings = {"project": {"people": people}, "building": {"units": [{"id": str(n)} for n in range(500)]}}
    homes = "project.people.filter(p, has(p.home)).map(p, p.home)"
    steps = 2 * 14_000 + 500
    assert evaluated("building.units.all(u, u.id in homes)", bindings, homes=homes) == (True, steps)
    assert evaluated(f"building.units.all(u, u.id in {homes})", bindings) == (True, steps)
    assert evaluated("building.units.filter(u, !(u.id in homes)).size()", bindings, homes=homes) == (0, steps)


def test_thousands_of_items_each_find_theirs_within_the_budget() -> None:
    people = [{"id": str(number), "home": str(number)} for number in range(14_000)]
    bindings = {"project": {"people": people}, "building": {"units": [{"id": str(n)} for n in range(10_000)]}}
    text = "building.units.all(u, project.people.exists(p, p.home == u.id))"
    assert evaluated(text, bindings) == (True, 20_000)


def test_a_part_is_computed_only_where_it_is_asked_for() -> None:
    bindings = {"project": {"people": [{}]}, "building": {"units": [{"id": "1"}, {"id": "2"}]}, "unit": {}}
    dear = 'project.people.exists(p, p.department == "sales")'
    assert evaluated(f"building.units.all(u, has(u.id) || {dear})", bindings) == (True, 2)
    assert evaluated(f"building.units.all(u, has(u.note) || {dear})", bindings) == (frozenset({"missing"}), 3)
    assert evaluated("building.units.all(u, has(u.id) || dear)", bindings, dear=dear) == (True, 2)


def test_what_depends_on_ancestors_alone_is_remembered_and_counted_in_each_check() -> None:
    reads = 0

    class Counted(dict[str, Any]):
        def get(self, key: str, default: Any = None) -> Any:
            nonlocal reads
            reads += 1
            return super().get(key, default)

    text = "building.units.all(u, u.id in project.people.map(p, p.id))"
    tree = check(parse(text), ENVIRONMENT, Expression(text))
    compiled = compile_checked(tree.tree, NAMES, types=tree.types, mixed=True)
    project = {"people": [Counted(id="1"), Counted(id="2")]}
    context = Context()
    for number in range(5):
        context.start()
        assert compiled(project, {"units": [{"id": "1"}] * number}, None, None, context) is True
        assert context.limit - context.remaining == (number + 2 if number else 0)
    assert reads == 2
    context.start()
    assert compiled({"people": []}, {"units": [{"id": "1"}]}, None, None, context) is False
    assert context.limit - context.remaining == 1

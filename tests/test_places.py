"""Groups and sale units of a snapshot for drawing, and how a page arranges them."""

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixed_report import REPORTS
from html_pages import EXAMPLES, buildings, example, gate
from riskgate.labels import Labels
from riskgate.places import SaleUnit, counted, places_of
from riskgate.render.cells import cells
from riskgate.render.html.picture import COLUMNS, HEIGHT, LINES, WIDTH, picture_of
from riskgate.render.html.where import Whereabouts, floors
from riskgate.text import Text

ROOT = Path(__file__).parent.parent


def test_an_example_has_all_its_flats_with_their_floors() -> None:
    _, places = example("3-joint-acceptance")
    assert [group.label.zh for group in places.groups] == ["分期一期 楼栋1号楼", "分期一期 楼栋2号楼"]
    assert len(places.units) == 120
    assert [unit.floor for unit in places.units[:5]] == [1, 1, 1, 1, 2]
    assert (places.group_title.zh, places.unit_title.zh) == ("楼栋", "户（房源）")
    assert places.belongs["phases[1]/test_records[1-屋面蓄水]"] == "phases[1]/buildings[1]"


def test_without_roles_there_is_no_map() -> None:
    snapshot = gate().snapshot(ROOT / f"examples/binjiang/{EXAMPLES[0]}.json")
    bare = replace(snapshot, vocabulary=replace(snapshot.vocabulary, group=None, sale_unit=None, floor=None))
    places = places_of(bare, Labels(bare, gate().describer))
    assert (places.groups, places.units, places.belongs) == ((), (), {})


@given(st.lists(st.integers(0, 300)))
def test_two_comes_before_ten(numbers: list[int]) -> None:
    names = [f"buildings[{number}]/units[{number}A]" for number in numbers]
    assert sorted(names, key=counted) == [f"buildings[{n}]/units[{n}A]" for n in sorted(numbers)]


@given(st.text(), st.text())
def test_any_two_texts_can_be_put_in_order(one: str, other: str) -> None:
    assert (counted(one) < counted(other)) + (counted(other) < counted(one)) + (counted(one) == counted(other)) == 1


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(EXAMPLES), st.data())
def test_an_address_belongs_to_the_flat_and_building_above_it(name: str, data: st.DataObject) -> None:
    _, places = example(name)
    where = Whereabouts(places, ())
    unit = data.draw(st.sampled_from(places.units))
    groups = [group.address for group in places.groups]
    expected = (groups.index(unit.group), places.units.index(unit))
    assert where.of(unit.address) == where.of(unit.address + "/rooms[厨房]/sockets[#3]") == expected
    assert where.of(unit.holder) == (expected[0], -1)
    assert where.of(unit.holder + "x") == (expected[0], -1)
    assert where.of(unit.group + "x") == where.of("project") == where.of("permits[#3]") == (-1, -1)
    if places.belongs:
        referring = data.draw(st.sampled_from(sorted(places.belongs)))
        assert where.of(referring) == where.of(referring + "/photos[1]") == where.of(places.belongs[referring])


NAMES = st.text("0123456789ABab-", min_size=0, max_size=6)


@given(st.lists(st.tuples(NAMES, st.none() | st.integers(-3, 40)), max_size=40))
def test_a_grid_has_every_flat_once_and_its_floors_from_the_top(flats: list[tuple[str, int | None]]) -> None:
    units = [SaleUnit(f"u[{n}]", Text.of(name), name, floor, "b", "b") for n, (name, floor) in enumerate(flats)]
    rows = floors(units, range(len(units)))
    assert sorted(unit for _, across in rows for unit in across if unit is not None) == list(range(len(units)))
    assert all(units[unit].floor == floor for floor, across in rows for unit in across if unit is not None)
    known = [floor for floor, _ in rows if floor is not None]
    assert known == sorted(known, reverse=True)
    assert all(floor is not None for floor, _ in rows[:-1])


def test_flats_whose_names_end_alike_stand_above_each_other() -> None:
    places = buildings(1, 3, 3)
    units = [unit for unit in places.units if unit.name != "0202"]
    rows = floors(units, range(len(units)))
    assert [[None if u is None else units[u].name for u in across] for _, across in rows] == [
        ["0301", "0302", "0303"],
        ["0201", None, "0203"],
        ["0101", "0102", "0103"],
    ]


@pytest.mark.parametrize("name", [*REPORTS, *EXAMPLES])
def test_boxes_of_the_picture_do_not_touch_and_their_titles_fit(name: str) -> None:
    report = REPORTS[name]() if name in REPORTS else example(name)[0]
    picture = picture_of(report, gate().library.lifecycle)
    assert picture.boxes.keys() == {node.id for node in report.nodes}
    corners = [(box["x"], box["y"]) for box in picture.boxes.values()]
    for (x, y), (other_x, other_y) in product(corners, corners):
        assert (x, y) == (other_x, other_y) or abs(x - other_x) > WIDTH or abs(y - other_y) > HEIGHT
    assert len(set(corners)) == len(corners)
    for box in picture.boxes.values():
        assert box["x"] + WIDTH <= picture.width
        assert box["y"] + HEIGHT <= picture.height
        for lang, lines in zip(("zh", "en"), box["lines"], strict=True):
            assert 1 <= len(lines) <= LINES
            assert all(cells(line) <= COLUMNS[lang] for line in lines)

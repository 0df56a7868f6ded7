"""The benchmark compares like with like: a stable workload, and equal findings by hand and by riskgate."""

import hashlib
import json
import re
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

import chain  # noqa: E402 - the benchmarks are scripts, found by their folder
from findings import rows  # noqa: E402 - the benchmarks are scripts, found by their folder
from handwritten import by_kind, entity_major, nested, rule_major  # noqa: E402 - the same
from plots import Plot, Point, svg  # noqa: E402 - the same
from subject import FLAT, NESTED, checks_of, evaluator, findings_of  # noqa: E402 - the same
from workload import Size, project, snapshot_bytes  # noqa: E402 - the same

from riskgate.gate import Gate  # noqa: E402 - the same

HOLES = (0.0, 0.05, 0.4)


def sized(holes: float, seed: int = 7) -> bytes:
    return snapshot_bytes(Size(units=60, holes=holes, risks=0.04, seed=seed))


def test_the_same_seed_gives_the_same_bytes_everywhere() -> None:
    digest = hashlib.sha256(sized(0.05)).hexdigest()
    assert digest == "bd8298a22ee3290328d2dfbe9825cb2f4f4a3dfafbcbe4632e07812464985a2a"


def test_another_seed_gives_another_project() -> None:
    assert sized(0.0, seed=7) != sized(0.0, seed=8)


def test_units_rooms_and_openings_have_the_asked_number() -> None:
    found = rows(project(Size(units=120))["project"])
    assert [len(found.unit), len(found.room), len(found.opening)] == [120, 720, 1440]


def test_holes_are_missing_or_null_but_ids_and_collections_stay() -> None:
    found = rows(json.loads(sized(0.4))["project"])
    rooms = [room for room, *_ in found.room]
    assert all(room["id"] and room["openings"] for room in rooms)
    absent = sum("usable_area_m2" not in room for room in rooms)
    null = sum(room.get("usable_area_m2", 0) is None for room in rooms)
    assert 0.1 < absent / len(rooms) < 0.3
    assert 0.1 < null / len(rooms) < 0.3


@pytest.fixture(scope="module")
def flat() -> Gate:
    return Gate.load(FLAT)


@pytest.fixture(scope="module")
def quantified() -> Gate:
    return Gate.load(NESTED)


@pytest.mark.parametrize("holes", HOLES)
def test_riskgate_and_rules_written_by_hand_find_the_same(flat: Gate, holes: float) -> None:
    snapshot = flat.snapshot(sized(holes))
    evaluation = evaluator(flat)(snapshot)
    found = findings_of(evaluation)
    assert found.risks
    assert bool(found.gaps) == bool(holes)
    assert checks_of(evaluation) == 5 + 5 + 8 * 60 + 22 * 360 + 20 * 720
    for name, other in {
        "entity by entity": entity_major(snapshot.project),
        "by kind": by_kind(snapshot.project),
        "rule by rule": rule_major(rows(snapshot.project)),
    }.items():
        assert sorted(other.risks) == sorted(found.risks), name
        assert other.gaps == found.gaps, name


@pytest.mark.parametrize("absent", [0.0, 0.1])
@pytest.mark.parametrize("holes", HOLES)
def test_riskgate_and_nested_rules_written_by_hand_find_the_same(quantified: Gate, holes: float, absent: float) -> None:
    data = snapshot_bytes(Size(units=240, holes=holes, risks=0.04, seed=7, absent=absent))
    snapshot = quantified.snapshot(data)
    found = findings_of(evaluator(quantified)(snapshot))
    other = nested(snapshot.project)
    assert found.risks
    assert bool(found.gaps) == bool(holes or absent)
    assert sorted(other.risks) == sorted(found.risks)
    assert +other.gaps == +found.gaps


def test_made_up_chains_are_as_deep_and_wide_as_they_say() -> None:
    for depth in (1, 3, 5):
        made = chain.nested(depth)
        tables = made.gate.snapshot(made.data).tables
        assert len(tables[f"l{depth}"].entities) == made.leaves
        assert abs(made.leaves - chain.LEAVES) < chain.LEAVES / 10
        assert not made.gate.check(made.data).risks
    made = chain.deep(4)
    assert {len(made.gate.snapshot(made.data).tables[f"l{level}"].entities) for level in (1, 2, 3, 4)} == {1024}
    made = chain.wide(20)
    assert not made.gate.check(made.data).notes


def test_a_plot_is_well_formed_and_draws_every_point() -> None:
    lines: dict[str, list[Point]] = {"a < b": [(1.0, 2.0), (10.0, 300.0)], "c": [(1.0, 2.0), (10.0, 300.0)]}
    for log in (False, True):
        drawn = svg(Plot("p", "图", "plot & more", "x", "y", lines, log=log))
        tree = ET.fromstring(drawn)  # noqa: S314 - written by the line above
        marks = [e.attrib["d"] for e in tree.iter() if e.attrib.get("class", "").endswith(" p")]
        assert len(marks) == 4
        for x, y in (re.match(r"M([\d.]+) ([\d.]+)m", mark).groups() for mark in marks):  # type: ignore[union-attr]  # red
            assert 0 <= float(x) <= 800
            assert 0 <= float(y) <= 450

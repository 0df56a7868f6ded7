"""The public Duplex model: what it states, its traps, and what becomes of it when it is damaged."""

import json
import os
import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("ifcopenshell")

from ifc_reading import Data, building_of, codes, ground, made_of, mapping, model_of, openings_of, rooms_of, units_of
from riskgate.sources.ifc.facts import Model
from riskgate.sources.ifc.process import read_model
from riskgate.sources.made import Made

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "data"
DUPLEX = SHARED / "Duplex_A_20110907.ifc"
CORRUPTIONS = max(4, min(50, int(os.environ.get("RISKGATE_EXAMPLES", "0"))))
pytestmark = pytest.mark.skipif(not DUPLEX.exists(), reason="the shared model is not here")


@cache
def model() -> Model:
    return model_of(DUPLEX)


@cache
def duplex() -> Made:
    return made_of(model())


@cache
def facts() -> Data:
    found: Data = json.loads((SHARED / "duplex-facts.json").read_text(encoding="utf-8"))
    return found


@cache
def example() -> dict[str, Data]:
    """The rooms of examples/duplex.json, which people made from the facts of the model."""
    data = json.loads((ROOT / "examples" / "duplex.json").read_text(encoding="utf-8"))
    units = data["project"]["phases"][0]["buildings"][0]["stair_units"][0]["units"]
    return {room["id"]: room for unit in units for room in unit["rooms"]}


def test_every_element_of_the_model_is_read() -> None:
    assert (len(model().spaces), len(model().railings), len(model().stairs)) == (21, 4, 2)
    assert sorted(one.type for one in model().openings) == ["IfcDoor"] * 14 + ["IfcWindow"] * 24
    assert model().doubts == model().remarks == ()


def test_spaces_have_the_sizes_that_the_facts_name() -> None:
    rooms = rooms_of(duplex())
    for space in facts()["spaces"]:
        if space["name"] == "R301":
            continue  # the roof is no room of a flat
        room = rooms[space["name"]]
        assert room["usable_area_m2"] == pytest.approx(space["area_m2"], rel=1e-12)
        assert room["clear_height_m"] == pytest.approx(space["unbounded_height_m"])


def test_flats_rooms_and_kinds_are_those_of_the_example() -> None:
    assert {unit["id"]: len(unit["rooms"]) for unit in units_of(duplex())} == {"A": 10, "B": 10}
    rooms = rooms_of(duplex())
    assert rooms.keys() == example().keys()
    assert {name: room.get("kind") for name, room in rooms.items()} == {
        name: room.get("kind") for name, room in example().items()
    }
    assert "kind" not in rooms["B105"]  # called "Room", though its twin is a stair
    assert {"not-of-a-flat", "room-without-kind"} <= codes(duplex())


def test_openings_stand_where_the_example_has_them_with_the_same_kinds_and_sills() -> None:
    ours = openings_of(duplex())
    theirs = {one["id"]: {**one, "in": name} for name, room in example().items() for one in room["openings"]}
    assert theirs.keys() <= ours.keys()
    for guid, one in theirs.items():
        assert (ours[guid]["in"], ours[guid].get("kind")) == (one["in"], one.get("kind"))
        assert ours[guid].get("sill_height_m") == pytest.approx(one.get("sill_height_m"))
        assert "clear_width_m" not in ours[guid]
        assert "has_guard" not in ours[guid]  # a reviewer's statement, not the model's


def test_windows_without_a_boundary_are_tied_by_their_place_and_roof_lights_are_left_open() -> None:
    untied = {one["guid"] for one in facts()["windows"] if not one["spaces"]}
    placed = untied & openings_of(duplex()).keys()
    assert (len(untied), len(placed)) == (10, 8)
    (reason,) = duplex().data["incomplete"]
    for guid in untied - placed:
        assert guid in reason


def test_places_of_openings_agree_with_the_boundaries_of_the_model() -> None:
    """Every opening that has a boundary is looked for by its place too: the rooms that are found bound it."""
    import ifcopenshell  # noqa: PLC0415 - absent without the extra

    from riskgate.sources.ifc.extract import Extraction  # noqa: PLC0415 - the same

    extraction = Extraction(ifcopenshell.open(str(DUPLEX)), frozenset(), 0.6)
    bounds, extraction.bounds = extraction.bounds, {}
    found = extraction.read("duplex", "", "", ())
    bounded = [one for one in found.openings if bounds.get(one.guid)]
    assert len(bounded) == 28
    for one in bounded:
        assert set(one.near) <= set(bounds[one.guid])
        assert one.near or len(bounds[one.guid]) > 1


def test_the_heights_of_railings_are_those_of_the_facts() -> None:
    heights = {one["guid"]: one["height_m"] for one in facts()["railings"]}
    ours = {one["id"]: one for one in building_of(duplex())["railings"]}
    assert {guid: one["clear_height_m"] for guid, one in ours.items()} == pytest.approx(heights)
    assert {one["location"] for one in ours.values()} == {"stair"}


def test_the_traps_of_this_model_are_told() -> None:
    assert {"feet-and-metres", "sources-disagree", "inner-stair", "tied-by-place"} <= codes(duplex())
    assert "stairs" not in building_of(duplex())["stair_units"][0]  # they lie within the dwellings
    pointers = [one["pointer"].rsplit("/", 1)[1] for one in duplex().data["conflicts"]]
    assert pointers.count("usable_area_m2") == 20  # measured to the middle of walls; the shapes are the clear rooms
    assert pointers.count("storey_count") == 1  # four levels, two of them storeys
    assert building_of(duplex())["storey_height_m"] == pytest.approx(2.9)


def test_the_snapshot_is_valid_and_its_origins_lead_somewhere() -> None:
    read = ground().reader.read(dict(duplex().data))
    assert len(read.origins) > 250
    for pointer in read.origins:
        at: Any = duplex().data
        for step in pointer.split("/")[1:-1]:
            at = at[int(step)] if isinstance(at, list) else at[step]
    assert all("Duplex_A_20110907.ifc" in said or said == "(data)" for said in read.origins.values())


def test_one_byte_that_changes_is_refused_or_leaves_a_sound_model(tmp_path: Path) -> None:
    """A changed digit cannot be seen; whatever is read is a valid snapshot, and nothing crashes."""
    data = DUPLEX.read_bytes()
    places = random.Random(2011)  # noqa: S311 - a seeded generator is wanted
    outcomes = []
    for _ in range(CORRUPTIONS):
        at, byte = places.randrange(len(data)), places.randrange(256)
        path = tmp_path / "one.ifc"
        path.write_bytes(data[:at] + bytes([byte]) + data[at + 1 :])
        read, problems = read_model(path, "one.ifc", wanted=mapping().wanted)
        assert (read is None) is bool(problems)
        assert not {problem.code for problem in problems} & {"model-crash", "model-timeout", "model-memory"}
        outcomes.append(read is None)
    assert sum(outcomes) >= len(outcomes) / 2

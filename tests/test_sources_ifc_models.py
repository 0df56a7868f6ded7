"""Models made with ifcopenshell's own API: both schemas, three units, names in three languages, deliberate faults."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("ifcopenshell")

from ifc_house import House, flat
from ifc_reading import (
    building_of,
    codes,
    conflict,
    made_of,
    mapping,
    model_of,
    openings_of,
    rooms_of,
    said_of,
    units_of,
)
from riskgate import SnapshotError

GERMAN = {"bathroom": "Bad", "study": "Arbeitszimmer", "foyer": "Windfang", "bedroom": "Schlafzimmer 1"}
CHINESE = {"bathroom": "主卫生间", "study": "书房", "foyer": "玄关", "bedroom": "次卧2"}
ENGLISH = {"bathroom": "Bathroom 1", "study": "Study", "foyer": "Foyer", "bedroom": "Master Bedroom"}
ALL_ONE = 'units: {whole: "101"}\n'


@pytest.mark.parametrize("names", [GERMAN, CHINESE, ENGLISH], ids=["de", "zh", "en"])
@pytest.mark.parametrize(("length", "area"), [("m", "m2"), ("mm", "m2"), ("mm", "mm2"), ("ft", "ft2"), ("ft", "m2")])
@pytest.mark.parametrize("schema", ["IFC2X3", "IFC4"])
def test_the_same_house_is_read_in_any_schema_unit_and_language(
    schema: str, length: str, area: str, names: dict[str, str], tmp_path: Path
) -> None:
    house = House(schema, length, area)
    rooms = flat(house, names)
    house.quantities(rooms["study"], {"NetFloorArea": ("m2", 9.0), "FinishCeilingHeight": ("m", 2.7)})
    made = made_of(house.write(tmp_path / "house.ifc"), mapped=mapping(tmp_path, ALL_ONE))
    assert "incomplete" not in made.data
    assert "conflicts" not in made.data
    found = rooms_of(made)
    assert [found[number]["kind"] for number in "1234"] == ["bathroom", "study", "foyer", "bedroom"]
    for number, area_m2, short in (("1", 6.0, 2.0), ("2", 9.0, 3.0), ("3", 7.8, 1.5), ("4", 20.8, 4.0)):
        assert found[number]["usable_area_m2"] == pytest.approx(area_m2)
        assert found[number]["clear_height_m"] == pytest.approx(2.7)
        assert found[number]["short_side_m"] == pytest.approx(short)
    doors = {one["in"]: one for one in openings_of(made).values() if one.get("kind") != "window"}
    assert doors["1"]["kind"] == "bathroom_door"
    assert doors["1"]["opens_to"] == "foyer"
    assert doors["1"]["opening_width_m"] == pytest.approx(0.8)
    assert doors["3"]["kind"] == "entry_door"
    assert doors["4"]["kind"] == "bedroom_door"
    assert "kind" not in doors["2"]  # the vocabulary has no door of a study
    window = next(one for one in openings_of(made).values() if one.get("kind") == "window")
    assert (window["in"], window["room_kind"]) == ("4", "bedroom")
    assert window["sill_height_m"] == pytest.approx(0.4)
    assert found["4"]["has_window"] is True
    assert "has_window" not in found["1"]  # that there is none nobody says


def test_no_overall_width_becomes_a_clear_width(tmp_path: Path) -> None:
    house = House()
    flat(house, ENGLISH)
    made = made_of(house.write(tmp_path / "house.ifc"))
    assert not any("clear_width_m" in one for one in openings_of(made).values())
    said = [text for pointer, text in made.data["origins"].items() if pointer.endswith("/clear_width_m")]
    assert len(said) == 4
    assert "overall width 0.8 m, no clear width" in " ".join(said)


def test_a_clear_width_that_is_stated_is_taken(tmp_path: Path) -> None:
    house = House("IFC4", "mm")
    room = house.room("1", "Bad", (0, 0), (3, 3))
    door = house.opening("IfcDoor", "d", (1, 3, 0), (0.9, 2), bounds=[room])
    house.properties(door, "Türmaße", {"Lichte Durchgangsbreite": ("IfcPositiveLengthMeasure", 790.0)})
    (found,) = openings_of(made_of(house.write(tmp_path / "house.ifc"))).values()
    assert found["clear_width_m"] == pytest.approx(0.79)


def test_what_the_model_says_of_its_boundaries_counts_before_its_shapes(tmp_path: Path) -> None:
    """The door stands between rooms 1 and 2, and the model says that it bounds room 3."""
    house = House()
    for number, x in (("1", 0.0), ("2", 3.2)):
        house.room(number, "Bedroom", (x, 0), (3, 3))
    third = house.room("3", "Bathroom", (9, 0), (3, 3))
    house.opening("IfcDoor", "door", (3.2, 1, 0), (0.9, 2), turned=True, bounds=[third])
    (found,) = openings_of(made_of(house.write(tmp_path / "house.ifc"))).values()
    assert found["in"] == "3"


def test_an_opening_that_is_nowhere_is_listed_and_nothing_may_pass(tmp_path: Path) -> None:
    house = House()
    house.room("1", "Bedroom", (0, 0), (3, 3))
    lost = house.opening("IfcWindow", "lost", (50, 50, 1), (1, 1), external=True)
    made = made_of(house.write(tmp_path / "house.ifc"), mapped=mapping(tmp_path, ALL_ONE))
    assert openings_of(made) == {}
    (reason,) = made.data["incomplete"]
    assert lost.GlobalId in reason


def test_a_space_without_a_body_has_only_what_is_said_of_it(tmp_path: Path) -> None:
    house = House("IFC4", "mm", "m2")
    house.room("1", "Küche", (0, 0), (3, 3), body=False, quantities={"NetFloorArea": ("m2", 8.5)})
    (room,) = rooms_of(made_of(house.write(tmp_path / "house.ifc"))).values()
    assert room == {"id": "1", "kind": "kitchen", "usable_area_m2": 8.5}


def test_sources_that_disagree_are_a_conflict_and_the_first_stands(tmp_path: Path) -> None:
    house = House()
    house.room("1", "Kitchen", (0, 0), (3, 3), quantities={"NetFloorArea": ("m2", 8.0)})
    made = made_of(house.write(tmp_path / "house.ifc"))
    assert rooms_of(made)["1"]["usable_area_m2"] == 8.0
    assert conflict(made, "/usable_area_m2") == pytest.approx([8.0, 9.0])
    assert "sources-disagree" in codes(made)
    wide = mapping(tmp_path, "tolerance: {area_share: 0.2}\n")
    assert "conflicts" not in made_of(house.write(tmp_path / "house.ifc"), mapped=wide).data


def test_a_quantity_counts_before_a_property_and_a_property_before_the_shape(tmp_path: Path) -> None:
    house = House("IFC4", "m", "m2")
    area = ("IfcAreaMeasure", 9.001)
    house.room("1", "Kitchen", (0, 0), (3, 3), quantities={"NetFloorArea": ("m2", 9.002)}, properties={"Area": area})
    house.room("2", "Kitchen", (9, 0), (3, 3), properties={"Area": area})
    house.room("3", "Kitchen", (18, 0), (3, 3))
    made = made_of(house.write(tmp_path / "house.ifc"))
    assert [room["usable_area_m2"] for room in rooms_of(made).values()] == pytest.approx([9.002, 9.001, 9.0])
    said = [text for pointer, text in made.data["origins"].items() if pointer.endswith("/usable_area_m2")]
    assert ["BaseQuantities: NetFloorArea" in said[0], "Pset_Test: Area" in said[1], "geometry" in said[2]] == [
        True
    ] * 3


def test_a_value_with_a_unit_of_its_own_is_in_that_unit(tmp_path: Path) -> None:
    house = House("IFC4", "m")
    make = house.file.create_entity
    milli = make("IfcSIUnit", None, "LENGTHUNIT", "MILLI", "METRE")
    room = house.room("1", "Bedroom", (0, 0), (3, 3))
    own = {"Sill Height": ("IfcLengthMeasure", 850.0, milli)}
    house.opening("IfcWindow", "w", (1, 3, 0.85), (1, 1), external=True, bounds=[room], properties=own)
    (found,) = openings_of(made_of(house.write(tmp_path / "house.ifc"))).values()
    assert found["sill_height_m"] == pytest.approx(0.85)


def test_a_number_that_is_no_measure_is_not_believed_unless_the_mapping_gives_its_unit(tmp_path: Path) -> None:
    house = House()
    room = house.room("1", "Bedroom", (0, 0), (3, 3), body=False)
    plain = {"Brüstungshöhe": ("IfcReal", 850.0), "IsExternal": True}
    house.opening("IfcWindow", "w", (1, 9, 0.85), (1, 1), bounds=[room], void=False, properties=plain)
    path = house.write(tmp_path / "house.ifc")
    bare = "fields: {window: {sill_height_m: {properties: [Brüstungshöhe]}}}\n"
    made = made_of(path, mapped=mapping(tmp_path, bare))
    assert [("sill_height_m" in one) for one in openings_of(made).values()] == [False]
    assert "no-measure" in codes(made)
    sized = mapping(tmp_path, "fields: {window: {sill_height_m: {properties: [{name: Brüstungshöhe, unit: mm}]}}}\n")
    assert [one["sill_height_m"] for one in openings_of(made_of(path, mapped=sized)).values()] == [0.85]


def test_flats_by_zones_by_properties_and_by_names(tmp_path: Path) -> None:
    house = House()
    rooms = [
        house.room(f"{flat_}{n}", "Bedroom", (4 * n, 5 * i), (3, 3)) for i, flat_ in enumerate("AB") for n in (1, 2)
    ]
    path = house.write(tmp_path / "house.ifc")
    untold = made_of(path)
    assert [(unit["id"], "floor" in unit) for unit in units_of(untold)] == [("?", False)]
    assert "does not say which rooms make a flat" in " ".join(untold.data["incomplete"])
    left = made_of(path, mapped=mapping(tmp_path, "units: {rest: left_out}\n"))
    assert units_of(left) == []
    assert "A1 Bedroom" in " ".join(left.data["incomplete"])
    named = made_of(path, mapped=mapping(tmp_path, "units: {names: ['^(?P<id>[AB])[0-9]$']}\n"))
    assert {unit["id"]: len(unit["rooms"]) for unit in units_of(named)} == {"A": 2, "B": 2}
    assert "flat" not in " ".join(named.data["incomplete"])
    for room in rooms[:2]:
        house.properties(room, "Verwaltung", {"Wohnungsnummer": "WE 7"})
    half = made_of(house.write(path))
    assert {unit["id"]: len(unit["rooms"]) for unit in units_of(half)} == {"WE 7": 2}
    assert "B1 Bedroom" in " ".join(half.data["incomplete"])  # the others are listed, and left out
    house.zone("Wohnung 3.01", rooms[:2])
    house.zone("Brandabschnitt 1", rooms)
    house.zone("Top 2", rooms[2:], object_type="Wohnung")
    zoned = made_of(house.write(path))
    assert {unit["id"]: len(unit["rooms"]) for unit in units_of(zoned)} == {"3.01": 2, "Top 2": 2}
    assert "IfcZone Wohnung 3.01" in zoned.data["origins"]["/project/phases/0/buildings/0/stair_units/0/units/0"]


def test_a_room_that_two_zones_claim_is_in_no_flat(tmp_path: Path) -> None:
    house = House()
    rooms = [house.room(str(n), "Bedroom", (4 * n, 0), (3, 3)) for n in range(3)]
    house.zone("Flat 1", rooms[:2])
    house.zone("Flat 2", rooms[1:])
    made = made_of(house.write(tmp_path / "house.ifc"))
    assert {unit["id"]: [room["id"] for room in unit["rooms"]] for unit in units_of(made)} == {"1": ["0"], "2": ["2"]}
    assert "1 Bedroom" in " ".join(made.data["incomplete"])


def test_a_door_of_which_one_side_is_unknown_has_no_kind(tmp_path: Path) -> None:
    house = House()
    room = house.room("1", "Bathroom", (0, 0), (3, 3))
    for number, external in enumerate((None, True, False)):
        house.opening("IfcDoor", f"d{number}", (number, 3, 0), (0.8, 2), external=external, bounds=[room])
    made = made_of(house.write(tmp_path / "house.ifc"))
    assert [one.get("kind") for one in openings_of(made).values()] == [None, None, "bathroom_door"]


def test_a_door_from_the_stairwell_is_an_entry_door_and_the_stair_in_it_is_public(tmp_path: Path) -> None:
    house = House("IFC4", "mm")
    hall = house.room("101", "Diele", (0, 0), (3, 3))
    well = house.room("0", "Treppenhaus", (3.2, 0), (3, 6))
    house.zone("Wohnung 1", [hall])
    house.opening("IfcDoor", "entry", (3.2, 1, 0), (1.0, 2.1), turned=True)
    _, flight = house.stair("stair", (3.5, 1, 0), (1.2, 3, 1.5))
    sizes = {"RiserHeight": ("IfcPositiveLengthMeasure", 175.0), "TreadLength": ("IfcPositiveLengthMeasure", 280.0)}
    house.properties(flight, "Pset_StairFlightCommon", sizes)
    made = made_of(house.write(tmp_path / "house.ifc"))
    (door,) = openings_of(made).values()
    assert (door["kind"], door["in"]) == ("entry_door", "101")
    (stair,) = building_of(made)["stair_units"][0]["stairs"]
    assert (stair["riser_height_m"], stair["tread_width_m"]) == pytest.approx((0.175, 0.28))
    assert well.GlobalId not in rooms_of(made)
    assert "not-of-a-flat" in codes(made)


def test_feet_where_metres_are_meant_are_told(tmp_path: Path) -> None:
    house = House()
    house.room("0", "Stairwell", (0, 0), (3, 6))
    _, flight = house.stair("stair", (0.5, 1, 0), (1.2, 3, 1.5))
    house.properties(flight, "Pset_StairFlightCommon", {"RiserHeight": ("IfcPositiveLengthMeasure", 0.175)})
    flight.RiserHeight = 0.175 / 0.3048
    made = made_of(house.write(tmp_path / "house.ifc"))
    assert conflict(made, "/riser_height_m") == pytest.approx([0.175, 0.574147])
    assert "feet-and-metres" in codes(made)


def test_a_railing_stands_where_its_whole_or_its_room_says(tmp_path: Path) -> None:
    house = House("IFC4", "mm")
    balcony = house.room("1", "Balkon", (0, 0), (3, 1.5))
    house.room("2", "Wohnzimmer", (0, 1.7), (3, 4))
    at_edge = house.part("IfcRailing", "edge", (0.1, -0.1, 0), (2.8, 0.05, 1.1))
    house.properties(at_edge, "Pset_RailingCommon", {"Height": ("IfcPositiveLengthMeasure", 1100.0)})
    house.part("IfcRailing", "far", (30, 30, 0), (2.8, 0.05, 1.1))
    railings = {one["id"]: one for one in building_of(made_of(house.write(tmp_path / "house.ifc")))["railings"]}
    assert railings[at_edge.GlobalId] == {"id": at_edge.GlobalId, "location": "balcony", "clear_height_m": 1.1}
    assert len(railings) == 2
    assert balcony is not None
    assert [set(one) for key, one in railings.items() if key != at_edge.GlobalId] == [{"id"}]


def test_the_least_storey_height_is_the_one_that_counts(tmp_path: Path) -> None:
    house = House("IFC4", "mm", storey_name="EG")
    upper, top = house.add_storey("1. OG", 3.1), house.add_storey("DG", 6.0)
    house.add_storey("OK FFB", 4.0)
    for number, storey in (("1", house.storey), ("2", upper), ("3", top)):
        house.room(number, "Zimmer", (0, 0), (3, 3), storey=storey)
    made = made_of(house.write(tmp_path / "house.ifc"), mapped=mapping(tmp_path, ALL_ONE))
    assert building_of(made)["storey_height_m"] == pytest.approx(2.9)


def test_basements_are_told_by_the_model_or_by_name_and_never_guessed(tmp_path: Path) -> None:
    house = House("IFC4", storey_name="Keller")
    ground = house.add_storey("EG", 2.5)
    upper = house.add_storey("OG 1", 5.5)
    house.properties(ground, "Pset_BuildingStoreyCommon", {"AboveGround": True})
    for number, storey in (("1", house.storey), ("2", ground), ("3", upper)):
        house.room(number, "Schlafen", (0, 0), (3, 3), storey=storey)
    rooms = rooms_of(made_of(house.write(tmp_path / "house.ifc")))
    assert [rooms[number].get("is_basement") for number in "123"] == [True, False, None]


def test_texts_beyond_ascii_are_read_however_they_are_written(tmp_path: Path) -> None:
    house = House()
    house.room("甲1", "厨房", (0, 0), (3, 3))
    path = house.write(tmp_path / "house.ifc")
    escaped = path.read_text(encoding="ascii")
    assert "\\X2\\" in escaped
    assert rooms_of(made_of(path))["甲1"]["kind"] == "kitchen"

    def plain(found: re.Match[str]) -> str:
        return bytes.fromhex(found[1]).decode("utf-16-be")

    path.write_text(re.sub(r"\\X2\\([0-9A-F]+)\\X0\\", plain, escaped), encoding="utf-8")
    raw = made_of(path)
    assert rooms_of(raw)["甲1"]["kind"] == "kitchen"
    assert "raw-bytes" in codes(raw)
    path.write_text(re.sub(r"\\X2\\([0-9A-F]+)\\X0\\", plain, escaped), encoding="gb18030")
    assert [fault["kind"] for fault in said_of(path)["faults"]] == ["not-encoded"]
    chinese = mapping(tmp_path, "encoding: gb18030\n")
    assert rooms_of(made_of(path, mapped=chinese))["甲1"]["kind"] == "kitchen"


def test_curtain_walls_are_not_passed_over(tmp_path: Path) -> None:
    house = House()
    house.room("1", "Bedroom", (0, 0), (3, 3))
    house.part("IfcCurtainWall", "glass", (0, 3, 0), (3, 0.1, 2.7))
    assert "curtain-wall" in codes(made_of(house.write(tmp_path / "house.ifc")))


def test_a_model_without_spaces_makes_no_empty_lists_of_flats(tmp_path: Path) -> None:
    house = House()
    house.opening("IfcDoor", "door", (0, 0, 0), (1, 2))
    made = made_of(house.write(tmp_path / "house.ifc"))
    assert set(building_of(made)) == {"id", "name"}
    assert {"no-rooms", "opening-without-room"} <= codes(made)
    assert len(made.data["incomplete"]) == 2


def test_two_models_make_one_project_unless_they_are_of_one_building(tmp_path: Path) -> None:
    paths = []
    for name in ("Haus A", "Haus B"):
        house = House()
        house.building.Name = name
        house.room("1", "Küche", (0, 0), (3, 3))
        paths.append(house.write(tmp_path / f"{name}.ifc"))
    both = made_of(*paths)
    assert [one["id"] for one in both.data["project"]["phases"][0]["buildings"]] == ["Haus A", "Haus B"]
    units = [one["stair_units"][0]["units"][0]["id"] for one in both.data["project"]["phases"][0]["buildings"]]
    assert units == ["?", "?-2"]
    with pytest.raises(SnapshotError) as refused:
        made_of(paths[0], paths[0])
    assert {problem.code for problem in refused.value.problems} == {"repeated-building", "repeated-element"}


@pytest.mark.parametrize(
    ("find", "replace", "kind"),
    [
        (r"(IFCSPACE\(')[^']*", r"\g<1>0000000000000000000001", "doubled-guid"),
        (r"(IFCRELAGGREGATES\([^)]*)#\d+(\)\))", r"\g<1>#999999\2", "dangling-reference"),
        (r"IFCSPACE\(", "IFCSPACEX(", "reader-error"),
        (r"\n#(\d+)=IFCSPACE", r"\n#1=IFCSPACE", "doubled-id"),
        (r"IFCUNITASSIGNMENT\(\(#\d+", "IFCUNITASSIGNMENT(($", "not-readable"),
        (r"FILE_SCHEMA\(\(", "FILE_SCHEMA(((", "not-readable"),
        (r"FILE_DESCRIPTION\(\('ViewDefinition", r"FILE_DESCRIPTION(('View\\definition", "reader-error"),
        (r"(IFCSPACE\('[^']*',#?[^,]*,)'1'", r"\g<1>1", "schema-violation"),
        (r"\n#1=", "\n#1" + "0" * 5_000 + "=", "not-readable"),
    ],
)
def test_damage_within_a_whole_text_is_refused(find: str, replace: str, kind: str, tmp_path: Path) -> None:
    house = House()
    for number in "12":
        house.room(number, "Kitchen", (0, 0), (3, 3))
    path = house.write(tmp_path / "house.ifc")
    whole = path.read_text(encoding="ascii")
    damaged = re.sub(find, replace, whole)
    assert damaged != whole
    path.write_text(damaged, encoding="ascii")
    assert kind in {fault["kind"] for fault in said_of(path)["faults"]}


def test_elements_that_the_library_loses_are_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()
    house.room("1", "Kitchen", (0, 0), (3, 3))
    path = house.write(tmp_path / "house.ifc")
    library = import_module("ifcopenshell").file
    real = library.from_string

    def forgetful(text: str) -> Any:
        model = real(text)
        model.remove(model.by_type("IfcSpace")[0])
        return model

    monkeypatch.setattr(library, "from_string", forgetful)
    details = [fault["detail"] for fault in said_of(path)["faults"] if fault["kind"] == "wrong-count"]
    assert any("IFCSPACE: 1 in the text, 0 read" in detail for detail in details)


def test_a_reference_to_a_thing_of_the_wrong_kind_lets_nothing_pass(tmp_path: Path) -> None:
    house = House()
    house.room("1", "Kitchen", (0, 0), (3, 3))
    path = house.write(tmp_path / "house.ifc")
    text = path.read_text(encoding="ascii")
    unit = re.search(r"#(\d+)=IFCUNITASSIGNMENT", text)
    assert unit is not None
    path.write_text(re.sub(r"(IFCRELAGGREGATES\([^()]*,\()#\d+", rf"\g<1>#{unit[1]}", text, count=1), encoding="ascii")
    assert "schema-violation" in {doubt.code for doubt in model_of(path).doubts}
    assert any("schema" in reason for reason in made_of(path).data["incomplete"])


def test_doubled_global_ids_of_relations_let_nothing_pass(tmp_path: Path) -> None:
    house = House()
    house.room("1", "Kitchen", (0, 0), (3, 3))
    path = house.write(tmp_path / "house.ifc")
    text = path.read_text(encoding="ascii")
    path.write_text(re.sub(r"(IFCRELAGGREGATES\(')[^']*", r"\g<1>0000000000000000000001", text), encoding="ascii")
    assert "doubled-guid" in codes(made_of(path))
    assert made_of(path).data["incomplete"]


def test_a_model_without_a_unit_of_length_is_refused(tmp_path: Path) -> None:
    house = House()
    house.room("1", "Kitchen", (0, 0), (3, 3))
    house.project.UnitsInContext = None
    assert [fault["kind"] for fault in said_of(house.write(tmp_path / "house.ifc"))["faults"]] == ["no-length-unit"]


def test_the_same_model_makes_the_same_bytes(tmp_path: Path) -> None:
    house = House()
    flat(house, ENGLISH)
    path = house.write(tmp_path / "house.ifc")
    assert made_of(path).to_json() == made_of(path).to_json()

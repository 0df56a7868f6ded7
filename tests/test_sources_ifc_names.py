"""What names and values say, without a model: kinds of rooms, floors, flats, and one value out of several."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ifc_reading import ground, mapping
from riskgate import LoadError
from riskgate.sources.ifc.choose import choose
from riskgate.sources.ifc.classify import floor_of, is_elsewhere, kind_of, kind_of_space
from riskgate.sources.ifc.facts import Space, Storey, Unit, Value
from riskgate.sources.ifc.mapping import FieldSources, Named, Tolerance
from riskgate.sources.ifc.names import key, words

TOLERANCE = Tolerance(0.01, 0.01)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Kitchen", "kitchen"),
        ("KITCHEN 2", "kitchen"),
        ("Küche", "kitchen"),
        ("Ku\u0308che", "kitchen"),  # the same letter in two characters
        ("厨房（西）", "kitchen"),
        ("厨房１", "kitchen"),
        ("Master Bedroom", "bedroom"),
        ("Schlafen/Eltern", "bedroom"),
        ("主卧室", "bedroom"),
        ("Bad / WC", "bathroom"),
        ("Gäste-WC", "bathroom"),
        ("en-suite bathroom", "bathroom"),
        ("Walk-In Closet", "cloakroom"),
        ("Living Room", "living"),
        ("Room", None),  # says nothing
        ("A101", None),
        ("", None),
        ("Wohnen / Essen", None),  # says two things
        ("Living/Dining", None),
        ("Kitchen shaft", None),  # has a word that no list knows
        ("Room next to kitchen", None),
        ("卫生间前室", None),
        ("Bathroomette", None),
    ],
)
def test_a_name_stands_for_a_kind_only_if_all_of_it_is_understood(name: str, kind: str | None) -> None:
    assert kind_of(name, mapping().rooms).kind == kind


def space(name: str, long_name: str = "", **rest: object) -> Space:
    return Space("g", "IfcSpace", name, long_name, **rest)  # type: ignore[arg-type]  # values of a test


def test_the_long_name_counts_and_a_property_helps_where_it_says_nothing() -> None:
    names = mapping().rooms
    assert kind_of_space(space("Bad", "Küche"), names).kind == "kitchen"
    assert kind_of_space(space("Bad", "17"), names).kind == "bathroom"
    assert kind_of_space(space("Bad", "Installationsraum"), names).kind is None  # not passed over for the number
    said = (Value("property", "Pset", "Raumfunktion", "Kochen"),)
    assert kind_of_space(space("1", "Raum", values=said), names).kind == "kitchen"


def test_a_stair_is_no_room_of_a_flat_unless_a_flat_has_it() -> None:
    assert is_elsewhere(space("T", "Treppenhaus"), mapping().rooms)
    assert is_elsewhere(space("R301", "Roof"), mapping().rooms)
    assert not is_elsewhere(space("1", "Bedroom"), mapping().rooms)


@pytest.mark.parametrize(
    ("name", "floor"),
    [
        ("Level 1", 1),
        ("Level 12", 12),
        ("EG", 1),
        ("1. OG", 2),
        ("OG 2", 3),
        ("5层", 5),
        ("第12层", 12),
        ("3F", 3),
        ("首层", 1),
    ]
    + [(name, None) for name in ("Roof", "T/FDN", "B1", "-1F", "Level 0", "1. UG", "DG", "", "Zwischengeschoss 2")],
)
def test_a_floor_has_the_number_that_the_name_of_its_storey_says(name: str, floor: int | None) -> None:
    assert floor_of(Storey("g", "IfcBuildingStorey", name), mapping().storeys) == floor


def spec(entity: str, name: str):  # type: ignore[no-untyped-def]  # noqa: ANN201 - a field of the vocabulary
    return ground().vocabulary.entities[entity].fields[name]


def area(number: float, kind: str = "quantity", unit: Unit = "m2", name: str = "A") -> Value:
    return Value(kind, "S", name, number, unit)  # type: ignore[arg-type]  # kinds of a test


SOURCES = FieldSources((Named("A"),), (Named("A"),), (), "floor_area")
AREA = ("room", "usable_area_m2")


def test_values_that_agree_are_no_conflict_and_others_all_stand_beside_the_first() -> None:
    chosen = choose(
        [area(10.0), area(10.05, "property"), area(9.0, "geometry", name="floor_area")], SOURCES, spec(*AREA), TOLERANCE
    )
    assert chosen.first is not None
    assert (chosen.first.value, [one.value for one in chosen.others]) == (10.0, [9.0])


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        (0.8999999999999999, 0.9),
        (2.900000000000012, 2.9),
        (1.72839494131539, 1.72839494131539),
        (1 / 3, 1 / 3),
        (12.0, 12.0),
    ],
)
def test_the_noise_of_reckoning_with_doubles_is_no_measure(stated: float, kept: float) -> None:
    """A guard of 0.90 m must not fail a limit of 0.90 m because somebody added three numbers."""
    chosen = choose([area(stated)], SOURCES, spec(*AREA), TOLERANCE)
    assert chosen.first is not None
    assert chosen.first.value == kept


@given(st.lists(st.floats(0.1, 100).map(lambda number: round(number, 4)), min_size=1, max_size=5))
@settings(deadline=None)
def test_the_first_value_stands_whatever_comes_after_it(numbers: list[float]) -> None:
    chosen = choose([area(number) for number in numbers], SOURCES, spec(*AREA), TOLERANCE)
    assert chosen.first is not None
    assert chosen.first.value == numbers[0]
    apart = [number for number in numbers if abs(number - numbers[0]) > TOLERANCE.area_share * max(number, numbers[0])]
    assert bool(chosen.others) == bool(apart)


@pytest.mark.parametrize(
    "value",
    [
        area(2.7, unit="m"),  # a length is no area
        area(10.0, unit=""),  # nobody says what the number measures
        area(0.0),  # a room that was never placed
        area(-1.0),
        area(float("nan")),
        area(float("inf")),
        Value("quantity", "S", "A", value=True),
        Value("quantity", "S", "A", "about ten"),
        Value("quantity", "S", "B", 10.0, "m2"),
    ],
)
def test_what_does_not_fit_the_field_is_not_taken(value: Value) -> None:
    assert choose([value], SOURCES, spec(*AREA), TOLERANCE).first is None


def test_a_height_of_nothing_is_no_height_and_a_sill_at_the_floor_is_one() -> None:
    none = [Value("property", "S", "A", 0.0, "m")]
    assert choose(none, SOURCES, spec("room", "clear_height_m"), TOLERANCE).first is None
    assert choose(none, SOURCES, spec("opening", "sill_height_m"), TOLERANCE).first is not None


def test_a_property_is_no_quantity() -> None:
    sources = FieldSources(quantities=(Named("A"),))
    assert choose([area(10.0, "property")], sources, spec(*AREA), TOLERANCE).first is None


def test_texts_with_a_unit_are_sizes() -> None:
    for text, size in (("3,5 m²", 3.5), ("3.5㎡", 3.5), ("35000 cm2", 3.5)):
        chosen = choose([Value("property", "S", "A", text)], SOURCES, spec(*AREA), TOLERANCE)
        assert chosen.first is not None
        assert chosen.first.value == pytest.approx(size)


def test_a_set_is_asked_for_where_the_mapping_names_one() -> None:
    sources = FieldSources(properties=(Named("Height", "Pset_RailingCommon"),))
    values = [
        Value("property", "Other", "Height", 2.0, "m"),
        Value("property", "pset railing common", "height", 1.1, "m"),
    ]
    chosen = choose(values, sources, spec("railing", "clear_height_m"), TOLERANCE)
    assert (chosen.first is not None and chosen.first.value, chosen.others) == (1.1, ())


def test_names_of_properties_are_one_whatever_their_spelling() -> None:
    assert {key(name) for name in ("Sill Height", "SillHeight", "sill_height", "SILL-HEIGHT", "Ｓill Height")} == {
        "sillheight"
    }
    assert key("Brüstungshöhe") != key("Bruestungshoehe")
    assert words("Bad 1 (OG)") == ("bad", "og")


def test_a_mapping_file_stands_upon_the_bundled_one(tmp_path: Path) -> None:
    own = mapping(tmp_path, "rooms: {kinds: {store: [Galerie, Diele]}}\ntolerance: {length_m: 0.5}\n")
    assert kind_of("Galerie", own.rooms).kind == "store"
    assert kind_of("Diele", own.rooms).kind == "store"  # what this file says of a name is stronger
    assert kind_of("storage", own.rooms).kind is None  # a kind that is named is named whole
    assert kind_of("Küche", own.rooms).kind == "kitchen"
    assert (own.tolerance.length_m, own.tolerance.area_share) == (0.5, 0.01)
    assert own.fields == mapping().fields


@pytest.mark.parametrize(
    ("text", "code", "near"),
    [
        ("romms: {}\n", "unknown-key", "rooms"),
        ("rooms: {kinds: {kitchn: [Galley]}}\n", "unknown-value", "kitchen"),
        ("rooms: {kinds: {kitchen: [Galley], store: [galley]}}\n", "doubled-name", "kitchen"),
        ("rooms: {kinds: {kitchen: ['12']}}\n", "no-words", ""),
        ("units: {names: ['([A-Z']}\n", "bad-pattern", "missing"),
        ("units: {names: ['^([A-Z])']}\n", "bad-pattern", "(?P<id>"),
        ("units: {rest: guess}\n", "unknown-value", "together"),
        ("fields: {room: {usable_aera_m2: {geometry: floor_area}}}\n", "unknown-field", "usable_area_m2"),
        ("fields: {room: {usable_area_m2: {geometry: volume}}}\n", "unknown-value", "floor_area"),
        ("fields: {door: {clear_width_m: {properties: [{name: B, unit: furlong}]}}}\n", "unknown-value", "mm"),
        ("doors: {kinds: {kitchen: kitchen_dor}}\n", "unknown-value", "kitchen_door"),
        ("tolerance: {length_m: -1}\n", "wrong-type", "0 or more"),
        (
            "entities: {building: phase, unit: unit, room: site, opening: opening, railing: railing, stair: stair}\n",
            "wrong-entity",
            "",
        ),
        ("encoding: utf8\n", "unknown-value", "utf-8"),
    ],
)
def test_a_mapping_file_that_cannot_be_meant_is_refused_with_its_place(
    text: str, code: str, near: str, tmp_path: Path
) -> None:
    with pytest.raises(LoadError) as refused:
        mapping(tmp_path, text)
    problem = refused.value.problems[0]
    assert problem.code == code
    assert (problem.place.line, near in problem.render()) == (2, True)

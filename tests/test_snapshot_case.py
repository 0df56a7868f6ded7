"""The miniature snapshots of rule cases."""

from datetime import UTC, date, datetime

import pytest

from riskgate.errors import SnapshotError
from snapshot_vocabulary import READER, good


def _problems(entity: str, entities: dict[str, object]) -> dict[str, str]:
    with pytest.raises(SnapshotError) as caught:
        READER.read_case(entity, entities)  # type: ignore[arg-type]  # wrong shapes are the point here
    return {problem.place.pointer or "": problem.code for problem in caught.value.problems}


def test_ancestors_exist_with_no_fields() -> None:
    snapshot = READER.read_case("room", {"room": {"kind": "kitchen", "net_m2": 4}})
    project, building, unit, room = snapshot.chain("room", 0)
    assert room == {"kind": "kitchen", "net_m2": 4.0}
    assert (set(project), set(building), set(unit)) == ({"buildings"}, {"units"}, {"rooms"})
    assert snapshot.as_of is None


def test_an_entity_that_is_left_out_is_absent_at_its_parent() -> None:
    snapshot = READER.read_case("room", {"unit": {"sold": True}})
    assert snapshot.tables["unit"].entities == [{"sold": True}]
    assert (snapshot.tables["room"].entities, snapshot.tables["room"].absent) == ([], [0])
    snapshot = READER.read_case("road", {})
    assert (snapshot.tables["site"].entities, snapshot.tables["road"].absent) == ([{}], [0])


def test_others_come_in_by_their_type_or_within_their_parent() -> None:
    snapshot = READER.read_case(
        "complaint",
        {
            "project": {"opens_on": date(2026, 5, 1), "permits": [{"kind": "planning"}, {}]},
            "complaint": {"unit_id": "0803", "owner": "sales"},
            "unit": {"id": "0803", "rooms": [{"kind": "kitchen"}]},
            "site": {"slope_pct": 2},
        },
    )
    counts = {name: len(table.entities) for name, table in snapshot.tables.items() if table.entities}
    assert counts == dict.fromkeys(("project", "site", "building", "unit", "room", "complaint"), 1) | {"permit": 2}
    assert snapshot.project["opens_on"] == datetime(2026, 5, 1, tzinfo=UTC)
    assert snapshot.by_id("unit")["0803"]["rooms"] == [{"kind": "kitchen"}]


def test_nothing_is_required_and_references_may_lead_nowhere() -> None:
    snapshot = READER.read_case("complaint", {"complaint": {"unit_id": "none", "visits": [{"unit_id": "x"}]}})
    assert snapshot.tables["complaint"].entities[0]["unit_id"] == "none"


def test_values_and_names_are_checked_and_placed_as_the_author_wrote_them() -> None:
    assert _problems("room", {"room": {"kind": "kichen", "net_m2": "4", "load": {"on": "soon-ish-x"}}}) == {
        "/room/kind": "unknown-value",
        "/room/net_m2": "wrong-type",
        "/room/load/on": "bad-date",
    }
    assert _problems("room", {"room": {"net_m": 4}, "project": {"nmae": "x"}}) == {
        "/room/net_m": "unknown-field",
        "/project/nmae": "unknown-field",
    }
    assert _problems("room", {"unit": {"rooms": [{"kind": "x"}]}}) == {"/unit/rooms/0/kind": "unknown-value"}
    assert _problems("room", {"room": {"net_m2": float("inf")}}) == {"/room/net_m2": "not-a-number"}
    assert _problems("room", {"romo": {}}) == {"/romo": "unknown-entity"}
    assert _problems("nothing", {}) == {"/nothing": "unknown-entity"}
    assert _problems("room", {"room": 3}) == {"/room": "wrong-type"}
    assert _problems("room", {"room": {}, "unit": {"rooms": []}}) == {"/unit/rooms": "given-twice"}


def test_a_whole_snapshot_in_a_case_is_read_like_any_other() -> None:
    assert READER.read(good()).project == READER.read(good(), name="case").project


def test_the_entities_of_a_case_are_left_as_they_were() -> None:
    entities = {"room": {"kind": " kitchen "}, "project": {"opens_on": "2026-05-01"}}
    assert READER.read_case("room", entities).tables["room"].entities == [{"kind": "kitchen"}]
    assert entities == {"room": {"kind": " kitchen "}, "project": {"opens_on": "2026-05-01"}}

"""Good snapshots: what the tree and its tables hold after reading."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import orjson
import pytest

from riskgate.errors import SnapshotError
from riskgate.snapshot import Snapshot
from snapshot_vocabulary import READER, VOCABULARY, encode, good


def _read(data: dict[str, Any]) -> Snapshot:
    return READER.read(encode(data))


def test_every_entity_is_in_the_table_of_its_type_in_document_order() -> None:
    snapshot = _read(good())
    assert {name: len(table.entities) for name, table in snapshot.tables.items()} == {
        "project": 1,
        "node_record": 2,
        "site": 1,
        "road": 2,
        "building": 2,
        "unit": 2,
        "room": 3,
        "complaint": 1,
        "permit": 1,
    }
    rooms = snapshot.tables["room"]
    assert [room["id"] for room in rooms.entities] == ["K1", "B1", "K1"]
    assert (rooms.parents, rooms.indexes) == ([0, 0, 1], [0, 1, 0])
    assert snapshot.tables["unit"].absent == []
    assert snapshot.pointer("room", 2) == "/project/buildings/0/units/1/rooms/0"
    assert snapshot.address("room", 2) == "buildings[3]/units[0804]/rooms[K1]"
    assert snapshot.address("road", 1) == "site/roads[#1]"
    assert (snapshot.address("project", 0), snapshot.pointer("project", 0)) == ("project", "/project")
    assert snapshot.ordinals("room", 2) == (0, 0, 1, 2)
    assert [entity["id"] for entity in snapshot.chain("room", 2)] == ["P1", "3", "0804", "K1"]
    assert snapshot.chain("room", 2)[-1] is rooms.entities[2]


def test_absent_collections_and_singles_are_named_at_their_parent() -> None:
    snapshot = _read({"riskgate": 1, "project": {"id": "P", "buildings": []}})
    tables = snapshot.tables
    assert (tables["building"].absent, tables["site"].absent, tables["permit"].absent) == ([0], [0], [0])
    assert (tables["unit"].absent, tables["road"].absent) == ([], [])
    data = {"id": "P", "buildings": [{"id": "1"}, {"id": "2", "units": []}, {"id": "3", "units": None}], "site": {}}
    tables = _read({"riskgate": 1, "project": data}).tables
    assert (tables["building"].absent, tables["unit"].absent, tables["road"].absent) == ([], [0, 2], [0])


def test_values_are_what_rules_expect() -> None:
    project = _read(good()).project
    assert project["opens_on"] == datetime(2026, 12, 5, tzinfo=UTC)
    assert project["current_node"] == "opening"
    assert [node["id"] for node in project["nodes"]] == ["drawing-review", "opening"]
    assert type(project["site"]["slope_pct"]) is float
    assert type(project["buildings"][0]["storeys"]) is int
    room = project["buildings"][0]["units"][0]["rooms"][1]
    assert room["load"] == {"live": 2.0, "on": datetime(2026, 1, 2, tzinfo=UTC)}
    complaint = project["complaints"][0]
    assert complaint["received_at"] == datetime(2026, 11, 1, 1, 30, tzinfo=UTC)
    assert complaint["received_at"].utcoffset() == timedelta(hours=8)
    assert complaint["visits"][0]["at"] == datetime(2026, 11, 2, 10, tzinfo=UTC)
    assert complaint["owners"] == ["sales"]


def test_blank_texts_and_null_are_missing_and_space_is_taken_off() -> None:
    data = good()
    room = {"id": "\u3000K1 ", "kind": " kitchen\n", "net_m2": "", "adjacent_to": [" bedroom"], "load": None}
    data["project"] |= {"name": "  ", "opens_on": " 2026-12-05 ", "current_node": "", "share": None, "site": None}
    data["project"]["buildings"][0]["units"][0]["rooms"] = [room]
    project = _read(data).project
    assert [project[key] for key in ("name", "current_node", "share", "site")] == [None] * 4
    assert project["opens_on"] == datetime(2026, 12, 5, tzinfo=UTC)
    read = project["buildings"][0]["units"][0]["rooms"][0]
    assert read == {"id": "K1", "kind": "kitchen", "net_m2": None, "adjacent_to": ["bedroom"], "load": None}


def test_the_largest_integers_and_any_finite_double_pass() -> None:
    project = '{"id": "P", "site": {"slope_pct": 1e300}, "buildings": [{"id": "1", "storeys": %d}], "x": [%d, 1.5e300]}'
    text = '{"riskgate": 1, "project": ' + project % (2**63 - 1, -(2**63)) + "}"
    read = READER.read(text.encode()).project
    assert read["site"]["slope_pct"] == 1e300
    assert (read["buildings"][0]["storeys"], read["x"][0]) == (2**63 - 1, -(2**63))


def test_unknown_fields_are_kept_and_noted_in_groups() -> None:
    data = good()
    for room in data["project"]["buildings"][0]["units"][0]["rooms"]:
        room["net_m"] = {"any": [1, None, "x"]}
    data["project"]["buildings"][0]["units"][0]["rooms"][1]["load"]["livee"] = 1
    snapshot = _read(data)
    assert snapshot.tables["room"].entities[0]["net_m"] == {"any": [1, None, "x"]}
    notes = {note.pointer: note for note in snapshot.notes if note.code == "unknown-field"}
    start = "/project/buildings/0/units/0/rooms"
    assert {place: note.count for place, note in notes.items()} == {f"{start}/0/net_m": 2, f"{start}/1/load/livee": 1}
    assert "did you mean `net_m2`" in notes[f"{start}/0/net_m"].message.en
    assert "`load.live`" in notes[f"{start}/1/load/livee"].message.en


def test_list_entities_without_an_id_are_noted() -> None:
    notes = {note.pointer: note.count for note in _read(good()).notes if note.code == "no-id"}
    assert notes == {"/project/site/roads/1": 1, "/project/permits/0": 1}


def test_what_the_exporter_says_of_the_data_is_kept() -> None:
    data = good()
    data |= {
        "incomplete": ["two buildings were not read"],
        "origins": {"/project/opens_on": "ERP", "/project/share": "sheet 2"},
        "conflicts": [
            {"pointer": "/project/buildings/0/storeys", "values": [18, 19]},
            {"pointer": "/project/buildings/0/units/0/rooms", "values": [3, 4]},
            {"pointer": "/project/share", "values": [0.5, 0.6]},
        ],
    }
    snapshot = _read(data)
    assert snapshot.as_of == date(2026, 11, 20)
    assert snapshot.incomplete == ("two buildings were not read",)
    assert snapshot.origins == {"/project/opens_on": "ERP", "/project/share": "sheet 2"}
    assert snapshot.conflicts["/project/buildings/0/storeys"] == (18, 19)
    assert snapshot.tables["building"].entities[0]["storeys"] is None
    assert snapshot.tables["unit"].entities[0]["rooms"] is None
    assert (len(snapshot.tables["room"].entities), snapshot.tables["room"].absent) == (1, [0])
    assert [note.pointer for note in snapshot.notes if note.code == "conflict"] == list(snapshot.conflicts)


def test_the_date_of_the_snapshot_may_be_missing() -> None:
    for as_of in (None, "", " "):
        assert _read(good() | {"as_of": as_of}).as_of is None


def test_the_offset_of_the_project_is_read() -> None:
    assert _read(good()).utc_offset == timezone(timedelta(hours=8))
    data = good()
    data["project"]["utc_offset"] = "-05:30"
    assert _read(data).utc_offset == timezone(-timedelta(hours=5, minutes=30))


def test_all_ways_in_give_the_same_tree(tmp_path: Path) -> None:
    body = encode(good())
    file = tmp_path / "s.json"
    file.write_bytes(body)
    from_bytes = READER.read(body)
    for source in (file, str(file), b"\xef\xbb\xbf" + body):
        assert READER.read(source).project == from_bytes.project
    assert READER.read(file).sha256 == from_bytes.sha256
    assert READER.read(file).name == str(file)
    assert READER.read(file, name="x").name == "x"
    data = good()
    data["as_of"] = date(2026, 11, 20)
    data["project"]["opens_on"] = date(2026, 12, 5)
    data["project"]["complaints"][0]["received_at"] = datetime(2026, 11, 1, 9, 30, tzinfo=timezone(timedelta(hours=8)))
    from_data = READER.read(data)
    assert from_data.project == from_bytes.project
    assert from_data.as_of == from_bytes.as_of
    assert data["project"]["opens_on"] == date(2026, 12, 5), "the caller's data are left as they were"


def test_colons_within_texts_are_no_doubled_keys() -> None:
    data = good()
    data["project"]["name"] = 'a:b ":": "c\\": 1'
    data["project"][":x:"] = {"deep:": [{":": ":"}]}
    assert READER.read(encode(data)).project["name"] == data["project"]["name"]
    assert READER.read(json.dumps(data, indent=1).encode()).project[":x:"] == {"deep:": [{":": ":"}]}
    assert READER.read(orjson.dumps(data)).project["id"] == "P1"
    escaped = encode(data).replace(b"a:b", b"a\\u003ab")
    assert READER.read(escaped).project["name"] == data["project"]["name"]


def test_look_up_by_id_leaves_out_ids_that_two_entities_have() -> None:
    snapshot = _read(good())
    assert set(snapshot.by_id("unit")) == {"0803", "0804"}
    assert set(snapshot.by_id("room")) == {"B1"}
    assert snapshot.by_id("unit")["0804"] is snapshot.tables["unit"].entities[1]


def test_rank_is_the_order_of_the_addresses() -> None:
    data = good()
    data["project"]["buildings"] = [{"id": name} for name in ("3", "10", "2")]
    data["project"]["complaints"] = []
    snapshot = _read(data)
    assert snapshot.rank("building") == [2, 0, 1]
    assert snapshot.rank("site") == [0]


def test_addresses_that_nothing_has_are_not_found() -> None:
    snapshot = _read(good())
    assert snapshot.find("project") == ("project", 0)
    assert snapshot.find("site/roads[#1]") == ("road", 1)
    for address in (
        "",
        "site[1]",
        "buildings",
        "buildings[9]",
        "nowhere",
        "site/roads[#0]",
        "project/site",
        "/site",
        "a[b",
    ):
        assert snapshot.find(address) is None


def test_a_reader_is_for_one_vocabulary_and_keeps_it() -> None:
    assert _read(good()).vocabulary is VOCABULARY
    with pytest.raises(SnapshotError, match="slope_pct"):
        _read({"riskgate": 1, "project": {"id": "P", "site": {"slope_pct": "steep"}}})


def test_the_values_of_a_conflict_may_say_where_they_come_from() -> None:
    conflict = {"pointer": "/project/share", "values": [0.1, "x"], "origins": ["model.ifc", " list.xlsx A!B2 "]}
    snapshot = READER.read({"riskgate": 1, "project": {"id": "P", "share": 0.1}, "conflicts": [conflict]})
    assert snapshot.conflict_origins == {"/project/share": ("model.ifc", "list.xlsx A!B2")}
    (note,) = snapshot.notes
    assert note.message.en == "sources disagree: 0.1 (model.ifc); x (list.xlsx A!B2)"
    assert note.pointer == "/project/share"


def test_the_references_of_a_part_may_lead_to_other_parts() -> None:
    part = {"riskgate": 1, "project": {"id": "P", "complaints": [{"id": "d", "unit_id": "elsewhere"}]}}
    assert READER.read(part, partial=True).project["complaints"][0]["unit_id"] == "elsewhere"
    with pytest.raises(SnapshotError):
        READER.read(part)

"""Merging snapshots: what sources agree on stands, what they do not is a conflict; their order is of no account."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskgate import ChoiceError, Gate, LoadError, SnapshotError, sources
from riskgate.sources.merging.agree import Tolerance
from strategies_cel import law_settings

GATE = Gate.load()
UNIT = "/project/phases/0/buildings/0/stair_units/0/units/0"
AREA = f"{UNIT}/area_result/contract_area_m2"


def flat(area: float | None = None, **rest: Any) -> dict[str, Any]:
    """A snapshot with one flat."""
    unit = {"id": "0801", **rest, **({} if area is None else {"area_result": {"contract_area_m2": area}})}
    building = {"id": "3", "stair_units": [{"id": "1", "units": [unit]}]}
    return {
        "riskgate": 1,
        "as_of": "2026-11-20",
        "project": {"id": "P", "phases": [{"id": "1", "buildings": [building]}]},
    }


def merged(*parts: Mapping[str, Any], **rest: Any) -> Mapping[str, Any]:
    return sources.merge({f"s{n}.json": part for n, part in enumerate(parts, 1)}, gate=GATE, **rest).data


def unit_of(data: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = data["project"]["phases"][0]["buildings"][0]["stair_units"][0]["units"][0]
    return found


def test_entities_are_matched_by_their_ids_and_fields_put_together() -> None:
    one = flat(89.5, floor=8)
    other = flat(unit_type="A")
    other["project"]["permits"] = [{"id": "p10"}, {"id": "p9"}]
    data = merged(one, other)
    assert unit_of(data) == {
        "id": "0801",
        "unit_type": "A",
        "floor": 8,
        "area_result": {"contract_area_m2": 89.5},
    }
    assert [permit["id"] for permit in data["project"]["permits"]] == ["p9", "p10"]


def test_values_that_differ_are_a_conflict_with_every_value_and_origin() -> None:
    one, other = flat(89.5), flat(88.2)
    one["origins"] = {AREA: "model.ifc 2x"}
    data = merged(one, other, flat(89.5))
    assert data["conflicts"] == [
        {"pointer": AREA, "values": [89.5, 88.2], "origins": ["model.ifc 2x; s3.json", "s2.json"]}
    ]
    assert "contract_area_m2" not in unit_of(data)["area_result"]
    assert GATE.snapshot(data).conflict_origins[AREA] == ("model.ifc 2x; s3.json", "s2.json")


def test_a_rule_that_reads_a_conflict_is_a_gap_until_somebody_decides() -> None:
    parts = (flat(89.5, sale_status="signed"), flat(88.2))
    other = {**flat(), "project": {**flat()["project"]}}
    unit_of(other)["area_result"] = {"measured_area_m2": 88.0}  # type: ignore[index]  # a dict of ours
    data = merged(*parts, other)
    gaps = GATE.check(data, all_gaps=True).gaps
    assert any(gap.reason == "conflict" and "area_result.contract_area_m2" in gap.missing for gap in gaps)
    decided = merged(*parts, other, prefer=["s2.json"])
    assert unit_of(decided)["area_result"]["contract_area_m2"] == 88.2
    assert not any("area_result.contract_area_m2" in gap.missing for gap in GATE.check(decided, all_gaps=True).gaps)


def test_numbers_within_the_tolerance_agree_whoever_comes_first() -> None:
    parts = [flat(89.5), flat(89.49), flat(89.5)]
    for order in (parts, parts[::-1]):
        data = merged(*order, tolerance=Tolerance(units={"m2": 0.01}))
        assert unit_of(data)["area_result"] == {"contract_area_m2": 89.5}
    assert "conflicts" in merged(*parts, tolerance=Tolerance(units={"m2": 0.009}))
    assert "conflicts" in merged(*parts, tolerance=1e-5)
    assert "conflicts" not in merged(*parts, tolerance=2e-4)
    assert "conflicts" not in merged(*parts, tolerance=Tolerance(fields={"area_result.contract_area_m2": 0.01}))


def test_of_numbers_that_differ_within_the_tolerance_the_one_taken_has_its_own_origin() -> None:
    named = {"model": flat(89.47), "prices": flat(89.5), "contracts": flat(89.5)}
    named["model"]["origins"] = {AREA: "tower.ifc 2x"}
    named["prices"]["origins"] = {AREA: "prices.xlsx C2"}
    made = sources.merge(named, gate=GATE, tolerance=Tolerance(units={"m2": 0.05}))
    assert unit_of(made.data)["area_result"] == {"contract_area_m2": 89.5}
    assert made.data["origins"][AREA] == "prices.xlsx C2"
    (note,) = (note for note in made.notes if note.code == "within-tolerance")
    assert "89.5 (prices.xlsx C2, contracts); 89.47 (tower.ifc 2x): the first was taken" in note.message.en
    assert "89.5 (prices.xlsx C2, contracts); 89.47 (tower.ifc 2x)：取前一个" in note.message.zh


def test_agreement_is_of_all_not_of_neighbours() -> None:
    assert "conflicts" in merged(flat(10.0), flat(10.01), flat(10.02), tolerance=Tolerance(units={"m2": 0.01}))


def test_the_same_moment_and_the_same_ids_agree() -> None:
    one, other = flat(), flat()
    complaint = {"id": "c", "unit_id": "0801", "received_at": "2026-11-02T09:30:00+08:00"}
    one["project"]["complaints"] = [complaint]
    other["project"]["complaints"] = [{**complaint, "received_at": "2026-11-02T01:30:00Z"}]
    one["project"]["permits"] = [{"id": "p", "covers_buildings": ["3"]}]
    other["project"]["nodes"] = [{"id": "N10", "status": "passed"}]
    one["project"]["nodes"] = [{"id": "drawing-review", "status": "passed"}]
    data = merged(one, other)
    assert "conflicts" not in data
    assert data["project"]["nodes"] == [{"id": "drawing-review", "status": "passed"}]


def test_references_may_lead_from_one_source_to_another() -> None:
    complaints = flat()
    complaints["project"] = {"id": "P", "complaints": [{"id": "c", "unit_id": "0801"}]}
    assert merged(complaints, flat())["project"]["complaints"] == [{"id": "c", "unit_id": "0801"}]
    with pytest.raises(SnapshotError, match="0801"):
        merged(complaints)


def test_conflicts_incompleteness_and_origins_are_carried_to_their_new_places() -> None:
    one, other = flat(), flat(88.2)
    one["conflicts"] = [{"pointer": f"{UNIT}/floor", "values": [8, 9]}]
    unit_of(one)["floor"] = 8  # type: ignore[index]  # a dict of ours
    one["incomplete"], other["incomplete"] = ["no drawings", "half"], ["half"]
    other["origins"] = {AREA: "list.xlsx A!B2"}
    first = flat()
    first["project"]["phases"].insert(0, {"id": "0"})
    data = merged(one, other, first)
    moved = UNIT.replace("phases/0", "phases/1")
    assert data["conflicts"] == [{"pointer": f"{moved}/floor", "values": [8, 9], "origins": ["s1.json", "s1.json"]}]
    assert data["origins"] == {AREA.replace("phases/0", "phases/1"): "list.xlsx A!B2"}
    assert data["incomplete"] == ["no drawings", "half"]


def test_a_conflict_stays_one_whatever_others_say() -> None:
    one = flat()
    one["conflicts"] = [{"pointer": f"{UNIT}/floor", "values": [8], "origins": ["somebody, who is not sure"]}]
    data = merged(one, flat(floor=8))
    assert data["conflicts"] == [
        {"pointer": f"{UNIT}/floor", "values": [8], "origins": ["somebody, who is not sure; s2.json"]}
    ]


def test_what_has_no_id_is_kept_and_equal_ones_are_one() -> None:
    one, other = flat(), flat()
    one["project"]["permits"] = [{"kind": "presale"}, {"kind": "presale"}, {"id": "p"}]
    other["project"]["permits"] = [{"kind": "presale"}, {"kind": "works_permit"}]
    other["origins"] = {"/project/permits/1/kind": "list.xlsx A!B3"}
    made = sources.merge({"a": one, "b": other}, gate=GATE)
    kinds = [permit.get("kind") for permit in made.data["project"]["permits"]]
    assert kinds == [None, "presale", "presale", "works_permit"]
    assert made.data["origins"] == {"/project/permits/3/kind": "list.xlsx A!B3"}
    assert "taken-once" in {note.code for note in made.notes}


def test_projects_and_days_must_be_one() -> None:
    other = flat()
    other["project"]["id"] = "Q"
    with pytest.raises(ChoiceError, match="different projects"):
        merged(flat(), other)
    later = {**flat(), "as_of": "2026-12-01"}
    with pytest.raises(ChoiceError, match="different days"):
        merged(flat(), later)
    made = sources.merge({"a": flat(), "b": later}, gate=GATE, as_of="2026-12-01")
    assert made.data["as_of"] == "2026-12-01"
    assert "day-set" in {note.code for note in made.notes}


def test_a_list_that_one_source_says_is_empty_is_named() -> None:
    one, other = flat(), flat()
    one["project"]["permits"], other["project"]["permits"] = [], [{"id": "p"}]
    made = sources.merge({"a": one, "b": other}, gate=GATE)
    assert made.data["project"]["permits"] == [{"id": "p"}]
    assert {"none-said"} <= {note.code for note in made.notes}


DECISION = """decisions:
  - entity: phases[1]/*
    field: contract_area_m2
    take: s2.json
    decided_by: 张三
    decided_on: 2026-11-21
    reason: 合同已备案；以合同为准
"""


def decide(tmp_path: Path, text: str) -> Mapping[str, Any]:
    path = tmp_path / "decisions.yaml"
    path.write_text(text, encoding="utf-8")
    return merged(flat(89.5), flat(88.2), decisions=[path])


def test_a_decision_and_its_reason_stay_with_the_value(tmp_path: Path) -> None:
    data = decide(tmp_path, DECISION)
    assert unit_of(data)["area_result"] == {"contract_area_m2": 88.2}
    (origin,) = data["origins"].values()
    for part in ("s2.json", "张三 2026-11-21", "合同已备案，以合同为准", "89.5 (s1.json)"):
        assert part in origin
    assert unit_of(decide(tmp_path, DECISION.replace("take: s2.json", "value: 89.5")))["area_result"] == {
        "contract_area_m2": 89.5
    }


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("take: s2.json", "take: s3.json", "no value or source"),
        ("take: s2.json", "value: 90", "no value or source"),
        ("take: s2.json", "take: s2.json\n    value: 88.2", "either `take` or `value`"),
        ("phases[1]", "phasen[1]", "phasen"),
        ("contract_area_m2", "contract_area", "unknown field"),
        ("    decided_by: 张三\n", "", "`decided_by` is missing"),
        ("2026-11-21", "2026-02-30", "a date"),
        ("reason", "raeson", "raeson"),
    ],
)
def test_a_decision_that_cannot_be_carried_out_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(LoadError, match=said):
        decide(tmp_path, DECISION.replace(old, new))


def test_two_decisions_that_do_not_agree_are_named(tmp_path: Path) -> None:
    second = DECISION.partition("\n")[2].replace("s2.json", "s1.json")
    with pytest.raises(LoadError, match="do not agree"):
        decide(tmp_path, DECISION + second)


def test_who_is_preferred_must_be_a_source() -> None:
    with pytest.raises(ChoiceError, match=r"no source `s9\.json`"):
        merged(flat(89.5), flat(88.2), prefer=["s9.json"])


@pytest.mark.parametrize(
    "tolerance", [-1.0, float("nan"), Tolerance(units={"m3": 1}), Tolerance(fields={"unit.id": 1})]
)
def test_a_tolerance_must_make_sense(tolerance: Tolerance | float) -> None:
    with pytest.raises(ChoiceError):
        merged(flat(), flat(), tolerance=tolerance)


# -- laws

ROOMS = st.dictionaries(
    st.sampled_from(["K1", "K2", "B1"]),
    st.fixed_dictionaries(
        {},
        optional={
            "kind": st.sampled_from(["kitchen", "bedroom"]),
            "usable_area_m2": st.sampled_from([3.5, 3.6, 9.0]),
            "has_window": st.booleans(),
            "adjacent_to": st.lists(st.sampled_from(["kitchen", "hall"]), max_size=2),
        },
    ),
    max_size=3,
)
UNITS = st.dictionaries(st.sampled_from(["1", "2", "10"]), ROOMS, max_size=3)


@st.composite
def parts(draw: st.DrawFn) -> dict[str, Any]:
    units = [
        {"id": ident, "rooms": [{"id": name, **fields} for name, fields in rooms.items()]}
        for ident, rooms in draw(UNITS).items()
    ]
    data = flat()
    data["project"]["phases"][0]["buildings"][0]["stair_units"][0]["units"] = units
    data["project"]["permits"] = draw(
        st.lists(st.sampled_from([{"kind": "presale"}, {"id": "p", "number": "7"}]), max_size=1)
    )
    pointers = [
        (
            f"/project/phases/0/buildings/0/stair_units/0/units/{u}/rooms/{r}/{name}",
            f"{draw(st.sampled_from('xyz'))}.ifc {u}{r}",
        )
        for u, unit in enumerate(units)
        for r, room in enumerate(unit["rooms"])
        for name in room
        if name != "id"
    ]
    data["origins"] = dict(pointers)
    return data


def settled(data: Mapping[str, Any]) -> Any:
    """What a merge says, without who is named first."""
    plain = json.loads(json.dumps(data))
    plain["incomplete"] = sorted(plain.get("incomplete", []))
    plain["origins"] = {key: sorted(text.split("; ")) for key, text in plain.get("origins", {}).items()}
    plain["conflicts"] = sorted(
        [
            one["pointer"],
            sorted([json.dumps(v), sorted(o.split("; "))] for v, o in zip(one["values"], one["origins"], strict=True)),
        ]
        for one in plain.get("conflicts", [])
    )
    return plain


LAW = law_settings(60)


@LAW
@given(st.lists(parts(), min_size=1, max_size=3), st.randoms())
def test_the_order_of_sources_changes_nothing_but_who_is_named_first(drawn: list[dict[str, Any]], random: Any) -> None:
    named = {f"{n}.json": part for n, part in enumerate(drawn)}
    shuffled = list(named.items())
    random.shuffle(shuffled)
    first = sources.merge(named, gate=GATE).data
    assert settled(first) == settled(sources.merge(dict(shuffled), gate=GATE).data)


@LAW
@given(parts())
def test_a_source_merged_with_itself_is_what_it_is_alone(part: dict[str, Any]) -> None:
    alone = sources.merge({"a": part}, gate=GATE).data
    assert sources.merge({"a": part, "b": part}, gate=GATE).data == alone
    assert sources.merge({"a": alone}, gate=GATE).data == alone


@LAW
@given(parts(), parts(), parts())
def test_in_which_steps_sources_are_merged_is_of_no_account(
    one: dict[str, Any], two: dict[str, Any], three: dict[str, Any]
) -> None:
    tolerance = Tolerance(0.0)
    pair = sources.merge({"one": one, "two": two}, gate=GATE, tolerance=tolerance).data
    steps = sources.merge({"pair": pair, "three": three}, gate=GATE, tolerance=tolerance).data
    at_once = sources.merge({"one": one, "two": two, "three": three}, gate=GATE, tolerance=tolerance).data
    assert settled(steps) == settled(at_once)


@LAW
@given(parts(), parts())
def test_no_value_is_lost_and_none_is_made_up(one: dict[str, Any], two: dict[str, Any]) -> None:
    data = sources.merge({"one": one, "two": two}, gate=GATE).data
    stated = [claims(part) for part in (one, two)]
    kept = claims(data)
    disputed = {conflict["pointer"] for conflict in data.get("conflicts", [])}
    assert len(disputed) == sum(stated[0][spot] != stated[1][spot] for spot in stated[0].keys() & stated[1].keys())
    for spot in stated[0].keys() | stated[1].keys():
        said = {json.dumps(claims_of[spot]) for claims_of in stated if spot in claims_of}
        assert (spot in kept) == (len(said) == 1)
        assert spot not in kept or json.dumps(kept[spot]) in said
    assert kept.keys() <= stated[0].keys() | stated[1].keys()


def claims(data: Mapping[str, Any]) -> dict[tuple[str, str, str], Any]:
    """Values of rooms by flat, room and field."""
    return {
        (unit["id"], room["id"], name): value
        for unit in data["project"]["phases"][0]["buildings"][0]["stair_units"][0]["units"]
        for room in unit["rooms"]
        for name, value in room.items()
        if name != "id"
    }

"""The gate as an integrator calls it: choices, days, parameters, reuse, threads."""

import datetime as dt
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskgate import ChoiceError, Gate, LoadError, Report, SnapshotError

EXAMPLES = Path(__file__).parent.parent / "examples"
DUPLEX = EXAMPLES / "duplex.json"


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate.load()


def codes(error: ChoiceError | SnapshotError) -> set[str]:
    return {problem.code for problem in error.problems}


def test_a_node_may_be_named_by_id_or_code_alone_or_in_a_list(gate: Gate) -> None:
    by_code, by_id = gate.check(DUPLEX, nodes=["N10"]), gate.check(DUPLEX, nodes="drawing-review")
    assert by_code.to_json() == by_id.to_json()
    assert by_code.selection.nodes == ("drawing-review",)


def test_everything_that_was_asked_for_and_does_not_exist_is_named_together(gate: Gate) -> None:
    with pytest.raises(ChoiceError) as caught:
        gate.check(DUPLEX, nodes=["N99", "no-such"], params={"no_such": 1})
    assert [problem.code for problem in caught.value.problems].count("unknown-node") == 2
    assert codes(caught.value) == {"unknown-node", "unknown-parameter"}


def test_an_empty_choice_is_refused(gate: Gate) -> None:
    with pytest.raises(ChoiceError) as caught:
        gate.check(DUPLEX, nodes=[])
    assert codes(caught.value) == {"empty-choice"}


def test_a_parameter_set_twice_is_refused(gate: Gate) -> None:
    name = "min_fridge_width_m"
    with pytest.raises(ChoiceError) as caught:
        gate.check(DUPLEX, params={name: 0.7, f"drawing-review.{name}": 0.8})
    assert codes(caught.value) == {"doubled-parameter"}


def test_a_parameter_changes_what_is_a_risk_and_the_report_says_so(gate: Gate) -> None:
    data = EXAMPLES / "binjiang" / "1-drawing-review.json"
    name = "drawing-review.min_fridge_width_m"
    usual, narrow = gate.check(data), gate.check(data, params={name: "0.1"})
    assert len(narrow.by_rule().get("DR-KIT-003", ())) < len(usual.by_rule()["DR-KIT-003"])
    (override,) = narrow.parameters
    assert (override.pack, override.name, override.value) == ("drawing-review", "min_fridge_width_m", 0.1)


@pytest.mark.parametrize("given", ["2026-12-01", dt.date(2026, 12, 1)])
def test_the_day_may_be_overridden_and_the_report_says_so(gate: Gate, given: str | dt.date) -> None:
    report = gate.check(DUPLEX, as_of=given)
    assert (report.as_of, report.as_of_overridden) == ("2026-12-01", True)
    assert not gate.check(DUPLEX).as_of_overridden


@pytest.mark.parametrize("given", ["20261201", "2026-02-30", "soon"])
def test_a_day_that_is_none_is_refused(gate: Gate, given: str) -> None:
    with pytest.raises(ChoiceError) as caught:
        gate.check(DUPLEX, as_of=given)
    assert codes(caught.value) == {"bad-date"}


def test_a_snapshot_without_a_day_needs_one_from_the_caller(gate: Gate) -> None:
    data = {key: value for key, value in json.loads(DUPLEX.read_bytes()).items() if key != "as_of"}
    with pytest.raises(SnapshotError) as caught:
        gate.check(data)
    assert codes(caught.value) == {"missing-as-of"}
    assert gate.check(data, as_of="2026-11-20").as_of_overridden


def test_path_text_bytes_data_and_a_read_snapshot_are_the_same(gate: Gate) -> None:
    body = DUPLEX.read_bytes()
    reports = [gate.check(source) for source in (DUPLEX, str(DUPLEX), body, gate.snapshot(body))]
    assert len({report.to_json() for report in reports}) == 1
    as_data = gate.check(json.loads(body))
    assert [risk.id for risk in as_data.risks] == [risk.id for risk in reports[0].risks]


def test_a_snapshot_that_a_gate_with_another_vocabulary_read_is_refused(gate: Gate, tmp_path: Path) -> None:
    (tmp_path / "lean.yaml").write_text(
        "pack: lean\nversion: 1.0.0\ntitle: t\nvocabulary:\n  entities:\n    room: {fields: {echo_s: {type: number}}}\n"
        "rules:\n  - {id: L-1, title: t, entity: room, require: room.echo_s < 1.0, severity: blocking, nodes: [N10]}\n",
        encoding="utf-8",
    )
    read = Gate.load("bundled", str(tmp_path)).snapshot(DUPLEX)
    with pytest.raises(SnapshotError) as caught:
        gate.check(read)
    assert codes(caught.value) == {"other-gate"}
    assert Gate.load().check(gate.snapshot(DUPLEX)).sha256 == read.sha256


def test_a_report_reads_back_as_it_was_written(gate: Gate) -> None:
    data = gate.check(EXAMPLES / "binjiang" / "3-joint-acceptance.json").to_json()
    assert Report.from_json(data).to_json() == data


def test_one_gate_serves_many_threads(gate: Gate) -> None:
    files = [DUPLEX, *sorted((EXAMPLES / "binjiang").glob("*.json"))] * 4
    alone = [gate.check(file).to_json() for file in files]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda file: gate.check(file).to_json(), files))
    assert together == alone


def test_pausing_the_collector_changes_nothing_in_the_report(gate: Gate) -> None:
    assert gate.check(DUPLEX, pause_collector=True).to_json() == gate.check(DUPLEX).to_json()


def test_an_incomplete_snapshot_clears_no_node(gate: Gate) -> None:
    data = json.loads((EXAMPLES / "binjiang" / "2-eve-of-opening.json").read_bytes())
    assert gate.check(data).node("N10").status == "clear"
    report = gate.check({**data, "incomplete": ["the export broke off"]})
    assert not [node.code for node in report.nodes if node.status == "clear"]


RULES = """
pack: conflicts
version: 1.0.0
title: {zh: 冲突, en: conflicts}
rules:
  - id: C-1
    title: one
    entity: room
    require: room.usable_area_m2 > 1.0
    severity: blocking
    nodes: [N10]
    on_missing: skip
  - id: C-2
    title: two
    entity: unit
    require: unit.rooms.all(r, r.usable_area_m2 > 1.0)
    severity: blocking
    nodes: [N10]
    on_missing: skip
"""


def test_a_value_on_which_sources_disagree_is_a_gap_even_where_missing_ones_are_skipped(tmp_path: Path) -> None:
    (tmp_path / "conflicts.yaml").write_text(RULES, encoding="utf-8")
    gate = Gate.load(tmp_path / "conflicts.yaml")
    data = json.loads(DUPLEX.read_bytes())
    rooms = data["project"]["phases"][0]["buildings"][0]["stair_units"][0]["units"][0]["rooms"]
    del rooms[0]["usable_area_m2"]
    assert gate.check(data).gaps == ()
    rooms[0]["usable_area_m2"] = 12.5
    place = "/project/phases/0/buildings/0/stair_units/0/units/0/rooms/0/usable_area_m2"
    data["conflicts"] = [{"pointer": place, "values": [12.5, 11.0]}]
    report = gate.check(data)
    assert {(gap.rule, gap.reason, gap.count) for gap in report.gaps} == {
        ("C-1", "conflict", 1),
        ("C-2", "conflict", 1),
    }
    assert report.node("N10").status == "unverified"


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where every key of a snapshot stands."""
    if isinstance(value, dict):
        for key, held in value.items():
            yield (*path, key)
            yield from places(held, (*path, key))
    elif isinstance(value, list):
        for index, held in enumerate(value):
            yield from places(held, (*path, index))


@settings(deadline=None, max_examples=20)
@given(st.sampled_from(sorted((EXAMPLES / "binjiang").glob("*.json"))), st.randoms(use_true_random=False))
def test_a_fact_less_never_clears_a_node(gate: Gate, file: Path, random: Random) -> None:
    data = json.loads(file.read_bytes())
    data.pop("origins", None)
    *above, key = random.choice(list(places(data["project"])))
    before = {node.id for node in gate.check(data).nodes if node.status == "clear"}
    holder = data["project"]
    for step in above:
        holder = holder[step]
    del holder[key]
    try:
        after = {node.id for node in gate.check(data).nodes if node.status == "clear"}
    except SnapshotError:
        return  # a required field, or an id that others refer to
    assert after <= before, (above, key)


def test_a_trap_of_yaml_does_not_hide_the_wrong_expressions_of_other_rules(tmp_path: Path) -> None:
    text = RULES.replace("title: {zh: 冲突, en: conflicts}", "title: 冲突 #1").replace(
        "usable_area_m2 > 1.0", "area > 1.0", 1
    )
    (tmp_path / "pack.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(LoadError) as caught:
        Gate.load(tmp_path / "pack.yaml")
    assert [problem.code for problem in caught.value.problems] == ["text-cut", "unknown-field"]


def test_a_refused_parameter_does_not_make_the_rules_that_use_it_wrong(tmp_path: Path) -> None:
    text = RULES.replace("rules:\n", "parameters:\n  least: *same\nrules:\n").replace("> 1.0", "> params.least")
    (tmp_path / "pack.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(LoadError) as caught:
        Gate.load(tmp_path / "pack.yaml")
    assert [problem.code for problem in caught.value.problems] == ["alias"]

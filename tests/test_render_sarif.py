"""SARIF: valid by the official schema, and what code scanning makes of it."""

import json
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft7Validator

from fixed_report import LABELS, REPORTS, fixed_report, named_report
from riskgate.render.formats import Reader, Source, render
from riskgate.render.sarif import uri_of
from riskgate.report import Report
from riskgate.text import Text
from strategies_report import Recipe, against, hostile_report, many, recipes, waived

SCHEMA = Path(__file__).parent.parent.parent / "shared" / "data" / "schemas" / "sarif-schema-2.1.0.json"
official = pytest.mark.skipif(not SCHEMA.exists(), reason="the official schema is not here")


@cache
def validator() -> Draft7Validator:
    return Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def run_of(report: Report, source: Source | None = None) -> Any:
    log = json.loads(render(report, "sarif", Reader(labels=LABELS, source=source)))
    assert [log["version"], len(log["runs"])] == ["2.1.0", 1]
    return log["runs"][0]


@official
@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("source", [None, Source("a b/1.json"), Source("/x/1.json"), Source("C:/x/1.json")])
def test_it_follows_the_schema(name: str, source: Source | None) -> None:
    log = json.loads(render(REPORTS[name](), "sarif", Reader(source=source)))
    assert [error.message for error in validator().iter_errors(log)] == []


@official
@given(recipes)
@settings(deadline=None, max_examples=15)
def test_any_report_follows_the_schema(recipe: Recipe) -> None:
    log = json.loads(render(recipe.report(), "sarif", Reader(source=Source("1.json"))))
    assert [error.message for error in validator().iter_errors(log)] == []


@official
def test_a_hostile_report_follows_the_schema() -> None:
    log = json.loads(render(hostile_report(), "sarif", Reader(source=Source("\x1b %.json"))))
    assert [error.message for error in validator().iter_errors(log)] == []


@official
def test_the_schema_would_notice() -> None:
    log = json.loads(render(fixed_report(), "sarif"))
    log["runs"][0]["results"][0]["level"] = "blocking"
    assert list(validator().iter_errors(log))


def test_severity_is_the_level_and_a_gap_is_open() -> None:
    found = {(r["properties"]["kind"], r["properties"]["severity"], r["kind"], r["level"]) for r in results()}
    assert found == {
        ("risk", "blocking", "fail", "error"),
        ("risk", "major", "fail", "warning"),
        ("risk", "minor", "fail", "note"),
        ("gap", "blocking", "open", "none"),
        ("gap", "major", "open", "none"),
        ("node", "blocking", "open", "none"),
    }


def results(report: Report | None = None, source: Source | None = None) -> Any:
    return run_of(report or fixed_report(), source)["results"]


def test_an_undecided_rule_says_so_even_to_who_does_not_know_the_kind() -> None:
    assert all("undecided" in r["message"]["text"] for r in results() if r["properties"]["kind"] == "gap")


def test_upstream_that_does_not_count_is_no_error() -> None:
    report = named_report()
    assert "error" in {r["level"] for r in results(report)}
    ignored = replace(report, selection=replace(report.selection, ignore_upstream=True), exit_code=0)
    assert {r["level"] for r in results(ignored) if r["kind"] == "fail"} == {"warning"}


def test_a_waived_risk_is_suppressed_and_a_note() -> None:
    found = [r for r in results(waived(fixed_report(), {1, 6}.__contains__)) if "suppressions" in r]
    assert [(r["ruleId"], r["level"]) for r in found] == [("DR-KIT-001", "note"), ("JA-WTR-001", "note")]
    told = [suppression for r in found for suppression in r["suppressions"]]
    assert {s["kind"] for s in told} == {"external"}
    assert all("agreed" in s["justification"] and "2026-12-31" in s["justification"] for s in told)


def test_beside_a_baseline_results_are_new_or_unchanged() -> None:
    found = results(against(fixed_report(), frozenset({0, 1})))
    states = [r.get("baselineState") for r in found if r["ruleId"] == "DR-KIT-001" and r["kind"] == "fail"]
    assert states == ["unchanged", "unchanged", "new", "new", "new"]
    assert [r["level"] for r in found if r.get("baselineState") == "unchanged" and r["kind"] == "fail"] == [
        "warning"
    ] * 2
    assert not [r for r in results() if "baselineState" in r]


def test_the_run_tells_the_exit_code_and_the_verdict() -> None:
    (invocation,) = run_of(fixed_report())["invocations"]
    assert (invocation["exitCode"], invocation["executionSuccessful"]) == (1, True)
    assert invocation["exitCodeDescription"].startswith("Exit code 1: ")
    told = [(one["descriptor"]["id"], one["level"]) for one in invocation["toolExecutionNotifications"]]
    assert told[0] == ("verdict", "error")
    assert told.count(("node", "error")) == 6
    assert told.count(("node", "warning")) == 1


def test_an_unverified_node_without_a_gap_is_a_result() -> None:
    (found,) = (r for r in results(REPORTS["unverified"](), Source("1.json")) if r["properties"]["kind"] == "node")
    assert found["properties"]["exitCode"] == 3
    assert found["message"]["text"].startswith("? unverified N50 Trial survey; its rules met nothing")
    assert found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "1.json"


def test_every_result_names_its_rule_by_index() -> None:
    run = run_of(fixed_report())
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[r["ruleIndex"]]["id"] == r["ruleId"] for r in run["results"])
    kitchen = rules[0]
    assert kitchen["defaultConfiguration"]["level"] == "error"
    assert kitchen["properties"]["customerSensitivity"] == 4
    assert kitchen["properties"]["sources"][0] == {"ref": "GB55038", "clause": "4.1.4", "certainty": "verified"}
    assert "usability" in kitchen["properties"]["tags"]
    assert "remedy: Move the wall" in kitchen["help"]["text"]
    assert "**why**: There is no room" in kitchen["help"]["markdown"]


def test_the_language_is_the_readers() -> None:
    log = json.loads(render(fixed_report(), "sarif", Reader(lang="zh", labels=LABELS)))
    driver = log["runs"][0]["tool"]["driver"]
    assert (driver["language"], driver["rules"][0]["shortDescription"]["text"]) == ("zh-CN", "厨房使用面积不足")


def test_tags_are_few_enough_for_code_scanning() -> None:
    report = fixed_report()
    source = report.rules["DR-KIT-001"].sources[0]
    cited = replace(
        report.rules["DR-KIT-001"], sources=tuple(replace(source, ref=f"GB{number}") for number in range(40))
    )
    rules = run_of(replace(report, rules={**report.rules, "DR-KIT-001": cited}))["tool"]["driver"]["rules"]
    assert len(rules[0]["properties"]["tags"]) == 10
    assert len(rules[0]["properties"]["sources"]) == 40


def test_fingerprints_are_the_ids_and_do_not_move_with_the_file() -> None:
    found = results()
    report = fixed_report()
    assert [r["partialFingerprints"]["riskgate/v1"] for r in found][: len(report.risks)] == [
        risk.id for risk in report.risks
    ]
    prints = [r["partialFingerprints"]["primaryLocationLineHash"] for r in found]
    assert len(set(prints)) == len(prints)


def test_places_are_line_column_address_and_pointer() -> None:
    rooms = [{"id": f"R{number}", "kind": "kitchen", "usable_area_m2": 3} for number in range(3)]
    data = json.dumps({"project": {"rooms": rooms}}, indent=1).encode()
    report = replace(many(3), sha256=sha256(data).hexdigest())
    second = results(report, Source("homes/a b.json", data))[1]
    (location,) = second["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "homes/a%20b.json", "index": 0},
        "region": {"startLine": 9, "startColumn": 4},
    }
    (logical,) = location["logicalLocations"]
    assert logical["fullyQualifiedName"] == "rooms[R1]"
    assert logical["properties"] == {"type": "room", "pointer": "/project/rooms/1"}


def test_the_evidence_has_its_own_places() -> None:
    data = json.dumps({"project": {"phases": []}}, indent=1).encode()
    report = replace(fixed_report(), sha256=sha256(data).hexdigest())
    related = results(report, Source("1.json", data))[0]["relatedLocations"]
    assert [one["message"]["text"] for one in related] == [
        'room.kind = "kitchen"',
        "room.usable_area_m2 = 3.0 (计算书.xlsx!B7)",
    ]


def test_the_snapshot_is_named_by_its_digest() -> None:
    (artifact,) = run_of(fixed_report(), Source("1.json"))["artifacts"]
    assert artifact["hashes"] == {"sha-256": "ab" * 32}


def test_without_a_file_there_is_no_physical_location() -> None:
    assert not [one for r in results() for one in r.get("locations", []) if "physicalLocation" in one]


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("a/b.json", "a/b.json"),
        ("a b/厨#?%.json", "a%20b/%E5%8E%A8%23%3F%25.json"),
        ("a:b.json", "a%3Ab.json"),
        ("/srv/a.json", "file:///srv/a.json"),
        ("C:/srv/a:b.json", "file:///C:/srv/a%3Ab.json"),
    ],
)
def test_file_names_are_uris(name: str, uri: str) -> None:
    assert uri_of(name) == uri


def test_a_message_holds_no_link() -> None:
    report = fixed_report()
    note = replace(report, project_name="x", incomplete=("[click](http://e.example)",))
    told = run_of(note)["invocations"][0]["toolExecutionNotifications"]
    assert any("[click] (http" in one["message"]["text"] for one in told)


def test_a_gap_has_so_many_locations_as_code_scanning_shows() -> None:
    report = fixed_report()
    gap = replace(report.gaps[0], entities=report.gaps[0].entities * 60, count=1200)
    (found,) = (r for r in results(replace(report, gaps=(gap,))) if r["properties"]["kind"] == "gap")
    assert len(found["locations"]) == 100
    assert found["occurrenceCount"] == 1200


def test_texts_that_are_empty_leave_no_empty_description() -> None:
    report = fixed_report()
    bare = replace(report.rules["DR-KIT-001"], title=Text.of(""), why=None, remedy=None, owners=(), sources=())
    rule = run_of(replace(report, rules={**report.rules, "DR-KIT-001": bare}))["tool"]["driver"]["rules"][0]
    assert rule["shortDescription"]["text"] == rule["help"]["text"] == "DR-KIT-001"

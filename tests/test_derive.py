"""Derived risks on whole snapshots: where their facts come from, and what is a gap when these cannot be had."""

import json
from pathlib import Path
from typing import Any

import pytest

from riskgate import Gate, Report
from riskgate.groups import Groups

BINJIANG = Path(__file__).parent.parent / "examples" / "binjiang"
OPENING = BINJIANG / "2-eve-of-opening.json"
DELIVERY = BINJIANG / "3-joint-acceptance.json"


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate.load()


def opened(file: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(file.read_bytes())
    data.pop("origins", None)
    return data


def rules_at_risk(report: Report) -> set[str]:
    return {risk.rule for risk in report.risks}


def test_a_derived_risk_names_the_risks_behind_it(gate: Gate) -> None:
    report = gate.check(OPENING)
    (derived,) = report.by_rule()["PO-DRV-001"]
    behind = {risk.id: risk for risk in report.risks}
    assert derived.because
    assert {gate.plan.by_id[behind[name].rule].rule.theme for name in derived.because} == {"promise_gap", "adverse"}


def test_a_node_that_the_records_leave_out_has_not_begun(gate: Gate) -> None:
    data = opened(OPENING)
    assert "PO-DRV-001" in rules_at_risk(gate.check(data))
    records = data["project"]["nodes"]
    data["project"]["nodes"] = [r for r in records if gate.library.lifecycle.by_name[r["id"]].code != "N36"]
    assert len(data["project"]["nodes"]) < len(records)
    assert "PO-DRV-001" in rules_at_risk(gate.check(data))


def test_a_node_that_has_passed_is_no_reason_any_more(gate: Gate) -> None:
    data = opened(OPENING)
    records = [r for r in data["project"]["nodes"] if gate.library.lifecycle.by_name[r["id"]].code != "N36"]
    data["project"]["nodes"] = [*records, {"id": "N36", "status": "passed"}]
    assert "PO-DRV-001" not in rules_at_risk(gate.check(data))


def test_without_any_record_of_nodes_rules_about_them_are_gaps(gate: Gate) -> None:
    data = opened(OPENING)
    del data["project"]["nodes"]
    report = gate.check(data)
    assert "PO-DRV-001" not in rules_at_risk(report)
    assert "PO-DRV-001" in {gap.rule for gap in report.gaps}
    assert report.node("N36").status in ("blocked", "unverified")


def test_facts_that_cannot_be_counted_are_gaps(gate: Gate) -> None:
    data = opened(DELIVERY)
    for complaint in data["project"]["complaints"]:
        complaint.pop("status", None)
    assert "JA-DRV-003" in {gap.rule for gap in gate.check(data).gaps}
    del data["project"]["complaints"]
    assert "JA-DRV-003" in {gap.rule for gap in gate.check(data).gaps}


def test_entities_belong_to_groups_by_their_place_or_by_what_they_refer_to(gate: Gate) -> None:
    snapshot = gate.snapshot(DELIVERY)
    groups = Groups(snapshot)
    for kind in ("unit", "room", "defect"):
        for address, (group, unit) in zip(snapshot.addresses(kind), groups.of(kind), strict=True):
            assert address.startswith(f"{group}/")
            assert unit is not None
            assert f"{address}/".startswith(f"{unit}/")
    tests = snapshot.tables["test_record"].entities
    found = groups.of("test_record")
    referring = [
        (record["unit_id"], place) for record, place in zip(tests, found, strict=True) if record.get("unit_id")
    ]
    assert referring
    assert all(unit is not None and unit.endswith(f"[{name}]") for name, (_, unit) in referring)
    assert groups.of("project") == [("project", None)]


PACK = """
pack: {name}
version: 1.0.0
title: {{zh: 投诉, en: complaints}}
facts:
  open_complaint: {{entity: complaint, by: [cause], count: true{where}}}
rules:
  - {{id: {name}-1, title: t, entity: project, require: has(project.id), severity: minor, nodes: [N50]}}
derive:
  - id: {name}-2
    title: {{zh: 集中投诉, en: many complaints}}
    given: [{{open_complaint: many, where: {{count: {{gte: 2}}}}}}]
    conclude: {{severity: blocking, nodes: [N50], message: {{zh: "{{many.count}}", en: "{{many.count}}"}}}}
"""


def test_packs_may_use_the_same_word_for_different_facts(tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_text(PACK.format(name="all", where=""), encoding="utf-8")
    valid = ", where: complaint.is_valid"
    (tmp_path / "valid.yaml").write_text(PACK.format(name="valid", where=valid), encoding="utf-8")
    data = {
        "riskgate": 1,
        "as_of": "2026-11-20",
        "project": {
            "id": "P",
            "complaints": [
                {"id": str(number), "cause": "product_design", "is_valid": number == 0} for number in range(3)
            ],
        },
    }
    report = Gate.load(tmp_path).check(data)
    assert rules_at_risk(report) == {"all-2"}
    assert [gap.rule for gap in report.gaps] == []


def test_a_gap_of_a_derive_rule_says_why_and_names_all_its_entities_if_asked(gate: Gate) -> None:
    data = opened(DELIVERY)
    complaint = data["project"]["complaints"][0]
    data["project"]["complaints"] = [
        {key: value for key, value in complaint.items() if key != "cause"} | {"id": f"T{number:02}", "status": "open"}
        for number in range(30)
    ]
    few, every = gate.check(data), gate.check(data, all_gaps=True)
    (gap,) = [gap for gap in few.gaps if gap.rule == "JA-DRV-003" and gap.reason == "missing"]
    (whole,) = [gap for gap in every.gaps if gap.rule == "JA-DRV-003" and gap.reason == "missing"]
    assert (gap.count, len(gap.entities), len(whole.entities)) == (30, 20, 30)
    del data["project"]["complaints"]
    assert {gap.reason for gap in gate.check(data).gaps if gap.rule == "JA-DRV-003"} == {"absent"}

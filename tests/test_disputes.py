"""Where sources disagree, `has()` has no answer: a rule that passes only because of it is a gap."""

from pathlib import Path

import pytest

from riskgate import Gate, Report

BUFFER = "/project/buffer_days"
PERMIT = "/project/permits/0/expiry_date"
PERMITS = [
    {"id": "a", "expiry_date": "2026-01-01"},
    {"id": "b", "issued_date": "2026-01-01", "expiry_date": "2027-01-01"},
]


def check(folder: Path, rule: str, pointer: str | None, values: list[object], **project: object) -> Report:
    text = "  - {id: R, title: t, severity: blocking, nodes: [N10], " + rule + "}\n"
    (folder / "pack.yaml").write_text(f"pack: p\nversion: 1.0.0\ntitle: t\nrules:\n{text}", encoding="utf-8")
    data = {"riskgate": 1, "as_of": "2026-11-20", "project": {"id": "P", "permits": PERMITS, **project}}
    if pointer is not None:
        data["conflicts"] = [{"pointer": pointer, "values": values}]
    return Gate.load(folder).check(data)


def outcome(report: Report) -> str:
    return "risk" if report.risks else report.gaps[0].reason if report.gaps else "pass"


B = "project.buffer_days"
LONG = f"{B} > 90"
VALID = "!has(p.expiry_date) || p.expiry_date >= as_of"


@pytest.mark.parametrize(
    ("rule", "pointer", "without", "with_"),
    [
        (f"entity: project, require: '!has({B}) || {LONG}'", BUFFER, "risk", "conflict"),
        (f"entity: project, when: has({B}), require: {LONG}", BUFFER, "risk", "conflict"),
        (f"entity: project, require: 'has({B}) ? {LONG} : true'", BUFFER, "risk", "conflict"),
        (f"entity: project, values: {{known: has({B})}}, require: '!known || {LONG}'", BUFFER, "risk", "conflict"),
        (f"entity: project, on_missing: skip, require: '!has({B}) || {LONG}'", BUFFER, "risk", "conflict"),
        (
            "entity: permit, require: '!has(permit.expiry_date) || permit.expiry_date >= as_of'",
            PERMIT,
            "risk",
            "conflict",
        ),
        (f"entity: project, require: 'project.permits.all(p, {VALID})'", PERMIT, "risk", "conflict"),
        (f"entity: project, require: 'each(\"permit\").filter(p, {VALID}).size() == 2'", PERMIT, "risk", "conflict"),
        # decided whatever the value is
        (f"entity: project, require: 'project.permits.exists(p, {VALID})'", PERMIT, "pass", "pass"),
        (f"entity: project, require: '!has({B}) || size(project.permits) == 2'", BUFFER, "pass", "pass"),
        (f"entity: project, when: size(project.permits) == 0, require: '!has({B})'", BUFFER, "pass", "pass"),
        # a field of that name elsewhere is not in doubt
        ("entity: permit, require: '!has(permit.issued_date)'", "/project/permits/0/issued_date", "risk", "risk"),
        # what is a risk stays one
        (f"entity: project, require: has({B})", BUFFER, "pass", "risk"),
    ],
)
def test_a_rule_that_asks_whether_a_disputed_value_is_there(
    tmp_path: Path, rule: str, pointer: str, without: str, with_: str
) -> None:
    assert outcome(check(tmp_path, rule, None, [], buffer_days=30)) == without
    report = check(tmp_path, rule, pointer, [30, 60], buffer_days=30)
    assert outcome(report) == with_
    if with_ == "conflict":
        assert report.verdict == "unverified"
        assert pointer.rpartition("/")[2] in report.gaps[0].detail.en


def test_only_the_entity_in_doubt_is_a_gap(tmp_path: Path) -> None:
    rule = "entity: permit, require: '!has(permit.expiry_date) || permit.expiry_date >= as_of'"
    report = check(tmp_path, rule, PERMIT, ["2026-01-01", "2026-02-01"])
    assert [(gap.reason, gap.missing, gap.count) for gap in report.gaps] == [("conflict", ("permit.expiry_date",), 1)]
    assert report.gaps[0].entities[0].address == "permits[a]"


def test_a_fact_whose_condition_asks_whether_a_disputed_value_is_there(tmp_path: Path) -> None:
    text = """
pack: p
version: 1.0.0
title: t
facts: {expired: {entity: permit, count: true, where: 'has(permit.expiry_date) && permit.expiry_date < as_of'}}
derive:
  - id: D
    title: t
    given: [{expired: one}]
    conclude: {severity: blocking, nodes: [N10]}
"""
    (tmp_path / "pack.yaml").write_text(text, encoding="utf-8")
    data = {"riskgate": 1, "as_of": "2026-11-20", "project": {"id": "P", "permits": PERMITS}}
    gate = Gate.load(tmp_path)
    assert outcome(gate.check(data)) == "risk"
    data["conflicts"] = [{"pointer": PERMIT, "values": ["2026-01-01", "2025-01-01"]}]
    report = gate.check(data)
    assert outcome(report) == "conflict"
    assert report.node("N10").status == "unverified"

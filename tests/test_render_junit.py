"""JUnit XML: read by a parser that others use, of the shape that hosts expect, and in step with the exit code."""

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase

from fixed_report import LABELS, REPORTS, fixed_report, named_report
from load_company import load
from riskgate.render.formats import Reader, Source, render
from riskgate.report import Report, ReportNote
from riskgate.text import Text
from strategies_report import Recipe, against, hostile_report, recipes, rejudged, waived

ATTRIBUTES = {
    "testsuites": {"name", "tests", "failures", "errors", "skipped"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped"},
    "properties": set(),
    "property": {"name", "value"},
    "testcase": {"name", "classname", "file"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
    "skipped": {"message"},
}
CHILDREN = {
    "testsuites": "(testsuite )*",
    "testsuite": "properties (testcase )*",
    "properties": "(property )*",
    "testcase": "((failure|error|skipped) )?",
}
COMPANY = Path(__file__).parent / "scenarios" / "company"
OUTCOMES = {"failures": Failure, "errors": Error, "skipped": Skipped}


def made(report: Report, reader: Reader | None = None) -> bytes:
    return render(report, "junit", reader or Reader(labels=LABELS, source=Source("home.json")))


def cases(report: Report, reader: Reader | None = None) -> dict[tuple[str, str], TestCase]:
    """The test cases by node and name."""
    read = JUnitXml.fromstring(made(report, reader))
    return {(suite.name.split()[0], case.name): case for suite in read for case in suite}


def outcome(case: TestCase) -> str:
    return type(case.result[0]).__name__.lower() if case.result else "passed"


def check_shape(element: ET.Element) -> None:
    """What an XML schema would say: which attributes, which children in which order."""
    assert set(element.attrib) <= ATTRIBUTES[element.tag]
    assert {"name"} <= set(element.attrib) or element.tag in ("properties", "failure", "error", "skipped")
    order = "".join(f"{child.tag} " for child in element)
    assert re.fullmatch(CHILDREN.get(element.tag, ""), order), order
    for child in element:
        check_shape(child)


def check_totals(report: Report) -> None:
    read = JUnitXml.fromstring(made(report))
    suites = list(read)
    for suite in suites:
        assert suite.tests == len(list(suite))
        for name, kind in OUTCOMES.items():
            assert getattr(suite, name) == sum(isinstance(one, kind) for case in suite for one in case.result)
    for name in ("tests", *OUTCOMES):
        assert getattr(read, name) == sum(getattr(suite, name) for suite in suites)


def check_exit_code(report: Report) -> None:
    read = JUnitXml.fromstring(made(report))
    bad = (read.failures > 0, read.errors > 0)
    assert bad[0] == (report.exit_code == 1)
    if report.exit_code != 1:
        assert bad[1] == (report.exit_code == 3)


@pytest.mark.parametrize("name", REPORTS)
def test_shape_and_totals_are_right(name: str) -> None:
    check_shape(ET.fromstring(made(REPORTS[name]())))  # noqa: S314 - our own
    check_totals(REPORTS[name]())


@given(recipes)
@settings(deadline=None, max_examples=60)
def test_of_any_report_shape_and_totals_are_right_and_failures_follow_the_exit_code(recipe: Recipe) -> None:
    report = recipe.report()
    check_shape(ET.fromstring(made(report)))  # noqa: S314 - our own
    check_totals(report)
    check_exit_code(report)


def test_a_hostile_report_is_well_formed() -> None:
    root = ET.fromstring(made(hostile_report()))  # noqa: S314 - our own
    check_shape(root)
    assert "]]>" in "".join(root.itertext())


def test_names_are_unique_or_gitlab_drops_some() -> None:
    read = JUnitXml.fromstring(made(fixed_report()))
    names = [(case.classname, case.name) for suite in read for case in suite]
    assert len(set(names)) == len(names)


def test_a_blocking_risk_fails_and_says_what_where_and_how() -> None:
    case = cases(fixed_report())["N10", "DR-KIT-001 Kitchen too small"]
    assert outcome(case) == "failure"
    (failure,) = case.result
    assert failure.message == "5 blocking risks; 25 places undecided"
    for part in (
        "Kitchen of 3.2 m2",
        "units[0002]",
        'room.kind = "kitchen"',
        "remedy: Move",
        "owner: Design",
        "GB55038",
    ):
        assert part in failure.text


def test_a_lesser_risk_neither_fails_nor_passes() -> None:
    assert outcome(cases(fixed_report())["N51", "JA-WTR-001 Window leaks"]) == "skipped"


def test_an_undecided_rule_never_looks_passed() -> None:
    report = REPORTS["unverified"]()
    assert outcome(cases(report)["N10", "DR-KIT-001 Kitchen too small"]) == "error"
    allowed = rejudged(report, replace(report.selection, allow_unverified=True))
    assert allowed.exit_code == 0
    assert outcome(cases(allowed)["N10", "DR-KIT-001 Kitchen too small"]) == "skipped"


def test_a_node_whose_rules_met_nothing_never_looks_passed() -> None:
    found = {name: outcome(case) for (node, name), case in cases(REPORTS["unverified"]()).items() if node == "N50"}
    assert found == {"what was looked at": "error", "3 other rules without findings": "skipped"}


def test_a_held_node_fails_with_what_holds_it() -> None:
    case = cases(named_report())["N11", "nodes before it"]
    assert (outcome(case), case.result[0].message) == ("failure", "held by N10")
    assert ("N10", "DR-KIT-001 Kitchen too small") in cases(named_report())


def test_what_holds_a_node_is_skipped_where_it_does_not_count() -> None:
    report = named_report()
    ignored = rejudged(report, replace(report.selection, nodes=("tender",), ignore_upstream=True))
    assert ignored.exit_code == 0
    assert {outcome(case) for case in cases(ignored).values()} <= {"skipped", "passed"}


def test_waived_risks_are_a_case_of_their_own() -> None:
    found = cases(waived(fixed_report(), {1, 6}.__contains__))
    assert outcome(found["N10", "DR-KIT-001 Kitchen too small"]) == "failure"
    case = found["N10", "DR-KIT-001 Kitchen too small (waived)"]
    assert outcome(case) == "skipped"
    assert "agreed" in case.result[0].text


def test_what_a_baseline_knows_is_a_case_of_its_own() -> None:
    report = against(fixed_report(), frozenset({0, 1, 2, 3, 4}))
    found = cases(rejudged(report))
    assert ("N10", "DR-KIT-001 Kitchen too small") not in found
    assert outcome(found["N10", "DR-KIT-001 Kitchen too small (known)"]) == "skipped"
    assert outcome(found["N51", "JA-DRV-001 Systemic leakage"]) == "failure"


def test_rules_without_findings_pass_by_name_where_the_packs_are_known() -> None:
    packs = load(COMPANY).packs
    gated = packs[0].rules[0].nodes[0]
    names = {rule.id for pack in packs for rule in pack.rules if gated in rule.nodes}
    node = replace(fixed_report().nodes[0], id=gated)
    report = replace(fixed_report(), nodes=(node,), selection=replace(fixed_report().selection, nodes=(gated,)))
    found = cases(report, Reader(packs=packs))
    assert {name.split()[0] for _, name in found} == names
    assert {outcome(case) for case in found.values()} == {"passed"}
    rule = min(names)
    note = ReportNote("rules-met-nothing", Text("", f"the snapshot has no lift (lift), so …: {rule}, X-1"))
    empty = cases(replace(report, notes=(note,)), Reader(packs=packs))
    assert [name.split()[0] for (_, name), case in empty.items() if outcome(case) != "passed"] == [rule]


def test_the_verdict_and_the_exit_code_are_there() -> None:
    root = ET.fromstring(made(fixed_report()))  # noqa: S314 - our own
    assert root.get("name") == "riskgate: BLOCKED 滨江府一期 (BJ-01)"
    first = {one.get("name"): one.get("value") for one in root.iter("property")}
    assert first["verdict"] == "blocked"
    assert first["exit_code"] == "1"

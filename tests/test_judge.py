"""Node states, holds, awaiting, reopened, verdict and exit code on a small lifecycle."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from riskgate.judge import Records, decide, due_nodes, judge
from riskgate.lifecycle import Department, Lifecycle, Node, Stage
from riskgate.pack import Expression, Rule, Severity
from riskgate.report import Gap, NodeResult, Risk, RiskDetail, Selection
from riskgate.text import Text

#  land ─ design ─┬─ sale ─ open
#                 └─ build ─ handover      (care hangs on nothing)
GRAPH = {
    "land": (),
    "design": ("land",),
    "sale": ("design",),
    "open": ("sale",),
    "build": ("design",),
    "handover": ("build", "open"),
    "care": (),
}
LIFECYCLE = Lifecycle(
    tuple(
        Node(name, f"N{number:02}", Text.of(name), "S1", "design", predecessors=before)
        for number, (name, before) in enumerate(GRAPH.items(), start=1)
    ),
    {"S1": Stage("S1", Text.of("stage"))},
    {"design": Department("design", Text.of("design"))},
)


def rule(name: str, *nodes: str, severity: Severity = "blocking", entity: str = "room") -> Rule:
    return Rule(name, Text.of(name), entity, Expression("true"), severity, nodes)


def risk(name: str, *nodes: str, severity: Severity = "blocking", waived: bool = False) -> Risk:
    def make(_: Risk) -> RiskDetail:
        raise AssertionError("judging reads no texts")

    return Risk(name, severity, nodes, "project", make, waiver={"rule": name} if waived else None)


def gap(name: str, *nodes: str, severity: Severity = "blocking") -> Gap:
    return Gap(name, severity, nodes, "missing", Text.of("?"), ("room.area",), 1, ())


ALL = rule("all", *GRAPH)


def results(
    *found: Risk | Gap,
    rules: tuple[Rule, ...] = (ALL,),
    met: Mapping[str, int] | None = None,
    records: Mapping[str, Mapping[str, Any]] | None = None,
    incomplete: bool = False,
) -> dict[str, NodeResult]:
    risks = [one for one in found if isinstance(one, Risk)]
    gaps = [one for one in found if isinstance(one, Gap)]
    judged = judge(
        LIFECYCLE,
        rules,
        risks,
        gaps,
        {"room": 3} if met is None else met,
        Records.of(records or {}),
        incomplete=incomplete,
    )
    return {result.id: result for result in judged}


def test_a_node_that_was_looked_at_and_found_without_fault_is_clear() -> None:
    found = results()
    assert {result.status for result in found.values()} == {"clear"}
    assert (found["sale"].rules, found["sale"].checked) == (1, 3)


def test_a_blocking_risk_blocks_its_nodes_and_holds_what_comes_after() -> None:
    found = results(risk("r", "design"))
    assert {name: result.status for name, result in found.items() if result.status != "clear"} == {"design": "blocked"}
    assert {name: result.held_by for name, result in found.items() if result.held_by} == {
        "sale": ("design",),
        "open": ("design",),
        "build": ("design",),
        "handover": ("design",),
    }


def test_a_node_is_held_by_its_nearest_blocked_ancestors_only() -> None:
    found = results(risk("a", "land"), risk("b", "sale"), risk("c", "build"))
    assert found["handover"].held_by == ("sale", "build")
    assert found["design"].held_by == ("land",)
    assert found["sale"].held_by == ()


@pytest.mark.parametrize("severity", ["major", "minor"])
def test_lesser_risks_are_listed_and_do_not_block(severity: Severity) -> None:
    found = results(risk("r", "sale", severity=severity))["sale"]
    assert (found.status, len(found.blocking_risks), len(found.other_risks)) == ("clear", 0, 1)


def test_a_waived_risk_does_not_block_and_stays_listed() -> None:
    found = results(risk("r", "sale", waived=True))["sale"]
    assert (found.status, len(found.other_risks)) == ("clear", 1)


def test_a_gap_of_a_blocking_rule_leaves_the_node_unverified() -> None:
    assert results(gap("g", "sale"))["sale"].status == "unverified"


def test_a_gap_of_a_lesser_rule_counts_only_where_no_blocking_rule_gates() -> None:
    lesser = rule("lesser", "sale", severity="major")
    assert results(gap("g", "sale", severity="major"), rules=(ALL, lesser))["sale"].status == "clear"
    assert results(gap("g", "sale", severity="major"), rules=(lesser,))["sale"].status == "unverified"


def test_a_node_whose_rules_met_no_entity_is_unverified() -> None:
    assert results(met={"room": 0})["sale"].status == "unverified"


def test_a_node_without_rules_is_ungated_unless_something_derived_blocks_it() -> None:
    assert results(rules=(rule("one", "sale"),))["care"].status == "ungated"
    assert results(risk("derived", "care"), rules=(rule("one", "sale"),))["care"].status == "blocked"
    assert results(gap("derived", "care"), rules=(rule("one", "sale"),))["care"].status == "unverified"


def test_an_incomplete_snapshot_clears_nothing() -> None:
    assert {r.status for r in results(incomplete=True).values()} == {"unverified"}


def test_awaiting_names_unverified_ancestors_that_are_not_recorded_as_passed() -> None:
    found = results(gap("g", "land", "sale"), records={"land": {"status": "passed"}})
    assert found["open"].awaiting == ("sale",)
    assert found["handover"].awaiting == ("sale",)
    assert found["build"].awaiting == ()


def test_a_passed_node_that_is_blocked_now_is_reopened() -> None:
    found = results(risk("r", "sale"), records={"sale": {"status": "passed"}, "open": {"status": "passed"}})
    assert (found["sale"].reopened, found["open"].reopened) == (True, False)


CHOICES = [
    # findings, nodes chosen (None: all), flags, verdict, exit code
    ((), None, {}, "clear", 0),
    ((risk("r", "sale"),), None, {}, "blocked", 1),
    ((risk("r", "sale"),), ("land",), {}, "clear", 0),
    ((risk("r", "sale"),), ("open",), {}, "blocked", 1),
    ((risk("r", "sale"),), ("open",), {"ignore_upstream": True}, "blocked", 0),
    ((risk("r", "sale"),), ("sale",), {"ignore_upstream": True, "allow_unverified": True}, "blocked", 1),
    ((gap("g", "sale"),), ("sale",), {}, "unverified", 3),
    ((gap("g", "sale"),), ("sale",), {"allow_unverified": True}, "unverified", 0),
    ((gap("g", "sale"),), ("open",), {}, "unverified", 3),
    ((gap("g", "sale"),), ("open",), {"ignore_upstream": True}, "unverified", 0),
    ((gap("g", "sale"),), ("open",), {"allow_unverified": True}, "unverified", 0),
    ((gap("g", "sale"),), ("land", "design"), {}, "clear", 0),
]


@pytest.mark.parametrize(("found", "nodes", "flags", "verdict", "code"), CHOICES)
def test_verdict_and_exit_code(
    found: tuple[Risk | Gap, ...], nodes: tuple[str, ...] | None, flags: dict[str, bool], verdict: str, code: int
) -> None:
    selection = Selection(nodes or tuple(GRAPH), nodes is not None, **flags)
    assert decide(results(*found).values(), selection) == (verdict, code)


def test_ungated_nodes_count_when_named_or_when_nothing_else_was_chosen() -> None:
    judged = results(rules=(rule("one", "sale"),)).values()
    assert decide(judged, Selection(tuple(GRAPH))) == ("clear", 0)
    assert decide(judged, Selection(("care",), named=True)) == ("unverified", 3)
    assert decide(judged, Selection(("care", "land"))) == ("unverified", 3)
    assert decide(judged, Selection(("care",), named=True, allow_unverified=True)) == ("unverified", 3)


def test_due_nodes_are_in_progress_or_planned_by_the_day_with_their_ancestors() -> None:
    day = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    records = Records.of(
        {
            "open": {"status": "in_progress"},
            "build": {"status": "not_started", "planned_on": day},
            "handover": {"status": "not_started", "planned_on": day + dt.timedelta(days=1)},
        }
    )
    assert due_nodes(LIFECYCLE, records, day.date()) == ("land", "design", "sale", "open", "build")

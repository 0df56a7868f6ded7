"""The facts that inference begins with."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from riskgate.fingerprint import fingerprint
from riskgate.infer import Fact, Finding, declared_facts, node_facts, risk_facts
from riskgate.lifecycle import Lifecycle, Node
from riskgate.text import Text

FINDINGS = [
    Finding("1", "WTR-1", "leak", "blocking", "b1", "b1/u1"),
    Finding("2", "WTR-1", "leak", "blocking", "b1", "b1/u1"),
    Finding("3", "WTR-1", "leak", "blocking", "b1", "b1/u2"),
    Finding("4", "WTR-2", "leak", "major", "b1", None),
    Finding("5", "WTR-1", "leak", "blocking", "b2", "b2/u9"),
    Finding("6", "DOC-1", None, "minor", "project", None),
]


def shown(facts: tuple[Fact, ...]) -> list[tuple[str, dict[str, object], tuple[str, ...]]]:
    return [(fact.kind, dict(fact.fields), fact.because) for fact in facts]


def test_risks_are_counted_per_rule_and_group_and_per_theme_and_group() -> None:
    wtr1 = {"rule": "WTR-1", "theme": "leak", "severity": "blocking"}
    wtr2 = {"rule": "WTR-2", "theme": "leak", "severity": "major"}
    assert shown(risk_facts(FINDINGS, {"b1": 8})) == [
        ("risk", {"rule": "DOC-1", "severity": "minor", "group": "project", "count": 1, "units": 0}, ("6",)),
        ("risk", {**wtr1, "group": "b1", "count": 3, "units": 2, "rate": 0.25}, ("1", "2", "3")),
        ("risk", {**wtr1, "group": "b2", "count": 1, "units": 1}, ("5",)),
        ("risk", {**wtr2, "group": "b1", "count": 1, "units": 0, "rate": 0.0}, ("4",)),
        (
            "theme",
            {"theme": "leak", "group": "b1", "rules": 2, "count": 4, "units": 2, "rate": 0.25},
            ("1", "2", "3", "4"),
        ),
        ("theme", {"theme": "leak", "group": "b2", "rules": 1, "count": 1, "units": 1}, ("5",)),
    ]


@given(st.permutations(FINDINGS))
@settings(deadline=None, max_examples=25)
def test_the_order_of_findings_does_not_matter(findings: list[Finding]) -> None:
    assert shown(risk_facts(findings, {"b1": 8})) == shown(risk_facts(FINDINGS, {"b1": 8}))


def test_nodes_that_the_snapshot_records_are_facts_in_the_order_of_the_lifecycle() -> None:
    nodes = tuple(Node(name, name.upper(), Text.of(name), "S1", "design") for name in ("a", "b", "c"))
    records = {"c": ("passed", None), "a": ("in_progress", date(2026, 11, 25))}
    assert shown(node_facts(Lifecycle(nodes, {}, {}), records, date(2026, 11, 20))) == [
        ("node", {"node": "a", "stage": "S1", "status": "in_progress", "days_to_planned": 5}, ()),
        ("node", {"node": "c", "stage": "S1", "status": "passed"}, ()),
    ]


def test_days_to_planned_is_negative_when_the_day_is_over() -> None:
    (fact,) = node_facts(
        Lifecycle((Node("a", "A", Text.of("a"), "S1", "design"),), {}, {}),
        {"a": ("not_started", date(2026, 11, 1))},
        date(2026, 11, 20),
    )
    assert fact.fields["days_to_planned"] == -19


def test_declared_facts_count_entities_by_their_fields() -> None:
    facts = declared_facts(
        "complaint",
        ("theme", "level"),
        [
            ("b1", "b1/u1", {"theme": "leak", "level": 1}),
            ("b1", "b1/u1", {"theme": "leak", "level": 1.0}),
            ("b1", "b1/u2", {"theme": "leak", "level": True}),
            ("b1", None, {"theme": "leak", "level": None}),
            ("b2", "b2/u1", {"theme": "leak", "level": 1}),
        ],
        {"b1": 4},
    )
    assert shown(facts) == [
        ("complaint", {"theme": "leak", "level": True, "group": "b1", "count": 1, "units": 1, "rate": 0.25}, ()),
        ("complaint", {"theme": "leak", "level": 1, "group": "b1", "count": 2, "units": 1, "rate": 0.25}, ()),
        ("complaint", {"theme": "leak", "group": "b1", "count": 1, "units": 0, "rate": 0.0}, ()),
        ("complaint", {"theme": "leak", "level": 1, "group": "b2", "count": 1, "units": 1}, ()),
    ]


def test_an_id_depends_on_rule_and_address_alone() -> None:
    assert fingerprint("JA-1", "phases[1]") == fingerprint("JA-1", "phases[1]")
    assert len({fingerprint(rule, at) for rule, at in [("a", "bc"), ("ab", "c"), ("abc", ""), ("a\0b", "c")]}) == 4
    assert len(fingerprint("规则", "项目")) == 16

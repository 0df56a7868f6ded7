"""GitLab's code quality: the five keys that it reads, unique fingerprints, its words for severity."""

import json
from dataclasses import replace
from hashlib import sha256
from typing import Any

from hypothesis import given, settings

from fixed_report import LABELS, REPORTS, fixed_report, named_report
from riskgate.render.formats import Reader, Source, render
from riskgate.report import Report
from strategies_report import Recipe, many, recipes, rejudged, waived

SEVERITIES = {"info", "minor", "major", "critical", "blocker"}


def issues(report: Report, source: Source | None = None) -> Any:
    return json.loads(render(report, "gitlab", Reader(labels=LABELS, source=source)))


def check(found: Any) -> None:
    for issue in found:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert all(isinstance(issue[key], str) and issue[key] for key in set(issue) - {"location"})
        assert issue["severity"] in SEVERITIES
        assert set(issue["location"]) == {"path", "lines"}
        assert issue["location"]["path"]
        assert issue["location"]["lines"].keys() == {"begin"}
        assert issue["location"]["lines"]["begin"] >= 1
    fingerprints = [issue["fingerprint"] for issue in found]
    assert len(set(fingerprints)) == len(fingerprints)


@given(recipes)
@settings(deadline=None, max_examples=60)
def test_any_report_is_what_gitlab_reads(recipe: Recipe) -> None:
    report = recipe.report()
    found = issues(report)
    check(found)
    severities = {issue["severity"] for issue in found}
    assert ("blocker" in severities) == (report.exit_code == 1)
    if report.exit_code != 1:
        assert ("critical" in severities) == (report.exit_code == 3)


def test_the_same_risk_twice_has_two_fingerprints() -> None:
    report = fixed_report()
    found = issues(replace(report, risks=(*report.risks, *report.risks)))
    check(found)
    assert sum(issue["fingerprint"].endswith("-2") for issue in found) == len(report.risks)


def test_severities_follow_the_exit_code() -> None:
    found = [(issue["check_name"], issue["severity"]) for issue in issues(fixed_report())]
    assert found == [
        *[("DR-KIT-001", "blocker")] * 5,
        ("JA-DRV-001", "blocker"),
        *[("JA-WTR-001", "major")] * 2,
        ("PO-VEN-002", "minor"),
        ("DR-KIT-001", "critical"),
        ("JA-WTR-001", "minor"),
        ("node-unverified", "critical"),
        ("node-unverified", "critical"),
    ]


def test_what_is_waived_or_does_not_count_is_no_blocker() -> None:
    found = issues(waived(fixed_report(), lambda _: True))
    assert {issue["severity"] for issue in found if issue["check_name"].startswith(("DR-KIT", "JA-DRV"))} <= {
        "info",
        "critical",
    }
    ignored = rejudged(named_report(), replace(named_report().selection, nodes=("tender",), ignore_upstream=True))
    assert {issue["severity"] for issue in issues(ignored)} == {"major"}


def test_an_issue_says_what_and_where() -> None:
    data = json.dumps({"project": {"rooms": [{}, {}]}}, indent=1).encode()
    report = replace(many(2), sha256=sha256(data).hexdigest())
    issue = issues(report, Source("homes/1.json", data))[1]
    assert issue["location"] == {"path": "homes/1.json", "lines": {"begin": 5}}
    assert (
        issue["description"] == "blocking DR-KIT-001 Kitchen too small; Kitchen of 3.0 m2, 0.5 m2 short; R1 (rooms[R1])"
    )


def test_nothing_found_is_an_empty_list() -> None:
    assert issues(REPORTS["clear"]()) == []

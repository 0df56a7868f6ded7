"""The audit of waivers: what it finds in one report and over several."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from riskgate import Report
from riskgate.audit import AUDIT_FINDINGS, Audited, audit
from riskgate.cli.main import COMMAND
from riskgate.render.formats import FORMATS, render
from riskgate.render.words import AUDIT_FINDINGS as AUDIT_WORDS
from riskgate.render.words import WAIVER_STATES as STATE_WORDS
from riskgate.waiver import WAIVER_STATES
from waiver_company import APPROVERS, COMPANY, flat, gate, room, small_rooms, snapshot, waiver, waivers

GATE = gate()
SMALL = small_rooms()
SOUND = snapshot({"id": "1", "flats": [flat("1", room("K"))]})


def reports(*listed: dict[str, Any], days: dict[str, dict[str, Any]], **options: Any) -> list[tuple[str, Report]]:
    """A report for each day and snapshot, with these waivers."""
    chosen = {"approvers": APPROVERS, **options}
    return [(day, GATE.check(data, as_of=day, waivers=waivers(*listed), **chosen)) for day, data in days.items()]


def findings(one: dict[str, Any], within: int = 30, **days: dict[str, Any]) -> tuple[str, ...]:
    dated = {day.replace("_", "-").removeprefix("d"): data for day, data in days.items()}
    (audited,) = audit(reports(one, days=dated), within=within)
    return audited.findings


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (waiver(), ()),
        (waiver(expires_on="2026-07-15"), ("expiring",)),
        (waiver(expires_on="2026-07-16"), ()),
        (waiver(expires_on="2026-06-15"), ("expiring",)),
        (waiver(expires_on="2026-06-14"), ("expired", "unused")),
        (waiver(approved_on="2026-06-16"), ("not-yet", "unused")),
        (waiver(approved_by="Somebody"), ("unconfirmed",)),
        (waiver(approved_by="Region"), ("role-too-low", "unused")),
        (waiver("W-LAW"), ("not-waivable", "unmatched")),
        (waiver(condition="!project.is_complete"), ("condition-false", "unused")),
        (waiver(condition="project.opens_on > as_of"), ("condition-undecided", "unused")),
        (waiver(entity="buildings[9]/*"), ("unmatched",)),
    ],
)
def test_each_finding_has_its_reason(one: dict[str, Any], found: tuple[str, ...]) -> None:
    assert findings(one, d2026_06_15=SMALL) == found


def test_over_several_reports_a_waiver_is_used_if_it_is_used_in_one() -> None:
    assert findings(waiver(), d2026_06_15=SOUND) == ("unmatched",)
    assert findings(waiver(), d2026_06_15=SOUND, d2026_07_01=SMALL) == ()
    assert findings(waiver(expires_on="2026-06-20"), d2026_06_15=SMALL, d2026_07_01=SMALL) == ("expired",)
    assert findings(waiver(), d2026_12_01=SMALL, d2026_06_15=SMALL) == ("expiring",)
    assert findings(waiver(), within=0, d2026_12_01=SMALL) == ()


def test_a_condition_that_is_not_true_somewhere_is_found() -> None:
    later = "as_of >= date('2026-07-01')"
    assert findings(waiver(condition=later), d2026_06_15=SMALL, d2026_07_01=SMALL) == ("condition-false",)


def test_equal_waivers_of_two_files_are_told_apart() -> None:
    both = [waivers(waiver()), waivers(waiver(), Somebody="group")]
    found = audit([("a", GATE.check(SMALL, waivers=both)), ("b", GATE.check(SMALL, waivers=both))])
    assert [[seen.name for seen in one.seen] for one in found] == [["a", "b"], ["a", "b"]]
    assert [sum(seen.result.waives for seen in one.seen) for one in found] in ([8, 0], [0, 8])


def test_the_latest_day_speaks_whatever_the_order() -> None:
    days = {"2026-07-01": SMALL, "2026-06-15": SMALL}
    (one,) = audit(reports(waiver(), days=days))
    assert one.latest.days_left == (dt.date(2026, 12, 31) - dt.date(2026, 7, 1)).days
    written = one.as_dict()
    assert [seen["as_of"] for seen in written["reports"]] == list(days)
    assert written["findings"] == ()
    assert set(written).isdisjoint(written["reports"][0])


def test_an_audit_of_reports_that_were_read_back_is_the_same() -> None:
    first = reports(waiver(), waiver(approved_by="Region"), days={"2026-06-15": SMALL})
    again = [(name, Report.from_json(report.to_json())) for name, report in first]
    assert audit(again) == audit(first)
    assert all(isinstance(one, Audited) for one in audit(first))


def test_every_word_is_there() -> None:
    assert set(STATE_WORDS) == set(WAIVER_STATES)
    assert set(AUDIT_WORDS) == set(AUDIT_FINDINGS)


# -- the command


def run(tmp_path: Path, *arguments: str, **approvers: str) -> Any:
    """`riskgate waivers` on the small rooms with one sound waiver, one that ended and one by a stranger."""
    (tmp_path / "home.json").write_text(json.dumps(SMALL), encoding="utf-8")
    listed = waivers(
        waiver(),
        waiver("W-NAME", "buildings[1]/*", expires_on="2026-02-01"),
        waiver("W-AREA", "buildings[2]/*", approved_by="\x1b[31mMallory", expires_on="2026-11-30"),
        **approvers,
    )
    (tmp_path / "waivers.yaml").write_text(json.dumps(listed), encoding="utf-8")
    fixed = ["waivers", str(tmp_path / "home.json"), "--packs", str(COMPANY), "--no-config"]
    return CliRunner().invoke(COMMAND, [*fixed, "--waivers", str(tmp_path / "waivers.yaml"), *arguments])


def test_the_command_and_the_function_find_the_same(tmp_path: Path) -> None:
    told = run(tmp_path, "--format", "json", Group="group")
    assert told.exit_code == 1
    shape = json.loads(told.stdout)
    assert [(one["rule"], one["findings"]) for one in shape] == [
        ("W-AREA", ["unconfirmed"]),
        ("W-AREA", ["unconfirmed", "unused"]),
        ("W-NAME", ["expired", "unconfirmed", "unmatched"]),
    ]


@pytest.mark.parametrize(("lang", "words"), [("en", ["134 days ago", "unconfirmed"]), ("zh", ["已过期", "未确认"])])
def test_the_command_says_why_in_both_languages(tmp_path: Path, lang: str, words: list[str]) -> None:
    told = run(tmp_path, "--lang", lang)
    for word in words:
        assert word in told.stdout
    assert "\x1b" not in told.stdout
    assert "\\x1b[31mMallory" in told.stdout


# -- formats

FULL = [
    waiver(entity="buildings[1]/*"),
    waiver("W-NAME", "*", expires_on="2026-02-01"),
    waiver(entity="*", approved_by="M"),
]


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_tells_of_waived_risks_and_is_the_same_for_a_report_that_was_read_back(name: str) -> None:
    report = GATE.check(SMALL, waivers=waivers(*FULL), approvers=APPROVERS)
    assert not report.node("K1").blocking_risks
    made = render(report, name)
    assert made == render(Report.from_json(report.to_json()), name)
    assert made == render(GATE.check(SMALL, waivers=GATE.waivers(waivers(*FULL)), approvers=APPROVERS), name)
    assert made != render(GATE.check(SMALL), name)

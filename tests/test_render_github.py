"""Workflow commands: escaped as the runner undoes it, and no more of them than GitHub shows."""

import json
import re
from dataclasses import replace
from hashlib import sha256
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixed_report import LABELS, REPORTS, fixed_report
from riskgate.render.entries import rounds
from riskgate.render.formats import Reader, Source, render
from riskgate.render.github import command
from riskgate.report import Report
from strategies_report import Recipe, hostile_report, many, recipes, waived

_COMMAND = re.compile(r"^::(?P<level>error|warning|notice)(?: (?P<told>[^:]*))?::(?P<message>.*)$")


class Told(NamedTuple):
    level: str
    properties: dict[str, str]
    message: str


def undone(text: str, *more: tuple[str, str]) -> str:
    """What the runner makes of an escaped text."""
    for mark, char in (*more, ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(mark, char)
    return text


def read(line: str) -> Told:
    match = _COMMAND.match(line)
    assert match is not None, line
    pairs = [pair.partition("=") for pair in (match["told"] or "").split(",") if pair]
    properties = {name: undone(value, ("%3A", ":"), ("%2C", ",")) for name, _, value in pairs}
    return Told(match["level"], properties, undone(match["message"]))


def told(report: Report, source: Source | None = None) -> list[Told]:
    text = render(report, "github", Reader(labels=LABELS, source=source)).decode()
    return [read(line) for line in text.splitlines()]


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8"), min_size=1))
@settings(deadline=None, max_examples=200)
def test_a_command_says_what_it_was_given(message: str, title: str) -> None:
    line = command("warning", message, title=title, line=3, col=0)
    assert "\n" not in line
    assert "\r" not in line
    if "%" not in message + title:  # the runner undoes `%250A` in two steps, in this order
        assert read(line) == Told("warning", {"title": title, "line": "3"}, message)


def test_the_documented_escapes() -> None:
    assert (
        command("error", "100% a:b,c\r\n", file="a:b,c%.json") == "::error file=a%3Ab%2Cc%25.json::100%25 a:b,c%0D%0A"
    )
    assert command("notice", "x") == "::notice::x"


@given(recipes)
@settings(deadline=None, max_examples=60)
def test_every_line_is_one_command_and_no_level_has_more_than_github_shows(recipe: Recipe) -> None:
    levels = [one.level for one in told(recipe.report(), Source("a,b:c%.json"))]
    assert max(map(levels.count, levels)) <= 10


def test_the_verdict_comes_first_with_the_exit_code() -> None:
    for name in REPORTS:
        first, report = told(REPORTS[name]())[0], REPORTS[name]()
        assert first.level == "notice"
        assert report.verdict.upper() in first.properties["title"]
        assert f"Exit code {report.exit_code}: " in first.message


def test_an_error_says_what_where_how_and_who() -> None:
    error = told(fixed_report(), Source("homes/1.json"))[1]
    assert error.level == "error"
    assert error.properties == {"file": "homes/1.json", "title": "blocking DR-KIT-001 Kitchen too small"}
    assert error.message.splitlines() == [
        "Kitchen of 3.0 m2, 0.5 m2 short",
        "Building 3, 0000 kitchen (phases[1]/buildings[3]/units[0000]/rooms[K1])",
        "remedy: Move the wall so that the net area is at least 3.5 m2.",
        "owner: Design, Engineering",
        "nodes: N06 N10",
    ]


def test_lines_and_columns_are_named_where_they_are_known() -> None:
    data = json.dumps({"project": {"rooms": [{}, {}]}}, indent=1).encode()
    report = replace(many(2), sha256=sha256(data).hexdigest())
    found = told(report, Source("1.json", data))
    assert [(one.properties["line"], one.properties["col"]) for one in (found[1], found[3])] == [("4", "4"), ("5", "4")]


def test_every_rule_is_annotated_before_any_comes_again() -> None:
    titles = [one.properties["title"] for one in told(many(30)) if one.level == "error"]
    assert titles[:3] == [
        "blocking DR-KIT-001 Kitchen too small",
        "blocking JA-DRV-001 Systemic leakage",
        "blocking DR-KIT-001 Kitchen too small",
    ]
    assert len(titles) == 10


def test_the_last_line_counts_what_is_left_out() -> None:
    found = told(many(30))
    errors, shown = 31, [one.level for one in found]
    assert found[-1].message.startswith(f"{errors - shown.count('error')} more are not annotated (21 errors)")
    assert not any("not annotated" in one.message for one in told(fixed_report()))


def test_a_waived_risk_is_a_notice_with_its_reason() -> None:
    found = [one for one in told(waived(fixed_report(), {1, 6}.__contains__)) if "waived (" in one.properties["title"]]
    assert [one.level for one in found] == ["notice", "notice"]
    assert "waived: reason: agreed; approved by: 张三; until: 2026-12-31; unconfirmed" in found[0].message


def test_an_unverified_node_is_a_warning() -> None:
    found = [one for one in told(REPORTS["unverified"]()) if one.level == "warning"]
    assert "? unverified N50 Trial survey" in [one.properties["title"] for one in found]


def test_hostile_texts_make_no_further_command() -> None:
    text = render(hostile_report(), "github", Reader(source=Source("x\n::error::y.json"))).decode()
    assert all(_COMMAND.match(line) for line in text.split("\n")[:-1])
    assert r"\n::error::forged" in text


@pytest.mark.parametrize(("rules", "turns"), [("", []), ("aab", [0, 1, 0]), ("abab", [0, 0, 1, 1])])
def test_rounds_count_what_was_there_before(rules: str, turns: list[int]) -> None:
    assert list(rounds(rules)) == turns

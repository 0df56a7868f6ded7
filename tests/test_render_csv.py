"""CSV: what a spreadsheet makes of it, and what it must not."""

import csv
import io
import re

import pytest
from hypothesis import given, settings

from fixed_report import LABELS, REPORTS, fixed_report
from riskgate.render.csv import COLUMNS
from riskgate.render.formats import Reader, Source, render
from riskgate.render.scope import scope_of
from riskgate.report import Report
from riskgate.text import Lang
from strategies_report import Recipe, hostile_report, recipes, waived

FORMULA = re.compile("[=+\\-@＝＋－＠\t\r\n]")


def table(report: Report, lang: Lang = "en", delimiter: str = ",") -> list[list[str]]:
    data = render(report, "csv", Reader(lang=lang, labels=LABELS, source=Source("1.json")))
    assert data.startswith(b"\xef\xbb\xbf")
    return list(
        csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter, strict=delimiter == ",")
    )


def rows(report: Report) -> list[dict[str, str]]:
    head, *rest = table(report)
    return [dict(zip(head, row, strict=True)) for row in rest]


@given(recipes)
@settings(deadline=None, max_examples=60)
def test_every_risk_and_gap_has_one_row_of_all_columns(recipe: Recipe) -> None:
    report = recipe.report()
    head, *rest = table(report)
    assert all(len(row) == len(COLUMNS) for row in (head, *rest))
    scope = scope_of(report)
    kinds = [row[0] for row in rest]
    assert (kinds.count("risk"), kinds.count("gap")) == (len(scope.risks), len(scope.gaps))
    codes = {row[2] for row in rest}
    assert (str(report.exit_code) in codes) or not report.exit_code
    assert report.exit_code or codes <= {"0"}


def formulas(report: Report, delimiter: str) -> list[str]:
    return [cell for row in table(report, delimiter=delimiter) for cell in row if FORMULA.match(cell)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_cell_is_a_formula_whatever_separates_the_columns(delimiter: str) -> None:
    assert formulas(hostile_report(), delimiter) == []


@given(recipes)
@settings(deadline=None, max_examples=40)
def test_no_cell_of_any_report_is_a_formula(recipe: Recipe) -> None:
    assert formulas(recipe.report(), ",") == []


def test_lines_end_as_rfc_4180_says_and_nowhere_else() -> None:
    text = render(hostile_report(), "csv").decode("utf-8-sig")
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert "\r\n" not in "".join(cell for row in table(hostile_report()) for cell in row)


def test_the_head_is_in_the_readers_language() -> None:
    assert table(fixed_report())[0] == [head.en for head, _ in COLUMNS]
    assert table(fixed_report(), "zh")[0] == [head.zh for head, _ in COLUMNS]
    assert {row[0] for row in table(fixed_report(), "zh")[1:]} == {"风险", "资料缺口", "节点"}


def test_a_risk_has_what_is_to_be_known_of_it() -> None:
    first = rows(fixed_report())[0]
    assert first == {
        "kind": "risk",
        "severity": "blocking",
        "exit code": "1",
        "waived": "no",
        "rule": "DR-KIT-001",
        "title": "Kitchen too small",
        "nodes": "N06 N10",
        "place": "Building 3, 0000 kitchen",
        "times": "1",
        "message": "Kitchen of 3.0 m2, 0.5 m2 short",
        "evidence": 'room.kind = "kitchen"; room.usable_area_m2 = 3.0 (计算书.xlsx!B7); '
        'params.min_kitchen_area_m2 = 3.5; room.net_height_m = null; room.doors = [1, 2.0, "x", null, true]',
        "owners": "Design, Engineering",
        "remedy": "Move the wall so that the net area is at least 3.5 m2.",
        "theme": "usability",
        "customer sensitivity": "4",
        "operator weight": "5",
        "sources": "GB55038 4.1.4 (verified); practice-manual (practice)",
        "waiver": "",
        "address": "phases[1]/buildings[3]/units[0000]/rooms[K1]",
        "file": "1.json",
        "line": "",
        "because": "",
        "id": fixed_report().risks[0].id,
    }


def test_a_gap_says_how_many_times_and_what_is_missing() -> None:
    (gap,) = (row for row in rows(fixed_report()) if (row["kind"], row["rule"]) == ("gap", "DR-KIT-001"))
    assert (gap["times"], gap["exit code"]) == ("25", "3")
    assert gap["message"] == "missing: room.usable_area_m2 (25 times)"


def test_a_waived_risk_is_marked_and_does_not_count() -> None:
    found = [row for row in rows(waived(fixed_report(), {1, 6}.__contains__)) if row["waived"] == "yes"]
    assert [(row["rule"], row["exit code"]) for row in found] == [("DR-KIT-001", "0"), ("JA-WTR-001", "0")]
    assert "agreed" in found[0]["waiver"]


def test_nothing_found_is_the_head_alone() -> None:
    assert len(table(REPORTS["clear"]())) == 1

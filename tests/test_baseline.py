"""An earlier report as a baseline: what counts, what does not, and that everybody is told."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings

from fixed_report import fixed_report
from riskgate.cli.main import COMMAND
from riskgate.comparing import compare
from riskgate.comparison import blocks
from riskgate.errors import ChoiceError, ReportError
from riskgate.known import Known
from riskgate.render.formats import FORMATS, Reader, render
from riskgate.report import Baseline, Report
from riskgate.report_schema import report_json_schema
from test_cli import COMPANY
from test_compare import GATE, LARGE, SMALL, Home, check, homes, snapshot, waived

NODES = ["K2"]


def against(baseline: Report, home: Mapping[str, Mapping[str, str] | None], **rest: Any) -> Report:
    return GATE.check(snapshot(home), baseline=baseline, **{"nodes": NODES, **rest})


def test_a_known_risk_does_not_count_and_is_not_hidden() -> None:
    report = against(check(SMALL), SMALL)
    assert report.exit_code == 0
    assert report.verdict == "blocked"
    assert report.node("K2").status == "blocked"
    assert report.baseline is not None
    assert (report.baseline.known_risks, report.baseline.new_risks) == (1, ())


def test_a_new_risk_counts() -> None:
    report = against(check(SMALL), {**SMALL, "2": {"K": "risk"}})
    assert report.exit_code == 1
    assert report.baseline is not None
    (new,) = [risk for risk in report.risks if risk.address == "flats[2]/rooms[K]"]
    assert report.baseline.new_risks == (new.id,)


def raised(report: Report) -> Report:
    for risk in report.risks:
        risk.severity = "major"
    return report


def moved(report: Report) -> Report:
    for risk in report.risks:
        risk.nodes = ("handover",)
    return report


@pytest.mark.parametrize("change", [raised, moved, waived])
def test_a_risk_that_got_worse_counts_as_new(change: Callable[[Report], Report]) -> None:
    """It was major, gated other nodes, or was waived in the baseline."""
    assert against(change(check(SMALL)), SMALL).exit_code == 1


def test_what_holds_a_node_from_before_is_weighed_too() -> None:
    assert against(check(SMALL), SMALL, nodes=["K2", "K4"]).exit_code == 0
    assert against(check(LARGE), SMALL, nodes=["K4"]).exit_code == 1
    assert GATE.check(snapshot(SMALL), nodes=["K4"]).node("K3").held_by == ("drawings",)


GAP: Home = {"1": {"K": "gap"}}
GAPS: Home = {f"{n:02}": {"K": "gap"} for n in range(30)}


@pytest.mark.parametrize(
    ("baseline", "now", "code"),
    [
        (GAP, GAP, 0),
        (LARGE, GAP, 3),
        (SMALL, GAP, 3),  # a known risk that nobody can verify any more
        (GAP, {**GAP, "2": {"K": "gap"}}, 3),
        ({**GAP, "2": {"K": "gap"}}, GAP, 0),
        (GAP, {"1": None}, 3),
        (GAP, SMALL, 1),
        (GAPS, GAPS, 0),
        ({}, {}, 3),  # nothing was looked at: no baseline excuses that
    ],
)
def test_gaps_are_excused_only_where_they_were(baseline: Home, now: Home, code: int) -> None:
    assert against(check(baseline), now).exit_code == code


def test_a_baseline_that_does_not_name_all_places_excuses_no_others() -> None:
    report = against(GATE.check(snapshot(GAPS)), GAPS)
    assert report.exit_code == 3
    assert "baseline-gaps" in {note.code for note in report.notes}


def test_the_report_names_as_many_places_of_a_gap_as_without_a_baseline() -> None:
    assert {len(gap.entities) for gap in against(check(GAPS), GAPS).gaps} == {20}
    assert {len(gap.entities) for gap in against(check(GAPS), GAPS, all_gaps=True).gaps} == {30}


def test_an_incomplete_snapshot_is_not_excused() -> None:
    old = check(LARGE, incomplete=["something"])
    assert GATE.check(snapshot(LARGE, incomplete=["something"]), nodes=NODES, baseline=old).exit_code == 3


@given(homes, homes)
@settings(deadline=None, max_examples=80)
def test_laws_of_baselines(old: Home, new: Home) -> None:
    baseline = check(old)
    plain, weighed = (GATE.check(snapshot(new), baseline=known) for known in (None, baseline))
    # nothing but the exit code, the key and notes differs
    assert replace(weighed, baseline=None, exit_code=plain.exit_code, notes=plain.notes).to_json() == plain.to_json()
    # a baseline never makes a check stricter, and is lax only as far as the comparison says that nothing is new
    order = (0, 3, 1)
    assert order.index(weighed.exit_code) <= order.index(plain.exit_code)
    changes = compare(baseline, plain)
    new_ones = [one.risk.id for state in ("new", "worsened") for one in changes.by_state(state) if one.blocking]
    assert weighed.baseline is not None
    assert sorted(weighed.baseline.new_risks) == sorted(new_ones)
    assert weighed.baseline.known_risks == sum(map(blocks, plain.risks)) - len(new_ones)
    # a check against itself finds nothing new
    assert not GATE.check(snapshot(old), baseline=baseline).baseline.new_risks  # type: ignore[union-attr]  # it has one


def test_a_baseline_of_another_project_is_refused() -> None:
    with pytest.raises(ChoiceError, match="of project `Q`"):
        against(replace(check(SMALL), project_id="Q"), SMALL)
    unnamed = json.loads(snapshot(SMALL))
    del unnamed["project"]["id"]
    known = Known.read(replace(check(SMALL), project_id=""))
    with pytest.raises(ChoiceError, match="without a project id"):
        known.ensure_project("")


def test_a_baseline_of_other_packs_or_of_a_later_day_is_said() -> None:
    old = check(SMALL)
    other = replace(old, packs=(replace(old.packs[0], sha256="0" * 64),), as_of="2027-01-01")
    notes = {note.code: note.message.en for note in against(other, SMALL).notes}
    assert "kitchens" in notes["baseline-packs"]
    assert "2027-01-01" in notes["baseline-later"]
    assert against(other, SMALL).exit_code == 0


def test_the_key_of_the_report(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "old.json"
    path.parent.mkdir()
    path.write_bytes(check(SMALL).to_json())
    report = GATE.check(snapshot(SMALL), nodes=NODES, baseline=path)
    shape = json.loads(report.to_json())
    jsonschema.Draft202012Validator(report_json_schema()).validate(shape)
    assert shape["baseline"]["name"] == "old.json"
    assert Report.from_json(report.to_json()).to_json() == report.to_json()
    assert json.loads(check(SMALL).to_json())["baseline"] is None
    shape["baseline"]["new_risks"] = ["0" * 16]
    with pytest.raises(ReportError):
        Report.from_json(json.dumps(shape))


KNOWN = Baseline("old-report.json", "ab" * 32, "2026-10-01", 6, (), 0, ())


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_format_names_the_baseline(name: str, lang: str) -> None:
    said = render(replace(fixed_report(), baseline=KNOWN), name, Reader(lang=lang))  # type: ignore[arg-type]  # a parameter is a plain text
    plain = render(fixed_report(), name, Reader(lang=lang))  # type: ignore[arg-type]  # the same
    if said.startswith(b"PK"):  # a workbook is packed: its parts are looked at below
        assert said != plain
    else:
        assert b"old-report.json" in said
        assert b"old-report.json" not in plain


def run(*arguments: str, folder: Path) -> Result:
    (folder / "s.json").write_bytes(snapshot(SMALL))
    return CliRunner().invoke(
        COMMAND, ["check", str(folder / "s.json"), "--packs", str(COMPANY), "--lang", "en", *arguments]
    )


def test_the_command_line(tmp_path: Path) -> None:
    baseline = tmp_path / "old.json"
    assert run("--format", "json", "--output", str(baseline), folder=tmp_path).exit_code == 1
    told = run("--baseline", str(baseline), folder=tmp_path)
    assert told.exit_code == 0
    assert "! checked against the baseline old.json (2026-11-20): 1 blocking risk known" in told.stdout
    assert "baseline: 1 known, not counted" in told.stdout
    assert "Exit code 0: nothing new stops the chosen nodes (--baseline)" in told.stdout
    stricter = run("--baseline", str(baseline), "--set", "min_area=9", folder=tmp_path)
    assert stricter.exit_code == 0  # the same risk, whatever its limit


BROKEN = {
    "no such file": (None, "there is no file"),
    "not JSON": (b"{", "not JSON"),
    "a snapshot": (snapshot(SMALL), "this is a snapshot, not a report"),
    "another project": (replace(check(SMALL), project_id="Q").to_json(), "is of project `Q`"),
    "changed by hand": (check(SMALL).to_json().replace(b"rooms[K]", b"rooms[L]"), "the report was changed"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_baseline_that_cannot_be_used_is_exit_code_2(name: str, tmp_path: Path) -> None:
    content, said = BROKEN[name]
    if content is not None:
        (tmp_path / "old.json").write_bytes(content)
    told = run("--baseline", str(tmp_path / "old.json"), folder=tmp_path)
    assert told.exit_code == 2
    assert told.stdout == ""
    assert said in told.stderr
    assert "old.json" in told.stderr

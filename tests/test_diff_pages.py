"""Comparisons as pages: hostile texts stay texts, both languages, nothing is left out; two reports need no packs."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings

from fixed_report import HOSTILE, clear_report, fixed_report
from riskgate.cli.main import COMMAND
from riskgate.comparing import compare
from riskgate.comparison import Comparison
from riskgate.render.diff import show_diff
from riskgate.render.diff_markdown import diff_markdown
from riskgate.render.diff_words import (
    GAP_STATE_WORDS,
    LOST_REASONS,
    NEW_REASONS,
    RISK_STATE_SIGNS,
    RISK_STATE_STYLES,
    RISK_STATE_WORDS,
)
from riskgate.render.page import Page
from riskgate.text import Lang
from test_cli import COMPANY
from test_compare import LARGE, SMALL, Home, check, homes, snapshot


def page(comparison: Comparison, lang: Lang = "en", *, width: int = 100) -> str:
    made = Page(lang, width)
    show_diff(made, comparison)
    return made.text()


def pair() -> Comparison:
    return compare(clear_report(), fixed_report(), old_name=HOSTILE, new_name=HOSTILE)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [60, 100])
def test_hostile_texts_stay_texts(lang: Lang, width: int) -> None:
    for comparison in (pair(), compare(fixed_report(), clear_report(), old_name=HOSTILE)):
        text = page(comparison, lang, width=width)
        assert not set(text) & set("\x1b\x07\u202e\u2066")
        marked = diff_markdown(comparison, lang=lang)
        assert not set(marked) & set("\x1b\x07\u202e\u2066")
        assert "<b>" not in re.sub(r"`[^`]*`", "", marked)
        assert all(line.count("|") - line.count("\\|") == 0 or line.startswith("|") for line in marked.splitlines())


@given(homes, homes)
@settings(deadline=None, max_examples=40)
def test_a_page_counts_every_risk(old: Home, new: Home) -> None:
    comparison = compare(check(old), check(new))
    told = page(comparison)
    for state, number in comparison.counts().items():
        assert re.search(
            rf"^  {re.escape(RISK_STATE_SIGNS[state])} {RISK_STATE_WORDS[state].en} +{number}( |$)", told, re.MULTILINE
        )
    assert f"Exit code {comparison.exit_code}" in told
    assert f"Exit code {comparison.exit_code}" in diff_markdown(comparison)


def test_every_state_and_reason_has_its_words() -> None:
    from typing import get_args  # noqa: PLC0415 - this test alone

    from riskgate.comparison import GAP_STATES, RISK_STATES, Reason  # noqa: PLC0415 - the same

    assert set(RISK_STATE_WORDS) == set(RISK_STATE_SIGNS) == set(RISK_STATE_STYLES) == set(RISK_STATES)
    assert set(GAP_STATE_WORDS) == set(GAP_STATES)
    assert set(LOST_REASONS) == set(NEW_REASONS) == set(get_args(Reason))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(COMMAND, ["diff", *arguments, "--lang", "en"])


def test_two_reports_are_compared_without_any_pack(tmp_path: Path) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_bytes(check(SMALL).to_json())
    new.write_bytes(check(LARGE).to_json())
    told = run(str(old), str(new), "--packs", str(tmp_path / "nothing"), "--format", "json")
    assert told.exit_code == 0
    assert json.loads(told.stdout)["counts"]["closed"] == {"risks": 1, "blocking": 1}
    for idle in (["--set", "min_area=3"], ["--as-of", "2026-12-01"], ["--waivers", "w.yaml"]):
        refused = run(str(old), str(new), *idle)
        assert refused.exit_code == 2
        assert f"both are reports, for which `{idle[0]}` can do nothing" in refused.stderr


def test_a_report_and_a_snapshot(tmp_path: Path) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_bytes(replace(check(SMALL), version="0.0.9").to_json())
    new.write_bytes(snapshot(LARGE))
    told = run(str(old), str(new), "--packs", str(COMPANY))
    assert told.exit_code == 0
    assert "! riskgate differs: 0.0.9 → " in told.stdout
    assert "- closed  1  1 blocking" in told.stdout


def test_a_suffix_says_how_to_write_it(tmp_path: Path) -> None:
    report = tmp_path / "r.json"
    report.write_bytes(check(SMALL).to_json())
    for name, start in (("d.md", b"# "), ("d.json", b"{\n"), ("d.txt", "✓".encode())):
        assert run(str(report), str(report), "--output", str(tmp_path / name)).exit_code == 0
        assert (tmp_path / name).read_bytes().startswith(start)

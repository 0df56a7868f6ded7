"""Markdown: a note that fits into a comment, in which text from data calls nobody and changes nothing."""

import html
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixed_report import LABELS, REPORTS, fixed_report, named_report
from riskgate.render.escape import visible
from riskgate.render.formats import Reader, render
from riskgate.render.note import TEXT, text
from riskgate.report import ReportNote
from riskgate.text import Text
from strategies_report import NASTY, Recipe, against, hostile_report, many, recipes, spoiled, waived

LIMIT = 65_536
"""What a comment of GitHub holds."""
OWN = re.compile(r"</?(details|summary)>|<!-- -->")
"""The HTML that the format writes itself."""


def note(name: str = "fixed") -> str:
    return render(REPORTS[name](), "markdown", Reader(labels=LABELS)).decode()


@given(recipes)
@settings(deadline=None, max_examples=60)
def test_any_report_fits_into_a_comment_and_holds_no_foreign_html(recipe: Recipe) -> None:
    made = render(recipe.report(), "markdown").decode()
    assert len(made) <= LIMIT
    foreign = OWN.sub("", made)
    assert not re.search(r"(?<!\\)(?:\\\\)*<(?!!--)", foreign)


def test_many_risks_with_long_texts_fit_too() -> None:
    report = spoiled(many(3000), lambda _: "长" * 5000)
    notes = tuple(ReportNote("long", Text.of("长" * 5000)) for _ in range(500))
    made = render(replace(report, notes=notes, gaps=report.gaps * 300), "markdown").decode()
    assert len(made) <= LIMIT
    assert "Exit code 1: " in made.splitlines()[-1]
    assert re.search(r"\d,\d{3} more risks are not listed \(2,\d{3} blocking\)", made)


def test_so_many_risks_are_shown_and_every_rule_among_them() -> None:
    made = render(many(300), "markdown", Reader(labels=LABELS)).decode()
    items = re.findall(r"^- .* — .*\(.*\)$|^- .* — R\d+ .*$", made, re.MULTILINE)
    shown = [item for item in items if "—" in item and not item.startswith("- **?**")]
    assert len(shown) == 100
    for rule in ("DR-KIT-001", "JA-DRV-001"):
        assert f"blocking {rule}" in made
    assert "**204 more risks are not listed (201 blocking)**" in made


def test_the_note_begins_with_the_verdict_and_ends_with_the_exit_code() -> None:
    assert note().startswith("## ✗ BLOCKED\n")
    assert note("unverified").startswith("## ? UNVERIFIED\n")
    assert note("clear").startswith("## ✓ CLEAR\n")
    assert note().endswith("**Exit code 1: a chosen node is blocked, or held by one before it**\n")


def test_risks_stand_under_their_first_chosen_node() -> None:
    made = note()
    nodes = re.findall(r"^#### \S+ \S+ (N\d+)", made, re.MULTILINE)
    assert nodes == ["N06", "N34", "N51"]
    assert made.count("Kitchen of 3.0 m2, 0.5 m2 short") == 1
    held = render(named_report(), "markdown").decode()
    assert "Nodes before them, not chosen" in held
    assert "#### ✗ blocked N10" in held


def test_remedy_owner_and_folded_evidence_are_there() -> None:
    made = note()
    assert "- *owner: Design, Engineering*\n- *remedy: Move the wall" in made
    folded = re.findall(r"<details><summary>evidence</summary>\n\n(.*?)\n\n</details>", made, re.DOTALL)
    assert len(folded) == 1
    assert folded[0].count("\n") == 4
    assert "usable\\_area\\_m2 = 3.0" in folded[0]


def test_what_a_baseline_knows_is_marked() -> None:
    report = against(fixed_report(), frozenset({0, 1}))
    made = render(report, "markdown", Reader(labels=LABELS)).decode()
    known = re.findall(r"^- \*known to the baseline\* (Kitchen of 3\.\d)", made, re.MULTILINE)
    assert known == ["Kitchen of 3.0", "Kitchen of 3.1"]


def test_what_was_not_chosen_is_counted() -> None:
    made = render(named_report(), "markdown").decode()
    assert "Elsewhere, at nodes that were not chosen: 4 risks" in made


def test_waived_risks_and_waivers_that_do_not_hold_have_their_own_parts() -> None:
    made = render(waived(fixed_report(), {1, 6}.__contains__), "markdown", Reader(labels=LABELS)).decode()
    part = made[made.index("### Waived risks (2)") : made.index("### Waivers (2)")]
    assert part.count("reason: agreed; approved by: 张三; until: 2026-12-31; unconfirmed") == 2
    assert "covers 1 risk, waives none — expired on 2026-10-31" in made[made.index("### Waivers (2)") :]
    assert "Kitchen of 3.1 m2" not in made[: made.index("### Waived risks")]


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        ("@someone, see #12 and !3", "@<!-- -->someone, see \\#<!-- -->12 and !<!-- -->3"),
        ("[x](javascript:1) ![y](z)", "\\[x\\](javascript:1) !\\[y\\](z)"),
        ("a | b", "a \\| b"),
        ("<b>&amp;", "\\<b\\>\\&<!-- -->amp;"),
        ("    1. x", "1\\. x"),
        ("---", "\\---"),
        ("- x", "\\- x"),
        ("# x\n## y", "\\# x\\\\n\\#\\# y"),
        ("`x` *y* _z_ ~w~ $v$", "\\`x\\` \\*y\\* \\_z\\_ \\~<!-- -->w\\~ \\$<!-- -->v\\$"),
    ],
)
def test_marks_show_themselves(data: str, shown: str) -> None:
    assert text(data) == shown


MARKS = st.text(st.sampled_from("-+=*_#[]()!<>&`~|\\$@ .1a:/\"'\n\t") | st.characters(), max_size=40)


def read(made: str) -> str:
    """What a reader of CommonMark sees, white space aside. Fails if the text made anything but text."""
    renderer = pytest.importorskip("markdown_it").MarkdownIt("commonmark", {"html": True})
    page = renderer.enable(["table", "strikethrough"]).render(f"| a | b |\n|---|---|\n| {made} | x |\n\n- {made} — x\n")
    match = re.search(
        r"<td>(.*)</td>\n<td>x</td>.*<ul>\n<li>(.*)— x</li>\n</ul>", page.replace("<!-- -->", ""), re.DOTALL
    )
    assert match is not None, page
    cell, item = (" ".join(html.unescape(part).split()) for part in match.groups())
    assert "<" not in match[1] + match[2], page
    assert cell == item
    return cell


@given(st.sampled_from(NASTY) | MARKS)
@settings(deadline=None, max_examples=300)
def test_a_text_reads_as_it_is(data: str) -> None:
    shown = visible(data).strip(" ")
    assert read(text(data)) == " ".join((shown if len(shown) <= TEXT else f"{shown[: TEXT - 1]}…").split())


@given(st.text(max_size=2 * TEXT))
@settings(deadline=None, max_examples=200)
def test_a_text_is_one_line_of_bounded_length(data: str) -> None:
    shown = text(data)
    assert "\n" not in shown
    assert len(shown) <= 10 * TEXT


def test_hostile_texts_stay_in_their_cells() -> None:
    made = render(hostile_report(), "markdown").decode()
    tables = [line for line in made.splitlines() if line.startswith("| ")]
    assert tables
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in tables} == {5}
    assert "<b>" not in made
    assert len(NASTY) > 10

"""The report as a table: one fixed report, one golden file for each language and width; and laws of the page.

`python tests/test_render_table.py` writes the golden files anew; look at the difference before committing it.
"""

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixed_report import HOSTILE, LABELS, REPORTS, fixed_report, named_report
from riskgate.errors import Place, Problem
from riskgate.render.cells import cell, cells, wrap
from riskgate.render.escape import visible, visible_problem
from riskgate.render.page import Page
from riskgate.render.table import exit_line, render_table, verdict_of
from riskgate.report import Report
from riskgate.text import Lang, Text
from strategies_report import Recipe, recipes, rejudged

GOLDEN = Path(__file__).parent / "golden"
LANGS: tuple[Lang, ...] = ("zh", "en")
VIEWS = [(name, lang, width) for name in REPORTS for lang in LANGS for width in (60, 100)]
DANGEROUS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def shown(name: str, lang: Lang, width: int) -> str:
    return render_table(REPORTS[name](), lang=lang, width=width, labels=LABELS)


def golden(name: str, lang: Lang, width: int) -> Path:
    return GOLDEN / f"{name}.{lang}.{width}.txt"


WIDTHS = {
    0: "\u0301\u20dd\u0903\u200b\u200d\ufe0f\u202e\u1160\ud7b0\x1b",  # marks, joiners, turns, jamo, control
    1: "aé½ß—“”…✗→Ω\u00ad\u0378",  # ambiguous ones among them; a soft hyphen; a code that means nothing yet
    2: "厨房，：￥㎡Ｎ한ア😀\U0002a700\U0003134b",  # the last ideograph is newer than Python 3.11
}


@pytest.mark.parametrize(("width", "char"), [(width, char) for width, chars in WIDTHS.items() for char in chars])
def test_characters_take_the_columns_that_terminals_give_them(width: int, char: str) -> None:
    assert cell(char) == cells(f"厨{char}") - 2 == width


@pytest.mark.parametrize(("name", "lang", "width"), VIEWS)
def test_the_page_is_the_golden_file(name: str, lang: Lang, width: int) -> None:
    assert shown(name, lang, width) == golden(name, lang, width).read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "lang", "width"), VIEWS)
def test_every_line_fits(name: str, lang: Lang, width: int) -> None:
    for line in shown(name, lang, width).splitlines():
        assert cells(line) <= width, line


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("color", [False, True])
def test_nothing_from_data_acts_on_the_terminal(lang: Lang, color: bool) -> None:
    page = render_table(fixed_report(), lang=lang, color=color)
    ours = re.sub(r"\x1b\[[0-9;]*m", "", page) if color else page
    assert DANGEROUS.search(ours) is None
    assert r"\x1b[31m" in ours
    assert r"\u202e" in ours
    assert r"\u2066" in ours


def test_colour_changes_nothing_but_colour() -> None:
    colored = render_table(fixed_report(), color=True, labels=LABELS)
    assert "\x1b[" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == render_table(fixed_report(), labels=LABELS)


def test_the_verdict_leads_and_has_a_sign() -> None:
    assert shown("fixed", "en", 100).startswith("✗ BLOCKED")
    assert shown("clear", "en", 100).startswith("✓ CLEAR")
    assert shown("unverified", "en", 100).startswith("? UNVERIFIED")


def test_the_last_line_is_the_exit_code() -> None:
    for name in REPORTS:
        last = shown(name, "en", 100).splitlines()[-1]
        assert last.startswith(f"Exit code {REPORTS[name]().exit_code}: ")


IGNORED = {
    ("tender", "zh"): ("✗ 不通过（不计入退出码：--ignore-upstream）  所选 1 个节点", "（--ignore-upstream）"),
    ("tender", "en"): ("✗ BLOCKED (not counted: --ignore-upstream)  chosen: 1 node", " (--ignore-upstream)"),
}


@pytest.mark.parametrize(("node", "lang"), IGNORED)
def test_a_verdict_that_does_not_count_says_so_and_the_last_line_agrees(node: str, lang: Lang) -> None:
    chosen = replace(named_report().selection, nodes=(node,))
    first, *_, last = render_table(rejudged(named_report(), chosen), lang=lang).splitlines()
    assert "--" not in first + last
    report = rejudged(named_report(), replace(chosen, ignore_upstream=True))
    first, *_, last = render_table(report, lang=lang).splitlines()
    head, flag = IGNORED[node, lang]
    assert report.verdict == "blocked"
    assert report.exit_code != 1
    assert first.startswith(head)
    assert last.endswith(flag)


@given(recipe=recipes, upstream=st.booleans(), unverified=st.booleans())
@settings(deadline=None, max_examples=60)
def test_the_head_names_an_option_exactly_where_the_exit_code_is_milder_than_the_verdict(
    recipe: Recipe, upstream: bool, unverified: bool
) -> None:
    report = recipe.report()
    report = rejudged(report, replace(report.selection, ignore_upstream=upstream, allow_unverified=unverified))
    milder = report.exit_code != {"blocked": 1, "unverified": 3, "clear": 0}[report.verdict]
    for said in (verdict_of(report).zh, verdict_of(report).en):
        assert ("--" in said) == milder
    assert not milder or "--" in exit_line(report).en


def test_the_page_counts_as_many_risks_and_gaps_as_the_report_has() -> None:
    report = fixed_report()
    page = render_table(report)
    assert f"\n{len(report.risks)} risks by " in page
    assert f"\n{sum(gap.count for gap in report.gaps)} gaps in " in page


def test_what_was_not_chosen_is_one_line() -> None:
    page = shown("named", "en", 100)
    assert "Elsewhere, at nodes that were not chosen: 4 risks (1 blocking) and 26 gaps." in page
    assert "JA-WTR-001" not in page


def test_a_chosen_node_that_is_held_shows_what_holds_it() -> None:
    page = shown("named", "en", 100)
    assert "held by N10" in page
    assert "DR-KIT-001  Kitchen too small" in page


def many_held() -> Report:
    report = fixed_report()
    held = tuple(replace(report.nodes[3], id=f"n{number}", code=f"M{number}") for number in range(5))
    nodes = (*report.nodes, *held)
    return replace(report, nodes=nodes, selection=replace(report.selection, nodes=tuple(node.id for node in nodes)))


def test_many_nodes_with_one_reason_share_a_line_unless_they_were_named() -> None:
    report = many_held()
    together = render_table(report, width=200)
    assert "N11 M0 M1 M2 M3 M4  6 nodes" in together
    named = render_table(replace(report, selection=replace(report.selection, named=True)), width=200)
    assert "6 nodes  " not in named
    assert named.count("held by N10") > together.count("held by N10")


def test_more_places_than_are_shown_are_counted() -> None:
    assert "… and 22 more" in shown("fixed", "en", 100)
    assert "……另有 22 处" in shown("fixed", "zh", 100)


def test_wide_columns_stand_under_each_other() -> None:
    page = Page("zh", 80)
    page.grid([["甲", "一"], ["ab", "二"], ["乙丙丁", "三"]])
    assert [cells(line[: line.index(mark)]) for line, mark in zip(page.text().splitlines(), "一二三", strict=True)] == [
        8,
        8,
        8,
    ]


printable = st.text(
    st.one_of(st.sampled_from("ab 甲乙，。（）、…— `,()\u3000é\u0301"), st.characters(codec="utf-8")), max_size=60
)


@given(printable, st.integers(2, 40))
@settings(deadline=None, max_examples=300)
def test_wrapping_fits_and_loses_nothing_but_spaces(text: str, width: int) -> None:
    text = visible(text)
    lines = wrap(text, width)
    assert all(cells(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(printable)
@settings(deadline=None, max_examples=300)
def test_visible_text_is_one_harmless_line_and_stays_so(text: str) -> None:
    once = visible(text)
    assert DANGEROUS.search(once) is None
    assert "\n" not in once
    assert visible(once) == once


def test_a_line_does_not_begin_with_closing_punctuation() -> None:
    assert wrap("厨房使用面积不足，需要调整", 16) == ["厨房使用面积不", "足，需要调整"]


def test_a_problem_cannot_forge_lines() -> None:
    problem = Problem(
        "bad", Text.of(f"`{HOSTILE}`"), Place(HOSTILE, 1, 2), help=Text.of("x\x1b[2J"), excerpt="a\x1b\n ^"
    )
    lines = visible_problem(problem, "en").split("\n")
    assert len(lines) == 4
    assert DANGEROUS.search("".join(lines)) is None


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for view in VIEWS:
        golden(*view).write_text(shown(*view), encoding="utf-8")
    sys.stdout.write(f"{len(VIEWS)} files\n")

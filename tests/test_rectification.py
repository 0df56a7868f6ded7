"""The list of risks goes out, is filled in by another program as people would, and comes back."""

import datetime as dt
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from fixed_report import LABELS, fixed_report, named_report
from riskgate.errors import Problem, RectificationError
from riskgate.rectification import RESULTS, Rectification, Result, match, read
from riskgate.rectification.columns import FILLED, Name
from riskgate.rectification.reading import MOST_PROBLEMS
from riskgate.rectification.values import day_of, result_of
from riskgate.render.formats import Reader
from riskgate.render.xlsx import xlsx
from riskgate.report import Report
from riskgate.text import Lang
from riskgate.workbook import Cell
from workbooks import NAMES, filled, put, sheet_of, smallest, text, written

At = Mapping[Name, int]
DAY = dt.date(2026, 11, 22)
HEAD = [text(word) for word in ("风险编号", "整改结果", "整改责任人", "整改期限", "完成日期", "备注")]
IDS = [risk.id for risk in fixed_report().risks]


def problems(file: Path) -> list[tuple[str, str]]:
    """Code and cell of everything that is wrong with a workbook."""
    with pytest.raises(RectificationError) as caught:
        read(file)
    return [(problem.code, problem.place.cell) for problem in caught.value.problems]


def test_a_workbook_as_it_goes_out_is_empty(tmp_path: Path) -> None:
    file = tmp_path / "x.xlsx"
    file.write_bytes(written())
    found = read(file)
    assert [entry.id for entry in found.entries] == IDS
    assert found.filled == found.closed == found.overdue(DAY) == ()
    assert found.origin is not None
    assert (found.origin.project, found.origin.as_of, found.origin.sha256) == ("BJ-01", "2026-11-20", "ab" * 32)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_people_write_comes_back(lang: Lang, tmp_path: Path) -> None:
    def fill(sheet: Worksheet, at: At) -> None:
        put(sheet, at, 2, responsible="张三", due_on=dt.date(2026, 11, 10), result=RESULTS["in_progress"].to(lang))
        put(sheet, at, 3, responsible=" 李四 ", due_on=dt.date(2026, 12, 1), result=RESULTS["passed"].to(lang))
        put(sheet, at, 3, done_on=dt.date(2026, 11, 20), remark="=不是公式")
        put(sheet, at, 4, due_on=dt.date(2026, 11, 1), result=RESULTS["mended"].to(lang))
        put(sheet, at, 5, due_on=dt.date(2026, 11, 21), result=RESULTS["not_mended"].to(lang))
        put(sheet, at, 6, due_on=DAY, responsible=13800000000)

    found = read(filled(written("fixed", lang), tmp_path / "x.xlsx", fill, lang))
    first, second, third, fourth, fifth = found.filled
    assert (first.responsible, first.due_on, first.result) == ("张三", dt.date(2026, 11, 10), "in_progress")
    assert (second.responsible, second.done_on, second.remark) == ("李四", dt.date(2026, 11, 20), "=不是公式")
    assert found.closed == (second,)
    assert found.overdue(DAY) == (first, fourth)
    assert third.result == "mended"
    assert fifth.responsible == "13800000000"
    assert first.cell("due_on") == ("风险清单!K2" if lang == "zh" else "Risks!K2")
    assert found.tally() == {"in_progress": 1, "passed": 1, "mended": 1, "not_mended": 1, None: 5}


def test_columns_move_rows_are_sorted_and_deleted_and_others_write_beside(tmp_path: Path) -> None:
    def fill(sheet: Worksheet, at: At) -> None:
        put(sheet, at, 4, result="已整改")
        sheet.delete_rows(2)
        rows: list[list[Any]] = [[cell.value for cell in row][::-1] for row in sheet.iter_rows()]
        head, *body = [[*row, "监理意见" if not number else f"=A{number}"] for number, row in enumerate(rows)]
        empty: list[Any] = [None] * len(head)
        for number, row in enumerate([["滨江整改表", *empty[1:]], empty, head, *body[::-1]], 1):
            for column, value in enumerate(row, 1):
                sheet.cell(number, column).value = value

    found = read(filled(written(), tmp_path / "x.xlsx", fill))
    assert [entry.id for entry in found.entries] == IDS[:0:-1]
    (entry,) = found.filled
    assert (entry.id, entry.result) == (IDS[2], "mended")


def test_the_other_language_of_headers_and_words_is_as_good(tmp_path: Path) -> None:
    def fill(sheet: Worksheet, at: At) -> None:
        sheet.cell(1, at["result"]).value = " RESULT： "
        sheet.cell(1, at["due_on"]).value = "整改\n期限*"
        put(sheet, at, 2, result="Re-inspection  PASSED")
        put(sheet, at, 3, result="不整改(申请豁免)")

    found = read(filled(written(), tmp_path / "x.xlsx", fill))
    assert [entry.result for entry in found.filled] == ["passed", "not_mended"]


def test_all_that_is_wrong_is_said_at_once_with_sheet_and_cell(tmp_path: Path) -> None:
    def fill(sheet: Worksheet, at: At) -> None:
        put(sheet, at, 2, due_on="1/12/2026", result="已经整改", done_on=41.5)
        sheet.cell(3, at["result"]).value = '=IF(1,"复验通过","")'
        put(sheet, at, 4, id="", remark="没有编号")
        put(sheet, at, 5, id="1234567890123456789")
        put(sheet, at, 6, id=IDS[7])
        put(sheet, at, 8, id=IDS[5])
        put(sheet, at, 9, due_on=dt.date(1999, 1, 1), done_on="2026-02-30")
        sheet.merge_cells(start_row=9, end_row=10, start_column=at["responsible"], end_column=at["responsible"])

    assert problems(filled(written(), tmp_path / "x.xlsx", fill)) == [
        ("bad-date", "风险清单!K2"),
        ("unknown-result", "风险清单!L2"),
        ("bad-date", "风险清单!M2"),
        ("formula", "风险清单!L3"),
        ("no-fingerprint", "风险清单!W4"),
        ("bad-fingerprint", "风险清单!W5"),
        ("unfit-fingerprint", "风险清单!W6"),
        ("doubled-row", "风险清单!W8"),
        ("unfit-fingerprint", "风险清单!W8"),
        ("doubled-row", "风险清单!W9"),
        ("merged-cells", "风险清单!J9"),
        ("bad-date", "风险清单!K9"),
        ("bad-date", "风险清单!M9"),
    ]


def test_a_list_that_is_wrong_everywhere_is_not_read_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "x.xlsx"
    file.write_bytes(smallest(sheet=sheet_of([HEAD, *[[text("x"), text("?")]] * 3_000])))
    assert MOST_PROBLEMS < len(problems(file)) < 2 * MOST_PROBLEMS


def test_a_row_that_stands_twice_is_named_with_its_twin(tmp_path: Path) -> None:
    def fill(sheet: Worksheet, _: At) -> None:
        for column in range(1, sheet.max_column + 1):
            sheet.cell(12, column).value = sheet.cell(2, column).value

    with pytest.raises(RectificationError) as caught:
        read(filled(written(), tmp_path / "x.xlsx", fill))
    (problem,) = caught.value.problems
    assert (problem.code, problem.place.cell) == ("doubled-row", "风险清单!W12")
    assert problem.message.en == "the same risk as 风险清单!W2"


@pytest.mark.parametrize("name", FILLED)
def test_a_column_that_is_gone_or_doubled_is_named(name: Name, tmp_path: Path) -> None:
    def remove(sheet: Worksheet, at: At) -> None:
        sheet.cell(1, at[name]).value = "意见"

    def double(sheet: Worksheet, at: At) -> None:
        sheet.cell(1, 30).value = sheet.cell(1, at[name]).value

    gone = problems(filled(written(), tmp_path / "x.xlsx", remove))
    assert gone == [("no-list", "")] if name == "result" else [("missing-column", "风险清单!W1")]
    assert problems(filled(written(), tmp_path / "x.xlsx", double)) == [("doubled-header", "风险清单!AD1")]


FORMULAS = {
    "plain": "<c><f>1+1</f><v>2</v></c>",
    "with a text": '<c t="str"><f>A1</f><v>复验通过</v></c>',
    "shared": '<c t="str"><f t="shared" si="0"/><v>复验通过</v></c>',
    "without a value": "<c><f>A1</f></c>",
}


@pytest.mark.parametrize("kind", FORMULAS)
def test_a_formula_is_not_believed(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "x.xlsx"
    file.write_bytes(smallest(sheet=sheet_of([HEAD, [text("a" * 16), FORMULAS[kind]]])))
    assert problems(file) == [("formula", "S!B2")]


def test_a_formula_that_fills_a_range_is_not_believed_anywhere_in_it(tmp_path: Path) -> None:
    file = tmp_path / "x.xlsx"
    spilled = '<c t="str"><f t="array" ref="B2:B3">Z1:Z2</f><v>复验通过</v></c>'
    rows = [HEAD, [text("a" * 16), spilled], [text("b" * 16), text("复验通过")], [text("c" * 16), text("复验通过")]]
    file.write_bytes(smallest(sheet=sheet_of(rows)))
    assert problems(file) == [("formula", "S!B2"), ("formula", "S!B3")]


def test_a_formula_elsewhere_is_nobodys_concern(tmp_path: Path) -> None:
    file = tmp_path / "x.xlsx"
    rows = [[*HEAD, text("公式")], [text("a" * 16), text("已整改"), "<c/>", "<c/>", "<c/>", "<c/>", "<c><f>1</f></c>"]]
    file.write_bytes(smallest(sheet=sheet_of(rows)))
    assert [entry.result for entry in read(file).entries] == ["mended"]


def test_hidden_spelling_and_phonetic_text_are_read_as_shown(tmp_path: Path) -> None:
    file = tmp_path / "x.xlsx"
    rich = '<c t="inlineStr"><is><r><t>已</t></r><r><t>整改</t></r><rPh><t>yi</t></rPh></is></c>'
    shared = '<c t="s"><v>0</v></c>'
    texts = "<sst><si><t>a_x000A_b _x005F_x0041_</t></si></sst>"
    rows = [HEAD, [text("a" * 16), rich, "<c/>", "<c/>", "<c/>", shared]]
    file.write_bytes(smallest(sheet=sheet_of(rows), texts=texts))
    (entry,) = read(file).entries
    assert (entry.result, entry.remark) == ("mended", "a\nb _x0041_")


GOOD_DATES: list[str | float] = [
    *(
        46357,
        46357.75,
        20261201,
        "20261201",
        "2026-12-01",
        "2026/12/1",
        "2026.12.1",
        "2026年12月1日",
        "２０２６－１２－０１",
        "2026-12-01T00:00:00",
    ),
    " 2026-12-01 08:30 ",
]
BAD_DATES: list[str | float | bool] = [
    *(
        "12/1/2026",
        "2026-13-01",
        "2026-02-30",
        "明天",
        "2026-12",
        "1999-12-31",
        True,
        1e300,
        -1,
        2026.12,
        1,
    ),
]


@pytest.mark.parametrize("value", GOOD_DATES)
def test_dates_in_the_ways_they_are_written(value: str | float) -> None:
    assert day_of(Cell(value), from_1904=False) == dt.date(2026, 12, 1)


@pytest.mark.parametrize("value", BAD_DATES)
def test_what_is_no_day_or_may_be_two(value: str | float | bool) -> None:
    assert day_of(Cell(value), from_1904=False) is None


def test_old_macintosh_workbooks_count_from_1904(tmp_path: Path) -> None:
    file = tmp_path / "x.xlsx"
    book = NAMES["xl/workbook.xml"].replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    rows = [HEAD, [text("a" * 16), "<c/>", "<c/>", "<c><v>44895</v></c>"]]
    file.write_bytes(smallest(sheet=sheet_of(rows), book=book))
    assert read(file).entries[0].due_on == dt.date(2026, 12, 1)


@pytest.mark.parametrize("name", RESULTS)
def test_every_word_of_the_list_is_understood_in_both_languages(name: Result) -> None:
    assert {result_of(Cell(word)) for word in RESULTS[name]} == {name}


@pytest.mark.parametrize(
    ("written_as", "hint"),
    [("不整改", "是否想写 `不整改（申请豁免）`？"), ("复检通过", "可填：" + "、".join(t.zh for t in RESULTS.values()))],
)
def test_a_word_that_is_no_result_is_told_which_there_are(written_as: str, hint: str, tmp_path: Path) -> None:
    with pytest.raises(RectificationError) as caught:
        read(filled(written(), tmp_path / "x.xlsx", lambda sheet, at: put(sheet, at, 2, result=written_as)))
    found: Problem = caught.value.problems[0]
    assert found.help is not None
    assert found.help.zh == hint


def set_beside(report: Report, folder: Path, change: dict[str, str] | None = None) -> tuple[Rectification, Report]:
    def fill(sheet: Worksheet, at: At) -> None:
        put(sheet, at, 2, result="复验通过")
        sheet.delete_rows(4)

    return read(filled(written(), folder / "x.xlsx", fill)), replace(report, **(change or {}))  # type: ignore[arg-type]  # texts of a report


def test_risks_without_a_row_are_named(tmp_path: Path) -> None:
    found = match(*set_beside(fixed_report(), tmp_path))
    assert found.same_check
    assert [risk.id for risk in found.without_row] == [IDS[2]]
    assert not found.clean
    assert found.still_there == found.unknown == found.gone == ()


def test_a_waived_risk_needs_no_row(tmp_path: Path) -> None:
    answer, report = set_beside(fixed_report(), tmp_path)
    report.risks[2].waiver = {"reason": {"zh": "", "en": ""}}
    assert match(answer, report).clean


def test_a_later_report_tells_what_is_gone_and_what_is_still_there(tmp_path: Path) -> None:
    report = fixed_report()
    later = replace(report, risks=report.risks[:3])
    found = match(*set_beside(later, tmp_path, {"sha256": "cd" * 32}))
    assert found.same_check is False
    assert [entry.id for entry in found.gone] == IDS[3:]
    assert [entry.id for entry in found.still_there] == IDS[:1]


def test_a_row_that_the_very_report_does_not_know_is_a_finding(tmp_path: Path) -> None:
    report = fixed_report()
    found = match(*set_beside(replace(report, risks=report.risks[:3]), tmp_path))
    assert [entry.id for entry in found.unknown] == IDS[3:]
    assert found.gone == ()


def test_only_the_risks_that_were_asked_about_need_a_row(tmp_path: Path) -> None:
    file = tmp_path / "x.xlsx"
    report = named_report()
    file.write_bytes(xlsx(report, Reader("zh", LABELS)))
    found = match(read(file), report)
    assert found.clean
    assert len(read(file).entries) < len(report.risks)


def test_a_report_of_another_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RectificationError) as caught:
        match(*set_beside(fixed_report(), tmp_path, {"project_id": "BJ-02"}))
    assert caught.value.problems[0].code == "other-project"


def test_what_differs_from_an_earlier_workbook(tmp_path: Path) -> None:
    early = read(filled(written(), tmp_path / "a.xlsx", lambda s, at: put(s, at, 2, result="整改中", remark="x")))
    late = read(filled(written(), tmp_path / "b.xlsx", lambda s, at: put(s, at, 2, result="复验通过", due_on=DAY)))
    assert [(c.entry.cell(c.name), c.before, c.after) for c in late.since(early)] == [
        ("风险清单!K2", None, "2026-11-22"), ("风险清单!L2", "in_progress", "passed"), ("风险清单!N2", "x", None)
    ]  # fmt: skip
    assert late.since(late) == ()


ROWS = st.dictionaries(
    st.sampled_from(range(len(IDS))),
    st.fixed_dictionaries(
        {},
        optional={
            "responsible": st.text("甲乙ab=+1\u202e \U0001f600&<_x", min_size=1, max_size=8).filter(str.strip),
            "due_on": st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)),
            "result": st.sampled_from([(name, word) for name, text in RESULTS.items() for word in text]),
            "done_on": st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)),
            "remark": st.text("一二\n\t1=", min_size=1, max_size=8).filter(str.strip),
        },
    ),
)


@settings(deadline=None, max_examples=25)
@given(rows=ROWS, order=st.permutations(range(len(IDS))), lang=st.sampled_from(["zh", "en"]))
def test_whatever_is_filled_in_comes_back_whatever_the_order(
    rows: dict[int, dict[str, object]], order: list[int], lang: Lang
) -> None:
    def fill(sheet: Worksheet, at: At) -> None:
        old = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        for new, number in enumerate(order):
            for column, value in enumerate(old[number], 1):
                sheet.cell(new + 2, column).value = value
            values = {
                name: value[1] if isinstance(value, tuple) else value for name, value in rows.get(number, {}).items()
            }
            put(sheet, at, new + 2, **values)  # type: ignore[arg-type]  # texts and dates

    with tempfile.TemporaryDirectory() as folder:
        found = read(filled(written("fixed", lang), Path(folder) / "x.xlsx", fill, lang))
    assert [entry.id for entry in found.entries] == [IDS[number] for number in order]
    for entry in found.entries:
        for name in FILLED:
            value = rows.get(IDS.index(entry.id), {}).get(name)
            expected = value[0] if isinstance(value, tuple) else value.strip() if isinstance(value, str) else value
            assert getattr(entry, name) == expected


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_a_workbook_that_another_office_saved_says_the_same(tmp_path: Path) -> None:
    def fill(sheet: Worksheet, at: At) -> None:
        put(sheet, at, 2, responsible="张三", due_on=DAY, result="整改中", done_on="2026-11-20", remark="=1+1")

    file = filled(written(), tmp_path / "x.xlsx", fill)
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to"]
    command += ["xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "saved"), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603 - our own command
    found = read(tmp_path / "saved" / "x.xlsx")
    assert found.entries == read(file).entries
    assert found.origin == read(file).origin

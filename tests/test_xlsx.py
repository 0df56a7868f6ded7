"""The report as a workbook: what another program sees in it, and what no text from data can make of it."""

import io
import os
import re
import sys
import time
import unicodedata
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import Cell
from openpyxl.workbook.workbook import Workbook

from fixed_report import HOSTILE, KITCHEN, LABELS, REPORTS, fixed_report, risk, room
from riskgate.cli.check import _refuse_binary_on_screen
from riskgate.cli.output import Rendering
from riskgate.errors import ChoiceError, MissingExtraError
from riskgate.rectification.columns import RESULTS
from riskgate.render.escape import visible
from riskgate.render.formats import Reader, render
from riskgate.render.words import SEVERITY_WORDS
from riskgate.render.xlsx import listing, xlsx
from riskgate.render.xlsx.book import LONGEST, cell_text
from riskgate.report import Baseline, EntityRef, Evidence, Report
from riskgate.scope import scope_of
from riskgate.text import Lang, Text
from riskgate.waiver import WaiverResult
from workbooks import written

LANGS: tuple[Lang, ...] = ("zh", "en")
NAMES = {"zh": ["汇总", "风险清单", "节点", "资料缺口", "豁免"], "en": ["Summary", "Risks", "Nodes", "Gaps", "Waivers"]}
VIEWS = [(name, lang) for name in REPORTS for lang in LANGS]
ACTIVE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
WAIVER = WaiverResult(
    id="0" * 16,
    rule="DR-KIT-001",
    entity="phases[1]/*",
    reason=Text("已定样", "agreed"),
    approved_by="张三",
    role="group",
    confirmed=True,
    approved_on="2026-10-01",
    expires_on="2026-12-01",
    condition=None,
    state="held",
    detail=Text("有效", "in force"),
    covers=5,
    waives=5,
    days_left=11,
    file="waivers.yaml",
    line=3,
)


def opened(data: bytes) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says what it does not know and drops
        return openpyxl.load_workbook(io.BytesIO(data))


def cells(book: Workbook) -> Iterator[Cell]:
    for sheet in book:
        for row in sheet.iter_rows():
            yield from (cell for cell in row if isinstance(cell, Cell) and cell.value is not None)


def column(book: Workbook, sheet: str, head: str) -> list[object]:
    """What stands below a header."""
    at = next(number for number, cell in enumerate(book[sheet][1], 1) if cell.value == head)
    return [row[0] for row in book[sheet].iter_rows(min_row=2, min_col=at, max_col=at, values_only=True)]


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize(("name", "lang"), VIEWS)
def test_the_sheets_hold_what_the_report_has(name: str, lang: Lang) -> None:
    report = REPORTS[name]()
    scope = scope_of(report)
    book = opened(written(name, lang))
    _, risks, nodes, gaps, _ = NAMES[lang]
    assert book.sheetnames == NAMES[lang]
    assert column(book, risks, "风险编号" if lang == "zh" else "Risk ID") in (
        [one.id for one in scope.risks], [None]
    )  # fmt: skip
    assert [one.id for one in scope.gaps] in (
        column(book, gaps, "缺口编号" if lang == "zh" else "Gap ID"), []
    )  # fmt: skip
    assert column(book, nodes, "编号" if lang == "zh" else "Code") == [node.code for node in report.nodes]


def test_a_row_says_what_where_who_and_how() -> None:
    book = opened(written("fixed", "zh"))
    heads = [cell.value for cell in book["风险清单"][1]]
    row = dict(zip(heads, next(book["风险清单"].iter_rows(min_row=2, values_only=True)), strict=True))
    first = fixed_report().risks[0]
    assert row == {
        "序号": 1,
        "等级": "阻断",
        "敏感度": 4,
        "节点": "N06 N10",
        "位置": "3 号楼 0000 厨房",
        "问题": "厨房使用面积不足",
        "情况": "厨房使用面积 3.0 ㎡，差 0.5 ㎡",
        "整改措施": "调整墙体位置，使净面积不小于 3.5 ㎡。",
        "责任部门": "设计研发部、工程管理部",
        "整改责任人": None,
        "整改期限": None,
        "整改结果": None,
        "完成日期": None,
        "备注": None,
        "豁免": None,
        "基线": None,
        "客户主题": "usability",
        "客户为什么在意": "放不下冰箱和操作台。",
        "依据": 'room.kind = "kitchen"；room.usable_area_m2 = 3.0 (计算书.xlsx!B7)；params.min_kitchen_area_m2 = 3.5；'
        'room.net_height_m = null；room.doors = [1, 2.0, "x", null, true]',
        "来源": "GB55038 4.1.4（已核对）；practice-manual（行业做法）",
        "规则": "DR-KIT-001",
        "地址": first.address,
        "风险编号": first.id,
    }


@pytest.mark.parametrize("lang", LANGS)
def test_a_list_keeps_its_header_in_view_filters_and_prints_on_a4(lang: Lang) -> None:
    book = opened(written("fixed", lang))
    for name in NAMES[lang][1:]:
        sheet = book[name]
        assert str(sheet.freeze_panes).endswith("2")
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.print_title_rows == "$1:$1"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


@pytest.mark.parametrize("lang", LANGS)
def test_severities_have_a_colour_and_a_word_each(lang: Lang) -> None:
    book = opened(written("fixed", lang))
    found = {row[1].value: row[1].fill.fgColor.rgb for row in book[NAMES[lang][1]].iter_rows(min_row=2)}
    assert list(found) == [SEVERITY_WORDS[name].to(lang) for name in ("blocking", "major", "minor")]
    assert len(set(found.values())) == 3


@pytest.mark.parametrize("lang", LANGS)
def test_results_come_from_a_list_and_dates_are_dates(lang: Lang) -> None:
    sheet = opened(written("fixed", lang))[NAMES[lang][1]]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert {at: rule.type for at, rule in rules.items()} == {
        "K2:K10": "date", "M2:M10": "date", "L2:L10": "list", "W2:W10": "custom"
    }  # fmt: skip
    assert rules["L2:L10"].formula1 == '"' + ",".join(text.to(lang) for text in RESULTS.values()) + '"'


def test_the_summary_counts_by_department_and_theme() -> None:
    rows = [row[:7] for row in opened(written("fixed", "zh"))["汇总"].iter_rows(values_only=True)]
    assert ("设计研发部", 5, 0, 0, 5, 0, 25) in rows
    assert ("工程管理部", 1, 2, 0, 3, 0, 1) in rows
    assert ("（未定）", 0, 0, 1, 1, 0, 0) in rows
    assert ("渗漏", 1, 2, 0, 3, 0, 1) in rows
    assert any("快照不完整" in str(row[0]) for row in rows)


def test_waivers_and_waived_risks_are_listed_and_marked() -> None:
    report = fixed_report()
    report.risks[0].waiver = {
        "reason": {"zh": "已定样", "en": "agreed"},
        "approved_by": "张三",
        "expires_on": "2026-12-01",
    }
    book = opened(xlsx(replace(report, waivers=(WAIVER,)), Reader("zh", LABELS)))
    assert column(book, "豁免", "状态") == ["有效"]
    assert column(book, "豁免", "问题") == ["厨房使用面积不足"]
    assert column(book, "风险清单", "豁免")[0] == "理由：已定样；批准人：张三；有效期至：2026-12-01"
    assert ("设计研发部", 4, 0, 0, 4, 1, 25) in [row[:7] for row in book["汇总"].iter_rows(values_only=True)]


def test_what_a_baseline_knows_is_marked() -> None:
    report = fixed_report()
    new = (report.risks[1].id,)
    baseline = Baseline("old.json", "ef" * 32, "2026-10-01", 5, new, 1, (report.gaps[1].id,))
    book = opened(xlsx(replace(report, baseline=baseline), Reader("en", LABELS)))
    marks = column(book, "Risks", "Baseline")
    assert [bool(mark) for mark in marks] == [True, False, True, True, True, True, False, False, False]
    assert [bool(mark) for mark in column(book, "Gaps", "Baseline")] == [True, False]
    assert any("checked against the baseline old.json" in str(row[0].value) for row in book["Summary"])


def test_nothing_found_says_so() -> None:
    book = opened(written("clear", "en"))
    assert book["Risks"]["A2"].value == "There is no risk."
    assert book["Gaps"]["A2"].value == "There is no gap."
    assert book["Waivers"]["A2"].value == "There is no waiver."


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
def test_the_same_report_gives_the_same_bytes_anywhere(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert xlsx(fixed_report(), Reader("zh", LABELS)) == written("fixed", "zh")
    finally:
        os.environ.pop("TZ")
        time.tzset()


def test_a_report_read_back_from_json_gives_the_same_workbook() -> None:
    report = Report.from_json(fixed_report().to_json())
    assert render(report, "xlsx", Reader("en", LABELS)) == written("fixed", "en")


def test_no_text_is_a_formula_or_acts_on_the_reader() -> None:
    for lang in LANGS:
        for cell in cells(opened(written("fixed", lang))):
            assert cell.data_type in {"s", "n", "d"}
            assert cell.hyperlink is None
            if isinstance(cell.value, str):
                assert not {unicodedata.category(char) for char in cell.value.replace("\n", "")} & ACTIVE


def with_texts(text: str) -> Report:
    """A report that says the same thing everywhere."""
    both = Text.of(text)
    info = replace(KITCHEN, title=both, remedy=both, why=both, theme=text, owners=(text,))
    entity = EntityRef("room", room(1).address + text, "/x", both)
    found = risk("DR-KIT-001", info, ("drawing-review",), entity, both, Evidence(text, None, text, text))
    found.waiver = {"reason": both.as_dict(), "approved_by": text, "expires_on": text}
    report = fixed_report()
    node = replace(report.nodes[2], title=both, code=text, blocking_risks=(found,))
    gap = replace(report.gaps[0], detail=both, missing=(text,), entities=(entity,), reason="error")
    waiver = replace(WAIVER, rule=text, entity=text, reason=both, approved_by=text, expires_on=text, condition=text)
    return replace(
        report, project_name=text, project_id=text, risks=(found,), gaps=(gap,), nodes=(*report.nodes[:2], node),
        rules={"DR-KIT-001": info}, waivers=(waiver,), incomplete=(text,), version=text,
    )  # fmt: skip


SINGLE = [
    *(
        "=",
        "+",
        "-",
        "@",
        "<",
        ">",
        "&",
        '"',
        "'",
        "＝1",
        "%s",
        "{0}",
        "http://x.y",
        "\u3000",
        "\t",
        "\r",
        "\n",
        "甲",
        "a",
    ),
    *("\x00", "\x0b", "\x1b", "\x85", "\u202e", "\u2066", "\ufeff", "\ufffe", "\uffff", "\ud800", "\U0001f600"),
    *("_x000A_", "_x202E_", "]]>", "<r>", "</r>", "<f>1+1</f>", "</t></is></c>", "&#8238;", "&[Picture]", "&G", "&P"),
]
HOSTILES = st.lists(st.sampled_from(SINGLE), max_size=8).map("".join) | st.text(max_size=20)


@settings(deadline=None, max_examples=50)
@given(text=HOSTILES)
def test_any_text_anywhere_stays_a_text(text: str) -> None:
    data = xlsx(with_texts(text), Reader("zh"))
    for name, part in parts(data).items():
        if name.endswith((".xml", ".rels")):
            ET.fromstring(part)  # noqa: S314 - our own output; raises if it is no XML
        assert not re.search(rb"<(f|hyperlink|externalLink)[ >/]", part), name
    book = opened(data)
    if text.strip() and not re.search(r"\s|_x[0-9A-Fa-f]{4}_|[\ufffe\uffff]", text):
        shown = visible(text) + (" " if re.fullmatch(r"<r>.*</r>", text) else "")
        assert book["风险清单"]["G2"].value == shown
        assert book["风险清单"]["G2"].data_type == "s"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "'x", "|calc", '=HYPERLINK("http://x","y")'])
def test_what_a_careless_program_takes_for_a_formula_is_marked_as_text(text: str) -> None:
    cell = opened(xlsx(with_texts(text), Reader("zh")))["风险清单"]["G2"]
    assert cell.value == text
    assert cell.data_type == "s"
    assert cell.quotePrefix


def test_a_text_cannot_pretend_to_be_rich_text_and_bring_cells_of_its_own() -> None:
    text = '<r><t>x</t></r></is></c><c r="A9"><f>WEBSERVICE("http://x")</f></c><c t="inlineStr"><is><r></r>'
    book = opened(xlsx(with_texts(text), Reader("zh")))
    assert book["风险清单"]["G2"].value == text + " "
    assert book["风险清单"]["A9"].value is None


def test_what_a_cell_cannot_hold_is_cut_and_says_so() -> None:
    text = "\U0001f600" * 40_000
    value = opened(xlsx(with_texts(text), Reader("zh")))["风险清单"]["G2"].value
    assert isinstance(value, str)
    assert value == text[:LONGEST] + "……"
    assert len(value.encode("utf-16-le")) // 2 <= 32_767


def test_hostile_text_is_escaped_once() -> None:
    assert cell_text(visible(HOSTILE)) == visible(HOSTILE)
    assert cell_text("a\nb\u202e") == "a\nb\\u202e"
    assert cell_text("\ufffe\uffff") == "\\ufffe\\uffff"


def test_more_rows_than_a_sheet_has_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_ROWS", 8)
    with pytest.raises(ChoiceError) as caught:
        xlsx(fixed_report(), Reader("en"))
    assert caught.value.problems[0].code == "too-many-rows"


def test_a_workbook_is_not_written_to_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    _refuse_binary_on_screen((Rendering("xlsx"), Rendering("table")))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    _refuse_binary_on_screen((Rendering("xlsx", "x.xlsx"), Rendering("table")))
    with pytest.raises(ChoiceError, match="name a file"):
        _refuse_binary_on_screen((Rendering("xlsx"),))


def test_without_the_extra_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(MissingExtraError) as caught:
        render(fixed_report(), "xlsx")
    assert (
        caught.value.render("en") == 'the format xlsx needs XlsxWriter: pip install "riskgate[excel]" [missing-extra]'
    )


@pytest.mark.parametrize("made", [fixed_report, *REPORTS.values()])
def test_no_temporary_file_is_left_behind(
    made: Callable[[], Report], tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    xlsx(made(), Reader())
    assert not list(folder.iterdir())

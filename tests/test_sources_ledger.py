"""Ledgers as people keep them: titles above, merged cells, units, totals; mistakes are listed all at once."""

import csv
import datetime as dt
import io
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

openpyxl = pytest.importorskip("openpyxl")

from riskgate import ChoiceError, Gate, LoadError, SnapshotError, sources  # noqa: E402 - after the extra was found
from riskgate.errors import SourceError  # noqa: E402 - the same
from riskgate.sources.ledger.mapping_file import read_mapping  # noqa: E402 - the same
from riskgate.sources.made import Made  # noqa: E402 - the same
from riskgate.workbook import Limits  # noqa: E402 - the same
from workbooks import NAMES, archive, sheet_of, smallest  # noqa: E402 - the same

GATE = Gate.load()
MAPPING = read_mapping(None, GATE.library.vocabulary)
PRICES = ["楼栋", "单元", "房号", "建筑面积（㎡）", "单价（元/㎡）", "总价（万元）", "销售状态"]
SKELETON: Mapping[str, Any] = {
    "riskgate": 1,
    "as_of": "2026-11-20",
    "project": {
        "id": "P",
        "phases": [
            {
                "id": "1",
                "buildings": [
                    {"id": "3", "stair_units": [{"id": "1", "units": [{"id": "3-0801"}, {"id": "3-0802"}]}]},
                    {"id": "4", "stair_units": [{"id": "1", "units": [{"id": "4-0801"}]}]},
                ],
            }
        ],
    },
}
Rows = Sequence[Sequence[Any]]
Save = Callable[..., Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Writes sheets (name=rows) into a workbook."""

    def write(change: Callable[[Any], None] | None = None, **sheets: Rows) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        if change is not None:
            change(book)
        path = tmp_path / "ledger.xlsx"
        book.save(path)
        return path

    return write


def read(path: Path, **rest: Any) -> Made:
    return sources.read_ledger(path, gate=GATE, **({"into": SKELETON} | rest))


def units(made: Made) -> dict[str, Any]:
    return {
        unit["id"]: unit
        for building in made.data["project"]["phases"][0]["buildings"]
        for stair in building["stair_units"]
        for unit in stair["units"]
    }


def wrong(path: Path, **rest: Any) -> list[tuple[str, str]]:
    """What is wrong: code and cell."""
    with pytest.raises(SourceError) as caught:
        read(path, **rest)
    return [(problem.code, problem.place.cell) for problem in caught.value.problems]


def codes(made: Made) -> set[str]:
    return {note.code for note in made.notes}


def test_a_price_list_as_it_is(save: Save) -> None:
    path = save(
        一房一价表=[
            ["滨江花园一房一价表"],
            [],
            PRICES,
            ["3号楼", "1单元", "0801室", "89.50", "１２，０００", 107.4, "可售"],
            [],
            ["4#", "一单元", 801, 90.2, 12000, "108.24", "已售"],
            ["合计", None, None, 179.7],
        ]
    )
    made = read(path)
    assert units(made)["3-0801"] == {
        "id": "3-0801",
        "sale_status": "unsold",
        "price_item": {"unit_price_yuan_m2": 12000.0, "total_price_yuan": 1074000.0},
        "area_result": {"contract_area_m2": 89.5},
    }
    assert units(made)["4-0801"]["price_item"]["total_price_yuan"] == 1082400.0
    assert units(made)["3-0802"] == {"id": "3-0802"}
    assert codes(made) == {"ledger", "total-rows", "only-in-one"}  # the list lacks a flat of the project


def test_each_value_has_its_file_sheet_and_cell_as_its_origin_and_evidence_shows_it(save: Save) -> None:
    path = save(分户验收=[["楼栋", "房号", "验收结果", "本次拟交付"], ["3", "0801", "不合格", "是"]])
    data = read(path).data
    pointer = "/project/phases/0/buildings/0/stair_units/0/units/0/unit_acceptance_status"
    assert data["origins"][pointer] == "ledger.xlsx 分户验收!C2"
    origins = {one.origin for risk in GATE.check(data).risks for one in risk.evidence if one.pointer == pointer}
    assert origins == {"ledger.xlsx 分户验收!C2"}


def test_every_bad_cell_is_listed_with_what_stands_there(save: Save) -> None:
    rows = [PRICES, ["3", "1", "0809", "八九", 12000, "=A1", "卖了"], ["5", 1, "0801", -1, "#N/A", "1,2", None]]
    path = save(prices=rows)
    assert wrong(path) == [
        ("unknown-entity", "prices!C2"),
        ("no-number", "prices!D2"),
        ("formula-without-value", "prices!F2"),
        ("unknown-value", "prices!G2"),
        ("unknown-entity", "prices!C3"),
        ("out-of-range", "prices!D3"),
        ("error-cell", "prices!E3"),
        ("no-number", "prices!F3"),
    ]
    with pytest.raises(SourceError) as caught:
        read(path)
    assert "`销售状态` must be one of the listed values, found `卖了`" in str(caught.value)
    assert "未售" in str(caught.value)


def test_formulas_count_by_their_cached_values_and_are_flagged(tmp_path: Path) -> None:
    def texts(*words: str) -> list[str]:
        return [
            f'<c r="{col}{{r}}" t="inlineStr"><is><t>{word}</t></is></c>'
            for col, word in zip("ABC", words, strict=True)
        ]

    rows = [
        [cell.format(r=1) for cell in texts("楼栋", "房号", "总价")],
        [*(cell.format(r=2) for cell in texts("3", "0801", "")[:2]), '<c r="C2"><f>1+1</f><v>1074000</v></c>'],
        [*(cell.format(r=3) for cell in texts("3", "0802", "")[:2]), '<c r="C3" t="str"><f>""</f><v></v></c>'],
    ]
    path = tmp_path / "formulas.xlsx"
    path.write_bytes(smallest(sheet=sheet_of(rows)))
    assert wrong(path, entity="prices") == [("empty-cell", "S!C3")]
    path.write_bytes(smallest(sheet=sheet_of(rows[:2])))
    origins = read(path, entity="prices").data["origins"]
    assert list(origins.values()) == ["formulas.xlsx S!C2（公式的缓存值 cached value of a formula）"]


def test_merged_cells_hold_for_all_of_their_rows(save: Save) -> None:
    def merge(book: Any) -> None:
        book.active.merge_cells("A2:A3")

    path = save(merge, 分户验收=[["楼栋", "房号", "结论"], ["3", "0802", "合格"], [None, "0801", "合格"]])
    assert [one.get("unit_acceptance_status") for one in units(read(path)).values()] == ["passed", "passed", None]


def test_hidden_rows_are_read_hidden_sheets_are_not_and_both_are_named(save: Save) -> None:
    def hide(book: Any) -> None:
        book["分户验收"].row_dimensions[2].hidden = True
        book["分户验收"].column_dimensions["C"].hidden = True
        book["投诉台账"].sheet_state = "hidden"

    path = save(hide, 分户验收=[["楼栋", "房号", "结论"], ["3", "0801", "合格"]], 投诉台账=[["编号"], ["c1"]])
    made = read(path)
    assert units(made)["3-0801"]["unit_acceptance_status"] == "passed"
    assert {"hidden-rows", "hidden-columns", "hidden-sheets"} <= codes(made)


def test_columns_that_are_not_known_are_named_with_a_guess(save: Save) -> None:
    path = save(分户验收=[["楼栋", "房号", "结论", "验收结果人", "单元門"], ["3", "0801", "合格", "张三", "1"]])
    said = {note.place.cell: note.message.en for note in read(path).notes if note.code == "unknown-column"}
    assert set(said) == {"分户验收!D1", "分户验收!E1"}
    assert "did you mean `验收结果`" in said["分户验收!D1"]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("建筑面积（m）", ("wrong-unit", "prices!D1")),
        ("单价", ("doubled-column", "prices!E1")),
    ],
)
def test_headers_that_cannot_be_right(save: Save, header: str, said: tuple[str, str]) -> None:
    path = save(prices=[["楼栋", "房号", "总价", header, "销售单价"], ["3", "0801", 1, 1, 1]])
    assert said in wrong(path)


def test_a_required_column_that_is_missing_is_named(save: Save) -> None:
    path = save(一房一价=[["楼栋", "房号", "单价"], ["3", "0801", 1]])
    assert wrong(path) == [("missing-column", "一房一价!1:1")]


def test_metres_that_are_millimetres_are_noticed(save: Save) -> None:
    path = save(面积表=[["楼栋", "房号", "建筑面积"], ["3", "0801", 895000]])
    assert wrong(path) == [("implausible", "面积表!C2")]


def test_headers_tell_which_ledger_a_sheet_is(save: Save) -> None:
    path = save(Sheet1=[["楼栋", "房号", "楼层", "户型"], ["3", "0801", 8, "A"]])
    assert units(read(path, entity="unit-areas"))["3-0801"]["unit_type"] == "A"
    assert codes(read(path)) >= {"ledger"}


def test_a_workbook_without_a_ledger(save: Save) -> None:
    assert wrong(save(Sheet1=[["甲", "乙"], [1, 2]])) == [("no-ledger", "")]
    assert wrong(save(投诉台账=[["投诉编号", "房号", "状态"]])) == [("no-rows", "")]
    with pytest.raises(ChoiceError, match="`complaint`"):
        read(save(Sheet1=[["甲"]]), entity="complaintt")


def test_flats_are_found_however_they_are_written(save: Save) -> None:
    spellings = ["3-0801", "3号楼1单元0801室", "3#0801", "3栋0801", "3-1-0801", "３－０８０１"]
    rows = [[f"c{n}", text, "处理中"] for n, text in enumerate(spellings)]
    made = read(save(投诉台账=[["投诉编号", "房号", "状态"], *rows]))
    assert {one["unit_id"] for one in made.data["project"]["complaints"]} == {"3-0801"}


def test_a_flat_that_does_not_fit_its_building_or_is_not_the_only_one(save: Save) -> None:
    rows = [["3", "4-0801", "合格"], [None, "0801", "合格"], ["3", "0809", "合格"]]
    path = save(分户验收=[["楼栋", "房号", "结论"], *rows])
    assert wrong(path) == [
        ("does-not-fit", "分户验收!B2"),
        ("ambiguous", "分户验收!B3"),
        ("unknown-entity", "分户验收!B4"),
    ]


def test_a_row_that_says_the_same_thing_twice(save: Save) -> None:
    header = ["楼栋", "房号", "缺陷编号", "类别", "面积", "楼层"]
    rows = [["3", "0801", "d1", "渗漏", 1, None], ["3", "0801", "d1", "空鼓", 2, None]]
    assert wrong(save(缺陷台账=[header, *rows])) == [("doubled-row", "缺陷台账!3:3")]
    rows = [["3", "0801", "合格"], ["3", "0801", "不合格"]]
    assert wrong(save(分户验收=[["楼栋", "房号", "结论"], *rows])) == [("said-twice", "分户验收!C3")]


def test_two_sheets_that_disagree_are_a_conflict(save: Save) -> None:
    path = save(
        面积表=[["楼栋", "房号", "建筑面积"], ["3", "0801", 89.5]],
        一房一价=[["楼栋", "房号", "建筑面积", "总价"], ["3", "0801", 88.2, 1]],
    )
    made = read(path)
    (conflict,) = made.data["conflicts"]
    assert conflict["values"] == [89.5, 88.2]
    assert conflict["origins"] == ["ledger.xlsx 面积表!C2", "ledger.xlsx 一房一价!C2"]
    assert "conflicts" not in read(path, tolerance=0.02).data


def test_without_a_project_around_them_rows_must_say_where_they_are(save: Save) -> None:
    path = save(prices=[PRICES, ["3号楼", "1单元", "0801", 89.5, 12000, 107.4, "可售"]])
    with pytest.raises(SourceError, match="--at phase=ID"):
        read(path, into=None, project="P")
    made = read(path, into=None, project="P", at={"phase": "一期"}, as_of=dt.date(2026, 11, 20))
    assert list(units(made)) == ["3-1-0801"]
    assert made.data["as_of"] == "2026-11-20"
    with pytest.raises(SourceError, match="--project"):
        read(path, into=None, at={"phase": "1"})
    with pytest.raises(ChoiceError, match="fase"):
        read(path, into=None, project="P", at={"fase": "1"})


def test_references_that_cannot_be_looked_up_are_counted(save: Save) -> None:
    path = save(投诉台账=[["投诉编号", "房号", "状态"], ["c1", "3-0801", "处理中"]])
    made = read(path, into=None, project="P")
    assert "unchecked-references" in codes(made)
    assert sources.merge({"a": made.data, "b": SKELETON}, gate=GATE).data["project"]["complaints"]
    assert wrong(save(投诉台账=[["投诉编号", "房号", "状态"], ["c1", "3-0809", "处理中"]])) == [
        ("unknown-entity", "投诉台账!B2")
    ]


def test_ids_are_made_where_a_ledger_has_none(save: Save) -> None:
    rows = [
        ["3", "0801", "净高", "厨房", 2450],
        ["3", "0801", "净高", "厨房", 2440],
        ["3", "0801", "方正度", "厨房", 3],
    ]
    made = read(save(实测实量=[["楼栋", "房号", "检测项目", "房间", "实测值"], *rows]))
    measured = units(made)["3-0801"]["measurements"]
    assert {one["id"]: one["value_mm"] for one in measured} == {
        "clear_height-kitchen": 2450.0,
        "clear_height-kitchen-2": 2440.0,
        "squareness-kitchen": 3.0,
    }
    assert "numbered-ids" in codes(made)


def test_kinds_that_the_mapping_does_not_know_are_read_by_their_titles(save: Save) -> None:
    made = read(save(Sheet1=[["银行名称", "已签按揭合作协议"], ["甲银行", "是"]]), entity="mortgage_bank")
    assert made.data["project"]["mortgage_banks"] == [{"id": "甲银行", "agreement_signed": True}]


# -- the mapping

MAP = """version: 1
words: {yes: [行], no: [不行]}
ledgers:
  banks:
    entity: mortgage_bank
    columns:
      mortgage_bank.id: {headers: [银行]}
      mortgage_bank.agreement_signed: {headers: [签了吗]}
"""


def test_a_mapping_of_ones_own(save: Save, tmp_path: Path) -> None:
    mapping = tmp_path / "map.yaml"
    mapping.write_text(MAP, encoding="utf-8")
    made = read(save(Sheet1=[["银行", "签了吗"], ["甲", "行"], ["乙", "不行"]]), mapping=mapping)
    assert [one["agreement_signed"] for one in made.data["project"]["mortgage_banks"]] == [False, True]


def test_a_sheet_that_may_be_either_of_two_is_asked_about(save: Save, tmp_path: Path) -> None:
    mapping = tmp_path / "map.yaml"
    mapping.write_text(MAP + MAP.partition("ledgers:\n")[2].replace("banks:", "others:"), encoding="utf-8")
    path = save(Sheet1=[["银行", "签了吗"], ["甲", "行"]])
    assert wrong(path, mapping=mapping) == [("ambiguous-ledger", "Sheet1!1:1")]
    assert read(path, mapping=mapping, entity="others").data["project"]["mortgage_banks"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("version: 1", "version: 2", "mappings of version 1"),
        ("agreement_signed: {", "agreement_sined: {", "did you mean `agreement_signed`"),
        ("entity: mortgage_bank", "entity: bank", "unknown entity type `bank`"),
        ("headers: [银行]", "header: [银行]", "did you mean `headers`"),
        ("mortgage_bank.id: {", "room.kind: {", "does not tell which `room`"),
        ("ledgers:", "units: {m3: {written: {m3: 1}}}\nledgers:", "unknown unit `m3`"),
        ("ledgers:", "ids: {unit: {read: ['(']}}\nledgers:", "the pattern cannot be used"),
        ("ledgers:", f"ids: {{unit: {{read: ['{'a' * 1001}']}}}}\nledgers:", "longer than 1000 characters"),
        ("ledgers:", "ids: {unit: {write: '{unit'}}\nledgers:", "a brace has no partner"),
        ("ledgers:", "ids: {unit: {write: '{unit:>99999999}'}}\nledgers:", "is not a dotted path of names"),
        ("ledgers:", "ids: {unit: {write: '{unit.id}'}}\nledgers:", "`unit.id` is no entity type"),
        ("ledgers:", "units: {m2: {written: {㎡: NaN}}}\nledgers:", "a number above 0"),
        ("ledgers:", "units: {m2: {written: {㎡: 1e999999}}}\nledgers:", "a number above 0"),
        ("ledgers:", "ids: {unit: {read: ['(?P<flat>1)']}}\nledgers:", "`flat` is no entity type"),
        ("headers: [银行]", "headers: [银行], unit: mm", "unknown unit `mm`"),
        ("headers: [签了吗]", "headers: [签了吗], words: {行: yes}", "unknown value `yes`"),
        ("headers: [银行]", "headers: [银行], between: [1]", "[low, high]"),
    ],
)
def test_a_mapping_that_cannot_be_right_is_named_with_its_place(
    save: Save, tmp_path: Path, old: str, new: str, said: str
) -> None:
    mapping = tmp_path / "map.yaml"
    mapping.write_text(MAP.replace(old, new), encoding="utf-8")
    with pytest.raises(LoadError) as caught:
        read(save(Sheet1=[["银行"], ["甲"]]), mapping=mapping)
    assert said in str(caught.value)
    assert all(problem.place.line for problem in caught.value.problems)


# -- CSV

CSV = "投诉编号,房号,原因,状态\nc1,3-0801,工程质量,处理中\n"


@pytest.mark.parametrize(
    ("encoding", "named"), [("utf-8", None), ("utf-8-sig", None), ("gb18030", "gb18030"), ("utf-16", "utf-16")]
)
def test_csv_in_the_encoding_that_is_named(tmp_path: Path, encoding: str, named: str | None) -> None:
    path = tmp_path / "complaints.csv"
    path.write_bytes(CSV.encode(encoding))
    made = sources.read_csv(path, "complaint", gate=GATE, into=SKELETON, encoding=named)
    assert made.data["project"]["complaints"] == [
        {"id": "c1", "unit_id": "3-0801", "cause": "engineering_quality", "status": "open"}
    ]
    assert made.data["origins"]["/project/complaints/0/cause"] == "complaints.csv C2"


@pytest.mark.parametrize(
    ("content", "named", "said"),
    [
        (CSV.encode("gb18030"), None, "it looks like gb18030"),
        (CSV.encode("utf-16"), None, "it looks like utf-16"),
        (CSV.encode(), "latin-9", "unknown encoding"),
        (b"\xff\xff\xff", "utf-16", "utf-16"),
        (b'a,b\n"open', None, "an open quote"),
        (b"PK\x03\x04", None, "is it an Excel workbook"),
        (b"", None, "there is no ledger"),
    ],
)
def test_csv_that_cannot_be_read(tmp_path: Path, content: bytes, named: str | None, said: str) -> None:
    path = tmp_path / "complaints.csv"
    path.write_bytes(content)
    with pytest.raises(SourceError) as caught:
        sources.read_csv(path, "complaint", gate=GATE, into=SKELETON, encoding=named)
    assert said in str(caught.value)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_separators_are_named_in_a_note(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "complaints.csv"
    path.write_text(CSV.replace(",", delimiter), encoding="utf-8")
    made = sources.read_csv(path, "complaint", gate=GATE, into=SKELETON)
    assert "delimiter" in codes(made)
    assert made.data["project"]["complaints"][0]["id"] == "c1"


# -- what is dangerous or no ledger at all


def zip_bomb() -> bytes:
    return smallest(sheet=b"<worksheet><sheetData>" + b" " * 50_000_000 + b"</sheetData></worksheet>")


def entity_bomb() -> bytes:
    doctype = '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    return smallest(sheet=f"{doctype}<worksheet><sheetData/></worksheet>")


def merged_bomb() -> bytes:
    cell = '<c r="A{0}" t="inlineStr"><is><t>x</t></is></c><c r="XFD{0}"><v>1</v></c>'
    rows = [[cell.format(number)] for number in range(1, 1001)]
    merges = "".join(f'<mergeCell ref="A{n}:XFD1000"/>' for n in range(1, 900))
    return smallest(sheet=sheet_of(rows, f"<mergeCells>{merges}</mergeCells>"))


@pytest.mark.parametrize("bomb", [zip_bomb, entity_bomb, merged_bomb, lambda: b"", lambda: b"PK\x03\x04"])
def test_bombs_are_refused(tmp_path: Path, bomb: Callable[[], bytes]) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(bomb())
    assert len(wrong(path)) == 1


def test_formulas_are_not_asked_for_each_cell_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = "".join(f'<row><c><f t="array" ref="A{n}:B1000"/><v>1</v></c></row>' for n in range(1, 101))
    path = tmp_path / "formulas.xlsx"
    plain = "<row><c><v>1</v></c></row>" * 20
    path.write_bytes(smallest(sheet=f"<worksheet><sheetData>{first}{plain}</sheetData></worksheet>"))
    assert [code for code, _ in wrong(path)] == ["no-ledger"]
    monkeypatch.setattr("riskgate.workbook.cells._LOOKS", 1_000)
    assert [code for code, _ in wrong(path)] == ["too-large"]


def test_limits_may_be_narrower(save: Save) -> None:
    path = save(分户验收=[["楼栋", "房号", "结论"], ["3", "0801", "合格"]])
    assert [code for code, _ in wrong(path, limits=Limits(elements=10))] == ["too-large"]


def test_a_snapshot_that_is_none_is_refused_before_anything_is_made(save: Save) -> None:
    path = save(分户验收=[["楼栋", "房号", "结论"], ["3", "0801", "合格"]])
    with pytest.raises(SnapshotError):
        read(path, into={"riskgate": 1, "project": {}})


def test_what_only_the_whole_shows_is_told_with_its_cell(save: Save) -> None:
    path = save(Sheet1=[["项目编号", "时区（如 +08:00）"], ["P", "东八区"]])
    with pytest.raises(SnapshotError, match=r"/project/utc_offset: .*\n  help: it comes from ledger.xlsx Sheet1!B2"):
        read(path, into=None, entity="project")


def test_names_of_parts_are_not_believed(tmp_path: Path) -> None:
    """A workbook whose parts are missing is damaged, not empty."""
    path = tmp_path / "cut.xlsx"
    path.write_bytes(archive({name: text for name, text in NAMES.items() if "sheet1" not in name}))
    assert [code for code, _ in wrong(path)] == ["damaged-workbook"]
    with zipfile.ZipFile(io.BytesIO(smallest())) as whole:
        assert whole.namelist()


# -- whatever people write

WORDS = """0801 3-0801 3号楼 号楼 1单元 # =1+1 - √ 2026-02-30 46346 1e999 NaN
合计 有效 d1 房号 ㎡ （ [] １２ % 3万元 a;b；c、 -1 1.5"""
ODD = st.sampled_from([*WORDS.split(), "", " ", "9" * 40, "0" * 20, "\u202e", "\n"])


@settings(deadline=None, max_examples=60)
@given(st.sampled_from([one.name for one in MAPPING.ledgers]), st.data())
def test_odd_cells_are_read_or_refused_and_nothing_else(name: str, data: st.DataObject) -> None:
    ledger = next(one for one in MAPPING.ledgers if one.name == name)
    columns = data.draw(st.permutations(list(ledger.columns.values())))
    rows = data.draw(
        st.lists(st.lists(ODD | st.text(max_size=6), min_size=len(columns), max_size=len(columns)), max_size=3)
    )
    target = io.StringIO(newline="")
    csv.writer(target).writerows([[column.headers[0] for column in columns], *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "odd.csv"
        path.write_bytes(target.getvalue().encode("utf-8", "surrogatepass"))
        try:
            made = sources.read_csv(path, name, gate=GATE, into=SKELETON)
        except (SourceError, SnapshotError):
            return
    GATE.snapshot(made.data)

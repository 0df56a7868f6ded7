"""Templates: what people write into them comes back as it was meant, for every entity type of the vocabulary."""

import io
import shutil
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("xlsxwriter")
openpyxl = pytest.importorskip("openpyxl")

from riskgate import ChoiceError, Gate, sources  # noqa: E402 - after the extras were found
from riskgate.cli.main import COMMAND  # noqa: E402 - the same
from riskgate.errors import SourceError  # noqa: E402 - the same
from riskgate.sources.ledger.mapping_file import read_mapping  # noqa: E402 - the same
from riskgate.text import Lang  # noqa: E402 - the same
from riskgate.vocabulary import EntityType  # noqa: E402 - the same
from sources_strategies import IDS, Written, entities  # noqa: E402 - the same

RULES = Path(__file__).parent.parent / "rules"
OBJECTS = """
entities:
  project: {fields: {id: {type: string, required: true}}}
  room:
    within: project
    collection: rooms
    fields:
      id: {type: string, required: true}
      area: {type: number, unit: m2}
      load: {type: object, fields: {live: {type: number}}}
      shelves: {type: list, of: {type: object, fields: {width: {type: number}}}}
"""
ONE_RULE = """
pack: rooms
version: 1.0.0
title: rooms
rules:
  - {id: R-1, title: small, entity: room, require: room.area > 1.0, severity: major, nodes: [N10]}
"""


@cache
def gate() -> Gate:
    return Gate.load()


@cache
def template(name: str, lang: Lang) -> bytes:
    return sources.write_template([name], gate=gate(), lang=lang)


KINDS = sorted(Gate.load().library.vocabulary.entities)


def targets(book: Any) -> dict[str, str]:
    """Header by target, as the hidden sheet tells."""
    return {row[3]: row[2] for row in book["riskgate"].iter_rows(max_col=4, values_only=True) if row[0] == "column"}


def fill(content: bytes, rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Write rows (cell by target) below the example row of a template with one sheet."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    headers = {str(cell.value).rstrip(" *"): cell.column for cell in sheet[1]}
    columns = {target: headers[header] for target, header in targets(book).items()}
    for number, row in enumerate(rows, 3):
        for target, value in row.items():
            cell = sheet.cell(number, columns[target])
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"  # openpyxl takes what begins with = for a formula
    book.save(path)


def above(kind: EntityType) -> list[EntityType]:
    return [one for one in gate().library.vocabulary.chains[kind.name][1:-1] if one.collection]


@st.composite
def filled(draw: st.DrawFn, kind: EntityType, lang: Lang) -> list[tuple[tuple[str, ...], Mapping[str, Written]]]:
    """Rows: ids of what holds the entity, and its fields. One row where there can be one entity only."""
    holders = st.tuples(*(IDS for _ in above(kind)))
    count = 3 if kind.collection else 1
    return draw(
        st.lists(
            st.tuples(holders, entities(gate(), kind, lang)),
            min_size=1,
            max_size=count,
            unique_by=lambda row: row[1]["id"].value if kind.collection else "",  # some ids are unique in a project
        )
    )


def found(data: Any, kind: EntityType) -> dict[tuple[str, ...], Mapping[str, Any]]:
    """The entities of a kind by the ids on the way to them."""
    level: dict[tuple[str, ...], Any] = {(): data["project"]}
    for one in gate().library.vocabulary.chains[kind.name][1:]:
        below: dict[tuple[str, ...], Any] = {}
        for ids, holder in level.items():
            held = holder.get(one.key)
            if one.single:
                below |= {} if held is None else {ids: held}
            else:
                below |= {(*ids, item["id"]): item for item in held or ()}
        level = below
    return level


@pytest.mark.parametrize(("name", "lang"), [*((name, "zh") for name in KINDS), *((name, "en") for name in KINDS[::6])])
def test_what_is_filled_in_comes_back(name: str, lang: Lang, tmp_path: Path) -> None:
    kind = gate().library.vocabulary.entities[name]

    @settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
    @given(filled(kind, lang))
    def check(rows: list[tuple[tuple[str, ...], Mapping[str, Written]]]) -> None:
        cells = [
            {
                **{one.name: ident for one, ident in zip(above(kind), holders, strict=True)},
                **{f"{name}.{field}": written.cell for field, written in fields.items()},
            }
            for holders, fields in rows
        ]
        if not any(fields for _, fields in rows):
            return
        path = tmp_path / "filled.xlsx"
        fill(template(name, lang), cells, path)
        made = sources.read_ledger(path, gate=gate(), project=None if name == "project" else "P")
        expected = {
            (*holders, *([fields["id"].value] if kind.collection else [])): {
                field: written.value for field, written in fields.items()
            }
            for holders, fields in rows
        }
        if kind.single:
            expected = {ids: fields for ids, fields in expected.items() if fields}
        held = {
            ids: {key: value for key, value in entity.items() if key in kind.fields}
            for ids, entity in found(made.data, kind).items()
        }
        assert held == expected

    check()


def sheet_of(path: Path) -> tuple[Any, Any]:
    book = openpyxl.load_workbook(path)
    return book, book.worksheets[0]


@pytest.fixture
def permits(tmp_path: Path) -> Path:
    """A template of permits with one row filled in."""
    path = tmp_path / "permits.xlsx"
    fill(template("permit", "zh"), [{"permit.id": "p1", "permit.kind": "预售许可"}], path)
    return path


def read(path: Path, **rest: Any) -> Any:
    return sources.read_ledger(path, gate=gate(), project="P", **rest).data["project"]


def test_the_example_row_is_not_read_and_that_is_said(permits: Path) -> None:
    made = sources.read_ledger(permits, gate=gate(), project="P")
    assert made.data["project"]["permits"] == [{"id": "p1", "kind": "presale"}]
    assert [note.place.cell for note in made.notes if note.code == "example-rows"] == ["证照验收文件!2:2"]


@pytest.mark.parametrize("name", ["project", "permit", "complaint", "room", "price_item"])
def test_the_example_row_would_be_right_if_it_were_read(name: str, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template(name, "zh")))
    for cell in book.worksheets[0][2]:
        if "示例" in str(cell.value):
            cell.value = None
    book.save(tmp_path / "x.xlsx")
    made = sources.read_ledger(tmp_path / "x.xlsx", project="1", as_of="2026-11-20", gate=gate())
    kind = gate().library.vocabulary.entities[name]
    (entity,) = found(made.data, kind).values()
    assert set(entity) >= set(kind.fields)


def test_fields_that_no_cell_holds_are_named(tmp_path: Path) -> None:
    (tmp_path / "lifecycle.yaml").write_bytes((RULES / "lifecycle.yaml").read_bytes())
    (tmp_path / "vocabulary.yaml").write_text(OBJECTS, encoding="utf-8")
    (tmp_path / "pack.yaml").write_text(ONE_RULE, encoding="utf-8")
    done = CliRunner().invoke(
        COMMAND,
        ["template", "xlsx", "room", "--packs", str(tmp_path), "--lang", "en", "-o", str(tmp_path / "x.xlsx")],
    )
    assert done.exit_code == 0, done.stderr
    assert done.stderr.startswith("fields without a column, as no cell can hold them: room.load, room.shelves;")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert set(targets(book)) == {"room.id", "room.area"}
    sheet = book.worksheets[0]
    sheet.append([None, "K", 4.5])
    book.save(tmp_path / "x.xlsx")
    made = sources.read_ledger(tmp_path / "x.xlsx", project="1", as_of="2026-11-20", gate=Gate.load(tmp_path))
    assert made.data["project"]["rooms"] == [{"id": "K", "area": 4.5}]


def test_the_bundled_mapping_is_all_of_it_right_for_the_bundled_vocabulary() -> None:
    """What the vocabulary does not know is left out of it, so a slip would go unseen."""
    vocabulary = gate().library.vocabulary
    whole = read_mapping(RULES / "sources" / "ledgers.yaml", vocabulary)
    taken = read_mapping(None, vocabulary)
    assert (taken.units, taken.ids, taken.ledgers) == (whole.units, whole.ids, whole.ledgers)


def test_an_example_row_that_was_written_over_is_no_row_to_pass_over(permits: Path) -> None:
    book, sheet = sheet_of(permits)
    sheet["B2"] = "p2"
    book.save(permits)
    with pytest.raises(SourceError) as caught:
        read(permits)
    assert [(p.code, p.place.cell) for p in caught.value.problems] == [("changed-example", "证照验收文件!2:2")]
    sheet["A2"] = None
    book.save(permits)
    assert [one["id"] for one in read(permits)["permits"]] == ["p1", "p2"]


def test_columns_may_move_and_sheets_be_renamed(permits: Path) -> None:
    book, sheet = sheet_of(permits)
    sheet.insert_cols(2)
    sheet["B1"] = "经办人"
    sheet.insert_rows(1)
    sheet["A1"] = "临江项目证照"
    sheet.title = "我的台账"
    book.save(permits)
    made = sources.read_ledger(permits, gate=gate(), project="P")
    assert made.data["project"]["permits"] == [{"id": "p1", "kind": "presale"}]
    assert "经办人" in next(note.message.zh for note in made.notes if note.code == "unknown-column")


def test_the_unit_in_a_header_may_be_changed(tmp_path: Path) -> None:
    path = tmp_path / "garages.xlsx"
    fill(template("garage", "zh"), [{"garage.id": "g", "garage.clear_height_m": 2200}], path)
    book, sheet = sheet_of(path)
    header = next(cell for cell in sheet[1] if "（m）" in str(cell.value))
    header.value = str(header.value).replace("（m）", "（mm）")
    book.save(path)
    assert read(path)["garages"] == [{"id": "g", "clear_height_m": 2.2}]


def test_a_template_is_checked_against_the_vocabulary(permits: Path) -> None:
    book, _ = sheet_of(permits)
    marks = book["riskgate"]
    for row in marks.iter_rows(max_col=4):
        if row[3].value == "permit.kind":
            row[3].value = "permit.colour"
    book.save(permits)
    with pytest.raises(SourceError, match=r"the vocabulary has no `permit\.colour`"):
        read(permits)


def test_what_is_required_is_marked_and_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "rooms.xlsx"
    fill(template("room", "zh"), [{"room.kind": "厨房", "unit": "0801"}], path)
    _, sheet = sheet_of(path)
    assert [cell.value for cell in sheet[1] if str(cell.value).endswith("*")] == ["房号 *", "房间编号 *"]
    with pytest.raises(SourceError) as caught:
        read(path)
    assert [problem.code for problem in caught.value.problems] == ["no-parent", "empty-cell"]


def test_drop_downs_hold_what_will_be_understood(tmp_path: Path) -> None:
    path = tmp_path / "drawings.xlsx"
    path.write_bytes(template("drawing", "en"))
    book, sheet = sheet_of(path)
    lists = {str(one.formula1) for one in sheet.data_validations.dataValidation if one.type == "list"}
    assert len(lists) == 3
    texts = {tuple(row[0].value for row in book["riskgate"][area.partition("!")[2].replace("$", "")]) for area in lists}
    assert ("yes", "no") in texts


def test_the_same_template_is_the_same_bytes() -> None:
    assert sources.write_template(["unit"], gate=gate()) == sources.write_template(["unit"], gate=gate())


@pytest.mark.parametrize("names", [[], ["unit", "unit"], ["unitt"]])
def test_templates_are_of_known_entity_types(names: list[str]) -> None:
    with pytest.raises(ChoiceError):
        sources.write_template(names, gate=gate())


def test_titles_of_odd_characters_make_a_workbook_all_the_same(tmp_path: Path) -> None:
    """What XML has no word for may stand in a vocabulary as an escape."""
    company = tmp_path / "company"
    shutil.copytree(Path(__file__).parent / "battery" / "base" / "company", company)
    file = company / "vocabulary.yaml"
    odd = 'title: {zh: "户\\uFFFE\\u0001\\u202e", en: "flat\\uFFFF"}'
    file.write_text(file.read_text(encoding="utf-8").replace("title: {zh: 户, en: flat}", odd), encoding="utf-8")
    own = Gate.load(company)
    (tmp_path / "t.xlsx").write_bytes(sources.write_template(["flat"], gate=own, lang="zh"))
    with pytest.raises(SourceError, match="no row of data"):
        sources.read_ledger(tmp_path / "t.xlsx", gate=own, project="P")

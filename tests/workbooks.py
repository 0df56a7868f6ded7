"""Workbooks for tests: as riskgate writes them, as people fill them in, and as nobody should send them."""

import datetime as dt
import io
import struct
import warnings
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from fixed_report import LABELS, REPORTS
from riskgate.rectification.columns import HEADERS, Name
from riskgate.render.formats import Reader
from riskgate.render.xlsx import xlsx
from riskgate.text import Lang

SHEETS: Mapping[Lang, str] = {"zh": "风险清单", "en": "Risks"}
NAMES = {
    "[Content_Types].xml": "<Types/>",
    "_rels/.rels": (
        '<Relationships><Relationship Id="r1" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships><Relationship Id="r1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/>'
        '<Relationship Id="r2" Type="http://x/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    ),
    "xl/workbook.xml": '<workbook xmlns:r="x"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/sharedStrings.xml": "<sst/>",
    "xl/worksheets/sheet1.xml": "<worksheet><sheetData/></worksheet>",
}
"""The parts of the smallest workbook."""


@cache
def written(name: str = "fixed", lang: Lang = "zh") -> bytes:
    """The workbook of one of the fixed reports."""
    return xlsx(REPORTS[name](), Reader(lang=lang, labels=LABELS))


def archive(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive with these parts, in this order."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return target.getvalue()


def smallest(**parts: str | bytes) -> bytes:
    """The smallest workbook with some parts replaced: `sheet`, `texts`, `book`."""
    names = {"sheet": "xl/worksheets/sheet1.xml", "texts": "xl/sharedStrings.xml", "book": "xl/workbook.xml"}
    return archive({**NAMES, **{names[key]: content for key, content in parts.items()}})


def sheet_of(rows: Sequence[Sequence[str]], after: str = "") -> str:
    """A worksheet of cells that are given as XML, by row."""
    body = "".join(f"<row>{''.join(cells)}</row>" for cells in rows)
    return f"<worksheet><sheetData>{body}</sheetData>{after}</worksheet>"


def text(value: str) -> str:
    return f'<c t="inlineStr"><is><t>{value}</t></is></c>'


def with_directory(data: bytes, name: str, **sizes: int) -> bytes:
    """The archive with other sizes of an entry in its directory: `packed` and `unpacked`."""
    changed = bytearray(data)
    at = data.rindex(name.encode()) - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    for key, offset in (("packed", 20), ("unpacked", 24)):
        if key in sizes:
            struct.pack_into("<L", changed, at + offset, sizes[key])
    return bytes(changed)


def filled(
    source: bytes, target: Path, fill: Callable[[Worksheet, Mapping[Name, int]], None], lang: Lang = "zh"
) -> Path:
    """Open a workbook with another program, let `fill` write into its list (columns by name), save it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says what it does not know and drops
        book = openpyxl.load_workbook(io.BytesIO(source))
    sheet = book[SHEETS[lang]]
    heads = {cell.value: number for number, cell in enumerate(sheet[1], 1)}
    fill(sheet, {name: heads[header.to(lang)] for name, header in HEADERS.items() if header.to(lang) in heads})
    book.save(target)
    return target


def put(sheet: Worksheet, at: Mapping[Name, int], row: int, **values: str | float | dt.date | None) -> None:
    """Write values into a row, by the names of the columns; texts stay texts."""
    for name, value in values.items():
        cell = sheet.cell(row, at[name])  # type: ignore[index]  # the callers name columns
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"

"""What comes back may be anything: a file that is no workbook, or one made to do harm, is refused in one plain line."""

import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskgate.errors import RectificationError
from riskgate.rectification import read
from riskgate.workbook import Limits
from workbooks import NAMES, archive, sheet_of, smallest, text, with_directory, written

SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    "<worksheet><sheetData><row><c><v>&c;</v></c></row></sheetData></worksheet>"
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst><si><t>&a;</t></si></sst>'
PARAMETER = '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x"> %a;]><workbook/>'
BLANK = smallest(sheet=b" " * 30_000_000)
OTHER_ROW = '<x><row r="2"><c r="A9"><v>1</v></c></row></x>'
FIRST_TEXT = sheet_of([['<c t="s"><v>0</v></c>']])
LIST = [text(word) for word in ("Risk ID", "Result", "Person responsible", "Due date", "Done on", "Remarks")]
LONG_TAG = f'<worksheet a="{"x1" * 300_000}"/>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
MANY = {f"xl/media/{number}.txt": "" for number in range(1_100)}


def named_end(data: bytes, entries: int) -> bytes:
    """The archive with another number of entries in its last record."""
    at = data.rindex(b"PK\x05\x06")
    return data[: at + 8] + entries.to_bytes(2, "little") * 2 + data[at + 12 :]


def encrypted(data: bytes) -> bytes:
    """The archive with the flag of its first entry that says: encrypted."""
    at = data.index(b"PK\x01\x02")
    return data[: at + 8] + b"\x01" + data[at + 9 :]


def doubled() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate name"):
        return archive_twice()


def archive_twice() -> bytes:
    import io  # noqa: PLC0415 - here only

    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, content in (*NAMES.items(), (SHEET, "<worksheet/>")):
            made.writestr(name, content)
    return target.getvalue()


def refused(data: bytes, folder: Path, limits: Limits | None = None) -> tuple[str, str]:
    """The code and the message with which a file is refused; one problem, one line."""
    file = folder / "came-back.xlsx"
    file.write_bytes(data)
    with pytest.raises(RectificationError) as caught:
        read(file) if limits is None else read(file, limits=limits)
    (problem,) = caught.value.problems
    for word in problem.message:
        assert "\n" not in word
        assert len(word) < 200
    assert problem.place.file == file.as_posix()
    return problem.code, problem.message.en


CASES: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "not-a-workbook", "the file is empty"),
    "a CSV file": ("风险编号,整改结果\r\nabc,已整改\r\n".encode("gbk"), "not-a-workbook", "perhaps a CSV file"),
    "a web page": (b"<html><table><tr><td>1</td></tr></table></html>", "not-a-workbook", "web page"),
    "an old workbook": (OLE, "not-a-workbook", ".xls"),
    "with a password": (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted-workbook", "password"),
    "an encrypted archive": (encrypted(smallest()), "encrypted-workbook", "password"),
    "only the beginning": (smallest()[:300], "damaged-workbook", "cut off"),
    "a text document": (archive({**NAMES, "_rels/.rels": NAMES["_rels/.rels"].replace("xl/workbook", "word/document")}),
                        "not-a-workbook", "no .xlsx workbook"),
    "another archive": (archive({"a.txt": "a"}), "not-a-workbook", "no .xlsx workbook"),
    "an OpenDocument sheet": (archive({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
                              "not-a-workbook", "no .xlsx workbook"),
    "a binary workbook": (archive({**NAMES, "_rels/.rels": NAMES["_rels/.rels"].replace(".xml", ".bin")}),
                          "not-a-workbook", ".xlsb"),
    "a sheet that is not there": (archive({k: v for k, v in NAMES.items() if k != SHEET}), "damaged-workbook", SHEET),
    "bzip2": (archive(NAMES, zipfile.ZIP_BZIP2), "damaged-workbook", "no workbook uses"),
    "too many entries": (archive({**NAMES, **MANY}), "too-large", "more than 1,000 entries"),
    "too many entries, denied": (named_end(archive({**NAMES, **MANY}), 6), "too-large", "more than 1,000 entries"),
    "too many entries, claimed": (named_end(smallest(), 60_000), "too-large", "more than 1,000 entries"),
    "a bomb": (BLANK, "too-large", "compressed beyond reason"),
    "a claimed giant": (with_directory(smallest(), SHEET, unpacked=3_000_000_000), "too-large", "3,000.0 MB"),
    "a denied giant": (with_directory(BLANK, SHEET, unpacked=900), "damaged-workbook", SHEET),
    "laughs": (smallest(sheet=LAUGHS), "unsafe-xml", "declares a document type"),
    "an outside entity": (smallest(texts=OUTSIDE, sheet=FIRST_TEXT), "unsafe-xml", "DTD"),
    "a parameter entity": (smallest(book=PARAMETER), "unsafe-xml", "DTD"),
    "nested": (smallest(sheet="<a>" * 50_000), "too-large", "nested too deep"),
    "an endless tag": (smallest(sheet=f'<worksheet a="{"x1" * 3_000_000}"/>'), "too-large", "compressed beyond reason"),
    "an endless cell": (smallest(sheet=sheet_of([[text("x" * 50_000)]])), "too-large", "cell A1"),
    "not XML": (smallest(sheet="<worksheet><sheetData>"), "damaged-workbook", "line 1"),
    "no such text": (smallest(sheet=sheet_of([['<c t="s"><v>7</v></c>']])), "damaged-workbook", "A1"),
    "a column too far": (smallest(sheet=sheet_of([['<c r="XFE1"><v>1</v></c>']])), "damaged-workbook", "XFE1"),
    "a row too far": (smallest(sheet='<x><row r="1048577"><c/></row></x>'), "damaged-workbook", "1048577"),
    "a cell in another row": (smallest(sheet=OTHER_ROW), "damaged-workbook", "A9"),
    "no sheet of ours": (smallest(), "no-list", "no sheet has the columns"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_refused_in_one_line(name: str, tmp_path: Path) -> None:
    data, code, said = CASES[name]
    found, message = refused(data, tmp_path)
    assert found == code
    assert said in message


def test_two_entries_of_one_name_are_refused(tmp_path: Path) -> None:
    assert refused(doubled(), tmp_path)[0] == "damaged-workbook"


LIMITED: dict[str, tuple[bytes, Limits, str]] = {
    "the file": (smallest(), Limits(file_bytes=100), "larger than 100 B"),
    "all parts together": (smallest(), Limits(total_bytes=100), "more than 100 B"),
    "cells": (smallest(sheet=sheet_of([[text("x")] * 400])), Limits(elements=1_000), "too many cells"),
    "shared texts": (smallest(texts=f"<sst>{'<si><t>xxxx</t></si>' * 300}</sst>", sheet=FIRST_TEXT),
                     Limits(characters=1_000), "more than 1,000 characters"),
    "blanks": (smallest(sheet=f"<x>{' ' * 3_000}</x>"), Limits(characters=2_000), "more than 2,000 characters"),
    "rows": (smallest(sheet=sheet_of([LIST, *[[text("x")]] * 9])), Limits(rows=8), "more than 8 rows"),
    "one tag": (smallest(sheet=LONG_TAG), Limits(token_bytes=100_000), "goes on for too long"),
    "one comment": (smallest(sheet=f"<worksheet><!--{'x1' * 300_000}--></worksheet>"), Limits(token_bytes=100_000),
                    "goes on for too long"),
    "merged ranges": (smallest(sheet=sheet_of([], "<x>" + '<mergeCell ref="A1:B2"/>' * 20_001 + "</x>")), Limits(),
                      "too many merged ranges"),
}  # fmt: skip


@pytest.mark.parametrize("name", LIMITED)
def test_refused_beyond_a_limit(name: str, tmp_path: Path) -> None:
    data, limits, said = LIMITED[name]
    code, message = refused(data, tmp_path, limits)
    assert code == "too-large"
    assert said in message


@pytest.mark.parametrize("name", ["a bomb", "a claimed giant", "a denied giant", "laughs", "nested"])
def test_a_bomb_takes_no_memory(name: str, tmp_path: Path) -> None:
    tracemalloc.start()
    try:
        refused(CASES[name][0], tmp_path)
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


def test_the_last_cell_there_is_costs_nothing(tmp_path: Path) -> None:
    far = '<x><dimension ref="A1:XFD1048576"/><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></x>'
    assert refused(smallest(sheet=far), tmp_path)[0] == "no-list"


@settings(deadline=None, max_examples=60)
@given(cut=st.integers(0, len(written()) - 1))
def test_a_workbook_that_is_cut_off_is_refused(cut: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    refused(written()[:cut], tmp_path_factory.mktemp("cut"))


@settings(deadline=None, max_examples=80)
@given(at=st.integers(0, len(written()) - 1), byte=st.integers(0, 255))
def test_a_damaged_workbook_is_read_or_refused_and_nothing_else(
    at: int, byte: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("damaged") / "x.xlsx"
    file.write_bytes(written()[:at] + bytes([byte]) + written()[at + 1 :])
    try:
        found = read(file)
    except RectificationError:
        return
    assert len(found.entries) == 9

"""No character that acts, hides or is none gets into an output, in whatever format; parsers take every one of them."""

import csv
import io
import json
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from fixed_report import LABELS, fixed_report
from riskgate.comparing import compare
from riskgate.render.diff import show_diff
from riskgate.render.diff_markdown import diff_markdown
from riskgate.render.escape import visible
from riskgate.render.formats import FORMATS, Reader, render
from riskgate.render.page import PLAIN, Page
from riskgate.report import Report
from strategies_report import spoiled

NONCHARACTERS = [
    *range(0xFDD0, 0xFDF0),
    *(plane + last for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)),
]
ODD = [
    *(chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in {"Cc", "Cf", "Cs", "Zl", "Zp"}),
    *map(chr, NONCHARACTERS),
]
OWN = frozenset("\n\r\t")
"""What formats write themselves."""
CHUNKS = [ODD[start : start + 400] for start in range(0, len(ODD), 400)]
PIECES = [rf"{one[0]!a}-{one[-1]!a}" for one in CHUNKS]


def texts_of(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts_of(key)
            yield from texts_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts_of(item)


def from_xml(data: bytes) -> Iterator[str]:
    for element in ET.fromstring(data).iter():  # noqa: S314 - our own
        yield from (element.text or "", element.tail or "", *element.attrib.values())


class Reading(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.kinds: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts += [value or "" for _, value in attrs]
        if tag == "script":
            self.kinds.append(dict(attrs).get("type") or "")

    def handle_data(self, data: str) -> None:
        if self.kinds and self.kinds[-1] == "application/json" and data.startswith("{"):
            self.texts += texts_of(json.loads(data))
        else:
            self.texts.append(data)


def from_html(data: bytes) -> Iterator[str]:
    reading = Reading()
    reading.feed(data.decode())
    reading.close()
    return iter(reading.texts)


def from_xlsx(data: bytes) -> Iterator[str]:
    openpyxl = pytest.importorskip("openpyxl")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                yield from from_xml(archive.read(name))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says what it does not know and drops
        book = openpyxl.load_workbook(io.BytesIO(data))
    for sheet in book:
        yield sheet.title
        yield from (str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


PARSERS: Mapping[str, Callable[[bytes], Iterator[str]]] = {
    "junit": from_xml,
    "html": from_html,
    "xlsx": from_xlsx,
    "sarif": lambda data: texts_of(json.loads(data)),
    "gitlab": lambda data: texts_of(json.loads(data)),
    "csv": lambda data: (cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), "")) for cell in row),
    "table": lambda data: iter([data.decode()]),
    "markdown": lambda data: iter([data.decode()]),
    "github": lambda data: iter([data.decode()]),
}


def hostile(chunk: list[str]) -> Report:
    text = "".join(chunk)
    return spoiled(fixed_report(), lambda _: f"a{text}z", lambda name: f"{name}{text}")


def assert_harmless(texts: Iterator[str], chunk: list[str]) -> None:
    """None of the characters is there, and some text tells each of them."""
    whole = "\0".join(texts)
    acting = re.compile(f"[{''.join(map(re.escape, set(chunk) - OWN - {chr(0)}))}]")
    assert acting.search(whole) is None
    assert whole.count("\0") == len(whole.split("\0")) - 1
    assert visible(chunk[5]) in whole


@pytest.mark.parametrize("chunk", CHUNKS, ids=PIECES)
@pytest.mark.parametrize("name", sorted(PARSERS))
def test_no_odd_character_is_written(name: str, chunk: list[str]) -> None:
    assert_harmless(PARSERS[name](render(hostile(chunk), name, Reader(lang="zh", labels=LABELS))), chunk)


def test_every_format_is_among_them() -> None:
    assert {*PARSERS, "json"} == set(FORMATS)


@pytest.mark.parametrize("chunk", CHUNKS, ids=PIECES)
def test_no_odd_character_is_in_a_comparison(chunk: list[str]) -> None:
    comparison = compare(hostile(chunk), fixed_report(), old_name=f"{chunk[0]}.json")
    page = Page("en", PLAIN)
    show_diff(page, comparison)
    assert_harmless(iter([page.text()]), chunk)
    assert_harmless(iter([diff_markdown(comparison)]), chunk)


@pytest.mark.parametrize("chunk", CHUNKS, ids=PIECES)
def test_json_keeps_every_character_that_it_can_hold(chunk: list[str]) -> None:
    whole = [char for char in chunk if unicodedata.category(char) != "Cs"]
    made = spoiled(fixed_report(), lambda _: f"a{''.join(whole)}z").to_json()
    read = Report.from_json(made)
    assert read.project_id == f"a{''.join(whole)}z"
    assert read.to_json() == made


def test_every_odd_character_is_told_by_its_number_and_no_other_is_changed() -> None:
    odd = set(ODD)
    hidden = {chr(code) for code in (0x2065, *range(0xFFF0, 0xFFF9), *range(0xE0000, 0xE1000))}
    for code in range(0x110000):
        char = chr(code)
        if char in odd:
            assert visible(char).startswith("\\"), hex(code)
        elif char not in hidden:
            assert visible(char) == char, hex(code)

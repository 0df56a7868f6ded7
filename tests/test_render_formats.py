"""What holds for every format that lists risks: golden files, and laws over reports of every shape.

`python tests/test_render_formats.py` writes the golden files anew; look at the difference before committing it.
"""

import csv
import io
import json
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixed_report import LABELS, REPORTS, fixed_report, named_report
from riskgate.errors import ReportError
from riskgate.render.formats import FORMATS, Reader, Source, by_suffix, render
from riskgate.render.scope import scope_of
from riskgate.report import Baseline, Report
from riskgate.text import Lang
from strategies_report import Recipe, hostile_report, many, recipes, waived

GOLDEN = Path(__file__).parent / "golden"
LANGS: tuple[Lang, ...] = ("zh", "en")
NAMES = ("markdown", "sarif", "junit", "github", "gitlab", "csv")
SUFFIXES = {
    "markdown": "md",
    "sarif": "sarif",
    "junit": "junit.xml",
    "github": "github.txt",
    "gitlab": "gitlab.json",
    "csv": "csv",
}
SHOWN: dict[str, Callable[[], Report]] = {**REPORTS, "waived": lambda: waived(fixed_report(), {1, 6}.__contains__)}
VIEWS = [("fixed", lang, name) for lang in LANGS for name in NAMES]
VIEWS += [(report, "en", name) for report in ("named", "clear", "unverified", "waived") for name in NAMES]
ACTING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""What moves, hides or reorders; line breaks and tabs are the formats' own."""


def shown(report: str, lang: Lang, name: str) -> bytes:
    return render(SHOWN[report](), name, Reader(lang=lang, labels=LABELS, source=Source("projects/home.json")))


def golden(report: str, lang: Lang, name: str) -> Path:
    return GOLDEN / f"{report}.{lang}.{SUFFIXES[name]}"


@pytest.mark.parametrize(("report", "lang", "name"), VIEWS)
def test_the_format_is_the_golden_file(report: str, lang: Lang, name: str) -> None:
    assert shown(report, lang, name) == golden(report, lang, name).read_bytes()


def test_every_format_that_lists_risks_is_offered() -> None:
    assert set(NAMES) <= set(FORMATS)
    assert [by_suffix(f"r.{SUFFIXES[name]}") for name in ("markdown", "sarif", "csv")] == ["markdown", "sarif", "csv"]


def ids_in(name: str, text: str) -> list[str]:
    """The ids of the risks that a format says to block; for the formats without ids, one text for each."""
    if name == "sarif":
        results = json.loads(text)["runs"][0]["results"]
        return [r["partialFingerprints"]["riskgate/v1"] for r in results if r["level"] == "error"]
    if name == "gitlab":
        return [issue["fingerprint"] for issue in json.loads(text) if issue["severity"] == "blocker"]
    if name == "csv":
        return [row[-1] for row in csv.reader(io.StringIO(text)) if row[2] == "1"]
    if name == "junit":
        root = ET.fromstring(text)  # noqa: S314 - our own
        told = "\n".join(failure.text or "" for failure in root.iter("failure"))
        return re.findall(r"^  ([0-9a-f]{16})$", told, re.MULTILINE)
    return []


def bearing(report: Report) -> set[str]:
    """The ids of the risks that make the exit code 1, as docs/report.md says it."""
    chosen = report.selected
    nodes = {node.id for node in chosen if node.status == "blocked"}
    if not report.selection.ignore_upstream:
        nodes.update(name for node in chosen for name in node.held_by)
    found = {risk.id for node in report.nodes if node.id in nodes for risk in node.blocking_risks}
    return found if report.baseline is None else found & set(report.baseline.new_risks)


@pytest.mark.parametrize("name", NAMES)
@given(recipe=recipes, lang=st.sampled_from(LANGS))
@settings(deadline=None, max_examples=60)
def test_any_report_is_rendered_with_every_blocking_risk_in_it(name: str, recipe: Recipe, lang: Lang) -> None:
    report = recipe.report()
    reader = Reader(lang=lang, labels=LABELS, source=Source("a b/50%,:1.json"))
    made = render(report, name, reader)
    assert made == render(report, name, reader)
    text = made.decode("utf-8-sig")
    assert ACTING.search(text) is None
    errors = bearing(report)
    if name in ("sarif", "gitlab", "csv", "junit"):
        assert not errors or set(ids_in(name, text)) == errors
    blocking = [risk for risk in scope_of(report).risks if risk.severity == "blocking" and risk.waiver is None]
    if name == "github" and errors:
        assert len(re.findall("^::error ", text, re.MULTILINE)) == len(errors)
    if name == "markdown":
        for risk in blocking:
            assert re.sub(r"([\[\]_])", r"\\\1", risk.address) in text
    code = {"junit": f'name="exit_code" value="{report.exit_code}"', "sarif": f'"exitCode": {report.exit_code},'}
    said = {"zh": f"退出码 {report.exit_code}：", "en": f"Exit code {report.exit_code}: "}
    if name in ("junit", "sarif", "github", "markdown"):
        assert code.get(name, said[lang]) in text


@pytest.mark.parametrize("name", NAMES)
@given(recipe=recipes)
@settings(deadline=None, max_examples=25)
def test_a_report_read_back_from_json_is_rendered_alike(name: str, recipe: Recipe) -> None:
    report = recipe.report()
    try:
        read = Report.from_json(report.to_json())
    except (TypeError, ReportError):  # half a surrogate, which no JSON can hold; a waiver that stands nowhere
        return
    assert render(read, name) == render(report, name)


@pytest.mark.parametrize("name", NAMES)
def test_a_bare_reader_and_no_snapshot_are_enough(name: str) -> None:
    assert render(fixed_report(), name)


@pytest.mark.parametrize("name", NAMES)
def test_what_bears_on_the_exit_code_is_never_left_without_a_word(name: str) -> None:
    """An unverified node without any gap: nothing was looked at."""
    text = shown("unverified", "en", name).decode()
    assert "Trial survey" in text


@pytest.mark.parametrize(
    ("name", "marks"),
    [
        ("sarif", {1: '"exitCode": 1,\n            "nodes"', 3: '"exitCode": 3,\n            "nodes"'}),
        ("junit", {1: '<failure message="held by N10"', 3: '<error message="held by N10"'}),
        ("github", {1: "::error title=✗ held N11 Tender::", 3: "::warning title=✗ held N11 Tender::"}),
        ("gitlab", {1: '"blocker"', 3: '"critical"'}),
        ("csv", {1: "node,,1,no,node-unverified,N11 Tender", 3: "node,,3,no,node-unverified,N11 Tender"}),
    ],
)
@pytest.mark.parametrize("code", [1, 3])
def test_a_node_bears_the_exit_code_where_nothing_that_is_shown_does(
    name: str, marks: dict[int, str], code: int
) -> None:
    """What holds the tender is known to the baseline; what is further before it and new has no place in the report."""
    report = named_report()
    report = replace(
        report,
        exit_code=code,
        baseline=Baseline("then.json", "cd" * 32, "2026-01-01", 6, (), 2, ()),
        selection=replace(report.selection, nodes=("tender",), allow_unverified=False),
    )
    text = render(report, name, Reader(labels=LABELS)).decode("utf-8-sig")
    assert marks[code] in text


@pytest.mark.parametrize("name", ["sarif", "gitlab", "csv", "junit"])
def test_a_waived_risk_is_there_and_no_error(name: str) -> None:
    report = SHOWN["waived"]()
    hidden = {risk.id for risk in report.risks if risk.waiver is not None}
    text = shown("waived", "en", name).decode("utf-8-sig")
    assert len(hidden) == 2
    assert all(risk in text for risk in hidden)
    assert not hidden & set(ids_in(name, text))
    assert "agreed" in text or name == "gitlab"


@pytest.mark.parametrize("name", ["markdown", "github"])
def test_a_waived_risk_is_named_as_such(name: str) -> None:
    text = shown("waived", "en", name).decode()
    assert re.search("[Ww]aived", text)
    assert "agreed" in text


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", NAMES)
def test_hostile_texts_stay_texts(name: str, lang: Lang) -> None:
    report = hostile_report()
    text = render(report, name, Reader(lang=lang, source=Source("x\x1b\n::error::y.json"))).decode("utf-8-sig")
    assert ACTING.search(text) is None
    assert r"\x1b" in text
    if name in ("sarif", "gitlab", "csv", "junit"):
        assert set(ids_in(name, text)) == bearing(report)


@pytest.mark.parametrize("name", NAMES)
def test_many_risks_are_all_there_or_counted(name: str) -> None:
    report = many(300)
    text = render(report, name, Reader(labels=LABELS)).decode("utf-8-sig")
    if name in ("markdown", "github"):
        left = re.search(r"(\d+) more (?:risks )?are not", text)
        assert left is not None
        listed = text.count("::error") if name == "github" else len(re.findall(r"^- .* — R\d+ ", text, re.MULTILINE))
        assert listed > 8
        assert int(left[1]) > 200 - listed
    else:
        assert set(ids_in(name, text)) == bearing(report)


if __name__ == "__main__":
    for view in VIEWS:
        golden(*view).write_bytes(shown(*view))
    sys.stdout.write(f"{len(VIEWS)} files\n")

"""The HTML page without a browser: its shape, its policy, its data, its words."""

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixed_report import LABELS, REPORTS, fixed_report
from html_pages import (
    ATTACK,
    EXAMPLES,
    ROOT,
    data_of,
    example,
    example_reader,
    gate,
    large,
    page,
    parsed,
    poisoned,
    poisoned_reader,
    waived_report,
)
from riskgate.render.escape import visible
from riskgate.render.formats import Reader, by_suffix
from riskgate.render.html.page import SCRIPTS, script_text, style_sheet
from riskgate.render.html.words import WORDS
from riskgate.report import Baseline, Report
from riskgate.risk import dicts_of
from riskgate.text import Lang, Text

LANGS: tuple[Lang, ...] = ("zh", "en")
ACTIVE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
SINKS = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "fetch(", "XMLHttp")
PAGES = {name: page(make()) for name, make in REPORTS.items()} | {
    "poisoned": page(poisoned(waived_report()), poisoned_reader()),
    "waived": page(waived_report()),
}


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_well_formed_and_holds_nothing_but_what_it_is_made_of(name: str) -> None:
    root = parsed(PAGES[name])
    assert [one.attributes.get("type") for one in root.all("script")] == ["application/json", None]
    assert len(list(root.all("style"))) == 1
    assert {one.name for part in root.all("noscript") for one in part.children[0].children} <= {
        "h1",
        "h2",
        "h3",
        "p",
        "ul",
    }
    assert not list(root.all("img")) + list(root.all("svg")) + list(root.all("iframe"))


def test_the_policy_allows_this_script_and_this_style_alone() -> None:
    root = parsed(PAGES["fixed"])
    (policy,) = (one for one in root.all("meta") if one.attributes.get("http-equiv") == "Content-Security-Policy")
    said = dict(part.strip().partition(" ")[::2] for part in str(policy.attributes["content"]).split(";"))
    (style,), script = root.all("style"), list(root.all("script"))[1]
    assert said["default-src"] == said["base-uri"] == said["form-action"] == "'none'"
    assert said["script-src"] == f"'sha256-{b64encode(sha256(script.text.encode()).digest()).decode()}'"
    assert said["style-src"] == f"'sha256-{b64encode(sha256(style.text.encode()).digest()).decode()}'"


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_asked_of_any_other_place(name: str) -> None:
    for element in _everything(parsed(PAGES[name])):
        for attribute, value in element.attributes.items():
            assert not attribute.startswith("on")
            assert attribute != "style"
            if attribute in ("src", "href"):
                assert value == "data:,"
    assert "url(" not in style_sheet()
    assert "@import" not in style_sheet()
    assert re.findall(r"https?://[^\"]*", script_text()) == ["http://www.w3.org/2000/svg"]


def _everything(element: Any) -> Any:
    for child in element.children:
        yield child
        yield from _everything(child)


def test_the_script_makes_texts_only() -> None:
    for sink in (*SINKS, "import(", 'setTimeout("', ".srcdoc", "WebSocket", "cssText"):
        assert sink not in script_text(), sink


@pytest.mark.parametrize("name", PAGES)
def test_no_control_or_override_of_the_data_survives(name: str) -> None:
    assert ACTIVE.search(PAGES[name].replace("\n", "")) is None
    for text in _strings(data_of(PAGES[name])):
        assert ACTIVE.search(text) is None


def _strings(value: Any) -> Any:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30), st.one_of(st.text(), st.integers(), st.floats()))
def test_any_text_and_value_comes_through_as_what_people_may_see(zh: str, en: str, value: object) -> None:
    report = fixed_report()
    first = report.risks[0]
    detail = first.detail._replace(
        message=Text(zh, en), evidence=(first.evidence[0]._replace(value=value), *first.evidence[1:])
    )
    first._detail = detail
    text = page(report)
    data = data_of(text)
    assert _both(data["risks"]["message"][0]) == [visible(zh), visible(en)]
    assert data["risks"]["evidence"][0][0][2] == visible(json.dumps(value, ensure_ascii=False))
    assert visible(en) in next(parsed(text).all("noscript")).whole_text()


def _both(pair: Any) -> list[str]:
    return [pair, pair] if isinstance(pair, str) else pair


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_data_hold_the_whole_report(name: str) -> None:
    report, _ = example(name)
    data = data_of(page(report, example_reader(name)))
    risks = data["risks"]
    for index, risk in enumerate(dicts_of(report.risks)):
        assert risks["id"][index] == risk["id"]
        assert data["rules"][risks["rule"][index]]["id"] == risk["rule"]
        assert ["blocking", "major", "minor"][risks["severity"][index]] == risk["severity"]
        assert {data["nodes"][n]["id"] for n in data["nodeSets"][risks["nodes"][index]]} == set(risk["nodes"])
        assert _both(risks["message"][index]) == list(risk["message"].values())
        assert _both(risks["label"][index]) == list(risk["entity"]["label"].values())
        pointers = [_pointer(item[1], risks["pointer"][index]) for item in risks["evidence"][index]]
        assert pointers == [item["pointer"] for item in risk["evidence"]]
        assert [data["names"][item[0]] for item in risks["evidence"][index]] == [e["name"] for e in risk["evidence"]]
    assert [(gap["id"], gap["count"], gap["reason"]) for gap in data["gaps"]] == [
        (gap.id, gap.count, gap.reason) for gap in report.gaps
    ]
    held = {node["id"]: [data["nodes"][n]["id"] for n in node["held"]] for node in data["nodes"]}
    assert held == {node.id: list(node.held_by) for node in report.nodes}


def _pointer(found: str | None, entity: str) -> str | None:
    return entity + found[1:] if found is not None and found.startswith("+") else found


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", REPORTS)
def test_the_same_report_gives_the_same_bytes_read_back_or_not(name: str, lang: Lang) -> None:
    report, reader = REPORTS[name](), Reader(lang=lang, labels=LABELS)
    again = Report.from_json(report.to_json())
    assert page(report, reader) == page(report, reader) == page(again, reader)


def test_languages_differ_in_what_comes_first_only() -> None:
    report = fixed_report()
    zh, en = (data_of(page(report, Reader(lang=lang))) for lang in LANGS)
    assert (zh.pop("lang"), en.pop("lang")) == LANGS
    assert zh == en


def test_without_a_script_every_blocking_risk_can_be_read() -> None:
    report = fixed_report()
    for lang in LANGS:
        (part,) = parsed(page(report, Reader(lang=lang, labels=LABELS))).all("noscript")
        text = part.whole_text()
        for risk in report.risks:
            assert (risk.message.to(lang) in text) is (risk.severity == "blocking")
            assert risk.severity != "blocking" or risk.entity.label.to(lang) in text


def test_the_size_grows_with_the_number_of_risks() -> None:
    sizes = []
    for count in (0, 1000, 2000):
        report, places = large(count)
        sizes.append(len(page(report, Reader(places=places))))
    first, second = (after - before for before, after in pairwise(sizes))
    assert second < 1.1 * first


def test_every_word_the_script_asks_for_is_there_and_none_is_left_over() -> None:
    script = script_text()
    asked = set(re.findall(r'\bsay\("([\w-]+)"', script))
    quoted = set(re.findall(r'"([\w-]+)"', script))
    assert asked <= WORDS.keys()
    assert WORDS.keys() <= quoted, sorted(WORDS.keys() - quoted)
    for key, text in WORDS.items():
        assert text.zh, key
        assert set(re.findall(r"\{(\w+)\}", text.zh)) <= set(re.findall(r"\{(\w+)\}", text.en)) | {"unit", "group"}, key


def test_every_part_of_the_script_is_in_the_page() -> None:
    folder = files("riskgate.render.html").joinpath("script")
    assert {f"{name}.js" for name in SCRIPTS} == {entry.name for entry in folder.iterdir()}


def test_the_suffix_asks_for_the_page() -> None:
    assert by_suffix("a/report.html") == by_suffix("B.HTM") == "html"


def test_hostile_texts_are_texts() -> None:
    text = PAGES["poisoned"]
    assert "window.hacked=1</script>" not in text
    assert "<img" not in text
    (part,) = parsed(text).all("noscript")
    assert visible(ATTACK) in part.whole_text()


COLOURS = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", style_sheet()))
PAIRS = [
    (ink, ground)
    for kind in ("bad", "held", "unsure", "good", "none", "waived")
    for ink, ground in ((kind, f"{kind}-ground"), (kind, "paper"), ("ink", f"{kind}-ground"))
] + [("soft", "ground"), ("soft", "paper"), ("link", "paper"), ("paper", "link"), ("unsure", "waits-ground")]


@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_texts_stand_out_from_their_ground(ink: str, ground: str) -> None:
    one, other = sorted((_luminance(COLOURS[ink]), _luminance(COLOURS[ground])))
    assert (other + 0.05) / (one + 0.05) >= 4.5


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_report_without_a_map_puts_things_together_by_their_addresses() -> None:
    data = data_of(page(fixed_report()))
    assert data["places"]["known"] is False
    assert _both(data["places"]["groups"][0])[0] == "3 号楼"
    assert data["risks"]["group"] == [0] * 8 + [-1]


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_the_page_asks_for_beyond_other_formats_can_be_taken_away_again(name: str) -> None:
    whole, _ = example(name)
    plain = gate().check(ROOT / f"examples/binjiang/{name}.json")
    assert whole.shortened().to_json() == plain.to_json()


def test_waivers_come_with_what_became_of_them() -> None:
    data = data_of(PAGES["waived"])
    assert data["risks"]["waiver"][:2] == [0, None]
    assert data["marks"] == [
        {
            "by": "张三",
            "until": "2026-12-31",
            "reason": ["业主书面同意", "The owner agreed in writing"],
            "doubt": ["未确认", "unconfirmed"],
        }
    ]
    assert [(one["holds"], one["waives"], one["covers"]) for one in data["waivers"]] == [(True, 1, 1), (False, 0, 1)]


def test_a_baseline_marks_what_is_new() -> None:
    report = fixed_report()
    assert data_of(page(report))["fresh"] is None
    baseline = Baseline("old.json", "ab" * 32, "2026-10-01", 5, (report.risks[1].id,), 1, (report.gaps[0].id,))
    data = data_of(page(replace(report, baseline=baseline)))
    assert data["fresh"] == {"risks": [1], "gaps": [0]}

"""The HTML page in a real browser: what it shows, what follows a click, that hostile texts stay texts, that it stays
usable when there are many risks. Skipped where there is no Chromium with its driver."""

from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

import pytest

pytest.importorskip("selenium")

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from browser import Opened, chromium, installed
from fixed_report import LABELS, REPORTS, fixed_report
from html_pages import (
    EXAMPLES,
    data_of,
    example,
    example_reader,
    large,
    page,
    poisoned,
    poisoned_reader,
    six_flats,
    waived_report,
)
from riskgate.render.formats import Reader
from riskgate.report import Gap, Report, Risk

pytestmark = pytest.mark.skipif(installed() is None, reason="no Chromium with its driver")
Open = Callable[[str], Opened]
MANY = 20_000


@pytest.fixture(scope="module")
def driver() -> Iterator[Chrome]:
    with chromium() as found:
        yield found


@pytest.fixture
def opened(driver: Chrome, tmp_path: Path) -> Open:
    def open_page(text: str) -> Opened:
        path = tmp_path / "report.html"
        path.write_text(text, encoding="utf-8")
        return Opened(driver, path)

    return open_page


def example_page(name: str) -> str:
    return page(example(name)[0], example_reader(name))


def found(report: Report, risk: Callable[[Risk], bool], gap: Callable[[Gap], bool]) -> tuple[int, int]:
    return sum(map(risk, report.risks)), sum(map(gap, report.gaps))


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_opens_without_an_error_or_a_request(opened: Open, name: str) -> None:
    report, _ = example(name)
    shown = opened(example_page(name))
    assert "滨江花园" in shown.text("h1")
    assert "不通过" in shown.text("h1")
    assert shown.count("svg.picture .box") == len(report.nodes) == 68
    assert shown.shown() == (len(report.risks), len(report.gaps))
    for node in report.nodes:
        assert node.status not in ("blocked", "unverified") or node.code in shown.text("#stopping")
    assert shown.errors() == []
    assert shown.requests() == []


@pytest.mark.parametrize("name", [*REPORTS, "waived"])
def test_every_kind_of_report_opens_in_both_languages(opened: Open, name: str) -> None:
    report = waived_report() if name == "waived" else REPORTS[name]()
    for lang, html_lang in (("zh", "zh-CN"), ("en", "en")):
        shown = opened(page(report, Reader(lang=lang, labels=LABELS)))  # type: ignore[arg-type]  # both are languages
        assert shown.run("return document.documentElement.lang") == html_lang
        assert shown.count(".box") == len(report.nodes)
        assert shown.count("#groups .group") == 0 if not report.risks and not report.gaps else 1
        assert shown.errors() == []


def test_the_filter_counts_what_it_shows(opened: Open) -> None:
    report, _ = example("3-joint-acceptance")
    text = example_page("3-joint-acceptance")
    shown = opened(text)
    titles = {title.en: name for name, title in example_reader("3-joint-acceptance").labels.departments.items()}
    for index, (_, en) in enumerate(data_of(text)["owners"]):
        wanted = _mended_by(report, titles[en])
        if wanted != (0, 0):
            shown.choose("owner", index)
            assert shown.shown() == wanted
    shown.click("#reset")
    assert shown.shown() == (len(report.risks), len(report.gaps))


def _mended_by(report: Report, department: str) -> tuple[int, int]:
    def mended(rule: str) -> bool:
        return department in report.rules[rule].owners

    return found(report, lambda risk: mended(risk.rule), lambda gap: mended(gap.rule))


def test_an_item_stands_under_each_of_its_owners(opened: Open) -> None:
    report, _ = example("3-joint-acceptance")
    labels = example_reader("3-joint-acceptance").labels
    rule = next(risk.rule for risk in report.risks if len(report.rules[risk.rule].owners) > 1)
    owners = [labels.department(name).zh for name in report.rules[rule].owners]
    shown = opened(example_page("3-joint-acceptance"))
    shown.search(rule)
    shown.click("[data-grouping=owner]")
    headings = shown.run(
        "return [...document.querySelectorAll('#groups > .group > summary > b')].map(one => one.textContent)"
    )
    assert sorted(headings) == sorted(owners)
    shown.run("window.dispatchEvent(new Event('beforeprint'))")
    first, *rest = shown.run("return [...document.querySelectorAll('.paper tbody')].map(one => one.innerText)")
    by_heading = {text.split(" — ")[0].strip(): text for text in (first, *rest)}
    assert rule in by_heading.pop(owners[0])
    assert all(rule not in text and "另见序号" in text for text in by_heading.values())
    assert shown.errors() == []


def test_severity_and_kind_leave_out_what_is_not_ticked(opened: Open) -> None:
    report, _ = example("3-joint-acceptance")
    shown = opened(example_page("3-joint-acceptance"))
    shown.click("#severity-0")
    assert shown.shown() == found(report, lambda r: r.severity != "blocking", lambda g: g.severity != "blocking")
    shown.click("#kind-1")
    assert shown.shown() == (sum(risk.severity != "blocking" for risk in report.risks), 0)
    assert shown.count("#groups .gap") == 0


def test_the_search_finds_words_in_either_language(opened: Open) -> None:
    report, _ = example("3-joint-acceptance")
    shown = opened(example_page("3-joint-acceptance"))
    for word in ("window", "WINDOW", "外窗", "window 2-0504"):
        shown.search(word)
        risks, _ = shown.shown()
        assert 0 < risks < len(report.risks)
    shown.search("nothing of that name")
    assert shown.shown() == (0, 0)
    assert shown.text("#groups") == "没有符合筛选的事项。"


def test_the_language_changes_and_the_filter_stays(opened: Open) -> None:
    shown = opened(example_page("3-joint-acceptance"))
    shown.search("外窗")
    before = shown.shown()
    shown.click("#lang-1")
    assert shown.run("return document.documentElement.lang") == "en"
    assert shown.text("#list h2") == "Meeting list"
    assert "BLOCKED" in shown.text("h1")
    assert shown.shown() == before
    assert shown.run("return document.activeElement.id") == "lang-1"
    shown.click("#lang-0")
    assert shown.text("#list h2") == "会议清单"
    assert shown.errors() == []


def test_a_click_on_a_node_shows_what_concerns_it(opened: Open) -> None:
    report, _ = example("3-joint-acceptance")
    shown = opened(example_page("3-joint-acceptance"))
    index = next(i for i, node in enumerate(report.nodes) if node.code == "N51")
    node = report.nodes[index]
    shown.click(f"[data-node='{index}']")
    assert shown.shown() == found(report, lambda r: node.id in r.nodes, lambda g: node.id in g.nodes)
    assert shown.count("#groups .group") == 1
    assert node.title.zh in shown.text("#node-panel")
    shown.click("#node-panel .close")
    assert shown.shown()[0] == len(report.risks)


def test_the_picture_can_be_walked_with_the_keyboard(opened: Open) -> None:
    report, _ = example("2-eve-of-opening")
    shown = opened(example_page("2-eve-of-opening"))
    shown.run("document.querySelector('[data-node=\"0\"]').focus()")
    here = "return document.activeElement.dataset.node"
    keys = shown.driver.switch_to.active_element
    keys.send_keys(Keys.ARROW_DOWN)
    assert report.nodes[int(shown.run(here))].stage == report.nodes[0].stage
    shown.driver.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
    node = report.nodes[int(shown.run(here))]
    assert node.stage != report.nodes[0].stage
    shown.driver.switch_to.active_element.send_keys(Keys.ENTER)
    assert shown.shown()[0] == sum(node.id in risk.nodes for risk in report.risks)
    assert shown.count(".box[tabindex='0']") == 1


def test_lines_go_from_what_holds_to_what_is_held(opened: Open) -> None:
    report, _ = example("2-eve-of-opening")
    shown = opened(example_page("2-eve-of-opening"))
    assert shown.count("path.holds[marker-end]") == sum(len(node.held_by) for node in report.nodes) > 0


def test_evidence_source_and_remedy_come_on_demand(opened: Open) -> None:
    report = fixed_report()
    shown = opened(page(report, Reader(labels=LABELS)))
    shown.click("#reset")
    assert shown.count(".evidence") == 0
    assert "Move the wall" in shown.text("#groups")
    shown.run("document.querySelector('#groups .places details').open = true")
    shown.settle(50)
    opened_up = shown.text(".evidence")
    assert "3.0" in opened_up
    assert "计算书.xlsx!B7" in opened_up
    assert '[1, 2.0, "x", null, true]' in opened_up
    shown.run("document.querySelector('#groups .about').closest('details').open = true")
    shown.settle(50)
    assert "GB55038 4.1.4 (verified)" in shown.text("#groups .card")


def test_waived_risks_are_marked_with_who_and_until_when(opened: Open) -> None:
    shown = opened(page(waived_report(), Reader(labels=LABELS)))
    assert "approved by 张三 (unconfirmed), until 2026-12-31" in shown.text("#groups .badge.waived")
    assert "covers 1, waives 0" in shown.text("#waivers")
    shown.click("#kind-2")
    assert shown.shown()[0] == len(waived_report().risks) - 1


def test_the_floors_show_what_stands_against_each_flat(opened: Open) -> None:
    report, places = example("3-joint-acceptance")
    shown = opened(example_page("3-joint-acceptance"))
    assert shown.count("table.floors .unit") == len(places.units)
    stopped = {
        unit.name for unit in places.units if any(_stops(risk, unit.address, places.belongs) for risk in report.risks)
    }
    red = shown.run("return [...document.querySelectorAll('.unit-blocked')].map(one => one.lastChild.textContent)")
    assert set(red) - {"✗"} == stopped
    grey = shown.count("table.floors .unit-unverified")
    assert grey == len(
        {
            unit.name
            for unit in places.units
            for gap in report.gaps
            for entity in gap.entities
            if unit.name not in stopped and _within(entity.address, unit.address, places.belongs)
        }
    )
    name = min(stopped)
    shown.run(
        "[...document.querySelectorAll('.unit')].find(one => one.lastChild.textContent === arguments[0]).click()", name
    )
    own = next(unit.address for unit in places.units if unit.name == name)
    assert shown.shown()[0] == sum(_within(risk.address, own, places.belongs) for risk in report.risks)


LOOKS = "return [...document.querySelectorAll('table.floors .unit')].map(one => one.className + ' ' + one.innerText)"


@pytest.mark.parametrize(("whole", "nothing"), [(True, "clear ✓"), (False, "perhaps ~")])
def test_a_flat_is_not_ready_while_anything_blocking_is_there_or_may_be(
    opened: Open, whole: bool, nothing: str
) -> None:
    report, places = six_flats(whole=whole)
    shown = opened(page(report, Reader(labels=LABELS, places=places)))
    looks = {one.split()[-1]: " ".join(one.split()[1:-1]).removeprefix("unit-") for one in shown.run(LOOKS)}
    lesser, waived, gap = ("lesser !", "waived w", "unverified ?") if whole else (nothing, nothing, nothing + "?")
    assert looks == {
        "0101": "blocked ✗",
        "0102": "unverified ?",
        "0201": lesser,
        "0202": waived,
        "0301": gap,
        "0302": nothing,
    }
    assert ("4 of 6" if whole else "0 of 6") in shown.text(".ready")


def _stops(risk: Risk, unit: str, belongs: object) -> bool:
    return risk.severity == "blocking" and _within(risk.address, unit, belongs)


def _within(address: str, unit: str, belongs: object) -> bool:
    steps = address.split("/")
    above = ["/".join(steps[:end]) for end in range(1, len(steps) + 1)]
    assert isinstance(belongs, dict)
    return any(belongs.get(one, one) == unit for one in above)


def test_the_corner_where_customers_mind_more_is_marked(opened: Open) -> None:
    report, _ = example("3-joint-acceptance")
    shown = opened(example_page("3-joint-acceptance"))

    def missed(rule: str) -> bool:
        info = report.rules[rule]
        sensitivity, weight = info.customer_sensitivity or 0, info.operator_weight or 5
        return sensitivity >= 4 and sensitivity - weight >= 2

    assert shown.count(".matrix .corner") == 5
    shown.click(".corner-sum")
    assert shown.shown() == found(report, lambda r: missed(r.rule), lambda g: missed(g.rule))


@pytest.mark.parametrize("grouping", ["node", "place", "owner", "theme"])
def test_paper_has_every_item_once(opened: Open, grouping: str) -> None:
    report, _ = example("3-joint-acceptance")
    shown = opened(example_page("3-joint-acceptance"))
    shown.click(f"[data-grouping={grouping}]")
    printed = shown.command("Page.printToPDF", preferCSSPageSize=True)
    assert len(printed["data"]) > 100_000
    assert shown.count("#paper") == 0
    shown.run("window.dispatchEvent(new Event('beforeprint'))")
    rows = shown.run(
        "return [...document.querySelectorAll('.paper td:first-child:not(.see)')].map(one => one.textContent)"
    )
    assert sorted(rows) == sorted(
        [*(str(n + 1) for n in range(len(report.risks))), *(f"?{n + 1}" for n in range(len(report.gaps)))]
    )


def test_no_word_is_broken_on_a_narrow_screen(opened: Open) -> None:
    shown = opened(example_page("3-joint-acceptance"))
    shown.command("Emulation.setDeviceMetricsOverride", width=380, height=800, deviceScaleFactor=1, mobile=False)
    try:
        heights = shown.run("return [...document.querySelectorAll('.controls button')].map(one => one.offsetHeight)")
        overflow = shown.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
    finally:
        shown.command("Emulation.clearDeviceMetricsOverride")
    assert max(heights) < 40
    assert overflow == 0


def test_hostile_texts_stay_texts_wherever_they_are(opened: Open) -> None:
    shown = opened(page(poisoned(waived_report()), poisoned_reader()))
    for grouping in ("place", "owner", "theme", "node"):
        shown.click(f"[data-grouping={grouping}]")
        shown.run(
            "[...document.querySelectorAll('#list .link')].find(one => /Open|展开/.test(one.textContent)).click()"
        )
        shown.run("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        shown.settle(50)
    shown.click("[data-node='1']")
    shown.click("#lang-0")
    shown.search("<img src=x")
    shown.run("window.dispatchEvent(new Event('beforeprint'))")
    assert shown.run("return window.hacked") is None
    assert shown.count("img, b b, iframe, object, [onerror], [onload]") == 0
    assert shown.count("script") == 2
    assert shown.count("svg:not(.picture):not(.matrix svg)") == 0
    assert "<img src=x onerror=window.hacked=1>" in shown.text("#app")
    assert shown.errors() == []
    assert shown.requests() == []


def test_without_scripts_there_is_a_list_to_read(opened: Open) -> None:
    report = fixed_report()
    shown = opened(page(report, Reader(labels=LABELS)))
    shown.command("Emulation.setScriptExecutionDisabled", value=True)
    try:
        shown.driver.get(shown.path.as_uri())
        text = shown.driver.find_element(By.TAG_NAME, "body").text
    finally:
        shown.command("Emulation.setScriptExecutionDisabled", value=False)
    assert "BLOCKED" in text
    assert "Kitchen of 3.4 m2, 0.1 m2 short" in text
    assert "Design" in text


def test_many_risks_stay_usable(opened: Open, record_property: Callable[[str, object], None]) -> None:
    report, places = large(MANY)
    text = page(report, Reader(labels=LABELS, places=places))
    times = {"megabytes": len(text.encode()) / 1e6}

    def timed(name: str, action: Callable[[], object]) -> None:
        start = perf_counter()
        action()
        shown.settle()
        times[name] = perf_counter() - start

    start = perf_counter()
    shown = opened(text)
    times["open"] = perf_counter() - start
    assert shown.shown() == (MANY, 0)
    assert shown.count("*") < 6_000
    timed("node", lambda: shown.click("[data-node='1']"))
    timed("theme", lambda: shown.choose("theme", 0))
    assert shown.shown()[0] == sum(report.rules[risk.rule].theme == "leak" for risk in report.risks)
    shown.click("#reset")
    timed("group", lambda: shown.click("[data-grouping=place]"))
    timed("first search and 250 ms", lambda: shown.search("12345"))
    assert shown.shown()[0] == 1
    timed("next search and 250 ms", lambda: shown.search("面积"))
    timed("language", lambda: shown.click("#lang-0"))
    assert shown.shown()[0] == MANY
    assert shown.errors() == []
    for name, value in times.items():
        record_property(name, round(value, 3))
    print({name: round(value, 2) for name, value in times.items()})

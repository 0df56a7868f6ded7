"""Every group of the benchmark runs on a tiny project and finds what it must; nothing is said of time."""

import json
import re
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

import chain  # noqa: E402 - the benchmarks are scripts, found by their folder
import cold  # noqa: E402 - the same
import many  # noqa: E402 - the same
import scaling  # noqa: E402 - the same
from document import MarkerError, write  # noqa: E402 - the same
from engines import ENGINES  # noqa: E402 - the same
from findings import rows as all_rows  # noqa: E402 - the same
from groups import GROUPS, measure  # noqa: E402 - the same
from handwritten import sixteen_by_entity, sixteen_by_rule  # noqa: E402 - the same
from peers import BY_ENTITY, BY_RULE, DURABLE, OWN, contenders, reduced  # noqa: E402 - the same
from plots import Bars, Plot, svg  # noqa: E402 - the same
from rows import Measured, Options, Row, markdown_table  # noqa: E402 - the same
from subject import evaluator, findings_of  # noqa: E402 - the same
from workload import Size, snapshot_bytes  # noqa: E402 - the same

from riskgate.gate import Gate  # noqa: E402 - the same

TINY = Options(rounds=1, units=8)
ELSEWHERE = {"peers", "loading", "cold", "many", "by-rules"}
"""Groups with tests of their own below, and two that load large packs again and again."""
ENGINE_NAMES = (DURABLE, *ENGINES)
MODULES = {DURABLE: "durable_rules_engine", **{name: listed[0] for name, listed in ENGINES.items()}}


@pytest.fixture(scope="module")
def sixteen(tmp_path_factory: pytest.TempPathFactory) -> Gate:
    return Gate.load(reduced(tmp_path_factory.mktemp("reduced")))


@pytest.mark.parametrize("name", sorted(GROUPS.keys() - ELSEWHERE))
def test_a_group_measures_something_that_survives_json(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "LEAVES", 64)
    monkeypatch.setattr(chain, "FAULTY", 40)
    found = measure(name, TINY)
    assert found.rows or found.plots
    sent = json.dumps(found.as_dict())
    assert json.dumps(Measured.from_dict(json.loads(sent)).as_dict()) == sent
    for plot in found.plots:
        ET.fromstring(svg(plot))  # noqa: S314 - written by the line itself


@pytest.mark.parametrize("holes", [0.0, 0.3])
def test_the_sixteen_rules_by_hand_find_what_riskgate_finds(sixteen: Gate, holes: float) -> None:
    snapshot = sixteen.snapshot(snapshot_bytes(Size(60, holes=holes, risks=0.1)))
    found = findings_of(evaluator(sixteen)(snapshot))
    tables = all_rows(snapshot.project)
    assert found.risks
    assert bool(found.gaps) == bool(holes)
    assert sixteen_by_rule(tables).same_as(found)
    rooms, openings = [room for room, *_ in tables.room], [opening for opening, *_ in tables.opening]
    assert sixteen_by_entity(rooms, openings).same_as(found)


@pytest.fixture(scope="module")
def candidates(sixteen: Gate) -> list[str]:
    """Names of all that found the same; that they do is asserted on the way."""
    snapshot = sixteen.snapshot(snapshot_bytes(Size(5, risks=0.2)))
    assert len({rule for rule, _ in findings_of(evaluator(sixteen)(snapshot)).risks}) > 12
    return [*contenders(sixteen, snapshot)]


def test_riskgate_and_the_rules_by_hand_are_always_compared(candidates: list[str]) -> None:
    assert candidates[:3] == [OWN, BY_ENTITY, BY_RULE]


@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_an_engine_that_is_installed_finds_what_riskgate_finds(candidates: list[str], engine: str) -> None:
    pytest.importorskip(MODULES[engine], reason="of the extra `bench`")
    assert engine in candidates


@pytest.mark.parametrize("share", [0.0, 0.05, 0.25, 0.5])
def test_the_asked_share_of_checks_are_risks(share: float) -> None:
    made = chain.faulty(share)
    assert len(made.gate.check(made.data).risks) == share * chain.CHECKED * made.leaves


def test_flats_without_a_passed_test_are_found_by_index_and_by_loop() -> None:
    made = chain.lookup(120)
    snapshot = made.gate.snapshot(made.data)
    found = [ordinal for _, ordinal in findings_of(evaluator(made.gate)(snapshot)).risks]
    assert found == [0, 50, 100]
    assert scaling.without_test(snapshot.project) == scaling.without_test_slowly(snapshot.project) == found


def test_nested_loops_by_hand_decide_three_outcomes() -> None:
    leaf = {"size": 1.0}
    assert scaling.all_large({"l1s": [{"l2s": [leaf]}]}, 2, 0.5) is True
    assert scaling.all_large({"l1s": [{"l2s": [leaf, {}]}]}, 2, 0.5) is None
    assert scaling.all_large({"l1s": [{}, {"l2s": [{}, {"size": 0.1}]}]}, 2, 0.5) is False


def test_check_many_gives_the_reports_of_the_loop_with_one_process_and_with_two(tmp_path: Path) -> None:
    for seed in range(2):
        (tmp_path / f"{seed}.json").write_bytes(snapshot_bytes(Size(3, seed=seed)))
    found = [many.run_variant(name, str(tmp_path), 4) for name in many.LABELS]
    assert len({done.digest for done in found}) == 1
    assert all(done.seconds > 0 for done in found)
    if sys.platform == "linux":
        assert all(done.own for done in found)
        assert [len(done.workers) for done in found] == [0, 0, 2]


@pytest.mark.parametrize("cached", [False, True])
def test_every_start_of_the_command_works(tmp_path: Path, cached: bool) -> None:
    environment = cold._environment(tmp_path)
    if cached and not cold.has_cache(environment):
        pytest.skip("the command has no cache of packs")
    starts = cold._starts(tmp_path, cached=cached)
    assert len({start.key for start in starts}) == len(starts)
    for start in starts:
        cold._candidate((*cold.COMMAND, *start.arguments), environment).run(None)


def a_row(**more: object) -> Row:
    return Row("甲", "a", "on", 0.66, (0.6, 0.71), **more)  # type: ignore[arg-type]  # fields by name


def test_a_row_shows_its_spread_and_its_verdict() -> None:
    assert markdown_table([a_row(target=0.65)]).splitlines()[-1] == (
        "| 甲 | a | on | 0.66 | 0.60–0.71 | ≤ 0.65 | **未达标 / missed** |  |"
    )
    assert a_row(target=0.5, at_least=True).verdict == "met"
    assert Row("甲", "a", "-", 2.0).range == ""


PAGE = """# T
<!-- benchmark facts: begin -->
old
<!-- benchmark facts: end -->
kept
<!-- benchmark table: begin --><!-- benchmark table: end -->
<!-- benchmark plots: begin --><!-- benchmark plots: end -->
"""


def test_a_run_is_written_between_the_markers_and_old_plots_go(tmp_path: Path) -> None:
    (tmp_path / "benchmarks.md").write_text(PAGE, encoding="utf-8")
    (tmp_path / "plots").mkdir()
    (tmp_path / "plots" / "old.svg").write_text("", encoding="utf-8")
    bars = Bars("bars", "柱", "bars", "ns", {"one": 1.0, "two": 2000.0}, own=["one"])
    for _ in range(2):
        write(tmp_path, [("事", "fact"), ("same", "same")], {("节", "section"): [a_row()], ("空", "empty"): []}, [bars])
    text = (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    assert "old" not in text
    assert "empty" not in text
    assert all(
        text.count(part) == 1 for part in ("- 事 / fact", "- same", "kept", "### 节 / section", "plots/bars.svg")
    )
    assert [path.name for path in (tmp_path / "plots").iterdir()] == ["bars.svg"]


def test_a_page_without_markers_is_not_touched(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    page.write_text(PAGE.replace("plots: end", "gone"), encoding="utf-8")
    before = page.read_text(encoding="utf-8")
    with pytest.raises(MarkerError):
        write(tmp_path, [], {}, [])
    assert page.read_text(encoding="utf-8") == before


def test_the_documentation_has_all_markers_and_all_its_plots(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    (tmp_path / "benchmarks.md").write_text(text, encoding="utf-8")
    write(tmp_path, [], {}, [])
    shown = re.findall(r"\(plots/([\w-]+)\.svg\)", text)
    assert sorted(shown) == sorted(path.stem for path in (ROOT / "docs" / "plots").glob("*.svg"))


def test_a_plot_names_its_axes_and_lines_and_has_both_colour_schemes() -> None:
    lines: dict[str, list[tuple[float, ...]]] = {"a < b": [(1.0, 2.0, 1.5, 3.0), (10.0, 300.0)], "c": [(1.0, 2.0)]}
    drawn = svg(Plot("p", "图", "plot & more", "户 / flats", "毫秒 / ms", lines, log=True))  # type: ignore[arg-type]  # points
    texts = {"".join(element.itertext()) for element in ET.fromstring(drawn).iter() if element.tag.endswith("text")}  # noqa: S314 - written by the line above
    assert {"a < b", "c", "户 / flats（对数 / log）", "毫秒 / ms（对数 / log）", "图 / plot & more"} <= texts
    assert "prefers-color-scheme:dark" in drawn

"""The examples give what their README says, and the same report however and whenever they are checked."""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from riskgate import Gate, Report

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples"
FACTS = ROOT.parent / "shared" / "data" / "duplex-facts.json"
EXPECTED: list[dict[str, Any]] = yaml.safe_load((EXAMPLES / "expected.yaml").read_text(encoding="utf-8"))["examples"]
FILES = sorted({str(example["file"]) for example in EXPECTED})
MOMENTS = ("1-drawing-review", "2-eve-of-opening", "3-joint-acceptance")
LONGEST = 3_000_000  # bytes of a committed example


def name_of(example: dict[str, Any]) -> str:
    return f"{example['file']} {' '.join(example['arguments'])}"


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate.load()


def check(gate: Gate, example: dict[str, Any]) -> Report:
    option, node = example["arguments"]
    assert option == "--node"
    return gate.check(EXAMPLES / example["file"], nodes=[node])


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 (our own Python and modules)
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, check=False, encoding="utf-8"
    )


@pytest.mark.parametrize("example", EXPECTED, ids=name_of)
def test_gives_its_documented_outcome(gate: Gate, example: dict[str, Any]) -> None:
    report = check(gate, example)
    node = report.node(example["arguments"][1])
    here = [*node.blocking_risks, *node.other_risks]
    ids = {risk.id for risk in here}
    gaps: Counter[str] = Counter()
    for gap in node.gaps:
        gaps[gap.rule] += gap.count
    assert (report.exit_code, node.status) == (example["exit_code"], example["status"])
    assert Counter(risk.rule for risk in here) == example["risks"]
    assert gaps == example["gaps"]
    if "elsewhere" in example:
        assert Counter(risk.rule for risk in report.risks if risk.id not in ids) == example["elsewhere"]


@pytest.mark.parametrize("file", FILES)
def test_reports_all_nodes_in_the_same_bytes_by_either_engine(gate: Gate, file: str) -> None:
    source = (EXAMPLES / file).read_bytes()
    assert len(source) < LONGEST
    first = gate.check(source).to_json()
    assert [node["code"] for node in json.loads(first)["nodes"]] == [f"N{number:02}" for number in range(1, 69)]
    assert gate.check(source).to_json() == first
    assert gate.check(source, engine="plain").to_json() == first
    if sys.version_info < (3, 13):
        assert gate.check(source, engine="durable").to_json() == first


@pytest.mark.parametrize("file", FILES)
def test_the_order_of_keys_and_items_decides_nothing(gate: Gate, file: str) -> None:
    data = json.loads((EXAMPLES / file).read_bytes())
    data.pop("origins", None)  # names places by pointers, which do move
    straight = json.loads(gate.check(data, all_gaps=True).to_json())
    shuffled = json.loads(gate.check(shuffle(data, Random(68)), all_gaps=True).to_json())  # noqa: S311 (a seed is wanted)
    assert without_places(shuffled) == without_places(straight)


def shuffle(value: Any, rng: Random) -> Any:
    """Keys and lists of entities in another order; a list of plain values is one fact and stays as it is."""
    if isinstance(value, dict):
        items = [(key, shuffle(held, rng)) for key, held in value.items()]
        rng.shuffle(items)
        return dict(items)
    if isinstance(value, list):
        found = [shuffle(item, rng) for item in value]
        if any(isinstance(item, dict) for item in found):
            rng.shuffle(found)
        return found
    return value


def without_places(value: Any) -> Any:
    """A report without what may depend on the order of the input: the hash of its bytes and JSON Pointers."""
    if isinstance(value, dict):
        return {key: without_places(held) for key, held in value.items() if key not in ("sha256", "pointer")}
    if isinstance(value, list):
        return [without_places(item) for item in value]
    return value


def test_committed_snapshots_are_what_the_generator_writes(tmp_path: Path) -> None:
    done = run("-m", "examples.binjiang.make", str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    for moment in MOMENTS:
        assert (tmp_path / f"{moment}.json").read_bytes() == (EXAMPLES / "binjiang" / f"{moment}.json").read_bytes()


@pytest.mark.parametrize("number", range(len(MOMENTS)))
def test_readme_lists_what_is_planted_and_what_is_reported(number: int) -> None:
    text = (EXAMPLES / "binjiang" / "README.md").read_text(encoding="utf-8")
    section = re.split(r"^## ", text, flags=re.MULTILINE)[number + 1]
    source = (EXAMPLES / "binjiang" / f"{('review', 'opening', 'delivery')[number]}_faults.py").read_text(
        encoding="utf-8"
    )
    planted = re.findall(r'^@LEDGER\.(?:fault|gap)\("(.*)"\)$', source, re.MULTILINE)
    listed = section.partition("\n报告 / report\n")[0]
    assert re.findall(r"^- (.*)$", listed, re.MULTILINE) == planted
    (example, *_) = [one for one in EXPECTED if one["file"] == f"binjiang/{MOMENTS[number]}.json"]
    counts = [example[key] for key in ("risks", "gaps", "elsewhere")]
    wanted = sorted(f"{rule} × {count}" for group in counts for rule, count in group.items())
    assert sorted(re.findall(r"[A-Z]{2}-[A-Z]{3}-\w+ × \d+", section)) == wanted


def test_readme_lists_every_command_with_its_exit_code() -> None:
    text = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    for example in EXPECTED:
        command = f"riskgate check examples/{example['file']} {' '.join(example['arguments'])}"
        assert f"| `{command}` | {example['exit_code']} |" in text


def test_check_fails_when_an_exit_code_differs(tmp_path: Path) -> None:
    file = tmp_path / "expected.yaml"
    quick = {"file": "duplex.json", "arguments": ["--node", "N10"]}
    file.write_text(yaml.safe_dump({"examples": [{**quick, "exit_code": 1}]}), encoding="utf-8")
    assert run("examples/check.py", str(file)).returncode == 0
    file.write_text(
        yaml.safe_dump({"examples": [{**quick, "exit_code": 0}, {**quick, "exit_code": 1}]}), encoding="utf-8"
    )
    done = run("examples/check.py", str(file))
    assert done.returncode == 1
    assert done.stdout.endswith("examples: 1 of 2 give their documented exit code\n")


@pytest.mark.skipif(not FACTS.is_file(), reason="the facts of the model are not there")
def test_duplex_says_what_the_model_says() -> None:
    committed = (EXAMPLES / "duplex.json").read_text(encoding="utf-8")
    assert run("-m", "examples.make_duplex", str(FACTS)).stdout == committed
    facts, duplex = json.loads(FACTS.read_bytes()), json.loads(committed)
    building = duplex["project"]["phases"][0]["buildings"][0]
    rooms = {room["id"]: room for unit in building["stair_units"][0]["units"] for room in unit["rooms"]}
    openings = {opening["id"]: (room, opening) for room in rooms.values() for opening in room["openings"]}
    dwelling = {space["name"]: space for space in facts["spaces"] if space["name"][0] in "AB"}
    assert rooms.keys() == dwelling.keys()
    for name, room in rooms.items():
        space = dwelling[name]
        assert (room["usable_area_m2"], room["clear_height_m"]) == (space["area_m2"], space["unbounded_height_m"])
    tied = {item["guid"]: item for item in facts["doors"] + facts["windows"] if item["spaces"]}
    assert openings.keys() == tied.keys()
    for guid, (room, opening) in openings.items():
        assert room["id"] in tied[guid]["spaces"]
        assert opening.get("sill_height_m") == tied[guid].get("sill_height_m")
        assert "clear_width_m" not in opening
    assert "kind" not in rooms["B105"]
    heights = {railing["id"]: railing["clear_height_m"] for railing in building["railings"]}
    assert heights == {railing["guid"]: railing["height_m"] for railing in facts["railings"]}


def test_what_the_reviewer_added_is_named_as_such() -> None:
    duplex = json.loads((EXAMPLES / "duplex.json").read_bytes())
    stated = {pointer for pointer, origin in duplex["origins"].items() if origin.startswith("reviewer's statement")}
    assert len(stated) == 1 + 2 * 10
    assert {pointer.rsplit("/", 1)[1] for pointer in stated} == {
        "design_basis_date",
        "has_guard",
        "has_balcony_outside",
    }
    for pointer, origin in duplex["origins"].items():
        assert origin.startswith("Duplex_A_20110907.ifc") != (pointer in stated)

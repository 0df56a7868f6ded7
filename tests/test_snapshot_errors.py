"""Bad snapshots: every problem is found, and named with its place."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from riskgate.errors import Problem, SnapshotError
from snapshot_vocabulary import READER, encode, good

DATA = Path(__file__).parent / "data" / "snapshot"
BAD: list[dict[str, Any]] = yaml.safe_load((DATA / "bad.yaml").read_text(encoding="utf-8"))

# Python data have no doubled keys, and impossible numbers in them are named before anything else is looked at.
UNSAYABLE = {"doubled-key", "not-a-number", "integer-too-large", "not-json", "empty"}
SAYABLE = [case for case in BAD if not UNSAYABLE & {c for c, _ in case["expect"]} and case.get("document") != "[1]"]


def _document(case: dict[str, Any]) -> str:
    if "document" in case:
        return str(case["document"])
    return f'{{"riskgate": 1, "as_of": "2026-11-20", "project": {case["project"]}}}'


def _problems(source: Any, name: str = "") -> tuple[Problem, ...]:
    with pytest.raises(SnapshotError) as caught:
        READER.read(source, name=name)
    return caught.value.problems


def _summary(problem: Problem) -> tuple[str, str]:
    place = problem.place
    return problem.code, f"{place.line}:{place.column}" if place.pointer is None else place.pointer


@pytest.mark.parametrize("case", BAD, ids=[case["name"] for case in BAD])
def test_every_problem_is_found_with_its_place(case: dict[str, Any]) -> None:
    problems = _problems(_document(case).encode(), name="snapshot.json")
    expect = case.get("expect_from_3_13", case["expect"]) if sys.version_info >= (3, 13) else case["expect"]
    assert sorted(map(_summary, problems)) == sorted((code, place) for code, place in expect)
    text = "\n".join(problem.render("en") for problem in problems)
    for piece in case.get("says", ()):
        assert piece in text
    for problem in problems:
        assert problem.place.file == "snapshot.json"
        assert problem.place.line >= 1
        assert re.search(r"[一-鿿]", problem.message.zh)


@pytest.mark.parametrize("case", SAYABLE, ids=[case["name"] for case in SAYABLE])
def test_python_data_has_the_same_problems_as_its_json(case: dict[str, Any]) -> None:
    data = json.loads(_document(case))
    assert {_summary(problem) for problem in _problems(data)} == {(code, place) for code, place in case["expect"]}


def test_lines_and_columns_are_those_of_an_editor() -> None:
    document = '{\n  "riskgate": 1,\n  "project": {"id": "房", "中": 1,\n    "share": 1,\n    "share": 0.5\n  }\n}'
    (problem,) = _problems(document.encode(), name="a.json")
    assert (problem.code, problem.place.line, problem.place.column) == ("doubled-key", 5, 5)
    document = '{"riskgate": 1,\n"project": {"name": "房",   "share": "x"}}'
    first, second = _problems(b"\xef\xbb\xbf" + document.encode(), name="a.json")
    assert (first.code, first.place.line, first.place.column) == ("missing-field", 2, 12)
    assert (second.code, second.place.line, second.place.column) == ("wrong-type", 2, 37)
    assert second.render("en").startswith("a.json:2:37 /project/share: `share` must be a number")


def test_a_wrong_type_in_the_11000th_room_is_found() -> None:
    data = good()
    rooms = [{"id": f"R{index}", "kind": "kitchen", "net_m2": 4.5} for index in range(12_000)]
    data["project"]["buildings"][0]["units"][0]["rooms"] = rooms
    rooms[10_999]["net_m2"] = "4.5"
    rooms[11_000]["kind"] = "shed"
    source = encode(data)
    first, second = _problems(source)
    start = "/project/buildings/0/units/0/rooms"
    assert (first.code, first.place.pointer) == ("wrong-type", f"{start}/10999/net_m2")
    assert (second.code, second.place.pointer) == ("unknown-value", f"{start}/11000/kind")
    assert source.decode()[first.place.column - 1 :].startswith('"4.5"')


@pytest.mark.parametrize(
    "wrong", ['"1"', "true", "1e999", "-1e999", "NaN", "Infinity", "[]", "{}", "99999999999999999999"]
)
@pytest.mark.parametrize(
    "place",
    [
        '{"id": "P", "share": %s}',
        '{"id": "P", "site": {"slope_pct": %s}}',
        '{"id": "P", "site": {"roads": [{"id": "R", "width_m": %s}]}}',
        '{"id": "P", "buildings": [{"id": "1", "storeys": %s}]}',
        '{"id": "P", "buildings": [{"id": "1", "units": [{"id": "u", "rooms": [{"id": "K", "net_m2": %s}]}]}]}',
        '{"id": "P", "buildings": [{"id": "1", "units": [{"id": "u", "rooms": [{"id": "K", "load": {"live": %s}}]}]}]}',
    ],
)
def test_numbers_are_strict_on_every_level(wrong: str, place: str) -> None:
    (problem,) = _problems(('{"riskgate": 1, "project": ' + place % wrong + "}").encode())
    assert problem.code in ("wrong-type", "not-a-number", "integer-too-large")


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        ('{"riskgate": 1, "project": {"id": "项目"}}'.encode("gb18030"), "not-utf8", "GBK"),
        ('{"riskgate": 1, "project": {"id": "项目"}}'.encode("utf-16"), "not-utf8", "UTF-16"),
        ('{"riskgate": 1, "project": {"id": "P"}}'.encode("utf-16-le"), "not-utf8", "UTF-16"),
        (b'{"riskgate": 1, "project": {"id": "\xff\xff"}}', "not-utf8", "not UTF-8"),
        (b"\xef\xbb\xbf", "empty", "empty"),
        (b'{"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "too-deep", "200"),
        (b'{"x": ' + b"[" * 100_000, "too-deep", "200"),
        (b'{"x": ' + b'{"a":' * 250 + b"1" + b"}" * 251, "too-deep", "200"),
        (b'{"riskgate": ' + b"1" * 5_000 + b"}", "integer-too-large", "64 bits"),
    ],
)
def test_bytes_that_are_no_snapshot_are_named(body: bytes, code: str, said: str) -> None:
    problem = next(problem for problem in _problems(body) if problem.code == code)
    assert said in problem.message.en


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    assert _problems(tmp_path)[0].message.en == "this is a folder, not a snapshot file"
    assert _problems(str(tmp_path / "none.json"))[0].place.file == str(tmp_path / "none.json")
    assert _problems("a\0b")[0].code == "unreadable"
    help_ = _problems('{"riskgate": 1}')[0].help
    assert help_ is not None
    assert "bytes" in help_.en
    file = tmp_path / "项目.json"
    file.write_bytes(encode({"riskgate": 1}))
    assert _problems(file)[0].place.file == str(file)


def test_messages_do_not_carry_control_or_direction_characters() -> None:
    data = good()
    data["project"]["share"] = "\x1b[31m\u202edeR\n" + "x" * 500
    (problem,) = _problems(data)
    text = problem.render("en") + problem.render("zh")
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "x" * 100 not in text


def test_python_data_that_json_cannot_carry_is_named_with_its_place() -> None:
    data = good()
    data["project"]["share"] = float("nan")
    data["project"]["x"] = {1: 2, "set": {1}, "big": 2**64, "half": "\ud800"}
    found = {_summary(problem) for problem in _problems(data)}
    assert found == {
        ("not-a-number", "/project/share"),
        ("not-json", "/project/x/1"),
        ("not-json", "/project/x/set"),
        ("integer-too-large", "/project/x/big"),
        ("not-utf8", "/project/x/half"),
    }
    endless: dict[str, Any] = {"riskgate": 1}
    endless["project"] = endless
    assert {problem.code for problem in _problems(endless)} == {"too-deep"}

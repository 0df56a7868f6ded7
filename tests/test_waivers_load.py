"""Waiver files: what is read, what is refused and where, from YAML and from data alike."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from load_company import MARK, unmark
from riskgate import ChoiceError, Gate, LoadError
from riskgate.address import Pattern, Wrong, escape, parse_pattern
from riskgate.load.waivers import KEYS, REQUIRED, rules_of
from riskgate.waiver import ROLES, approvers_of, reaches
from riskgate.waiver_schema import waiver_json_schema
from waiver_company import DATA, gate, small_rooms, waiver, waivers

GATE = gate()
CASES: list[dict[str, Any]] = yaml.safe_load((DATA / "wrong.yaml").read_text(encoding="utf-8"))
SOUND = {
    "rule": "W-AREA",
    "entity": "'buildings[1]/*'",
    "reason": "agreed",
    "approved_by": "Group",
    "approved_on": "2026-01-01",
    "expires_on": "2026-12-31",
}


def text_of(case: dict[str, Any]) -> str:
    """The file of a case; the waiver as a whole is marked where the code says so."""
    if "file" in case:
        return str(case["file"])
    lines: dict[str, Any] = {**SOUND, **case.get("line", {})}
    lines |= {"entity": case["entity"]} if "entity" in case else {}
    body = "\n    ".join(f"{key}: {value}" for key, value in lines.items() if value is not None)
    return f"waivers:\n  - {MARK if case['code'].endswith('@waiver') else ''}{body}\n"


def problems_of(loaded: Gate, source: Any) -> list[tuple[str, Any]]:
    with pytest.raises(LoadError) as caught:
        loaded.waivers(source)
    assert all(problem.message.zh and problem.message.en for problem in caught.value.problems)
    return [(problem.code, problem.place) for problem in caught.value.problems]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
def test_what_is_wrong_is_said_with_its_place(case: dict[str, Any], tmp_path: Path) -> None:
    text, (spot,) = unmark(text_of(case))
    file = tmp_path / "waivers.yaml"
    file.write_text(text, encoding="utf-8")
    found = [(code, (place.line, place.column)) for code, place in problems_of(GATE, file)]
    expected = (case["code"].removesuffix("@waiver"), spot)
    assert expected in found
    if not case.get("any"):
        assert found == [expected]


def as_data(case: dict[str, Any]) -> Any:
    """The same file as Python data, if it can be one."""
    text, _ = unmark(text_of(case))
    try:
        found = yaml.load(text, yaml.BaseLoader)  # noqa: S506 - texts only
    except yaml.YAMLError:
        return None
    return found if isinstance(found, dict) else None


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES if as_data(case) is not None])
def test_data_has_the_same_problems_with_json_pointers(case: dict[str, Any]) -> None:
    data = as_data(case)
    found = problems_of(GATE, data)
    assert {code for code, _ in found} == {case["code"].removesuffix("@waiver")}
    for _, place in found:
        assert (place.line, place.column) == (0, 0)
        at = data
        for step in (place.pointer or "").split("/")[1:]:
            at = at[int(step)] if isinstance(at, list) else at[step.replace("~1", "/")]


def test_all_problems_of_all_files_come_together(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("waivers: [{rule: W-AERA, entity: bildings, x: 1}]", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("waiver: []", encoding="utf-8")
    found = problems_of(GATE, [tmp_path / "a.yaml", tmp_path / "b.yaml", tmp_path / "c.yaml"])
    codes = [code for code, _ in found]
    assert codes.count("missing-key") == 5
    assert {"unknown-rule", "unknown-address", "unknown-key", "no-such-file"} <= set(codes)
    assert {Path(place.file).name for _, place in found} == {"a.yaml", "b.yaml", "c.yaml"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty-file"),
        ("waivers: []  # 甲".encode("gb18030"), "not-utf8"),
        (b"waivers: []\n" + b"#" * 5_000_001, "file-too-large"),
        (b"waivers: " + b"[" * 100, "too-deep"),
        (b"waivers: !!python/object:os.system []", "tag"),
    ],
)
def test_a_file_that_is_none_is_refused(content: bytes, code: str) -> None:
    assert problems_of(GATE, content)[0][0] == code


@pytest.mark.parametrize("data", [{"waivers": [{"rule": {1}}]}, {"waivers": float("nan")}, {"waivers": "\ud800"}])
def test_data_that_is_no_json_is_refused(data: dict[str, Any]) -> None:
    assert [code for code, _ in problems_of(GATE, data)] == ["not-json"]


def test_a_file_is_read_as_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "here" / "project.yaml"
    file.parent.mkdir()
    text = (
        "approvers: {张三: group}\nwaivers:\n"
        "  - rule: W-AREA\n    entity: ' buildings[%31]/flats[*]/rooms[%2a%2F] '\n    reason: {zh: 甲, en: A}\n"
        "    approved_by: ' 张三 '\n    approved_on: 2026-01-01\n    expires_on: 2026-01-01\n    condition: |\n"
        "      project.is_complete\n      && as_of > date('2026-01-01')\n"
    )
    file.write_text(text, encoding="utf-8")
    ((read,),) = (found.waivers for found in GATE.waivers(file).files)
    assert read.entity.text == "buildings[1]/flats[*]/rooms[%2A%2F]"
    assert (read.reason.zh, read.reason.en, read.approved_by) == ("甲", "A", "张三")
    assert read.condition is not None
    assert read.condition.startswith("project.is_complete")
    assert (read.file, read.line) == ("project.yaml", 3)
    assert str(read.place) == f"{file.as_posix()}:3:5"


def test_dates_and_lists_of_a_caller_are_taken_as_they_are() -> None:
    import datetime as dt  # noqa: PLC0415 - only here

    data = waivers(waiver(approved_on=dt.date(2026, 1, 1), expires_on=dt.date(2026, 2, 1)))
    ((read,),) = (found.waivers for found in GATE.waivers(data).files)
    assert (read.approved_on, read.expires_on) == (dt.date(2026, 1, 1), dt.date(2026, 2, 1))


def test_a_file_named_twice_is_read_once_and_the_order_does_not_matter(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.yaml").write_text(json.dumps(waivers(waiver(reason=name))), encoding="utf-8")
    paths: list[Path | str] = [tmp_path / "b.yaml", tmp_path / "a.yaml", str(tmp_path / "b.yaml")]
    read = GATE.waivers(paths)
    assert [file.name for file in read.files] == ["a.yaml", "b.yaml"]
    assert read == GATE.waivers(paths[:2][::-1])
    assert len(read) == 2


@pytest.mark.parametrize("given", [{"a": "Group"}, {"a": "nobody"}, {"": "group"}, {" ": "group"}, {"a": None}])
def test_approvers_that_make_no_sense_are_refused(given: Any) -> None:
    with pytest.raises(ChoiceError):
        approvers_of(given)
    assert approvers_of({" a ": "group"}) == {"a": "group"}
    assert approvers_of(None) == {}


def test_waivers_that_another_gate_has_read_are_refused() -> None:
    read = GATE.waivers(waivers(waiver()))
    assert GATE.waivers(read) is read
    with pytest.raises(ChoiceError) as caught:
        gate().check(small_rooms(), waivers=read)
    assert [problem.code for problem in caught.value.problems] == ["other-gate"]


def test_nobody_is_reached_by_nobody() -> None:
    assert [role for role in ROLES if reaches(role, "nobody")] == []
    assert [role for role in ROLES if reaches(role, "region")] == ["region", "group"]


# -- addresses

KINDS = list(GATE.library.vocabulary.entities)
IDS = st.text(st.sampled_from("ab1*#[]/%甲 "), min_size=1, max_size=4).filter(str.strip)


@settings(deadline=None)
@given(st.data())
def test_every_address_is_a_pattern_that_covers_itself_alone(data: st.DataObject) -> None:
    vocabulary = GATE.library.vocabulary
    kind = data.draw(st.sampled_from(["building", "flat", "room", "permit", "site", "project"]))
    chain = vocabulary.chains[kind][1:]
    steps = [f"{e.key}[{escape(data.draw(IDS))}]" if e.collection else e.key for e in chain]
    address = "/".join(steps) or "project"
    pattern = parse_pattern(vocabulary, address)
    assert isinstance(pattern, Pattern)
    assert (pattern.text, pattern.kind, pattern.below) == (address, kind, False)
    assert pattern.form.key(steps) == pattern.key
    assert [other for other in KINDS if pattern.may_cover(vocabulary, other)] == [kind]
    below = parse_pattern(vocabulary, "*" if kind == "project" else f"{address}/*")
    assert isinstance(below, Pattern)
    assert below.form.key(steps) is None
    assert below.form.key([*steps, "rooms[x]"]) == below.form.key([*steps, "rooms[x]", "y"]) == below.key
    assert {e.name for e in vocabulary.subtree(kind)} - {kind} == {k for k in KINDS if below.may_cover(vocabulary, k)}


@settings(deadline=None)
@given(st.text(st.sampled_from("buildings[]/*#%1 flatsroomK"), max_size=30))
def test_any_other_text_is_refused_in_words(text: str) -> None:
    found = parse_pattern(GATE.library.vocabulary, text)
    if isinstance(found, Wrong):
        assert found.message.zh
        assert 0 <= found.offset <= len(text)
    else:
        again = parse_pattern(GATE.library.vocabulary, found.text)
        assert again == found


# -- the schema for editors

SCHEMA = jsonschema.Draft202012Validator(waiver_json_schema(rules_of(GATE.library).values()))


def test_the_schema_is_a_schema_and_accepts_what_is_read() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA.schema)
    listed = waiver_json_schema(rules_of(GATE.library).values())["properties"]["waivers"]["items"]
    assert (set(listed["properties"]), set(listed["required"])) == (set(KEYS), set(REQUIRED))
    data = waivers(waiver(), waiver("W-PRJ", "project", reason={"zh": "甲", "en": "A"}, condition="true"), a="group")
    GATE.waivers(data)
    SCHEMA.validate(data)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"waivers": {}},
        {"waivers": [], "approver": {}},
        waivers(a="nobody"),
        waivers(waiver("W-AERA")),
        waivers(waiver(reason=" ")),
        waivers(waiver(reasons="x")),
        waivers(waiver(expires_on="soon")),
        waivers({key: value for key, value in waiver().items() if key != "approved_by"}),
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(data: dict[str, Any]) -> None:
    assert not SCHEMA.is_valid(data)
    problems_of(GATE, data)

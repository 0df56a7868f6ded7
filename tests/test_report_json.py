"""The report as JSON: what it is read back as, what its schema accepts and refuses."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from fixed_report import REPORTS, fixed_report
from riskgate.errors import ReportError
from riskgate.report import Report
from riskgate.report_read import read_report
from riskgate.report_schema import report_json_schema

GOLDEN = Path(__file__).parent / "golden"
SCHEMA = jsonschema.Draft202012Validator(report_json_schema())


@pytest.mark.parametrize("name", REPORTS)
def test_reading_and_writing_gives_the_same_bytes(name: str) -> None:
    data = REPORTS[name]().to_json()
    assert Report.from_json(data).to_json() == data
    assert read_report(data.decode()).to_json() == data


def test_the_json_is_the_golden_file() -> None:
    assert fixed_report().to_json() == (GOLDEN / "fixed.json").read_bytes()


@pytest.mark.parametrize("name", REPORTS)
def test_the_schema_accepts_every_report(name: str) -> None:
    SCHEMA.validate(json.loads(REPORTS[name]().to_json()))


def test_the_schema_is_itself_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(report_json_schema())


def test_the_schema_knows_every_key() -> None:
    """An optional key would let a misspelt one pass: all but the origin of evidence are required."""
    schema = report_json_schema()
    for definition in (schema, *schema["$defs"].values()):
        optional = set(definition["properties"]) - set(definition["required"])
        assert optional <= {"origin"}
        assert definition["additionalProperties"] is False


def set_at(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(report: dict[str, Any]) -> None:
        *way, last = [int(step) if step.isdigit() else step for step in path.split("/")]
        at: Any = report
        for step in way:
            at = at[step]
        at[last] = value

    return change


MUTATIONS = {
    "a verdict that does not exist": set_at("verdict", "passed"),
    "an exit code that is no answer": set_at("exit_code", 2),
    "another version": set_at("report", 2),
    "a text where a number belongs": set_at("nodes/0/rules", "3"),
    "a boolean where a number belongs": set_at("nodes/0/checked", True),
    "a further key": set_at("risks/0/colour", "red"),
    "a misspelt severity": set_at("risks/0/severity", "Blocking"),
    "a language missing": set_at("risks/0/message", {"zh": "甲"}),
    "a date that is none": set_at("as_of", "20.11.2026"),
    "a gap at no place": set_at("gaps/0/count", 0),
    "an id that is none": set_at("nodes/1/blocking_risks/0", "xyz"),
    "a hash that is none": set_at("snapshot/sha256", "ab"),
    "a list turned into a text": set_at("selection/nodes", "brief"),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_schema_and_reader_refuse_what_is_no_report(name: str) -> None:
    shape = json.loads(fixed_report().to_json())
    MUTATIONS[name](shape)
    assert not SCHEMA.is_valid(shape)
    with pytest.raises(ReportError) as caught:
        read_report(json.dumps(shape))
    assert caught.value.problems[0].place.pointer


CONTRADICTIONS = {
    "a node that names a risk which is not there": (set_at("nodes/1/blocking_risks/0", "0" * 16), "unknown-name"),
    "a risk of a rule which is not there": (set_at("risks/0/rule", "DR-KIT-002"), "unknown-name"),
    "a chosen node which is not there": (set_at("selection/nodes", ["brief", "brief2"]), "unknown-name"),
    "a risk moved to another entity": (set_at("risks/0/entity/address", "phases[2]"), "changed"),
    "a gap with other missing paths": (set_at("gaps/0/missing", ["room.kind"]), "changed"),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_a_report_that_contradicts_itself_is_refused(name: str) -> None:
    change, code = CONTRADICTIONS[name]
    shape = json.loads(fixed_report().to_json())
    change(shape)
    with pytest.raises(ReportError) as caught:
        read_report(json.dumps(shape))
    assert code in {problem.code for problem in caught.value.problems}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not-json"),
        (b"{", "not-json"),
        (b"\xb9\xfa", "not-utf8"),
        (b'{"a": 1, "a": 2}', "doubled-key"),
        (b'{"a": NaN}', "not-json"),
        (b'{"a": 1e999}', "not-json"),
        (b'{"a": 99999999999999999999}', "not-json"),
        (b"[" * 100_000, "too-deep"),
        (b"[]", "not-a-report"),
        (b"null", "not-a-report"),
    ],
)
def test_what_is_no_json_object_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(ReportError) as caught:
        read_report(data)
    assert caught.value.problems[0].code == code


def test_all_that_is_wrong_is_named_at_once() -> None:
    shape = json.loads(fixed_report().to_json())
    for name in ("a verdict that does not exist", "a text where a number belongs", "a further key"):
        MUTATIONS[name](shape)
    with pytest.raises(ReportError) as caught:
        read_report(json.dumps(shape))
    assert {p.place.pointer for p in caught.value.problems} == {"/verdict", "/nodes/0/rules", "/risks/0/colour"}


def test_a_report_that_was_read_answers_as_the_first_one() -> None:
    first = fixed_report()
    again = read_report(first.to_json())
    assert again.node("N10").blocking_risks[0].message == first.node("N10").blocking_risks[0].message
    assert [risk.id for risk in again.under("phases[1]/buildings[3]")] == [
        risk.id for risk in first.under("phases[1]/buildings[3]")
    ]
    assert again.by_owner().keys() == first.by_owner().keys()

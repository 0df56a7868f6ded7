"""The JSON Schema of a snapshot agrees with the reader."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from riskgate.errors import SnapshotError
from riskgate.snapshot import json_schema
from snapshot_vocabulary import LIFECYCLE, READER, VOCABULARY, encode, good

SCHEMA = json_schema(VOCABULARY, LIFECYCLE)
VALIDATOR = Draft202012Validator(SCHEMA)
BAD = yaml.safe_load((Path(__file__).parent / "data" / "snapshot" / "bad.yaml").read_text(encoding="utf-8"))
BEYOND_SCHEMA = {
    "repeated-id",
    "dangling-reference",
    "bad-pointer",
    "repeated-pointer",
    "bad-offset",
    "not-json",
    "empty",
}
BEYOND_SCHEMA |= {"doubled-key", "not-a-number", "integer-too-large", "bad-datetime", "bad-date"}
SAYABLE = [
    case
    for case in BAD
    if not BEYOND_SCHEMA & {code for code, _ in case["expect"]} and "3.0" not in case.get("project", "")
]
FIELDS = [(entity.name, field.name) for entity in VOCABULARY.order for field in entity.fields.values()]

VALUES = [
    *(None, True, 0, 3, -1, 0.5, 1e9, "x", "0803", "kitchen", "N10", "opening", "design"),
    *("2026-01-02", "2026-01-02T03:04:05Z", [], ["kitchen"], ["0803"], ["design"], [None], [3]),
    *({}, {"live": 3}, {"live": "3"}),
]


def test_it_is_a_valid_schema_with_a_definition_for_each_type() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert set(VOCABULARY.entities) <= set(SCHEMA["$defs"])
    room = SCHEMA["$defs"]["room"]
    assert room["title"] == "房间 / room"
    assert room["properties"]["net_m2"]["description"] == "单位 / unit: m2"
    assert "kitchen: 厨房 / Kitchen" in room["properties"]["kind"]["description"]


def test_a_good_snapshot_is_valid() -> None:
    assert list(VALIDATOR.iter_errors(good())) == []


@pytest.mark.parametrize("case", SAYABLE, ids=[case["name"] for case in SAYABLE])
def test_bad_types_and_values_are_invalid(case: dict[str, Any]) -> None:
    document = case.get("document") or f'{{"riskgate": 1, "project": {case["project"]}}}'
    assert list(VALIDATOR.iter_errors(yaml.safe_load(document)))


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(FIELDS),
    st.sampled_from(VALUES),
)
def test_the_schema_accepts_a_value_exactly_where_the_reader_does(place: tuple[str, str], value: Any) -> None:
    name, field = place
    spec = VOCABULARY.entities[name].fields.get(field)
    # to JSON Schema 1e9 is an integer; the reader asks for one that is written so
    assume(not (spec is not None and spec.type == "integer" and isinstance(value, float) and value.is_integer()))
    data = good()
    entity = data["project"]
    for kind in VOCABULARY.chains[name][1:]:
        entity = entity[kind.key][0] if kind.collection else entity[kind.key]
    entity[field] = value
    try:
        READER.read(encode(data))
        codes = set()
    except SnapshotError as error:
        codes = {problem.code for problem in error.problems}
    codes -= {"dangling-reference", "repeated-id", "bad-offset"}
    assert bool(list(VALIDATOR.iter_errors(data))) == bool(codes)

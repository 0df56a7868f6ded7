"""The schemas that `riskgate schema` prints agree with what riskgate reads."""

import copy
import json
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
import yaml
from click.testing import CliRunner

from riskgate.cli.main import COMMAND
from riskgate.load import derives, fields, packs, rules, scope
from riskgate.vocabulary import FieldType

ROOT = Path(__file__).parent.parent
COMPANY = ROOT / "tests" / "scenarios" / "company"


def schema(kind: str, *arguments: str) -> dict[str, Any]:
    told = CliRunner().invoke(COMMAND, ["schema", kind, *arguments])
    assert told.exit_code == 0, told.stderr
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def company_pack() -> dict[str, Any]:
    plain = yaml.safe_load((COMPANY / "kitchens.yaml").read_text(encoding="utf-8"))
    found: dict[str, Any] = plain
    return found


@pytest.fixture(scope="module")
def pack() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema("pack", "--packs", str(COMPANY)))


@pytest.mark.parametrize("kind", ["snapshot", "pack", "report"])
def test_each_is_a_schema(kind: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(kind, "--packs", str(COMPANY)))


def test_the_pack_schema_accepts_a_pack(pack: jsonschema.Draft202012Validator) -> None:
    pack.validate(company_pack())


class Texts(yaml.SafeLoader):
    """YAML with dates as the texts that riskgate takes them for."""


Texts.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith("timestamp")]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def test_the_pack_schema_accepts_every_bundled_pack() -> None:
    bundled = jsonschema.Draft202012Validator(schema("pack"))
    files = sorted(file for head in (ROOT / "rules").glob("*/pack.yaml") for file in head.parent.glob("*.yaml"))
    for file in files:
        shape = yaml.load(file.read_text(encoding="utf-8"), Texts)  # noqa: S506 - a safe loader
        wrong = [f"{file}{error.json_path}: {error.message[:200]}" for error in bundled.iter_errors(shape)]
        assert not wrong


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("rules", 0, "requires"), "true"),
        (("rules", 0, "severity"), "grave"),
        (("rules", 0, "entity"), "roof"),
        (("rules", 0, "nodes"), ["K9"]),
        (("rules", 0, "nodes"), []),
        (("rules", 0, "owners"), ["desing"]),
        (("rules", 0, "customer_sensitivity"), 6),
        (("rules", 0, "message"), {"zh": "甲"}),
        (("rules", 0, "sources", 0, "ref"), "GB2"),
        (("rules", 0, "cases", 0, "expect"), "passes"),
        (("rules", 0, "cases", 0, "roof"), {}),
        (("parameters", "min_area", "type"), "float"),
        (("rule",), []),
        (("rules",), []),
        (("pack",), "two words"),
        (("version",), ""),
        (("rules", 0, "id"), "K 1"),
        (("rules", 0, "title"), " "),
        (("rules", 0, "remedy"), {"zh": "", "en": ""}),
        (("rules", 0, "require"), ""),
        (("rules", 0, "values"), {"params": "1"}),
        (("rules", 0, "cases", 0, "room"), {"aera": 3}),
        (("rules", 0, "cases", 0, "as_of"), "2026-13-01"),
        (("parameters", "min_area", "default"), "3.5"),
        (("parameters",), {"min-area": {"type": "number", "default": 1}}),
        (("parameters",), {"min_area": {"type": "string", "default": None}}),
        (("parameters",), {"min_area": {"type": "enum", "values": {"a": "甲"}, "default": {"a": 1}}}),
        (("rules", 0, "cases", 0, "params"), {"min-area": 1}),
        (("rules", 0, "cases", 0, "params"), {"min_area": {"value": 1}}),
        (("rules", 0, "cases", 0, "params"), {"min_area": None}),
    ],
)
def test_the_pack_schema_refuses_what_the_loader_refuses(
    pack: jsonschema.Draft202012Validator, path: tuple[str | int, ...], value: Any
) -> None:
    shape = copy.deepcopy(company_pack())
    at: Any = shape
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    assert not pack.is_valid(shape)


@pytest.mark.parametrize("missing", ["pack", "version", "title"])
def test_the_pack_schema_wants_the_whole_head(pack: jsonschema.Draft202012Validator, missing: str) -> None:
    shape = company_pack()
    del shape[missing]
    assert not pack.is_valid(shape)
    assert pack.is_valid({"rules": shape["rules"]})  # a file beside the head


def test_the_pack_schema_has_the_keys_of_the_loader() -> None:
    found = schema("pack", "--packs", str(COMPANY))
    definitions = found["$defs"]
    assert set(found["properties"]) == set(packs.HEAD_KEYS)
    assert set(definitions["rule"]["properties"]) == set(rules.KEYS)
    assert set(definitions["rule"]["required"]) == set(rules.REQUIRED)
    assert set(definitions["derive"]["properties"]) == set(derives.KEYS)
    assert set(definitions["derive"]["required"]) == set(derives.REQUIRED)
    assert set(definitions["derive"]["properties"]["conclude"]["properties"]) == set(derives.CONCLUDE)
    assert set(scope.CASE_KEYS) <= set(definitions["rule"]["properties"]["cases"]["items"]["properties"])
    assert definitions["field"]["properties"]["type"]["enum"] == list(get_args(FieldType))
    extra = {key for keys in fields.EXTRA.values() for key in keys}
    assert set(definitions["field"]["properties"]) == {*fields.COMMON, *extra}


def test_the_snapshot_schema_accepts_what_is_checked_and_refuses_a_wrong_type() -> None:
    snapshot = jsonschema.Draft202012Validator(schema("snapshot", "--packs", str(COMPANY)))
    shape = json.loads((COMPANY.parent / "company.json").read_text(encoding="utf-8"))
    snapshot.validate(shape)
    shape["project"]["flats"][0]["rooms"][0]["area"] = "3.2"
    assert not snapshot.is_valid(shape)

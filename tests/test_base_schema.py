"""The schemas of lifecycle, vocabulary and references agree with what the loader reads; modelines lead to schemas."""

import copy
import json
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from click.testing import CliRunner

from riskgate.base_schema import lifecycle_json_schema, references_json_schema, vocabulary_json_schema
from riskgate.cli.main import COMMAND
from riskgate.cli.schema import KINDS
from riskgate.gate import Gate
from riskgate.load import fields, lifecycle, vocabulary
from test_cli_schema import Texts

ROOT = Path(__file__).parent.parent
FOLDERS = [ROOT / "rules", ROOT / "tests" / "scenarios" / "company"]
SCHEMAS = {
    "lifecycle": lifecycle_json_schema(),
    "vocabulary": vocabulary_json_schema(),
    "references": references_json_schema(),
}


def content(folder: Path, kind: str) -> Any:
    return yaml.load((folder / f"{kind}.yaml").read_text(encoding="utf-8"), Texts)  # noqa: S506 - a safe loader


@pytest.mark.parametrize("kind", SCHEMAS)
def test_it_is_a_schema_and_the_command_prints_it(kind: str) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[kind])
    told = CliRunner().invoke(COMMAND, ["schema", kind, "--packs", "nowhere"])
    assert told.exit_code == 0
    assert json.loads(told.stdout) == SCHEMAS[kind]


@pytest.mark.parametrize("kind", SCHEMAS)
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_it_accepts_what_the_loader_reads(kind: str, folder: Path) -> None:
    errors = jsonschema.Draft202012Validator(SCHEMAS[kind]).iter_errors(content(folder, kind))
    assert not [f"{error.json_path}: {error.message[:200]}" for error in errors]


def test_it_has_the_keys_of_the_loader_and_no_others() -> None:
    assert set(SCHEMAS["lifecycle"]["properties"]) == set(lifecycle.HEAD)
    nodes = SCHEMAS["lifecycle"]["properties"]["nodes"]["items"]["properties"]
    assert set(nodes) == set(lifecycle.NODE_KEYS)
    assert set(SCHEMAS["vocabulary"]["properties"]) == set(vocabulary.KEYS)
    entity = SCHEMAS["vocabulary"]["properties"]["entities"]["additionalProperties"]["properties"]
    assert set(entity) == set(vocabulary.ENTITY_KEYS)
    assert set(SCHEMAS["vocabulary"]["properties"]["roles"]["properties"]) == {*vocabulary.ROLES, vocabulary.FLOOR}
    known = {*fields.COMMON, *(key for keys in fields.EXTRA.values() for key in keys)}
    assert set(SCHEMAS["vocabulary"]["$defs"]["field"]["properties"]) == known


def blocks(kind: str) -> list[str]:
    text = (ROOT / "docs" / "editor.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


MODELINE = re.compile(r"\A# yaml-language-server: \$schema=(\S+)$", re.MULTILINE)


def test_the_modeline_of_the_documentation_leads_to_a_schema_that_accepts_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commands of the page are run, its modeline is put before a real pack, and both readers take the pack."""
    shutil.copytree(FOLDERS[1], tmp_path / "rules")
    (tmp_path / "schema").mkdir()
    monkeypatch.chdir(tmp_path)
    for line in blocks("sh")[0].splitlines():
        command, _, target = line.partition(" > ")
        told = CliRunner().invoke(COMMAND, shlex.split(command)[1:])
        assert told.exit_code == 0, told.stderr
        (tmp_path / target).write_text(told.stdout, encoding="utf-8")
    (example,) = blocks("yaml")
    modeline = example.splitlines()[0]
    pack = tmp_path / "rules" / "kitchens.yaml"
    pack.write_text(f"{modeline}\n{pack.read_text(encoding='utf-8')}", encoding="utf-8")
    Gate.load("rules")
    found = MODELINE.match(pack.read_text(encoding="utf-8"))
    assert found is not None
    schema = json.loads((pack.parent / found[1]).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(content(pack.parent, "kitchens"))
    jsonschema.Draft202012Validator(schema).validate({**yaml.load(example, Texts)})  # noqa: S506 - a safe loader
    (settings,) = blocks("jsonc")
    named = [*json.loads(settings)["yaml.schemas"], json.loads(settings)["json.schemas"][0]["url"]]
    assert all((tmp_path / name).exists() for name in named)


WRONG: dict[str, tuple[str, list[str | int], Any]] = {
    "a misspelt key of a node": ("lifecycle", ["nodes", 0, "titel"], "x"),
    "a key node that is a text": ("lifecycle", ["nodes", 0, "key"], "ja"),
    "no nodes": ("lifecycle", ["nodes"], []),
    "a title in one language": ("lifecycle", ["stages", 0, "title"], {"zh": "甲"}),
    "a field without a type": ("vocabulary", ["entities", "room", "fields", "area"], {"unit": "m2"}),
    "an unknown type": ("vocabulary", ["entities", "room", "fields", "area", "type"], "float"),
    "an enum without values": ("vocabulary", ["entities", "room", "fields", "kind"], {"type": "enum"}),
    "a list and a single": ("vocabulary", ["entities", "room", "single"], "room"),
    "an unknown role": ("vocabulary", ["roles"], {"house": "flat"}),
    "a source without a title": ("references", ["sources", 0], {"ref": "GB2"}),
}


@pytest.mark.parametrize("name", WRONG)
def test_it_refuses_what_the_loader_refuses(name: str) -> None:
    kind, path, value = WRONG[name]
    shape = copy.deepcopy(content(FOLDERS[1], kind))
    *way, last = path
    at = shape
    for step in way:
        at = at[step]
    at[last] = value
    assert not jsonschema.Draft202012Validator(SCHEMAS[kind]).is_valid(shape)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_printed(kind: str) -> None:
    told = CliRunner().invoke(COMMAND, ["schema", kind, "--packs", str(FOLDERS[1])])
    assert told.exit_code == 0, told.stderr
    assert json.loads(told.stdout)["$schema"] == "https://json-schema.org/draft/2020-12/schema"

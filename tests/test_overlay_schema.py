"""The JSON Schema of overlays agrees with the loader: what one refuses by its shape, the other does too."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from click.testing import CliRunner

from load_company import unmark
from riskgate import Gate
from riskgate.cli.main import COMMAND
from riskgate.load import overlay

DATA = Path(__file__).parent / "data" / "overlays"
UNREADABLE: dict[str, dict[str, Any]] = yaml.safe_load((DATA / "unreadable.yaml").read_text(encoding="utf-8"))
REFUSED: dict[str, dict[str, Any]] = yaml.safe_load((DATA / "refused.yaml").read_text(encoding="utf-8"))
SHAPELESS = (
    "nothing in its parts",
    "a parameter set twice",
    "a date that does not exist",
    "disabled and changed",
    "nothing said of a rule",
    "a rule of its own with an id that is taken",
    "a rule of its own that does not compile",
    "a field that exists with another type",
)
"""What only the loader can tell."""


class Texts(yaml.SafeLoader):
    """Dates stay texts, as riskgate reads them."""


Texts.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def shape(text: str) -> Any:
    return yaml.load(text, Texts)  # noqa: S506 - a safe loader


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    told = CliRunner().invoke(COMMAND, ["schema", "overlay", "--packs", str(DATA / "rules"), "--no-config"])
    assert told.exit_code == 0, told.stderr
    found: dict[str, Any] = json.loads(told.stdout)
    return found


@pytest.fixture(scope="module")
def validator(schema: dict[str, Any]) -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_it_has_the_keys_of_the_loader(schema: dict[str, Any]) -> None:
    assert set(schema["properties"]) == set(overlay.KEYS)
    for change in schema["properties"]["rules"]["properties"].values():
        assert set(change["properties"]) == set(overlay.RULE_KEYS)


def test_it_knows_the_parameters_and_rules_of_the_packs(schema: dict[str, Any]) -> None:
    library = Gate.load(DATA / "rules").library
    names = {name for _, name in library.parameters}
    assert set(schema["properties"]["parameters"]["properties"]) == names | {f"rooms.{name}" for name in names}
    ids = {rule.id for rule in library.packs[0].rules} | {rule.id for rule in library.packs[0].derives}
    assert set(schema["properties"]["rules"]["properties"]) == ids


@pytest.mark.parametrize("name", [name for name in REFUSED if not name.startswith("own rules")])
def test_it_accepts_whatever_can_be_read(name: str, validator: jsonschema.Draft202012Validator) -> None:
    """Whether a level may say so, no schema can tell."""
    for level in ("group", "region", "project"):
        if level in REFUSED[name]:
            validator.validate(shape(f"overlay: a\nlevel: {level}\n{unmark(REFUSED[name][level])[0]}\n"))


@pytest.mark.parametrize("name", [name for name in UNREADABLE if name not in SHAPELESS and name != "a tab"])
def test_it_refuses_what_the_loader_refuses(name: str, validator: jsonschema.Draft202012Validator) -> None:
    assert not validator.is_valid(shape(unmark(UNREADABLE[name]["text"])[0]))


def test_what_only_the_loader_can_tell_is_listed_rightly(validator: jsonschema.Draft202012Validator) -> None:
    for name in SHAPELESS:
        assert validator.is_valid(shape(unmark(UNREADABLE[name]["text"])[0])), name

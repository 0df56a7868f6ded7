"""docs/cli.md speaks of every command and every option, and shows what is really printed."""

import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from riskgate.cli.commands import LazyGroup
from riskgate.cli.main import COMMAND

ROOT = Path(__file__).parent.parent
DOCS = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")


def sections() -> dict[str, str]:
    parts = re.split(r"^## `riskgate (\w+)[^`]*`$", DOCS, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def command(name: str) -> click.Command:
    found = COMMAND.get_command(click.Context(COMMAND), name)
    assert found is not None
    return found


def options(of: click.Command) -> set[str]:
    """The long names of the options of a command and of the commands below it."""
    below = [made[1]() for made in of.makers.values()] if isinstance(of, LazyGroup) and of.name != COMMAND.name else []
    return own(of).union(*map(options, below))


def own(of: click.Command) -> set[str]:
    given = (parameter for parameter in of.params if isinstance(parameter, click.Option))
    return {name for parameter in given for name in parameter.opts if name.startswith("--")}


COMMON = options(command("schema"))
"""The command without options of its own."""


def test_every_command_has_its_section_in_the_order_of_the_help() -> None:
    assert list(sections()) == list(COMMAND.makers)


@pytest.mark.parametrize("name", COMMAND.makers)
def test_every_option_is_in_the_section_of_its_command(name: str) -> None:
    named = set(re.findall(r"`(--[a-z-]+)", sections()[name]))
    assert options(command(name)) - COMMON <= named


@pytest.mark.parametrize("name", COMMAND.makers)
def test_no_option_is_documented_that_does_not_exist(name: str) -> None:
    named = set(re.findall(r"`(--[a-z-]+)", sections()[name]))
    assert named <= options(command(name))


def test_the_options_of_every_command_are_in_one_place() -> None:
    common = DOCS[DOCS.index("## Options of every command") : DOCS.index("## Exit codes")]
    for name in COMMON | options(COMMAND) | {"--help"}:
        assert f"`{name}" in common or f"riskgate {name}" in common


@pytest.mark.parametrize("name", COMMAND.makers)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_help_of_every_command_names_its_options_in_the_language(name: str, lang: str) -> None:
    told = CliRunner().invoke(COMMAND, [name, "--help", "--lang", lang])
    assert told.exit_code == 0
    for option in own(command(name)):
        assert option in told.stdout
    words = [text for parameter in command(name).params if (text := getattr(parameter, "text", None))]
    assert words
    for text in words:
        assert text.to(lang)[:10] in told.stdout


def examples() -> list[tuple[str, str]]:
    return re.findall(r"^    \$ riskgate (.*)\n    (.*)$", DOCS, flags=re.MULTILINE)


@pytest.mark.parametrize(("line", "printed"), examples())
def test_examples_print_what_they_show(line: str, printed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "tests" / "scenarios")
    told = CliRunner().invoke(COMMAND, shlex.split(line))
    assert told.stdout.strip() == printed


def test_there_are_examples() -> None:
    assert len(examples()) >= 2

"""Completion: what is offered, and that real shells offer it when somebody presses Tab."""

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.shell_completion import get_completion_class
from click.testing import CliRunner

from riskgate.cli.completing import SHELLS, VARIABLE
from riskgate.cli.main import COMMAND
from riskgate.cli.session import Session
from test_cli import COMPANY

PACKS = ["--packs", str(COMPANY)]


def offered(*words: str, incomplete: str = "") -> list[str]:
    """What is offered behind these words, as `kind value` for files and folders, else the value."""
    kind = get_completion_class("bash")
    assert kind is not None
    made = kind(COMMAND, {"obj": Session()}, "riskgate", VARIABLE)
    items = made.get_completions(list(words), incomplete)
    return [item.value if item.type == "plain" else f"<{item.type}>" for item in items]


OFFERS: dict[str, tuple[list[str], str, list[str]]] = {
    "commands": ([], "ch", ["check"]),
    "options": (["check"], "--ba", ["--baseline"]),
    "nodes by code and by id": (
        ["check", *PACKS, "--node"],
        "",
        ["K1", "brief", "K2", "drawings", "K3", "works", "K4", "handover"],
    ),
    "a node": (["check", *PACKS, "--node"], "dr", ["drawings"]),
    "a node of another command": (["rules", *PACKS, "--node"], "K1", ["K1"]),
    "rules and nodes": (["explain", *PACKS], "K-", ["K-AREA", "K-NAME"]),
    "a parameter to set": (["check", *PACKS, "--set"], "m", ["min_area="]),
    "themes": (["rules", *PACKS, "--theme"], "", ["comfort"]),
    "packs by name": (["rules", *PACKS, "--pack"], "", ["kitchens"]),
    "entity types": (["rules", *PACKS, "--entity"], "r", ["room"]),
    "severities": (["rules", "--severity"], "m", ["major", "minor"]),
    "formats": (["check", "--format"], "j", ["json", "junit"]),
    "languages": (["check", "--lang"], "", ["zh", "en"]),
    "kinds of schemas": (["schema"], "o", ["overlay"]),
    "shells": (["completion"], "", list(SHELLS)),
    "a snapshot": (["check"], "", ["<file>"]),
    "two reports": (["diff", "a.json"], "", ["<file>"]),
    "an output": (["check", "--output"], "", ["<file>"]),
    "a baseline": (["check", "--baseline"], "", ["<file>"]),
    "packs by path": (["check", "--packs"], "", ["<file>"]),
    "the bundled packs": (["check", "--packs"], "bun", ["bundled"]),
    "a folder": (["docs"], "", ["<dir>"]),
    "an address": (["eval", "x", "--entity"], "", []),
    "an expression": (["eval"], "", []),
    "packs that are not there": (["explain", "--packs", "nowhere"], "K", []),
}


@pytest.mark.parametrize("name", OFFERS)
def test_what_is_offered(name: str) -> None:
    words, incomplete, expected = OFFERS[name]
    assert [item for item in offered(*words, incomplete=incomplete) if item.startswith((incomplete, "<"))] == expected


def test_every_command_can_be_completed() -> None:
    for name in COMMAND.makers:
        assert "--lang" in offered(name, incomplete="--l")


def test_titles_are_in_the_language_of_the_run() -> None:
    kind = get_completion_class("zsh")
    assert kind is not None
    made = kind(COMMAND, {"obj": Session("zh")}, "riskgate", VARIABLE)
    (item,) = made.get_completions(["check", *PACKS, "--node"], "K2")
    assert item.help == "图纸评审"


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_is_printed(shell: str) -> None:
    told = CliRunner().invoke(COMMAND, ["completion", shell])
    assert told.exit_code == 0
    assert f"{VARIABLE}={shell}_complete" in told.stdout.replace("env ", "")
    assert told.stderr == ""


def test_a_shell_that_is_not_known() -> None:
    told = CliRunner().invoke(COMMAND, ["completion", "tcsh", "--lang", "en"])
    assert told.exit_code == 2
    assert "`tcsh` is no value of completion" in told.stderr


# -- real shells


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A folder with `riskgate` on the path, the three scripts, and a file to complete."""
    command = tmp_path / "bin" / "riskgate"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m riskgate.cli.main "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    for shell in SHELLS:
        told = CliRunner().invoke(COMMAND, ["completion", shell])
        (tmp_path / f"riskgate.{shell}").write_text(told.stdout, encoding="utf-8")
    shutil.copytree(COMPANY, tmp_path / "company")
    (tmp_path / "snapshot-of-home.json").write_text("{}", encoding="utf-8")
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "PYTHONPATH") if name in os.environ}
    return kept | {
        "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "TERM": "dumb",
        "LC_ALL": "C.UTF-8",
        "PWD": str(tmp_path),
    }


def in_shell(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - a shell that we test
        command, env=environment, cwd=environment["HOME"], capture_output=True, text=True, check=True
    )


def needs(shell: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(shell) is None, reason=f"needs {shell}")


@needs("bash")
def test_bash_function(environment: dict[str, str]) -> None:
    script = """
        source riskgate.bash
        COMP_WORDS=(riskgate explain --packs company K-) COMP_CWORD=4
        _riskgate_completion riskgate
        printf '%s\\n' "${COMPREPLY[@]}"
    """
    done = in_shell(["bash", "--norc", "-c", script], environment)
    assert done.stdout.split() == ["K-AREA", "K-NAME"]
    assert done.stderr == ""


def typed(command: list[str], environment: dict[str, str], lines: list[tuple[str, str]]) -> str:
    """Type lines into an interactive shell, each when the pattern before it has appeared; give the whole screen."""
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(environment["HOME"])
        os.execvpe(command[0], command, environment)  # noqa: S606 - a shell that we test
    screen = b""
    try:
        for pattern, line in [*lines, ("DONE-4", "")]:
            start, end = len(screen), time.monotonic() + 60
            while not re.search(pattern.encode(), screen[start:]):
                assert time.monotonic() < end, screen.decode(errors="replace")
                if select.select([terminal], [], [], 0.2)[0]:
                    try:
                        screen += os.read(terminal, 4096)
                    except OSError:  # the shell ended
                        return screen.decode(errors="replace")
            os.write(terminal, line.encode())
    finally:
        os.close(terminal)
        os.waitpid(process, 0)
    return screen.decode(errors="replace")


@needs("bash")
def test_tab_in_bash(environment: dict[str, str]) -> None:
    """Tab completes a command, a rule id and a file name; what the line has become is then printed by echo."""
    screen = typed(
        ["bash", "--norc", "--noprofile", "-i"],
        {**environment, "PS1": "READY> "},
        [
            ("READY> ", "source riskgate.bash\n"),
            ("READY> ", "riskgate expl\t--packs company K-AR\t --lang en | head -n 1\n"),
            ("Kitchen too small", ""),
            ("READY> ", "riskgate eval 1 --snapshot snapshot-of\t --lang en\n"),
            ("READY> ", "echo DONE-$((2+2)); exit\n"),
        ],
    )
    assert "K-AREA" in screen
    assert "snapshot-of-home.json" in screen
    assert "DONE-4" in screen


@needs("zsh")
def test_zsh(environment: dict[str, str]) -> None:
    script = "autoload -U compinit; compinit -D -u; source ./riskgate.zsh; print -- $_comps[riskgate]"
    done = in_shell(["zsh", "-f", "-c", script], environment)
    assert "_riskgate_completion" in done.stdout


@needs("fish")
def test_fish(environment: dict[str, str]) -> None:
    script = "source riskgate.fish; complete -C 'riskgate explain --packs company K-'"
    done = in_shell(["fish", "--no-config", "-c", script], environment)
    assert [line.split("\t") for line in done.stdout.splitlines()] == [
        ["K-AREA", "Kitchen too small"],
        ["K-NAME", "Room without a name"],
    ]

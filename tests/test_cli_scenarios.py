"""The command line, told in stories: see tests/scenarios/README.md."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from riskgate.cli.main import COMMAND

HERE = Path(__file__).parent / "scenarios"
STORIES: dict[str, dict[str, Any]] = {
    f"{file.stem}: {name}": story
    for file in sorted(HERE.glob("*.yaml"))
    for name, story in yaml.safe_load(file.read_text(encoding="utf-8")).items()
}
KEYS = {"run", "exit", "stdout", "stderr", "quiet", "not", "files", "stdin", "env", "reads", "process"}
NEUTRAL = {"LC_ALL": "en_US.UTF-8", "PYTHONUTF8": "1", "PYTHONIOENCODING": ""}


def content(parts: str | list[str | list[Any]]) -> str:
    if isinstance(parts, str):
        return parts
    return "".join(
        part if isinstance(part, str) else "".join(part[0].replace("%d", str(n)) for n in range(part[1]))
        for part in parts
    )


def set_up(story: dict[str, Any], folder: Path) -> None:
    shutil.copytree(HERE / "company", folder / "company")
    shutil.copy(HERE / "company.json", folder)
    for name, parts in story.get("files", {}).items():
        encoding, path = ("gbk", name[4:]) if name.startswith("gbk:") else ("utf-8", name)
        target = folder / path
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(content(parts).encode(encoding))


def run(story: dict[str, Any], arguments: list[str], *, process: bool) -> tuple[int, str, str]:
    given = story.get("stdin", "").encode()
    if process:
        environment = {**os.environ, **NEUTRAL, **story.get("env", {})}
        command = [sys.executable, "-m", "riskgate.cli.main", *arguments]
        done = subprocess.run(command, input=given, capture_output=True, env=environment, check=False)  # noqa: S603 - our own command
        return done.returncode, done.stdout.decode(), done.stderr.decode()
    told = CliRunner(env={**NEUTRAL, **story.get("env", {})}).invoke(COMMAND, arguments, input=given)
    return told.exit_code, told.stdout, told.stderr


def assert_in_order(text: str, parts: list[str]) -> None:
    at = 0
    for part in parts:
        found = text.find(str(part), at)
        assert found >= 0, f"{part!r} is not in what follows:\n{text[at:]}"
        at = found + len(str(part))


def ways() -> list[Any]:
    return [
        pytest.param(name, process, id=f"{name}{' (process)' if process else ''}")
        for name, story in STORIES.items()
        for process in ([False, True] if story.get("process") else [False])
    ]


@pytest.mark.parametrize(("name", "process"), ways())
def test_story(name: str, process: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    story = STORIES[name]
    set_up(story, tmp_path)
    monkeypatch.chdir(tmp_path)
    code, out, err = run(story, shlex.split(story["run"]), process=process)
    assert code == story["exit"], out + err
    assert_in_order(out, story.get("stdout", []))
    assert_in_order(err, story.get("stderr", []))
    if story.get("quiet"):
        assert out + err == ""
    for part in story.get("not", []):
        assert part not in out + err
    for file, parts in story.get("reads", {}).items():
        assert_in_order((tmp_path / file).read_text(encoding="utf-8"), parts)
    assert "Traceback" not in out + err
    if code == 2:
        assert out == ""


@pytest.mark.parametrize("name", STORIES)
def test_a_story_has_only_known_keys(name: str) -> None:
    assert set(STORIES[name]) <= KEYS
    assert {"run", "exit"} <= set(STORIES[name])

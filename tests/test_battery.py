"""The battery against the silent pass: whatever is wrong with the input, the answer is not 0 and names it.

The faults are data: tests/battery/*.yaml. `PYTHONPATH=. python tests/test_battery.py` prints how many there are.
"""

import shlex
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from battery_cases import PROJECTS, Seeded, lay_out, seeded
from riskgate import Gate
from riskgate.cli.main import COMMAND
from riskgate.infer import chain, durable

FAULTS = seeded()
LEAST = 200
ENVIRONMENT = {"LC_ALL": "en_US.UTF-8", "PYTHONUTF8": "1"}
SOUND = {
    "company": (
        "check sound.json --packs company --no-config",
        "check blocked.json",
        "check sound.json --packs company --no-config --overlays overlay.yaml --due",
        "diff sound.json sound.json --packs company --no-config",
    ),
    "binjiang": ("check sound.json --no-config", "check sound.json --no-config --node N10 --node N51"),
}
"""What is 0 as long as nothing is spoilt."""
ENGINE: Any = durable._library
_load = Gate.load


@cache
def _bundled() -> Gate:
    return _load()


class _Gate(Gate):
    """The bundled packs do not change between faults: they are loaded once."""

    @classmethod
    def load(cls, *paths: Any, overlays: Any = (), cache: Any = False) -> Gate:  # noqa: ARG003 - faults stay apart
        return _load(*paths, overlays=overlays) if paths or overlays else _bundled()


class _Spoilt:
    """The C module of durable-rules, of which one function does what it should not."""

    def __init__(self, function: str, does: str) -> None:
        self._function = function
        self._does = does
        self._calls = 0

    def __getattr__(self, name: str) -> Any:
        real = getattr(ENGINE, name)
        return self._wrong if name == self._function else real

    def _wrong(self, *arguments: Any) -> Any:
        self._calls += 1
        if self._does == "memory":
            raise MemoryError
        if self._does == "error":
            raise ENGINE.error("out of order")
        if self._does == "nothing":
            return None
        real = getattr(ENGINE, self._function)(*arguments)
        return (1, real[1]) if self._calls > 1 else real  # a fact is refused, though not the first one, which is ours


@pytest.fixture(autouse=True)
def _one_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("riskgate.gate.Gate", _Gate)


def inject(wrong: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in wrong.items():
        match name:
            case "steps":
                monkeypatch.setattr(chain, "MAX_STEPS", value)
            case "items":
                monkeypatch.setattr(chain, "MAX_ITEMS", value)
            case "crash":
                monkeypatch.setattr(value, _crash)
            case _:
                monkeypatch.setattr(durable, "_library", _Spoilt(name, value))


def _crash(*_: Any, **__: Any) -> None:
    raise RuntimeError("the wire is cut")


def told(run: str) -> tuple[int, str]:
    done = CliRunner(env=ENVIRONMENT).invoke(COMMAND, shlex.split(run))
    return done.exit_code, done.output


@pytest.mark.parametrize(("project", "run"), [(project, run) for project in PROJECTS for run in SOUND[project]])
def test_without_a_fault_all_is_clear(project: str, run: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(project, tmp_path)
    monkeypatch.chdir(tmp_path)
    assert told(run)[0] == 0, told(run)[1]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_never_0_and_named(fault: Seeded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fault.set_up(tmp_path)
    monkeypatch.chdir(tmp_path)
    inject(fault.story.get("inject", {}), monkeypatch)
    code, output = told(fault.run)
    assert code != 0, f"passed silently:\n{output}"
    assert code == fault.exit, output
    for part in fault.says:
        assert part in output, f"{part!r} is not in:\n{output}"
    assert "Traceback" not in output


@pytest.mark.parametrize("fault", FAULTS[::29], ids=lambda fault: fault.name)
def test_the_installed_command_says_the_same(fault: Seeded, tmp_path: Path) -> None:
    if "inject" in fault.story:
        pytest.skip("only within one process")
    fault.set_up(tmp_path)
    command = [sys.executable, "-m", "riskgate.cli.main", *shlex.split(fault.run)]
    done = subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    assert done.returncode == fault.exit, done.stdout + done.stderr
    assert all(part in done.stdout + done.stderr for part in fault.says)


def test_the_battery_is_as_large_as_promised_and_no_fault_is_there_twice() -> None:
    assert len(FAULTS) >= LEAST
    assert [name for name, times in Counter(fault.name for fault in FAULTS).items() if times > 1] == []
    stories = Counter(repr({key: held for key, held in one.story.items() if key != "says"}) for one in FAULTS)
    assert [story for story, times in stories.items() if times > 1] == []
    assert all(fault.says and fault.exit != 0 for fault in FAULTS)


if __name__ == "__main__":
    counted = Counter(fault.name.partition(":")[0] for fault in FAULTS)
    for topic, times in counted.items():
        print(f"{times:4}  {topic}")
    print(f"{counted.total():4}  seeded faults")

"""Cold starts: whole processes, from start to exit, against the import of three common libraries.

Byte code is kept for all, as for installed packages. Where the command has a cache of packs (`--no-cache` switches it
off), the checks are measured with it and without it; the cache is a fresh one. Two rounds, which fill it and write
the byte code, do not count.
"""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from measure import Candidate, interleaved
from plots import Bars
from rows import Measured, Options, Row
from subject import ROOT
from workload import Size, snapshot_bytes

EXAMPLE = ROOT / "examples" / "duplex.json"
COMMAND = (sys.executable, "-c", "from riskgate.cli.main import main; main()")
NO_CACHE = "--no-cache"
ANSWERS = (0, 1, 3)
"""Exit codes of a check that worked."""
BASE, BARE = "base", "bare"
TINY_RULE = {
    "id": "TINY-001",
    "title": {"zh": "楼层过低", "en": "Too low"},
    "entity": "unit",
    "require": "unit.floor >= 1",
    "severity": "minor",
    "nodes": ["N10"],
}


@dataclass(frozen=True)
class Start:
    """A command, what its row is called, and its target if it has one."""

    key: str
    names: tuple[str, str]
    arguments: Sequence[str]
    target: float | None = None


def cold(options: Options) -> Measured:
    """`--version`, `--help`, a check with one small pack, a check with all packs."""
    library = "typer" if importlib.util.find_spec("typer") else "click"
    with tempfile.TemporaryDirectory() as folder:
        environment = _environment(Path(folder))
        starts = _starts(Path(folder), cached=has_cache(environment))
        commands = {
            BARE: (sys.executable, "-c", "pass"),
            BASE: (sys.executable, "-c", f"import pydantic, yaml, {library}"),
            **{start.key: (*COMMAND, *start.arguments) for start in starts},
        }
        candidates = {key: _candidate(command, environment) for key, command in commands.items()}
        for candidate in candidates.values():
            candidate.run(None)  # keeps the rules; the round that does not count keeps their code
        times = interleaved(candidates, rounds=options.rounds, on=True)
    rows = [
        Row.of(
            (
                f"整个进程 {start.names[0]}，对比导入 pydantic、yaml、{library}",
                f"whole process, {start.names[1]} / import pydantic, yaml, {library}",
            ),
            "on",
            times.ratio(start.key, BASE),
            target=start.target,
            detail=times.milliseconds(start.key, BASE),
        )
        for start in starts
    ]
    shown = {f"riskgate {start.key}": times.median(start.key) * 1000 for start in starts}
    plain = {
        "python -c pass": times.median(BARE) * 1000,
        f"import pydantic, yaml, {library}": times.median(BASE) * 1000,
    }
    bars = Bars(
        "cold-start",
        "冷启动，整个进程",
        "cold start, whole process",
        "毫秒 / ms",
        {**plain, **shown},
        own=[*shown],
        plain=[*plain],
        log=False,
    )
    return Measured(rows, [bars])


def has_cache(environment: dict[str, str]) -> bool:
    """Whether the command knows a cache of packs."""
    return NO_CACHE in _run((*COMMAND, "check", "--help"), environment).stdout.decode(errors="replace")


def _starts(folder: Path, *, cached: bool) -> list[Start]:
    tiny, small = folder / "tiny.yaml", folder / "small.json"
    tiny.write_text(
        json.dumps({"pack": "tiny", "version": "1.0.0", "title": TINY_RULE["title"], "rules": [TINY_RULE]}),
        encoding="utf-8",
    )  # JSON is YAML
    small.write_bytes(snapshot_bytes(Size(4)))
    own = ["check", str(small), "--packs", str(tiny)]
    every = ["check", str(EXAMPLE)]
    own_names = ("riskgate check，一条规则的包", "riskgate check, a pack of one rule")
    names = (f"riskgate check {EXAMPLE.name}，全部内置包", f"riskgate check {EXAMPLE.name}, all bundled packs")
    starts = [
        Start("--version", ("riskgate --version", "riskgate --version"), ["--version"]),
        Start("--help", ("riskgate --help", "riskgate --help"), ["--help"]),
    ]
    if not cached:
        return [*starts, Start("check, one rule", own_names, own), Start("check, all packs", names, every, 5.5)]
    return [
        *starts,
        Start("check, one rule, no cache", _noted(own_names, "不用缓存", "no cache"), [*own, NO_CACHE]),
        Start("check, one rule, cache", _noted(own_names, "用缓存", "with the cache"), own),
        Start("check, all packs, no cache", _noted(names, "不用缓存", "no cache"), [*every, NO_CACHE], 5.5),
        Start("check, all packs, cache", _noted(names, "用缓存", "with the cache"), every, 3),
    ]


def _noted(names: tuple[str, str], zh: str, en: str) -> tuple[str, str]:
    return f"{names[0]}，{zh}", f"{names[1]}, {en}"


def _environment(folder: Path) -> dict[str, str]:
    """This process's, with byte code kept, in a folder of its own as is any cache."""
    dropped = {"PYTHONDONTWRITEBYTECODE", "RISKGATE_NO_CACHE"}
    kept = {key: value for key, value in os.environ.items() if key not in dropped}
    folders = {"PYTHONPYCACHEPREFIX": "bytecode", "XDG_CACHE_HOME": "cache"}
    return {**kept, **{name: str(folder / place) for name, place in folders.items()}}


def _candidate(command: Sequence[str], environment: dict[str, str]) -> Candidate:
    def run(_: object) -> None:
        done = _run(command, environment)
        if done.returncode not in ANSWERS:
            raise RuntimeError(
                f"{command} ended with {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}"
            )

    return Candidate(run)


def _run(command: Sequence[str], environment: dict[str, str]) -> "subprocess.CompletedProcess[bytes]":
    where = tempfile.gettempdir()  # no project of Python is there: looking for a configuration in one is another matter
    return subprocess.run(command, capture_output=True, check=False, cwd=where, env=environment)  # noqa: S603 - commands of this file

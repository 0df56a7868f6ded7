"""Print the speed table: every figure is a ratio measured in one process, side by side, and stands beside its target.

    python benchmarks/run.py [--quick] [--only GROUP]… [--write]

`--quick` is a smoke run on a tenth of the project; its figures mean little. `--write` puts the table into
docs/benchmarks.md and the plots beside it. Rows without a target are for information.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from groups import GROUPS
from plots import Plot, svg
from rows import Row, markdown_table, text_table
from scaling import GROUPS as SCALING
from workload import Size, snapshot_bytes

HERE = Path(__file__).parent
ROOT = HERE.parent
DOCUMENT = ROOT / "docs" / "benchmarks.md"
BEGIN = "<!-- benchmark table: begin -->"
END = "<!-- benchmark table: end -->"
PLOTS = ROOT / "docs" / "plots"
PLOTS_BEGIN = "<!-- benchmark plots: begin -->"
PLOTS_END = "<!-- benchmark plots: end -->"
EXAMPLE = ROOT / "examples" / "duplex.json"
SCALING_ROUNDS = 5
"""Enough for a curve: each of its points says what its neighbours say."""
ANSWERS = (0, 1, 3)
"""Exit codes of a check that worked."""


class GroupError(Exception):
    """A group could not be measured; the text is what it wrote."""


def group_rows(name: str, *, rounds: int, units: int) -> list[Row]:
    """The rows of one group, measured in a fresh process."""
    return [Row(**row) for row in _measured("groups.py", name, rounds, units)]


def scaling(name: str, *, rounds: int, units: int) -> tuple[list[Row], list[Plot]]:
    """The rows and plots of one group of `scaling.py`."""
    found = _measured("scaling.py", name, rounds, units)
    return [Row(**row) for row in found["rows"]], [Plot(**plot) for plot in found["plots"]]


def _measured(script: str, name: str, rounds: int, units: int) -> Any:
    command = [sys.executable, str(HERE / script), name, "--rounds", str(rounds), "--units", str(units)]
    done = subprocess.run(command, capture_output=True, check=False, text=True)  # noqa: S603 - our own script
    if done.returncode:
        raise GroupError(done.stderr[-2000:])
    return json.loads(done.stdout)


def cold_start(rounds: int) -> list[Row]:
    """The whole command, process start included, against importing three common libraries."""
    library = "typer" if _imports("typer") else "click"
    with tempfile.TemporaryDirectory() as folder:
        example = EXAMPLE
        if not example.exists():
            example = Path(folder) / "small.json"
            example.write_bytes(snapshot_bytes(Size(4)))
        program = [sys.executable, "-c", "from riskgate.cli.main import main; main()", "check", str(example)]
        base = [sys.executable, "-c", f"import pydantic, yaml, {library}"]
        # byte code is kept for both sides, as for an installed package; the first round writes it
        kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        kept["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "bytecode")
        seconds = [(_seconds(program, ANSWERS, kept), _seconds(base, (0,), kept)) for _ in range(rounds + 1)][1:]
    mine, other = (statistics.median(column) * 1000 for column in zip(*seconds, strict=True))
    return [
        Row(
            f"整个进程 riskgate check（小示例），对比导入 pydantic、yaml、{library}",
            f"whole process, riskgate check {example.name} / import pydantic, yaml, {library}",
            "on",
            statistics.median(own / base_time for own, base_time in seconds),
            target=5.5,
            detail=f"{mine:,.0f} / {other:,.0f} ms",
        )
    ]


def _imports(module: str) -> bool:
    return _run([sys.executable, "-c", f"import {module}"]).returncode == 0


def _run(command: Sequence[str], env: Mapping[str, str] | None = None) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(command, capture_output=True, check=False, cwd=ROOT, env=env)  # noqa: S603 - commands of this file


def _seconds(command: Sequence[str], allowed: Sequence[int], env: Mapping[str, str]) -> float:
    start = time.perf_counter()
    done = _run(command, env)
    spent = time.perf_counter() - start
    if done.returncode not in allowed:
        raise GroupError(f"it ended with {done.returncode}:\n{done.stderr.decode(errors='replace')[-2000:]}")
    return spent


def machine() -> str:
    return f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores"


def write(rows: Sequence[Row], plots: Sequence[Plot], path: Path = DOCUMENT) -> None:
    """Put table and plots between the markers of the document; the rest of it stays as it is."""
    text = path.read_text(encoding="utf-8")
    text = _between(text, BEGIN, END, f"{machine()}\n\n{markdown_table(rows)}", path.name)
    PLOTS.mkdir(exist_ok=True)
    for plot in plots:
        (PLOTS / f"{plot.name}.svg").write_text(svg(plot), encoding="utf-8")
    shown = "\n\n".join(f"![{plot.zh} / {plot.en}](plots/{plot.name}.svg)" for plot in plots)
    path.write_text(_between(text, PLOTS_BEGIN, PLOTS_END, shown, path.name), encoding="utf-8")


def _between(text: str, begin: str, end: str, block: str, name: str) -> str:
    head, found, rest = text.partition(begin)
    _, closed, tail = rest.partition(end)
    if not (found and closed):
        raise SystemExit(f"{name} has no markers `{begin}`")
    return f"{head}{begin}\n\n{block}\n\n{end}{tail}"


def main() -> None:
    names = [*GROUPS, "cold", *SCALING]
    parser = argparse.ArgumentParser(description="Print the speed table.")
    parser.add_argument("--quick", action="store_true", help="a smoke run: a tenth of the project, three rounds")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", action="append", choices=names, metavar="GROUP", help=", ".join(names))
    parser.add_argument("--write", action="store_true", help="put table and plots into docs")
    given = parser.parse_args()
    rounds, units = (3, Size.units // 10) if given.quick else (given.rounds, Size.units)
    rows: list[Row] = []
    plots: list[Plot] = []
    failed: list[str] = []
    for name in given.only or names:
        sys.stderr.write(f"measuring {name} …\n")
        try:
            if name in SCALING:
                more, drawn = scaling(name, rounds=min(rounds, SCALING_ROUNDS), units=units)
                rows, plots = [*rows, *more], [*plots, *drawn]
            else:
                rows += cold_start(rounds) if name == "cold" else group_rows(name, rounds=rounds, units=units)
        except GroupError as error:
            sys.stderr.write(f"{name} failed: {error}\n")
            failed.append(name)
    print(machine())
    print(text_table(rows))
    missed = sum(row.verdict == "missed" for row in rows)
    print(f"{sum(row.verdict == 'met' for row in rows)} met, {missed} missed, in {len(rows)} rows")
    if failed:
        raise SystemExit(f"not measured: {', '.join(failed)}")
    if given.write:
        write(rows, plots)


if __name__ == "__main__":
    main()

"""`gate.check_many` over 200 files, with one process and with two, against a loop of `gate.check`; times and peaks.

Each variant has a fresh interpreter (`many.py VARIANT FOLDER SNAPSHOTS`), because a peak of
memory is that of a process.
Loading of the packs is not part of the time; starting the workers, loading the packs in them included, is.
"""

import hashlib
import json
import multiprocessing
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from measure import Times, figure, resident_peak
from rows import Measured, Options, Row
from subject import FLAT
from workload import Size, snapshot_bytes

from riskgate.gate import Gate

SNAPSHOTS = 200
DIFFERENT = 20
"""So many files are written, each of which is given several times: writing them all would take long."""
UNITS_SHARE = 20
"""Each has so small a part of the flats of the reference project."""
ROUNDS = 5
LOOP, ONE, TWO = "loop", "1", "2"
LABELS = {
    LOOP: ("循环 gate.check", "a loop of gate.check"),
    ONE: ("check_many，1 个进程", "check_many, 1 process"),
    TWO: ("check_many，2 个进程", "check_many, 2 processes"),
}


class Done(NamedTuple):
    """What a variant took: seconds, the digest of all reports, megabytes at the peak of itself and of its workers."""

    seconds: float
    digest: str
    own: float | None
    workers: Sequence[float]


def many(options: Options) -> Measured:
    """Ratios of time, and the peaks; with twice as many snapshots, the peak once more: it must not grow with them."""
    units = max(options.units // UNITS_SHARE, 1)
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(DIFFERENT):
            Path(folder, f"{seed:02d}.json").write_bytes(snapshot_bytes(Size(units, seed=seed)))
        turns = [{name: run_variant(name, folder) for name in LABELS} for _ in range(min(options.rounds, ROUNDS))]
        twice = run_variant(TWO, folder, 2 * SNAPSHOTS)
    assert len({done.digest for turn in turns for done in turn.values()}) == 1, "the variants disagree"
    seconds = Times({name: [turn[name].seconds for turn in turns] for name in LABELS})
    rows = [
        Row.of(
            (
                f"{LABELS[name][0]}，{SNAPSHOTS} 个快照，对比{LABELS[LOOP][0]}",
                f"{LABELS[name][1]}, {SNAPSHOTS} snapshots of {units} flats / {LABELS[LOOP][1]}",
            ),
            "on",
            seconds.ratio(name, LOOP),
            detail=f"{seconds.milliseconds(name, LOOP)}, equal reports",
        )
        for name in (ONE, TWO)
    ]
    return Measured([*rows, *_memory(turns, twice)])


def _memory(turns: Sequence[dict[str, Done]], twice: Done) -> list[Row]:
    """Rows of peaks, where the system tells them."""
    rows: list[Row] = []
    for name, (zh, en) in LABELS.items():
        peaks = [_total(turn[name]) for turn in turns]
        known = [peak for peak in peaks if peak is not None]
        if len(known) == len(peaks):
            last = turns[-1][name]
            workers = "".join(f" + {peak:.0f}" for peak in last.workers)
            row = Row.of(
                (f"{zh}，峰值内存（各进程之和）", f"{en}, peak memory (sum over the processes)"),
                "on",
                figure(known),
                unit="MB",
                detail=f"{last.own or 0:.0f}{workers} MB",
            )
            rows.append(row)
    doubled, base = _total(twice), [_total(turn[TWO]) for turn in turns]
    if doubled is not None:
        ratios = [doubled / peak for peak in base if peak is not None]
        names = (
            f"快照增至 {2 * SNAPSHOTS} 个，2 个进程的峰值内存",
            f"{2 * SNAPSHOTS} snapshots instead of {SNAPSHOTS}, peak of 2 processes",
        )
        rows.append(Row.of(names, "on", figure(ratios), detail=f"{doubled:.0f} MB"))
    return rows


def _total(done: Done) -> float | None:
    return None if done.own is None else done.own + sum(done.workers)


def run_variant(name: str, folder: str, snapshots: int = SNAPSHOTS) -> Done:
    command = [sys.executable, __file__, name, folder, str(snapshots)]
    done = subprocess.run(command, capture_output=True, check=False, text=True)  # noqa: S603 - this script
    if done.returncode:
        raise RuntimeError(f"variant {name}: {done.stderr[-2000:]}")
    return Done(*json.loads(done.stdout))


@dataclass
class _Watch:
    """Peaks of the worker processes, asked for while they live: a process that has ended tells nothing."""

    peaks: dict[int, float]

    def look(self, _done: int = 0) -> None:
        for process in multiprocessing.active_children():
            peak = resident_peak(process.pid or "self")
            if peak is not None and process.pid is not None:
                self.peaks[process.pid] = peak


def _reports(gate: Gate, name: str, paths: Sequence[Path], watch: _Watch) -> Iterator[bytes]:
    if name == LOOP:
        return (gate.check(path).to_json() for path in paths)
    results = gate.check_many(paths, processes=int(name), progress=watch.look)
    return (_json(checked) for checked in results)


def _json(checked: Any) -> bytes:
    if checked.error is not None:
        raise checked.error
    made: bytes = checked.json
    return made


def main() -> None:
    name, folder, snapshots = sys.argv[1:]
    files = sorted(Path(folder).glob("*.json"))
    paths = [files[number % len(files)] for number in range(int(snapshots))]
    gate = Gate.load(FLAT)
    watch, digest = _Watch({}), hashlib.sha256()
    start = time.perf_counter()
    for report in _reports(gate, name, paths, watch):
        digest.update(report)
    seconds = time.perf_counter() - start
    print(json.dumps([seconds, digest.hexdigest(), resident_peak(), list(watch.peaks.values())]))


if __name__ == "__main__":
    main()

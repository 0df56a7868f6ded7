"""Timing side by side: candidates take turns in one process, and only medians of ratios are believed."""

import gc
import json
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple


@dataclass(frozen=True)
class Candidate:
    """What is timed; `prepare`, if any, runs before each round outside the measured time, and `run` gets its value.

    What takes a millisecond only is run `repeat` times in a round, and its time is that of one run.
    """

    run: Callable[[Any], object]
    prepare: Callable[[], object] | None = None
    repeat: int = 1


class Figure(NamedTuple):
    """The median over the rounds, and the least and greatest of them: how far to trust it."""

    median: float
    low: float
    high: float

    def times(self, factor: float) -> "Figure":
        return Figure(self.median * factor, self.low * factor, self.high * factor)


def figure(values: Sequence[float]) -> Figure:
    return Figure(statistics.median(values), min(values), max(values))


@contextmanager
def collector(*, on: bool) -> Iterator[None]:
    """Set the cyclic garbage collector, and put back what was found."""
    found = gc.isenabled()
    (gc.enable if on else gc.disable)()
    try:
        yield
    finally:
        (gc.enable if found else gc.disable)()


@dataclass(frozen=True)
class Times:
    """Seconds of each candidate in each round."""

    seconds: Mapping[str, Sequence[float]]

    def of(self, name: str) -> Figure:
        return figure(self.seconds[name])

    def median(self, name: str) -> float:
        return self.of(name).median

    def ratio(self, name: str, base: str) -> Figure:
        """Over the rounds, the ratio within a round: what slows both down cancels out."""
        pairs = zip(self.seconds[name], self.seconds[base], strict=True)
        return figure([mine / other for mine, other in pairs])

    def milliseconds(self, *names: str) -> str:
        return " / ".join(f"{self.median(name) * 1000:,.1f}" for name in names) + " ms"


def interleaved(candidates: Mapping[str, Candidate], *, rounds: int, on: bool, warm: int = 1) -> Times:
    """Run the candidates in turn, `rounds` times after `warm` unmeasured rounds; garbage is collected in between."""
    seconds: dict[str, list[float]] = {name: [] for name in candidates}
    for turn in range(warm + rounds):
        for name, candidate in candidates.items():
            given = candidate.prepare() if candidate.prepare else None
            gc.collect()
            with collector(on=on):
                start = time.perf_counter()
                for _ in range(candidate.repeat):
                    result = candidate.run(given)
                spent = (time.perf_counter() - start) / candidate.repeat
            del result, given  # outside the measured time, on both sides
            if turn >= warm:
                seconds[name].append(spent)
    return Times(seconds)


def json_loads(data: bytes) -> Candidate:
    """The yardstick: what Python's own parser takes for the same bytes."""
    return Candidate(lambda _: json.loads(data))


def traced_peak(work: Callable[[], object]) -> float:
    """Megabytes at the peak of some work, by tracemalloc: what Python's allocators gave beyond what stood before."""
    gc.collect()
    tracemalloc.start()
    try:
        kept = work()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    del kept
    return peak / 1e6


def resident_peak(process: int | str = "self") -> float | None:
    """Megabytes of memory that a process has held at most so far; None where the system does not tell.

    Read from /proc: what `getrusage` gives for a child counts the memory of the parent that started it, too.
    """
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmHWM")), None)

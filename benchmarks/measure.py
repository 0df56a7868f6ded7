"""Timing side by side: candidates take turns in one process, and only medians of ratios are believed."""

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Candidate:
    """What is timed; `prepare`, if any, runs before each round outside the measured time, and `run` gets its value."""

    run: Callable[[Any], object]
    prepare: Callable[[], object] | None = None


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

    def median(self, name: str) -> float:
        return statistics.median(self.seconds[name])

    def ratio(self, name: str, base: str) -> float:
        """Median over the rounds of the ratio within a round: what slows both down cancels out."""
        pairs = zip(self.seconds[name], self.seconds[base], strict=True)
        return statistics.median(mine / other for mine, other in pairs)


def interleaved(candidates: Mapping[str, Candidate], *, rounds: int, on: bool, warm: int = 1) -> Times:
    """Run the candidates in turn, `rounds` times after `warm` unmeasured rounds; garbage is collected in between."""
    seconds: dict[str, list[float]] = {name: [] for name in candidates}
    for turn in range(warm + rounds):
        for name, candidate in candidates.items():
            given = candidate.prepare() if candidate.prepare else None
            gc.collect()
            with collector(on=on):
                start = time.perf_counter()
                result = candidate.run(given)
                spent = time.perf_counter() - start
            del result, given  # outside the measured time, on both sides
            if turn >= warm:
                seconds[name].append(spent)
    return Times(seconds)

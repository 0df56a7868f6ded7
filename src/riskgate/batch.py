"""Work spread over processes: in order, a few results in flight, one failure the failure of one item.

Nothing here knows what is worked on. A worker is a fresh interpreter (`spawn`), whatever the platform's default is: it
shares no locks and no threads with the process that asks.
"""

import io
import multiprocessing
import pickle
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeVar

from riskgate.errors import Problem, RiskgateError

_Item = TypeVar("_Item")
Work = Callable[[Any], bytes]
Progress = Callable[[int], None]
"""Told how many items are done, in the thread that asked, whenever one is."""

IN_FLIGHT: Final = 2
"""So many items for each worker are handed out before the first of them is taken back."""


class Outcome(NamedTuple):
    """Bytes, or the error of this item."""

    made: bytes
    error: RiskgateError | None


class _Pickler(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        return (_read_only, (dict(value),)) if type(value) is MappingProxyType else NotImplemented


def _read_only(values: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(values)


def packed(value: Any) -> bytes:
    """Plain data, with read-only mappings in it, as bytes for `pickle.loads`."""
    made = io.BytesIO()
    _Pickler(made, protocol=5).dump(value)
    return made.getvalue()


def here(items: Iterable[_Item], work: Work, *, progress: Progress | None = None) -> Iterator[tuple[_Item, Outcome]]:
    """Every item with what became of it, one after the other in this process."""
    for done, item in enumerate(items, 1):
        outcome = _outcome(work, item)
        if progress is not None:
            progress(done)
        yield item, outcome


def spread(
    items: Iterable[_Item],
    begin: Callable[[Any], Work],
    given: bytes,
    *,
    processes: int,
    progress: Progress | None = None,
) -> Iterator[tuple[_Item, Outcome]]:
    """The same over processes, in the order of the items, which are taken as they are needed.

    Each worker calls `begin` once, on what was `packed` in `given`, and then what that gives on each item. When the
    iterator is closed or interrupted, what waits is dropped, and the workers end with the items that they have. A
    worker that is killed from outside ends it with `concurrent.futures.process.BrokenProcessPool`.
    """
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _begin, (begin, given))
    try:
        yield from _spread(pool, items, processes * IN_FLIGHT, progress)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _spread(
    pool: ProcessPoolExecutor, items: Iterable[_Item], in_flight: int, progress: Progress | None
) -> Iterator[tuple[_Item, Outcome]]:
    waiting: deque[tuple[_Item, Future[Any]]] = deque()
    running: set[Future[Any]] = set()
    rest, done = iter(items), 0
    while True:
        while len(waiting) < in_flight:
            try:
                item = next(rest)
            except StopIteration:
                break
            with _undisturbed():
                future = pool.submit(_work, item)
            waiting.append((item, future))
            running.add(future)
        if not waiting:
            return
        while waiting[0][1] in running:
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            done += len(finished)
            if progress is not None:
                progress(done)
        item, future = waiting.popleft()
        made, kind, problems = future.result()
        yield item, Outcome(made, None if kind is None else kind(problems))


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Workers that are started within never see an interrupt: it reaches this process, which then ends them.

    One that died of it, perhaps while it was starting, would write a traceback and could leave a lock behind.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _outcome(work: Work, item: Any) -> Outcome:
    try:
        return Outcome(work(item), None)
    except RiskgateError as error:
        return Outcome(b"", error)


# In a worker ---------------------------------------------------------------------------------------------------------

_WORK: list[Work] = []


def _begin(begin: Callable[[Any], Work], given: bytes) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # where it could not be blocked
    _WORK.append(begin(pickle.loads(given)))  # noqa: S301 - written by the process that started this one


def _work(item: Any) -> tuple[bytes, type[RiskgateError] | None, tuple[Problem, ...]]:
    outcome = _outcome(_WORK[0], item)
    if outcome.error is None:
        return outcome.made, None, ()
    return b"", type(outcome.error), outcome.error.problems

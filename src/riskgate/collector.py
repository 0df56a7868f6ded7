"""Pausing Python's cyclic garbage collector while many values are made at once and none of them is garbage.

The collector is state of the whole process, so it is paused for a known stretch only, and only where it was on. A
command is another matter: its process ends with its work, and its memory goes back in one piece.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_held: list[object] | None = None


def hold_until_exit() -> None:
    """From now on keep what `hold` is given: taking it apart would be work for nothing. For processes that soon end."""
    global _held  # noqa: PLW0603 - as the collector, it belongs to the process
    gc.disable()
    _held = []


def hold(value: object) -> None:
    """Say of a large value that nobody needs it any more."""
    if _held is not None:
        _held.append(value)


@contextmanager
def collector_paused(*, pause: bool = True) -> Iterator[None]:
    """Without the cyclic collector for the length of the block, unless `pause` is false; what was found is restored."""
    if not pause or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()

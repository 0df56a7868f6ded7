"""Pausing Python's cyclic garbage collector while many values are made at once and none of them is garbage.

The collector is state of the whole process, so it is paused for a known stretch only, and only where it was on.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


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

"""Functions that are compiled when they are first called: most of what a plan could need, a check does not."""

from collections.abc import Callable
from typing import Any


class Deferred:
    """Calls what `make` gives. Two threads may both make it; what they make is alike."""

    __slots__ = ("_make", "made")

    def __init__(self, make: Callable[[], Callable[..., Any]], made: Callable[..., Any] | None = None) -> None:
        self._make = make
        self.made = made

    def __call__(self, *args: Any) -> Any:
        if self.made is None:
            self.made = self._make()
        return self.made(*args)

"""Functions that are compiled when they are first called: most of what a plan could need, a check does not."""

from collections.abc import Callable
from typing import Any


class Deferred:
    """Calls what `make` gives. Two threads may both make it; what they make is alike."""

    __slots__ = ("_function", "_make")

    def __init__(self, make: Callable[[], Callable[..., Any]]) -> None:
        self._make = make
        self._function: Callable[..., Any] | None = None

    def __call__(self, *args: Any) -> Any:
        if self._function is None:
            self._function = self._make()
        return self._function(*args)

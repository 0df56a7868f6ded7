"""What a long run is doing, on one line of standard error that is gone when it is done.

Only on a terminal that can take a line back, never in a pipe or a file, and only for runs that take longer than half a
second: what is quick does not flicker. Nothing of it is in the results, and no colour is used.
"""

import os
import sys
import threading
from collections.abc import Iterable, Iterator
from time import monotonic
from types import TracebackType
from typing import Self, TextIO, TypeVar

from riskgate.render.cells import cells, wrap
from riskgate.render.escape import visible
from riskgate.text import Lang, Text

DELAY = 0.5
"""Seconds before anything is shown."""
INTERVAL = 0.2
"""Seconds between two looks at how far it is."""
_CLEAR = "\r\x1b[K"
_BAR = 20
_T = TypeVar("_T")


def can_show(stream: TextIO) -> bool:
    """Whether the stream is a terminal on which a line can be written over."""
    return stream.isatty() and os.environ.get("TERM") not in {None, "", "dumb"}


class Progress:
    """The steps of one run. Does nothing where nothing can be shown. A thread of its own draws, so that a step that
    cannot be interrupted is shown too."""

    def __init__(self, lang: Lang, stream: TextIO | None = None) -> None:
        self._lang: Lang = lang
        self._stream = sys.stderr if stream is None else stream
        self._text = ""
        self._done = 0
        self._total = 0
        self._drawn = False
        self._start = monotonic()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        if can_show(self._stream):
            self._thread = threading.Thread(target=self._draw_on, name="riskgate-progress", daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.done()

    def step(self, text: Text, total: int = 0) -> None:
        """What is being done from now on; `total`, if it is known, is how many times `advance` will be called."""
        self._text, self._done, self._total = visible(text.to(self._lang)), 0, total

    def advance(self) -> None:
        self._done += 1

    def counted(self, items: Iterable[_T]) -> Iterator[_T]:
        """The items, each counted when the next one is asked for."""
        for item in items:
            yield item
            self.advance()

    def done(self) -> None:
        """Take the line back. Whoever writes to the terminal calls this first."""
        if self._thread is not None:
            self._ended.set()
            self._thread.join()
            self._thread = None
            if self._drawn:
                self._write(_CLEAR)

    def line(self, width: int) -> str:
        """What is shown in so many columns."""
        parts = [self._text]
        if self._total:
            share = min(1.0, self._done / self._total)
            full = round(share * _BAR)
            parts.append(f"{'█' * full}{'░' * (_BAR - full)} {self._done:,}/{self._total:,}")
        parts.append(f"{monotonic() - self._start:.0f} s")
        whole = "  ".join(part for part in parts if part)
        return whole if cells(whole) < width else wrap(whole, max(width - 1, 2))[0]

    def _draw_on(self) -> None:
        pause = DELAY
        while not self._ended.wait(pause):
            pause = INTERVAL
            if not self._text:
                continue
            self._drawn = True
            if not self._write(_CLEAR + self.line(self._width())):
                return

    def _width(self) -> int:
        try:
            return os.get_terminal_size(self._stream.fileno()).columns or 80
        except (OSError, ValueError):
            return 80  # a terminal that does not tell how wide it is

    def _write(self, text: str) -> bool:
        """Whether somebody is still there to read it."""
        try:
            encoding = self._stream.encoding or "utf-8"
            self._stream.write(text.encode(encoding, "replace").decode(encoding))
            self._stream.flush()
        except (OSError, ValueError):
            return False
        return True

"""The sha256 of a snapshot, reckoned beside the reading of it: hashlib lets other threads run meanwhile."""

from hashlib import sha256
from threading import Thread

LARGE = 1_000_000
"""So many bytes are worth a thread."""


class Digest:
    """Starts at once; `hexdigest` waits for the end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._found = ""
        self._thread: Thread | None = None
        if len(data) >= LARGE:
            thread = Thread(target=self._reckon, name="riskgate-sha256")
            try:
                thread.start()
            except RuntimeError:  # no more threads, or a platform that has none: then it is reckoned when asked for
                return
            self._thread = thread

    def _reckon(self) -> None:
        self._found = sha256(self._data).hexdigest()

    def hexdigest(self) -> str:
        if self._thread is not None:
            self._thread.join()
        if not self._found:
            self._reckon()
        return self._found

"""What comes of making a snapshot from sources: the snapshot as data, and what people should know of its making."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from riskgate.errors import Place
from riskgate.record import record
from riskgate.snapshot_text import snapshot_bytes
from riskgate.text import Text


@record
class SourceNote:
    """No error, but people should know. `place` is the first of `count` places; `code` is stable and kebab-case."""

    code: str
    message: Text
    place: Place = field(default_factory=Place)
    count: int = 1

    def as_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = {"code": self.code, "message": self.message.as_dict(), "place": str(self.place)}
        return found if self.count == 1 else {**found, "count": self.count}


@record
class Made:
    """A snapshot that was made, whole and valid. `data` may be given to `Gate.check` as it is."""

    data: Mapping[str, Any]
    notes: tuple[SourceNote, ...] = ()

    def to_json(self) -> bytes:
        """The snapshot as a file holds it: the same data, the same bytes."""
        return snapshot_bytes(self.data)

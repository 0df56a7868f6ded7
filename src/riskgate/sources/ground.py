"""What every way in stands on: the vocabulary and the lifecycle that a snapshot is written in, and their reader."""

from typing import NamedTuple

from riskgate.errors import LoadError
from riskgate.gate import Gate
from riskgate.lifecycle import Lifecycle
from riskgate.load.library import read_library
from riskgate.snapshot.reader import Reader
from riskgate.vocabulary import Vocabulary


class Ground(NamedTuple):
    """Vocabulary, lifecycle and reader."""

    vocabulary: Vocabulary
    lifecycle: Lifecycle
    reader: Reader


def ground_of(gate: Gate | None) -> Ground:
    """Those of a gate; without one, of the bundled rules. Raises LoadError."""
    if gate is not None:
        return Ground(gate.library.vocabulary, gate.library.lifecycle, gate.reader)
    library, problems = read_library(None)
    if problems:
        raise LoadError(problems)
    return Ground(library.vocabulary, library.lifecycle, Reader(library.vocabulary, library.lifecycle))

"""Everything that rules say, in one value: lifecycle, vocabulary, references and packs."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from riskgate.errors import Problem
from riskgate.lifecycle import Lifecycle, References
from riskgate.load.inputs import Inputs
from riskgate.load.locate import BUNDLED, bundled_path
from riskgate.overlay import NOTHING_APPLIED, Applied, Overlay
from riskgate.pack import Pack, Parameter
from riskgate.record import record
from riskgate.vocabulary import Vocabulary

__all__ = ["BUNDLED", "Inputs", "Library", "bundled_path", "read_inputs", "read_library"]


@record
class Library:
    """What was loaded. Parts that could not be read are empty, and their problems came with the library."""

    lifecycle: Lifecycle
    vocabulary: Vocabulary
    references: References
    packs: tuple[Pack, ...]
    overlays: tuple[Overlay, ...] = ()
    """As they were read: `riskgate.apply` makes them count."""
    applied: Applied = NOTHING_APPLIED
    """What overlays made of the packs, once they were applied."""

    @cached_property
    def parameters(self) -> Mapping[tuple[str, str], Parameter]:
        """Every parameter under (pack name, its own name)."""
        return MappingProxyType({(p.name, name): q for p in self.packs for name, q in p.parameters.items()})


def read_library(
    paths: Sequence[str | Path] | None = None, overlays: Sequence[str | Path] = ()
) -> tuple[Library, list[Problem]]:
    """Read the packs under `paths` (None or the word `bundled`: what riskgate ships) and what they refer to.

    A path is a pack file, a pack folder or a folder of packs; a lifecycle, vocabulary or references file there
    replaces the bundled one. The overlays at `overlays` are read, and the packs that they bring along are among the
    packs; applied they are not yet.
    """
    return read_inputs(Inputs(paths, overlays))


def read_inputs(inputs: Inputs) -> tuple[Library, list[Problem]]:
    """The same for files that were found before.

    Problems are returned, not raised: what is sound is in the library all the same, so that a later stage can look at
    its expressions and add its own problems before all of them are raised together.
    """
    from riskgate.load.reading import read_all  # noqa: PLC0415 - a library from the cache does without

    return read_all(inputs)

"""All files that loading reads, each of them read once."""

from collections.abc import Iterator, Sequence
from os.path import realpath
from pathlib import Path

from riskgate.load.locate import File, Found, locate


class Inputs:
    """The files of a library, before anything is made of them."""

    def __init__(self, paths: Sequence[str | Path] | None, overlays: Sequence[str | Path]) -> None:
        self.found: Found = locate(paths)
        self.overlays: list[File] = []
        for path in {realpath(given): Path(given) for given in overlays}.values():
            self.overlays.append(File(path, path.as_posix()))

    def groups(self) -> Iterator[tuple[str, Sequence[File]]]:
        """What is read together, in the order in which it counts, with what it is taken for."""
        for kind, files in self.found.beside.items():
            yield kind, files[:1]
        for pack in self.found.packs:
            yield f"pack {pack.shown} {pack.head.shown}", pack.files
        yield "overlays", self.overlays

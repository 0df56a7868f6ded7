"""A moment starts from a project in order; its ledger says all that is not: faults, and facts that are missing."""

from collections.abc import Callable
from dataclasses import dataclass, field

from examples.binjiang.book import Book

Plant = Callable[[Book], None]


@dataclass(frozen=True)
class Planted:
    """A fault or a gap: in words, and how it gets into the facts."""

    text: str
    plant: Plant


@dataclass(frozen=True)
class Ledger:
    """The faults and gaps of one moment, in the order of writing."""

    faults: list[Planted] = field(default_factory=list)
    gaps: list[Planted] = field(default_factory=list)

    def fault(self, text: str) -> Callable[[Plant], Plant]:
        """Enter the function below as the fault of these words."""
        return _enter(self.faults, text)

    def gap(self, text: str) -> Callable[[Plant], Plant]:
        """Enter the function below as the gap of these words."""
        return _enter(self.gaps, text)


def _enter(where: list[Planted], text: str) -> Callable[[Plant], Plant]:
    def enter(plant: Plant) -> Plant:
        where.append(Planted(text, plant))
        return plant

    return enter

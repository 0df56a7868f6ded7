"""Writes the three snapshots of Binjiang Garden: python -m examples.binjiang.make [FOLDER]"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from examples.binjiang import delivery_faults, opening_faults, review_faults
from examples.binjiang.book import Book
from examples.binjiang.delivery import prepare_delivery
from examples.binjiang.estate import project
from examples.binjiang.homes import Facts
from examples.binjiang.opening import put_on_sale
from examples.binjiang.planted import Ledger
from examples.binjiang.progress import nodes
from examples.compact import compact


@dataclass(frozen=True)
class Moment:
    """A day in the life of the project, what has been added to it by then, and what is wrong on that day."""

    name: str
    as_of: str
    added: tuple[Callable[[Facts], None], ...]
    ledger: Ledger

    def snapshot(self) -> Facts:
        """Built afresh, so that no moment leaks into another: what an earlier one found is mended."""
        facts = project()
        for add in self.added:
            add(facts)
        facts["nodes"] = nodes(self.as_of)
        for planted in (*self.ledger.faults, *self.ledger.gaps):
            planted.plant(Book(facts))
        return {"riskgate": 1, "as_of": self.as_of, "project": facts}


MOMENTS = (
    Moment("1-drawing-review", "2025-06-11", (), review_faults.LEDGER),
    Moment("2-eve-of-opening", "2025-10-23", (put_on_sale,), opening_faults.LEDGER),
    Moment("3-joint-acceptance", "2026-11-18", (put_on_sale, prepare_delivery), delivery_faults.LEDGER),
)


def files() -> Iterator[tuple[str, str]]:
    """Name and text of each snapshot."""
    for moment in MOMENTS:
        yield f"{moment.name}.json", compact(moment.snapshot()) + "\n"


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    for name, text in files():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()

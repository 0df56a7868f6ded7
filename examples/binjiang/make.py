"""Writes the three snapshots of Binjiang Garden: python -m examples.binjiang.make [FOLDER]"""

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from examples.binjiang import delivery_faults, opening_faults, review_faults
from examples.binjiang.acceptance import accept
from examples.binjiang.book import Book
from examples.binjiang.circulation import connect
from examples.binjiang.closing import close_out
from examples.binjiang.delivery import prepare_delivery
from examples.binjiang.estate import project
from examples.binjiang.furnishing import furnish
from examples.binjiang.homes import FLOORS, Facts
from examples.binjiang.opening import put_on_sale
from examples.binjiang.planted import Ledger
from examples.binjiang.progress import nodes
from examples.binjiang.sale_papers import paper
from examples.binjiang.sales_ground import set_out
from examples.binjiang.services import equip
from examples.binjiang.surroundings import lay_out
from riskgate.snapshot_text import compact

Step = Callable[[Facts], None]
DESIGNED: tuple[Step, ...] = (lay_out, connect, furnish, equip)
OFFERED: tuple[Step, ...] = (*DESIGNED, put_on_sale, paper, set_out)
BUILT: tuple[Step, ...] = (*OFFERED, prepare_delivery, accept, close_out)
"""What has been added to the project by each moment, in this order."""


def in_order(steps: Iterable[Step], floors: int = FLOORS) -> Facts:
    """The project with the facts of these steps, all of them in order."""
    facts = project(floors)
    for add in steps:
        add(facts)
    return facts


@dataclass(frozen=True)
class Moment:
    """A day in the life of the project, what has been added to it by then, and what is wrong on that day."""

    name: str
    as_of: str
    added: tuple[Step, ...]
    ledger: Ledger

    def snapshot(self) -> Facts:
        """Built afresh, so that no moment leaks into another: what an earlier one found is mended."""
        facts = in_order(self.added)
        facts["nodes"] = nodes(self.as_of)
        for planted in (*self.ledger.faults, *self.ledger.gaps):
            planted.plant(Book(facts))
        return {"riskgate": 1, "as_of": self.as_of, "project": facts}


MOMENTS = (
    Moment("1-drawing-review", "2025-06-11", DESIGNED, review_faults.LEDGER),
    Moment("2-eve-of-opening", "2025-10-23", OFFERED, opening_faults.LEDGER),
    Moment("3-joint-acceptance", "2026-11-18", BUILT, delivery_faults.LEDGER),
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

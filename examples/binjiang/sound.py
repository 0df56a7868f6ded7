"""Binjiang Garden with everything in order, on the days of delivery: python -m examples.binjiang.sound [RULE PREFIX]…

Each rule finds something to look at there, and nothing to object to. The command lists what is otherwise.
"""

import sys
from collections.abc import Iterator

from examples.binjiang.acceptance import finish
from examples.binjiang.homes import Facts
from examples.binjiang.make import BUILT, in_order
from examples.binjiang.progress import nodes
from riskgate import Gate

AS_OF = "2026-12-28"
FLOORS = 2
"""Few flats do for this."""


def sound(floors: int = FLOORS) -> Facts:
    """The snapshot: all facts of all moments, and no fault."""
    facts = in_order((*BUILT, finish), floors)
    facts["nodes"] = nodes(AS_OF)
    return {"riskgate": 1, "as_of": AS_OF, "project": facts}


def objections(gate: Gate, prefixes: tuple[str, ...] = ("",)) -> Iterator[str]:
    """Risks and gaps of the rules whose ids begin so, and such rules that met nothing."""
    snapshot = gate.snapshot(sound())
    report = gate.check(snapshot, all_gaps=True)
    for risk in report.risks:
        if risk.rule.startswith(prefixes):
            yield f"{risk.rule} risk at {risk.entity.address}: {risk.message.en}"
    for gap in report.gaps:
        if gap.rule.startswith(prefixes):
            places = ", ".join(entity.address for entity in gap.entities[:3])
            missing = ", ".join(gap.missing)
            yield f"{gap.rule} gap ({gap.reason}) at {gap.count} places, as {places}: {gap.detail.en} {missing}"
    for bound in gate.plan.rules:
        if bound.rule.id.startswith(prefixes) and not snapshot.tables[bound.entity.name].entities:
            yield f"{bound.rule.id} meets no {bound.entity.name}"


def main() -> None:
    found = list(objections(Gate.load(), tuple(sys.argv[1:]) or ("",)))
    for line in found:
        print(line)
    print(f"{len(found)} objections on {AS_OF}")


if __name__ == "__main__":
    main()

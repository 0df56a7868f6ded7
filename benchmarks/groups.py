"""All groups of measurements. Each runs in a process of its own, so that no group's garbage is in another's way.

Run by run.py: `groups.py NAME --rounds N --units N` writes what it measured to stdout as JSON.
"""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace

import checking
import evaluation
import scaling
from cold import cold
from formats import formats
from inference import by_facts, inference
from many import many
from peers import peers
from rows import Measured, Options
from workload import Size

CURVE_ROUNDS = 5
"""Enough for a curve: each of its points says what its neighbours say."""


@dataclass(frozen=True)
class Group:
    """What measures it, and the heading of the table that its rows stand in."""

    measure: Callable[[Options], Measured]
    section: tuple[str, str]
    rounds: int | None = None
    """At most so many, whatever is asked for."""


FIELD = ("与其他引擎比较", "Against others")
EVALUATION = ("求值", "Evaluation")
CHECKS = ("整个检查", "Whole checks")
PACKS = ("加载与冷启动", "Loading and cold start")
MANY = ("多个快照", "Many snapshots")
MEMORY = ("内存", "Memory")
INFERENCE = ("推理", "Inference")
FORMATS = ("输出格式", "Formats")

GROUPS = {
    "peers": Group(peers, FIELD),
    "evaluation": Group(evaluation.flat, EVALUATION),
    "nested": Group(evaluation.quantified, EVALUATION),
    "rules": Group(evaluation.more_rules, EVALUATION),
    "units": Group(evaluation.more_units, EVALUATION),
    "by-lookup": Group(scaling.by_lookup, EVALUATION, CURVE_ROUNDS),
    "check": Group(checking.check, CHECKS),
    "check-larger": Group(checking.check_larger, CHECKS),
    "report": Group(checking.report_bytes, CHECKS),
    "loading": Group(checking.loading, PACKS),
    "cold": Group(cold, PACKS),
    "many": Group(many, MANY),
    "memory": Group(checking.memory, MEMORY),
    "inference": Group(inference, INFERENCE),
    "by-facts": Group(by_facts, INFERENCE, CURVE_ROUNDS),
    "formats": Group(formats, FORMATS),
    "by-units": Group(scaling.units, EVALUATION, CURVE_ROUNDS),
    "by-rules": Group(scaling.rules, EVALUATION, CURVE_ROUNDS),
    "by-nesting": Group(scaling.nesting, EVALUATION, CURVE_ROUNDS),
    "by-risks": Group(scaling.risks, EVALUATION, CURVE_ROUNDS),
    "by-shape": Group(scaling.shapes, EVALUATION, CURVE_ROUNDS),
}


def measure(name: str, options: Options) -> Measured:
    """One group, in this process."""
    group = GROUPS[name]
    return group.measure(replace(options, rounds=min(options.rounds, group.rounds or options.rounds)))


def main() -> None:
    parser = argparse.ArgumentParser(description="One group of measurements, as JSON.")
    parser.add_argument("name", choices=GROUPS)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--units", type=int, default=Size.units)
    given = parser.parse_args()
    json.dump(measure(given.name, Options(given.rounds, given.units)).as_dict(), sys.stdout)


if __name__ == "__main__":
    main()

"""How time and memory grow: with flats, rules, nesting, risks, depth and width; and what each format costs.

Run by run.py: `scaling.py NAME --rounds N --units N` writes its plots and rows to stdout as JSON.
"""

import argparse
import gc
import json
import sys
import tempfile
import tracemalloc
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from chain import deep, nested, wide
from larger import write_larger_pack
from measure import Candidate, interleaved
from plots import Plot
from rows import Row
from subject import DAY, FLAT, checks_of, evaluator
from workload import Size, snapshot_bytes

from riskgate.evaluate import evaluate
from riskgate.gate import Gate
from riskgate.plan.plan import plan_rules
from riskgate.plan.settings import settings_of
from riskgate.render.formats import FORMATS, Reader, Source, render

RISKS = 20_000


@dataclass(frozen=True)
class Options:
    """How often to measure, and how many flats the reference project has."""

    rounds: int
    units: int


@dataclass(frozen=True)
class Measured:
    """What one group gives."""

    plots: list[Plot] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


def _milliseconds(candidates: Mapping[str, Candidate], rounds: int) -> dict[str, float]:
    times = interleaved(candidates, rounds=rounds, on=True)
    return {name: times.median(name) * 1000 for name in candidates}


def units(options: Options) -> Measured:
    """From one flat to twenty thousand."""
    gate = Gate.load(FLAT)
    run = evaluator(gate)
    plot = Plot("units", "户数与用时", "time by flats", "flats", "ms", log=True)
    lines: dict[str, list[tuple[float, float]]] = {"json.loads": [], "check(bytes)": [], "evaluation": []}
    for count in (1, 10, 100, 1000, options.units, 10 * options.units):
        data = snapshot_bytes(Size(count))
        snapshot = gate.snapshot(data)
        found = _milliseconds(
            {
                "json.loads": Candidate(lambda _, data=data: json.loads(data)),  # type: ignore[misc]  # bound at once
                "check(bytes)": Candidate(lambda _, data=data: gate.check(data)),  # type: ignore[misc]  # the same
                "evaluation": Candidate(lambda _, snapshot=snapshot: run(snapshot)),  # type: ignore[misc]  # the same
            },
            options.rounds,
        )
        for name, spent in found.items():
            lines[name].append((count, spent))
    return Measured([replace(plot, lines=lines)])


def rules(options: Options) -> Measured:
    """From 20 rules to 1,000 on the reference project."""
    with tempfile.TemporaryDirectory() as folder:
        write_larger_pack(Path(folder), copies=17)
        gate = Gate.load(folder)
    snapshot = gate.snapshot(snapshot_bytes(Size(options.units)))
    settings = settings_of(gate.library.packs, gate.library.lifecycle)
    every = gate.plan.rules
    candidates: dict[str, Candidate] = {}
    checks: dict[str, int] = {}
    for count in (20, 60, 200, 500, 1000):
        chosen = [every[number * len(every) // count] for number in range(count)]
        plan = plan_rules(gate.library, [replace(rule, index=index) for index, rule in enumerate(chosen)])
        candidates[str(count)] = Candidate(lambda _, plan=plan: evaluate(plan, snapshot, settings, DAY))  # type: ignore[misc]  # bound at once
        checks[str(count)] = checks_of(evaluate(plan, snapshot, settings, DAY))
    found = _milliseconds(candidates, options.rounds)
    whole = {"evaluation": [(float(name), spent) for name, spent in found.items()]}
    each = {"evaluation": [(float(name), spent * 1e6 / checks[name]) for name, spent in found.items()]}
    return Measured(
        [
            Plot("rules", "规则数与求值用时", "evaluation by rules", "rules", "ms", whole),
            Plot("rules-check", "每次检查用时", "time of one check by rules", "rules", "ns a check", each),
        ]
    )


def nesting(options: Options) -> Measured:
    """One rule over about 4,096 leaves, with one to five quantifiers within each other."""
    candidates: dict[str, Candidate] = {}
    leaves: dict[str, int] = {}
    for depth in (1, 2, 3, 4, 5):
        made = nested(depth)
        run, snapshot = evaluator(made.gate), made.gate.snapshot(made.data)
        candidates[str(depth)] = Candidate(lambda _, run=run, snapshot=snapshot: run(snapshot))  # type: ignore[misc]  # bound at once
        leaves[str(depth)] = made.leaves
    found = _milliseconds(candidates, options.rounds)
    lines = {"all(all(…))": [(float(name), spent * 1e6 / leaves[name]) for name, spent in found.items()]}
    title = ("量词嵌套层数，每个末端对象用时", "nested quantifiers, time of one leaf")
    return Measured([Plot("nesting", *title, "quantifiers within each other", "ns a leaf", lines)])


def risks(options: Options) -> Measured:
    """From no faults to every second value faulty."""
    gate = Gate.load(FLAT)
    lines: dict[str, list[tuple[float, float]]] = {"report JSON": [], "check(bytes)": [], "evaluation": []}
    run = evaluator(gate)
    for share in (0.0, 0.05, 0.1, 0.25, 0.5):
        data = snapshot_bytes(Size(options.units // 4, risks=share))
        snapshot = gate.snapshot(data)
        found = _milliseconds(
            {
                "report JSON": Candidate(
                    lambda report: report.to_json(),
                    lambda snapshot=snapshot: gate.check(snapshot),  # type: ignore[misc]  # bound at once
                ),
                "check(bytes)": Candidate(lambda _, data=data: gate.check(data)),  # type: ignore[misc]  # the same
                "evaluation": Candidate(lambda _, snapshot=snapshot: run(snapshot)),  # type: ignore[misc]  # the same
            },
            options.rounds,
        )
        for name, spent in found.items():
            lines[name].append((share * 100, spent))
    title = ("有问题的值的比例与用时", "time by the share of faulty values")
    return Measured([Plot("risks", f"{title[0]}（{options.units // 4} 户）", title[1], "% faulty", "ms", lines)])


def shapes(options: Options) -> Measured:
    """The same number of entities in deeper chains; the same entities with more fields that no rule reads."""
    plots: list[Plot] = []
    for name, zh, en, x, make, sizes in (
        ("deep", "层级深度与用时", "time by depth of the snapshot", "levels", deep, (1, 2, 4, 6, 8, 10)),
        ("wide", "字段数与用时", "time by fields of an entity", "fields", wide, (5, 10, 20, 50, 100, 200)),
    ):
        lines: dict[str, list[tuple[float, float]]] = {"check(bytes)": [], "json.loads": []}
        for size in sizes:
            made = make(size)
            found = _milliseconds(
                {
                    "check(bytes)": Candidate(lambda _, made=made: made.gate.check(made.data)),  # type: ignore[misc]  # bound at once
                    "json.loads": Candidate(lambda _, made=made: json.loads(made.data)),  # type: ignore[misc]  # the same
                },
                options.rounds,
            )
            for label, spent in found.items():
                lines[label].append((size, spent))
        plots.append(Plot(name, zh, en, x, "ms", lines))
    return Measured(plots)


def memory(options: Options) -> Measured:
    """Peaks by tracemalloc, from the bytes to the report."""
    gate = Gate.load(FLAT)
    gate.check(snapshot_bytes(Size(20)))
    lines: dict[str, list[tuple[float, float]]] = {"check(bytes)": [], "json.loads": []}
    for count in (options.units // 20, options.units // 4, options.units):
        data = snapshot_bytes(Size(count))
        for name, work in (("check(bytes)", gate.check), ("json.loads", json.loads)):
            gc.collect()
            tracemalloc.start()
            kept = work(data)
            lines[name].append((count, tracemalloc.get_traced_memory()[1] / 1e6))
            tracemalloc.stop()
            del kept
    return Measured([Plot("memory", "户数与峰值内存", "peak memory by flats", "flats", "MB", lines)])


def formats(options: Options) -> Measured:
    """Every format of a report with 20,000 risks."""
    gate = Gate.load(FLAT)
    data = snapshot_bytes(Size(max(options.units * 5 // 3, 1)))
    report = gate.check(data)
    reader = Reader(lifecycle=gate.library.lifecycle, source=Source("snapshot.json", data), packs=gate.library.packs)
    found: list[Row] = []
    for name in FORMATS:
        render(report, name, reader)
        times = interleaved(
            {name: Candidate(lambda _, name=name: render(report, name, reader))},  # type: ignore[misc]  # bound at once
            rounds=min(options.rounds, 3),
            on=True,
            warm=0,
        )
        size = len(render(report, name, reader)) / 1e6
        zh, en = f"输出 {name}，{len(report.risks):,} 条风险", f"format {name}, {len(report.risks):,} risks"
        found.append(Row(zh, en, "on", times.median(name) * 1000, unit="ms", detail=f"{size:,.1f} MB"))
    return Measured(rows=found)


GROUPS: Mapping[str, Callable[[Options], Measured]] = {
    "by-units": units,
    "by-rules": rules,
    "by-nesting": nesting,
    "by-risks": risks,
    "by-shape": shapes,
    "by-memory": memory,
    "formats": formats,
}


def main() -> None:
    parser = argparse.ArgumentParser(description="One group of measurements, as JSON.")
    parser.add_argument("name", choices=GROUPS)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--units", type=int, default=Size.units)
    given = parser.parse_args()
    found = GROUPS[given.name](Options(given.rounds, given.units))
    made = {"rows": [row.as_dict() for row in found.rows], "plots": [plot.as_dict() for plot in found.plots]}
    json.dump(made, sys.stdout)


if __name__ == "__main__":
    main()

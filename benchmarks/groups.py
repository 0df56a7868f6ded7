"""The measurements. Each group runs in a process of its own, so that no group's garbage is in another's way.

Run by run.py: `groups.py NAME --rounds N --units N` writes its rows to stdout as JSON.
"""

import argparse
import gc
import json
import sys
import tempfile
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from findings import rows as all_rows
from handwritten import by_kind, entity_major, nested, rule_major
from inference import inference
from larger import write_larger_pack
from measure import Candidate, Times, interleaved
from peers import peers
from rows import BOTH, Collector, Row
from subject import FLAT, NESTED, ROOT, checks_of, evaluator, findings_of
from workload import Size, snapshot_bytes

from riskgate.gate import Gate


@dataclass(frozen=True)
class Options:
    """How long to measure, and on how many flats."""

    rounds: int
    units: int

    @property
    def data(self) -> bytes:
        return snapshot_bytes(Size(self.units))


def milliseconds(times: Times, *names: str) -> str:
    return " / ".join(f"{times.median(name) * 1000:,.1f}" for name in names) + " ms"


def evaluation(options: Options) -> list[Row]:
    """Evaluation alone against plain Python on the same tree, findings compared first."""
    gate = Gate.load(FLAT)
    run = evaluator(gate)
    snapshot = gate.snapshot(options.data)
    found = run(snapshot)
    project, tables = snapshot.project, all_rows(snapshot.project)
    for other in (entity_major(project), by_kind(project), rule_major(tables)):
        assert other.same_as(findings_of(found)), "riskgate and the hand-written rules disagree"
    checks = checks_of(found)
    candidates = {
        "riskgate": Candidate(lambda _: run(snapshot)),
        "hand": Candidate(lambda _: entity_major(project)),
        "kind": Candidate(lambda _: by_kind(project)),
        "rule": Candidate(lambda _: rule_major(tables)),
    }
    shown: list[Row] = []
    for collector, on in BOTH:
        times = interleaved(candidates, rounds=options.rounds, on=on)
        nanoseconds = {name: f"{times.median(name) / checks * 1e9:.0f}" for name in candidates}
        for zh, en, base, target in (
            (
                "求值，60 条规则，对比逐实体手写 Python",
                "evaluation, 60 rules / hand-written, entity by entity",
                "hand",
                0.65,
            ),
            ("同上，对比按类别分组的手写", "the same / hand-written, sorted by kind", "kind", None),
            ("同上，对比逐规则手写", "the same / hand-written, rule after rule", "rule", None),
        ):
            detail = f"{nanoseconds['riskgate']} / {nanoseconds[base]} ns a check, {checks:,} checks"
            shown.append(Row(zh, en, collector, times.ratio("riskgate", base), target=target, detail=detail))
    return shown


def nested_evaluation(options: Options) -> list[Row]:
    """Rules with quantifiers within quantifiers."""
    gate = Gate.load(NESTED)
    run = evaluator(gate)
    snapshot = gate.snapshot(options.data)
    project = snapshot.project
    assert nested(project).same_as(findings_of(run(snapshot))), "riskgate and the hand-written rules disagree"
    candidates = {
        "riskgate": Candidate(lambda _: run(snapshot)),
        "hand": Candidate(lambda _: nested(project)),
    }
    shown = []
    for collector, on in BOTH:
        times = interleaved(candidates, rounds=options.rounds, on=on)
        detail = milliseconds(times, "riskgate", "hand")
        zh, en = "求值，嵌套量词，对比手写", "evaluation, nested quantifiers / hand-written"
        shown.append(Row(zh, en, collector, times.ratio("riskgate", "hand"), target=0.8, detail=detail))
    return shown


def check(options: Options) -> list[Row]:
    return _check(options, Gate.load(FLAT), (2.5, 2.0))


def check_larger(options: Options) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        write_larger_pack(Path(folder))
        gate = Gate.load(folder)
    return _check(options, gate, (4.0, 3.0))


def _check(options: Options, gate: Gate, targets: tuple[float, float]) -> list[Row]:
    """From bytes to report, against `json.loads` of the same bytes."""
    data = options.data
    count = len(gate.plan.rules)
    report = gate.check(data)
    found = f"{len(report.risks):,} risks"
    del report
    shown = []
    times = interleaved(
        {
            "json": Candidate(lambda _: json.loads(data)),
            "check": Candidate(lambda _: gate.check(data)),
            "paused": Candidate(lambda _: gate.check(data, pause_collector=True)),
        },
        rounds=options.rounds,
        on=True,
    )
    zh, en = f"check(字节)，{count} 条规则，对比 json.loads", f"gate.check(bytes), {count} rules / json.loads"
    kinds: tuple[tuple[Collector, str, float], ...] = (("on", "check", targets[0]), ("paused", "paused", targets[1]))
    for collector, name, target in kinds:
        detail = f"{milliseconds(times, name, 'json')}, {found}"
        shown.append(Row(zh, en, collector, times.ratio(name, "json"), target=target, detail=detail))
    times = interleaved(
        {"json": Candidate(lambda _: json.loads(data)), "check": Candidate(lambda _: gate.check(data))},
        rounds=options.rounds,
        on=False,
    )
    detail = f"{milliseconds(times, 'check', 'json')}, {found}"
    return [*shown, Row(zh, en, "off", times.ratio("check", "json"), detail=detail)]


def report_bytes(options: Options) -> list[Row]:
    """What the JSON bytes of a report cost on top of the check."""
    gate = Gate.load(FLAT)
    data = options.data
    snapshot = gate.snapshot(data)
    sample = gate.check(snapshot)
    found = f"{len(sample.risks):,} risks, {len(sample.to_json()) / 1e6:.1f} MB"
    del sample
    shown = []
    for collector, on in BOTH:
        times = interleaved(
            {
                "json": Candidate(lambda _: json.loads(data)),
                "report": Candidate(lambda report: report.to_json(), lambda: gate.check(snapshot)),
            },
            rounds=options.rounds,
            on=on,
        )
        zh, en = "另加报告 JSON 字节，对比 json.loads", "report.to_json() on top / json.loads"
        detail = f"{milliseconds(times, 'report', 'json')}, {found}"
        shown.append(Row(zh, en, collector, times.ratio("report", "json"), target=1.0, detail=detail))
    return shown


def more_rules(options: Options) -> list[Row]:
    gate = Gate.load(FLAT)
    with tempfile.TemporaryDirectory() as folder:
        write_larger_pack(Path(folder))
        larger = Gate.load(folder)
    snapshot = gate.snapshot(options.data)
    few, many = evaluator(gate), evaluator(larger)
    return _scaled(
        options,
        {"few": Candidate(lambda _: few(snapshot)), "many": Candidate(lambda _: many(snapshot))},
        ("规则增至五倍，求值用时", "five times the rules, evaluation"),
        3.3,
    )


def more_units(options: Options) -> list[Row]:
    gate = Gate.load(FLAT)
    small, large = options.units, 10 * options.units
    few, many = (gate.snapshot(snapshot_bytes(Size(units))) for units in (small, large))
    run = evaluator(gate)
    return _scaled(
        options,
        {"few": Candidate(lambda _: run(few)), "many": Candidate(lambda _: run(many))},
        (f"户数从 {small:,} 增至 {large:,}，求值用时", f"{small:,} to {large:,} units, evaluation"),
        11.0,
    )


def _scaled(options: Options, candidates: Mapping[str, Candidate], what: tuple[str, str], target: float) -> list[Row]:
    shown = []
    for collector, on in BOTH:
        times = interleaved(candidates, rounds=options.rounds, on=on)
        detail = milliseconds(times, "many", "few")
        shown.append(Row(*what, collector, times.ratio("many", "few"), target=target, detail=detail))
    return shown


def loading(options: Options) -> list[Row]:
    """All bundled packs, YAML to Plan, against PyYAML's C loader on the same files."""
    texts = [path.read_bytes() for path in sorted((ROOT / "rules").rglob("*.yaml"))]
    rules = len(Gate.load().plan.rules)
    candidates = {
        "yaml": Candidate(lambda _: [yaml.load(text, Loader=yaml.CSafeLoader) for text in texts]),
        "load": Candidate(lambda _: Gate.load()),
        "whole": Candidate(lambda _: _all_code(Gate.load())),
    }
    shown = []
    for collector, on in BOTH:
        times = interleaved(candidates, rounds=options.rounds, on=on)
        detail = f"{milliseconds(times, 'load', 'yaml')}, {rules} rules, {sum(map(len, texts)) / 1000:,.0f} kB"
        zh, en = "加载全部内置规则包，对比 CSafeLoader", "loading all bundled packs / CSafeLoader"
        shown.append(Row(zh, en, collector, times.ratio("load", "yaml"), target=1.5, detail=detail))
        zh, en = "同上，另为全部对象类型生成代码", "the same, and the code of every entity type"
        detail = milliseconds(times, "whole", "yaml")
        shown.append(Row(zh, en, collector, times.ratio("whole", "yaml"), detail=detail))
    return shown


def _all_code(gate: Gate) -> Gate:
    """A gate generates the code of an entity type when a snapshot first has such entities."""
    for name in gate.plan.by_entity:
        gate.plan.check(name)
    return gate


def memory(options: Options) -> list[Row]:
    """Peaks by tracemalloc. Python's allocator is all it sees; the parser's own buffers outside it are not counted."""
    gate = Gate.load(FLAT)
    gate.check(snapshot_bytes(Size(20))).to_json()
    data = options.data
    tracemalloc.start()
    json.loads(data)
    plain = tracemalloc.get_traced_memory()[1]
    gc.collect()  # here and below: what a step left behind must not count for or against the next
    tracemalloc.reset_peak()
    gate.check(data)
    whole = tracemalloc.get_traced_memory()[1]
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    snapshot = gate.snapshot(data)
    gc.collect()
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    report = gate.check(snapshot)
    above = tracemalloc.get_traced_memory()[1] - held
    gc.collect()
    tracemalloc.reset_peak()
    start = tracemalloc.get_traced_memory()[0]
    written = report.to_json()
    writing = tracemalloc.get_traced_memory()[1] - start
    tracemalloc.stop()
    size = held - before
    return [
        Row(
            "check(已解析快照) 的峰值内存，对比快照",
            "memory above the parsed snapshot (tracemalloc peak) / the snapshot",
            "-",
            above / size,
            target=0.5,
            detail=f"{above / 1e6:.1f} / {size / 1e6:.1f} MB",
        ),
        Row(
            "另加报告 JSON 字节的峰值内存，对比快照",
            "the same for report.to_json() on top",
            "-",
            writing / size,
            detail=f"{writing / 1e6:.1f} / {size / 1e6:.1f} MB, {len(written) / 1e6:.1f} MB of them the bytes",
        ),
        Row(
            "check(字节) 的峰值内存，对比 json.loads",
            "peak of gate.check(bytes) / peak of json.loads",
            "-",
            whole / plain,
            detail=f"{whole / 1e6:.1f} / {plain / 1e6:.1f} MB",
        ),
    ]


GROUPS: Mapping[str, Callable[[Options], Sequence[Row]]] = {
    "evaluation": evaluation,
    "nested": nested_evaluation,
    "check": check,
    "check-larger": check_larger,
    "report": report_bytes,
    "rules": more_rules,
    "units": more_units,
    "loading": loading,
    "memory": memory,
    "inference": lambda options: inference(options.rounds),
    "peers": lambda options: peers(min(options.rounds, 3), options.units // 10),
}


def main() -> None:
    parser = argparse.ArgumentParser(description="One group of measurements, as JSON.")
    parser.add_argument("name", choices=GROUPS)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--units", type=int, default=Size.units)
    given = parser.parse_args()
    rows = GROUPS[given.name](Options(given.rounds, given.units))
    json.dump([row.as_dict() for row in rows], sys.stdout)


if __name__ == "__main__":
    main()

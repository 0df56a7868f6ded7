"""Whole checks, from bytes to a report and its bytes; loading of packs; peaks of memory."""

import gc
import inspect
import json
import tempfile
import tracemalloc
from pathlib import Path
from typing import Any

import orjson
import yaml
from larger import write_larger_pack
from measure import Candidate, Times, interleaved, json_loads
from rows import BOTH, Collector, Measured, Options, Row
from subject import FLAT, ROOT
from workload import Size, snapshot_bytes

from riskgate.gate import Gate


def check(options: Options) -> Measured:
    return _check(options, Gate.load(FLAT), (2.5, 2.0))


def check_larger(options: Options) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        write_larger_pack(Path(folder))
        gate = Gate.load(folder)
    return _check(options, gate, (4.0, 3.0))


def _check(options: Options, gate: Gate, targets: tuple[float, float]) -> Measured:
    """From bytes to report, against `json.loads` of the same bytes; for information, against orjson."""
    data = snapshot_bytes(Size(options.units))
    count = len(gate.plan.rules)
    report = gate.check(data)
    found = f"{len(report.risks):,} risks"
    del report
    plain = {"json": json_loads(data), "orjson": Candidate(lambda _: orjson.loads(data))}
    own = Candidate(lambda _: gate.check(data))
    paused = Candidate(lambda _: gate.check(data, pause_collector=True))

    def row(times: Times, collector: Collector, name: str, base: str, target: float | None = None) -> Row:
        names = (f"check(字节)，{count} 条规则，对比 {base}.loads", f"gate.check(bytes), {count} rules / {base}.loads")
        detail = f"{times.milliseconds(name, base)}, {found}"
        return Row.of(names, collector, times.ratio(name, base), target=target, detail=detail)

    on = interleaved({**plain, "check": own, "paused": paused}, rounds=options.rounds, on=True)
    off = interleaved({**plain, "check": own}, rounds=options.rounds, on=False)
    return Measured(
        [
            row(on, "on", "check", "json", targets[0]),
            row(on, "paused", "paused", "json", targets[1]),
            row(off, "off", "check", "json"),
            row(on, "on", "check", "orjson"),
            row(off, "off", "check", "orjson"),
        ]
    )


def report_bytes(options: Options) -> Measured:
    """What the JSON bytes of a report cost on top of the check."""
    gate = Gate.load(FLAT)
    data = snapshot_bytes(Size(options.units))
    snapshot = gate.snapshot(data)
    sample = gate.check(snapshot)
    found = f"{len(sample.risks):,} risks, {len(sample.to_json()) / 1e6:.1f} MB"
    del sample
    shown = []
    for collector, on in BOTH:
        times = interleaved(
            {
                "json": json_loads(data),
                "report": Candidate(lambda report: report.to_json(), lambda: gate.check(snapshot)),
            },
            rounds=options.rounds,
            on=on,
        )
        names = ("另加报告 JSON 字节，对比 json.loads", "report.to_json() on top / json.loads")
        detail = f"{times.milliseconds('report', 'json')}, {found}"
        shown.append(Row.of(names, collector, times.ratio("report", "json"), target=1.0, detail=detail))
    return Measured(shown)


def loading(options: Options) -> Measured:
    """All bundled packs, YAML to Plan, against PyYAML's C loader on the same files; from a cache, if there is one."""
    with tempfile.TemporaryDirectory() as folder:
        return _loading(options, Path(folder, "cache"))


def _loading(options: Options, cache: Path) -> Measured:
    texts = [path.read_bytes() for path in sorted((ROOT / "rules").rglob("*.yaml"))]
    rules = len(Gate.load().plan.rules)
    candidates = {
        "yaml": Candidate(lambda _: [yaml.load(text, Loader=yaml.CSafeLoader) for text in texts]),
        "load": Candidate(lambda _: Gate.load()),
        "whole": Candidate(lambda _: _all_code(Gate.load())),
    }
    if "cache" in inspect.signature(Gate.load).parameters:
        kept: dict[str, Any] = {"cache": cache}
        candidates["kept"] = Candidate(lambda _: Gate.load(**kept))  # the round that does not count fills it
    shown = []
    for collector, on in BOTH:
        times = interleaved(candidates, rounds=options.rounds, on=on)
        detail = f"{times.milliseconds('load', 'yaml')}, {rules} rules, {sum(map(len, texts)) / 1000:,.0f} kB"
        names = ("加载全部内置规则包，对比 CSafeLoader", "loading all bundled packs / CSafeLoader")
        shown.append(Row.of(names, collector, times.ratio("load", "yaml"), target=1.5, detail=detail))
        names = ("同上，另为全部对象类型生成代码", "the same, and the code of every entity type")
        detail = times.milliseconds("whole", "yaml")
        shown.append(Row.of(names, collector, times.ratio("whole", "yaml"), detail=detail))
        if "kept" in candidates:
            names = ("从缓存加载全部内置规则包，对比 CSafeLoader", "all bundled packs from the cache / CSafeLoader")
            detail = times.milliseconds("kept", "yaml")
            shown.append(Row.of(names, collector, times.ratio("kept", "yaml"), detail=detail))
    return Measured(shown)


def _all_code(gate: Gate) -> Gate:
    """A gate generates the code of an entity type when a snapshot first has such entities."""
    for name in gate.plan.by_entity:
        gate.plan.check(name)
    return gate


def memory(options: Options) -> Measured:
    """Peaks by tracemalloc. Python's allocator is all it sees; the parser's own buffers outside it are not counted."""
    gate = Gate.load(FLAT)
    gate.check(snapshot_bytes(Size(20))).to_json()
    data = snapshot_bytes(Size(options.units))
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
    return Measured(
        [
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
    )

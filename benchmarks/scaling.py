"""How time and memory grow: with flats, rules, nesting, risks, depth and width of a snapshot, records to look up."""

import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from chain import Made, deep, faulty, lookup, nested, wide
from larger import write_larger_pack
from measure import Candidate, Times, interleaved, json_loads, traced_peak
from plots import Plot, Point
from rows import Measured, Options, Row
from subject import FLAT, checks_of, evaluator, findings_of
from workload import Size, snapshot_bytes

from riskgate.gate import Gate
from riskgate.plan.plan import plan_rules

MS, MB = "毫秒 / ms", "峰值兆字节 / peak MB"
FLATS, RULES = "户数 / flats", "规则数 / rules"
CHECK, LOADS, EVALUATION, REPORT = "gate.check(bytes)", "json.loads", "evaluation", "report.to_json()"
Lines = dict[str, list[Point]]
Work = Callable[[], object]


def _add(lines: Lines, x: float, times: Times, factor: float = 1e3) -> None:
    """A point on the line of each candidate, with its spread; milliseconds unless another factor is given."""
    for name in times.seconds:
        lines.setdefault(name, []).append((x, *times.of(name).times(factor)))


def _add_peaks(lines: Lines, x: float, works: Mapping[str, Work]) -> None:
    for name, work in works.items():
        lines.setdefault(name, []).append((x, traced_peak(work)))


def _pair(gate: Gate, data: bytes) -> dict[str, Candidate]:
    return {CHECK: Candidate(lambda _: gate.check(data)), LOADS: json_loads(data)}


def _works(candidates: Mapping[str, Candidate]) -> dict[str, Work]:
    """The same for memory: once each, without preparation."""
    return {name: _work(candidate) for name, candidate in candidates.items() if candidate.prepare is None}


def _work(candidate: Candidate) -> Work:
    return lambda: candidate.run(None)


def units(options: Options) -> Measured:
    """From one flat to twenty thousand."""
    gate = Gate.load(FLAT)
    run = evaluator(gate)
    times, peaks = Lines(), Lines()
    for count in sorted({1, 10, 100, options.units // 2, options.units, 10 * options.units}):
        data = snapshot_bytes(Size(count))
        pair = _pair(gate, data)
        snapshot = gate.snapshot(data)
        every = {**pair, EVALUATION: Candidate(lambda _, snapshot=snapshot: run(snapshot))}  # type: ignore[misc]  # bound at once
        _add(times, count, interleaved(every, rounds=options.rounds, on=True))
        del snapshot, every
        _add_peaks(peaks, count, _works(pair))
    return Measured(
        plots=[
            Plot("units", "户数与用时", "time by flats", FLATS, MS, times, log=True),
            Plot("units-memory", "户数与峰值内存", "peak memory by flats", FLATS, MB, peaks, log=True),
        ]
    )


def rules(options: Options) -> Measured:
    """From 20 rules to 1,000 on the reference project."""
    with tempfile.TemporaryDirectory() as folder:
        write_larger_pack(Path(folder), copies=17)
        whole = Gate.load(folder)
    data = snapshot_bytes(Size(options.units))
    snapshot = whole.snapshot(data)
    every = whole.plan.rules
    times, each, peaks = Lines(), Lines(), Lines()
    for count in (20, 60, 200, 500, 1000):
        chosen = [every[number * len(every) // count] for number in range(count)]
        plan = plan_rules(whole.library, [replace(rule, index=index) for index, rule in enumerate(chosen)])
        gate = Gate.of(whole.library, plan)
        run = evaluator(gate)
        checks = checks_of(run(snapshot))
        candidates = {
            CHECK: Candidate(lambda _, gate=gate: gate.check(data)),  # type: ignore[misc]  # bound at once
            EVALUATION: Candidate(lambda _, run=run: run(snapshot)),  # type: ignore[misc]  # the same
        }
        measured = interleaved(candidates, rounds=options.rounds, on=True)
        _add(times, count, measured)
        each.setdefault(EVALUATION, []).append((count, *measured.of(EVALUATION).times(1e9 / checks)))
        _add_peaks(peaks, count, _works(candidates))
    return Measured(
        plots=[
            Plot("rules", "规则数与用时", "time by rules", RULES, MS, times),
            Plot("rules-check", "每次检查用时", "time of one check by rules", RULES, "纳秒 / ns", each),
            Plot("rules-memory", "规则数与峰值内存", "peak memory by rules", RULES, MB, peaks),
        ]
    )


def nesting(options: Options) -> Measured:
    """One rule over about 4,096 leaves, with one to five quantifiers within each other, against loops by hand."""
    each, peaks = Lines(), Lines()
    for depth in (1, 2, 3, 4, 5):
        made = nested(depth)
        run, snapshot = evaluator(made.gate), made.gate.snapshot(made.data)
        project = snapshot.project
        assert not findings_of(run(snapshot)).risks
        assert all_large(project, depth, 0.5)
        candidates = {
            "riskgate": Candidate(lambda _, run=run, snapshot=snapshot: run(snapshot), repeat=5),  # type: ignore[misc]  # bound at once
            "Python": Candidate(lambda _, at=project, depth=depth: all_large(at, depth, 0.5), repeat=5),  # type: ignore[misc]  # the same
        }
        _add(each, depth, interleaved(candidates, rounds=options.rounds, on=True), 1e9 / made.leaves)
        _add_peaks(peaks, depth, _works(_pair(made.gate, made.data)))
    title = ("量词嵌套层数，每个末端对象用时", "nested quantifiers, time of one leaf")
    x = "嵌套层数 / quantifiers within each other"
    return Measured(
        plots=[
            Plot("nesting", *title, x, "纳秒 / ns", each),
            Plot("nesting-memory", "量词嵌套层数与峰值内存", "peak memory by nested quantifiers", x, MB, peaks),
        ]
    )


def all_large(entity: dict[str, Any], depth: int, least: float, level: int = 1) -> bool | None:
    """By hand, three outcomes: whether all leaves are large; None where one lacks its size and none is too small."""
    outcome: bool | None = True
    items = entity.get(f"l{level}s")
    if items is None:
        return None
    if level < depth:
        for item in items:
            inner = all_large(item, depth, least, level + 1)
            if inner is False:
                return False
            if inner is None:
                outcome = None
        return outcome
    for item in items:
        size = item.get("size")
        if size is None:
            outcome = None
        elif size < least:
            return False
    return outcome


def risks(options: Options) -> Measured:
    """From no risk to one in every second check."""
    times, peaks = Lines(), Lines()
    for share in (0.0, 0.05, 0.1, 0.25, 0.5):
        made = faulty(share)
        gate, snapshot, run = made.gate, made.gate.snapshot(made.data), evaluator(made.gate)
        found = findings_of(run(snapshot))
        assert len(found.risks) == round(share * checks_of(run(snapshot)))
        candidates = {
            REPORT: Candidate(lambda report: report.to_json(), lambda gate=gate, at=snapshot: gate.check(at)),  # type: ignore[misc]  # bound at once
            **_pair(gate, made.data),
            EVALUATION: Candidate(lambda _, run=run, snapshot=snapshot: run(snapshot)),  # type: ignore[misc]  # the same
        }
        _add(times, share * 100, interleaved(candidates, rounds=options.rounds, on=True))
        whole: Work = lambda made=made: made.gate.check(made.data).to_json()  # type: ignore[misc]  # noqa: E731 - the same
        _add_peaks(peaks, share * 100, {"check + to_json": whole, **_works(_pair(gate, made.data))})
    x = "风险占检查的百分比 / % of 20,000 checks that are risks"
    return Measured(
        plots=[
            Plot("risks", "风险比例与用时", "time by share of risks", x, MS, times),
            Plot("risks-memory", "风险比例与峰值内存", "peak memory by share of risks", x, MB, peaks),
        ]
    )


def shapes(options: Options) -> Measured:
    """The same number of entities in deeper chains; the same entities with more fields that no rule reads."""
    return Measured(
        plots=[
            *_shape(options, deep, (1, 2, 4, 6, 8, 10), "deep", ("层级深度", "depth"), "层数 / levels"),
            *_shape(
                options,
                wide,
                (5, 10, 20, 50, 100, 200),
                "wide",
                ("字段数", "fields"),
                "每个对象的字段 / fields of an entity",
            ),
        ]
    )


def _shape(
    options: Options,
    make: Callable[[int], Made],
    sizes: Iterable[int],
    name: str,
    what: tuple[str, str],
    x: str,
) -> list[Plot]:
    times, peaks = Lines(), Lines()
    for size in sizes:
        made = make(size)
        pair = _pair(made.gate, made.data)
        _add(times, size, interleaved(pair, rounds=options.rounds, on=True))
        _add_peaks(peaks, size, _works(pair))
    zh, en = what
    return [
        Plot(name, f"{zh}与用时", f"time by {en}", x, MS, times),
        Plot(f"{name}-memory", f"{zh}与峰值内存", f"peak memory by {en}", x, MB, peaks),
    ]


def by_lookup(options: Options) -> Measured:
    """Flats that each look for theirs among the test records of all: linear, as with an index made by hand."""
    times = Lines()
    naive, indexed, own = "Python, loop within a loop", "Python, index", "riskgate"
    sizes = [max(options.units * step // 8, 1) for step in (1, 2, 4, 10, 20, 40)]
    loops = sizes[3]
    runs: dict[int, Candidate] = {}
    for count in sizes:
        made = lookup(count)
        run, snapshot = evaluator(made.gate), made.gate.snapshot(made.data)
        project = snapshot.project
        found = [ordinal for _, ordinal in findings_of(run(snapshot)).risks]
        assert found == without_test(project), "riskgate and the index made by hand disagree"
        runs[count] = Candidate(lambda _, run=run, snapshot=snapshot: run(snapshot))  # type: ignore[misc]  # bound at once
        candidates = {
            own: runs[count],
            indexed: Candidate(lambda _, project=project: without_test(project)),  # type: ignore[misc]  # the same
        }
        if count <= loops:
            candidates[naive] = Candidate(lambda _, project=project: without_test_slowly(project))  # type: ignore[misc]  # the same
        _add(times, count, interleaved(candidates, rounds=min(options.rounds, 3), on=True))
    few, many = sizes[2], sizes[5]
    turns = interleaved({"few": runs[few], "many": runs[many]}, rounds=options.rounds, on=True)
    names = (
        f"每户在 {few * 3:,} → {many * 3:,} 条试验记录中查找，户数 {few:,} → {many:,}，求值用时",
        f"each flat looks among {few * 3:,} → {many * 3:,} test records, {few:,} → {many:,} flats, evaluation",
    )
    detail = turns.milliseconds("many", "few")
    row = Row.of(names, "on", turns.ratio("many", "few"), target=11.0, detail=detail)
    title = ("每户在全部试验记录中查找", "each flat looks for its tests among those of all")
    return Measured([row], [Plot("lookup", *title, FLATS, MS, times, log=True)])


def without_test(project: dict[str, Any]) -> list[int]:
    """Positions of the flats none of whose tests passed, by an index; everything is known in this data."""
    passed = {test["unit_id"] for test in project["tests"] if test["passed"]}
    return [number for number, unit in enumerate(project["units"]) if unit["id"] not in passed]


def without_test_slowly(project: dict[str, Any]) -> list[int]:
    """The same as it is first written: for each flat, through the records until one is found."""
    found = []
    for number, unit in enumerate(project["units"]):
        name = unit["id"]
        for test in project["tests"]:
            if test["unit_id"] == name and test["passed"]:
                break
        else:
            found.append(number)
    return found

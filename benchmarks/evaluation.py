"""Evaluation alone: against plain Python on the same tree, and as rules and flats grow in number."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from findings import rows as all_rows
from handwritten import by_kind, entity_major, nested, rule_major
from larger import write_larger_pack
from measure import Candidate, interleaved
from rows import BOTH, Measured, Options, Row
from subject import FLAT, NESTED, checks_of, evaluator, findings_of
from workload import Size, snapshot_bytes

from riskgate.gate import Gate

BASES = (
    ("hand", ("求值，60 条规则，对比逐实体手写 Python", "evaluation, 60 rules / hand-written, entity by entity"), 0.65),
    ("kind", ("同上，对比按类别分组的手写", "the same / hand-written, sorted by kind"), None),
    ("rule", ("同上，对比逐规则手写", "the same / hand-written, rule after rule"), None),
)


def flat(options: Options) -> Measured:
    """Sixty rules without quantifiers; findings are compared first."""
    gate = Gate.load(FLAT)
    run = evaluator(gate)
    data = snapshot_bytes(Size(options.units))
    snapshot = gate.snapshot(data)
    found = run(snapshot)
    project, tables = snapshot.project, all_rows(snapshot.project)
    mine = findings_of(found)
    for other in (entity_major(project), by_kind(project), rule_major(tables)):
        assert other.same_as(mine), "riskgate and the hand-written rules disagree"
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
        for base, names, target in BASES:
            detail = f"{nanoseconds['riskgate']} / {nanoseconds[base]} ns a check, {checks:,} checks"
            shown.append(Row.of(names, collector, times.ratio("riskgate", base), target=target, detail=detail))
    numbers = [f"{len(listed):,}" for listed in (tables.unit, tables.room, tables.opening)]
    rules = len(gate.plan.rules)
    size, share = f"{len(data) / 1e6:.1f} MB", f"{len(mine.risks) / checks:.1%}"
    fact = (
        (
            f"项目：{numbers[0]} 户、{numbers[1]} 间、{numbers[2]} 个门窗洞口，JSON {size}；{rules} 条规则，"
            f"{checks:,} 次检查，其中 {share} 是风险"
        ),
        (
            f"project: {numbers[0]} flats, {numbers[1]} rooms, {numbers[2]} openings, {size} of JSON; {rules} rules, "
            f"{checks:,} checks, {share} of them risks"
        ),
    )
    return Measured(shown, facts=[fact])


def quantified(options: Options) -> Measured:
    """Rules with quantifiers within quantifiers."""
    gate = Gate.load(NESTED)
    run = evaluator(gate)
    snapshot = gate.snapshot(snapshot_bytes(Size(options.units)))
    project = snapshot.project
    assert nested(project).same_as(findings_of(run(snapshot))), "riskgate and the hand-written rules disagree"
    candidates = {
        "riskgate": Candidate(lambda _: run(snapshot)),
        "hand": Candidate(lambda _: nested(project)),
    }
    shown = []
    for collector, on in BOTH:
        times = interleaved(candidates, rounds=options.rounds, on=on)
        detail = times.milliseconds("riskgate", "hand")
        names = ("求值，嵌套量词，对比手写", "evaluation, nested quantifiers / hand-written")
        shown.append(Row.of(names, collector, times.ratio("riskgate", "hand"), target=0.8, detail=detail))
    return Measured(shown)


def more_rules(options: Options) -> Measured:
    gate = Gate.load(FLAT)
    with tempfile.TemporaryDirectory() as folder:
        write_larger_pack(Path(folder))
        larger = Gate.load(folder)
    snapshot = gate.snapshot(snapshot_bytes(Size(options.units)))
    few, many = evaluator(gate), evaluator(larger)
    return _scaled(
        options,
        {"few": Candidate(lambda _: few(snapshot)), "many": Candidate(lambda _: many(snapshot))},
        ("规则增至五倍，求值用时", "five times the rules, evaluation"),
        3.3,
    )


def more_units(options: Options) -> Measured:
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


def _scaled(options: Options, candidates: Mapping[str, Candidate], names: tuple[str, str], target: float) -> Measured:
    shown = []
    for collector, on in BOTH:
        times = interleaved(candidates, rounds=options.rounds, on=on)
        detail = times.milliseconds("many", "few")
        shown.append(Row.of(names, collector, times.ratio("many", "few"), target=target, detail=detail))
    return Measured(shown)

"""riskgate in its field: sixteen rules, one data set, everybody in one process, findings compared first.

riskgate and the rules written by hand decide three outcomes; the other engines answer yes or no, on whole data: no
gaps, no addresses, no evidence. Those that are not installed (extra `bench`) are left out, and the table says so.
"""

import importlib
import json
import tempfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson
import yaml
from durable_alone import DurableRules
from engines import ENGINES, Entities
from findings import rows as all_rows
from handwritten import sixteen_by_entity, sixteen_by_rule
from measure import Candidate, Times, interleaved
from plots import Bars
from rows import Measured, Options, Row
from subject import FLAT, checks_of, evaluator, findings_of
from workload import Size, snapshot_bytes

from riskgate.gate import Gate
from riskgate.snapshot import Snapshot

WINDOW = 'kind in ["window", "bay_window"]'
VIOLATIONS: Mapping[str, Mapping[str, str]] = {
    "room": {
        "BM-RM-001": 'kind == "kitchen" and usable_area_m2 < 4.5',
        "BM-RM-002": 'kind == "bedroom" and usable_area_m2 < 9.0',
        "BM-RM-004": 'kind in ["living", "bedroom", "study"] and clear_height_m < 2.6',
        "BM-RM-005": 'kind in ["living", "bedroom"] and not (local_clear_height_m >= 2.1 or low_area_ratio <= 0.33)',
        "BM-RM-008": 'kind == "kitchen" and not (vent_opening_area_m2 >= 0.6 and vent_opening_ratio >= 0.1)',
        "BM-RM-016": 'kind == "living" and furniture_wall_length_m < 3.0',
        "BM-RM-017": 'kind in ["balcony", "bathroom"] and (level_difference_m < 0.01 or level_difference_m > 0.05)',
        "BM-RM-022": "not is_basement and usable_area_m2 > short_side_m * short_side_m * 2.85",
    },
    "opening": {
        "BM-OP-001": f"{WINDOW} and sill_height_m < 0.5 and not has_guard and not has_balcony_outside",
        "BM-OP-002": 'kind == "bay_window" and bay_sill_height_m <= 0.45 and guard_height_from_sill_m < 0.9',
        "BM-OP-004": 'kind == "bedroom_door" and clear_width_m < 0.899999999',
        "BM-OP-007": (
            'kind == "entry_door" and faces in ["lift_door", "entry_door", "stair_door"] and not has_vestibule'
        ),
        "BM-OP-010": f"{WINDOW} and recess_depth_m > recess_width_m * 2.0",
        "BM-OP-011": f"{WINDOW} and head_height_m > room_ceiling_height_m - 0.05",
        "BM-OP-013": f"{WINDOW} and (sash_conflict or pipe_in_front)",
        "BM-OP-014": f"{WINDOW} and not (handle_height_m <= 1.5 and is_operable_from_inside)",
    },
}
"""When each rule is violated, in the syntax that zen-engine and rule-engine share; the others are made from it."""

OWN = "riskgate"
BY_ENTITY, BY_RULE = "Python, entity by entity", "Python, rule after rule"
DURABLE = "durable-rules"
YARDSTICKS = ("json.loads", "orjson.loads")
FAST = 20
"""How often what takes about a millisecond is run in a round."""
SHARE, ROUNDS = 10, 5
"""A tenth of the flats, and not more rounds: the slowest engine takes seconds for each."""
NOTES = {
    OWN: ("三种结果", "three outcomes"),
    BY_ENTITY: ("手写 Python，逐实体，三种结果", "by hand, entity by entity, three outcomes"),
    BY_RULE: ("手写 Python，逐规则，三种结果", "by hand, rule after rule, three outcomes"),
    DURABLE: ("单独使用，每个对象一条事实", "alone, a fact for each entity"),
    "json.loads": ("标尺：同一快照的字节", "yardstick: the bytes of the same snapshot"),
    "orjson.loads": ("标尺：同一快照的字节", "yardstick: the bytes of the same snapshot"),
}
TARGET_FROM = frozenset(ENGINES)
"""Who is to be twenty times slower; of the others there is no target here."""


def peers(options: Options) -> Measured:
    """Everybody's time for one check, and everybody's ratio to riskgate."""
    units = max(options.units // SHARE, 1)
    data = snapshot_bytes(Size(units))
    with tempfile.TemporaryDirectory() as folder:
        gate = Gate.load(reduced(Path(folder)))
    snapshot = gate.snapshot(data)
    candidates = contenders(gate, snapshot)
    candidates |= {
        "json.loads": Candidate(lambda _: json.loads(data), repeat=FAST),
        "orjson.loads": Candidate(lambda _: orjson.loads(data), repeat=FAST),
    }
    checks = checks_of(evaluator(gate)(snapshot))
    times = interleaved(candidates, rounds=min(options.rounds, ROUNDS), on=True, warm=0)
    rules = len(gate.plan.rules)
    return Measured(
        [_row(name, times, checks, rules) for name in candidates if name != OWN],
        [_bars(times, checks)],
        [_versions(candidates), _absent(candidates)],
    )


def contenders(gate: Gate, snapshot: Snapshot) -> dict[str, Candidate]:
    """riskgate first, then all that are installed. Each finds what riskgate finds, or there is an AssertionError."""
    run = evaluator(gate)
    expected = findings_of(run(snapshot))
    tables = all_rows(snapshot.project)
    rooms, openings = ([*snapshot.tables[name].entities] for name in ("room", "opening"))
    by_hand = {
        BY_ENTITY: Candidate(lambda _: sixteen_by_entity(rooms, openings), repeat=FAST),
        BY_RULE: Candidate(lambda _: sixteen_by_rule(tables), repeat=FAST),
    }
    for name, candidate in by_hand.items():
        found: Any = candidate.run(None)
        assert found.same_as(expected), f"{name} finds something else"
    candidates = {OWN: Candidate(lambda _: run(snapshot), repeat=FAST), **by_hand}
    for name, candidate in _engines({"room": rooms, "opening": openings}).items():
        found = candidate.run(candidate.prepare() if candidate.prepare else None)
        different = sorted(set(found) ^ set(expected.risks))
        assert not different, f"{name} finds something else: {different[:5]}"
        assert len(found) == len(expected.risks), f"{name} finds something twice"
        candidates[name] = candidate
    return candidates


def _engines(entities: Entities) -> dict[str, Candidate]:
    flat = {name: [_flat(entity) for entity in listed] for name, listed in entities.items()}
    found: dict[str, Candidate] = {}
    if _installed("durable_rules_engine"):
        durable = DurableRules(VIOLATIONS, flat)
        found[DURABLE] = Candidate(durable.run, durable.prepare)
    for name, (module, _, make) in ENGINES.items():
        if _installed(module):
            found[name] = _candidate(make(VIOLATIONS, flat))
    return found


def _candidate(runner: Any) -> Candidate:
    return Candidate(lambda _: runner())


def _installed(module: str) -> bool:
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True


def _flat(entity: dict[str, Any]) -> dict[str, Any]:
    """Without children: an engine that converts what it is given must not pay for them."""
    return {name: value for name, value in entity.items() if not isinstance(value, list)}


def reduced(folder: Path) -> Path:
    """A pack of the sixteen rules alone."""
    content = yaml.safe_load((FLAT / "pack.yaml").read_text(encoding="utf-8"))
    wanted = {rule for rules in VIOLATIONS.values() for rule in rules}
    files = [yaml.safe_load((FLAT / f"{name}.yaml").read_text(encoding="utf-8"))["rules"] for name in VIOLATIONS]
    content["rules"] = [rule for rules in files for rule in rules if rule["id"] in wanted]
    path = folder / "reduced.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def _row(name: str, times: Times, checks: int, rules: int) -> Row:
    mine, other = (times.median(which) / checks * 1e9 for which in (OWN, name))
    zh, en = NOTES.get(name, ("", ""))
    names = (f"{name} 对比 riskgate（{rules} 条规则）", f"{name} / riskgate ({rules} rules)")
    if zh:
        names = (f"{name} 对比 riskgate（{zh}）", f"{name} / riskgate ({en})")
    return Row.of(
        names,
        "on",
        times.ratio(name, OWN),
        target=20 if name in TARGET_FROM else None,
        at_least=name in TARGET_FROM,
        detail=f"{other:,.0f} / {mine:,.0f} ns a check, {checks:,} checks",
    )


def _bars(times: Times, checks: int) -> Bars:
    values = {name: times.median(name) / checks * 1e9 for name in times.seconds}
    return Bars(
        "field",
        "同样的 16 条规则、同样的数据",
        "the same 16 rules, the same data",
        "每次检查用时，纳秒 / ns a check",
        dict(sorted(values.items(), key=lambda item: item[1])),
        own=[OWN],
        plain=YARDSTICKS,
    )


def _versions(candidates: Mapping[str, Candidate]) -> tuple[str, str]:
    distributions = {DURABLE: "durable_rules", **{name: listed[1] for name, listed in ENGINES.items()}}
    shown = [f"{name} {version(distributions[name])}" for name in candidates if name in distributions]
    listed = ", ".join([*shown, f"orjson {version('orjson')}"])
    return f"版本：{listed}", f"versions: {listed}"


def _absent(candidates: Mapping[str, Candidate]) -> tuple[str, str]:
    missing = [name for name in (DURABLE, *ENGINES) if name not in candidates]
    listed = ", ".join(missing)
    return f"未安装、未比较：{listed or '无'}", f"not installed, not compared: {listed or 'none'}"

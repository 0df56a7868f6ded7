"""Small made-up vocabularies: chains of any depth, entities of any width, records to look up. Each comes with its gate.

Their rules have the sizes of their entities, or what the records say, for their subject: 0 is a risk, 1 is none.
"""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from riskgate.gate import Gate

LEAVES = 4096
TITLE = {"zh": "示例", "en": "example"}


class Made(NamedTuple):
    """A gate, a snapshot for it, and how many entities of the last type that has."""

    gate: Gate
    data: bytes
    leaves: int


def nested(depth: int) -> Made:
    """A rule of the project that goes down `depth` lists, each within the other, to the same number of leaves."""
    require, above = "", "project"
    for level in range(1, depth + 1):
        require += f"{above}.l{level}s.all(v{level}, "
        above = f"v{level}"
    require += f"{above}.size >= params.least" + ")" * depth
    rule = {"entity": "project", "require": require}
    fan = round(LEAVES ** (1 / depth))
    leaves = fan ** (depth - 1) * max(1, LEAVES // fan ** (depth - 1))
    return Made(_gate(_levels(depth), rule), _data(_tree(depth, fan, LEAVES)), leaves)


def deep(depth: int) -> Made:
    """A rule of the last of `depth` types, each within the other: 4,096 entities of all types together."""
    rule = {"entity": f"l{depth}", "require": f"l{depth}.size >= params.least && l1.size >= params.least"}
    count = LEAVES // depth
    return Made(_gate(_levels(depth), rule), _data(_tree(depth, 1, count, first=count)), count)


def wide(fields: int) -> Made:
    """Entities with so many fields, of which a rule reads one."""
    entities = _levels(1)
    entities["l1"]["fields"] |= {f"f{number}": {"type": "number"} for number in range(fields)}
    rule = {"entity": "l1", "require": "l1.size >= params.least"}
    values = {f"f{number}": number / 2 for number in range(fields)}
    tree = {"l1s": [{"id": str(number), "size": 1.0, **values} for number in range(LEAVES // 4)]}
    return Made(_gate(entities, rule), _data(tree), LEAVES // 4)


CHECKED = 10
"""Rules over each entity of `faulty`."""
FAULTY = 2000
RECORDS = 3
"""Test records for each flat of `lookup`."""


def faulty(share: float) -> Made:
    """20,000 checks, of which this share are risks: ten rules over 2,000 entities, each about a field of its own."""
    names = [f"f{number}" for number in range(CHECKED)]
    entities = _levels(1)
    entities["l1"]["fields"] |= {name: {"type": "number"} for name in names}
    rules = [{"entity": "l1", "require": f"l1.{name} >= params.least"} for name in names]
    tree = {"l1s": [{"id": str(n), **_spread(names, n, share)} for n in range(FAULTY)]}
    return Made(_gate(entities, *rules), _data(tree), FAULTY)


def _spread(names: Sequence[str], entity: int, share: float) -> dict[str, float]:
    """0 for faulty fields, 1 for others, as even as can be: a fault where the sum of shares passes a whole number."""
    first = entity * len(names)
    return {name: float(int((first + n) * share) == int((first + n + 1) * share)) for n, name in enumerate(names)}


def lookup(count: int) -> Made:
    """Flats that each look for their test records in one list of all records; every fiftieth has none that passed."""
    named = {"id": {"type": "string", "required": True}}
    entities: dict[str, Any] = {
        "project": {"fields": named},
        "unit": {"within": "project", "collection": "units", "fields": named},
        "test": {
            "within": "project",
            "collection": "tests",
            "fields": {**named, "unit_id": {"type": "string", "free_text": True}, "passed": {"type": "boolean"}},
        },
    }
    rule = {"entity": "unit", "require": "project.tests.exists(t, t.unit_id == unit.id && t.passed)"}
    tests = [
        {"id": f"{unit}-{record}", "unit_id": f"u{unit}", "passed": unit % 50 > 0 and record > 0}
        for record in range(RECORDS)
        for unit in range(count)
    ]
    return Made(_gate(entities, rule), _data({"units": [{"id": f"u{n}"} for n in range(count)], "tests": tests}), count)


def _levels(depth: int) -> dict[str, Any]:
    entities: dict[str, Any] = {"project": {"fields": {"id": {"type": "string", "required": True}}}}
    above = "project"
    for level in range(1, depth + 1):
        fields = {"id": {"type": "string", "required": True}, "size": {"type": "number"}}
        entities[f"l{level}"] = {"within": above, "collection": f"l{level}s", "fields": fields}
        above = f"l{level}"
    return entities


def _tree(depth: int, fan: int, leaves: int, *, first: int = 0, level: int = 1) -> dict[str, Any]:
    count = first or (fan if level < depth else max(1, leaves // fan ** (depth - 1)))
    items = []
    for number in range(count):
        item: dict[str, Any] = {"id": str(number), "size": 1.0}
        if level < depth:
            item |= _tree(depth, fan, leaves if not first else 1, level=level + 1)
        items.append(item)
    return {f"l{level}s": items}


def _data(tree: dict[str, Any]) -> bytes:
    return json.dumps({"riskgate": 1, "as_of": "2026-11-20", "project": {"id": "p", **tree}}).encode()


def _gate(entities: dict[str, Any], *rules: dict[str, Any]) -> Gate:
    common = {"title": TITLE, "severity": "major", "nodes": ["N10"]}
    titled = [{"id": f"X-{number:03d}", **common, **rule} for number, rule in enumerate(rules, 1)]
    pack = {
        "pack": "made-up",
        "version": "1.0.0",
        "title": TITLE,
        "parameters": {"least": {"type": "number", "default": 0.5}},
        "rules": titled,
    }
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "vocabulary.yaml").write_text(json.dumps({"entities": entities}), encoding="utf-8")
        Path(folder, "pack.yaml").write_text(json.dumps(pack), encoding="utf-8")  # JSON is YAML
        return Gate.load(folder)

"""Laws of the whole gate: more risks never unblock, order never matters, the report is what its schema says, and no
input raises anything but RiskgateError."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import jsonschema
import pytest
import yaml
from fuzz.mutate import mutate
from fuzz.seeds import write_seeds
from fuzz.targets import TARGETS, run_one
from hypothesis import given
from hypothesis import strategies as st

from battery_cases import BASE
from riskgate import Gate, Report
from riskgate.report_schema import report_json_schema
from strategies_cel import law_settings

RANDOM = st.randoms(use_true_random=False)
GATE = Gate.load(BASE / "company")
SOUND: dict[str, Any] = json.loads((BASE / "sound.json").read_text(encoding="utf-8"))
SCHEMA = report_json_schema()
FIELDS = ("area", "kind", "leaks", "adjacent_to", "is_open", "width", "issued_on", "covers", "answered_at", "made_at")
SLOW = {"cel", "workbook", "ledger", "ifcmodel"}
"""Hardly any blind change gets past an archive, or past a text whose parts all name each other."""
READERS = sorted(name for name, target in TARGETS.items() if name not in SLOW and target.ready)


def entities(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for held in value.values():
            yield from entities(held)
    elif isinstance(value, list):
        for item in value:
            yield from entities(item)


def project(random: Random) -> dict[str, Any]:
    """The sound project with more flats, some facts gone and some wrong."""
    facts = deepcopy(SOUND)
    for building in facts["project"]["buildings"]:
        for number in range(random.choice((0, 1, 4))):
            flat = deepcopy(building["flats"][0])
            flat["id"] = flat["number"] = f"{building['id']}-{number}"
            building["flats"].append(flat)
    for entity in entities(facts["project"]):
        for name in FIELDS:
            if name in entity and random.random() < 0.15:
                _spoil(random, entity, name)
        for name in ("rooms", "complaints", "venue", "nodes", "permits"):
            if name in entity and random.random() < 0.05:
                del entity[name]
    if random.random() < 0.1:
        facts["incomplete"] = ["a part is missing"]
    return facts


def _spoil(random: Random, entity: dict[str, Any], name: str) -> None:
    if random.random() < 0.4:
        del entity[name]
    elif isinstance(entity[name], bool):
        entity[name] = not entity[name]
    elif isinstance(entity[name], float):
        entity[name] = random.choice((0.0, 1.5, 3.5, 30.0))
    elif isinstance(entity[name], list):
        entity[name] = random.sample(entity[name], random.randrange(len(entity[name]) + 1))


def worsen(random: Random, facts: dict[str, Any]) -> None:
    """One more thing is wrong, of those that can only make a rule fire."""
    places = [
        (entity, name, bad)
        for entity in entities(facts["project"])
        for name, bad in (("area", 0.5), ("leaks", True), ("is_open", False), ("answered_at", "2027-01-01T00:00:00Z"))
        if entity.get(name) is not None
    ]
    if places:
        entity, name, bad = random.choice(places)
        entity[name] = bad


@law_settings(40)
@given(RANDOM)
def test_one_more_risk_never_unblocks_a_node(random: Random) -> None:
    facts = project(random)
    before = GATE.check(facts)
    worsen(random, facts)
    after = GATE.check(facts)
    for node in before.nodes:
        if node.status == "blocked":
            assert after.node(node.id).status == "blocked"
    assert not (before.exit_code == 1 and after.exit_code != 1)
    assert not (before.exit_code == 3 and after.exit_code == 0)


def told(report: Report) -> Any:
    """The report without what the order may change: digests, pointers, positions in files."""
    return _plain(json.loads(report.to_json()))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(held) for key, held in value.items() if key not in ("sha256", "pointer", "line", "column")}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def shuffled(random: Random, value: Any) -> Any:
    """The same facts: keys and lists of entities in another order; lists of values stay as they are."""
    if isinstance(value, dict):
        keys = random.sample(list(value), len(value))
        return {key: shuffled(random, value[key]) for key in keys}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [shuffled(random, item) for item in random.sample(value, len(value))]
    return value


@law_settings(40)
@given(RANDOM)
def test_the_order_of_keys_and_entities_changes_nothing_but_digest_and_pointers(random: Random) -> None:
    facts = project(random)
    assert told(GATE.check(facts, all_gaps=True)) == told(GATE.check(shuffled(random, facts), all_gaps=True))


@cache
def _company() -> dict[str, Any]:
    texts = {path.name: path.read_text(encoding="utf-8") for path in (BASE / "company").iterdir()}
    found = {name: yaml.safe_load(text) for name, text in texts.items()}
    found["kitchens.yaml"]["version"] = "1.10"  # PyYAML makes 1.1 of it
    return found


@law_settings(15)
@given(RANDOM)
def test_the_order_of_packs_rules_and_keys_changes_nothing_but_digests(random: Random) -> None:
    facts = project(random)
    with TemporaryDirectory() as folder:
        names = random.sample(sorted(_company()), len(_company()))
        for name in names:
            data = dict(random.sample(list(_company()[name].items()), len(_company()[name])))
            for part in ("rules", "derive"):
                if part in data:
                    data[part] = [
                        dict(random.sample(list(rule.items()), len(rule)))
                        for rule in random.sample(data[part], len(data[part]))
                    ]
            (Path(folder) / name).write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
        gate = Gate.load(*(Path(folder) / name for name in names))
        one, other = told(GATE.check(facts, all_gaps=True)), told(gate.check(facts, all_gaps=True))
    for report in (one, other):
        for rule in report["rules"].values():
            del rule["file"]
    assert one == other


@law_settings(40)
@given(RANDOM)
def test_the_report_is_always_what_its_schema_says(random: Random) -> None:
    report = GATE.check(project(random), waivers=BASE / "waivers.yaml", all_gaps=random.random() < 0.5)
    data = report.to_json()
    jsonschema.validate(json.loads(data), SCHEMA)
    assert Report.from_json(data).to_json() == data
    assert (report.exit_code == 0) == (report.verdict == "clear")


@cache
def _seeds(name: str) -> list[bytes]:
    with TemporaryDirectory() as folder:
        write_seeds(name, Path(folder))
        return [path.read_bytes() for path in sorted(Path(folder).iterdir())]


@pytest.mark.parametrize("name", READERS)
@law_settings(25)
@given(RANDOM, st.binary(max_size=300))
def test_nothing_but_a_riskgate_error_is_raised_by_bytes(name: str, random: Random, noise: bytes) -> None:
    run_one(TARGETS[name], random.choice((noise, mutate(_seeds(name), random))))


WORDS = ("pack", "rules", "nodes", "entities", "fields", "waivers", "rule", "project", "riskgate", "as_of", "id")
KEYS = st.text(max_size=8) | st.sampled_from(WORDS)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize("name", [name for name in READERS if name != "config"])
@law_settings(15)
@given(VALUES)
def test_nothing_but_a_riskgate_error_is_raised_by_data(name: str, value: Any) -> None:
    as_yaml = TARGETS[name].suffix == ".yaml"
    text = yaml.safe_dump(value, allow_unicode=True) if as_yaml else json.dumps(value, default=str)
    run_one(TARGETS[name], text.encode("utf-8", "surrogatepass"))


def test_one_gate_serves_eight_threads() -> None:
    projects = [project(Random(seed)) for seed in range(64)]  # noqa: S311 - repeatable on purpose
    alone = [GATE.check(facts, waivers=BASE / "waivers.yaml").to_json() for facts in projects]

    def check(facts: dict[str, Any]) -> bytes:
        return GATE.check(facts, waivers=BASE / "waivers.yaml").to_json()

    with ThreadPoolExecutor(8) as pool:
        for _ in range(3):
            assert list(pool.map(check, projects)) == alone

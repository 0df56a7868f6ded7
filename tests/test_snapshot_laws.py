"""Laws of reading: nothing but SnapshotError, no order matters, every address leads back, every doubled key is seen."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from riskgate.errors import SnapshotError
from riskgate.snapshot import Reader, Snapshot
from riskgate.snapshot.locate import Locator
from snapshot_vocabulary import LIFECYCLE, READER, VOCABULARY, encode, good
from strategies_cel import law_settings

IDS = st.text(st.sampled_from("ab09[]/*#% 中文:~."), min_size=1, max_size=5).filter(lambda text: bool(text.strip()))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**65), 2**65) | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)
KEYS = ["id", "kind", "net_m2", "rooms", "units", "buildings", "load", "unit_id", "unit_ids", "visits", "x", "nodes"]
LIKELY = st.recursive(
    st.sampled_from([None, True, 3, 2.5, "", " ", "kitchen", "厨房", "2026-01-02", "N10", "a", float("nan"), 2**64]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=20,
)


def _outcome(source: Any) -> Snapshot | SnapshotError:
    try:
        return READER.read(source)
    except SnapshotError as error:
        return error


@law_settings(150)
@given(st.binary(max_size=60) | st.text(st.sampled_from('{}[]",:1eN \\u"riskgate'), max_size=40).map(str.encode))
def test_arbitrary_bytes_are_never_anything_but_a_snapshot_error(body: bytes) -> None:
    outcome = _outcome(body)
    assert isinstance(outcome, SnapshotError)
    assert outcome.problems
    assert outcome.render("zh")


@law_settings(200)
@given(JSON | LIKELY)
def test_arbitrary_json_raises_nothing_but_a_snapshot_error(value: Any) -> None:
    _outcome(json.dumps(value).encode())
    _outcome(json.dumps({"riskgate": 1, "project": value, "conflicts": value, "origins": value}).encode())


@law_settings(200)
@given(st.dictionaries(st.sampled_from([*KEYS, "complaints", "share", "site"]), LIKELY, max_size=6))
def test_likely_projects_read_alike_from_bytes_and_from_data(project: dict[str, Any]) -> None:
    data = {"riskgate": 1, "project": {"id": "P"} | project}
    spelled, plain = _outcome(json.dumps(data).encode()), _outcome(data)
    assert type(spelled) is type(plain)
    if isinstance(spelled, Snapshot) and isinstance(plain, Snapshot):
        assert spelled.project == plain.project
        assert spelled.notes == plain.notes


@law_settings(60)
@given(st.randoms(use_true_random=False))
def test_the_order_of_keys_changes_nothing_but_the_digest(random: Any) -> None:
    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            keys = random.sample(list(value), len(value))
            return {key: shuffled(value[key]) for key in keys}
        return [shuffled(item) for item in value] if isinstance(value, list) else value

    one, other = READER.read(encode(good())), READER.read(encode(shuffled(good())))
    assert one.project == other.project
    assert one.tables == other.tables
    assert one.notes == other.notes
    assert {name: one.addresses(name) for name in one.tables} == {name: other.addresses(name) for name in other.tables}


@law_settings(150)
@given(st.lists(IDS, min_size=1, max_size=5), st.lists(st.none() | IDS, max_size=5))
def test_every_address_leads_back_to_its_entity(buildings: list[str], roads: list[str | None]) -> None:
    def distinct(ids: list[Any]) -> list[Any]:
        seen: dict[Any, None] = dict.fromkeys(None if name is None else name.strip() for name in ids)
        return list(seen)

    data = {
        "id": "P",
        "buildings": [{"id": name, "units": [{"id": "u/[1]"}]} for name in distinct(buildings)],
        "site": {"roads": [{"id": name} for name in distinct(roads)]},
    }
    snapshot = READER.read(encode({"riskgate": 1, "project": data}))
    for name, table in snapshot.tables.items():
        addresses = snapshot.addresses(name)
        assert len(set(addresses)) == len(addresses) == len(table.entities)
        for ordinal, address in enumerate(addresses):
            assert snapshot.find(address) == (name, ordinal)
            assert address.count("/") == (0 if name == "project" else len(VOCABULARY.chains[name]) - 2)
        assert sorted(range(len(addresses)), key=snapshot.rank(name).__getitem__) == sorted(
            range(len(addresses)), key=addresses.__getitem__
        )


def _objects(value: Any) -> list[dict[str, Any]]:
    found = [value] if isinstance(value, dict) else []
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            found += _objects(item)
    return found


class _Twice(str):
    """A key that is equal to no other, so that a dict can hold it twice and JSON shows it twice."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


@law_settings(150)
@given(st.data())
def test_a_key_written_twice_is_seen_wherever_it_is(data: st.DataObject) -> None:
    document = good()
    document["project"] |= {
        "name": data.draw(st.sampled_from(["x", "a:b", '":', "::"])),
        "other": [{"k": {"z": 1}}, {}],
    }
    document["origins"] = {"/project/id": "ERP: x"}
    places = [item for item in _objects(document) if item]
    place = places[data.draw(st.integers(0, len(places) - 1))]
    key = data.draw(st.sampled_from(sorted(place)))
    assert isinstance(_outcome(encode(document)), Snapshot)
    place[_Twice(key)] = place[key]
    outcome = _outcome(json.dumps(document, ensure_ascii=data.draw(st.booleans())).encode())
    assert isinstance(outcome, SnapshotError)
    doubled = [problem for problem in outcome.problems if problem.code == "doubled-key"]
    assert len(doubled) == 1
    assert (doubled[0].place.pointer or "").endswith(key.replace("/", "~1"))


@law_settings(150)
@given(JSON.filter(lambda value: isinstance(value, dict | list)), st.sampled_from([None, 1]))
def test_every_value_is_located_where_it_stands(value: Any, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    paths: list[tuple[tuple[str | int, ...], Any]] = []

    def walk(item: Any, path: tuple[str | int, ...]) -> None:
        paths.append((path, item))
        for step, below in (
            item.items() if isinstance(item, dict) else enumerate(item) if isinstance(item, list) else ()
        ):
            walk(below, (*path, step))

    walk(value, ())
    locator = Locator(text, [path for path, _ in paths])
    for path, item in paths:
        found = json.JSONDecoder().raw_decode(text, locator.find(path))[0]
        assert repr(found) == repr(item)


def test_a_reader_serves_many_threads() -> None:
    reader, body = Reader(VOCABULARY, LIFECYCLE), encode(good())
    bad = body.replace(b'"kitchen"', b'"kichen"', 1)

    def work(number: int) -> str:
        if number % 2:
            snapshot = reader.read(body)
            return str((snapshot.project, snapshot.addresses("room"), snapshot.rank("room"), snapshot.by_id("unit")))
        try:
            reader.read(bad)
        except SnapshotError as error:
            return error.render()
        return ""

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(work, range(64)))
    assert len(set(answers[::2])) == len(set(answers[1::2])) == 1
    assert "did you mean `kitchen`" in answers[0]


def test_deep_values_are_read_on_top_of_a_deep_stack() -> None:
    body = b'{"riskgate": 1, "project": {"id": "P", "x": ' + b"[" * 150 + b"NaN" + b"]" * 150 + b"}}"

    def descend(levels: int) -> Snapshot | SnapshotError:
        return _outcome(body) if levels == 0 else descend(levels - 1)

    assert isinstance(descend(max(sys.getrecursionlimit() - 850, 0)), SnapshotError)

"""Two ways of reading: one that drops unknown keys, and one that keeps them. Which comes first changes no answer."""

import json
from random import Random
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskgate.errors import SnapshotError
from riskgate.snapshot import Reader
from riskgate.snapshot.schema import Schemas
from riskgate.snapshot.strangers import SAMPLE, Strangers
from snapshot_vocabulary import LIFECYCLE, READER, VOCABULARY, encode, good
from strategies_cel import law_settings


def told(body: bytes) -> tuple[Any, ...]:
    """All that reading gives: the tree and what is said of it, or what is wrong."""
    try:
        snapshot = READER.read(body)
    except SnapshotError as error:
        return str(error), error.problems
    return snapshot.project, snapshot.tables, snapshot.notes, snapshot.as_of, snapshot.sha256, snapshot.conflicts


def both(body: bytes) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    found = []
    for likely in (False, True):
        with patch.object(Strangers, "likely_in", lambda *_, likely=likely: likely):
            found.append(told(body))
    return found[0], found[1]


def changed(**more: Any) -> bytes:
    data = good()
    data["project"] |= more
    return encode(data)


GOOD = encode(good())
BODIES = {
    "good": GOOD,
    "an unknown key": changed(strange=1),
    "an unknown key with keys within": changed(strange={"a": {"b": [1, {"c": 2}]}}),
    "an unknown key without a value": changed(strange=None),
    "a key that other types have": changed(storeys=3),
    "as many unknown keys as colons are missing": changed(strange="a:b:c"),
    "colons within a text": changed(name="a:b"),
    "an escaped colon": GOOD.replace(b'"project"', b'"project"', 1).replace(b'"P1"', b'"P\\u003a1"', 1),
    "an escaped key": GOOD.replace(b'"buildings"', b'"build\\u0069ngs"', 1),
    "a doubled key": GOOD.replace(b'"id"', b'"id": "x", "id"', 1),
    "a doubled key beside an unknown one": GOOD.replace(b'"id"', b'"strange": 1, "id": "x", "id"', 1),
    "a number that is none": changed(strange=1).replace(b'"strange":1', b'"strange":NaN').replace(b": 1", b": 1"),
    "infinity under an unknown key": GOOD.replace(b'"id"', b'"strange": 1e999, "id"', 1),
    "a huge integer under an unknown key": GOOD.replace(b'"id"', b'"strange": 99999999999999999999, "id"', 1),
    "a wrong value beside an unknown key": changed(strange=1, share=7),
    "an unknown key at the top": encode({**good(), "strange": 1}),
    "no JSON": GOOD[:-5],
    "no text": b"\xff\xfe",
    "nothing": b"",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_both_ways_say_the_same(body: bytes) -> None:
    first, second = both(body)
    assert first == second


@law_settings(60)
@given(st.randoms(use_true_random=False))
def test_both_ways_say_the_same_of_snapshots_with_random_keys(random: Random) -> None:
    body = encode(_stirred(random, good()))
    first, second = both(body)
    assert first == second


def _stirred(random: Random, value: Any) -> Any:
    """The same data with keys taken away, added and written like others."""
    if isinstance(value, list):
        return [_stirred(random, item) for item in value]
    if not isinstance(value, dict):
        return value
    made = {key: _stirred(random, item) for key, item in value.items() if random.random() > 0.02}
    if random.random() < 0.15:
        made[random.choice(("strange", "storeys", "name", "x:y", "buildings"))] = random.choice(
            (None, 1, "a:b", [], {"a": {"b": 1}}, [{"id": "1"}])
        )
    return made


def test_a_snapshot_that_is_sound_is_read_once() -> None:
    reader = Reader(VOCABULARY, LIFECYCLE)
    with patch.object(Schemas, "quick", property(lambda _: pytest.fail("read twice"))):
        reader.read(GOOD)
    assert "strange" not in reader.read(GOOD).project
    kept = reader.read(changed(strange=1))
    assert kept.project["strange"] == 1, "what is unknown is kept, and told of"
    assert [note.code for note in kept.notes if "strange" in note.message.en]


def test_strangers_are_looked_for_in_three_places() -> None:
    strangers = Strangers(VOCABULARY)
    known = b'{"id": 1, "origins": {"/project/strange": "x"}, "live" : 2}'
    assert not strangers.likely_in(known)
    assert strangers.likely_in(b'{"strange": 1}')
    gap = b" " * (2 * SAMPLE)
    assert strangers.likely_in(known + gap + b'{"strange": 1}')
    assert strangers.likely_in(gap[:-100] + b'{"strange": 1}' + gap[:-200])
    assert not strangers.likely_in(known + gap + b'{"strange": 1}' + 3 * gap), "a guess: it is found out later"


def test_what_is_dropped_is_noticed_where_the_guess_was_wrong() -> None:
    rooms = [{"id": f"K{n}"} for n in range(3000)]
    rooms[1350]["strange"] = "x"
    data = good()
    data["project"]["buildings"][0]["units"][0]["rooms"] = rooms
    body = json.dumps(data).encode()
    assert not READER._strangers.likely_in(body)
    snapshot = READER.read(body)
    assert [note.count for note in snapshot.notes if "strange" in note.message.en] == [1]

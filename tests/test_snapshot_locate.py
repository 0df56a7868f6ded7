"""Places of keys and values in JSON texts, however they are spaced and spelled."""

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskgate.snapshot.finding import Path
from riskgate.snapshot.locate import Locator
from strategies_cel import law_settings

DECODER = json.JSONDecoder()
SPACES = ("", "", " ", "\n", "\t \r\n")
TEXTS = ("", "a", "id", "a b", ":", ",", "}", "]", '{"', "\\", "\\\\", "\n", "厨房", "😀", 'a"b:', "true")
PLAIN = (None, True, False, 0, -1, 12.5, 1e300, 10**30)


def value(random: Random, depth: int) -> Any:
    kind = random.random()
    if depth and kind < 0.35:
        return {random.choice(TEXTS): value(random, depth - 1) for _ in range(random.randrange(4))}
    if depth and kind < 0.6:
        return [value(random, depth - 1) for _ in range(random.randrange(4))]
    return random.choice(TEXTS) if kind < 0.8 else random.choice(PLAIN)


def spelled(random: Random, data: Any) -> str:
    """As JSON, with spaces wherever they may be, and with or without escapes."""

    def space() -> str:
        return random.choice(SPACES)

    if isinstance(data, dict):
        members = (
            f"{space()}{spelled(random, key)}{space()}:{space()}{spelled(random, item)}{space()}"
            for key, item in data.items()
        )
        return f"{{{','.join(members) or space()}}}"
    if isinstance(data, list):
        return f"[{','.join(f'{space()}{spelled(random, item)}{space()}' for item in data) or space()}]"
    if isinstance(data, str) and data.isascii() and random.random() < 0.2:
        return '"' + "".join(f"\\u{ord(letter):04x}" for letter in data) + '"'
    return json.dumps(data, ensure_ascii=random.random() < 0.5)


def paths(data: Any, start: Path = ()) -> list[tuple[Path, Any]]:
    found: list[tuple[Path, Any]] = [(start, data)]
    steps = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, item in steps:
        found += paths(item, (*start, step))
    return found


@law_settings(150)
@given(st.randoms(use_true_random=False))
def test_every_key_and_value_is_found_where_it_stands(random: Random) -> None:
    data = {"a": value(random, 3), "id": value(random, 2)}
    text = random.choice(SPACES) + spelled(random, data) + random.choice(SPACES)
    places = paths(data)
    wanted = random.sample(places, random.randint(1, len(places)))
    locator = Locator(text, [path for path, _ in wanted])
    for path, item in wanted:
        assert DECODER.raw_decode(text, locator.find(path))[0] == item
        if path and isinstance(path[-1], str):
            assert DECODER.raw_decode(text, locator.find(path, key=True))[0] == path[-1]


@pytest.mark.parametrize("key", ["id", "i\\u0064"])
def test_of_doubled_keys_each_is_found(key: str) -> None:
    text = f'{{"x": 1, "id": "first" , "{key}": {{"y": 2}}}}'
    locator = Locator(text, [("id",), ("id", "y")])
    assert [DECODER.raw_decode(text, locator.find(("id",), nth=nth))[0] for nth in (0, 1)] == [{"y": 2}, {"y": 2}]
    assert text[locator.find(("id", "y")) :].startswith("2")
    assert locator.find(("id",), key=True) == text.index(f'"{key}"', 15)


def test_what_is_not_there_has_the_place_of_what_it_would_stand_in() -> None:
    text = '{"a": {"b": 1}, "c": [1]}'
    locator = Locator(text, [("a", "x"), ("c", 3), ("d", "e")])
    assert [text[locator.find(path) :][:2] for path in (("a", "x"), ("c", 3), ("d", "e"))] == ['{"', "[1", '{"']

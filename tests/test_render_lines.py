"""JSON Pointers to lines and columns of the snapshot that was checked, and of no other text."""

import json
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixed_report import fixed_report
from riskgate.render.formats import Source
from riskgate.render.lines import Lines, path_of
from riskgate.report import Report

KEYS = st.one_of(st.sampled_from(["rooms", "面积", "a/b", "m~n", "x y"]), st.text('abc"\\\n/~', max_size=4))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)
INDENTS = st.sampled_from([None, 0, 2])


def of(text: bytes) -> Report:
    return replace(fixed_report(), sha256=sha256(text).hexdigest())


def within(value: Any, pointer: str = "") -> list[tuple[str, Any]]:
    """Every value with its pointer."""
    found = [(pointer, value)]
    steps = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    for step, item in steps:
        found += within(item, f"{pointer}/{str(step).replace('~', '~0').replace('/', '~1')}")
    return found


@given(VALUES, INDENTS, st.booleans(), st.booleans())
@settings(deadline=None, max_examples=200)
def test_the_value_stands_where_the_place_says(value: Any, indent: int | None, bom: bool, ascii_only: bool) -> None:
    text = json.dumps({"top": value}, indent=indent, ensure_ascii=ascii_only)
    data = (b"\xef\xbb\xbf" if bom else b"") + text.encode(errors="surrogatepass")
    if data != data.decode(errors="replace").encode():
        return  # half a surrogate: no snapshot
    named = within({"top": value})
    lines = Lines(of(data), Source("home.json", data), [pointer for pointer, _ in named])
    rows = text.split("\n")
    for pointer, wanted in named:
        place = lines.at(pointer)
        assert place.file == "home.json"
        rest = "\n".join([rows[place.line - 1][place.column - 1 :], *rows[place.line :]])
        assert json.JSONDecoder().raw_decode(rest)[0] == wanted


def test_what_is_not_there_has_the_place_of_what_it_would_stand_in() -> None:
    data = b'{\n "rooms": [\n  {"id": "K"}\n ]\n}'
    lines = Lines(of(data), Source("home.json", data), ["/rooms/0/area", "/rooms/7", "/doors", "/rooms/x/0"])
    assert [(p.line, p.column) for p in map(lines.at, ("/rooms/0/area", "/rooms/7", "/doors", "/rooms/x/0"))] == [
        (3, 3),
        (2, 11),
        (1, 1),
        (2, 11),
    ]


def test_no_line_is_named_of_another_text() -> None:
    data = b'{"rooms": []}'
    for source in (Source("home.json", b'{"rooms":  []}'), Source("home.json"), None):
        place = Lines(of(data), source, ["/rooms"]).at("/rooms")
        assert (place.line, place.column) == (0, 0)
        assert place.file == ("home.json" if source else "")


def test_a_pointer_that_was_not_asked_for_has_no_line() -> None:
    data = b'{"rooms": []}'
    assert Lines(of(data), Source("", data), ["/rooms"]).at("/doors").line == 0


@pytest.mark.parametrize(
    ("pointer", "path"),
    [
        ("", ()),
        ("/a/0", ("a", 0)),
        ("/a~1b/m~0n/~01", ("a/b", "m~n", "~1")),
        ("/01/1234567890123", ("01", "1234567890123")),
        ("/", ("",)),
    ],
)
def test_pointers_are_paths(pointer: str, path: tuple[str | int, ...]) -> None:
    assert path_of(pointer) == path

"""200 lists and objects in each other, the top object counted, are taken; one more is refused, whoever reads them."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from riskgate.errors import SnapshotError
from riskgate.gate import Gate

GATE = Gate.load(Path(__file__).parent / "battery" / "base" / "company")
FACTS = '"riskgate": 1, "as_of": "2026-11-20"'
HEAD = f'{{{FACTS}, "project": {{"id": "P", '
"""The project is the second level."""


def lists(levels: int, inside: str = "0") -> str:
    return f'"unknown": {"[" * (levels - 2)}{inside}{"]" * (levels - 2)}'


def disputed(levels: int) -> str:
    """Levels beside the project: a list of conflicts, a conflict, its values, and objects in one of them."""
    value = '{"a": ' * (levels - 4) + "0" + "}" * (levels - 4)
    return f'{HEAD}"name": "N"}}, "conflicts": [{{"pointer": "/project/name", "values": ["M", {value}]}}]}}'


def data(text: str) -> Any:
    return json.loads(text)


def with_a_date(text: str) -> Any:
    """Data with a value that JSON has no word for."""
    made: Mapping[str, Any] = json.loads(text)
    return {**made, "as_of": date(2026, 11, 20)}


READERS: Mapping[str, Callable[[int], Any]] = {
    "bytes": lambda levels: f"{HEAD}{lists(levels)}}}}}".encode(),
    "objects": lambda levels: disputed(levels).encode(),
    "nothing innermost": lambda levels: f"{HEAD}{lists(levels, '[]')}}}}}".encode(),
    "data": lambda levels: data(f"{HEAD}{lists(levels)}}}}}"),
    "data with nothing innermost": lambda levels: data(f"{HEAD}{lists(levels, '{}')}}}}}"),
    "data with a date": lambda levels: with_a_date(disputed(levels)),
}
FAULTY: Mapping[str, tuple[Callable[[int], Any], str]] = {
    "a doubled key": (lambda levels: f'{HEAD}"id": "P", {lists(levels)}}}}}'.encode(), "doubled-key"),
    "NaN": (lambda levels: f"{HEAD}{lists(levels, 'NaN')}}}}}".encode(), "not-a-number"),
    "no JSON": (lambda levels: f"{HEAD}{lists(levels)}}}}},".encode(), "not-json"),
    "data with NaN": (lambda levels: data(f"{HEAD}{lists(levels, 'NaN')}}}}}"), "not-a-number"),
}


def codes(source: Any) -> set[str]:
    try:
        GATE.snapshot(source)
    except SnapshotError as error:
        return {problem.code for problem in error.problems}
    return set()


@pytest.mark.parametrize("make", READERS.values(), ids=READERS)
def test_so_many_levels_and_no_more(make: Callable[[int], Any]) -> None:
    assert codes(make(200)) == set()
    assert codes(make(201)) == {"too-deep"}


@pytest.mark.parametrize(("make", "code"), FAULTY.values(), ids=FAULTY)
def test_what_else_is_wrong_moves_no_limit(make: Callable[[int], Any], code: str) -> None:
    assert codes(make(200)) == {code}
    assert "too-deep" in codes(make(201))

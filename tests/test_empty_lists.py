"""An empty list is a fact; where the fact cannot be true in a sound project, a bundled rule says so.

tests/empty_lists.yaml tells for every list of the vocabulary what must show, or why an empty one is an answer.
"""

from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from examples.binjiang.sound import sound

from riskgate import Gate, Report
from riskgate.vocabulary import EntityType, Field

Facts = dict[str, Any]
LISTS: dict[str, Facts] = yaml.safe_load((Path(__file__).parent / "empty_lists.yaml").read_text(encoding="utf-8"))
KEYS = {"risk", "gap", "none", "also", "one", "clear_at", "unverified_at"}
LET_THROUGH = ("clear", "ungated")


@cache
def gate() -> Gate:
    return Gate.load()


def kinds() -> dict[str, EntityType]:
    return {kind.collection: kind for kind in gate().library.vocabulary.order if kind.collection}


def places(value: Any, key: str) -> Iterator[Facts]:
    """Whatever holds such a list with something in it."""
    if isinstance(value, list):
        for item in value:
            yield from places(item, key)
    elif isinstance(value, dict):
        if isinstance(value.get(key), list) and value[key]:
            yield value
        for held in value.values():
            yield from places(held, key)


def emptied(key: str, *, first_only: bool = False) -> Facts:
    """The project in order with the list empty, and with no reference left to what was in it."""
    snapshot = deepcopy(sound())
    holders = list(places(snapshot["project"], key))
    assert holders, f"the project in order has no {key}"
    if gone := {kind.name for kind in gate().library.vocabulary.subtree(kinds()[key].name)}:
        forget(snapshot["project"], references(gone))
    for holder in holders[:1] if first_only else holders:
        holder[key] = []
    return snapshot


def references(gone: set[str]) -> set[str]:
    """Names of the fields that refer to such things."""

    def refers(field: Field | None) -> bool:
        return field is not None and (field.to in gone or refers(field.of))

    kinds_of_things = gate().library.vocabulary.entities.values()
    return {name for kind in kinds_of_things for name, field in kind.fields.items() if refers(field)}


def forget(value: Any, names: set[str]) -> None:
    if isinstance(value, list):
        for item in value:
            forget(item, names)
    elif isinstance(value, dict):
        for name in names & value.keys():
            del value[name]
        for held in value.values():
            forget(held, names)


def let_through(report: Report, key: str) -> set[str]:
    """Nodes with a blocking rule about such things that neither are stopped nor wait for one that is."""
    below = {kind.name for kind in gate().library.vocabulary.subtree(kinds()[key].name)}
    asked = {
        node
        for bound in gate().plan.rules
        if bound.entity.name in below and bound.rule.severity == "blocking"
        for node in bound.rule.nodes
    }
    open_ = [node for node in report.nodes if node.id in asked and node.status in LET_THROUGH]
    return {node.code for node in open_ if not node.held_by and not node.awaiting}


def test_every_list_of_the_vocabulary_is_told_of() -> None:
    assert list(LISTS) != []
    assert LISTS.keys() == kinds().keys()
    assert [key for key, told in LISTS.items() if told.keys() - KEYS] == []
    assert [key for key, told in LISTS.items() if len({"risk", "gap", "none"} & told.keys()) != 1] == []


@pytest.mark.parametrize("key", LISTS)
def test_an_empty_list_is_noticed_or_is_an_answer(key: str) -> None:
    told = LISTS[key]
    report = gate().check(emptied(key))
    risks = {risk.rule for risk in report.risks}
    gaps = {gap.rule for gap in report.gaps}
    unverified = {node.code for node in report.nodes if node.status == "unverified"}
    assert let_through(report, key) <= told.get("clear_at", {}).keys() or "none" in told
    if "none" in told:
        assert (risks, gaps) == (set(told.get("also", ())), set())
        assert unverified == set(told.get("unverified_at", ()))
        assert not any(node.status == "blocked" for node in report.nodes)
    else:
        assert set(told.get("risk", ())) <= risks
        assert set(told.get("gap", ())) <= gaps
        assert let_through(report, key) == told.get("clear_at", {}).keys(), "a reason that is no longer needed"


@pytest.mark.parametrize("key", [key for key in LISTS if sum(1 for _ in places(sound()["project"], key)) > 1])
def test_so_is_one_that_is_empty_in_one_place_only(key: str) -> None:
    told = LISTS[key]
    expected = next((told[way] for way in ("one", "risk", "none") if way in told), ())
    report = gate().check(emptied(key, first_only=True))
    if isinstance(expected, str):
        assert {risk.rule for risk in report.risks} <= set(told.get("also", ()))
        assert report.gaps == ()
    elif expected:
        assert set(expected) <= {risk.rule for risk in report.risks}
    else:
        assert set(told["gap"]) <= {gap.rule for gap in report.gaps}


@pytest.mark.parametrize("key", [key for key, told in LISTS.items() if "risk" in told])
def test_without_the_rules_that_speak_up_nobody_would(key: str) -> None:
    """The rules named are owners': each reads the list, none stands on the things in it."""
    below = {kind.name for kind in gate().library.vocabulary.subtree(kinds()[key].name)}
    named = [*LISTS[key]["risk"], *(one if isinstance(one := LISTS[key].get("one", ()), list) else ())]
    assert [b.rule.id for b in gate().plan.rules if b.rule.id in named and b.entity.name in below] == []

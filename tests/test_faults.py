"""A project in order has no risk and no gap; one fault in it is found by its rule, and by no other."""

from typing import Any

import pytest
from examples.binjiang.sound import objections, sound

from plant import Fault, faults
from riskgate import Gate

FAULTS = faults()
NEVER_FIRED: dict[str, str] = {}
"""Rules that no fault makes fire on the whole project, and why."""


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate.load()


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return sound()


@pytest.fixture(scope="module")
def already(gate: Gate) -> set[str]:
    """Rules that object to the sound project: none, or the first test fails."""
    return {line.partition(" ")[0] for line in objections(gate)}


def test_a_project_in_order_has_no_risk_no_gap_and_something_for_each_rule_to_look_at(gate: Gate) -> None:
    assert list(objections(gate)) == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.file}-{fault.rule}")
def test_one_fault_is_found_by_its_rule_and_no_other(
    gate: Gate, project: dict[str, Any], already: set[str], fault: Fault
) -> None:
    report = gate.check(fault.planted(project))
    assert set(report.by_rule()) - already == {fault.rule, *fault.also}
    if fault.circumstances or fault.as_of:
        assert set(gate.check(fault.circumstanced(project)).by_rule()) - already == set()


def test_every_rule_fires_on_the_whole_project(gate: Gate) -> None:
    packs = gate.library.packs
    known = {rule.id for pack in packs for rule in pack.rules} | {rule.id for pack in packs for rule in pack.derives}
    fired = {fault.rule for fault in FAULTS}
    assert known - fired == set(NEVER_FIRED)
    assert fired <= known

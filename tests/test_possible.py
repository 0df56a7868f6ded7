"""What derive rules may yet conclude: no completion of the facts brings a derived risk that nobody was warned of."""

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from riskgate import Gate, Report
from strategies_cel import law_settings
from waiver_company import APPROVERS, waived, waiver, waivers

COMPANY = Path(__file__).parent / "battery" / "base" / "company"

RULES = """
pack: derived
version: "1"
title: {zh: 推导, en: derived}
facts:
  angry: {entity: complaint, by: [counted], count: true}
rules:
  - {id: LEAK, title: t, entity: room, require: '!room.leaks', severity: major, nodes: [K4], theme: leak}
  - {id: AREA, title: t, entity: room, require: room.area >= 4, severity: minor, nodes: [K3], theme: leak}
  - {id: TALL, title: b, entity: building, require: building.height_m<50, severity: major, nodes: [K2], theme: comfort}
  - {id: ANSWER, title: a, entity: complaint, require: complaint.counted < 2, severity: minor, nodes: [K4], theme: leak}
  - {id: OPEN, title: t, entity: venue, require: venue.is_open, severity: major, nodes: [K3], theme: comfort}
derive:
"""
LINES = (
    "{risk: one, where: {rule: LEAK, count: {gte: 2}}}",
    "{risk: one, where: {theme: leak, rate: {gte: 0.5}}}",
    "{risk: one, where: {theme: leak, units: {gte: 2}}}",
    "{risk: one, where: {severity: major, count: {eq: 2}}}",
    "{risk: one, where: {rule: AREA, count: {lt: 3}}}",
    "{risk: one, where: {rule: ANSWER, count: {gt: 1}}}",
    "{risk: one, where: {rule: TALL}}",
    "{theme: one, where: {theme: leak, rules: {gte: 2}}}",
    "{theme: one, where: {theme: leak, count: {gte: 4}}}",
    "{theme: one, where: {theme: leak, count: {neq: 1}, rate: {lte: 0.5}}}",
    "{theme: one, where: {theme: comfort, group: project}}",
    "{theme: one, where: {theme: leak, group: project}}",
    "{risk: one, where: {rule: LEAK}}, {risk: two, where: {rule: AREA, group: one.group}}",
    "{risk: one, where: {rule: LEAK}}, {risk: two, where: {rule: AREA, group: one.group, count: one.count}}",
    "{risk: one, where: {rule: LEAK}}, {node: two, where: {node: K3, status: {neq: passed}}}",
    "{risk: one, where: {rule: LEAK}}, {node: two, where: {node: K3, days_to_planned: {lte: 10}}}",
    "{risk: one, where: {count: {eq: 2}, rule: LEAK}}",
    "{risk: one, where: {rule: D00}}",
    "{risk: one, where: {rule: D01, rate: {gte: 0.4}}}",
    "{risk: one, where: {rule: D18}}, {risk: two, where: {theme: comfort}}",
    "{angry: one, where: {counted: 2}}",
    "{risk: one, where: {rule: D20}}",
    "{risk: one, where: {rule: D21}}",
)


def pack() -> str:
    derives = (
        f"  - {{id: D{number:02}, title: t, given: [{lines}], conclude: {{severity: blocking, nodes: [K4]}}}}\n"
        for number, lines in enumerate(LINES)
    )
    return RULES + "".join(derives)


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Gate:
    folder = tmp_path_factory.mktemp("packs")
    for name in ("lifecycle", "vocabulary", "references"):
        (folder / f"{name}.yaml").write_bytes((COMPANY / f"{name}.yaml").read_bytes())
    (folder / "derived.yaml").write_text(pack(), encoding="utf-8")
    return Gate.load(folder)


class Chance:
    """A project at random; `gaps` is the share of the facts that are missing, and of the lists that are absent."""

    def __init__(self, random: Random, gaps: float) -> None:
        self.random = random
        self.gaps = gaps
        self.flats: list[str] = []

    def absent(self) -> bool:
        return self.random.random() < self.gaps

    def room(self, number: int) -> dict[str, Any]:
        return {"id": f"R{number}", **self.filled({"leaks": None, "area": None})}

    def flat(self, number: int) -> dict[str, Any]:
        return self.filled({"id": f"F{number}"})

    def building(self, number: int) -> dict[str, Any]:
        return self.filled({"id": f"B{number}", "height_m": None})

    def complaint(self, number: int) -> dict[str, Any]:
        about = self.random.choice([None, *self.flats])
        return {"id": f"C{number}", "about": about, **self.filled({"counted": None})}

    def filled(self, entity: dict[str, Any]) -> dict[str, Any]:
        """The entity with facts and lists where it has none, as far as chance has them."""
        choices: Mapping[str, list[Any]] = {
            "leaks": [True, False],
            "area": [3, 5],
            "height_m": [40, 60],
            "counted": [0, 1, 2],
            "is_open": [True, False],
            "status": ["not_started", "in_progress", "passed"],
            "planned_on": ["2026-11-25", "2027-11-25"],
        }
        for name, values in choices.items():
            if name in entity and entity[name] is None and not self.absent():
                entity[name] = self.random.choice(values)
        number = str(entity.get("id", ""))[1:]
        if str(entity.get("id")).startswith("F"):
            self.list_in(entity, "rooms", [int(f"{number}{n}") for n in range(self.random.randint(0, 2))], self.room)
        if str(entity.get("id")).startswith("B"):
            self.list_in(entity, "flats", [int(f"{number}{n}") for n in range(1, self.random.randint(2, 4))], self.flat)
        return entity

    def list_in(self, entity: dict[str, Any], key: str, numbers: list[int], make: Any) -> None:
        for one in entity.get(key) or ():
            self.filled(one)
        if key not in entity and not self.absent():
            entity[key] = [make(number) for number in numbers]

    def project(self, entity: dict[str, Any]) -> dict[str, Any]:
        self.list_in(entity, "buildings", [1, 2], self.building)
        self.flats = [flat["id"] for building in entity.get("buildings", ()) for flat in building.get("flats", ())]
        self.list_in(entity, "complaints", [1, 2, 3], self.complaint)
        if "venue" not in entity and not self.absent():
            entity["venue"] = {"is_open": None}
        if "venue" in entity:
            self.filled(entity["venue"])
        if "nodes" not in entity and not self.absent():
            entity["nodes"] = [{"id": "K3", "status": None, "planned_on": None}]
        for node in entity.get("nodes", ()):
            self.filled(node)
        return entity


def checked(gate: Gate, project: dict[str, Any]) -> Report:
    return gate.check({"riskgate": 1, "as_of": "2026-11-20", "project": project}, all_gaps=True)


def derived(report: Report) -> set[tuple[str, str]]:
    return {(risk.rule, risk.address) for risk in report.risks if risk.rule.startswith("D")}


@law_settings(250)
@given(random=st.randoms(use_true_random=False))
def test_what_a_derive_rule_concludes_later_was_a_risk_or_a_gap_before(gate: Gate, random: Random) -> None:
    project = Chance(random, random.choice((0.05, 0.2, 0.5))).project({"id": "P"})
    filled = Chance(random, 0.0).project(deepcopy(project))
    before, after = checked(gate, project), checked(gate, filled)
    warned = {gap.rule for gap in before.gaps}
    for rule, address in derived(after) - derived(before):
        event("more is concluded")
        assert rule in warned, f"{rule} at {address}\n{project}\n{filled}"
    if not derived(before) and derived(after):
        assert before.node("K4").status != "clear"


@law_settings(60)
@given(random=st.randoms(use_true_random=False))
def test_where_nothing_is_missing_no_derive_rule_is_a_gap(gate: Gate, random: Random) -> None:
    report = checked(gate, Chance(random, 0.0).project({"id": "P"}))
    assert not report.gaps


def flats(leaks: list[bool | None]) -> dict[str, Any]:
    rooms = [{"id": f"F{n}", "rooms": [{"id": "R", "leaks": leak, "area": 5}]} for n, leak in enumerate(leaks)]
    nodes = [{"id": "K3", "status": "passed", "planned_on": "2027-11-25"}]
    building = {"id": "B", "height_m": 40, "flats": rooms}
    return {"id": "P", "buildings": [building], "complaints": [], "venue": {"is_open": True}, "nodes": nodes}


@pytest.mark.parametrize(
    ("leaks", "rule", "open_"),
    [
        ([None, False], "D01", True),  # one of two may make half
        ([None, False, False], "D01", False),  # one of three cannot
        ([None, False, False, True], "D01", True),
        ([True, True, None], "D01", False),  # concluded already
        ([None], "D00", False),  # two are asked for
        ([None, True], "D00", True),
        ([None, None, None], "D03", True),  # just two, of three that may be
        ([True, True, True, None], "D03", False),  # just two: three are too many
    ],
)
def test_a_share_that_cannot_be_reached_is_no_gap(gate: Gate, leaks: list[bool | None], rule: str, open_: bool) -> None:
    report = checked(gate, flats(leaks))
    gaps = [gap for gap in report.gaps if gap.rule == rule]
    assert bool(gaps) == open_
    if open_:
        (gap,) = gaps
        assert [one.address for one in gap.entities] == ["buildings[B]"]
        assert "LEAK" in gap.detail.en
        assert report.node("K4").status != "clear"


def test_what_rests_on_a_waived_derived_risk_is_no_gap(gate: Gate) -> None:
    project = flats([True, True])
    project["venue"]["is_open"] = None
    data = {"riskgate": 1, "as_of": "2026-11-20", "project": project}
    assert ("D18", "buildings[B]") in derived(gate.check(data))
    assert "D19" in {gap.rule for gap in gate.check(data).gaps}
    held = gate.check(data, waivers=waivers(waiver("D18", "buildings[B]")), approvers=APPROVERS)
    assert waived(held) == {("D18", "buildings[B]")}
    assert "D19" not in {gap.rule for gap in held.gaps}


def test_what_is_due_later_is_no_doubt_yet(tmp_path: Path) -> None:
    """A theme counts rules of all nodes; those that only gate later nodes cannot be asked for before."""
    for name in ("lifecycle", "vocabulary", "references"):
        (tmp_path / f"{name}.yaml").write_bytes((COMPANY / f"{name}.yaml").read_bytes())
    line = "  - {id: D, title: t, given: [{theme: one, where: {theme: leak}}], conclude: "
    text = RULES + line + "{severity: blocking, nodes: [K2, K3, K4]}}\n"
    (tmp_path / "derived.yaml").write_text(text, encoding="utf-8")
    gate = Gate.load(tmp_path)
    report = checked(gate, flats([None]))
    assert [gap.nodes for gap in report.gaps if gap.rule == "D"] == [("handover",)]
    statuses = {code: report.node(code).status for code in ("K2", "K3", "K4")}
    assert statuses == {"K2": "clear", "K3": "clear", "K4": "unverified"}

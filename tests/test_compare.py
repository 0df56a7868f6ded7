"""What becomes of risks and gaps from one report to the next: a model of every room, a story for each reason."""

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixed_report import REPORTS
from riskgate.comparing import compare
from riskgate.comparison import RISK_STATES, Comparison, Reason, RiskState
from riskgate.comparison_schema import comparison_json_schema
from riskgate.errors import ChoiceError
from riskgate.gate import Gate
from riskgate.report import OverlayInfo, Override, Report
from test_cli import COMPANY

GATE = Gate.load(COMPANY)
DOCS = (Path(__file__).parent.parent / "docs" / "comparison.md").read_text(encoding="utf-8")
SCHEMA = jsonschema.Draft202012Validator(comparison_json_schema())
FACTS: Mapping[str, dict[str, Any]] = {
    "risk": {"kind": "kitchen", "area": 3.0, "name": "K"},
    "worse": {"kind": "kitchen", "area": 2.0, "name": "K"},
    "pass": {"kind": "kitchen", "area": 4.0, "name": "K"},
    "gap": {"kind": "kitchen", "name": "K"},
    "skip": {"kind": "bedroom", "area": 3.0, "name": "B"},
}
Flat = Mapping[str, str] | None
"""The outcome of K-AREA at each room by id; None where the list of rooms is absent."""
Home = Mapping[str, Flat]
RISKS = {"risk", "worse"}
BECOMES = {"pass": "closed", "skip": "closed", "none": "gone", "gap": "unverifiable", "absent": "unverifiable"}
"""What a risk becomes by the outcome at its room in the newer report."""


def snapshot(home: Home, **top: Any) -> bytes:
    flats: list[dict[str, Any]] = []
    for name, rooms in home.items():
        listed = {} if rooms is None else {"rooms": [{"id": room, **FACTS[o]} for room, o in rooms.items()]}
        flats.append({"id": name, **listed})
    return json.dumps({"riskgate": 1, "as_of": "2026-11-20", "project": {"id": "P", "flats": flats}, **top}).encode()


def check(home: Home, **top: Any) -> Report:
    return GATE.check(snapshot(home, **top), all_gaps=True)


def states(comparison: Comparison, rule: str = "K-AREA") -> dict[str, str]:
    return {one.risk.address: one.state for one in comparison.risks if one.risk.rule == rule}


def expected(old: Home, new: Home) -> dict[str, str]:
    """What became of each room's risk, from the two outcomes alone."""
    found: dict[str, str] = {}
    for flat in {*old, *new}:
        for room in {*(old.get(flat) or {}), *(new.get(flat) or {})}:
            was, now = (side.get(flat, {}) for side in (old, new))
            then = (was or {}).get(room, "none")
            is_ = "absent" if now is None else now.get(room, "none")
            if is_ in RISKS:
                found[f"flats[{flat}]/rooms[{room}]"] = "open" if then in RISKS else "new"
            elif then in RISKS:
                found[f"flats[{flat}]/rooms[{room}]"] = BECOMES[is_]
    return found


rooms = st.none() | st.dictionaries(st.sampled_from("KB"), st.sampled_from(sorted(FACTS)), max_size=2)
homes = st.dictionaries(st.sampled_from("123"), rooms, max_size=3)


@given(homes, homes)
@settings(deadline=None, max_examples=150)
def test_every_risk_becomes_what_the_two_outcomes_say(old: Home, new: Home) -> None:
    assert states(compare(check(old), check(new))) == expected(old, new)


@given(homes, homes)
@settings(deadline=None, max_examples=60)
def test_laws_of_comparison(old: Home, new: Home) -> None:
    before, after = check(old), check(new)
    there, back = compare(before, after), compare(after, before)
    ids = [one.risk.id for one in there.risks]
    assert sorted(ids) == sorted({risk.id for report in (before, after) for risk in report.risks})
    new_ones = {one.risk.id for one in there.by_state("new")}
    lost: tuple[RiskState, ...] = ("unverifiable", "gone", "closed")
    assert new_ones == {one.risk.id for state in lost for one in back.by_state(state)}
    assert sum(there.counts().values()) == len(there.risks)
    same = compare(before, before)
    assert {one.state for one in same.risks} | {one.state for one in same.gaps} <= {"open"}
    assert same.exit_code == 0
    assert not same.nodes
    read = compare(Report.from_json(before.to_json()), Report.from_json(after.to_json()))
    assert read.to_json() == there.to_json()
    SCHEMA.validate(json.loads(there.to_json()))


def one(comparison: Comparison, rule: str = "K-AREA") -> tuple[str, str | None]:
    (found,) = [(one.state, one.reason) for one in comparison.risks if one.risk.rule == rule]
    return found


SMALL, LARGE = {"1": {"K": "risk"}}, {"1": {"K": "pass"}}


def test_mended_is_closed() -> None:
    comparison = compare(check(SMALL), check(LARGE))
    assert one(comparison) == ("closed", None)
    assert comparison.exit_code == 0


def test_another_pack_version_closes_nothing() -> None:
    new = check(LARGE)
    changed = replace(new, packs=(replace(new.packs[0], version="2.0", sha256="0" * 64),))
    comparison = compare(check(SMALL), changed)
    assert one(comparison) == ("gone", "pack")
    assert comparison.exit_code == 3
    assert [difference.what for difference in comparison.differences] == ["pack"]
    assert "1.10 → 2.0" in comparison.differences[0].message.en


def test_a_pack_that_is_no_longer_loaded_closes_nothing() -> None:
    assert one(compare(check(SMALL), replace(check(LARGE), packs=()))) == ("gone", "rule")


def test_a_loosened_parameter_closes_nothing() -> None:
    new = GATE.check(snapshot(SMALL), params={"min_area": 2.5})
    comparison = compare(check(SMALL), new)
    assert one(comparison) == ("gone", "parameter")
    assert "3.5 → 2.5" in comparison.differences[-1].message.en
    same = compare(new, replace(new, parameters=(Override("kitchens", "min_area", 2.5, 3.5, "another file"),)))
    assert not [difference for difference in same.differences if difference.what == "parameter"]


def test_another_overlay_closes_nothing() -> None:
    overlaid = replace(check(LARGE), overlays=(OverlayInfo("south", "region", "south.yaml", "0" * 64),))
    comparison = compare(check(SMALL), overlaid)
    assert one(comparison) == ("gone", "overlay")
    assert [difference.message.en for difference in comparison.differences] == ["overlays differ: none → south"]
    assert one(compare(overlaid, check(SMALL))) == ("new", "overlay")


def test_another_project_closes_nothing() -> None:
    comparison = compare(check(SMALL), replace(check(LARGE), project_id="Q"))
    assert one(comparison) == ("gone", "project")
    assert comparison.differences[0].what == "project"


def test_an_incomplete_snapshot_closes_nothing() -> None:
    assert one(compare(check(SMALL), check(LARGE, incomplete=["not all flats"]))) == ("unverifiable", "incomplete")


def test_a_gap_that_does_not_name_its_places_closes_nothing() -> None:
    gaps = {"1": {"K": "pass"}} | {f"9{n}": {"K": "gap"} for n in range(30)}
    assert one(compare(check(SMALL), check(gaps))) == ("closed", None)
    assert one(compare(check(SMALL), GATE.check(snapshot(gaps)))) == ("unverifiable", "gap-unlisted")


def test_why_a_risk_is_new() -> None:
    assert one(compare(check(LARGE), check(SMALL))) == ("new", None)
    assert one(compare(check({}), check(SMALL))) == ("new", "entity")
    assert one(compare(check({"1": {"K": "gap"}}), check(SMALL))) == ("new", "gap")
    assert one(compare(replace(check(LARGE), packs=()), check(SMALL))) == ("new", "rule")


def waived(report: Report, *, only: bool = True) -> Report:
    risks = tuple(report.risks)
    for risk in risks:
        risk.waiver = {"approved_by": "A"} if only else None
    return replace(report, risks=risks)


def test_a_waiver_that_begins_and_one_that_ends() -> None:
    begins = compare(check(SMALL), waived(check(SMALL)))
    assert one(begins) == ("waived", None)
    assert begins.exit_code == 0
    ends = compare(waived(check(SMALL)), check(SMALL))
    assert one(ends) == ("worsened", None)
    assert ends.risks[0].worse == ("waiver",)
    assert ends.exit_code == 1
    both = compare(waived(check(SMALL)), waived(check(SMALL)))
    assert one(both) == ("open", None)


def test_severity_and_nodes() -> None:
    old, new = check(SMALL), check(SMALL)
    (risk,) = (risk for risk in old.risks if risk.rule == "K-AREA")
    risk.severity, risk.nodes = "minor", ("drawings",)
    raised = compare(old, new)
    (found,) = raised.by_state("worsened")
    assert found.worse == ("severity", "nodes")
    assert [(change.what, change.old) for change in found.changes] == [("severity", "minor"), ("nodes", ["drawings"])]
    assert raised.exit_code == 1
    lowered = compare(new, old)
    assert one(lowered) == ("open", None)
    assert [change.what for change in lowered.risks[0].changes] == ["severity", "nodes"]


def test_values_that_changed_are_shown_and_not_judged() -> None:
    comparison = compare(check(SMALL), check({"1": {"K": "worse"}}))
    assert one(comparison) == ("open", None)
    assert [(change.name, change.old, change.new) for change in comparison.risks[0].changes] == [
        ("room.area", 3.0, 2.0)
    ]
    assert comparison.exit_code == 0


def test_a_new_blocking_gap_and_a_node_that_is_no_longer_clear() -> None:
    comparison = compare(check(LARGE), check({"1": {"K": "gap"}}))
    assert [(gap.state, gap.blocking) for gap in comparison.gaps] == [("new", True)]
    assert {node.node.code for node in comparison.nodes if node.lost} == {"K2", "K4"}
    assert comparison.exit_code == 3
    back = compare(check({"1": {"K": "gap"}}), check(LARGE))
    assert [gap.state for gap in back.gaps] == ["closed"]
    assert back.exit_code == 0


def test_a_node_that_is_no_longer_looked_at_is_not_fine() -> None:
    report = check(LARGE)
    nodes = tuple(replace(node, status="ungated") if node.code == "K2" else node for node in report.nodes)
    assert compare(report, replace(report, nodes=nodes)).exit_code == 3


GAPS = [
    ({"1": {"K": "gap"}}, {"1": {"K": "gap"}, "2": {"K": "gap"}}, "grown", None),
    ({"1": {"K": "gap"}, "2": {"K": "gap"}}, {"1": {"K": "gap"}, "2": {"K": "pass"}}, "shrunk", None),
    ({"1": {"K": "gap"}, "2": {"K": "pass"}}, {"1": {"K": "pass"}, "2": {"K": "gap"}}, "grown", None),
    ({"1": {"K": "gap"}}, {"1": {"K": "gap"}}, "open", None),
    ({"1": {"K": "gap"}}, {}, "gone", "entity"),
    ({"1": None}, {"1": {"K": "pass"}}, "closed", None),
]


@pytest.mark.parametrize(("old", "new", "state", "reason"), GAPS)
def test_gaps(old: Home, new: Home, state: str, reason: str | None) -> None:
    found = {(gap.state, gap.reason) for gap in compare(check(old), check(new)).gaps if gap.gap.rule == "K-AREA"}
    assert found == {(state, reason)}


def test_a_gap_of_another_reason_is_not_closed() -> None:
    found = [(gap.state, gap.reason) for gap in compare(check({"1": {"K": "gap"}}), check({"1": None})).gaps]
    assert ("changed", "gap") in found
    assert "closed" not in {state for state, _ in found}


def test_entities_without_an_id_are_matched_within_the_same_bytes_only(tmp_path: Path) -> None:
    company = tmp_path / "company"
    shutil.copytree(COMPANY, company)
    vocabulary = company / "vocabulary.yaml"
    text = vocabulary.read_text(encoding="utf-8").replace("id: {type: string, required: true}", "id: {type: string}")
    vocabulary.write_text(text, encoding="utf-8")
    gate = Gate.load(company)
    nameless = {"riskgate": 1, "as_of": "2026-11-20", "project": {"id": "P", "flats": [{"rooms": [FACTS["risk"]]}]}}
    first, same = (gate.check(json.dumps(nameless).encode()) for _ in range(2))
    assert {found.state for found in compare(first, same).risks} == {"open"}
    other = gate.check(json.dumps(nameless, indent=1).encode())
    assert {(found.state, found.reason) for found in compare(first, other).risks} == {
        ("new", "nameless"),
        ("gone", "nameless"),
    }


DERIVE = """
derive:
  - id: K-MANY
    title: {zh: 厨房普遍偏小, en: Kitchens are small throughout}
    given: [{risk: small, where: {rule: K-AREA, count: {gte: 2}}}]
    conclude: {severity: blocking, nodes: [handover], theme: comfort, message: {zh: 多, en: many}}
"""
TWO: Home = {"1": {"K": "risk"}, "2": {"K": "risk"}}
BASES = [
    ({"1": {"K": "pass"}, "2": {"K": "risk"}}, "closed", None),
    ({"1": {"K": "gap"}, "2": {"K": "risk"}}, "unverifiable", "gap"),  # two may be small after all
    ({"1": {"K": "gap"}, "2": {"K": "pass"}}, "unverifiable", "basis"),
    ({"2": {"K": "risk"}}, "unverifiable", "basis"),
    ({"1": {"K": "pass"}, "2": {"K": "risk"}, "3": {"K": "gap"}}, "unverifiable", "gap"),
    ({"1": {"K": "risk"}, "2": {"K": "worse"}}, "open", None),
]


@pytest.fixture(scope="module")
def deriving(tmp_path_factory: pytest.TempPathFactory) -> Gate:
    company = tmp_path_factory.mktemp("deriving") / "company"
    shutil.copytree(COMPANY, company)
    pack = company / "kitchens.yaml"
    pack.write_text(pack.read_text(encoding="utf-8") + DERIVE, encoding="utf-8")
    return Gate.load(company)


@pytest.mark.parametrize(("new", "state", "reason"), BASES)
def test_a_derived_risk_is_closed_only_if_those_behind_it_are(
    new: Home, state: str, reason: str | None, deriving: Gate
) -> None:
    old = deriving.check(snapshot(TWO), all_gaps=True)
    assert one(compare(old, deriving.check(snapshot(new), all_gaps=True)), "K-MANY") == (state, reason)


def test_a_derived_risk_whose_basis_was_waived_is_not_closed(deriving: Gate) -> None:
    old = deriving.check(snapshot(TWO), all_gaps=True)
    new = deriving.check(snapshot(TWO), all_gaps=True)
    new = waived(replace(new, risks=tuple(risk for risk in new.risks if risk.rule != "K-MANY")))
    assert one(compare(old, new), "K-MANY") == ("unverifiable", "basis")


REASON_WORDS = re.findall(r"^\| `([a-z-]+)` \|", DOCS, re.MULTILINE)


def test_every_state_and_reason_is_in_the_documentation() -> None:
    assert {*RISK_STATES, *get_args(Reason)} <= set(REASON_WORDS)


def test_every_key_is_in_the_documentation() -> None:
    named = {word for code in re.findall(r"`([^`\n]+)`", DOCS) for word in re.findall(r"[\w-]+", code)}
    schema = comparison_json_schema()
    own = [definition for name, definition in schema["$defs"].items() if name not in {"RuleJson", "CitationJson"}]
    keys = set(schema["properties"]).union(*(definition["properties"] for definition in own))
    assert keys - {"zh", "en", "type", "address", "pointer", "label", "date"} <= named


def test_nodes_narrow_what_is_compared() -> None:
    old, new = check(LARGE), check({"1": {"K": "risk"}, "2": {"B": "skip"}})
    assert compare(old, new, nodes=["K1"]).exit_code == 0
    assert compare(old, new, nodes=["K1"]).risks == ()
    assert compare(old, new, nodes=["K2"]).exit_code == 1
    with pytest.raises(ChoiceError, match="there is no node `K9`"):
        compare(old, new, nodes=["K9"])


@pytest.mark.parametrize("name", REPORTS)
def test_any_report_is_the_same_as_itself(name: str) -> None:
    comparison = compare(REPORTS[name](), REPORTS[name]())
    assert comparison.exit_code == 0
    assert set(comparison.counts()) <= {"open"}
    SCHEMA.validate(json.loads(comparison.to_json()))


def test_every_state_has_its_count() -> None:
    assert list(compare(check(SMALL), check(LARGE)).as_dict()["counts"]) == list(RISK_STATES)

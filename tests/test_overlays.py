"""Overlays: what they may set, what is refused (with the places of both), what a report and a node make of it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from load_company import MARK, unmark
from riskgate import Gate, LoadError, Report

DATA = Path(__file__).parent / "data" / "overlays"
RULES = DATA / "rules"
REFUSED: dict[str, dict[str, Any]] = yaml.safe_load((DATA / "refused.yaml").read_text(encoding="utf-8"))
UNREADABLE: dict[str, dict[str, Any]] = yaml.safe_load((DATA / "unreadable.yaml").read_text(encoding="utf-8"))
FILES = ("group", "region", "project", "project2")


def overlay(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(f"overlay: {name}\nlevel: {name.rstrip('2')}\n{text}\n", encoding="utf-8")
    return path


def gate(folder: Path, **texts: str) -> Gate:
    """The gate over rules/ with overlays by level, given in the order of the arguments."""
    return Gate.load(RULES, overlays=[overlay(folder, name, text) for name, text in texts.items()])


def rule(loaded: Gate, name: str) -> Any:
    found = [one for pack in loaded.library.packs for one in pack.rules if one.id == name]
    found += [one for pack in loaded.library.packs for one in pack.derives if one.id == name]  # type: ignore[misc]  # both have an id
    return found[0] if found else None


def rooms(*areas: float | None, **more: Any) -> dict[str, Any]:
    listed = [{"id": f"r{n}", "kind": "kitchen", "name": "A", "area": area} for n, area in enumerate(areas)]
    flats = [{"id": "1", "rooms": [*listed, {"id": "b", "kind": "bedroom", "name": "B", "area": 20.0}]}]
    project = {"id": "P", "opens_on": "2026-06-01", "flats": flats, **more}
    return {"riskgate": 1, "as_of": "2026-05-01", "project": project}


def states(report: Report) -> dict[str, str]:
    return {node.code: node.status for node in report.nodes}


@pytest.mark.parametrize("name", REFUSED)
def test_what_loosens_is_refused_with_both_places(name: str, tmp_path: Path) -> None:
    story = REFUSED[name]
    texts = {key: story[key] for key in FILES if key in story}
    marked = next(key for key, text in texts.items() if MARK in text)
    plain, ((line, column),) = unmark(texts[marked])
    with pytest.raises(LoadError) as error:
        gate(tmp_path, **{**texts, marked: plain})
    (problem,) = error.value.problems
    assert problem.code == story["code"]
    assert Path(problem.place.file).name == f"{marked}.yaml"
    assert (problem.place.line, problem.place.column) == (line + 2, column)
    at = 0
    for part in story["says"]:
        assert part in problem.message.en[at:], problem.message.en
    assert problem.message.zh != problem.message.en


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_named_with_its_place(name: str, tmp_path: Path) -> None:
    story = UNREADABLE[name]
    plain, spots = unmark(story["text"])
    (tmp_path / "a.yaml").write_text(plain, encoding="utf-8")
    with pytest.raises(LoadError) as error:
        Gate.load(RULES, overlays=[tmp_path / "a.yaml"])
    problems = error.value.problems
    assert sorted(problem.code for problem in problems) == story["codes"]
    assert {Path(problem.place.file).name for problem in problems} == {"a.yaml"}
    assert set(spots) <= {(problem.place.line, problem.place.column) for problem in problems}


# -- what may be said


def test_a_lower_level_may_make_everything_stricter(tmp_path: Path) -> None:
    loaded = gate(
        tmp_path,
        project="""
parameters: {min_area: 4.0, max_area: 80, tolerance: 0, names: [C, B, A], opens_by: 2026-06-30, loose_area: 1.5}
rules:
  R-MIN: {waivable_by: nobody, add_nodes: [handover], owners: [works], remedy: 挪墙}
  R-FREE: {severity: blocking}
  R-LOOSE: {severity: minor}
  D-LEAK: {add_nodes: [K3], customer_sensitivity: 5}
""",
    )
    assert (rule(loaded, "R-MIN").waivable_by, rule(loaded, "R-MIN").nodes) == ("nobody", ("drawings", "handover"))
    assert (rule(loaded, "R-MIN").owners, rule(loaded, "R-MIN").remedy.zh) == (("works",), "挪墙")
    assert (rule(loaded, "R-LOOSE").severity, rule(loaded, "D-LEAK").conclude.nodes) == ("minor", ("handover", "works"))
    report = loaded.check(rooms(3.7))
    assert [(one.name, one.value, one.default) for one in report.parameters] == [
        ("loose_area", 1.5, 2.0),
        ("max_area", 80, 90.0),
        ("min_area", 4.0, 3.5),
        ("names", ["C", "B", "A"], ["A", "B"]),
        ("opens_by", "2026-06-30", "2026-12-31"),
        ("tolerance", 0, 0.001),
    ]
    assert {one.origin for one in report.parameters} == {"project project.yaml:4"}
    assert states(report)["K2"] == "blocked"


def test_a_rule_that_is_raised_is_waived_by_whom_such_rules_are_waived_unless_it_is_said(tmp_path: Path) -> None:
    assert rule(gate(tmp_path, project="rules: {R-FREE: {severity: blocking}}"), "R-FREE").waivable_by == "group"
    told = gate(tmp_path, project="rules: {R-FREE: {severity: blocking, waivable_by: region}}")
    assert rule(told, "R-FREE").waivable_by == "region"
    kept = gate(tmp_path, group="rules: {R-MIN: {severity: minor, reason: why}}")
    assert rule(kept, "R-MIN").waivable_by == "group"


def test_levels_count_and_not_the_order_of_files(tmp_path: Path) -> None:
    texts = {
        "group": "parameters: {min_area: {value: 3.0, reason: small flats}}",
        "region": "parameters: {min_area: 3.2}\nrules: {R-FREE: {add_nodes: [K2]}}",
        "project": "parameters: {min_area: 3.4}\nrules: {R-FREE: {add_nodes: [K3]}}",
        "project2": "rules: {R-FREE: {add_nodes: [K2]}}",
    }
    files = [overlay(tmp_path, name, text) for name, text in texts.items()]
    forwards, backwards = Gate.load(RULES, overlays=files), Gate.load(RULES, overlays=files[::-1])
    assert forwards.check(rooms(3.3)).to_json() == backwards.check(rooms(3.3)).to_json()
    report = forwards.check(rooms(3.3))
    assert [(one.overlay, one.level) for one in report.overlays] == [
        ("group", "group"),
        ("region", "region"),
        ("project", "project"),
        ("project2", "project"),
    ]
    assert report.parameters[0].value == 3.4
    assert rule(forwards, "R-FREE").nodes == ("handover", "drawings", "works")


def test_a_group_loosens_openly(tmp_path: Path) -> None:
    loaded = gate(
        tmp_path,
        group="""
parameters: {plain_area: {value: 1.0, reason: other product}}
rules:
  R-MIN: {severity: major, reason: our kitchens are open}
  R-MAX: {disabled: {reason: villas}}
""",
    )
    report = loaded.check(rooms(3.0, 200.0))
    said = {note.code: note.message.en for note in report.notes if note.code in ("rule-disabled", "loosened")}
    assert "R-MAX (Too large) is disabled: villas (overlay group, group group.yaml:7)" in said["rule-disabled"]
    loosened = [note.message.en for note in report.notes if note.code == "loosened"]
    assert loosened == [
        "R-MIN severity is loosened from blocking to major: our kitchens are open (overlay group, group group.yaml:6)",
        "rooms.plain_area is loosened from 4.0 to 1.0: other product (overlay group, group group.yaml:4)",
    ]
    assert states(report)["K2"] == "clear"


def test_the_caller_has_the_last_word_on_parameters(tmp_path: Path) -> None:
    loaded = gate(tmp_path, project="parameters: {min_area: 4.0}")
    assert states(loaded.check(rooms(3.7)))["K2"] == "blocked"
    report = loaded.check(rooms(3.7), params={"min_area": 3.6})
    assert states(report)["K2"] == "clear"
    assert [(one.value, one.default, one.origin) for one in report.parameters] == [(3.6, 3.5, "caller")]


def test_an_overlay_brings_rules_and_vocabulary_along(tmp_path: Path) -> None:
    loaded = gate(
        tmp_path,
        region="""
vocabulary: {entities: {room: {fields: {is_dry: {type: boolean}}}}}
own_pack:
  pack: north
  version: 1
  title: {zh: 北方, en: North}
  parameters: {cold_c: {type: number, default: 18.0}}
  rules:
    - {id: N-1, title: {zh: 潮湿, en: Damp}, entity: room, require: room.is_dry, severity: blocking, nodes: [K3]}
""",
    )
    report = loaded.check(rooms(20.0))
    assert [(one.pack, one.rules) for one in report.packs] == [("north", 1), ("rooms", 14)]
    assert "room.is_dry" in {path for gap in report.gaps for path in gap.missing}
    assert report.packs[0].sha256 == report.overlays[0].sha256


def test_the_report_is_read_back(tmp_path: Path) -> None:
    report = gate(tmp_path, region="rules: {R-FREE: {disabled: {reason: no use}}}").check(rooms(4.0))
    again = Report.from_json(report.to_json())
    assert again.overlays == report.overlays
    assert again.to_json() == report.to_json()


# -- nodes that lost their rules


@pytest.mark.parametrize(("areas", "state"), [((5.0,), "unverified"), ((0.5,), "blocked")])
def test_a_node_whose_blocking_rules_are_disabled_is_never_clear(
    tmp_path: Path, areas: tuple[float, ...], state: str
) -> None:
    """K2 keeps R-LOOSE (major) and, where it is not disabled, R-NOBODY."""
    everything = "rules: {R-MIN: {disabled: {reason: a}}, R-PLAIN: {disabled: {reason: a}}}"
    loaded = gate(tmp_path, group=everything)
    assert states(loaded.check(rooms(*areas)))["K2"] == ("clear" if state == "unverified" else state)
    only = "rules: {R-MAX: {disabled: {reason: a}}, R-PLAIN: {disabled: {reason: a}}, R-BACK: {disabled: {reason: a}}, "
    loaded = gate(tmp_path, group=only + "R-NAMES: {disabled: {reason: a}}}")
    report = loaded.check(rooms(*areas))
    assert states(report)["K3"] == "unverified"
    assert report.exit_code != 0


def test_without_any_rule_a_node_that_lost_a_blocking_one_stays_unverified(tmp_path: Path) -> None:
    own = """
own_pack:
  pack: own
  version: 1
  title: own
  rules:
    - {id: O-1, title: o, entity: room, require: has(room.area), severity: blocking, nodes: [K1]}
    - {id: O-2, title: o, entity: room, require: has(room.area), severity: minor, nodes: [K1]}
"""
    first = overlay(tmp_path, "group", own)
    second = tmp_path / "second.yaml"

    def state(rules: str) -> str:
        second.write_text(f"overlay: second\nlevel: group\nrules: {rules}\n", encoding="utf-8")
        return states(Gate.load(RULES, overlays=[first, second]).check(rooms(5.0)))["K1"]

    assert state("{O-2: {disabled: {reason: b}}}") == "clear"
    assert state("{O-1: {disabled: {reason: a}}}") == "unverified"
    assert state("{O-1: {disabled: {reason: a}}, O-2: {disabled: {reason: b}}}") == "unverified"


def test_a_lower_level_cannot_hide_a_gap_behind_a_blocking_rule_of_its_own(tmp_path: Path) -> None:
    """K1 has a major rule with a gap; a blocking rule that always passes does not make it clear."""
    folder = tmp_path / "rules"
    folder.mkdir()
    for file in RULES.iterdir():
        text = file.read_text(encoding="utf-8").replace("severity: major, nodes: [K2]", "severity: major, nodes: [K1]")
        (folder / file.name).write_text(text, encoding="utf-8")
    own = "rules: {R-MAX: {add_nodes: [K1]}}"
    assert states(Gate.load(folder).check(rooms(None)))["K1"] == "unverified"
    project = overlay(tmp_path, "project", own.replace("R-MAX", "R-DATE"))
    assert states(Gate.load(folder, overlays=[project]).check(rooms(None)))["K1"] == "unverified"
    group = overlay(tmp_path, "group", own.replace("R-MAX", "R-DATE"))
    assert states(Gate.load(folder, overlays=[group]).check(rooms(None)))["K1"] == "clear"


def test_disabling_every_rule_leaves_nothing_to_check(tmp_path: Path) -> None:
    names = [one.id for pack in Gate.load(RULES).library.packs for one in (*pack.rules, *pack.derives)]  # type: ignore[attr-defined]  # both have an id
    folder = tmp_path / "rules"
    folder.mkdir()
    for file in RULES.iterdir():
        text = file.read_text(encoding="utf-8").replace(", waivable_by: nobody", "")
        (folder / file.name).write_text(text, encoding="utf-8")
    text = "rules: {" + ", ".join(f"{name}: {{disabled: {{reason: a}}}}" for name in names) + "}"
    with pytest.raises(LoadError) as error:
        Gate.load(folder, overlays=[overlay(tmp_path, "group", text)])
    assert [problem.code for problem in error.value.problems] == ["nothing-left"]


def test_a_level_may_put_in_force_again_what_a_higher_one_disabled(tmp_path: Path) -> None:
    group = "rules: {R-MAX: {disabled: {reason: villas}}}"
    loaded = gate(tmp_path, group=group, project="rules: {R-MAX: {disabled: false, severity: major}}")
    assert rule(loaded, "R-MAX").severity == "major"
    assert not [note for note in loaded.check(rooms(5.0)).notes if note.code == "rule-disabled"]


def test_without_overlays_nothing_is_applied() -> None:
    loaded = Gate.load(RULES)
    assert loaded.library.applied.overlays == ()
    assert loaded.check(rooms(5.0)).overlays == ()

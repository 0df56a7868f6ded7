"""What a lower level may say never unblocks a node: over random packs, overlays, snapshots and waivers.

Changes that are refused are left out one by one, so that what remains is accepted; what was blocked without them must
be blocked with them. Parameters are said to tighten rightly, wrongly, or not at all: only applying overlays decides.
"""

import json
import tempfile
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

from riskgate import Gate, LoadError
from riskgate.apply import apply_overlays
from riskgate.load.library import read_library
from strategies_cel import law_settings

RULES = Path(__file__).parent / "data" / "overlays" / "rules"
NODES = ("brief", "drawings", "works", "handover")
SEVERITIES = ("blocking", "major", "minor")
CONDITIONS = (
    # `when`, `require`: what a greater P does to them differs
    ("true", "at_least(room.area, params.P)"),
    ("true", "at_most(room.area, params.P)"),
    ("true", "!(room.area < params.P) && has(room.name)"),
    ("true", 'room.area > params.P || room.name == "A"'),
    ("room.area >= params.P", 'room.name != "B"'),
    ("room.area < params.P * 2.0", "room.area != 3.0"),
    ("true", "flat.rooms.filter(r, r.area < params.P).size() == 0"),
    ("true", "flat.rooms.exists(r, r.area >= params.P)"),
    ("true", "room.area + params.P < 6.0 || room.area > params.P"),
    ("true", "room.area == params.P"),
)
AREAS = st.sampled_from([1.0, 2.0, 3.0, 4.0, 5.0])
THEMES = st.sampled_from(["leak", "rare", None])


@st.composite
def packs(draw: st.DrawFn) -> dict[str, Any]:
    parameters: dict[str, Any] = {}
    for name in ("a", "b", "tolerance"):
        parameters[name] = {"type": "number", "default": draw(AREAS) if name != "tolerance" else 0.1}
        tightens = draw(st.sampled_from(["up", "down", None]))
        parameters[name] |= {} if tightens is None else {"tightens": tightens}
    rules = []
    for number in range(draw(st.integers(2, 4))):
        when, require = draw(st.sampled_from(CONDITIONS))
        name = draw(st.sampled_from(["a", "b"]))
        rule: dict[str, Any] = {
            "id": f"R-{number}",
            "title": "r",
            "entity": "room",
            "when": when.replace("P", name),
            "require": require.replace("P", name),
            "severity": draw(st.sampled_from(SEVERITIES)),
            "nodes": draw(st.lists(st.sampled_from(NODES), min_size=1, max_size=2, unique=True)),
        }
        waivable, theme = draw(st.sampled_from([None, "group", "region", "project", "nobody"])), draw(THEMES)
        rules.append(
            rule | ({} if waivable is None else {"waivable_by": waivable}) | ({"theme": theme} if theme else {})
        )
    derives = [_derive(draw, number, len(rules)) for number in range(draw(st.integers(0, 3)))]
    found = {"pack": "p", "version": "1", "title": "p", "parameters": parameters, "rules": rules}
    return found | ({"derive": derives} if derives else {})


def _derive(draw: st.DrawFn, number: int, rules: int) -> dict[str, Any]:
    kind = draw(st.sampled_from(["risk", "theme"]))
    where: dict[str, Any] = {"count": {draw(st.sampled_from(["gte", "lte", "eq", "neq"])): draw(st.integers(1, 3))}}
    if kind == "theme":
        where["theme"] = draw(st.sampled_from(["leak", "rare"]))
    else:
        asked = draw(st.sampled_from(["rule", "severity", "theme", "derive", "any"]))
        if asked == "rule":
            where["rule"] = f"R-{draw(st.integers(0, rules - 1))}"
        elif asked == "derive" and number:
            where = {"rule": f"D-{number - 1}"}
        elif asked == "severity":
            where["severity"] = draw(st.sampled_from(SEVERITIES))
        elif asked == "theme":
            where["theme"] = draw(st.sampled_from(["leak", "rare"]))
    conclude = {"severity": draw(st.sampled_from(SEVERITIES[:2])), "nodes": [draw(st.sampled_from(NODES))]}
    waivable = {"waivable_by": draw(st.sampled_from(["group", "project"]))}
    return {
        "id": f"D-{number}",
        "title": "d",
        "given": [{kind: "one", "where": where}],
        "conclude": conclude,
    } | waivable


@st.composite
def changes(draw: st.DrawFn, pack: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Overlays of one change each, without their level."""
    ids = [one["id"] for one in (*pack["rules"], *pack.get("derive", ()))]
    found: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(1, 5))):
        match draw(st.sampled_from(["parameter", "severity", "waivable", "disabled", "nodes", "own"])):
            case "parameter":
                name = draw(st.sampled_from(["a", "b", "tolerance"]))
                found.append({"parameters": {name: {"value": draw(AREAS), "reason": "why"}}})
            case "severity":
                said: dict[str, Any] = {"severity": draw(st.sampled_from(SEVERITIES)), "reason": "why"}
                found.append({"rules": {draw(st.sampled_from(ids)): said}})
            case "waivable":
                who = draw(st.sampled_from(["group", "region", "project", "nobody"]))
                found.append({"rules": {draw(st.sampled_from(ids)): {"waivable_by": who, "reason": "why"}}})
            case "disabled":
                found.append({"rules": {draw(st.sampled_from(ids)): {"disabled": {"reason": "why"}}}})
            case "nodes":
                found.append({"rules": {draw(st.sampled_from(ids)): {"add_nodes": [draw(st.sampled_from(NODES))]}}})
            case "own":
                own: dict[str, Any] = {"id": "O-1", "title": "o", "entity": "room", "require": "has(room.name)"}
                own |= {"severity": draw(st.sampled_from(SEVERITIES)), "nodes": [draw(st.sampled_from(NODES))]}
                theme = draw(THEMES)
                own |= {"theme": theme} if theme else {}
                found.append({"own_pack": {"pack": "own", "version": "1", "title": "own", "rules": [own]}})
    return found


def _snapshot(random: Random) -> dict[str, Any]:
    flats = []
    for flat in range(2):
        rooms = []
        for number in range(random.randint(0, 4)):
            room = {"area": random.choice([1.0, 2.0, 3.0, 4.0, 5.0, None]), "name": random.choice(["A", "B", None])}
            rooms.append({"id": str(number), "kind": "kitchen", **room})
        flats.append({"id": str(flat), "rooms": rooms})
    return {"riskgate": 1, "as_of": "2026-05-01", "project": {"id": "P", "flats": flats}}


SNAPSHOTS = [_snapshot(Random(seed)) for seed in range(20)]  # noqa: S311 - any will do, the same ones every time


@st.composite
def waivers(draw: st.DrawFn, pack: Mapping[str, Any]) -> dict[str, Any]:
    places = [(rule["id"], f"flats[{flat}]/*") for rule in pack["rules"] for flat in (0, 1)]
    places += [(derive["id"], "project") for derive in pack.get("derive", ())]
    chosen = draw(st.lists(st.sampled_from(places), min_size=1, max_size=2, unique=True))
    approved = {"reason": "why", "approved_by": "me", "approved_on": "2026-01-01", "expires_on": "2026-12-31"}
    listed = [{"rule": rule, "entity": entity, **approved} for rule, entity in chosen]
    return {"approvers": {"me": draw(st.sampled_from(["group", "region", "project"]))}, "waivers": listed}


def write(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def accepted(folder: Path, paths: list[Path], above: list[Path], level: str, said: Iterable[Any]) -> list[Path]:
    """Of the changes, each an overlay of its own, those that are accepted on top of what is above."""
    found: list[Path] = []
    subjects: set[str] = set()
    for number, change in enumerate(said):
        file = write(folder / f"{level}-{number}.yaml", {"overlay": f"{level}-{number}", "level": level, **change})
        subject = str(sorted((kind, *sorted(values)) for kind, values in change.items()))
        library, problems = read_library(paths, [*above, file])
        if not problems and not apply_overlays(library)[1] and subject not in subjects:
            subjects.add(subject)
            found.append(file)
    return found


def statuses(gate: Gate, snapshot: Mapping[str, Any], excepted: Mapping[str, Any] | None) -> dict[str, str]:
    report = gate.check(snapshot, waivers=excepted, approvers=None)
    return {node.id: node.status for node in report.nodes}


TOGETHER = {"said-twice", "changed-and-disabled", "doubled-rule", "doubled-pack", "nothing-left"}
"""Each of some changes may be accepted alone; together they may only be too many words about one thing, or disable the
last rule."""


def gates(folder: Path, pack: Mapping[str, Any], data: st.DataObject) -> list[Gate]:
    """The gate of the level above, of a region, of a project; shorter where changes do not go together."""
    rules = folder / "rules"
    rules.mkdir()
    for file in ("lifecycle", "vocabulary", "references"):
        (rules / f"{file}.yaml").write_bytes((RULES / f"{file}.yaml").read_bytes())
    write(rules / "pack.yaml", pack)
    overlays: list[Path] = []
    found: list[Gate] = []
    for level in ("group", "region", "project"):
        said = data.draw(changes(pack)) if level != "group" or data.draw(st.booleans()) else []
        taken = accepted(folder, [rules], overlays, level, said)
        event(f"{level}: {len(taken)} of {len(said)} changes accepted")
        overlays += taken
        try:
            found.append(Gate.load(rules, overlays=overlays))
        except LoadError as error:
            if not {one.code for one in error.problems} <= TOGETHER:
                raise
            break
    return found


@law_settings(20)
@given(st.data())
def test_what_is_accepted_of_a_lower_level_never_unblocks(data: st.DataObject) -> None:
    pack = data.draw(packs())
    with tempfile.TemporaryDirectory() as name:
        levels = gates(Path(name), pack, data)
    excepted = data.draw(st.none() | waivers(pack))
    for snapshot in SNAPSHOTS:
        found = [statuses(gate, snapshot, excepted) for gate in levels]
        for above, below in pairwise(found):
            for node, status in above.items():
                assert status != "blocked" or below[node] == "blocked", (node, above, below)

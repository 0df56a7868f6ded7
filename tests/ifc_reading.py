"""Reads models in the process of the tests: the same steps as `read_ifc`, without the cost of a process each."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from riskgate.sources.ground import Ground, ground_of
from riskgate.sources.ifc.api import snapshot_of
from riskgate.sources.ifc.child import read
from riskgate.sources.ifc.facts import Model, from_data
from riskgate.sources.ifc.mapping import IfcMap
from riskgate.sources.ifc.mapping_file import read_ifc_map
from riskgate.sources.ifc.project_file import read_project
from riskgate.sources.made import Made

Data = dict[str, Any]


@cache
def ground() -> Ground:
    return ground_of(None)


@cache
def bundled() -> IfcMap:
    return read_ifc_map(None, ground().vocabulary)


def mapping(folder: Path | None = None, text: str = "") -> IfcMap:
    """The bundled mapping, with this file upon it."""
    if folder is None:
        return bundled()
    path = folder / "map.yaml"
    path.write_text(f"version: 1\n{text}", encoding="utf-8")
    return read_ifc_map(path, ground().vocabulary)


def said_of(path: Path, mapped: IfcMap | None = None) -> Data:
    """What the reading process answers."""
    known = mapped or mapping()
    return read({"path": str(path), "wanted": known.wanted, "reach": known.reach_m, "encoding": known.encoding})


def model_of(path: Path, mapped: IfcMap | None = None) -> Model:
    said = said_of(path, mapped)
    assert "model" in said, said
    return from_data(said["model"])


def made_of(
    *sources: Path | Model, mapped: IfcMap | None = None, project: Mapping[str, Any] | Path | None = None
) -> Made:
    """The snapshot of models."""
    known = mapped or mapping()
    models = [one if isinstance(one, Model) else model_of(one, known) for one in sources]
    facts = read_project(project or {"id": "p"}, ground().vocabulary, ground().lifecycle)
    return snapshot_of(models, known, facts, ground(), None)


def building_of(made: Made) -> Data:
    found: Data = made.data["project"]["phases"][0]["buildings"][0]
    return found


def units_of(made: Made) -> list[Data]:
    found: list[Data] = building_of(made).get("stair_units", [{}])[0].get("units", [])
    return found


def rooms_of(made: Made) -> dict[str, Data]:
    """The rooms of all flats of the first building, by id."""
    return {room["id"]: room for unit in units_of(made) for room in unit["rooms"]}


def openings_of(made: Made) -> dict[str, Data]:
    """Doors and windows by id, each with the id of its room under `in`."""
    return {
        one["id"]: {**one, "in": room["id"]} for room in rooms_of(made).values() for one in room.get("openings", [])
    }


def codes(made: Made) -> set[str]:
    return {note.code for note in made.notes}


def conflict(made: Made, ending: str) -> list[float]:
    """The values of the one conflict whose pointer ends like this."""
    found = [one["values"] for one in made.data.get("conflicts", []) if one["pointer"].endswith(ending)]
    assert len(found) == 1, found
    values: list[float] = found[0]
    return values

"""Writes the Duplex model's facts as a snapshot: python -m examples.make_duplex FACTS.json > examples/duplex.json

Only what the model says becomes a fact; what a reviewer added is kept apart, in REVIEWER, and marked in `origins`.
"""

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from riskgate.snapshot_text import compact

Facts = dict[str, Any]

MODEL = "Duplex_A_20110907.ifc"
REVIEWER = "reviewer's statement 2026-11-18"
STAIR_UNIT = "/project/phases/0/buildings/0/stair_units/0"
BUILDING = "/project/phases/0/buildings/0"
KINDS = {
    "Living Room": "living",
    "Kitchen": "kitchen",
    "Bathroom 1": "bathroom",
    "Bathroom 2": "bathroom",
    "Bedroom 1": "bedroom",
    "Bedroom 2": "bedroom",
    "Foyer": "foyer",
    "Hallway": "hall",
    "Utility": "utility",
    "Stair": "inner_stair",
}
SERVED = ("bathroom", "bedroom")  # a door between a hall and one of these serves that one
DOOR_KINDS = {"foyer": "entry_door", "bathroom": "bathroom_door", "bedroom": "bedroom_door"}


@dataclass
class Duplex:
    """The snapshot under construction: rooms by name, and where each value came from."""

    facts: Facts
    rooms: dict[str, Facts] = field(default_factory=dict)
    pointers: dict[str, str] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)

    def snapshot(self) -> Facts:
        units = [self.unit(number, name) for number, name in enumerate("AB")]
        for door in self.facts["doors"]:
            self.door(door)
        for window in self.facts["windows"]:
            self.window(window)
        stair_unit = {"id": "1", "units": units}
        building = {"id": "1", "stair_units": [stair_unit], "railings": self.railings()}
        self.origins["/project/name"] = f"{MODEL}, IfcProject"
        self.origins["/project/phases/0"] = (
            f"{MODEL} has one building; phase and stair unit are the frame of a snapshot"
        )
        self.origins["/project/design_basis_date"] = REVIEWER
        untied = sum(not window["spaces"] for window in self.facts["windows"])
        return {
            "riskgate": 1,
            "as_of": "2026-11-20",
            "incomplete": [
                f"模型没有说明 {untied} 樘窗属于哪个房间，未列入 / {untied} windows tied to no room are left out"
            ],
            "project": {
                "id": "duplex",
                "name": "Duplex Apartment",
                "design_basis_date": "2025-06-01",
                "phases": [{"id": "1", "buildings": [building]}],
            },
            "origins": self.origins,
        }

    def unit(self, number: int, name: str) -> Facts:
        rooms: list[Facts] = []
        for space in sorted(self.facts["spaces"], key=lambda s: str(s["name"])):
            if not space["name"].startswith(name):
                continue  # the other dwelling, or the roof
            pointer = f"{STAIR_UNIT}/units/{number}/rooms/{len(rooms)}"
            rooms.append(self.room(space, pointer))
        return {"id": name, "rooms": rooms}

    def room(self, space: Facts, pointer: str) -> Facts:
        name, long_name = space["name"], space["long_name"]
        kind = KINDS.get(long_name)
        room: Facts = {"id": name, "kind": kind} if kind else {"id": name}
        room["usable_area_m2"] = space["area_m2"]
        room["clear_height_m"] = space["unbounded_height_m"]
        room["openings"] = []
        where = f"{MODEL}, IfcSpace {name} ({long_name}, {space['storey']})"
        self.origins[f"{pointer}/kind"] = (
            f"{where}, its name" if kind else f"{where}: the name does not say what the room is, so no kind is given"
        )
        self.origins[f"{pointer}/usable_area_m2"] = where
        self.origins[f"{pointer}/clear_height_m"] = f"{where}, UnboundedHeight"
        self.rooms[name], self.pointers[name] = room, pointer
        return room

    def door(self, door: Facts) -> None:
        """A door stands once: in the bathroom, bedroom or utility room it serves. Overall width is not clear width."""
        spaces: list[str] = door["spaces"]
        kinds = {name: self.rooms[name].get("kind") for name in spaces}
        utility = [name for name, kind in kinds.items() if kind == "utility"]
        served = utility or [name for name, kind in kinds.items() if kind in SERVED]
        room = (served or spaces)[0]
        kind = None if utility else DOOR_KINDS.get(kinds[room] or "")
        opening: Facts = {"id": door["guid"], "kind": kind} if kind else {"id": door["guid"]}
        pointer = self._put(room, opening)
        place = "external door" if door["is_external"] else "internal door"
        said = f"{place} of {' + '.join(spaces)}; overall width {door['overall_width_m']} m, no clear width"
        origin = f"{MODEL}, IfcDoor {door['guid']}: {said}"
        self.origins[f"{pointer}/kind"] = origin if kind else f"{origin}; it does not say which kind of door"

    def window(self, window: Facts) -> None:
        spaces: list[str] = window["spaces"]
        if not spaces:
            return  # named under "incomplete"
        opening: Facts = {"id": window["guid"], "kind": "window", "sill_height_m": window["sill_height_m"]}
        pointer = self._put(spaces[0], opening)
        where = f"{MODEL}, IfcWindow {window['guid']}"
        self.origins[f"{pointer}/kind"] = f"{where} of {' + '.join(spaces)}, {window['storey']}"
        self.origins[f"{pointer}/sill_height_m"] = where
        if window["storey"] != "Level 1":
            for name in ("has_balcony_outside", "has_guard"):
                opening[name] = False
                self.origins[f"{pointer}/{name}"] = REVIEWER

    def railings(self) -> list[Facts]:
        found = []
        for number, railing in enumerate(self.facts["railings"]):
            found.append({"id": railing["guid"], "clear_height_m": railing["height_m"]})
            said = f"{MODEL}, IfcRailing {railing['guid']} ({railing['name']})"
            self.origins[f"{BUILDING}/railings/{number}/clear_height_m"] = f"{said}"
            self.origins[f"{BUILDING}/railings/{number}/location"] = f"{said}: it does not say where the railing stands"
        return found

    def _put(self, room: str, opening: Facts) -> str:
        openings: list[Facts] = self.rooms[room]["openings"]
        openings.append(opening)
        return f"{self.pointers[room]}/openings/{len(openings) - 1}"


def main() -> None:
    facts = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.stdout.write(compact(Duplex(facts).snapshot()) + "\n")


if __name__ == "__main__":
    main()

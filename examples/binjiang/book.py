"""A project by the names people use: `flat("2-0803")`, `room("2-0803", "主卧")`."""

from dataclasses import dataclass
from typing import Any

from examples.binjiang.homes import Facts


def one(items: list[Facts], name: str) -> Facts:
    """The item of this id. Raises KeyError if there is none."""
    for item in items:
        if item["id"] == name:
            return item
    raise KeyError(name)


@dataclass(frozen=True)
class Book:
    """The facts of a project, found by id; what it gives may be changed in place."""

    project: Facts

    def item(self, collection: str, name: str) -> Facts:
        """An item of one of the project's own lists."""
        return one(self.project[collection], name)

    @property
    def phase(self) -> Facts:
        phase: Facts = self.project["phases"][0]
        return phase

    def tower(self, tower: str) -> Facts:
        return one(self.phase["buildings"], tower)

    def flats(self, tower: str, plan: str, floors: range) -> list[Facts]:
        units: list[Facts] = self.tower(tower)["stair_units"][0]["units"]
        return [unit for unit in units if unit["unit_type"] == plan and unit["floor"] in floors]

    def flat(self, name: str) -> Facts:
        return one(self.tower(name.partition("-")[0])["stair_units"][0]["units"], name)

    def room(self, flat: str, room: str) -> Facts:
        return one(self.flat(flat)["rooms"], f"{flat}-{room}")

    def opening(self, flat: str, room: str, opening: str) -> Facts:
        return one(self.room(flat, room)["openings"], opening)

    def records(self, **wanted: Any) -> list[Facts]:
        """The test records of the phase that have these values."""
        return [r for r in self.phase["test_records"] if all(r.get(key) == value for key, value in wanted.items())]

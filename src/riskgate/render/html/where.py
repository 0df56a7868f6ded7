"""Where risks and gaps belong on the map: in which group, at which sale unit, and how each building is drawn."""

from collections.abc import Iterable, Sequence
from typing import Any

from riskgate.places import Places, SaleUnit
from riskgate.render.escape import visible
from riskgate.render.html.texts import Pair, pair
from riskgate.text import Text

NOWHERE = -1
STEPS = 2
"""Without a map, things are put together by so many first steps of their addresses."""
MOST_SPREAD = 2
"""Columns by name are given up if they are so many times as many as a floor has sale units."""


class Whereabouts:
    """Group and sale unit of an address, as places in the lists that `data` gives."""

    def __init__(self, places: Places | None, labels: Iterable[tuple[str, Text]]) -> None:
        self._known_map = places is not None
        self._map = places or Places()
        self._labels = {} if places is not None else dict(labels)
        self._groups: dict[str, int] = {}
        self._group_labels: list[Pair] = []
        for group in self._map.groups:
            self._add_group(group.address, group.label)
        self._units = {unit.address: index for index, unit in enumerate(self._map.units)}
        self._group_of = [self._groups.get(unit.group, NOWHERE) for unit in self._map.units]
        self._found: dict[str, tuple[int, int]] = {}

    def of(self, address: str) -> tuple[int, int]:
        """The group and the sale unit in which something lies, or to which it refers; NOWHERE for neither."""
        found = self._found.get(address)
        if found is None:
            found = self._found[address] = self._find(address) if self._known_map else self._guess(address)
        return found

    def data(self) -> dict[str, Any]:
        """Groups, sale units, the floors of each holder of sale units; and what people call the first two."""
        units = zip(self._map.units, self._group_of, strict=True)
        return {
            "known": self._known_map,
            "titles": [pair(self._map.group_title), pair(self._map.unit_title)],
            "groups": self._group_labels,
            "units": [[visible(unit.name), pair(unit.label), group] for unit, group in units],
            "holders": self._holders(),
        }

    def _add_group(self, address: str, label: Text) -> int:
        place = self._groups[address] = len(self._group_labels)
        self._group_labels.append(pair(label))
        return place

    def _find(self, address: str) -> tuple[int, int]:
        """The nearest that is above, or referred to: the longest beginning of the address that says it."""
        group = unit = NOWHERE
        end = address.find("/")
        while True:
            above = address if end < 0 else address[:end]
            above = self._map.belongs.get(above, above)
            group = self._groups.get(above, group)
            unit = self._units.get(above, unit)
            if end < 0:
                return (self._group_of[unit] if unit >= 0 else group), unit
            end = address.find("/", end + 1)

    def _guess(self, address: str) -> tuple[int, int]:
        steps = address.split("/")
        if len(steps) < STEPS or not steps[STEPS - 1].endswith("]"):
            return NOWHERE, NOWHERE
        above = "/".join(steps[:STEPS])
        group = self._groups.get(above)
        if group is None:
            group = self._add_group(above, self._labels.get(above, Text.of(above)))
        return group, NOWHERE

    def _holders(self) -> list[dict[str, Any]]:
        held: dict[str, list[int]] = {}
        for index, unit in enumerate(self._map.units):
            held.setdefault(unit.holder, []).append(index)
        titles = {place.address: place.label for place in (*self._map.groups, *self._map.holders)}
        return [
            {
                "label": pair(titles.get(address, Text.of(address))),
                "group": self._group_of[indexes[0]],
                "floors": floors(self._map.units, indexes),
            }
            for address, indexes in held.items()
        ]


def floors(units: Sequence[SaleUnit], indexes: Sequence[int]) -> list[list[Any]]:
    """The rows of a grid, the highest floor first: its number (None if unknown) and the units across, None for a hole.

    Units whose names end alike stand above each other where that names the columns; else they stand as they come.
    """
    rows: dict[int | None, list[int]] = {}
    for index in indexes:
        rows.setdefault(units[index].floor, []).append(index)
    columns = _columns(units, list(rows.values()))
    ordered = sorted(rows, key=lambda floor: (floor is None, -(floor or 0)))
    if columns is None:
        return [[floor, list(rows[floor])] for floor in ordered]
    found = []
    for floor in ordered:
        across: list[int | None] = [None] * len(columns)
        for index in rows[floor]:
            across[columns[units[index].name[-2:]]] = index
        found.append([floor, across])
    return found


def _columns(units: Sequence[SaleUnit], rows: Sequence[Sequence[int]]) -> dict[str, int] | None:
    endings = [[units[index].name[-2:] for index in row] for row in rows]
    known = sorted({ending for row in endings for ending in row})
    widest = max(map(len, endings), default=0)
    if any(len(set(row)) < len(row) for row in endings) or len(known) > MOST_SPREAD * widest:
        return None
    return {ending: column for column, ending in enumerate(known)}

"""Which rooms make a flat: what zones, properties and names say, by the mapping. Nothing is guessed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from riskgate.sources.ifc.classify import is_elsewhere, texts
from riskgate.sources.ifc.facts import Model, Space, Zone
from riskgate.sources.ifc.mapping import IfcMap, UnitNames
from riskgate.sources.ifc.names import words
from riskgate.sources.patterns import found

UNKNOWN = "?"
"""The unit that holds the rooms of a building whose flats are not told."""


@dataclass(frozen=True, slots=True)
class Flat:
    """The rooms of one flat. `told` is where the model says so; empty for rooms whose flat is not known."""

    id: str
    building: str
    rooms: tuple[Space, ...]
    told: str = ""


@dataclass
class Flats:
    """The flats of a model, and the spaces that are in none: `elsewhere` by their names, `left` because nobody says."""

    flats: list[Flat] = field(default_factory=list)
    elsewhere: list[Space] = field(default_factory=list)
    left: list[Space] = field(default_factory=list)
    doubtful: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Spaces that are said to be in several flats, by GlobalId, with those."""

    def flat_of(self) -> Mapping[str, Flat]:
        return {room.guid: flat for flat in self.flats for room in flat.rooms}


def flats_of(model: Model, mapping: IfcMap) -> Flats:
    """Every space of a model in its flat, or in one of the lists of those that are in none."""
    made = Flats()
    only = model.buildings[0].guid if len(model.buildings) == 1 else ""
    by_building: dict[str, list[Space]] = {}
    for space in model.spaces:
        by_building.setdefault(space.building or only, []).append(space)
    zones: dict[str, list[Zone]] = {}
    for zone in model.zones:
        for guid in zone.spaces:
            zones.setdefault(guid, []).append(zone)
    for building, spaces in by_building.items():
        _one_building(building, spaces, zones, mapping, made)
    return made


def _one_building(
    building: str, spaces: list[Space], zones: Mapping[str, list[Zone]], mapping: IfcMap, made: Flats
) -> None:
    together: dict[str, list[Space]] = {}
    told: dict[str, str] = {}
    open_: list[Space] = []
    for space in spaces:
        said = {} if space.role else _said(space, zones.get(space.guid, ()), mapping.units)
        if len(said) == 1:
            flat, where = next(iter(said.items()))
            together.setdefault(flat, []).append(space)
            told.setdefault(flat, where)
        elif is_elsewhere(space, mapping.rooms):
            made.elsewhere.append(space)
        else:
            if said:
                made.doubtful[space.guid] = tuple(sorted(said))
            open_.append(space)
    if open_ and mapping.units.whole and not together:
        together[mapping.units.whole], told[mapping.units.whole] = open_, "mapping"
        open_ = []
    made.flats += [Flat(flat, building, tuple(_ordered(rooms)), told[flat]) for flat, rooms in sorted(together.items())]
    if open_ and not together and mapping.units.rest == "together":
        made.flats.append(Flat(UNKNOWN, building, tuple(_ordered(open_))))
    else:
        made.left += open_


def _said(space: Space, zones: Iterable[Zone], names: UnitNames) -> dict[str, str]:
    """The flats that the first source which says something names, each with where it is said."""
    said: dict[str, str] = {}
    for zone in zones:
        flat = next(
            (
                one
                for pattern in names.zones
                for text in (zone.name, zone.long_name)
                if (one := found(pattern, text, "id"))
            ),
            None,
        )
        if flat is None and words(zone.object_type) in names.zone_types:
            flat = zone.name or zone.long_name or None
        if flat is not None:
            said.setdefault(flat, f"{zone.type} {zone.name or zone.long_name}")
    if said:
        return said
    for property_ in names.properties:
        for text in texts(space, (property_,)):
            said.setdefault(text, property_.name)
        if said:
            return said
    for pattern in names.names:
        flat = found(pattern, space.name, "id")
        if flat is not None:
            return {flat: "name"}
    return {}


def _ordered(spaces: Iterable[Space]) -> list[Space]:
    return sorted(spaces, key=lambda space: (space.name, space.long_name, space.guid))

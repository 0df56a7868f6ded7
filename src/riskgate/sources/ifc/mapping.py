"""What a mapping says of models: names of rooms, flats and storeys, and where each field of a snapshot comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal

from riskgate.record import record
from riskgate.sources.ifc.names import key

Section = Literal["building", "unit", "room", "door", "window", "railing", "stair"]
SECTIONS: tuple[Section, ...] = ("building", "unit", "room", "door", "window", "railing", "stair")
GEOMETRY = ("floor_area", "height", "short_side", "opening_width", "bottom", "top")
"""What the shape of an element says; see docs/sources.md."""
DERIVED: Mapping[Section, tuple[str, ...]] = MappingProxyType(
    {
        "building": ("least_storey_height", "lived_storeys"),
        "unit": ("floor",),
        "room": ("kind", "basement", "outer_window"),
        "door": ("kind", "room_kind", "other_room_kind"),
        "window": ("kind", "room_kind"),
        "railing": ("location",),
        "stair": (),
    }
)
"""What follows from names and ties, section by section."""


@record
class Named:
    """A property by name. `group`: only in a set of this name. `unit`: what a number that is no measure is in.
    `pattern`: the part of a text that counts is its group `id`."""

    name: str
    group: str = ""
    unit: str = ""
    pattern: str = ""


@record
class FieldSources:
    """Where the values of one field come from, in this order; the first one that says something counts."""

    quantities: tuple[Named, ...] = ()
    properties: tuple[Named, ...] = ()
    attributes: tuple[Named, ...] = ()
    geometry: str = ""
    derived: str = ""
    witness: str = ""
    """What follows from names and ties and cannot stand alone, but may contradict what is said."""

    @property
    def named(self) -> tuple[Named, ...]:
        return self.quantities + self.properties + self.attributes


@record
class Tolerance:
    """How far apart two sources may be and still agree: lengths in metres, areas as a share of the larger."""

    length_m: float
    area_share: float


@record
class Floor:
    """A pattern for names of storeys: the number is its group `floor` plus `plus`, or `is_` whatever it says."""

    pattern: str
    plus: int = 0
    is_: int | None = None


@record
class StoreyNames:
    floors: tuple[Floor, ...] = ()
    basements: tuple[str, ...] = ()
    above_ground: tuple[Named, ...] = ()


@record
class UnitNames:
    """How a model tells its flats. `rest` says what becomes of rooms where it tells none: `together`, `left_out`; or
    all rooms of the building belong to the flat with the id `whole`."""

    zones: tuple[str, ...] = ()
    zone_types: frozenset[tuple[str, ...]] = frozenset()
    properties: tuple[Named, ...] = ()
    names: tuple[str, ...] = ()
    rest: str = "together"
    whole: str = ""


@record
class RoomNames:
    """Names of rooms as tuples of words, by the value that they stand for."""

    kinds: Mapping[tuple[str, ...], str] = field(default_factory=lambda: MappingProxyType({}))
    fillers: frozenset[tuple[str, ...]] = frozenset()
    elsewhere: frozenset[tuple[str, ...]] = frozenset()
    properties: tuple[Named, ...] = ()


@record
class DoorNames:
    """Which of its rooms a door serves (the first of `serves` that it touches), and what it is there."""

    serves: tuple[str, ...] = ()
    kinds: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    entry: str = ""
    """The kind of a door into a flat."""
    entry_from: frozenset[tuple[str, ...]] = frozenset()
    """Names of spaces outside flats from which such doors lead in."""
    entry_rooms: frozenset[str] = frozenset()
    """An outer door of one of these is such a door too."""
    external: tuple[Named, ...] = ()


@record
class WindowNames:
    kind: str = ""
    external: tuple[Named, ...] = ()


@record
class RailingNames:
    """Where a railing stands, by the kind of its room, or by the IFC type that it is a part of."""

    rooms: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    parts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class IfcMap:
    """A whole mapping, checked against the vocabulary."""

    shown: str
    tolerance: Tolerance
    encoding: str
    reach_m: float
    schema_violations: str
    entities: Mapping[str, str]
    storeys: StoreyNames
    units: UnitNames
    rooms: RoomNames
    doors: DoorNames
    windows: WindowNames
    railings: RailingNames
    fields: Mapping[Section, Mapping[str, FieldSources]]

    @cached_property
    def wanted(self) -> frozenset[str]:
        """The keys of all names of quantities and properties that anything here asks for."""
        named: list[Any] = [one for section in self.fields.values() for spec in section.values() for one in spec.named]
        named += self.storeys.above_ground + self.units.properties + self.rooms.properties
        named += self.doors.external + self.windows.external
        return frozenset(key(one.name) for one in named)

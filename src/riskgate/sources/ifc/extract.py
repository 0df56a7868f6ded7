"""From an opened model to `facts`: every space, door, window, railing and stair, and what is said of each."""

from collections.abc import Collection, Iterator
from typing import Any

from riskgate.sources.ifc.facts import Building, Element, Model, Opening, Part, Remark, Space, Storey, Value, Zone
from riskgate.sources.ifc.properties import Properties
from riskgate.sources.ifc.shapes import Placed, Points, Room, Shapes
from riskgate.sources.ifc.ties import Ties, opening_values
from riskgate.sources.ifc.units import Entity, Units

CLIMB = 12
"""So many steps up from an element to the storey it belongs to."""
ATTRIBUTES = {"IfcStairFlight": ("RiserHeight", "TreadLength"), "IfcDoor": ("OverallWidth", "OverallHeight")}
"""Lengths that stand with the element itself. Exporters get their units wrong, so they come after sets."""
ATTRIBUTE = "attribute"
WHOLE = "whole"
ROLES = {"GFA": "gross", "PARKING": "parking"}
COUNTED = ("IfcCurtainWall", "IfcDoor", "IfcWindow", "IfcRailing", "IfcStair", "IfcSpace")


class Extraction:
    """Reads one opened model. `wanted` are the keys of the property names that somebody asks for, `reach` is how far
    from the middle of a wall, in metres, a space is looked for."""

    def __init__(self, model: Entity, wanted: Collection[str], reach: float) -> None:
        self.model = model
        self.units = Units(model)
        self.properties = Properties(self.units, wanted)
        self.shapes = Shapes()
        self.rooms: dict[str, Room] = {}
        self.ties = Ties(self.shapes, self.rooms, reach)
        self.bounds = self._bounds()
        self.levels: dict[str, float | None] = {}

    def read(self, file: str, sha256: str, written_on: str, doubts: tuple[Remark, ...]) -> Model:
        spaces = tuple(self._space(one) for one in self._all("IfcSpace"))
        openings = tuple(self._opening(one) for name in ("IfcDoor", "IfcWindow") for one in self._all(name))
        railings = tuple(self._railing(one) for one in self._all("IfcRailing"))
        stairs = tuple(self._stair(one) for one in self._all("IfcStair"))
        return Model(
            file=file,
            sha256=sha256,
            schema=self.model.schema,
            written_on=written_on,
            project=self._project(),
            buildings=tuple(Building(**self._base(one)) for one in self._all("IfcBuilding")),
            storeys=tuple(self._storey(one) for one in self._all("IfcBuildingStorey")),
            zones=tuple(self._zones()),
            spaces=spaces,
            openings=openings,
            railings=railings,
            stairs=stairs,
            counts={name: len(self._all(name)) for name in COUNTED},
            remarks=tuple(self._remarks()),
            doubts=doubts,
        )

    def _all(self, name: str) -> list[Entity]:
        return sorted(self.model.by_type(name), key=lambda one: int(one.id()))

    def _base(self, element: Entity, values: tuple[Value, ...] = ()) -> dict[str, Any]:
        return {
            "guid": element.GlobalId,
            "type": element.is_a(),
            "name": _plain(element.Name),
            "long_name": _plain(getattr(element, "LongName", None)),
            "object_type": _plain(getattr(element, "ObjectType", None)),
            "values": self.properties.of(element) + values,
        }

    def _project(self) -> Element:
        return next((Element(**self._base(one)) for one in self._all("IfcProject")), Element("", "IfcProject"))

    def _storey(self, storey: Entity) -> Storey:
        building = _climb(storey, "IfcBuilding")
        elevation = self.units.metres(storey.Elevation)
        return Storey(**self._base(storey), building=_guid(building), elevation=elevation)

    def _zones(self) -> Iterator[Zone]:
        """Groups of spaces, and spaces that are made of others."""
        for group in self._all("IfcGroup"):
            members = [one for relation in _listed(group.IsGroupedBy) for one in relation.RelatedObjects or ()]
            spaces = tuple(sorted(one.GlobalId for one in members if one.is_a("IfcSpace")))
            if spaces:
                yield Zone(**self._base(group), spaces=spaces)
        for space in self._all("IfcSpace"):
            parts = tuple(sorted(one.GlobalId for one in _parts(space) if one.is_a("IfcSpace")))
            if parts:
                yield Zone(**self._base(space), spaces=parts)

    def _space(self, space: Entity) -> Space:
        parts = any(one.is_a("IfcSpace") for one in _parts(space))
        shape = None if parts else self.shapes.placed(space)
        values: tuple[Value, ...] = ()
        if shape is not None:
            room = self.rooms[space.GlobalId] = Room(shape)
            values = room.values()
        role = WHOLE if parts else ROLES.get(getattr(space, "PredefinedType", None) or "", "")
        return Space(**self._base(space, values), **self._place(space), role=role)

    def _opening(self, element: Entity) -> Opening:
        bounds = self._bounding(element)
        own = self.shapes.placed(element)
        void = self.shapes.placed(element.FillsVoids[0].RelatingOpeningElement) if element.FillsVoids else None
        level = self._level(element)
        frame = None if own is None else own.frame
        values: tuple[Value, ...] = tuple(self._attributes(element))
        near: tuple[str, ...] = ()
        shape = void or own
        if shape is not None and frame is not None and _stands(own, frame):
            values += opening_values(shape, frame, level, upright=void is not None)
            near = () if bounds else self.ties.beside(shape, frame)
        return Opening(**self._base(element, values), **self._place(element), bounds=bounds, near=near)

    def _railing(self, element: Entity) -> Part:
        whole = next((_whole(relation) for relation in element.Decomposes), None)
        shape = self.shapes.placed(element)
        near = self._bounding(element) or (() if shape is None else self.ties.along(shape))
        kind = "" if whole is None else whole.is_a()
        return Part(**self._base(element), **self._place(element), whole=kind, near=near)

    def _stair(self, stair: Entity) -> Part:
        """What is said of the flights counts for the stair; they are read first."""
        flights = [one for one in _parts(stair) if one.is_a("IfcStairFlight")]
        flights.sort(key=lambda one: int(one.id()))
        values = tuple(value for one in flights for value in self.properties.of(one))
        attributes = tuple(value for one in flights for value in self._attributes(one))
        near = list(self._bounding(stair))
        for one in flights or [stair]:
            shape = self.shapes.placed(one)
            near += [guid for guid in (self.ties.around(shape) if shape is not None else ()) if guid not in near]
        base = self._base(stair)
        base["values"] = values + base["values"] + attributes
        return Part(**base, **self._place(stair), near=tuple(near))

    def _attributes(self, element: Entity) -> Iterator[Value]:
        for name in next((names for kind, names in ATTRIBUTES.items() if element.is_a(kind)), ()):
            number = self.units.metres(getattr(element, name, None))
            if number is not None:
                yield Value("attribute", ATTRIBUTE, name, number, "m")

    def _bounds(self) -> dict[str, list[str]]:
        """The spaces that each element bounds, as the model says; an opening in a wall stands for what fills it."""
        found: dict[str, list[str]] = {}
        for relation in self._all("IfcRelSpaceBoundary"):
            space, element = relation.RelatingSpace, relation.RelatedBuildingElement
            if element is None or space is None or not space.is_a("IfcSpace"):
                continue
            filled = [one.RelatedBuildingElement for one in getattr(element, "HasFillings", ())]
            filled = [one for one in filled if one is not None]
            for one in filled or [element]:
                spaces = found.setdefault(one.GlobalId, [])
                if space.GlobalId not in spaces:
                    spaces.append(space.GlobalId)
        return found

    def _bounding(self, element: Entity) -> tuple[str, ...]:
        """The spaces that the model says an element bounds, or is contained in."""
        found = list(self.bounds.get(element.GlobalId, ()))
        for relation in getattr(element, "ContainedInStructure", ()):
            structure = relation.RelatingStructure
            if structure is not None and structure.is_a("IfcSpace") and structure.GlobalId not in found:
                found.append(structure.GlobalId)
        return tuple(found)

    def _place(self, element: Entity) -> dict[str, Any]:
        storey = _climb(element, "IfcBuildingStorey")
        building = _climb(element if storey is None else storey, "IfcBuilding")
        return {"building": _guid(building), "storey": _guid(storey)}

    def _level(self, element: Entity) -> float | None:
        """The height of the floor of an element's storey, in the coordinates of the model, in metres."""
        storey = _climb(element, "IfcBuildingStorey")
        if storey is None or storey.ObjectPlacement is None:
            return None
        if storey.GlobalId in self.levels:
            return self.levels[storey.GlobalId]
        from ifcopenshell.util.placement import get_local_placement  # noqa: PLC0415 - with the library, when needed

        level = self.units.metres(float(get_local_placement(storey.ObjectPlacement)[2, 3]))
        self.levels[storey.GlobalId] = level
        return level

    def _remarks(self) -> Iterator[Remark]:
        if self.shapes.failed:
            yield Remark("no-shape", "", tuple(self.shapes.failed))
        for name, number in sorted(self.properties.unknown_units.items()):
            yield Remark("unknown-unit", name, ("",) * number)


def _stands(own: Placed | None, frame: Points) -> bool:
    """Whether an element is higher than it is thick: a roof light lies, and its frame says nothing of sides."""
    if own is None:
        return False
    corners = own.within(frame)
    size = corners.max(axis=0) - corners.min(axis=0)
    return bool(size[2] >= size[1])


def _plain(text: str | None) -> str:
    return "" if text is None else " ".join(text.split())


def _guid(element: Entity | None) -> str:
    return "" if element is None else str(element.GlobalId)


def _listed(relation: Entity) -> tuple[Entity, ...]:
    """An inverse that is one instance in one schema and a list in the other."""
    if relation is None:
        return ()
    return relation if isinstance(relation, tuple) else (relation,)


def _parts(element: Entity) -> list[Entity]:
    return [one for relation in element.IsDecomposedBy for one in relation.RelatedObjects or ()]


def _whole(relation: Entity) -> Entity:
    return relation.RelatingObject


def _climb(element: Entity, kind: str) -> Entity | None:
    """The first of this type that an element lies in, is part of, or fills an opening of."""
    at = element
    for _ in range(CLIMB):
        above = next((one.RelatingStructure for one in getattr(at, "ContainedInStructure", ())), None)
        above = above or next((one.RelatingObject for one in getattr(at, "Decomposes", ())), None)
        above = above or next((one.RelatingOpeningElement for one in getattr(at, "FillsVoids", ())), None)
        above = above or next(
            (one.RelatingBuildingElement for one in _listed(getattr(at, "VoidsElements", None))), None
        )
        if above is None:
            return None
        if above.is_a(kind):
            return above
        at = above
    return None

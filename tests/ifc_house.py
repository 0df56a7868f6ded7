"""Small houses as IFC models, made with the API of ifcopenshell: any schema, any unit, names in any language.

Everything is given in metres and square metres, and written in the units of the model.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ifcopenshell
import ifcopenshell.api.aggregate
import ifcopenshell.api.context
import ifcopenshell.api.geometry
import ifcopenshell.api.group
import ifcopenshell.api.project
import ifcopenshell.api.root
import ifcopenshell.api.spatial
import ifcopenshell.api.unit
import numpy as np

RAW = {"m": (True, "METERS", 1.0), "mm": (True, "MILLIMETERS", 0.001), "ft": (False, "FEET", 0.3048)}
AREAS = {"m2": (True, "METERS", 1.0), "mm2": (True, "MILLIMETERS", 1e-6), "ft2": (False, "FEET", 0.3048**2)}
WALL = 0.2


@dataclass
class House:
    """A building with one storey, and what is put into it."""

    schema: str = "IFC4"
    length: str = "m"
    area: str = "m2"
    storey_name: str = "Level 1"
    file: Any = None
    elements: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        api = ifcopenshell.api
        self.file = api.project.create_file(self.schema)
        self._owner()
        self.project = api.root.create_entity(self.file, "IfcProject", name="House")
        metric, raw, self.metre = RAW[self.length]
        square_metric, square, self.square_metre = AREAS[self.area]
        api.unit.assign_unit(
            self.file,
            length={"is_metric": metric, "raw": raw},
            area={"is_metric": square_metric, "raw": square},
        )
        model = api.context.add_context(self.file, context_type="Model")
        self.body = api.context.add_context(
            self.file, context_type="Model", context_identifier="Body", target_view="MODEL_VIEW", parent=model
        )
        self.site = api.root.create_entity(self.file, "IfcSite", name="Site")
        self.building = api.root.create_entity(self.file, "IfcBuilding", name="1")
        api.aggregate.assign_object(self.file, products=[self.site], relating_object=self.project)
        api.aggregate.assign_object(self.file, products=[self.building], relating_object=self.site)
        for one in (self.site, self.building):
            self.place(one, (0, 0, 0))
        self.storey = self.add_storey(self.storey_name, 0.0)
        self.wall = self._new("IfcWall", "wall")

    def add_storey(self, name: str, elevation: float) -> Any:
        made = ifcopenshell.api.root.create_entity(self.file, "IfcBuildingStorey", name=name)
        made.Elevation = elevation / self.metre
        ifcopenshell.api.aggregate.assign_object(self.file, products=[made], relating_object=self.building)
        self.place(made, (0, 0, elevation))
        return made

    def room(
        self,
        number: str,
        name: str,
        corner: tuple[float, float],
        size: tuple[float, float],
        height: float = 2.7,
        *,
        body: bool = True,
        storey: Any = None,
        quantities: Mapping[str, tuple[str, float]] | None = None,
        properties: Mapping[str, Any] | None = None,
    ) -> Any:
        """A space; `quantities` by name: what it measures (`m`, `m2`) and how much."""
        at = storey or self.storey
        space = self._new("IfcSpace", number)
        space.LongName = name
        ifcopenshell.api.aggregate.assign_object(self.file, products=[space], relating_object=at)
        base = at.Elevation * self.metre
        self.place(space, (*corner, base))
        if body:
            self.box(space, (0, 0, 0), (*size, height))
        if quantities:
            self.quantities(space, quantities)
        if properties:
            self.properties(space, "Pset_Test", properties)
        return space

    def opening(
        self,
        kind: str,
        number: str,
        at: tuple[float, float, float],
        size: tuple[float, float],
        *,
        external: bool | None = None,
        turned: bool = False,
        bounds: Sequence[Any] = (),
        void: bool = True,
        properties: Mapping[str, Any] | None = None,
    ) -> Any:
        """A door or window of this width and height in a wall that runs along x (along y if `turned`)."""
        width, height = size
        made = self._new(kind, number)
        made.OverallWidth, made.OverallHeight = width / self.metre, height / self.metre
        ifcopenshell.api.spatial.assign_container(self.file, products=[made], relating_structure=self.storey)
        self.place(made, at, turned=turned)
        self.box(made, (0, 0, 0), (width, WALL, height))
        if void:
            hole = self._new("IfcOpeningElement", f"hole {number}")
            self.place(hole, at, turned=turned)
            self.box(hole, (0, 0, 0), (width, WALL, height))
            self._relate("IfcRelVoidsElement", RelatingBuildingElement=self.wall, RelatedOpeningElement=hole)
            self._relate("IfcRelFillsElement", RelatingOpeningElement=hole, RelatedBuildingElement=made)
        if external is not None:
            self.properties(
                made, "Pset_DoorCommon" if kind == "IfcDoor" else "Pset_WindowCommon", {"IsExternal": external}
            )
        if properties:
            self.properties(made, "Pset_Test", properties)
        for space in bounds:
            self._relate(
                "IfcRelSpaceBoundary",
                RelatingSpace=space,
                RelatedBuildingElement=made,
                PhysicalOrVirtualBoundary="PHYSICAL",
                InternalOrExternalBoundary="INTERNAL",
            )
        return made

    def zone(self, name: str, spaces: Sequence[Any], object_type: str | None = None) -> Any:
        made = ifcopenshell.api.root.create_entity(self.file, "IfcZone", name=name)
        made.ObjectType = object_type
        ifcopenshell.api.group.assign_group(self.file, products=list(spaces), group=made)
        return made

    def part(self, kind: str, number: str, low: tuple[float, float, float], size: tuple[float, float, float]) -> Any:
        """A railing, a flight of stairs: a box."""
        made = self._new(kind, number)
        ifcopenshell.api.spatial.assign_container(self.file, products=[made], relating_structure=self.storey)
        self.place(made, low)
        self.box(made, (0, 0, 0), size)
        return made

    def stair(self, number: str, low: tuple[float, float, float], size: tuple[float, float, float]) -> tuple[Any, Any]:
        """A stair with one flight."""
        whole = self._new("IfcStair", number)
        ifcopenshell.api.spatial.assign_container(self.file, products=[whole], relating_structure=self.storey)
        flight = self._new("IfcStairFlight", f"{number} flight")
        ifcopenshell.api.aggregate.assign_object(self.file, products=[flight], relating_object=whole)
        self.place(flight, low)
        self.box(flight, (0, 0, 0), size)
        return whole, flight

    def quantities(self, element: Any, sizes: Mapping[str, tuple[str, float]]) -> None:
        """A set of quantities. IFC2X3 and IFC4 order the attributes of a quantity in the same way."""
        made = []
        for name, (unit, size) in sizes.items():
            kind = "IfcQuantityArea" if unit == "m2" else "IfcQuantityLength"
            scale = self.square_metre if unit == "m2" else self.metre
            made.append(self.file.create_entity(kind, name, None, None, size / scale))
        definition = self._new("IfcElementQuantity", "BaseQuantities", Quantities=made)
        self._relate("IfcRelDefinesByProperties", RelatedObjects=[element], RelatingPropertyDefinition=definition)

    def properties(self, element: Any, group: str, values: Mapping[str, Any]) -> None:
        """A set of properties. A value is a yes or no, a text, or a pair of a measure and a number of the model's unit
        (`("IfcLengthMeasure", 2.7)`), or such a pair with a unit of its own."""
        made = []
        for name, value in values.items():
            unit = None
            if isinstance(value, bool):
                nominal = self.file.create_entity("IfcBoolean", value)
            elif isinstance(value, str):
                nominal = self.file.create_entity("IfcLabel", value)
            else:
                nominal = self.file.create_entity(value[0], value[1])
                unit = value[2] if len(value) > 2 else None
            made.append(self.file.create_entity("IfcPropertySingleValue", name, None, nominal, unit))
        definition = self._new("IfcPropertySet", group, HasProperties=made)
        self._relate("IfcRelDefinesByProperties", RelatedObjects=[element], RelatingPropertyDefinition=definition)

    def place(self, element: Any, at: Sequence[float], *, turned: bool = False) -> None:
        matrix = np.eye(4)
        if turned:
            matrix[:3, 0], matrix[:3, 1] = (0, 1, 0), (-1, 0, 0)
        matrix[:3, 3] = at
        ifcopenshell.api.geometry.edit_object_placement(self.file, product=element, matrix=matrix)

    def box(self, element: Any, low: Sequence[float], size: Sequence[float]) -> None:
        """The body of an element: a box, its low corner in the frame of the element."""
        make, one = self.file.create_entity, 1 / self.metre
        origin = make("IfcCartesianPoint", [one * (low[0] + size[0] / 2), one * (low[1] + size[1] / 2)])
        profile = make(
            "IfcRectangleProfileDef", "AREA", None, make("IfcAxis2Placement2D", origin), one * size[0], one * size[1]
        )
        position = make("IfcAxis2Placement3D", make("IfcCartesianPoint", [0.0, 0.0, one * low[2]]))
        solid = make("IfcExtrudedAreaSolid", profile, position, make("IfcDirection", [0.0, 0.0, 1.0]), one * size[2])
        shape = make("IfcShapeRepresentation", self.body, "Body", "SweptSolid", [solid])
        element.Representation = make("IfcProductDefinitionShape", None, None, [shape])

    def write(self, path: Path) -> Path:
        path.write_text(self.file.to_string(), encoding="ascii")
        return path

    def _owner(self) -> None:
        """Somebody who makes the model: IFC2X3 wants to know of each element."""
        make = self.file.create_entity
        someone, office = make("IfcPerson"), make("IfcOrganization", None, "Office")
        make("IfcPersonAndOrganization", someone, office)
        make("IfcApplication", office, "1", "Tests", "tests")

    def _new(self, kind: str, name: str, **rest: Any) -> Any:
        made = ifcopenshell.api.root.create_entity(self.file, kind, name=name)
        for attribute, value in rest.items():
            setattr(made, attribute, value)
        self.elements[name] = made
        return made

    def _relate(self, kind: str, **ends: Any) -> Any:
        made = ifcopenshell.api.root.create_entity(self.file, kind)
        for attribute, value in ends.items():
            setattr(made, attribute, value)
        return made


def flat(house: House, names: Mapping[str, str], *, bounded: bool = False) -> dict[str, Any]:
    """A flat of four rooms round a hall: three inner doors, an outer one, a window. `names` by kind of room."""
    sizes = {
        "bathroom": ((0.0, 0.0), (2.0, 3.0)),
        "study": ((2.2, 0.0), (3.0, 3.0)),
        "foyer": ((0.0, 3.2), (5.2, 1.5)),
        "bedroom": ((0.0, 4.9), (5.2, 4.0)),
    }
    rooms = {
        kind: house.room(str(number), names[kind], corner, size)
        for number, (kind, (corner, size)) in enumerate(sizes.items(), start=1)
    }

    def between(*kinds: str) -> list[Any]:
        return [rooms[kind] for kind in kinds] if bounded else []

    house.opening(
        "IfcDoor", "bath door", (0.5, 3.0, 0), (0.8, 2.0), external=False, bounds=between("bathroom", "foyer")
    )
    house.opening("IfcDoor", "study door", (3.0, 3.0, 0), (0.9, 2.0), external=False, bounds=between("study", "foyer"))
    house.opening("IfcDoor", "bed door", (1.0, 4.7, 0), (0.9, 2.0), external=False, bounds=between("bedroom", "foyer"))
    house.opening(
        "IfcDoor", "front door", (5.4, 3.4, 0), (1.0, 2.1), external=True, turned=True, bounds=between("foyer")
    )
    house.opening("IfcWindow", "bed window", (1.0, 8.9, 0.4), (1.5, 1.2), external=True, bounds=between("bedroom"))
    return rooms

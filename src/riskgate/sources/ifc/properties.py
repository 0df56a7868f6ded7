"""What sets of quantities and properties say of an element: of itself first, then of its type."""

from collections.abc import Collection, Iterator

from riskgate.sources.ifc.facts import Unit, Value
from riskgate.sources.ifc.names import key
from riskgate.sources.ifc.units import Entity, Units

_QUANTITIES: dict[str, tuple[str, Unit]] = {
    "IfcQuantityLength": ("LengthValue", "m"),
    "IfcQuantityArea": ("AreaValue", "m2"),
    "IfcQuantityCount": ("CountValue", "count"),
}
_MEASURES: dict[Unit, str] = {"m": "IfcLengthMeasure", "m2": "IfcAreaMeasure", "count": "IfcCountMeasure"}
_DEEPEST = 3
"""Properties may be made of properties, so many times."""


class Properties:
    """Reads the values whose names somebody asks for; a model holds many more."""

    def __init__(self, units: Units, wanted: Collection[str]) -> None:
        self.units = units
        self.wanted = wanted
        self.unknown_units: dict[str, int] = {}
        """Names of values whose unit is not known, and how often they were met: they are left out."""

    def of(self, element: Entity) -> tuple[Value, ...]:
        """Quantities first, then properties; a set of the element hides the same value in a set of its type."""
        found: dict[tuple[str, str, str], Value] = {}
        for definition in _definitions(element):
            for value in self._values(definition):
                found.setdefault((value.kind, key(value.group), key(value.name)), value)
        return tuple(sorted(found.values(), key=lambda value: value.kind != "quantity"))

    def _values(self, definition: Entity) -> Iterator[Value]:
        group = definition.Name or ""
        if definition.is_a("IfcElementQuantity"):
            for quantity in definition.Quantities or ():
                yield from self._quantity(group, quantity, 0)
        elif definition.is_a("IfcPropertySet"):
            for one in definition.HasProperties or ():
                yield from self._property(group, one, 0)

    def _quantity(self, group: str, quantity: Entity, depth: int) -> Iterator[Value]:
        if quantity.is_a("IfcPhysicalComplexQuantity") and depth < _DEEPEST:
            for inner in quantity.HasQuantities or ():
                yield from self._quantity(group, inner, depth + 1)
            return
        known = _QUANTITIES.get(quantity.is_a())
        if known is None or key(quantity.Name or "") not in self.wanted:
            return
        attribute, unit = known
        number = getattr(quantity, attribute)
        made = None if number is None else self.units.measure(float(number), _MEASURES[unit], quantity.Unit)
        if made is None:
            self._left_out(quantity.Name)
        else:
            size, measured = made
            if measured == unit:
                yield Value("quantity", group, quantity.Name, size, unit)

    def _property(self, group: str, one: Entity, depth: int) -> Iterator[Value]:
        if one.is_a("IfcComplexProperty") and depth < _DEEPEST:
            for inner in one.HasProperties or ():
                yield from self._property(group, inner, depth + 1)
            return
        if key(one.Name or "") not in self.wanted:
            return
        if one.is_a("IfcPropertySingleValue"):
            value = one.NominalValue
        elif one.is_a("IfcPropertyEnumeratedValue"):
            chosen = list(one.EnumerationValues or ())
            value = chosen[0] if len(chosen) == 1 else None
        else:
            return
        if value is None:
            return
        plain = value.wrappedValue
        if isinstance(plain, bool):
            yield Value("property", group, one.Name, plain)
        elif isinstance(plain, int | float):
            made = self.units.measure(plain, value.is_a(), getattr(one, "Unit", None))
            if made is None:
                self._left_out(one.Name)
            else:
                size, measured = made
                yield Value("property", group, one.Name, size, measured)
        elif isinstance(plain, str) and plain.strip() and plain != "UNKNOWN":
            yield Value("property", group, one.Name, plain.strip())

    def _left_out(self, name: str) -> None:
        self.unknown_units[name] = self.unknown_units.get(name, 0) + 1


def _definitions(element: Entity) -> Iterator[Entity]:
    """The sets of an element, then those of its type, in the order of the file."""
    types: list[Entity] = []
    for relation in sorted(getattr(element, "IsDefinedBy", ()), key=lambda one: int(one.id())):
        if relation.is_a("IfcRelDefinesByProperties"):
            yield from _sets(relation.RelatingPropertyDefinition)
        elif relation.is_a("IfcRelDefinesByType"):
            types.append(relation.RelatingType)
    types += [relation.RelatingType for relation in getattr(element, "IsTypedBy", ())]
    for one in types:
        for definition in () if one is None else one.HasPropertySets or ():
            yield from _sets(definition)


def _sets(definition: Entity) -> Iterator[Entity]:
    """A relation holds a set, or since IFC4 several of them."""
    if definition is None:
        return
    if isinstance(definition, tuple):
        yield from definition
    elif definition.is_a("IfcPropertySetDefinitionSet"):
        yield from definition.wrappedValue
    else:
        yield definition

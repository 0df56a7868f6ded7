"""Lengths and areas of a model in metres and square metres, by what the model itself says of its units.

Nothing is assumed: a length of a model without a unit of length has no size, a number that is no measure has no unit.
"""

from typing import Any

from riskgate.sources.ifc.facts import Unit

Entity = Any
"""An instance of a model: which attributes it has depends on its type and schema, and only the model knows those."""

PREFIXES = {
    "EXA": 1e18,
    "PETA": 1e15,
    "TERA": 1e12,
    "GIGA": 1e9,
    "MEGA": 1e6,
    "KILO": 1e3,
    "HECTO": 1e2,
    "DECA": 1e1,
    "DECI": 1e-1,
    "CENTI": 1e-2,
    "MILLI": 1e-3,
    "MICRO": 1e-6,
    "NANO": 1e-9,
    "PICO": 1e-12,
    "FEMTO": 1e-15,
    "ATTO": 1e-18,
}
LENGTHS = frozenset({"IfcLengthMeasure", "IfcPositiveLengthMeasure", "IfcNonNegativeLengthMeasure"})
AREAS = frozenset({"IfcAreaMeasure"})
COUNTS = frozenset({"IfcCountMeasure", "IfcInteger"})
LENGTHS_WRITTEN = {"mm": 0.001, "cm": 0.01, "m": 1.0, "in": 0.0254, "ft": 0.3048}
"""Units of length as people write them, in metres."""
AREAS_WRITTEN = {"m2": 1.0, "m²": 1.0, "㎡": 1.0, "cm2": 0.0001, "ft2": 0.09290304}
"""Units of area as people write them, in square metres."""
_KINDS: dict[str, Unit] = {"LENGTHUNIT": "m", "AREAUNIT": "m2"}
_BASE = {"METRE": ("LENGTHUNIT", 1), "SQUARE_METRE": ("AREAUNIT", 2)}
_LONGEST = 4
"""A unit may be defined by another one, so many times."""


class Units:
    """The units of one model. `length` and `area` are what one of its units is in m and m²; None if it does not say."""

    def __init__(self, model: Entity) -> None:
        self.length: float | None = None
        self.area: float | None = None
        for project in model.by_type("IfcProject"):
            assigned = project.UnitsInContext
            for unit in assigned.Units if assigned is not None else ():
                found = scale(unit)
                if found is not None and found[1] == "m":
                    self.length = found[0]
                elif found is not None:
                    self.area = found[0]

    def metres(self, value: float | None) -> float | None:
        """A length of the model in metres."""
        return None if value is None or self.length is None else value * self.length

    def measure(self, value: float, measure: str, unit: Entity | None) -> tuple[float, Unit] | None:
        """A number with what it is measured in. `measure` is its IFC type, `unit` its own unit, if it has one.

        None if it is a length or area whose unit is not known.
        """
        if unit is not None:
            own = scale(unit)
            return None if own is None else (value * own[0], own[1])
        if measure in LENGTHS:
            return None if self.length is None else (value * self.length, "m")
        if measure in AREAS:
            return None if self.area is None else (value * self.area, "m2")
        return value, "count" if measure in COUNTS else ""


def scale(unit: Entity, depth: int = 0) -> tuple[float, Unit] | None:
    """What one of this unit is in m or m², and which; None if it is no unit of length or area, or not defined."""
    kind = getattr(unit, "UnitType", None)
    if kind not in _KINDS or depth > _LONGEST:
        return None
    if unit.is_a("IfcSIUnit"):
        base, power = _BASE.get(unit.Name, ("", 0))
        if base != kind:
            return None
        prefix = 1.0 if unit.Prefix is None else PREFIXES.get(unit.Prefix)
        return None if prefix is None else (prefix**power, _KINDS[kind])
    if unit.is_a("IfcConversionBasedUnit"):
        factor = unit.ConversionFactor
        base_unit = None if factor is None else scale(factor.UnitComponent, depth + 1)
        if base_unit is None or base_unit[1] != _KINDS[kind]:
            return None
        number = factor.ValueComponent.wrappedValue
        return (float(number) * base_unit[0], base_unit[1]) if isinstance(number, int | float) and number > 0 else None
    return None

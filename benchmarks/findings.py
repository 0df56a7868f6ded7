"""What every candidate of the benchmark must find alike: risks by rule and place, gaps counted by rule."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from workload import AS_OF

Entity = dict[str, Any]
Risk = Callable[[tuple[str, int]], None]
Gaps = Counter[str]
AS_OF_TIME = datetime(AS_OF.year, AS_OF.month, AS_OF.day, tzinfo=UTC)
TOLERANCE = 1e-6


def least(limit: float) -> float:
    """The smallest measured value that `at_least(x, limit)` accepts."""
    return limit - TOLERANCE * abs(limit)


MIN_INVESTED = least(0.25)
MIN_STOREY_HEIGHT = least(3.0)
MIN_RAIN_CHECKS = 2
MIN_KITCHEN_AREA = least(4.5)
MIN_BEDROOM_SIDE = least(2.5)
MIN_CLEAR_HEIGHT = least(2.6)
MIN_WINDOW_FLOOR_RATIO = least(0.143)
MIN_BALCONY_WIDTH = least(1.2)
MIN_SILL_HEIGHT = least(0.5)
MIN_ENTRY_DOOR = least(1.0)
MIN_FACING_DISTANCE = 6.0
MIN_AISLE = least(0.9)
MIN_GUARD = least(0.9)
MIN_WET_DOOR = least(0.7)
MAX_TAP_PRESSURE = 0.2 + TOLERANCE * 0.2
EARLIEST_DELIVERY = AS_OF_TIME + timedelta(days=60)
FIRST_ACCEPTANCE = datetime(2026, 5, 1, tzinfo=UTC)
NEW_CODE = datetime(2025, 5, 1, tzinfo=UTC)


@dataclass
class Findings:
    """Risks as (rule, position among the entities of its type); gaps as a number per rule."""

    risks: list[tuple[str, int]] = field(default_factory=list)
    gaps: Gaps = field(default_factory=Counter)

    def same_as(self, other: "Findings") -> bool:
        return sorted(self.risks) == sorted(other.risks) and +self.gaps == +other.gaps


@dataclass(frozen=True)
class Rows:
    """All entities of a project by type, each with its ancestors: what rule-after-rule code walks."""

    project: list[tuple[Entity]]
    building: list[tuple[Entity, Entity]]
    stair_unit: list[tuple[Entity]]
    unit: list[tuple[Entity]]
    room: list[tuple[Entity, Entity, Entity, Entity]]
    opening: list[tuple[Entity, Entity, Entity, Entity, Entity]]


def rows(project: Entity) -> Rows:
    found = Rows([(project,)], [], [], [], [], [])
    for building in _buildings(project):
        found.building.append((building, project))
        for stair in building["stair_units"]:
            found.stair_unit.append((stair,))
            for unit in stair["units"]:
                found.unit.append((unit,))
                for room in unit["rooms"]:
                    found.room.append((room, unit, building, project))
                    found.opening.extend((opening, room, unit, building, project) for opening in room["openings"])
    return found


def _buildings(project: Entity) -> Iterator[Entity]:
    for phase in project["phases"]:
        yield from phase["buildings"]


def with_dates(entity: Entity) -> Entity:
    """Plain JSON data as a validated snapshot holds it, as far as the rules look: dates as times, lengths as floats."""
    fresh: Entity = {}
    for name, value in entity.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            fresh[name] = [with_dates(item) for item in value]
        elif isinstance(value, str) and (name.endswith(("_date", "_on")) or name.startswith("delivery_date_")):
            fresh[name] = datetime.fromisoformat(value).replace(tzinfo=UTC)
        else:
            fresh[name] = value
    return fresh

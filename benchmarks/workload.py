"""A seeded reference project: buildings full of flats, rooms and openings, for the benchmark and its tests.

Only `random.Random.random()` is drawn from, whose values for a seed are the same on every Python; the bytes therefore
are the same everywhere, too.
"""

import argparse
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

AS_OF = date(2026, 11, 20)
UNITS_PER_STAIR = 50
UNITS_PER_FLOOR = 2
STAIRS_PER_BUILDING = 2
BUILDINGS_PER_PHASE = 10
FAULT_FACTOR = 3.03
"""How much oftener a field is faulty than a check is a risk: most checks do not apply. Fitted to the rule pack."""

DOOR_KINDS = ("bedroom_door", "kitchen_door", "bathroom_door", "balcony_door", "entry_door")
ROOMS = (  # kind, id, kind of its door
    ("living", "L1", "entry_door"),
    ("bedroom", "B1", "bedroom_door"),
    ("bedroom", "B2", "bedroom_door"),
    ("kitchen", "K1", "kitchen_door"),
    ("bathroom", "W1", "bathroom_door"),
    ("balcony", "T1", "balcony_door"),
)
AREAS = {"living": 21.0, "bedroom": 11.5, "kitchen": 5.6, "bathroom": 4.1, "balcony": 5.2}
SIDES = {"living": 3.6, "bedroom": 2.9, "kitchen": 1.9, "bathroom": 1.7, "balcony": 1.6}
KEPT = frozenset({"id", "phases", "buildings", "stair_units", "units", "rooms", "openings"})
"""Never a hole: ids are required, and an absent collection is another thing than a missing field."""
LISTS = frozenset({"stair_units", "units", "rooms", "openings"})
"""What can be absent as a whole."""

Entity = dict[str, Any]


@dataclass(frozen=True)
class Size:
    """What to generate: how many flats, the share of missing fields below the project, the share of risky checks.

    `absent` is the share of lists (of rooms, openings …) that are not there at all.
    """

    units: int = 2000
    holes: float = 0.0
    risks: float = 0.016
    seed: int = 2026
    absent: float = 0.0


class _Draw:
    """Draws good values, and faulty ones with a small chance."""

    def __init__(self, size: Size) -> None:
        self._random = random.Random(size.seed).random
        self._holes, self._absent = size.holes, size.absent
        self._fault = size.risks * FAULT_FACTOR

    def chance(self, share: float) -> bool:
        return self._random() < share

    def number(self, low: float, high: float, digits: int = 2) -> float:
        return round(low + (high - low) * self._random(), digits)

    def whole(self, low: int, high: int) -> int:
        return low + int((high - low + 1) * self._random())

    def one_of(self, values: Sequence[str]) -> str:
        return values[int(len(values) * self._random())]

    def day(self, first: date, days: int) -> str:
        return (first + timedelta(days=self.whole(0, days))).isoformat()

    def faulty(self) -> bool:
        return self._random() < self._fault

    def usually(self, good: bool) -> bool:
        return good != self.faulty()

    def measured(self, low: float, high: float, bad: float) -> float:
        """A length or area in its good range, or somewhat off the bad value."""
        return self.number(bad * 0.85, bad * 0.98) if self.faulty() else self.number(low, high)

    def at_most(self, low: float, high: float, bad: float) -> float:
        return self.number(bad * 1.02, bad * 1.2) if self.faulty() else self.number(low, high)

    def with_holes(self, entity: Entity) -> Entity:
        """Take fields out: half of them disappear, half become null. Lists, if they are to go, disappear."""
        if self._absent:
            entity = {
                name: value for name, value in entity.items() if name not in LISTS or not self.chance(self._absent)
            }
        if not self._holes:
            return entity
        kept: Entity = {}
        for name, value in entity.items():
            if name in KEPT or not self.chance(self._holes):
                kept[name] = value
            elif self.chance(0.5):
                kept[name] = None
        return kept


def project(size: Size) -> Entity:
    """The snapshot as plain data: `riskgate`, `as_of` and the project."""
    draw = _Draw(size)
    per_building = UNITS_PER_STAIR * STAIRS_PER_BUILDING
    buildings = [
        _building(draw, number, min(per_building, size.units - first))
        for number, first in enumerate(range(0, size.units, per_building), start=1)
    ]
    phases = [
        {
            "id": str(index),
            "name": f"{index}期",
            "contract_delivery_date": "2027-06-30",
            "is_offered": True,
            "is_delivered": False,
            "buildings": buildings[first : first + BUILDINGS_PER_PHASE],
        }
        for index, first in enumerate(range(0, len(buildings), BUILDINGS_PER_PHASE), start=1)
    ]
    root = {
        "id": "reference",
        "name": "基准项目",
        "city": "杭州",
        "climate_zone": "hot_summer_cold_winter",
        "design_basis_date": "2025-06-01",
        "sales_mode": "presale",
        "delivery_standard": "fitted_out",
        "delivery_date_contract": "2027-06-30",
        "delivery_date_forecast": "2027-04-15",
        "buffer_days": 60,
        "construction_schedule_fixed": True,
        "invested_ratio": 0.31,
        "adverse_survey_done_date": "2026-03-02",
        "adverse_survey_radius_m": 500,
        "land_conditions_briefed": True,
        "last_progress_letter_date": "2026-07-01",
        "nodes": [
            {"id": "drawing-review", "status": "passed", "planned_on": "2025-09-01", "passed_on": "2025-09-03"},
            {"id": "opening-evaluation", "status": "in_progress", "planned_on": "2026-12-05"},
            {"id": "joint-acceptance", "status": "not_started", "planned_on": "2027-04-20"},
        ],
        "permits": [
            {"id": "P1", "kind": "works_permit", "number": "施330100", "status": "valid", "issued_date": "2025-10-09"},
            {
                "id": "P2",
                "kind": "presale",
                "number": "杭售许字2026第0101号",
                "status": "valid",
                "issued_date": "2026-10-30",
                "covers_buildings": [building["id"] for building in buildings],
            },
        ],
        "phases": phases,
    }
    return {"riskgate": 1, "as_of": AS_OF.isoformat(), "project": root}


def snapshot_bytes(size: Size) -> bytes:
    """The snapshot as UTF-8 JSON."""
    return json.dumps(project(size), ensure_ascii=False, separators=(",", ":")).encode()


def _building(draw: _Draw, number: int, units: int) -> Entity:
    storeys = -(-min(units, UNITS_PER_STAIR) // UNITS_PER_FLOOR)
    storey_height = draw.measured(3.0, 3.15, 3.0)
    height = round(storeys * storey_height + 1.2, 2)
    stairs = [
        _stair_unit(draw, f"{number:02d}-{index}", storeys, height, min(UNITS_PER_STAIR, units - first))
        for index, first in enumerate(range(0, units, UNITS_PER_STAIR), start=1)
    ]
    return draw.with_holes(
        {
            "id": f"{number:02d}",
            "name": f"{number}号楼",
            "mark": f"{number}号楼",
            "storey_count": storeys,
            "height_m": height,
            "storey_height_m": storey_height,
            "rain_check_count": 1 if draw.faulty() else draw.whole(2, 4),
            "is_offered": draw.chance(0.7),
            "stair_units": stairs,
        }
    )


def _stair_unit(draw: _Draw, name: str, storeys: int, height: float, units: int) -> Entity:
    return draw.with_holes(
        {
            "id": name,
            "storey_count": storeys,
            "highest_entry_floor": storeys,
            "lift_count": draw.whole(2, 3),
            "has_stretcher_lift": True,
            "accessible_entrance_count": 1,
            "units": [_unit(draw, name, index, height) for index in range(units)],
        }
    )


def _unit(draw: _Draw, stair: str, index: int, height: float) -> Entity:
    floor = index // UNITS_PER_FLOOR + 1
    status = draw.one_of(("unsold", "unsold", "subscribed", "signed"))
    accepted = draw.chance(0.6)
    level = round((floor - 1) * 3.0 + 0.15, 2)
    rooms = [
        _room(draw, kind, name, door, top=floor * UNITS_PER_FLOOR >= UNITS_PER_STAIR) for kind, name, door in ROOMS
    ]
    fields: Entity = {
        "id": f"{stair}-{floor:02d}{index % UNITS_PER_FLOOR + 1:02d}",
        "mark": "户型A" if draw.faulty() else f"{draw.one_of('ABCD')}{draw.whole(89, 143)}",
        "floor": floor,
        "building_height_m": height,
        "has_refuge_room": draw.usually(True),
        "tap_pressure_mpa": draw.at_most(0.1, 0.2, 0.2),
        "has_pressure_reducer": draw.chance(0.5),
        "floor_level_m": level,
        "outdoor_manhole_level_m": round(level + 0.4, 2) if draw.faulty() else -0.3,
        "has_pumped_drainage": draw.chance(0.1),
        "is_offered": draw.chance(0.7),
        "encumbrance": "mortgage" if draw.faulty() else "none",
        "encumbrance_disclosed": draw.chance(0.3),
        "active_subscription_count": 2 if draw.faulty() else int(status != "unsold"),
        "sale_status": status,
        "contract_delivery_date": draw.day(date(2026, 2, 1) if draw.faulty() else date(2027, 3, 1), 90),
        "unit_acceptance_status": "passed" if accepted else "none",
    }
    if accepted:
        fields["unit_acceptance_date"] = draw.day(AS_OF if draw.faulty() else date(2026, 8, 1), 80)
    return draw.with_holes({**fields, "rooms": rooms})


def _room(draw: _Draw, kind: str, name: str, door: str, *, top: bool) -> Entity:
    area, side = AREAS[kind], SIDES[kind]
    room: Entity = {
        "id": name,
        "mark": f"阳{name}" if draw.faulty() else name,
        "kind": kind,
        "usable_area_m2": draw.measured(area, area * 1.25, area * 0.7),
        "short_side_m": draw.measured(side, side * 1.15, side * 0.8),
        "clear_height_m": draw.measured(2.62, 2.8, 2.6),
        "level_difference_m": 0.0 if draw.faulty() else draw.number(0.015, 0.03, 3),
        "is_basement": False,
    }
    if kind != "balcony":
        room["vent_opening_ratio"] = draw.measured(0.1, 0.16, 0.05)
        room["has_mech_vent"] = draw.chance(0.2) or kind == "bathroom"
    if kind in {"living", "bedroom", "kitchen"}:
        room["has_direct_daylight"] = draw.usually(True)
        room["window_floor_ratio"] = draw.measured(0.15, 0.25, 0.143)
    if kind == "kitchen":
        room["vent_opening_area_m2"] = draw.measured(0.62, 0.9, 0.6)
        room["layout"] = draw.one_of(("single_row", "double_row", "l_shape", "u_shape"))
        room["aisle_width_m"] = draw.measured(0.92, 1.2, 0.9)
        room["flue_has_anti_backflow"] = draw.usually(True)
        room["flue_adjacent_hob"] = draw.usually(True)
    elif kind == "bathroom":
        room["has_window"] = draw.chance(0.6)
        room["vent_has_anti_backflow"] = draw.usually(True)
        room["has_shower"] = True
        room["has_equipotential_bonding"] = draw.usually(True)
        room["below_room_kind"] = "bedroom" if draw.faulty() else "dining"
        room["below_same_unit"] = draw.chance(0.1)
    elif kind == "balcony":
        room["clear_width_m"] = draw.measured(1.3, 1.6, 1.2)
    else:
        room["local_clear_height_m"] = draw.measured(2.2, 2.5, 2.1)
        room["low_area_ratio"] = draw.number(0.2, 0.5)
        room["adjacent_to"] = ["lift_shaft", "neighbour"] if draw.faulty() else ["neighbour", "outdoors"]
        room["has_sound_isolation"] = draw.chance(0.2)
        room["furniture_wall_length_m"] = draw.measured(3.1, 4.5, 3.0)
        room["is_combined_living"] = False
    room["openings"] = [_door(draw, door), _window(draw, kind, top=top)]
    return draw.with_holes(room)


def _door(draw: _Draw, kind: str) -> Entity:
    width = {"entry_door": 1.0, "bedroom_door": 0.9, "kitchen_door": 0.8, "bathroom_door": 0.7, "balcony_door": 1.6}[
        kind
    ]
    return draw.with_holes(
        {
            "id": "D1",
            "mark": f"门{draw.whole(1, 9)}" if draw.faulty() else "D1",
            "kind": kind,
            "clear_width_m": draw.measured(width, width + 0.1, width * 0.9),
            "faces": draw.one_of(("lift_door", "bed")) if draw.faulty() else "none",
            "opens_to": "kitchen" if draw.faulty() else "hall",
            "has_vestibule": draw.chance(0.2),
            "swing_conflict": draw.usually(False),
        }
    )


def _window(draw: _Draw, room_kind: str, *, top: bool) -> Entity:
    bay = room_kind == "bedroom" and draw.chance(0.4)
    ceiling = draw.number(2.6, 2.8)
    window: Entity = {
        "id": "C1",
        "mark": f"窗{draw.whole(1, 9)}" if draw.faulty() else "C1",
        "kind": "bay_window" if bay else "window",
        "faces": "neighbour_window" if draw.chance(0.1) else "none",
        "facing_window_distance_m": draw.measured(6.5, 24.0, 6.0),
        "sill_height_m": draw.measured(0.9, 1.1, 0.5),
        "has_balcony_outside": draw.chance(0.1),
        "has_guard": draw.chance(0.3),
        "recess_width_m": draw.measured(1.2, 2.0, 0.6),
        "recess_depth_m": draw.number(1.0, 1.3),
        "head_height_m": round(ceiling + 0.1, 2) if draw.faulty() else round(ceiling - 0.2, 2),
        "room_ceiling_height_m": ceiling,
        "pipe_in_front": draw.usually(False),
        "sash_at_bed_head": draw.usually(False),
        "sash_conflict": draw.usually(False),
        "handle_height_m": draw.at_most(1.1, 1.45, 1.5),
        "is_operable_from_inside": draw.usually(True),
        "view_blocked_by_decoration": draw.usually(False),
        "requires_safety_glass": top,
        "has_safety_mark": draw.usually(True),
    }
    if bay:
        window["bay_sill_height_m"] = draw.number(0.4, 0.6)
        window["guard_height_from_sill_m"] = draw.measured(0.92, 1.1, 0.9)
    return draw.with_holes(window)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the reference project as a snapshot.")
    parser.add_argument("output", type=Path)
    parser.add_argument("--units", type=int, default=Size.units)
    parser.add_argument("--holes", type=float, default=Size.holes, help="share of missing fields, 0 to 1")
    parser.add_argument("--risks", type=float, default=Size.risks, help="share of checks that are risks, about")
    parser.add_argument("--seed", type=int, default=Size.seed)
    given = parser.parse_args()
    data = snapshot_bytes(Size(given.units, given.holes, given.risks, given.seed))
    given.output.write_bytes(data)
    sys.stdout.write(f"{given.output}: {len(data):,} bytes\n")


if __name__ == "__main__":
    main()

"""The dwellings: four plans (A 143 m2, C 98 m2, D 89 m2, B 118 m2), four flats a floor, fifteen floors, two towers."""

from collections.abc import Iterator
from typing import Any

Facts = dict[str, Any]

FLOORS = 15
TOWERS = ("1", "2")
REDUCED_FLOORS = range(1, 6)
"""Floors whose water pressure is reduced."""
PLANS = {"01": "A", "02": "C", "03": "D", "04": "B"}
"""The plan behind each door of a floor."""
AREAS = {"A": 143.26, "B": 118.43, "C": 98.15, "D": 89.07}
"""Gross floor area of each plan in m2."""
BALCONIES = {"A": ("客厅阳台", "主卧阳台"), "B": ("客厅阳台",), "C": ("客厅阳台",), "D": ("客厅阳台",)}
STOREY_M = 3.05


def unit_ids(tower: str, floors: int = FLOORS) -> Iterator[tuple[str, int, str]]:
    """Id, floor and plan of each flat of a tower, from the bottom up: ids are unique in the project, as 2-0803."""
    for floor in range(1, floors + 1):
        for door, plan in PLANS.items():
            yield f"{tower}-{floor:02}{door}", floor, plan


def flat_count(project: Facts) -> int:
    """How many flats the project has."""
    return sum(len(tower["stair_units"][0]["units"]) for tower in project["phases"][0]["buildings"])


def unit(unit_id: str, floor: int, plan: str) -> Facts:
    rooms = [_finished(room, unit_id, floor) for room in _rooms(plan)]
    return {
        "id": unit_id,
        "unit_type": plan,
        "floor": floor,
        "tap_pressure_mpa": 0.15,
        "has_pressure_reducer": floor in REDUCED_FLOORS,
        "floor_level_m": round((floor - 1) * STOREY_M + 0.35, 2),
        "outdoor_manhole_level_m": -0.15,
        "has_pumped_drainage": False,
        "entry_threshold_m": 0.015,
        "entry_has_bevel": True,
        "rooms": rooms,
        "passages": _passages(plan),
        "ac_platforms": [_ac_platform(name) for name in ("客厅机位", "卧室机位")],
        "circuits": [
            {"id": "照明", "kind": "lighting"},
            {"id": "空调", "kind": "ac", "rcd_ma": 30.0},
            {"id": "插座", "kind": "socket", "rcd_ma": 30.0},
            {"id": "厨房", "kind": "kitchen", "rcd_ma": 30.0},
            {"id": "卫生间", "kind": "socket", "rcd_ma": 10.0},
        ],
        "distribution_boxes": [{"id": "户内箱", "row_count": 2, "bottom_height_m": 1.6, "circuits_separated": True}],
    }


def _rooms(plan: str) -> list[Facts]:
    living = {"A": (36.5, 4.5), "B": (30.2, 4.2), "C": (25.6, 3.9), "D": (23.4, 3.6)}[plan]
    rooms = [_foyer(), _living(*living), _kitchen({"A": 8.1, "B": 7.2, "C": 6.0, "D": 5.6}[plan])]
    bedrooms = {
        "A": [("主卧", 18.2, 3.6), ("次卧", 13.1, 3.3), ("南次卧", 12.4, 3.2), ("北次卧", 9.6, 2.8)],
        "B": [("主卧", 16.4, 3.5), ("次卧", 12.0, 3.1), ("北次卧", 9.2, 2.8)],
        "C": [("主卧", 14.3, 3.3), ("次卧", 10.8, 3.0), ("北次卧", 8.4, 2.6)],
        "D": [("主卧", 13.6, 3.2), ("次卧", 10.2, 2.9), ("北次卧", 7.8, 2.5)],
    }[plan]
    rooms += [_bedroom(*bedroom) for bedroom in bedrooms]
    rooms += [_bathroom("主卫", 4.6), _bathroom("公卫", 4.1)] if plan in "AB" else [_bathroom("卫生间", 4.3)]
    return rooms + [_balcony(name) for name in BALCONIES[plan]]


def _finished(room: Facts, unit_id: str, floor: int) -> Facts:
    """A room with its id and whatever depends on the floor."""
    if room["kind"] == "bathroom":
        room["below_room_kind"] = "garage" if floor == 1 else "bathroom"
        room["below_same_unit"] = False
    for key in ("openings", "appliance_points", "floor_drains"):
        room.setdefault(key, [])
    return {"id": f"{unit_id}-{room.pop('name')}", **room}


def _foyer() -> Facts:
    door = {"id": "户门", "kind": "entry_door", "clear_width_m": 0.95, "faces": "none", "swing_conflict": False}
    return {"name": "玄关", "kind": "foyer", "usable_area_m2": 3.8, "clear_height_m": 2.55, "openings": [door]}


def _living(area: float, width: float) -> Facts:
    door = {"id": "阳台门", "kind": "balcony_door", "clear_width_m": 1.6, "requires_safety_glass": True}
    return {
        "name": "客厅",
        "kind": "living",
        "usable_area_m2": area,
        "short_side_m": width,
        "clear_height_m": 2.85,
        "low_area_ratio": 0.0,
        "has_direct_daylight": True,
        "window_floor_ratio": 0.24,
        "vent_opening_ratio": 0.09,
        "is_basement": False,
        "furniture_wall_length_m": 4.1,
        "adjacent_to": ["bedroom", "kitchen", "public_corridor"],
        "has_exposed_beam_across": False,
        "openings": [door],
    }


def _bedroom(name: str, area: float, short: float) -> Facts:
    return {
        "name": name,
        "kind": "bedroom",
        "usable_area_m2": area,
        "short_side_m": short,
        "clear_height_m": 2.85,
        "low_area_ratio": 0.0,
        "is_combined_living": False,
        "has_direct_daylight": True,
        "window_floor_ratio": 0.19,
        "vent_opening_ratio": 0.08,
        "is_basement": False,
        "adjacent_to": ["bathroom" if name == "主卧" else "bedroom", "living", "outdoors"],
        "has_exposed_beam_across": False,
        "openings": [
            {"id": f"{name}门", "kind": "bedroom_door", "clear_width_m": 0.83, "swing_conflict": False},
            _window(f"{name}窗", 0.95),
        ],
    }


def _kitchen(area: float) -> Facts:
    points = [
        {"id": "油烟机", "kind": "range_hood", "has_socket": True, "wall_type": "block", "has_reinforcement": True},
        {
            "id": "冰箱",
            "kind": "refrigerator",
            "clear_width_m": 0.9,
            "clear_depth_m": 0.78,
            "has_socket": True,
        },
    ]
    return {
        "name": "厨房",
        "kind": "kitchen",
        "usable_area_m2": area,
        "clear_height_m": 2.45,
        "has_direct_daylight": True,
        "window_floor_ratio": 0.18,
        "vent_opening_ratio": 0.12,
        "vent_opening_area_m2": 0.95,
        "is_basement": False,
        "layout": "l_shape",
        "clear_width_m": 1.9,
        "flue_has_anti_backflow": True,
        "flue_adjacent_hob": True,
        "has_gas_appliance": True,
        "directly_connected_to": ["dining"],
        "openings": [
            {"id": "厨房门", "kind": "kitchen_door", "clear_width_m": 0.78, "swing_conflict": False},
            _window("厨房窗", 1.05),
        ],
        "appliance_points": points,
    }


def _bathroom(name: str, area: float) -> Facts:
    door = {"id": f"{name}门", "kind": "bathroom_door", "clear_width_m": 0.73, "opens_to": "passage"}
    return {
        "name": name,
        "kind": "bathroom",
        "usable_area_m2": area,
        "clear_height_m": 2.4,
        "level_difference_m": 0.015,
        "has_bevel": True,
        "fixture_count": 3,
        "has_window": True,
        "has_mech_vent": True,
        "vent_has_anti_backflow": True,
        "has_shower": True,
        "has_equipotential_bonding": True,
        "has_heater_space": True,
        "openings": [door, _window(f"{name}窗", 1.4)],
        "floor_drains": [_drain("淋浴地漏"), _drain("洁具地漏")],
    }


def _balcony(name: str) -> Facts:
    balcony: Facts = {"name": name, "kind": "balcony", "usable_area_m2": 5.6, "has_organised_drainage": True}
    if name == "客厅阳台":
        balcony["appliance_points"] = [
            {
                "id": "洗衣机",
                "kind": "washing_machine",
                "clear_width_m": 0.7,
                "has_water": True,
                "has_drain": True,
                "has_socket": True,
                "is_splash_proof": True,
            }
        ]
        balcony["floor_drains"] = [_drain("阳台地漏")]
    return balcony


def _window(name: str, sill: float) -> Facts:
    return {
        "id": name,
        "kind": "window",
        "sill_height_m": sill,
        "has_balcony_outside": False,
        "has_guard": False,
        "facing_window_distance_m": 21.5,
        "handle_height_m": 1.45,
        "requires_safety_glass": False,
    }


def _drain(name: str) -> Facts:
    return {"id": name, "drain_type": "water_seal", "water_seal_mm": 50.0}


def _ac_platform(name: str) -> Facts:
    return {
        "id": name,
        "is_accessible_plate": True,
        "installation_type": "floor",
        "has_fall_protection": True,
        "clear_width_m": 1.2,
        "clear_depth_m": 0.7,
        "clear_height_m": 1.1,
        "has_condensate_riser": True,
        "has_floor_drain": True,
    }


def _passages(plan: str) -> list[Facts]:
    return [
        {"id": "入口过道", "kind": "entry", "clear_width_m": 1.25 if plan in "AB" else 1.2},
        {"id": "卧室过道", "kind": "to_bedroom_living", "clear_width_m": 1.05},
    ]

"""Rooms, kitchens, windows and fit-out in the detail of a full drawing review."""

from collections.abc import Iterator

from examples.binjiang.homes import Facts

DOOR_OPENINGS_M = {
    "entry_door": 1.1,
    "bedroom_door": 0.95,
    "kitchen_door": 0.9,
    "bathroom_door": 0.85,
    "balcony_door": 1.8,
}
"""Width of the opening in the wall behind each kind of door: what the earlier code measures."""
KITCHENS: dict[str, Facts] = {
    "A": {"layout": "l_shape"},
    "B": {"layout": "u_shape"},
    "C": {"layout": "double_row", "aisle_width_m": 1.0},
    "D": {"layout": "single_row"},
}
SINGLE_BEDROOM_BELOW_M2 = 9.0
"""Smaller bedrooms are for one."""


def furnish(project: Facts) -> None:
    """Add what each flat needs in its rooms: gas, sockets, doors, windows; a dining room and a bay window in plan A."""
    for unit in _units(project):
        if unit["unit_type"] == "A":
            unit["rooms"].append(_dining_room(unit["id"]))
        for room in unit["rooms"]:
            room["has_gas_appliance"] = room["kind"] == "kitchen"
            room.setdefault("socket_points", [])
            if room["kind"] == "bedroom":
                room["is_single_bedroom"] = room["usable_area_m2"] < SINGLE_BEDROOM_BELOW_M2
                if room["id"].endswith("-次卧") and unit["unit_type"] == "A":
                    room["openings"].append(_bay_window())
            elif room["kind"] == "kitchen":
                _fit_kitchen(room, unit["unit_type"])
            elif room["kind"] == "living":
                room["socket_points"] += [_point("电视墙插座", "socket"), _point("入口开关", "switch")]
            for opening in room["openings"]:
                _fit_opening(opening, room["kind"])


def _units(project: Facts) -> Iterator[Facts]:
    for phase in project["phases"]:
        for building in phase["buildings"]:
            for stair_unit in building["stair_units"]:
                yield from stair_unit["units"]


def _dining_room(unit_id: str) -> Facts:
    return {
        "id": f"{unit_id}-餐厅",
        "kind": "dining",
        "usable_area_m2": 9.8,
        "clear_height_m": 2.85,
        "has_direct_daylight": False,
        "openings": [],
        "appliance_points": [],
        "floor_drains": [],
    }


def _fit_kitchen(kitchen: Facts, plan: str) -> None:
    kitchen.update(KITCHENS[plan])
    kitchen["level_difference_m"] = 0.0
    kitchen["appliance_points"].append(
        {
            "id": "热水器",
            "kind": "water_heater",
            "has_water": True,
            "has_socket": True,
            "uses_gas": True,
            "has_gas": True,
            "has_flue_hole": True,
            "wall_type": "block",
            "has_reinforcement": True,
        }
    )


def _point(name: str, kind: str) -> Facts:
    return {"id": name, "kind": kind, "blocked_by": "none"}


def _bay_window() -> Facts:
    return {
        "id": "飘窗",
        "kind": "bay_window",
        "bay_sill_height_m": 0.45,
        "guard_height_from_sill_m": 0.95,
        "facing_window_distance_m": 21.5,
        "handle_height_m": 1.5,
        "requires_safety_glass": False,
    }


def _fit_opening(opening: Facts, room_kind: str) -> None:
    kind = opening["kind"]
    if kind in DOOR_OPENINGS_M:
        opening["opening_width_m"] = DOOR_OPENINGS_M[kind]
        opening["swing_conflict"] = False
    else:
        opening.update(
            pipe_in_front=False,
            sash_at_bed_head=False,
            sash_conflict=False,
            is_operable_from_inside=True,
            view_blocked_by_decoration=False,
        )
        if room_kind == "bedroom":
            opening["recess_depth_m"] = 0.0

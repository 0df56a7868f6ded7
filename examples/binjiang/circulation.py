"""Lifts, stairs, corridors and balconies in the detail of a full drawing review."""

from examples.binjiang.homes import Facts

BESIDE_THE_LIFTS = "C"
"""The plan whose living rooms adjoin the lift shafts."""


def connect(project: Facts) -> None:
    """Add these facts to the project built so far."""
    for tower in project["phases"][0]["buildings"]:
        for railing in tower["railings"]:
            _stand_on(railing)
        tower["waterproof_specs"].append({"id": "空调板防水", "location": "ac_platform", "upstand_height_m": 0.2})
        for part in tower["stair_units"]:
            _pass_through(part)
            for flat in part["units"]:
                if flat["unit_type"] == BESIDE_THE_LIFTS:
                    _isolate(flat)


def _stand_on(railing: Facts) -> None:
    """What a child can stand on at the foot of it: a slim upstand; at the roof a gutter wall as broad as a shoe."""
    railing["foot_width_m"] = 0.1
    if railing["location"] == "roof":
        railing.update(foot_width_m=0.25, foot_height_m=0.2, height_from_foot_m=1.2, required_height_m=1.2)


def _pass_through(part: Facts) -> None:
    for stair in part["stairs"]:
        stair["door_faces_flight"] = True
    for entrance in part["entrances"]:
        entrance.update(is_below_balcony=True, has_falling_object_protection=True)


def _isolate(flat: Facts) -> None:
    for room in flat["rooms"]:
        if room["kind"] == "living":
            room["adjacent_to"] = [*room["adjacent_to"], "lift_shaft"]
            room["has_sound_isolation"] = True

"""Bathrooms, air conditioning, water, electricity and sound in the detail of a full drawing review."""

from collections.abc import Iterator

from examples.binjiang.homes import Facts

BATHROOM_CEILING_M = 2.4
SPLASH_PROOF_ROOMS = ("bathroom", "balcony")


def equip(project: Facts) -> None:
    """Add these facts to the project built so far, all of them in order."""
    for tower in project["phases"][0]["buildings"]:
        _drains(tower["pipes"])
        _shower_heads(tower["waterproof_specs"])
        tower["assembly_specs"] += _assemblies()
        for flat in _flats(tower):
            flat["drainage_has_backflow_protection"] = False
            for place in flat["ac_platforms"]:
                place.update(
                    has_service_access=True, adjacent_served_room=True, faces_other_unit=False, outlet_blocked=False
                )
            for room in flat["rooms"]:
                _room(room)
    for spec in project["finish_specs"]:
        if spec["location"] == "bathroom":
            spec.setdefault("surface", "floor")


def _flats(tower: Facts) -> Iterator[Facts]:
    for stair_unit in tower["stair_units"]:
        yield from stair_unit["units"]


def _drains(pipes: list[Facts]) -> None:
    for pipe in pipes:
        if pipe["kind"] == "drain_stack":
            pipe["in_bathroom_beside_bedroom"] = "bathroom" in pipe["passes_through"]
            pipe["is_low_noise"] = True
    pipes.append(
        {
            "id": "卫生间排水横管",
            "kind": "drain_branch",
            "passes_through": ["bathroom"],
            "adjacent_to": ["bathroom"],
            "is_sound_wrapped": True,
            "clearance_below_m": 2.2,
            "blocks_door_or_window": False,
        }
    )


def _shower_heads(specs: list[Facts]) -> None:
    for spec in specs:
        if spec["location"] == "bathroom":
            spec["shower_head_height_m"] = 1.95


def _assemblies() -> list[Facts]:
    return [
        {"id": "起居室分户楼板", "kind": "party_floor", "room_kind": "living", "airborne_db": 50.0, "impact_db": 64.0},
        {
            "id": "临路卧室外窗",
            "kind": "window",
            "room_kind": "bedroom",
            "faces_traffic_road": True,
            "airborne_db": 37.0,
        },
        {
            "id": "阳台门",
            "kind": "external_door",
            "room_kind": "living",
            "faces_traffic_road": False,
            "airborne_db": 32.0,
        },
    ]


def _room(room: Facts) -> None:
    if room["kind"] in ("living", "bedroom"):
        room["has_condensate_inlet"] = True
    if room["id"].endswith("-主卧"):
        room["appliance_points"].append(
            {"id": "主卧空调", "kind": "ac_indoor", "has_socket": True, "faces_bed_head": False, "wall_type": "block"}
        )
    if room["kind"] == "bathroom":
        _bathroom(room)
    for point in room["appliance_points"]:
        point.setdefault("has_socket", True)
        if room["kind"] in SPLASH_PROOF_ROOMS:
            point.setdefault("is_splash_proof", True)


def _bathroom(room: Facts) -> None:
    room["has_toilet"] = True
    room["appliance_points"].append({"id": "排风机", "kind": "exhaust_fan"})
    for opening in room["openings"]:
        if opening["kind"] == "bathroom_door":
            opening["has_vestibule"] = False
        else:
            opening.update(head_height_m=2.3, room_ceiling_height_m=BATHROOM_CEILING_M)

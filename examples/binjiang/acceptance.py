"""Conditions, tests and measurements in the detail of a full joint acceptance."""

from random import Random

from examples.binjiang.homes import TOWERS, Facts

CONTRACT_UTILITIES = ["water", "drainage", "power", "gas", "telecom", "tv", "broadband"]
CONTRACT_AMENITIES = ["green", "road", "parking", "property_room"]


def accept(project: Facts) -> None:
    """Add what the contract promises, the tests of the systems, and the sample of rooms that was measured in full."""
    rng = Random("滨江花园 2026-11-06")  # noqa: S311 (the same numbers on every run are wanted)
    phase = project["phases"][0]
    phase["contract_utilities"] = list(CONTRACT_UTILITIES)
    project["contract_amenities"] = list(CONTRACT_AMENITIES)
    project["required_acceptances"].append("completion_filing")
    project["amenities"].append(_green())
    for amenity in project["amenities"]:
        amenity["meets_promise"] = True
    project["common_defects"] += [
        _mended("地下室顶板渗水", "leak", "basement"),
        _mended("楼梯扶手松动", "railing", "stair", building_id="2"),
        {
            **_mended("车库柱面裂缝", "crack", "garage"),
            "is_structural": True,
            "appraisal_result": "pass",
        },
    ]
    for record in phase["test_records"]:
        if record["kind"] == "drain_ball":
            record["ball_diameter_ratio"] = 0.75
        elif record["kind"] == "water_quality":
            record["tank_cleaned_date"] = "2026-09-02"
    for tower in phase["buildings"]:
        tower["has_secondary_supply"] = True
        for railing in tower["railings"]:
            railing["requires_safety_glass"] = False
        phase["test_records"].append(_drains_filled(tower["id"]))
        flats = tower["stair_units"][0]["units"]
        for flat in flats:
            if flat["floor"] in {flats[0]["floor"], flats[-1]["floor"]}:
                flat["measurements"] += _rooms_measured(rng)
                phase["test_records"].append(_points(flat["id"]))
        flats[0]["defects"] += _closed_defects()


def finish(project: Facts) -> None:
    """What is finished between the joint acceptance and the eve of delivery."""
    project["permits"] += [
        _paper("竣工验收", "completion_acceptance", "临竣2026-0117", "2026-12-02"),
        _paper("竣工备案", "completion_filing", "临备2026-0098", "2026-12-16"),
    ]


def _paper(name: str, kind: str, number: str, issued: str) -> Facts:
    return {
        "id": name,
        "kind": kind,
        "number": number,
        "status": "valid",
        "issued_date": issued,
        "covers_buildings": list(TOWERS),
    }


def _green() -> Facts:
    return {
        "id": "小区绿地",
        "kind": "green",
        "promised_date": "2026-12-26",
        "actual_status": "done",
        "promised_value": "绿地率 35%",
        "actual_value": "绿地率 35.4%",
        "show_area_deviation_count": 0,
    }


def _mended(name: str, category: str, location: str, **more: object) -> Facts:
    found = {"id": name, "category": category, "location": location, "severity": "major", "status": "closed"}
    return {**found, "source": "joint_acceptance", "due_date": "2026-11-10", **more}


def _drains_filled(tower: str) -> Facts:
    test = {"id": f"{tower}-排水灌水", "kind": "drain_fill", "building_id": tower, "location": "pipe"}
    return {**test, "result": "pass", "test_date": "2026-09-10"}


def _points(flat: str) -> Facts:
    test = {"id": f"{flat}-点位通电", "kind": "point_power", "unit_id": flat, "location": "electrical"}
    return {**test, "result": "pass", "test_date": "2026-10-28"}


def _rooms_measured(rng: Random) -> list[Facts]:
    wall = {"room_kind": "living", "location": "wall"}
    bay = {"id": "客厅开间", "item": "bay_depth", "room_kind": "living", "design_value_mm": 3600.0}
    slope = {"id": "卫生间泼水", "item": "floor_ponding", "room_kind": "bathroom", "location": "floor"}
    return [
        {**bay, "value_mm": float(3600 + rng.randint(-8, 8)), "range_mm": float(rng.randint(2, 12))},
        {"id": "客厅墙垂直度", "item": "verticality", **wall, "value_mm": float(rng.randint(1, 3))},
        {"id": "客厅墙平整度", "item": "flatness", **wall, "value_mm": float(rng.randint(1, 3))},
        {"id": "客厅方正度", "item": "squareness", "room_kind": "living", "value_mm": float(rng.randint(2, 8))},
        {**slope, "value_mm": float(rng.randint(0, 3)), "has_reverse_slope": False},
    ]


def _closed_defects() -> list[Facts]:
    """One of each kind that the smaller defects of the flats do not have, all of them closed."""
    kinds: tuple[tuple[str, str, Facts], ...] = (
        ("hollow", "tile", {"hollow_tile_ratio": 0.08, "tile_largely_hollow": False}),
        ("crack", "wall", {"crack_width_mm": 0.2, "is_through": False, "is_structural": False}),
        ("structure", "wall", {"is_structural": True, "appraisal_result": "pass"}),
        ("sealing", "frame_joint", {}),
        ("glass", "window", {"scratch_length_mm": 60.0}),
        ("entry_door", "hardware", {}),
        ("railing", "balcony", {}),
    )
    return [
        {
            "id": f"Q{number}",
            "category": category,
            "location": location,
            "severity": "minor",
            "status": "closed",
            "source": "unit_acceptance",
            "due_date": "2026-11-10",
            **more,
        }
        for number, (category, location, more) in enumerate(kinds, 71)
    ]

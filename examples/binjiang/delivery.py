"""What the months before delivery add: acceptances, tests, measurements, defects and documents of every flat."""

from random import Random

from examples.binjiang.handover import (
    amenities,
    delivery_plan,
    equipment,
    handover_documents,
    meetings,
    takeover_items,
    utilities,
    work_orders,
)
from examples.binjiang.homes import AREAS, BALCONIES, PLANS, TOWERS, Facts, flat_count
from examples.binjiang.waiting import wait

ACCEPTANCES = ("planning_verification", "fire_acceptance", "civil_defence_acceptance", "greening_acceptance")
LIMITS = {
    "formaldehyde": 0.07,
    "benzene": 0.06,
    "toluene": 0.15,
    "xylene": 0.2,
    "ammonia": 0.15,
    "tvoc": 0.45,
    "radon": 150.0,
}
SMALL_DEFECTS = (
    ("appearance", "paint"),
    ("appearance", "tile"),
    ("hardware", "door"),
    ("door_window", "window"),
    ("hollow", "wall"),
    ("drain", "bathroom"),
)


def prepare_delivery(project: Facts) -> None:
    """Add every fact of the preparation of delivery, all of them in order."""
    rng = Random("滨江花园 2026-12-26")  # noqa: S311 (the same numbers on every run are wanted)
    phase = project["phases"][0]
    flats = flat_count(project)
    project["delivery_date_forecast"] = "2026-12-26"
    project["last_progress_letter_date"] = "2026-10-28"
    project["required_acceptances"] = list(ACCEPTANCES)
    project["permits"] += [_acceptance(kind) for kind in ACCEPTANCES]
    project["permits"] += [{**_acceptance("accessibility_acceptance"), "issued_date": "2026-11-06"}]
    project["site"].update(construction_separated=True, noise_dust_control=True)
    for promise in project["promises"]:
        promise["status"] = "kept"
    project.update(
        equipment=equipment(),
        amenities=amenities(),
        takeover_items=takeover_items(),
        work_orders=work_orders(rng),
        common_defects=[],
        customer_cases=[],
        satisfaction_results=[],
        complaints=[_closed_complaint(number, day) for number, day in enumerate(("12", "16", "19"), 1)],
    )
    project["meeting_records"] += meetings()
    phase.update(
        utilities=utilities(),
        test_records=[],
        acceptance_batches=[_batch("分户验收", "N46", flats, 486, 486), _batch("联合验收", "N51", flats, 151, 145)],
        delivery_plan=delivery_plan(),
    )
    for tower in phase["buildings"]:
        tower.update(is_offered=False, is_to_be_delivered=True, rain_check_count=4)
        tower["env_tests"] = [_air(pollutant, rng) for pollutant in LIMITS]
        phase["test_records"] += _tower_tests(tower["id"])
        for flat in tower["stair_units"][0]["units"]:
            _prepare(flat, rng)
            phase["test_records"] += _flat_tests(flat)
    wait(project)


def _acceptance(kind: str) -> Facts:
    return {
        "id": kind,
        "kind": kind,
        "number": f"临验2026-{kind[:4]}",
        "status": "valid",
        "issued_date": "2026-11-10",
        "covers_buildings": list(TOWERS),
    }


def _closed_complaint(number: int, day: str) -> Facts:
    return {
        "id": f"TS-25-{number:03}",
        "channel": "hotline",
        "cause": "sales_promise",
        "severity": "general",
        "is_valid": True,
        "is_group": False,
        "received_at": f"2025-10-{day}T10:20:00+08:00",
        "first_response_at": f"2025-10-{day}T10:45:00+08:00",
        "reply_due_date": "2025-10-30",
        "replied_date": "2025-10-24",
        "closed_date": "2025-11-03",
        "callback_date": "2025-11-06",
        "callback_satisfied": True,
        "step": "feedback",
        "status": "closed",
    }


def _batch(name: str, node: str, flats: int, defects: int, closed: int) -> Facts:
    ends = len(TOWERS) * 2 * len(PLANS)
    return {
        "id": name,
        "node_id": node,
        "unit_count": flats,
        "checked_unit_count": flats,
        "defect_count": defects,
        "closed_defect_count": closed,
        "defects_per_unit": round(defects / flats, 2),
        "defect_category": "appearance",
        "affected_unit_ratio": 0.12,
        "end_floor_unit_count": ends,
        "checked_end_floor_unit_count": ends,
        "typical_floor_unit_count": flats - ends,
        "checked_typical_floor_unit_count": flats - ends,
    }


def _air(pollutant: str, rng: Random) -> Facts:
    limit = LIMITS[pollutant]
    return {
        "id": pollutant,
        "pollutant": pollutant,
        "value": round(limit * rng.uniform(0.3, 0.8), 3),
        "test_org_accredited": True,
        "sample_room_ratio": 0.06,
        "sample_room_count": 25,
        "tested_after_fitout": True,
        "fitout_completed_date": "2026-09-30",
        "test_date": "2026-10-20",
    }


def _tower_tests(tower: str) -> list[Facts]:
    def test(name: str, kind: str, **more: object) -> Facts:
        done = {"id": f"{tower}-{name}", "kind": kind, "building_id": tower, "result": "pass"}
        return {**done, "test_date": "2026-09-10", **more}

    return [
        test("屋面蓄水", "roof", location="roof", method="pond", duration_h=24.0, water_depth_mm=30.0),
        test("外墙淋水", "facade_spray", location="facade", duration_h=2.0),
        test("排水通球", "drain_ball", location="pipe", pass_rate=1.0),
        test("二次供水水质", "water_quality", location="equipment_room"),
        test("分户墙隔声", "sound", location="wall", value_db=51.5),
    ]


def _flat_tests(flat: Facts) -> list[Facts]:
    def test(name: str, kind: str, location: str, **more: object) -> Facts:
        done = {"id": f"{flat['id']}-{name}", "kind": kind, "unit_id": flat["id"], "location": location}
        return {**done, "result": "pass", "test_date": "2026-09-12", **more}

    return [
        test("外窗淋水", "window_spray", "window", duration_h=1.0),
        test("卫生间蓄水", "pond", "bathroom", duration_h=24.0, water_depth_mm=25.0),
        test("阳台蓄水", "pond", "balcony", duration_h=24.0, water_depth_mm=20.0),
        test("给水水压", "water_pressure", "pipe", test_pressure_mpa=0.9, working_pressure_mpa=0.45),
        test("插座漏保", "socket_rcd", "electrical", rcd_trip_ma=22.0),
        test("烟道", "flue", "kitchen"),
    ]


def _prepare(flat: Facts, rng: Random) -> None:
    area = AREAS[flat["unit_type"]]
    measured = round(area * (1 + rng.uniform(-0.008, 0.008)), 2)
    for room in flat["rooms"]:
        for opening in room["openings"]:
            if opening.get("requires_safety_glass"):
                opening["has_safety_mark"] = True
    for subscription in flat["subscriptions"]:
        subscription["status"] = "converted"
    flat.update(
        is_offered=False,
        is_to_be_delivered=True,
        sale_status="signed",
        active_subscription_count=1,
        unit_acceptance_status="passed",
        area_result={
            "contract_area_m2": area,
            "measured_area_m2": measured,
            "error_ratio": round((measured - area) / area, 5),
            "settlement_plan_status": "notified",
        },
        measurements=_measurements(flat, rng),
        defects=[_small_defect(number, rng) for number in range(1, rng.randint(1, 4))],
        delivered_items=[
            _delivered("入户门", "磐固", "PG-90"),
            _delivered("燃气热水器", "万暖", "WN-16"),
            _delivered("新风系统", "清川", "QC-150"),
        ],
        handover_documents=handover_documents(),
        delivery_notice={"sent_date": "2026-11-12", "delivery_deadline": "2026-12-26", "is_delivered": True},
    )


def _measurements(flat: Facts, rng: Random) -> list[Facts]:
    def clear_height(room: str, kind: str) -> Facts:
        value = 2850 + rng.randint(-9, 8)
        found = {"id": f"{room}净高", "item": "clear_height", "room_kind": kind, "design_value_mm": 2850.0}
        return {**found, "value_mm": float(value), "range_mm": float(rng.randint(3, 14)), "required_mm": 2600.0}

    railings = []
    for balcony in BALCONIES[flat["unit_type"]]:
        height = float(1200 + rng.randint(0, 12))
        tall = {"id": f"{balcony}栏杆高", "item": "railing_height", "location": "balcony", "required_mm": 1200.0}
        gap = {"id": f"{balcony}栏杆间距", "item": "railing_gap", "location": "balcony", "required_mm": 110.0}
        railings += [{**tall, "value_mm": height}, {**gap, "value_mm": float(rng.randint(98, 107))}]
    frame = {"id": "主卧窗框", "item": "frame_verticality", "location": "window"}
    return [
        clear_height("客厅", "living"),
        clear_height("主卧", "bedroom"),
        *railings,
        {**frame, "value_mm": round(rng.uniform(0.4, 1.8), 1)},
    ]


def _small_defect(number: int, rng: Random) -> Facts:
    category, location = rng.choice(SMALL_DEFECTS)
    defect: Facts = {"id": f"Q{number:02}", "category": category, "location": location, "severity": "minor"}
    if category == "hollow":
        defect.update(area_cm2=float(rng.randint(80, 320)), count_per_room=1)
    return {**defect, "status": "closed", "source": "unit_acceptance", "due_date": "2026-11-10"}


def _delivered(item: str, brand: str, model: str) -> Facts:
    return {
        "id": item,
        "item": item,
        "brand_contract": brand,
        "brand_actual": brand,
        "model_contract": model,
        "model_actual": model,
        "buyer_consent": False,
        "matches_show_flat": True,
        "difference_disclosed": False,
    }

"""Documents, common parts, property management, defects and promises in the detail of a full joint acceptance.

Some facts are of the weeks after it: days that are planned at the joint acceptance have come on the eve of delivery.
"""

from examples.binjiang.homes import Facts

HANDOVER = "2026-12-26"
SURVEY = "2026 年上半年"
SCORES = (
    ("overall", 84.0, 80.0),
    ("repurchase", 71.0, 70.0),
    ("referral", 76.0, 75.0),
    ("sales_service", 86.0, 85.0),
    ("post_signing", 74.0, 80.0),
)
"""Indicator, score and target in points; what fell short has an improvement plan."""


def close_out(project: Facts) -> None:
    """Add these facts to the project built so far."""
    phase = project["phases"][0]
    project["last_progress_letter_date"] = "2026-11-16"
    project["legacy_baseline_count"] = 2
    project["common_defects"] += _common_defects()
    project["complaints"] += _complaints()
    project["customer_cases"] += _customer_cases()
    project["work_orders"] += _work_orders()
    project["satisfaction_results"] += [_score(*row) for row in SCORES]
    project["fitout_works"] = _fitout_works()
    project["promises"].append(_promise_of_a_meeting())
    project["amenities"].append(_number_plates())
    for amenity in project["amenities"]:
        if amenity["kind"] in ("landscape", "green"):
            amenity["show_area_deviation_count"] = 0
    for item in project["defect_library_items"]:
        item.setdefault("complaint_count", 4 if item["id"] == "QX-003" else 0)
        item.setdefault("rule_ids", ["DR-BAT-008"] if item["id"] == "QX-003" else [])
    for garage in project["garages"]:
        garage.update(lighting_done=True, floor_done=True, marking_done=True, numbering_done=True)
        garage.update(charging_bay_required=36, charging_bay_ready=36)
    for tower in phase["buildings"]:
        tower.update(has_kitchen_flue=True, first_registration_date="2026-12-25")
        phase["test_records"] += _sound_tests(tower["id"])
        for flat in tower["stair_units"][0]["units"]:
            flat["title_process"] = {
                "delivery_date": HANDOVER,
                "documents_submitted": False,
                "expected_title_date": "2027-03-10",
                "held_up_by": "none",
            }


def _sound_tests(tower: str) -> list[Facts]:
    """The party wall was measured before; floor and window complete the building."""
    parts = (("分户楼板隔声", "floor", 52.5), ("卧室外窗隔声", "window", 33.0))
    return [
        {
            "id": f"{tower}-{name}",
            "kind": "sound",
            "building_id": tower,
            "location": part,
            "result": "pass",
            "value_db": level,
            "test_date": "2026-09-10",
        }
        for name, part, level in parts
    ]


def _common_defects() -> list[Facts]:
    found = (
        ("GQ-01 大堂石材破损", "public_area", "lobby", "major"),
        ("GQ-02 登高场地堆料", "fire_lane", "road", "blocking"),
    )
    return [
        {
            "id": name,
            "category": category,
            "location": place,
            "severity": severity,
            "status": "closed",
            "source": "joint_acceptance",
            "due_date": "2026-11-16",
            "building_id": "1",
        }
        for name, category, place, severity in found
    ]


def _number_plates() -> Facts:
    return {
        "id": "楼栋与户门门牌",
        "kind": "number_plate",
        "promised_date": HANDOVER,
        "actual_status": "done",
        "promised_value": "按图",
        "actual_value": "按图",
        "meets_promise": True,
    }


def _promise_of_a_meeting() -> Facts:
    return {
        "id": "CN-JM-01",
        "source": "meeting",
        "content": "南门增设快递柜",
        "is_material": False,
        "is_compliant": True,
        "due_date": "2026-10-31",
        "status": "kept",
        "owner_department": "property",
    }


def _complaints() -> list[Facts]:
    """A group complaint of the spring, settled, and a small one that is being handled."""
    settled: Facts = {
        "id": "TS-26-011",
        "channel": "government",
        "cause": "engineering_quality",
        "severity": "major",
        "is_valid": True,
        "is_group": True,
        "owner_department": "project_general",
        "has_handling_plan": True,
        "has_statement": True,
        "has_settlement_record": True,
        "defect_library_id": "QX-003",
        "received_at": "2026-05-11T09:30:00+08:00",
        "first_response_at": "2026-05-11T09:52:00+08:00",
        "reply_due_date": "2026-05-20",
        "replied_date": "2026-05-14",
        "closed_date": "2026-06-05",
        "callback_date": "2026-06-09",
        "callback_satisfied": True,
        "step": "feedback",
        "status": "closed",
    }
    handled: Facts = {
        "id": "TS-26-029",
        "unit_id": "1-0102",
        "channel": "hotline",
        "cause": "cost_other",
        "severity": "general",
        "is_valid": True,
        "is_group": False,
        "owner_department": "finance",
        "received_at": "2026-11-16T15:10:00+08:00",
        "first_response_at": "2026-11-16T15:31:00+08:00",
        "reply_due_date": "2026-11-19",
        "replied_date": "2026-11-18",
        "step": "resolve",
        "status": "open",
    }
    return [settled, handled]


def _customer_cases() -> list[Facts]:
    return [
        {"id": "FX-01", "unit_id": "1-0102", "risk_level": "high", "has_individual_plan": True},
        {"id": "FX-02", "unit_id": "2-0103", "risk_level": "medium", "has_individual_plan": False},
    ]


def _work_orders() -> list[Facts]:
    """Two issues of the legacy ledger and a leak, all mended; a door closer that waits for a part."""

    def order(name: str, category: str, day: str, due: str, **more: object) -> Facts:
        received = {"received_at": f"{day}T09:00:00+08:00", "first_response_at": f"{day}T09:25:00+08:00"}
        found: Facts = {"id": name, "category": category, "owner_department": "engineering", **received}
        return {**found, "due_date": due, "legacy_ledger": False, **more}

    mended = {"callback_satisfied": True, "closed_date": "2026-11-06"}
    return [
        order("YL-01 售楼处门厅渗漏", "leak", "2026-03-02", "2026-04-02", legacy_ledger=True, **mended),
        order("YL-02 示范区铺装松动", "public_area", "2026-04-13", "2026-05-13", legacy_ledger=True, **mended),
        order("BX-0101 车库变形缝渗水", "leak", "2026-10-26", "2026-11-10", **mended),
        order("BX-0102 2号楼大堂闭门器", "hardware", "2026-11-17", "2027-01-15"),
    ]


def _score(indicator: str, score: float, target: float) -> Facts:
    return {
        "id": f"{SURVEY} {indicator}",
        "period": SURVEY,
        "level": "project",
        "indicator": indicator,
        "score": score,
        "target": target,
        "is_third_party": True,
        "has_improvement_plan": score < target,
    }


def _fitout_works() -> list[Facts]:
    """Applied for before delivery, begun right after it."""
    return [
        {
            "id": f"ZX-{flat}",
            "unit_id": flat,
            "start_date": start,
            "is_registered": True,
            "alters_structure": alters,
            "alteration_approved": alters,
        }
        for flat, start, alters in (("1-0201", "2026-12-27", False), ("2-0202", "2026-12-28", True))
    ]

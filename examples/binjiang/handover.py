"""The lists around delivery: utilities, equipment, takeover, documents, meetings, repair orders."""

from random import Random
from typing import Any

from examples.binjiang.homes import TOWERS, Facts

SIGNERS = ["customer_relations", "engineering", "design", "property", "marketing"]


def utilities() -> list[Facts]:
    kinds = {
        "供水": "water",
        "排水": "drainage",
        "供电": "power",
        "燃气": "gas",
        "电话": "telecom",
        "有线电视": "tv",
        "宽带": "broadband",
    }
    return [{"id": name, "kind": kind, "is_connected": True, "is_permanent": True} for name, kind in kinds.items()]


def delivery_plan() -> Facts:
    return {
        "planned_delivery_date": "2026-12-26",
        "site_open_date": "2026-11-25",
        "quality_supervision_day_date": "2026-07-18",
        "contract_delivery_date": "2027-02-28",
        "process_steps": ["sign_in", "inspection", "defect_registration", "documents", "keys", "payment"],
        "inspection_before_payment": True,
        "repair_staff_count": 4,
        "units_per_repair_staff": 30,
        "spare_parts_ready": True,
        "has_emergency_plan": True,
        "has_media_plan": True,
        "has_rehearsal": True,
        "has_compensation_plan": True,
    }


def equipment() -> list[Facts]:
    lifts = [
        {**_equipment(f"{tower}号楼{car}", "lift"), "registration_no": f"梯11临{tower}{number}（26）"}
        for tower in TOWERS
        for number, car in enumerate(("客梯", "担架梯"), 1)
    ]
    systems = {
        "火灾报警系统": "fire_alarm",
        "喷淋系统": "sprinkler",
        "防排烟系统": "smoke_control",
        "生活水泵": "pump",
        "变压器": "transformer",
        "可视对讲": "intercom",
        "门禁系统": "access",
        "监控系统": "cctv",
        "周界报警": "alarm",
        "充电桩": "charger",
    }
    return lifts + [_equipment(name, kind) for name, kind in systems.items()]


def _equipment(name: str, kind: str) -> Facts:
    return {
        "id": name,
        "kind": kind,
        "inspection_status": "passed",
        "maintenance_contract": True,
        "commissioning_status": "running",
        "in_use_date": "2026-10-08",
    }


def amenities() -> list[Facts]:
    kinds = {
        "中央景观轴": "landscape",
        "小区道路": "road",
        "地下车库": "parking",
        "物业用房": "property_room",
        "楼栋标识": "signage",
        "信报箱": "mailbox",
        "充电设施": "charger",
        "园区照明": "lighting",
    }
    return [
        {
            "id": name,
            "kind": kind,
            "promised_date": "2026-12-26",
            "actual_status": "done",
            "promised_value": "按图",
            "actual_value": "按图",
        }
        for name, kind in kinds.items()
    ]


def takeover_items() -> list[Facts]:
    items = [("大堂与走廊", "common_part"), ("屋面与外墙", "common_part"), ("地下车库", "common_part")]
    items += [(f"{tower}号楼电梯", "common_equipment") for tower in TOWERS]
    items += [("给水泵房", "common_equipment"), ("消防系统", "common_equipment")]
    items += [("竣工图", "drawings"), ("设备资料", "manuals"), ("物业用房", "property_room")]
    return [{"id": name, "kind": kind, "status": "passed", "has_open_issue": False} for name, kind in items]


def handover_documents() -> list[Facts]:
    warranty: dict[str, Any] = {
        "warranty_waterproof_years": 5,
        "warranty_mep_years": 2,
        "warranty_heating_seasons": 2,
        "warranty_insulation_years": 5,
        "warranty_start_basis": "delivery",
    }
    kinds = {
        "质量保证书": "quality_warranty",
        "使用说明书": "user_manual",
        "测绘报告": "survey_report",
        "管线竣工图": "pipe_drawing",
        "分户验收表": "acceptance_form",
        "装修告知书": "fitout_notice",
    }
    return [
        {
            "id": name,
            "kind": kind,
            "is_ready": True,
            "unit_specific": True,
            **(warranty if kind == "quality_warranty" else {}),
        }
        for name, kind in kinds.items()
    ]


def meetings() -> list[Facts]:
    opening = ["marketing", "legal", "design", "engineering", "property", "finance", "customer_relations"]
    return [
        _meeting("开盘评估会", "N35", "2025-10-24", opening),
        {
            **_meeting("开盘后承诺复盘", "N37", "2025-11-05", ["marketing", "customer_relations", "legal"]),
            "promises_recorded": True,
        },
        _meeting("联合验收", "N51", "2026-11-18", SIGNERS),
    ]


def _meeting(name: str, node: str, held: str, departments: list[str]) -> Facts:
    return {
        "id": name,
        "node_id": node,
        "held_date": held,
        "required_departments": departments,
        "signed_departments": list(departments),
        "conclusion": "pass",
    }


def work_orders(rng: Random) -> list[Facts]:
    """Calls to the 400 hotline in the last weeks, each answered within the hour."""
    orders = []
    for number in range(1, 25):
        day, minute = f"2026-11-{rng.randint(1, 16):02}", rng.randint(3, 40)
        orders.append(
            {
                "id": f"BX-{number:04}",
                "category": rng.choice(("public_area", "appearance", "drain")),
                "received_at": f"{day}T10:00:00+08:00",
                "first_response_at": f"{day}T10:{minute:02}:00+08:00",
                "due_date": "2026-11-17",
                "closed_date": "2026-11-17",
                "callback_satisfied": True,
                "legacy_ledger": False,
            }
        )
    return orders

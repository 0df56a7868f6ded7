"""What the sale adds to the project: permits, prices, sales venue, advertising, contract, the plan of the opening."""

from random import Random

from examples.binjiang.homes import AREAS, TOWERS, Facts, flat_count

PERMIT = "临房预字（2025）第112号"
PERMIT_DATE = "2025-10-15"
CHECKED = ["legal", "design", "customer_relations"]
PRICES = {"A": 32600, "B": 31800, "C": 30900, "D": 30600}
"""Price of the lowest floor in yuan a square metre; 80 yuan more with each floor."""


def put_on_sale(project: Facts) -> None:
    """Add every fact of the sale, all of them in order."""
    project["construction_schedule_fixed"] = True
    project["invested_ratio"] = 0.41
    project["delivery_date_contract"] = "2027-02-28"
    project["delivery_date_forecast"] = "2026-12-20"
    project["buffer_days"] = 60
    project["mass_works_begun_date"] = "2025-09-08"
    project["permits"] += [
        _permit("施工许可", "works_permit", "临施（2025）第0076号", "2025-07-11"),
        _permit("预售许可", "presale", PERMIT, PERMIT_DATE),
    ]
    for factor in project["adverse_factors"]:
        factor["is_disclosed"] = True
    for bay in project["garages"][0]["parking_spaces"]:
        bay.update(right_kind="owned", is_civil_defence=False, is_disclosed=True, is_offered=True)
    for drawing in project["drawings"]:
        drawing.update(audit_status="passed", audit_certificate_no="临审2025-0338", version="B")
        for issue in drawing["drawing_issues"]:
            issue.update(status="closed", is_disclosed=False)
    project["design_changes"].append(
        {"id": "BG-01 示范区铺装调整", "affects_sold_units": False, "impact_assessed": True}
    )
    phase = project["phases"][0]
    phase.update(is_delivered=False, opening_plan=_opening_plan(flat_count(project)))
    rng = Random("滨江花园 2025-10-25")  # noqa: S311 (the same numbers on every run are wanted)
    for tower in phase["buildings"]:
        tower["is_offered"] = True
        for flat in tower["stair_units"][0]["units"]:
            _offer(flat, rng)
    project.update(
        fund_accounts=[{"id": "监管户", "kind": "presale_supervision", "status": "active", "is_disclosed": True}],
        payment_channels=[{"id": f"POS{n}", "kind": "pos", "is_supervised": True} for n in (1, 2, 3)],
        sales_venue=_sales_venue(),
        sales_materials=_sales_materials(),
        sales_talks=[_talk("案场统一说辞", "2025-09-26"), _talk("客户问答百问", "2025-10-09")],
        sales_consultants=[_consultant(number) for number in range(1, 9)],
        sales_agencies=[_agency("临江联行"), _agency("新居渠道")],
        promises=_promises(),
        contract_pack=_contract_pack(),
        property_contract={
            "status": "signed",
            "is_in_sale_contract": True,
            "fee_yuan_m2_month": 3.2,
            "service_published": True,
        },
        risk_items=[],
        meeting_records=[
            _meeting("图纸评审会", "N10", "2025-06-20", ["design", "customer_relations", "engineering", "marketing"]),
            _meeting("交付样板验收", "N19", "2025-09-05", ["engineering", "design", "customer_relations", "property"]),
        ],
        complaints=[],
    )


def _permit(name: str, kind: str, number: str, issued: str) -> Facts:
    return {
        "id": name,
        "kind": kind,
        "number": number,
        "status": "valid",
        "issued_date": issued,
        "covers_buildings": list(TOWERS),
    }


def _opening_plan(flats: int) -> Facts:
    return {
        "opening_date": "2025-10-25",
        "permit_unit_count": flats,
        "published_unit_count": flats,
        "registered_count": 268,
        "unit_count": flats,
        "rule_disclosed": True,
        "sales_model": "normal",
        "sells_partial_unit": False,
        "has_emergency_plan": True,
        "expected_visitors": 600,
        "venue_capacity": 800,
        "permit_date": PERMIT_DATE,
        "published_date": "2025-10-18",
    }


def _offer(flat: Facts, rng: Random) -> None:
    per_m2 = PRICES[flat["unit_type"]] + 80 * flat["floor"]
    total = round(per_m2 * AREAS[flat["unit_type"]])
    flat.update(
        is_offered=True,
        presale_permit_no=PERMIT,
        encumbrance="none",
        encumbrance_disclosed=False,
        active_subscription_count=0,
        sale_status="unsold",
        price_item={
            "unit_price_yuan_m2": per_m2,
            "total_price_yuan": total,
            "filed_total_price_yuan": total + 1000 * rng.randint(0, 30),
            "is_displayed": True,
            "extra_charge_yuan": 0,
            "extra_charge_kind": "none",
            "discount_rule_disclosed": True,
            "comparable_unit_price_yuan_m2": per_m2 + rng.choice((-80, 80)),
            "difference_explained": True,
        },
        subscriptions=[],
    )


def _sales_venue() -> Facts:
    shown = (
        ("五证", "certificates"),
        ("一房一价", "price_list"),
        ("代收代办及物业费", "fees"),
        ("红线内不利因素", "adverse_inside"),
        ("红线外不利因素", "adverse_outside"),
        ("噪声影响及措施", "noise"),
        ("能耗节能", "energy"),
        ("临时管理规约", "temporary_rules"),
        ("前期物业合同", "property_contract"),
        ("规划总图", "site_plan"),
        ("面积预测绘", "area"),
        ("车位信息", "parking"),
        ("样板差异", "show_flat_difference"),
        ("合同文本", "contract_text"),
        ("客服热线", "hotline"),
        ("代收维修资金", "collected_funds"),
    )
    return {
        "uses_face_recognition": True,
        "has_notice": True,
        "has_separate_consent": True,
        "customer_form_has_consent": True,
        "disclosure_items": [_shown(name, kind) for name, kind in shown],
        "show_area": {
            "hazard_count": 0,
            "railing_height_ok": True,
            "route_separated_from_works": True,
            "uses_land_outside_red_line": True,
            "is_disclosed": True,
        },
        "show_flats": [_show_flat("A 户型样板间", "A"), _show_flat("C 户型样板间", "C")],
        "scale_models": [_model("区位沙盘", "location"), _model("总规沙盘", "site"), _model("户型模型", "unit")],
    }


def _shown(name: str, kind: str) -> Facts:
    return {
        "id": name,
        "kind": kind,
        "is_displayed": True,
        "matches_original": True,
        "is_in_contract": True,
        "buyer_acknowledged": True,
        "location": "lobby",
        "evidence_photo_date": "2025-10-20",
        "revision_date": "2025-10-10",
    }


def _show_flat(name: str, plan: str) -> Facts:
    return {
        "id": name,
        "unit_type": plan,
        "item_deviation_count": 12,
        "marked_deviation_count": 12,
        "matches_drawing": True,
        "clear_height_deviation_mm": 0.0,
        "retention_until": "2027-03-31",
        "video_record_exists": True,
        "material_matches_sealed_sample": True,
        "drawing_difference_disclosed": True,
    }


def _model(name: str, kind: str) -> Facts:
    return {
        "id": name,
        "kind": kind,
        "matches_approval": True,
        "has_scale_note": True,
        "distance_distortion_pct": 0.0,
        "green_distortion": False,
    }


def _sales_materials() -> list[Facts]:
    kinds = (
        ("楼书 V3", "brochure"),
        ("三折页 V2", "flyer"),
        ("户型图册", "unit_plan"),
        ("滨江路高炮", "billboard"),
        ("公众号 10 月推文", "online"),
        ("开盘宣讲课件", "ppt"),
    )
    return [
        {
            "id": name,
            "kind": kind,
            "approval_status": "approved",
            "approved_by": CHECKED,
            "prohibited_content": ["none"],
            "mentions_planned_facility": True,
            "states_planning_status": True,
            "shows_permit_no": True,
            "shows_developer_name": True,
            "states_area_kind": True,
            "has_validity_note": True,
            "conflicts_with_contract": False,
            "is_in_use": True,
        }
        for name, kind in kinds
    ]


def _talk(name: str, version: str) -> Facts:
    return {"id": name, "approval_status": "approved", "version_date": version, "prohibited_content": ["none"]}


def _consultant(number: int) -> Facts:
    return {"id": f"ZY{number:02}", "training_passed": True, "commitment_signed": True, "on_duty": True}


def _agency(name: str) -> Facts:
    return {"id": name, "name": name, "has_mandate": True, "mandate_displayed": True, "license_valid": True}


def _promises() -> list[Facts]:
    return [
        _promise("CN-01", "advertising", "中央景观轴与示范区同标准", "2026-12-01", "open"),
        _promise("CN-02", "advertising", "全屋新风系统品牌与样板间一致", "2026-11-30", "open"),
        _promise("CN-03", "contract", "地下车库预留充电条件 36 个", "2026-12-15", "open"),
    ]


def _promise(name: str, source: str, content: str, due: str, status: str) -> Facts:
    return {
        "id": name,
        "source": source,
        "content": content,
        "is_material": True,
        "is_compliant": True,
        "due_date": due,
        "status": status,
        "owner_department": "engineering",
    }


def _contract_pack() -> Facts:
    kinds = (
        "area_error",
        "delivery",
        "delay_liability",
        "mortgage_failure",
        "deposit_refund",
        "shared_equipment_sound",
    )
    more = ("noise", "energy", "fitout_standard", "title")
    clauses = [
        {
            "id": f"HT-{number:02}",
            "kind": kind,
            "is_present": True,
            "is_material": True,
            "is_highlighted": True,
            "explanation_recorded": True,
            "is_unfair": False,
            "has_equivalent_wording": False,
        }
        for number, kind in enumerate(kinds + more, 1)
    ]
    clauses[2].update(buyer_delay_rate=1.0, seller_delay_rate=1.0)
    return {"uses_model_form": True, "filing_status": "filed", "contract_clauses": clauses}


def _meeting(name: str, node: str, held: str, departments: list[str]) -> Facts:
    return {
        "id": name,
        "node_id": node,
        "held_date": held,
        "required_departments": departments,
        "signed_departments": departments,
        "conclusion": "pass",
    }

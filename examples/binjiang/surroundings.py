"""What the drawings say of roads, water, greenery, garage and records beyond the first look."""

from examples.binjiang.homes import Facts

BRIEFED = ["design", "marketing", "legal", "customer_relations"]


def lay_out(project: Facts) -> None:
    """Add these facts to the project built so far."""
    site, garage = project["site"], project["garages"][0]
    site["site_roads"].append(_dead_end("北侧尽端消防车道"))
    site["retaining_walls"].append(_retaining_wall("北侧挡土墙"))
    for ramp in garage["ramps"]:
        if ramp["kind"] == "aisle":
            ramp["serves_perpendicular_bays"] = True
    garage["parking_spaces"][-1].update(walls_beside_count=2, width_m=3.0)
    project["adverse_factors"] += [
        _factor("2号楼北化粪池", "septic_tank", 12.0, faces_window=False),
        _factor("商铺隔油池", "grease_tank", 15.0, faces_window=False),
        _factor("1号楼南香樟", "tree_or_structure", 4.5, faces_window=True),
        {**_factor("中心广场", "square", 14.0, faces_window=True), "has_buffer": True},
    ]
    for tower in project["phases"][0]["buildings"]:
        for spec in tower["assembly_specs"]:
            if spec["kind"] == "slab":
                spec["is_solid_concrete"] = True
    for drawing in project["drawings"]:
        drawing["audit_required"] = drawing["discipline"] not in ("fitout", "landscape")
    project["land_conditions"] = _land_conditions()
    project["sensitivity_points"] = _sensitivity_points()


def _dead_end(name: str) -> Facts:
    return {
        "id": name,
        "is_fire_lane": True,
        "clear_width_m": 4.2,
        "clear_height_m": 4.5,
        "is_dead_end": True,
        "length_m": 64.0,
        "has_turning_area": True,
        "is_main_footpath": False,
    }


def _retaining_wall(name: str) -> Facts:
    return {"id": name, "height_m": 2.6, "clear_distance_upper_m": 4.0, "clear_distance_lower_m": 3.2}


def _factor(name: str, kind: str, distance: float, *, faces_window: bool) -> Facts:
    return {
        "id": name,
        "kind": kind,
        "is_inside_red_line": True,
        "distance_to_dwelling_m": distance,
        "faces_window": faces_window,
        "in_private_garden": False,
        "affected_unit_ids": [],
    }


def _land_conditions() -> list[Facts]:
    kinds = (
        ("出让合同第16条 开竣工期限", "works_period", False),
        ("出让合同第18条 社区用房无偿移交", "handover", True),
        ("规划条件第9条 装配式建筑", "prefabrication", True),
    )
    return [
        {"id": name, "kind": kind, "briefed_departments": list(BRIEFED), "is_in_design_brief": in_brief}
        for name, kind, in_brief in kinds
    ]


def _sensitivity_points() -> list[Facts]:
    found = (
        ("MG-01", "地下车库和首层进水", "regional_complaints", 5.0, "adopted"),
        ("MG-02", "玄关没有放鞋柜的位置", "customer_survey", 4.0, "adopted"),
        ("MG-03", "希望每户两个车位", "customer_survey", 4.0, "declined"),
        ("MG-04", "竞品设会客厅", "competitor", 2.0, "none"),
    )
    return [
        {"id": name, "content": content, "source": source, "customer_sensitivity": weight, "response": response}
        for name, content, source, weight, response in found
    ]

"""Everything outside the flats at the drawing review: site, garage, towers, drawings, adverse factors, permits."""

from examples.binjiang.homes import BALCONIES, FLOORS, STOREY_M, TOWERS, Facts, unit, unit_ids


def project(floors: int = FLOORS) -> Facts:
    """The project as designed, every fact in order; with the flats of the lowest floors only, where fewer will do."""
    return {
        "id": "BJHY",
        "name": "滨江花园",
        "city": "临江市",
        "city_size": "large",
        "utc_offset": "+08:00",
        "design_basis_date": "2025-05-20",
        "sales_mode": "presale",
        "delivery_standard": "fitted_out",
        "adverse_survey_done_date": "2024-11-08",
        "adverse_survey_radius_m": 1000.0,
        "land_conditions_briefed": True,
        "customer_research_in_brief": True,
        "land_fee_paid": True,
        "phases": [{"id": "1", "name": "一期", "buildings": [building(tower, floors) for tower in TOWERS]}],
        "site": site(),
        "garages": [garage()],
        "equipment_rooms": [
            {"id": "生活水泵房", "kind": "pump_room", "is_below_dwelling": False, "is_adjacent_dwelling": False},
            {"id": "变配电房", "kind": "substation", "is_below_dwelling": False, "is_adjacent_dwelling": False},
        ],
        "adverse_factors": adverse_factors(),
        "drawings": drawings(),
        "design_changes": [],
        "defect_library_items": defect_library(),
        "finish_specs": finish_specs(),
        "permits": [
            _permit("土地证", "land_certificate", "临国用（2024）第0317号", "2024-12-20"),
            _permit("用地规划", "land_planning", "地字第2025-0009号", "2025-01-16"),
            _permit("工程规划", "works_planning", "建字第2025-0041号", "2025-05-12"),
        ],
    }


def _permit(name: str, kind: str, number: str, issued: str) -> Facts:
    return {
        "id": name,
        "kind": kind,
        "number": number,
        "status": "valid",
        "issued_date": issued,
        "covers_buildings": list(TOWERS),
    }


def building(tower: str, floors: int) -> Facts:
    units = [unit(*flat) for flat in unit_ids(tower, floors)]
    return {
        "id": tower,
        "name": f"{tower}号楼",
        "storey_count": FLOORS,
        "height_m": 46.65,
        "storey_height_m": STOREY_M,
        "stair_units": [stair_unit(units)],
        "railings": railings(tower, floors),
        "pipes": [
            _pipe("厨房立管", "drain_stack", "kitchen"),
            _pipe("卫生间立管", "drain_stack", "bathroom"),
            _pipe("燃气立管", "gas", "kitchen"),
            {
                **_pipe("首层排水横管", "drain_branch", "garage"),
                "clearance_below_m": 2.3,
                "blocks_door_or_window": False,
            },
        ],
        "waterproof_specs": [
            {
                "id": "卫生间防水",
                "location": "bathroom",
                "shower_wall_height_m": 2.0,
                "basin_wall_height_m": 1.2,
                "other_wall_height_m": 0.3,
                "floor_slope_pct": 1.5,
                "upstand_height_m": 0.2,
            },
            {"id": "阳台防水", "location": "balcony", "floor_slope_pct": 1.0, "upstand_height_m": 0.2},
        ],
        "assembly_specs": [
            {"id": "分户墙", "kind": "party_wall", "room_kind": "bedroom", "airborne_db": 52.0, "thickness_mm": 200.0},
            {"id": "分户楼板", "kind": "party_floor", "room_kind": "bedroom", "airborne_db": 51.0, "impact_db": 63.0},
            {
                "id": "卧室外窗",
                "kind": "window",
                "room_kind": "bedroom",
                "faces_traffic_road": False,
                "airborne_db": 36.0,
            },
            {"id": "楼板", "kind": "slab", "thickness_mm": 120.0},
        ],
    }


def _pipe(name: str, kind: str, space: str) -> Facts:
    return {"id": name, "kind": kind, "passes_through": [space], "adjacent_to": [space], "is_sound_wrapped": True}


def stair_unit(units: list[Facts]) -> Facts:
    return {
        "id": "1",
        "storey_count": FLOORS,
        "highest_entry_floor": FLOORS,
        "highest_entry_height_m": 42.7,
        "lift_count": 2,
        "has_stretcher_lift": True,
        "accessible_entrance_count": 1,
        "kitchen_bath_stack_separate": True,
        "lifts": [_lift("客梯", "standard", 1.4, 1.35), _lift("担架梯", "deep", 1.1, 2.1)],
        "lift_lobbies": [{"id": "标准层候梯厅", "depth_m": 2.2, "max_car_depth_m": 2.1}],
        "stairs": [
            {
                "id": "楼梯",
                "flight_clear_width_m": 1.15,
                "highest_entry_height_m": 42.7,
                "one_side_railing": True,
                "tread_width_m": 0.27,
                "riser_height_m": 0.17,
                "landing_width_m": 1.3,
                "is_scissor": False,
                "landing_headroom_m": 2.3,
                "flight_headroom_m": 2.4,
                "well_clear_width_m": 0.1,
                "has_fall_protection": True,
                "door_to_step_m": 0.8,
            }
        ],
        "corridors": [{"id": "公共走廊", "clear_width_m": 1.5, "clear_height_m": 2.4}],
        "entrances": [
            {
                "id": "首层大堂",
                "indoor_outdoor_level_diff_m": 0.35,
                "has_backflow_measure": True,
                "has_step_free_route_from_gate": True,
                "has_step_free_route_from_garage": True,
                "step_count": 0,
                "door_width_m": 1.8,
                "canopy_width_m": 2.6,
                "canopy_projection_m": 1.5,
                "gatehead_top_level_m": 2.9,
                "second_floor_sill_level_m": 4.35,
                "leaf_reach_m": 0.9,
            }
        ],
        "fire_equipment": [{"id": "消火栓箱", "kind": "hydrant", "penetrates_wall": False, "faces_lift": False}],
        "access_controls": [{"id": "单元门禁", "on_escape_route": True, "manual_release_inside": True}],
        "shafts": [
            {"id": "水井", "kind": "water_meter", "has_waterproofing": True, "has_floor_drain": True},
            {"id": "电井", "kind": "electric"},
        ],
        "units": units,
    }


def _lift(name: str, car: str, width: float, depth: float) -> Facts:
    door = 0.9 if car == "deep" else 0.8
    return {"id": name, "car_type": car, "car_door_clear_width_m": door, "car_width_m": width, "car_depth_m": depth}


def railings(tower: str, floors: int) -> list[Facts]:
    found = [_railing("屋面女儿墙", "roof", 1.2), _railing("楼梯栏杆", "stair", 1.1)]
    for unit_id, _, plan in unit_ids(tower, floors):
        found += [_railing(f"{unit_id}-{name}", "balcony", 1.2) for name in BALCONIES[plan]]
    return found


def _railing(name: str, location: str, height: float) -> Facts:
    return {"id": name, "location": location, "clear_height_m": height, "bar_gap_m": 0.105, "is_climbable": False}


def site() -> Facts:
    return {
        "entrance_level_above_road_m": 0.3,
        "drainage_slope_pct": 0.4,
        "is_new_district": True,
        "central_green_per_capita_m2": 0.62,
        "central_green_width_m": 12.0,
        "entrance_to_junction_m": 95.0,
        "road_class": "secondary",
        "has_mailbox_location": True,
        "has_parcel_locker_location": True,
        "ev_space_count": 36,
        "ev_space_required": 36,
        "has_backflow_measure": True,
        "site_roads": [
            _fire_lane("东侧消防车道", 4.2),
            _fire_lane("西侧消防车道", 4.0),
            {"id": "中央步道", "is_fire_lane": False, "clear_width_m": 1.8, "is_main_footpath": True},
        ],
        "rescue_sites": [
            {"id": "1号楼登高场地", "podium_depth_m": 0.0, "has_obstacle": False},
            {"id": "2号楼登高场地", "podium_depth_m": 0.0, "has_obstacle": False},
        ],
        "retaining_walls": [],
    }


def _fire_lane(name: str, width: float) -> Facts:
    return {
        "id": name,
        "is_fire_lane": True,
        "clear_width_m": width,
        "clear_height_m": 4.5,
        "is_dead_end": False,
        "length_m": 160.0,
        "has_turning_area": False,
        "is_main_footpath": False,
    }


def garage() -> Facts:
    return {
        "id": "B1",
        "clear_height_m": 2.3,
        "ramps": [
            {
                "id": "北坡道",
                "kind": "ramp",
                "has_top_intercept_drain": True,
                "has_bottom_drain": True,
                "buffer_length_m": 6.0,
            },
            {"id": "主车道", "kind": "aisle", "aisle_width_m": 5.5},
        ],
        "parking_spaces": [_bay(number) for number in range(1, 133)],
    }


def _bay(number: int) -> Facts:
    beside_wall = number % 12 == 0
    return {
        "id": f"B1-{number:03}",
        "width_m": 2.7 if beside_wall else 2.4,
        "length_m": 5.3,
        "beside_wall": beside_wall,
        "walls_beside_count": 1 if beside_wall else 0,
        "obstructed_by": "none",
    }


def adverse_factors() -> list[Facts]:
    return [
        _inside("垃圾收集站", "refuse_station", 18.0, ["2-0101", "2-0201"]),
        _inside("变配电房", "substation", 16.0, ["1-0104"]),
        {**_inside("车库排风井", "exhaust_shaft", 14.0, ["1-0102", "1-0103"]), "distance_to_play_area_m": 24.0},
        {**_inside("柴发排烟口", "generator_outlet", 21.0, []), "distance_to_play_area_m": 35.0},
        _inside("北坡道", "garage_ramp", 9.0, ["2-0104"]),
        _inside("儿童乐园", "playground", 16.0, ["1-0101", "1-0201"]),
        _outside("滨江路加油站", "fuel_station", 420.0),
        _outside("220kV高压线", "high_voltage_line", 760.0),
        _outside("滨江快速路高架", "arterial_road", 130.0),
    ]


def _inside(name: str, kind: str, distance: float, flats: list[str]) -> Facts:
    return {
        "id": name,
        "kind": kind,
        "is_inside_red_line": True,
        "distance_to_dwelling_m": distance,
        "faces_window": False,
        "in_private_garden": False,
        "affected_unit_ids": flats,
    }


def _outside(name: str, kind: str, distance: float) -> Facts:
    return {"id": name, "kind": kind, "is_inside_red_line": False, "distance_to_site_m": distance}


def drawings() -> list[Facts]:
    sheets = (
        ("建施-02 总平面图", "architecture"),
        ("建施-11 标准层平面图", "architecture"),
        ("建施-21 户型大样", "architecture"),
        ("结施-08 标准层结构", "structure"),
        ("水施-05 给排水", "plumbing"),
        ("暖施-03 空调通风", "hvac"),
        ("电施-06 户内电气", "electrical"),
        ("精施-01 精装", "fitout"),
        ("景施-01 景观", "landscape"),
    )
    return [
        {
            "id": sheet,
            "discipline": discipline,
            "version": "A",
            "matches_planning_approval": True,
            "matches_sales_plan": True,
            "disciplines_countersigned": True,
            "drawing_issues": [_issue("Q01", "QX-003")] if sheet.startswith("水施") else [],
        }
        for sheet, discipline in sheets
    ]


def _issue(name: str, library_id: str) -> Facts:
    return {
        "id": name,
        "severity": "major",
        "status": "open",
        "due_date": "2025-06-20",
        "defect_library_id": library_id,
        "is_answered": True,
        "affects_offered_units": True,
    }


def defect_library() -> list[Facts]:
    items = (("QX-003", "地漏返臭", "smell", 5), ("QX-027", "玄关无鞋柜位", "usability", 2))
    return [
        {
            "id": item,
            "title": title,
            "theme": theme,
            "customer_sensitivity": 4.0,
            "occurrence_count": count,
            "source_project": "滨江首府",
        }
        for item, title, theme, count in items
    ]


def finish_specs() -> list[Facts]:
    rows = (
        ("大堂地砖", "lobby", "东岳", "DY-8080", 0.65),
        ("走廊地砖", "corridor", "东岳", "DY-6060", 0.62),
        ("卫生间地砖", "bathroom", "东岳", "DY-3030F", 0.68),
    )
    return [
        {
            "id": name,
            "location": place,
            "surface": "floor",
            "item": name,
            "brand": brand,
            "model": model,
            "grade": "优等品",
            "cof": cof,
        }
        for name, place, brand, model, cof in rows
    ] + [
        {
            "id": "外窗玻璃",
            "location": "window",
            "item": "外窗玻璃",
            "brand": "晶海",
            "model": "6+12A+6",
            "grade": "中空钢化",
            "visible_light_transmittance": 0.62,
        }
    ]

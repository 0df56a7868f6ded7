"""The rules about rooms, rule after rule; see by_rule.py."""
# ruff: noqa: PLR1714 - two comparisons are faster than a search in a tuple

import re
from collections.abc import Callable

from findings import (
    MIN_AISLE,
    MIN_BALCONY_WIDTH,
    MIN_BEDROOM_SIDE,
    MIN_CLEAR_HEIGHT,
    MIN_KITCHEN_AREA,
    MIN_WINDOW_FLOOR_RATIO,
    NEW_CODE,
    Gaps,
    Risk,
    Rows,
)

ROOM_MARK = re.compile("[A-Z][0-9]{1,2}").fullmatch


def _rm_001(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (room, _, _, _) in enumerate(rows.room):
        get = room.get
        kind = get("kind")
        if kind == "kitchen":
            area = get("usable_area_m2")
            if area is None:
                gaps["BM-RM-001"] += 1
            elif area < MIN_KITCHEN_AREA:
                risk(("BM-RM-001", n))
        elif kind is None:
            gaps["BM-RM-001"] += 1


def _rm_002(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (room, _, _, _) in enumerate(rows.room):
        get = room.get
        kind = get("kind")
        if kind == "bedroom":
            area = get("usable_area_m2")
            if area is None:
                gaps["BM-RM-002"] += 1
            elif area < 9.0:
                risk(("BM-RM-002", n))
        elif kind is None:
            gaps["BM-RM-002"] += 1


def _rm_003(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (room, _, _, _) in enumerate(rows.room):
        get = room.get
        kind = get("kind")
        if kind == "bedroom":
            side = get("short_side_m")
            if side is None:
                gaps["BM-RM-003"] += 1
            elif side < MIN_BEDROOM_SIDE:
                risk(("BM-RM-003", n))
        elif kind is None:
            gaps["BM-RM-003"] += 1


def _rm_004(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (room, _, _, _) in enumerate(rows.room):
        get = room.get
        kind = get("kind")
        if kind == "living" or kind == "bedroom" or kind == "study":
            height = get("clear_height_m")
            if height is None:
                gaps["BM-RM-004"] += 1
            elif height < MIN_CLEAR_HEIGHT:
                risk(("BM-RM-004", n))
        elif kind is None:
            gaps["BM-RM-004"] += 1


def _rm_005(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (room, _, _, _) in enumerate(rows.room):
        get = room.get
        kind = get("kind")
        if kind == "living" or kind == "bedroom":
            local = get("local_clear_height_m")
            if local is None or local < 2.1:
                low = get("low_area_ratio")
                if low is None or (local is None and low > 0.33):
                    gaps["BM-RM-005"] += 1
                elif low > 0.33:
                    risk(("BM-RM-005", n))
        elif kind is None:
            gaps["BM-RM-005"] += 1


def _rm_006(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (room, _, _, _) in enumerate(rows.room):
        get = room.get
        kind = get("kind")
        if kind == "living" or kind == "bedroom" or kind == "kitchen":
            daylight = get("has_direct_daylight")
            if daylight is None:
                gaps["BM-RM-006"] += 1
            elif not daylight:
                risk(("BM-RM-006", n))
        elif kind is None:
            gaps["BM-RM-006"] += 1


def _rm_007(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (room, _, _, _) in enumerate(rows.room):
        get = room.get
        kind = get("kind")
        if kind == "living" or kind == "bedroom" or kind == "kitchen":
            ratio = get("window_floor_ratio")
            if ratio is None:
                gaps["BM-RM-007"] += 1
            elif ratio < MIN_WINDOW_FLOOR_RATIO:
                risk(("BM-RM-007", n))
        elif kind is None:
            gaps["BM-RM-007"] += 1


def _rm_008(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (room, _, _, _) in enumerate(rows.room):
        get = room.get
        kind = get("kind")
        if kind == "kitchen":
            vent = get("vent_opening_ratio")
            vent_area = get("vent_opening_area_m2")
            if (vent_area is not None and vent_area < 0.6) or (vent is not None and vent < 0.1):
                risk(("BM-RM-008", n))
            elif vent_area is None or vent is None:
                gaps["BM-RM-008"] += 1
        elif kind is None:
            gaps["BM-RM-008"] += 1


def _rm_009(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (room, _, _, _) in enumerate(rows.room):
        get = room.get
        kind = get("kind")
        if kind is None:
            gaps["BM-RM-009"] += 1
        elif kind != "balcony":
            vent = get("vent_opening_ratio")
            if vent is None or vent < 0.05:
                mechanical = get("has_mech_vent")
                if mechanical is not True:
                    if vent is None or mechanical is None:
                        gaps["BM-RM-009"] += 1
                    else:
                        risk(("BM-RM-009", n))


def _rm_010(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (room, _, _, _) in enumerate(rows.room):
        get = room.get
        kind = get("kind")
        if kind == "bathroom":
            window = get("has_window")
            if window is not True:
                mechanical = get("has_mech_vent")
                protected = get("vent_has_anti_backflow")
                if not (mechanical and protected):
                    if window is False and (mechanical is False or protected is False):
                        risk(("BM-RM-010", n))
                    else:
                        gaps["BM-RM-010"] += 1
        elif kind is None:
            gaps["BM-RM-010"] += 1


def _rm_011(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (room, _, _, _) in enumerate(rows.room):
        get = room.get
        kind = get("kind")
        if kind == "bathroom" or kind is None:
            shower = get("has_shower")
            if shower is not False:
                bonded = get("has_equipotential_bonding")
                if kind is None or shower is None or bonded is None:
                    gaps["BM-RM-011"] += 1
                elif not bonded:
                    risk(("BM-RM-011", n))


def _rm_012(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (room, _, _, _) in enumerate(rows.room):
        get = room.get
        kind = get("kind")
        if kind == "bathroom":
            below = get("below_room_kind")
            if below is None or below in ("bedroom", "living", "kitchen"):
                same = get("below_same_unit")
                if same is not True:
                    if below is None or same is None:
                        gaps["BM-RM-012"] += 1
                    else:
                        risk(("BM-RM-012", n))
        elif kind is None:
            gaps["BM-RM-012"] += 1


def _rm_013(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (room, _, _, _) in enumerate(rows.room):
        get = room.get
        kind = get("kind")
        if kind == "living" or kind == "bedroom":
            adjacent = get("adjacent_to")
            if adjacent is None or "lift_shaft" in adjacent:
                isolated = get("has_sound_isolation")
                if isolated is not True:
                    if adjacent is None or isolated is None:
                        gaps["BM-RM-013"] += 1
                    else:
                        risk(("BM-RM-013", n))
        elif kind is None:
            gaps["BM-RM-013"] += 1


def _rm_014(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (room, _, _, _) in enumerate(rows.room):
        get = room.get
        kind = get("kind")
        if kind == "kitchen":
            safe_flue, near_hob = get("flue_has_anti_backflow"), get("flue_adjacent_hob")
            if not (safe_flue and near_hob):
                if safe_flue is False or near_hob is False:
                    risk(("BM-RM-014", n))
                else:
                    gaps["BM-RM-014"] += 1
        elif kind is None:
            gaps["BM-RM-014"] += 1


def _rm_015(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (room, _, _, _) in enumerate(rows.room):
        get = room.get
        kind = get("kind")
        if kind == "kitchen" or kind is None:
            layout = get("layout")
            if layout == "double_row" or layout is None:
                aisle = get("aisle_width_m")
                if kind is None or layout is None or aisle is None:
                    gaps["BM-RM-015"] += 1
                elif aisle < MIN_AISLE:
                    risk(("BM-RM-015", n))


def _rm_016(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (room, _, _, _) in enumerate(rows.room):
        get = room.get
        kind = get("kind")
        if kind == "living":
            wall = get("furniture_wall_length_m")
            if wall is None:
                gaps["BM-RM-016"] += 1
            elif wall < 3.0:
                risk(("BM-RM-016", n))
        elif kind is None:
            gaps["BM-RM-016"] += 1


def _rm_017(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (room, _, _, _) in enumerate(rows.room):
        get = room.get
        kind = get("kind")
        if kind == "balcony" or kind == "bathroom":
            step = get("level_difference_m")
            if step is None:
                gaps["BM-RM-017"] += 1
            elif not 0.01 <= step <= 0.05:
                risk(("BM-RM-017", n))
        elif kind is None:
            gaps["BM-RM-017"] += 1


def _rm_018(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (room, _, _, _) in enumerate(rows.room):
        mark = room.get("mark")
        if mark is None:
            gaps["BM-RM-018"] += 1
        elif not ROOM_MARK(mark):
            risk(("BM-RM-018", n))


def _rm_019(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (room, unit, _, _) in enumerate(rows.room):
        get = room.get
        kind = get("kind")
        if kind == "balcony" or kind is None:
            floor = unit.get("floor")
            if floor is None or floor > 6:
                balcony_width = get("clear_width_m")
                if kind is None or floor is None or balcony_width is None:
                    gaps["BM-RM-019"] += 1
                elif balcony_width < MIN_BALCONY_WIDTH:
                    risk(("BM-RM-019", n))


def _rm_020(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (room, _, _, project) in enumerate(rows.room):
        get = room.get
        basis = project.get("design_basis_date")
        if basis is None:
            gaps["BM-RM-020"] += 1
        elif basis >= NEW_CODE:
            height = get("clear_height_m")
            if height is None:
                gaps["BM-RM-020"] += 1
            elif height < 2.4:
                risk(("BM-RM-020", n))


def _rm_021(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (room, _, building, _) in enumerate(rows.room):
        get = room.get
        kind = get("kind")
        if kind == "living" or kind is None:
            storeys = building.get("storey_count")
            if storeys is None or storeys > 3:
                if kind is None or storeys is None:
                    gaps["BM-RM-021"] += 1
                else:
                    area = get("usable_area_m2")
                    if area is None or area < 18.0:
                        combined = get("is_combined_living")
                        if combined is not True:
                            if area is None or combined is None:
                                gaps["BM-RM-021"] += 1
                            else:
                                risk(("BM-RM-021", n))


def _rm_022(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (room, _, _, _) in enumerate(rows.room):
        get = room.get
        basement = get("is_basement")
        if basement is not True:
            area = get("usable_area_m2")
            side = get("short_side_m")
            if basement is None or area is None or side is None:
                gaps["BM-RM-022"] += 1
            elif area > side * side * 2.85:
                risk(("BM-RM-022", n))


ROOM_RULES: tuple[Callable[[Rows, Risk, Gaps], None], ...] = (
    _rm_001,
    _rm_002,
    _rm_003,
    _rm_004,
    _rm_005,
    _rm_006,
    _rm_007,
    _rm_008,
    _rm_009,
    _rm_010,
    _rm_011,
    _rm_012,
    _rm_013,
    _rm_014,
    _rm_015,
    _rm_016,
    _rm_017,
    _rm_018,
    _rm_019,
    _rm_020,
    _rm_021,
    _rm_022,
)

"""The rules about rooms, sorted by the kind of room; see by_kind.py."""
# ruff: noqa: PLR1714 - two comparisons are faster than a search in a tuple

# ruff: noqa: PLR0915 - all rules of a type in one function is the point

import re
from datetime import datetime

from findings import (
    MIN_AISLE,
    MIN_BALCONY_WIDTH,
    MIN_BEDROOM_SIDE,
    MIN_CLEAR_HEIGHT,
    MIN_KITCHEN_AREA,
    MIN_WINDOW_FLOOR_RATIO,
    NEW_CODE,
    Entity,
    Gaps,
    Risk,
)

ROOM_MARK = re.compile("[A-Z][0-9]{1,2}").fullmatch


def room_by_kind(
    room: Entity,
    n: int,
    floor: int | None,
    storeys: int | None,
    basis: datetime | None,
    risk: Risk,
    gaps: Gaps,
) -> None:
    get = room.get
    kind = get("kind")
    area = get("usable_area_m2")
    side = get("short_side_m")
    height = get("clear_height_m")
    if kind == "bedroom" or kind == "living":
        if height is None:
            gaps["BM-RM-004"] += 1
        elif height < MIN_CLEAR_HEIGHT:
            risk(("BM-RM-004", n))
        local = get("local_clear_height_m")
        if local is None or local < 2.1:
            low = get("low_area_ratio")
            if low is None or (local is None and low > 0.33):
                gaps["BM-RM-005"] += 1
            elif low > 0.33:
                risk(("BM-RM-005", n))
        adjacent = get("adjacent_to")
        if adjacent is None or "lift_shaft" in adjacent:
            isolated = get("has_sound_isolation")
            if isolated is None or (adjacent is None and not isolated):
                gaps["BM-RM-013"] += 1
            elif not isolated:
                risk(("BM-RM-013", n))
        if kind == "bedroom":
            if area is None:
                gaps["BM-RM-002"] += 1
            elif area < 9.0:
                risk(("BM-RM-002", n))
            if side is None:
                gaps["BM-RM-003"] += 1
            elif side < MIN_BEDROOM_SIDE:
                risk(("BM-RM-003", n))
        else:
            wall = get("furniture_wall_length_m")
            if wall is None:
                gaps["BM-RM-016"] += 1
            elif wall < 3.0:
                risk(("BM-RM-016", n))
            if storeys is None:
                gaps["BM-RM-021"] += 1
            elif storeys > 3 and (area is None or area < 18.0):
                combined = get("is_combined_living")
                if combined is None or (area is None and not combined):
                    gaps["BM-RM-021"] += 1
                elif not combined:
                    risk(("BM-RM-021", n))
        _daylight(room, n, risk, gaps)
    elif kind == "kitchen":
        _kitchen(room, n, area, risk, gaps)
        _daylight(room, n, risk, gaps)
    elif kind == "bathroom":
        _bathroom(room, n, risk, gaps)
    elif kind is None:
        _unknown_room(room, floor, storeys, gaps)
    elif kind == "study":
        if height is None:
            gaps["BM-RM-004"] += 1
        elif height < MIN_CLEAR_HEIGHT:
            risk(("BM-RM-004", n))
    if kind == "balcony":
        if floor is None:
            gaps["BM-RM-019"] += 1
        elif floor > 6:
            width = get("clear_width_m")
            if width is None:
                gaps["BM-RM-019"] += 1
            elif width < MIN_BALCONY_WIDTH:
                risk(("BM-RM-019", n))
    elif kind is not None:
        vent = get("vent_opening_ratio")
        if vent is None or vent < 0.05:
            mechanical = get("has_mech_vent")
            if mechanical is None or (vent is None and not mechanical):
                gaps["BM-RM-009"] += 1
            elif not mechanical:
                risk(("BM-RM-009", n))
    if kind == "balcony" or kind == "bathroom":
        step = get("level_difference_m")
        if step is None:
            gaps["BM-RM-017"] += 1
        elif not 0.01 <= step <= 0.05:
            risk(("BM-RM-017", n))
    mark = get("mark")
    if mark is None:
        gaps["BM-RM-018"] += 1
    elif not ROOM_MARK(mark):
        risk(("BM-RM-018", n))
    if basis is None:
        gaps["BM-RM-020"] += 1
    elif basis >= NEW_CODE:
        if height is None:
            gaps["BM-RM-020"] += 1
        elif height < 2.4:
            risk(("BM-RM-020", n))
    basement = get("is_basement")
    if basement is not True:
        if basement is None or area is None or side is None:
            gaps["BM-RM-022"] += 1
        elif area > side * side * 2.85:
            risk(("BM-RM-022", n))


def _daylight(room: Entity, n: int, risk: Risk, gaps: Gaps) -> None:
    daylight = room.get("has_direct_daylight")
    if daylight is not True:
        if daylight is None:
            gaps["BM-RM-006"] += 1
        else:
            risk(("BM-RM-006", n))
    ratio = room.get("window_floor_ratio")
    if ratio is None:
        gaps["BM-RM-007"] += 1
    elif ratio < MIN_WINDOW_FLOOR_RATIO:
        risk(("BM-RM-007", n))


def _kitchen(room: Entity, n: int, area: float | None, risk: Risk, gaps: Gaps) -> None:
    get = room.get
    if area is None:
        gaps["BM-RM-001"] += 1
    elif area < MIN_KITCHEN_AREA:
        risk(("BM-RM-001", n))
    vent_area, vent = get("vent_opening_area_m2"), get("vent_opening_ratio")
    if vent_area is None or vent is None or vent_area < 0.6 or vent < 0.1:
        if (vent_area is not None and vent_area < 0.6) or (vent is not None and vent < 0.1):
            risk(("BM-RM-008", n))
        else:
            gaps["BM-RM-008"] += 1
    protected, near_hob = get("flue_has_anti_backflow"), get("flue_adjacent_hob")
    if not (protected and near_hob):
        if protected is False or near_hob is False:
            risk(("BM-RM-014", n))
        else:
            gaps["BM-RM-014"] += 1
    layout = get("layout")
    if layout is None:
        gaps["BM-RM-015"] += 1
    elif layout == "double_row":
        aisle = get("aisle_width_m")
        if aisle is None:
            gaps["BM-RM-015"] += 1
        elif aisle < MIN_AISLE:
            risk(("BM-RM-015", n))


def _bathroom(room: Entity, n: int, risk: Risk, gaps: Gaps) -> None:
    get = room.get
    window = get("has_window")
    if window is not True:
        mechanical, protected = get("has_mech_vent"), get("vent_has_anti_backflow")
        if not (mechanical and protected):
            if window is False and (mechanical is False or protected is False):
                risk(("BM-RM-010", n))
            else:
                gaps["BM-RM-010"] += 1
    shower = get("has_shower")
    if shower is not False:
        bonded = get("has_equipotential_bonding")
        if shower is None or bonded is None:
            gaps["BM-RM-011"] += 1
        elif not bonded:
            risk(("BM-RM-011", n))
    below = get("below_room_kind")
    if below is None or below in ("bedroom", "living", "kitchen"):
        same = get("below_same_unit")
        if same is None or (below is None and not same):
            gaps["BM-RM-012"] += 1
        elif not same:
            risk(("BM-RM-012", n))


UNDECIDED_BY_KIND = tuple(f"BM-RM-{n:03d}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 16, 17))


def _unknown_room(room: Entity, floor: int | None, storeys: int | None, gaps: Gaps) -> None:
    """A room of unknown kind: every rule about a kind is undecided, unless another part of its condition is false."""
    for rule in UNDECIDED_BY_KIND:
        gaps[rule] += 1
    if room.get("has_shower") is not False:
        gaps["BM-RM-011"] += 1
    if room.get("layout") in ("double_row", None):
        gaps["BM-RM-015"] += 1
    if floor is None or floor > 6:
        gaps["BM-RM-019"] += 1
    if storeys is None or storeys > 3:
        gaps["BM-RM-021"] += 1

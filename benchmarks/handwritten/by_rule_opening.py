"""The rules about openings, rule after rule; see by_rule.py."""
# ruff: noqa: PLR1714 - two comparisons are faster than a search in a tuple

import re
from collections.abc import Callable

from findings import (
    MIN_ENTRY_DOOR,
    MIN_FACING_DISTANCE,
    MIN_GUARD,
    MIN_SILL_HEIGHT,
    MIN_WET_DOOR,
    Gaps,
    Risk,
    Rows,
)

OPENING_MARK = re.compile("[CD][0-9]{1,2}").fullmatch


def _op_001(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (opening, _, _, _, _) in enumerate(rows.opening):
        get = opening.get
        kind = get("kind")
        if kind == "window" or kind == "bay_window":
            sill = get("sill_height_m")
            if sill is None or sill < MIN_SILL_HEIGHT:
                guard = get("has_guard")
                if guard is not True:
                    balcony = get("has_balcony_outside")
                    if balcony is not True:
                        if sill is None or guard is None or balcony is None:
                            gaps["BM-OP-001"] += 1
                        else:
                            risk(("BM-OP-001", n))
        elif kind is None:
            gaps["BM-OP-001"] += 1


def _op_002(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (opening, _, _, _, _) in enumerate(rows.opening):
        get = opening.get
        kind = get("kind")
        if kind == "bay_window" or kind is None:
            bay_sill = get("bay_sill_height_m")
            if bay_sill is None or bay_sill <= 0.45:
                guard_height = get("guard_height_from_sill_m")
                if kind is None or bay_sill is None or guard_height is None:
                    gaps["BM-OP-002"] += 1
                elif guard_height < MIN_GUARD:
                    risk(("BM-OP-002", n))


def _op_003(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (opening, _, _, _, _) in enumerate(rows.opening):
        get = opening.get
        kind = get("kind")
        if kind == "entry_door":
            width = get("clear_width_m")
            if width is None:
                gaps["BM-OP-003"] += 1
            elif width < MIN_ENTRY_DOOR:
                risk(("BM-OP-003", n))
        elif kind is None:
            gaps["BM-OP-003"] += 1


def _op_004(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (opening, _, _, _, _) in enumerate(rows.opening):
        get = opening.get
        kind = get("kind")
        if kind == "bedroom_door":
            width = get("clear_width_m")
            if width is None:
                gaps["BM-OP-004"] += 1
            elif width < 0.9 - 1e-9:
                risk(("BM-OP-004", n))
        elif kind is None:
            gaps["BM-OP-004"] += 1


def _op_005(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (opening, _, _, _, _) in enumerate(rows.opening):
        get = opening.get
        kind = get("kind")
        if kind == "kitchen_door" or kind == "bathroom_door":
            width = get("clear_width_m")
            if width is None:
                gaps["BM-OP-005"] += 1
            elif width < MIN_WET_DOOR:
                risk(("BM-OP-005", n))
        elif kind is None:
            gaps["BM-OP-005"] += 1


def _op_006(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (opening, _, _, _, _) in enumerate(rows.opening):
        get = opening.get
        kind = get("kind")
        if kind is None:
            gaps["BM-OP-006"] += 1
        elif kind != "window" and kind != "bay_window":
            conflict = get("swing_conflict")
            if conflict is None:
                gaps["BM-OP-006"] += 1
            elif conflict:
                risk(("BM-OP-006", n))


def _op_007(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (opening, _, _, _, _) in enumerate(rows.opening):
        get = opening.get
        kind = get("kind")
        if kind == "entry_door":
            faces = get("faces")
            if faces is None or faces in ("lift_door", "entry_door", "stair_door"):
                vestibule = get("has_vestibule")
                if vestibule is not True:
                    if faces is None or vestibule is None:
                        gaps["BM-OP-007"] += 1
                    else:
                        risk(("BM-OP-007", n))
        elif kind is None:
            gaps["BM-OP-007"] += 1


def _op_008(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (opening, _, _, _, _) in enumerate(rows.opening):
        get = opening.get
        kind = get("kind")
        if kind == "bathroom_door":
            opens_to = get("opens_to")
            if opens_to is None or opens_to in ("kitchen", "living", "dining"):
                vestibule = get("has_vestibule")
                if vestibule is not True:
                    if opens_to is None or vestibule is None:
                        gaps["BM-OP-008"] += 1
                    else:
                        risk(("BM-OP-008", n))
        elif kind is None:
            gaps["BM-OP-008"] += 1


def _op_009(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (opening, _, _, _, _) in enumerate(rows.opening):
        get = opening.get
        kind = get("kind")
        if kind == "window" or kind == "bay_window" or kind is None:
            faces = get("faces")
            if faces == "neighbour_window" or faces is None:
                distance = get("facing_window_distance_m")
                if kind is None or faces is None or distance is None:
                    gaps["BM-OP-009"] += 1
                elif distance < MIN_FACING_DISTANCE:
                    risk(("BM-OP-009", n))


def _op_010(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (opening, _, _, _, _) in enumerate(rows.opening):
        get = opening.get
        kind = get("kind")
        if kind == "window" or kind == "bay_window":
            depth, recess_width = get("recess_depth_m"), get("recess_width_m")
            if depth is None or recess_width is None:
                gaps["BM-OP-010"] += 1
            elif depth > recess_width * 2.0:
                risk(("BM-OP-010", n))
        elif kind is None:
            gaps["BM-OP-010"] += 1


def _op_011(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (opening, _, _, _, _) in enumerate(rows.opening):
        get = opening.get
        kind = get("kind")
        if kind == "window" or kind == "bay_window":
            head, ceiling = get("head_height_m"), get("room_ceiling_height_m")
            if head is None or ceiling is None:
                gaps["BM-OP-011"] += 1
            elif head > ceiling - 0.05:
                risk(("BM-OP-011", n))
        elif kind is None:
            gaps["BM-OP-011"] += 1


def _op_012(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (opening, room, _, _, _) in enumerate(rows.opening):
        get = opening.get
        room_kind = room.get("kind")
        kind = get("kind")
        if (room_kind == "bedroom" or room_kind is None) and (kind == "window" or kind is None):
            at_bed_head = get("sash_at_bed_head")
            if room_kind is None or kind is None or at_bed_head is None:
                gaps["BM-OP-012"] += 1
            elif at_bed_head:
                risk(("BM-OP-012", n))


def _op_013(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (opening, _, _, _, _) in enumerate(rows.opening):
        get = opening.get
        kind = get("kind")
        if kind == "window" or kind == "bay_window":
            collides, piped = get("sash_conflict"), get("pipe_in_front")
            if collides or piped:
                risk(("BM-OP-013", n))
            elif collides is None or piped is None:
                gaps["BM-OP-013"] += 1
        elif kind is None:
            gaps["BM-OP-013"] += 1


def _op_014(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (opening, _, _, _, _) in enumerate(rows.opening):
        get = opening.get
        kind = get("kind")
        if kind == "window" or kind == "bay_window":
            handle, operable = get("handle_height_m"), get("is_operable_from_inside")
            if operable is False or (handle is not None and handle > 1.5):
                risk(("BM-OP-014", n))
            elif operable is None or handle is None:
                gaps["BM-OP-014"] += 1
        elif kind is None:
            gaps["BM-OP-014"] += 1


def _op_015(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (opening, _, _, _, _) in enumerate(rows.opening):
        get = opening.get
        kind = get("kind")
        if kind == "window" or kind == "bay_window":
            needed = get("requires_safety_glass")
            if needed is not False:
                marked = get("has_safety_mark")
                if marked is not True:
                    if needed is None or marked is None:
                        gaps["BM-OP-015"] += 1
                    else:
                        risk(("BM-OP-015", n))
        elif kind is None:
            gaps["BM-OP-015"] += 1


def _op_016(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (opening, _, unit, _, _) in enumerate(rows.opening):
        get = opening.get
        kind = get("kind")
        floor = unit.get("floor")
        if (kind == "window" or kind == "bay_window" or kind is None) and (floor is None or floor > 10):
            if kind is None or floor is None:
                gaps["BM-OP-016"] += 1
            else:
                sill = get("sill_height_m")
                if sill is None or sill < 0.48:
                    guard = get("has_guard")
                    if guard is not True:
                        if sill is None or guard is None:
                            gaps["BM-OP-016"] += 1
                        else:
                            risk(("BM-OP-016", n))


def _op_017(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (opening, _, _, building, _) in enumerate(rows.opening):
        get = opening.get
        kind = get("kind")
        offered = building.get("is_offered")
        if offered is not False and (kind == "window" or kind == "bay_window" or kind is None):
            blocked = get("view_blocked_by_decoration")
            if offered is None or kind is None or blocked is None:
                gaps["BM-OP-017"] += 1
            elif blocked:
                risk(("BM-OP-017", n))


def _op_018(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (opening, _, _, _, _) in enumerate(rows.opening):
        get = opening.get
        mark = get("mark")
        if mark is None:
            gaps["BM-OP-018"] += 1
        elif not OPENING_MARK(mark):
            risk(("BM-OP-018", n))


def _op_019(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (opening, room, _, _, _) in enumerate(rows.opening):
        get = opening.get
        kind = get("kind")
        if kind == "bathroom_door" or kind is None:
            room_kind = room.get("kind")
            if room_kind == "bathroom" or room_kind is None:
                faces = get("faces")
                if kind is None or room_kind is None or faces is None:
                    gaps["BM-OP-019"] += 1
                elif faces == "bed":
                    risk(("BM-OP-019", n))


def _op_020(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (opening, room, _, _, project) in enumerate(rows.opening):
        get = opening.get
        kind = get("kind")
        if kind == "balcony_door" or kind is None:
            fitted = project.get("delivery_standard")
            if fitted == "fitted_out" or fitted is None:
                if kind is None or fitted is None:
                    gaps["BM-OP-020"] += 1
                else:
                    width = get("clear_width_m")
                    room_step = room.get("level_difference_m")
                    if (width is not None and width - 0.1 < 1.5 - 1e-9) or (room_step is not None and room_step > 0.05):
                        risk(("BM-OP-020", n))
                    elif width is None or room_step is None:
                        gaps["BM-OP-020"] += 1


OPENING_RULES: tuple[Callable[[Rows, Risk, Gaps], None], ...] = (
    _op_001,
    _op_002,
    _op_003,
    _op_004,
    _op_005,
    _op_006,
    _op_007,
    _op_008,
    _op_009,
    _op_010,
    _op_011,
    _op_012,
    _op_013,
    _op_014,
    _op_015,
    _op_016,
    _op_017,
    _op_018,
    _op_019,
    _op_020,
)

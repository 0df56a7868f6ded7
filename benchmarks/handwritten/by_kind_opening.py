"""The rules about openings, sorted by the kind of opening; see by_kind.py."""
# ruff: noqa: PLR1714 - two comparisons are faster than a search in a tuple

# ruff: noqa: PLR0915 - all rules of a type in one function is the point

import re

from findings import (
    MIN_ENTRY_DOOR,
    MIN_FACING_DISTANCE,
    MIN_GUARD,
    MIN_SILL_HEIGHT,
    MIN_WET_DOOR,
    Entity,
    Gaps,
    Risk,
)

OPENING_MARK = re.compile("[CD][0-9]{1,2}").fullmatch


def opening_by_kind(
    opening: Entity,
    n: int,
    room_kind: str | None,
    step: float | None,
    floor: int | None,
    offered: bool | None,
    fitted: str | None,
    risk: Risk,
    gaps: Gaps,
) -> None:
    kind = opening.get("kind")
    if kind == "window" or kind == "bay_window":
        _window(opening, kind, n, room_kind, floor, offered, risk, gaps)
    elif kind is not None:
        _door(opening, kind, n, room_kind, step, fitted, risk, gaps)
    else:
        _unknown_opening(opening, room_kind, floor, offered, fitted, gaps)
    mark = opening.get("mark")
    if mark is None:
        gaps["BM-OP-018"] += 1
    elif not OPENING_MARK(mark):
        risk(("BM-OP-018", n))


def _window(
    opening: Entity,
    kind: str,
    n: int,
    room_kind: str | None,
    floor: int | None,
    offered: bool | None,
    risk: Risk,
    gaps: Gaps,
) -> None:
    get = opening.get
    sill, guard = get("sill_height_m"), get("has_guard")
    if (sill is None or sill < MIN_SILL_HEIGHT) and guard is not True:
        balcony = get("has_balcony_outside")
        if balcony is not True:
            if sill is None or guard is None or balcony is None:
                gaps["BM-OP-001"] += 1
            else:
                risk(("BM-OP-001", n))
    if kind == "bay_window":
        bay_sill = get("bay_sill_height_m")
        if bay_sill is None or bay_sill <= 0.45:
            guard_height = get("guard_height_from_sill_m")
            if bay_sill is None or guard_height is None:
                gaps["BM-OP-002"] += 1
            elif guard_height < MIN_GUARD:
                risk(("BM-OP-002", n))
    elif room_kind == "bedroom" or room_kind is None:
        at_bed_head = get("sash_at_bed_head")
        if room_kind is None or at_bed_head is None:
            gaps["BM-OP-012"] += 1
        elif at_bed_head:
            risk(("BM-OP-012", n))
    faces = get("faces")
    if faces == "neighbour_window" or faces is None:
        distance = get("facing_window_distance_m")
        if faces is None or distance is None:
            gaps["BM-OP-009"] += 1
        elif distance < MIN_FACING_DISTANCE:
            risk(("BM-OP-009", n))
    depth, width = get("recess_depth_m"), get("recess_width_m")
    if depth is None or width is None:
        gaps["BM-OP-010"] += 1
    elif depth > width * 2.0:
        risk(("BM-OP-010", n))
    head, ceiling = get("head_height_m"), get("room_ceiling_height_m")
    if head is None or ceiling is None:
        gaps["BM-OP-011"] += 1
    elif head > ceiling - 0.05:
        risk(("BM-OP-011", n))
    collides, piped = get("sash_conflict"), get("pipe_in_front")
    if collides or piped:
        risk(("BM-OP-013", n))
    elif collides is None or piped is None:
        gaps["BM-OP-013"] += 1
    handle, operable = get("handle_height_m"), get("is_operable_from_inside")
    if operable is False or (handle is not None and handle > 1.5):
        risk(("BM-OP-014", n))
    elif operable is None or handle is None:
        gaps["BM-OP-014"] += 1
    safety = get("requires_safety_glass")
    if safety is not False:
        marked = get("has_safety_mark")
        if marked is None or (safety is None and not marked):
            gaps["BM-OP-015"] += 1
        elif not marked:
            risk(("BM-OP-015", n))
    if floor is None:
        gaps["BM-OP-016"] += 1
    elif floor > 10 and (sill is None or sill < 0.48) and guard is not True:
        if sill is None or guard is None:
            gaps["BM-OP-016"] += 1
        else:
            risk(("BM-OP-016", n))
    if offered is not False:
        blocked = get("view_blocked_by_decoration")
        if offered is None or blocked is None:
            gaps["BM-OP-017"] += 1
        elif blocked:
            risk(("BM-OP-017", n))


def _door(
    opening: Entity,
    kind: str,
    n: int,
    room_kind: str | None,
    step: float | None,
    fitted: str | None,
    risk: Risk,
    gaps: Gaps,
) -> None:
    get = opening.get
    conflict = get("swing_conflict")
    if conflict is None:
        gaps["BM-OP-006"] += 1
    elif conflict:
        risk(("BM-OP-006", n))
    width = get("clear_width_m")
    if kind == "bedroom_door":
        if width is None:
            gaps["BM-OP-004"] += 1
        elif width < 0.9 - 1e-9:
            risk(("BM-OP-004", n))
    elif kind == "kitchen_door" or kind == "bathroom_door":
        if width is None:
            gaps["BM-OP-005"] += 1
        elif width < MIN_WET_DOOR:
            risk(("BM-OP-005", n))
        if kind == "bathroom_door":
            _bathroom_door(opening, n, room_kind, risk, gaps)
    elif kind == "entry_door":
        if width is None:
            gaps["BM-OP-003"] += 1
        elif width < MIN_ENTRY_DOOR:
            risk(("BM-OP-003", n))
        faces = get("faces")
        if faces is None or faces in ("lift_door", "entry_door", "stair_door"):
            vestibule = get("has_vestibule")
            if vestibule is None or (faces is None and not vestibule):
                gaps["BM-OP-007"] += 1
            elif not vestibule:
                risk(("BM-OP-007", n))
    elif kind == "balcony_door" and (fitted == "fitted_out" or fitted is None):
        too_narrow = width is not None and width - 0.1 < 1.5 - 1e-9
        too_high = step is not None and step > 0.05
        if fitted is not None and (too_narrow or too_high):
            risk(("BM-OP-020", n))
        elif fitted is None or width is None or step is None:
            gaps["BM-OP-020"] += 1


def _bathroom_door(opening: Entity, n: int, room_kind: str | None, risk: Risk, gaps: Gaps) -> None:
    get = opening.get
    opens_to = get("opens_to")
    if opens_to is None or opens_to in ("kitchen", "living", "dining"):
        vestibule = get("has_vestibule")
        if vestibule is None or (opens_to is None and not vestibule):
            gaps["BM-OP-008"] += 1
        elif not vestibule:
            risk(("BM-OP-008", n))
    if room_kind is None:
        gaps["BM-OP-019"] += 1
    elif room_kind == "bathroom":
        faces = get("faces")
        if faces is None:
            gaps["BM-OP-019"] += 1
        elif faces == "bed":
            risk(("BM-OP-019", n))


OPENING_UNDECIDED_BY_KIND = tuple(f"BM-OP-{n:03d}" for n in (1, 3, 4, 5, 6, 7, 8, 10, 11, 13, 14, 15))


def _unknown_opening(
    opening: Entity, room_kind: str | None, floor: int | None, offered: bool | None, fitted: str | None, gaps: Gaps
) -> None:
    """An opening of unknown kind, as for rooms."""
    for rule in OPENING_UNDECIDED_BY_KIND:
        gaps[rule] += 1
    bay_sill = opening.get("bay_sill_height_m")
    if bay_sill is None or bay_sill <= 0.45:
        gaps["BM-OP-002"] += 1
    if opening.get("faces") in ("neighbour_window", None):
        gaps["BM-OP-009"] += 1
    if room_kind in ("bedroom", None):
        gaps["BM-OP-012"] += 1
    if floor is None or floor > 10:
        gaps["BM-OP-016"] += 1
    if offered is not False:
        gaps["BM-OP-017"] += 1
    if room_kind in ("bathroom", None):
        gaps["BM-OP-019"] += 1
    if fitted in ("fitted_out", None):
        gaps["BM-OP-020"] += 1

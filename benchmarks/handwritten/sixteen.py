"""The sixteen rules that other engines are given, written by hand: entity by entity, and rule after rule.

As by_entity.py and by_rule.py they decide three outcomes; unlike by_entity.py they go over lists of rooms and openings
that stand ready, as the other engines do.
"""
# ruff: noqa: PLR1714 - two comparisons are faster than a search in a tuple
# ruff: noqa: PLR0915 - all rules of a type in one function is the point

from findings import MIN_CLEAR_HEIGHT, MIN_GUARD, MIN_KITCHEN_AREA, MIN_SILL_HEIGHT, Entity, Findings, Gaps, Risk, Rows

from handwritten.by_rule_opening import OPENING_RULES
from handwritten.by_rule_room import ROOM_RULES

CHOSEN = frozenset(
    {
        *(f"_rm_{number:03d}" for number in (1, 2, 4, 5, 8, 16, 17, 22)),
        *(f"_op_{number:03d}" for number in (1, 2, 4, 7, 10, 11, 13, 14)),
    }
)
RULES = tuple(rule for rule in (*ROOM_RULES, *OPENING_RULES) if rule.__name__ in CHOSEN)
assert len(RULES) == len(CHOSEN)


def sixteen_by_rule(rows: Rows) -> Findings:
    """One loop over all entities of its type for each rule."""
    found = Findings()
    for rule in RULES:
        rule(rows, found.risks.append, found.gaps)
    return found


def sixteen_by_entity(rooms: list[Entity], openings: list[Entity]) -> Findings:
    """All rules of an entity together."""
    found = Findings()
    risk, gaps = found.risks.append, found.gaps
    for n, room in enumerate(rooms):
        _room(room, n, risk, gaps)
    for n, opening in enumerate(openings):
        _opening(opening, n, risk, gaps)
    return found


def _room(room: Entity, n: int, risk: Risk, gaps: Gaps) -> None:
    get = room.get
    kind = get("kind")
    area = get("usable_area_m2")
    if kind == "kitchen":
        if area is None:
            gaps["BM-RM-001"] += 1
        elif area < MIN_KITCHEN_AREA:
            risk(("BM-RM-001", n))
        vent_area, vent = get("vent_opening_area_m2"), get("vent_opening_ratio")
        if (vent_area is not None and vent_area < 0.6) or (vent is not None and vent < 0.1):
            risk(("BM-RM-008", n))
        elif vent_area is None or vent is None:
            gaps["BM-RM-008"] += 1
    elif kind is None:
        for rule in ("001", "002", "004", "005", "008", "016", "017"):
            gaps[f"BM-RM-{rule}"] += 1
    if kind == "bedroom":
        if area is None:
            gaps["BM-RM-002"] += 1
        elif area < 9.0:
            risk(("BM-RM-002", n))
    if kind == "living" or kind == "bedroom" or kind == "study":
        height = get("clear_height_m")
        if height is None:
            gaps["BM-RM-004"] += 1
        elif height < MIN_CLEAR_HEIGHT:
            risk(("BM-RM-004", n))
    if kind == "living" or kind == "bedroom":
        local = get("local_clear_height_m")
        if local is None or local < 2.1:
            low = get("low_area_ratio")
            if low is None or (local is None and low > 0.33):
                gaps["BM-RM-005"] += 1
            elif low > 0.33:
                risk(("BM-RM-005", n))
    if kind == "living":
        wall = get("furniture_wall_length_m")
        if wall is None:
            gaps["BM-RM-016"] += 1
        elif wall < 3.0:
            risk(("BM-RM-016", n))
    if kind == "balcony" or kind == "bathroom":
        step = get("level_difference_m")
        if step is None:
            gaps["BM-RM-017"] += 1
        elif not 0.01 <= step <= 0.05:
            risk(("BM-RM-017", n))
    basement = get("is_basement")
    if basement is not True:
        side = get("short_side_m")
        if basement is None or area is None or side is None:
            gaps["BM-RM-022"] += 1
        elif area > side * side * 2.85:
            risk(("BM-RM-022", n))


def _opening(opening: Entity, n: int, risk: Risk, gaps: Gaps) -> None:
    get = opening.get
    kind = get("kind")
    if kind == "window" or kind == "bay_window":
        _window(opening, n, risk, gaps)
    elif kind is None:
        for rule in ("001", "004", "007", "010", "011", "013", "014"):
            gaps[f"BM-OP-{rule}"] += 1
    if kind == "bay_window" or kind is None:
        bay_sill = get("bay_sill_height_m")
        if bay_sill is None or bay_sill <= 0.45:
            guard_height = get("guard_height_from_sill_m")
            if kind is None or bay_sill is None or guard_height is None:
                gaps["BM-OP-002"] += 1
            elif guard_height < MIN_GUARD:
                risk(("BM-OP-002", n))
    if kind == "bedroom_door":
        width = get("clear_width_m")
        if width is None:
            gaps["BM-OP-004"] += 1
        elif width < 0.9 - 1e-9:
            risk(("BM-OP-004", n))
    if kind == "entry_door":
        faces = get("faces")
        if faces is None or faces in ("lift_door", "entry_door", "stair_door"):
            vestibule = get("has_vestibule")
            if vestibule is not True:
                if faces is None or vestibule is None:
                    gaps["BM-OP-007"] += 1
                else:
                    risk(("BM-OP-007", n))


def _window(opening: Entity, n: int, risk: Risk, gaps: Gaps) -> None:
    get = opening.get
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
    depth, recess_width = get("recess_depth_m"), get("recess_width_m")
    if depth is None or recess_width is None:
        gaps["BM-OP-010"] += 1
    elif depth > recess_width * 2.0:
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

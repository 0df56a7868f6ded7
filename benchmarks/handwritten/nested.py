"""The rules of nested.yaml written by hand: a loop with an early end per quantifier, entity by entity.

`None` stands for undecided. `exists` is true as soon as one item is, and `all` false as soon as one item is, whatever
is missing elsewhere; `exists_one` and `filter` need every item decided, as in CEL. A list that is absent, at any depth,
leaves undecided what looks into it, and is a gap of each rule about what would be in it, at the one whose list it is.
Sums are rounded once (`fsum`), as riskgate's: 54.99999999999999 is no 55.
What is not done here: counting steps against a budget, and telling which fields are missing.
"""
# ruff: noqa: PLR1714 - two comparisons are faster than a search in a tuple

from math import fsum

from findings import Entity, Findings, Gaps, Risk

Outcome = bool | None
UNIT_RULES = tuple(f"BM-NST-{number:03d}" for number in range(1, 8))
BELOW_BUILDING = (*UNIT_RULES, "BM-NST-008")


def nested(project: Entity) -> Findings:
    found = Findings()
    risk, gaps = found.risks.append, found.gaps
    building_no = stair_no = unit_no = 0
    for phase in project["phases"]:
        for building in phase["buildings"]:
            _note("BM-NST-009", building_no, _high_rooms(building), risk, gaps)
            offered = building.get("is_offered")
            if offered is not False:
                _note("BM-NST-010", building_no, _accepted(building) if offered else None, risk, gaps)
            building_no += 1
            stairs = building.get("stair_units")
            if stairs is None:
                gaps.update(BELOW_BUILDING)
                continue
            for stair in stairs:
                _note("BM-NST-008", stair_no, _bathroom_window(stair), risk, gaps)
                stair_no += 1
                units = stair.get("units")
                if units is None:
                    gaps.update(UNIT_RULES)
                    continue
                for unit in units:
                    _unit(unit, unit_no, risk, gaps)
                    unit_no += 1
    return found


def _note(rule: str, n: int, outcome: Outcome, risk: Risk, gaps: Gaps) -> None:
    if outcome is None:
        gaps[rule] += 1
    elif not outcome:
        risk((rule, n))


def _unit(unit: Entity, n: int, risk: Risk, gaps: Gaps) -> None:
    rooms = unit.get("rooms")
    offered = unit.get("is_offered")
    if rooms is None:
        gaps.update(UNIT_RULES)
        if offered is False:
            gaps["BM-NST-005"] -= 1
        return
    _note("BM-NST-001", n, _has_kitchen(rooms), risk, gaps)
    _note("BM-NST-002", n, _one_kitchen(rooms), risk, gaps)
    _note("BM-NST-003", n, _bedroom_windows(rooms), risk, gaps)
    _note("BM-NST-004", n, _safe_sills(rooms), risk, gaps)
    if offered is not False:
        _note("BM-NST-005", n, _large_bedroom(rooms) if offered else None, risk, gaps)
    areas = [room.get("usable_area_m2") for room in rooms]
    _note("BM-NST-006", n, None if None in areas else fsum(areas) >= 55.0, risk, gaps)
    _note("BM-NST-007", n, _wide_doors(rooms), risk, gaps)


def _has_kitchen(rooms: list[Entity]) -> Outcome:
    outcome: Outcome = False
    for room in rooms:
        kind = room.get("kind")
        if kind == "kitchen":
            return True
        if kind is None:
            outcome = None
    return outcome


def _one_kitchen(rooms: list[Entity]) -> Outcome:
    count = 0
    for room in rooms:
        kind = room.get("kind")
        if kind == "kitchen" or kind is None:
            area = room.get("usable_area_m2")
            if area is None or (kind is None and area >= 4.0):
                return None
            if area >= 4.0:
                count += 1
    return count == 1


def _bedroom_windows(rooms: list[Entity]) -> Outcome:
    outcome: Outcome = True
    for room in rooms:
        kind = room.get("kind")
        if kind == "bedroom" or kind is None:
            windowed = _has_window(room.get("openings"))
            if windowed is False and kind is not None:
                return False
            if windowed is not True:
                outcome = None
    return outcome


def _has_window(openings: list[Entity] | None) -> Outcome:
    if openings is None:
        return None
    outcome: Outcome = False
    for opening in openings:
        kind = opening.get("kind")
        if kind == "window" or kind == "bay_window":
            return True
        if kind is None:
            outcome = None
    return outcome


def _safe_sills(rooms: list[Entity]) -> Outcome:
    outcome: Outcome = True
    for room in rooms:
        openings = room.get("openings")
        if openings is None:
            outcome = None
            continue
        for opening in openings:
            kind = opening.get("kind")
            if kind == "window" or kind == "bay_window" or kind is None:
                sill = opening.get("sill_height_m")
                if sill is None or sill < 0.5:
                    guard = opening.get("has_guard")
                    if guard is not True:
                        if kind is None or sill is None or guard is None:
                            outcome = None
                        else:
                            return False
    return outcome


def _large_bedroom(rooms: list[Entity]) -> Outcome:
    count = 0
    for room in rooms:
        kind = room.get("kind")
        if kind == "bedroom" or kind is None:
            area = room.get("usable_area_m2")
            if area is None or (kind is None and area >= 11.0):
                return None
            if area >= 11.0:
                count += 1
    return count >= 1


def _wide_doors(rooms: list[Entity]) -> Outcome:
    outcome: Outcome = True
    for room in rooms:
        openings = room.get("openings")
        if openings is None:
            outcome = None
            continue
        for opening in openings:
            kind = opening.get("kind")
            if kind == "kitchen_door" or kind == "bathroom_door" or kind is None:
                width = opening.get("clear_width_m")
                if width is None or width < 0.7:
                    if kind is None or width is None:
                        outcome = None
                    else:
                        return False
    return outcome


def _bathroom_window(stair: Entity) -> Outcome:
    outcome: Outcome = False
    units = stair.get("units")
    if units is None:
        return None
    for unit in units:
        rooms = unit.get("rooms")
        if rooms is None:
            outcome = None
            continue
        for room in rooms:
            kind = room.get("kind")
            if kind == "bathroom" or kind is None:
                window = room.get("has_window")
                if window is not False:
                    if kind is not None and window:
                        return True
                    outcome = None
    return outcome


def _high_rooms(building: Entity) -> Outcome:
    outcome: Outcome = True
    stairs = building.get("stair_units")
    if stairs is None:
        return None
    for stair in stairs:
        units = stair.get("units")
        if units is None:
            outcome = None
            continue
        for unit in units:
            rooms = unit.get("rooms")
            if rooms is None:
                outcome = None
                continue
            for room in rooms:
                height = room.get("clear_height_m")
                if height is None:
                    outcome = None
                elif height < 2.2:
                    return False
    return outcome


def _accepted(building: Entity) -> Outcome:
    outcome: Outcome = True
    stairs = building.get("stair_units")
    if stairs is None:
        return None
    for stair in stairs:
        units = stair.get("units")
        if units is None:
            outcome = None
            continue
        states = [unit.get("unit_acceptance_status") for unit in units]
        if None in states:
            outcome = None
        elif states.count("passed") < len(states) * 0.3:
            return False
    return outcome

"""The 60 rules of pack/ written by hand, entity by entity: one function per type of entity, all its rules together.

What a good engineer writes: shared fields are read once into locals, each rule is one `if` that tests the kind first,
limits are worked out beforehand. A missing value is a gap unless what is known decides anyway (`a || b` with `b` true
is true, whatever `a` is). by_kind.py goes further and sorts the rules by kind.
"""
# ruff: noqa: PLR1714 - two comparisons are faster than a search in a tuple
# ruff: noqa: PLR0915 - all rules of a type in one function is the point

import re
from datetime import timedelta

from findings import (
    AS_OF_TIME,
    EARLIEST_DELIVERY,
    FIRST_ACCEPTANCE,
    MAX_TAP_PRESSURE,
    MIN_INVESTED,
    MIN_RAIN_CHECKS,
    MIN_STOREY_HEIGHT,
    Entity,
    Findings,
    Gaps,
    Risk,
)

from handwritten.by_entity_opening import opening_rules
from handwritten.by_entity_room import room_rules

BUILDING_MARK = re.compile("[1-9][0-9]?号楼").fullmatch
UNIT_MARK = re.compile("[A-F][0-9]{2,3}").fullmatch


def entity_major(project: Entity) -> Findings:
    """Walk the tree once and run all rules of an entity when it is met."""
    found = Findings()
    risk, gaps = found.risks.append, found.gaps
    project_rules(project, risk, gaps)
    basis = project.get("design_basis_date")
    fitted = project.get("delivery_standard")
    building_no = unit_no = room_no = opening_no = 0
    for phase in project["phases"]:
        for building in phase["buildings"]:
            building_rules(building, building_no, risk, gaps)
            building_no += 1
            storeys = building.get("storey_count")
            offered = building.get("is_offered")
            for stair in building["stair_units"]:
                for unit in stair["units"]:
                    unit_rules(unit, unit_no, risk, gaps)
                    unit_no += 1
                    floor = unit.get("floor")
                    for room in unit["rooms"]:
                        room_rules(room, room_no, basis, storeys, floor, risk, gaps)
                        room_no += 1
                        room_kind = room.get("kind")
                        room_step = room.get("level_difference_m")
                        for opening in room["openings"]:
                            opening_rules(opening, opening_no, room_kind, room_step, floor, offered, fitted, risk, gaps)
                            opening_no += 1
    return found


def project_rules(
    project: Entity,
    risk: Risk,
    gaps: Gaps,
) -> None:
    get = project.get

    forecast, contract = get("delivery_date_forecast"), get("delivery_date_contract")
    if forecast is None or contract is None:
        gaps["BM-PRJ-001"] += 1
    elif forecast > contract - timedelta(days=30):
        risk(("BM-PRJ-001", 0))
    mode = get("sales_mode")
    if mode == "presale":
        invested = get("invested_ratio")
        if invested is None:
            gaps["BM-PRJ-002"] += 1
        elif invested < MIN_INVESTED:
            risk(("BM-PRJ-002", 0))
    elif mode is None:
        gaps["BM-PRJ-002"] += 1
    letter = get("last_progress_letter_date")
    if letter is None:
        gaps["BM-PRJ-003"] += 1
    elif AS_OF_TIME - letter > timedelta(days=150):
        risk(("BM-PRJ-003", 0))
    undecided = False
    for permit in project["permits"]:
        kind, state = permit.get("kind"), permit.get("status")
        if kind == "works_permit" and state == "valid":
            break
        if kind in ("works_permit", None) and state in ("valid", None):
            undecided = True
    else:
        if undecided:
            gaps["BM-PRJ-004"] += 1
        else:
            risk(("BM-PRJ-004", 0))
    radius, briefed = get("adverse_survey_radius_m"), get("land_conditions_briefed")
    if (radius is None or radius < 500.0) and briefed is not True:
        if radius is None or briefed is None:
            gaps["BM-PRJ-005"] += 1
        else:
            risk(("BM-PRJ-005", 0))


def building_rules(
    building: Entity,
    n: int,
    risk: Risk,
    gaps: Gaps,
) -> None:
    get = building.get
    height = get("height_m")
    storeys = get("storey_count")
    storey_height = get("storey_height_m")
    if storey_height is None:
        gaps["BM-BLD-001"] += 1
    elif storey_height < MIN_STOREY_HEIGHT:
        risk(("BM-BLD-001", n))
    if height is None:
        gaps["BM-BLD-002"] += 1
    elif height > 54.0:
        if storeys is None:
            gaps["BM-BLD-002"] += 1
        elif storeys < 18:
            risk(("BM-BLD-002", n))
    offered = get("is_offered")
    if offered:
        checks = get("rain_check_count")
        if checks is None:
            gaps["BM-BLD-003"] += 1
        elif checks < MIN_RAIN_CHECKS:
            risk(("BM-BLD-003", n))
    elif offered is None:
        gaps["BM-BLD-003"] += 1
    if height is None or storeys is None:
        gaps["BM-BLD-004"] += 1
    elif height > storeys * 3.6 + 1.2:
        risk(("BM-BLD-004", n))
    mark = get("mark")
    if mark is None:
        gaps["BM-BLD-005"] += 1
    elif not BUILDING_MARK(mark):
        risk(("BM-BLD-005", n))


def unit_rules(
    unit: Entity,
    n: int,
    risk: Risk,
    gaps: Gaps,
) -> None:
    get = unit.get
    status = get("sale_status")
    tall = get("building_height_m")
    if tall is None:
        gaps["BM-UNT-001"] += 1
    elif tall > 54.0:
        refuge = get("has_refuge_room")
        if refuge is None:
            gaps["BM-UNT-001"] += 1
        elif not refuge:
            risk(("BM-UNT-001", n))
    pressure = get("tap_pressure_mpa")
    if pressure is None or pressure > MAX_TAP_PRESSURE:
        reducer = get("has_pressure_reducer")
        if reducer is not True:
            if pressure is None or reducer is None:
                gaps["BM-UNT-002"] += 1
            else:
                risk(("BM-UNT-002", n))
    level, manhole = get("floor_level_m"), get("outdoor_manhole_level_m")
    if level is None or manhole is None or level - manhole < 0.15:
        pumped = get("has_pumped_drainage")
        if pumped is not True:
            if level is None or manhole is None or pumped is None:
                gaps["BM-UNT-003"] += 1
            else:
                risk(("BM-UNT-003", n))
    offered = get("is_offered")
    if offered:
        encumbrance = get("encumbrance")
        if encumbrance != "none":
            disclosed = get("encumbrance_disclosed")
            if disclosed is not True:
                if encumbrance is None or disclosed is None:
                    gaps["BM-UNT-004"] += 1
                else:
                    risk(("BM-UNT-004", n))
    elif offered is None:
        gaps["BM-UNT-004"] += 1
    if status is None:
        gaps["BM-UNT-005"] += 1
    elif status != "unsold":
        subscriptions = get("active_subscription_count")
        if subscriptions is None:
            gaps["BM-UNT-005"] += 1
        elif subscriptions > 1:
            risk(("BM-UNT-005", n))
    if status == "subscribed" or status == "signed":
        delivery = get("contract_delivery_date")
        if delivery is None:
            gaps["BM-UNT-006"] += 1
        elif delivery < EARLIEST_DELIVERY:
            risk(("BM-UNT-006", n))
    elif status is None:
        gaps["BM-UNT-006"] += 1
    acceptance = get("unit_acceptance_status")
    if acceptance == "passed":
        accepted_on = get("unit_acceptance_date")
        if accepted_on is None:
            gaps["BM-UNT-007"] += 1
        elif not FIRST_ACCEPTANCE <= accepted_on < AS_OF_TIME:
            risk(("BM-UNT-007", n))
    elif acceptance is None:
        gaps["BM-UNT-007"] += 1
    mark = get("mark")
    if mark is None:
        gaps["BM-UNT-008"] += 1
    elif not UNIT_MARK(mark):
        risk(("BM-UNT-008", n))

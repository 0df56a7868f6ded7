"""The 60 rules of pack/ written by hand, rule after rule: one loop over all entities of its type for each rule."""
# ruff: noqa: PLR1714 - two comparisons are faster than a search in a tuple

import re
from collections.abc import Callable
from datetime import timedelta

from findings import (
    AS_OF_TIME,
    EARLIEST_DELIVERY,
    FIRST_ACCEPTANCE,
    MAX_TAP_PRESSURE,
    MIN_INVESTED,
    MIN_RAIN_CHECKS,
    MIN_STOREY_HEIGHT,
    Findings,
    Gaps,
    Risk,
    Rows,
)

from handwritten.by_rule_opening import OPENING_RULES
from handwritten.by_rule_room import ROOM_RULES

BUILDING_MARK = re.compile("[1-9][0-9]?号楼").fullmatch
UNIT_MARK = re.compile("[A-F][0-9]{2,3}").fullmatch


def rule_major(rows: Rows) -> Findings:
    """Run the rules one after another, each over all its entities."""
    found = Findings()
    for rule in (*RULES, *ROOM_RULES, *OPENING_RULES):
        rule(rows, found.risks.append, found.gaps)
    return found


def _prj_001(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (project,) in enumerate(rows.project):
        get = project.get
        forecast, contract = get("delivery_date_forecast"), get("delivery_date_contract")
        if forecast is None or contract is None:
            gaps["BM-PRJ-001"] += 1
        elif forecast > contract - timedelta(days=30):
            risk(("BM-PRJ-001", n))


def _prj_002(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (project,) in enumerate(rows.project):
        get = project.get
        mode = get("sales_mode")
        if mode == "presale":
            invested = get("invested_ratio")
            if invested is None:
                gaps["BM-PRJ-002"] += 1
            elif invested < MIN_INVESTED:
                risk(("BM-PRJ-002", n))
        elif mode is None:
            gaps["BM-PRJ-002"] += 1


def _prj_003(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (project,) in enumerate(rows.project):
        get = project.get
        letter = get("last_progress_letter_date")
        if letter is None:
            gaps["BM-PRJ-003"] += 1
        elif AS_OF_TIME - letter > timedelta(days=150):
            risk(("BM-PRJ-003", n))


def _prj_004(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (project,) in enumerate(rows.project):
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
                risk(("BM-PRJ-004", n))


def _prj_005(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (project,) in enumerate(rows.project):
        get = project.get
        radius, briefed = get("adverse_survey_radius_m"), get("land_conditions_briefed")
        if (radius is None or radius < 500.0) and briefed is not True:
            if radius is None or briefed is None:
                gaps["BM-PRJ-005"] += 1
            else:
                risk(("BM-PRJ-005", n))


def _bld_001(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (building, _) in enumerate(rows.building):
        get = building.get
        storey_height = get("storey_height_m")
        if storey_height is None:
            gaps["BM-BLD-001"] += 1
        elif storey_height < MIN_STOREY_HEIGHT:
            risk(("BM-BLD-001", n))


def _bld_002(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (building, _) in enumerate(rows.building):
        get = building.get
        height = get("height_m")
        storeys = get("storey_count")
        if height is None:
            gaps["BM-BLD-002"] += 1
        elif height > 54.0:
            if storeys is None:
                gaps["BM-BLD-002"] += 1
            elif storeys < 18:
                risk(("BM-BLD-002", n))


def _bld_003(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (building, _) in enumerate(rows.building):
        get = building.get
        offered = get("is_offered")
        if offered:
            checks = get("rain_check_count")
            if checks is None:
                gaps["BM-BLD-003"] += 1
            elif checks < MIN_RAIN_CHECKS:
                risk(("BM-BLD-003", n))
        elif offered is None:
            gaps["BM-BLD-003"] += 1


def _bld_004(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (building, _) in enumerate(rows.building):
        get = building.get
        height = get("height_m")
        storeys = get("storey_count")
        if height is None or storeys is None:
            gaps["BM-BLD-004"] += 1
        elif height > storeys * 3.6 + 1.2:
            risk(("BM-BLD-004", n))


def _bld_005(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (building, _) in enumerate(rows.building):
        get = building.get
        mark = get("mark")
        if mark is None:
            gaps["BM-BLD-005"] += 1
        elif not BUILDING_MARK(mark):
            risk(("BM-BLD-005", n))


def _unt_001(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (unit,) in enumerate(rows.unit):
        get = unit.get
        tall = get("building_height_m")
        if tall is None:
            gaps["BM-UNT-001"] += 1
        elif tall > 54.0:
            refuge = get("has_refuge_room")
            if refuge is None:
                gaps["BM-UNT-001"] += 1
            elif not refuge:
                risk(("BM-UNT-001", n))


def _unt_002(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (unit,) in enumerate(rows.unit):
        get = unit.get
        pressure = get("tap_pressure_mpa")
        if pressure is None or pressure > MAX_TAP_PRESSURE:
            reducer = get("has_pressure_reducer")
            if reducer is not True:
                if pressure is None or reducer is None:
                    gaps["BM-UNT-002"] += 1
                else:
                    risk(("BM-UNT-002", n))


def _unt_003(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (unit,) in enumerate(rows.unit):
        get = unit.get
        level, manhole = get("floor_level_m"), get("outdoor_manhole_level_m")
        if level is None or manhole is None or level - manhole < 0.15:
            pumped = get("has_pumped_drainage")
            if pumped is not True:
                if level is None or manhole is None or pumped is None:
                    gaps["BM-UNT-003"] += 1
                else:
                    risk(("BM-UNT-003", n))


def _unt_004(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (unit,) in enumerate(rows.unit):
        get = unit.get
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


def _unt_005(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (unit,) in enumerate(rows.unit):
        get = unit.get
        status = get("sale_status")
        if status is None:
            gaps["BM-UNT-005"] += 1
        elif status != "unsold":
            subscriptions = get("active_subscription_count")
            if subscriptions is None:
                gaps["BM-UNT-005"] += 1
            elif subscriptions > 1:
                risk(("BM-UNT-005", n))


def _unt_006(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (unit,) in enumerate(rows.unit):
        get = unit.get
        status = get("sale_status")
        if status == "subscribed" or status == "signed":
            delivery = get("contract_delivery_date")
            if delivery is None:
                gaps["BM-UNT-006"] += 1
            elif delivery < EARLIEST_DELIVERY:
                risk(("BM-UNT-006", n))
        elif status is None:
            gaps["BM-UNT-006"] += 1


def _unt_007(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (unit,) in enumerate(rows.unit):
        get = unit.get
        acceptance = get("unit_acceptance_status")
        if acceptance == "passed":
            accepted_on = get("unit_acceptance_date")
            if accepted_on is None:
                gaps["BM-UNT-007"] += 1
            elif not FIRST_ACCEPTANCE <= accepted_on < AS_OF_TIME:
                risk(("BM-UNT-007", n))
        elif acceptance is None:
            gaps["BM-UNT-007"] += 1


def _unt_008(rows: Rows, risk: Risk, gaps: Gaps) -> None:
    for n, (unit,) in enumerate(rows.unit):
        get = unit.get
        mark = get("mark")
        if mark is None:
            gaps["BM-UNT-008"] += 1
        elif not UNIT_MARK(mark):
            risk(("BM-UNT-008", n))


RULES: tuple[Callable[[Rows, Risk, Gaps], None], ...] = (
    _prj_001,
    _prj_002,
    _prj_003,
    _prj_004,
    _prj_005,
    _bld_001,
    _bld_002,
    _bld_003,
    _bld_004,
    _bld_005,
    _unt_001,
    _unt_002,
    _unt_003,
    _unt_004,
    _unt_005,
    _unt_006,
    _unt_007,
    _unt_008,
)

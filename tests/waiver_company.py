"""A small company with rules of every kind that can be waived or not, its snapshots, and waivers for them."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from riskgate import Gate, Report

DATA = Path(__file__).parent / "data" / "waivers"
COMPANY = DATA / "company"
AS_OF = dt.date(2026, 6, 15)
APPROVERS = {"Group": "group", "Region": "region", "Project": "project"}
"""The company's own list."""


def gate() -> Gate:
    return Gate.load(COMPANY)


def room(name: str, **fields: Any) -> dict[str, Any]:
    """A room in order, but for what is said of it."""
    return {"id": name, "area": 4.0, "leaks": False, "is_named": True, "is_lawful": True, **fields}


def flat(name: str, *rooms: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": name, "rooms": [dict(one) for one in rooms]}


def snapshot(*buildings: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    """A project in order, but for what is said of it."""
    project = {
        "id": "P",
        "is_complete": True,
        "site": {"area": 20.0},
        "permits": [],
        "remarks": [],
        "buildings": [dict(one) for one in buildings],
        "nodes": [],
        **fields,
    }
    return {"riskgate": 1, "as_of": AS_OF.isoformat(), "project": project}


def small_rooms() -> dict[str, Any]:
    """Two buildings of two flats, each with a room that is too small."""
    return snapshot(
        *(
            {"id": str(n), "flats": [flat(f"{n}-1", room("K", area=1.0)), flat(f"{n}-2", room("K", area=2.0))]}
            for n in (1, 2)
        )
    )


def waiver(rule: str = "W-AREA", entity: str = "*", **changed: Any) -> dict[str, Any]:
    """A waiver that holds on the day of the snapshots, if the company's list of approvers is given."""
    return {
        "rule": rule,
        "entity": entity,
        "reason": "agreed",
        "approved_by": "Group",
        "approved_on": "2026-01-01",
        "expires_on": "2026-12-31",
        **changed,
    }


def waivers(*listed: Mapping[str, Any], **approvers: str) -> dict[str, Any]:
    """A waiver file as data; `approvers` is what it says itself."""
    return {"waivers": [dict(one) for one in listed], **({"approvers": approvers} if approvers else {})}


def states(report: Report) -> list[str]:
    return [one.state for one in report.waivers]


def waived(report: Report) -> set[tuple[str, str]]:
    """Rule and address of what is waived."""
    return {(risk.rule, risk.address) for risk in report.risks if risk.waiver is not None}


def statuses(report: Report) -> dict[str, str]:
    return {node.code: node.status for node in report.nodes}

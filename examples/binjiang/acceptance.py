"""Conditions, tests and measurements in the detail of a full joint acceptance."""

from examples.binjiang.homes import TOWERS, Facts


def accept(project: Facts) -> None:
    """Add these facts to the project built so far."""


def finish(project: Facts) -> None:
    """What is finished between the joint acceptance and the eve of delivery."""
    project["permits"] += [
        {
            "id": "竣工验收",
            "kind": "completion_acceptance",
            "number": "临竣2026-0117",
            "status": "valid",
            "issued_date": "2026-12-02",
            "covers_buildings": list(TOWERS),
        }
    ]

"""Rooms, kitchens, windows and fit-out in the detail of a full drawing review."""

from examples.binjiang.homes import Facts


def furnish(project: Facts) -> None:
    """Add these facts to the project built so far."""

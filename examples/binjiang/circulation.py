"""Lifts, stairs, corridors and balconies in the detail of a full drawing review."""

from examples.binjiang.homes import Facts


def connect(project: Facts) -> None:
    """Add these facts to the project built so far."""

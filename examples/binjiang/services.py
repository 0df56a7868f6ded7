"""Bathrooms, air conditioning, water, electricity and sound in the detail of a full drawing review."""

from examples.binjiang.homes import Facts


def equip(project: Facts) -> None:
    """Add these facts to the project built so far."""

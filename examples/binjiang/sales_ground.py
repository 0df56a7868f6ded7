"""Disclosure, advertising, models and show area in the detail of a full check before the sale."""

from examples.binjiang.homes import Facts


def set_out(project: Facts) -> None:
    """Add these facts to the project built so far."""

"""Permits, prices, contracts and the opening in the detail of a full check before the sale."""

from examples.binjiang.homes import Facts


def paper(project: Facts) -> None:
    """Add these facts to the project built so far."""

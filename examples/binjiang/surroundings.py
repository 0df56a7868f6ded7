"""What the drawings say of roads, water, greenery, garage and records beyond the first look."""

from examples.binjiang.homes import Facts


def lay_out(project: Facts) -> None:
    """Add these facts to the project built so far."""

"""Documents, common parts, property management, defects and promises in the detail of a full joint acceptance."""

from examples.binjiang.homes import Facts


def close_out(project: Facts) -> None:
    """Add these facts to the project built so far."""

"""How values are shown in messages and notes."""

from riskgate.text import Text


def shown(value: object) -> str:
    """A value of a rule or parameter in one line."""
    if isinstance(value, list | tuple) and not isinstance(value, Text):
        return "[" + ", ".join(map(str, value)) + "]"
    return str(value)

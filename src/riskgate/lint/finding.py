"""What lint says of a rule, a pack, a field or a node."""

from dataclasses import dataclass

from riskgate.errors import Place
from riskgate.pack import Derive, Rule
from riskgate.text import Text


@dataclass(frozen=True, slots=True)
class Finding:
    """One weak spot. `rule` is None where it is about a pack, a parameter, a field or a node."""

    code: str
    rule: str | None
    place: Place
    message: Text
    severity: str = "warning"


def about(rule: Rule | Derive, code: str, message: Text) -> Finding:
    """A finding about a rule, at its place."""
    return Finding(code, rule.id, rule.place, Text(f"{rule.id} {message.zh}", f"{rule.id} {message.en}"))

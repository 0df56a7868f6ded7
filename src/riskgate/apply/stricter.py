"""Which of two values is the stricter one."""

from collections import Counter
from typing import Any, Literal

from riskgate.lifecycle import Lifecycle
from riskgate.pack import SEVERITIES, Parameter, Severity, WaivableBy
from riskgate.plan.settings import convert

Order = Literal["same", "tighter", "looser"]
WAIVABLE: tuple[WaivableBy, ...] = ("project", "region", "group", "nobody")
"""From the loosest to the strictest: the fewer may allow an exception, the stricter."""


def severer(one: Severity, other: Severity) -> bool:
    return SEVERITIES.index(one) < SEVERITIES.index(other)


def narrower(one: WaivableBy, other: WaivableBy) -> bool:
    """Whether fewer people may waive under `one` than under `other`."""
    return WAIVABLE.index(one) > WAIVABLE.index(other)


def compared(parameter: Parameter, before: Any, after: Any, lifecycle: Lifecycle) -> Order:
    """What the step from one value to the other does, by the direction that the parameter gives.

    Of two lists the one that holds the other is the greater; where neither does, the step counts as `looser`.
    """
    low, high = (_ordered(convert(parameter.spec, value, lifecycle)) for value in (before, after))
    if low == high:
        return "same"
    return "tighter" if (low < high if parameter.tightens == "up" else high < low) else "looser"


def _ordered(value: Any) -> Any:
    return Counter(map(repr, value)) if isinstance(value, list) else value

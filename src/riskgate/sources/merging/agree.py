"""When two values of a field are the same: numbers within a tolerance, moments at any offset, ids in any order."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from riskgate.record import record
from riskgate.sources.merging.claims import Claim
from riskgate.vocabulary import Field

RELATIVE = 1e-6
"""So far apart, as a share of the larger, numbers are the same if nobody says otherwise: what float noise makes."""
_PLAIN = frozenset({str, float, int, bool})
_UNORDERED = frozenset({"ref", "node", "department"})


@record
class Tolerance:
    """How far apart numbers may be and still agree.

    `relative` is a share of the larger of the two and holds for all numbers; `units` (unit -> amount) and `fields`
    (`entity.field` -> amount) say more for some. The widest that applies counts.
    """

    relative: float = RELATIVE
    units: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    fields: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def absolute(self, kind: str, spec: Field) -> float:
        """How far apart two values of this field may be in any case."""
        unit = self.units.get(spec.unit, 0.0) if spec.unit else 0.0
        return max(unit, self.fields.get(f"{kind}.{spec.name}", 0.0))


def spelling(value: Any, spec: Field | None) -> str:
    """A text that equal values share: the same moment, the same number, the same ids in another order."""
    return json.dumps(_comparable(value, spec), ensure_ascii=False, sort_keys=True)


def _comparable(value: Any, spec: Field | None) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return float(value) if abs(value) < 2**53 else value
    if isinstance(value, str):
        if spec is not None and spec.type == "datetime":
            return _moment(value)
        return value
    if isinstance(value, list):
        of = None if spec is None else spec.of
        items = [_comparable(item, of) for item in value]
        return sorted(items, key=str) if of is not None and of.type in _UNORDERED else items
    if isinstance(value, Mapping):
        return {key: _comparable(item, None) for key, item in value.items()}
    return value


def _moment(text: str) -> float | str:
    try:
        return datetime.fromisoformat(text.upper()).timestamp()
    except (ValueError, OverflowError):
        return text  # the values of a conflict that somebody wrote may be anything


def agree(claims: Sequence[Claim], spec: Field | None, kind: str, tolerance: Tolerance) -> bool:
    """Whether all of the claims can be true together."""
    if same(claims, spec):
        return True
    if spec is None or spec.type not in {"number", "integer"}:
        return False
    numbers = [claim.value for claim in claims]
    low, high = min(numbers), max(numbers)
    allowed = max(tolerance.relative * max(abs(low), abs(high)), tolerance.absolute(kind, spec))
    # a difference that is written as 0.01 is 0.010000000000005 in doubles
    return bool(high - low <= allowed * (1 + 1e-9) + 1e-12)


def same(claims: Sequence[Claim], spec: Field | None) -> bool:
    """Whether all claims state one value."""
    first = claims[0].value
    if type(first) in _PLAIN and all(type(claim.value) is type(first) and claim.value == first for claim in claims):
        return True
    return len({spelling(claim.value, spec) for claim in claims}) == 1


def grouped(claims: Sequence[Claim], spec: Field | None) -> list[list[Claim]]:
    """The claims by value, in the order in which the values are first named."""
    if len(claims) == 1 or same(claims, spec):
        return [list(claims)]
    groups: dict[str, list[Claim]] = {}
    for claim in claims:
        groups.setdefault(spelling(claim.value, spec), []).append(claim)
    return list(groups.values())


def chosen(claims: Sequence[Claim], spec: Field | None) -> list[Claim]:
    """Of values that agree, the one that most sources state; of several, the smallest. Their order is of no account."""
    groups = grouped(claims, spec)
    if len(groups) == 1:
        return groups[0]
    return min(
        groups,
        key=lambda group: (-len({s for claim in group for s in claim.sources}), abs(group[0].value), group[0].value),
    )

"""One value for a field out of what a model says: by the order of the mapping, and only where the meaning matches."""

import math
import re
from collections.abc import Iterator, Sequence
from typing import Literal

from riskgate.record import record
from riskgate.sources.ifc.facts import Value
from riskgate.sources.ifc.mapping import FieldSources, Named, Tolerance
from riskgate.sources.ifc.names import key
from riskgate.sources.ifc.units import AREAS_WRITTEN, LENGTHS_WRITTEN
from riskgate.sources.patterns import found
from riskgate.vocabulary import Field

Scalar = float | str | bool
METRES = {"m": 1.0, "mm": 1000.0, "cm": 100.0}
"""How many of a length unit of the vocabulary a metre has."""
SQUARE_METRES = {"m2": 1.0, "cm2": 10_000.0}
_SIZED = re.compile(r"([0-9]+(?:[.,][0-9]+)?) ?(mm|cm|m|m2|m²|㎡|cm2|in|ft|ft2)\Z")
_MEASURED = 10
"""Digits that a measure may have: where the eleventh and twelfth are nothing, all behind them is noise."""
Kind = Literal["quantity", "property", "attribute", "geometry"]


@record
class Candidate:
    """One value that a source gives, and that source."""

    value: Scalar
    said: str


@record
class Chosen:
    """What is known of a field. `others` disagree with the first beyond tolerance; `unsure` names numbers of which the
    model does not say what they measure."""

    first: Candidate | None
    others: tuple[Candidate, ...] = ()
    unsure: tuple[str, ...] = ()


def choose(
    values: Sequence[Value],
    sources: FieldSources,
    spec: Field,
    tolerance: Tolerance,
    derived: Candidate | None = None,
) -> Chosen:
    """The first candidate, and those that contradict it. `derived` comes after all others."""
    unsure: list[str] = []
    candidates = list(_candidates(values, sources, spec, unsure))
    if derived is not None:
        candidates.append(derived)
    candidates = [Candidate(_without_noise(one.value), one.said) for one in candidates]
    if not candidates:
        return Chosen(None, (), tuple(unsure))
    kept = [candidates[0]]
    for candidate in candidates[1:]:
        if not any(agree(candidate.value, one.value, spec, tolerance) for one in kept):
            kept.append(candidate)
    return Chosen(kept[0], tuple(kept[1:]), tuple(unsure))


def agree(first: Scalar, second: Scalar, spec: Field, tolerance: Tolerance) -> bool:
    """Whether two values of a field are the same as far as anybody can measure."""
    if isinstance(first, str | bool) or isinstance(second, str | bool):
        return first == second
    apart = abs(first - second)
    if spec.unit in METRES:
        return apart <= tolerance.length_m * METRES[spec.unit]
    if spec.unit in SQUARE_METRES:
        return apart <= tolerance.area_share * max(abs(first), abs(second))
    return apart <= 1e-9 * max(abs(first), abs(second))


def _without_noise(value: Scalar) -> Scalar:
    """A number without what reckoning with doubles leaves in its last digits: 0.8999999999999999 m is 0.9 m."""
    if not isinstance(value, float):
        return value
    short = f"{value:.12g}"
    return float(short) if len(short.replace(".", "").lstrip("-0")) <= _MEASURED else value


def _candidates(values: Sequence[Value], sources: FieldSources, spec: Field, unsure: list[str]) -> Iterator[Candidate]:
    kinds: tuple[tuple[Kind, tuple[Named, ...]], ...] = (
        ("quantity", sources.quantities),
        ("property", sources.properties),
        ("attribute", sources.attributes),
        ("geometry", (Named(sources.geometry),) if sources.geometry else ()),
    )
    for kind, named in kinds:
        for one in named:
            for value in values:
                if (
                    value.kind != kind
                    or key(value.name) != key(one.name)
                    or (one.group and key(value.group) != key(one.group))
                ):
                    continue
                made = _fitting(value, spec, one)
                if made is not None:
                    yield Candidate(made, _where(value))
                elif isinstance(value.value, float | int) and not isinstance(value.value, bool) and not value.unit:
                    unsure.append(f"{value.group}.{value.name}")


def _where(value: Value) -> str:
    if value.kind == "geometry":
        return f"geometry ({value.name.replace('_', ' ')})"
    return f"{value.kind} {value.name}" if value.kind == "attribute" else f"{value.group}: {value.name}"


def _fitting(value: Value, spec: Field, named: Named) -> Scalar | None:
    """The value as the field wants it; None if it is something else."""
    plain = value.value
    if spec.type == "boolean":
        return plain if isinstance(plain, bool) else None
    if spec.type in {"string", "enum"}:
        text = plain if isinstance(plain, str) else None
        if text is not None and named.pattern:
            text = found(named.pattern, text, "id")
        return text if text is not None and (spec.type == "string" or text in spec.values) else None
    number = _number(value, spec, named)
    if number is None or not math.isfinite(number):
        return None
    if spec.type == "integer":
        return int(number) if number == int(number) and _possible(number, spec) else None
    if number == 0 and spec.minimum == 0 and (spec.unit in METRES or spec.unit in SQUARE_METRES):
        return None  # what was never placed, or never filled in, has no size, which is not a size of 0
    return number if _possible(number, spec) else None


def _possible(number: float, spec: Field) -> bool:
    low, high = spec.minimum, spec.maximum
    return (low is None or number >= low) and (high is None or number <= high)


def _number(value: Value, spec: Field, named: Named) -> float | None:
    plain, unit = value.value, value.unit
    if isinstance(plain, bool):
        return None
    if isinstance(plain, str):
        sized = _SIZED.match(plain)
        if sized is None:
            return None
        number = float(sized[1].replace(",", "."))
        if sized[2] in LENGTHS_WRITTEN:
            plain, unit = number * LENGTHS_WRITTEN[sized[2]], "m"
        else:
            plain, unit = number * AREAS_WRITTEN[sized[2]], "m2"
    elif not unit and named.unit:
        if named.unit in LENGTHS_WRITTEN:
            plain, unit = plain * LENGTHS_WRITTEN[named.unit], "m"
        else:
            plain, unit = plain * AREAS_WRITTEN[named.unit], "m2"
    if spec.unit in METRES:
        return plain * METRES[spec.unit] if unit == "m" else None
    if spec.unit in SQUARE_METRES:
        return plain * SQUARE_METRES[spec.unit] if unit == "m2" else None
    return float(plain) if unit in {"count", ""} else None

"""Parts joined: one record for each entity that any of them has, one value or a conflict for each of its fields."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from riskgate.sources.merging.agree import Tolerance, agree, chosen, grouped
from riskgate.sources.merging.claims import Claim, Loose, Part, Record, united
from riskgate.vocabulary import Field, Vocabulary


class Spot(NamedTuple):
    """A field of an entity."""

    address: str
    field: str


@dataclass
class Joined:
    """The parts as one. A field in `conflicts` has no value; what each side says of it stands there, value by value."""

    vocabulary: Vocabulary
    parts: Sequence[Part]
    records: dict[str, Record] = field(default_factory=dict)
    """With one claim on each field that has a value."""
    conflicts: dict[Spot, list[Claim]] = field(default_factory=dict)
    loose: dict[tuple[str, str], list[Loose]] = field(default_factory=dict)
    near: dict[Spot, list[Claim]] = field(default_factory=dict)
    """Fields on which sources differ, but within the tolerance: value by value, the one that was taken first."""
    dropped: list[Spot] = field(default_factory=list)
    """Fields that the vocabulary does not know and on which sources disagree."""
    none_said: list[tuple[str, str, str, str]] = field(default_factory=list)
    """Where one part says that there are none, and another lists some: address, key, the one, the other."""
    alike: int = 0
    """So many entities without an id were taken for the same as one of another part."""
    within: dict[str, set[int]] = field(default_factory=dict)
    """Which parts know each entity."""


def join(parts: Sequence[Part], vocabulary: Vocabulary, tolerance: Tolerance) -> Joined:
    """All that the parts say. In which order they come only decides who is named first."""
    joined = Joined(vocabulary, parts)
    holders: dict[str, list[Record]] = {}
    for number, part in enumerate(parts):
        for address, record in part.records.items():
            holders.setdefault(address, []).append(record)
            joined.within.setdefault(address, set()).add(number)
    for address, records in holders.items():
        joined.records[address] = _joined(joined, address, records, tolerance)
    _join_loose(joined, parts)
    _says_none(joined, parts)
    return joined


def field_of(vocabulary: Vocabulary, kind: str, name: str) -> Field | None:
    return vocabulary.entities[kind].fields.get(name)


def _joined(joined: Joined, address: str, records: list[Record], tolerance: Tolerance) -> Record:
    first = records[0]
    if len(records) == 1 and not first.contested and all(len(claims) == 1 for claims in first.fields.values()):
        return first
    made = Record(first.kind, first.parent, first.key, first.id, lists=set().union(*(one.lists for one in records)))
    members = joined.vocabulary.members[first.kind]
    names = dict.fromkeys(name for one in records for name in one.fields)
    for name in names:
        claims = [claim for one in records for claim in one.fields.get(name, ())]
        contested = any(name in one.contested for one in records)
        spec = field_of(joined.vocabulary, first.kind, name)
        spot = Spot(address, name)
        if contested or not agree(claims, spec, first.kind, tolerance):
            if spec is None and name not in members:
                joined.dropped.append(spot)
                continue
            joined.conflicts[spot] = [_side(group) for group in grouped(claims, spec)]
            continue
        taken = chosen(claims, spec)
        if len(taken) < len(claims):
            rest = [claim for claim in claims if claim not in taken]
            joined.near[spot] = [_side(group) for group in (taken, *grouped(rest, spec))]
        made.fields[name] = (_one(taken),)  # who says another number is no origin of this one
    return made


def _one(claims: list[Claim]) -> Claim:
    """Claims of one value, as one: the origins of all."""
    if len(claims) == 1:
        return claims[0]
    origins, sources = united(claim.origins for claim in claims), united(claim.sources for claim in claims)
    return Claim(claims[0].value, origins, sources)


def _side(claims: list[Claim]) -> Claim:
    """One side of a conflict: everybody who is on it is named, by the source where there is no origin."""
    return _one(claims)._replace(origins=united(claim.stated for claim in claims))


def _join_loose(joined: Joined, parts: Sequence[Part]) -> None:
    """What has no id cannot be matched. What is the same in every part of it is taken for one thing."""
    places = dict.fromkeys(place for part in parts for place in part.loose)
    for place in places:
        most: Counter[str] = Counter()
        for part in parts:
            counted = Counter(one.text for one in part.loose.get(place, ()))
            joined.alike += sum((most & counted).values())
            most |= counted
        kept: list[Loose] = []
        left = Counter(most)
        for part in parts:
            for one in part.loose.get(place, ()):
                if left[one.text] > 0:
                    left[one.text] -= 1
                    kept.append(one)
        joined.loose[place] = sorted(kept, key=lambda one: one.text)


def _says_none(joined: Joined, parts: Sequence[Part]) -> None:
    if len(parts) == 1:
        return
    listing = [_listed(part) for part in parts]
    for number, part in enumerate(parts):
        for address, record in part.records.items():
            for key in record.lists:
                if (address, key) in listing[number]:
                    continue
                other = next(
                    (p.name for p, listed in zip(parts, listing, strict=True) if (address, key) in listed), None
                )
                if other is not None:
                    joined.none_said.append((address, key, part.name, other))


def _listed(part: Part) -> set[tuple[str, str]]:
    """The lists of a part that have something in them."""
    found: set[tuple[str, str]] = set(part.loose)
    return found | {(record.parent, record.key) for record in part.records.values()}


def known_to_one(joined: Joined) -> Iterator[tuple[str, int, list[str]]]:
    """Of the kinds that several parts describe: the kind, a part, and the entities that nobody else has.

    A part that only names what its entities lie in does not describe that.
    """
    describing: dict[str, set[int]] = {}
    alone: dict[tuple[str, int], list[str]] = {}
    for address, record in joined.records.items():
        if record.id is None:
            continue
        numbers = [n for n in joined.within[address] if joined.parts[n].records[address].fields]
        describing.setdefault(record.kind, set()).update(numbers)
        if len(numbers) == 1:
            alone.setdefault((record.kind, numbers[0]), []).append(address)
    for (kind, number), addresses in sorted(alone.items()):
        if len(describing[kind]) > 1:
            yield kind, number, addresses

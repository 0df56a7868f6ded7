"""Where things stand on the map of a project: its groups and sale units by the vocabulary's roles, whether or not
anything was found there.

A report names the entities at which something was found. To draw a building with all its flats, those without a risk
among them, a page needs the others too.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from riskgate.groups import Groups
from riskgate.infer import PROJECT
from riskgate.labels import Labels
from riskgate.snapshot.tree import Snapshot
from riskgate.text import Text
from riskgate.vocabulary import EntityType

PLACE = Text("位置", "Place")
"""What groups and sale units are called where the vocabulary has none."""
_DIGITS = re.compile(r"(\d+)")


class Place(NamedTuple):
    """A group, or what directly holds sale units within it."""

    address: str
    label: Text


class SaleUnit(NamedTuple):
    """A sale unit: what people call it, its level if the vocabulary says which field tells it, and what holds it."""

    address: str
    label: Text
    name: str
    floor: int | None
    holder: str
    group: str


@dataclass(frozen=True)
class Places:
    """The groups, the holders of sale units and the sale units of a snapshot, in the order people count in (2 before
    10); and for entities that lie elsewhere but refer to one of these, its address."""

    groups: tuple[Place, ...] = ()
    holders: tuple[Place, ...] = ()
    units: tuple[SaleUnit, ...] = ()
    belongs: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    group_title: Text = PLACE
    unit_title: Text = PLACE


def places_of(snapshot: Snapshot, labels: Labels) -> Places:
    """The map of a snapshot. Without roles in the vocabulary it is empty."""
    groups, vocabulary = Groups(snapshot), snapshot.vocabulary
    unit = vocabulary.entities[vocabulary.sale_unit] if vocabulary.sale_unit else None
    units = _units(snapshot, labels, groups, unit) if unit is not None else []
    held = {one.holder for one in units}
    holders = _places(snapshot, labels, unit.within if unit is not None else None)
    return Places(
        tuple(_places(snapshot, labels, vocabulary.group)),
        tuple(place for place in holders if place.address in held),
        tuple(units),
        _belongs(snapshot, groups),
        vocabulary.entities[vocabulary.group].title if vocabulary.group else PLACE,
        unit.title if unit is not None else PLACE,
    )


def counted(text: str) -> tuple[tuple[int, str], ...]:
    """A key that sorts texts as people count: digits as numbers, and before other characters."""
    parts = _DIGITS.split(text)
    return tuple((int(part), part) if index % 2 else (-1, part) for index, part in enumerate(parts))


def _places(snapshot: Snapshot, labels: Labels, name: str | None) -> list[Place]:
    if name is None:
        return []
    kind = snapshot.vocabulary.entities[name]
    addresses = snapshot.addresses(name)
    found = [Place(address, labels.of(kind, ordinal)) for ordinal, address in enumerate(addresses)]
    return sorted(found, key=lambda place: counted(place.address))


def _units(snapshot: Snapshot, labels: Labels, groups: Groups, kind: EntityType) -> list[SaleUnit]:
    vocabulary = snapshot.vocabulary
    table, addresses = snapshot.tables[kind.name], snapshot.addresses(kind.name)
    holders = snapshot.addresses(kind.within or vocabulary.root.name)
    belonging = groups.of(kind.name)
    found = []
    for ordinal, address in enumerate(addresses):
        entity = table.entities[ordinal]
        holder = holders[table.parents[ordinal]]
        floor = entity.get(vocabulary.floor) if vocabulary.floor else None
        name = str(entity.get("id") or f"#{table.indexes[ordinal]}")
        found.append(SaleUnit(address, labels.of(kind, ordinal), name, floor, holder, belonging[ordinal][0]))
    return sorted(found, key=lambda unit: counted(unit.address))


def _belongs(snapshot: Snapshot, groups: Groups) -> dict[str, str]:
    """What refers to a sale unit or a group without lying within one."""
    vocabulary = snapshot.vocabulary
    roles = {role for role in (vocabulary.sale_unit, vocabulary.group) if role}
    found: dict[str, str] = {}
    for kind in vocabulary.order:
        if roles & {above.name for above in vocabulary.chains[kind.name]}:
            continue
        if any(known.type == "ref" and known.to in roles for known in kind.fields.values()):
            for address, (group, unit) in zip(snapshot.addresses(kind.name), groups.of(kind.name), strict=True):
                if unit or group != PROJECT:
                    found[address] = unit or group
    return found

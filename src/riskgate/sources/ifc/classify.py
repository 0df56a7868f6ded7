"""What a name says: the kind of a room, the number of a floor. A name that says two things says nothing."""

import re
from collections.abc import Collection, Mapping
from typing import Literal

from riskgate.record import record
from riskgate.sources.ifc.facts import Element, Space, Storey, Value
from riskgate.sources.ifc.mapping import IfcMap, Named, RoomNames, StoreyNames
from riskgate.sources.ifc.names import key, words
from riskgate.sources.patterns import fits, found

Words = tuple[str, ...]
_FLOOR = re.compile(r"-?[0-9]{1,9}")


@record
class Said:
    """What the names of a space say. `kind` is None where they say nothing for sure; `name` is the one that said it,
    or that did not, and `why` is then `unknown` (words that no list has), `several` (two kinds) or `nothing`."""

    kind: str | None
    name: str
    why: Literal["", "unknown", "several", "nothing"] = ""


def kind_of(name: str, names: RoomNames) -> Said:
    """The kind that a name stands for: all its words must be understood, the longest names are found first."""
    return _said(name, names.kinds, names.fillers)


def kind_of_space(space: Space, names: RoomNames) -> Said:
    """The kind of a space: by its long name, or by its name where that has no words; else by what its type and its
    properties call it. A name with a word that nobody knows is not passed over for another name."""
    said = kind_of(space.long_name, names)
    if said.why == "nothing":
        said = kind_of(space.name, names)
    if said.kind is not None or said.why == "several":
        return said
    for name in (space.object_type, *texts(space, names.properties)):
        other = kind_of(name, names)
        if other.kind is not None:
            return other
    return said if said.name else Said(None, space.long_name or space.name, "nothing")


def is_elsewhere(space: Space, names: RoomNames) -> bool:
    """Whether a space is, by its name, no room of a dwelling."""
    if space.role:
        return True
    places = dict.fromkeys(names.elsewhere, "elsewhere")
    return any(
        _said(name, places, names.fillers).kind is not None for name in (space.long_name, space.name, space.object_type)
    )


def is_entrance(space: Space, mapping: IfcMap) -> bool:
    """Whether people come into flats from a space, by its name: a corridor, a stairwell."""
    places = dict.fromkeys(mapping.doors.entry_from, "entrance")
    return any(
        _said(name, places, mapping.rooms.fillers).kind is not None
        for name in (space.long_name, space.name, space.object_type)
    )


def texts(element: Element, named: Collection[Named]) -> list[str]:
    """The texts that an element's properties of these names hold; of a pattern, what it says counts."""
    said: list[str] = []
    for one in named:
        for value in element.values:
            if isinstance(value.value, str) and _is(value, one):
                text = found(one.pattern, value.value, "id") if one.pattern else value.value
                if text:
                    said.append(text)
    return said


def yes_or_no(element: Element, named: Collection[Named]) -> bool | None:
    """What the first property of these names that holds a yes or no says."""
    for one in named:
        for value in element.values:
            if isinstance(value.value, bool) and _is(value, one):
                return value.value
    return None


def floor_of(storey: Storey, names: StoreyNames) -> int | None:
    """The number of a floor by the name of its storey; the ground floor is 1."""
    for name in filter(None, (storey.name, storey.long_name)):
        for one in names.floors:
            if one.is_ is not None:
                if fits(one.pattern, name):
                    return one.is_
                continue
            number = found(one.pattern, name, "floor")
            if number is not None and _FLOOR.fullmatch(number) is not None:
                return int(number) + one.plus
    return None


def is_basement(storey: Storey, mapping: IfcMap) -> bool | None:
    """Whether a storey lies in the ground: only where the model says so, or its name does."""
    above = yes_or_no(storey, mapping.storeys.above_ground)
    if above is not None:
        return not above
    named = any(
        fits(pattern, name) for pattern in mapping.storeys.basements for name in (storey.name, storey.long_name) if name
    )
    return True if named else None


def _is(value: Value, named: Named) -> bool:
    return key(value.name) == key(named.name) and (not named.group or key(value.group) == key(named.group))


def _said(name: str, known: Mapping[Words, str], fillers: Collection[Words]) -> Said:
    rest = list(words(name))
    if not rest:
        return Said(None, name, "nothing")
    longest = max((len(one) for one in (*known, *fillers)), default=0)
    kinds: set[str] = set()
    unknown = False
    at = 0
    while at < len(rest):
        size = next(
            (size for size in range(min(longest, len(rest) - at), 0, -1) if tuple(rest[at : at + size]) in known), 0
        )
        if size:
            kinds.add(known[tuple(rest[at : at + size])])
        else:
            size = next(
                (size for size in range(min(longest, len(rest) - at), 0, -1) if tuple(rest[at : at + size]) in fillers),
                0,
            )
            unknown = unknown or not size
        at += size or 1
    if unknown:
        return Said(None, name, "unknown")
    if len(kinds) > 1:
        return Said(None, name, "several")
    return Said(next(iter(kinds)), name) if kinds else Said(None, name, "nothing")

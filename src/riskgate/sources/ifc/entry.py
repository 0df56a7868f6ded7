"""A snapshot under construction: entities with where their values come from, placed when everything is known."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from riskgate.sources.ifc.choose import Chosen, Scalar
from riskgate.vocabulary import EntityType, Vocabulary

FRAME = "1"
"""The id of what stands between two entities and is not in the model: a phase, a stair unit."""


@dataclass(eq=False)
class Entry:
    """One entity. `origins` may name fields that have no value, to say why."""

    kind: EntityType
    fields: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    conflicts: dict[str, tuple[tuple[Scalar, str], ...]] = field(default_factory=dict)
    below: dict[str, list["Entry"]] = field(default_factory=dict)
    origin: str = ""

    def put(self, name: str, chosen: Chosen, where: str) -> None:
        """Set a field to what was chosen. `where` is the element."""
        if chosen.first is None:
            return
        self.fields[name] = chosen.first.value
        self.origins[name] = f"{where}, {chosen.first.said}"
        if chosen.others:
            self.conflicts[name] = tuple((one.value, f"{where}, {one.said}") for one in (chosen.first, *chosen.others))

    def under(self, vocabulary: Vocabulary, kind: EntityType, frame_origin: str) -> list["Entry"]:
        """The list for entities of this type below this one; what stands in between is made with the id 1."""
        chain = vocabulary.chains[kind.name]
        at = self
        for between in chain[chain.index(self.kind) + 1 : -1]:
            listed = at.below.setdefault(between.key, [])
            if not listed:
                listed.append(Entry(between, {"id": FRAME}, origin=frame_origin))
            at = listed[0]
        return at.below.setdefault(kind.key, [])


@dataclass
class Placed:
    """The tree as data, and what is said by JSON Pointer."""

    origins: dict[str, str] = field(default_factory=dict)
    conflicts: list[dict[str, Any]] = field(default_factory=list)

    def tree(self, entry: Entry, pointer: str) -> dict[str, Any]:
        if entry.origin:
            self.origins[pointer] = entry.origin
        for name, origin in entry.origins.items():
            self.origins[f"{pointer}/{name}"] = origin
        for name, values in entry.conflicts.items():
            said = {"values": [value for value, _ in values], "origins": [origin for _, origin in values]}
            self.conflicts.append({"pointer": f"{pointer}/{name}", **said})
        made: dict[str, Any] = dict(entry.fields)
        for key, entries in entry.below.items():
            made[key] = [self.tree(one, f"{pointer}/{key}/{index}") for index, one in enumerate(entries)]
        return made


def entries_of(entry: Entry) -> Iterator[Entry]:
    """The entry and everything below it."""
    yield entry
    for listed in entry.below.values():
        for one in listed:
            yield from entries_of(one)

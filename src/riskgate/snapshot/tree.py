"""The snapshot as later stages see it: validated entities in tables, their addresses, and what the exporter said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta, timezone
from typing import Any

from riskgate.record import record
from riskgate.snapshot.addresses import address_maker, addresses_of, parse_address, pointer_maker, pointers_of
from riskgate.snapshot.finding import Entity
from riskgate.snapshot.tables import Table, ids_of, ordinals
from riskgate.text import Text
from riskgate.vocabulary import Vocabulary

DEFAULT_OFFSET = timezone(timedelta(hours=8))


@record
class Note:
    """No error, but the reader of a report should know. `pointer` is the first of `count` places."""

    code: str
    message: Text
    pointer: str
    count: int = 1


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A project's facts at one moment, validated. Read-only; safe to share between threads.

    Entities are plain dicts: fields by name, lists under their collection key, one object under its single key. A field
    that is missing is not in the dict, or None. Dates are datetimes at midnight UTC, date-times keep their offset,
    nodes and departments are ids.
    """

    vocabulary: Vocabulary
    project: Entity
    tables: Mapping[str, Table]
    as_of: date | None
    sha256: str
    name: str = ""
    incomplete: tuple[str, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    """Where a value came from, by JSON Pointer."""
    conflicts: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    """The values on which sources disagree, by JSON Pointer; in the tree such a value is None."""
    conflict_origins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Where each of these values comes from, for conflicts that say so."""
    notes: tuple[Note, ...] = ()
    utc_offset: timezone = DEFAULT_OFFSET
    kept: dict[str, bytes] = field(default_factory=dict, repr=False)
    """What later stages have made of the whole snapshot, for the next report about it."""
    # Filled when first asked for. Two threads may compute one entry at the same time; both compute the same.
    _addresses: dict[str, list[str]] = field(default_factory=dict, repr=False)
    _pointers: dict[str, list[str]] = field(default_factory=dict, repr=False)
    _places: dict[str, dict[str, int]] = field(default_factory=dict, repr=False)
    _ranks: dict[str, list[int]] = field(default_factory=dict, repr=False)
    _by_id: dict[str, dict[str, Entity]] = field(default_factory=dict, repr=False)
    _ordinals: dict[str, dict[int, int]] = field(default_factory=dict, repr=False)

    def addresses(self, name: str) -> list[str]:
        """The addresses of all entities of a type, in the order of its table."""
        found = self._addresses.get(name)
        if found is None:
            entity = self.vocabulary.entities[name]
            parents = None if entity.within is None else self.addresses(entity.within)
            found = self._addresses[name] = addresses_of(entity, self.tables[name], parents)
        return found

    def address(self, name: str, ordinal: int) -> str:
        """The address of one entity, by its type and its place in the type's table."""
        return self.address_of(name)(ordinal)

    def address_of(self, name: str) -> Callable[[int], str]:
        """Gives the addresses of some entities of a type, by ordinal, without making those of all."""
        known = self._addresses.get(name)
        within = self.vocabulary.entities[name].within
        if known is not None or within is None:
            return self.addresses(name).__getitem__
        return address_maker(self.vocabulary.entities[name], self.tables[name], self.addresses(within))

    def pointers(self, name: str) -> list[str]:
        """The JSON Pointers of all entities of a type, in the order of its table."""
        found = self._pointers.get(name)
        if found is None:
            entity = self.vocabulary.entities[name]
            parents = None if entity.within is None else self.pointers(entity.within)
            found = self._pointers[name] = pointers_of(entity, self.tables[name], parents)
        return found

    def pointer(self, name: str, ordinal: int) -> str:
        """The JSON Pointer of one entity."""
        return self.pointer_of(name)(ordinal)

    def pointer_of(self, name: str) -> Callable[[int], str]:
        """Gives the JSON Pointers of some entities of a type, by ordinal, without making those of all."""
        known = self._pointers.get(name)
        within = self.vocabulary.entities[name].within
        if known is not None or within is None:
            return self.pointers(name).__getitem__
        return pointer_maker(self.vocabulary.entities[name], self.tables[name], self.pointers(within))

    def ordinals(self, name: str, ordinal: int) -> tuple[int, ...]:
        """The ordinals of the root, every ancestor and the entity itself, each in its own table."""
        return ordinals(self.vocabulary, self.tables, name, ordinal)

    def chain(self, name: str, ordinal: int) -> tuple[Entity, ...]:
        """The root, every ancestor and the entity itself."""
        along = zip(self.vocabulary.chains[name], self.ordinals(name, ordinal), strict=True)
        return tuple(self.tables[entity.name].entities[number] for entity, number in along)

    def find(self, address: str) -> tuple[str, int] | None:
        """Type and ordinal of the entity with this address; None if there is none."""
        parsed = parse_address(self.vocabulary, address)
        if parsed is None:
            return None
        name, usual = parsed
        places = self._places.get(name)
        if places is None:
            places = self._places[name] = {text: i for i, text in enumerate(self.addresses(name))}
        ordinal = places.get(usual)
        return None if ordinal is None else (name, ordinal)

    def ordinal_of(self, name: str, entity: Entity) -> int | None:
        """The place of an entity (this very dict) in the table of its type; None if it is not in it."""
        found = self._ordinals.get(name)
        if found is None:
            found = self._ordinals[name] = {id(item): i for i, item in enumerate(self.tables[name].entities)}
        return found.get(id(entity))

    def rank(self, name: str) -> list[int]:
        """For each ordinal its position among the type's sorted addresses: an order that survives reordering."""
        found = self._ranks.get(name)
        if found is None:
            addresses = self.addresses(name)
            found = [0] * len(addresses)
            for position, ordinal in enumerate(sorted(range(len(addresses)), key=addresses.__getitem__)):
                found[ordinal] = position
            self._ranks[name] = found
        return found

    def by_id(self, name: str) -> Mapping[str, Entity]:
        """The entities of a type by id. An id that two of them have (in different parents) names neither."""
        found = self._by_id.get(name)
        if found is None:
            table = self.tables[name]
            found, repeated = {}, set()
            for entity_id, item in zip(ids_of(self.vocabulary.entities[name], table), table.entities, strict=True):
                if entity_id in found:
                    repeated.add(entity_id)
                elif entity_id is not None:
                    found[entity_id] = item
            for entity_id in repeated:
                del found[entity_id]
            self._by_id[name] = found
        return found

"""A validated snapshot as a part of a merge: its entities by address, its values as claims."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from riskgate.address import ROOT
from riskgate.snapshot.finding import Entity
from riskgate.snapshot.tables import ids_of
from riskgate.snapshot.tree import Snapshot
from riskgate.sources.merging.claims import SEPARATOR, Claim, Loose, Part, Record
from riskgate.vocabulary import EntityType, Field, Vocabulary


def part_of(snapshot: Snapshot, name: str) -> Part:
    """What a snapshot says, under the name by which its values are called where they have no origin of their own."""
    return _Taking(snapshot, name).part()


def json_value(value: Any, spec: Field | None) -> Any:
    """A value of a validated tree as JSON has it."""
    if isinstance(value, datetime):
        dated = spec is not None and spec.type == "date"
        return value.date().isoformat() if dated else value.isoformat()
    if isinstance(value, list | tuple):
        return [json_value(item, spec.of if spec is not None else None) for item in value]
    if isinstance(value, dict):
        parts: Mapping[str, Field] = {} if spec is None else spec.fields
        return {key: json_value(item, parts.get(key)) for key, item in value.items() if item is not None}
    return value


def json_entity(vocabulary: Vocabulary, kind: EntityType, entity: Entity) -> dict[str, Any]:
    """An entity of a validated tree with everything below it, as JSON has it."""
    members = vocabulary.members[kind.name]
    found: dict[str, Any] = {}
    for key, value in entity.items():
        child = members.get(key)
        if value is None:
            continue
        if child is None:
            found[key] = json_value(value, kind.fields.get(key))
        elif child.single:
            found[key] = json_entity(vocabulary, child, value)
        else:
            found[key] = [json_entity(vocabulary, child, item) for item in value]
    return found


class _Taking:
    """Takes one snapshot apart."""

    def __init__(self, snapshot: Snapshot, name: str) -> None:
        self._snapshot = snapshot
        self._vocabulary = snapshot.vocabulary
        self._name = name
        self._names = (name,)
        as_of = None if snapshot.as_of is None else snapshot.as_of.isoformat()
        self._part = Part(name, as_of=as_of, incomplete=snapshot.incomplete)
        self._kept: dict[str, list[bool]] = {}
        """For each type, which of its entities have an address that lasts."""
        self._loose: dict[str, Loose] = {}
        """By pointer."""

    def part(self) -> Part:
        for kind in self._vocabulary.order:
            self._take(kind)
        if self._loose:
            self._loose_origins()
        if self._snapshot.conflicts:
            self._conflicts()
        return self._part

    def _take(self, kind: EntityType) -> None:
        snapshot, part, names = self._snapshot, self._part, self._names
        table = snapshot.tables[kind.name]
        if not table.entities:
            self._kept[kind.name] = []
            return
        addresses, pointers, origins = snapshot.addresses(kind.name), snapshot.pointers(kind.name), snapshot.origins
        members = self._vocabulary.members[kind.name]
        within = kind.within
        above = snapshot.addresses(within) if within else [""]
        kept_above = self._kept[within] if within else [True]
        kept = self._kept[kind.name] = []
        ids = ids_of(kind, table)
        parents = table.parents or [0]
        for ordinal, entity in enumerate(table.entities):
            parent = parents[ordinal]
            if not kept_above[parent]:
                kept.append(False)
                continue
            if kind.collection and ids[ordinal] is None:
                kept.append(False)
                data = json_entity(self._vocabulary, kind, entity)
                one = Loose(data, json.dumps(data, ensure_ascii=False, sort_keys=True))
                part.loose.setdefault((above[parent], kind.key), []).append(one)
                self._loose[pointers[ordinal]] = one
                continue
            kept.append(True)
            record = Record(kind.name, above[parent] if within else "", kind.key, ids[ordinal])
            part.records[addresses[ordinal]] = record
            for key, value in entity.items():
                child = members.get(key)
                if value is None:
                    continue
                if child is not None:
                    if child.collection:
                        record.lists.add(key)
                    continue
                stated = origins.get(f"{pointers[ordinal]}/{_step(key)}") if origins else None
                plain = json_value(value, kind.fields.get(key))
                record.fields[key] = (Claim(plain, _split(stated), names),)

    def _loose_origins(self) -> None:
        for pointer, origin in self._snapshot.origins.items():
            found = self._holder(pointer)
            if found is not None:
                loose, rest = found
                loose.origins.append((rest, origin))

    def _holder(self, pointer: str) -> tuple[Loose, str] | None:
        """What without an id holds the place, and the pointer from there."""
        above = pointer
        while above:
            if above in self._loose:
                return self._loose[above], pointer[len(above) :]
            above = above.rpartition("/")[0]
        return None

    def _conflicts(self) -> None:
        snapshot = self._snapshot
        records = {
            snapshot.pointer(kind.name, ordinal): self._part.records[snapshot.address(kind.name, ordinal)]
            for kind in self._vocabulary.order
            for ordinal, kept in enumerate(self._kept[kind.name])
            if kept
        }
        for pointer, values in snapshot.conflicts.items():
            origins = snapshot.conflict_origins.get(pointer) or (self._name,) * len(values)
            found = self._holder(pointer)
            if found is not None:
                found[0].conflicts.append((found[1], list(values), list(origins)))
                continue
            above, _, step = pointer.rpartition("/")
            record = records.get(above)
            if record is None:  # within an object field, or below a list that is in conflict itself: read as missing
                continue
            key = step.replace("~1", "/").replace("~0", "~")
            record.contested.add(key)
            record.lists.discard(key)
            record.fields[key] = tuple(
                Claim(value, _split(origin), self._names) for value, origin in zip(values, origins, strict=True)
            )


def _step(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1") if "/" in key or "~" in key else key


def _split(origin: str | None) -> tuple[str, ...]:
    return () if origin is None else tuple(origin.split(SEPARATOR))


__all__ = ["ROOT", "json_value", "part_of"]

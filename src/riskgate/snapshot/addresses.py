"""Addresses: names of entities by their ids, which survive reordering (`phases[1]/buildings[3]/units[0803]`)."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import unquote

from riskgate.snapshot.finding import pointer
from riskgate.snapshot.tables import Table, ids_of
from riskgate.vocabulary import EntityType, Vocabulary

ROOT = "project"
"""The address of the root."""

_SPECIAL = re.compile(r"[\[\]/*#%]")
_STEP = re.compile(r"(?P<key>[^\[\]/]+)(?:\[(?P<id>[^\[\]/]*)\])?\Z")
_PLACE = re.compile(r"#[0-9]+\Z")


def escape(entity_id: str) -> str:
    """The id as an address holds it: `[ ] / * # %` percent-escaped, everything else as it is."""
    return _SPECIAL.sub(lambda match: f"%{ord(match[0]):02X}", entity_id)


def addresses_of(entity: EntityType, table: Table, parents: list[str] | None) -> list[str]:
    """The address of each entity of a table; `parents` are those of its parent's table, None for the root.

    An entity of a list without an id is named by its place in the list, counted from 0 as in a JSON Pointer: `[#3]`.
    """
    if parents is None:
        return [ROOT]
    key = entity.key
    prefixes = [f"{parent}/{key}" if parent != ROOT else key for parent in parents]
    if entity.single:
        return [prefixes[parent] for parent in table.parents]
    ids = ids_of(entity, table)
    names = [
        f"#{index}" if entity_id is None else entity_id for entity_id, index in zip(ids, table.indexes, strict=True)
    ]
    if None in ids or _SPECIAL.search("".join(names)):
        names = [name if entity_id is None else escape(entity_id) for name, entity_id in zip(names, ids, strict=True)]
    return [f"{prefixes[parent]}[{name}]" for parent, name in zip(table.parents, names, strict=True)]


def address_maker(entity: EntityType, table: Table, parents: list[str]) -> Callable[[int], str]:
    """The same for one entity at a time, by its ordinal."""
    key, within, indexes = entity.key, table.parents, table.indexes

    def prefix(ordinal: int) -> str:
        parent = parents[within[ordinal]]
        return f"{parent}/{key}" if parent != ROOT else key

    if entity.single:
        return prefix
    entities, special = table.entities, _SPECIAL.search
    named = entity.fields.get("id") is not None

    def address(ordinal: int) -> str:
        name = entities[ordinal].get("id") if named else None
        if name is None:
            name = f"#{indexes[ordinal]}"
        elif special(text := str(name)):
            name = escape(text)
        parent = parents[within[ordinal]]
        return f"{parent}/{key}[{name}]" if parent != ROOT else f"{key}[{name}]"

    return address


def pointers_of(entity: EntityType, table: Table, parents: list[str] | None) -> list[str]:
    """The JSON Pointer of each entity of a table; `parents` are those of its parent's table, None for the root."""
    if parents is None:
        return [pointer((ROOT,))]
    return list(map(pointer_maker(entity, table, parents), range(len(table.entities))))


def pointer_maker(entity: EntityType, table: Table, parents: list[str]) -> Callable[[int], str]:
    """The same for one entity at a time, by its ordinal."""
    step, within, indexes = pointer((entity.key,)), table.parents, table.indexes
    if entity.single:
        return lambda ordinal: f"{parents[within[ordinal]]}{step}"
    return lambda ordinal: f"{parents[within[ordinal]]}{step}/{indexes[ordinal]}"


def parse_address(vocabulary: Vocabulary, address: str) -> tuple[str, str] | None:
    """The entity type and the usual spelling of an address; None if no entity can have it."""
    if address == ROOT:
        return vocabulary.root.name, ROOT
    entity = vocabulary.root
    steps: list[str] = []
    for written in address.split("/"):
        match = _STEP.match(written)
        if match is None:
            return None
        child = _child(vocabulary.children, entity, match["key"])
        if child is None or (match["id"] is None) != bool(child.single):
            return None
        entity = child
        steps.append(match["key"] if match["id"] is None else f"{match['key']}[{_usual(match['id'])}]")
    return entity.name, "/".join(steps)


def _usual(name: str) -> str:
    return name if _PLACE.match(name) else escape(unquote(name))


def _child(children: Mapping[str, tuple[EntityType, ...]], entity: EntityType, key: str) -> EntityType | None:
    return next((child for child in children[entity.name] if child.key == key), None)

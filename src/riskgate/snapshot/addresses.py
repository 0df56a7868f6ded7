"""Addresses: names of entities by their ids, which survive reordering (`phases[1]/buildings[3]/units[0803]`)."""

from collections.abc import Callable, Mapping

from riskgate.address import ROOT, STEP, escape, usual
from riskgate.snapshot.finding import pointer
from riskgate.snapshot.tables import Table
from riskgate.vocabulary import EntityType, Vocabulary


class _Steps(dict[object, str]):
    """The last step of an address by the id of the entity: rooms of all flats have the same few ids."""

    def __init__(self, start: str) -> None:
        self._start = start

    def __missing__(self, entity_id: object) -> str:
        step = self[entity_id] = f"{self._start}[{escape(str(entity_id))}]"
        return step


def addresses_of(entity: EntityType, table: Table, parents: list[str] | None) -> list[str]:
    """The address of each entity of a table; `parents` are those of its parent's table, None for the root.

    An entity of a list without an id is named by its place in the list, counted from 0 as in a JSON Pointer: `[#3]`.
    """
    if parents is None:
        return [ROOT]
    return list(map(address_maker(entity, table, parents), range(len(table.entities))))


def address_maker(entity: EntityType, table: Table, parents: list[str]) -> Callable[[int], str]:
    """The same for one entity at a time, by its ordinal."""
    below_root = parents == [ROOT]
    start = entity.key if below_root else f"/{entity.key}"
    above = [""] if below_root else parents
    within, indexes, entities = table.parents, table.indexes, table.entities
    if entity.single:
        return lambda ordinal: above[within[ordinal]] + start
    steps = _Steps(start)
    if "id" not in entity.fields:
        return lambda ordinal: f"{above[within[ordinal]]}{start}[#{indexes[ordinal]}]"

    def address(ordinal: int) -> str:
        entity_id = entities[ordinal].get("id")
        if entity_id is None:
            return f"{above[within[ordinal]]}{start}[#{indexes[ordinal]}]"
        return above[within[ordinal]] + steps[entity_id]

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
        match = STEP.match(written)
        if match is None:
            return None
        child = _child(vocabulary.children, entity, match["key"])
        if child is None or (match["id"] is None) != bool(child.single):
            return None
        entity = child
        steps.append(match["key"] if match["id"] is None else f"{match['key']}[{usual(match['id'])}]")
    return entity.name, "/".join(steps)


def _child(children: Mapping[str, tuple[EntityType, ...]], entity: EntityType, key: str) -> EntityType | None:
    return next((child for child in children[entity.name] if child.key == key), None)

"""The tree of a snapshot as one flat table per entity type, in document order."""

from collections.abc import Mapping
from dataclasses import field
from itertools import chain, repeat

from riskgate.record import record
from riskgate.snapshot.finding import Entity, Path
from riskgate.vocabulary import EntityType, Vocabulary


@record
class Table:
    """All entities of one type. Its lists are read-only by agreement."""

    entities: list[Entity] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    """The ordinal of each one's parent in the parent's table; empty for the root."""
    indexes: list[int] = field(default_factory=list)
    """The index in its list; 0 for singles and the root."""
    absent: list[int] = field(default_factory=list)
    """Ordinals of the parents that lack it, or hold fewer than the type's minimum."""


def build_tables(vocabulary: Vocabulary, project: Entity) -> dict[str, Table]:
    """The table of each type, from the root down."""
    tables = {vocabulary.root.name: Table([project], [], [0], [])}
    keys: dict[str, set[str]] = {}
    for entity in vocabulary.order[1:]:
        within = entity.within or ""
        parents = tables[within].entities
        if (
            within not in keys
        ):  # asking tens of thousands of flats for each of a dozen collections that none has is slow
            keys[within] = set[str]().union(*parents)
        if entity.key not in keys[within]:
            tables[entity.name] = Table(absent=list(range(len(parents))))
        else:
            tables[entity.name] = _collection(entity, parents) if entity.collection else _single(entity, parents)
    return tables


def _collection(entity: EntityType, parents: list[Entity]) -> Table:
    key, minimum = entity.key, entity.minimum
    lists: list[list[Entity] | None] = [parent.get(key) for parent in parents]
    lacking = lists.count(None)
    if lacking == len(lists):
        return Table(absent=list(range(lacking)))
    absent = []
    if lacking or minimum:
        absent = [i for i, held in enumerate(lists) if held is None or len(held) < minimum]
    held_lists = [held or [] for held in lists]
    counts = list(map(len, held_lists))
    indexes = {count: tuple(range(count)) for count in set(counts)}
    return Table(
        list(chain.from_iterable(held_lists)),
        list(chain.from_iterable(map(repeat, range(len(counts)), counts))),
        list(chain.from_iterable(map(indexes.__getitem__, counts))),
        absent,
    )


def _single(entity: EntityType, parents: list[Entity]) -> Table:
    key = entity.key
    held = [parent.get(key) for parent in parents]
    if held.count(None) == len(held):
        return Table(absent=list(range(len(held))))
    present = [i for i, item in enumerate(held) if item is not None]
    return Table(
        [item for item in held if item is not None],
        present,
        [0] * len(present),
        [i for i, item in enumerate(held) if item is None],
    )


def ordinals(vocabulary: Vocabulary, tables: Mapping[str, Table], name: str, ordinal: int) -> tuple[int, ...]:
    """The ordinals along the chain from the root down to this entity."""
    found = [ordinal]
    for entity in reversed(vocabulary.chains[name][1:]):
        found.append(tables[entity.name].parents[found[-1]])
    return tuple(reversed(found))


def path_of(vocabulary: Vocabulary, tables: Mapping[str, Table], name: str, ordinal: int) -> Path:
    """The path of an entity in the document."""
    path: list[str | int] = ["project"]
    kinds = vocabulary.chains[name][1:]
    for entity, number in zip(kinds, ordinals(vocabulary, tables, name, ordinal)[1:], strict=True):
        path.append(entity.key)
        if entity.collection:
            path.append(tables[entity.name].indexes[number])
    return tuple(path)


def ids_of(entity: EntityType, table: Table) -> list[str | None]:
    """The id of each entity of the table, None where it has none."""
    field_ = entity.fields.get("id")
    if field_ is None:
        return [None] * len(table.entities)
    ids = [item.get("id") for item in table.entities]
    if field_.type in ("string", "ref", "enum", "node", "department"):
        return ids
    return [None if value is None else str(value) for value in ids]

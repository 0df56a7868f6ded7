"""Was a key written twice? The quick reader keeps the last one; the loss is noticed without a second parse."""

from collections.abc import Mapping

import orjson

from riskgate.snapshot.finding import Entity
from riskgate.snapshot.tables import Table
from riskgate.snapshot.values import keys_within, sound
from riskgate.vocabulary import Field, Vocabulary


def fields_with_objects(vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    """For each entity type that has any, the names of its fields that are objects or hold some."""
    found = {
        entity.name: tuple(field.name for field in entity.fields.values() if _has_objects(field))
        for entity in vocabulary.order
    }
    return {name: fields for name, fields in found.items() if fields}


def _has_objects(field: Field) -> bool:
    return field.type == "object" or (field.of is not None and _has_objects(field.of))


def lost(
    body: bytes,
    tree: Entity,
    tables: Mapping[str, Table],
    with_objects: Mapping[str, tuple[str, ...]],
    unknown_keys: int,
) -> bool:
    """Whether something between the bytes and the tree was lost; may also say so where nothing was.

    An impossible number beside the project counts as lost: its place is known only to the careful reader.

    `unknown_keys` is the number of keys within the values of unknown keys.
    """
    beside = [value for key, value in tree.items() if key != "project"]
    if not all(map(sound, beside)):  # the schema has looked at the project only
        return True
    # The document has one colon for each pair, and those within texts. The tree has at most one key for each pair.
    # So where colons and keys are equal in number, no pair was dropped and no text holds a colon.
    colons = body.count(b":")
    keys = unknown_keys + len(tree) + sum(map(keys_within, beside))
    for name, table in tables.items():
        keys += sum(map(len, table.entities))
        for field in with_objects.get(name, ()):
            keys += sum(keys_within(entity.get(field)) for entity in table.entities)
    if keys == colons:
        return False
    # With colons within texts (dates with a time): these come back as they were when the tree is written, so the counts
    # are equal exactly if no pair was dropped. Only an escaped colon (backslash, u003a) disturbs this.
    if b"\\u003" in body:
        return True
    return colons != orjson.dumps(tree).count(b":")

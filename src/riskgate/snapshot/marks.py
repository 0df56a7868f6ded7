"""The marks of all entities of a snapshot (`riskgate.inventory`)."""

from collections.abc import Sequence
from functools import partial

from riskgate.address import escape
from riskgate.inventory import ROOT_MARK, Inventory, below, mark_of_step
from riskgate.snapshot.tables import Table, ids_of
from riskgate.snapshot.tree import Snapshot
from riskgate.vocabulary import EntityType

_PACKED = "marks"
_NONE = -1
"""Stands for the mark of an entity that has no id, or lies below such a one."""


def inventory_of(snapshot: Snapshot) -> Inventory:
    """The entities of a snapshot, gone through when somebody asks, and once for all reports about it."""

    def packed() -> bytes:
        found = snapshot.kept.get(_PACKED)
        if found is None:
            found = snapshot.kept[_PACKED] = Inventory.of(partial(marks_of, snapshot)).packed
        return found

    return Inventory(packed)


def marks_of(snapshot: Snapshot) -> list[int]:
    """The marks of the entities below the root that have a lasting address."""
    vocabulary = snapshot.vocabulary
    marks: dict[str, Sequence[int]] = {vocabulary.root.name: [ROOT_MARK]}
    found: list[int] = []
    for entity in vocabulary.order[1:]:
        table = snapshot.tables[entity.name]
        own = marks[entity.name] = _marks(entity, table, marks[entity.within or ""]) if table.entities else ()
        found += own
    return [mark for mark in found if mark >= 0] if _NONE in found else found


def _marks(entity: EntityType, table: Table, parents: Sequence[int]) -> list[int]:
    above = [_NONE if mark < 0 else below(mark) for mark in parents]
    if entity.single:
        step = mark_of_step(entity.key)
        return [_NONE if above[p] < 0 else above[p] ^ step for p in table.parents]
    ids = ids_of(entity, table)
    steps = {name: mark_of_step(f"{entity.key}[{escape(name)}]") for name in set(ids) if name is not None}
    if _NONE not in above and None not in ids:
        return [above[p] ^ step for p, step in zip(table.parents, map(steps.__getitem__, ids), strict=True)]  # type: ignore[arg-type]  # no id is None here
    return [
        _NONE if name is None or above[p] < 0 else above[p] ^ steps[name]
        for p, name in zip(table.parents, ids, strict=True)
    ]

"""To which group and sale unit entities belong: what rates of risks are counted in."""

from collections.abc import Mapping
from typing import Any

from riskgate.infer import PROJECT
from riskgate.snapshot.tree import Snapshot
from riskgate.vocabulary import EntityType

Belonging = tuple[str, str | None]
"""Addresses of the group (`project` if none) and of the sale unit (None if none)."""


class Groups:
    """To which group and sale unit an entity belongs: by its ancestors, else by a `ref` field to one of them."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._vocabulary = snapshot.vocabulary
        self._roles = tuple(role for role in (self._vocabulary.sale_unit, self._vocabulary.group) if role)
        self._tables: dict[str, list[Belonging]] = {}
        self.units = self._count()

    def of(self, kind: str) -> list[Belonging]:
        """For all entities of a type, in the order of its table."""
        found = self._tables.get(kind)
        if found is None:
            found = self._tables[kind] = self._find(kind)
        return found

    def members(self) -> dict[str, set[str]]:
        """The sale units of every group, and of `project`, which has all of them."""
        found: dict[str, set[str]] = {PROJECT: set()}
        if self._vocabulary.group is not None:
            found |= {address: set() for address in self._snapshot.addresses(self._vocabulary.group)}
        if self._vocabulary.sale_unit is not None:
            for group, unit in self.of(self._vocabulary.sale_unit):
                if unit is not None:
                    found.setdefault(group, set()).add(unit)
                    found[PROJECT].add(unit)
        return found

    def _find(self, kind: str) -> list[Belonging]:
        entity = self._vocabulary.entities[kind]
        table = self._snapshot.tables[kind]
        names = {above.name for above in self._vocabulary.chains[kind]}
        if not names & set(self._roles):
            references = [
                (role, f.name)
                for role in self._roles
                for f in entity.fields.values()
                if f.type == "ref" and f.to == role
            ]
            return [self._referred(item, references) for item in table.entities]
        above: list[Belonging] = (
            [(PROJECT, None)] * len(table.entities) if entity.within is None else self._of_parents(entity)
        )
        if kind == self._vocabulary.sale_unit:
            return [(group, own) for (group, _), own in zip(above, self._snapshot.addresses(kind), strict=True)]
        if kind == self._vocabulary.group:
            return [(own, unit) for (_, unit), own in zip(above, self._snapshot.addresses(kind), strict=True)]
        return above

    def _of_parents(self, entity: EntityType) -> list[Belonging]:
        above = self.of(entity.within or "")
        return [above[parent] for parent in self._snapshot.tables[entity.name].parents]

    def _referred(self, item: Mapping[str, Any], references: list[tuple[str, str]]) -> Belonging:
        for role, name in references:
            target = self._snapshot.by_id(role).get(str(item.get(name)))
            ordinal = None if target is None else self._snapshot.ordinal_of(role, target)
            if ordinal is not None:
                return self.of(role)[ordinal]
        return PROJECT, None

    def _count(self) -> dict[str, int]:
        if self._vocabulary.sale_unit is None:
            return {}
        counts: dict[str, int] = {}
        for group, _ in self.of(self._vocabulary.sale_unit):
            counts[group] = counts.get(group, 0) + 1
        counts[PROJECT] = len(self.of(self._vocabulary.sale_unit))
        return counts

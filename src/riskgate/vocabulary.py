"""The vocabulary: which entity types, fields, types, units and enums a snapshot may have."""

from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from types import MappingProxyType
from typing import Literal

from riskgate.errors import Place
from riskgate.record import record
from riskgate.text import Text

FieldType = Literal[
    "string", "integer", "number", "boolean", "date", "datetime", "enum", "object", "list", "node", "department", "ref"
]
NODE_RECORD = "node_record"
"""The built-in entity type of `project.nodes`: what the snapshot itself says about a node's progress."""


@record
class Field:
    """One field of an entity type. Which of the optional parts are set depends on `type`."""

    name: str
    type: FieldType
    title: Text
    required: bool = False
    unit: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    values: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}))  # enum: stored value -> label
    of: "Field | None" = None  # list: what its items are
    fields: Mapping[str, "Field"] = field(default_factory=lambda: MappingProxyType({}))  # object
    to: str | None = None  # ref: the entity type whose ids it holds
    free_text: bool = False  # string: rules may compare it with a literal
    descriptive: bool = False  # for people and other systems: no rule need read it


@record
class EntityType:
    """A kind of thing in a snapshot: the root, a list (`collection`) of its parent, or one object (`single`) in it."""

    name: str
    title: Text
    within: str | None
    fields: Mapping[str, Field]
    collection: str | None = None
    single: str | None = None
    minimum: int = 0
    label: Text | None = None
    places: Mapping[str, Place] = field(default_factory=lambda: MappingProxyType({}), compare=False)
    """Where each field is defined."""

    @property
    def key(self) -> str:
        """The key under which the parent holds it; empty for the root."""
        return self.collection or self.single or ""


@record
class Vocabulary:
    """All entity types by name, the root among them, and the roles that inference and reports use."""

    entities: Mapping[str, EntityType]
    group: str | None = None
    sale_unit: str | None = None
    floor: str | None = None
    """The field of a sale unit that says at which level it lies."""

    @cached_property
    def root(self) -> EntityType:
        return next(e for e in self.entities.values() if e.within is None)

    @cached_property
    def children(self) -> Mapping[str, tuple[EntityType, ...]]:
        """Entity types directly within each type, in vocabulary order."""
        found: dict[str, list[EntityType]] = {name: [] for name in self.entities}
        for entity in self.entities.values():
            if entity.within is not None:
                found[entity.within].append(entity)
        return {name: tuple(kinds) for name, kinds in found.items()}

    @cached_property
    def members(self) -> Mapping[str, Mapping[str, EntityType]]:
        """For each type, the entity types directly within it by the key that holds them."""
        return {name: {child.key: child for child in kinds} for name, kinds in self.children.items()}

    @cached_property
    def chains(self) -> Mapping[str, tuple[EntityType, ...]]:
        """For each type, the types from the root down to it."""
        return {name: self._chain(name) for name in self.entities}

    def _chain(self, name: str) -> tuple[EntityType, ...]:
        entity = self.entities[name]
        return (entity,) if entity.within is None else (*self._chain(entity.within), entity)

    @cached_property
    def order(self) -> tuple[EntityType, ...]:
        """All types, parents before children."""
        ordered: list[EntityType] = []

        def visit(entity: EntityType) -> None:
            ordered.append(entity)
            for child in self.children[entity.name]:
                visit(child)

        visit(self.root)
        return tuple(ordered)

    def subtree(self, name: str) -> tuple[EntityType, ...]:
        """The type itself and every type below it."""
        return tuple(e for e in self.order if self.entities[name] in self.chains[e.name])

"""What a mapping says: how people call columns, units and values, and how they write what has an id."""

import unicodedata
from collections.abc import Mapping
from dataclasses import field as default
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from riskgate.record import record
from riskgate.text import Text
from riskgate.vocabulary import Field

Empty: Mapping[str, Any] = MappingProxyType({})


def plain(text: str) -> str:
    """A word by which cells and headers are compared: half-width, lower case, without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()


def in_cells(spec: Field) -> bool:
    """Whether a cell can hold a value of this field."""
    return spec.type != "object" and (spec.of is None or spec.of.type not in {"object", "list"})


@record
class Words:
    """What cells say whatever their column: all as `plain` makes them."""

    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    empty: frozenset[str] = frozenset()
    totals: frozenset[str] = frozenset()
    examples: frozenset[str] = frozenset()


@record
class Unit:
    """A unit of the vocabulary: its name in templates, and how much of it each unit is that people write."""

    title: Text
    written: Mapping[str, Decimal]


@record
class IdForm:
    """How people write the ids of one kind of entity.

    `strip`: what is taken off both ends; `same`: spellings of one thing; `read`: patterns of longer spellings, whose
    groups are kinds of entities; `write`: the id of something that the ledger numbers only within what holds it.
    """

    strip: tuple[str, ...] = ()
    same: Mapping[str, str] = default(default_factory=lambda: Empty)
    read: tuple[str, ...] = ()
    write: str | None = None


@record
class Column:
    """A column: the entity, and the field of it that it fills; no field: it holds the id by which the row is placed.

    `unit`: what numbers are in if the header does not say; `words`: further words for values; `between`: beyond these
    a number is taken for a slip, such as millimetres in a column of metres.
    """

    entity: str
    field: str | None
    headers: tuple[str, ...] = ()
    required: bool = False
    unit: str | None = None
    words: Mapping[str, str] = default(default_factory=lambda: Empty)
    between: tuple[float, float] | None = None

    @property
    def key(self) -> str:
        return self.entity if self.field is None else f"{self.entity}.{self.field}"


@record
class Ledger:
    """One kind of list. `id`: the columns that make an id where none is given; `adds`: whether its rows may name new
    entities, or must find theirs."""

    name: str
    title: Text
    entity: str
    columns: Mapping[str, Column]
    sheets: frozenset[str] = frozenset()
    id: tuple[str, ...] = ()
    adds: bool = True
    unread: frozenset[str] = frozenset()
    """Headers of columns that are known and not wanted."""
    literal: bool = False
    """Whether ids are what the cells say and headers only those listed, as in riskgate's own templates."""
    example: Mapping[str, str] = default(default_factory=lambda: Empty)
    """What the example row of a template says, by the key of the column."""


@record
class LedgerMap:
    """A whole mapping."""

    file: str
    words: Words
    units: Mapping[str, Unit]
    ids: Mapping[str, IdForm]
    ledgers: tuple[Ledger, ...]

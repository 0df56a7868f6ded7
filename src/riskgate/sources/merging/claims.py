"""What one source says: entities by address, and for each field what is claimed, by whom and from where."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from riskgate.address import ROOT, escape

SEPARATOR = "; "
"""Between several origins of one value."""


class Claim(NamedTuple):
    """A value of a field, as JSON has it. `origins` may be empty; `sources` names the whole sources that say so."""

    value: Any
    origins: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def stated(self) -> tuple[str, ...]:
        """The origins, or else the sources: something that people can look up."""
        return self.origins or self.sources


@dataclass(slots=True)
class Record:
    """One entity. `fields` holds the claims on each field; those in `contested` are in conflict already."""

    kind: str
    parent: str
    key: str
    id: str | None
    fields: dict[str, tuple[Claim, ...]] = field(default_factory=dict)
    contested: set[str] = field(default_factory=set)
    lists: set[str] = field(default_factory=set)
    """The collections that are there, if only as an empty list."""


@dataclass(slots=True)
class Loose:
    """An entity of a list that has no id, with everything below it: it can be carried along, but not matched.

    `text` is its content in one spelling, by which equal ones are known; origins and conflicts are by the rest of their
    pointers.
    """

    data: dict[str, Any]
    text: str
    origins: list[tuple[str, str]] = field(default_factory=list)
    conflicts: list[tuple[str, list[Any], list[str]]] = field(default_factory=list)


@dataclass
class Part:
    """What one source says of a project."""

    name: str
    records: dict[str, Record] = field(default_factory=dict)
    loose: dict[tuple[str, str], list[Loose]] = field(default_factory=dict)
    """By the address of what holds them and the key of the list."""
    as_of: str | None = None
    incomplete: tuple[str, ...] = ()

    def root(self, kind: str) -> Record:
        """The project's own record."""
        return self.records.setdefault(ROOT, Record(kind, "", "", None))


def below(parent: str, key: str, entity_id: str | None) -> str:
    """The address of an entity in a list of `parent`, or of its single (no id)."""
    step = key if entity_id is None else f"{key}[{escape(entity_id)}]"
    return step if parent == ROOT else f"{parent}/{step}"


def united(origins: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """All origins, each once, in the order in which they are first named."""
    return tuple(dict.fromkeys(one for several in origins for one in several))

"""Risks, and sequences of them that are made only when somebody reads them.

A snapshot may hold tens of thousands of risks, and most readers look at a few. So a check finds out which entities
violate a rule and how many; risks, their order, texts and evidence come when they are asked for, one rule at a time.
Reading never changes what a report says.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple, overload

from riskgate.fingerprint import fingerprint
from riskgate.pack import Severity
from riskgate.text import Text


class EntityRef(NamedTuple):  # tuples: reports hold tens of thousands, and these are the fastest to make
    """Where something is: type, address (survives reordering), JSON Pointer (does not), label for people."""

    type: str
    address: str
    pointer: str
    label: Text

    def as_dict(self) -> dict[str, Any]:
        kind, address, pointer, (zh, en) = self
        return {"type": kind, "address": address, "pointer": pointer, "label": {"zh": zh, "en": en}}


class Evidence(NamedTuple):
    """A value that decided: the name in the expression, its JSON Pointer if it is in the snapshot, the exact value."""

    name: str
    pointer: str | None
    value: Any
    origin: str | None = None

    def as_dict(self) -> dict[str, Any]:
        found = {"name": self.name, "pointer": self.pointer, "value": self.value}
        return found if self.origin is None else {**found, "origin": self.origin}


class RiskDetail(NamedTuple):
    """The part of a risk that is made on demand."""

    entity: EntityRef
    message: Text
    evidence: tuple[Evidence, ...]


class Risk:
    """A rule is violated at an entity, or a derive rule concluded for a group."""

    __slots__ = ("_because", "_detail", "_id", "_make", "address", "nodes", "ordinal", "rule", "severity", "waiver")

    def __init__(
        self,
        rule: str,
        severity: Severity,
        nodes: tuple[str, ...],
        address: str,
        make: "Callable[[Risk], RiskDetail]",
        *,
        ordinal: int = -1,
        because: tuple[str, ...] | Callable[[], tuple[str, ...]] = (),
        waiver: Mapping[str, Any] | None = None,
    ) -> None:
        self.rule = rule
        self.severity: Severity = severity
        self.nodes = nodes
        self.address = address
        self.ordinal = ordinal  # position in the table of its entity type; -1 if unknown
        self.waiver = waiver
        self._because = because
        self._make = make
        self._detail: RiskDetail | None = None
        self._id = ""

    @property
    def id(self) -> str:
        """The fingerprint of rule and address: the same risk has the same id in every report."""
        if not self._id:
            self._id = fingerprint(self.rule, self.address)
        return self._id

    @property
    def because(self) -> tuple[str, ...]:
        """The ids of the risks behind a derived one, sorted."""
        if callable(self._because):
            self._because = self._because()
        return self._because

    @property
    def detail(self) -> RiskDetail:
        if self._detail is None:
            self._detail = self._make(self)
        return self._detail

    @property
    def entity(self) -> EntityRef:
        return self.detail.entity

    @property
    def message(self) -> Text:
        return self.detail.message

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        return self.detail.evidence

    def as_dict(self) -> dict[str, Any]:
        entity, message, evidence = self.detail
        return {
            "id": self.id,
            "rule": self.rule,
            "severity": self.severity,
            "nodes": self.nodes,
            "entity": entity.as_dict(),
            "message": message.as_dict(),
            "evidence": [item.as_dict() for item in evidence],
            "waiver": self.waiver,
            "because": self.because,
        }

    def __repr__(self) -> str:
        return f"Risk({self.rule!r}, {self.address!r})"


class Batch(ABC):
    """Risks of one rule in the order of their addresses, and what they have in common."""

    def __init__(
        self, rule: str, severity: Severity, nodes: tuple[str, ...], waiver: Mapping[str, Any] | None = None
    ) -> None:
        self.rule = rule
        self.severity: Severity = severity
        self.nodes = nodes
        self.waiver = waiver

    @abstractmethod
    def __len__(self) -> int:
        """How many; at least one."""

    @property
    @abstractmethod
    def risks(self) -> tuple[Risk, ...]:
        """The risks; the same objects every time."""

    @property
    @abstractmethod
    def ids(self) -> Sequence[str]:
        """Their ids."""

    @abstractmethod
    def as_dicts(self) -> Iterable[dict[str, Any]]:
        """What `Risk.as_dict` gives for each, without keeping anything."""

    @property
    def unwaived(self) -> "Batch | None":
        """Those of them that no waiver holds for; None if there are none."""
        return self if self.waiver is None else None

    @property
    def waived(self) -> "Batch | None":
        """The others; None if there are none."""
        return self if self.waiver is not None else None


class OneRisk(Batch):
    """A risk that is there already, by itself."""

    def __init__(self, risk: Risk) -> None:
        super().__init__(risk.rule, risk.severity, risk.nodes, risk.waiver)
        self._risk = risk

    def __len__(self) -> int:
        return 1

    @property
    def risks(self) -> tuple[Risk, ...]:
        return (self._risk,)

    @property
    def ids(self) -> Sequence[str]:
        return (self._risk.id,)

    def as_dicts(self) -> Iterable[dict[str, Any]]:
        return (self._risk.as_dict(),)


class Risks(Sequence[Risk]):
    """Risks as a tuple would hold them: `len`, indexes, slices, iteration, equality. Counting them makes none."""

    __slots__ = ("_count", "batches")

    def __init__(self, batches: Iterable[Batch]) -> None:
        self.batches = tuple(batches)
        self._count = sum(map(len, self.batches))

    @classmethod
    def of(cls, risks: "Iterable[Risk]") -> "Risks":
        """The same risks in this form."""
        return risks if isinstance(risks, Risks) else cls(map(OneRisk, risks))

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Risk]:
        return chain.from_iterable(batch.risks for batch in self.batches)

    @overload
    def __getitem__(self, index: int) -> Risk: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Risk, ...]: ...
    def __getitem__(self, index: int | slice) -> Risk | tuple[Risk, ...]:
        if isinstance(index, slice):
            return tuple(self)[index]
        place = index + self._count if index < 0 else index
        if 0 <= place < self._count:
            for batch in self.batches:
                if place < len(batch):
                    return batch.risks[place]
                place -= len(batch)
        raise IndexError(index)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Risks | tuple):
            return NotImplemented
        return self is other or (len(self) == len(other) and all(map(_same, self, other)))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


def _same(one: object, other: object) -> bool:
    return one is other or one == other


def ids_of(risks: Sequence[Risk]) -> list[str]:
    """The ids of risks, without making the risks where that can be helped."""
    return [name for batch in Risks.of(risks).batches for name in batch.ids]


def count_waived(risks: Sequence[Risk]) -> int:
    """How many of the risks are waived, without making any."""
    return sum(len(waived) for batch in Risks.of(risks).batches if (waived := batch.waived) is not None)


def dicts_of(risks: Sequence[Risk]) -> Iterator[dict[str, Any]]:
    """The risks as plain values, made one by one, so that they need not all be there at once."""
    return chain.from_iterable(batch.as_dicts() for batch in Risks.of(risks).batches)

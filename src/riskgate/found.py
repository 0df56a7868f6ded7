"""The risks of one rule as evaluation found them: the ordinals of entities, until somebody reads more."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from heapq import merge
from operator import itemgetter
from typing import Any, Protocol

from riskgate.fingerprint import fingerprints
from riskgate.pack import Rule
from riskgate.risk import Batch, Risk, RiskDetail
from riskgate.snapshot.tree import Snapshot


class Explains(Protocol):
    """Knows what risks of one rule say."""

    def explain(self, risk: Risk) -> RiskDetail:
        """Entity, message and evidence of a risk."""

    def as_dicts(
        self, ids: Sequence[str], places: Sequence["Found"], waiver: Mapping[str, Any] | None = None
    ) -> Iterator[dict[str, Any]]:
        """Risks as `Risk.as_dict` gives them, from their ids and from their addresses and ordinals."""


Found = tuple[str, int]
"""Address and ordinal of an entity."""
Mark = Mapping[str, Any]
"""What a risk says of the waiver that holds for it."""


class FoundRisks(Batch):
    """The risks of a rule at the entities with these ordinals. Two threads may make a part twice: it is the same."""

    def __init__(
        self,
        rule: Rule,
        snapshot: Snapshot,
        ordinals: Sequence[int],
        explainer: Callable[[], Explains],
        waiver: Mark | None = None,
    ) -> None:
        super().__init__(rule.id, rule.severity, rule.nodes, waiver)
        self.ordinals = ordinals
        """The entities, in no order that matters."""
        self._rule = rule
        self._snapshot = snapshot
        self._entity = rule.entity
        self._make_explainer = explainer

    def __len__(self) -> int:
        return len(self.ordinals)

    @cached_property
    def _explainer(self) -> Explains:
        return self._make_explainer()

    @cached_property
    def places(self) -> list[Found]:
        """Address and ordinal of each, by address: an order that survives reordering of the snapshot."""
        address = self._snapshot.address_of(self._entity)
        return sorted([(address(ordinal), ordinal) for ordinal in self.ordinals])

    @cached_property
    def ids(self) -> Sequence[str]:
        return fingerprints(self.rule, [address for address, _ in self.places])

    @cached_property
    def risks(self) -> tuple[Risk, ...]:
        return tuple(
            Risk(self.rule, self.severity, self.nodes, address, self._explain, ordinal=ordinal, waiver=self.waiver)
            for address, ordinal in self.places
        )

    @cached_property
    def _id_at(self) -> Mapping[int, str]:
        """The ids by ordinal, once all are known."""
        return {ordinal: name for (_, ordinal), name in zip(self.places, self.ids, strict=True)}

    def ids_at(self, ordinals: Iterable[int]) -> Iterator[str]:
        """The ids of some of the risks."""
        if "ids" in self.__dict__:
            return map(self._id_at.__getitem__, ordinals)
        address = self._snapshot.address_of(self._entity)
        return iter(fingerprints(self.rule, map(address, ordinals)))

    def as_dicts(self) -> Iterable[dict[str, Any]]:
        return self._explainer.as_dicts(self.ids, self.places, self.waiver)

    def _explain(self, risk: Risk) -> RiskDetail:
        return self._explainer.explain(risk)

    def split(self, mark: Callable[[str], Mark | None]) -> Batch:
        """The same risks, those that a waiver holds for apart; `mark` is asked for each address once."""
        marks: dict[int, Mark | None] = {}
        apart: dict[int, list[Found]] = {}
        for place in self.places:
            found = mark(place[0])
            marks[id(found)] = found
            apart.setdefault(id(found), []).append(place)
        if len(apart) == 1 and None in marks.values():
            return self
        parts = [self._part(places, marks[key]) for key, places in apart.items()]
        return parts[0] if len(parts) == 1 else SplitRisks(parts)

    def _part(self, places: list[Found], waiver: Mark | None) -> "FoundRisks":
        ordinals = [ordinal for _, ordinal in places]
        part = FoundRisks(self._rule, self._snapshot, ordinals, lambda: self._explainer, waiver)
        part.places = places
        return part


class SplitRisks(Batch):
    """The risks of a rule, some of them waived: several batches, read as one in the order of their addresses."""

    def __init__(self, parts: Sequence[FoundRisks]) -> None:
        first = parts[0]
        super().__init__(first.rule, first.severity, first.nodes)
        self.parts = tuple(parts)

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    @cached_property
    def unwaived(self) -> "FoundRisks | None":
        return next((part for part in self.parts if part.waiver is None), None)

    @cached_property
    def waived(self) -> Batch:
        parts = [part for part in self.parts if part.waiver is not None]
        return parts[0] if len(parts) == 1 else SplitRisks(parts)

    @cached_property
    def ids(self) -> Sequence[str]:
        return tuple(self._merged(part.ids for part in self.parts))

    @cached_property
    def risks(self) -> tuple[Risk, ...]:
        return tuple(self._merged(part.risks for part in self.parts))

    def as_dicts(self) -> Iterable[dict[str, Any]]:
        return self._merged(part.as_dicts() for part in self.parts)

    def _merged(self, values: Iterable[Iterable[Any]]) -> Iterator[Any]:
        """What the parts have for each risk, in the order of the addresses."""
        addresses = ([address for address, _ in part.places] for part in self.parts)
        pairs = [zip(known, each, strict=True) for known, each in zip(addresses, values, strict=True)]
        return (value for _, value in merge(*pairs, key=itemgetter(0)))

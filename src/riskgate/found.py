"""The risks of one rule as evaluation found them: the ordinals of entities, until somebody reads more."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, Protocol

from riskgate.fingerprint import fingerprints
from riskgate.pack import Rule
from riskgate.risk import Batch, Risk, RiskDetail
from riskgate.snapshot.tree import Snapshot


class Explains(Protocol):
    """Knows what risks of one rule say."""

    def explain(self, risk: Risk) -> RiskDetail:
        """Entity, message and evidence of a risk."""

    def as_dicts(self, ids: Sequence[str], places: Sequence[tuple[str, int]]) -> Iterator[dict[str, Any]]:
        """Risks as `Risk.as_dict` gives them, from their ids and from their addresses and ordinals."""


class FoundRisks(Batch):
    """The risks of a rule at the entities with these ordinals. Two threads may make a part twice: it is the same."""

    def __init__(
        self, rule: Rule, snapshot: Snapshot, ordinals: Sequence[int], explainer: Callable[[], Explains]
    ) -> None:
        super().__init__(rule.id, rule.severity, rule.nodes)
        self.ordinals = ordinals
        """The entities, in no order that matters."""
        self._snapshot = snapshot
        self._entity = rule.entity
        self._make_explainer = explainer

    def __len__(self) -> int:
        return len(self.ordinals)

    @cached_property
    def _explainer(self) -> Explains:
        return self._make_explainer()

    @cached_property
    def _sorted(self) -> list[tuple[str, int]]:
        """Address and ordinal of each, by address: an order that survives reordering of the snapshot."""
        address = self._snapshot.address_of(self._entity)
        return sorted([(address(ordinal), ordinal) for ordinal in self.ordinals])

    @cached_property
    def ids(self) -> Sequence[str]:
        return fingerprints(self.rule, [address for address, _ in self._sorted])

    @cached_property
    def risks(self) -> tuple[Risk, ...]:
        return tuple(
            Risk(self.rule, self.severity, self.nodes, address, self._explain, ordinal=ordinal)
            for address, ordinal in self._sorted
        )

    def ids_at(self, ordinals: Iterable[int]) -> Iterator[str]:
        """The ids of some of the risks."""
        address = self._snapshot.address_of(self._entity)
        return iter(fingerprints(self.rule, map(address, ordinals)))

    def as_dicts(self) -> Iterable[dict[str, Any]]:
        return self._explainer.as_dicts(self.ids, self._sorted)

    def _explain(self, risk: Risk) -> RiskDetail:
        return self._explainer.explain(risk)

"""What of a report concerns the chosen nodes, and what lies elsewhere."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from riskgate.render.words import state_of
from riskgate.report import Gap, NodeResult, Report, Risk

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Scope:
    """The chosen nodes, the nodes before them that hold or delay them, and the risks and gaps to show for these."""

    chosen: tuple[NodeResult, ...]
    upstream: tuple[NodeResult, ...]
    risks: tuple[Risk, ...]
    gaps: tuple[Gap, ...]
    other_risks: tuple[Risk, ...]
    other_gaps: tuple[Gap, ...]


def scope_of(report: Report) -> Scope:
    """A risk concerns the choice if it gates a chosen node, or blocks one that holds a chosen node; a gap likewise."""
    chosen = {node.id for node in report.selected}
    holders = {name for node in report.selected for name in node.held_by} - chosen
    awaited = {name for node in report.selected for name in node.awaiting} - chosen
    risks = _split(
        report.risks,
        lambda risk: (
            not chosen.isdisjoint(risk.nodes) or (risk.severity == "blocking" and not holders.isdisjoint(risk.nodes))
        ),
    )
    gaps = _split(report.gaps, lambda gap: not chosen.isdisjoint(gap.nodes) or not awaited.isdisjoint(gap.nodes))
    upstream = tuple(node for node in report.nodes if node.id in holders | awaited)
    return Scope(report.selected, upstream, risks[0], gaps[0], risks[1], gaps[1])


class Acting:
    """Who must act before a node can pass: the departments that lead the remedies, those with most to do first."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._nodes = {node.id: node for node in report.nodes}
        self._tallies: dict[tuple[str, str], Counter[str]] = {}

    def departments(self, node: NodeResult) -> tuple[str, ...]:
        state = state_of(node)
        tally: Counter[str] = Counter()
        if state in ("blocked", "held"):
            for name in (node.id,) if state == "blocked" else node.held_by:
                tally += self._tally(name, "risks")
        elif state in ("unverified", "awaiting"):
            for name in (node.id,) if state == "unverified" else node.awaiting:
                tally += self._tally(name, "gaps")
        return tuple(sorted(tally, key=lambda owner: (-tally[owner], owner)))

    def _tally(self, name: str, kind: str) -> Counter[str]:
        """How often each department leads at one node; kept, because one node may hold many others."""
        if (name, kind) not in self._tallies:
            node = self._nodes[name]
            rules = Counter(risk.rule for risk in node.blocking_risks)
            if kind == "gaps":
                rules = Counter()
                for gap in node.gaps:
                    rules[gap.rule] += gap.count
            tally: Counter[str] = Counter()
            for rule, times in rules.items():
                for owner in self._report.rules[rule].owners[:1]:
                    tally[owner] += times
            self._tallies[name, kind] = tally
        return self._tallies[name, kind]


def _split(items: Sequence[_T], wanted: Callable[[_T], bool]) -> tuple[tuple[_T, ...], tuple[_T, ...]]:
    inside: list[_T] = []
    outside: list[_T] = []
    for item in items:
        (inside if wanted(item) else outside).append(item)
    return tuple(inside), tuple(outside)

"""What of a report concerns the chosen nodes, and what lies elsewhere."""

from collections.abc import Callable, Mapping, Sequence
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


def acting_departments(report: Report, node: NodeResult, nodes: Mapping[str, NodeResult]) -> tuple[str, ...]:
    """The departments that must act before the node can pass, those with most to do first."""
    tally: dict[str, int] = {}

    def add(rule: str, times: int) -> None:
        for owner in report.rules[rule].owners[:1]:
            tally[owner] = tally.get(owner, 0) + times

    state = state_of(node)
    if state == "blocked":
        for risk in node.blocking_risks:
            add(risk.rule, 1)
    elif state == "held":
        for name in node.held_by:
            for risk in nodes[name].blocking_risks:
                add(risk.rule, 1)
    elif state in ("unverified", "awaiting"):
        for name in (node.id,) if state == "unverified" else node.awaiting:
            for gap in nodes[name].gaps:
                add(gap.rule, gap.count)
    return tuple(sorted(tally, key=lambda owner: (-tally[owner], owner)))


def _split(items: Sequence[_T], wanted: Callable[[_T], bool]) -> tuple[tuple[_T, ...], tuple[_T, ...]]:
    inside: list[_T] = []
    outside: list[_T] = []
    for item in items:
        (inside if wanted(item) else outside).append(item)
    return tuple(inside), tuple(outside)

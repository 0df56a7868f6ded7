"""What of a report concerns the chosen nodes, and what lies elsewhere."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from riskgate.record import record
from riskgate.report import Gap, NodeResult, Report, Risk

_T = TypeVar("_T")


@record
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
        lambda risk: not chosen.isdisjoint(risk.nodes) or (_blocks(risk) and not holders.isdisjoint(risk.nodes)),
    )
    gaps = _split(report.gaps, lambda gap: not chosen.isdisjoint(gap.nodes) or not awaited.isdisjoint(gap.nodes))
    upstream = tuple(node for node in report.nodes if node.id in holders | awaited)
    return Scope(report.selected, upstream, risks[0], gaps[0], risks[1], gaps[1])


def _blocks(risk: Risk) -> bool:
    return risk.severity == "blocking" and risk.waiver is None


def _split(items: Sequence[_T], wanted: Callable[[_T], bool]) -> tuple[tuple[_T, ...], tuple[_T, ...]]:
    inside: list[_T] = []
    outside: list[_T] = []
    for item in items:
        (inside if wanted(item) else outside).append(item)
    return tuple(inside), tuple(outside)

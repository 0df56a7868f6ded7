"""Who must act on a report; and, from below, what of it concerns the chosen nodes."""

from collections import Counter

from riskgate.render.words import state_of
from riskgate.report import NodeResult, Report
from riskgate.scope import Scope, scope_of

__all__ = ["Acting", "Scope", "scope_of"]


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

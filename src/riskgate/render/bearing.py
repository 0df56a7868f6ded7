"""What makes the exit code: which risks, gaps and nodes would by themselves make it 1 or 3, and which are told only.

A format that marks something as an error, or as passed, asks here, so that what a pipeline shows never contradicts the
exit code of the check.
"""

from collections.abc import Mapping
from functools import cached_property

from riskgate.judge import BLOCKED, CLEAR, UNVERIFIED
from riskgate.report import Gap, Report, Risk


class Bearing:
    """Follows `judge.decide`: the chosen nodes, those before them, the flags of the check, its baseline."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._selection = report.selection
        self._nodes = {node.id: node for node in report.nodes}
        self._decided_by: dict[str, frozenset[str]] = {}
        known = report.baseline
        self._new_risks = frozenset(known.new_risks) if known is not None else None
        self._new_gaps = frozenset(known.new_gaps) if known is not None else None

    @cached_property
    def blocked(self) -> frozenset[str]:
        """The nodes whose blocking risks make the exit code 1."""
        found = {node.id for node in self._report.selected if node.status == "blocked"}
        if not self._selection.ignore_upstream:
            found.update(name for node in self._report.selected for name in node.held_by)
        if self._new_risks is None:
            return frozenset(found)
        return frozenset(name for name in found if any(map(self._blocks, self._nodes[name].blocking_risks)))

    @cached_property
    def unverified(self) -> frozenset[str]:
        """The nodes whose gaps make the exit code 3, or would if no risk made it 1."""
        if self._selection.allow_unverified:
            return frozenset()
        found = {node.id for node in self._report.selected if node.status in ("unverified", "blocked")}
        if self._selection.named and not self._selection.ignore_upstream:
            found.update(name for node in self._report.selected for name in node.awaiting)
        if self._new_gaps is None:
            return frozenset(found)
        return frozenset(name for name in found if not self.decisive(name) or self.decisive(name) & self._new_gaps)

    @cached_property
    def unshown(self) -> Mapping[str, int]:
        """Nodes that make the exit code with no risk or gap to show for it, and what they make it: nothing was looked
        at, no rule gates them, or the snapshot says of itself that it is incomplete."""
        found = {
            node.id: UNVERIFIED
            for node in self._report.nodes
            if node.id in self._ungated
            or (node.status == "unverified" and node.id in self.unverified and not self.decisive(node.id))
        }
        if not found and not self._explained:  # what is far before a node may count where a baseline knows the rest
            stopped = (
                node for node in self._report.selected if node.status != "clear" or node.held_by or node.awaiting
            )
            found = {node.id: self._report.exit_code for node in stopped}
        return found

    @cached_property
    def _ungated(self) -> frozenset[str]:
        found = frozenset(node.id for node in self._report.selected if node.status == "ungated")
        return found if self._selection.named or len(found) == len(self._report.selected) else frozenset()

    @property
    def _explained(self) -> bool:
        """Whether a risk or a gap makes the exit code what it is."""
        code = self._report.exit_code
        if code == BLOCKED:
            return any(any(map(self._blocks, self._nodes[name].blocking_risks)) for name in self.blocked)
        return code == CLEAR or any(
            self.of_gap_at(gap, name) for name in self.unverified for gap in self._nodes[name].gaps
        )

    def of_risk(self, risk: Risk) -> int:
        """The exit code that this risk would make by itself."""
        return BLOCKED if self._blocks(risk) and not self.blocked.isdisjoint(risk.nodes) else CLEAR

    def of_gap(self, gap: Gap) -> int:
        """The exit code that this gap would make by itself."""
        return UNVERIFIED if any(self.of_gap_at(gap, name) for name in gap.nodes) else CLEAR

    def of_gap_at(self, gap: Gap, name: str) -> int:
        """The exit code that this gap would make at one node."""
        counts = self._new_gaps is None or gap.id in self._new_gaps
        decides = counts and name in self.unverified and gap.id in self.decisive(name)
        return UNVERIFIED if decides else CLEAR

    def knows(self, found: Risk | Gap) -> bool:
        """Whether the baseline of the check has a blocking risk without a waiver, or a gap."""
        if isinstance(found, Gap):
            return self._new_gaps is not None and found.id not in self._new_gaps
        blocks = found.severity == "blocking" and found.waiver is None
        return self._new_risks is not None and blocks and found.id not in self._new_risks

    def decisive(self, name: str) -> frozenset[str]:
        """The ids of the gaps that make a node unverified: of blocking rules, else all if nothing else does it."""
        if name not in self._decided_by:
            node = self._nodes[name]
            decisive = [gap for gap in node.gaps if gap.severity == "blocking"]
            if not decisive and node.status == "unverified" and node.checked and not self._report.incomplete:
                decisive = list(node.gaps)
            self._decided_by[name] = frozenset(gap.id for gap in decisive)
        return self._decided_by[name]

    def _blocks(self, risk: Risk) -> bool:
        counts = self._new_risks is None or risk.id in self._new_risks
        return counts and risk.severity == "blocking" and risk.waiver is None

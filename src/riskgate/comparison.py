"""Two reports compared, as typed values and as JSON (docs/comparison.md)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

import orjson

from riskgate.node_state import state_of
from riskgate.pack import Severity
from riskgate.report import Gap, NodeResult, Report, Risk, RuleInfo
from riskgate.text import Text

COMPARISON_VERSION = 1
RiskState = Literal["new", "worsened", "waived", "open", "unverifiable", "gone", "closed"]
"""What became of a risk. `unverifiable`: nobody can say any more, the rule is undecided there. `gone`: it is not in the
newer report for a reason that says nothing about the building. Neither is `closed`."""
RISK_STATES: tuple[RiskState, ...] = get_args(RiskState)
GapState = Literal["new", "grown", "open", "shrunk", "changed", "gone", "closed"]
"""What became of a gap. `changed`: the rule is still undecided at one of these places, for another reason."""
GAP_STATES: tuple[GapState, ...] = get_args(GapState)
Reason = Literal[
    "project",
    "nameless",
    "rule",
    "pack",
    "overlay",
    "parameter",
    "entity",
    "gap",
    "gap-unlisted",
    "incomplete",
    "basis",
]
"""Why a risk is in one report alone. Of a new one: its rule, pack, overlay, parameter or entity is new, it was a gap
(`gap-unlisted`: it may have been, the older report names some places only). Of one that is no longer there, the same
the other way round; `basis`: it was derived from risks that are no longer verifiable, gone or waived, or stand beside
gaps; `incomplete`: the newer snapshot says that it is. `nameless`: the entity has no id, so nobody can tell which one
it is. `project`: the reports are about different projects."""
DifferenceKind = Literal[
    "project",
    "same-snapshot",
    "day",
    "incomplete",
    "pack",
    "overlay",
    "parameter",
    "waivers",
    "lifecycle",
    "riskgate",
]
ChangeKind = Literal["severity", "nodes", "waiver", "evidence"]
Worse = Literal["severity", "nodes", "waiver"]
"""In what a risk became worse: raised, gates more nodes, its waiver ended."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something about a risk in both reports that is not what it was."""

    what: ChangeKind
    name: str
    old: Any
    new: Any

    def as_dict(self) -> dict[str, Any]:
        return {"what": self.what, "name": self.name, "old": self.old, "new": self.new}


def blocks(risk: Risk | None) -> bool:
    """Whether the risk alone keeps a node from passing."""
    return risk is not None and risk.severity == "blocking" and risk.waiver is None


@dataclass(frozen=True, slots=True)
class RiskChange:
    """A risk and what became of it: `old` and `new` are it in either report."""

    state: RiskState
    old: Risk | None
    new: Risk | None
    reason: Reason | None = None
    worse: tuple[Worse, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def risk(self) -> Risk:
        """The risk as it is now, or as it was if it is no longer there."""
        found = self.new if self.new is not None else self.old
        assert found is not None  # noqa: S101 - one of them is there, by construction
        return found

    @property
    def blocking(self) -> bool:
        """Whether it blocks now, or blocked then if it is no longer there."""
        return blocks(self.risk)

    @property
    def nodes(self) -> frozenset[str]:
        """The nodes that it gates or gated."""
        return frozenset(node for risk in (self.old, self.new) if risk is not None for node in risk.nodes)

    def as_dict(self) -> dict[str, Any]:
        risk = self.risk
        return {
            "id": risk.id,
            "state": self.state,
            "reason": self.reason,
            "blocking": self.blocking,
            "rule": risk.rule,
            "severity": risk.severity,
            "nodes": risk.nodes,
            "entity": risk.entity.as_dict(),
            "message": risk.message.as_dict(),
            "waiver": risk.waiver,
            "worse": self.worse,
            "changes": [change.as_dict() for change in self.changes],
        }


@dataclass(frozen=True, slots=True)
class GapChange:
    """A gap and what became of it."""

    state: GapState
    old: Gap | None
    new: Gap | None
    reason: Reason | None = None

    @property
    def gap(self) -> Gap:
        found = self.new if self.new is not None else self.old
        assert found is not None  # noqa: S101 - one of them is there, by construction
        return found

    @property
    def blocking(self) -> bool:
        return self.gap.severity == "blocking"

    @property
    def nodes(self) -> frozenset[str]:
        return frozenset(node for gap in (self.old, self.new) if gap is not None for node in gap.nodes)

    def as_dict(self) -> dict[str, Any]:
        gap = self.gap
        return {
            "id": gap.id,
            "state": self.state,
            "reason": self.reason,
            "blocking": self.blocking,
            "rule": gap.rule,
            "severity": gap.severity,
            "nodes": gap.nodes,
            "cause": gap.reason,
            "detail": gap.detail.as_dict(),
            "missing": gap.missing,
            "old_count": self.old.count if self.old is not None else 0,
            "new_count": self.new.count if self.new is not None else 0,
        }


@dataclass(frozen=True, slots=True)
class NodeChange:
    """A node whose state is not what it was, or that was reopened. None where a report has no such node."""

    old: NodeResult | None
    new: NodeResult | None

    @property
    def node(self) -> NodeResult:
        found = self.new if self.new is not None else self.old
        assert found is not None  # noqa: S101 - one of them is there, by construction
        return found

    @property
    def lost(self) -> bool:
        """Whether it was clear and nobody can say so any more, or is no longer looked at."""
        then = self.old.status if self.old is not None else None
        now = self.new.status if self.new is not None else "ungated"
        return (then == "clear" and now == "unverified") or (now == "ungated" and then not in {None, "ungated"})

    def as_dict(self) -> dict[str, Any]:
        node = self.node
        old, new = ({} if node is None else _state(node) for node in (self.old, self.new))
        return {"id": node.id, "code": node.code, "title": node.title.as_dict(), "old": old or None, "new": new or None}


def _state(node: NodeResult) -> dict[str, Any]:
    return {
        "state": state_of(node),
        "status": node.status,
        "held_by": node.held_by,
        "awaiting": node.awaiting,
        "reopened": node.reopened,
    }


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that differs between the two checks and is no fact of the project: then what follows means less."""

    what: DifferenceKind
    name: str
    old: Any
    new: Any
    message: Text

    def as_dict(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "name": self.name,
            "old": self.old,
            "new": self.new,
            "message": self.message.as_dict(),
        }


@dataclass(frozen=True)
class Comparison:
    """What became of every risk, gap and node from one report to another; a change is of the chosen nodes, or of all.

    The lists stand in the order of reports: what is there now in the order of the newer one, then what was there.
    """

    old: Report
    new: Report
    old_name: str
    new_name: str
    selection: tuple[str, ...]
    named: bool
    differences: tuple[Difference, ...]
    risks: tuple[RiskChange, ...]
    gaps: tuple[GapChange, ...]
    nodes: tuple[NodeChange, ...]

    def by_state(self, state: RiskState) -> tuple[RiskChange, ...]:
        """The risks of which this became."""
        return self._by_state.get(state, ())

    @cached_property
    def _by_state(self) -> Mapping[RiskState, tuple[RiskChange, ...]]:
        return {state: tuple(one for one in self.risks if one.state == state) for state in RISK_STATES}

    @cached_property
    def rules(self) -> Mapping[str, RuleInfo]:
        """The rules that a risk or gap names, as they are now, or as they were."""
        named = {one.risk.rule for one in self.risks} | {one.gap.rule for one in self.gaps}
        known = {**self.old.rules, **self.new.rules}
        return {name: known[name] for name in sorted(named)}

    @property
    def exit_code(self) -> Literal[0, 1, 3]:
        """1: a blocking risk is new or worse. 3: otherwise, if something that counts can no longer be verified: a
        blocking risk is unverifiable or gone, a gap of a blocking rule is new or larger, a node is no longer clear or
        no longer looked at. 0: nothing of this."""
        if any(one.blocking for state in ("new", "worsened") for one in self.by_state(state)):
            return 1
        lost = any(one.blocking for state in ("unverifiable", "gone") for one in self.by_state(state))
        undecided = any(one.blocking and one.state in {"new", "grown"} for one in self.gaps)
        return 3 if lost or undecided or any(one.lost for one in self.nodes) else 0

    def counts(self, of: Sequence[RiskChange] | None = None) -> Mapping[RiskState, int]:
        """How many risks became what; states that none has are left out."""
        chosen = self.risks if of is None else of
        found = {state: sum(one.state == state for one in chosen) for state in RISK_STATES}
        return {state: number for state, number in found.items() if number}

    def as_dict(self) -> dict[str, Any]:
        """The comparison as plain values, in the shape of its JSON schema."""
        blocking = [one for one in self.risks if one.blocking]
        every, some = self.counts(), self.counts(blocking)
        return {
            "comparison": COMPARISON_VERSION,
            "riskgate": self.new.version,
            "exit_code": self.exit_code,
            "old": _side(self.old, self.old_name),
            "new": _side(self.new, self.new_name),
            "selection": {"nodes": self.selection, "named": self.named},
            "differences": [one.as_dict() for one in self.differences],
            "counts": {s: {"risks": every.get(s, 0), "blocking": some.get(s, 0)} for s in RISK_STATES},
            "nodes": [one.as_dict() for one in self.nodes],
            "rules": {name: info.as_dict() for name, info in self.rules.items()},
            "risks": [one.as_dict() for one in self.risks],
            "gaps": [one.as_dict() for one in self.gaps],
        }

    def to_json(self) -> bytes:
        """The comparison as UTF-8 JSON, indented by two, ending in a newline; the same bytes for the same reports."""
        return orjson.dumps(self.as_dict(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _side(report: Report, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "riskgate": report.version,
        "project": {"id": report.project_id, "name": report.project_name},
        "as_of": report.as_of,
        "verdict": report.verdict,
        "snapshot": {"sha256": report.sha256, "incomplete": report.incomplete},
        "packs": [pack.as_dict() for pack in report.packs],
        "risks": len(report.risks),
        "gaps": sum(gap.count for gap in report.gaps),
    }


def severity_rank(severity: Severity) -> int:
    """Higher is worse."""
    return ("minor", "major", "blocking").index(severity)

"""The audit of waivers: which ones deserve a look, over one report or several of the same waivers."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Literal, get_args

from riskgate.record import record
from riskgate.report import Report
from riskgate.waiver import WaiverResult

AuditFinding = Literal[
    "expired",
    "expiring",
    "not-yet",
    "unconfirmed",
    "role-too-low",
    "not-waivable",
    "condition-false",
    "condition-undecided",
    "unmatched",
    "unused",
]
"""What an audit finds. `expiring`: it ends soon. `unmatched`: it covers no risk anywhere. `unused`: it covers some, and
waives none anywhere."""
AUDIT_FINDINGS: tuple[AuditFinding, ...] = get_args(AuditFinding)
WITHIN = 30
"""So many days before its end a waiver counts as expiring."""


@record
class Seen:
    """What became of a waiver in one report; `name` is what the caller calls it."""

    name: str
    as_of: str
    result: WaiverResult


@record
class Audited:
    """One waiver: what became of it in each report, and what is to be said of it."""

    seen: tuple[Seen, ...]
    findings: tuple[AuditFinding, ...]

    @property
    def latest(self) -> WaiverResult:
        """What became of it in the report of the latest day."""
        return max(self.seen, key=lambda one: one.as_of).result

    def as_dict(self) -> dict[str, Any]:
        """As JSON: what is true of the waiver whatever the report, and for each report what became of it."""
        latest = self.latest.as_dict()
        fixed = {name: value for name, value in latest.items() if name not in _VARYING}
        return {
            **fixed,
            "findings": self.findings,
            "reports": [
                {"name": one.name, "as_of": one.as_of} | {name: one.result.as_dict()[name] for name in _VARYING}
                for one in self.seen
            ],
        }


_VARYING = ("state", "detail", "covers", "waives", "days_left")


def audit(reports: Sequence[tuple[str, Report]], *, within: int = WITHIN) -> tuple[Audited, ...]:
    """Every waiver of the reports, in their order. Days count from the latest day of the reports."""
    found: dict[tuple[str, str, int, int], list[Seen]] = {}
    for name, report in reports:
        times: Counter[tuple[str, str, int]] = Counter()
        for waiver in report.waivers:
            place = (waiver.id, waiver.file, waiver.line)
            found.setdefault((*place, times[place]), []).append(Seen(name, report.as_of, waiver))
            times[place] += 1
    return tuple(Audited(tuple(seen), _findings(seen, within)) for seen in found.values())


def _findings(seen: Sequence[Seen], within: int) -> tuple[AuditFinding, ...]:
    last = max(seen, key=lambda one: one.as_of)
    states = {one.result.state for one in seen}
    covered = any(one.result.covers for one in seen)
    said: dict[AuditFinding, bool] = {
        "expired": last.result.days_left < 0,
        "expiring": 0 <= last.result.days_left <= within,
        "not-yet": last.as_of < last.result.approved_on,
        "unconfirmed": not last.result.confirmed,
        "role-too-low": "role-too-low" in states,
        "not-waivable": "not-waivable" in states,
        "condition-false": "condition-false" in states,
        "condition-undecided": "condition-undecided" in states,
        "unmatched": not covered,
        "unused": covered and not any(one.result.waives for one in seen),
    }
    return tuple(name for name in AUDIT_FINDINGS if said[name])

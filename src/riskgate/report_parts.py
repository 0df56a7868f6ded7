"""What a report consists of, beside its risks: gaps, nodes, rules, packs, the choice of nodes, notes, the baseline."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Literal

from riskgate.fingerprint import fingerprint
from riskgate.overlay import Level
from riskgate.pack import Citation, Severity, WaivableBy
from riskgate.record import record
from riskgate.risk import EntityRef, Risk, ids_of
from riskgate.text import Text

Status = Literal["blocked", "unverified", "clear", "ungated"]
Verdict = Literal["blocked", "unverified", "clear"]
GapReason = Literal["missing", "error", "budget", "conflict", "absent"]


@record
class Gap:
    """A rule applies but cannot be decided, for one reason and one set of missing paths, at `count` entities."""

    rule: str
    severity: Severity
    nodes: tuple[str, ...]
    reason: GapReason
    detail: Text
    missing: tuple[str, ...]
    count: int
    entities: tuple[EntityRef, ...]

    @cached_property
    def id(self) -> str:
        return fingerprint(self.rule, "\0".join((self.reason, self.detail.en, *self.missing)))

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "rule": self.rule,
            "severity": self.severity,
            "nodes": self.nodes,
            "reason": self.reason,
            "detail": self.detail.as_dict(),
            "missing": self.missing,
            "count": self.count,
            "entities": [entity.as_dict() for entity in self.entities],
        }


@record
class NodeResult:
    """What the gate says about one lifecycle node."""

    id: str
    code: str
    title: Text
    stage: str
    key: bool
    status: Status
    held_by: tuple[str, ...]
    awaiting: tuple[str, ...]
    reopened: bool
    blocking_risks: Sequence[Risk]
    other_risks: Sequence[Risk]
    gaps: tuple[Gap, ...]
    rules: int
    checked: int

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "code": self.code,
            "title": self.title.as_dict(),
            "stage": self.stage,
            "key": self.key,
            "status": self.status,
            "held_by": self.held_by,
            "awaiting": self.awaiting,
            "reopened": self.reopened,
            "blocking_risks": ids_of(self.blocking_risks),
            "other_risks": ids_of(self.other_risks),
            "gaps": [gap.id for gap in self.gaps],
            "rules": self.rules,
            "checked": self.checked,
        }


@record
class RuleInfo:
    """What a reader of the report needs to know of a rule or derive rule."""

    title: Text
    pack: str
    severity: Severity
    theme: str | None
    customer_sensitivity: int | None
    operator_weight: int | None
    owners: tuple[str, ...]
    remedy: Text | None
    why: Text | None
    sources: tuple[Citation, ...]
    waivable_by: WaivableBy
    file: str
    line: int

    def as_dict(self) -> dict[str, Any]:
        return {
            "title": self.title.as_dict(),
            "pack": self.pack,
            "severity": self.severity,
            "theme": self.theme,
            "customer_sensitivity": self.customer_sensitivity,
            "operator_weight": self.operator_weight,
            "owners": self.owners,
            "remedy": self.remedy.as_dict() if self.remedy else None,
            "why": self.why.as_dict() if self.why else None,
            "sources": [{"ref": s.ref, "clause": s.clause, "certainty": s.certainty} for s in self.sources],
            "waivable_by": self.waivable_by,
            "file": self.file,
            "line": self.line,
        }


@record
class PackInfo:
    pack: str
    version: str
    sha256: str
    rules: int

    def as_dict(self) -> dict[str, Any]:
        return {"pack": self.pack, "version": self.version, "sha256": self.sha256, "rules": self.rules}


@record
class OverlayInfo:
    """An overlay that was applied to the packs; `file` is without its folder."""

    overlay: str
    level: Level
    file: str
    sha256: str

    def as_dict(self) -> dict[str, Any]:
        return {"overlay": self.overlay, "level": self.level, "file": self.file, "sha256": self.sha256}


@record
class Override:
    """A parameter that was set for this check."""

    pack: str
    name: str
    value: Any
    default: Any
    origin: str

    def as_dict(self) -> dict[str, Any]:
        return {
            "pack": self.pack,
            "name": self.name,
            "value": self.value,
            "default": self.default,
            "origin": self.origin,
        }


@record
class ReportNote:
    """Something a reader should know that is neither a risk nor a gap: an unknown field, an entity without an id."""

    code: str
    message: Text
    pointer: str | None = None
    count: int = 1

    def as_dict(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message.as_dict(), "pointer": self.pointer, "count": self.count}


@record
class Selection:
    """Which nodes were chosen (`named`: by the caller) and the flags that bear on the exit code."""

    nodes: tuple[str, ...]
    named: bool = False
    allow_unverified: bool = False
    ignore_upstream: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {
            "nodes": self.nodes,
            "named": self.named,
            "allow_unverified": self.allow_unverified,
            "ignore_upstream": self.ignore_upstream,
        }


@record
class Baseline:
    """An earlier report whose risks and gaps do not count against the exit code of this one (`riskgate.known`)."""

    name: str
    sha256: str
    as_of: str
    known_risks: int
    """How many blocking risks do not count, because the baseline has them."""
    new_risks: tuple[str, ...]
    """Ids of the blocking risks that do count: all others without a waiver."""
    known_gaps: int
    new_gaps: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "sha256": self.sha256,
            "as_of": self.as_of,
            "known_risks": self.known_risks,
            "new_risks": self.new_risks,
            "known_gaps": self.known_gaps,
            "new_gaps": self.new_gaps,
        }

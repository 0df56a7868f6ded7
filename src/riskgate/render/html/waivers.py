"""Waivers as the page's script reads them: every one with what became of it, whether it waives anything or not."""

from collections.abc import Mapping
from typing import Any

from riskgate.render.escape import visible
from riskgate.render.html.texts import Pair, pair, pair_of
from riskgate.render.waivers import UNCONFIRMED
from riskgate.render.words import WAIVABLE, WAIVER_STATES
from riskgate.report import Report
from riskgate.waiver import WaiverResult


def waivers(report: Report) -> list[dict[str, Any]]:
    """Those that waive something first, then those that could have."""
    ordered = sorted(report.waivers, key=lambda waiver: (not waiver.waives, not waiver.covers))
    return [_waiver(waiver) for waiver in ordered]


def mark_of(waiver: Mapping[str, Any]) -> dict[str, Any]:
    """What a waived risk says of its waiver."""
    reason = waiver.get("reason") or ""
    return {
        "by": visible(str(waiver.get("approved_by") or "")),
        "until": visible(str(waiver.get("expires_on") or "")),
        "reason": pair_of(**reason) if isinstance(reason, Mapping) else visible(str(reason)),
        "doubt": "" if waiver.get("confirmed", True) else pair(UNCONFIRMED),
    }


def _waiver(waiver: WaiverResult) -> dict[str, Any]:
    role: Pair = pair(WAIVABLE[waiver.role]) if waiver.role is not None else ""
    return {
        "rule": visible(waiver.rule),
        "entity": visible(waiver.entity),
        "state": pair(WAIVER_STATES[waiver.state]),
        "holds": bool(waiver.waives),
        "detail": pair(waiver.detail),
        "by": visible(waiver.approved_by),
        "role": role,
        "doubt": "" if waiver.confirmed else pair(UNCONFIRMED),
        "from": visible(waiver.approved_on),
        "until": visible(waiver.expires_on),
        "condition": visible(waiver.condition or ""),
        "reason": pair(waiver.reason),
        "covers": waiver.covers,
        "waives": waiver.waives,
        "file": visible(f"{waiver.file}:{waiver.line}" if waiver.line else waiver.file),
    }

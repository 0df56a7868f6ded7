"""The report for GitLab's code quality widget: a JSON list in the strict subset of Code Climate's format that GitLab
reads (docs/formats.md)."""

from collections import Counter
from typing import Any

import orjson

from riskgate.render.entries import Entry, entries_of, pointers_of, title_of, what_of, where_of
from riskgate.render.escape import visible
from riskgate.render.formats import Reader
from riskgate.render.lines import Lines
from riskgate.render.scope import scope_of
from riskgate.render.wording import Wording
from riskgate.render.words import BETWEEN
from riskgate.report import Report

NAMELESS = "snapshot"
"""The path that GitLab is given where the snapshot has no file name; GitLab takes no entry without one."""

_CODES = {1: "blocker", 3: "critical"}
_RISKS = {"blocking": "major", "major": "major", "minor": "minor"}
_GAPS = {"blocking": "minor", "major": "minor", "minor": "info"}


def gitlab(report: Report, reader: Reader) -> bytes:
    """The format `gitlab`."""
    wording = Wording(report, reader)
    entries = list(entries_of(report, scope_of(report)))
    lines = Lines(report, reader.source, pointers_of(entries))
    seen: Counter[str] = Counter()
    issues = [_issue(entry, wording, lines, seen) for entry in entries]
    return orjson.dumps(issues, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _issue(entry: Entry, wording: Wording, lines: Lines, seen: Counter[str]) -> dict[str, Any]:
    place = lines.at(entry.entity.pointer) if entry.entity is not None else None
    known = wording.baseline() if entry.known else ""
    parts = [title_of(entry, wording), known, what_of(entry, wording), where_of(entry, wording)]
    seen[entry.id] += 1
    twin = f"-{seen[entry.id]}" if seen[entry.id] > 1 else ""  # GitLab drops all but one of the same fingerprint
    return {
        "description": wording.say(BETWEEN).join(part for part in parts if part),
        "check_name": visible(entry.rule),
        "fingerprint": entry.id + twin,
        "severity": severity_of(entry),
        "location": {
            "path": visible(lines.name) or NAMELESS,
            "lines": {"begin": (place.line if place is not None else 0) or 1},
        },
    }


def severity_of(entry: Entry) -> str:
    """GitLab's word. Only what makes the exit code is a blocker (1) or critical (3); what is waived is info."""
    if entry.waiver is not None:
        return "info"
    if entry.exit_code:
        return _CODES[entry.exit_code]
    return (_RISKS if entry.risk is not None else _GAPS)[entry.severity]

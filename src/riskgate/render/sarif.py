"""The report in SARIF 2.1.0, for code scanning and SARIF viewers (docs/formats.md)."""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

import orjson

from riskgate.pack import Severity
from riskgate.render.entries import Entry, entries_of, level_of, pointers_of, title_of, what_of, where_of
from riskgate.render.escape import visible
from riskgate.render.formats import Reader
from riskgate.render.lines import Lines
from riskgate.render.sarif_rules import rules_of
from riskgate.render.scope import Scope, scope_of
from riskgate.render.wording import Wording
from riskgate.render.words import BETWEEN, state_of
from riskgate.report import EntityRef, Report, Risk

Json = dict[str, Any]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LOCATIONS = 100
"""GitHub shows so many locations of a result, and refuses a file with many more."""
RELATED = 10
"""So many values of the evidence are given with their place."""
_LEVELS = {"error": "error", "warning": "warning", "notice": "note"}
_VERDICTS = {"blocked": "error", "unverified": "warning", "clear": "note"}
_DRIVE = re.compile("[A-Za-z]:/")


def sarif(report: Report, reader: Reader) -> bytes:
    """The format `sarif`."""
    wording = Wording(report, reader)
    scope = scope_of(report)
    entries = list(entries_of(report, scope))
    lines = Lines(report, reader.source, _pointers(entries))
    rules = rules_of(entries, wording)
    places = _Places(lines)
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    language = "zh-CN" if reader.lang == "zh" else "en-US"
    run: Json = {
        "tool": {
            "driver": {
                "name": "riskgate",
                "version": report.version,
                "language": language,
                "rules": rules,
                "notifications": [{"id": "verdict"}, {"id": "node"}, {"id": "warning"}],
            }
        },
        "invocations": [_invocation(report, scope, wording)],
        "language": language,
        "columnKind": "unicodeCodePoints",
        "results": [_result(entry, index, wording, places) for entry in entries],
        "properties": _properties(report),
    }
    if lines.name:
        run["artifacts"] = [_artifact(report, lines.name)]
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return orjson.dumps(log, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _pointers(entries: Sequence[Entry]) -> Iterator[str]:
    yield from pointers_of(entries)
    for entry in entries:
        if entry.risk is not None:
            yield from (pointer for pointer, _ in _related(entry.risk))


def _related(risk: Risk) -> list[tuple[str, int]]:
    """The pointers of the evidence with the number of the first value there, each once."""
    found: dict[str, int] = {}
    for number, item in enumerate(risk.evidence):
        if item.pointer is not None and item.pointer not in found:
            found[item.pointer] = number
    return list(found.items())[:RELATED]


# -- what the run is


def _invocation(report: Report, scope: Scope, wording: Wording) -> Json:
    """The run of the tool: it succeeded if it came to an answer, whatever that is; the answer is a notification."""
    told = [_notification("verdict", _VERDICTS[report.verdict], f"{wording.verdict()}{BETWEEN.en}{wording.summary()}")]
    told += [_notification("warning", "warning", warning) for warning in wording.warnings()]
    for node in (*scope.chosen, *scope.upstream):
        state = state_of(node)
        if state in ("clear", "ungated"):
            continue
        level = "error" if state in ("blocked", "held") else "warning"
        told.append(_notification("node", level, f"{wording.state(node)} {wording.node(node)}: {wording.why(node)}"))
    return {
        "executionSuccessful": True,
        "exitCode": report.exit_code,
        "exitCodeDescription": wording.exit(),
        "toolExecutionNotifications": told,
    }


def _notification(name: str, level: str, text: str) -> Json:
    return {"descriptor": {"id": name}, "level": level, "message": _message(text)}


def _message(text: str) -> Json:
    """A message in which nothing is a link: SARIF reads `[text](target)` as one even in plain text."""
    return {"text": text.replace("](", "] (")}


def _properties(report: Report) -> Json:
    return {
        "verdict": report.verdict,
        "asOf": visible(report.as_of),
        "project": {"id": visible(report.project_id), "name": visible(report.project_name or "")},
        "packs": [
            {"name": visible(pack.pack), "version": visible(pack.version), "sha256": visible(pack.sha256)}
            for pack in report.packs
        ],
        "overlays": [
            {"name": visible(one.overlay), "level": one.level, "sha256": visible(one.sha256)} for one in report.overlays
        ],
        "nodes": [
            {"id": visible(node.id), "code": visible(node.code), "status": node.status, "state": state_of(node)}
            for node in report.selected
        ],
    }


def _artifact(report: Report, name: str) -> Json:
    return {
        "location": {"uri": uri_of(name)},
        "roles": ["analysisTarget"],
        "mimeType": "application/json",
        "encoding": "utf-8",
        "hashes": {"sha-256": visible(report.sha256)},
    }


def uri_of(name: str) -> str:
    """A file's name as a URI reference: relative names stay relative, so that a host finds them in the repository."""
    path = quote(name.encode("utf-8", "backslashreplace"), safe="/")
    if name.startswith("/"):
        return f"file://{path}"
    return f"file:///{name[0]}:{path[4:]}" if _DRIVE.match(name) else path


# -- results


def _result(entry: Entry, index: dict[str, int], wording: Wording, places: "_Places") -> Json:
    what, where = what_of(entry, wording), where_of(entry, wording)
    if entry.risk is None:  # a reader that does not know the kind must still not take it for a violation
        what = f"{title_of(entry, wording)}{wording.say(BETWEEN)}{what}"
    found: Json = {
        "ruleId": visible(entry.rule),
        "ruleIndex": index[visible(entry.rule)],
        "kind": "fail" if entry.risk is not None else "open",
        "level": _LEVELS[level_of(entry)] if entry.risk is not None else "none",
        "message": _message(wording.say(BETWEEN).join(part for part in (what, where) if part)),
        "partialFingerprints": {"riskgate/v1": entry.id, "primaryLocationLineHash": entry.id},
        "properties": _result_properties(entry, wording),
    }
    locations = [places.of_entity(entity, wording) for entity in entry.entities[:LOCATIONS]]
    if not locations and places.named:
        locations = [places.of_file()]
    if locations:
        found["locations"] = locations
    if wording.report.baseline is not None and (entry.exit_code or entry.known):
        found["baselineState"] = "unchanged" if entry.known else "new"
    if entry.times > 1:
        found["occurrenceCount"] = entry.times
    if entry.risk is not None:
        related = places.of_evidence(entry.risk, wording)
        if related:
            found["relatedLocations"] = related
    if entry.waiver is not None:
        found["suppressions"] = [{"kind": "external", "justification": wording.waiver(entry.waiver)}]
    return found


def _result_properties(entry: Entry, wording: Wording) -> Json:
    severity: Severity = entry.severity
    found: Json = {
        "kind": entry.kind,
        "severity": severity,
        "exitCode": entry.exit_code,
        "nodes": [visible(name) for name in entry.nodes],
    }
    if entry.risk is not None:
        found["evidence"] = [wording.evidence(item) for item in entry.risk.evidence]
        if entry.risk.because:
            found["because"] = list(entry.risk.because)
    if entry.gap is not None:
        found["reason"] = entry.gap.reason
        found["missing"] = [visible(path) for path in entry.gap.missing]
    return found


class _Places:
    """Locations: the line in the snapshot where it is known, the address always."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self.named = bool(lines.name)
        self._uri = uri_of(lines.name) if lines.name else ""

    def of_file(self) -> Json:
        return {"physicalLocation": {"artifactLocation": {"uri": self._uri, "index": 0}, "region": {"startLine": 1}}}

    def of_entity(self, entity: EntityRef, wording: Wording) -> Json:
        logical: Json = {
            "name": wording.data(entity.label) or visible(entity.address),
            "fullyQualifiedName": visible(entity.address),
            "kind": "object",
            "properties": {"type": visible(entity.type), "pointer": visible(entity.pointer)},
        }
        return {**self._physical(entity.pointer), "logicalLocations": [logical]}

    def of_evidence(self, risk: Risk, wording: Wording) -> list[Json]:
        """Where the deciding values stand; nothing where no line is known."""
        return [
            {"id": number, **physical, "message": _message(wording.evidence(risk.evidence[place]))}
            for number, (pointer, place) in enumerate(_related(risk))
            if (physical := self._physical(pointer)) and "region" in physical["physicalLocation"]
        ]

    def _physical(self, pointer: str) -> Json:
        if not self.named:
            return {}
        place = self._lines.at(pointer)
        found: Json = {"artifactLocation": {"uri": self._uri, "index": 0}}
        if place.line:
            found["region"] = {"startLine": place.line, "startColumn": place.column}
        return {"physicalLocation": found}

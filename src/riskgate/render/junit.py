"""The report as JUnit XML: a test suite for each node, a test case for each rule that gates it (docs/formats.md).

Failures and errors stand for what makes the exit code: there is a failure if and only if it is 1, and there are errors
but no failures if it is 3. Everything else that did not pass is skipped, with the reason: nothing undecided looks like
a pass.
"""

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from riskgate.render.escape import visible
from riskgate.render.formats import Reader
from riskgate.render.junit_cases import OUTCOMES, Case, Cases, Outcome
from riskgate.render.lines import Lines
from riskgate.render.scope import scope_of
from riskgate.render.wording import Wording
from riskgate.render.words import state_of
from riskgate.report import NodeResult, Report

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, in whatever spelling."""


def junit(report: Report, reader: Reader) -> bytes:
    """The format `junit`."""
    wording = Wording(report, reader)
    scope = scope_of(report)
    pointers = [risk.entity.pointer for risk in scope.risks]
    pointers += [entity.pointer for gap in scope.gaps for entity in gap.entities]
    lines = Lines(report, reader.source, pointers)
    cases = Cases(report, scope, reader, wording, lines)
    root = ET.Element("testsuites", {"name": _legal(f"riskgate: {wording.verdict()} {wording.project()}")})
    root.extend(_suite(node, cases.of(node), wording, lines) for node in (*scope.chosen, *scope.upstream))
    for name in ("tests", *OUTCOMES.values()):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _suite(node: NodeResult, cases: Sequence[Case], wording: Wording, lines: Lines) -> ET.Element:
    suite = ET.Element("testsuite", {"name": _legal(wording.node(node)), "tests": str(len(cases))})
    for outcome, total in OUTCOMES.items():
        suite.set(total, str(sum(case.outcome == outcome for case in cases)))
    properties = ET.SubElement(suite, "properties")
    told = {
        "node": visible(node.id),
        "stage": visible(node.stage),
        "status": node.status,
        "state": state_of(node),
        "verdict": wording.report.verdict,
        "exit_code": str(wording.report.exit_code),
    }
    if wording.report.baseline is not None:
        told["baseline"] = wording.baseline()
    for name, value in told.items():
        ET.SubElement(properties, "property", {"name": name, "value": _legal(value)})
    group = f"riskgate.{visible(node.code)}"
    for case in cases:
        made = ET.SubElement(suite, "testcase", {"classname": _legal(group), "name": _legal(case.name)})
        if lines.name:
            made.set("file", _legal(visible(lines.name)))
        if case.outcome is not None:
            _say(made, case.outcome, case)
    return suite


def _say(made: ET.Element, outcome: Outcome, case: Case) -> None:
    """What happened, as the message and, in full, as the text: some hosts show the one, some the other."""
    told = ET.SubElement(made, outcome, {"message": _legal(case.message)})
    if outcome != "skipped":
        told.set("type", case.kind)
    told.text = _legal("\n".join([case.message, *case.lines]))


def _legal(text: str) -> str:
    return _ILLEGAL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)

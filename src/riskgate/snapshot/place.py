"""Findings become problems: each with file, line and column where a text stands behind it, and its JSON Pointer."""

from collections.abc import Iterable, Sequence

from riskgate.errors import Place, Problem, SnapshotError
from riskgate.snapshot.finding import Finding, pointer


def snapshot_error(findings: Sequence[Finding], text: str | None, name: str) -> SnapshotError:
    """All findings as one error. `text` is the JSON text they are about; None where the data had none."""
    return SnapshotError(_problems(findings, text, name))


def _problems(findings: Sequence[Finding], text: str | None, name: str) -> Iterable[Problem]:
    if text is None:
        for finding in findings:
            yield _problem(finding, Place(file=name, pointer=pointer(finding.path)))
        return
    from riskgate.snapshot.locate import Lines, Locator  # noqa: PLC0415 - what is sound does without

    lines = Lines(text)
    locator = None
    if any(finding.offset is None for finding in findings):
        locator = Locator(text, (finding.path for finding in findings))
    for finding in findings:
        offset = finding.offset
        if offset is None and locator is not None:
            offset = locator.find(finding.path, key=finding.at == "key", nth=finding.nth)
        line, column = lines.at(offset or 0)
        shown = None if finding.offset is not None else pointer(finding.path)
        yield _problem(finding, Place(name, line, column, shown))


def _problem(finding: Finding, place: Place) -> Problem:
    return Problem(finding.code, finding.message, place, finding.help)

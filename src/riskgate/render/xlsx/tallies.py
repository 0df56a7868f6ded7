"""How many risks and gaps there are, by severity, department, theme and node, for the summary."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from riskgate.pack import SEVERITIES, Severity
from riskgate.report import Gap, Report, Risk
from riskgate.scope import Scope


class Tally(NamedTuple):
    """What is still to be done under one heading; `waived` ones are not. `gaps` counts places."""

    key: str
    blocking: int
    major: int
    minor: int
    waived: int
    gaps: int

    def of(self, severity: Severity) -> int:
        """The open ones of a severity."""
        return {"blocking": self.blocking, "major": self.major, "minor": self.minor}[severity]

    @property
    def open(self) -> int:
        return self.blocking + self.major + self.minor


def by_severity(scope: Scope) -> list[tuple[Severity, int, int, int]]:
    """For each severity: open risks, waived risks, gaps."""
    return [
        (
            severity,
            sum(risk.waiver is None for risk in scope.risks if risk.severity == severity),
            sum(risk.waiver is not None for risk in scope.risks if risk.severity == severity),
            sum(gap.count for gap in scope.gaps if gap.severity == severity),
        )
        for severity in SEVERITIES
    ]


def by_department(report: Report, scope: Scope) -> list[Tally]:
    """By the department that leads the remedy; under "" what has none."""
    return _tallies(scope, lambda found: (report.rules[found.rule].owners or ("",))[:1])


def by_theme(report: Report, scope: Scope) -> list[Tally]:
    """By customer theme; under "" what has none."""
    return _tallies(scope, lambda found: (report.rules[found.rule].theme or "",))


def by_node(report: Report, scope: Scope) -> list[Tally]:
    """The chosen nodes and those before them that hold or delay them, in lifecycle order, where anything was found.
    A risk counts at each of its nodes."""
    wanted = {node.id for node in (*scope.chosen, *scope.upstream)}
    found = {tally.key: tally for tally in _tallies(scope, lambda found: [n for n in found.nodes if n in wanted])}
    return [found[node.id] for node in report.nodes if node.id in found]


def _tallies(scope: Scope, keys: Callable[[Risk | Gap], Sequence[str]]) -> list[Tally]:
    """Most blocking risks first, then most risks, then most gaps."""
    counts: dict[str, dict[str, int]] = {}

    def add(names: Iterable[str], what: str, number: int) -> None:
        for name in names:
            counts.setdefault(name, dict.fromkeys((*SEVERITIES, "waived", "gaps"), 0))[what] += number

    for risk in scope.risks:
        add(keys(risk), risk.severity if risk.waiver is None else "waived", 1)
    for gap in scope.gaps:
        add(keys(gap), "gaps", gap.count)
    found = [Tally(name, *(count[what] for what in Tally._fields[1:])) for name, count in counts.items()]
    return sorted(found, key=lambda tally: (-tally.blocking, -tally.open, -tally.gaps, tally.key))

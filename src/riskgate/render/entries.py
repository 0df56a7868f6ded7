"""A report as one flat list, for formats that are lists: each risk, each gap, and each node that stops the gate with
neither to show for it. Nothing that makes the exit code is left out of such a list."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from riskgate.fingerprint import fingerprint
from riskgate.pack import Severity
from riskgate.render.bearing import Bearing
from riskgate.render.scope import Scope
from riskgate.render.wording import Wording
from riskgate.render.words import state_of
from riskgate.report import EntityRef, Gap, NodeResult, Report, Risk
from riskgate.text import Text

UNSHOWN = "node-unverified"
"""What stands for a rule where a node is not clear and no rule says why."""


class Entry(NamedTuple):
    """One line of the list: a risk, a gap or a node. `exit_code` is what it would make the exit code by itself: 1, 3,
    or 0 if it does not bear on it."""

    rule: str
    severity: Severity
    nodes: tuple[str, ...]
    exit_code: int
    risk: Risk | None = None
    gap: Gap | None = None
    node: NodeResult | None = None
    known: bool = False
    """Whether the baseline of the check has it, so that it does not count."""

    @property
    def kind(self) -> Literal["risk", "gap", "node"]:
        if self.risk is not None:
            return "risk"
        return "gap" if self.gap is not None else "node"

    @property
    def id(self) -> str:
        """The same in every report, as long as the thing is there."""
        if self.node is not None:
            return fingerprint(UNSHOWN, f"{self.node.id}\0{state_of(self.node)}")
        found = self.risk or self.gap
        return found.id if found is not None else ""

    @property
    def waiver(self) -> Mapping[str, Any] | None:
        return self.risk.waiver if self.risk is not None else None

    @property
    def entities(self) -> tuple[EntityRef, ...]:
        """What it is about: one for a risk, the first ones for a gap, none for a node."""
        if self.risk is not None:
            return (self.risk.entity,)
        return self.gap.entities if self.gap is not None else ()

    @property
    def entity(self) -> EntityRef | None:
        return next(iter(self.entities), None)

    @property
    def times(self) -> int:
        return self.gap.count if self.gap is not None else 1


def entries_of(report: Report, scope: Scope) -> Iterator[Entry]:
    """The risks and gaps that concern the chosen nodes, in the order of the report, then the nodes."""
    bearing = Bearing(report)
    for risk in scope.risks:
        yield Entry(risk.rule, risk.severity, risk.nodes, bearing.of_risk(risk), risk=risk, known=bearing.knows(risk))
    for gap in scope.gaps:
        yield Entry(gap.rule, gap.severity, gap.nodes, bearing.of_gap(gap), gap=gap, known=bearing.knows(gap))
    for node in report.nodes:
        if node.id in bearing.unshown:
            yield Entry(UNSHOWN, "blocking", (node.id,), bearing.unshown[node.id], node=node)


def pointers_of(entries: Iterable[Entry]) -> Iterator[str]:
    """Where in the snapshot the entries lie."""
    return (entity.pointer for entry in entries for entity in entry.entities)


def rounds(rules: Iterable[str]) -> Iterator[int]:
    """For each of a sequence of rules, how many times it was there before. Where room is short, what is sorted by this
    shows every rule once before any rule twice."""
    seen: Counter[str] = Counter()
    for rule in rules:
        yield seen[rule]
        seen[rule] += 1


def level_of(entry: Entry) -> Literal["error", "warning", "notice"]:
    """How loud an entry is where there are three ways to say it: an error makes the exit code 1; a warning is major,
    cannot be decided, or would block if its node counted; what is waived is never more than a notice."""
    if entry.waiver is not None:
        return "notice"
    if entry.exit_code == 1:
        return "error"
    return "warning" if entry.exit_code or entry.severity != "minor" else "notice"


def title_of(entry: Entry, wording: Wording) -> str:
    """What an entry is, in a line: severity, rule and title; that a gap is undecided, a waived risk waived."""
    if entry.node is not None:
        return f"{wording.state(entry.node)} {wording.node(entry.node)}"
    word = wording.severity(entry.severity)
    if entry.gap is not None:
        word = wording.say(Text(f"不能判定（{word}）", f"undecided ({word})"))
    elif entry.waiver is not None:
        word = wording.say(Text(f"已豁免（{word}）", f"waived ({word})"))
    if entry.known:
        word = wording.say(Text(f"基线已有，{word}", f"known, {word}"))
    return f"{word} {wording.name(entry.rule)}"


def what_of(entry: Entry, wording: Wording) -> str:
    """What is wrong, missing, or kept from being looked at."""
    if entry.risk is not None:
        return wording.data(entry.risk.message)
    if entry.gap is not None:
        return wording.gap(entry.gap)
    return wording.why(entry.node) if entry.node is not None else ""


def where_of(entry: Entry, wording: Wording) -> str:
    """The first place, and how many more there are; nothing for a node."""
    if entry.entity is None:
        return ""
    more = entry.times - 1
    tail = Text(f" 等 {entry.times:,} 处", f" and {more:,} more") if more else Text("", "")
    return wording.place(entry.entity) + wording.say(tail)

"""What the test cases of a node are: its rules, and what comes from the nodes before it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeVar

from riskgate.judge import BLOCKED, CLEAR, UNVERIFIED
from riskgate.render.bearing import Bearing
from riskgate.render.formats import Reader
from riskgate.render.lines import Lines
from riskgate.render.scope import Scope
from riskgate.render.wording import Wording
from riskgate.render.words import count
from riskgate.report import Gap, NodeResult, Report, Risk
from riskgate.text import Text

_Found = TypeVar("_Found", Risk, Gap)
Outcome = Literal["failure", "error", "skipped"]
OUTCOMES: Mapping[Outcome, str] = MappingProxyType({"failure": "failures", "error": "errors", "skipped": "skipped"})
"""What a case can have instead of passing, and how the total of it is called."""
_OUTCOMES: Mapping[int, Outcome] = MappingProxyType({CLEAR: "skipped", BLOCKED: "failure", UNVERIFIED: "error"})
MET_NOTHING = "rules-met-nothing"
"""The code of the notes that name the rules which looked at nothing."""


class Case(NamedTuple):
    """A test case; passed if `outcome` is None. `kind` says what a failure or error comes from."""

    name: str
    outcome: Outcome | None = None
    kind: str = ""
    message: str = ""
    lines: tuple[str, ...] = ()


class Cases:
    """The cases of each node. The text of a risk is made once, because most risks gate several nodes."""

    def __init__(self, report: Report, scope: Scope, reader: Reader, wording: Wording, lines: Lines) -> None:
        self._report = report
        self._wording = wording
        self._lines = lines
        self._bearing = Bearing(report)
        self._chosen = frozenset(node.id for node in scope.chosen)
        self._risks = _at_nodes(scope.risks)
        self._gaps = _at_nodes(scope.gaps)
        self._texts: dict[int, tuple[str, ...]] = {}
        self._gating: dict[str, list[str]] | None = None
        if reader.packs:
            self._gating = {}
            for rule in (rule for pack in reader.packs for rule in pack.rules):
                for name in rule.nodes:
                    self._gating.setdefault(name, []).append(rule.id)
        told = " ".join(note.message.en for note in report.notes if note.code == MET_NOTHING)
        self._met_nothing = frozenset(told.replace(",", " ").split())

    def of(self, node: NodeResult) -> list[Case]:
        """The cases of a chosen node; of a node before one, only what holds or delays that one."""
        found = [*self._whole(node)]
        risks, gaps = _by_rule(self._risks.get(node.id, ())), _by_rule(self._gaps.get(node.id, ()))
        for name in sorted({*risks, *gaps}):
            found += self._rule(node, name, risks.get(name, []), gaps.get(name, []))
        if node.id in self._chosen:
            found += self._others(node, {*risks, *gaps})
        return found

    # -- what is not one rule's

    def _whole(self, node: NodeResult) -> Iterator[Case]:
        """What the nodes before it do; that nothing was looked at; that no rule gates it."""
        bearing, say = self._bearing, self._wording.say
        code = bearing.unshown.get(node.id, CLEAR)
        before, why = say(Text("前置节点", "nodes before it")), self._wording.why(node)
        if node.id in self._chosen and node.held_by:
            counts = code == BLOCKED or not bearing.blocked.isdisjoint(node.held_by)
            yield Case(before, "failure" if counts else "skipped", "held", why)
        elif node.id in self._chosen and node.awaiting:
            yield Case(before, "skipped" if bearing.unverified.isdisjoint(node.awaiting) else "error", "awaiting", why)
        looked = say(Text("检查的对象", "what was looked at"))
        if node.status == "ungated":
            looked = say(Text("把关的规则", "rules"))
        if code or node.status == "ungated" or (node.status == "unverified" and not bearing.decisive(node.id)):
            yield Case(looked, _OUTCOMES[code], node.status, why)

    def _others(self, node: NodeResult, told: set[str]) -> Iterator[Case]:
        """The rules with nothing found: passed, if they looked at something."""
        say = self._wording.say
        nothing = say(Text("没有遇到任何对象，不算通过", "met nothing to look at, so it is no pass"))
        if self._gating is not None:
            titles = {rule.id: rule.title for pack in self._wording.reader.packs for rule in pack.rules}
            for name in sorted(set(self._gating.get(node.id, ())) - told):
                shown = self._wording.name(name, titles[name])
                empty = name in self._met_nothing or not node.checked
                yield Case(shown, "skipped", "", nothing) if empty else Case(shown)
            return
        derived = {risk.rule for risk in self._risks.get(node.id, ()) if risk.because}
        rest = node.rules - len(told - derived)
        if rest > 0:
            shown = say(
                count(rest, "条规则没有发现问题", "other rule without findings", "other rules without findings")
            )
            yield Case(shown) if node.checked else Case(shown, "skipped", "", nothing)

    # -- rules

    def _rule(self, node: NodeResult, name: str, risks: Sequence[Risk], gaps: Sequence[Gap]) -> Iterator[Case]:
        """The case of a rule in which something was found. What is waived, or known to the baseline, is a case of its
        own, so that it is seen and is no failure."""
        knows = self._bearing.knows
        waived = [risk for risk in risks if risk.waiver is not None]
        known = [risk for risk in risks if knows(risk)], [gap for gap in gaps if knows(gap)]
        open_ = [risk for risk in risks if risk.waiver is None and not knows(risk)]
        undecided = [gap for gap in gaps if not knows(gap)]
        shown = self._wording.name(name)
        if open_ or undecided:
            outcome: Outcome = "skipped"
            if node.id in self._bearing.blocked and any(map(self._bearing.of_risk, open_)):
                outcome = "failure"
            elif any(self._bearing.of_gap_at(gap, node.id) for gap in undecided):
                outcome = "error"
            kind = "blocking" if outcome == "failure" else "gap"
            yield self._told(shown, outcome, kind, open_, undecided, self._to_do(name))
        if any(known):
            tail = self._wording.say(Text("（基线已有）", " (known)"))
            yield self._told(shown + tail, "skipped", "", *known, [self._wording.baseline()])
        if waived:
            yield self._told(shown + self._wording.say(Text("（已豁免）", " (waived)")), "skipped", "", waived, ())

    def _told(
        self,
        name: str,
        outcome: Outcome,
        kind: str,
        risks: Sequence[Risk],
        gaps: Sequence[Gap],
        tail: Iterable[str] = (),
    ) -> Case:
        lines = [line for risk in risks for line in self._risk(risk)]
        lines += [line for gap in gaps for line in self._gap(gap)]
        return Case(name, outcome, kind, self._summary(risks, gaps), (*lines, *tail))

    def _summary(self, risks: Sequence[Risk], gaps: Sequence[Gap]) -> str:
        """How many risks of which severity, how many gaps."""
        parts = []
        if risks:
            word = self._wording.severity(risks[0].severity)
            parts.append(count(len(risks), f"项{word}风险", f"{word} risk", f"{word} risks"))
        if gaps:
            parts.append(count(sum(gap.count for gap in gaps), "处不能判定", "place undecided", "places undecided"))
        return self._wording.joined(parts)

    def _risk(self, risk: Risk) -> tuple[str, ...]:
        if id(risk) not in self._texts:
            wording = self._wording
            told = [
                f"- {wording.data(risk.message)}",
                f"  {self._place(risk.entity.pointer, wording.place(risk.entity))}",
            ]
            if risk.evidence:
                told.append("  " + wording.labelled(Text("依据", "evidence"), wording.all_evidence(risk)))
            if risk.waiver is not None:
                told.append("  " + wording.labelled(Text("豁免", "waived"), wording.waiver(risk.waiver)))
            told.append(f"  {risk.id}")
            self._texts[id(risk)] = tuple(told)
        return self._texts[id(risk)]

    def _gap(self, gap: Gap) -> Iterator[str]:
        yield f"- {self._wording.gap(gap)}"
        for entity in gap.entities:
            yield f"  {self._place(entity.pointer, self._wording.place(entity))}"
        more = gap.count - len(gap.entities)
        if more > 0:
            yield "  " + self._wording.say(Text(f"……另有 {more:,} 处", f"… and {more:,} more"))

    def _place(self, pointer: str, name: str) -> str:
        place = self._lines.at(pointer)
        return f"{name} {place.file}:{place.line}" if place.file and place.line else name

    def _to_do(self, name: str) -> Iterator[str]:
        wording = self._wording
        parts = (
            (Text("措施", "remedy"), wording.remedy(name)),
            (Text("责任部门", "owner"), wording.owners(name)),
            (Text("来源", "source"), wording.sources(name)),
        )
        return (wording.labelled(head, value) for head, value in parts if value)


def _at_nodes(found: Sequence[_Found]) -> dict[str, list[_Found]]:
    at: dict[str, list[_Found]] = {}
    for one in found:
        for name in one.nodes:
            at.setdefault(name, []).append(one)
    return at


def _by_rule(found: Sequence[_Found]) -> dict[str, list[_Found]]:
    rules: dict[str, list[_Found]] = {}
    for one in found:
        rules.setdefault(one.rule, []).append(one)
    return rules

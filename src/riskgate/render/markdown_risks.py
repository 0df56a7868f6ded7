"""The risks of a note: node by node, those of one rule together, with the evidence folded away."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from riskgate.render.note import Note, size, text
from riskgate.render.scope import Scope
from riskgate.render.wording import Wording
from riskgate.render.words import SEVERITY_MARKS, count
from riskgate.report import NodeResult, Risk
from riskgate.text import Text

RISKS = 100
"""So many risks are shown: the first ones of the report, which are the most important."""
_OWN = 200
"""What the fixed words around the risks of one rule may take, in characters."""


@dataclass
class _Group:
    """The shown risks of one rule at one node."""

    lead: list[str]
    items: list[str] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)


def by_node(note: Note, risks: Sequence[Risk], scope: Scope, wording: Wording, room: int) -> None:
    """Add the risks, each under the first node that it gates; those for which there is no room are counted."""
    if not risks:
        return
    nodes = (*scope.chosen, *scope.upstream)
    order = {node.id: number for number, node in enumerate(nodes)}
    homes = [min(order[name] for name in risk.nodes if name in order) for risk in risks]
    chosen = _Chosen(wording, room - note.length)
    for risk, home in zip(risks, homes, strict=True):
        if not chosen.take(risk, nodes[home]):
            break
    note.add(["", f"### {wording.say(count(len(risks), '项风险', 'risk'))}"], room)
    totals = Counter(homes)
    for number in sorted(totals):
        groups = chosen.groups.get(nodes[number].id, {})
        if groups:
            note.add(_heading(nodes[number], groups, totals[number], wording), room)
        for group in groups.values():
            note.add([*group.lead, *group.items, *_folded(group.evidence, wording)], room)
    hidden = risks[chosen.taken :]
    if hidden:
        blocking = sum(risk.severity == "blocking" for risk in hidden)
        more = Text(
            f"……另有 {len(hidden):,} 项风险没有列出（其中阻断 {blocking:,} 项）",
            f"… and {len(hidden):,} more risks that are not listed ({blocking:,} blocking)",
        )
        note.add(["", f"**{wording.say(more)}**"], room)


class _Chosen:
    """The first risks, by node and rule, as long as they are few and short enough."""

    def __init__(self, wording: Wording, room: int) -> None:
        self.groups: dict[str, dict[str, _Group]] = {}
        self.taken = 0
        self._wording = wording
        self._room = room - 2 * _OWN  # the heading above all, and the line that counts the rest

    def take(self, risk: Risk, node: NodeResult) -> bool:
        """Keep the risk if there is room for it."""
        at_node = self.groups.get(node.id, {})
        group = at_node.get(risk.rule)
        need = 0
        if group is None:
            group = _Group(_lead(risk, self._wording))
            need += size(group.lead) + _OWN + (0 if at_node else len(text(self._wording.node(node))) + _OWN)
        item = _item(risk, self._wording)
        evidence = _evidence(risk, self._wording)
        need += size([item, *evidence])
        if self.taken == RISKS or need > self._room:
            return False
        self._room -= need
        self.taken += 1
        group.items.append(item)
        group.evidence += evidence
        self.groups.setdefault(node.id, {})[risk.rule] = group
        return True


def _heading(node: NodeResult, groups: dict[str, _Group], total: int, wording: Wording) -> list[str]:
    shown = sum(len(group.items) for group in groups.values())
    number = f"{shown:,} / {total:,}" if shown < total else f"{total:,}"
    return ["", f"#### {wording.state(node)} {text(wording.node(node))} ({number})"]


def _lead(risk: Risk, wording: Wording) -> list[str]:
    """What the risks of one rule have in common: severity, rule, nodes, who mends it, how, the sources."""
    mark, word = SEVERITY_MARKS[risk.severity], wording.severity(risk.severity)
    lines = ["", f"**{mark} {word} {text(wording.name(risk.rule))}** — {text(wording.codes(risk.nodes))}", ""]
    parts = (
        (Text("整改", "owner"), wording.owners(risk.rule)),
        (Text("措施", "remedy"), wording.remedy(risk.rule)),
        (Text("来源", "source"), wording.sources(risk.rule)),
    )
    return lines + [f"- *{wording.labelled(name, text(value))}*" for name, value in parts if value]


def _item(risk: Risk, wording: Wording) -> str:
    return f"- {text(wording.data(risk.message))} — {text(wording.place(risk.entity))}"


def _evidence(risk: Risk, wording: Wording) -> list[str]:
    if not risk.evidence:
        return []
    return [f"- {text(wording.place(risk.entity))}: {text(wording.all_evidence(risk))}"]


def _folded(lines: Sequence[str], wording: Wording) -> list[str]:
    if not lines:
        return []
    name = wording.say(Text("依据", "evidence"))
    return ["", f"<details><summary>{name}</summary>", "", *lines, "", "</details>"]

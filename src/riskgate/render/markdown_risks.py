"""The risks of a note: node by node, those of one rule together, with the evidence folded away."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from riskgate.pack import SEVERITIES
from riskgate.render.bearing import Bearing
from riskgate.render.entries import rounds
from riskgate.render.note import Note, place, size, text
from riskgate.render.scope import Scope
from riskgate.render.wording import Wording
from riskgate.render.words import SEVERITY_MARKS, count
from riskgate.report import NodeResult, Risk
from riskgate.text import Text

RISKS = 100
"""So many risks are shown: what a baseline does not know and the worst first, and of these every rule
once before any comes again."""
_OWN = 200
"""What the fixed words around the risks of one rule may take, in characters."""

_Home = tuple[int, str]
"""Where a risk is shown: the number of the first node that it gates, and its rule."""


@dataclass
class _Group:
    """The shown risks of one rule at one node: for each its number in the report, what is said of it, its evidence."""

    lead: list[str]
    shown: list[tuple[int, str, list[str]]] = field(default_factory=list)


def by_node(note: Note, risks: Sequence[Risk], scope: Scope, wording: Wording, room: int) -> None:
    """Add the risks; those for which there is no room are counted, in each group and at the end."""
    if not risks:
        return
    nodes = (*scope.chosen, *scope.upstream)
    order = {node.id: number for number, node in enumerate(nodes)}
    homes: list[_Home] = [(min(order[name] for name in risk.nodes if name in order), risk.rule) for risk in risks]
    turns = list(rounds(risk.rule for risk in risks))
    knows = Bearing(wording.report).knows
    ranked = sorted(
        range(len(risks)),
        key=lambda number: (knows(risks[number]), SEVERITIES.index(risks[number].severity), turns[number], number),
    )
    groups = _Groups(nodes, wording, knows, room - note.length)
    for number in ranked[:RISKS]:
        if not groups.take(number, risks[number], homes[number]):
            break
    note.add(["", f"### {wording.say(count(len(risks), '项风险', 'risk'))}"], room)
    groups.write(note, Counter(homes), room)
    hidden = ranked[groups.taken :]
    if hidden:
        blocking = sum(risks[number].severity == "blocking" for number in hidden)
        more = Text(
            f"另有 {len(hidden):,} 项风险没有列出（其中阻断 {blocking:,} 项）",
            f"{len(hidden):,} more risks are not listed ({blocking:,} blocking)",
        )
        note.add(["", f"**{wording.say(more)}**"], room)


class _Groups:
    """The shown risks by node and rule, as long as there is room for them."""

    def __init__(self, nodes: Sequence[NodeResult], wording: Wording, knows: Callable[[Risk], bool], room: int) -> None:
        self.taken = 0
        self._nodes = nodes
        self._wording = wording
        self._knows = knows
        self._room = room - 2 * _OWN  # the heading above all, and the line that counts the rest
        self._groups: dict[_Home, _Group] = {}

    def take(self, number: int, risk: Risk, home: _Home) -> bool:
        """Keep the risk if there is room for it."""
        group = self._groups.get(home)
        need = 0
        if group is None:
            group = _Group(_lead(risk, self._wording))
            need += size([*group.lead, text(self._wording.node(self._nodes[home[0]]))]) + _OWN
        item, evidence = _item(risk, self._wording, known=self._knows(risk)), _evidence(risk, self._wording)
        need += size([item, *evidence])
        if need > self._room:
            return False
        self._room -= need
        self.taken += 1
        group.shown.append((number, item, evidence))
        self._groups[home] = group
        return True

    def write(self, note: Note, totals: Mapping[_Home, int], room: int) -> None:
        """The groups in the order of nodes and of the report."""
        heading = -1
        for home in sorted(self._groups, key=lambda home: (home[0], min(self._groups[home].shown)[0])):
            if home[0] != heading:
                heading = home[0]
                node = self._nodes[heading]
                note.add(["", f"#### {self._wording.state(node)} {text(self._wording.node(node))}"], room)
            note.add(self._lines(self._groups[home], totals[home]), room)

    def _lines(self, group: _Group, total: int) -> list[str]:
        shown = sorted(group.shown)
        items = [item for _, item, _ in shown]
        if len(shown) < total:
            items.append(f"- {self._wording.more(total - len(shown))}")
        evidence = [line for *_, lines in shown for line in lines]
        return [*group.lead, *items, *_folded(evidence, self._wording)]


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


def _item(risk: Risk, wording: Wording, *, known: bool) -> str:
    mark = f"*{wording.say(Text('基线已有', 'known to the baseline'))}* " if known else ""
    return f"- {mark}{text(wording.data(risk.message))} — {place(risk.entity, wording)}"


def _evidence(risk: Risk, wording: Wording) -> list[str]:
    if not risk.evidence:
        return []
    return [f"- {place(risk.entity, wording)}: {text(wording.all_evidence(risk))}"]


def _folded(lines: Sequence[str], wording: Wording) -> list[str]:
    if not lines:
        return []
    name = wording.say(Text("依据", "evidence"))
    return ["", f"<details><summary>{name}</summary>", "", *lines, "", "</details>"]

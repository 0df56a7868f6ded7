"""The lists of nodes and rules: as tables for people, as plain values for JSON."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from riskgate.lifecycle import Lifecycle, Node
from riskgate.pack import SEVERITIES, Derive, Pack, Rule, Severity
from riskgate.render.escape import visible
from riskgate.render.page import Page
from riskgate.render.words import SEVERITY_MARKS, SEVERITY_STYLES, SEVERITY_WORDS, count
from riskgate.text import Text


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule or derive rule with its pack, under the names that both share."""

    pack: Pack
    rule: Rule | Derive

    @property
    def id(self) -> str:
        return self.rule.id

    @property
    def severity(self) -> Severity:
        return self.rule.severity if isinstance(self.rule, Rule) else self.rule.conclude.severity

    @property
    def nodes(self) -> tuple[str, ...]:
        return self.rule.nodes if isinstance(self.rule, Rule) else self.rule.conclude.nodes

    @property
    def owners(self) -> tuple[str, ...]:
        return self.rule.owners if isinstance(self.rule, Rule) else self.rule.conclude.owners

    @property
    def theme(self) -> str | None:
        return self.rule.theme if isinstance(self.rule, Rule) else self.rule.conclude.theme

    @property
    def entity(self) -> str | None:
        """The entity type that a rule looks at; None for a derive rule, which looks at facts."""
        return self.rule.entity if isinstance(self.rule, Rule) else None

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": "rule" if isinstance(self.rule, Rule) else "derive",
            "pack": self.pack.name,
            "severity": self.severity,
            "entity": self.entity,
            "title": self.rule.title.as_dict(),
            "nodes": self.nodes,
            "theme": self.theme,
            "owners": self.owners,
            "file": self.rule.place.file,
            "line": self.rule.place.line,
        }


def entries(packs: Iterable[Pack]) -> tuple[Entry, ...]:
    """Every rule, then every derive rule, pack by pack in the order of the files."""
    found: list[Entry] = []
    for pack in packs:
        found += [Entry(pack, rule) for rule in pack.rules]
        found += [Entry(pack, derive) for derive in pack.derives]
    return tuple(found)


def gating(found: Sequence[Entry]) -> Mapping[str, Mapping[Severity, tuple[Entry, ...]]]:
    """The rules that gate each node, by severity."""
    at: dict[str, dict[Severity, tuple[Entry, ...]]] = {}
    for entry in found:
        for node in entry.nodes:
            by_severity = at.setdefault(node, {})
            by_severity[entry.severity] = (*by_severity.get(entry.severity, ()), entry)
    return at


def node_values(lifecycle: Lifecycle, found: Sequence[Entry]) -> list[dict[str, Any]]:
    at = gating(found)
    return [
        {
            "id": node.id,
            "code": node.code,
            "title": node.title.as_dict(),
            "stage": node.stage,
            "key": node.key,
            "lead": node.lead,
            "departments": node.departments,
            "predecessors": node.predecessors,
            "rules": {severity: len(at.get(node.id, {}).get(severity, ())) for severity in SEVERITIES},
        }
        for node in lifecycle.nodes
    ]


def show_nodes(page: Page, lifecycle: Lifecycle, found: Sequence[Entry]) -> None:
    """The nodes of each stage under its title."""
    at = gating(found)
    keys = sum(node.key for node in lifecycle.nodes)
    page.line(
        page.say(
            Text(
                f"{len(lifecycle.nodes)} 个节点，其中 {keys} 个集团管控的关键节点（标 *）；规则数按 阻断/重要/一般",
                f"{len(lifecycle.nodes)} nodes, {keys} of them key nodes (marked *); rules are counted as "
                "blocking/major/minor",
            )
        ),
        hang=2,
    )
    head = [Text("编号", "code"), Text("节点", "node"), Text("id", "id"), Text("牵头", "lead")]
    head += [Text("规则", "rules"), Text("前置", "after")]
    rows: list[list[str] | str] = [[page.say(text) for text in head]]
    styles = ["dim"]
    stages: dict[str, list[Node]] = {}
    for node in lifecycle.nodes:
        stages.setdefault(node.stage, []).append(node)
    for stage, nodes in stages.items():
        title = lifecycle.stages[stage].title if stage in lifecycle.stages else Text.of(stage)
        rows.append(f"{visible(stage)} {visible(page.say(title))}")
        styles.append("head")
        for node in nodes:
            rows.append(_node_row(page, lifecycle, node, at))
            styles.append("head" if node.key else "")
    page.blank()
    page.grid(rows, styles=styles)


def _node_row(
    page: Page, lifecycle: Lifecycle, node: Node, at: Mapping[str, Mapping[Severity, tuple[Entry, ...]]]
) -> list[str]:
    lead = lifecycle.departments[node.lead].title if node.lead in lifecycle.departments else Text.of(node.lead)
    counts = "/".join(str(len(at.get(node.id, {}).get(severity, ()))) for severity in SEVERITIES)
    return [
        visible(node.code) + ("*" if node.key else ""),
        visible(page.say(node.title)),
        visible(node.id),
        visible(page.say(lead)),
        counts if node.id in at else "-",
        " ".join(visible(lifecycle.by_name[name].code) for name in node.predecessors),
    ]


def show_rules(page: Page, lifecycle: Lifecycle, found: Sequence[Entry]) -> None:
    if not found:
        page.line(page.say(Text("没有符合条件的规则", "no rule matches")))
        return
    page.line(page.say(count(len(found), "条规则", "rule")))
    page.blank()
    head = [Text("规则", "rule"), Text("等级", "severity"), Text("对象", "entity"), Text("名称", "title")]
    head += [Text("节点", "nodes"), Text("规则包", "pack")]
    rows = [[page.say(text) for text in head]]
    for entry in found:
        mark = SEVERITY_MARKS[entry.severity]
        rows.append(
            [
                visible(entry.id),
                f"{mark} {page.say(SEVERITY_WORDS[entry.severity])}",
                visible(entry.entity) if entry.entity else page.say(Text("（推出）", "(derived)")),
                visible(page.say(entry.rule.title)),
                " ".join(visible(lifecycle.by_name[name].code) for name in entry.nodes),
                visible(entry.pack.name),
            ]
        )
    page.grid(rows, styles=["dim", *(SEVERITY_STYLES[entry.severity] for entry in found)])

"""Which rules gate which node, and which nodes no blocking rule gates: as a picture for people, as values for JSON."""

from collections.abc import Sequence
from typing import Any

from riskgate.lifecycle import Lifecycle, Node
from riskgate.pack import SEVERITIES
from riskgate.render.catalog import Entry, gating
from riskgate.render.escape import visible
from riskgate.render.page import Page
from riskgate.text import Text

BAR = 24
"""Columns of the longest bar."""
_PARTS = {"blocking": "█", "major": "▒", "minor": "░"}


def coverage_values(lifecycle: Lifecycle, found: Sequence[Entry]) -> list[dict[str, Any]]:
    """For each node the rules that gate it by severity, and why none blocks it if none does."""
    at = gating(found)
    return [
        {
            "id": node.id,
            "code": node.code,
            "title": node.title.as_dict(),
            "rules": {s: [entry.id for entry in at.get(node.id, {}).get(s, ())] for s in SEVERITIES},
            "no_blocking_rule": None if node.no_blocking_rule is None else node.no_blocking_rule.as_dict(),
        }
        for node in lifecycle.nodes
    ]


def show_coverage(page: Page, lifecycle: Lifecycle, found: Sequence[Entry]) -> None:
    """A bar for each node, as long as it has rules; then the nodes without a blocking rule, and why."""
    at = gating(found)
    counts = {
        node.id: [len(at.get(node.id, {}).get(severity, ())) for severity in SEVERITIES] for node in lifecycle.nodes
    }
    ungated = [node for node in lifecycle.nodes if not sum(counts[node.id])]
    unblocked = [node for node in lifecycle.nodes if sum(counts[node.id]) and not counts[node.id][0]]
    total, gated = len(lifecycle.nodes), len(lifecycle.nodes) - len(ungated)
    page.line(
        page.say(
            Text(
                f"{total} 个节点：{gated} 个有规则把关，其中 {gated - len(unblocked)} 个有阻断规则",
                f"{total} nodes: {gated} gated, {gated - len(unblocked)} of them by a blocking rule",
            )
        ),
        "head",
    )
    page.line(
        page.say(Text("█ 阻断  ▒ 重要  ░ 一般", "█ blocking  ▒ major  ░ minor")),
        "dim",
    )
    page.blank()
    most = max((sum(each) for each in counts.values()), default=0)
    head = [Text("编号", "code"), Text("节点", "node"), Text("阻断", "blocking"), Text("重要", "major")]
    head += [Text("一般", "minor"), Text("", "")]
    rows = [[page.say(text) for text in head]]
    styles = ["dim"]
    for node in lifecycle.nodes:
        numbers = counts[node.id]
        rows.append(
            [
                visible(node.code) + ("*" if node.key else ""),
                visible(page.say(node.title)),
                *(str(number) if number else "-" for number in numbers),
                _bar(numbers, most),
            ]
        )
        styles.append("" if numbers[0] else "warn")
    page.grid(rows, styles=styles)
    _without(page, Text("没有规则把关的节点", "Nodes that no rule gates"), ungated)
    _without(page, Text("没有阻断规则把关的节点", "Nodes that no blocking rule gates"), unblocked)


def _bar(numbers: Sequence[int], most: int) -> str:
    """One block for each rule, or fewer where the longest bar would be too long; never none where there is a rule."""
    scale = min(1.0, BAR / most) if most else 1.0
    parts = zip(numbers, _PARTS.values(), strict=True)
    return "".join(mark * max(1, round(number * scale)) for number, mark in parts if number)


def _without(page: Page, title: Text, nodes: Sequence[Node]) -> None:
    if not nodes:
        return
    page.heading(f"{page.say(title)} ({len(nodes)})")
    unsaid = Text("没有写明原因", "nobody has said why")
    page.grid(
        [
            (visible(node.code), visible(page.say(node.title)), visible(page.say(node.no_blocking_rule or unsaid)))
            for node in nodes
        ],
        indent=2,
    )

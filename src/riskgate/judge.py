"""From risks and gaps to the state of each lifecycle node, by plain graph code.

The gate fails closed: only a node that was looked at, with nothing blocking and nothing undecided, is clear.
"""

import datetime as dt
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from riskgate.lifecycle import Lifecycle, Node
from riskgate.pack import Rule
from riskgate.record import record
from riskgate.report import Gap, NodeResult, Selection, Status, Verdict
from riskgate.risk import Batch, Risk, Risks

Found = TypeVar("Found", Batch, Gap)
CLEAR: Final = 0
BLOCKED: Final = 1
UNVERIFIED: Final = 3
PASSED: Final = "passed"
IN_PROGRESS: Final = "in_progress"


@record
class Records:
    """What the snapshot records of nodes: which have passed, are in progress, or are planned by when."""

    passed: frozenset[str]
    in_progress: frozenset[str]
    planned_on: Mapping[str, dt.date]

    @classmethod
    def of(cls, records: Mapping[str, Mapping[str, Any]]) -> "Records":
        status = {node: record.get("status") for node, record in records.items()}
        planned = {node: record["planned_on"].date() for node, record in records.items() if record.get("planned_on")}
        return cls(
            frozenset(node for node, s in status.items() if s == PASSED),
            frozenset(node for node, s in status.items() if s == IN_PROGRESS),
            planned,
        )


def judge(
    lifecycle: Lifecycle,
    rules: Sequence[Rule],
    risks: Sequence[Risk],
    gaps: Sequence[Gap],
    met: Mapping[str, int],
    records: Records,
    *,
    incomplete: bool,
    disabled: Container[str] = (),
    watched: Container[str] = (),
) -> tuple[NodeResult, ...]:
    """The result of every node, in lifecycle order. `met`: how many entities of each type the snapshot has.

    `disabled`: nodes that lost a blocking rule to an overlay; without another they are never clear. `watched`: nodes
    whose blocking rules come from a lower level than the others: there the gaps of these still count.
    """
    by_node: dict[str, list[Rule]] = {node.id: [] for node in lifecycle.nodes}
    for rule in rules:
        for node_id in rule.nodes:
            by_node[node_id].append(rule)
    risks_at = _at(lifecycle, Risks.of(risks).batches)
    gaps_at = _at(lifecycle, gaps)
    status: dict[str, Status] = {}
    for node in lifecycle.nodes:
        status[node.id] = _status(
            by_node[node.id],
            risks_at[node.id],
            gaps_at[node.id],
            met,
            incomplete=incomplete,
            disabled=node.id in disabled,
            watched=node.id in watched,
        )
    return tuple(
        _result(lifecycle, node, status, records, by_node[node.id], risks_at[node.id], gaps_at[node.id], met)
        for node in lifecycle.nodes
    )


def _at(lifecycle: Lifecycle, found: Sequence[Found]) -> dict[str, list[Found]]:
    at: dict[str, list[Found]] = {node.id: [] for node in lifecycle.nodes}
    for one in found:
        for node_id in one.nodes:
            at[node_id].append(one)
    return at


def _blocking(risks: Iterable[Batch]) -> Iterator[Batch]:
    for batch in risks:
        if batch.severity == "blocking" and batch.unwaived is not None:
            yield batch.unwaived


def _others(risks: Iterable[Batch]) -> Iterator[Batch]:
    for batch in risks:
        if batch.severity != "blocking":
            yield batch
        elif batch.waived is not None:
            yield batch.waived


def _status(
    rules: Sequence[Rule],
    risks: Sequence[Batch],
    gaps: Sequence[Gap],
    met: Mapping[str, int],
    *,
    incomplete: bool,
    disabled: bool,
    watched: bool,
) -> Status:
    if any(_blocking(risks)):
        return "blocked"
    blocking = any(rule.severity == "blocking" for rule in rules)
    if disabled and not blocking:
        return "unverified"  # what was to stop it is switched off, and nothing took its place
    if not rules:
        # a gap of a derive rule alone still says that nobody may pass unseen
        return "unverified" if any(gap.severity == "blocking" for gap in gaps) else "ungated"
    undecided = any(gap.severity == "blocking" or not blocking or watched for gap in gaps)
    looked = any(met.get(rule.entity) for rule in rules)
    return "unverified" if incomplete or undecided or not looked else "clear"


def _result(
    lifecycle: Lifecycle,
    node: Node,
    status: Mapping[str, Status],
    records: Records,
    rules: Sequence[Rule],
    risks: Sequence[Batch],
    gaps: Sequence[Gap],
    met: Mapping[str, int],
) -> NodeResult:
    order = lifecycle.position
    before = sorted(lifecycle.ancestors[node.id], key=order.__getitem__)
    blocked = status[node.id] == "blocked"
    return NodeResult(
        id=node.id,
        code=node.code,
        title=node.title,
        stage=node.stage,
        key=node.key,
        status=status[node.id],
        held_by=() if blocked else nearest_blocked(lifecycle, node, status),
        awaiting=tuple(n for n in before if status[n] == "unverified" and n not in records.passed),
        reopened=blocked and node.id in records.passed,
        blocking_risks=Risks(_blocking(risks)),
        other_risks=Risks(_others(risks)),
        gaps=tuple(gaps),
        rules=len(rules),
        checked=sum(met.get(rule.entity, 0) for rule in rules),
    )


def nearest_blocked(lifecycle: Lifecycle, node: Node, status: Mapping[str, Status]) -> tuple[str, ...]:
    """The blocked ancestors that are reached without passing another blocked one."""
    found: set[str] = set()
    seen: set[str] = set()
    stack = list(node.predecessors)
    while stack:
        current = stack.pop()
        if current in seen:
            continue
        seen.add(current)
        if status[current] == "blocked":
            found.add(current)
        else:
            stack.extend(lifecycle.by_name[current].predecessors)
    return tuple(sorted(found, key=lifecycle.position.__getitem__))


def due_nodes(lifecycle: Lifecycle, records: Records, as_of: dt.date) -> tuple[str, ...]:
    """Nodes in progress or planned on or before the day, with all their ancestors, in lifecycle order."""
    due = set(records.in_progress) | {node for node, planned in records.planned_on.items() if planned <= as_of}
    wanted = due.union(*(lifecycle.ancestors[node] for node in due))
    return tuple(node.id for node in lifecycle.nodes if node.id in wanted)


def decide(
    results: Iterable[NodeResult], selection: Selection, counted: Iterable[NodeResult] | None = None
) -> tuple[Verdict, int]:
    """Verdict (before the flags, and whatever a baseline knows) and exit code for the chosen nodes.

    `counted` are the results as they would be without the risks and gaps that a baseline knows: they give the exit
    code, if there is a baseline.
    """
    verdict, code = _decide(results, selection)
    return (verdict, code) if counted is None else (verdict, _decide(counted, selection)[1])


def _decide(results: Iterable[NodeResult], selection: Selection) -> tuple[Verdict, int]:
    chosen = [result for result in results if result.id in set(selection.nodes)]
    blocked = any(r.status == "blocked" for r in chosen)
    held = any(r.held_by for r in chosen)
    unverified = any(r.status == "unverified" for r in chosen)
    awaiting = selection.named and any(r.awaiting for r in chosen)
    # ungated nodes count when they were named, and when there is nothing else: then nothing was looked at
    ungated = any(r.status == "ungated" for r in chosen) and (
        selection.named or all(r.status == "ungated" for r in chosen)
    )
    verdict: Verdict = "clear"
    if blocked or held:
        verdict = "blocked"
    elif unverified or awaiting or ungated:
        verdict = "unverified"
    if blocked or (held and not selection.ignore_upstream):
        return verdict, BLOCKED
    counts = unverified or (awaiting and not selection.ignore_upstream)
    if (counts and not selection.allow_unverified) or ungated:
        return verdict, UNVERIFIED
    return verdict, CLEAR

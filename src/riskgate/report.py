"""The report: the whole answer of a gate, as typed values and as JSON (docs/report.md).

Its risks are lazy (`riskgate.risk`): they are made when somebody reads them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property
from itertools import islice
from typing import Any

import orjson

from riskgate.errors import ChoiceError, Problem, suggestion
from riskgate.inventory import Inventory
from riskgate.record import record
from riskgate.report_parts import (
    Baseline,
    Gap,
    GapReason,
    NodeResult,
    OverlayInfo,
    Override,
    PackInfo,
    ReportNote,
    RuleInfo,
    Selection,
    Status,
    Verdict,
)
from riskgate.risk import EntityRef, Evidence, Risk, RiskDetail, Risks, dicts_of
from riskgate.text import Text
from riskgate.waiver import WaiverFileInfo, WaiverResult

__all__ = [
    "GAP_ENTITIES",
    "REPORT_VERSION",
    "Baseline",
    "EntityRef",
    "Evidence",
    "Gap",
    "GapReason",
    "NodeResult",
    "OverlayInfo",
    "Override",
    "PackInfo",
    "Report",
    "ReportNote",
    "Risk",
    "RiskDetail",
    "Risks",
    "RuleInfo",
    "Selection",
    "Status",
    "Verdict",
    "WaiverFileInfo",
    "WaiverResult",
]

REPORT_VERSION = 1
GAP_ENTITIES = 20
"""How many entities a gap names unless all are asked for."""
_AT_ONCE = 64
"""So many risks are written at a time: few enough for Python's garbage collector to stay out of it."""
_START, _END = b'{\n  "risks": [', b"\n  ]\n}"
"""What stands around risks that are written by themselves. No text in JSON holds a line break: these are the writer's
own, so that in the whole report, too, the risks begin where a line begins so."""
_JSON = orjson.OPT_INDENT_2


@record
class Report:
    """The whole answer. Two checks of the same bytes with the same packs give the same JSON bytes."""

    version: str
    project_id: str
    project_name: str | None
    as_of: str
    as_of_overridden: bool
    verdict: Verdict
    exit_code: int
    selection: Selection
    sha256: str
    incomplete: tuple[str, ...]
    packs: tuple[PackInfo, ...]
    parameters: tuple[Override, ...]
    nodes: tuple[NodeResult, ...]
    rules: Mapping[str, RuleInfo]
    risks: Sequence[Risk]
    gaps: tuple[Gap, ...]
    notes: tuple[ReportNote, ...]
    entities: Inventory = field(default_factory=Inventory)
    """Which entities the snapshot has, so that a later comparison can tell a mended risk from a lost one."""
    baseline: Baseline | None = None
    waivers: tuple[WaiverResult, ...] = ()
    """Every waiver that was given, with what became of it."""
    waiver_files: tuple[WaiverFileInfo, ...] = ()
    overlays: tuple[OverlayInfo, ...] = ()
    """From the highest level to the lowest."""
    stats: Mapping[str, float] = field(default_factory=dict, compare=False)
    """Seconds spent in each stage and the engine used; not part of the JSON."""

    @cached_property
    def _nodes_by_name(self) -> Mapping[str, NodeResult]:
        return {name: node for node in self.nodes for name in (node.id, node.code)}

    def node(self, name: str) -> NodeResult:
        """The result of a node, by id or code. Raises ChoiceError if there is no such node."""
        found = self._nodes_by_name.get(name)
        if found is None:
            message = Text(f"没有节点 `{name}`", f"there is no node `{name}`")
            raise ChoiceError(Problem("unknown-node", message, help=suggestion(name, self._nodes_by_name)))
        return found

    @property
    def selected(self) -> tuple[NodeResult, ...]:
        """The results of the chosen nodes, in lifecycle order."""
        chosen = set(self.selection.nodes)
        return tuple(node for node in self.nodes if node.id in chosen)

    def shortened(self) -> "Report":
        """The same report, with gaps that name their first `GAP_ENTITIES` entities, whatever they name here."""
        short = {gap.id: replace(gap, entities=gap.entities[:GAP_ENTITIES]) for gap in self.gaps}
        nodes = tuple(replace(node, gaps=tuple(short[gap.id] for gap in node.gaps)) for node in self.nodes)
        return replace(self, gaps=tuple(short.values()), nodes=nodes)

    def under(self, address: str) -> Sequence[Risk]:
        """The risks at an entity and below it, by address: a building's, a flat's. `project` means everything."""
        if address == "project":
            return self.risks
        below = address.rstrip("/") + "/"
        return tuple(risk for risk in self.risks if risk.address == address or risk.address.startswith(below))

    def by_rule(self) -> Mapping[str, tuple[Risk, ...]]:
        return _grouped(self.risks, lambda risk: (risk.rule,))

    def by_theme(self) -> Mapping[str, tuple[Risk, ...]]:
        """Risks by customer theme; those without one are under ""."""
        return _grouped(self.risks, lambda risk: (self.rules[risk.rule].theme or "",))

    def by_owner(self) -> Mapping[str, tuple[Risk, ...]]:
        """Risks by the department that leads the remedy; those without one are under ""."""
        return _grouped(self.risks, lambda risk: (self.rules[risk.rule].owners or ("",))[:1])

    def by_address(self) -> Mapping[str, tuple[Risk, ...]]:
        return _grouped(self.risks, lambda risk: (risk.address,))

    def as_dict(self) -> dict[str, Any]:
        """The report as plain values, in the shape of its JSON schema."""
        return self._as_dict(list(dicts_of(self.risks)))

    def _as_dict(self, risks: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "report": REPORT_VERSION,
            "riskgate": self.version,
            "project": {"id": self.project_id, "name": self.project_name},
            "as_of": self.as_of,
            "as_of_overridden": self.as_of_overridden,
            "verdict": self.verdict,
            "exit_code": self.exit_code,
            "selection": self.selection.as_dict(),
            "baseline": self.baseline.as_dict() if self.baseline is not None else None,
            "snapshot": {
                "sha256": self.sha256,
                "incomplete": self.incomplete,
                "entities": {"count": len(self.entities), "marks": self.entities.text},
            },
            "packs": [pack.as_dict() for pack in self.packs],
            "overlays": [overlay.as_dict() for overlay in self.overlays],
            "waiver_files": [file.as_dict() for file in self.waiver_files],
            "parameters": [override.as_dict() for override in self.parameters],
            "nodes": [node.as_dict() for node in self.nodes],
            "rules": {name: self.rules[name].as_dict() for name in sorted(self.rules)},
            "risks": risks,
            "gaps": [gap.as_dict() for gap in self.gaps],
            "waivers": [waiver.as_dict() for waiver in self.waivers],
            "notes": [note.as_dict() for note in self.notes],
        }

    def to_json(self) -> bytes:
        """The report as UTF-8 JSON, indented by two, ending in a newline; the same bytes for the same input."""
        whole = orjson.dumps(self._as_dict([]), option=_JSON | orjson.OPT_APPEND_NEWLINE)
        if not self.risks:
            return whole
        before, start, after = whole.partition(_START[1:])
        pieces = list[bytes | memoryview](_pieces(dicts_of(self.risks)))
        pieces[0] = b"".join((before, start, pieces[0]))
        pieces[-1] = b"".join((pieces[-1], _END[:-2], after[1:]))
        return b",".join(pieces)

    @staticmethod
    def from_json(data: bytes | str) -> "Report":
        """Read a report that `to_json` wrote. Raises ReportError for anything else."""
        from riskgate.report_read import read_report  # noqa: PLC0415 - the reader needs these classes

        return read_report(data)


def _pieces(risks: Iterator[dict[str, Any]]) -> Iterator[memoryview]:
    """The items of the list of risks as JSON, some at a time, indented by where they stand in the report."""
    while some := list(islice(risks, _AT_ONCE)):
        yield memoryview(orjson.dumps({"risks": some}, option=_JSON))[len(_START) : -len(_END)]


def _grouped(risks: Iterable[Risk], keys: Callable[[Risk], Sequence[str]]) -> dict[str, tuple[Risk, ...]]:
    found: dict[str, list[Risk]] = {}
    for risk in risks:
        for key in keys(risk):
            found.setdefault(key, []).append(risk)
    return {key: tuple(found[key]) for key in sorted(found)}

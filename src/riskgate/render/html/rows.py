"""Risks and gaps as the page's script reads them: a list for each thing to know, so that a name stands there once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from riskgate.pack import SEVERITIES
from riskgate.render.escape import visible
from riskgate.render.html.texts import Interned, exactly, pair, pair_of
from riskgate.render.html.waivers import mark_of
from riskgate.render.html.where import Whereabouts
from riskgate.report import Gap, Report
from riskgate.risk import dicts_of

PLACES = 20
"""How many places of a gap are named on the page; for the others it says which sale units they lie in."""
_MACRO = {"of", "deciding", "items"}


class Rows:
    """The findings of one report; `names`, `node_sets` and `marks` (of waivers) are what they refer to by number."""

    def __init__(self, report: Report, rules: Mapping[str, int], where: Whereabouts) -> None:
        self._report = report
        self._rules = rules
        self._where = where
        self._nodes = {node.id: index for index, node in enumerate(report.nodes)}
        self.names = Interned()
        self.marks = Interned()
        self.node_sets = Interned()

    def risks(self) -> dict[str, list[Any]]:
        """A column for each thing to know of a risk, in the order of the report."""
        columns: dict[str, list[Any]] = {
            key: []
            for key in (
                "id", "rule", "severity", "nodes", "group", "unit", "address", "pointer", "label", "message",
                "evidence", "waiver", "because",
            )
        }  # fmt: skip
        behind: dict[int, Sequence[str]] = {}
        for number, risk in enumerate(dicts_of(self._report.risks)):
            entity, message = risk["entity"], risk["message"]
            group, unit = self._where.of(entity["address"])
            columns["id"].append(risk["id"])
            columns["rule"].append(self._rules[risk["rule"]])
            columns["severity"].append(SEVERITIES.index(risk["severity"]))
            columns["nodes"].append(self._node_set(risk["nodes"]))
            columns["group"].append(group)
            columns["unit"].append(unit)
            columns["address"].append(visible(entity["address"]))
            columns["pointer"].append(visible(entity["pointer"]))
            columns["label"].append(pair_of(**entity["label"]))
            columns["message"].append(pair_of(**message))
            columns["evidence"].append([self._evidence(item, entity["pointer"]) for item in risk["evidence"]])
            columns["waiver"].append(self._mark(risk["waiver"]))
            if risk["because"]:
                behind[number] = risk["because"]
        columns["because"] = self._because(behind, columns["id"])
        return columns

    def gaps(self) -> list[dict[str, Any]]:
        return [self._gap(gap) for gap in self._report.gaps]

    def _node_set(self, nodes: Iterable[str]) -> int:
        places = tuple(sorted(self._nodes[name] for name in nodes if name in self._nodes))
        return self.node_sets.place(places, list(places))

    def _mark(self, waiver: Mapping[str, Any] | None) -> int | None:
        if waiver is None:
            return None
        return self.marks.place(exactly(waiver), mark_of(waiver))

    def _evidence(self, item: Mapping[str, Any], at: str) -> list[Any]:
        found = [self.names.place(visible(item["name"])), _beside(item["pointer"], at), self._value(item["value"], at)]
        if item.get("origin"):
            found.append(visible(item["origin"]))
        return found

    def _value(self, value: Any, at: str) -> Any:
        """A value as text; of a macro, how many items decided it, and the first of them."""
        if not (isinstance(value, dict) and value.keys() >= _MACRO):
            return exactly(value)
        items = [
            [exactly(item["value"] if "value" in item else item.get("id")), _beside(item.get("pointer"), at)]
            for item in value["items"]
        ]
        return {"of": value["of"], "deciding": value["deciding"], "items": items}

    def _because(self, behind: Mapping[int, Sequence[str]], ids: Sequence[str]) -> list[list[Any]]:
        """For the risks that are derived from others: their number and those of the others."""
        if not behind:
            return []
        number = {name: index for index, name in enumerate(ids)}
        return [[risk, [number[name] for name in names if name in number]] for risk, names in behind.items()]

    def _gap(self, gap: Gap) -> dict[str, Any]:
        groups: dict[int, int] = {}
        units: dict[int, None] = {}
        for entity in gap.entities:
            group, unit = self._where.of(entity.address)
            groups[group] = groups.get(group, 0) + 1
            if unit >= 0:
                units[unit] = None
        return {
            "id": gap.id,
            "rule": self._rules[gap.rule],
            "severity": SEVERITIES.index(gap.severity),
            "nodes": self._node_set(gap.nodes),
            "reason": gap.reason,
            "detail": pair(gap.detail),
            "missing": [visible(path) for path in gap.missing],
            "count": gap.count,
            "listed": len(gap.entities),
            "groups": [[group, times] for group, times in groups.items()],
            "units": list(units),
            "places": [[pair(e.label), visible(e.address), visible(e.pointer)] for e in gap.entities[:PLACES]],
        }


def _beside(pointer: str | None, at: str) -> str | None:
    """A pointer, as `+rest` where it begins with that of the entity."""
    if pointer is None:
        return None
    return "+" + visible(pointer[len(at) :]) if pointer.startswith(at) else visible(pointer)

"""Everything that the page knows of a report, as plain values in both languages: what its script reads."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from riskgate.lifecycle import Lifecycle
from riskgate.render.escape import visible
from riskgate.render.formats import Reader
from riskgate.render.html.picture import picture_of, size
from riskgate.render.html.rows import Rows
from riskgate.render.html.texts import Interned, Pair, exactly, optional, pair
from riskgate.render.html.waivers import waivers
from riskgate.render.html.where import Whereabouts
from riskgate.render.html.words import STATE_SIGNS, WORDS
from riskgate.render.page import Page
from riskgate.render.scope import Acting, scope_of
from riskgate.render.table import exit_line, reason, summary_of, verdict_of, warnings_of
from riskgate.render.view import View, citation
from riskgate.render.words import (
    GAP_REASONS,
    SEVERITY_WORDS,
    STATES,
    WAIVABLE,
    Labels,
    state_of,
)
from riskgate.report import NodeResult, Report, RuleInfo
from riskgate.text import Text

PAGE_DATA = 1
"""The shape of the data, for those who look into a page's source."""


def page_data(report: Report, reader: Reader) -> dict[str, Any]:
    """The data of the page. The same for the same report and reader."""
    where = Whereabouts(reader.places, _labels(report))
    rules = Rules(report, reader.labels)
    rows = Rows(report, rules.places, where)
    scope = scope_of(report)
    risks, gaps = rows.risks(), rows.gaps()
    return {
        "page": PAGE_DATA,
        "lang": reader.lang,
        "words": _words(),
        "head": _head(report),
        "nodes": _nodes(report, reader, rules),
        "picture": _picture(report, reader.lifecycle),
        **rules.data(),
        "places": where.data(),
        "names": rows.names.items,
        "nodeSets": rows.node_sets.items,
        "marks": rows.marks.items,
        "waivers": waivers(report),
        "risks": risks,
        "gaps": gaps,
        "fresh": _fresh(report, risks["id"], [gap["id"] for gap in gaps]),
        "outside": {
            "risks": _places(risks["id"], (risk.id for risk in scope.other_risks)),
            "gaps": _places([gap["id"] for gap in gaps], (gap.id for gap in scope.other_gaps)),
        },
        "notes": [[pair(n.message), n.pointer and visible(n.pointer), n.count, visible(n.code)] for n in report.notes],
    }


class Rules:
    """The rules that the report names, with packs, themes and departments by number."""

    def __init__(self, report: Report, labels: Labels) -> None:
        self._labels = labels
        self._owners = Interned()
        self._themes = Interned()
        self._packs = Interned()
        self._view = {lang: View(Page(lang), report, labels) for lang in ("zh", "en")}
        self._items: list[dict[str, Any]] = []
        self.places: dict[str, int] = {}
        for pack in report.packs:
            self._packs.place(visible(pack.pack))
        for name in sorted(report.rules):
            self.places[name] = len(self._items)
            self._items.append(self._rule(name, report.rules[name]))

    def owner(self, name: str) -> int:
        return self._owners.place(name, [visible(name), pair(self._labels.department(name))])

    def data(self) -> dict[str, Any]:
        return {
            "rules": self._items,
            "owners": [label for _, label in self._owners.items],
            "themes": [label for _, label in self._themes.items],
            "packs": self._packs.items,
        }

    def _rule(self, name: str, info: RuleInfo) -> dict[str, Any]:
        theme = info.theme
        return {
            "id": visible(name),
            "title": pair(info.title),
            "pack": self._packs.place(visible(info.pack)),
            "theme": -1 if not theme else self._themes.place(theme, [visible(theme), pair(self._labels.theme(theme))]),
            "sensitivity": info.customer_sensitivity,
            "weight": info.operator_weight,
            "owners": [self.owner(owner) for owner in info.owners],
            "remedy": optional(info.remedy),
            "why": optional(info.why),
            "sources": [[citation(self._view[lang].page, source) for lang in ("zh", "en")] for source in info.sources],
            "waivable": pair(WAIVABLE[info.waivable_by]),
            "file": f"{visible(info.file)}:{info.line}",
        }


def _head(report: Report) -> dict[str, Any]:
    return {
        "project": visible(report.project_name or report.project_id),
        "projectId": visible(report.project_id),
        "day": visible(report.as_of),
        "verdict": report.verdict,
        "verdictWords": pair(verdict_of(report)),
        "summary": pair(summary_of(report)),
        "exit": pair(exit_line(report)),
        "exitCode": report.exit_code,
        "warnings": [pair(text) for text in warnings_of(report)],
        "packs": [[visible(p.pack), visible(p.version), p.rules, visible(p.sha256)] for p in report.packs],
        "overlays": [[visible(o.overlay), visible(o.level), visible(o.file)] for o in report.overlays],
        "parameters": [
            [visible(f"{p.pack}.{p.name}"), exactly(p.value), exactly(p.default), visible(p.origin)]
            for p in report.parameters
        ],
        "sha256": visible(report.sha256),
        "version": visible(report.version),
        "named": report.selection.named,
    }


def _nodes(report: Report, reader: Reader, rules: Rules) -> list[dict[str, Any]]:
    numbers = {node.id: index for index, node in enumerate(report.nodes)}
    chosen = set(report.selection.nodes)
    acting = Acting(report)
    view = View(Page(reader.lang), report, reader.labels)
    picture = picture_of(report, reader.lifecycle)
    return [
        {
            "id": visible(node.id),
            "code": visible(node.code),
            "title": pair(node.title),
            "stage": _stage(node, reader.lifecycle),
            "key": node.key,
            "state": state_of(node),
            "reopened": node.reopened,
            "chosen": node.id in chosen,
            "reason": pair(reason(view, node)),
            "held": [numbers[name] for name in node.held_by],
            "awaiting": [numbers[name] for name in node.awaiting],
            "owners": [rules.owner(name) for name in acting.departments(node)],
            "lead": _lead(node, reader.lifecycle, rules),
            "rules": node.rules,
            "checked": node.checked,
            **picture.boxes[node.id],
        }
        for node in report.nodes
    ]


def _picture(report: Report, lifecycle: Lifecycle | None) -> dict[str, Any]:
    picture = picture_of(report, lifecycle)
    return {"width": picture.width, "height": picture.height, "stages": picture.stages, "box": size()}


def _stage(node: NodeResult, lifecycle: Lifecycle | None) -> Pair:
    known = lifecycle.stages.get(node.stage) if lifecycle is not None else None
    return pair(known.title if known is not None else Text.of(node.stage))


def _lead(node: NodeResult, lifecycle: Lifecycle | None, rules: Rules) -> int:
    known = lifecycle.by_name.get(node.id) if lifecycle is not None else None
    return -1 if known is None else rules.owner(known.lead)


def _words() -> dict[str, Any]:
    return {
        "page": {key: [text.zh, text.en] for key, text in WORDS.items()},
        "states": {state: [text.zh, text.en] for state, text in STATES.items()},
        "signs": dict(STATE_SIGNS),
        "severities": [[text.zh, text.en] for text in SEVERITY_WORDS.values()],
        "reasons": {reason: [text.zh, text.en] for reason, text in GAP_REASONS.items()},
    }


def _labels(report: Report) -> Iterator[tuple[str, Text]]:
    """What the report itself calls entities, by address."""
    for risk in report.risks:
        yield risk.address, risk.entity.label
    for gap in report.gaps:
        for entity in gap.entities:
            yield entity.address, entity.label


def _fresh(report: Report, risks: Sequence[str], gaps: Sequence[str]) -> dict[str, list[int]] | None:
    """The blocking risks and the gaps that a baseline does not know; None without a baseline."""
    if report.baseline is None:
        return None
    return {"risks": _places(risks, report.baseline.new_risks), "gaps": _places(gaps, report.baseline.new_gaps)}


def _places(names: Sequence[str], wanted: Iterable[str]) -> list[int]:
    among = frozenset(wanted)
    return [index for index, name in enumerate(names) if name in among]

"""Pages of reports for tests: made, taken apart, poisoned, and large."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from fixed_report import KITCHEN, LABELS, LEAK, fixed_report
from riskgate.gate import Gate
from riskgate.labels import Labels as EntityLabels
from riskgate.places import Place, Places, SaleUnit, places_of
from riskgate.render.formats import Reader, render
from riskgate.render.words import Labels
from riskgate.report import EntityRef, Evidence, Report, Risk, RiskDetail, Selection
from riskgate.text import Lang, Text
from riskgate.waiver import WaiverResult

ROOT = Path(__file__).parent.parent
EXAMPLES = ("2-eve-of-opening", "3-joint-acceptance")
ATTACK = (
    "</script><script>window.hacked=1</script><!--<script>]]><img src=x onerror=window.hacked=1>"
    "<svg onload=window.hacked=1>\"'><b>${window.hacked=1}</b>{{1}}javascript:window.hacked=1\u2028\u202e\x00&lt;"
)
VOID = frozenset({"meta", "link", "br", "img", "input"})
ENUMS = frozenset(
    {
        "blocking",
        "major",
        "minor",
        "blocked",
        "unverified",
        "clear",
        "ungated",
        "missing",
        "absent",
        "conflict",
        "error",
    }
    | {
        "budget",
        "verified",
        "recalled",
        "practice",
        "group",
        "region",
        "project",
        "nobody",
        "held",
        "zh",
        "en",
        "expired",
    }
)
"""Words of the report's own grammar: nobody can write anything else there."""


def page(report: Report, reader: Reader | None = None) -> str:
    return render(report, "html", reader or Reader(labels=LABELS)).decode()


@dataclass
class Element:
    name: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    children: "list[Element]" = field(default_factory=list)
    text: str = ""

    def all(self, name: str) -> "Iterator[Element]":
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.all(name)

    def whole_text(self) -> str:
        return self.text + "".join(child.whole_text() for child in self.children)


class _Walker(HTMLParser):
    """Builds the tree; an end tag that does not fit is an error, unlike in a browser."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"doubled attribute in <{tag}>"
        element = Element(tag, dict(attrs))
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1].name == tag, f"</{tag}> ends <{self._open[-1].name}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].text += data

    def tree(self, text: str) -> Element:
        self.feed(text)
        self.close()
        assert self._open == [self.root], "something is not closed"
        return self.root


def parsed(text: str) -> Element:
    return _Walker().tree(text)


def data_of(text: str) -> dict[str, Any]:
    (element,) = (one for one in parsed(text).all("script") if one.attributes.get("id") == "data")
    found: dict[str, Any] = json.loads(element.text)
    return found


@cache
def gate() -> Gate:
    return Gate.load()


@cache
def example(name: str) -> tuple[Report, Places]:
    """The report on an example, with every gap whole, and the map of its buildings."""
    snapshot = gate().snapshot(ROOT / f"examples/binjiang/{name}.json")
    return gate().check(snapshot, all_gaps=True), places_of(snapshot, EntityLabels(snapshot, gate().describer))


def example_reader(name: str, lang: Lang = "zh") -> Reader:
    library = gate().library
    labels = Labels.of(library.lifecycle, library.references)
    return Reader(lang=lang, labels=labels, lifecycle=library.lifecycle, places=example(name)[1])


# -- waived risks


def waived_report() -> Report:
    """The fixed report, its first kitchen waived by somebody the company does not list; another waiver has expired."""
    report = fixed_report()
    reason = Text("业主书面同意", "The owner agreed in writing")
    waiver = WaiverResult(
        id="aa" * 8,
        rule="DR-KIT-001",
        entity=report.risks[0].address,
        reason=reason,
        approved_by="张三",
        role="group",
        confirmed=False,
        approved_on="2026-10-01",
        expires_on="2026-12-31",
        condition="project.id == 'x'",
        state="held",
        detail=Text("有效", "in force"),
        covers=1,
        waives=1,
        days_left=41,
        file="waivers.yaml",
        line=3,
    )
    past = replace(
        waiver, id="bb" * 8, entity="sales_venue", state="expired", detail=Text("已过期", "expired"), waives=0
    )
    first = report.risks[0]
    first.waiver = {
        "id": waiver.id,
        "reason": reason.as_dict(),
        "approved_by": "张三",
        "confirmed": False,
        "expires_on": "2026-12-31",
    }
    return replace(report, waivers=(past, waiver))


# -- hostile texts everywhere


def poisoned(report: Report) -> Report:
    """The report with hostile markup at the end of every text that somebody could write."""
    risks = tuple(map(_poisoned_risk, report.risks))
    new = {old.id: fresh for old, fresh in zip(report.risks, risks, strict=True)}
    for risk in risks:
        risk._because = tuple(sorted(new[name].id for name in risk.because))
    nodes = tuple(
        replace(
            poison(replace(node, blocking_risks=(), other_risks=())),
            blocking_risks=tuple(new[risk.id] for risk in node.blocking_risks),
            other_risks=tuple(new[risk.id] for risk in node.other_risks),
        )
        for node in report.nodes
    )
    rest = poison(replace(report, risks=(), nodes=(), stats={}))
    assert isinstance(rest, Report)
    return replace(rest, risks=risks, nodes=nodes)


def poison(value: Any) -> Any:
    if isinstance(value, str):
        return value if value in ENUMS else value + ATTACK
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*map(poison, value))
    if isinstance(value, tuple | list):
        return type(value)(map(poison, value))
    if isinstance(value, dict):
        return {poison(key): poison(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: poison(getattr(value, one.name)) for one in fields(value) if one.init})
    return value


def _poisoned_risk(risk: Risk) -> Risk:
    detail = RiskDetail(*(poison(part) for part in risk.detail))
    return Risk(
        poison(risk.rule),
        risk.severity,
        poison(risk.nodes),
        detail.entity.address,
        _always(detail),
        because=risk.because,
        waiver=None if risk.waiver is None else {key: poison(value) for key, value in risk.waiver.items()},
    )


def poisoned_reader() -> Reader:
    labels = Labels(
        {poison(name): poison(text) for name, text in LABELS.departments.items()},
        {poison(name): poison(text) for name, text in LABELS.themes.items()},
    )
    return Reader(labels=labels, places=poison(buildings(1, 2, 2)))


def _always(detail: RiskDetail) -> Callable[[Risk], RiskDetail]:
    return lambda _: detail


# -- many


def buildings(count: int, storeys: int, across: int) -> Places:
    groups = tuple(Place(f"buildings[{b}]", Text(f"{b} 号楼", f"Building {b}")) for b in range(1, count + 1))
    units = tuple(
        SaleUnit(f"{g.address}/units[{f:02}{a:02}]", Text.of(f"{f:02}{a:02}"), f"{f:02}{a:02}", f, g.address, g.address)
        for g in groups
        for f in range(1, storeys + 1)
        for a in range(1, across + 1)
    )
    return Places(groups, groups, units, {}, Text("楼栋", "Building"), Text("户", "Unit"))


def six_flats(*, whole: bool = True) -> tuple[Report, Places]:
    """Six flats: one blocked; one with a lesser risk and a gap of a blocking rule; one with a lesser risk; one waived;
    one with a gap of a lesser rule; one with nothing. Unless `whole`, the blocking rule's gap names one of many."""
    places = buildings(1, 3, 2)
    flats = [EntityRef("unit", unit.address, "/project/x", unit.label) for unit in places.units]
    base = fixed_report()
    risks = tuple(
        _at(flat, rule, base)
        for flat, rule in zip((flats[0], flats[1], flats[2], flats[3]), (KIT, WTR, WTR, KIT), strict=True)
    )
    risks[3].waiver = {"approved_by": "张三", "expires_on": "2026-12-31", "confirmed": True, "reason": "x", "id": "aa"}
    blocking, lesser = base.gaps
    gaps = (
        replace(blocking, entities=(flats[1],), count=1 if whole else 50),
        replace(lesser, entities=(flats[4],), count=1, nodes=("concept-review",)),
    )
    node = replace(base.nodes[1], blocking_risks=risks[:1], other_risks=risks[1:], gaps=gaps)
    selection = Selection((node.id,))
    return replace(base, nodes=(node,), risks=risks, gaps=gaps, selection=selection), places


KIT, WTR = "DR-KIT-001", "JA-WTR-001"


def _at(flat: EntityRef, rule: str, report: Report) -> Risk:
    detail = RiskDetail(flat, report.rules[rule].title, ())
    return Risk(rule, report.rules[rule].severity, ("concept-review",), flat.address, _always(detail))


def large(count: int) -> tuple[Report, Places]:
    """So many risks of forty rules in flats of twenty buildings."""
    places = buildings(20, 25, 4)
    rules = {
        f"R-{n:02}": replace(
            KITCHEN if n % 3 else LEAK,
            title=Text(f"规则 {n}", f"Rule {n}"),
            customer_sensitivity=1 + n % 5,
            operator_weight=1 + n // 5 % 5,
        )
        for n in range(40)
    }
    risks = tuple(_one_of_many(number, places, rules[f"R-{number % 40:02}"].severity) for number in range(count))
    blocking = tuple(risk for risk in risks if risk.severity == "blocking")
    lesser = tuple(risk for risk in risks if risk.severity != "blocking")
    base = fixed_report()
    node = replace(base.nodes[1], blocking_risks=blocking, other_risks=lesser, gaps=())
    clear = replace(base.nodes[0], gaps=())
    report = replace(
        base, nodes=(clear, node), rules=rules, risks=risks, gaps=(), selection=Selection((clear.id, node.id))
    )
    return report, places


def _one_of_many(number: int, places: Places, severity: Any) -> Risk:
    unit = places.units[number * 7 % len(places.units)]
    address = f"{unit.address}/rooms[{number}]"
    pointer = f"/project/buildings/0/units/{number}"
    message = Text(
        f"第 {number} 处：使用面积不足，差 0.{number} ㎡", f"place {number}: the area is 0.{number} m2 short"
    )
    label = Text(f"{unit.label.zh} 室 房间 {number}", f"flat {unit.label.en} · room {number}")
    evidence = (
        Evidence("room.usable_area_m2", f"{pointer}/usable_area_m2", number / 7),
        Evidence("params.min_area_m2", None, 3.5),
    )
    detail = RiskDetail(EntityRef("room", address, pointer, label), message, evidence)
    return Risk(f"R-{number % 40:02}", severity, ("concept-review",), address, _always(detail))

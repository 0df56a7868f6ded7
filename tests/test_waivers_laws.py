"""Laws of waivers: a definition without indexes decides the same, every way in gives the same, and none ever blocks."""

import datetime as dt
import json
import re
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from riskgate import Report
from riskgate.cli.main import COMMAND
from riskgate.waiver import ROLES
from strategies_cel import law_settings
from waiver_company import AS_OF, COMPANY, flat, gate, room, snapshot, statuses, waived, waiver, waivers

GATE = gate()
WAIVABLE_BY = {
    "W-AREA": "group",
    "W-LEAK": "region",
    "W-NAME": "project",
    "W-LAW": "nobody",
    "W-PERMIT": "project",
    "W-SITE": "region",
    "W-PRJ": "project",
    "W-DRV-1": "region",
    "W-DRV-2": "project",
}
ENTITIES = {
    "room": [
        "*",
        "buildings[1]/*",
        "buildings[*]/*",
        "buildings[*]/flats[A]/*",
        "buildings[2]/flats[*]/rooms[K]",
        "buildings[%31]/flats[A]/rooms[*]",
        "buildings[1]/flats[a%2Fb]/rooms[%2A]",
    ],
    "permit": ["*", "permits[*]", "permits[1]"],
    "site": ["*", "site"],
    "project": ["project"],
    "derived": ["*", "project", "buildings[*]", "buildings[2]"],
}
KIND = {
    **dict.fromkeys(("W-AREA", "W-LEAK", "W-NAME", "W-LAW"), "room"),
    **dict.fromkeys(("W-DRV-1", "W-DRV-2"), "derived"),
    "W-PERMIT": "permit",
    "W-SITE": "site",
    "W-PRJ": "project",
}
CONDITIONS = {
    None: True,
    "project.is_complete": True,
    "as_of < date('2000-01-01')": False,
    "project.opens_on > as_of": None,
}
"""Each with what it is, for projects whose `is_complete` is true and which lack `opens_on`."""

flags = st.booleans()
days = st.integers(-3, 3).map(lambda n: (AS_OF + dt.timedelta(days=n)).isoformat())


@st.composite
def homes(draw: st.DrawFn) -> dict[str, Any]:
    def rooms() -> list[dict[str, Any]]:
        names = draw(st.lists(st.sampled_from(["K", "B", "*"]), unique=True, max_size=2))
        return [
            room(
                name,
                area=draw(st.sampled_from([1.0, 4.0])),
                leaks=draw(flags),
                is_named=draw(flags),
                is_lawful=draw(st.sampled_from([True, True, False])),
            )
            for name in names
        ]

    buildings = [
        {"id": number, "flats": [flat(name, *rooms()) for name in draw(st.sampled_from([["A"], ["A", "a/b"]]))]}
        for number in draw(st.sampled_from([["1"], ["1", "2"], ["2", "10", "1"]]))
    ]
    permits = [{"id": "1", "is_valid": draw(flags)}, {"is_valid": draw(flags)}]
    return snapshot(*buildings, permits=permits, site={"area": draw(st.sampled_from([1.0, 20.0]))})


@st.composite
def one_waiver(draw: st.DrawFn) -> dict[str, Any]:
    rule = draw(st.sampled_from(sorted(WAIVABLE_BY)))
    first, last = sorted([draw(days), draw(days)])
    condition = draw(st.sampled_from([None, None, *CONDITIONS]))
    return waiver(
        rule,
        draw(st.sampled_from(ENTITIES[KIND[rule]])),
        reason=draw(st.sampled_from(["agreed", "甲", {"zh": "甲", "en": "A"}])),
        approved_by=draw(st.sampled_from(["Group", "Region", "Project", "Claimed", "Nobody"])),
        approved_on=draw(st.sampled_from(["2026-01-01", first])),
        expires_on=draw(st.sampled_from(["2026-12-31", last])),
        **({} if condition is None else {"condition": condition}),
    )


def unlike(listed: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without repetitions, which a file may not have."""
    return list({json.dumps(one, sort_keys=True): one for one in listed}.values())


SETS = st.lists(one_waiver(), max_size=6).map(unlike)
LISTS = st.dictionaries(st.sampled_from(["Group", "Region", "Project", "Claimed"]), st.sampled_from(ROLES), max_size=4)
"""Lists of approvers of a company, sensible or not."""
CLAIMS = {"Claimed": "group"}


# -- the definition


def covers(entity: str, address: str) -> bool:
    """An address pattern as a regular expression, from the words of the documentation."""
    if "[#" in address or (address == "project") != (entity == "project"):
        return address == "project" == entity
    usual = entity.replace("[%31]", "[1]")
    body = re.escape(usual).replace(re.escape("[*]"), r"\[[^\]]*\]")
    if usual == "*":
        return True
    below = body.removesuffix(re.escape("/*"))
    return re.fullmatch(below + "/.+" if below != body else body, address) is not None


def holds(one: Mapping[str, Any], approvers: Mapping[str, str], *, require: bool) -> bool:
    needed = WAIVABLE_BY[one["rule"]]
    name = one["approved_by"]
    role = approvers.get(name, CLAIMS.get(name))
    enough = role is None or (needed != "nobody" and ROLES.index(role) >= ROLES.index(needed))
    return (
        needed != "nobody"
        and enough
        and (name in approvers or not require)
        and one["approved_on"] <= AS_OF.isoformat() <= one["expires_on"]
        and CONDITIONS[one.get("condition")] is True
    )


@law_settings(150)
@given(homes(), SETS, LISTS, flags)
def test_a_risk_is_waived_if_a_waiver_by_the_definition_covers_it(
    home: dict[str, Any], listed: list[dict[str, Any]], approvers: dict[str, str], require: bool
) -> None:
    report = GATE.check(home, waivers=waivers(*listed, **CLAIMS), approvers=approvers, require_approvers=require)
    good = [one for one in listed if holds(one, approvers, require=require)]
    for risk in report.risks:
        expected = any(one["rule"] == risk.rule and covers(one["entity"], risk.address) for one in good)
        assert (risk.waiver is not None) == expected, risk
    for result, one in zip(report.waivers, by_place(listed, report), strict=True):
        met = [risk for risk in report.risks if risk.rule == one["rule"] and covers(one["entity"], risk.address)]
        assert result.covers == len(met)
        assert (result.state in ("held", "unmatched")) == (one in good)
        assert (result.state == "held") == (one in good and bool(met))
    assert sum(one.waives for one in report.waivers) == sum(risk.waiver is not None for risk in report.risks)


def by_place(listed: list[dict[str, Any]], report: Report) -> list[dict[str, Any]]:
    """The waivers in the order of the report."""

    def key(one: Mapping[str, Any]) -> tuple[Any, ...]:
        reason = one["reason"] if isinstance(one["reason"], dict) else {"zh": one["reason"], "en": one["reason"]}
        usual = one["entity"].replace("[%31]", "[1]")
        names = ("rule", "approved_by", "approved_on", "expires_on")
        return (*(one[name] for name in names), usual, reason["zh"], reason["en"], one.get("condition"))

    known = {key(one): one for one in listed}
    return [known[key({**one.as_dict(), "condition": one.condition})] for one in report.waivers]


# -- every way in


def decision(report: Mapping[str, Any]) -> Any:
    """Everything that waivers decide, without what names files."""
    return (
        report["verdict"],
        report["exit_code"],
        [(node["id"], node["status"], node["blocking_risks"], node["other_risks"]) for node in report["nodes"]],
        [(risk["id"], risk["waiver"]) for risk in report["risks"]],
        [{key: value for key, value in one.items() if key not in ("file", "line")} for one in report["waivers"]],
    )


@law_settings(30)
@given(homes(), SETS, SETS, flags)
def test_every_way_in_decides_the_same(
    home: dict[str, Any], one: list[dict[str, Any]], other: list[dict[str, Any]], require: bool
) -> None:
    files = [waivers(*one, **CLAIMS), waivers(*other)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = [folder / "one.yaml", folder / "other.yaml"]
        for path, data in zip(paths, files, strict=True):
            path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        source = folder / "home.json"
        source.write_text(json.dumps(home), encoding="utf-8")
        bodies = [path.read_bytes() for path in paths]
        reports = [
            GATE.check(source, waivers=given, require_approvers=require)
            for given in (paths, list(map(str, paths[::-1])), bodies, files, files[::-1], GATE.waivers(paths))
        ]
        arguments = ["check", str(source), "--packs", str(COMPANY), "--format", "json", "--no-config"]
        arguments += [word for path in paths for word in ("--waivers", str(path))]
        told = CliRunner().invoke(COMMAND, [*arguments, *(["--require-approvers"] if require else [])])
    written = [decision(report.as_dict()) for report in reports]
    shapes = [json.loads(json.dumps(each)) for each in written]
    shapes.append(decision(json.loads(told.stdout)))
    shapes += [decision(Report.from_json(report.to_json()).as_dict()) for report in reports[:1]]
    assert all(json.loads(json.dumps(shape)) == shapes[0] for shape in shapes)
    assert told.exit_code == reports[0].exit_code
    assert reports[0].to_json() == reports[1].to_json() == reports[5].to_json()


# -- none ever blocks


@law_settings(100)
@given(homes(), SETS, one_waiver(), LISTS, flags)
def test_one_more_waiver_never_blocks_a_node_and_taking_all_away_never_clears_one(
    home: dict[str, Any],
    listed: list[dict[str, Any]],
    more: dict[str, Any],
    approvers: dict[str, str],
    require: bool,
) -> None:
    """Where derive rules ask for at least so much, as those of this company do."""

    def check(found: list[dict[str, Any]]) -> Report:
        given = waivers(*unlike(found), **CLAIMS)
        return GATE.check(home, waivers=given, approvers=approvers, require_approvers=require)

    none, some, all_of_them = GATE.check(home), check(listed), check([*listed, more])
    for fewer, further in ((none, some), (some, all_of_them)):
        before, after = blocked(fewer), blocked(further)
        assert after <= before
        assert waived(fewer) - gone(fewer, further) <= waived(further)
        assert {risk.id for risk in further.risks} <= {risk.id for risk in fewer.risks}
    assert {code for code, status in statuses(none).items() if status == "clear"} <= {
        code for code, status in statuses(some).items() if status == "clear"
    }


def blocked(report: Report) -> set[str]:
    return {code for code, status in statuses(report).items() if status == "blocked"}


def gone(fewer: Report, further: Report) -> set[tuple[str, str]]:
    """Derived risks that no longer follow."""
    return {(risk.rule, risk.address) for risk in fewer.risks} - {(risk.rule, risk.address) for risk in further.risks}


@law_settings(50)
@given(homes(), SETS, st.randoms(use_true_random=False))
def test_neither_the_order_of_waivers_nor_that_of_the_snapshot_matters(
    home: dict[str, Any], listed: list[dict[str, Any]], random: Any
) -> None:
    first = GATE.check(home, waivers=waivers(*listed, **CLAIMS))
    turned = json.loads(json.dumps(home))
    for part in (turned["project"]["buildings"], *(b["flats"] for b in turned["project"]["buildings"])):
        random.shuffle(part)
    shuffled = [dict(random.sample(sorted(one.items()), len(one))) for one in random.sample(listed, len(listed))]
    again = GATE.check(turned, waivers=waivers(*shuffled, **CLAIMS))
    assert decision(first.as_dict()) == decision(again.as_dict())

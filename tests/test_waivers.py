"""What waivers do to a check: which hold and why others do not, and what becomes of risks, nodes and derived risks."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from riskgate import ChoiceError, Report, ReportError
from riskgate.risk import count_waived, dicts_of, ids_of
from riskgate.waiver import WAIVER_STATES
from waiver_company import (
    APPROVERS,
    flat,
    gate,
    room,
    small_rooms,
    snapshot,
    states,
    statuses,
    waived,
    waiver,
    waivers,
)

GATE = gate()
HOME = small_rooms()
ONE = "buildings[1]/flats[1-1]/rooms[K]"


def check(*listed: dict[str, Any], data: dict[str, Any] | None = None, **options: Any) -> Report:
    """A check with these waivers, by the company's list of approvers unless another is given."""
    chosen = {"approvers": APPROVERS, **options}
    return GATE.check(data or HOME, waivers=waivers(*listed), **chosen)


# -- which waivers hold


def test_a_waived_risk_stays_in_the_report_marked_and_does_not_block() -> None:
    plain, report = GATE.check(HOME), check(waiver())
    assert (statuses(plain)["K1"], statuses(report)["K1"]) == ("blocked", "clear")
    assert (plain.verdict, report.verdict) == ("blocked", "clear")
    assert [risk.address for risk in report.risks] == [risk.address for risk in plain.risks]
    node = report.node("K1")
    assert (len(node.blocking_risks), len(node.other_risks), count_waived(node.other_risks)) == (0, 4, 4)
    (result,) = report.waivers
    assert (result.state, result.covers, result.waives, result.days_left) == ("held", 4, 4, 199)
    mark = report.risks[0].waiver
    assert mark == {
        "id": result.id,
        "reason": {"zh": "agreed", "en": "agreed"},
        "approved_by": "Group",
        "confirmed": True,
        "expires_on": "2026-12-31",
    }


@pytest.mark.parametrize(
    ("entity", "rooms"),
    [
        ("*", 4),
        ("buildings[1]/*", 2),
        ("buildings[*]/flats[2-1]/*", 1),
        ("buildings[*]/flats[*]/rooms[K]", 4),
        ("buildings[*]/flats[*]/rooms[L]", 0),
        (ONE, 1),
        ("buildings[3]/*", 0),
        ("buildings[1]/flats[1-1]/rooms[*]", 1),
    ],
)
def test_a_waiver_covers_what_its_address_says(entity: str, rooms: int) -> None:
    report = check(waiver(entity=entity))
    assert count_waived(report.risks) == rooms
    assert states(report) == ["held" if rooms else "unmatched"]
    assert (report.waivers[0].covers, report.waivers[0].waives) == (rooms, rooms)


HOLDS = {"condition": "project.is_complete"}
REQUIRED = {"require_approvers": True}
REFUSALS: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("on its first day", {"approved_on": "2026-06-15"}, {}, "held"),
    ("on its last day", {"expires_on": "2026-06-15"}, {}, "held"),
    ("a day too late", {"expires_on": "2026-06-14"}, {}, "expired"),
    ("a day too early", {"approved_on": "2026-06-16"}, {}, "not-yet"),
    ("later by the caller's day", {}, {"as_of": "2027-01-01"}, "expired"),
    ("its condition is true", HOLDS, {}, "held"),
    ("its condition speaks of the day", {"condition": "as_of == date('2026-06-15')"}, {}, "held"),
    ("its condition is about a single", {"condition": "project.site.area > 10.0"}, {}, "held"),
    (
        "its condition counts",
        {"condition": "each('flat').size() == 4 && has(lookup('flat', '1-1').id)"},
        {},
        "held",
    ),
    ("its condition is not true", {"condition": "!project.is_complete"}, {}, "condition-false"),
    ("a fact of its condition is missing", {"condition": "project.opens_on > as_of"}, {}, "condition-undecided"),
    ("a missing fact does not matter", {"condition": "project.is_complete || project.opens_on > as_of"}, {}, "held"),
    ("its condition has no value", {"condition": "has(project.buildings[7].id)"}, {}, "condition-undecided"),
    ("approved by a region", {"approved_by": "Region"}, {}, "role-too-low"),
    ("approved by a project", {"approved_by": "Project"}, {}, "role-too-low"),
    ("approved by nobody known", {"approved_by": "Somebody"}, {}, "held"),
    (
        "approved by nobody known, refused",
        {"approved_by": "Somebody"},
        {"require_approvers": True},
        "unconfirmed-refused",
    ),
    ("approved by the group, required", {}, REQUIRED, "held"),
    ("no list at all", {}, {"approvers": None}, "held"),
    ("no list at all, required", {}, {"approvers": None, "require_approvers": True}, "unconfirmed-refused"),
    (
        "a name in other letters is another one",
        {"approved_by": "group"},
        {"require_approvers": True},
        "unconfirmed-refused",
    ),
]


@pytest.mark.parametrize(("changed", "options", "state"), [pytest.param(*case[1:], id=case[0]) for case in REFUSALS])
def test_a_waiver_holds_or_says_why_not(changed: dict[str, Any], options: dict[str, Any], state: str) -> None:
    report = check(waiver(**changed), **options)
    (result,) = report.waivers
    assert result.state == state
    assert (result.covers, result.waives) == (4, 4 if state == "held" else 0)
    assert count_waived(report.risks) == result.waives
    assert statuses(report)["K1"] == ("clear" if state == "held" else "blocked")
    assert result.detail.zh
    assert result.detail.en


def test_a_waiver_does_not_hold_because_sources_disagree() -> None:
    data = {**HOME, "conflicts": [{"pointer": "/project/is_complete", "values": [True, False]}]}
    (result,) = check(waiver(condition="!has(project.is_complete)"), data=data).waivers
    assert result.state == "condition-undecided"


@pytest.mark.parametrize(
    ("rule", "level"), [("W-AREA", "group"), ("W-LEAK", "region"), ("W-NAME", "project"), ("W-LAW", "nobody")]
)
def test_the_role_must_reach_what_the_rule_asks(rule: str, level: str) -> None:
    home = snapshot({"id": "1", "flats": [flat("1", room("K", area=1, leaks=True, is_named=False, is_lawful=False))]})
    reached = []
    for name in APPROVERS:
        report = check(waiver(rule, approved_by=name), data=home)
        if states(report) == ["held"]:
            reached.append(APPROVERS[name])
        else:
            assert states(report) == ["not-waivable" if level == "nobody" else "role-too-low"]
    assert reached == {"group": ["group"], "region": ["group", "region"], "nobody": []}.get(
        level, list(APPROVERS.values())
    )


def test_what_a_file_says_of_its_own_approver_is_a_claim() -> None:
    """It counts, marked; the company's list has the last word, and where approvers are required it counts nothing."""
    own = waivers(waiver("W-AREA", approved_by="Mallory"), Mallory="group")
    (claimed,) = GATE.check(HOME, waivers=own, approvers=APPROVERS).waivers
    assert (claimed.state, claimed.role, claimed.confirmed, claimed.waives) == ("held", "group", False, 4)
    (refused,) = GATE.check(HOME, waivers=own, approvers=APPROVERS, require_approvers=True).waivers
    assert (refused.state, refused.waives) == ("unconfirmed-refused", 0)
    (overruled,) = GATE.check(HOME, waivers=own, approvers={"Mallory": "project"}).waivers
    assert (overruled.state, overruled.role, overruled.confirmed) == ("role-too-low", "project", True)
    (admitted,) = GATE.check(HOME, waivers=waivers(waiver(approved_by="M"), M="region"), approvers=APPROVERS).waivers
    assert (admitted.state, admitted.role, admitted.confirmed) == ("role-too-low", "region", False)


def test_a_claim_is_about_its_own_file() -> None:
    both = [waivers(waiver(approved_by="Mallory")), waivers(Mallory="project")]
    (result,) = GATE.check(HOME, waivers=both).waivers
    assert (result.state, result.role) == ("held", None)


def test_approvers_that_make_no_sense_are_refused_even_without_waivers() -> None:
    with pytest.raises(ChoiceError):
        GATE.check(HOME, approvers={"a": "boss"})


def test_several_waivers_may_cover_a_risk_and_one_is_named() -> None:
    """The confirmed one first, then the one that lasts longest; those that do not hold never stand in the way."""
    long = waiver(expires_on="2027-01-31", reason="long")
    short = waiver(entity="buildings[1]/*", reason="short")
    stranger = waiver(approved_by="Somebody", expires_on="2030-01-31")
    over = waiver(expires_on="2026-02-01")
    reports = [check(*order) for order in ((long, short, stranger, over), (over, stranger, short, long))]
    assert reports[0].risks[0].waiver == reports[1].risks[0].waiver
    by_end = {one.expires_on: one for one in reports[0].waivers}
    assert [(by_end[end].state, by_end[end].covers, by_end[end].waives) for end in sorted(by_end)] == [
        ("expired", 4, 0),
        ("held", 2, 0),
        ("held", 4, 4),
        ("held", 4, 0),
    ]


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_of_equal_waivers_the_one_with_a_role_counts_whatever_the_files_are_called(
    names: tuple[str, str], tmp_path: Path
) -> None:
    for name, data in zip(
        names, (waivers(waiver(approved_by="M"), M="group"), waivers(waiver(approved_by="M"))), strict=True
    ):
        (tmp_path / f"{name}.yaml").write_text(json.dumps(data), encoding="utf-8")
    report = GATE.check(HOME, waivers=sorted(tmp_path.iterdir()))
    assert [(one.role, one.covers, one.waives) for one in report.waivers] == [("group", 4, 4), (None, 4, 0)]


def test_a_confirmed_waiver_comes_first_however_the_addresses_are_written() -> None:
    elsewhere = waiver(entity="buildings[2]/*", expires_on="2029-01-01")
    stranger = waiver(entity="buildings[1]/*", approved_by="Somebody", expires_on="2028-01-01")
    report = check(elsewhere, stranger, waiver())
    (first,) = [risk for risk in report.risks if risk.address == ONE]
    assert first.waiver is not None
    assert (first.waiver["confirmed"], first.waiver["expires_on"]) == (True, "2026-12-31")


def test_an_entity_without_an_id_is_never_waived() -> None:
    permits = [{"id": "A", "is_valid": False}, {"is_valid": False}]
    report = check(waiver("W-PERMIT", "*"), waiver("W-PERMIT", "permits[*]"), data=snapshot(permits=permits))
    assert waived(report) == {("W-PERMIT", "permits[A]")}
    assert statuses(report)["K2"] == "blocked"


def test_a_gap_cannot_be_waived() -> None:
    home = snapshot({"id": "1", "flats": [flat("1", {"id": "K", "leaks": False, "is_named": True, "is_lawful": True})]})
    report = check(waiver(), data=home)
    assert (statuses(report)["K1"], states(report)) == ("unverified", ["unmatched"])


def test_the_project_and_singles_have_addresses_too() -> None:
    home = snapshot({"id": "1", "flats": []}, is_complete=False, site={"area": 1})
    report = check(waiver("W-PRJ", "project"), waiver("W-SITE", "site", approved_by="Region"), data=home)
    assert waived(report) == {("W-PRJ", "project"), ("W-SITE", "site")}


# -- derived risks and rates


def leaking(*flats_leaking: int) -> dict[str, Any]:
    """Buildings of two flats, of which so many leak."""
    return snapshot(
        *(
            {"id": str(n), "flats": [flat(f"{n}-{m}", room("K", leaks=m < many)) for m in range(2)]}
            for n, many in enumerate(flats_leaking)
        )
    )


def derived(report: Report) -> set[tuple[str, str]]:
    return {(risk.rule, risk.address) for risk in report.risks if risk.rule.startswith("W-DRV")}


BOTH = {(rule, f"buildings[{n}]") for rule in ("W-DRV-1", "W-DRV-2") for n in (0, 1)}


def test_waived_risks_do_not_count_in_rates() -> None:
    home = leaking(2, 1)
    assert derived(GATE.check(home)) == BOTH
    report = check(waiver("W-LEAK", "buildings[1]/*"), data=home)
    assert derived(report) == {("W-DRV-1", "buildings[0]"), ("W-DRV-2", "buildings[0]")}
    half = check(waiver("W-LEAK", "buildings[0]/flats[0-0]/*"), data=home)
    (first,) = [risk for risk in half.risks if (risk.rule, risk.address) == ("W-DRV-1", "buildings[0]")]
    assert first.message.en == "0.5"
    assert ("W-LEAK", "buildings[0]/flats[0-0]/rooms[K]") in waived(half)
    assert not set(first.because) & {risk.id for risk in half.risks if risk.waiver is not None}


def test_a_waived_derived_risk_is_marked_and_leads_to_no_other() -> None:
    home = leaking(2, 1)
    report = check(waiver("W-DRV-1", "buildings[0]", approved_by="Region"), data=home)
    assert derived(report) == BOTH - {("W-DRV-2", "buildings[0]")}
    assert waived(report) == {("W-DRV-1", "buildings[0]")}
    assert statuses(report)["K2"] == "blocked"
    whole = check(waiver("W-DRV-1", "buildings[*]", approved_by="Region"), data=home)
    assert statuses(whole) == {"K1": "clear", "K2": "clear", "K3": "clear"}
    assert derived(check(waiver("W-DRV-2", "*", approved_by="Project"), data=home)) == BOTH
    unknown = leaking(2, 0)  # nobody looked at the second building; what is waived in the first leads to no gap either
    for home_flat in unknown["project"]["buildings"][1]["flats"]:
        del home_flat["rooms"][0]["leaks"]
    gaps = check(waiver("W-DRV-1", "buildings[*]", approved_by="Region"), data=unknown).gaps
    listed = {(gap.rule, one.address) for gap in gaps for one in gap.entities if gap.rule.startswith("W-DRV")}
    assert listed == {(rule, "buildings[1]") for rule in ("W-DRV-1", "W-DRV-2")}
    for engine in ("plain", "auto"):
        again = check(waiver("W-DRV-1", "buildings[0]", approved_by="Region"), data=home, engine=engine)
        assert again.to_json() == report.to_json()


# -- the report

MIXED = [
    waiver(entity="buildings[1]/flats[1-2]/*"),
    waiver(entity="buildings[2]/flats[2-1]/*", reason="another"),
    waiver("W-NAME", "buildings[9]/*"),
    waiver(entity="buildings[1]/*", expires_on="2026-02-01"),
]


def test_risks_of_a_rule_stay_in_the_order_of_their_addresses() -> None:
    report = check(*MIXED)
    addresses = [risk.address for risk in report.risks if risk.rule == "W-AREA"]
    assert addresses == sorted(addresses)
    assert [risk.waiver is not None for risk in report.risks] == [False, True, True, False]
    node = report.node("K1")
    assert [risk.address for risk in node.blocking_risks] == [addresses[0], addresses[3]]
    assert [risk.address for risk in node.other_risks] == addresses[1:3]
    known = {id(risk) for risk in report.risks}
    assert all(id(risk) in known for risk in (*node.blocking_risks, *node.other_risks))


def test_a_risk_says_the_same_in_python_and_in_json() -> None:
    report = check(*MIXED)
    assert [risk.as_dict() for risk in report.risks] == list(dicts_of(report.risks))
    assert ids_of(report.risks) == [risk.id for risk in report.risks]
    assert Report.from_json(report.to_json()).to_json() == report.to_json()
    backwards = check(*reversed(MIXED)).as_dict()
    assert report.as_dict() | {"waiver_files": []} == backwards | {"waiver_files": []}


def test_the_report_tells_of_every_waiver_and_file() -> None:
    report = check(*MIXED)
    assert states(report) == ["expired", "held", "held", "unmatched"]
    assert [(one.rule, one.entity) for one in report.waivers] == sorted((w["rule"], w["entity"]) for w in MIXED)
    (file,) = report.waiver_files
    assert (file.name, len(file.sha256)) == ("(data)", 64)
    assert GATE.check(HOME).waiver_files == ()


def test_no_waivers_change_nothing() -> None:
    plain = GATE.check(HOME).as_dict()
    empty = check().as_dict()
    assert empty.pop("waiver_files")
    assert plain.pop("waiver_files") == []
    assert plain == empty


def test_waivers_read_once_serve_many_threads() -> None:
    read = GATE.waivers(waivers(*MIXED))
    alone = check(*MIXED).to_json()
    with ThreadPoolExecutor(8) as pool:
        together = pool.map(lambda _: GATE.check(HOME, waivers=read, approvers=APPROVERS).to_json(), range(32))
    assert set(together) == {alone}


CONTRADICTIONS = {
    "a waiver that is not there": ("risks/1/waiver/id", "0" * 16, "unknown-name"),
    "a waiver that does not hold": ("waivers/1/state", "expired", "unknown-name"),
    "a number of risks that is not so": ("waivers/1/waives", 3, "changed"),
    "a waived risk that blocks": ("nodes/0/blocking_risks", "other_risks", "changed"),
    "a risk that is no longer waived": ("risks/1/waiver", None, "changed"),
    "a state that does not exist": ("waivers/0/state", "ended", "not-a-report"),
    "a role that does not exist": ("waivers/0/role", "nobody", "not-a-report"),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_a_report_whose_waivers_were_changed_is_refused(name: str) -> None:
    path, value, code = CONTRADICTIONS[name]
    shape = json.loads(check(*MIXED).to_json())
    *way, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    at: Any = shape
    for step in way:
        at = at[step]
    at[last] = at[value] if value == "other_risks" else value
    with pytest.raises(ReportError) as caught:
        Report.from_json(json.dumps(shape))
    assert code in {problem.code for problem in caught.value.problems}


def test_every_state_is_shown_by_some_test() -> None:
    """A state that no test reaches would be a promise that nobody keeps."""
    reached = {case[3] for case in REFUSALS} | {"unmatched", "not-waivable"}
    assert reached == set(WAIVER_STATES)

"""Permits, prices, contracts and the opening in the detail of a full check before the sale."""

from collections.abc import Iterator

from examples.binjiang.homes import Facts
from examples.binjiang.opening import PERMIT_DATE

ON_DISCOUNT = "D"
"""The plan with a discount for paying early; the filed price is shown to compare with."""
EARLY_BUYERS = ("1-0201", "2-0201", "2-0202")
"""Flats for which a deposit was taken between the permit and the opening."""
BANKS = ("江城银行临江支行", "长汀银行滨江支行", "临江农商银行")
FINDINGS = (
    ("KP-01 楼书学区表述", "blocking", "marketing", "2025-10-20"),
    ("KP-02 样板间差异标识", "major", "engineering", "2025-10-22"),
)
MORE_CLAUSES = ("signing_deadline", "advertising_exclusion", "supplement")


def paper(project: Facts) -> None:
    """Add these facts to the project built so far."""
    for flat in _flats(project):
        _price(flat["price_item"], discounted=flat["unit_type"] == ON_DISCOUNT)
        if flat["id"] in EARLY_BUYERS:
            _subscribe(flat)
    for material in project["sales_materials"]:
        material["has_promise_outside_contract"] = False
    project["mortgage_banks"] = [
        {"id": name, "agreement_signed": True, "pays_supervised_account": True} for name in BANKS
    ]
    project["drawings"][0]["drawing_issues"].append(_drawing_issue())
    project["risk_items"] += [_finding(*finding) for finding in FINDINGS]
    clauses = project["contract_pack"]["contract_clauses"]
    clauses += [_clause(len(clauses) + number, kind) for number, kind in enumerate(MORE_CLAUSES, 1)]


def _flats(project: Facts) -> Iterator[Facts]:
    for phase in project["phases"]:
        for tower in phase["buildings"]:
            for stair_unit in tower["stair_units"]:
                yield from stair_unit["units"]


def _price(price: Facts, *, discounted: bool) -> None:
    price.update(shows_reference_price=discounted, has_discount=discounted)
    if discounted:
        price.update(
            reference_price_yuan=price["filed_total_price_yuan"],
            reference_details_shown=True,
        )


def _subscribe(flat: Facts) -> None:
    deposit = {"id": f"RG-{flat['id']}", "amount_yuan": 50000, "paid_date": "2025-10-19", "permit_date": PERMIT_DATE}
    flat.update(active_subscription_count=1, sale_status="subscribed", subscriptions=[{**deposit, "status": "active"}])


def _drawing_issue() -> Facts:
    """The one blocking issue of the drawing review, mended before the sale."""
    return {
        "id": "Q09 消防登高场地与景观乔木冲突",
        "severity": "blocking",
        "status": "closed",
        "due_date": "2025-07-02",
        "is_answered": True,
        "affects_offered_units": True,
        "is_disclosed": False,
    }


def _finding(name: str, severity: str, department: str, due: str) -> Facts:
    """What the risk check found and saw mended before the evaluation."""
    return {
        "id": name,
        "node_id": "N34",
        "severity": severity,
        "status": "closed",
        "owner_department": department,
        "due_date": due,
    }


def _clause(number: int, kind: str) -> Facts:
    return {
        "id": f"HT-{number:02}",
        "kind": kind,
        "is_present": True,
        "is_material": True,
        "is_highlighted": True,
        "explanation_recorded": True,
        "is_unfair": False,
        "has_equivalent_wording": False,
    }

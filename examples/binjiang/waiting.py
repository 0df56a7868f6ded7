"""The year of waiting: what buyers were written, what they were invited to, and what they raised there."""

from examples.binjiang.homes import Facts


def wait(project: Facts) -> None:
    """Add the letters and owners' events between signing and delivery, and bring the sales talk up to date."""
    for talk in project["sales_talks"]:
        talk["is_in_use"] = talk["id"] == "客户问答百问"
        if talk["is_in_use"]:
            talk["version_date"] = "2026-10-12"
    project["progress_letters"] = [
        _letter("家书第一期", "2026-02-10", "2026-12-20", ["N19"]),
        _letter("家书第二期", "2026-04-28", "2026-12-20", ["N20"]),
        _letter("家书第三期", "2026-06-28", "2026-12-20", []),
        _letter("家书第四期", "2026-08-29", "2026-12-26", ["N21"]),
        _letter("家书第五期", "2026-10-28", "2026-12-26", ["N22", "N23"]),
    ]
    flats = [
        flat["id"] for tower in project["phases"][0]["buildings"] for flat in tower["stair_units"][0]["units"][::10]
    ]
    project["owner_events"] = [
        _event("项目总见面会", "owner_meeting", "2026-05-16", flats, ("地铁口通道何时打开", "车位何时开始选")),
        {
            **_event("质量监督日", "supervision_day", "2026-07-18", flats, ("2 层厨房烟道口封堵", "楼梯间临边防护")),
            "route_separated_from_works": True,
            "has_protective_gear": True,
        },
        _event("入住前亲子日", "care", "2026-12-05", flats, ()),
    ]


def _letter(name: str, sent: str, delivery: str, reported: list[str]) -> Facts:
    return {"id": name, "sent_date": sent, "stated_delivery_date": delivery, "reported_nodes": reported}


def _event(name: str, kind: str, held: str, flats: list[str], concerns: tuple[str, ...]) -> Facts:
    """An event; what was raised there was answered within the month."""
    month = held[:5] + f"{int(held[5:7]) + 1:02}"
    raised = [
        {
            "id": f"WT-{held[5:7]}-{number}",
            "subject": subject,
            "due_date": f"{month}-15",
            "answered_date": f"{month}-{7 + number:02}",
        }
        for number, subject in enumerate(concerns, 1)
    ]
    return {"id": name, "kind": kind, "held_date": held, "invited_unit_ids": flats, "owner_concerns": raised}

"""Disclosure, advertising, models and show area in the detail of a full check before the sale."""

from examples.binjiang.homes import Facts

SPEAK_OF_AREA = ("楼书 V3", "三折页 V2", "户型图册", "开盘宣讲课件")


def set_out(project: Facts) -> None:
    """Add these facts to the project built so far. Nobody has bought yet: no letters to buyers, no owners' events."""
    for material in project["sales_materials"]:
        material["mentions_area"] = material["id"] in SPEAK_OF_AREA
    for talk in project["sales_talks"]:
        talk.update(approved_by=["customer_relations", "legal"], is_in_use=True)
    venue = project["sales_venue"]
    for model in venue["scale_models"]:
        if model["kind"] != "unit":
            model.update(marks_red_line=True, marks_adverse_factors=True)
    venue["show_area"]["has_temporary_landscape"] = False
    project.update(progress_letters=[], owner_events=[])

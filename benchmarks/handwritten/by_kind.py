"""The 60 rules of pack/ written by hand and then sorted by kind: the fastest plain Python we could write for them.

What no rule says of itself is used here: which rules can apply to a kitchen, a door or a window. Adding a rule means
finding its places; that is why nobody keeps sixty rules like this, and why it is shown beside the target and is not it.
"""

from findings import Entity, Findings

from handwritten.by_entity import building_rules, project_rules, unit_rules
from handwritten.by_kind_opening import opening_by_kind
from handwritten.by_kind_room import room_by_kind


def by_kind(project: Entity) -> Findings:
    """Walk the tree once; at a room or opening run only the rules that its kind can meet."""
    found = Findings()
    risk, gaps = found.risks.append, found.gaps
    project_rules(project, risk, gaps)
    basis = project.get("design_basis_date")
    fitted = project.get("delivery_standard")
    building_no = unit_no = room_no = opening_no = 0
    for phase in project["phases"]:
        for building in phase["buildings"]:
            building_rules(building, building_no, risk, gaps)
            building_no += 1
            storeys = building.get("storey_count")
            offered = building.get("is_offered")
            for stair in building["stair_units"]:
                for unit in stair["units"]:
                    unit_rules(unit, unit_no, risk, gaps)
                    unit_no += 1
                    floor = unit.get("floor")
                    for room in unit["rooms"]:
                        room_by_kind(room, room_no, floor, storeys, basis, risk, gaps)
                        room_no += 1
                        room_kind = room.get("kind")
                        step = room.get("level_difference_m")
                        for opening in room["openings"]:
                            opening_by_kind(opening, opening_no, room_kind, step, floor, offered, fitted, risk, gaps)
                            opening_no += 1
    return found

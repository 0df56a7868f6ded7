"""What follows from names and ties: the `derived` values of a mapping."""

from itertools import pairwise

from riskgate.sources.ifc.choose import Candidate
from riskgate.sources.ifc.classify import floor_of, is_basement
from riskgate.sources.ifc.drawn import Drawn, Room
from riskgate.sources.ifc.facts import Building, Opening, Space
from riskgate.sources.ifc.flats import Flat
from riskgate.sources.ifc.telling import short


def kind(room: Room) -> Candidate | None:
    return None if room.kind.kind is None else Candidate(room.kind.kind, f"its name `{room.kind.name}`")


def basement(drawn: Drawn, space: Space) -> Candidate | None:
    storey = drawn.storeys.get(space.storey)
    said = None if storey is None else is_basement(storey, drawn.mapping)
    return None if said is None or storey is None else Candidate(said, f"storey {storey.name}")


def outer_window(window: Opening | None) -> Candidate | None:
    """That a room has an outer window; that it has none nobody says."""
    return None if window is None else Candidate(value=True, said=f"outer window {window.guid}")


def floor(drawn: Drawn, flat: Flat) -> Candidate | None:
    """The lowest floor of a flat, if the names of all its storeys say a number."""
    storeys = {
        drawn.storeys[room.storey].guid: drawn.storeys[room.storey]
        for room in flat.rooms
        if room.storey in drawn.storeys
    }
    floors = {one.name: floor_of(one, drawn.mapping.storeys) for one in storeys.values()}
    numbers = [number for number in floors.values() if number is not None]
    if not numbers or len(numbers) < len(floors):
        return None
    return Candidate(min(numbers), f"storeys {', '.join(sorted(floors))}")


def lived_storeys(drawn: Drawn, building: Building) -> Candidate | None:
    """How many storeys hold rooms of flats."""
    ours = {one.guid: one.name for one in drawn.model.storeys if one.building == building.guid}
    lived = sorted({room.storey for flat in drawn.flats.flats for room in flat.rooms} & ours.keys())
    if not lived:
        return None
    return Candidate(len(lived), f"storeys with rooms of flats: {', '.join(sorted(ours[guid] for guid in lived))}")


def least_storey_height(drawn: Drawn, building: Building) -> Candidate | None:
    """The least height of a storey with rooms of flats, up to the next level that has spaces at all."""
    held = {space.storey for space in drawn.model.spaces}
    lived = {room.storey for flat in drawn.flats.flats for room in flat.rooms}
    levels = sorted(
        (one.elevation, one.name, one.guid)
        for one in drawn.model.storeys
        if one.building == building.guid and one.guid in held and one.elevation is not None
    )
    heights = [
        (above[0] - level[0], level[1])
        for level, above in pairwise(levels)
        if level[2] in lived and above[0] > level[0]
    ]
    if not heights:
        return None
    least, name = min(heights)
    said = ", ".join(f"{name} {short(height)} m" for height, name in heights)
    return Candidate(least, f"storeys: {said}; the least, {name}")

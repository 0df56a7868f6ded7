"""From the facts of a model to entities: buildings, flats and rooms; `hang` puts openings and railings into them."""

from collections import Counter
from collections.abc import Mapping, Sequence

from riskgate.sources.ifc import follows
from riskgate.sources.ifc.classify import kind_of_space
from riskgate.sources.ifc.drawn import Drawn, Room
from riskgate.sources.ifc.entry import Entry
from riskgate.sources.ifc.facts import Building, Element, Opening
from riskgate.sources.ifc.flats import flats_of


def draw_rooms(drawn: Drawn, project: Entry, names: "Names") -> None:
    """Buildings, flats and rooms, below the project."""
    model, mapping = drawn.model, drawn.mapping
    drawn.flats = flats_of(model, mapping)
    kinds = {name: drawn.type_of(name) for name in ("building", "unit", "room")}
    frame = f"{model.file}: the frame of a snapshot, not in the model"
    buildings = project.under(drawn.vocabulary, kinds["building"], frame)
    for building in model.buildings:
        entry = Entry(kinds["building"], {"id": names.building(building)})
        drawn.buildings[building.guid] = entry
        if "name" in kinds["building"].fields and (building.name or building.long_name):
            entry.fields["name"] = building.long_name or building.name
        derived = {
            "least_storey_height": follows.least_storey_height(drawn, building),
            "lived_storeys": follows.lived_storeys(drawn, building),
        }
        drawn.fill(entry, "building", building, derived)
        buildings.append(entry)
    for flat in drawn.flats.flats:
        home = drawn.buildings.get(flat.building)
        if home is None:
            drawn.flats.left += flat.rooms
            continue
        unit = Entry(kinds["unit"], {"id": names.unit(flat.id)})
        if flat.told:
            unit.origin = f"{model.file}, flat {flat.id} by {flat.told}"
            drawn.fill(unit, "unit", Element("", "IfcSpace", flat.id), {"floor": follows.floor(drawn, flat)})
        else:
            unit.origin = f"{model.file}: rooms of which the model does not say which flat they are in"
        home.under(drawn.vocabulary, kinds["unit"], frame).append(unit)
        rooms = unit.under(drawn.vocabulary, kinds["room"], frame)
        doubled = _doubled([space.name for space in flat.rooms])
        for space in flat.rooms:
            label = space.guid if not space.name or space.name in doubled else space.name
            said = kind_of_space(space, mapping.rooms)
            room = Room(space, Entry(kinds["room"], {"id": label}), said, flat)
            rooms.append(room.entry)
            drawn.rooms[space.guid] = room


def fill_rooms(drawn: Drawn, outer: Mapping[str, Opening]) -> None:
    """The fields of all rooms; `outer` has the outer window of each room that has one."""
    for room in drawn.rooms.values():
        drawn.fill(
            room.entry,
            "room",
            room.space,
            {
                "kind": follows.kind(room),
                "basement": follows.basement(drawn, room.space),
                "outer_window": follows.outer_window(outer.get(room.space.guid)),
            },
        )
        if room.kind.kind is None and "kind" not in room.entry.fields:
            why = "says two things" if room.kind.why == "several" else "does not say what the room is"
            room.entry.origins["kind"] = f"{drawn.where(room.space)}: the name {why}, so no kind is given"


class Names:
    """Ids of buildings and flats, each once in the project."""

    def __init__(self) -> None:
        self.buildings: set[str] = set()
        self.units: set[str] = set()
        self.nameless = 0
        self.repeated: list[str] = []
        """Names of buildings that two have: whoever merges models must say which is which."""

    def building(self, building: Building) -> str:
        self.nameless += 1
        label = building.name or building.long_name or str(self.nameless)
        if label in self.buildings:
            self.repeated.append(label)
        self.buildings.add(label)
        return label

    def unit(self, label: str) -> str:
        """The id of a flat; one that is taken gets a number behind it."""
        made, number = label, 1
        while made in self.units:
            number += 1
            made = f"{label}-{number}"
        self.units.add(made)
        return made


def _doubled(names: Sequence[str]) -> set[str]:
    return {name for name, number in Counter(names).items() if number > 1}

"""A model on its way into a snapshot: its facts, the mapping, and the entities that were made of it so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from riskgate.sources.ifc.choose import Candidate, Chosen, choose
from riskgate.sources.ifc.classify import Said
from riskgate.sources.ifc.entry import Entry
from riskgate.sources.ifc.facts import Element, Model, Space, Storey
from riskgate.sources.ifc.flats import Flat, Flats
from riskgate.sources.ifc.mapping import IfcMap, Section
from riskgate.sources.ifc.mapping_file import ENTITY_OF
from riskgate.sources.ifc.telling import Telling, named
from riskgate.vocabulary import EntityType, Vocabulary


@dataclass(eq=False)
class Room:
    """A space that became an entity: its entry, what its name says, and the flat it is in."""

    space: Space
    entry: Entry
    kind: Said
    flat: Flat


@dataclass(eq=False)
class Drawn:
    """A model on its way into a snapshot. `rooms` are those of flats, by GlobalId."""

    model: Model
    mapping: IfcMap
    vocabulary: Vocabulary
    telling: Telling
    flats: Flats = field(default_factory=Flats)
    rooms: dict[str, Room] = field(default_factory=dict)
    buildings: dict[str, Entry] = field(default_factory=dict)
    disagreements: list[tuple[str, str, Chosen]] = field(default_factory=list)
    """Field, element and values of every conflict."""

    def __post_init__(self) -> None:
        self.storeys: Mapping[str, Storey] = {one.guid: one for one in self.model.storeys}
        self.spaces: Mapping[str, Space] = {one.guid: one for one in self.model.spaces}
        self.unsure: dict[str, int] = {}

    def type_of(self, section: Section) -> EntityType:
        return self.vocabulary.entities[self.mapping.entities[ENTITY_OF[section]]]

    def where(self, element: Element) -> str:
        """How origins call an element."""
        called = " ".join(part for part in (element.type, named(element)) if part)
        storey = self.storeys.get(getattr(element, "storey", ""))
        place = f", {storey.name}" if storey is not None and storey.name else ""
        return f"{self.model.file}, {called}{place}"

    def fill(self, entry: Entry, section: Section, element: Element, derived: Mapping[str, Candidate | None]) -> None:
        """Set every field that the mapping has for this section, from the values of the element."""
        kind, where = self.type_of(section), self.where(element)
        for name, sources in self.mapping.fields.get(section, {}).items():
            last = derived.get(sources.derived)
            chosen = choose(element.values, sources, kind.fields[name], self.mapping.tolerance, last)
            if chosen.first is not None and sources.witness:
                witness = derived.get(sources.witness)
                chosen = choose(element.values, sources, kind.fields[name], self.mapping.tolerance, witness)
            entry.put(name, chosen, where)
            if chosen.others:
                self.disagreements.append((f"{kind.name}.{name}", named(element), chosen))
            if chosen.first is None:
                for one in chosen.unsure:
                    self.unsure[one] = self.unsure.get(one, 0) + 1

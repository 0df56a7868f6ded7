"""Reads a mapping of models from YAML. What a file leaves out is as the bundled one has it."""

import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import cast

from riskgate.errors import LoadError, Problem
from riskgate.load.locate import SOURCES, File, bundled_path
from riskgate.load.reader import read
from riskgate.load.shape import Form
from riskgate.load.tree import Document, Leaf, Node
from riskgate.sources.ifc.mapping import (
    DERIVED,
    GEOMETRY,
    SECTIONS,
    DoorNames,
    FieldSources,
    Floor,
    IfcMap,
    RailingNames,
    RoomNames,
    Section,
    StoreyNames,
    Tolerance,
    UnitNames,
    WindowNames,
)
from riskgate.sources.ifc.mapping_forms import MapForms
from riskgate.text import Text
from riskgate.vocabulary import Field, Vocabulary

NAME = "ifc"
TOP = (
    "version",
    "tolerance",
    "encoding",
    "reach_m",
    "schema_violations",
    "entities",
    "storeys",
    "units",
    "rooms",
    "doors",
    "windows",
    "railings",
    "fields",
)
ENTITY_OF: Mapping[Section, str] = MappingProxyType(
    {
        "building": "building",
        "unit": "unit",
        "room": "room",
        "door": "opening",
        "window": "opening",
        "railing": "railing",
        "stair": "stair",
    }
)
"""Which entry of `entities` a section of `fields` is about."""
ENCODINGS = ("utf-8", "gb18030", "gbk", "cp1252", "latin-1", "big5")
REST = ("together", "left_out")
VIOLATIONS = ("incomplete", "note")
_VERSION = "1"


def read_ifc_map(path: "str | os.PathLike[str] | None", vocabulary: Vocabulary) -> IfcMap:
    """The mapping in a file over the bundled one; None is the bundled one alone. Raises LoadError."""
    bundled = File(bundled_path() / SOURCES / f"{NAME}.yaml", f"rules/{SOURCES}/{NAME}.yaml")
    base = _read(bundled, vocabulary, None)
    return base if path is None else _read(File(Path(path), Path(path).as_posix()), vocabulary, base)


def _read(file: File, vocabulary: Vocabulary, base: IfcMap | None) -> IfcMap:
    data, problem = file.read()
    if data is None:
        raise LoadError([] if problem is None else [problem])
    document, problems = read(data, file.shown)
    if document is None:
        raise LoadError(problems)
    reader = _MapReader(document, vocabulary, base)
    found = reader.read()
    wrong: list[Problem] = [*problems, *reader.sheet.problems]
    if wrong or found is None:
        raise LoadError(wrong)
    return found


class _MapReader(MapForms):
    """Reads one file. `base` is what it stands upon; the bundled one has none, and so must say everything."""

    def __init__(self, document: Document, vocabulary: Vocabulary, base: IfcMap | None) -> None:
        super().__init__(document)
        self.vocabulary = vocabulary
        self.base = base

    def read(self) -> IfcMap | None:
        root = self.sheet.entries(self.sheet.document.root)
        if root is None:
            return None
        base = self.base
        form = self.sheet.form(root, TOP, TOP if base is None else ("version",))
        version = form.text("version")
        if version is not None and version != _VERSION:
            message = Text(f"映射文件版本应为 {_VERSION}", f"this riskgate reads mappings of version {_VERSION}")
            self.sheet.add("wrong-version", form.values["version"], message)
        entities = self.part(form, "entities", self._entities, None if base is None else base.entities)
        if entities is None:
            return None
        self.entities = entities
        made = {
            "tolerance": self.part(form, "tolerance", self._tolerance, None if base is None else base.tolerance),
            "storeys": self.part(form, "storeys", self._storeys, None if base is None else base.storeys),
            "units": self.part(form, "units", self._units, None if base is None else base.units),
            "rooms": self.part(form, "rooms", self._rooms, None if base is None else base.rooms),
            "doors": self.part(form, "doors", self._doors, None if base is None else base.doors),
            "windows": self.part(form, "windows", self._windows, None if base is None else base.windows),
            "railings": self.part(form, "railings", self._railings, None if base is None else base.railings),
            "fields": self.part(form, "fields", self._fields, None if base is None else base.fields),
            "encoding": self.choice(form, "encoding", ENCODINGS, None if base is None else base.encoding),
            "reach_m": self.number(form, "reach_m", None if base is None else base.reach_m),
            "schema_violations": self.choice(
                form, "schema_violations", VIOLATIONS, None if base is None else base.schema_violations
            ),
        }
        if any(part is None for part in made.values()):
            return None
        return IfcMap(shown=self.sheet.file, entities=entities, **made)  # type: ignore[arg-type]  # none is None here

    def _entities(self, form: Form) -> Mapping[str, str] | None:
        names = sorted(set(ENTITY_OF.values()))
        form = self.sheet.form(form.node, names, names)
        found: dict[str, str] = {}
        for name in names:
            kind = form.choice(name, self.vocabulary.entities, Text("对象类型", "entity type"), "unknown-entity")
            if kind is not None:
                found[name] = kind
        for above, below in (("building", "unit"), ("unit", "room"), ("room", "opening")):
            if {above, below} <= found.keys() and all(
                kind.name != found[above] for kind in self.vocabulary.chains[found[below]][:-1]
            ):
                message = Text(
                    f"`{found[below]}` 不在 `{found[above]}` 之内", f"`{found[below]}` is not within `{found[above]}`"
                )
                self.sheet.add("wrong-entity", form.values[below], message)
        return MappingProxyType(found) if len(found) == len(names) else None  # the rest is read by them

    def _tolerance(self, form: Form) -> Tolerance | None:
        form = self.known(form, ("length_m", "area_share"))
        base = None if self.base is None else self.base.tolerance
        length = self.number(form, "length_m", None if base is None else base.length_m)
        area = self.number(form, "area_share", None if base is None else base.area_share)
        return None if length is None or area is None else Tolerance(length, area)

    def _storeys(self, form: Form) -> StoreyNames:
        form = self.known(form, ("floors", "basements", "above_ground"))
        base = self.base.storeys if self.base is not None else StoreyNames()
        return StoreyNames(
            tuple(self._floors(form)) if form.get("floors") is not None else base.floors,
            self.patterns(form, "basements", base.basements, ()),
            self.named(form, "above_ground", base.above_ground),
        )

    def _floors(self, form: Form) -> Iterator[Floor]:
        for node in form.items("floors"):
            if isinstance(node, Leaf):
                if self.pattern(node, ("floor",)) is not None:
                    yield Floor(node.text)
                continue
            entries = self.sheet.entries(node)
            if entries is None:
                continue
            one = self.sheet.form(entries, ("pattern", "plus", "is"), ("pattern",))
            fixed = one.whole("is", -99, 999)
            pattern = self.pattern(one.values.get("pattern"), ("floor",) if fixed is None else ())
            if pattern is not None:
                yield Floor(pattern, one.whole("plus", -99, 99) or 0, fixed)

    def _units(self, form: Form) -> UnitNames:
        form = self.known(form, ("zones", "zone_types", "properties", "names", "rest", "whole"))
        base = self.base.units if self.base is not None else UnitNames()
        return UnitNames(
            self.patterns(form, "zones", base.zones, ("id",)),
            self.wordlist(form, "zone_types", base.zone_types),
            self.named(form, "properties", base.properties),
            self.patterns(form, "names", base.names, ("id",)),
            self.choice(form, "rest", REST, base.rest) or base.rest,
            form.text("whole") or base.whole,
        )

    def _rooms(self, form: Form) -> RoomNames:
        form = self.known(form, ("kinds", "fillers", "elsewhere", "properties"))
        base = self.base.rooms if self.base is not None else RoomNames()
        own: dict[tuple[str, ...], str] = {}
        entries = form.entries("kinds")
        known = self._values("room", "kind")
        said = [] if entries is None else list(entries.leaves())
        for leaf, node in said:
            if leaf.text not in known:
                self.sheet.unknown("unknown-value", leaf, Text("房间类型", "kind of room"), known)
                continue
            for item in self.sheet.items(node) or ():
                name = self.name(item)
                if own.get(name, leaf.text) != leaf.text:
                    message = Text(f"这个名称已经是 `{own[name]}`", f"this name already stands for `{own[name]}`")
                    self.sheet.add("doubled-name", item, message)
                elif name:
                    own[name] = leaf.text
        again = {leaf.text for leaf, _ in said}
        kinds = {name: kind for name, kind in base.kinds.items() if kind not in again} | own
        return RoomNames(
            MappingProxyType(kinds),
            self.wordlist(form, "fillers", base.fillers),
            self.wordlist(form, "elsewhere", base.elsewhere),
            self.named(form, "properties", base.properties),
        )

    def _doors(self, form: Form) -> DoorNames:
        form = self.known(form, ("serves", "kinds", "entry", "entry_from", "entry_rooms", "external"))
        base = self.base.doors if self.base is not None else DoorNames()
        rooms, kinds = self._values("room", "kind"), self._values("opening", "kind")
        return DoorNames(
            self.chosen(form, "serves", rooms, base.serves),
            self.pairs(form, "kinds", rooms, kinds, base.kinds),
            self.choice(form, "entry", kinds, base.entry) or "",
            self.wordlist(form, "entry_from", base.entry_from),
            frozenset(self.chosen(form, "entry_rooms", rooms, tuple(sorted(base.entry_rooms)))),
            self.named(form, "external", base.external),
        )

    def _windows(self, form: Form) -> WindowNames:
        form = self.known(form, ("kind", "external"))
        base = self.base.windows if self.base is not None else WindowNames()
        kind = self.choice(form, "kind", self._values("opening", "kind"), base.kind)
        return WindowNames(kind or "", self.named(form, "external", base.external))

    def _railings(self, form: Form) -> RailingNames:
        form = self.known(form, ("rooms", "parts"))
        base = self.base.railings if self.base is not None else RailingNames()
        rooms, places = self._values("room", "kind"), self._values("railing", "location")
        return RailingNames(
            self.pairs(form, "rooms", rooms, places, base.rooms),
            self.pairs(form, "parts", None, places, base.parts),
        )

    def _fields(self, form: Form) -> Mapping[Section, Mapping[str, FieldSources]]:
        form = self.known(form, SECTIONS)
        found: dict[Section, Mapping[str, FieldSources]] = dict(self.base.fields) if self.base is not None else {}
        for section in SECTIONS:
            entries = form.entries(section)
            known = self.vocabulary.entities[self.entities[ENTITY_OF[section]]].fields
            below = dict(found.get(section, {}))
            for leaf, node in () if entries is None else entries.leaves():
                if leaf.text not in known or leaf.text == "id":
                    kind = Text(
                        f"`{self.entities[ENTITY_OF[section]]}` 的字段",
                        f"field of `{self.entities[ENTITY_OF[section]]}`",
                    )
                    self.sheet.unknown("unknown-field", leaf, kind, known)
                    continue
                sources = self._sources(section, known[leaf.text], node)
                if sources is not None:
                    below[leaf.text] = sources
            found[section] = MappingProxyType(below)
        return MappingProxyType(found)

    def _sources(self, section: Section, spec: Field, node: Node) -> FieldSources | None:
        entries = self.sheet.entries(node)
        if entries is None:
            return None
        form = self.sheet.form(entries, ("quantities", "properties", "attributes", "geometry", "derived", "witness"))
        if spec.type not in {"number", "integer", "boolean", "string", "enum", "list"}:
            message = Text(
                f"{spec.type} 类型的字段不能从模型取值", f"a field of type {spec.type} cannot come from a model"
            )
            self.sheet.add("wrong-field", node, message)
        return FieldSources(
            self.named(form, "quantities", ()),
            self.named(form, "properties", ()),
            self.named(form, "attributes", ()),
            form.choice("geometry", GEOMETRY, Text("几何量", "measure of geometry")) or "",
            form.choice("derived", DERIVED[section], Text("推导量", "derived value")) or "",
            form.choice("witness", DERIVED[section], Text("推导量", "derived value")) or "",
        )

    def _values(self, entity: str, name: str) -> Collection[str]:
        """The values that an enum of the vocabulary has; none if it has no such field."""
        spec = self.vocabulary.entities[self.entities[entity]].fields.get(name)
        return cast("Collection[str]", () if spec is None else spec.values)

"""`vocabulary.yaml`, and what packs add to it, as one `Vocabulary`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from riskgate.load.fields import FIELD, FieldReader
from riskgate.load.messages import Wrong, check_path, check_placeholders, unknown_name
from riskgate.load.names import RESERVED, identifier
from riskgate.load.shape import Form, Sheet
from riskgate.load.tree import Document, Entries, Leaf, Node
from riskgate.record import replace
from riskgate.text import Text
from riskgate.vocabulary import NODE_RECORD, EntityType, Field, Vocabulary

ENTITY = Text("实体类型", "entity type")
ENUM = Text("共用取值表", "shared list of values")
ENTITY_KEYS = ("title", "label", "within", "collection", "single", "min", "fields")
KEYS = ("version", "roles", "enums", "entities")
ROLES = ("group", "sale_unit")
FLOOR = "floor"
"""A role that names no entity type but a field of the sale unit: the level it lies at."""
MAX_MINIMUM = 1_000_000
NODES = "nodes"
STATUS = MappingProxyType(
    {
        "not_started": Text("未开始", "not started"),
        "in_progress": Text("进行中", "in progress"),
        "passed": Text("已通过", "passed"),
    }
)


@dataclass(eq=False, repr=False)
class _Draft:
    """An entity type while more fields may come from packs."""

    sheet: Sheet
    place: Leaf
    within: Leaf | None = None
    title: Text | None = None
    collection: Leaf | None = None
    single: Leaf | None = None
    minimum: int = 0
    label: Text | None = None
    label_node: Node | None = None
    fields: dict[str, Field] = field(default_factory=dict)
    places: dict[str, tuple[Sheet, Leaf]] = field(default_factory=dict)

    @property
    def key(self) -> Leaf | None:
        return self.collection or self.single


class VocabularyBuilder:
    """Gathers definitions from the vocabulary file and from pack heads; `build` checks how they fit together."""

    def __init__(self) -> None:
        self.enums: dict[str, dict[str, Text]] = {}
        self.drafts: dict[str, _Draft] = {}
        self.roles: dict[str, tuple[Sheet, Leaf]] = {}
        self.references: list[tuple[Sheet, Leaf]] = []

    def add(self, sheet: Sheet, node: Node, *, extension: bool = False) -> None:
        """Takes over the definitions of one file; problems go to its sheet."""
        root = sheet.entries(node)
        if root is None:
            return
        form = sheet.form(root, ("enums", "entities") if extension else KEYS, () if extension else ("entities",))
        reader = FieldReader(sheet, self.enums, self.references)
        self._enums(reader, form.entries("enums"))
        entities = form.entries("entities")
        for key, definition in [] if entities is None else entities.leaves():
            self._entity(reader, key, definition)
        roles = form.entries("roles")
        if roles is not None:
            for role, at in sheet.form(roles, (*ROLES, FLOOR)).values.items():
                if sheet.text(at) is not None and isinstance(at, Leaf):
                    self.roles[role] = (sheet, at)

    def _enums(self, reader: FieldReader, entries: Entries | None) -> None:
        for key, node in [] if entries is None else entries.leaves():
            name = identifier(reader.sheet, key, ENUM, frozenset())
            values = reader.values(node)
            if name is not None:
                self._merge(reader.sheet, node, self.enums.setdefault(name, {}), values)

    def _merge(self, sheet: Sheet, node: Node, known: dict[str, Text], more: Mapping[str, Text]) -> None:
        """Adds enum values; one that exists with another label is a problem."""
        for value, title in more.items():
            if known.setdefault(value, title) != title:
                at = node.key(value) if isinstance(node, Entries) and value in node.values else node
                _redefined(sheet, at, Text(f"取值 `{value}`", f"value `{value}`"))

    def _entity(self, reader: FieldReader, key: Leaf, node: Node) -> None:
        sheet = reader.sheet
        name = identifier(sheet, key, ENTITY, RESERVED | {NODE_RECORD})
        entries = sheet.entries(node)
        if entries is None:
            return
        form = sheet.form(entries, ENTITY_KEYS)
        fields = reader.fields(form.entries("fields"))
        draft = self._draft(sheet, key, form)
        if name is None:
            return
        known = self.drafts.get(name)
        if known is None:
            self.drafts[name] = draft
            known = draft
        elif not _agrees(known, draft):
            _redefined(sheet, key, Text(f"{ENTITY.zh} `{name}`", f"{ENTITY.en} `{name}`"))
        for field_name, (made, place) in fields.items():
            self._field(sheet, known, field_name, made, place)

    def _field(self, sheet: Sheet, draft: _Draft, name: str, made: Field, place: Leaf) -> None:
        known = draft.fields.get(name)
        if known is None:
            draft.fields[name] = made
            draft.places[name] = (sheet, place)
        elif known.type == made.type == "enum" and replace(known, values=made.values) == replace(
            made, title=known.title if made.title == Text.of(name) else made.title
        ):
            merged = dict(known.values)
            self._merge(sheet, place, merged, made.values)
            draft.fields[name] = replace(known, values=MappingProxyType(merged))
        elif known != made:
            _redefined(sheet, place, Text(f"{FIELD.zh} `{name}`", f"{FIELD.en} `{name}`"))

    def _draft(self, sheet: Sheet, key: Leaf, form: Form) -> _Draft:
        collection, single = _leaf(form, "collection"), _leaf(form, "single")
        if collection is not None and single is not None:
            sheet.add(
                "both-kinds",
                single,
                Text("不能同时有 collection 和 single", "`collection` and `single` cannot both be given"),
                Text("列表写 collection，单个写 single。", "a list has a `collection`, one object a `single`."),
            )
        within = _leaf(form, "within")
        if within is None and "within" not in form.values and (collection or single):
            at = collection or single
            assert at is not None  # noqa: S101 - one of the two is there
            sheet.add("missing-key", at, Text("缺少 `within`", "`within` is missing"))
        for name in (collection, single):
            if name is not None:
                identifier(sheet, name, Text("集合", "collection"), RESERVED - {"list"})
        return _Draft(
            sheet=sheet,
            place=key,
            within=within,
            title=form.words("title", []),
            collection=collection,
            single=single,
            minimum=form.whole("min", 0, MAX_MINIMUM) or 0,
            label=form.words("label", []),
            label_node=form.get("label"),
        )

    def build(self) -> Vocabulary | None:
        """The whole vocabulary; None if something in it does not fit, which the sheets then say."""
        roots = [draft for draft in self.drafts.values() if draft.within is None]
        sound = all([*[self._placed(name, draft) for name, draft in self.drafts.items()], self._roots(roots)])
        if not sound or not self._acyclic() or not self._keys():
            return None
        entities = {name: _entity_type(name, draft) for name, draft in self.drafts.items()}
        root = next(name for name, draft in self.drafts.items() if draft.within is None)
        entities[NODE_RECORD] = _node_record(root)
        vocabulary = Vocabulary(MappingProxyType(entities))
        return self._roles(vocabulary) if self._targets() and self._labels(vocabulary) else None

    def _placed(self, name: str, draft: _Draft) -> bool:
        if draft.within is None:
            return True
        if draft.within.text not in self.drafts:
            draft.sheet.unknown("unknown-entity", draft.within, ENTITY, self.drafts)
            return False
        if draft.key is None:
            draft.sheet.add(
                "missing-key",
                draft.place,
                Text(f"`{name}` 缺少 `collection` 或 `single`", f"`{name}` needs a `collection` or a `single`"),
            )
            return False
        return True

    def _roots(self, roots: list[_Draft]) -> bool:
        for extra in roots[1:]:
            first = roots[0].place
            message = Text(
                f"`{extra.place.text}` 没有 within；根只能有一个（已有 `{first.text}`）",
                f"`{extra.place.text}` is within nothing; there is one root only, `{first.text}`",
            )
            extra.sheet.add("two-roots", extra.place, message, Text("请写 within。", "write `within`."))
        if not roots and self.drafts:
            draft = next(iter(self.drafts.values()))
            draft.sheet.add("no-root", draft.place, Text("没有根实体", "no entity is the root"))
        return len(roots) == 1

    def _acyclic(self) -> bool:
        for name, draft in self.drafts.items():
            seen = [name]
            within = draft.within
            while within is not None and within.text not in seen:
                seen.append(within.text)
                within = self.drafts[within.text].within
            if within is not None and within.text == name:
                path = " → ".join([*seen, name])
                message = Text(f"within 互相包含：{path}", f"these entity types are within each other: {path}")
                draft.sheet.add("cycle", draft.place, message)
                return False
        return True

    def _keys(self) -> bool:
        """Every key under a parent is one thing: a field, a collection or a single."""
        sound = True
        taken: dict[tuple[str, str], str] = {}
        for name, draft in self.drafts.items():
            if draft.within is None:
                taken[name, NODES] = NODE_RECORD
        for name, draft in self.drafts.items():
            if draft.within is None or draft.key is None:
                continue
            parent, key = draft.within.text, draft.key.text
            other = taken.setdefault((parent, key), name)
            if other != name:
                message = Text(
                    f"`{parent}` 下的 `{key}` 已被 `{other}` 使用", f"`{key}` in `{parent}` is taken by `{other}`"
                )
                draft.sheet.add("doubled-id", draft.key, message)
                sound = False
        for (parent, key), name in taken.items():
            clash = self.drafts[parent].places.get(key)
            if clash is not None:
                sheet, place = clash
                message = Text(f"字段 `{key}` 与 `{name}` 的键同名", f"field `{key}` has the key of `{name}`")
                sheet.add("doubled-id", place, message, Text("请改名。", "rename one of them."))
                sound = False
        return sound

    def _targets(self) -> bool:
        sound = True
        for sheet, node in self.references:
            target = self.drafts.get(node.text)
            if target is None:
                sheet.unknown("unknown-entity", node, ENTITY, self.drafts)
                sound = False
            elif "id" not in target.fields:
                message = Text(
                    f"`{node.text}` 没有 id，不能引用", f"`{node.text}` has no `id` and cannot be referred to"
                )
                sheet.add("ref-without-id", node, message)
                sound = False
        return sound

    def _labels(self, vocabulary: Vocabulary) -> bool:
        before = sum(len(draft.sheet.problems) for draft in self.drafts.values())
        for name, draft in self.drafts.items():
            if draft.label_node is not None:
                chain = {entity.name: entity for entity in vocabulary.chains[name]}

                def check(path: tuple[str, ...], chain: Mapping[str, EntityType] = chain) -> Wrong | None:
                    entity = chain.get(path[0])
                    return (
                        unknown_name(path[0], list(chain)) if entity is None else check_path(vocabulary, entity, path)
                    )

                check_placeholders(draft.sheet, draft.label_node, check)
        return before == sum(len(draft.sheet.problems) for draft in self.drafts.values())

    def _roles(self, vocabulary: Vocabulary) -> Vocabulary | None:
        sound = True
        for role, (sheet, node) in self.roles.items():
            if role in ROLES and node.text not in self.drafts:
                sheet.unknown("unknown-entity", node, ENTITY, self.drafts)
                sound = False
        if not sound:
            return None
        group = self.roles["group"][1].text if "group" in self.roles else None
        sale_unit = self.roles["sale_unit"][1].text if "sale_unit" in self.roles else None
        if group is not None and sale_unit is not None and group not in {e.name for e in vocabulary.chains[sale_unit]}:
            sheet, node = self.roles["sale_unit"]
            message = Text(f"`{sale_unit}` 不在 `{group}` 之下", f"`{sale_unit}` is not below `{group}`")
            sheet.add("bad-role", node, message)
            return None
        return self._floor(replace(vocabulary, group=group, sale_unit=sale_unit))

    def _floor(self, vocabulary: Vocabulary) -> Vocabulary | None:
        if FLOOR not in self.roles:
            return vocabulary
        sheet, node = self.roles[FLOOR]
        fields = vocabulary.entities[vocabulary.sale_unit].fields if vocabulary.sale_unit else {}
        known = fields.get(node.text)
        if known is None or known.type != "integer":
            message = Text(
                f"`{node.text}` 不是 sale_unit 类型的整数字段，不能作楼层",
                f"`{node.text}` is no integer field of the sale unit",
            )
            sheet.add("bad-role", node, message)
            return None
        return replace(vocabulary, floor=node.text)


def read_vocabulary(document: Document) -> tuple[Vocabulary | None, Sheet]:
    """The vocabulary in one document, without any pack's additions."""
    sheet = Sheet(document)
    builder = VocabularyBuilder()
    builder.add(sheet, document.root)
    vocabulary = builder.build()
    return (None if sheet.problems else vocabulary), sheet


def _leaf(form: Form, name: str) -> Leaf | None:
    node = form.get(name)
    if node is None or form.sheet.text(node) is None:
        return None
    return node if isinstance(node, Leaf) else None


def _agrees(known: _Draft, more: _Draft) -> bool:
    """Whether a further definition of an entity type says nothing else than the first one."""

    def text(leaf: Leaf | None) -> str | None:
        return None if leaf is None else leaf.text

    return all(
        (
            more.within is None or text(more.within) == text(known.within),
            more.key is None
            or (text(more.collection), text(more.single)) == (text(known.collection), text(known.single)),
            more.title in {None, known.title},
            more.label in {None, known.label},
            more.minimum in {0, known.minimum},
        )
    )


def _redefined(sheet: Sheet, node: Node, what: Text) -> None:
    message = Text(f"{what.zh} 已有不同的定义", f"{what.en} is already defined differently")
    sheet.add(
        "redefined", node, message, Text("请改名，或与已有的定义写成一样。", "rename it, or write the same definition.")
    )


def _entity_type(name: str, draft: _Draft) -> EntityType:
    return EntityType(
        name=name,
        title=draft.title or Text.of(name),
        within=None if draft.within is None else draft.within.text,
        fields=MappingProxyType(draft.fields),
        collection=None if draft.collection is None else draft.collection.text,
        single=None if draft.single is None else draft.single.text,
        minimum=draft.minimum,
        label=draft.label,
        places=MappingProxyType({field: sheet.place(leaf) for field, (sheet, leaf) in draft.places.items()}),
    )


def _node_record(root: str) -> EntityType:
    fields = (
        Field("id", "node", Text("节点", "node"), required=True),
        Field("status", "enum", Text("状态", "status"), values=STATUS),
        Field("planned_on", "date", Text("计划日期", "planned on")),
        Field("passed_on", "date", Text("通过日期", "passed on")),
    )
    return EntityType(
        name=NODE_RECORD,
        title=Text("节点记录", "node record"),
        within=root,
        fields=MappingProxyType({f.name: f for f in fields}),
        collection=NODES,
    )

"""Fields of the vocabulary and types of parameters: from the YAML to `Field` values."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast, get_args

from riskgate.load.names import CEL_WORDS, identifier
from riskgate.load.shape import Form, Sheet
from riskgate.load.tree import Entries, Leaf, Node
from riskgate.text import Text
from riskgate.vocabulary import Field, FieldType

TYPES: tuple[FieldType, ...] = get_args(FieldType)
TYPE = Text("类型", "type")
FIELD = Text("字段", "field")
ENUM = Text("共用取值表", "shared list of values")
COMMON = ("type", "title", "required", "unit", "descriptive")
EXTRA: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "string": ("free_text",),
        "integer": ("min", "max"),
        "number": ("min", "max"),
        "enum": ("values",),
        "list": ("of",),
        "object": ("fields",),
        "ref": ("to",),
    }
)
NEEDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"enum": ("values",), "list": ("of",), "object": ("fields",), "ref": ("to",)}
)


@dataclass(eq=False, repr=False)
class FieldReader:
    """Reads field definitions of one file. `enums` are the shared lists of values; refs are noted for a later check."""

    sheet: Sheet
    enums: Mapping[str, Mapping[str, Text]]
    references: list[tuple[Sheet, Leaf]]

    def fields(self, entries: Entries | None) -> dict[str, tuple[Field, Leaf]]:
        """The fields of an entity or object by name, each with the place of its name."""
        found: dict[str, tuple[Field, Leaf]] = {}
        if entries is None:
            return found
        for key, node in entries.leaves():
            name = identifier(self.sheet, key, FIELD, CEL_WORDS)
            field = self.field(name or key.text, node)
            if name is not None and field is not None:
                found[name] = (field, key)
        return found

    def field(self, name: str, node: Node, more: tuple[str, ...] = (), types: tuple[str, ...] = TYPES) -> Field | None:
        """One field definition; `more` are further keys that the caller reads itself."""
        entries = self.sheet.entries(node)
        if entries is None:
            return None
        kind_node = entries.values.get("type")
        kind = None if kind_node is None else self.sheet.choice(kind_node, types, TYPE, "unknown-type")
        if kind is None:
            every = (*COMMON, *more, *(key for keys in EXTRA.values() for key in keys))
            self.sheet.form(entries, every, ("type",))
            return None
        form = self.sheet.form(entries, (*COMMON, *more, *EXTRA.get(kind, ())), NEEDED.get(kind, ()))
        low, high = form.number("min"), form.number("max")
        if low is not None and high is not None and low > high:
            at = form.values["min"]
            self.sheet.add("bad-range", at, Text("min 大于 max", "`min` is greater than `max`"))
        of_node = form.get("of")
        to = self._target(form)
        return Field(
            name=name,
            type=cast(FieldType, kind),
            title=form.words("title", []) or Text.of(name),
            required=form.boolean("required"),
            unit=form.text("unit"),
            minimum=low,
            maximum=high,
            values=self._values(form),
            of=None if of_node is None else self.field(name, of_node),
            fields=MappingProxyType({n: f for n, (f, _) in self.fields(form.entries("fields")).items()}),
            to=to,
            free_text=form.boolean("free_text"),
            descriptive=form.boolean("descriptive"),
        )

    def _target(self, form: Form) -> str | None:
        node = form.get("to")
        if node is None:
            return None
        text = self.sheet.text(node)
        if text is not None and isinstance(node, Leaf):
            self.references.append((self.sheet, node))
        return text

    def _values(self, form: Form) -> Mapping[str, Text]:
        node = form.get("values")
        if node is None:
            return MappingProxyType({})
        if isinstance(node, Leaf):
            name = self.sheet.choice(node, self.enums, ENUM, "unknown-enum")
            return MappingProxyType(self.enums[name] if name is not None else {})
        return MappingProxyType(self.values(node))

    def values(self, node: Node) -> dict[str, Text]:
        """The stored values of an enum with their labels."""
        entries = self.sheet.entries(node)
        found: dict[str, Text] = {}
        if entries is None:
            return found
        for key, label in entries.leaves():
            text = self.sheet.words(label, key.text, [])
            if text is not None:
                found[key.text] = text
        if not entries.values and not entries.damaged:
            self.sheet.add("empty-list", node, Text("没有任何取值", "there is no value"))
        return found

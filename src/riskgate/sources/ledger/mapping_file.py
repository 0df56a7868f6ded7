"""Reads a mapping from YAML, and checks it against the vocabulary: unknown fields, units and patterns are errors."""

import os
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from riskgate.errors import LoadError, suggestion
from riskgate.load.locate import MAPPINGS, SOURCES, File, bundled_path
from riskgate.load.messages import Wrong, check_placeholders
from riskgate.load.reader import read
from riskgate.load.shape import Form, Sheet
from riskgate.load.tree import Document, Entries, Items, Leaf, Node
from riskgate.sources.ledger.mapping import Column, IdForm, Ledger, LedgerMap, Unit, Words, in_cells, plain
from riskgate.sources.patterns import compiled, refusal
from riskgate.text import Text
from riskgate.vocabulary import EntityType, Vocabulary

_T = TypeVar("_T")
NAME = "ledgers"
TOP = ("version", "words", "units", "ids", "ledgers")
WORDS = ("yes", "no", "missing", "empty", "totals", "examples")
LEDGER = ("title", "sheets", "entity", "columns", "id", "adds", "unread")
COLUMN = ("headers", "required", "unit", "words", "between")
ID = ("strip", "same", "read", "write")
ENTITY = Text("对象类型", "entity type")
FIELD = Text("字段", "field")
UNIT = Text("单位", "unit")
NO_CELL = Text("单元格写不下这种字段", "no cell can hold a field of this kind")
_VERSION = "1"
_LIMITS = 2
_SMALLEST, _LARGEST = Decimal("1e-30"), Decimal("1e30")
"""No unit is further than this from another one."""


def read_mapping(path: "str | os.PathLike[str] | None", vocabulary: Vocabulary) -> LedgerMap:
    """The mapping in a file; None stands for the bundled one. Raises LoadError with every problem.

    Of the bundled one only those units, ids and ledgers are taken that the vocabulary knows all of: whoever has a
    vocabulary of their own need not write a mapping to use templates.
    """
    assert NAME in MAPPINGS  # noqa: S101 - what is looked for beside the rules is known there
    if path is None:
        file = File(bundled_path() / SOURCES / f"{NAME}.yaml", f"rules/{SOURCES}/{NAME}.yaml")
    else:
        file = File(Path(path), Path(path).as_posix())
    data, problem = file.read()
    if data is None:
        raise LoadError([] if problem is None else [problem])
    document, problems = read(data, file.shown)
    if document is None:
        raise LoadError(problems)
    reader = _MapReader(document, vocabulary, whole=path is not None)
    found = reader.read()
    if problems or reader.sheet.problems:
        raise LoadError([*problems, *reader.sheet.problems])
    return found


class _MapReader:
    def __init__(self, document: Document, vocabulary: Vocabulary, *, whole: bool) -> None:
        self.sheet = Sheet(document)
        self._vocabulary = vocabulary
        self._whole = whole
        """Whether all of it must be known; else what is not is left out, a part at a time."""
        self._units: dict[str, Unit] = {}

    def read(self) -> LedgerMap:
        sheet = self.sheet
        root = sheet.entries(sheet.document.root)
        if root is None:
            return LedgerMap(sheet.file, Words(), {}, {}, ())
        form = sheet.form(root, TOP, ("version", "ledgers"))
        version = form.text("version")
        if version is not None and version != _VERSION:
            message = Text(f"映射文件版本应为 {_VERSION}", f"this riskgate reads mappings of version {_VERSION}")
            sheet.add("wrong-version", form.values["version"], message)
        words = self._words(form)
        for name, unit in self._known(form, "units", self._unit):
            self._units[name] = unit
        ids = dict(self._known(form, "ids", self._id))
        ledgers = [ledger for _, ledger in self._known(form, "ledgers", self._ledger)]
        return LedgerMap(
            sheet.file,
            words,
            MappingProxyType(self._units),
            MappingProxyType(ids),
            tuple(ledgers),
        )

    def _known(self, form: Form, name: str, read_one: Callable[[Leaf, Node], _T | None]) -> Iterator[tuple[str, _T]]:
        for key, node in self._named(form, name):
            before = len(self.sheet.problems)
            found = read_one(key, node)
            if not self._whole and len(self.sheet.problems) > before:
                del self.sheet.problems[before:]
            elif found is not None:
                yield key.text, found

    @staticmethod
    def _named(form: Form, name: str) -> Iterator[tuple[Leaf, Node]]:
        entries = form.entries(name)
        if entries is not None:
            yield from entries.leaves()

    def _texts(self, form: Form, name: str) -> tuple[str, ...]:
        texts = [self.sheet.text(item) for item in form.items(name)]
        return tuple(text for text in texts if text is not None)

    def _plain(self, form: Form, name: str) -> frozenset[str]:
        return frozenset(plain(text) for text in self._texts(form, name))

    def _pairs(self, form: Form, name: str) -> dict[str, str]:
        """A mapping of words to words; the first as `plain` makes them."""
        found: dict[str, str] = {}
        for key, node in self._named(form, name):
            text = self.sheet.text(node)
            if text is not None:
                found[plain(key.text)] = text
        return found

    def _words(self, form: Form) -> Words:
        entries = form.entries("words")
        if entries is None:
            return Words()
        given = self.sheet.form(entries, WORDS)
        return Words(**{name: self._plain(given, name) for name in WORDS})

    def _unit(self, name: Leaf, node: Node) -> Unit | None:
        known = {spec.unit for kind in self._vocabulary.entities.values() for spec in kind.fields.values() if spec.unit}
        if name.text not in known:
            self.sheet.unknown("unknown-unit", name, UNIT, known)
        entries = self.sheet.entries(node)
        if entries is None:
            return None
        form = self.sheet.form(entries, ("title", "written"), ("written",))
        title = form.words("title", []) or Text.of(name.text)
        written: dict[str, Decimal] = {}
        for key, factor in self._named(form, "written"):
            text = self.sheet.text(factor)
            if text is None:
                continue
            number = _factor(text)
            if number is None:
                self.sheet.wrong_type(factor, Text("一个大于 0 的数", "a number above 0"))
            else:
                written[plain(key.text)] = number
        return Unit(title, MappingProxyType(written))

    def _id(self, name: Leaf, node: Node) -> IdForm | None:
        if name.text not in self._vocabulary.entities:
            self.sheet.unknown("unknown-entity", name, ENTITY, self._vocabulary.entities)
            return None
        entries = self.sheet.entries(node)
        if entries is None:
            return None
        form = self.sheet.form(entries, ID)
        for item in form.items("read"):
            self._pattern(item)
        strip = sorted(self._plain(form, "strip"), key=lambda word: (-len(word), word))
        same = MappingProxyType(self._pairs(form, "same"))
        if "write" in form.values:
            check_placeholders(self.sheet, form.values["write"], self._above)
        return IdForm(tuple(strip), same, self._texts(form, "read"), form.text("write"))

    def _above(self, path: tuple[str, ...]) -> Wrong | None:
        """What an id is written with: the components, by their kinds."""
        name = ".".join(path)
        if name in self._vocabulary.entities:
            return None
        message = Text(f"`{name}` 不是对象类型", f"`{name}` is no entity type")
        return "unknown-entity", message, suggestion(name, self._vocabulary.entities)

    def _pattern(self, node: Node) -> None:
        text = self.sheet.text(node)
        if text is None:
            return
        wrong = refusal(text, ())
        if wrong is not None:
            self.sheet.add("bad-pattern", node, wrong)
            return
        for group in compiled(text).groupindex:
            if group not in self._vocabulary.entities:
                message = Text(f"分组 `{group}` 不是对象类型", f"the group `{group}` is no entity type")
                self.sheet.add("unknown-entity", node, message)

    def _ledger(self, name: Leaf, node: Node) -> Ledger | None:
        entries = self.sheet.entries(node)
        if entries is None:
            return None
        form = self.sheet.form(entries, LEDGER, ("entity", "columns"))
        entity = form.choice("entity", self._vocabulary.entities, ENTITY, "unknown-entity")
        if entity is None:
            return None
        kind = self._vocabulary.entities[entity]
        columns: dict[str, Column] = {}
        for key, item in self._named(form, "columns"):
            column = self._column(kind, key, item)
            if column is not None:
                columns[column.key] = column
        ident = self._texts(form, "id")
        for part in form.items("id"):
            if isinstance(part, Leaf) and part.text not in columns:
                self.sheet.unknown("unknown-column", part, Text("列", "column"), columns)
        title = form.words("title", []) or Text.of(name.text)
        return Ledger(
            name.text,
            title,
            entity,
            MappingProxyType(columns),
            self._plain(form, "sheets"),
            ident,
            form.boolean("adds", default=True),
            self._plain(form, "unread"),
        )

    def _column(self, kind: EntityType, key: Leaf, node: Node) -> Column | None:
        entity, dot, name = key.text.partition(".")
        if entity not in self._vocabulary.entities:
            self.sheet.unknown("unknown-entity", key, ENTITY, self._vocabulary.entities)
            return None
        if dot and name not in self._vocabulary.entities[entity].fields:
            self.sheet.unknown("unknown-field", key, FIELD, self._vocabulary.entities[entity].fields)
            return None
        if dot and not in_cells(self._vocabulary.entities[entity].fields[name]):
            self.sheet.add("wrong-field", key, NO_CELL)
            return None
        if dot and not reachable(self._vocabulary, kind, entity):
            message = Text(
                f"一行 {kind.name} 不能确定是哪个 {entity}", f"a row about `{kind.name}` does not tell which `{entity}`"
            )
            self.sheet.add("unreachable-field", key, message)
            return None
        if isinstance(node, Leaf) and node.is_null:
            return Column(entity, name or None)
        entries = self.sheet.entries(node)
        if entries is None:
            return None
        form = self.sheet.form(entries, COLUMN)
        column = Column(
            entity,
            name or None,
            self._texts(form, "headers"),
            form.boolean("required"),
            self._column_unit(form, entity, name),
            MappingProxyType(self._pairs(form, "words")),
            self._between(form),
        )
        self._check_words(form, column)
        return column

    def _column_unit(self, form: Form, entity: str, name: str) -> str | None:
        text = form.text("unit")
        spec = self._vocabulary.entities[entity].fields.get(name)
        unit = self._units.get(spec.unit or "") if spec is not None else None
        if text is not None and (unit is None or plain(text) not in unit.written):
            node = form.values["unit"]
            if isinstance(node, Leaf):
                self.sheet.unknown("unknown-unit", node, UNIT, () if unit is None else unit.written, listing=True)
            return None
        return None if text is None else plain(text)

    def _between(self, form: Form) -> tuple[float, float] | None:
        node = form.get("between")
        if node is None:
            return None
        expected = Text("[下限, 上限]", "[low, high]")
        if not isinstance(node, Items) or len(node.nodes) != _LIMITS:
            self.sheet.wrong_type(node, expected)
            return None
        low, high = (self.sheet.number(item) for item in node.nodes)
        return None if low is None or high is None else (float(low), float(high))

    def _check_words(self, form: Form, column: Column) -> None:
        """A word must stand for a value that the field may have."""
        entries = form.entries("words") if "words" in form.values else None
        spec = self._vocabulary.entities[column.entity].fields.get(column.field or "")
        if not isinstance(entries, Entries) or spec is None:
            return
        item = spec.of if spec.type == "list" and spec.of is not None else spec
        known = ("true", "false") if item.type == "boolean" else tuple(item.values)
        for node in entries.values.values():
            if isinstance(node, Leaf) and known and node.text not in known:
                self.sheet.unknown("unknown-value", node, Text("取值", "value"), known)


def _factor(text: str) -> Decimal | None:
    """How much of a unit another one is; None if the text says no such number."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and _SMALLEST <= number <= _LARGEST else None


def reachable(vocabulary: Vocabulary, kind: EntityType, entity: str) -> bool:
    """Whether a row about an entity of this kind tells which `entity` is meant: itself, an ancestor, or a single that
    hangs on one of them."""
    mine = {one.name for one in vocabulary.chains[kind.name]}
    return all(one.name in mine for one in vocabulary.chains[entity] if not one.single)

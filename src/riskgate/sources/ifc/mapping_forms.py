"""The small readers that every part of a mapping of models is made of: words, patterns, named properties, pairs."""

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import TypeVar

from riskgate.load.shape import Form, Sheet
from riskgate.load.tree import Document, Entries, Node
from riskgate.sources.ifc.mapping import Named
from riskgate.sources.ifc.names import words
from riskgate.sources.ifc.units import AREAS_WRITTEN, LENGTHS_WRITTEN
from riskgate.sources.patterns import refusal
from riskgate.text import Text

_Made = TypeVar("_Made")
Words = tuple[str, ...]
VALUE = Text("取值", "value")


class MapForms:
    """One file of a mapping, and readers for its parts. What is left out is what `base` says."""

    def __init__(self, document: Document) -> None:
        self.sheet = Sheet(document)

    def part(self, form: Form, name: str, make: Callable[[Form], _Made | None], base: _Made | None) -> _Made | None:
        """One part of the file, or what the mapping below has."""
        entries = form.entries(name)
        if entries is None:
            return base
        return make(Form(self.sheet, entries))

    def choice(self, form: Form, name: str, options: Collection[str], base: str | None) -> str | None:
        if form.get(name) is None:
            return base
        return form.choice(name, options, VALUE)

    def number(self, form: Form, name: str, base: float | None) -> float | None:
        node = form.get(name)
        if node is None:
            return base
        value = self.sheet.number(node)
        if value is not None and value < 0:
            self.sheet.wrong_type(node, Text("不小于 0 的数字", "a number of 0 or more"))
            return None
        return value

    def known(self, form: Form, known: Collection[str]) -> Form:
        return self.sheet.form(form.node, known)

    def named(self, form: Form, name: str, base: tuple[Named, ...]) -> tuple[Named, ...]:
        if form.get(name) is None:
            return base
        found: list[Named] = []
        for node in form.items(name):
            if isinstance(node, Entries):
                one = self.sheet.form(node, ("name", "set", "unit", "pattern"), ("name",))
                units = {**LENGTHS_WRITTEN, **AREAS_WRITTEN}
                pattern = self.pattern(one.values.get("pattern"), ("id",)) if one.get("pattern") is not None else ""
                unit = one.choice("unit", units, Text("单位", "unit")) or ""
                found.append(Named(one.text("name") or "", one.text("set") or "", unit, pattern or ""))
            else:
                text = self.sheet.text(node)
                if text is not None:
                    found.append(Named(text))
        return tuple(found)

    def patterns(self, form: Form, name: str, base: tuple[str, ...], groups: tuple[str, ...]) -> tuple[str, ...]:
        if form.get(name) is None:
            return base
        found = [self.pattern(node, groups) for node in form.items(name)]
        return tuple(pattern for pattern in found if pattern is not None)

    def pattern(self, node: Node | None, groups: tuple[str, ...]) -> str | None:
        text = None if node is None else self.sheet.text(node)
        if node is None or text is None:
            return None
        wrong = refusal(text, groups)
        if wrong is not None:
            self.sheet.add("bad-pattern", node, wrong)
            return None
        return text

    def wordlist(self, form: Form, name: str, base: frozenset[tuple[str, ...]]) -> frozenset[tuple[str, ...]]:
        if form.get(name) is None:
            return base
        return frozenset(one for node in form.items(name) if (one := self.name(node)))

    def name(self, node: Node) -> tuple[str, ...]:
        text = self.sheet.text(node)
        if text is None:
            return ()
        found = words(text)
        if not found:
            self.sheet.add("no-words", node, Text("这里没有文字", "there is no word in this"))
        return found

    def chosen(self, form: Form, name: str, known: Collection[str], base: tuple[str, ...]) -> tuple[str, ...]:
        if form.get(name) is None:
            return base
        found = [self.sheet.choice(node, known, VALUE) for node in form.items(name)]
        return tuple(one for one in found if one is not None)

    def pairs(
        self,
        form: Form,
        name: str,
        keys: Collection[str] | None,
        values: Collection[str],
        base: Mapping[str, str],
    ) -> Mapping[str, str]:
        entries = form.entries(name)
        if entries is None:
            return base
        found: dict[str, str] = {}
        for leaf, node in entries.leaves():
            if keys is not None and leaf.text not in keys:
                self.sheet.unknown("unknown-value", leaf, VALUE, keys)
            value = self.sheet.choice(node, values, VALUE)
            if value is not None:
                found[leaf.text] = value
        return MappingProxyType(found)

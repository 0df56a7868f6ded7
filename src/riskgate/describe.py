"""How values, entities and messages read, in both languages.

What depends on a rule alone (which field, which label, which part of a template) is prepared once, as functions that
take the entity: reports have tens of thousands of messages.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from riskgate.cel.types import ListOf, TextOf, Type
from riskgate.lifecycle import Lifecycle
from riskgate.plan.bind import BoundRule
from riskgate.text import Lang, Text
from riskgate.vocabulary import EntityType, Field, Vocabulary

PLACEHOLDER = re.compile(r"\{([^{}\s]+)\}")
NOT_GIVEN = Text("未填", "not given")
YES = Text("是", "yes")
NO = Text("否", "no")
LANGS: tuple[Lang, Lang] = ("zh", "en")
SECONDS_A_DAY = 86_400
Path = tuple[str, ...]
"""A dotted name, taken apart."""
Scope = Any
"""Whatever the functions that read values are called with: the chain and named values of a rule, the facts of a derive
rule, …"""
Read = Callable[[Scope], Any]
Say = Callable[[Scope], str]
SayBoth = Callable[[Scope], tuple[str, str]]
"""In Chinese and in English; a plain tuple, because tens of thousands are made."""
Format = Callable[[Any], str]


class Describer:
    """Words for one vocabulary and lifecycle."""

    def __init__(self, vocabulary: Vocabulary, lifecycle: Lifecycle) -> None:
        self.vocabulary = vocabulary
        self.lifecycle = lifecycle

    def formatter(self, spec: Field | None, lang: Lang) -> Format:
        """How values of a field read: labels, 是/否, at most three decimals; the exact value is in the evidence."""
        labels = self._labels(spec, lang)
        nothing, yes, no = NOT_GIVEN.to(lang), YES.to(lang), NO.to(lang)
        inner = self.formatter(spec.of, lang) if spec is not None and spec.of is not None else None

        def text(value: Any) -> str:
            if isinstance(value, float):
                return number_text(value)
            if isinstance(value, str):
                return labels.get(value, value)
            if value is None:
                return nothing
            if value is True or value is False:
                return yes if value else no
            if isinstance(value, list | tuple):
                each = inner or text
                return ("、" if lang == "zh" else ", ").join(map(each, value))
            if isinstance(value, dt.datetime):
                return moment_text(value, spec)
            if isinstance(value, dt.timedelta):
                days = number_text(value.total_seconds() / SECONDS_A_DAY)
                return f"{days} 天" if lang == "zh" else f"{days} days"
            if isinstance(value, dict):
                return str(value.get("id", "{…}"))
            return str(value)

        return text

    def _labels(self, spec: Field | None, lang: Lang) -> Mapping[str, str]:
        if spec is None:
            return {}
        if spec.type == "enum":
            return {value: label.to(lang) for value, label in spec.values.items()}
        if spec.type == "department":
            return {name: department.title.to(lang) for name, department in self.lifecycle.departments.items()}
        if spec.type == "node":
            return {node.id: f"{node.code} {node.title.to(lang)}" for node in self.lifecycle.nodes}
        return {}

    def template(
        self, text: str, lang: Lang, find: Callable[[Path], Field | None], read: Callable[[Path], Read]
    ) -> Say:
        """A message text as a function: `find` says what is known of a placeholder's value, `read` how to get it."""
        parts: list[tuple[str, Read | None, Format]] = []
        end = 0
        for match in PLACEHOLDER.finditer(text):
            path = tuple(match[1].split("."))
            parts.append((text[end : match.start()], read(path), self.formatter(find(path), lang)))
            end = match.end()
        rest = text[end:]
        known = [(before, get, form) for before, get, form in parts if get is not None]

        def say(scope: Scope) -> str:
            return "".join([before + form(get(scope)) for before, get, form in known]) + rest

        return say

    def both(self, text: Text, find: Callable[[Path], Field | None], read: Callable[[Path], Read]) -> SayBoth:
        """A message text in both languages. Where they have the same placeholders, each value is read once."""
        pieces = PLACEHOLDER.split(text.zh), PLACEHOLDER.split(text.en)
        names = pieces[0][1::2]
        if names != pieces[1][1::2]:
            zh, en = (self.template(text.to(lang), lang, find, read) for lang in LANGS)
            return lambda scope: (zh(scope), en(scope))
        zh_frame, en_frame = ("%s".join(part.replace("%", "%%") for part in found[::2]) for found in pieces)
        values: list[tuple[Read, Format, Format]] = [
            (read(path), self.formatter(find(path), "zh"), self.formatter(find(path), "en"))
            for path in (tuple(name.split(".")) for name in names)
        ]

        if not values:
            constant = (text.zh, text.en)
            return lambda _: constant
        if len(values) == 1:  # most messages
            return _one_value(*values[0], (pieces[0][0], pieces[0][2]), (pieces[1][0], pieces[1][2]))

        def say(scope: Scope) -> tuple[str, str]:
            zh_texts: list[str] = []
            en_texts: list[str] = []
            for get, zh_form, en_form in values:
                value = get(scope)
                if value.__class__ is float:
                    text = number_text(value)
                    zh_texts.append(text)
                    en_texts.append(text)
                else:
                    zh_texts.append(zh_form(value))
                    en_texts.append(en_form(value))
            return zh_frame % tuple(zh_texts), en_frame % tuple(en_texts)

        return say

    def finder(self, chain: Sequence[EntityType]) -> Callable[[Path], Field | None]:
        """Finds the field that a dotted path over a chain ends in."""
        names = {entity.name: entity for entity in chain}

        def find(path: Path) -> Field | None:
            entity = names.get(path[0])
            spec: Field | None = None
            fields: Mapping[str, Field] = {} if entity is None else entity.fields
            for member in path[1:]:
                child = None
                if entity is not None:
                    child = next((c for c in self.vocabulary.children[entity.name] if c.key == member), None)
                if child is not None:
                    entity, fields, spec = child, child.fields, None
                    continue
                entity, spec = None, fields.get(member)
                if spec is None:
                    return None
                fields = spec.fields
            return spec

        return find


def _one_value(get: Read, zh_form: Format, en_form: Format, zh: tuple[str, str], en: tuple[str, str]) -> SayBoth:
    """A text with one placeholder, from what stands before and behind it."""
    zh_before, zh_after = zh
    en_before, en_after = en

    def say(scope: Scope) -> tuple[str, str]:
        value = get(scope)
        if value.__class__ is float:
            text = number_text(value)
            return f"{zh_before}{text}{zh_after}", f"{en_before}{text}{en_after}"
        return f"{zh_before}{zh_form(value)}{zh_after}", f"{en_before}{en_form(value)}{en_after}"

    return say


def member(value: Any, path: Path) -> Any:
    """What lies at a path below a dict; None if there is nothing."""
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


@lru_cache(maxsize=4096)
def number_text(value: float) -> str:
    """At most three decimals, no trailing zeros."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def moment_text(value: dt.datetime, spec: Field | None) -> str:
    """A date as YYYY-MM-DD, a datetime as RFC 3339; a computed timestamp at midnight UTC reads as its date."""
    midnight = value.utcoffset() == dt.timedelta(0) and value.time() == dt.time(0)
    dated = midnight if spec is None else spec.type == "date"
    return value.date().isoformat() if dated else value.isoformat()


def value_field(kind: Type, describer: Describer, rule: BoundRule, parameters: Mapping[str, Field]) -> Field | None:
    """What is known of a named value's type, in the words of a field: how its texts are labelled."""
    if isinstance(kind, ListOf):
        inner = value_field(kind.item, describer, rule, parameters)
        return None if inner is None else Field("", "list", Text.of(""), of=inner)
    if not isinstance(kind, TextOf):
        return None
    if kind.kind == "department":
        return Field("", "department", Text.of(""))
    if kind.kind == "node":
        return Field("", "node", Text.of(""))
    if kind.kind != "enum":
        return None
    owner, *members = kind.path.split(".")
    if owner == "params":
        found = parameters.get(members[0]) if members else None
    else:
        entity = describer.vocabulary.entities.get(owner)
        found = None if entity is None else describer.finder((entity,))((owner, *members))
    return found.of if found is not None and found.of is not None else found


def rule_finder(
    describer: Describer, rule: BoundRule, parameters: Mapping[str, Field]
) -> Callable[[Path], Field | None]:
    """Finds what is known of any placeholder that a rule's message may use."""
    entity = describer.finder(rule.chain)

    def find(path: Path) -> Field | None:
        if path[0] == "params":
            return parameters.get(path[1]) if len(path) > 1 else None
        if path[0] in rule.values:
            return value_field(rule.values[path[0]].type, describer, rule, parameters)
        return entity(path)

    return find

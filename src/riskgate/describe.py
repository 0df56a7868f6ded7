"""How values, entities and messages read, in both languages."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from riskgate.cel.types import TIMESTAMP, TextOf, Type
from riskgate.lifecycle import Lifecycle
from riskgate.plan.bind import BoundRule
from riskgate.text import Lang, Text
from riskgate.vocabulary import EntityType, Field, Vocabulary

PLACEHOLDER = re.compile(r"\{([^{}\s]+)\}")
NOT_GIVEN = Text("未填", "not given")
YES = Text("是", "yes")
NO = Text("否", "no")
SECONDS_A_DAY = 86_400
Lookup = Callable[[tuple[str, ...]], Any]
"""Gives the value of a dotted path, None if it has none."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A dotted path in a template and what is known of its value."""

    path: tuple[str, ...]
    spec: Field | None


Template = tuple[str | Placeholder, ...]


class Describer:
    """Words for one vocabulary and lifecycle."""

    def __init__(self, vocabulary: Vocabulary, lifecycle: Lifecycle) -> None:
        self.vocabulary = vocabulary
        self.lifecycle = lifecycle
        self._labels: dict[tuple[str, Lang], Template] = {}

    def value(self, value: Any, spec: Field | None, lang: Lang) -> str:
        """A value as people read it: labels, 是/否, at most three decimals; the exact value is in the evidence."""
        if value is None:
            return NOT_GIVEN.to(lang)
        if value is True or value is False:
            return (YES if value else NO).to(lang)
        if isinstance(value, float):
            return number_text(value)
        if isinstance(value, str):
            return self._word(value, spec, lang)
        if isinstance(value, list | tuple):
            inner = spec.of if spec is not None else None
            return ("、" if lang == "zh" else ", ").join(self.value(item, inner, lang) for item in value)
        if isinstance(value, dt.datetime):
            return moment_text(value, spec)
        if isinstance(value, dt.timedelta):
            days = number_text(value.total_seconds() / SECONDS_A_DAY)
            return f"{days} 天" if lang == "zh" else f"{days} days"
        if isinstance(value, dict):
            return str(value.get("id", "{…}"))
        return str(value)

    def _word(self, value: str, spec: Field | None, lang: Lang) -> str:
        if spec is None:
            return value
        if spec.type == "enum":
            label = spec.values.get(value)
            return value if label is None else label.to(lang)
        if spec.type == "department":
            department = self.lifecycle.departments.get(value)
            return value if department is None else department.title.to(lang)
        if spec.type == "node":
            node = self.lifecycle.by_name.get(value)
            return value if node is None else f"{node.code} {node.title.to(lang)}"
        return value

    def label(self, chain: Sequence[EntityType], entities: Sequence[Mapping[str, Any]], fallback: str) -> Text:
        """The label of the last entity of a chain: its type's own, or titles and ids from the root down."""
        kind = chain[-1]
        if kind.label is not None:
            lookup = entity_lookup(chain, entities)
            return Text(*(fill(self._template(kind, lang), lookup, self, lang) for lang in ("zh", "en")))
        if len(chain) == 1:
            root = entities[0]
            return Text.of(str(root.get("name") or root.get("id") or fallback))
        own = fallback.rsplit("/", 1)[-1]
        return Text(
            " ".join(_step(k, e, own if k is kind else "", "zh") for k, e in zip(chain[1:], entities[1:], strict=True)),
            " · ".join(
                _step(k, e, own if k is kind else "", "en") for k, e in zip(chain[1:], entities[1:], strict=True)
            ),
        )

    def _template(self, kind: EntityType, lang: Lang) -> Template:
        found = self._labels.get((kind.name, lang))
        if found is None:
            text = kind.label.to(lang) if kind.label is not None else ""
            found = self._labels[kind.name, lang] = template(text, self.field_finder(self.vocabulary.chains[kind.name]))
        return found

    def field_finder(self, chain: Sequence[EntityType]) -> Callable[[tuple[str, ...]], Field | None]:
        """Finds the field that a dotted path over a chain ends in."""
        names = {entity.name: entity for entity in chain}

        def find(path: tuple[str, ...]) -> Field | None:
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


def _step(kind: EntityType, entity: Mapping[str, Any], own: str, lang: Lang) -> str:
    name = entity.get("name") or entity.get("id")
    title = kind.title.to(lang)
    if kind.single:
        return title
    shown = str(name) if name else own[own.find("[") + 1 : -1]
    return f"{title}{shown}" if lang == "zh" else f"{title} {shown}".strip()


@lru_cache(maxsize=4096)
def number_text(value: float) -> str:
    """At most three decimals, no trailing zeros."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def moment_text(value: dt.datetime, spec: Field | None) -> str:
    """A date as YYYY-MM-DD, a datetime as RFC 3339; a computed timestamp at midnight UTC reads as its date."""
    midnight = value.utcoffset() == dt.timedelta(0) and value.time() == dt.time(0)
    if (spec is not None and spec.type == "date") or (spec is None and midnight):
        return value.date().isoformat()
    return value.isoformat()


def template(text: str, find: Callable[[tuple[str, ...]], Field | None]) -> Template:
    """A message or label text as literal parts and placeholders."""
    parts: list[str | Placeholder] = []
    end = 0
    for match in PLACEHOLDER.finditer(text):
        parts.append(text[end : match.start()])
        path = tuple(match[1].split("."))
        parts.append(Placeholder(path, find(path)))
        end = match.end()
    parts.append(text[end:])
    return tuple(part for part in parts if part != "")


def fill(parts: Template, lookup: Lookup, describer: Describer, lang: Lang) -> str:
    return "".join(
        part if isinstance(part, str) else describer.value(lookup(part.path), part.spec, lang) for part in parts
    )


def entity_lookup(chain: Sequence[EntityType], entities: Sequence[Mapping[str, Any]]) -> Lookup:
    names = {kind.name: entity for kind, entity in zip(chain, entities, strict=True)}

    def lookup(path: tuple[str, ...]) -> Any:
        value: Any = names.get(path[0])
        for member in path[1:]:
            if not isinstance(value, Mapping):
                return None
            value = value.get(member)
        return value

    return lookup


def value_field(kind: Type, vocabulary: Vocabulary, name: str) -> Field | None:
    """What is known of a named value's type, in the words of a field."""
    if isinstance(kind, TextOf) and kind.path:
        owner, *members = kind.path.split(".")
        entity = vocabulary.entities.get(owner)
        found = None if entity is None or not members else entity.fields.get(members[0])
        return found if found is None or found.of is None else found.of
    if kind == TIMESTAMP:
        return None
    return Field(name, "string", Text.of(name))


def rule_finder(describer: Describer, rule: BoundRule, parameters: Mapping[str, Field]) -> Callable[..., Field | None]:
    """Finds what is known of any placeholder that a rule's message may use."""
    entity = describer.field_finder(rule.chain)

    def find(path: tuple[str, ...]) -> Field | None:
        if path[0] == "params":
            return parameters.get(path[1]) if len(path) > 1 else None
        if path[0] in rule.values:
            return value_field(rule.values[path[0]].type, describer.vocabulary, path[0])
        return entity(path)

    return find

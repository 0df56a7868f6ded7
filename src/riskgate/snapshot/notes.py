"""What is no error and worth saying: fields that the vocabulary does not know, list entities without an id."""

from collections.abc import Iterator, Mapping
from typing import Any

from riskgate.errors import did_you_mean
from riskgate.record import record
from riskgate.snapshot.checks import Ids
from riskgate.snapshot.finding import Path, pointer, visible
from riskgate.snapshot.tables import Table, path_of
from riskgate.snapshot.tree import Note
from riskgate.text import Text
from riskgate.vocabulary import EntityType, Field, Vocabulary


@record
class UnknownField:
    """A field that the vocabulary does not know: its name (dotted within objects), where first, how often."""

    entity: EntityType
    name: str
    first: Path
    count: int
    nearest: tuple[str, ...]

    def note(self) -> Note:
        title, shown = self.entity.title, visible(self.name)
        hint = Text("", "")
        if self.nearest:
            listed = ", ".join(f"`{name}`" for name in self.nearest)
            hint = Text(f"；是否想写 {listed}？", f"; did you mean {listed}?")
        message = Text(
            f"{title.zh}没有 `{shown}` 这个字段，已忽略（{self.count} 处）{hint.zh}",
            f"`{self.entity.name}` has no field `{shown}`, ignored ({_times(self.count)}){hint.en}",
        )
        return Note("unknown-field", message, pointer(self.first), self.count)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def unknown_fields(vocabulary: Vocabulary, tables: Mapping[str, Table]) -> list[UnknownField]:
    """Every unknown field, grouped by entity type and name."""
    found: list[UnknownField] = []
    for entity in vocabulary.order:
        entities = tables[entity.name].entities
        known = {*entity.fields, *(child.key for child in vocabulary.children[entity.name])}
        places: dict[str, tuple[Path, int]] = {}
        objects = [field for field in entity.fields.values() if _has_objects(field)]
        if objects or set().union(*entities) - known:
            for ordinal, item in enumerate(entities):
                paths: list[Path] = [(key,) for key in item if key not in known]
                for field in objects:
                    paths.extend(_unknown_within(item.get(field.name), field, (field.name,)))
                for path in paths:
                    name = ".".join(step for step in path if isinstance(step, str))
                    if name in places:
                        first, count = places[name]
                        places[name] = first, count + 1
                    else:
                        places[name] = (*path_of(vocabulary, tables, entity.name, ordinal), *path), 1
        for name, (first, count) in places.items():
            found.append(UnknownField(entity, name, first, count, did_you_mean(name, _names(entity, known))))
    return found


def _names(entity: EntityType, known: set[str]) -> set[str]:
    return known | {f"{field.name}.{part}" for field in entity.fields.values() for part in field.fields}


def _has_objects(field: Field) -> bool:
    return field.type == "object" or (field.of is not None and _has_objects(field.of))


def _unknown_within(value: Any, field: Field, path: Path) -> Iterator[Path]:
    if value is None:
        return
    if field.type == "list" and field.of is not None:
        for index, item in enumerate(value):
            yield from _unknown_within(item, field.of, (*path, index))
    elif field.type == "object":
        for key in value:
            if key not in field.fields:
                yield (*path, key)
        for part in field.fields.values():
            yield from _unknown_within(value.get(part.name), part, (*path, part.name))


def without_id(vocabulary: Vocabulary, tables: Mapping[str, Table], ids_by_type: Ids) -> Iterator[Note]:
    """Entities of lists that have no id: their addresses hold a place, and no waiver or comparison can name them."""
    for name, ids in ids_by_type.items():
        entity = vocabulary.entities[name]
        count = ids.count(None)
        if count:
            first = pointer(path_of(vocabulary, tables, entity.name, ids.index(None)))
            message = Text(
                f"{count} 个{entity.title.zh}没有编号：地址按次序写，不能豁免，也不参加前后比较",
                f"{count} of `{entity.name}` {'has' if count == 1 else 'have'} no id: addressed by place in the list,"
                " not open to waivers or comparisons",
            )
            yield Note("no-id", message, first, count)

"""What the tables allow to check and convert: dates, nodes and departments, ids among siblings, references."""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any

from riskgate.errors import suggestion
from riskgate.lifecycle import Lifecycle
from riskgate.record import record
from riskgate.snapshot.finding import Finding, Path, pointer, visible
from riskgate.snapshot.moments import Dates, Datetimes
from riskgate.snapshot.tables import Table, ids_of, path_of
from riskgate.snapshot.words import Words
from riskgate.text import Text
from riskgate.vocabulary import Field, FieldType, Vocabulary

_CONVERTED: tuple[FieldType, ...] = ("date", "datetime", "node", "department")
Ids = dict[str, list[str | None]]
"""For each entity type that lists hold, the id of each entity in the order of its table."""

_SUGGESTED = 20
_IDS_COMPARED = 5_000


def fields_holding(vocabulary: Vocabulary, kinds: tuple[FieldType, ...]) -> dict[str, tuple[Field, ...]]:
    """For each entity type that has any, its fields of these kinds, or with such fields within."""
    found = {
        entity.name: tuple(field for field in entity.fields.values() if _holds(field, kinds))
        for entity in vocabulary.order
    }
    return {name: fields for name, fields in found.items() if fields}


def _holds(field: Field, kinds: tuple[FieldType, ...]) -> bool:
    parts = (*field.fields.values(), *((field.of,) if field.of else ()))
    return field.type in kinds or any(_holds(part, kinds) for part in parts)


@record
class Checks:
    """The checks of one vocabulary and lifecycle, prepared once."""

    vocabulary: Vocabulary
    lifecycle: Lifecycle
    words: Words
    converted: Mapping[str, tuple[Field, ...]]
    referring: Mapping[str, tuple[Field, ...]]

    @classmethod
    def of(cls, vocabulary: Vocabulary, lifecycle: Lifecycle, words: Words) -> "Checks":
        return cls(
            vocabulary,
            lifecycle,
            words,
            fields_holding(vocabulary, _CONVERTED),
            fields_holding(vocabulary, ("ref",)),
        )

    def convert(self, tables: Mapping[str, Table], findings: list[Finding]) -> None:
        """Turn the texts of dates, nodes and departments into their values, in place."""
        nodes = {name: node.id for name, node in self.lifecycle.by_name.items()}
        departments = {name: name for name in self.lifecycle.departments}
        readers: dict[str, Mapping[str, object]] = {
            "date": Dates(),
            "datetime": Datetimes(),
            "node": nodes,
            "department": departments,
        }
        for name, fields in self.converted.items():
            table = tables[name]
            if not table.entities:
                continue
            for field in fields:
                reader = readers.get(field.type)
                if reader is None:
                    self._convert_nested(tables, name, field, readers, findings)
                else:
                    self._convert_field(tables, name, field, reader, findings)

    def _convert_field(
        self,
        tables: Mapping[str, Table],
        name: str,
        field: Field,
        reader: Mapping[str, object],
        findings: list[Finding],
    ) -> None:
        key = field.name
        for ordinal, entity in enumerate(tables[name].entities):
            text = entity.get(key)
            if text is not None:
                try:
                    entity[key] = reader[text]
                except ValueError:
                    entity[key] = None
                    path = (*path_of(self.vocabulary, tables, name, ordinal), key)
                    findings.append(self.words.bad_moment(path, text))

    def _convert_nested(
        self,
        tables: Mapping[str, Table],
        name: str,
        field: Field,
        readers: Mapping[str, Mapping[str, object]],
        findings: list[Finding],
    ) -> None:
        key = field.name
        for ordinal, entity in enumerate(tables[name].entities):
            value = entity.get(key)
            if value is not None:
                start = path_of(self.vocabulary, tables, name, ordinal)

                def wrong(path: Path, text: str, start: Path = start) -> None:
                    findings.append(self.words.bad_moment((*start, key, *path), text))

                entity[key] = _converted(value, field, readers, (), wrong)

    def check_ids(self, tables: Mapping[str, Table], findings: list[Finding]) -> Ids:
        """List ids repeated among siblings; returns the ids of all entities of lists."""
        found: Ids = {}
        for entity in self.vocabulary.order:
            table = tables[entity.name]
            if not entity.collection or not table.entities:
                continue
            ids = found[entity.name] = ids_of(entity, table)
            if not _distinct(table.parents, ids):
                self._repeated(entity.name, tables, list(zip(table.parents, ids, strict=True)), findings, siblings=True)
        return found

    def _repeated(
        self,
        name: str,
        tables: Mapping[str, Table],
        keys: "list[tuple[int, str | None]]",
        findings: list[Finding],
        *,
        siblings: bool,
    ) -> None:
        title = self.vocabulary.entities[name].title
        first: dict[tuple[int, str | None], int] = {}
        for ordinal, key in enumerate(keys):
            if key[1] is None or first.setdefault(key, ordinal) == ordinal:
                continue
            elsewhere = pointer(path_of(self.vocabulary, tables, name, first[key]))
            shown = visible(key[1])
            message = Text(
                f"{title.zh}编号 `{shown}` 重复，已用于 {elsewhere}",
                f"the id `{shown}` of `{name}` is already used at {elsewhere}",
            )
            if not siblings:
                message = Text(
                    f"{message.zh}；被引用的编号在整个项目内须唯一",
                    f"{message.en}; ids that others refer to are unique in the project",
                )
            path = (*path_of(self.vocabulary, tables, name, ordinal), "id")
            findings.append(Finding(path, "repeated-id", message))

    def check_references(self, tables: Mapping[str, Table], findings: list[Finding]) -> None:
        """References to ids that no entity has, or that several have."""
        wanted: dict[str, list[tuple[str, Field]]] = {}
        for name, fields in self.referring.items():
            if tables[name].entities:
                for field in fields:
                    for target in _targets(field):
                        wanted.setdefault(target, []).append((name, field))
        for target, users in wanted.items():
            entity = self.vocabulary.entities[target]
            ids = ids_of(entity, tables[target])
            known = {i for i in ids if i is not None}
            used = False
            for name, field in users:
                values, missing = _references(tables[name], field, target, known)
                used = used or values
                if missing:
                    self._dangling(tables, name, field, target, known, findings)
            if used and len(known) < len(ids) - ids.count(None):
                # Repetition among siblings has been reported already.
                before = {finding.path for finding in findings if finding.code == "repeated-id"}
                repeated: list[Finding] = []
                self._repeated(target, tables, [(0, i) for i in ids], repeated, siblings=False)
                findings.extend(finding for finding in repeated if finding.path not in before)

    def _dangling(
        self,
        tables: Mapping[str, Table],
        name: str,
        field: Field,
        target: str,
        known: set[str],
        findings: list[Finding],
    ) -> None:
        title = self.vocabulary.entities[target].title
        suggested = 0
        for ordinal, entity in enumerate(tables[name].entities):
            for below, value in _leaves(entity.get(field.name), field, target, ()):
                if value in known:
                    continue
                path = (*path_of(self.vocabulary, tables, name, ordinal), field.name, *below)
                shown = visible(value)
                message = Text(
                    f"`{field.name}` 引用的{title.zh}“{shown}”不存在",
                    f'`{field.name}` refers to "{shown}", but no `{target}` has this id',
                )
                # Comparing with thousands of ids is slow: only the first few get a suggestion.
                help_ = None
                if suggested < _SUGGESTED and len(known) <= _IDS_COMPARED:
                    help_ = suggestion(value, known)
                    suggested += 1
                findings.append(Finding(path, "dangling-reference", message, help_))


def _distinct(parents: list[int], ids: list[str | None]) -> bool:
    """Whether no parent has two of one id. Whole numbers stand for the pairs: tens of thousands of tuples are slow."""
    numbers = {entity_id: number for number, entity_id in enumerate(set(ids))}
    count = len(numbers)
    if count == len(ids):
        return True
    return len({parent * count + numbers[name] for parent, name in zip(parents, ids, strict=True)}) == len(ids)


def _converted(
    value: Any,
    field: Field,
    readers: Mapping[str, Mapping[str, object]],
    path: Path,
    wrong: Callable[[Path, str], None],
) -> Any:
    """A field's value with every date, node and department within it converted; unreadable ones are None."""
    if value is None:
        return None
    reader = readers.get(field.type)
    if reader is not None:
        try:
            return reader[value]
        except ValueError:
            wrong(path, value)
            return None
    if field.type == "list" and field.of is not None:
        return [_converted(item, field.of, readers, (*path, index), wrong) for index, item in enumerate(value)]
    if field.type == "object":
        for part in field.fields.values():
            if part.name in value:
                value[part.name] = _converted(value[part.name], part, readers, (*path, part.name), wrong)
    return value


def _targets(field: Field) -> Iterator[str]:
    if field.type == "ref" and field.to is not None:
        yield field.to
    for part in (*field.fields.values(), *((field.of,) if field.of else ())):
        yield from _targets(part)


def _references(table: Table, field: Field, target: str, known: set[str]) -> tuple[bool, bool]:
    """Whether a field refers to the target at all, and whether it refers to ids that are not known."""
    held = [entity.get(field.name) for entity in table.entities]
    values: set[str | None]
    if field.type == "ref":
        values = set(held)
    elif field.of is not None and field.of.type == "ref":
        values = set(chain.from_iterable(items for items in held if items))
    else:
        values = {value for item in held for _, value in _leaves(item, field, target, ())}
    values.discard(None)
    return bool(values), not values <= known


def _leaves(value: Any, field: Field, target: str, path: Path) -> Iterator[tuple[Path, str]]:
    """Every reference to the target within a field's value, with its path below the field."""
    if value is None:
        return
    if field.type == "ref":
        if field.to == target:
            yield path, value
    elif field.type == "list" and field.of is not None:
        for index, item in enumerate(value):
            yield from _leaves(item, field.of, target, (*path, index))
    elif field.type == "object":
        for part in field.fields.values():
            yield from _leaves(value.get(part.name), part, target, (*path, part.name))

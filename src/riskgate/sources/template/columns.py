"""What the columns of a template are: those that say where a thing lies, then one for each of its fields."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from riskgate.lifecycle import Lifecycle
from riskgate.sources.ledger.cells import Ways
from riskgate.sources.ledger.mapping import Column, LedgerMap, in_cells, plain
from riskgate.text import Lang, Text
from riskgate.vocabulary import EntityType, Field, Vocabulary

Example = str | float | dt.date
YES, NO = Text("是", "yes"), Text("否", "no")
_JOINER = Text("、", "; ")
_MEANS = Text("取值", "values")
_OFFSET = "+08:00"
"""An example of the one text of the root that has a form of its own."""
_LISTED = 12
"""So many values are named in a comment; the drop-down has all."""


class TemplateColumn(NamedTuple):
    """One column. `choices` are for its drop-down; `spec` is None where it says in what a thing lies."""

    header: str
    target: str
    required: bool
    comment: str
    example: Example
    spec: Field | None = None
    choices: tuple[str, ...] = ()

    @property
    def several(self) -> bool:
        """Whether a cell may hold several of the choices."""
        return self.spec is not None and self.spec.type == "list"


class Columns:
    """Makes the columns of entity types, in one language."""

    def __init__(self, vocabulary: Vocabulary, lifecycle: Lifecycle, mapping: LedgerMap, lang: Lang) -> None:
        self._vocabulary = vocabulary
        self._lifecycle = lifecycle
        self._mapping = mapping
        self._lang = lang
        self._ways = Ways(mapping, lifecycle, dt.UTC, literal=True)

    def of(self, kind: EntityType) -> list[TemplateColumn]:
        """The columns of an entity type, each with a header of its own."""
        above = [one for one in self._vocabulary.chains[kind.name][1:-1] if one.collection]
        found = [self._place(one, direct=one is above[-1]) for one in above]
        found += [self._field(kind, spec) for spec in kind.fields.values() if in_cells(spec)]
        twice = Counter(plain(column.header) for column in found)
        return [
            column if twice[plain(column.header)] == 1 else column._replace(header=f"{column.header} [{column.target}]")
            for column in found
        ]

    def say(self, text: Text) -> str:
        return text.to(self._lang)

    def _place(self, kind: EntityType, *, direct: bool) -> TemplateColumn:
        ident = kind.fields.get("id")
        title = self.say(ident.title if ident is not None else kind.title)
        within = Text(
            f"所在{kind.title.zh}的编号，与快照里的一致",
            f"the id of the {kind.title.en.lower()} that it is in, as the snapshot has it",
        )
        return TemplateColumn(title, kind.name, direct, f"{self.say(within)}\n{kind.name}", "1")

    def _field(self, kind: EntityType, spec: Field) -> TemplateColumn:
        unit = self._mapping.units.get(spec.unit or "")
        shown = "" if spec.unit is None else self.say(unit.title) if unit is not None else spec.unit
        title = self.say(spec.title)
        header = title if not shown else f"{title}（{shown}）" if self._lang == "zh" else f"{title} ({shown})"
        required = spec.required or (spec.name == "id" and kind.collection is not None)
        choices = self._choices(spec)
        return TemplateColumn(
            header,
            f"{kind.name}.{spec.name}",
            required,
            self._comment(kind, spec, shown, choices, required=required),
            _OFFSET if kind is self._vocabulary.root and spec.name == "utc_offset" else self._example(spec, choices),
            spec,
            choices,
        )

    def _choices(self, spec: Field) -> tuple[str, ...]:
        """What a cell may say, as it will be understood."""
        of = spec.of if spec.type == "list" and spec.of is not None else spec
        if of.type == "boolean":
            return (self.say(YES), self.say(NO))
        if of.type == "enum":
            stored = {value: self.say(label) for value, label in of.values.items()}
        elif of.type == "node":
            stored = {node.id: self.say(node.title) for node in self._lifecycle.nodes}
        elif of.type == "department":
            stored = {one.id: self.say(one.title) for one in self._lifecycle.departments.values()}
        else:
            return ()
        meant = self._ways.words(Column("", ""), of)
        return tuple(label if meant.get(plain(label)) == (value,) else value for value, label in stored.items())

    def _comment(self, kind: EntityType, spec: Field, unit: str, choices: Sequence[str], *, required: bool) -> str:
        lines = [self.say(_MEANING[spec.type])]
        if spec.type == "list":
            lines.append(
                self.say(
                    Text("可填几个，用顿号或分号隔开；一个都没有写 []", "several, with semicolons between; none is []")
                )
            )
        if unit:
            lines.append(f"{self.say(Text('单位：', 'unit: '))}{unit}")
        if spec.to is not None or (spec.of is not None and spec.of.to is not None):
            target = self._vocabulary.entities[spec.to or (spec.of.to if spec.of is not None else None) or ""]
            lines.append(self.say(Text(f"{target.title.zh}的编号", f"the id of a {target.title.en.lower()}")))
        if spec.minimum is not None:
            lines.append(self.say(Text(f"不小于 {spec.minimum:g}", f"not less than {spec.minimum:g}")))
        if spec.maximum is not None:
            lines.append(self.say(Text(f"不大于 {spec.maximum:g}", f"not more than {spec.maximum:g}")))
        if choices and len(choices) <= _LISTED:
            lines.append(f"{self.say(_MEANS)}: {self.say(_JOINER).join(choices)}")
        lines.append(
            self.say(Text("必填", "required") if required else Text("不知道就留空", "leave blank what is not known"))
        )
        lines.append(f"{kind.name}.{spec.name}")
        return "\n".join(lines)

    def _example(self, spec: Field, choices: Sequence[str]) -> Example:
        match spec.type:
            case "integer" | "number":
                return spec.minimum if spec.minimum is not None and spec.minimum > 1 else 1.0
            case "date":
                return dt.date(2026, 1, 31)
            case "datetime":
                return "2026-01-31 09:30"
            case "list":
                return self.say(_JOINER).join(choices[:2]) or "1"
            case "string" | "ref":
                return "1" if spec.name == "id" or spec.type == "ref" else self.say(Text("文字", "text"))
            case _:
                return choices[0]


_MEANING = {
    "string": Text("文字", "a text"),
    "integer": Text("整数", "a whole number"),
    "number": Text("数", "a number"),
    "boolean": Text("是或否", "yes or no"),
    "date": Text("日期，如 2026-01-31", "a date like 2026-01-31"),
    "datetime": Text("日期和时间，如 2026-01-31 09:30", "a date and time like 2026-01-31 09:30"),
    "enum": Text("从列表里选", "one of the list"),
    "node": Text("节点：从列表里选，或写编号", "a node: one of the list, or its code"),
    "department": Text("部门：从列表里选", "a department: one of the list"),
    "ref": Text("编号", "an id"),
    "list": Text("一个或几个", "one or several"),
}

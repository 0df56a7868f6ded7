"""What a snapshot should say at a place, in the words of the vocabulary, and what it says instead."""

from collections.abc import Iterable, Mapping
from typing import Any

from riskgate.errors import did_you_mean, suggestion
from riskgate.lifecycle import Lifecycle
from riskgate.record import record
from riskgate.snapshot.finding import Finding, Path, found, visible
from riskgate.snapshot.values import INTEGER
from riskgate.text import Text
from riskgate.vocabulary import EntityType, Field, Vocabulary

_LISTED = 12
_KINDS: Mapping[str, Text] = {
    "string": Text("文字", "a text"),
    "ref": Text("编号（文字）", "an id (a text)"),
    "integer": Text("整数", "a whole number"),
    "number": Text("数", "a number"),
    "boolean": Text("true 或 false", "true or false"),
    "date": Text("日期 YYYY-MM-DD", "a date YYYY-MM-DD"),
    "datetime": Text(
        "带时区的日期时间，如 2026-11-20T09:30:00+08:00",
        "a date and time with offset, such as 2026-11-20T09:30:00+08:00",
    ),
    "list": Text("列表 […]", "a list […]"),
    "object": Text("对象 {…}", "an object {…}"),
    "node": Text("节点编号或代码，如 N10", "a node's id or code, such as N10"),
    "department": Text("部门编号", "a department's id"),
}


@record
class Spot:
    """What the vocabulary knows of a path: the entity type it lies in or names, and the field, if it is one.

    `item` is true for a place within a list. `known` is false below a key that the vocabulary does not have.
    """

    entity: EntityType
    field: Field | None = None
    item: bool = False
    known: bool = True


class Words:
    """Messages about values, for one vocabulary and lifecycle."""

    def __init__(self, vocabulary: Vocabulary, lifecycle: Lifecycle) -> None:
        self._vocabulary = vocabulary
        self._nodes: dict[str, str] = {}
        for node in lifecycle.nodes:
            self._nodes |= {node.title.zh: node.id, node.title.en: node.id}
        self._node_names = lifecycle.by_name
        self._departments = {d.id: d.title for d in lifecycle.departments.values()}

    def spot(self, path: Path) -> Spot:
        """What the vocabulary knows of `path`, which starts with `project`."""
        entity, field, item = self._vocabulary.root, None, False
        for step in path[1:]:
            if isinstance(step, int):
                item = True
                field = field.of if field is not None else None
                continue
            item = False
            if field is not None:
                if step not in field.fields:
                    return Spot(entity, field, known=False)
                field = field.fields[step]
            elif step in entity.fields:
                field = entity.fields[step]
            else:
                child = next((c for c in self._vocabulary.children[entity.name] if c.key == step), None)
                if child is None:
                    return Spot(entity, known=False)
                entity = child
        return Spot(entity, field, item)

    def explain(self, path: Path, value: object) -> Finding:
        """Why `value` cannot stand at `path`."""
        spot = self.spot(path)
        if spot.field is None:
            return self._explain_structure(path, spot, value)
        field = spot.field
        subject = self._subject(spot, path)
        if value is None or (isinstance(value, str) and not value.strip()):
            return self._explain_blank(path, spot, subject)
        if not _has_kind(field, value):
            return self._wrong_type(path, field, subject, value)
        if field.type in ("integer", "number"):
            limits = _limits(field)
            message = Text(
                f"{subject.zh} 应{limits.zh}，现为{found(value).zh}",
                f"{subject.en} must be {limits.en}, found {found(value).en}",
            )
            if limits.en:
                return Finding(path, "out-of-range", message)
            return Finding(
                path, "integer-too-large", Text(f"{subject.zh} 超出 64 位", f"{subject.en} is beyond 64 bits")
            )
        if field.type in ("date", "datetime"):
            return self.bad_moment(path, str(value))
        return self._unknown_value(path, field, subject, str(value))

    def missing(self, path: Path) -> Finding:
        """A required field is not there; `path` is the field's."""
        return self._explain_blank(path, self.spot(path), self._subject(self.spot(path), path), at_parent=True)

    def bad_moment(self, path: Path, text: str) -> Finding:
        """A text that is no date, or no date-time with offset."""
        spot = self.spot(path)
        field = spot.field
        kind = _KINDS[field.type if field is not None else "date"]
        subject = self._subject(spot, path)
        code = "bad-datetime" if field is not None and field.type == "datetime" else "bad-date"
        shown = visible(text)
        return Finding(
            path,
            code,
            Text(f"{subject.zh} 应为{kind.zh}，现为“{shown}”", f'{subject.en} must be {kind.en}, found "{shown}"'),
        )

    def _explain_structure(self, path: Path, spot: Spot, value: object) -> Finding:
        entity = spot.entity
        is_list = bool(entity.collection) and not spot.item
        kind = _KINDS["list" if is_list else "object"]
        subject = self._subject(spot, path)
        message = Text(
            f"{subject.zh} 应为{kind.zh}，现为{found(value).zh}",
            f"{subject.en} must be {kind.en}, found {found(value).en}",
        )
        return Finding(path, "wrong-type", message)

    def _explain_blank(self, path: Path, spot: Spot, subject: Text, *, at_parent: bool = False) -> Finding:
        if spot.item:
            return Finding(
                path,
                "wrong-type",
                Text(f"{subject.zh} 中有一项是空的", f"{subject.en} has an item without a value"),
                Text("删去这一项", "leave the item out"),
            )
        owner = spot.entity.title
        message = Text(f"{owner.zh}缺少必填字段 {subject.zh}", f"the required field {subject.en} is missing")
        return Finding(path, "missing-field", message, at="key" if at_parent else "value")

    def _wrong_type(self, path: Path, field: Field, subject: Text, value: object) -> Finding:
        expected = self.expected(field)
        message = Text(
            f"{subject.zh} 应为{expected.zh}，现为{found(value).zh}",
            f"{subject.en} must be {expected.en}, found {found(value).en}",
        )
        return Finding(path, "wrong-type", message, _type_help(field, value))

    def expected(self, field: Field) -> Text:
        """What a field holds: kind, unit, range or values."""
        if field.type == "enum":
            some = list(field.values.items())[:_LISTED]
            more = "…" if len(field.values) > _LISTED else ""
            zh = "、".join(f"{v}（{t.zh}）" if t.zh != v else v for v, t in some)
            return Text(f"以下之一：{zh}{more}", "one of " + ", ".join(v for v, _ in some) + more)
        kind = _KINDS[field.type]
        zh, en = kind.zh, kind.en
        if field.unit:
            zh, en = f"{zh}（单位 {field.unit}）", f"{en} in {field.unit}"
        limits = _limits(field)
        if limits.en:
            zh, en = f"{zh}，{limits.zh}", f"{en}, {limits.en}"
        return Text(zh, en)

    def _unknown_value(self, path: Path, field: Field, subject: Text, value: str) -> Finding:
        code, known = "unknown-value", tuple(field.values)
        labels = {label: stored for stored, text in field.values.items() for label in (text.zh, text.en)}
        expected = self.expected(field)
        if field.type == "node":
            code, known, labels = "unknown-node", tuple(self._node_names), self._nodes
        elif field.type == "department":
            code, known = "unknown-department", tuple(self._departments)
            labels = {label: d for d, text in self._departments.items() for label in (text.zh, text.en)}
            expected = Text(
                "、".join(f"{d}（{t.zh}）" for d, t in self._departments.items()), "one of " + ", ".join(known)
            )
        message = Text(
            f"{subject.zh} 没有“{visible(value)}”这个值，应为{expected.zh}",
            f'{subject.en} has no value "{visible(value)}"; it must be {expected.en}',
        )
        return Finding(path, code, message, _nearest(value.strip(), known, labels))

    def _subject(self, spot: Spot, path: Path) -> Text:
        if len(path) == 1:
            return Text("`project`（项目）", "`project`")
        if spot.field is not None:
            name, title = spot.field.name, spot.field.title
            if spot.item:
                name = next(str(step) for step in reversed(path) if isinstance(step, str))
                title = spot.entity.fields[name].title if name in spot.entity.fields else title
        else:
            name = spot.entity.name if spot.item else spot.entity.key
            title = spot.entity.title
        return Text(
            f"`{name}`（{title.zh}）" if title.zh != name else f"`{name}`",
            f"`{name}` ({title.en})" if title.en.lower().replace(" ", "_") != name else f"`{name}`",
        )


def _nearest(value: str, known: Iterable[str], labels: Mapping[str, str]) -> Text | None:
    stored = labels.get(value)
    if stored is None:
        names = tuple(known)
        help_ = suggestion(value, names)
        if help_ is not None:
            return help_
        near = did_you_mean(value, labels, count=1)
        if not near:
            return None
        stored = labels[near[0]]
    return Text(f"应写 `{stored}`", f"write `{stored}`")


def _has_kind(field: Field, value: object) -> bool:
    if field.type == "boolean":
        return isinstance(value, bool)
    if field.type == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if field.type == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if field.type == "list":
        return isinstance(value, list)
    if field.type == "object":
        return isinstance(value, dict)
    return isinstance(value, str)


def _limits(field: Field) -> Text:
    low, high = field.minimum, field.maximum
    if low is None and high is None:
        return Text("", "")
    if low is None:
        return Text(f"不大于 {high:g}", f"at most {high:g}")
    if high is None:
        return Text(f"不小于 {low:g}", f"at least {low:g}")
    return Text(f"在 {low:g} 到 {high:g} 之间", f"between {low:g} and {high:g}")


def _type_help(field: Field, value: Any) -> Text | None:
    if isinstance(value, str) and field.type in ("integer", "number", "boolean"):
        return Text("去掉引号；数和 true/false 不加引号", "numbers, true and false are written without quotes")
    if field.type == "integer" and isinstance(value, float):
        if value.is_integer() and abs(value) < INTEGER:
            return Text(f"整数写作 {int(value)}", f"write the whole number as {int(value)}")
        return None
    if isinstance(value, int | float) and field.type in ("string", "ref"):
        return Text(f'文字加引号："{value}"', f'put the text in quotes: "{value}"')
    if field.type == "list" and isinstance(value, str):
        return Text(f'写成列表：["{visible(value)}"]', f'write a list: ["{visible(value)}"]')
    return None

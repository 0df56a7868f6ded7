"""Values whose type is declared: defaults of parameters, and the facts of cases."""

from datetime import date, datetime
from typing import Any

from riskgate.lifecycle import Lifecycle
from riskgate.load.lifecycle import DEPARTMENT, resolve_node
from riskgate.load.shape import Sheet
from riskgate.load.tree import NULLS, Entries, Items, Leaf, Node
from riskgate.text import Text
from riskgate.vocabulary import EntityType, Field, Vocabulary

VALUE = Text("取值", "value")
DATE = Text("日期 YYYY-MM-DD", "a date YYYY-MM-DD")
DATETIME = Text(
    "带时区的时间，如 2026-05-01T09:00:00+08:00", "a time with its offset, such as 2026-05-01T09:00:00+08:00"
)
DATE_LENGTH = len("2026-05-01")
WRITTEN = frozenset({"string", "date", "datetime", "enum", "node", "department", "ref"})
"""Types whose values are texts: `012` and `1.10` stay as they are written."""


def is_date(text: str) -> bool:
    """Whether a text is a day that exists, as YYYY-MM-DD."""
    if len(text) != DATE_LENGTH or not text.isascii() or text[4] != "-" or text[7] != "-":
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def typed_value(sheet: Sheet, node: Node, spec: Field, lifecycle: Lifecycle | None) -> Any:
    """A value of the declared type, dates as texts, nodes as ids; None (and a problem) if it is none."""
    if spec.type in {"integer", "number"}:
        return _number(sheet, node, spec)
    if spec.type == "boolean":
        return sheet.boolean(node)
    if spec.type == "list":
        items = sheet.items(node)
        of = spec.of
        return None if items is None or of is None else [typed_value(sheet, item, of, lifecycle) for item in items]
    if spec.type == "enum":
        return sheet.choice(node, spec.values, VALUE)
    if spec.type == "node":
        return resolve_node(sheet, node, lifecycle)
    if spec.type == "department" and lifecycle is not None:
        return sheet.choice(node, lifecycle.departments, DEPARTMENT, "unknown-department")
    if spec.type in {"date", "datetime"}:
        return _moment(sheet, node, spec)
    return sheet.text(node)


def _number(sheet: Sheet, node: Node, spec: Field) -> int | float | None:
    value = sheet.number(node, whole=spec.type == "integer")
    if value is None:
        return None
    low, high = spec.minimum, spec.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        limits = " ".join(f"{name} {limit:g}" for name, limit in (("min", low), ("max", high)) if limit is not None)
        sheet.add(
            "out-of-range", node, Text(f"`{value}` 超出范围（{limits}）", f"`{value}` is out of range ({limits})")
        )
        return None
    return value


def _moment(sheet: Sheet, node: Node, spec: Field) -> str | None:
    expected = DATE if spec.type == "date" else DATETIME
    text = sheet.text(node, expected)
    if text is None:
        return None
    if spec.type == "date":
        sound = is_date(text)
    else:
        try:
            sound = datetime.fromisoformat(text).tzinfo is not None
        except ValueError:
            sound = False
    if not sound:
        sheet.wrong_type(node, expected)
        return None
    return text


def fact_value(sheet: Sheet, node: Node, spec: Field | None) -> Any:
    """A value in a case: spelled as its field's type asks; whether it fits is seen when the case is run."""
    if isinstance(node, Leaf):
        if spec is not None and spec.type in WRITTEN and not node.is_null:
            return node.text
        return sheet.value(node)
    if isinstance(node, Items):
        of = None if spec is None else spec.of
        return [fact_value(sheet, item, of) for item in node.nodes]
    fields = {} if spec is None else spec.fields
    for name in node.values:
        if fields and name not in fields:
            sheet.unknown("unknown-field", node.key(name), Text("字段", "field"), fields)
    return {name: fact_value(sheet, item, fields.get(name)) for name, item in node.values.items()}


def entity_value(sheet: Sheet, node: Entries, entity: EntityType, vocabulary: Vocabulary) -> dict[str, Any]:
    """An entity in a case, with the lists and single objects in it. An unknown field is a problem."""
    found: dict[str, Any] = {}
    fields = entity.fields
    for name, item in node.values.items():
        field = fields.get(name)
        if field is not None:
            if type(item) is Leaf and field.type in WRITTEN and (item.style or item.text not in NULLS):
                found[name] = item.text  # nearly all facts of nearly all cases
            else:
                found[name] = fact_value(sheet, item, field)
            continue
        children = vocabulary.members[entity.name]
        child = children.get(name)
        if child is None:
            kind = Text(f"字段（{entity.title.zh} {entity.name}）", f"field of {entity.name}")
            sheet.unknown("unknown-field", node.key(name), kind, [*entity.fields, *children])
        elif isinstance(item, Leaf) and item.is_null:
            found[name] = None
        elif child.single is not None:
            entries = sheet.entries(item)
            found[name] = None if entries is None else entity_value(sheet, entries, child, vocabulary)
        else:
            parts = [sheet.entries(part) for part in sheet.items(item) or ()]
            found[name] = [entity_value(sheet, part, child, vocabulary) for part in parts if part is not None]
    return found

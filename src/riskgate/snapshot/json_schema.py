"""The JSON Schema (2020-12) of a snapshot, for editors and for exporters that want to check before they send.

It says what `Reader` says as far as JSON Schema can: not ids among siblings, references, calendar days, or that a blank
text stands for a missing value. Two things differ on purpose: `3.0` is a whole number in JSON Schema and none for
riskgate, and a blank text, which riskgate reads as missing, is refused where the field is no text.
"""

from typing import Any

from riskgate.lifecycle import Lifecycle
from riskgate.snapshot.header import VERSION
from riskgate.snapshot.values import INTEGER
from riskgate.text import Text
from riskgate.vocabulary import EntityType, Field, Vocabulary

Schema = dict[str, Any]

_DATE = r"^\s*[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\s*$"
_DATETIME = r"^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})\s*$"
_POINTER = r"^/project(/|$)"


def json_schema(vocabulary: Vocabulary, lifecycle: Lifecycle) -> Schema:
    """The schema of a whole snapshot; each entity type is a definition under `$defs`."""
    definitions = {entity.name: _entity(vocabulary, entity) for entity in vocabulary.order}
    nodes = [name for node in lifecycle.nodes for name in (node.id, node.code)]
    definitions["lifecycle.node"] = {"enum": nodes, "title": "节点 / node"}
    definitions["lifecycle.department"] = {"enum": list(lifecycle.departments), "title": "部门 / department"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "riskgate 项目快照 / riskgate project snapshot",
        "type": "object",
        "properties": {
            "riskgate": {"const": VERSION, "title": "快照版本 / snapshot version"},
            "as_of": {"type": ["string", "null"], "pattern": _DATE, "title": "快照日期 / date of the facts"},
            "project": _reference(vocabulary.root.name),
            "incomplete": {
                "type": ["array", "null"],
                "items": {"type": "string", "pattern": r"\S"},
                "title": "不完整的原因 / why the data are incomplete",
            },
            "origins": {
                "type": ["object", "null"],
                "propertyNames": {"pattern": _POINTER},
                "additionalProperties": {"type": "string", "pattern": r"\S"},
                "title": "数据来源，按 JSON 指针 / origin of values by JSON Pointer",
            },
            "conflicts": {
                "type": ["array", "null"],
                "items": {
                    "type": "object",
                    "properties": {
                        "pointer": {"type": "string", "pattern": _POINTER},
                        "values": {"type": "array", "minItems": 1},
                        "origins": {
                            "type": ["array", "null"],
                            "items": {"type": "string", "pattern": r"\S"},
                            "title": "各值的来源，与 values 一一对应 / where each of the values comes from",
                        },
                    },
                    "required": ["pointer", "values"],
                    "additionalProperties": False,
                },
                "title": "来源冲突 / values on which sources disagree",
            },
        },
        "required": ["riskgate", "project"],
        "additionalProperties": False,
        "$defs": definitions,
    }


def _entity(vocabulary: Vocabulary, entity: EntityType) -> Schema:
    properties = {field.name: _member(field) for field in entity.fields.values()}
    for child in vocabulary.children[entity.name]:
        held = _reference(child.name)
        if child.collection:
            held = {"type": "array", "items": held}
        properties[child.key] = {"anyOf": [held, {"type": "null"}], "title": _title(child.title)}
    return {"title": _title(entity.title), **_object(properties, entity.fields.values())}


def _object(properties: Schema, fields: Any) -> Schema:
    schema: Schema = {"type": "object", "properties": properties}
    required = [field.name for field in fields if field.required]
    if required:
        schema["required"] = required
    return schema


def _member(field: Field) -> Schema:
    schema = _value(field)
    described: Schema = {"title": _title(field.title)}
    notes = []
    if field.unit:
        notes.append(f"单位 / unit: {field.unit}")
    if field.type == "enum":
        notes.append("; ".join(f"{value}: {_title(label)}" for value, label in field.values.items()))
    if field.to:
        notes.append(f"编号 / id: {field.to}")
    if notes:
        described["description"] = "\n".join(notes)
    if field.required:
        return {**described, **schema}
    return {**described, "anyOf": [schema, {"type": "null"}]}


def _value(field: Field) -> Schema:
    match field.type:
        case "string" | "ref":
            return {"type": "string", "pattern": r"\S"} if field.required else {"type": "string"}
        case "integer":
            return {"type": "integer", **_range(field, -INTEGER, INTEGER - 1)}
        case "number":
            return {"type": "number", **_range(field, None, None)}
        case "boolean":
            return {"type": "boolean"}
        case "date":
            return {"type": "string", "format": "date", "pattern": _DATE}
        case "datetime":
            return {"type": "string", "format": "date-time", "pattern": _DATETIME}
        case "enum":
            return {"enum": list(field.values)}
        case "node" | "department":
            return _reference(f"lifecycle.{field.type}")
        case "list":
            return {"type": "array", **({"items": _value(field.of)} if field.of else {})}
        case "object":
            return _object({part.name: _member(part) for part in field.fields.values()}, field.fields.values())


def _range(field: Field, low: int | None, high: int | None) -> Schema:
    found: Schema = {}
    minimum = low if field.minimum is None else field.minimum
    maximum = high if field.maximum is None else field.maximum
    if minimum is not None:
        found["minimum"] = minimum
    if maximum is not None:
        found["maximum"] = maximum
    return found


def _reference(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _title(text: Text) -> str:
    return text.zh if text.zh == text.en else f"{text.zh} / {text.en}"

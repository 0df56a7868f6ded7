"""The JSON Schemas of what packs build on, for editors: lifecycle, vocabulary and references.

The loader says more (names that stand for something, cycles) and has the last word. Nothing has to be loaded for these:
whoever writes the first lifecycle has none yet.
"""

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from riskgate.vocabulary import FieldType

Schema = dict[str, Any]

_ID: Schema = {"type": ["string", "integer"], "description": "letters, digits and hyphens; unique"}
_NAME: Schema = {"type": ["string", "integer"]}
_VERSION: Schema = {"type": ["string", "number"]}
_YES_NO: Schema = {"type": "boolean"}
_REF: Schema = {"$ref": "#/$defs/text"}
_BOTH: Schema = {
    "type": "object",
    "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
    "required": ["zh", "en"],
    "additionalProperties": False,
}
_TEXT: Schema = {
    "anyOf": [{"type": ["string", "number"]}, _BOTH],
    "description": "both languages, or one text for both",
}


def lifecycle_json_schema() -> Schema:
    """The schema (2020-12) of `lifecycle.yaml`."""
    node = _closed(
        {
            "id": _ID,
            "code": {**_NAME, "description": "short, as people call it: N10"},
            "title": _REF,
            "stage": {**_NAME, "description": "the id of a stage"},
            "lead": {**_NAME, "description": "the id of the department that leads"},
            "departments": {"type": "array", "items": _NAME, "description": "those that take part"},
            "key": {**_YES_NO, "description": "one of the nodes that the group controls"},
            "led_by_customer_relations": _YES_NO,
            "touchpoint": {**_NAME, "description": "the id of a touchpoint"},
            "predecessors": {"type": "array", "items": _NAME, "description": "ids or codes of the nodes before it"},
            "no_blocking_rule": {**_REF, "description": "why no blocking rule gates it"},
        },
        ["id", "code", "title", "stage", "lead"],
    )
    titled = _listed(_closed({"id": _ID, "title": _REF}, ["id", "title"]))
    touchpoint = _closed({"id": _ID, "title": _REF, "service_stage": _NAME}, ["id", "title"])
    properties: dict[str, Schema] = {
        "version": _VERSION,
        "stages": titled,
        "departments": titled,
        "service_stages": titled,
        "touchpoints": _listed(touchpoint),
        "nodes": {**_listed(node), "minItems": 1},
    }
    return _document("lifecycle", _closed(properties, ["stages", "departments", "nodes"]), {"text": _TEXT})


def references_json_schema() -> Schema:
    """The schema (2020-12) of `references.yaml`."""
    words: Schema = {"type": "string"}
    source = _closed({"ref": _ID, "title": _REF, "kind": words, "note": words}, ["ref", "title"])
    properties: dict[str, Schema] = {
        "version": _VERSION,
        "themes": _listed(_closed({"id": _ID, "title": _REF}, ["id", "title"])),
        "sources": _listed(source),
    }
    return _document("references", _closed(properties, ["themes", "sources"]), {"text": _TEXT})


def vocabulary_json_schema() -> Schema:
    """The schema (2020-12) of `vocabulary.yaml`."""
    fields: Schema = {"type": "object", "additionalProperties": {"$ref": "#/$defs/field"}}
    entity = _closed(
        {
            "title": _REF,
            "label": {**_REF, "description": "what one is called: {building.name}-{unit.number}"},
            "within": {**_NAME, "description": "the entity type that holds it; none for the root"},
            "collection": {**_NAME, "description": "the key of the list in which its parent holds it"},
            "single": {**_NAME, "description": "the key under which its parent holds the only one"},
            "min": {"type": "integer", "minimum": 0, "description": "fewer than these are a gap at the parent"},
            "fields": fields,
        }
    )
    entity["not"] = {"required": ["collection", "single"]}
    roles: dict[str, Schema] = {
        "group": {**_NAME, "description": "the entity type in which rates are counted"},
        "sale_unit": {**_NAME, "description": "the entity type that is sold"},
        "floor": {**_NAME, "description": "the field of the sale unit that says on which floor it lies"},
    }
    properties: dict[str, Schema] = {
        "version": _VERSION,
        "roles": _closed(roles),
        "enums": {"type": "object", "additionalProperties": _values()},
        "entities": {"type": "object", "additionalProperties": entity, "minProperties": 1},
    }
    return _document("vocabulary", _closed(properties, ["entities"]), {"text": _TEXT, "field": _field()})


def _field() -> Schema:
    number: Schema = {"type": "number"}
    properties: dict[str, Schema] = {
        "type": {"enum": list(get_args(FieldType))},
        "title": _REF,
        "required": _YES_NO,
        "unit": {"type": "string"},
        "min": number,
        "max": number,
        "values": {"anyOf": [{**_NAME, "description": "a list under `enums`"}, _values()]},
        "of": {"$ref": "#/$defs/field"},
        "fields": {"type": "object", "additionalProperties": {"$ref": "#/$defs/field"}},
        "to": {**_NAME, "description": "the entity type whose ids it holds"},
        "free_text": {**_YES_NO, "description": "rules may compare it with a text"},
        "descriptive": {**_YES_NO, "description": "for people and other systems: no rule need read it"},
    }
    needs = {"enum": "values", "list": "of", "object": "fields", "ref": "to"}
    conditions = [
        {"if": {"properties": {"type": {"const": kind}}}, "then": {"required": [key]}} for kind, key in needs.items()
    ]
    return {**_closed(properties, ["type"]), "allOf": conditions}


def _values() -> Schema:
    return {"type": "object", "additionalProperties": _REF, "minProperties": 1, "description": "stored value: label"}


def _document(name: str, schema: Schema, definitions: Mapping[str, Schema]) -> Schema:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:riskgate:schema:{name}:1",
        "title": f"riskgate {name}",
        **schema,
        "$defs": dict(definitions),
    }


def _listed(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def _closed(properties: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    found: Schema = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    names = list(required)
    return {**found, "required": names} if names else found

"""The JSON Schema of a rule pack file, for editors: they complete keys and names and mark what is misspelt.

The loader says more (expressions, placeholders, references between rules) and has the last word.
"""

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from riskgate.lifecycle import Lifecycle, References
from riskgate.pack import SEVERITIES, ConditionOperator, Direction, OnMissing, Outcome, WaivableBy
from riskgate.text import Text
from riskgate.vocabulary import FieldType, Vocabulary

Schema = dict[str, Any]

HEAD = ("pack", "version", "title")
_SAID = r"\S"
_EXPRESSION: Schema = {"type": ["string", "boolean"], "pattern": _SAID, "description": "CEL"}
_SCALE: Schema = {"type": "integer", "minimum": 1, "maximum": 5}
LABEL: Schema = {
    "type": ["string", "integer"],
    "pattern": r"^[A-Za-z0-9\u4e00-\u9fff][A-Za-z0-9\u4e00-\u9fff._-]*$",
    "description": "letters, digits, Chinese characters, -, _ and .",
}
WORDS: Schema = {"type": "string", "pattern": _SAID}
_IDENTIFIER = "^[A-Za-z_][A-Za-z0-9_]*$"
DAY: Schema = {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"}
_SETTING: Schema = {"type": ["string", "number", "boolean", "array"], "description": "a value of a parameter"}
_ANY_LIST: Schema = {"type": "array"}


def pack_json_schema(lifecycle: Lifecycle, vocabulary: Vocabulary, references: References) -> Schema:
    """The schema (2020-12) of a pack's head and of the files beside it, with the names that are loaded."""
    definitions = {
        "text": _text(),
        "entity": _names({name: kind.title for name, kind in vocabulary.entities.items()}),
        "node": _names({name: node.title for name, node in lifecycle.by_name.items()}),
        "department": _names({name: department.title for name, department in lifecycle.departments.items()}),
        "theme": _names(references.themes),
        "sources": {"type": "array", "items": _source(references)},
        "field": _field(),
        "rule": _rule(vocabulary),
        "derive": _derive(),
    }
    properties = {
        "pack": LABEL,
        "version": {"type": ["string", "number"], "pattern": _SAID},
        "title": _ref("text"),
        "parameters": _named(_parameter()),
        "facts": _map_of(_fact()),
        "vocabulary": _closed({"enums": {"type": "object"}, "entities": {"type": "object"}}),
        "rules": {"type": "array", "items": _ref("rule"), "minItems": 1},
        "derive": {"type": "array", "items": _ref("derive"), "minItems": 1},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:riskgate:schema:pack:1",
        "title": "riskgate rule pack",
        "description": "the head of a pack (pack, version, title), or a file beside it (rules, derive)",
        **_closed(properties),
        "anyOf": [{"required": list(HEAD)}, {"required": ["rules"]}, {"required": ["derive"]}],
        "dependentRequired": {key: list(HEAD) for key in properties if key not in ("rules", "derive")},
        "$defs": definitions,
    }


def _rule(vocabulary: Vocabulary) -> Schema:
    properties = {
        "id": LABEL,
        "title": _ref("text"),
        "entity": _ref("entity"),
        "when": {**_EXPRESSION, "description": "CEL: where the rule applies; true if left out"},
        "values": _named({**_EXPRESSION, "description": "CEL: a named value for when, require and message"}),
        "require": {**_EXPRESSION, "description": "CEL: what must be true"},
        "severity": {"enum": list(SEVERITIES)},
        "nodes": {"type": "array", "items": _ref("node"), "minItems": 1},
        "theme": _ref("theme"),
        "customer_sensitivity": {**_SCALE, "description": "how much owners notice and mind"},
        "operator_weight": {**_SCALE, "description": "how much the trade weighs it"},
        "owners": {"type": "array", "items": _ref("department"), "description": "the first one leads"},
        "message": _ref("text"),
        "remedy": _ref("text"),
        "why": _ref("text"),
        "sources": _ref("sources"),
        "on_missing": {"enum": list(get_args(OnMissing))},
        "waivable_by": {"enum": list(get_args(WaivableBy))},
        "cases": {"type": "array", "items": _case(vocabulary)},
    }
    return _closed(properties, ["id", "title", "entity", "require", "severity", "nodes"])


def _case(vocabulary: Vocabulary) -> Schema:
    properties: dict[str, Schema] = {
        name: _closed({key: {} for key in (*kind.fields, *vocabulary.members[name])})
        for name, kind in vocabulary.entities.items()
    }
    properties |= {
        "expect": {"enum": list(get_args(Outcome))},
        "as_of": DAY,
        "params": _named(_SETTING),
        "snapshot": {"type": "object"},
        "note": {"type": "string"},
    }
    return _closed(properties, ["expect"])


def _derive() -> Schema:
    conclude: dict[str, Schema] = {
        "severity": {"enum": list(SEVERITIES)},
        "nodes": {"type": "array", "items": _ref("node"), "minItems": 1},
        "owners": {"type": "array", "items": _ref("department")},
        "theme": _ref("theme"),
        "message": _ref("text"),
    }
    case = _closed(
        {"facts": {"type": "array", "items": {"type": "object"}}, "expect": _ANY_LIST, "note": {"type": "string"}},
        ["facts", "expect"],
    )
    operators: dict[str, Schema] = {name: {} for name in get_args(ConditionOperator)}
    condition: Schema = {"anyOf": [_closed(operators), {"not": {"type": "object"}}]}
    given: Schema = {
        "type": "object",
        "properties": {"where": _map_of(condition)},
        "additionalProperties": {"type": "string", "description": "the kind of fact and its name in this rule"},
        "minProperties": 1,
        "maxProperties": 2,
    }
    properties: dict[str, Schema] = {
        "id": LABEL,
        "title": _ref("text"),
        "given": {"type": "array", "items": given, "minItems": 1},
        "conclude": _closed(conclude, ["severity", "nodes"]),
        "customer_sensitivity": _SCALE,
        "operator_weight": _SCALE,
        "remedy": _ref("text"),
        "why": _ref("text"),
        "sources": _ref("sources"),
        "waivable_by": {"enum": list(get_args(WaivableBy))},
        "cases": {"type": "array", "items": case},
    }
    return _closed(properties, ["id", "title", "given", "conclude"])


def _parameter() -> Schema:
    field = _field()
    tightens: Schema = {"enum": list(get_args(Direction)), "description": "which way the rules become stricter"}
    own = {"default": _SETTING, "sources": _ref("sources"), "tightens": tightens}
    closed = _closed({**field["properties"], **own}, ["type", "default"])
    return {**closed, "allOf": [_when_type(kind, value) for kind, value in _DEFAULTS.items()]}


_DEFAULTS: Mapping[FieldType, Schema] = {
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "list": {"type": "array"},
    "date": DAY,
}
"""What a default must be, by the type of its parameter, where the type alone tells."""


def _when_type(kind: FieldType, default: Schema) -> Schema:
    return {"if": {"properties": {"type": {"const": kind}}}, "then": {"properties": {"default": default}}}


def _fact() -> Schema:
    properties = {
        "entity": _ref("entity"),
        "by": {"type": "array", "items": {"type": "string"}},
        "count": {"type": "boolean"},
        "where": _EXPRESSION,
    }
    return _closed(properties, ["entity"])


def _field() -> Schema:
    number: Schema = {"type": "number"}
    properties = {
        "type": {"enum": list(get_args(FieldType))},
        "title": _ref("text"),
        "required": {"type": "boolean"},
        "unit": {"type": "string"},
        "min": number,
        "max": number,
        "values": {"type": ["object", "string"]},
        "of": _ref("field"),
        "fields": _map_of(_ref("field")),
        "to": {"type": "string"},
        "free_text": {"type": "boolean"},
        "descriptive": {"type": "boolean"},
    }
    return _closed(properties, ["type"])


def _source(references: References) -> Schema:
    properties = {
        "ref": _names({ref: reference.title for ref, reference in references.sources.items()}),
        "clause": {"type": ["string", "number"]},
        "certainty": {"enum": ["verified", "recalled", "practice"]},
    }
    return _closed(properties, ["ref"])


def _text() -> Schema:
    said: Schema = {"type": ["string", "number"], "pattern": _SAID}
    both = _closed({"zh": said, "en": said}, ["zh", "en"])
    return {"anyOf": [said, both], "description": "both languages, or one text for both"}


def _names(titles: Mapping[str, Text]) -> Schema:
    """One of these names; a list of titles beside it helps the reader of an editor's pop-up."""
    if not titles:
        return {"type": "string"}
    return {"enum": list(titles), "description": _listed(f"{name}: {title}" for name, title in titles.items())}


def _listed(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def _closed(properties: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    found: Schema = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    names = list(required)
    return {**found, "required": names} if names else found


def _map_of(schema: Schema) -> Schema:
    return {"type": "object", "additionalProperties": schema}


def _named(schema: Schema) -> Schema:
    """Values by names that expressions use."""
    return {**_map_of(schema), "propertyNames": {"pattern": _IDENTIFIER, "not": {"enum": ["params", "as_of"]}}}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}

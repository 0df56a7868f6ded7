"""The JSON Schema of an overlay file, for editors: parameters and rules of the loaded packs by name.

The loader says more, and applying overlays more still: what a level may not loosen no schema can tell.
"""

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from riskgate.lifecycle import Lifecycle, References
from riskgate.overlay import LEVELS
from riskgate.pack import SEVERITIES, Derive, Pack, Parameter, Rule, WaivableBy
from riskgate.pack_schema import DAY, LABEL, WORDS, pack_json_schema
from riskgate.text import Text
from riskgate.vocabulary import Field, Vocabulary

Schema = dict[str, Any]


def overlay_json_schema(
    lifecycle: Lifecycle,
    vocabulary: Vocabulary,
    references: References,
    packs: Iterable[Pack],
    disabled: Iterable[Rule | Derive] = (),
) -> Schema:
    """The schema (2020-12) of an overlay over these packs. `disabled`: rules that other overlays took out of them."""
    pack = pack_json_schema(lifecycle, vocabulary, references)
    shown = list(packs)
    titles: dict[str, Text] = {one.id: one.title for one in disabled}
    for one in shown:
        titles |= {rule.id: rule.title for rule in one.rules} | {derive.id: derive.title for derive in one.derives}
    properties = {
        "overlay": {**LABEL, "description": "the name of the overlay"},
        "level": {"enum": list(LEVELS), "description": "who says so: a lower level may only tighten what blocks"},
        "title": {"$ref": "#/$defs/text"},
        "parameters": _closed(dict(_parameters(shown, lifecycle))),
        "rules": _closed({name: {**_change(), "description": str(title)} for name, title in titles.items()}),
        "own_pack": {**_closed(pack["properties"]), "required": ["pack", "version", "title"]},
        "vocabulary": pack["properties"]["vocabulary"],
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:riskgate:schema:overlay:1",
        "title": "riskgate overlay",
        "description": "what a group, a region or a project sets otherwise than the packs",
        **_closed(properties),
        "required": ["overlay", "level"],
        "anyOf": [{"required": [key]} for key in ("parameters", "rules", "own_pack", "vocabulary")],
        "$defs": pack["$defs"],
    }


def _parameters(packs: list[Pack], lifecycle: Lifecycle) -> Iterable[tuple[str, Schema]]:
    """Every parameter by its full name, and by its own where that is unique."""
    names = [name for pack in packs for name in pack.parameters]
    for pack in packs:
        for name, parameter in pack.parameters.items():
            schema = _setting(parameter, lifecycle)
            yield f"{pack.name}.{name}", schema
            if names.count(name) == 1:
                yield name, schema


def _setting(parameter: Parameter, lifecycle: Lifecycle) -> Schema:
    value = _value(parameter.spec, lifecycle)
    reasoned = {**_closed({"value": value, "reason": WORDS}), "required": ["value"]}
    unit = f" ({parameter.unit})" if parameter.unit else ""
    tightens = f"; stricter: {parameter.tightens}" if parameter.tightens else ""
    return {"anyOf": [value, reasoned], "description": f"{parameter.title}{unit}{tightens}"}


def _value(spec: Field, lifecycle: Lifecycle) -> Schema:
    match spec.type:
        case "number" | "integer":
            limits = {"minimum": spec.minimum, "maximum": spec.maximum}
            return {"type": spec.type, **{key: value for key, value in limits.items() if value is not None}}
        case "boolean":
            return {"type": "boolean"}
        case "enum":
            return {"enum": list(spec.values)}
        case "list" if spec.of is not None:
            return {"type": "array", "items": _value(spec.of, lifecycle)}
        case "node":
            return {"enum": list(lifecycle.by_name)}
        case "department":
            return {"enum": list(lifecycle.departments)}
        case "date":
            return DAY
    return {"type": ["string", "number"]}


def _change() -> Schema:
    scale: Schema = {"type": "integer", "minimum": 1, "maximum": 5}
    properties: dict[str, Schema] = {
        "severity": {"enum": list(SEVERITIES)},
        "add_nodes": {"type": "array", "items": {"$ref": "#/$defs/node"}, "minItems": 1},
        "disabled": {"anyOf": [{**_closed({"reason": WORDS}), "required": ["reason"]}, {"const": False}]},
        "owners": {"type": "array", "items": {"$ref": "#/$defs/department"}},
        "waivable_by": {"enum": list(get_args(WaivableBy))},
        "customer_sensitivity": scale,
        "operator_weight": scale,
        "remedy": {"$ref": "#/$defs/text"},
        "reason": WORDS,
    }
    return {**_closed(properties), "minProperties": 1}


def _closed(properties: Mapping[str, Schema]) -> Schema:
    return {"type": "object", "properties": dict(properties), "additionalProperties": False}

"""The JSON Schema of a waiver file, for editors: they complete keys and rules and mark what is misspelt.

The loader says more (addresses, conditions, days that exist) and has the last word.
"""

from collections.abc import Iterable
from typing import Any

from riskgate.pack import Derive, Rule
from riskgate.waiver import ROLES

Schema = dict[str, Any]
_DAY: Schema = {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"}
_WORDS: Schema = {"type": "string", "pattern": r"\S"}
_BOTH: Schema = {
    "type": "object",
    "properties": {"zh": _WORDS, "en": _WORDS},
    "required": ["zh", "en"],
    "additionalProperties": False,
}


def waiver_json_schema(rules: Iterable[Rule | Derive]) -> Schema:
    """The schema (2020-12) of a waiver file, with the names of these rules."""
    known = {rule.id: rule for rule in rules}
    named = "\n".join(f"{name}: {rule.title} (waivable_by: {rule.waivable_by})" for name, rule in known.items())
    properties: dict[str, Schema] = {
        "rule": {"enum": list(known), "description": named} if known else _WORDS,
        "entity": {
            **_WORDS,
            "description": "an address such as phases[1]/buildings[3]; [*] is any one id, /* at the end everything "
            "below, * alone everything below the project",
        },
        "reason": {"anyOf": [_WORDS, _BOTH], "description": "why this exception is acceptable"},
        "approved_by": {**_WORDS, "description": "a name on the company's list of approvers"},
        "approved_on": {**_DAY, "description": "from this day on it holds"},
        "expires_on": {**_DAY, "description": "the last day on which it holds"},
        "condition": {
            "type": ["string", "boolean"],
            "description": "CEL over project and as_of; it holds only while this is true",
        },
    }
    waiver: Schema = {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name != "condition"],
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:riskgate:schema:waiver:1",
        "title": "riskgate waivers",
        "type": "object",
        "properties": {
            "approvers": {
                "type": "object",
                "additionalProperties": {"enum": list(ROLES)},
                "description": "what this file says of its approvers; unconfirmed unless the company lists them too",
            },
            "waivers": {"type": "array", "items": waiver},
        },
        "required": ["waivers"],
        "additionalProperties": False,
    }

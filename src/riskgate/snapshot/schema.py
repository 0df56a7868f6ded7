"""The vocabulary as schemas of pydantic-core, which reads the bytes and checks types in one pass.

Four readings of one vocabulary:

- *quick* is the one that every good snapshot passes: from bytes, numbers narrowed to ±2**63 so that an integer beyond
  64 bits in a `number` field (which would silently become a double) is noticed;
- *known* is the same, but drops unknown keys, which takes a fifth less time: what was dropped must be noticed;
- *full* lists what is wrong, over the tree of the careful reader, which has seen the spelling of each number;
- *loose* asks for no required field: for rule cases, and to go on reading after something was found wrong.
"""

import math
from functools import cached_property
from typing import NamedTuple

from pydantic_core import CoreConfig, CoreSchema, SchemaValidator, core_schema

from riskgate.lifecycle import Lifecycle
from riskgate.snapshot.values import INTEGER, keys_within, sound
from riskgate.vocabulary import EntityType, Field, Vocabulary

# A typed dict without a config of its own does not take over its parent's: strictness would silently be lost below
# the top, and "1", true and 1e999 would pass as numbers. Every typed dict here is therefore built by _object.
_STRICT = CoreConfig(strict=True, allow_inf_nan=False)


class Unknown:
    """Whether unknown keys were met in one reading, and how many keys there are within their values."""

    __slots__ = ("keys", "met")

    def __init__(self) -> None:
        self.met = False
        self.keys = 0


def _check_unknown(value: object, info: core_schema.ValidationInfo) -> object:
    """Note that there is an unknown key; its value is kept as it is, but must be JSON that riskgate can carry."""
    context = info.context
    if isinstance(context, Unknown):
        context.met = True
        if isinstance(value, dict | list):
            context.keys += keys_within(value)
    if not sound(value):
        raise ValueError("not a JSON value")
    return value


def _object(fields: dict[str, core_schema.TypedDictField], *, ignoring: bool) -> CoreSchema:
    if ignoring:
        return core_schema.typed_dict_schema(fields, config=_STRICT, extra_behavior="ignore")
    return core_schema.typed_dict_schema(
        fields,
        config=_STRICT,
        extra_behavior="allow",
        extras_schema=core_schema.with_info_plain_validator_function(_check_unknown),
    )


class _How(NamedTuple):
    """`required`: what the vocabulary requires must be there. `narrow`: in 64 bits. `ignoring`: drop unknown keys."""

    required: bool
    narrow: bool
    ignoring: bool


class Schemas:
    """The validators, each built when it is first needed."""

    def __init__(self, vocabulary: Vocabulary, lifecycle: Lifecycle) -> None:
        self._vocabulary = vocabulary
        self._nodes = list(lifecycle.by_name)
        self._departments = list(lifecycle.departments)

    @cached_property
    def quick(self) -> SchemaValidator:
        return self._build(required=True, narrow=True)

    @cached_property
    def known(self) -> SchemaValidator:
        return self._build(required=True, narrow=True, ignoring=True)

    @cached_property
    def full(self) -> SchemaValidator:
        return self._build(required=True, narrow=False)

    @cached_property
    def loose(self) -> SchemaValidator:
        return self._build(required=False, narrow=False)

    def _build(self, *, required: bool, narrow: bool, ignoring: bool = False) -> SchemaValidator:
        root = self._entity(self._vocabulary.root, _How(required, narrow, ignoring))
        # The other keys at the top are few and read in header.py; here they are only carried.
        top = {"project": core_schema.typed_dict_field(root, required=required)}
        return SchemaValidator(core_schema.typed_dict_schema(top, config=_STRICT, extra_behavior="allow"))

    def _entity(self, entity: EntityType, how: _How) -> CoreSchema:
        fields = {field.name: self._member(field, how) for field in entity.fields.values()}
        for child in self._vocabulary.children[entity.name]:
            schema = self._entity(child, how)
            held = schema if child.single else core_schema.list_schema(schema)
            fields[child.key] = core_schema.typed_dict_field(core_schema.nullable_schema(held), required=False)
        return _object(fields, ignoring=how.ignoring)

    def _member(self, field: Field, how: _How) -> core_schema.TypedDictField:
        schema = self._value(field, how)
        if how.required and field.required:
            return core_schema.typed_dict_field(schema, required=True)
        return core_schema.typed_dict_field(core_schema.nullable_schema(schema), required=False)

    def _value(self, field: Field, how: _How) -> CoreSchema:
        match field.type:
            case "string" | "ref":
                return core_schema.str_schema(strip_whitespace=True, min_length=1)
            case "date":  # read when the tables stand; here only what cannot be one is kept out
                return core_schema.str_schema(min_length=10, max_length=10)
            case "datetime":
                return core_schema.str_schema(min_length=20)
            case "boolean":
                return core_schema.bool_schema()
            case "integer":
                low = -INTEGER if field.minimum is None else max(-INTEGER, math.ceil(field.minimum))
                high = INTEGER - 1 if field.maximum is None else min(INTEGER - 1, math.floor(field.maximum))
                return core_schema.int_schema(ge=low, le=high)
            case "number":
                beyond = float(INTEGER) if how.narrow else None
                return core_schema.float_schema(
                    ge=field.minimum,
                    le=field.maximum,
                    gt=None if beyond is None else -beyond,
                    lt=beyond,
                )
            case "enum":
                return core_schema.literal_schema(list(field.values))
            case "node":
                return core_schema.literal_schema(self._nodes)
            case "department":
                return core_schema.literal_schema(self._departments)
            case "list":
                if field.of is None:
                    return core_schema.list_schema()
                return core_schema.list_schema(self._value(field.of, how))
            case "object":
                parts = {part.name: self._member(part, how) for part in field.fields.values()}
                return _object(parts, ignoring=how.ignoring)

"""A small vocabulary with every type of field and three levels of collections, for tests of expressions."""

from collections.abc import Mapping
from typing import Any

from riskgate.cel.environment import Environment
from riskgate.cel.types import DOUBLE, TIMESTAMP, EntityOf, ObjectOf, Type
from riskgate.lifecycle import Department, Lifecycle, Node, Stage
from riskgate.text import Text
from riskgate.vocabulary import EntityType, Field, FieldType, Vocabulary

SPACES = {"kitchen": "厨房", "bedroom": "卧室", "lift_shaft": "电梯井"}
MODES = {"presale": "预售", "ready_sale": "现售"}


def _texts(labels: Mapping[str, str]) -> dict[str, Text]:
    return {value: Text(label, value.replace("_", " ")) for value, label in labels.items()}


def _field(name: str, kind: FieldType, **more: Any) -> Field:
    return Field(name, kind, Text.of(name), **more)


def _space(name: str) -> Field:
    return _field(name, "enum", values=_texts(SPACES))


def _entity(name: str, within: str | None, *fields: Field, **more: Any) -> EntityType:
    return EntityType(name, Text.of(name), within, {field.name: field for field in fields}, **more)


VOCABULARY = Vocabulary(
    {
        entity.name: entity
        for entity in (
            _entity(
                "project",
                None,
                _field("id", "string"),
                _field("name", "string"),
                _field("opens_on", "date"),
                _field("closed_at", "datetime"),
                _field("current_node", "node"),
                _field("passed", "list", of=_field("passed", "node")),
                _field("lead", "department"),
                _field("sales_mode", "enum", values=_texts(MODES)),
                _field("share", "number"),
            ),
            _entity("site", "project", _field("slope", "number"), _field("is_new", "boolean"), single="site"),
            _entity(
                "building",
                "project",
                _field("id", "string"),
                _field("storeys", "integer"),
                _field("height_m", "number"),
                _field("brand_actual", "string"),
                _field("brand_contract", "string"),
                _space("main_space"),
                collection="buildings",
            ),
            _entity(
                "unit",
                "building",
                _field("id", "string"),
                _field("area_m2", "number"),
                _field("beds", "integer"),
                _field("is_sold", "boolean"),
                _field("owner", "ref", to="person"),
                _field("other_unit", "ref", to="unit"),
                _field("spaces", "list", of=_space("spaces")),
                _field("note", "string", free_text=True),
                _field(
                    "plan",
                    "object",
                    fields={f.name: f for f in (_field("live", "number"), _field("since", "date"), _space("use"))},
                ),
                collection="units",
            ),
            _entity(
                "room",
                "unit",
                _field("id", "string"),
                _field("name", "string"),
                _space("kind"),
                _field("usable_area_m2", "number"),
                _field("doors", "integer"),
                _field("heights", "list", of=_field("heights", "number")),
                _field("counts", "list", of=_field("counts", "integer")),
                collection="rooms",
            ),
            _entity(
                "person",
                "project",
                _field("id", "string"),
                _field("department", "department"),
                _field("home", "ref", to="unit"),
                _field("joined_on", "date"),
                collection="people",
            ),
        )
    }
)

LIFECYCLE = Lifecycle(
    nodes=(
        Node("land", "N01", Text("取地", "Land"), "S1", "design"),
        Node("drawing-review", "N10", Text("图纸评审", "Drawing review"), "S1", "design", predecessors=("land",)),
        Node("opening", "N20", Text("开盘", "Opening"), "S1", "sales", predecessors=("drawing-review",)),
    ),
    stages={"S1": Stage("S1", Text("一", "one"))},
    departments={
        "design": Department("design", Text("设计研发部", "Design")),
        "sales": Department("sales", Text("营销部", "Sales")),
    },
)

PARAMETERS = {
    field.name: field
    for field in (
        _field("min_area_m2", "number"),
        _field("max_units", "integer"),
        _field("brands", "list", of=_field("brands", "string")),
        _field("prefix", "string"),
        _space("space"),
    )
}

VARIABLES: dict[str, Type] = {
    **{name: EntityOf(name) for name in ("project", "building", "unit", "room")},
    "params": ObjectOf("params", PARAMETERS),
    "as_of": TIMESTAMP,
    "short_m2": DOUBLE,
}

ENVIRONMENT = Environment(VOCABULARY, LIFECYCLE, VARIABLES)
"""What a rule on a room sees; `short_m2` is a named value."""

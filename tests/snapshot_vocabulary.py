"""A small vocabulary with every field type, lists in lists, a single and references, for tests of snapshots."""

import copy
import json
from typing import Any

from riskgate.lifecycle import Department, Lifecycle, Node, Stage
from riskgate.snapshot import Reader
from riskgate.text import Text
from riskgate.vocabulary import EntityType, Field, FieldType, Vocabulary


def _field(name: str, kind: FieldType, zh: str = "", **more: Any) -> Field:
    return Field(name, kind, Text(zh or name, name.replace("_", " ")), **more)


def _entity(name: str, zh: str, within: str | None, *fields: Field, **more: Any) -> EntityType:
    return EntityType(name, Text(zh, name), within, {field.name: field for field in fields}, **more)


_ID = _field("id", "string", "编号", required=True)
_SPACES = {"kitchen": Text("厨房", "Kitchen"), "bedroom": Text("卧室", "Bedroom"), "lift_shaft": Text("电梯井", "Lift")}
_STATUS = {value: Text.of(value) for value in ("not_started", "in_progress", "passed")}

_ENTITIES = (
    _entity(
        "project",
        "项目",
        None,
        _ID,
        _field("name", "string", "名称"),
        _field("opens_on", "date", "开盘日期"),
        _field("current_node", "node", "当前节点"),
        _field("utc_offset", "string"),
        _field("share", "number", "比例", minimum=0, maximum=1),
    ),
    _entity(
        "node_record",
        "节点记录",
        "project",
        _field("id", "node", "节点", required=True),
        _field("status", "enum", "状态", values=_STATUS),
        _field("passed_on", "date", "通过日期"),
        collection="nodes",
    ),
    _entity("site", "场地", "project", _field("slope_pct", "number", "坡度", unit="percent"), single="site"),
    _entity("road", "道路", "site", _field("id", "string", "编号"), _field("width_m", "number"), collection="roads"),
    _entity(
        "building", "楼栋", "project", _ID, _field("storeys", "integer", "层数"), collection="buildings", minimum=1
    ),
    _entity("unit", "户", "building", _ID, _field("sold", "boolean", "已售"), collection="units"),
    _entity(
        "room",
        "房间",
        "unit",
        _ID,
        _field("kind", "enum", "类型", values=_SPACES),
        _field("net_m2", "number", "净面积", minimum=0, unit="m2"),
        _field("adjacent_to", "list", "紧邻", of=_field("item", "enum", values=_SPACES)),
        _field("load", "object", "荷载", fields={"live": _field("live", "number"), "on": _field("on", "date")}),
        collection="rooms",
    ),
    _entity(
        "complaint",
        "投诉",
        "project",
        _field("id", "string", "编号"),
        _field("unit_id", "ref", "房号", to="unit"),
        _field("unit_ids", "list", "房号", of=_field("item", "ref", to="unit")),
        _field("received_at", "datetime", "受理时间"),
        _field("owner", "department", "责任部门"),
        _field("owners", "list", of=_field("item", "department")),
        _field(
            "visits",
            "list",
            of=_field(
                "item",
                "object",
                fields={
                    "at": _field("at", "datetime"),
                    "unit_id": _field("unit_id", "ref", to="unit"),
                    "why": _field("why", "string", required=True),
                },
            ),
        ),
        collection="complaints",
    ),
    _entity("permit", "许可证", "project", _field("kind", "string", "类型"), collection="permits"),
)

VOCABULARY = Vocabulary({entity.name: entity for entity in _ENTITIES})
LIFECYCLE = Lifecycle(
    (
        Node("drawing-review", "N10", Text("图纸评审", "Drawing review"), "S1", "design"),
        Node("opening", "N30", Text("开盘", "Opening"), "S1", "sales", predecessors=("drawing-review",)),
    ),
    {"S1": Stage("S1", Text("设计", "Design"))},
    {"design": Department("design", Text("设计部", "Design")), "sales": Department("sales", Text("营销部", "Sales"))},
)
READER = Reader(VOCABULARY, LIFECYCLE)

GOOD: dict[str, Any] = {
    "riskgate": 1,
    "as_of": "2026-11-20",
    "project": {
        "id": "P1",
        "opens_on": "2026-12-05",
        "current_node": "N30",
        "nodes": [{"id": "N10", "status": "passed", "passed_on": "2026-05-01"}, {"id": "opening"}],
        "site": {"slope_pct": 3, "roads": [{"id": "R1", "width_m": 4.0}, {"width_m": 3.5}]},
        "buildings": [
            {
                "id": "3",
                "storeys": 18,
                "units": [
                    {
                        "id": "0803",
                        "sold": True,
                        "rooms": [
                            {"id": "K1", "kind": "kitchen", "net_m2": 4, "adjacent_to": ["bedroom", "lift_shaft"]},
                            {"id": "B1", "kind": "bedroom", "net_m2": 9.5, "load": {"live": 2, "on": "2026-01-02"}},
                        ],
                    },
                    {"id": "0804", "rooms": [{"id": "K1", "kind": "kitchen"}]},
                ],
            },
            {"id": "4", "units": []},
        ],
        "complaints": [
            {
                "id": "C1",
                "unit_id": "0803",
                "unit_ids": ["0803", "0804"],
                "received_at": "2026-11-01T09:30:00+08:00",
                "owner": "design",
                "owners": ["sales"],
                "visits": [{"at": "2026-11-02T10:00:00Z", "unit_id": "0804", "why": "leak"}],
            }
        ],
        "permits": [{"kind": "planning"}],
    },
}


def good() -> dict[str, Any]:
    """A fresh copy of a good snapshot."""
    return copy.deepcopy(GOOD)


def encode(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()

"""The shape of a comparison as JSON: the JSON Schema for other systems."""

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter, with_config
from typing_extensions import TypedDict

from riskgate.comparison import ChangeKind, DifferenceKind, GapState, Reason, RiskState, Worse
from riskgate.node_state import NodeState
from riskgate.report import GapReason, Status, Verdict
from riskgate.report_schema import (
    AnyJson,
    Count,
    Day,
    EntityJson,
    IdJson,
    PackJson,
    Plain,
    ProjectJson,
    RuleJson,
    SeverityJson,
    Sha256,
    TextJson,
    WaivedJson,
)

CLOSED = ConfigDict(extra="forbid", strict=True)
SCHEMA_ID = "urn:riskgate:schema:comparison:1"
ReasonJson = Annotated[
    Reason | None,
    Field(description="why it is in one report alone, unless by the project's facts: see docs/comparison.md"),
]


@with_config(CLOSED)
class SideSnapshotJson(TypedDict):
    sha256: Sha256
    incomplete: list[str]


@with_config(CLOSED)
class SideJson(TypedDict):
    name: Annotated[str, Field(description="what the side was called: a file's name without its folder")]
    riskgate: str
    project: ProjectJson
    as_of: Day
    verdict: Verdict
    snapshot: SideSnapshotJson
    packs: list[PackJson]
    risks: Count
    gaps: Annotated[Count, Field(description="at how many places, all gaps together")]


@with_config(CLOSED)
class ComparedNodesJson(TypedDict):
    nodes: Annotated[list[str], Field(description="ids of the nodes that are compared")]
    named: Annotated[bool, Field(description="whether the caller named them")]


@with_config(CLOSED)
class DifferenceJson(TypedDict):
    what: DifferenceKind
    name: str
    old: AnyJson
    new: AnyJson
    message: TextJson


@with_config(CLOSED)
class TallyJson(TypedDict):
    risks: Count
    blocking: Annotated[Count, Field(description="how many of them block, or did")]


@with_config(CLOSED)
class CountsJson(TypedDict):
    new: TallyJson
    worsened: TallyJson
    waived: TallyJson
    open: TallyJson
    unverifiable: TallyJson
    gone: TallyJson
    closed: TallyJson


@with_config(CLOSED)
class StandingJson(TypedDict):
    state: Annotated[NodeState, Field(description="the status, with what the nodes before it do to it")]
    status: Status
    held_by: list[str]
    awaiting: list[str]
    reopened: bool


@with_config(CLOSED)
class NodeChangeJson(TypedDict):
    id: str
    code: str
    title: TextJson
    old: Annotated[StandingJson | None, Field(description="null if there was no such node")]
    new: Annotated[StandingJson | None, Field(description="null if there is no such node any more")]


@with_config(CLOSED)
class ChangeJson(TypedDict):
    what: ChangeKind
    name: Annotated[str, Field(description="of evidence, its name in the rule; else empty")]
    old: AnyJson
    new: AnyJson


@with_config(CLOSED)
class RiskChangeJson(TypedDict):
    id: IdJson
    state: RiskState
    reason: ReasonJson
    blocking: Annotated[bool, Field(description="whether it blocks now, or blocked then if it is no longer there")]
    rule: str
    severity: SeverityJson
    nodes: list[str]
    entity: EntityJson
    message: TextJson
    waiver: WaivedJson | None
    worse: list[Worse]
    changes: list[ChangeJson]


@with_config(CLOSED)
class GapChangeJson(TypedDict):
    id: IdJson
    state: GapState
    reason: ReasonJson
    blocking: bool
    rule: str
    severity: SeverityJson
    nodes: list[str]
    cause: GapReason
    detail: TextJson
    missing: list[str]
    old_count: Count
    new_count: Count


@with_config(CLOSED)
class ComparisonJson(TypedDict):
    """What became of every risk, gap and node from one report to another."""

    comparison: Annotated[Literal[1], Field(description="version of this format")]
    riskgate: str
    exit_code: Literal[0, 1, 3]
    old: SideJson
    new: SideJson
    selection: ComparedNodesJson
    differences: Annotated[list[DifferenceJson], Field(description="what differs beside the project, gravest first")]
    counts: CountsJson
    nodes: Annotated[list[NodeChangeJson], Field(description="the nodes whose state changed")]
    rules: dict[str, RuleJson]
    risks: list[RiskChangeJson]
    gaps: list[GapChangeJson]


@cache
def _type() -> TypeAdapter[ComparisonJson]:
    return TypeAdapter(ComparisonJson)


def comparison_json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a comparison."""
    found = _type().json_schema(schema_generator=Plain)
    return {**found, "$id": SCHEMA_ID, "title": "riskgate comparison"}

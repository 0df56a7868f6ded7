"""The shape of a report as JSON: the JSON Schema for other systems, and the check that `Report.from_json` makes.

Imported only where a report is read or its schema is asked for: building the validator costs more than most commands.
"""

from functools import cache
from typing import Annotated, Any, Literal, NotRequired

from pydantic import ConfigDict, Field, TypeAdapter, with_config
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode
from pydantic_core import CoreSchema
from typing_extensions import TypedDict

from riskgate.waiver import Role, WaiverState

SCHEMA_ID = "urn:riskgate:schema:report:1"
_CLOSED = ConfigDict(extra="forbid", strict=True)

SeverityJson = Literal["blocking", "major", "minor"]
IdJson = Annotated[str, Field(pattern="^[0-9a-f]{16}$", description="fingerprint: equal in every report of one thing")]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0)]
Day = Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$", json_schema_extra={"format": "date"})]
Pointer = Annotated[str, Field(pattern=r"^(/[\s\S]*)?$", description="JSON Pointer into the snapshot (RFC 6901)")]
AnyJson = Annotated[Any, Field(description="the exact value, as JSON writes it")]


@with_config(_CLOSED)
class TextJson(TypedDict):
    zh: str
    en: str


@with_config(_CLOSED)
class ProjectJson(TypedDict):
    id: str
    name: str | None


@with_config(_CLOSED)
class SelectionJson(TypedDict):
    nodes: Annotated[list[str], Field(description="ids of the chosen nodes")]
    named: Annotated[bool, Field(description="true if the caller named nodes: then ungated and awaiting ones count")]
    allow_unverified: bool
    ignore_upstream: bool


@with_config(_CLOSED)
class BaselineJson(TypedDict):
    name: str
    sha256: Sha256
    as_of: Day
    known_risks: Annotated[Count, Field(description="blocking risks that do not count: the baseline has them")]
    new_risks: Annotated[list[IdJson], Field(description="the blocking risks that count")]
    known_gaps: Annotated[Count, Field(description="gaps that do not count: the baseline has all their places")]
    new_gaps: Annotated[list[IdJson], Field(description="the gaps that it has not, or not at all their places")]


@with_config(_CLOSED)
class EntitiesJson(TypedDict):
    count: Count
    marks: Annotated[
        str,
        Field(
            pattern="^[A-Za-z0-9+/]*={0,2}$",
            description="base64 of a mark of five bytes for each entity, in ascending order: see docs/report.md",
        ),
    ]


@with_config(_CLOSED)
class SnapshotJson(TypedDict):
    sha256: Sha256
    incomplete: Annotated[list[str], Field(description="reasons the snapshot itself gives for being incomplete")]
    entities: Annotated[EntitiesJson, Field(description="which entities it has, for later comparisons")]


@with_config(_CLOSED)
class PackJson(TypedDict):
    pack: str
    version: str
    sha256: Sha256
    rules: Count


@with_config(_CLOSED)
class OverlayJson(TypedDict):
    overlay: str
    level: Literal["group", "region", "project"]
    file: Annotated[str, Field(description="the file's name, without its folder")]
    sha256: Sha256


@with_config(_CLOSED)
class OverrideJson(TypedDict):
    pack: str
    name: str
    value: AnyJson
    default: AnyJson
    origin: str


@with_config(_CLOSED)
class NodeJson(TypedDict):
    id: str
    code: str
    title: TextJson
    stage: str
    key: bool
    status: Literal["blocked", "unverified", "clear", "ungated"]
    held_by: Annotated[list[str], Field(description="nearest blocked nodes before a node that is not itself blocked")]
    awaiting: Annotated[list[str], Field(description="unverified nodes before it that are not recorded as passed")]
    reopened: Annotated[bool, Field(description="recorded as passed, and blocked now")]
    blocking_risks: list[IdJson]
    other_risks: list[IdJson]
    gaps: list[IdJson]
    rules: Annotated[Count, Field(description="how many loaded rules gate the node")]
    checked: Annotated[Count, Field(description="how many times one of them met an entity")]


@with_config(_CLOSED)
class CitationJson(TypedDict):
    ref: str
    clause: str
    certainty: Literal["verified", "recalled", "practice"]


@with_config(_CLOSED)
class RuleJson(TypedDict):
    title: TextJson
    pack: str
    severity: SeverityJson
    theme: str | None
    customer_sensitivity: Annotated[int, Field(ge=1, le=5)] | None
    operator_weight: Annotated[int, Field(ge=1, le=5)] | None
    owners: Annotated[list[str], Field(description="departments that mend it; the first one leads")]
    remedy: TextJson | None
    why: TextJson | None
    sources: list[CitationJson]
    waivable_by: Literal["group", "region", "project", "nobody"]
    file: str
    line: Count


@with_config(_CLOSED)
class EntityJson(TypedDict):
    type: str
    address: Annotated[str, Field(description="survives reordering of the snapshot")]
    pointer: Pointer
    label: TextJson


@with_config(_CLOSED)
class EvidenceJson(TypedDict):
    name: str
    pointer: Pointer | None
    value: AnyJson
    origin: NotRequired[str]


@with_config(_CLOSED)
class WaivedJson(TypedDict):
    id: Annotated[IdJson, Field(description="of a waiver of this report, which is held")]
    reason: TextJson
    approved_by: str
    confirmed: Annotated[bool, Field(description="whether the company lists the approver")]
    expires_on: Day


@with_config(_CLOSED)
class RiskJson(TypedDict):
    id: IdJson
    rule: str
    severity: SeverityJson
    nodes: list[str]
    entity: EntityJson
    message: TextJson
    evidence: list[EvidenceJson]
    waiver: Annotated[WaivedJson | None, Field(description="the waiver that holds for it: then it does not block")]
    because: Annotated[list[IdJson], Field(description="the risks from which a derived risk follows")]


@with_config(_CLOSED)
class GapJson(TypedDict):
    id: IdJson
    rule: str
    severity: SeverityJson
    nodes: list[str]
    reason: Literal["missing", "error", "budget", "conflict", "absent"]
    detail: TextJson
    missing: Annotated[list[str], Field(description="paths that have no value, as the rule names them")]
    count: Annotated[int, Field(ge=1)]
    entities: Annotated[list[EntityJson], Field(description="the first 20, or all with --all-gaps")]


@with_config(_CLOSED)
class WaiverFileJson(TypedDict):
    name: str
    sha256: Sha256


@with_config(_CLOSED)
class WaiverJson(TypedDict):
    id: IdJson
    rule: str
    entity: Annotated[str, Field(description="an address pattern")]
    reason: TextJson
    approved_by: str
    role: Annotated[Role | None, Field(description="of the approver: as the company lists it, else as the file says")]
    confirmed: Annotated[bool, Field(description="whether the company lists the approver")]
    approved_on: Day
    expires_on: Annotated[Day, Field(description="the last day on which it holds")]
    condition: str | None
    state: Annotated[WaiverState, Field(description="only one that is held waives anything")]
    detail: TextJson
    covers: Annotated[Count, Field(description="how many risks its rule and address cover, whether it holds or not")]
    waives: Annotated[Count, Field(description="how many risks it waives; a risk counts for one waiver")]
    days_left: Annotated[int, Field(description="to the last day on which it holds; negative once it is over")]
    file: str
    line: Count


@with_config(_CLOSED)
class NoteJson(TypedDict):
    code: str
    message: TextJson
    pointer: str | None
    count: Annotated[int, Field(ge=1)]


@with_config(_CLOSED)
class ReportJson(TypedDict):
    """What riskgate answers for one snapshot: every node's state, every risk, every gap."""

    report: Annotated[Literal[1], Field(description="version of this format")]
    riskgate: Annotated[str, Field(description="version of riskgate that wrote it")]
    project: ProjectJson
    as_of: Day
    as_of_overridden: bool
    verdict: Literal["blocked", "unverified", "clear"]
    exit_code: Literal[0, 1, 3]
    selection: SelectionJson
    baseline: Annotated[
        BaselineJson | None, Field(description="the earlier report whose risks do not count against the exit code")
    ]
    snapshot: SnapshotJson
    packs: list[PackJson]
    overlays: Annotated[list[OverlayJson], Field(description="what was applied to the packs, highest level first")]
    waiver_files: list[WaiverFileJson]
    parameters: Annotated[
        list[OverrideJson], Field(description="every parameter that was set otherwise than the pack says")
    ]
    nodes: Annotated[list[NodeJson], Field(description="all nodes, in lifecycle order")]
    rules: Annotated[dict[str, RuleJson], Field(description="the rules that a risk or gap names")]
    risks: list[RiskJson]
    gaps: list[GapJson]
    waivers: Annotated[list[WaiverJson], Field(description="every waiver that was given, with what became of it")]
    notes: list[NoteJson]


class Plain(GenerateJsonSchema):
    """Without the titles that pydantic makes of every name; the names say it already."""

    def generate(self, schema: CoreSchema, mode: JsonSchemaMode = "validation") -> dict[str, Any]:
        found = super().generate(schema, mode)
        for part in (found, *found.get("$defs", {}).values()):
            part.pop("title", None)
        return {"$schema": self.schema_dialect, "$id": SCHEMA_ID, "title": "riskgate report", **found}

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - the generator's hook
        return False


@cache
def report_type() -> TypeAdapter[ReportJson]:
    return TypeAdapter(ReportJson)


def report_json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a report."""
    return report_type().json_schema(schema_generator=Plain)

"""Reads a report back from its JSON: the counterpart of `Report.to_json`, strict about what it accepts."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from pydantic import ValidationError

from riskgate.errors import Place, Problem, ReportError
from riskgate.fingerprint import fingerprint
from riskgate.inventory import Inventory
from riskgate.pack import Citation
from riskgate.report import (
    Baseline,
    EntityRef,
    Evidence,
    Gap,
    NodeResult,
    OverlayInfo,
    Override,
    PackInfo,
    Report,
    ReportNote,
    Risk,
    RiskDetail,
    RuleInfo,
    Selection,
    WaiverFileInfo,
    WaiverResult,
)
from riskgate.report_schema import (
    BaselineJson,
    EntitiesJson,
    EntityJson,
    GapJson,
    NodeJson,
    ReportJson,
    RiskJson,
    RuleJson,
    TextJson,
    WaiverJson,
    report_type,
)
from riskgate.text import Text


def read_report(data: bytes | str) -> Report:
    """The report that `to_json` wrote; its `to_json` gives the same bytes again.

    Raises ReportError, naming every place, for a text that is not JSON, does not follow the schema of
    `riskgate schema report`, or contradicts itself (a node that names a risk which is not there).
    """
    shape = _validated(_parsed(data))
    problems = list(_contradictions(shape))
    if problems:
        raise ReportError(problems)
    risks = tuple(_risk(item) for item in shape["risks"])
    gaps = tuple(_gap(item) for item in shape["gaps"])
    risk_by_id = {risk.id: risk for risk in risks}
    gap_by_id = {gap.id: gap for gap in gaps}
    return Report(
        version=shape["riskgate"],
        project_id=shape["project"]["id"],
        project_name=shape["project"]["name"],
        as_of=shape["as_of"],
        as_of_overridden=shape["as_of_overridden"],
        verdict=shape["verdict"],
        exit_code=shape["exit_code"],
        selection=Selection(
            nodes=tuple(shape["selection"]["nodes"]),
            named=shape["selection"]["named"],
            allow_unverified=shape["selection"]["allow_unverified"],
            ignore_upstream=shape["selection"]["ignore_upstream"],
        ),
        sha256=shape["snapshot"]["sha256"],
        incomplete=tuple(shape["snapshot"]["incomplete"]),
        packs=tuple(PackInfo(p["pack"], p["version"], p["sha256"], p["rules"]) for p in shape["packs"]),
        overlays=tuple(OverlayInfo(o["overlay"], o["level"], o["file"], o["sha256"]) for o in shape["overlays"]),
        parameters=tuple(
            Override(p["pack"], p["name"], p["value"], p["default"], p["origin"]) for p in shape["parameters"]
        ),
        nodes=tuple(_node(item, risk_by_id, gap_by_id) for item in shape["nodes"]),
        rules={name: _rule(item) for name, item in shape["rules"].items()},
        risks=risks,
        gaps=gaps,
        notes=tuple(ReportNote(n["code"], _text(n["message"]), n["pointer"], n["count"]) for n in shape["notes"]),
        waivers=tuple(map(_waiver, shape["waivers"])),
        waiver_files=tuple(WaiverFileInfo(f["name"], f["sha256"]) for f in shape["waiver_files"]),
        entities=_inventory(shape["snapshot"]["entities"]),
        baseline=_baseline(shape["baseline"]),
    )


def _refuse(code: str, zh: str, en: str, pointer: str | None = None) -> NoReturn:
    raise ReportError(Problem(code, Text(zh, en), Place(pointer=pointer)))


def _parsed(data: bytes | str) -> object:
    """The JSON value. NaN, infinity and doubled keys are refused: another reader would see another report."""
    try:
        text = data if isinstance(data, str) else data.decode("utf-8")
    except UnicodeDecodeError as error:
        _refuse("not-utf8", f"不是 UTF-8：第 {error.start} 字节", f"not UTF-8: byte {error.start}")
    try:
        value: object = json.loads(
            text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite, parse_int=_bounded
        )
    except RecursionError:
        _refuse("too-deep", "嵌套过深", "nested too deep")
    except ValueError as error:
        _refuse("not-json", f"不是 JSON：{error}", f"not JSON: {error}")
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]  # `add` returns None, that is the point
        _refuse("doubled-key", f"键 `{twice}` 出现两次", f"the key `{twice}` stands twice")
    return found


def _no_constant(name: str) -> NoReturn:
    _refuse("not-json", f"`{name}` 不是 JSON 的数", f"`{name}` is no number of JSON")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        _refuse("not-json", f"数 `{text}` 太大", f"the number `{text}` is too large")
    return value


def _bounded(text: str) -> int:
    value = int(text)
    if not -(2**63) <= value < 2**64:
        _refuse("not-json", f"整数 `{text}` 超出 64 位", f"the integer `{text}` needs more than 64 bits")
    return value


def _validated(value: object) -> ReportJson:
    if isinstance(value, dict) and "report" not in value:
        if "project" in value:
            _refuse("not-a-report", "这是快照，不是报告", "this is a snapshot, not a report")
        _refuse("not-a-report", "不是报告：没有 `report`", "not a report: it has no `report`")
    try:
        return report_type().validate_python(value)
    except ValidationError as error:
        problems = [
            Problem(
                "not-a-report",
                Text(f"不符合报告的格式：{item['msg']}", f"not what a report has here: {item['msg']}"),
                Place(pointer="".join(f"/{_escaped(str(step))}" for step in item["loc"])),
            )
            for item in error.errors(include_url=False, include_input=False, include_context=False)
        ]
    raise ReportError(problems)


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")


def _contradictions(shape: ReportJson) -> list[Problem]:
    """What the schema cannot say: that every name stands for something in the same report."""
    problems: list[Problem] = []
    risks = {item["id"] for item in shape["risks"]}
    gaps = {item["id"] for item in shape["gaps"]}
    nodes = {item["id"] for item in shape["nodes"]}
    rules = set(shape["rules"])

    def known(names: Sequence[str], among: set[str], pointer: str) -> None:
        for name in names:
            if name not in among:
                message = Text(f"`{name}` 不在这份报告里", f"`{name}` is not in this report")
                problems.append(Problem("unknown-name", message, Place(pointer=pointer)))

    known(shape["selection"]["nodes"], nodes, "/selection/nodes")
    if shape["baseline"] is not None:
        known(shape["baseline"]["new_risks"], risks, "/baseline/new_risks")
        known(shape["baseline"]["new_gaps"], gaps, "/baseline/new_gaps")
    for index, node in enumerate(shape["nodes"]):
        at = f"/nodes/{index}"
        known(node["blocking_risks"], risks, f"{at}/blocking_risks")
        known(node["other_risks"], risks, f"{at}/other_risks")
        known(node["gaps"], gaps, f"{at}/gaps")
        known(node["held_by"], nodes, f"{at}/held_by")
        known(node["awaiting"], nodes, f"{at}/awaiting")
    for index, risk in enumerate(shape["risks"]):
        known([risk["rule"]], rules, f"/risks/{index}/rule")
        known(risk["nodes"], nodes, f"/risks/{index}/nodes")
        known(risk["because"], risks, f"/risks/{index}/because")
        if risk["id"] != fingerprint(risk["rule"], risk["entity"]["address"]):
            problems.append(_changed(f"/risks/{index}/id"))
    problems += _wrong_waivers(shape)
    for index, gap in enumerate(shape["gaps"]):
        known([gap["rule"]], rules, f"/gaps/{index}/rule")
        known(gap["nodes"], nodes, f"/gaps/{index}/nodes")
        if gap["id"] != _gap(gap).id:
            problems.append(_changed(f"/gaps/{index}/id"))
    return problems


def _wrong_waivers(shape: ReportJson) -> list[Problem]:
    """A risk is waived by a waiver of the report that is held, and blocks no node; each waives as many as it says."""
    problems: list[Problem] = []
    waives: dict[str, int] = {}
    for waiver in shape["waivers"]:
        waives[waiver["id"]] = waives.get(waiver["id"], 0) + waiver["waives"]
    held = {waiver["id"] for waiver in shape["waivers"] if waiver["state"] == "held"}
    waived = {risk["id"] for risk in shape["risks"] if risk["waiver"] is not None}
    for index, risk in enumerate(shape["risks"]):
        name = None if risk["waiver"] is None else risk["waiver"]["id"]
        if name is not None and name not in held:
            message = Text(f"豁免 `{name}` 不在这份报告里，或无效", f"no waiver `{name}` is held in this report")
            problems.append(Problem("unknown-name", message, Place(pointer=f"/risks/{index}/waiver/id")))
        elif name is not None:
            waives[name] -= 1
    for index, node in enumerate(shape["nodes"]):
        if not waived.isdisjoint(node["blocking_risks"]):
            message = Text("已豁免的风险不阻断节点", "a waived risk blocks no node")
            problems.append(Problem("changed", message, Place(pointer=f"/nodes/{index}/blocking_risks")))
    for index, waiver in enumerate(shape["waivers"]):
        if waives[waiver["id"]]:
            message = Text("豁免的风险数与报告不符", "the report has not as many risks as this waiver says it waives")
            problems.append(Problem("changed", message, Place(pointer=f"/waivers/{index}/waives")))
    return problems


def _changed(pointer: str) -> Problem:
    message = Text("编号与内容不符，报告写出后被改过", "the id does not fit the content: the report was changed")
    return Problem("changed", message, Place(pointer=pointer))


def _inventory(shape: EntitiesJson) -> Inventory:
    try:
        found = Inventory.from_text(shape["marks"])
    except ValueError:
        found = None
    if found is None or len(found) != shape["count"]:
        raise ReportError(_changed("/snapshot/entities"))
    return found


def _baseline(shape: BaselineJson | None) -> Baseline | None:
    if shape is None:
        return None
    return Baseline(
        name=shape["name"],
        sha256=shape["sha256"],
        as_of=shape["as_of"],
        known_risks=shape["known_risks"],
        new_risks=tuple(shape["new_risks"]),
        known_gaps=shape["known_gaps"],
        new_gaps=tuple(shape["new_gaps"]),
    )


def _text(shape: TextJson) -> Text:
    return Text(shape["zh"], shape["en"])


def _optional(shape: TextJson | None) -> Text | None:
    return None if shape is None else _text(shape)


def _entity(shape: EntityJson) -> EntityRef:
    return EntityRef(shape["type"], shape["address"], shape["pointer"], _text(shape["label"]))


def _known(detail: RiskDetail) -> Callable[[Risk], RiskDetail]:
    return lambda _: detail


def _risk(shape: RiskJson) -> Risk:
    evidence = tuple(
        Evidence(item["name"], item["pointer"], item["value"], item.get("origin")) for item in shape["evidence"]
    )
    detail = RiskDetail(_entity(shape["entity"]), _text(shape["message"]), evidence)
    return Risk(
        shape["rule"],
        shape["severity"],
        tuple(shape["nodes"]),
        shape["entity"]["address"],
        _known(detail),
        because=tuple(shape["because"]),
        waiver=None if shape["waiver"] is None else dict(shape["waiver"]),
    )


def _waiver(shape: WaiverJson) -> WaiverResult:
    plain: dict[str, Any] = {**shape}  # the schema has the names and types of the record, but for texts
    return WaiverResult(**plain | {"reason": _text(shape["reason"]), "detail": _text(shape["detail"])})


def _gap(shape: GapJson) -> Gap:
    return Gap(
        rule=shape["rule"],
        severity=shape["severity"],
        nodes=tuple(shape["nodes"]),
        reason=shape["reason"],
        detail=_text(shape["detail"]),
        missing=tuple(shape["missing"]),
        count=shape["count"],
        entities=tuple(_entity(item) for item in shape["entities"]),
    )


def _node(shape: NodeJson, risks: Mapping[str, Risk], gaps: Mapping[str, Gap]) -> NodeResult:
    return NodeResult(
        id=shape["id"],
        code=shape["code"],
        title=_text(shape["title"]),
        stage=shape["stage"],
        key=shape["key"],
        status=shape["status"],
        held_by=tuple(shape["held_by"]),
        awaiting=tuple(shape["awaiting"]),
        reopened=shape["reopened"],
        blocking_risks=tuple(risks[name] for name in shape["blocking_risks"]),
        other_risks=tuple(risks[name] for name in shape["other_risks"]),
        gaps=tuple(gaps[name] for name in shape["gaps"]),
        rules=shape["rules"],
        checked=shape["checked"],
    )


def _rule(shape: RuleJson) -> RuleInfo:
    return RuleInfo(
        title=_text(shape["title"]),
        pack=shape["pack"],
        severity=shape["severity"],
        theme=shape["theme"],
        customer_sensitivity=shape["customer_sensitivity"],
        operator_weight=shape["operator_weight"],
        owners=tuple(shape["owners"]),
        remedy=_optional(shape["remedy"]),
        why=_optional(shape["why"]),
        sources=tuple(Citation(s["ref"], s["clause"], s["certainty"]) for s in shape["sources"]),
        waivable_by=shape["waivable_by"],
        file=shape["file"],
        line=shape["line"],
    )

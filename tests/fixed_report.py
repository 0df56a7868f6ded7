"""One report made by hand, with everything a renderer has to cope with; and variants of it."""

from collections.abc import Callable
from dataclasses import replace

from riskgate.pack import Citation
from riskgate.render.words import Labels
from riskgate.report import (
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
)
from riskgate.text import Text

HOSTILE = "\x1b[31m甲\u202e乙\nOK\x07 | <b>&amp; =1+1\u2066"
LABELS = Labels(
    departments={
        "design": Text("设计研发部", "Design"),
        "engineering": Text("工程管理部", "Engineering"),
        "marketing": Text("营销管理部", "Marketing and sales"),
    },
    themes={"leak": Text("渗漏", "Leakage")},
)


def room(number: int, name: str = "") -> EntityRef:
    address = f"phases[1]/buildings[3]/units[{number:04}]/rooms[K1]"
    label = Text(name, name) if name else Text(f"3 号楼 {number:04} 厨房", f"Building 3, {number:04} kitchen")
    return EntityRef("room", address, f"/project/phases/0/buildings/2/units/{number}/rooms/0", label)


def risk(
    rule: str, info: RuleInfo, nodes: tuple[str, ...], entity: EntityRef, message: Text, *evidence: Evidence
) -> Risk:
    detail = RiskDetail(entity, message, evidence)
    return Risk(rule, info.severity, nodes, entity.address, _always(detail))


def _always(detail: RiskDetail) -> Callable[[Risk], RiskDetail]:
    return lambda _: detail


KITCHEN = RuleInfo(
    title=Text("厨房使用面积不足", "Kitchen too small"),
    pack="drawing-review",
    severity="blocking",
    theme="usability",
    customer_sensitivity=4,
    operator_weight=5,
    owners=("design", "engineering"),
    remedy=Text("调整墙体位置，使净面积不小于 3.5 ㎡。", "Move the wall so that the net area is at least 3.5 m2."),
    why=Text("放不下冰箱和操作台。", "There is no room for a fridge and a worktop."),
    sources=(Citation("GB55038", "4.1.4", "verified"), Citation("practice-manual", "", "practice")),
    waivable_by="group",
    file="rules/drawing-review/rooms.yaml",
    line=12,
)
LEAK = replace(
    KITCHEN,
    title=Text("外窗渗漏", "Window leaks"),
    pack="joint-acceptance",
    severity="major",
    theme="leak",
    owners=("engineering",),
    remedy=None,
    why=None,
    sources=(Citation("GB50210", "6.1.11"),),
    file="rules/joint-acceptance/water.yaml",
    line=40,
)
SYSTEMIC = replace(
    LEAK,
    title=Text("系统性渗漏", "Systemic leakage"),
    severity="blocking",
    sources=(),
    customer_sensitivity=None,
    operator_weight=None,
    line=90,
)
HOTLINE = replace(
    KITCHEN,
    title=Text(f"售楼处未公示{HOSTILE}", f"Not displayed {HOSTILE}"),
    pack="pre-opening",
    severity="minor",
    theme=None,
    owners=(),
    remedy=Text.of(
        "see https://example.org/a/very/long/address/that/does/not/break/anywhere/and/goes/on/for/more/than/sixty"
    ),
    sources=(),
    file="rules/pre-opening/venue.yaml",
)
RULES = {"DR-KIT-001": KITCHEN, "JA-WTR-001": LEAK, "JA-DRV-001": SYSTEMIC, "PO-VEN-002": HOTLINE}


def _risks() -> tuple[Risk, ...]:
    kitchens = tuple(
        risk(
            "DR-KIT-001",
            KITCHEN,
            ("concept-review", "drawing-review"),
            room(number),
            Text(
                f"厨房使用面积 3.{number} ㎡，差 0.{5 - number} ㎡",
                f"Kitchen of 3.{number} m2, 0.{5 - number} m2 short",
            ),
            Evidence("room.kind", room(number).pointer + "/kind", "kitchen"),
            Evidence(
                "room.usable_area_m2", room(number).pointer + "/usable_area_m2", 3 + number / 10, "计算书.xlsx!B7"
            ),
            Evidence("params.min_kitchen_area_m2", None, 3.5),
            Evidence("room.net_height_m", None, None),
            Evidence("room.doors", None, [1, 2.0, "x", None, True]),
        )
        for number in range(5)
    )
    leaks = tuple(
        risk("JA-WTR-001", LEAK, ("joint-acceptance",), room(1200 + n), Text("窗框渗水", "The window leaks"))
        for n in range(2)
    )
    building = EntityRef(
        "building", "phases[1]/buildings[3]", "/project/phases/0/buildings/2", Text("3 号楼", "Building 3")
    )
    detail = RiskDetail(building, Text("3 号楼渗漏户比例 0.08", "The share of leaking flats is 0.08"), ())
    derived = Risk(
        "JA-DRV-001",
        "blocking",
        ("joint-acceptance",),
        building.address,
        _always(detail),
        because=tuple(sorted(leak.id for leak in leaks)),
    )
    venue = EntityRef("sales_venue", "sales_venue", "/project/sales_venue", Text.of(HOSTILE))
    hotline = risk("PO-VEN-002", HOTLINE, ("opening-evaluation",), venue, Text.of(HOSTILE))
    return (*kitchens, derived, *leaks, hotline)


def _gaps() -> tuple[Gap, ...]:
    return (
        Gap(
            "DR-KIT-001",
            "blocking",
            ("concept-review", "drawing-review"),
            "missing",
            Text("未填 room.usable_area_m2", "room.usable_area_m2 is not given"),
            ("room.usable_area_m2",),
            25,
            tuple(room(100 + n) for n in range(20)),
        ),
        Gap(
            "JA-WTR-001",
            "major",
            ("joint-acceptance", "handover"),
            "absent",
            Text("没有 windows 的资料", "there is nothing about windows"),
            (),
            1,
            (room(7, HOSTILE),),
        ),
    )


def _node(code: str, name: str, title: Text, **rest: object) -> NodeResult:
    plain = NodeResult(
        id=name,
        code=code,
        title=title,
        stage="S03",
        key=False,
        status="clear",
        held_by=(),
        awaiting=(),
        reopened=False,
        blocking_risks=(),
        other_risks=(),
        gaps=(),
        rules=3,
        checked=120,
    )
    return replace(plain, **rest)  # type: ignore[arg-type]  # the callers below name fields of NodeResult


def fixed_report() -> Report:
    """Blocked: two nodes with blocking risks, one held, one unverified, one awaiting, one ungated, one clear."""
    risks, gaps = _risks(), _gaps()
    kitchens, derived, leaks, hotline = risks[:5], risks[5], risks[6:8], risks[8]
    nodes = (
        _node("N05", "brief", Text("产品定位会", "Product brief"), key=True),
        _node("N06", "concept-review", Text("方案设计评审", "Concept review"), status="blocked", reopened=True,
              blocking_risks=kitchens, gaps=gaps[:1]),
        _node("N10", "drawing-review",
              Text("图纸评审（客户视角审图）", "Drawing review through the eyes of the customer"), key=True,
              status="blocked", blocking_risks=kitchens, gaps=gaps[:1]),
        _node("N11", "tender", Text("招标", "Tender"), held_by=("drawing-review",), rules=1, checked=4),
        _node("N34", "opening-evaluation", Text(f"开盘评估{HOSTILE}", f"Opening evaluation {HOSTILE}"),
              held_by=("drawing-review",), other_risks=(hotline,)),
        _node("N50", "trial-survey", Text("模拟验收", "Trial survey"), status="unverified", checked=0),
        _node("N51", "joint-acceptance", Text("交房联合验收", "Joint acceptance"), status="blocked",
              blocking_risks=(derived,), other_risks=leaks, gaps=gaps[1:]),
        _node("N52", "handover", Text("集中交付", "Handover"), status="unverified", held_by=("joint-acceptance",),
              awaiting=("trial-survey",), gaps=gaps[1:]),
        _node("N61", "community", Text("社群活动", "Community"), status="ungated", rules=0, checked=0),
    )  # fmt: skip
    return Report(
        version="0.1.0",
        project_id="BJ-01",
        project_name="滨江府一期",
        as_of="2026-11-20",
        as_of_overridden=True,
        verdict="blocked",
        exit_code=1,
        selection=Selection(tuple(node.id for node in nodes)),
        sha256="ab" * 32,
        incomplete=(f"测绘报告未收到 {HOSTILE}",),
        packs=(
            PackInfo("drawing-review", "1.0.0", "01" * 32, 15),
            PackInfo("pre-opening", "1.10", "02" * 32, 1),
            PackInfo("joint-acceptance", "1.0.0", "03" * 32, 16),
        ),
        overlays=(OverlayInfo("company-standard", "group", "group.yaml", "04" * 32),),
        parameters=(Override("drawing-review", "min_kitchen_area_m2", 3.5, 4.0, "--set"),),
        nodes=nodes,
        rules=RULES,
        risks=risks,
        gaps=gaps,
        notes=(
            ReportNote(
                "unknown-field",
                Text(f"未知字段 `{HOSTILE}`", f"unknown field `{HOSTILE}`"),
                "/project/" + HOSTILE,
                3,
            ),
            ReportNote("no-id", Text("permits[#3] 没有 id", "permits[#3] has no id")),
        ),
        stats={"read": 0.1},
    )


def named_report() -> Report:
    """The same project, asked about the tender and the survey only; unverified nodes are allowed."""
    report = fixed_report()
    selection = Selection(("tender", "trial-survey", "community"), named=True, allow_unverified=True)
    return replace(report, selection=selection, parameters=(), as_of_overridden=False, incomplete=(), notes=())


def clear_report() -> Report:
    """Nothing found."""
    report = fixed_report()
    nodes = tuple(
        replace(
            node, status="clear", held_by=(), awaiting=(), reopened=False, blocking_risks=(), other_risks=(), gaps=()
        )
        for node in report.nodes[:3]
    )
    return replace(
        report,
        verdict="clear",
        exit_code=0,
        selection=Selection(tuple(node.id for node in nodes)),
        as_of_overridden=False,
        project_name=None,
        incomplete=(),
        parameters=(),
        nodes=nodes,
        rules={},
        risks=(),
        gaps=(),
        notes=(),
    )


def unverified_report() -> Report:
    """No risks, gaps only; one node looked at nothing."""
    report = fixed_report()
    gap = report.gaps[0]
    nodes = (
        replace(report.nodes[1], status="unverified", reopened=False, blocking_risks=(), gaps=(gap,)),
        replace(report.nodes[2], status="unverified", blocking_risks=(), gaps=(gap,)),
        report.nodes[5],
        replace(report.nodes[3], held_by=(), awaiting=("concept-review", "drawing-review")),
        report.nodes[8],
    )
    return replace(
        report,
        verdict="unverified",
        exit_code=3,
        selection=Selection(tuple(node.id for node in nodes)),
        as_of_overridden=False,
        incomplete=(),
        parameters=(),
        nodes=nodes,
        rules={"DR-KIT-001": KITCHEN},
        risks=(),
        gaps=(gap,),
        notes=(),
    )


REPORTS = {"fixed": fixed_report, "named": named_report, "clear": clear_report, "unverified": unverified_report}

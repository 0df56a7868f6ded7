"""The fixed words of everything that is shown: statuses, severities, reasons; and the labels that a library gives."""

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType

from riskgate.audit import AuditFinding
from riskgate.lifecycle import Lifecycle, References
from riskgate.node_state import NodeState as NodeState  # noqa: PLC0414 - renderers take it from here
from riskgate.node_state import state_of as state_of  # noqa: PLC0414 - the same
from riskgate.record import record
from riskgate.text import Text
from riskgate.waiver import WaiverState

STATES: Mapping[NodeState, Text] = MappingProxyType(
    {
        "blocked": Text("不通过", "blocked"),
        "held": Text("受阻于前置", "held"),
        "unverified": Text("未核实", "unverified"),
        "awaiting": Text("待前置核实", "awaiting"),
        "ungated": Text("无规则", "ungated"),
        "clear": Text("通过", "clear"),
    }
)
SIGNS: Mapping[NodeState, str] = MappingProxyType(
    {"blocked": "✗", "held": "✗", "unverified": "?", "awaiting": "?", "ungated": "-", "clear": "✓"}
)
STYLES: Mapping[NodeState, str] = MappingProxyType(
    {"blocked": "bad", "held": "bad", "unverified": "warn", "awaiting": "warn", "ungated": "", "clear": "good"}
)
VERDICTS: Mapping[str, Text] = MappingProxyType(
    {
        "blocked": Text("不通过", "BLOCKED"),
        "unverified": Text("未核实", "UNVERIFIED"),
        "clear": Text("通过", "CLEAR"),
    }
)
SEVERITY_WORDS: Mapping[str, Text] = MappingProxyType(
    {"blocking": Text("阻断", "blocking"), "major": Text("重要", "major"), "minor": Text("一般", "minor")}
)
SEVERITY_MARKS: Mapping[str, str] = MappingProxyType({"blocking": "✗", "major": "!", "minor": "-"})
SEVERITY_STYLES: Mapping[str, str] = MappingProxyType({"blocking": "bad", "major": "warn", "minor": ""})
GAP_REASONS: Mapping[str, Text] = MappingProxyType(
    {
        "missing": Text("未填", "missing"),
        "absent": Text("没有资料", "absent"),
        "conflict": Text("来源不一致", "sources disagree"),
        "error": Text("无法计算", "cannot be computed"),
        "budget": Text("计算量超限", "too much to compute"),
    }
)
CERTAINTIES: Mapping[str, Text] = MappingProxyType(
    {
        "verified": Text("已核对", "verified"),
        "recalled": Text("凭记忆，待核对", "recalled, not yet verified"),
        "practice": Text("行业做法", "practice"),
    }
)
WAIVABLE: Mapping[str, Text] = MappingProxyType(
    {
        "group": Text("集团", "the group"),
        "region": Text("区域", "the region"),
        "project": Text("项目", "the project"),
        "nobody": Text("不可豁免", "nobody"),
    }
)
WAIVER_STATES: Mapping[WaiverState, Text] = MappingProxyType(
    {
        "held": Text("有效", "in force"),
        "unmatched": Text("没有匹配的风险", "covers nothing"),
        "expired": Text("已过期", "expired"),
        "not-yet": Text("尚未批准", "not yet approved"),
        "condition-false": Text("条件不成立", "condition not true"),
        "condition-undecided": Text("条件无法判定", "condition undecided"),
        "unconfirmed-refused": Text("批准人未确认", "approver not confirmed"),
        "role-too-low": Text("批准级别不够", "role too low"),
        "not-waivable": Text("不可豁免", "cannot be waived"),
    }
)
AUDIT_FINDINGS: Mapping[AuditFinding, Text] = MappingProxyType(
    {
        "expired": WAIVER_STATES["expired"],
        "expiring": Text("即将到期", "expiring"),
        "not-yet": WAIVER_STATES["not-yet"],
        "unconfirmed": Text("批准人未确认", "approver unconfirmed"),
        "role-too-low": WAIVER_STATES["role-too-low"],
        "not-waivable": WAIVER_STATES["not-waivable"],
        "condition-false": WAIVER_STATES["condition-false"],
        "condition-undecided": WAIVER_STATES["condition-undecided"],
        "unmatched": WAIVER_STATES["unmatched"],
        "unused": Text("从未用到", "never used"),
    }
)
ON_MISSING: Mapping[str, Text] = MappingProxyType(
    {
        "gap": Text("记为资料缺口", "a gap"),
        "risk": Text("记为风险", "a risk"),
        "skip": Text("不检查", "the rule is skipped"),
    }
)
OUTCOMES: Mapping[str, Text] = MappingProxyType(
    {
        "pass": Text("通过", "pass"),
        "risk": Text("风险", "risk"),
        "gap": Text("资料缺口", "gap"),
        "skip": Text("不适用", "skip"),
    }
)
BETWEEN = Text("；", "; ")
"""What stands between parts of one line."""
LISTED = Text("、", ", ")


@record
class Labels:
    """What ids are called: departments, themes, sources. Without a library the ids themselves are shown."""

    departments: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}))
    themes: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, lifecycle: Lifecycle, references: References | None = None) -> "Labels":
        return cls(
            {name: department.title for name, department in lifecycle.departments.items()},
            references.themes if references is not None else MappingProxyType({}),
        )

    def department(self, name: str) -> Text:
        return self.departments.get(name) or Text.of(name)

    def theme(self, name: str) -> Text:
        return self.themes.get(name) or Text.of(name)


def count(number: int, zh: str, one: str, many: str | None = None) -> Text:
    """`3 gaps` / `3 项资料缺口`: the Chinese text is what follows the number."""
    word = one if number == 1 else many or f"{one}s"
    return Text(f"{number:,} {zh}", f"{number:,} {word}")

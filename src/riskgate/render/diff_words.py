"""The fixed words of comparisons: what became of a risk, and why."""

from collections.abc import Mapping
from types import MappingProxyType

from riskgate.comparison import Comparison, GapState, Reason, RiskState, Worse
from riskgate.render.words import LISTED, count
from riskgate.text import Text

RISK_STATE_WORDS: Mapping[RiskState, Text] = MappingProxyType(
    {
        "new": Text("新增", "new"),
        "worsened": Text("加重", "worsened"),
        "waived": Text("新豁免", "waived now"),
        "open": Text("仍在", "still open"),
        "unverifiable": Text("无法再核实", "no longer verifiable"),
        "gone": Text("不可比", "gone, not closed"),
        "closed": Text("已关闭", "closed"),
    }
)
RISK_STATE_SIGNS: Mapping[RiskState, str] = MappingProxyType(
    {"new": "+", "worsened": "!", "waived": "~", "open": "=", "unverifiable": "?", "gone": "?", "closed": "-"}
)
RISK_STATE_STYLES: Mapping[RiskState, str] = MappingProxyType(
    {
        "new": "bad",
        "worsened": "bad",
        "waived": "",
        "open": "",
        "unverifiable": "warn",
        "gone": "warn",
        "closed": "good",
    }
)
GAP_STATE_WORDS: Mapping[GapState, Text] = MappingProxyType(
    {
        "new": Text("新增", "new"),
        "grown": Text("增多或换了位置", "more or other places"),
        "open": Text("仍在", "still open"),
        "shrunk": Text("减少", "fewer"),
        "changed": Text("原因改变", "undecided for another reason now"),
        "gone": Text("不可比", "gone, not closed"),
        "closed": Text("已补齐", "closed"),
    }
)
LOST_REASONS: Mapping[Reason, Text] = MappingProxyType(
    {
        "project": Text("不是同一个项目", "another project"),
        "nameless": Text("对象没有编号，无法对应", "the entity has no id to know it by"),
        "rule": Text("规则已不加载", "the rule is no longer loaded"),
        "pack": Text("规则包已变", "the pack changed"),
        "overlay": Text("覆盖文件已变", "the overlays changed"),
        "parameter": Text("参数已变", "a parameter of the pack changed"),
        "entity": Text("对象已不在快照里", "the entity is no longer in the snapshot"),
        "gap": Text("现在是资料缺口", "it is a gap now"),
        "gap-unlisted": Text("可能在未列出的资料缺口里", "it may be in a gap that does not name all its places"),
        "incomplete": Text("新快照自称不完整", "the newer snapshot is incomplete"),
        "basis": Text("依据的风险已无法核实", "what it was derived from cannot be verified"),
    }
)
"""Why a risk that is no longer there is not closed."""
NEW_REASONS: Mapping[Reason, Text] = MappingProxyType(
    {
        "project": Text("不是同一个项目", "another project"),
        "nameless": Text("对象没有编号，无法对应", "the entity has no id to know it by"),
        "rule": Text("规则是新加载的", "the rule was not loaded before"),
        "pack": Text("规则包已变", "the pack changed"),
        "overlay": Text("覆盖文件已变", "the overlays changed"),
        "parameter": Text("参数已变", "a parameter of the pack changed"),
        "entity": Text("对象是新的", "the entity is new"),
        "gap": Text("以前是资料缺口", "it was a gap"),
        "gap-unlisted": Text(
            "以前可能在未列出的资料缺口里", "it may have been in a gap that does not name all its places"
        ),
        "incomplete": Text("旧快照自称不完整", "the older snapshot was incomplete"),
        "basis": Text("依据的风险以前无法核实", "what it is derived from could not be verified"),
    }
)
WORSE_WORDS: Mapping[Worse, Text] = MappingProxyType(
    {
        "severity": Text("等级提高", "its severity was raised"),
        "nodes": Text("把关的节点增多", "it gates more nodes"),
        "waiver": Text("豁免已结束", "its waiver ended"),
    }
)


def headline(comparison: Comparison) -> tuple[str, str, Text]:
    """Sign, style and words of the answer."""
    blocking = comparison.counts([one for one in comparison.risks if one.blocking])
    new, worsened = blocking.get("new", 0), blocking.get("worsened", 0)
    lost = blocking.get("unverifiable", 0) + blocking.get("gone", 0)
    if comparison.exit_code == 1:
        parts = [
            count(new, "项新的阻断风险", "new blocking risk") if new else None,
            count(worsened, "项阻断风险加重", "blocking risk worsened", "blocking risks worsened")
            if worsened
            else None,
            count(lost, "项无法再核实", "no longer verifiable", "no longer verifiable") if lost else None,
        ]
        return "✗", "bad", _told(Text("变差", "WORSE"), parts)
    if comparison.exit_code == 0:
        closed = count(comparison.counts().get("closed", 0), "项风险已关闭", "risk closed", "risks closed")
        return "✓", "good", _told(Text("没有变差", "NOT WORSE"), [closed])
    gaps = sum(one.blocking and one.state in {"new", "grown"} for one in comparison.gaps)
    nodes = sum(one.lost for one in comparison.nodes)
    parts = [
        count(lost, "项阻断风险无法再核实", "blocking risk no longer verifiable", "blocking risks no longer verifiable")
        if lost
        else None,
        count(gaps, "项资料缺口新增或增多", "gap new or grown", "gaps new or grown") if gaps else None,
        count(nodes, "个节点不再通过或不再有规则", "node no longer clear", "nodes no longer clear") if nodes else None,
    ]
    return "?", "warn", _told(Text("无法核实", "UNVERIFIABLE"), parts)


def _told(word: Text, parts: list[Text | None]) -> Text:
    said = [part for part in parts if part is not None]
    return Text(
        f"{word.zh}  {LISTED.zh.join(part.zh for part in said)}", f"{word.en}  {LISTED.en.join(p.en for p in said)}"
    )


def exit_text(comparison: Comparison) -> Text:
    """The exit code and what it means."""
    meaning = {
        0: Text("没有新增，也没有加重", "nothing is new or worse"),
        1: Text("有新增或加重的阻断风险", "a blocking risk is new or worsened"),
        3: Text(
            "没有新增或加重的阻断风险，但有无法再核实的",
            "no blocking risk is new or worsened, but some cannot be verified",
        ),
    }[comparison.exit_code]
    code = comparison.exit_code
    return Text(f"退出码 {code}：{meaning.zh}", f"Exit code {code}: {meaning.en}")

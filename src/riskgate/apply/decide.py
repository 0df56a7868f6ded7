"""Whether a change makes something block less that must not, and how that is said: with the places of both."""

from dataclasses import dataclass, replace
from typing import Literal

from riskgate.apply.guards import Guards
from riskgate.apply.state import State, changed, severity_of, value_of
from riskgate.apply.stricter import compared, narrower, severer
from riskgate.apply.words import shown
from riskgate.errors import Place
from riskgate.overlay import LEVEL_WORDS, Changed, RuleChange, Setting
from riskgate.pack import Parameter
from riskgate.text import Text

Why = Literal["loosens", "unknown-direction", "wrong-direction", "frozen"]


@dataclass(frozen=True, slots=True)
class Loosening:
    """Why a change is one: what it does, and the place of what it contradicts."""

    why: Why
    message: Text
    place: Place
    """Of what counts above: in a pack, or in the overlay of a higher level."""
    by: Changed | None
    """The overlay's word, if it is one's."""


def rule_loosening(state: State, guards: Guards, change: RuleChange) -> Loosening | None:
    """What the change takes away from a guarded rule, or from one that a guarded derive rule builds on."""
    rule = guards.rules.get(change.rule)
    sake = guards.sake.get(change.rule)
    if rule is None or sake is None:
        return None
    before = value_of(rule, change.key)
    by = state.last(sake, "severity") or state.last(sake, "waivable_by")  # whose word it is that the rule is guarded
    place = guards.rules[sake].place if by is None else by.place
    serves = _serves(change.rule, sake)
    if change.key == "disabled" and change.value:
        what = Text(f"停用 {change.rule}{serves.zh}", f"disables {change.rule}{serves.en}")
        return Loosening("loosens", what, place, by)
    if change.key == "waivable_by" and narrower(before, change.value):
        what = Text(
            f"把 {change.rule} 的 waivable_by 由 {before} 放宽为 {change.value}{serves.zh}",
            f"widens `waivable_by` of {change.rule} from {before} to {change.value}{serves.en}",
        )
        said = state.last(change.rule, "waivable_by") or by
        return Loosening("loosens", what, rule.place if said is None else said.place, said)
    if change.key == "severity":
        what = Text(
            f"把 {change.rule} 的 severity 由 {before} 改为 {change.value}",
            f"changes `severity` of {change.rule} from {before} to {change.value}",
        )
        if guards.guards(change.rule) and severer(severity_of(rule), change.value):
            return Loosening("loosens", what, place, by)
        lost = guards.unmatched(rule, changed(rule, "severity", change.value))
        if lost is not None and change.value != before:
            more = Text(f"，{lost} 便不再据此得出结论", f", and {lost}, which asks for {before}, builds on it no more")
            return Loosening("loosens", _and(what, more), guards.rules[lost].place, state.last(lost, "severity"))
    return None


def _serves(rule: str, sake: str) -> Text:
    if rule == sake:
        return Text("", "")
    return Text(f"（{sake} 以它为据）", f" (on which {sake} builds)")


def setting_loosening(state: State, guards: Guards, setting: Setting) -> Loosening | None:
    """What the setting takes away from a guarded rule that reads the parameter."""
    key = (setting.pack, setting.name)
    parameter = state.parameter(key)
    before = state.values[key]
    history = state.history.get(key)
    by = history[-1] if history else None
    place = parameter.place if by is None else by.place
    order = compared(parameter, before, setting.value, state.library.lifecycle)
    if order == "same":
        return None
    step = Text(
        f"把参数 {setting.subject} 由 {shown(before)} 改为 {shown(setting.value)}",
        f"sets {setting.subject} from {shown(before)} to {shown(setting.value)}",
    )
    for reader in guards.readers(*key):
        serves = _serves(reader.name, reader.guarded)
        of = Text(f"{reader.name}（{reader.place}）{serves.zh}", f"{reader.name} ({reader.place}){serves.en}")
        if reader.frozen:
            rest = Text(
                f"：{of.zh} 的风险多了少了都会影响结论", f"; of {of.en}, more risks and fewer could both take away"
            )
            return Loosening("frozen", _and(step, rest), place, by)
        if parameter.tightens is None:
            rest = Text(
                f"：{of.zh} 读取它，而规则包没有写明哪个方向更严",
                f"; {of.en} reads it, and the pack does not say which way is stricter",
            )
            return Loosening("unknown-direction", _and(step, rest), place, by)
        if reader.sway == "unclear":
            rest = Text(
                f"：从 {of.zh} 的条件看不出哪个方向更严",
                f"; the condition of {of.en} does not show which way is stricter",
            )
            return Loosening("unknown-direction", _and(step, rest), place, by)
        if reader.sway != parameter.tightens:
            rest = Text(
                f"：规则包写 tightens: {parameter.tightens}，{of.zh} 却在另一个方向更严",
                f"; the pack says `tightens: {parameter.tightens}`, but {of.en} becomes stricter the other way",
            )
            return Loosening("wrong-direction", _and(step, rest), place, by)
        if order == "looser":
            rest = Text(f"，放宽了 {of.zh}", f", which loosens {of.en}")
            return Loosening("loosens", _and(step, rest), place, by)
    return None


def unknown_step(state: State, setting: Setting) -> Loosening | None:
    """A parameter that a higher level has set, and of which nobody knows which way is stricter."""
    key = (setting.pack, setting.name)
    parameter = state.parameter(key)
    if parameter.tightens is not None or key not in state.history or _same(state, parameter, setting):
        return None
    message = Text(
        f"参数 {setting.subject} 上级已经设为 {shown(state.values[key])}，而规则包没有写明哪个方向更严",
        f"a higher level set {setting.subject} to {shown(state.values[key])}, and the pack does not say which way is "
        "stricter",
    )
    by = state.history[key][-1]
    return Loosening("unknown-direction", message, by.place, by)


def whose(found: Loosening) -> Text:
    """Whose word it is that counts: an overlay's, or the pack's."""
    if found.by is None:
        return Text(f"规则包 {found.place}", f"the pack, {found.place}")
    word = LEVEL_WORDS[found.by.level]
    return Text(
        f"{word.zh}覆盖文件 {found.by.overlay}，{found.place}",
        f"the {word.en} overlay {found.by.overlay}, {found.place}",
    )


def _same(state: State, parameter: Parameter, setting: Setting) -> bool:
    before = state.values[setting.pack, setting.name]
    return compared(replace(parameter, tightens="up"), before, setting.value, state.library.lifecycle) == "same"


def _and(one: Text, other: Text) -> Text:
    return Text(one.zh + other.zh, one.en + other.en)

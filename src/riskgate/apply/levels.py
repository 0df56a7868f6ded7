"""Overlays applied, level by level: each level as a whole, against what the level above left."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from riskgate.apply.decide import (
    Loosening,
    rule_loosening,
    setting_loosening,
    unknown_step,
    whose,
)
from riskgate.apply.guards import Guards
from riskgate.apply.readings import Readings
from riskgate.apply.state import State, implied_waivable, nodes_of, severity_of, value_of
from riskgate.errors import Place, Problem
from riskgate.load.library import Library
from riskgate.overlay import LEVEL_WORDS, LEVELS, Applied, Changed, Level, Overlay, RuleChange, Setting
from riskgate.pack import Derive, Rule
from riskgate.text import Text

UNTOUCHABLE = "nobody"
"""What nobody may waive, no overlay may loosen either."""


def apply_overlays(library: Library) -> tuple[Library, list[Problem]]:
    """The library as its overlays want it. Problems are returned; the changes that caused them are left out."""
    state = State.of(library)
    problems: list[Problem] = []
    watched: set[str] = set()
    ordered = sorted(library.overlays, key=lambda one: (LEVELS.index(one.level), one.name, one.file))
    problems += _doubled_names(ordered)
    for level in LEVELS:
        here = [overlay for overlay in ordered if overlay.level == level]
        if here:
            before = state.above(level)
            _Level(state, level, here, problems).apply()
            if level != LEVELS[0]:
                watched |= _newly_blocking(before, state.with_level(level))
    in_force = {name for name in state.rules if name not in state.disabled}
    if state.disabled and not in_force:
        message = Text("覆盖文件停用了全部规则", "the overlays disable every rule")
        problems.append(Problem("nothing-left", message, ordered[0].place))
    packs = tuple(
        replace(
            pack,
            rules=tuple(_effective(state, pack.rules)),
            derives=tuple(_effective(state, pack.derives)),
        )
        for pack in library.packs
    )
    applied = Applied(
        overlays=tuple(ordered),
        settings=MappingProxyType({key: tuple(state.history[key]) for key in sorted(state.history)}),
        rules=MappingProxyType({name: tuple(state.changes[name]) for name in sorted(state.changes)}),
        disabled=tuple(state.disabled[name] for name in sorted(state.disabled)),
        watched=frozenset(watched),
    )
    return replace(library, packs=packs, applied=applied), problems


def _effective(state: State, rules: Iterable[Any]) -> Iterator[Any]:
    return (state.rules[rule.id] for rule in rules if rule.id not in state.disabled)


def _newly_blocking(before: Mapping[str, Rule | Derive], after: Mapping[str, Rule | Derive]) -> set[str]:
    """Nodes that had rules, none of them blocking, and now have a blocking one."""
    had = {node for rule in before.values() if isinstance(rule, Rule) for node in rule.nodes}
    return (_blocked_by(after) - _blocked_by(before)) & had


def _blocked_by(rules: Mapping[str, Rule | Derive]) -> set[str]:
    return {
        node for rule in rules.values() if isinstance(rule, Rule) and rule.severity == "blocking" for node in rule.nodes
    }


def _doubled_names(overlays: Sequence[Overlay]) -> Iterator[Problem]:
    first: dict[str, Overlay] = {}
    for overlay in overlays:
        other = first.setdefault(overlay.name, overlay)
        if other is not overlay:
            message = Text(
                f"覆盖文件名 `{overlay.name}` 已用于 {other.file}",
                f"the overlay name `{overlay.name}` is already used in {other.file}",
            )
            yield Problem("doubled-overlay", message, overlay.place)


def _strong(rule: Rule | Derive) -> bool:
    return severity_of(rule) == "blocking" or _untouchable(rule)


def _untouchable(rule: Rule | Derive) -> bool:
    return rule.waivable_by == UNTOUCHABLE


@dataclass(eq=False, repr=False)
class _Level:
    """The overlays of one level on their way into the state."""

    state: State
    level: Level
    overlays: Sequence[Overlay]
    problems: list[Problem]
    _pending: list[Callable[[], None]] = field(default_factory=list)

    def apply(self) -> None:
        """Checks every change against the state above, then puts those that may be into force."""
        above, readings = self.state.above(self.level), Readings(self.state.library.vocabulary)
        self.strict = Guards(above, self.state.packs, readings, self._refused)
        self.loud = Guards(above, self.state.packs, readings, _strong) if self._is_group else None
        for overlay in self.overlays:
            self._own_rules(overlay)
        for overlay, setting in self._once((one, s.subject, s) for one in self.overlays for s in one.settings):
            self._setting(overlay, setting)
        changes = [(one, f"{c.rule} {c.key}", c) for one in self.overlays for c in one.changes]
        enabled = {change.rule for _, _, change in changes if change.key == "disabled" and not change.value}
        explicit = {change.rule for _, _, change in changes if change.key == "waivable_by"}
        gone = {change.rule: change for _, _, change in changes if change.key == "disabled" and change.value}
        for overlay, change in self._once(changes):
            if change.rule in gone and change.key != "disabled":
                self._gone(change, gone[change.rule])
            else:
                self._change(overlay, change, enabled, explicit)
        for put in self._pending:
            put()

    @property
    def _is_group(self) -> bool:
        return self.level == LEVELS[0]

    def _refused(self, rule: Rule | Derive) -> bool:
        """Which rules this level may not loosen at all: a group none but those that nobody may waive."""
        return _untouchable(rule) if self._is_group else _strong(rule)

    def _once(self, said: Iterable[tuple[Overlay, str, Any]]) -> Iterator[tuple[Overlay, Any]]:
        """Two overlays of one level may not speak of the same thing: which of them counts would be anybody's guess."""
        first: dict[str, tuple[Overlay, Any]] = {}
        for overlay, subject, one in said:
            other = first.setdefault(subject, (overlay, one))
            if other[0] is overlay or (isinstance(one, RuleChange) and one.key == "nodes"):
                yield overlay, one
                continue
            message = Text(
                f"同为 {self.level} 层的 {other[1].place} 也说了 `{subject}`",
                f"`{subject}` is also said at {other[1].place}, of the same level {self.level}",
            )
            help_text = Text("请只在一处写，或放到不同层级。", "say it once, or at different levels.")
            self.problems.append(Problem("said-twice", message, one.place, help_text))

    def _gone(self, change: RuleChange, by: RuleChange) -> None:
        message = Text(
            f"{change.rule} 在同一层被停用（{by.place}），不能同时改别的",
            f"{change.rule} is disabled at the same level ({by.place}): it cannot be changed otherwise",
        )
        self.problems.append(Problem("changed-and-disabled", message, change.place))

    def _own_rules(self, overlay: Overlay) -> None:
        """Further risks of a theme may silence a derive rule that asks for few of them."""
        for name, rule in self.state.rules.items():
            if self.state.packs[name].name == overlay.own_pack and (silent := self.strict.disturbed(rule)) is not None:
                self._disturbs(name, silent, rule.place)

    def _disturbs(self, name: str, silent: str, place: Place) -> None:
        other = self.state.place_of(silent)
        message = Text(
            f"{name} 的主题会使 {silent}（{other}）不再得出结论：它要求这类风险不超过某个数",
            f"risks of the theme of {name} would silence {silent} ({other}), which asks that there be few of them",
        )
        self.problems.append(Problem("loosens", message, place))

    def _setting(self, overlay: Overlay, setting: Setting) -> None:
        key = (setting.pack, setting.name)
        refused = setting_loosening(self.state, self.strict, setting)
        if refused is None and not self._is_group:
            refused = unknown_step(self.state, setting)
        if refused is not None:
            self._refuse(refused, overlay, setting.place)
            return
        loud = None if self.loud is None else setting_loosening(self.state, self.loud, setting)
        if loud is not None and not setting.reason:
            self._unreasoned(loud, setting.place)
            return
        change = Changed(
            "value",
            self.state.values[key],
            setting.value,
            self.level,
            overlay.name,
            setting.place,
            setting.reason,
            loud is not None,
        )
        self._pending.append(lambda: self.state.set(key, change))

    def _change(self, overlay: Overlay, change: RuleChange, enabled: set[str], explicit: set[str]) -> None:
        name, key = change.rule, change.key
        rule = self.state.rules.get(name)
        if rule is None or not self._in_force(change, enabled):
            return
        refused = rule_loosening(self.state, self.strict, change)
        if refused is not None:
            self._refuse(refused, overlay, change.place)
            return
        loud = None if self.loud is None else rule_loosening(self.state, self.loud, change)
        if loud is not None and not change.reason:
            self._unreasoned(loud, change.place)
            return
        before = name in self.state.disabled if key == "disabled" else value_of(rule, key)
        implied = implied_waivable(rule, change.value) if key == "severity" and name not in explicit else None

        def put() -> None:
            value = change.value
            if key == "nodes":
                order = self.state.library.lifecycle.position
                had = nodes_of(self.state.rules[name])
                value = (*had, *sorted(set(value) - set(had), key=order.__getitem__))
            made = Changed(key, before, value, self.level, overlay.name, change.place, change.reason, loud is not None)
            self.state.change(name, made, implied)
            if implied is not None:
                self.state.changes[name].append(
                    replace(made, key="waivable_by", before=rule.waivable_by, value=implied)
                )

        self._pending.append(put)

    def _in_force(self, change: RuleChange, enabled: set[str]) -> bool:
        """Whether the rule is one that can be changed: in force, or put in force again here."""
        by = self.state.disabled.get(change.rule)
        if change.key == "disabled" and not change.value:
            if by is None:
                message = Text(
                    f"{change.rule} 没有被上级停用，`disabled: false` 不起作用",
                    f"no higher level disables {change.rule}: `disabled: false` does nothing",
                )
                self.problems.append(Problem("not-disabled", message, change.place))
            elif (silent := self.strict.disturbed(by.rule)) is not None:
                self._disturbs(change.rule, silent, change.place)
                return False
            return by is not None
        if by is None or change.rule in enabled:
            return True
        message = Text(
            f"{change.rule} 已被上级停用（{by.by.place}），这里的修改不起作用",
            f"{change.rule} is disabled by a higher level ({by.by.place}): what is said of it here has no effect",
        )
        help_text = Text("要恢复它，请加 disabled: false。", "add `disabled: false` to put it in force again.")
        again = None if change.key == "disabled" else help_text
        self.problems.append(Problem("disabled-above", message, change.place, again))
        return False

    def _refuse(self, found: Loosening, overlay: Overlay, place: Place) -> None:
        counts = whose(found)
        word = LEVEL_WORDS[self.level]
        if self._is_group:
            lead = Text(
                "任何人都不得豁免的规则，覆盖文件也不得放宽：", "what nobody may waive, no overlay may loosen: "
            )
        else:
            lead = Text(f"{word.zh}不得放宽上级的阻断要求：", f"a {word.en} may not loosen what blocks above it: ")
        message = Text(
            f"{lead.zh}覆盖文件 {overlay.name} {found.message.zh}；依据是{counts.zh}",
            f"{lead.en}the overlay {overlay.name} {found.message.en}; what counts is said by {counts.en}",
        )
        self.problems.append(Problem(found.why, message, place, _help(found, group=self._is_group)))

    def _unreasoned(self, found: Loosening, place: Place) -> None:
        counts = whose(found)
        message = Text(
            f"集团可以放宽，但要写理由：{found.message.zh}；原来依据{counts.zh}",
            f"a group may loosen, with a reason: this {found.message.en}; until now {counts.en} counts",
        )
        self.problems.append(Problem("missing-reason", message, place, Text("请加上 reason。", "add `reason: why`.")))


def _help(found: Loosening, *, group: bool) -> Text | None:
    if found.why == "unknown-direction":
        return Text(
            "请在规则包的参数上写 tightens: up 或 down，或由更高层级来设。",
            "write `tightens: up` or `down` at the parameter in the pack, or let a higher level set it.",
        )
    if group or found.why == "wrong-direction":
        return None
    return Text("请由上级修改，或申请豁免（waiver）。", "have the level above change it, or ask for a waiver.")

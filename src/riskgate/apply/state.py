"""The rules and parameters of a library while levels are applied to it, and where each value comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from riskgate.apply.stricter import narrower, severer
from riskgate.errors import Place
from riskgate.load.library import Library
from riskgate.overlay import LEVELS, Changed, Disabled, Level, RuleKey
from riskgate.pack import DEFAULT_WAIVABLE, Derive, Pack, Parameter, Rule, Severity, WaivableBy


def severity_of(rule: Rule | Derive) -> Severity:
    return rule.severity if isinstance(rule, Rule) else rule.conclude.severity


def nodes_of(rule: Rule | Derive) -> tuple[str, ...]:
    return rule.nodes if isinstance(rule, Rule) else rule.conclude.nodes


def value_of(rule: Rule | Derive, key: RuleKey) -> Any:
    """What a rule says under a key of `RuleKey`; a rule that is asked is in force."""
    if key == "disabled":
        return False
    where = rule.conclude if isinstance(rule, Derive) and key in ("severity", "nodes", "owners") else rule
    return getattr(where, key)


@dataclass(eq=False, repr=False)
class State:
    """What is in force. `rules` has the disabled ones too, as they were until then."""

    library: Library
    rules: dict[str, Rule | Derive]
    packs: dict[str, Pack]
    """The pack of each rule, by the rule's id."""
    values: dict[tuple[str, str], Any]
    history: dict[tuple[str, str], list[Changed]] = field(default_factory=dict)
    """Of parameters, by pack and name."""
    changes: dict[str, list[Changed]] = field(default_factory=dict)
    """Of rules."""
    disabled: dict[str, Disabled] = field(default_factory=dict)
    levels: Mapping[str, Level] = field(default_factory=dict)
    """The levels of the packs that overlays bring along, by their names."""

    @classmethod
    def of(cls, library: Library) -> "State":
        rules: dict[str, tuple[Pack, Rule | Derive]] = {}
        for pack in library.packs:
            rules |= {rule.id: (pack, rule) for rule in pack.rules}
            rules |= {derive.id: (pack, derive) for derive in pack.derives}
        levels = {one.own_pack: one.level for one in library.overlays if one.own_pack is not None}
        return cls(
            library,
            {name: rule for name, (_, rule) in rules.items()},
            {name: pack for name, (pack, _) in rules.items()},
            {key: parameter.default for key, parameter in library.parameters.items()},
            levels=levels,
        )

    def above(self, level: Level) -> dict[str, Rule | Derive]:
        """The rules in force that are not of this level or a lower one."""
        own = {name for name, of in self.levels.items() if LEVELS.index(of) >= LEVELS.index(level)}
        return {
            name: rule
            for name, rule in self.rules.items()
            if name not in self.disabled and self.packs[name].name not in own
        }

    def with_level(self, level: Level) -> dict[str, Rule | Derive]:
        """The rules in force down to this level."""
        lower = {name for name, of in self.levels.items() if LEVELS.index(of) > LEVELS.index(level)}
        return {
            name: rule
            for name, rule in self.rules.items()
            if name not in self.disabled and self.packs[name].name not in lower
        }

    def parameter(self, key: tuple[str, str]) -> Parameter:
        return self.library.parameters[key]

    def last(self, rule: str, key: str) -> Changed | None:
        """The overlay's word on a rule's key that is in force, None where it is the pack's."""
        return next((one for one in reversed(self.changes.get(rule, ())) if one.key == key), None)

    def place_of(self, rule: str) -> Place:
        return self.rules[rule].place

    def set(self, key: tuple[str, str], change: Changed) -> None:
        self.values[key] = change.value
        self.history.setdefault(key, []).append(change)

    def change(self, rule: str, change: Changed, implied: WaivableBy | None = None) -> None:
        """Put a change of a rule into force. `implied`: who may waive it from now on, unless it is said otherwise."""
        self.changes.setdefault(rule, []).append(change)
        if change.key == "disabled":
            if change.value:
                self.disabled[rule] = Disabled(self.rules[rule], self.packs[rule].name, change)
            else:
                self.disabled.pop(rule, None)
            return
        self.rules[rule] = changed(self.rules[rule], change.key, change.value)
        if implied is not None:
            self.rules[rule] = replace(self.rules[rule], waivable_by=implied)


def changed(rule: Rule | Derive, key: str, value: Any) -> Rule | Derive:
    if isinstance(rule, Derive) and key in ("severity", "nodes", "owners"):
        parts: dict[str, Any] = {key: value}
        return replace(rule, conclude=replace(rule.conclude, **parts))
    whole: dict[str, Any] = {key: value}
    return replace(rule, **whole)


def implied_waivable(rule: Rule | Derive, severity: Severity) -> WaivableBy | None:
    """Who may waive a rule that is raised to a severity: nobody lower than for a rule that was written so."""
    default = DEFAULT_WAIVABLE[severity]
    if severer(severity, severity_of(rule)) and narrower(default, rule.waivable_by):
        return default
    return None

"""What a level may not make block less: rules that block, and whatever the derived ones among them build on."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from riskgate.apply.readings import Readings
from riskgate.apply.state import severity_of
from riskgate.apply.sway import Sway
from riskgate.errors import Place
from riskgate.infer.facts import COUNTED
from riskgate.infer.values import compare
from riskgate.pack import Derive, FactCondition, Given, Pack, Rule

_STEADY = ("gt", "gte")
"""What stays true when a field grows."""


class Reader(NamedTuple):
    """Something that a parameter decides: a rule or a kind of fact, for whose sake it counts, and which way it goes.

    `frozen`: it may find neither less nor more.
    """

    name: str
    guarded: str
    sway: Sway
    place: Place
    frozen: bool = False


@dataclass(eq=False, repr=False)
class Guards:
    """The rules in force at the level above, seen by which of them must not block less.

    `sake` names for each such rule the guarded one: itself, or a derive rule that builds on its risks. `frozen`: a
    derive rule asks that there be *few* of its risks, so that even more of them could make it fall silent.
    """

    rules: Mapping[str, Rule | Derive]
    packs: Mapping[str, Pack]
    readings: Readings
    strong: Callable[[Rule | Derive], bool]

    def __post_init__(self) -> None:
        self.sake: dict[str, str] = {name: name for name, rule in self.rules.items() if self.strong(rule)}
        self.frozen: dict[str, str] = {}
        self._lines: list[tuple[str, Given, bool]] = []
        waiting = [(name, name) for name in self.sake if isinstance(self.rules[name], Derive)]
        seen = {name for name, _ in waiting}
        while waiting:
            name, guarded = waiting.pop()
            derive = self.rules[name]
            assert isinstance(derive, Derive)  # noqa: S101 - only these are put into the queue
            unsteady = _unsteady(derive)
            matched = _joined_by_severity(derive)
            for given in derive.given:
                self._lines.append((guarded, given, given.alias in matched))
                for feeder in self._feeders(given):
                    self.sake.setdefault(feeder.id, guarded)
                    if given.alias in unsteady and isinstance(feeder, Rule):
                        self.frozen.setdefault(feeder.id, guarded)
                    if isinstance(feeder, Derive) and feeder.id not in seen:
                        seen.add(feeder.id)
                        waiting.append((feeder.id, guarded))
        self._derives = sorted(seen)

    def guards(self, name: str) -> bool:
        """Whether the rule itself must not block less."""
        return self.sake.get(name) == name

    def readers(self, pack: str, parameter: str) -> Iterator[Reader]:
        """What the parameter decides of all that is guarded."""
        for name, guarded in self.sake.items():
            rule = self.rules[name]
            if isinstance(rule, Rule) and self.packs[name].name == pack:
                sway = self.readings.of_rule(rule, parameter)
                if sway != "none":
                    yield Reader(name, guarded, sway, rule.place, name in self.frozen)
        for name in self._derives:
            derive = self.rules[name]
            if not isinstance(derive, Derive) or self.packs[name].name != pack:
                continue
            unsteady = _unsteady(derive)
            for given in derive.given:
                fact = self.packs[name].facts.get(given.fact)
                sway = "none" if fact is None else self.readings.of_fact(fact, parameter)
                if fact is not None and sway != "none":
                    yield Reader(fact.name, self.sake[name], sway, fact.place, given.alias in unsteady)

    def unmatched(self, before: Rule | Derive, after: Rule | Derive) -> str | None:
        """The guarded derive rule that builds on the risks of the one, and perhaps not of the other, which differs in
        severity."""
        return next(
            (
                guarded
                for guarded, given, matched in self._lines
                if given.fact == "risk" and _meets(given, before) and (matched or not _meets(given, after))
            ),
            None,
        )

    def disturbed(self, rule: Rule | Derive) -> str | None:
        """The guarded derive rule that further risks of a theme could silence, if the rule would find such risks."""
        if not isinstance(rule, Rule):
            return None  # themes count evaluated risks only
        for name in self._derives:
            derive = self.rules[name]
            assert isinstance(derive, Derive)  # noqa: S101 - only these were noted
            unsteady = _unsteady(derive)
            if any(g.fact == "theme" and g.alias in unsteady and _meets(g, rule) for g in derive.given):
                return self.sake[name]
        return None

    def _feeders(self, given: Given) -> list[Rule | Derive]:
        if given.fact == "risk":
            return [rule for rule in self.rules.values() if _meets(given, rule)]
        if given.fact == "theme":
            return [rule for rule in self.rules.values() if isinstance(rule, Rule) and _meets(given, rule)]
        return []


def _meets(given: Given, rule: Rule | Derive) -> bool:
    """Whether a fact about risks of the rule can meet the line, whatever their number."""
    theme = rule.theme if isinstance(rule, Rule) else rule.conclude.theme
    fields = (
        {"theme": theme}
        if given.fact == "theme"
        else {
            "rule": rule.id,
            "theme": theme,
            "severity": severity_of(rule),
        }
    )
    if given.fact == "theme" and not theme:
        return False
    return all(
        condition.other is not None or condition.name not in fields or _holds(condition, fields[condition.name])
        for condition in given.where
    )


def _holds(condition: FactCondition, value: str | None) -> bool:
    return value is not None and compare(value, condition.operator, condition.value)


def _unsteady(derive: Derive) -> frozenset[str]:
    """The aliases of the lines that a growing number could make false."""
    found: set[str] = set()
    for given in derive.given:
        for condition in given.where:
            if condition.other is not None:
                alias, name = condition.other
                found |= {given.alias, alias} if {condition.name, name} & COUNTED else set()
            elif condition.name in COUNTED and condition.operator not in _STEADY:
                found.add(given.alias)
    return frozenset(found)


def _joined_by_severity(derive: Derive) -> frozenset[str]:
    """The aliases of the lines whose severities must be those of other lines."""
    joins = [(given.alias, one.name, one.other) for given in derive.given for one in given.where if one.other]
    return frozenset(
        name for alias, own, (other, field) in joins if "severity" in (own, field) for name in (alias, other)
    )

"""Evaluated risks counted per rule and group: the `risk` and `theme` facts of inference.

Entities at which a rule could not be decided may yet turn out to be risks. `facts(doubts)` gives the facts with bounds
in place of numbers: from what is certain to what is possible.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from riskgate.found import FoundRisks
from riskgate.groups import Belonging, Groups
from riskgate.infer import Fact
from riskgate.infer.facts import COUNTED, share, share_between
from riskgate.infer.lines import Wanted
from riskgate.infer.values import Between, Value
from riskgate.pack import Rule
from riskgate.plan.bind import BoundRule

OPEN = COUNTED | {"group"}
"""Fields of facts about risks that are known only when the risks have been counted."""


@dataclass(slots=True)
class Entry:
    """The risks of one rule in one group: their number, and the sale units that they lie in."""

    rule: Rule
    group: str
    found: FoundRisks
    count: int = 0
    units: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Doubt:
    """What of one rule could not be decided in one group. `count` is infinite where entities themselves are absent."""

    rule: Rule
    group: str
    count: float = 0
    units: set[str] = field(default_factory=set)


def wanted_of(rule: Rule, wanted: Wanted) -> bool:
    """Whether a `given` line may meet a fact about risks of this rule."""
    known: dict[str, Value] = {"rule": rule.id, "severity": rule.severity}
    theme: dict[str, Value] = {"theme": rule.theme} if rule.theme else {}
    return wanted.may_meet("risk", {**known, **theme}, OPEN) or (bool(theme) and wanted.may_meet("theme", theme, OPEN))


def key_of(rule: str, group: str) -> str:
    """What stands for the risks of a rule in a group in the `because` of facts, until somebody reads their ids."""
    return f"{rule}\0{group}"


class CountedRisks:
    """The evaluated risks as facts. There may be tens of thousands, so they are counted only where a `given` line can
    meet what comes of it, and their ids are made for those who read what stands behind a conclusion.

    Until then a fact's `because` holds one key for each rule and group.
    """

    def __init__(
        self, rules: Mapping[str, BoundRule], risks: Sequence[FoundRisks], groups: Groups, wanted: Wanted
    ) -> None:
        self._groups = groups
        self._wanted = wanted
        self._rules = rules
        self._entries: dict[str, Entry] = {}
        for found in risks:
            if wanted_of(rules[found.rule].rule, wanted):
                self._count(found)

    def _count(self, found: FoundRisks) -> None:
        rule = self._rules[found.rule].rule
        belonging = self._belonging(rule)
        for (group, unit), count in Counter(map(belonging.__getitem__, found.ordinals)).items():
            key = key_of(rule.id, group)
            entry = self._entries.get(key)
            if entry is None:
                entry = self._entries[key] = Entry(rule, group, found)
            entry.count += count
            if unit is not None:
                entry.units.add(unit)

    def _belonging(self, rule: Rule) -> list[Belonging]:
        return self._groups.of(rule.entity)

    def facts(self, doubts: Mapping[str, Doubt] | None = None) -> list[Fact]:
        """`risk` facts, one per rule and group, and `theme` facts, one per theme and group.

        With doubts, by the key of their rule and group, numbers are bounds wherever a doubt may add to them.
        """
        doubts = doubts or {}
        facts: list[Fact] = []
        themes: dict[tuple[str, str], list[str]] = {}
        for key in dict.fromkeys((*self._entries, *doubts)):
            entry = self._entries.get(key)
            doubt = doubts.get(key)
            about = entry or doubt
            if about is None:  # a key of either has one
                continue
            rule, group = about.rule, about.group
            fields: dict[str, Value] = {"rule": rule.id, "severity": rule.severity, "group": group}
            if rule.theme:
                fields["theme"] = rule.theme
                themes.setdefault((rule.theme, group), []).append(key)
            self._add(facts, "risk", fields, (key,), _pairs([entry], [doubt]))
        for (theme, group), keys in themes.items():
            entries, open_ = [self._entries.get(key) for key in keys], [doubts.get(key) for key in keys]
            certain = sum(entry is not None for entry in entries)
            least = max(certain, 1)  # there is no fact of a theme without a risk
            fields = {"theme": theme, "group": group, "rules": _bounds(least, len(keys))}
            self._add(facts, "theme", fields, tuple(sorted(keys)), _pairs(entries, open_))
        return facts

    def _add(
        self, facts: list[Fact], kind: str, fields: dict[str, Value], because: tuple[str, ...], pairs: "_Pairs"
    ) -> None:
        group = str(fields["group"])
        entries, doubts = pairs
        units = set[str]().union(*(entry.units for entry in entries))
        count = sum(entry.count for entry in entries)
        if doubts:
            least, certain = max(count, 1), len(units)
            fields["count"] = Between(least, count + math.fsum(doubt.count for doubt in doubts))
            units = units.union(*(doubt.units for doubt in doubts))
            fields |= share_between(certain, units, group, self._groups.units)
        else:
            fields["count"] = count
            fields |= share(len(units), group, self._groups.units)
        if self._wanted.may_meet(kind, fields):
            facts.append(Fact(kind, fields, because, frozenset(units)))

    def ids(self, because: Sequence[str]) -> tuple[str, ...]:
        """The ids of the risks behind a conclusion."""
        ids: set[str] = set()
        for key in because:
            entry = self._entries.get(key)
            if entry is None:
                ids.add(key)  # a derived risk: its id already
            else:
                belonging, group = self._belonging(entry.rule), entry.group
                ids.update(entry.found.ids_at(o for o in entry.found.ordinals if belonging[o][0] == group))
        return tuple(sorted(ids))


_Pairs = tuple[list[Entry], list[Doubt]]


def _pairs(entries: Iterable[Entry | None], doubts: Iterable[Doubt | None]) -> _Pairs:
    return [one for one in entries if one is not None], [one for one in doubts if one is not None]


def _bounds(low: int, high: int) -> Value:
    return low if low == high else Between(low, high)

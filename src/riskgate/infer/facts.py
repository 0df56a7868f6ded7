"""Facts that inference chains: what was found, counted per group; what the snapshot records of nodes and entities."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from types import MappingProxyType

from riskgate.fingerprint import fingerprint
from riskgate.infer.values import Between, Value, fields_key, value_key
from riskgate.lifecycle import Lifecycle
from riskgate.record import record

PROJECT = "project"
"""The group of everything that lies in no group: the address of the root."""

COUNTED = frozenset({"count", "rules", "units", "rate"})
"""Fields of facts that count what was found: they grow when more is."""

UNKNOWN = "?"
"""Stands among the units behind a fact for any number of sale units that the snapshot does not have."""

_Key = tuple[str, tuple[tuple[str, object], ...]]


@record
class Finding:
    """One unwaived risk that evaluation found. `group` and `unit` are addresses; `unit` is the sale unit it lies in."""

    risk: str
    rule: str
    theme: str | None
    severity: str
    group: str
    unit: str | None = None


@record
class Fact:
    """One flat fact. A field without a value is an absent key. `because`: ids of the risks behind it, sorted;
    `units`: addresses of the sale units behind it.
    """

    kind: str
    fields: Mapping[str, Value]
    because: tuple[str, ...] = ()
    units: frozenset[str] = frozenset()


@record
class Derived:
    """What a derive rule concluded for a group. `because`: ids of the risks behind it, evaluated and derived, sorted.

    `facts`: for each `given` line the fact of the first combination (in the canonical order of facts), for the
    placeholders of the message.
    """

    derive: str
    group: str
    because: tuple[str, ...]
    facts: tuple[Fact, ...]

    @property
    def id(self) -> str:
        """The id of the derived risk."""
        return fingerprint(self.derive, self.group)


def share(units: int, group: str, units_per_group: Mapping[str, int]) -> dict[str, Value]:
    """The fields `units` and `rate` (the share of the group's sale units); no rate where the group has no units."""
    total = units_per_group.get(group, 0)
    return {"units": units, "rate": units / total} if total else {"units": units}


def share_of(units: Collection[str], group: str, units_per_group: Mapping[str, int]) -> dict[str, Value]:
    """The same for these units."""
    if UNKNOWN in units:
        return share_between(0, units, group, units_per_group)
    return share(len(units), group, units_per_group)


def share_between(low: int, units: Collection[str], group: str, units_per_group: Mapping[str, int]) -> dict[str, Value]:
    """The same where at least `low` units are behind a fact and at most `units`."""
    total = units_per_group.get(group, 0)
    if UNKNOWN in units:
        return {"units": Between(low, math.inf), "rate": Between(low / total if total else 0, 1)}
    bounds = Between(low, len(units))
    return {"units": bounds, "rate": Between(low / total, len(units) / total)} if total else {"units": bounds}


def _counted(findings: Iterable[Finding]) -> tuple[tuple[str, ...], frozenset[str]]:
    found = tuple(findings)
    return tuple(sorted({f.risk for f in found})), frozenset(f.unit for f in found if f.unit is not None)


def risk_facts(findings: Iterable[Finding], units_per_group: Mapping[str, int]) -> tuple[Fact, ...]:
    """`risk` facts, one per rule and group, then `theme` facts, one per theme and group."""
    rules: defaultdict[tuple[str, str, str, str], list[Finding]] = defaultdict(list)
    themes: defaultdict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        rules[finding.rule, finding.group, finding.theme or "", finding.severity].append(finding)
        if finding.theme:
            themes[finding.theme, finding.group].append(finding)
    facts: list[Fact] = []
    for (rule, group, theme, severity), found in sorted(rules.items(), key=lambda entry: entry[0]):
        because, units = _counted(found)
        fields: dict[str, Value] = {"rule": rule, "severity": severity, "group": group, "count": len(because)}
        if theme:
            fields["theme"] = theme
        fields |= share(len(units), group, units_per_group)
        facts.append(Fact("risk", MappingProxyType(fields), because, units))
    for (theme, group), found in sorted(themes.items(), key=lambda entry: entry[0]):
        because, units = _counted(found)
        fields = {"theme": theme, "group": group, "rules": len({f.rule for f in found}), "count": len(because)}
        fields |= share(len(units), group, units_per_group)
        facts.append(Fact("theme", MappingProxyType(fields), because, units))
    return tuple(facts)


def node_facts(lifecycle: Lifecycle, records: Mapping[str, tuple[str, date | None]], as_of: date) -> tuple[Fact, ...]:
    """`node` facts, one for each node that the snapshot records; `records`: node id -> (status, planned date)."""
    facts = []
    for node in lifecycle.nodes:
        if node.id not in records:
            continue
        status, planned_on = records[node.id]
        fields: dict[str, Value] = {"node": node.id, "stage": node.stage, "status": status}
        if planned_on is not None:
            fields["days_to_planned"] = (planned_on - as_of).days
        facts.append(Fact("node", MappingProxyType(fields)))
    return tuple(facts)


def declared_facts(
    name: str,
    by: tuple[str, ...],
    entries: Iterable[tuple[str, str | None, Mapping[str, Value | None]]],
    units_per_group: Mapping[str, int],
) -> tuple[Fact, ...]:
    """Facts of a kind that a pack declares: entities counted per group and values of the `by` fields.

    An entry is (group, sale unit or None, values of the entity). An entity in which a `by` field is missing is counted
    among those in which it is missing, and their fact does not have that field.
    """
    counts: defaultdict[_Key, int] = defaultdict(int)
    units: defaultdict[_Key, set[str]] = defaultdict(set)
    shown: dict[_Key, dict[str, Value]] = {}
    for group, unit, values in entries:
        fields = {field: value for field in by if (value := values.get(field)) is not None}
        # 1 and 1.0 are one value: keep the spelling that sorts first, whatever the order of the entities
        key: _Key = (group, tuple((field, value_key(value)[:2]) for field, value in fields.items()))
        fields["group"] = group
        if key not in shown or fields_key(fields) < fields_key(shown[key]):
            shown[key] = fields
        counts[key] += 1
        if unit is not None:
            units[key].add(unit)
    facts = []
    for key in sorted(shown, key=lambda key: fields_key(shown[key])):
        counted = {**shown[key], "count": counts[key], **share(len(units[key]), key[0], units_per_group)}
        facts.append(Fact(name, MappingProxyType(counted), (), frozenset(units[key])))
    return tuple(facts)

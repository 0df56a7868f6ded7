"""The fixed point of inference as its definition reads: all facts against all lines, again until nothing is new.

Shares no code with the engines beyond the values that go in and come out.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from riskgate.fingerprint import fingerprint
from riskgate.infer import Derived, Fact
from riskgate.pack import Derive, FactCondition, Given

OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: bool(a == b),
    "neq": lambda a, b: bool(a != b),
    "gt": lambda a, b: bool(a > b),
    "gte": lambda a, b: bool(a >= b),
    "lt": lambda a, b: bool(a < b),
    "lte": lambda a, b: bool(a <= b),
}


def comparable(a: object, b: object) -> bool:
    if a != a or b != b:  # noqa: PLR0124  # NaN
        return False
    if isinstance(a, bool) or isinstance(b, bool):
        return isinstance(a, bool) and isinstance(b, bool)
    if isinstance(a, str) or isinstance(b, str):
        return isinstance(a, str) and isinstance(b, str)
    return True


def holds(condition: FactCondition, fact: Fact, chosen: Mapping[str, Fact], *, derived: bool) -> bool:
    if condition.name not in fact.fields:
        return False
    if derived and condition.name in ("units", "rate") and condition.operator not in ("gt", "gte"):
        return False
    left = fact.fields[condition.name]
    if condition.other is not None:
        alias, name = condition.other
        other = chosen[alias]
        if name not in other.fields or (is_derived(other) and name in ("units", "rate")):
            return False
        return comparable(left, other.fields[name]) and left == other.fields[name]
    if condition.operator == "in":
        return any(comparable(left, value) and left == value for value in condition.value)
    return comparable(left, condition.value) and OPERATORS[condition.operator](left, condition.value)


def is_derived(fact: Fact) -> bool:
    return fact.fields.get("__derived__") is True


def combinations(
    given: Sequence[Given], facts: Sequence[Fact], chosen: tuple[Fact, ...] = ()
) -> Iterator[tuple[Fact, ...]]:
    if len(chosen) == len(given):
        yield chosen
        return
    line = given[len(chosen)]
    aliases = {given[index].alias: fact for index, fact in enumerate(chosen)}
    for fact in facts:
        if fact.kind == line.fact and all(holds(c, fact, aliases, derived=is_derived(fact)) for c in line.where):
            yield from combinations(given, facts, (*chosen, fact))


def order(fact: Fact) -> tuple[object, ...]:
    def typed(value: object) -> tuple[str, Any, str]:
        if value != value:  # noqa: PLR0124  # NaN
            return ("", repr(value), type(value).__name__)
        word = "bool" if isinstance(value, bool) else "text" if isinstance(value, str) else "number"
        return (word, value, type(value).__name__)

    hidden = ("__derived__", "units", "rate") if is_derived(fact) else ()
    fields = [(name, typed(value)) for name, value in sorted(fact.fields.items()) if name not in hidden]
    return (is_derived(fact), fields, fact.because, sorted(fact.units))


def infer_naively(
    derives: Sequence[Derive], facts: Sequence[Fact], units_per_group: Mapping[str, int]
) -> tuple[Derived, ...]:
    concluded: dict[tuple[str, str], Fact] = {}
    while True:
        known = [*facts, *concluded.values()]
        found: dict[tuple[str, str], list[tuple[Fact, ...]]] = {}
        for derive in derives:
            for combination in combinations(derive.given, known):
                groups = [fact.fields["group"] for fact in combination if isinstance(fact.fields.get("group"), str)]
                found.setdefault((derive.id, str([*groups, "project"][0])), []).append(combination)
        new = {
            (derive.id, group): _fact(derive, group, found[derive.id, group], units_per_group)
            for derive in derives
            for rule, group in found
            if rule == derive.id
        }
        if new == concluded:
            return tuple(_derived(rule, group, found[rule, group]) for rule, group in sorted(found))
        concluded = new


def _fact(derive: Derive, group: str, found: Sequence[tuple[Fact, ...]], units_per_group: Mapping[str, int]) -> Fact:
    units = frozenset(u for facts in found for fact in facts if fact.fields.get("group") == group for u in fact.units)
    fields: dict[str, Any] = {"rule": derive.id, "severity": derive.conclude.severity, "group": group, "count": 1}
    if derive.conclude.theme:
        fields["theme"] = derive.conclude.theme
    fields["units"] = len(units)
    if units_per_group.get(group):
        fields["rate"] = len(units) / units_per_group[group]
    return Fact("risk", {**fields, "__derived__": True}, (fingerprint(derive.id, group),), units)


def _derived(rule: str, group: str, found: Sequence[tuple[Fact, ...]]) -> Derived:
    because = {risk for facts in found for fact in facts for risk in fact.because} - {fingerprint(rule, group)}
    first = min(found, key=lambda facts: [order(fact) for fact in facts])
    shown = tuple(
        Fact(f.kind, {k: v for k, v in f.fields.items() if k != "__derived__"}, f.because, f.units) for f in first
    )
    return Derived(rule, group, tuple(sorted(because)), shown)

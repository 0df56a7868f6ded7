"""Derive rules taken apart: what each `given` line asks of a fact alone, and by which values lines are joined.

Facts that a line cannot tell apart (equal in every value by which the line is joined, and in the group where the line
may decide it) are one *item* of the line. Engines join items, not facts: a line without a join has one item however
many facts meet it, so that combinations stay few.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from riskgate.errors import InferenceError, Problem
from riskgate.infer.values import Value, compare, fields_key, join_key, type_of
from riskgate.pack import Derive, FactCondition
from riskgate.record import record
from riskgate.text import Text

MAX_LINES = 12
"""Lines in one `given`: durable-rules holds 16 facts in a combination."""

MAX_DERIVES = 4_000
"""Derive rules in one inference: durable-rules holds 4,096."""

GROWING = frozenset({"units", "rate"})
"""Fields of a derived risk that grow while the chain runs: only `gt` and `gte` can be asked of them."""

Key = tuple[tuple[str, object], ...]


@dataclass(eq=False, slots=True)
class Subject:
    """A fact as the chain handles it: given, or derived.

    `grown` is None for a given fact; for a derived one it holds the present `units` and `rate`, which `fields` lacks.
    """

    kind: str
    fields: Mapping[str, Value]
    because: tuple[str, ...]
    units: set[str]
    grown: dict[str, Value] | None = None
    _order: tuple[object, ...] | None = None

    @property
    def group(self) -> str | None:
        group = self.fields.get("group")
        return group if isinstance(group, str) else None

    @property
    def order(self) -> tuple[object, ...]:
        """Its place in the canonical order: given facts before derived ones."""
        if self._order is None:
            if self.grown is None:
                units = tuple(sorted(self.units))
                self._order = (self.kind, 0, fields_key(self.fields), self.because, units)
            else:  # its units grow, but nothing else tells two conclusions apart
                self._order = (self.kind, 1, fields_key(self.fields))
        return self._order


@dataclass(eq=False, slots=True)
class Item:
    """Facts that one line cannot tell apart. `wants`: for an earlier line, the key its item must give to this line."""

    number: int
    line: "Line"
    group: str | None
    wants: Mapping[int, Key]
    gives: Mapping[int, Key]
    members: dict[int, Subject] = field(default_factory=dict)  # by id(): facts need not be hashable

    def first(self) -> Subject:
        return min(self.members.values(), key=lambda subject: subject.order)


Combination = tuple[Item, ...]
"""One item for each `given` line of a rule, joined."""


@record
class Line:
    """One line of a `given`.

    `wants`: for an earlier line, the own fields that must equal fields there; `gives`: for a later line, the fields
    that it compares. `decides`: whether the group of the conclusion may come from this line.
    """

    rule: int
    index: int
    kind: str
    constants: tuple[FactCondition, ...]
    wants: Mapping[int, tuple[str, ...]]
    gives: Mapping[int, tuple[str, ...]]
    decides: bool

    def meets(self, subject: Subject) -> bool:
        """Whether the fact meets every condition with a constant."""
        return all(_meets(condition, subject) for condition in self.constants)

    def keys(self, subject: Subject) -> tuple[str | None, Mapping[int, Key], Mapping[int, Key]] | None:
        """What makes the fact's item: group, wanted and given keys; None if a value to join by is missing."""
        wants = _keys(self.wants, subject)
        gives = _keys(self.gives, subject)
        if wants is None or gives is None:
            return None
        return (subject.group if self.decides else None), wants, gives


def _meets(condition: FactCondition, subject: Subject) -> bool:
    if subject.grown is not None and condition.name in GROWING:
        if condition.operator not in ("gt", "gte") or condition.name not in subject.grown:
            return False
        return compare(subject.grown[condition.name], condition.operator, condition.value)
    return condition.name in subject.fields and compare(
        subject.fields[condition.name], condition.operator, condition.value
    )


def _keys(joins: Mapping[int, tuple[str, ...]], subject: Subject) -> Mapping[int, Key] | None:
    found: dict[int, Key] = {}
    for other, names in joins.items():
        parts = [join_key(subject.fields.get(name)) for name in names]
        key = tuple(part for part in parts if part is not None)
        if len(key) < len(parts):
            return None
        found[other] = key
    return found


class Wanted:
    """What the `given` lines ask of facts by constants: whoever has many facts need not make those that none meets."""

    def __init__(self, derives: Iterable[Derive]) -> None:
        self._lines: dict[str, list[tuple[FactCondition, ...]]] = {}
        for derive in derives:
            for given in derive.given:
                constants = tuple(condition for condition in given.where if condition.other is None)
                self._lines.setdefault(given.fact, []).append(constants)

    def may_meet(self, kind: str, fields: Mapping[str, Value], unknown: Container[str] = ()) -> bool:
        """Whether a fact with these fields can meet some line, whatever the values of the fields in `unknown`."""
        for constants in self._lines.get(kind, ()):
            for condition in constants:  # plain loops: every rule is asked about in every check
                name = condition.name
                if name in unknown:
                    continue
                if name not in fields or not compare(fields[name], condition.operator, condition.value):
                    break
            else:
                return True
        return False


def lines_of(derives: Sequence[Derive], groupless: frozenset[str]) -> tuple[tuple[Line, ...], ...]:
    """The lines of each rule, in order. `groupless`: the kinds of which some fact has no group.

    Raises InferenceError that names every rule that cannot be chained: two with one id, no line or too many, an alias
    used twice, a comparison with a fact that does not come earlier.
    """
    problems = list(_problems(derives))
    if problems:
        raise InferenceError(problems)
    return tuple(_lines(number, derive, groupless) for number, derive in enumerate(derives))


def _lines(rule: int, derive: Derive, groupless: frozenset[str]) -> tuple[Line, ...]:
    position = {given.alias: index for index, given in enumerate(derive.given)}
    joins: dict[tuple[int, int], dict[tuple[str, str], None]] = {}  # (line, earlier line) -> field pairs, each once
    for index, given in enumerate(derive.given):
        for condition in given.where:
            if condition.other is not None:
                alias, name = condition.other
                joins.setdefault((index, position[alias]), {})[condition.name, name] = None
    lines = []
    decides = True
    for index, given in enumerate(derive.given):
        lines.append(
            Line(
                rule,
                index,
                given.fact,
                tuple(condition for condition in given.where if condition.other is None),
                {other: tuple(own for own, _ in pairs) for (line, other), pairs in joins.items() if line == index},
                {line: tuple(name for _, name in pairs) for (line, other), pairs in joins.items() if other == index},
                decides,
            )
        )
        decides = decides and given.fact in groupless
    return tuple(lines)


def _problems(derives: Sequence[Derive]) -> Iterable[Problem]:
    if len(derives) > MAX_DERIVES:
        yield Problem(
            "too-many-derives", Text(f"派生规则超过 {MAX_DERIVES} 条", f"more than {MAX_DERIVES} derive rules")
        )
    seen: set[str] = set()
    for derive in derives:
        if derive.id in seen:
            yield Problem(
                "doubled-id",
                Text(f"派生规则 `{derive.id}` 重复", f"two derive rules have the id `{derive.id}`"),
                derive.place,
            )
        seen.add(derive.id)
        if not 1 <= len(derive.given) <= MAX_LINES:
            yield Problem(
                "bad-given",
                Text(
                    f"派生规则 `{derive.id}` 的 given 应有 1 至 {MAX_LINES} 行",
                    f"derive rule `{derive.id}` needs 1 to {MAX_LINES} lines in `given`",
                ),
                derive.place,
            )
        yield from _line_problems(derive)


def _line_problems(derive: Derive) -> Iterable[Problem]:
    earlier: set[str] = set()
    for given in derive.given:
        if given.alias in earlier:
            yield Problem(
                "doubled-alias",
                Text(
                    f"派生规则 `{derive.id}` 的别名 `{given.alias}` 重复",
                    f"derive rule `{derive.id}` uses the alias `{given.alias}` twice",
                ),
                given.place,
            )
        for condition in given.where:
            fault = _condition_fault(condition, earlier)
            if fault is not None:
                yield Problem(
                    "bad-condition",
                    Text(f"派生规则 `{derive.id}`：{fault.zh}", f"derive rule `{derive.id}`: {fault.en}"),
                    condition.place,
                )
        earlier.add(given.alias)


def _condition_fault(condition: FactCondition, earlier: set[str]) -> Text | None:
    name, op = condition.name, condition.operator
    if condition.other is not None:
        alias, _ = condition.other
        if op != "eq":
            return Text(
                f"`{name}` 与另一事实只能用 eq 比较", f"`{name}` can only be compared by `eq` with another fact"
            )
        if alias not in earlier:
            return Text(f"`{alias}` 不是前面的别名", f"`{alias}` is not the alias of an earlier line")
        return None
    values = condition.value if op == "in" and isinstance(condition.value, list | tuple) else [condition.value]
    if not all(type_of(value) for value in values):
        return Text(
            f"`{name}` 只能与文字、数字、true/false 比较",
            f"`{name}` can only be compared with texts, numbers and booleans",
        )
    if op == "in" and values == [condition.value]:
        return Text(f"`{name}` 的 in 需要列表", f"`in` of `{name}` needs a list")
    return None

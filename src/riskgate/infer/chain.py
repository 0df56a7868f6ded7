"""The forward chain: facts become items of lines, an engine joins items, conclusions become facts again."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

from riskgate.errors import InferenceError, Problem
from riskgate.fingerprint import fingerprint
from riskgate.infer.facts import COUNTED, PROJECT, Derived, Fact, share, share_of
from riskgate.infer.lines import Combination, Item, Key, Line, Subject, lines_of
from riskgate.infer.values import Value, join_key
from riskgate.pack import Derive
from riskgate.text import Text

Waived = Callable[[str, str], bool]
"""Whether the risk of a derive rule (by id) in a group is waived. The same answer every time."""
MAX_ITEMS = 100_000
"""Items in one inference: durable-rules spends 9 kB of memory on each."""

MAX_STEPS = 1_000_000
"""Partial combinations in one inference, whatever its size."""

MAX_SUPPORT = 1_000_000
"""Facts behind all conclusions together: what stands behind each is part of the report."""


class Joiner(Protocol):
    """An engine: remembers the items it was given and finds what combines."""

    def join(self, items: Sequence[Item]) -> Iterable[Combination]:
        """Add items; yields every combination that holds at least one of them (older ones may come again)."""

    def close(self) -> None:
        """Give back what the engine holds."""


class _Conclusion:
    """One derived risk while it grows."""

    __slots__ = ("because", "combinations", "group", "rule", "subject")

    def __init__(self, rule: int, derive: Derive, group: str) -> None:
        own = fingerprint(derive.id, group)
        fields: dict[str, Value] = {
            "rule": derive.id,
            "severity": derive.conclude.severity,
            "group": group,
            "count": 1,
        }
        if derive.conclude.theme:
            fields["theme"] = derive.conclude.theme
        self.rule = rule
        self.group = group
        self.because: set[str] = set()
        self.combinations: list[Combination] = []
        self.subject = Subject("risk", MappingProxyType(fields), (own,), set(), {})

    def absorb(self, member: Subject, units_per_group: Mapping[str, int]) -> bool:
        """Take in a fact behind the conclusion; True if the units behind it grew."""
        self.because.update(member.because)
        if member.group != self.group or member.units <= self.subject.units:
            return False
        self.subject.units |= member.units
        self.subject.grown = share_of(self.subject.units, self.group, units_per_group)
        return True


class Chain:
    """One inference. `run` goes round until a round finds neither a new item nor a conclusion that grew."""

    def __init__(
        self,
        derives: Sequence[Derive],
        facts: Sequence[Fact],
        units_per_group: Mapping[str, int],
        step_limit: int | None,
        waived: Waived | None = None,
    ) -> None:
        self.derives = derives
        self.waived = waived
        self.units_per_group = units_per_group
        self.subjects = [_given(fact) for fact in facts]
        groupless = frozenset(subject.kind for subject in self.subjects if subject.group is None)
        self.rules = lines_of(derives, groupless)
        self.doors = _Doors(line for lines in self.rules for line in lines)
        count = sum(map(len, self.rules))
        self.step_limit = min(MAX_STEPS, 100_000 + 10 * len(facts) * count) if step_limit is None else step_limit
        self.items: dict[tuple[object, ...], Item] = {}
        self.load = [_Load(lines) for lines in self.rules]
        self.steps = 0
        self.support = 0
        self.conclusions: dict[tuple[int, str], _Conclusion] = {}
        self.combinations: set[tuple[int, ...]] = set()
        self.links: defaultdict[int, dict[_Conclusion, None]] = defaultdict(dict)  # item -> what it is behind

    def run(self, joiner: Joiner) -> tuple[Derived, ...]:
        """Raises InferenceError beyond a limit."""
        fresh = self.subjects
        while fresh:
            new, joined = self._place(fresh)
            self._check_limits()
            grown: dict[_Conclusion, None] = {}
            for item, subject in joined:
                for conclusion in self.links[item.number]:
                    self._absorb(conclusion, (subject,), grown)
            if new:
                for combination in joiner.join(new):
                    self._conclude(combination, grown)
            fresh = [conclusion.subject for conclusion in grown if not self._is_waived(conclusion)]
        return self._answer()

    def _is_waived(self, conclusion: _Conclusion) -> bool:
        return self.waived is not None and self.waived(self.derives[conclusion.rule].id, conclusion.group)

    def _place(self, subjects: Iterable[Subject]) -> tuple[list[Item], list[tuple[Item, Subject]]]:
        """Put facts into the items of the lines that they meet."""
        new: list[Item] = []
        joined: list[tuple[Item, Subject]] = []
        for subject in subjects:
            for line in self.doors.open_to(subject):
                keys = line.keys(subject) if line.meets(subject) else None
                if keys is None:
                    continue
                group, wants, gives = keys
                key = (line.rule, line.index, group, *wants.values(), *gives.values())
                item = self.items.get(key)
                if item is None:
                    item = self.items[key] = Item(len(self.items) + 1, line, group, wants, gives)
                    self.steps += self.load[line.rule].add(item)
                    new.append(item)
                item.members[id(subject)] = subject
                joined.append((item, subject))
        return new, joined

    def _check_limits(self) -> None:
        """Known before an engine is asked to combine anything."""
        if len(self.items) > MAX_ITEMS:
            fault = Text(f"推理条目超过上限 {MAX_ITEMS}", f"inference meets more than {MAX_ITEMS} items")
        elif self.steps > self.step_limit:
            fault = Text(f"推理步数超过上限 {self.step_limit}", f"inference needs more than {self.step_limit} steps")
        else:
            return
        raise self._beyond(fault)

    def _beyond(self, fault: Text) -> InferenceError:
        """Names the rule that can combine most: it does not depend on how far an engine got."""
        heaviest = max(zip(self.derives, self.load, strict=True), key=lambda pair: (pair[1].bound(), pair[0].id))[0]
        message = Text(
            f"{fault.zh}，派生规则 `{heaviest.id}` 组合最多", f"{fault.en}; most are of derive rule `{heaviest.id}`"
        )
        remedy = Text(
            "请用 `group: 别名.group` 连接各行，或收紧条件", "join its lines (`group: alias.group`) or ask more"
        )
        return InferenceError(Problem("inference-limit", message, heaviest.place, remedy))

    def _conclude(self, combination: Combination, grown: dict[_Conclusion, None]) -> None:
        numbers = tuple(item.number for item in combination)
        if numbers in self.combinations:
            return
        self.combinations.add(numbers)
        rule = combination[0].line.rule
        group = next((item.group for item in combination if item.group is not None), PROJECT)
        conclusion = self.conclusions.get((rule, group))
        if conclusion is None:
            conclusion = self.conclusions[rule, group] = _Conclusion(rule, self.derives[rule], group)
            conclusion.subject.grown = share(0, group, self.units_per_group)
            grown[conclusion] = None
        conclusion.combinations.append(combination)
        for item in combination:
            behind = self.links[item.number]
            if conclusion not in behind:
                behind[conclusion] = None
                self._absorb(conclusion, item.members.values(), grown)

    def _absorb(self, conclusion: _Conclusion, members: Collection[Subject], grown: dict[_Conclusion, None]) -> None:
        self.support += len(members)
        if self.support > MAX_SUPPORT:
            fault = Text(
                f"结论所依据的事实超过上限 {MAX_SUPPORT}", f"conclusions rest on more than {MAX_SUPPORT} facts in all"
            )
            raise self._beyond(fault)
        for member in members:
            if conclusion.absorb(member, self.units_per_group):
                grown[conclusion] = None

    def _answer(self) -> tuple[Derived, ...]:
        firsts = {item.number: item.first() for item in self.items.values()}
        ranked = sorted(firsts, key=lambda number: firsts[number].order)
        rank = {number: place for place, number in enumerate(ranked)}
        derived = []
        for conclusion in self.conclusions.values():
            best = min(conclusion.combinations, key=lambda items: [rank[item.number] for item in items])
            (own,) = conclusion.subject.because
            derived.append(
                Derived(
                    self.derives[conclusion.rule].id,
                    conclusion.group,
                    tuple(sorted(conclusion.because - {own})),
                    tuple(_shown(firsts[item.number]) for item in best),
                )
            )
        return tuple(sorted(derived, key=lambda found: (found.derive, found.group)))


class _Load:
    """How many partial combinations a rule can have at most: known before an engine is asked to make them."""

    __slots__ = ("buckets", "sizes", "widest")

    def __init__(self, lines: Sequence[Line]) -> None:
        self.sizes = [0] * len(lines)
        self.widest = [0] * len(lines)
        self.buckets: defaultdict[tuple[int, tuple[Key, ...]], int] = defaultdict(int)

    def add(self, item: Item) -> int:
        """Count an item in; gives by how much the bound grew."""
        before = self.bound()
        index = item.line.index
        bucket = (index, tuple(item.wants.values()))
        self.sizes[index] += 1
        self.buckets[bucket] += 1
        self.widest[index] = max(self.widest[index], self.buckets[bucket])
        return self.bound() - before

    def bound(self) -> int:
        """An item of the first line meets, in each further line, at most the widest set of items that want the same."""
        partial = total = self.sizes[0]
        for widest in self.widest[1:]:
            partial *= widest
            total += partial
        return total


class _Doors:
    """Which lines a fact can meet at all: those of its kind, found by their first equality with a constant."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._doorless: defaultdict[str, list[Line]] = defaultdict(list)
        self._doors: defaultdict[str, dict[str, defaultdict[object, list[Line]]]] = defaultdict(dict)
        for line in lines:
            # what is counted may be known by its bounds only, so it is no door
            equal = (one for one in line.constants if one.operator == "eq" and one.name not in COUNTED)
            door = next(equal, None)
            if door is None:
                self._doorless[line.kind].append(line)
            else:
                named = self._doors[line.kind].setdefault(door.name, defaultdict(list))
                named[join_key(door.value)].append(line)

    def open_to(self, subject: Subject) -> Iterable[Line]:
        yield from self._doorless.get(subject.kind, ())
        for name, lines in self._doors.get(subject.kind, {}).items():
            yield from lines.get(join_key(subject.fields.get(name)), ())


def _given(fact: Fact) -> Subject:
    return Subject(fact.kind, fact.fields, fact.because, set(fact.units))


def _shown(subject: Subject) -> Fact:
    fields = {**subject.fields, **(subject.grown or {})}
    return Fact(subject.kind, MappingProxyType(fields), subject.because, frozenset(subject.units))

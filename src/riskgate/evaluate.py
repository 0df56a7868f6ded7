"""Plan and Snapshot to Evaluation: which rules are violated where, and which cannot be decided, and why.

The generated functions, and the interpreter where there are few entities, report ordinals only. What they found is
sorted out here: a gap's bits become the missing paths, `on_missing` speaks, and checks with computed values are asked
again, exactly, for the reason.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from riskgate.cel.runtime import DEFAULT_LIMIT, DEFAULT_TOLERANCE, CelError, Context
from riskgate.plan.bind import BoundRule
from riskgate.plan.few import Reasons
from riskgate.plan.paths import Path
from riskgate.plan.plan import Plan
from riskgate.plan.settings import Settings
from riskgate.reasons import Names, absent_detail, listed, missing_detail, over_budget
from riskgate.record import record
from riskgate.report import GapReason
from riskgate.snapshot.tree import Snapshot
from riskgate.text import Text
from riskgate.vocabulary import EntityType

REASONS: tuple[GapReason, ...] = ("budget", "error", "conflict", "absent", "missing")
"""Where several things keep a rule undecided, the first of these is the reason that is given."""


@dataclass(slots=True)
class GapGroup:
    """One rule, undecided for one reason and one set of missing paths, at some entities of one type."""

    rule: BoundRule
    reason: GapReason
    missing: tuple[str, ...]
    detail: Text
    entity: EntityType
    ordinals: list[int]


@record
class Evaluation:
    """What was found. `risks` holds for each rule the ordinals of the entities that violate it."""

    plan: Plan
    snapshot: Snapshot
    settings: Settings
    as_of: dt.datetime
    risks: tuple[list[int], ...]
    gaps: tuple[GapGroup, ...]
    met: Mapping[str, int] = field(default_factory=dict)
    """How many entities of each type the snapshot has."""


def contexts_of(plan: Plan, snapshot: Snapshot, settings: Settings, limit: int = DEFAULT_LIMIT) -> list[Context]:
    """One context for each pack: tolerance is a parameter of the pack."""
    offset = snapshot.utc_offset.utcoffset(None)

    def entities(kind: str) -> list[dict[str, Any]]:
        for above in plan.library.vocabulary.chains[kind]:
            if snapshot.tables[above.name].absent:
                raise CelError(f"`{above.key}` is absent at some {above.within}", frozenset({"absent"}), (above.name,))
        return snapshot.tables[kind].entities

    def lookup(kind: str, name: str) -> dict[str, Any] | None:
        found = snapshot.by_id(kind).get(name)
        if found is None:
            entities(kind)  # an absent collection is the better reason
        return found

    return [
        Context(
            limit,
            tolerance=float(values.get("tolerance", DEFAULT_TOLERANCE)),
            utc_offset=offset,
            entities=entities,
            lookup=lookup,
        )
        for values in settings.values
    ]


def evaluate(
    plan: Plan, snapshot: Snapshot, settings: Settings, as_of: dt.datetime, *, limit: int = DEFAULT_LIMIT
) -> Evaluation:
    """Run all rules of the plan on a snapshot. `limit` is the step budget of one check."""
    contexts = contexts_of(plan, snapshot, settings, limit)
    tolerances = [context.tolerance for context in contexts]
    count = len(plan.rules)
    hit: tuple[list[int], ...] = tuple([] for _ in range(count))
    miss: tuple[list[int], ...] = tuple([] for _ in range(count))
    over: tuple[list[int], ...] = tuple([] for _ in range(count))
    common = (settings.values, contexts, tolerances, as_of)
    met = {name: len(table.entities) for name, table in snapshot.tables.items()}
    total = sum(met.values())
    reasons: Reasons = {}
    for name in plan.by_entity:
        if met[name]:
            tables = [snapshot.tables[entity.name] for entity in plan.library.vocabulary.chains[name]]
            plan.run(name, met, limit, reasons)(tables, *common, hit, miss, over)
    sorter = _Sorter(plan, snapshot, settings, as_of, contexts, reasons)
    for rule in plan.rules:
        if miss[rule.index]:
            sorter.missed(rule, miss[rule.index], hit[rule.index])
        if over[rule.index]:
            sorter.add(rule, "budget", (), over_budget(limit), rule.entity, over[rule.index])
    for kind in plan.library.vocabulary.order[1:]:
        parents = snapshot.tables[kind.name].absent
        if parents:
            sorter.absent(kind, parents, common, total)
    if snapshot.conflicts:
        sorter.disputed(hit)
    return Evaluation(plan, snapshot, settings, as_of, hit, sorter.groups(), met)


class _Sorter:
    """Sorts gaps into groups of one reason, and lets `on_missing` speak."""

    def __init__(
        self,
        plan: Plan,
        snapshot: Snapshot,
        settings: Settings,
        as_of: dt.datetime,
        contexts: Sequence[Context],
        reasons: Reasons,
    ) -> None:
        self._plan = plan
        self._snapshot = snapshot
        self._settings = settings
        self._as_of = as_of
        self._contexts = contexts
        self._reasons = reasons
        self._groups: dict[tuple[int, str, tuple[str, ...], str, str], GapGroup] = {}
        self._names: dict[int, Names] = {}

    def groups(self) -> tuple[GapGroup, ...]:
        return tuple(self._groups[key] for key in sorted(self._groups))

    def add(
        self,
        rule: BoundRule,
        reason: GapReason,
        missing: tuple[str, ...],
        detail: Text,
        kind: EntityType,
        at: list[int],
    ) -> None:
        key = (rule.index, reason, missing, detail.en, kind.name)
        group = self._groups.get(key)
        if group is None:
            self._groups[key] = GapGroup(rule, reason, missing, detail, kind, list(at))
        else:
            group.ordinals.extend(at)

    def missed(self, rule: BoundRule, codes: list[int], hits: list[int]) -> None:
        """Take apart what a generated function reported: ordinal, bits of missing paths, lowest bit for `when`."""
        deciding = self._plan.deciding(rule)
        shift = len(deciding) + 1
        low = (1 << shift) - 1
        by_mask: dict[int, list[int]] = {}
        for code in codes:
            by_mask.setdefault(code & low, []).append(code >> shift)
        computed = self._plan.computed(rule)
        for mask, ordinals in by_mask.items():
            paths = tuple(path for bit, path in enumerate(deciding, start=1) if mask >> bit & 1)
            if computed or self._snapshot.conflicts:
                for ordinal in ordinals:
                    self._exactly(rule, paths, ordinal, hits, undecided_when=bool(mask & 1))
            else:
                detail = missing_detail(paths)
                self._settle(rule, "missing", paths, detail, ordinals, hits, undecided_when=bool(mask & 1))

    def absent(self, kind: EntityType, parents: list[int], common: tuple[Any, ...], total: int) -> None:
        """An absent collection or single: a gap at its parent for every rule on it or below it."""
        absence = self._plan.absence(kind.name, len(parents), total)
        above = self._plan.library.vocabulary.chains[kind.name][-2]
        path = (f"{above.name}.{kind.key}",)
        detail = absent_detail(kind)
        for rule in absence.always:
            self.add(rule, "absent", path, detail, above, parents)
        if absence.test is None:
            return
        found: defaultdict[int, list[int]] = defaultdict(list)
        chain = self._plan.library.vocabulary.chains[above.name]
        tables = [self._snapshot.tables[entity.name] for entity in chain]
        absence.test(tables, *common, found, found, found, parents)
        for index in sorted(found):
            if found[index]:
                self.add(self._plan.rules[index], "absent", path, detail, above, found[index])

    def disputed(self, hit: Sequence[list[int]]) -> None:
        """Gaps where a rule would pass because `has()` takes a value on which sources disagree for one not given."""
        from riskgate.disputes import disputed  # noqa: PLC0415 - a check without conflicts does without

        known = [set(ordinals) for ordinals in hit]
        for group in self._groups.values():
            if group.entity.name == group.rule.entity.name:
                known[group.rule.index].update(group.ordinals)
        found = disputed(self._plan, self._snapshot, self._settings, self._as_of, self._contexts, known)
        for rule, ordinal, paths in found:
            names = {entity.name for entity in rule.chain}
            missing = tuple(sorted({path for path in paths if path.partition(".")[0] in names}))
            self.add(rule, "conflict", missing, _disagree(paths), rule.entity, [ordinal])

    def _settle(
        self,
        rule: BoundRule,
        reason: GapReason,
        paths: tuple[Path, ...],
        detail: Text,
        ordinals: list[int],
        hits: list[int],
        *,
        undecided_when: bool,
    ) -> None:
        on_missing = rule.rule.on_missing
        if on_missing != "gap" and reason == "missing" and not undecided_when:
            if on_missing == "risk":
                hits.extend(ordinals)
                hits.sort()
            return
        missing = tuple(sorted(path.text for path in paths))
        self.add(rule, reason, missing, detail, rule.entity, ordinals)

    def _exactly(
        self, rule: BoundRule, paths: tuple[Path, ...], ordinal: int, hits: list[int], *, undecided_when: bool
    ) -> None:
        """Ask the conditions themselves why there is no value, unless the interpreter has said so."""
        error = self._reasons.get((rule.index, ordinal))
        if error is None:
            error, undecided_when = self._asked_again(rule, ordinal)
        if error is not None:
            reason, detail = self._reason(rule, error, paths, ordinal)
        else:
            # the conditions have a value after all: generated and compiled code disagree, and nobody may pass on that
            reason, detail = "error", Text("内部判断不一致", "the two forms of the condition disagree")
        self._settle(rule, reason, paths, detail, [ordinal], hits, undecided_when=undecided_when)

    def _asked_again(self, rule: BoundRule, ordinal: int) -> tuple[CelError | None, bool]:
        """The error of the compiled conditions, and whether `when` is what has it."""
        exact = self._plan.exact(rule)
        context = self._contexts[rule.pack]
        chain = self._snapshot.chain(rule.entity.name, ordinal)
        args = (*chain, self._settings.values[rule.pack], self._as_of, context)
        undecided_when = exact.when is not None
        context.start()
        try:
            if exact.when is not None:
                exact.when(*args)
                undecided_when = False
            exact.require(*args)
        except CelError as error:
            return error, undecided_when
        return None, undecided_when

    def _reason(
        self, rule: BoundRule, error: CelError, paths: tuple[Path, ...], ordinal: int
    ) -> tuple[GapReason, Text]:
        kinds = set(error.kinds)
        known = {path.text for path in paths}
        conflicting = [path.text for path in paths if self._in_conflict(rule, path, ordinal)]
        conflicting += [path for path in error.paths if path not in known and self._may_be_in_conflict(path)]
        if conflicting:
            kinds = kinds - {"missing"} | {"conflict"}
        reason = next(reason for reason in REASONS if reason in kinds)
        if reason == "conflict":
            return reason, _disagree(conflicting)
        if reason == "missing":
            # an object that is not given is said by its member
            inner = [path for path in error.paths if not any(f"{one}.".startswith(f"{path}.") for one in known)]
            return reason, missing_detail(paths, [self._names_of(rule).say(path) for path in inner])
        if reason == "absent":
            names = self._names_of(rule)
            return reason, listed(
                Text("快照中没有：", "the snapshot has no "), [names.say(path) for path in error.paths]
            )
        if reason == "budget":
            return reason, over_budget(self._contexts[rule.pack].limit)
        return reason, Text(f"无法计算：{error.message}", f"cannot be computed: {error.message}")

    def _names_of(self, rule: BoundRule) -> Names:
        found = self._names.get(rule.index)
        if found is None:
            found = self._names[rule.index] = Names(self._plan.library.vocabulary, rule)
        return found

    def _may_be_in_conflict(self, path: str) -> bool:
        """A field inside a macro: which entity lacked it is not known, so any conflict about such a field counts."""
        field = path.rpartition(".")[2]
        return any(pointer.rpartition("/")[2] == field for pointer in self._snapshot.conflicts)

    def _in_conflict(self, rule: BoundRule, path: Path, ordinal: int) -> bool:
        if not self._snapshot.conflicts:
            return False
        ordinals = self._snapshot.ordinals(rule.entity.name, ordinal)
        names = [entity.name for entity in rule.chain]
        holder = self._snapshot.pointer(path.entity, ordinals[names.index(path.entity)])
        return holder + path.pointer in self._snapshot.conflicts


def _disagree(paths: Sequence[str]) -> Text:
    listed_paths = ", ".join(paths)
    return Text(f"资料来源互相矛盾：{listed_paths}", f"sources disagree about {listed_paths}")

"""Run the cases of rules: each is an example with its expected outcome, and so the rule's test.

A case is decided twice, by the generated functions that a check uses and by the plain interpreter; an outcome counts
only where both agree.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from riskgate.cel.interpret import interpret
from riskgate.cel.runtime import CelError, Context
from riskgate.errors import InferenceError, Place, RiskgateError
from riskgate.evaluate import Evaluation, contexts_of, evaluate
from riskgate.infer.cases import run_derive_cases
from riskgate.load.library import Library
from riskgate.pack import Case, Derive, Outcome
from riskgate.plan.bind import BoundRule
from riskgate.plan.plan import Plan, plan_rules
from riskgate.plan.settings import Settings, settings_of
from riskgate.snapshot.reader import Reader
from riskgate.snapshot.tree import Snapshot
from riskgate.text import Text

DEFAULT_AS_OF = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
"""The day of a case that does not name one."""
WORST: Sequence[Outcome] = ("risk", "gap", "pass", "skip")
"""A whole snapshot may have many outcomes: the case sees the first of these that occurs."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case of a rule or derive rule: `index` counts from 1; `why` says what led to what was got."""

    rule: str
    index: int
    place: Place
    expect: str
    got: str
    why: Text

    @property
    def passed(self) -> bool:
        return self.expect == self.got


def run_cases(plan: Plan, packs: Iterable[str] | None = None) -> tuple[CaseResult, ...]:
    """Run all cases of the named packs (all if None), in the order of packs and rules."""
    return tuple(each_case(plan, packs))


def each_case(plan: Plan, packs: Iterable[str] | None = None) -> Iterator[CaseResult]:
    """The same one after the other, for those who want to see how far it is."""
    chosen = _chosen(plan, packs)
    reader = Reader(plan.library.vocabulary, plan.library.lifecycle)
    for rule in plan.rules:
        if plan.library.packs[rule.pack].name in chosen:
            yield from _results(plan, rule, reader)
    for pack in plan.library.packs:
        if pack.name in chosen:
            for derived in pack.derives:
                yield from _derive_results(derived)


def count_cases(plan: Plan, packs: Iterable[str] | None = None) -> int:
    """How many cases `each_case` runs."""
    chosen = [pack for pack in plan.library.packs if pack.name in _chosen(plan, packs)]
    return sum(len(rule.cases) for pack in chosen for rules in (pack.rules, pack.derives) for rule in rules)


def run_rule(plan: Plan, name: str, reader: Reader) -> tuple[CaseResult, ...]:
    """Run the cases of one rule or derive rule; the reader is that of a gate. Raises KeyError for an unknown name."""
    if name in plan.by_id:
        return tuple(_results(plan, plan.by_id[name], reader))
    derives = {derived.id: derived for pack in plan.library.packs for derived in pack.derives}
    return tuple(_derive_results(derives[name]))


def _chosen(plan: Plan, packs: Iterable[str] | None) -> frozenset[str]:
    return frozenset(pack.name for pack in plan.library.packs) if packs is None else frozenset(packs)


def _results(plan: Plan, rule: BoundRule, reader: Reader) -> Iterator[CaseResult]:
    runner = _Runner(plan.library, reader, rule)
    return (runner.run(index, case) for index, case in enumerate(rule.rule.cases, 1))


class _Runner:
    """Runs the cases of one rule: a plan of this rule alone."""

    def __init__(self, library: Library, reader: Reader, bound: BoundRule) -> None:
        self._library = library
        self._reader = reader
        self._rule = replace(bound, index=0)
        self._plan = plan_rules(library, [self._rule])

    def run(self, index: int, case: Case) -> CaseResult:
        try:
            got, why = self._outcome(case)
        except RiskgateError as error:
            first = error.problems[0]
            place = f"{first.place.pointer}: " if first.place.pointer else ""
            got, why = "error", Text(place + first.message.zh, place + first.message.en)
        return CaseResult(self._rule.rule.id, index, case.place, case.expect, got, why)

    def _outcome(self, case: Case) -> tuple[str, Text]:
        if case.snapshot is not None:
            snapshot = self._reader.read(case.snapshot)
        else:
            snapshot = self._reader.read_case(self._rule.entity.name, case.entities)
        pack = self._library.packs[self._rule.pack]
        settings = self._settings({f"{pack.name}.{name}": value for name, value in case.params.items()})
        evaluation = evaluate(self._plan, snapshot, settings, _day(case, snapshot))
        fast = _fast(evaluation)
        slow, why = _slow(evaluation, self._rule)
        if fast is not None and fast != slow:
            return f"{slow} / {fast}", Text("两种求值结果不一致", "generated code and interpreter disagree")
        return slow, why

    def _settings(self, params: dict[str, Any]) -> Settings:
        return settings_of(self._library.packs, self._library.lifecycle, params)


def _day(case: Case, snapshot: Snapshot) -> dt.datetime:
    if case.as_of is not None:
        return dt.datetime.fromisoformat(case.as_of).replace(tzinfo=dt.UTC)
    if snapshot.as_of is not None:
        return dt.datetime(snapshot.as_of.year, snapshot.as_of.month, snapshot.as_of.day, tzinfo=dt.UTC)
    return DEFAULT_AS_OF


def _fast(evaluation: Evaluation) -> Outcome | None:
    """What the generated functions say; None where they say nothing (pass or skip)."""
    if evaluation.risks[0]:
        return "risk"
    return "gap" if evaluation.gaps else None


def _slow(evaluation: Evaluation, rule: BoundRule) -> tuple[Outcome, Text]:
    """What the interpreter says of every entity, and of absent collections, worst first."""
    contexts = contexts_of(evaluation.plan, evaluation.snapshot, evaluation.settings)
    entities = evaluation.snapshot.tables[rule.entity.name].entities
    outcomes = [decide(evaluation, rule, ordinal, contexts[rule.pack]) for ordinal in range(len(entities))]
    if any(group.reason == "absent" and group.entity != rule.entity for group in evaluation.gaps):
        outcomes.append(("gap", evaluation.gaps[0].detail))
    if not outcomes:
        return "skip", Text("没有可检查的对象", "no entity to check")
    return min(outcomes, key=lambda outcome: WORST.index(outcome[0]))


def decide(evaluation: Evaluation, rule: BoundRule, ordinal: int, context: Context) -> tuple[Outcome, Text]:
    """The outcome of a rule at an entity by the plain interpreter: the contract, word for word."""
    chain = evaluation.snapshot.chain(rule.entity.name, ordinal)
    bindings: dict[str, Any] = {kind.name: entity for kind, entity in zip(rule.chain, chain, strict=True)}
    bindings |= {"params": evaluation.settings.values[rule.pack], "as_of": evaluation.as_of}
    context.start()
    try:
        if rule.when is not None and not interpret(
            rule.when.tree, bindings, context, types=rule.when.types, mixed=True, inline=rule.inline
        ):
            return "skip", Text("when 为假", "`when` is false")
    except CelError as error:
        return "gap", Text(f"when 无法判断：{error.message}", f"`when` is undecided: {error.message}")
    try:
        holds = interpret(
            rule.require.tree, bindings, context, types=rule.require.types, mixed=True, inline=rule.inline
        )
    except CelError as error:
        on_missing = rule.rule.on_missing
        why = Text(f"require 无法判断：{error.message}", f"`require` is undecided: {error.message}")
        if on_missing != "gap" and error.kinds == {"missing"}:
            return on_missing, why
        return "gap", why
    if holds:
        return "pass", Text("require 为真", "`require` is true")
    return "risk", Text("require 为假", "`require` is false")


def _derive_results(derived: Derive) -> list[CaseResult]:
    try:
        results = run_derive_cases([derived])
    except InferenceError as error:
        why = error.problems[0].message
        return [
            CaseResult(derived.id, i, c.place, _listed(c.expect), "error", why) for i, c in enumerate(derived.cases, 1)
        ]
    return [
        CaseResult(
            derived.id,
            result.number,
            result.case.place,
            _listed(result.case.expect),
            _listed(result.found),
            Text("得出的分组", "the groups concluded for"),
        )
        for result in results
    ]


def _listed(groups: Iterable[str]) -> str:
    return ", ".join(sorted(groups)) or "-"

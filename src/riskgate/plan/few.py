"""Few entities: their rules are asked one by one by the interpreter, as making code for them would take longer.

It reports what the generated functions report, so that nothing later knows which of the two has spoken.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

from riskgate.cel.checked import Checked
from riskgate.cel.interpret import interpret
from riskgate.cel.values import CelError, Context
from riskgate.plan.bind import BoundRule
from riskgate.plan.paths import Path
from riskgate.vocabulary import EntityType

FEW: Final = 256
"""A snapshot of more entities than that is worth code for all its types: expressions may go through any of them."""
PATIENCE: Final = 32
"""How many entities of a type are interpreted, over all checks, before code is made: making it takes about as long."""
STEPS: Final = 2_000
"""How many items the macros of one type may visit in a check; where there are more, code is made after all. What goes
beyond the budget of a check is therefore always found by code."""

Params = Sequence[Mapping[str, Any]]
Found = Sequence[list[int]] | Mapping[int, list[int]]
"""For each rule, by its index, the ordinals or codes that were reported."""
Reasons = dict[tuple[int, int], CelError]
"""Why a rule (its index) has no value at an entity (its ordinal)."""


class Table(Protocol):
    """What is needed of a table of the snapshot."""

    @property
    def entities(self) -> list[dict[str, Any]]: ...
    @property
    def parents(self) -> list[int]: ...


class Absence(NamedTuple):
    """What it means for rules that a collection or single is absent: gaps always, or unless `when` is false."""

    always: Sequence[BoundRule]
    test: Callable[..., None] | None


class Patience:
    """How many entities of a type the interpreter decides before code is made, and how many it has decided.

    Of two threads that count at once, one may not be seen: then code is made a little later.
    """

    def __init__(self, entities: int = 0) -> None:
        self._entities = entities
        self.types: dict[str, int] = {}
        self.absences: dict[str, int] = {}

    def lasts(self, met: dict[Any, int], name: object, count: int, total: int) -> bool:
        """Whether the interpreter is to decide so many entities more, in a snapshot of so many in all."""
        known = met.get(name, 0) + count
        if known > self._entities or total > FEW:
            return False
        met[name] = known
        return True


class _TooManyStepsError(Exception):
    """The macros of these rules visit more than the interpreter should."""


class _Asking:
    """Asks the conditions of rules at the entities of one type in one snapshot, and counts what their macros visit.

    `chain` are the types of the entity and of those above it.
    """

    def __init__(
        self,
        chain: Sequence[EntityType],
        tables: Sequence[Table],
        params: Params,
        contexts: Sequence[Context],
        as_of: dt.datetime,
    ) -> None:
        self._names = [entity.name for entity in chain]
        self._tables = tables
        self._params = params
        self._contexts = contexts
        self._as_of = as_of
        self._left = STEPS
        self._allowed = 0
        self._bindings: dict[tuple[int, int], dict[str, Any]] = {}
        self._applies: dict[tuple[int, str, int], bool | CelError] = {}

    def start(self, rule: BoundRule) -> None:
        """Begin a check: its budget, or what is left for all of them if that is less."""
        context = self._contexts[rule.pack]
        context.start()
        context.remaining = self._allowed = min(context.limit, self._left)

    def end(self, rule: BoundRule) -> None:
        self._left -= self._spent(rule)

    def _spent(self, rule: BoundRule) -> int:
        return self._allowed - max(self._contexts[rule.pack].remaining, 0)

    def applies(self, rule: BoundRule, ordinal: int) -> bool:
        """Whether `when` holds. Raises CelError where it has no value."""
        if rule.when is None or rule.rule.when is None:
            return True
        if rule.values:
            return self._value(rule, rule.when, ordinal)
        key = (rule.pack, rule.rule.when.text, ordinal)  # rules of one file often have it in common
        known = self._applies.get(key)
        if known is None:
            try:
                known = self._value(rule, rule.when, ordinal)
            except CelError as error:
                known = error
            if not self._spent(rule):  # steps count against the budget of each check
                self._applies[key] = known
        if isinstance(known, CelError):
            raise known.with_traceback(None)  # each time anew: else it would keep all frames that it passed
        return known

    def holds(self, rule: BoundRule, ordinal: int) -> bool:
        """Whether `require` holds. Raises CelError where it has no value."""
        return self._value(rule, rule.require, ordinal)

    def _value(self, rule: BoundRule, checked: Checked, ordinal: int) -> bool:
        bindings, context = self.bindings(ordinal, rule.pack), self._contexts[rule.pack]
        value = interpret(checked.tree, bindings, context, types=rule.types, mixed=True, inline=rule.inline)
        return value is True

    def bindings(self, ordinal: int, pack: int) -> dict[str, Any]:
        """The entity with those above it, the parameters and the day. What is below it, and absent, has no name."""
        found = self._bindings.get((ordinal, pack))
        if found is None:
            found = self._bindings[ordinal, pack] = {"params": self._params[pack], "as_of": self._as_of}
            for name, table in zip(reversed(self._names), reversed(self._tables), strict=True):
                found[name] = table.entities[ordinal]
                ordinal = table.parents[ordinal] if table.parents else 0
        return found


class Interpreted:
    """Stands in for the function of an entity type. `make` gives that function, should it be the better after all."""

    def __init__(
        self,
        rules: Sequence[BoundRule],
        deciding: Callable[[BoundRule], Sequence[Path]],
        reasons: Reasons,
        make: Callable[[], Callable[..., None]],
    ) -> None:
        self._rules = rules
        self._deciding = deciding
        self._reasons = reasons
        self._make = make

    def __call__(
        self,
        tables: Sequence[Table],
        params: Params,
        contexts: Sequence[Context],
        tolerances: Sequence[float],
        as_of: dt.datetime,
        hit: Found,
        miss: Found,
        over: Found,
    ) -> None:
        asking = _Asking(self._rules[0].chain, tables, params, contexts, as_of)
        found: list[tuple[list[int], int]] = []  # nothing is reported before all of it is known
        reasons: Reasons = {}
        try:
            for rule in self._rules:
                for ordinal in range(len(tables[-1].entities)):
                    found += self._ask(asking, rule, ordinal, hit[rule.index], miss[rule.index], reasons)
        except _TooManyStepsError:
            self._make()(tables, params, contexts, tolerances, as_of, hit, miss, over)
            return
        self._reasons.update(reasons)
        for listed, code in found:
            listed.append(code)

    def _ask(
        self,
        asking: _Asking,
        rule: BoundRule,
        ordinal: int,
        hit: list[int],
        miss: list[int],
        reasons: Reasons,
    ) -> Iterable[tuple[list[int], int]]:
        """What is to be reported of a rule at an entity, and in which list."""
        applies = False
        asking.start(rule)
        try:
            applies = asking.applies(rule, ordinal)
            return () if not applies or asking.holds(rule, ordinal) else ((hit, ordinal),)
        except CelError as error:
            if "budget" in error.kinds:
                raise _TooManyStepsError from None
            reasons[rule.index, ordinal] = error
            entities = asking.bindings(ordinal, rule.pack)
            return ((miss, _code(ordinal, self._deciding(rule), entities, undecided_when=not applies)),)
        finally:
            asking.end(rule)


def interpreted_absence(rules: Sequence[BoundRule], make: Callable[[], Absence]) -> Absence:
    """What the absence of a collection or single means for the rules on it and below it; `make` compiles the same."""
    always = [rule for rule in rules if rule.when is None]
    tested = [rule for rule in rules if rule.when is not None]
    return Absence(always, _InterpretedAbsence(tested, make) if tested else None)


class _InterpretedAbsence:
    """Stands in for the function that says where rules are undecided, unless their `when` is false."""

    def __init__(self, rules: Sequence[BoundRule], make: Callable[[], Absence]) -> None:
        self._rules = rules
        self._make = make

    def __call__(
        self,
        tables: Sequence[Table],
        params: Params,
        contexts: Sequence[Context],
        tolerances: Sequence[float],
        as_of: dt.datetime,
        hit: Found,
        miss: Found,
        over: Found,
        absent: Sequence[int],
    ) -> None:
        asking = _Asking(self._rules[0].chain[: len(tables)], tables, params, contexts, as_of)
        try:
            found = [
                (miss[rule.index], ordinal)
                for rule in self._rules
                for ordinal in absent
                if not _never(asking, rule, ordinal)
            ]
        except _TooManyStepsError:
            always, test = self._make()
            found = [(miss[rule.index], ordinal) for rule in always if rule.when is not None for ordinal in absent]
            if test is not None:
                test(tables, params, contexts, tolerances, as_of, hit, miss, over, absent)
        for listed, ordinal in found:
            listed.append(ordinal)


def _never(asking: _Asking, rule: BoundRule, ordinal: int) -> bool:
    """Whether `when` is certainly false at an entity above the rule's own, which is absent."""
    asking.start(rule)
    try:
        return not asking.applies(rule, ordinal)
    except CelError as error:
        if "budget" in error.kinds:
            raise _TooManyStepsError from None
        return False
    finally:
        asking.end(rule)


def _code(ordinal: int, deciding: Sequence[Path], entities: Mapping[str, Any], *, undecided_when: bool) -> int:
    """A gap as the generated functions report it: ordinal, one bit per deciding path that has no value, and the lowest
    bit for `when`."""
    code = ordinal << len(deciding) + 1 | undecided_when
    for bit, path in enumerate(deciding, start=1):
        value = entities[path.entity]
        for member in path.members:
            value = None if value is None else value.get(member)
        code |= (value is None) << bit
    return code

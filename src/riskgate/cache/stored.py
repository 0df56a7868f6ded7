"""A library with its plan as bytes, and back: what a run needs is made at once, the rest when it is asked for.

Only values of known classes are written. Anything else is refused rather than guessed at, above all what refers to
syntax nodes by their `id()`, which is another one in the next process.
"""

import io
import marshal
import pickle
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import partial
from types import BuiltinFunctionType, CodeType, FunctionType, MappingProxyType
from typing import Any, Final, NamedTuple

from riskgate.cache.later import Cases, KeptChecked, Shelf, kept_checked, node
from riskgate.cel.checked import Checked
from riskgate.cel.support import Recovery
from riskgate.cel.syntax import Syntax
from riskgate.cel.types import DYN, ObjectOf
from riskgate.load.library import Library
from riskgate.pack import FactDeclaration, Rule
from riskgate.plan.bind import BoundFact, BoundRule
from riskgate.plan.computed import Computed, Remembered, Where, compile_part, part_at, parts_of, where
from riskgate.plan.deferred import Deferred
from riskgate.plan.few import Absence
from riskgate.plan.paths import Path
from riskgate.plan.plan import Check, Exact, Plan
from riskgate.plan.running import BUILTINS, UNSET, Matches
from riskgate.text import Text
from riskgate.vocabulary import EntityType

_PLAIN: Final = frozenset(
    {
        *(datetime, date, time, timedelta, timezone, BuiltinFunctionType),
        *(Text, Check, Absence, Where, Matches, Shelf),
    }
)
"""Classes whose values are written as pickle does."""
_GENERATED: Final = frozenset({"check", "absent", "quantifier", "expression"})
"""The names of functions that were made of syntax nodes, with all that they see in their globals."""
_WHEN: Final = Where(named=False, name="when", position=0)
_REQUIRE: Final = Where(named=False, name="require", position=0)
_PARAMETERS: Final = "params"
_CASES: Final = Rule.__match_args__.index("cases")
_Conditions = tuple[Callable[..., Any] | None, Callable[..., Any] | None]


class Stored(NamedTuple):
    """All that is kept. The last four parts are code that was made, and what it was made with."""

    library: Library
    shelf: Shelf
    rules: tuple[BoundRule, ...]
    facts: tuple[BoundFact, ...]
    deciding: Mapping[int, tuple[Path, ...]]
    checks: Mapping[str, Check]
    absences: Mapping[str, Absence]
    conditions: Mapping[int, _Conditions]


def size_of(plan: Plan) -> int:
    """How much code was made for a plan so far: more than there was means that keeping it again pays."""
    return len(plan._checks) + len(plan._absences) + len(plan._exact)  # noqa: SLF001 - it is kept as it is


def store(plan: Plan) -> bytes | None:
    """A plan and its library; None if there is something in it that this cannot keep."""
    conditions = {
        index: (_made(exact.when), _made(exact.require))
        for index, exact in plan._exact.items()  # noqa: SLF001 - it is kept as it is
    }
    code = (plan._deciding, plan._checks, plan._absences, conditions)  # noqa: SLF001 - the same
    for parts in (code, ({}, {}, {}, {})):
        made = io.BytesIO()
        shelf = Shelf()
        whole = Stored(plan.library, shelf, plan.rules, plan.facts, *parts)
        try:
            _Pickler(made, shelf, plan.rules).dump(tuple(whole))
        except (pickle.PicklingError, AttributeError, ValueError, TypeError, RecursionError):
            continue  # code of a kind that nothing here knows: it will be made again
        return made.getvalue()
    return None


def restore(data: bytes) -> Plan | None:
    """The plan that was stored; None if the bytes are not one after all."""
    try:
        stored = Stored(*pickle.loads(data))  # noqa: S301 - from a folder of this user alone, checked by its digest
        stored.shelf.library = stored.library
        rules = stored.rules
        exact = {index: _exact(rules[index], *made) for index, made in stored.conditions.items()}
        plan = Plan(
            stored.library,
            rules,
            stored.facts,
            _checks={**stored.checks},
            _absences={**stored.absences},
            _exact=exact,
            _deciding={**stored.deciding},
        )
    except Exception:  # noqa: BLE001 - whatever it is, the rules are loaded instead
        return None
    return plan


class _Pickler(pickle.Pickler):
    """Writes what it knows."""

    def __init__(self, file: io.BytesIO, shelf: Shelf | None = None, rules: Sequence[BoundRule] = ()) -> None:
        super().__init__(file, protocol=5)
        self._shelf = shelf
        self._parts = _conditions(rules)
        """The expressions of rules to which code may refer, by the `id()` of their trees, which live meanwhile."""

    def reducer_override(self, value: Any) -> Any:
        kind: Any = type(value)
        reduce = _REDUCERS.get(kind)
        if reduce is not None:
            return reduce(self, value)
        if kind in _PLAIN or issubclass(kind, type):
            return NotImplemented
        ours = kind.__module__.startswith("riskgate.")
        if ours and issubclass(kind, Syntax):
            parts = [getattr(value, name) for name in kind.__match_args__]
            return node, (kind, value.span.start, value.span.end, *parts)
        if ours and hasattr(kind, "__record_fields__"):
            return NotImplemented
        if ours and is_dataclass(kind):  # without what it has worked out since it was made
            return kind, tuple([getattr(value, one.name) for one in fields(kind)])
        raise pickle.PicklingError(f"a value of {kind.__module__}.{kind.__qualname__}")

    def rule(self, value: Rule) -> Any:
        parts = [getattr(value, name) for name in Rule.__match_args__]
        parts[_CASES] = Cases(_dumped(tuple(value.cases))) if value.cases else ()
        return Rule, tuple(parts)

    def cases(self, value: Cases) -> Any:
        return Cases, (value.data,)

    def bound_rule(self, value: BoundRule) -> Any:
        checked = [self._checked(one) for one in (value.when, value.require)]
        values = {name: self._checked(one) for name, one in value.values.items()}
        return _bound_rule, (self._shelf, value.index, value.pack, value.rule, value.chain, *checked, values)

    def bound_fact(self, value: BoundFact) -> Any:
        return _bound_fact, (self._shelf, value.pack, value.fact, value.chain, self._checked(value.where))

    def function(self, value: FunctionType) -> Any:
        if getattr(value, "__module__", None) is not None:  # generated functions have none
            return NotImplemented
        if value.__closure__ is not None or value.__name__ not in _GENERATED:
            raise pickle.PicklingError(f"the function {value.__qualname__}")
        seen = {name: one for name, one in value.__globals__.items() if name != "__builtins__"}
        return _function, (marshal.dumps(value.__code__), value.__name__, seen)

    def computed(self, value: Computed) -> Any:
        part = value.part if isinstance(value.part, Where) else where(value.rule, value.part)
        if part is None:
            raise pickle.PicklingError("an expression of no rule")
        if value.compiled is not None:  # its code may name the tree
            self._parts[id(part_at(value.rule, part))] = value.rule, part
        return Computed, (value.rule, part, value.parameters, value.compiled)

    def recovery(self, value: Recovery) -> Any:
        """What evaluates an expression again; it is compiled again, too, in the rare case that it is needed."""
        again = value.compile_careful
        if again is None:  # the careful version itself
            return Recovery, (None,)
        if not isinstance(again, partial):
            raise pickle.PicklingError("an expression of no rule")
        if again.func is compile_part:  # it comes from the cache
            return _recovery, (*again.args, value.careful)
        tree, settings, *_ = again.args
        if id(tree) not in self._parts:
            raise pickle.PicklingError("an expression of no rule")
        return _recovery, (*self._parts[id(tree)], tuple(settings.parameters), value.careful)

    def _checked(self, value: Checked | None) -> bytes | None:
        if value is None:
            return None
        if isinstance(value, KeptChecked):
            return value.kept[2]
        kinds = [value.types.get(id(part), DYN) for part in parts_of(value.tree)]
        plain = [None if isinstance(kind, ObjectOf) and kind.path == _PARAMETERS else kind for kind in kinds]
        return _dumped((value.tree, plain, value.type))


def _conditions(rules: Sequence[BoundRule]) -> dict[int, tuple[BoundRule, Where]]:
    found: dict[int, tuple[BoundRule, Where]] = {}
    for rule in rules:
        if rule.when is not None and not _unread(rule.when):
            found[id(rule.when.tree)] = rule, _WHEN
        if not _unread(rule.require):
            found[id(rule.require.tree)] = rule, _REQUIRE
    return found


def _unread(checked: Checked) -> bool:
    """Whether nobody has asked for the tree: then no code was made of it since it was kept."""
    return isinstance(checked, KeptChecked) and not checked.read


def _reduce_object(_: _Pickler, value: object) -> Any:
    return (_unset, ()) if value is UNSET else NotImplemented


_REDUCERS: Final[Mapping[type, Callable[[_Pickler, Any], Any]]] = {
    object: _reduce_object,
    MappingProxyType: lambda _, value: (_read_only, (dict(value),)),
    FunctionType: _Pickler.function,
    Rule: _Pickler.rule,
    Cases: _Pickler.cases,
    BoundRule: _Pickler.bound_rule,
    BoundFact: _Pickler.bound_fact,
    Computed: _Pickler.computed,
    Remembered: lambda _, value: (Remembered, (value.function, value.context)),
    Recovery: _Pickler.recovery,
}


def _dumped(value: Any) -> bytes:
    made = io.BytesIO()
    _Pickler(made).dump(value)
    return made.getvalue()


def _read_only(values: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(values)


def _unset() -> object:
    return UNSET


def _bound_rule(
    shelf: Shelf,
    index: int,
    pack: int,
    rule: Rule,
    chain: tuple[EntityType, ...],
    when: bytes | None,
    require: bytes,
    values: Mapping[str, bytes],
) -> BoundRule:
    applies = None if when is None else kept_checked(shelf, pack, when)
    named = {name: kept_checked(shelf, pack, data) for name, data in values.items()}
    return BoundRule(index, pack, rule, chain, applies, kept_checked(shelf, pack, require), named)


def _bound_fact(
    shelf: Shelf, pack: int, fact: FactDeclaration, chain: tuple[EntityType, ...], condition: bytes | None
) -> BoundFact:
    return BoundFact(pack, fact, chain, None if condition is None else kept_checked(shelf, pack, condition))


def _function(code: bytes, name: str, seen: dict[str, Any]) -> FunctionType:
    made: CodeType = marshal.loads(code)  # noqa: S302 - a part of an entry that was checked
    around = {} if name == "expression" else {"__builtins__": dict(BUILTINS)}
    return FunctionType(made, {**around, **seen}, name)


def _recovery(
    rule: BoundRule, part: Where, parameters: tuple[str, ...], careful: Callable[..., Any] | None
) -> Recovery:
    return Recovery(partial(compile_part, rule, part, parameters), careful)


def _made(function: Callable[..., Any] | None) -> Callable[..., Any] | None:
    return function.made if isinstance(function, Deferred) else None


def _exact(rule: BoundRule, when: Callable[..., Any] | None, require: Callable[..., Any] | None) -> Exact:
    names = tuple(entity.name for entity in rule.chain)
    parameters = (*names, "params", "as_of")
    applies = None if rule.when is None else Deferred(partial(compile_part, rule, _WHEN, parameters), when)
    return Exact(applies, Deferred(partial(compile_part, rule, _REQUIRE, parameters), require))

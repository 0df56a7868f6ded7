"""The macros of the reference interpreter: what happens at each item, which errors are absorbed, what is counted."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import Final, TypeAlias, cast

from riskgate.cel.access import items_of, pairs_of, put_all, put_entry
from riskgate.cel.comparison import as_bool
from riskgate.cel.loops import ruled_out
from riskgate.cel.syntax import Expr, Macro, MacroKind
from riskgate.cel.values import CelError, Value, joined


class Scope(dict[str, Value]):
    """The variables of the macros around a part, and what was found out that depends on no variable further in."""

    def __init__(self, outer: "Scope | None" = None, own: Mapping[str, Value] | None = None) -> None:
        super().__init__(outer or {})
        self.update(own or {})
        self.outer = outer
        self.own = frozenset(own or ())
        self.known: dict[int, Outcome] = {}

    def home(self, names: frozenset[str]) -> "Scope":
        """The scope of the innermost variable among the names: the part is the same in all scopes within it."""
        scope = self
        while scope.outer is not None and scope.own.isdisjoint(names):
            scope = scope.outer
        return scope


class Outcome:
    """A value or an error, to be had again without counting any steps."""

    def __init__(self, value: Value, error: CelError | None = None) -> None:
        self._value = value
        self._error = error

    def get(self) -> Value:
        if self._error is not None:
            (message, *more), error = self._error.messages, self._error
            raise CelError(message, error.kinds, error.paths, more=tuple(more))
        return self._value


Steps: TypeAlias = Generator[tuple[Expr, Scope | None], Value, Value]
"""Yields a part and the macro variables it sees (None: the same ones), and is sent its value."""


class Rounds:
    """The scopes in which a macro looks at each item; `visited` counts how many it has taken."""

    def __init__(self, variables: tuple[str, ...], container: Value, scope: Scope) -> None:
        one = len(variables) == 1
        self.values: Sequence[tuple[Value, ...]] = (
            [(item,) for item in items_of(container)] if one else pairs_of(container)
        )
        self.variables = variables
        self.scope = scope
        self.visited = 0

    def __iter__(self) -> Iterator[Scope]:
        for values in self.values:
            self.visited += 1
            yield Scope(self.scope, dict(zip(self.variables, values, strict=True)))

    def rule_out(self, field: str, value: Value) -> None:
        """Pass over the items whose field certainly has another value."""
        self.values = [values for values in self.values if not ruled_out(values[0], field, value)]


def absorbable(error: CelError) -> CelError:
    """The error, to be kept until it is known whether it matters; an exceeded budget is raised at once."""
    if "budget" in error.kinds:
        raise error
    return error


def _condition(node: Macro, inner: Scope) -> Steps:
    """Whether an item counts; true where the macro has no condition."""
    if node.condition is None:
        return True
    return as_bool((yield node.condition, inner), node.kind)


def _quantified(node: Macro, rounds: Rounds) -> Steps:
    """`all` is a long `&&`, `exists` a long `||`."""
    decisive = node.kind == "exists"
    errors: list[CelError] = []
    for inner in rounds:
        try:
            if (yield from _condition(node, inner)) is decisive:
                return decisive
        except CelError as error:
            errors.append(absorbable(error))
    if errors:
        raise joined(errors)
    return not decisive


def _exists_one(node: Macro, rounds: Rounds) -> Steps:
    count = 0
    for inner in rounds:
        count += yield from _condition(node, inner)
    return count == 1


def _filter(node: Macro, rounds: Rounds) -> Steps:
    kept: list[Value] = []
    for inner in rounds:
        if (yield from _condition(node, inner)):
            kept.append(inner[node.variables[0]])  # noqa: PERF401 - a yield has no place in a comprehension
    return kept


def _to_list(node: Macro, rounds: Rounds) -> Steps:
    made: list[Value] = []
    for inner in rounds:
        if (yield from _condition(node, inner)):
            made.append((yield cast("Expr", node.transform), inner))  # noqa: PERF401 - the same
    return made


def _to_map(node: Macro, rounds: Rounds) -> Steps:
    made: dict[Value, Value] = {}
    for inner in rounds:
        if (yield from _condition(node, inner)):
            value = yield cast("Expr", node.transform), inner
            if node.kind == "transformMap":
                put_entry(made, inner[node.variables[0]], value)
            else:
                put_all(made, value)
    return made


MACROS: Final[Mapping[MacroKind, Callable[[Macro, Rounds], Steps]]] = {
    "all": _quantified,
    "exists": _quantified,
    "exists_one": _exists_one,
    "filter": _filter,
    "map": _to_list,
    "transformList": _to_list,
    "transformMap": _to_map,
    "transformMapEntry": _to_map,
}

"""Values that the expression compiler computes for a generated function: objects rather than closures, so that code
made in one process can be kept for another (`riskgate.cache`)."""

from collections.abc import Callable, Iterator
from operator import is_
from typing import Any, NamedTuple

from riskgate.cel.runtime import CelError, Context
from riskgate.cel.syntax import Expr, children
from riskgate.plan.bind import BoundRule


class Where(NamedTuple):
    """A part of a rule's expressions: of which one (a named value, or "when" or "require"), and how manyeth part."""

    named: bool
    name: str
    position: int


class Computed:
    """An expression of a rule, compiled when it is first needed, with None in place of an error; an exceeded budget
    still ends the check."""

    __slots__ = ("compiled", "parameters", "part", "rule")

    def __init__(
        self,
        rule: BoundRule,
        part: Expr | Where,
        parameters: tuple[str, ...],
        compiled: Callable[..., Any] | None = None,
    ) -> None:
        self.rule = rule
        self.part = part
        self.parameters = parameters
        self.compiled = compiled

    def __call__(self, *args: Any) -> Any:
        if self.compiled is None:
            self.compiled = compile_part(self.rule, self.part, self.parameters)
        try:
            return self.compiled(*args)
        except CelError as error:
            if "budget" in error.kinds:
                raise
            return None


def compile_part(rule: BoundRule, part: Expr | Where, parameters: tuple[str, ...]) -> Callable[..., Any]:
    """A part of a rule's expressions as a function of entities, parameters, day and context."""
    from riskgate.cel.compiler import compile_checked  # noqa: PLC0415 - code from the cache does without

    tree = part_at(rule, part) if isinstance(part, Where) else part
    return compile_checked(tree, parameters, types=rule.types, mixed=True, inline=rule.inline, name=rule.rule.id)


class Remembered:
    """A function of ancestors, and of nothing else that changes from check to check: computed once for each of them.

    Every check counts its steps, once. `context` is the place of the context among the arguments.
    """

    __slots__ = ("_token", "context", "function")

    def __init__(self, function: Callable[..., Any], context: int) -> None:
        self.function = function
        self.context = context
        self._token = object()

    def __call__(self, *args: Any) -> Any:
        around: Context = args[self.context]
        kept = around.kept.get(self._token)
        if kept is not None and all(map(is_, kept[0], args)):
            if kept[1] != around.check:
                around.charge(kept[2])
                kept[1] = around.check
            return kept[3]
        before = around.remaining
        found = self.function(*args)
        around.kept[self._token] = [args, around.check, before - around.remaining, found]
        return found


def where(rule: BoundRule, part: Expr) -> Where | None:
    """Where in the rule's expressions the very same part stands."""
    for named, name, tree in _trees(rule):
        for position, node in enumerate(parts_of(tree)):
            if node is part:
                return Where(named, name, position)
    return None


def part_at(rule: BoundRule, place: Where) -> Expr:
    """The part that stands there."""
    tree = next(tree for named, name, tree in _trees(rule) if (named, name) == (place.named, place.name))
    return next(node for position, node in enumerate(parts_of(tree)) if position == place.position)


def _trees(rule: BoundRule) -> Iterator[tuple[bool, str, Expr]]:
    if rule.when is not None:
        yield False, "when", rule.when.tree
    yield False, "require", rule.require.tree
    for name, value in rule.values.items():
        yield True, name, value.tree


def parts_of(tree: Expr) -> Iterator[Expr]:
    """All parts of an expression, itself among them, in an order that depends on its structure alone."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(children(node))

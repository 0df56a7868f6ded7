"""The reference: what an expression means, by walking its tree.

Every construct is a small generator that yields the parts whose values it needs. A loop drives them (`_Walk.run`), so
that depth costs no Python stack, however named values nest. Compiled code must agree with this in values, errors and
steps.
"""

from collections.abc import Callable, Collection, Generator, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Final

from riskgate.cel import arithmetic, comparison
from riskgate.cel.access import (
    has,
    has_member,
    index,
    make_map,
    select,
    select_child,
    select_field,
)
from riskgate.cel.comparison import as_bool
from riskgate.cel.comprehensions import MACROS, Outcome, Rounds, Scope, Steps, absorbable
from riskgate.cel.functions import function_for
from riskgate.cel.loops import Parts, equality_of
from riskgate.cel.paths import dotted_name, path_of
from riskgate.cel.syntax import (
    Binary,
    Call,
    Constant,
    Expr,
    Has,
    Ident,
    Index,
    ListLiteral,
    Macro,
    MapLiteral,
    Select,
    Ternary,
    Unary,
)
from riskgate.cel.types import DOUBLE, EntityOf, ListOf, ObjectOf, Type
from riskgate.cel.values import CONFLICT, TYPE_VALUES, CelError, Context, Value, absent, joined

_PLAIN: Final[Mapping[str, Callable[[Value, Value], Value]]] = {
    "==": comparison.equal,
    "!=": comparison.not_equal,
    "<": comparison.less,
    "<=": comparison.less_equal,
    ">": comparison.greater,
    ">=": comparison.greater_equal,
    "in": comparison.contains_in,
    "+": arithmetic.add,
    "-": arithmetic.subtract,
    "*": arithmetic.multiply,
    "/": arithmetic.divide,
    "%": arithmetic.modulo,
}
_MIXED: Final[Mapping[str, Callable[[Value, Value], Value]]] = {
    **_PLAIN,
    "+": arithmetic.add_mixed,
    "-": arithmetic.subtract_mixed,
    "*": arithmetic.multiply_mixed,
    "/": arithmetic.divide_mixed,
}
_NO_TYPES: Final[Mapping[int, Type]] = MappingProxyType({})
_NO_VALUES: Final[Mapping[str, tuple[Expr, Mapping[int, Type]]]] = MappingProxyType({})


def interpret(
    tree: Expr,
    bindings: Mapping[str, Value],
    context: Context,
    *,
    types: Mapping[int, Type] | None = None,
    mixed: bool = False,
    inline: Mapping[str, tuple[Expr, Mapping[int, Type]]] = _NO_VALUES,
    disputed: Collection[tuple[int, str]] = (),
) -> Value:
    """The value of a tree; CelError if it has none. The budget of the context goes on where it stands.

    `types` (static types by the id of the node) are given for the expressions of rules: members of entities and object
    fields are then missing or absent when they are None. `mixed` allows int with double in arithmetic. `inline` are the
    named values of a rule, each with the types of its own tree. `has` of a `disputed` member (the identity of its
    object, and its name) is undecided.
    """
    every = types or _NO_TYPES
    if inline:
        every = {**every, **{node: kind for _, more in inline.values() for node, kind in more.items()}}
    named = {name: value for name, (value, _) in inline.items()}
    return _Walk(bindings, context, every, named, mixed=mixed, disputed=disputed).run(tree)


class _Walk:
    def __init__(
        self,
        bindings: Mapping[str, Value],
        context: Context,
        types: Mapping[int, Type],
        inline: Mapping[str, Expr],
        *,
        mixed: bool,
        disputed: Collection[tuple[int, str]],
    ) -> None:
        self.bindings = bindings
        self.disputed = disputed
        self.context = context
        self.types = types
        self.inline = inline
        self.operators = _MIXED if mixed else _PLAIN
        self.named: dict[str, Outcome] = {}
        self.parts = Parts()

    def run(self, tree: Expr) -> Value:
        """Drive the generators: the last one waits for a value, or for the error, of the part it asked for."""
        root = Scope()
        waiting: list[tuple[Steps, Scope]] = [(self.steps(tree, root), root)]
        value: Value = None
        error: CelError | None = None
        while waiting:
            steps, scope = waiting[-1]
            try:
                part, inner = steps.send(value) if error is None else steps.throw(error)
            except StopIteration as end:
                waiting.pop()
                value, error = end.value, None
                continue
            except CelError as failure:
                waiting.pop()
                value, error = None, failure
                continue
            value, error = None, None
            inner = scope if inner is None else inner
            if type(part) is Constant:  # what most expressions end in takes no steps of its own
                value = part.value
            elif type(part) is Ident and part.name not in inner and part.name not in self.inline:
                value = self.bindings.get(part.name)
            if value is None:
                waiting.append((self.steps(part, inner), inner))
        if error is not None:
            raise error
        return value

    def steps(self, node: Expr, scope: Scope) -> Steps:
        match node:
            case Constant(value=value):
                return _apply(lambda: value)
            case Ident():
                return self.ident(node, scope)
            case Select(operand=operand):
                typed = isinstance(self.types.get(id(operand)), EntityOf | ObjectOf)
                return self.member(node) if typed else self.select(node, scope)
            case Has():
                return self.has(node)
            case Index(operand=operand, index=key):
                return _apply(index, operand, key)
            case Call():
                return self.call(node)
            case Unary(op="!", operand=operand):
                return _apply(arithmetic.logical_not, operand)
            case Unary(operand=operand):
                return _apply(arithmetic.negate, operand)
            case Binary(op="&&" | "||"):
                return _logical(node)
            case Binary(op=op, left=left, right=right):
                return _apply(self.operators[op], left, right)
            case Ternary():
                return _choice(node)
            case ListLiteral(items=items):
                return _apply(lambda *values: list(values), *items)
            case MapLiteral(entries=entries):
                return _map_literal(entries)
            case Macro():
                return self.macro(node, scope)

    # Names and members

    def ident(self, node: Ident, scope: Scope) -> Steps:
        name = node.name
        if name in scope:
            return scope[name]
        name = name.removeprefix(".")
        if name in self.inline:
            if name not in self.named:
                self.named[name] = yield from _outcome(self.inline[name], Scope())
            return self.named[name].get()
        value = self.bindings.get(name)
        if value is None and isinstance(self.types.get(id(node)), EntityOf):
            raise absent(name)
        if name in self.bindings:
            return value
        if name in TYPE_VALUES:
            return TYPE_VALUES[name]
        raise CelError(f"there is no name `{name}`")

    def select(self, node: Select, scope: Scope) -> Steps:
        name = dotted_name(node)
        if name is not None and name.partition(".")[0] not in scope:  # `a.b` may itself be a name
            name = name.removeprefix(".")
            if name in self.bindings:
                return self.bindings[name]
            if name in TYPE_VALUES and name.partition(".")[0] not in self.bindings:
                return TYPE_VALUES[name]
        operand = yield node.operand, None
        return select(operand, node.field)

    def member(self, node: Select) -> Steps:
        """A field, collection or single of an entity, or of an object field."""
        operand = yield node.operand, None
        if type(operand) is dict:
            value = operand.get(node.field)
            if value is not None:
                return value
        match self.types.get(id(node)):
            case EntityOf() | ListOf(item=EntityOf()):
                return select_child(operand, node.field, path_of(node))
            case _:
                return select_field(operand, node.field, path_of(node))

    def has(self, node: Has) -> Steps:
        operand = yield node.operand, None
        if self.disputed and (id(operand), node.field) in self.disputed:
            path = f"{path_of(node.operand)}.{node.field}"
            raise CelError(f"sources disagree about `{path}`", CONFLICT, (path,))
        if isinstance(self.types.get(id(node.operand)), EntityOf | ObjectOf):
            return has_member(operand, node.field)
        return has(operand, node.field)

    # Functions

    def call(self, node: Call) -> Steps:
        function = function_for(node.function, len(node.args), member=node.target is not None)
        arguments = list(node.args) if node.target is None else [node.target, *node.args]
        values: list[Value] = [self.context] if function.context else []
        for argument in arguments:
            values.append((yield argument, None))  # noqa: PERF401 - a yield has no place in a comprehension
        result = function.implementation(*values)
        if node.function == "sum" and self.types.get(id(node)) == DOUBLE:  # a sum of no doubles is still a double
            return float(result)
        return result

    # Macros

    def macro(self, node: Macro, scope: Scope) -> Steps:
        """A macro that depends on no variable of the innermost macro around it runs but once for that macro."""
        home = scope.home(self.parts.of(node).names)
        if home is scope:
            return (yield from self.loop(node, scope))
        if id(node) not in home.known:
            home.known[id(node)] = yield from _outcome(node, home)
        return home.known[id(node)].get()

    def loop(self, node: Macro, scope: Scope) -> Steps:
        """Run over the items, and count them whether the macro ends well, early or by an error."""
        container = yield node.range, None
        rounds = Rounds(node.variables, container, scope)
        equality = equality_of(node, self.types, self.inline)
        if equality is not None:
            with suppress(CelError):  # then every item is visited, and where it matters the error comes again
                rounds.rule_out(equality.field, (yield equality.probe, None))
        try:
            result = yield from MACROS[node.kind](node, rounds)
        except CelError as error:
            if "budget" not in error.kinds:
                self.context.charge(rounds.visited)
            raise
        self.context.charge(rounds.visited)
        return result


def _outcome(node: Expr, scope: Scope) -> Generator[tuple[Expr, Scope | None], Value, Outcome]:
    """The value or error of a part; an exceeded budget is raised at once."""
    try:
        return Outcome((yield node, scope))
    except CelError as error:
        return Outcome(None, absorbable(error))


def _apply(operation: Callable[..., Value], *operands: Expr) -> Steps:
    """An operation that needs all its operands, from left to right; the first error is its error."""
    values: list[Value] = []
    for operand in operands:
        values.append((yield operand, None))  # noqa: PERF401 - a yield has no place in a comprehension
    return operation(*values)


def _map_literal(entries: tuple[tuple[Expr, Expr], ...]) -> Steps:
    values: list[tuple[Value, Value]] = []
    for key, value in entries:
        values.append(((yield key, None), (yield value, None)))
    return make_map(values)


def _choice(node: Ternary) -> Steps:
    condition = as_bool((yield node.condition, None), "? :")
    return (yield (node.then if condition else node.other), None)


def _logical(node: Binary) -> Steps:
    """`&&` ends with false and `||` with true on either side, whatever the other side is."""
    decisive = node.op == "||"
    errors: list[CelError] = []
    for part in (node.left, node.right):
        try:
            if as_bool((yield part, None), node.op) is decisive:
                return decisive
        except CelError as error:
            errors.append(absorbable(error))
    if errors:
        raise joined(errors)
    return not decisive

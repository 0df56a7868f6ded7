"""The compiler: expressions to Python functions, from `ast` nodes, never from text.

Compiled code means what the reference interpreter says: the same values, the same kinds of error, joined in the same
order, the same steps counted. With static types the operators become Python's own. Should a value turn out to be of
another type than its static one, Python raises something; then the expression is evaluated again by a second version
that trusts no types, so that nothing but a CelError ever leaves.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import FunctionType, MappingProxyType
from typing import Final

from riskgate.cel import nodes
from riskgate.cel.access import make_map
from riskgate.cel.compile_calls import function_call
from riskgate.cel.compile_logic import logical, ternary
from riskgate.cel.compile_macros import macro
from riskgate.cel.compile_names import has, index, no_parameter, parameter, select
from riskgate.cel.compile_operators import binary, unary
from riskgate.cel.emit import Code, assign, call, constant, function, name, try_except
from riskgate.cel.generation import CONTEXT, NESTED_BLOCKS, Frame, Generation, Inline, Settings
from riskgate.cel.loops import Parts
from riskgate.cel.overloads import join_all
from riskgate.cel.support import FOREIGN, Named, Recovery
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
    children,
)
from riskgate.cel.types import BOOL, DOUBLE, DYN, INT, NULL, STRING, ListOf, MapOf, Type
from riskgate.cel.values import CelError, Value

_NO_TYPES: Final[Mapping[int, Type]] = MappingProxyType({})
_NO_VALUES: Final[Inline] = MappingProxyType({})
_KINDS: Final[Mapping[type, Type]] = {type(None): NULL, bool: BOOL, int: INT, float: DOUBLE, str: STRING}
_LEFT: Final = "left"


def compile_checked(
    tree: Expr,
    parameters: Sequence[str],
    *,
    types: Mapping[int, Type] | None = None,
    mixed: bool = False,
    inline: Inline = _NO_VALUES,
    name: str = "expression",
) -> Callable[..., Value]:
    """A function of the values of `parameters`, in order, and a Context, that gives the value of the expression.

    It raises CelError where the expression has no value, and nothing else. `types` are the static types of `check` for
    this tree: the members of entities are missing or absent when they are None. `mixed` lets int and double mix, as in
    rules. `inline` are named values, each with the types of its own tree; they are computed once, when first needed.
    An entity that is absent is passed as None.
    """
    return compile_tree(tree, parameters, types=types, mixed=mixed, inline=inline, name=name)


def compile_tree(
    tree: Expr,
    parameters: Sequence[str],
    *,
    types: Mapping[int, Type] | None = None,
    mixed: bool = False,
    inline: Inline = _NO_VALUES,
    name: str = "expression",
    optional: bool = False,
) -> Callable[..., Value]:
    """The same; with `optional` a parameter may be `UNBOUND`, which is an unknown name when it is evaluated."""
    every = dict(types or _NO_TYPES)
    for _, more in inline.values():
        every.update(more)
    settings = Settings(
        every,
        {parameter: f"p{position}" for position, parameter in enumerate(parameters)},
        inline,
        mixed=mixed,
        trust=True,
        optional=optional,
    )
    careful = partial(_compiled, tree, settings._replace(trust=False), name, Recovery(None))
    return _compiled(tree, settings, name, Recovery(careful))


def _compiled(tree: Expr, settings: Settings, title: str, recovery: Recovery) -> Callable[..., Value]:
    generation = _Expression(settings)
    with generation.block() as statements:
        result = generation.value(tree)
    parameters = [*settings.parameters.values(), CONTEXT]
    again = call(generation.refer(recovery), [name(_LEFT), *(name(parameter) for parameter in parameters)])
    body = [*generation.prelude, *statements, nodes.Return(result.expr)]
    whole = [
        assign(_LEFT, nodes.Attribute(name(CONTEXT), "remaining", ast.Load())),
        try_except(body, generation.refer(FOREIGN), None, [nodes.Return(again)]),
    ]
    return _function(function("expression", parameters, whole), f"<{title}>", generation.namespace)


def _function(definition: ast.FunctionDef, title: str, namespace: dict[str, Value]) -> Callable[..., Value]:
    module = ast.Module([definition], [])
    code = compile(module, title.replace("\0", ""), "exec", dont_inherit=True, optimize=0)
    (inner,) = (part for part in code.co_consts if isinstance(part, type(code)))
    return FunctionType(inner, namespace, "expression")


class _Expression(Generation):
    """The code of one expression: which part is made how."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.prelude: list[ast.stmt] = []  # the named values, each after those it needs
        self._named: dict[str, str] = {}
        self._parts = Parts()

    def value(self, node: Expr) -> Code:
        if self.frames and not isinstance(node, Constant | Ident):
            part = self._parts.of(node)
            level = self._level(part.names)
            if part.costly and level < len(self.frames):
                return self._hoisted(node, level)
        loops = isinstance(node, Macro | Ternary) or (isinstance(node, Binary) and node.op in ("&&", "||"))
        if loops and self.nesting > NESTED_BLOCKS:
            return self._outlined(node)
        return self._value(node)

    def _value(self, node: Expr) -> Code:
        match node:
            case Constant(value=value):
                return Code(constant(value), _KINDS[type(value)], raises=False, atomic=True)
            case Ident():
                return self._ident(node)
            case Select():
                return select(self, node)
            case Has():
                return has(self, node)
            case Index():
                return index(self, node)
            case Call():
                return function_call(self, node)
            case Unary():
                return unary(self, node)
            case Binary(op="&&" | "||"):
                return logical(self, node)
            case Binary():
                return binary(self, node)
            case Ternary():
                return ternary(self, node)
            case ListLiteral(items=items):
                return self._list(items)
            case MapLiteral(entries=entries):
                return self._map(entries)
            case Macro():
                return macro(self, node)

    def _ident(self, node: Ident) -> Code:
        if node.name in self.scope:
            return self.scope[node.name]
        identifier = node.name.removeprefix(".")
        if identifier in self.settings.inline:
            return Code(call(self._named_value(identifier), []), self.trusted(node))
        if identifier in self.settings.parameters:
            return parameter(self, node, identifier)
        return no_parameter(self, identifier)

    def _list(self, items: Sequence[Expr]) -> Code:
        constants = [item.value for item in items if isinstance(item, Constant)]
        if items and len(constants) == len(items):
            kind = ListOf(join_all([_KINDS[type(value)] for value in constants]))
            return Code(constant(tuple(constants)), kind, raises=False, atomic=True)
        codes = self.values(items)
        made = nodes.List([code.expr for code in codes], ast.Load())
        depth = max((code.depth for code in codes), default=0) + 1
        kind = ListOf(join_all([code.kind for code in codes]))
        return Code(made, kind, any(code.raises for code in codes), depth=depth)

    def _map(self, entries: Sequence[tuple[Expr, Expr]]) -> Code:
        constants = [part.value for entry in entries for part in entry if isinstance(part, Constant)]
        if len(constants) == 2 * len(entries):  # a key and a value each
            try:
                made = make_map(list(zip(constants[::2], constants[1::2], strict=True)))
            except CelError:  # an error each time it is evaluated
                made = {}
            if made or not entries:
                keys, values = ([_KINDS[type(value)] for value in constants[part::2]] for part in (0, 1))
                return Code(self.refer(made), MapOf(join_all(keys), join_all(values)), raises=False, atomic=True)
        codes = self.values([part for entry in entries for part in entry])
        pairs: list[ast.expr] = [
            nodes.Tuple([key.expr, value.expr], ast.Load()) for key, value in zip(codes[::2], codes[1::2], strict=True)
        ]
        depth = max((code.depth for code in codes), default=0) + 3
        return Code(call(self.refer(make_map), [nodes.List(pairs, ast.Load())]), MapOf(DYN, DYN), depth=depth)

    def _outlined(self, node: Expr) -> Code:
        """A part as a function within the function, which has its own blocks and sees the variables around it."""
        identifier = self.fresh("f")
        nesting, self.nesting = self.nesting, 1
        with self.block() as statements:
            code = self._value(node)
        self.nesting = nesting
        self.add(function(identifier, [], [*statements, nodes.Return(code.expr)]))
        return Code(call(identifier, []), code.kind, code.raises)

    def _level(self, names: frozenset[str]) -> int:
        """How many of the macros around a part it depends on: up to the innermost whose variable it names."""
        for level in range(len(self.frames), 0, -1):
            if not self.frames[level - 1].own.isdisjoint(names):
                return level
        return 0

    def _hoisted(self, node: Expr, level: int) -> Code:
        """A part that is the same for all items of the macros within a level: it is computed for the first of them."""
        made, code = self._once(node, self.frames[:level])
        return Code(call(made, []), code.kind)

    def _named_value(self, identifier: str) -> str:
        """The variable that holds a named value of this evaluation."""
        if identifier not in self._named:
            self._named[identifier], _ = self._once(self.named_trees[identifier], [])
        return self._named[identifier]

    def _once(self, tree: Expr, frames: list[Frame]) -> tuple[str, Code]:
        """A variable with what computes a part at most once, at the start of a round or of the whole evaluation."""
        before = self.scope, self.frames, self.nesting
        self.scope, self.frames, self.nesting = frames[-1].scope if frames else {}, frames, 1
        with self.block() as statements:
            code = self._value(tree)
        self.scope, self.frames, self.nesting = before
        compute, made = self.fresh("f"), self.fresh("m")
        arguments = [name(compute), name(CONTEXT)]
        if not frames:
            arguments += self._lasting(tree)
        start = frames[-1].start if frames else self.prelude
        start.append(function(compute, [], [*statements, nodes.Return(code.expr)]))
        start.append(assign(made, call(self.refer(Named), arguments)))
        return made, code

    def _lasting(self, tree: Expr) -> list[ast.expr]:
        """What `Named` needs to remember the value beyond an evaluation; nothing if that would not pay.

        A part that names another costly value is left out: what that costs must be counted once, wherever it is used.
        """
        part = self._parts.of(tree)
        if not part.costly or self.settings.optional:
            return []
        names = {each.removeprefix(".") for each in part.names}
        given = names & self.settings.parameters.keys()
        waiting = [self.named_trees[each] for each in names if each in self.named_trees]
        while waiting:
            inner = self._parts.of(waiting.pop())
            if inner.costly:
                return []
            more = {each.removeprefix(".") for each in inner.names} - names
            names |= more
            given |= more & self.settings.parameters.keys()
            waiting += [self.named_trees[each] for each in more if each in self.named_trees]
        values: list[ast.expr] = [name(self.settings.parameters[each]) for each in sorted(given)]
        return [self.refer(object()), nodes.Tuple(values, ast.Load())]


def names_in(tree: Expr) -> frozenset[str]:
    """Every name in the tree, and every dotted one, that a caller may bind (variables of macros among them)."""
    found: set[str] = set()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        waiting += children(node)
        parts: list[str] = []
        inner: Expr = node
        while isinstance(inner, Select):
            parts.append(inner.field)
            inner = inner.operand
        if isinstance(inner, Ident):
            found.add(".".join([inner.name.removeprefix("."), *reversed(parts)]))
    return frozenset(found)

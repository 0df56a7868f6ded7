"""Code for names, members of entities and maps, and indexes."""

import ast
from typing import Final

from riskgate.cel import nodes, runtime
from riskgate.cel.emit import Code, assign, bind, call, compare, constant, if_, is_not, method, name
from riskgate.cel.generation import Generation
from riskgate.cel.paths import dotted_name, path_of
from riskgate.cel.support import UNBOUND, fail_absent, fail_missing, fail_unknown
from riskgate.cel.syntax import Expr, Has, Ident, Index, Select
from riskgate.cel.types import BOOL, DYN, TYPE, EntityOf, ListOf, ObjectOf
from riskgate.cel.values import TYPE_VALUES

_ENTITIES: Final = (EntityOf, ObjectOf)


def parameter(generation: Generation, node: Ident, identifier: str) -> Code:
    """A name that the caller gives a value."""
    made = name(generation.settings.parameters[identifier])
    kind = generation.trusted(node)
    if generation.settings.optional:
        unbound = compare(made, ast.IsNot(), generation.refer(UNBOUND))
        return Code(nodes.IfExp(unbound, made, type_or_fail(generation, identifier)), kind, depth=2)
    if isinstance(generation.static(node), EntityOf):
        absent = call(generation.refer(fail_absent), [constant(identifier)])
        return Code(nodes.IfExp(is_not(made, None), made, absent), kind, depth=2)
    return Code(made, kind, raises=False, atomic=True)


def type_or_fail(generation: Generation, identifier: str) -> ast.expr:
    """The type that a name stands for, or the error that there is no such name."""
    if identifier in TYPE_VALUES:
        return generation.refer(TYPE_VALUES[identifier])
    return call(generation.refer(fail_unknown), [constant(identifier)])


def no_parameter(generation: Generation, identifier: str) -> Code:
    """A name that the caller never gives a value: a type, or a mistake."""
    known = identifier in TYPE_VALUES
    return Code(type_or_fail(generation, identifier), TYPE if known else DYN, not known, atomic=known)


def select(generation: Generation, node: Select) -> Code:
    """`a.b`: a member of an entity or object field, a key of a map, or itself a dotted name."""
    dotted = _dotted(generation, node)
    if dotted is None:
        return _member(generation, node)
    root = dotted.partition(".")[0]
    parameters = generation.settings.parameters
    if dotted in parameters and not generation.settings.optional:
        return Code(name(parameters[dotted]), generation.trusted(node), raises=False, atomic=True)
    if dotted in TYPE_VALUES and root not in parameters:
        return Code(generation.refer(TYPE_VALUES[dotted]), TYPE, raises=False, atomic=True)
    if dotted not in parameters:
        return _member(generation, node)
    made = name(parameters[dotted])
    with generation.block() as statements:
        member = generation.flat(_member(generation, node))
    other = member.expr
    if dotted in TYPE_VALUES:
        root_unbound = compare(name(parameters[root]), ast.Is(), generation.refer(UNBOUND))
        other = nodes.IfExp(root_unbound, generation.refer(TYPE_VALUES[dotted]), other)
    bound = compare(made, ast.IsNot(), generation.refer(UNBOUND))
    if not statements:
        return Code(nodes.IfExp(bound, made, other), depth=member.depth + 2)
    result = generation.fresh("r")
    generation.add(if_(bound, [assign(result, made)], [*statements, assign(result, other)]))
    return Code(name(result), atomic=True)


def _dotted(generation: Generation, node: Select) -> str | None:
    """The dotted name that the node may be, unless its first part is the variable of a macro."""
    dotted = dotted_name(node)
    if dotted is None or dotted.partition(".")[0] in generation.scope:
        return None
    return dotted.removeprefix(".")


def _member(generation: Generation, node: Select) -> Code:
    if not isinstance(generation.static(node.operand), _ENTITIES):
        operand = generation.flat(generation.value(node.operand))
        made = call(generation.refer(runtime.select), [operand.expr, constant(node.field)])
        return Code(made, generation.trusted(node), depth=operand.depth + 1)
    kind, path = generation.static(node), path_of(node)
    child = isinstance(kind, EntityOf) or (isinstance(kind, ListOf) and isinstance(kind.item, EntityOf))
    if not generation.settings.trust:
        operand = generation.flat(generation.value(node.operand))
        function = runtime.select_child if child else runtime.select_field
        args = [operand.expr, constant(node.field), constant(path)]
        return Code(call(generation.refer(function), args), depth=operand.depth + 1)
    operand = _owner(generation, node.operand)
    target = generation.fresh()
    test = is_not(bind(target, method(operand.expr, "get", constant(node.field))), None)
    fail = call(generation.refer(fail_absent if child else fail_missing), [constant(path)])
    return Code(nodes.IfExp(test, name(target), fail), kind, depth=operand.depth + 4)


def _owner(generation: Generation, node: Expr) -> Code:
    """An entity that is about to be read: if it is None after all, reading it fails, and recovery says how."""
    if isinstance(node, Ident) and node.name not in generation.scope:
        identifier = node.name.removeprefix(".")
        if identifier not in generation.settings.inline and identifier in generation.settings.parameters:
            return Code(name(generation.settings.parameters[identifier]), raises=False, atomic=True)
    return generation.flat(generation.value(node))


def has(generation: Generation, node: Has) -> Code:
    entity = isinstance(generation.static(node.operand), _ENTITIES)
    if entity and generation.settings.trust:
        operand = _owner(generation, node.operand)
        test = is_not(method(operand.expr, "get", constant(node.field)), None)
        return Code(test, BOOL, operand.raises, depth=operand.depth + 3)
    operand = generation.flat(generation.value(node.operand))
    function = runtime.has_member if entity else runtime.has
    return Code(call(generation.refer(function), [operand.expr, constant(node.field)]), BOOL, depth=operand.depth + 1)


def index(generation: Generation, node: Index) -> Code:
    operand, key = generation.values([node.operand, node.index])
    made = call(generation.refer(runtime.index), [operand.expr, key.expr])
    return Code(made, generation.trusted(node), depth=max(operand.depth, key.depth) + 1)

"""Code for macros: a loop in place, which counts the items it visits."""

import ast
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from riskgate.cel import nodes, runtime
from riskgate.cel.compile_logic import keep_errors
from riskgate.cel.emit import (
    Code,
    assign,
    call,
    constant,
    do,
    for_,
    if_,
    increase,
    is_,
    is_not,
    method,
    name,
    not_,
    raise_,
    try_except,
    try_finally,
)
from riskgate.cel.generation import CONTEXT, Frame, Generation
from riskgate.cel.loops import Equality, equality_of
from riskgate.cel.support import told
from riskgate.cel.syntax import Expr, Macro
from riskgate.cel.types import BOOL, DYN, INT, ListOf, Type
from riskgate.cel.values import CelError


def macro(generation: Generation, node: Macro) -> Code:
    items, targets, bound = _range(generation, node)
    with _variables(generation, node.variables, bound) as start:
        if node.kind in ("all", "exists"):
            return _quantified(generation, node, items, targets, start)
        return _collected(generation, node, items, targets, start)


def _range(generation: Generation, node: Macro) -> tuple[Code, list[str], list[Code]]:
    """The items in a variable, the loop's targets, and the macro's variables."""
    over = generation.keep(generation.value(node.range))
    two = len(node.variables) > 1
    kinds: list[Type] = [DYN] * len(node.variables)
    if isinstance(over.kind, ListOf):
        kinds = [INT, over.kind.item] if two else [over.kind.item]
        items = Code(call("enumerate", [over.expr]) if two else over.expr, over.kind, over.raises)
    else:
        reader = runtime.pairs_of if two else runtime.items_of
        items = generation.keep(Code(call(generation.refer(reader), [over.expr])))
    equality = equality_of(node, generation.settings.types, generation.named_trees)
    if equality is not None:
        items = _matching(generation, items, equality)
    targets = [generation.fresh("v") for _ in node.variables]
    return items, targets, [_variable(target, kind) for target, kind in zip(targets, kinds, strict=True)]


def _matching(generation: Generation, items: Code, equality: Equality) -> Code:
    """The items that the equality does not rule out; all of them if what it compares with has no value."""
    with generation.deeper(1), generation.block() as statements:
        probe = generation.flat(generation.value(equality.probe))
    value = generation.fresh()
    statements.append(assign(value, probe.expr))
    if probe.raises:
        nothing: list[ast.stmt] = [assign(value, constant(None))]
        statements = [try_except(statements, generation.refer(CelError), None, nothing)]
    generation.add(*statements)
    indexes = nodes.Attribute(name(CONTEXT), "indexes", ast.Load())
    found = method(indexes, "matching", items.expr, constant(equality.field), name(value))
    return generation.keep(Code(found, items.kind, items.raises))


def _variable(target: str, kind: Type) -> Code:
    return Code(name(target), kind, raises=False, atomic=True)


@contextmanager
def _variables(generation: Generation, variables: Sequence[str], bound: Sequence[Code]) -> Iterator[list[ast.stmt]]:
    """Within the body; gives what a round is to start with, which is complete when the body is."""
    outer = generation.scope
    generation.scope = {**outer, **dict(zip(variables, bound, strict=True))}
    generation.frames.append(Frame(generation.scope, frozenset(variables), []))
    try:
        yield generation.frames[-1].start
    finally:
        generation.scope = outer
        generation.frames.pop()


def _condition(generation: Generation, node: Macro, part: Expr) -> tuple[list[ast.stmt], Code]:
    with generation.deeper(2), generation.block() as statements:
        code = generation.flat(generation.truth(generation.value(part), node.kind))
    return statements, code


def _charge(count: ast.expr) -> ast.stmt:
    return do(method(name(CONTEXT), "charge", count))


def _quantified(generation: Generation, node: Macro, items: Code, targets: list[str], start: list[ast.stmt]) -> Code:
    """`all` and `exists`: the item that decides ends the loop, the errors of the others are kept until the end."""
    if node.condition is None:
        raise ValueError(node.kind)
    result, count, errors = generation.fresh("r"), generation.fresh("n"), generation.fresh("e")
    decisive = node.kind == "exists"
    statements, code = _condition(generation, node, node.condition)
    test = code.expr if decisive else not_(code.expr)
    step = [*statements, if_(test, [assign(result, constant(decisive)), nodes.Break()])]
    generation.add(assign(result, constant(not decisive)), assign(count, constant(0)))
    if code.raises:
        generation.add(assign(errors, constant(None)))
        step = [keep_errors(generation, step, errors)]
    generation.add(for_(targets, items.expr, [increase(count), *start, *step]), _charge(name(count)))
    if code.raises:
        undecided = nodes.BoolOp(ast.And(), [is_not(name(errors), None), is_(name(result), not decisive)])
        generation.add(if_(undecided, [raise_(call(generation.refer(told), [name(errors)]))]))
    return Code(name(result), BOOL, items.raises or code.raises, atomic=True)


def _collected(generation: Generation, node: Macro, items: Code, targets: list[str], start: list[ast.stmt]) -> Code:
    """The macros that visit every item, and end with the first error."""
    result, count = generation.fresh("r"), generation.fresh("n")
    statements: list[ast.stmt] = []
    raises = False
    test: ast.expr | None = None
    if node.condition is not None:
        statements, code = _condition(generation, node, node.condition)
        test, raises = code.expr, code.raises
    with generation.deeper(2), generation.block() as kept:
        gathers = _gather(generation, node, result, targets)
    body = [*statements, *kept] if test is None else [*statements, if_(test, kept)]
    empty: ast.expr = nodes.Dict([], []) if node.kind.startswith("transformMap") else nodes.List([], ast.Load())
    initial = constant(0) if node.kind == "exists_one" else empty
    generation.add(assign(result, initial), assign(count, constant(0)))
    loop = for_(targets, items.expr, [increase(count), *start, *body])
    raises = raises or gathers.raises
    generation.add(*([try_finally([loop], [_charge(name(count))])] if raises else [loop, _charge(name(count))]))
    if node.kind == "exists_one":
        one = nodes.Compare(name(result), [ast.Eq()], [constant(1)])
        return Code(one, BOOL, items.raises or raises)
    kind = generation.trusted(node)
    if kind == DYN and not node.kind.startswith("transformMap"):
        kind = ListOf(gathers.kind)
    return Code(name(result), kind, items.raises or raises, atomic=True)


def _gather(generation: Generation, node: Macro, result: str, targets: list[str]) -> Code:
    """What happens to an item that counts; the code says of which kind the gathered values are."""
    into = name(result)
    if node.transform is None:
        if node.kind == "exists_one":
            generation.add(increase(result))
            return Code(into, INT, raises=False)
        generation.add(do(method(into, "append", name(targets[0]))))
        return Code(into, generation.scope[node.variables[0]].kind, raises=False)
    value = generation.flat(generation.value(node.transform))
    match node.kind:
        case "transformMap":
            generation.add(do(call(generation.refer(runtime.put_entry), [into, name(targets[0]), value.expr])))
        case "transformMapEntry":
            generation.add(do(call(generation.refer(runtime.put_all), [into, value.expr])))
        case _:
            generation.add(do(method(into, "append", value.expr)))
            return value
    return Code(into, DYN, raises=True)

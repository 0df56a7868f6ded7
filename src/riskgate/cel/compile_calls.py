"""Code for function calls: in place where the static types allow it, decided at once where all arguments are known."""

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from riskgate.cel import nodes
from riskgate.cel.emit import Code, bind, call, compare, constant, method, name
from riskgate.cel.functions import FUNCTIONS, Function, total_double
from riskgate.cel.generation import CONTEXT, Generation
from riskgate.cel.overloads import NUMBERS, is_text
from riskgate.cel.patterns import matcher
from riskgate.cel.support import fail_call
from riskgate.cel.syntax import Call, Constant, Expr
from riskgate.cel.types import BOOL, DOUBLE, DURATION, DYN, INT, TIMESTAMP, ListOf, MapOf
from riskgate.cel.values import CelError, Value

_FOLDED: Final = frozenset(("date", "days", "duration", "timestamp"))
"""Functions whose value is known when the arguments are literals, and has no literal itself."""
_ALWAYS_BOOL: Final = frozenset(("contains", "startsWith", "endsWith", "matches", "at_least", "at_most", "bool"))


def function_call(generation: Generation, node: Call) -> Code:
    member = node.target is not None
    function = FUNCTIONS.get((node.function, member))
    if function is None or not function.accepts(len(node.args)):
        args: list[ast.expr] = [constant(node.function), constant(len(node.args)), constant(member)]
        return Code(call(generation.refer(fail_call), args))
    nodes = node.args if node.target is None else (node.target, *node.args)
    folded = _folded(generation, function, nodes)
    if folded is not None:
        return folded
    codes = generation.values(nodes)
    if function.name in _IN_PLACE:
        code = _IN_PLACE[function.name](generation, nodes, codes)
        if code is not None:
            return code
    implementation = function.implementation
    if function.name == "sum" and generation.static(node) == DOUBLE:
        implementation = total_double
    if function.name == "dyn":
        return codes[0]._replace(kind=DYN)
    first = [name(CONTEXT)] if function.context else []
    made = call(generation.refer(implementation), [*first, *(code.expr for code in codes)])
    kind = BOOL if function.name in _ALWAYS_BOOL else generation.trusted(node)
    return Code(made, kind, depth=_depth(codes))


def _depth(codes: Sequence[Code]) -> int:
    return max((code.depth for code in codes), default=0) + 1


def _folded(generation: Generation, function: Function, nodes: Sequence[Expr]) -> Code | None:
    values = [node.value for node in nodes if isinstance(node, Constant)]
    if function.name not in _FOLDED or len(values) < len(nodes):
        return None
    try:
        value: Value = function.implementation(*values)
    except CelError:
        return None  # it is an error each time it is evaluated, and may be absorbed
    kinds = {"date": TIMESTAMP, "timestamp": TIMESTAMP}
    return Code(generation.refer(value), kinds.get(function.name, DURATION), raises=False, atomic=True)


def _size(_: Generation, __: Sequence[Expr], codes: Sequence[Code]) -> Code | None:
    (value,) = codes
    if is_text(value.kind) or isinstance(value.kind, ListOf | MapOf):
        return Code(call("len", [value.expr]), INT, value.raises, depth=value.depth + 1)
    return None


def _contains(_: Generation, __: Sequence[Expr], codes: Sequence[Code]) -> Code | None:
    text, part = codes
    if not (is_text(text.kind) and is_text(part.kind)):
        return None
    if not (part.atomic or text.atomic):  # `part in text` would evaluate the part first
        return None
    return Code(compare(part.expr, ast.In(), text.expr), BOOL, text.raises or part.raises, depth=_depth(codes))


def _end(attribute: str) -> Callable[[Generation, Sequence[Expr], Sequence[Code]], Code | None]:
    def made(_: Generation, __: Sequence[Expr], codes: Sequence[Code]) -> Code | None:
        text, part = codes
        if not (is_text(text.kind) and is_text(part.kind)):
            return None
        raises = text.raises or part.raises
        return Code(method(text.expr, attribute, part.expr), BOOL, raises, depth=_depth(codes) + 1)

    return made


def _matches(generation: Generation, nodes: Sequence[Expr], codes: Sequence[Code]) -> Code | None:
    text, pattern = codes[0], nodes[1]
    if not (isinstance(pattern, Constant) and isinstance(pattern.value, str) and is_text(text.kind)):
        return None
    try:
        test = matcher(pattern.value)
    except CelError:
        return None
    return Code(call(generation.refer(test), [text.expr]), BOOL, depth=text.depth + 1)


def _tolerant(operator: type[ast.cmpop]) -> Callable[[Generation, Sequence[Expr], Sequence[Code]], Code | None]:
    """The plain comparison first: only what it refuses needs the tolerance."""
    function = FUNCTIONS["at_least" if operator is ast.GtE else "at_most", False].implementation

    def made(generation: Generation, _: Sequence[Expr], codes: Sequence[Code]) -> Code | None:
        x, limit = codes
        if not (x.kind in NUMBERS and limit.kind in NUMBERS):
            return None
        one, other = generation.fresh(), generation.fresh()
        first = compare(bind(one, x.expr), operator(), bind(other, limit.expr))
        second = call(generation.refer(function), [name(CONTEXT), name(one), name(other)])
        raises = x.raises or limit.raises
        return Code(nodes.BoolOp(ast.Or(), [first, second]), BOOL, raises, depth=_depth(codes) + 2)

    return made


def _abs(_: Generation, __: Sequence[Expr], codes: Sequence[Code]) -> Code | None:
    (number,) = codes
    if number.kind != DOUBLE:
        return None
    return Code(call("abs", [number.expr]), DOUBLE, number.raises, depth=number.depth + 1)


_IN_PLACE: Final[Mapping[str, Callable[[Generation, Sequence[Expr], Sequence[Code]], Code | None]]] = {
    "size": _size,
    "contains": _contains,
    "startsWith": _end("startswith"),
    "endsWith": _end("endswith"),
    "matches": _matches,
    "at_least": _tolerant(ast.GtE),
    "at_most": _tolerant(ast.LtE),
    "abs": _abs,
}

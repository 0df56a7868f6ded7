"""Code for `&&`, `||` and `? :`, which choose what is evaluated, and for `&&` and `||` also which errors count."""

import ast

from riskgate.cel import nodes
from riskgate.cel.emit import (
    Code,
    assign,
    call,
    constant,
    if_,
    is_not,
    name,
    not_,
    once,
    raise_,
    try_except,
)
from riskgate.cel.generation import Generation
from riskgate.cel.overloads import join
from riskgate.cel.support import collect, told
from riskgate.cel.syntax import Binary, Expr, Ternary
from riskgate.cel.types import BOOL
from riskgate.cel.values import CelError

_ERROR = "error"


def logical(generation: Generation, node: Binary) -> Code:
    """A whole chain `a && b && …`, or `a || b || …`: one step for each operand, none inside another."""
    operands = _operands(node)
    with generation.deeper(2):
        made = [_operand(generation, operand, node.op) for operand in operands]
    if not any(statements for statements, _ in made) and not any(code.raises for _, code in made[:-1]):
        op = ast.And() if node.op == "&&" else ast.Or()
        depth = max(code.depth for _, code in made) + 1
        return Code(nodes.BoolOp(op, [code.expr for _, code in made]), BOOL, made[-1][1].raises, depth=depth)
    return _stepwise(generation, node.op, made)


def _operands(node: Binary) -> list[Expr]:
    found: list[Expr] = []
    waiting: list[Expr] = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Binary) and part.op == node.op:
            waiting += (part.right, part.left)
        else:
            found.append(part)
    return found


def _operand(generation: Generation, node: Expr, op: str) -> tuple[list[ast.stmt], Code]:
    with generation.block() as statements:
        code = generation.flat(generation.truth(generation.value(node), op))
    return statements, code


def _stepwise(generation: Generation, op: str, made: list[tuple[list[ast.stmt], Code]]) -> Code:
    """Leave at the first operand that decides; keep the errors of the others until it is known that none does."""
    result, errors = generation.fresh("r"), generation.fresh("e")
    steps: list[ast.stmt] = []
    kept = False
    for position, (statements, code) in enumerate(made):
        test = not_(code.expr) if op == "&&" else code.expr
        step = [*statements, if_(test, [nodes.Break()])]
        if code.raises and (kept or position < len(made) - 1):
            steps.append(keep_errors(generation, step, errors))
            kept = True
        else:
            steps += step
    if kept:
        generation.add(assign(errors, constant(None)))
        steps.append(if_(is_not(name(errors), None), [raise_(call(generation.refer(told), [name(errors)]))]))
    decisive = op == "||"
    generation.add(assign(result, constant(decisive)), once([*steps, assign(result, constant(not decisive))]))
    return Code(name(result), BOOL, any(code.raises for _, code in made), atomic=True)


def keep_errors(generation: Generation, body: list[ast.stmt], errors: str) -> ast.stmt:
    """`try: body`, its error added to the variable `errors`."""
    collected = call(generation.refer(collect), [name(errors), name(_ERROR)])
    return try_except(body, generation.refer(CelError), _ERROR, [assign(errors, collected)])


def ternary(generation: Generation, node: Ternary) -> Code:
    condition = generation.truth(generation.flat(generation.value(node.condition)), "? :")
    with generation.block() as if_so:
        then = generation.flat(generation.value(node.then))
    with generation.block() as if_not:
        other = generation.flat(generation.value(node.other))
    kind = join(then.kind, other.kind)
    raises = condition.raises or then.raises or other.raises
    if not if_so and not if_not:
        depth = max(condition.depth, then.depth, other.depth) + 1
        return Code(nodes.IfExp(condition.expr, then.expr, other.expr), kind, raises, depth=depth)
    result = generation.fresh("r")
    if_so.append(assign(result, then.expr))
    if_not.append(assign(result, other.expr))
    generation.add(if_(condition.expr, if_so, if_not))
    return Code(name(result), kind, raises, atomic=True)

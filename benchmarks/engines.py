"""Other expression engines on the same rules: each makes its programs beforehand and gets the entities as flat dicts.

What an engine must do for each entity (make its own values of it) is part of its time.
"""

import ast
import importlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Entity = dict[str, Any]
Found = list[tuple[str, int]]
Violations = Mapping[str, Mapping[str, str]]
Entities = Mapping[str, Sequence[Entity]]
Runner = Callable[[], Found]


def _each(
    violations: Violations,
    entities: Entities,
    compiled: Callable[[str], Callable[[Any], object]],
    given: Callable[[Entity], Any] = lambda entity: entity,
) -> Runner:
    """Run all rules of a type on each entity; `given` turns an entity into what the engine wants, once per entity."""
    programs = {kind: [(rule, compiled(text)) for rule, text in rules.items()] for kind, rules in violations.items()}

    def run() -> Found:
        found: Found = []
        for kind, rules in programs.items():
            for ordinal, entity in enumerate(entities[kind]):
                bound = given(entity)
                found += [(rule, ordinal) for rule, program in rules if program(bound)]
        return found

    return run


def _cel(text: str) -> str:
    return text.replace(" and ", " && ").replace(" or ", " || ").replace("not ", "!")


def _zen(violations: Violations, entities: Entities) -> Runner:
    zen = importlib.import_module("zen")
    return _each(violations, entities, lambda text: zen.compile_expression(text).evaluate)


def _rust_cel(violations: Violations, entities: Entities) -> Runner:
    cel = importlib.import_module("cel")
    return _each(violations, entities, lambda text: cel.compile(_cel(text)).execute, cel.Context)


def _python_cel(violations: Violations, entities: Entities) -> Runner:
    celpy = importlib.import_module("celpy")
    environment = celpy.Environment()

    def compiled(text: str) -> Callable[[Any], object]:
        program: Callable[[Any], object] = environment.program(environment.compile(_cel(text))).evaluate
        return program

    return _each(violations, entities, compiled, celpy.json_to_cel)


def _rule_engine(violations: Violations, entities: Entities) -> Runner:
    engine = importlib.import_module("rule_engine")
    context = engine.Context(resolver=engine.resolve_item)
    return _each(violations, entities, lambda text: engine.Rule(text, context=context).matches)


def _json_logic(violations: Violations, entities: Entities) -> Runner:
    logic = importlib.import_module("json_logic").jsonLogic

    def compiled(text: str) -> Callable[[Any], object]:
        tree = _logic_of(ast.parse(text, mode="eval").body)
        return lambda entity: logic(tree, entity)

    return _each(violations, entities, compiled)


OPERATORS: Mapping[type[ast.AST], str] = {
    ast.And: "and",
    ast.Or: "or",
    ast.Eq: "===",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.Mult: "*",
    ast.Sub: "-",
}


def _logic_of(node: ast.expr) -> object:
    """The expression as JSON logic: the syntax is Python's, too."""
    match node:
        case ast.BoolOp(op=op, values=values):
            return {OPERATORS[type(op)]: [_logic_of(value) for value in values]}
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return {"!": [_logic_of(operand)]}
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return {OPERATORS[type(op)]: [_logic_of(left), _logic_of(right)]}
        case ast.BinOp(left=left, op=op, right=right):
            return {OPERATORS[type(op)]: [_logic_of(left), _logic_of(right)]}
        case ast.Name(id=name):
            return {"var": name}
        case ast.List(elts=items):
            return [_logic_of(item) for item in items]
        case ast.Constant(value=value):
            return value
    raise ValueError(ast.dump(node))


ENGINES: Mapping[str, tuple[str, str, Callable[[Violations, Entities], Runner]]] = {
    "zen-engine": ("zen", "zen-engine", _zen),
    "common-expression-language (Rust)": ("cel", "common-expression-language", _rust_cel),
    "json-logic-qubit": ("json_logic", "json-logic-qubit", _json_logic),
    "rule-engine": ("rule_engine", "rule-engine", _rule_engine),
    "cel-python": ("celpy", "cel-python", _python_cel),
}
"""Name, module, distribution, and what makes the runner."""

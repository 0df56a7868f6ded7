"""Other rule and expression engines on sixteen of the rules; those that are not installed (extra `bench`) are left out.

They answer yes or no on whole data: no gaps, no addresses, no evidence. Every engine gets its expressions compiled and
the entities as flat dicts beforehand; what it must do per entity (convert it to its own values) is part of the time.
"""

import ast
import importlib
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from measure import Candidate, interleaved
from rows import Row
from subject import FLAT, checks_of, evaluator, findings_of
from workload import Size, snapshot_bytes

from riskgate.gate import Gate

Entity = dict[str, Any]
Found = list[tuple[str, int]]
Runner = Callable[[], Found]

WINDOW = 'kind in ["window", "bay_window"]'
VIOLATIONS: Mapping[str, Mapping[str, str]] = {
    "room": {
        "BM-RM-001": 'kind == "kitchen" and usable_area_m2 < 4.5',
        "BM-RM-002": 'kind == "bedroom" and usable_area_m2 < 9.0',
        "BM-RM-004": 'kind in ["living", "bedroom", "study"] and clear_height_m < 2.6',
        "BM-RM-005": 'kind in ["living", "bedroom"] and not (local_clear_height_m >= 2.1 or low_area_ratio <= 0.33)',
        "BM-RM-008": 'kind == "kitchen" and not (vent_opening_area_m2 >= 0.6 and vent_opening_ratio >= 0.1)',
        "BM-RM-016": 'kind == "living" and furniture_wall_length_m < 3.0',
        "BM-RM-017": 'kind in ["balcony", "bathroom"] and (level_difference_m < 0.01 or level_difference_m > 0.05)',
        "BM-RM-022": "not is_basement and usable_area_m2 > short_side_m * short_side_m * 2.85",
    },
    "opening": {
        "BM-OP-001": f"{WINDOW} and sill_height_m < 0.5 and not has_guard and not has_balcony_outside",
        "BM-OP-002": 'kind == "bay_window" and bay_sill_height_m <= 0.45 and guard_height_from_sill_m < 0.9',
        "BM-OP-004": 'kind == "bedroom_door" and clear_width_m < 0.899999999',
        "BM-OP-007": (
            'kind == "entry_door" and faces in ["lift_door", "entry_door", "stair_door"] and not has_vestibule'
        ),
        "BM-OP-010": f"{WINDOW} and recess_depth_m > recess_width_m * 2.0",
        "BM-OP-011": f"{WINDOW} and head_height_m > room_ceiling_height_m - 0.05",
        "BM-OP-013": f"{WINDOW} and (sash_conflict or pipe_in_front)",
        "BM-OP-014": f"{WINDOW} and not (handle_height_m <= 1.5 and is_operable_from_inside)",
    },
}
"""When each rule is violated, in the syntax that zen-engine and rule-engine share; the others are made from it."""


def peers(rounds: int, units: int) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        gate = Gate.load(_reduced(Path(folder)))
    run = evaluator(gate)
    snapshot = gate.snapshot(snapshot_bytes(Size(units)))
    expected = sorted(findings_of(run(snapshot)).risks)
    checks = checks_of(run(snapshot))
    entities = {name: [_flat(entity) for entity in snapshot.tables[name].entities] for name in VIOLATIONS}
    runners: dict[str, Runner] = {}
    for name, (module, make) in ENGINES.items():
        try:
            importlib.import_module(module)
        except ImportError:
            continue
        runners[name] = make(entities)
        found = sorted(runners[name]())
        assert found == expected, f"{name} finds something else: {sorted(set(found) ^ set(expected))[:5]}"
    candidates = {name: _candidate(runner) for name, runner in runners.items()}
    candidates["riskgate"] = Candidate(lambda _: run(snapshot))
    times = interleaved(candidates, rounds=rounds, on=True, warm=0)
    nanoseconds = {name: times.median(name) / checks * 1e9 for name in candidates}
    return [
        Row(
            f"{name} 对比 riskgate（{len(gate.plan.rules)} 条规则）",
            f"{name} / riskgate ({len(gate.plan.rules)} rules)",
            "on",
            times.ratio(name, "riskgate"),
            target=20,
            at_least=True,
            detail=f"{nanoseconds[name]:,.0f} / {nanoseconds['riskgate']:.0f} ns a check, {checks:,} checks",
        )
        for name in runners
    ]


def _candidate(runner: Runner) -> Candidate:
    return Candidate(lambda _: runner())


def _reduced(folder: Path) -> Path:
    """A pack of the sixteen rules alone."""
    content = yaml.safe_load((FLAT / "pack.yaml").read_text(encoding="utf-8"))
    wanted = {rule for rules in VIOLATIONS.values() for rule in rules}
    files = [yaml.safe_load((FLAT / f"{name}.yaml").read_text(encoding="utf-8"))["rules"] for name in VIOLATIONS]
    content["rules"] = [rule for rules in files for rule in rules if rule["id"] in wanted]
    path = folder / "reduced.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def _flat(entity: Entity) -> Entity:
    """Without children: an engine that converts what it is given must not pay for them."""
    return {name: value for name, value in entity.items() if not isinstance(value, list)}


def _each(
    entities: Mapping[str, Sequence[Entity]],
    compiled: Callable[[str], Callable[[Any], object]],
    given: Callable[[Entity], Any] = lambda entity: entity,
) -> Runner:
    """Run all rules of a type on each entity; `given` turns an entity into what the engine wants, once per entity."""
    programs = {
        kind: [(rule, compiled(text)) for rule, text in violations.items()] for kind, violations in VIOLATIONS.items()
    }

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


def _zen(entities: Mapping[str, Sequence[Entity]]) -> Runner:
    zen = importlib.import_module("zen")
    return _each(entities, lambda text: zen.compile_expression(text).evaluate)


def _rust_cel(entities: Mapping[str, Sequence[Entity]]) -> Runner:
    cel = importlib.import_module("cel")
    return _each(entities, lambda text: cel.compile(_cel(text)).execute, cel.Context)


def _python_cel(entities: Mapping[str, Sequence[Entity]]) -> Runner:
    celpy = importlib.import_module("celpy")
    environment = celpy.Environment()

    def compiled(text: str) -> Callable[[Any], object]:
        program: Callable[[Any], object] = environment.program(environment.compile(_cel(text))).evaluate
        return program

    return _each(entities, compiled, celpy.json_to_cel)


def _rule_engine(entities: Mapping[str, Sequence[Entity]]) -> Runner:
    engine = importlib.import_module("rule_engine")
    context = engine.Context(resolver=engine.resolve_item)
    return _each(entities, lambda text: engine.Rule(text, context=context).matches)


def _json_logic(entities: Mapping[str, Sequence[Entity]]) -> Runner:
    logic = importlib.import_module("json_logic").jsonLogic

    def compiled(text: str) -> Callable[[Any], object]:
        tree = _logic_of(ast.parse(text, mode="eval").body)
        return lambda entity: logic(tree, entity)

    return _each(entities, compiled)


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


ENGINES: Mapping[str, tuple[str, Callable[[Mapping[str, Sequence[Entity]]], Runner]]] = {
    "zen-engine": ("zen", _zen),
    "common-expression-language (Rust)": ("cel", _rust_cel),
    "json-logic-qubit": ("json_logic", _json_logic),
    "rule-engine": ("rule_engine", _rule_engine),
    "cel-python": ("celpy", _python_cel),
}

"""Laws: compiled code and the reference interpreter agree, on values, errors and steps, whatever is evaluated."""

from collections.abc import Callable, Mapping
from datetime import datetime
from random import Random
from typing import Any
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from cel_vocabulary import ENVIRONMENT, VARIABLES
from riskgate.cel import indexes
from riskgate.cel.check import Checked, check
from riskgate.cel.compiler import compile_checked, compile_tree, names_in
from riskgate.cel.interpret import interpret
from riskgate.cel.parse import parse
from riskgate.cel.runtime import CelError, Context, Value, key_value
from riskgate.cel.support import UNBOUND
from riskgate.cel.types import DOUBLE
from riskgate.errors import ExpressionError
from riskgate.pack import Expression
from strategies_cel import Facts, context_of, law_settings, spoilt
from typed_cel import Typed
from untyped_cel import Untyped

KINDS = (
    "bool",
    "bool",
    "bool",
    "int",
    "double",
    "text",
    "timestamp",
    "duration",
    "list:int",
    "list:double",
    "list:room",
)
NAMES = [name for name in VARIABLES if name != "short_m2"]
RANDOM = st.randoms(use_true_random=False)


def shown(value: Value) -> object:
    """A value so that two are equal if they are the same, type and sign of zero and offset included."""
    match value:
        case list() | tuple():
            return [shown(item) for item in value]
        case dict():
            return {"map": sorted(((repr(key_value(k)), shown(v)) for k, v in value.items()), key=repr)}
        case datetime():
            return value.isoformat()
        case _:
            return type(value).__name__, repr(value)


def outcome(evaluate: Callable[[Context], Value], context: Context) -> Any:
    """The value or error, and the budget left; of an exceeded budget nothing else counts."""
    try:
        value = evaluate(context)
    except CelError as error:
        if "budget" in error.kinds:
            return "budget"
        if "cannot be used with (" in error.message:
            return "no overload", sorted(error.kinds), error.paths, context.remaining
        return "error", sorted(error.kinds), error.paths, context.remaining
    return "value", shown(value), context.remaining


def checked(text: str) -> Checked:
    found = check(parse(text), ENVIRONMENT, Expression(text))
    assert found.problems == (), f"{text}\n{found.problems}"
    return found


def typed(random: Random) -> tuple[str, Checked, str, Checked] | None:
    """An expression and what `short_m2` stands for; None if it came out too long or too deep to parse."""
    text = Typed(random).expression(random.choice(KINDS), random.choice((1, 2, 2, 3)))
    named = Typed(random, named=False).expression("double", random.choice((0, 1, 2)))
    try:
        return text, checked(text), named, checked(named)
    except ExpressionError:
        return None


def compare_typed(random: Random, missing: float, limit: int, sets: int = 2) -> int:
    """Evaluate a random expression over random projects in both ways; the number of pairs."""
    made = typed(random)
    if made is None:
        return 0
    text, tree, named, value = made
    inline = {"short_m2": (value.tree, value.types)}
    assert value.type == DOUBLE
    compiled = compile_checked(tree.tree, NAMES, types=tree.types, mixed=True, inline=inline)
    for _ in range(sets):
        given = Facts(random, missing).bindings()
        context = context_of(given, limit)  # of all checks of one project: what it remembers must change nothing
        for bindings in checks_of(random, given):
            expected = outcome(
                lambda c, b=bindings: interpret(tree.tree, b, c, types=tree.types, mixed=True, inline=inline),  # type: ignore[misc]  # bound at once
                context_of(bindings, limit),
            )
            values = [bindings[name] for name in NAMES]
            context.start()
            with patch.object(indexes, "SHORT", random.choice((0, 8))):
                found = outcome(lambda c, v=values: compiled(*v, c), context)  # type: ignore[misc]  # the same
            assert found == expected, f"{text}\nshort_m2 = {named}\n{bindings}"
            assert expected == "budget" or expected[0] != "no overload", f"{text}\nshort_m2 = {named}\n{bindings}"
    return sets


def checks_of(random: Random, bindings: dict[str, Any]) -> list[dict[str, Any]]:
    """The same entity again, then other rooms and other units below the same ancestors."""
    rooms = [room for unit in (bindings["building"] or {}).get("units") or () for room in unit.get("rooms") or ()]
    units = list((bindings["building"] or {}).get("units") or ())
    found = [bindings, bindings]
    found += [{**bindings, "room": room} for room in random.sample(rooms, min(2, len(rooms)))]
    found += [{**bindings, "unit": unit} for unit in random.sample(units, min(1, len(units)))]
    return found


def compare_untyped(random: Random, limit: int) -> int:
    source = Untyped(random)
    text = source.expression(random.choice((1, 2, 3, 3)))
    try:
        tree = parse(text)
    except ExpressionError:
        return 0
    bindings: Mapping[str, Any] = source.bindings()
    names = sorted(names_in(tree))
    compiled = compile_tree(tree, names, optional=True)
    values = [bindings.get(name, UNBOUND) for name in names]
    expected = outcome(lambda context: interpret(tree, bindings, context), Context(limit))
    assert outcome(lambda context: compiled(*values, context), Context(limit)) == expected, f"{text}\n{bindings}"
    return 1


@law_settings(250)
@given(RANDOM)
def test_typed_expressions(random: Random) -> None:
    compare_typed(random, random.choice((0.0, 0.1, 0.4)), 1_000_000)


@law_settings(100)
@given(RANDOM)
def test_typed_expressions_under_a_tiny_budget(random: Random) -> None:
    compare_typed(random, 0.1, random.randrange(12))


@law_settings(400)
@given(RANDOM)
def test_untyped_expressions(random: Random) -> None:
    compare_untyped(random, random.choice((1_000_000, 1_000_000, 2, 5)))


@law_settings(100)
@given(RANDOM)
def test_no_data_makes_compiled_code_raise_anything_but_an_error_value(random: Random) -> None:
    made = typed(random)
    if made is None:
        return
    text, tree, _, value = made
    inline = {"short_m2": (value.tree, value.types)}
    compiled = compile_checked(tree.tree, NAMES, types=tree.types, mixed=True, inline=inline)
    sound = Facts(random, 0.1).bindings()
    bindings = spoilt(random, sound)
    values = [bindings.get(name) if isinstance(bindings, dict) else bindings for name in NAMES]
    note = outcome(lambda context: compiled(*values, context), context_of(sound))
    assert note == "budget" or note[0] in ("value", "error", "no overload"), text

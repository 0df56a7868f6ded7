"""Compiled expressions: limits of Python that must not show, named values, wrong data, and the public functions."""

import ast
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

import riskgate.cel
from cel_vocabulary import ENVIRONMENT, VARIABLES
from riskgate.cel.check import check
from riskgate.cel.compiler import compile_checked
from riskgate.cel.parse import parse
from riskgate.cel.runtime import CelError, Context, Value
from riskgate.cel.types import BOOL
from riskgate.errors import EvaluationError, ExpressionError
from riskgate.pack import Expression

AS_OF = datetime(2026, 5, 1, tzinfo=UTC)


def rule(text: str, facts: Mapping[str, Any], context: Context | None = None) -> Value:
    """The value of a rule expression over facts of `project`, `building`, `unit` and `room`."""
    found = check(parse(text), ENVIRONMENT, Expression(text))
    assert found.problems == ()
    names = [name for name in VARIABLES if name != "short_m2"]
    compiled = compile_checked(found.tree, names, types=found.types, mixed=True)
    given = {"as_of": AS_OF, "params": {}, **{name: {} for name in ("project", "building", "unit", "room")}, **facts}
    return compiled(*(given[name] for name in names), context or Context())


def failure(text: str, facts: Mapping[str, Any], context: Context | None = None) -> tuple[set[str], tuple[str, ...]]:
    with pytest.raises(CelError) as raised:
        rule(text, facts, context)
    return set(raised.value.kinds), raised.value.paths


@pytest.mark.parametrize(
    ("text", "facts", "kinds", "paths"),
    [
        ("room.usable_area_m2 > 1.0", {}, {"missing"}, ("room.usable_area_m2",)),
        ("room.usable_area_m2 > 1.0", {"room": {"usable_area_m2": None}}, {"missing"}, ("room.usable_area_m2",)),
        ("room.usable_area_m2 > 1.0", {"room": None}, {"absent"}, ("room",)),
        ("has(room.name)", {"room": None}, {"absent"}, ("room",)),
        ("unit.rooms.all(r, r.doors > 0)", {}, {"absent"}, ("unit.rooms",)),
        ("project.site.slope > 1.0", {}, {"absent"}, ("project.site",)),
        ("unit.rooms.all(r, r.doors > 0)", {"unit": {"rooms": [{}]}}, {"missing"}, ("r.doors",)),
        ("unit.plan.live > 1.0", {"unit": {"plan": {}}}, {"missing"}, ("unit.plan.live",)),
        (
            "room.doors > 1 && unit.rooms.exists(r, true) && room.name == room.id && room.doors < 3",
            {},
            {"missing", "absent"},
            ("room.doors", "unit.rooms", "room.name"),
        ),
        ("room.doors + 9223372036854775807 > 0 || has(room.id)", {"room": {"doors": 1}}, {"error"}, ()),
        ('lookup("unit", "1").beds > 1', {}, {"error"}, ()),
        ("[1, 2, 3].all(x, x > 0)", {}, {"budget"}, ()),
        ("[1, 2, 3].all(x, x > 0) || true", {}, {"budget"}, ()),
    ],
)
def test_errors_tell_kind_and_path(
    text: str, facts: Mapping[str, Any], kinds: set[str], paths: tuple[str, ...]
) -> None:
    assert failure(text, facts, Context(2)) == (kinds, paths)


@pytest.mark.parametrize(
    ("text", "facts", "value"),
    [
        ("room.doors > 1 || true", {}, True),
        ("true || room.doors > 1", {}, True),
        ("room.doors > 1 && room.name == room.id && false", {"room": None}, False),
        ("unit.rooms.exists(r, r.doors > 1)", {"unit": {"rooms": [{}, {"doors": 2}]}}, True),
        ("unit.rooms.all(r, r.doors > 1)", {"unit": {"rooms": [{}, {"doors": 0}]}}, False),
        ("room.usable_area_m2 / 2", {"room": {"usable_area_m2": 3.0}}, 1.5),
        ("sum(room.heights)", {"room": {"heights": []}}, 0.0),
        ("room.doors + 1", {"room": {"doors": 2**63 - 2}}, 2**63 - 1),
        ("room.doors - 1", {"room": {"doors": -(2**63) + 1}}, -(2**63)),
        ('{"kitchen": 3.5, "bedroom": 9.0}[room.kind]', {"room": {"kind": "bedroom"}}, 9.0),
        ("project.opens_on - as_of > days(30)", {"project": {"opens_on": AS_OF + timedelta(days=31)}}, True),
        ('project.current_node == "N10"', {"project": {"current_node": "drawing-review"}}, True),
        ("has(project.site) && project.site.slope > 1.0", {}, False),
        ("at_least(room.usable_area_m2, 3.5)", {"room": {"usable_area_m2": 3.4999999}}, True),
        ("at_most(room.usable_area_m2, 3.5)", {"room": {"usable_area_m2": 3.51}}, False),
    ],
)
def test_values(text: str, facts: Mapping[str, Any], value: Value) -> None:
    found = rule(text, facts)
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("room.usable_area_m2 > 1.0", {"room": {"usable_area_m2": "3"}}),
        ("room.usable_area_m2 * 2.0 > 1.0", {"room": {"usable_area_m2": []}}),
        ("room.doors + 1 > 2", {"room": 5}),
        ("unit.rooms.all(r, r.doors > 1)", {"unit": {"rooms": 5}}),
        ("unit.rooms.all(r, r.doors > 1)", {"unit": {"rooms": [None]}}),
        ("size(room.name) > 1", {"room": {"name": 5}}),
        ('unit.note.matches("a")', {"unit": {"note": 5}}),
        ('room.kind in ["kitchen"]', {"room": {"kind": []}}),
        (
            "building.brand_actual.startsWith(params.prefix)",
            {"building": {"brand_actual": 1}, "params": {"prefix": "a"}},
        ),
    ],
)
def test_data_of_another_type_is_an_error_value(text: str, facts: Mapping[str, Any]) -> None:
    if text.startswith("room.kind"):
        assert rule(text, facts) is False
        return
    kinds, _ = failure(text, facts)
    assert kinds == {"error"}
    assert rule(f"{text} || true", facts) is True  # and is absorbed like any other


def test_recovery_starts_with_the_whole_budget() -> None:
    context = Context(5)
    facts = {"unit": {"rooms": [{"doors": 2}, {"doors": 3}, {"doors": "x"}]}}
    assert failure("unit.rooms.all(r, r.doors > 1)", facts, context)[0] == {"error"}
    assert context.remaining == 2


def test_a_named_value_is_computed_and_counted_once() -> None:
    text = "short_m2 > 0.0 && short_m2 > 1.0 && short_m2 > 2.0"
    found = check(parse(text), ENVIRONMENT, Expression(text))
    named = "sum(room.heights.map(h, h * 2.0))"
    value = check(parse(named), ENVIRONMENT, Expression(named))
    inline = {"short_m2": (value.tree, value.types)}
    compiled = compile_checked(found.tree, ["room"], types=found.types, mixed=True, inline=inline)

    class Counted(dict[str, Any]):
        reads = 0

        def get(self, key: str, default: Any = None) -> Any:
            self.reads += 1
            return super().get(key, default)

    room, context = Counted(heights=[1.0, 2.0]), Context()
    assert compiled(room, context) is True
    assert room.reads == 1
    assert context.limit - context.remaining == 2


def test_a_named_value_without_a_value_is_that_error_wherever_it_is_used() -> None:
    text = "room.heights.exists(h, h > short_m2) || short_m2 > 1.0"
    found = check(parse(text), ENVIRONMENT, Expression(text))
    value = check(parse("room.usable_area_m2"), ENVIRONMENT, Expression("room.usable_area_m2"))
    inline = {"short_m2": (value.tree, value.types)}
    compiled = compile_checked(found.tree, ["room"], types=found.types, mixed=True, inline=inline)
    with pytest.raises(CelError) as raised:
        compiled({"heights": [1.0, 2.0]}, Context())
    assert raised.value.paths == ("room.usable_area_m2",)


# Limits of Python ----------------------------------------------------------------------------------------------------


def test_a_chain_of_thousands() -> None:
    assert riskgate.cel.evaluate(" && ".join(["x"] * 2000), {"x": True}) is True
    assert riskgate.cel.evaluate(" || ".join(["1/0 > 0"] * 900 + ["true"])) is True


@pytest.mark.parametrize(
    "form", ["[1].all(x{}, {})", "(false || {1} && true)", "(true ? {1} : false)", "[{1}][0]", "!!({1})"]
)
def test_the_deepest_nesting_that_parses(form: str) -> None:
    text, deepest = "true", ""
    for level in range(110):
        text = form.format(level, text)
        try:
            parse(text)
        except ExpressionError:
            break
        deepest = text
    assert deepest.count("(") + deepest.count("[") + deepest.count("!") >= 30
    assert riskgate.cel.evaluate(deepest) is True


def test_nested_macros_see_all_variables_around_them() -> None:
    depth = 30
    total = " + ".join(f"x{level}" for level in range(depth))
    text = f"{total} == {depth}"
    for level in reversed(range(depth)):
        macro, also = ("exists", " || 1/0 > 1") if level % 3 else ("all", "")
        text = f"[1].{macro}(x{level}, {text}{also})"
    assert riskgate.cel.evaluate(text) is True


def test_code_grows_no_faster_than_the_text() -> None:
    def size(count: int) -> int:
        text = " && ".join(f"(a{i} > {i} || b.exists(x, x == {i}))" for i in range(count))
        program = riskgate.cel.compile(text)
        return len(program._function.__code__.co_code)

    assert size(160) < 4.5 * size(40)


def test_a_name_cannot_reach_python() -> None:
    for name in ("__builtins__", "__import__", "open", "p0", "context", "left"):
        with pytest.raises(EvaluationError, match="no name"):
            riskgate.cel.evaluate(name)
    with pytest.raises((EvaluationError, ExpressionError)):
        riskgate.cel.evaluate('"".__class__.__mro__')


def test_threads_share_a_program() -> None:
    program = riskgate.cel.compile("xs.filter(x, x % n == 0).map(x, x * n)")
    wrong: list[int] = []

    def work(n: int) -> None:
        expected = [x * n for x in range(20) if x % n == 0]
        found = [program.evaluate({"xs": list(range(20)), "n": n}) for _ in range(200)]
        wrong.extend(n for result in found if result != expected)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_errors_leave_no_reference_cycles() -> None:
    import gc  # noqa: PLC0415 - only here

    program = compile_checked(parse("[1, 2, 3].all(x, x > y) && 1/0 > x"), ["x", "y"])
    gc.collect()
    gc.disable()
    try:
        for _ in range(50):
            with pytest.raises(CelError):
                program("a", "b", Context())
        assert gc.collect() < 50
    finally:
        gc.enable()


# The public functions ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "bindings", "value"),
    [
        ("1 + 2", None, 3),
        ("x * 1.5", {"x": 2.0}, 3.0),
        ("type(1)", {}, "int"),
        ("[type(x), type(1.0)]", {"x": "a"}, ["string", "double"]),
        ("{true: 1}", {}, {True: 1}),
        ("t", {"t": datetime(2026, 5, 1, 8, tzinfo=timezone(timedelta(hours=8)))}, datetime(2026, 5, 1, tzinfo=UTC)),
        ("t - duration('1h')", {"t": AS_OF}, AS_OF - timedelta(hours=1)),
        ("a.b.c", {"a": {"b": {"c": 5}}}, 5),
        ("a.b.c", {"a.b": {"c": 5}, "a": {}}, 5),
        ("has(a.b) ? a.b : null", {"a": {"b": None}}, None),
        ("x in xs", {"x": 1, "xs": (1.0, 2.0)}, True),
        ("true || nope", {}, True),
        ("size(int) == 0 || true", {"int": []}, True),
        ("room.area >= 3.5", {"room": {"area": 4.0}, "unused": object()}, True),
    ],
)
def test_evaluate(text: str, bindings: Mapping[str, Any] | None, value: Any) -> None:
    found = riskgate.cel.evaluate(text, bindings)
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("text", "bindings", "message"),
    [
        ("x", {"x": 2**63}, "64 bits"),
        ("x", {"x": datetime(2026, 5, 1)}, "offset"),  # noqa: DTZ001 - that is what is tested
        ("x", {"x": object()}, "no value"),
        ("x", {"x": {1.5: 1}}, "key"),
        ("x + y", {"x": 1}, "no name `y`"),
        ("1 + 1.0", {}, "cannot be used with"),
        ("[1][3]", {}, "no item 3"),
        ("1 / 0", {}, "division by zero"),
        ("each('unit')", {}, "project"),
    ],
)
def test_no_value_in_plain_words(text: str, bindings: Mapping[str, Any], message: str) -> None:
    with pytest.raises(EvaluationError, match=message) as raised:
        riskgate.cel.evaluate(text, bindings)
    assert raised.value.__cause__ is None


def test_a_text_that_does_not_parse() -> None:
    with pytest.raises(ExpressionError):
        riskgate.cel.evaluate("1 +")
    with pytest.raises(ExpressionError):
        riskgate.cel.compile("")


def test_a_value_that_holds_itself() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(EvaluationError, match="nested too deep"):
        riskgate.cel.evaluate("x", {"x": loop})


def test_the_budget_of_a_program_can_be_set() -> None:
    program = riskgate.cel.compile("[1, 2, 3].all(x, x > 0)")
    assert program.evaluate(limit=3) is True
    with pytest.raises(EvaluationError, match="more than 2 items"):
        program.evaluate(limit=2)


def test_compiled_from_syntax_nodes_never_from_text(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    original = compile

    def spy(source: object, *args: Any, **more: Any) -> Any:
        seen.append(source)
        return original(source, *args, **more)  # type: ignore[call-overload]  # whatever it was called with

    monkeypatch.setitem(vars(sys.modules["riskgate.cel.compiler"]), "compile", spy)
    riskgate.cel.evaluate("[1, 2].all(x, x > 0 && x < 3)")
    assert seen
    assert all(isinstance(source, ast.Module) for source in seen)


def test_conditions_are_checked_as_bool() -> None:
    assert check(parse("room.doors"), ENVIRONMENT, Expression("room.doors"), expect=BOOL).problems

"""The engines as machines: limits, threads, many in a row, refusals, and what durable-rules cannot be trusted with."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from riskgate.errors import InferenceError
from riskgate.infer import Derived, Fact, durable, infer
from riskgate.infer.lines import MAX_DERIVES, MAX_LINES
from riskgate.pack import Conclusion, Derive, FactCondition, Given
from riskgate.text import Text

ENGINES = ["plain", *(["durable"] if durable.available() else [])]
needs_durable = pytest.mark.skipif(not durable.available(), reason="durable-rules does not import here")
FNV_PRIME, FNV_BASIS = 16777619, 0x811C9DC5


def rule(name: str, *given: Given, theme: str | None = None) -> Derive:
    return Derive(name, Text.of(name), given, Conclusion("blocking", ("n",), theme=theme))


def risk(alias: str, *where: FactCondition) -> Given:
    return Given("risk", alias, where)


def eq(name: str, value: Any) -> FactCondition:
    return FactCondition(name, "eq", value)


def same(name: str, alias: str) -> FactCondition:
    return FactCondition(name, "eq", other=(alias, name))


LEAKS = [
    rule("A", risk("a", eq("theme", "leak")), risk("b", eq("theme", "crack"), same("group", "a")), theme="both"),
    rule("B", risk("a", eq("theme", "both"))),
]


def building(number: int) -> list[Fact]:
    return [Fact("risk", {"theme": t, "group": f"b{number}"}, (f"{t}{number}",)) for t in ("leak", "crack")]


def code(error: pytest.ExceptionInfo[InferenceError]) -> list[str]:
    return [problem.code for problem in error.value.problems]


@pytest.mark.parametrize("engine", ENGINES)
def test_threads_each_get_their_own_answer(engine: Any) -> None:
    def run(count: int) -> tuple[int, tuple[Derived, ...]]:
        facts = [fact for number in range(count) for fact in building(number)]
        return count, infer(LEAKS, facts, {}, engine=engine)

    with ThreadPoolExecutor(8) as pool:
        for count, derived in pool.map(run, [*range(1, 25), *range(1, 25)]):
            assert len(derived) == 2 * count


@pytest.mark.parametrize("engine", ENGINES)
def test_hundreds_in_a_row_agree(engine: Any) -> None:
    facts = [fact for number in range(10) for fact in building(number)]
    first = infer(LEAKS, facts, {}, engine=engine)
    assert len(first) == 20
    assert all(infer(LEAKS, facts, {}, engine=engine) == first for _ in range(300))


@pytest.mark.parametrize("engine", ENGINES)
def test_many_groups(engine: Any) -> None:
    facts = [fact for number in range(1_000) for fact in building(number)]
    assert len(infer(LEAKS, facts, {}, engine=engine)) == 2_000


@pytest.mark.parametrize("engine", ENGINES)
def test_a_chain_of_a_thousand(engine: Any) -> None:
    rules = [rule(f"D{n:04}", risk("a", eq("rule", f"D{n - 1:04}"))) for n in range(1, 1_001)]
    derived = infer(rules, [Fact("risk", {"rule": "D0000", "group": "g"})], {}, engine=engine)
    assert [found.derive for found in derived] == [r.id for r in rules]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_fact_may_wait_at_hundreds_of_lines_and_hundreds_of_rules_may_ask_the_same(engine: Any) -> None:
    rules = [rule(f"D{n}", risk("a", eq("theme", "leak")), risk("b", same("group", "a"))) for n in range(700)]
    assert len(infer(rules, building(1)[:1], {}, engine=engine)) == 700


@pytest.mark.parametrize("engine", ENGINES)
def test_as_many_rules_as_are_allowed(engine: Any) -> None:
    rules = [rule(f"D{n}", risk("a", eq("theme", f"t{n}"))) for n in range(MAX_DERIVES)]
    (derived,) = infer(rules, [Fact("risk", {"theme": f"t{MAX_DERIVES - 1}", "group": "g"})], {}, engine=engine)
    assert derived.derive == f"D{MAX_DERIVES - 1}"
    with pytest.raises(InferenceError) as error:
        infer([*rules, rule("more", risk("a"))], [], {}, engine=engine)
    assert code(error) == ["too-many-derives"]


def test_beyond_the_step_limit_there_is_an_error_the_same_for_both_engines() -> None:
    free = rule("FREE", risk("a"), risk("b", FactCondition("x", "gte", 0)), risk("c", same("x", "b")))
    facts = [Fact("risk", {"group": f"g{n}", "x": n}, (str(n),)) for n in range(30)]
    # 30 groups, each with 30 values of x, each with the one item that has this x
    enough = 30 + 30 * 30 + 30 * 30
    assert len(infer([free], facts, {}, step_limit=enough)) == 30
    words = set()
    for engine in ENGINES:
        with pytest.raises(InferenceError) as error:
            infer([free], facts, {}, engine=engine, step_limit=enough - 1)  # type: ignore[arg-type]  # parametrised names
        assert code(error) == ["inference-limit"]
        words.add(str(error.value))
    assert len(words) == 1
    assert "FREE" in words.pop()


def test_the_default_limit_stops_what_would_not_end_in_time() -> None:
    free = rule("FREE", *(risk(f"a{n}", FactCondition("x", "neq", -1)) for n in range(3)))
    joined = rule("J", *free.given, risk("z", same("x", "a0"), same("y", "a1"), same("group", "a2")))
    facts = [Fact("risk", {"group": f"g{n}", "x": n, "y": n}) for n in range(2_000)]
    for engine in ENGINES:
        with pytest.raises(InferenceError, match="J"):
            infer([joined], facts, {}, engine=engine)  # type: ignore[arg-type]  # parametrised names


def test_facts_that_a_line_cannot_tell_apart_cost_one_step() -> None:
    free = rule("FREE", risk("a"), risk("b"), risk("c"))
    facts = [Fact("risk", {"group": "g", "x": n}, (str(n),)) for n in range(500)]
    for engine in ENGINES:
        (derived,) = infer([free], facts, {}, engine=engine, step_limit=10)  # type: ignore[arg-type]  # parametrised names
        assert len(derived.because) == 500


@pytest.mark.parametrize(
    ("derives", "codes"),
    [
        ([rule("A")], ["bad-given"]),
        ([rule("A", *(risk(f"a{n}") for n in range(MAX_LINES + 1)))], ["bad-given"]),
        ([rule("A", risk("a")), rule("A", risk("a"))], ["doubled-id"]),
        ([rule("A", risk("a"), risk("a"))], ["doubled-alias"]),
        ([rule("A", risk("a", same("group", "a")))], ["bad-condition"]),
        ([rule("A", risk("a", same("group", "b")), risk("b"))], ["bad-condition"]),
        ([rule("A", risk("a"), risk("b", FactCondition("x", "gt", other=("a", "x"))))], ["bad-condition"]),
        ([rule("A", risk("a", eq("x", None)))], ["bad-condition"]),
        ([rule("A", risk("a", eq("x", float("nan"))))], ["bad-condition"]),
        ([rule("A", risk("a", FactCondition("x", "in", "leak")))], ["bad-condition"]),
        ([rule("A", risk("a", eq("x", None))), rule("B")], ["bad-condition", "bad-given"]),
    ],
)
def test_a_rule_that_cannot_be_chained_is_an_error(derives: list[Derive], codes: list[str]) -> None:
    with pytest.raises(InferenceError) as error:
        infer(derives, [], {})
    assert sorted(code(error)) == codes


def test_no_rules_and_no_facts_conclude_nothing() -> None:
    assert infer([], building(1), {}) == ()
    for engine in ENGINES:
        assert infer(LEAKS, [], {}, engine=engine) == ()  # type: ignore[arg-type]  # parametrised names


def test_without_the_library_auto_is_the_plain_engine_and_durable_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = infer(LEAKS, building(1), {})
    monkeypatch.setattr(durable, "_library", None)
    assert infer(LEAKS, building(1), {}, engine="auto") == expected
    with pytest.raises(InferenceError) as error:
        infer(LEAKS, building(1), {}, engine="durable")
    assert code(error) == ["engine-unavailable"]


def fnv(name: str) -> int:
    found = FNV_BASIS
    for byte in name.encode("ascii"):
        found = ((found ^ byte) * FNV_PRIME) % 2**32
    return found


def test_the_library_can_tell_all_property_names_and_aliases_apart() -> None:
    names = (*durable.NAMES, "$s", "$forward", *(f"m{line}" for line in range(MAX_LINES)))
    assert len({fnv(name) for name in names}) == len(set(names))


class Library:
    """The library, but for one function."""

    def __init__(self, **replaced: Any) -> None:
        self.calls: list[str] = []
        self.replaced = replaced

    def __getattr__(self, name: str) -> Any:
        self.calls.append(name)
        return self.replaced.get(name) or getattr(REAL, name)


REAL: Any = durable._library


@contextmanager
def library(monkeypatch: pytest.MonkeyPatch, **replaced: Any) -> Iterator[Library]:
    stand_in = Library(**replaced)
    with monkeypatch.context() as patch:
        patch.setattr(durable, "_library", stand_in)
        yield stand_in
    assert stand_in.calls[-1] == "delete_ruleset"


def taken_until(limit: int, then: Any) -> Any:
    count = 0

    def assert_fact(handle: int, text: str) -> Any:
        nonlocal count
        count += 1
        return REAL.assert_fact(handle, text) if count <= limit else then()

    return assert_fact


def fails() -> Any:
    raise REAL.error("Could not assert fact, error code: 303")


@needs_durable
@pytest.mark.parametrize("then", [fails, lambda: (1, 1), lambda: (2, 1), lambda: (3, 1)])
@pytest.mark.parametrize("limit", [0, 1, 3, 4])
def test_a_refused_fact_is_an_error_and_everything_is_given_back(
    monkeypatch: pytest.MonkeyPatch, limit: int, then: Any
) -> None:
    with library(monkeypatch, assert_fact=taken_until(limit, then)), pytest.raises(InferenceError) as error:
        infer(LEAKS, [*building(1), *building(2)], {}, engine="durable")
    assert code(error) == ["inference-engine"]


@needs_durable
def test_a_fault_between_two_actions_is_an_error_and_everything_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def complete(handle: int, state: int) -> Any:
        if stand_in.calls.count("complete_and_start_action") > 2:
            raise REAL.error("broken")
        return REAL.complete_and_start_action(handle, state)

    with library(monkeypatch, complete_and_start_action=complete) as stand_in, pytest.raises(InferenceError):
        infer(LEAKS, [*building(1), *building(2)], {}, engine="durable")
    assert stand_in.calls[-5:-1].count("abandon_action") == 1

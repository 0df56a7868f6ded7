"""Run-time values: between Python and expressions, the laws of equality, order and texts, and what must not fail."""

from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskgate.cel.functions import FUNCTIONS
from riskgate.cel.interpret import interpret
from riskgate.cel.parse import parse
from riskgate.cel.patterns import matcher
from riskgate.cel.runtime import ERROR, BoolKey, CelError, Context, TypeValue, Value, equal, from_cel, less, to_cel


def plain(text: str, **bindings: Value) -> Value:
    return interpret(parse(text), bindings, Context())


# Values of Python callers


class Kind(StrEnum):
    KITCHEN = "kitchen"


def test_values_of_python_go_in_and_come_out() -> None:
    written = {"a": [1, 1.0, True, None, "x"], True: timedelta(1)}
    assert from_cel(to_cel(written)) == written
    assert to_cel({True: 1, 2: 3}) == {BoolKey(value=True): 1, 2: 3}
    assert to_cel((1, 2)) == [1, 2]
    assert type(to_cel(Kind.KITCHEN)) is str
    assert from_cel(TypeValue("int")) == "int"
    local = datetime(2026, 5, 1, tzinfo=timezone(timedelta(hours=8)))
    assert to_cel(local).tzinfo is UTC
    assert to_cel(local) == local


@pytest.mark.parametrize(
    "value",
    [2**63, -(2**63) - 1, b"x", {1.5: 1}, {None: 1}, object(), datetime(2026, 5, 1)],  # noqa: DTZ001 - without an offset, on purpose
)
def test_values_that_expressions_cannot_hold_are_refused(value: object) -> None:
    with pytest.raises(CelError):
        to_cel(value)


def test_a_number_too_long_to_print_is_refused() -> None:
    with pytest.raises(CelError):
        to_cel(10**5000)


def test_a_value_that_holds_itself_is_refused() -> None:
    endless: list[Value] = []
    endless.append(endless)
    with pytest.raises(CelError):
        to_cel(endless)


def test_a_map_that_python_cannot_hold_is_refused() -> None:
    with pytest.raises(CelError):
        from_cel(plain("{true: 1, 1: 2}"))


# Laws


SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text(max_size=3)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(VALUES, VALUES)
def test_equality_is_symmetric_and_tells_bool_from_int(a: Value, b: Value) -> None:
    assert equal(a, b) is equal(b, a)
    if not isinstance(a, int | float | list | dict):
        assert equal(a, b) is (type(a) is type(b) and a == b)


@settings(deadline=None)
@given(SCALARS, SCALARS)
def test_two_values_are_in_one_order_at_most(a: Value, b: Value) -> None:
    try:
        assert less(a, b) + less(b, a) + equal(a, b) <= 1
    except CelError:
        assert not equal(a, b) or a is None


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_text_of_a_double_reads_back_as_it(number: float) -> None:
    assert plain("double(string(x))", x=number) == number


@settings(deadline=None)
@given(st.datetimes(timezones=st.just(UTC)), st.timedeltas(timedelta(days=-100_000), timedelta(days=100_000)))
def test_the_texts_of_times_read_back_as_they(moment: datetime, duration: timedelta) -> None:
    assert plain("timestamp(string(x))", x=moment) == moment
    assert plain("duration(string(x))", x=duration) == duration


@settings(deadline=None)
@given(st.integers(-(2**63), 2**63 - 1), st.integers(-(2**63), 2**63 - 1).filter(bool))
def test_division_and_modulo_belong_together(a: int, b: int) -> None:
    if (a, b) != (-(2**63), -1):
        assert plain("(a / b) * b + a % b == a", a=a, b=b) is True


# What must not fail


def test_deep_data_is_compared_without_recursion() -> None:
    deep: Value = 1
    for _ in range(50_000):
        deep = [deep]
    assert plain("a == b", a=deep, b=deep) is True


def test_long_chains_are_evaluated() -> None:
    assert plain("||".join(["false"] * 1_000) + "|| true") is True
    assert plain("&&".join(["true"] * 1_400)) is True


def test_patterns_that_cannot_be_used_are_errors_and_print_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    for pattern in ("(", "a" * 1_001, "(a{1000}){1000}", "\\1", "\ud800"):
        with pytest.raises(CelError):
            matcher(pattern)
    assert capfd.readouterr() == ("", "")
    with pytest.raises(CelError):
        matcher("a")("\ud800")


def test_doubling_a_text_ends_with_an_error() -> None:
    with pytest.raises(CelError) as raised:
        plain("['aaaaaaaaaa']" + ".map(x, x + x)" * 40)
    assert raised.value.kinds == ERROR


def test_every_function_refuses_wrong_types_with_an_error() -> None:
    values: list[Value] = [
        None,
        True,
        1,
        1.5,
        "x",
        [1],
        {"a": 1},
        datetime(2026, 5, 1, tzinfo=UTC),
        timedelta(1),
        TypeValue("int"),
    ]
    messages: list[str] = []
    for function in FUNCTIONS.values():
        before = [Context()] if function.context else []
        count = max(function.least + function.member, 1)
        for value in values:
            try:
                function.implementation(*before, *[value] * count)
            except CelError as refused:
                messages.append(refused.message)
    assert all(messages)

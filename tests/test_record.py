"""A record behaves like the frozen dataclass with the same fields."""

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskgate.record import record


@record
class Place:
    line: int = 0
    column: int = 0


@record
class Syntax:
    place: Place = field(default=Place(), compare=False, kw_only=True)


@record
class Name(Syntax):
    text: str
    parts: list[int] = field(default_factory=list)
    secret: int = field(default=0, repr=False)


@record
class Empty:
    pass


@record
class Counted:
    words: list[str]

    @cached_property
    def count(self) -> int:
        return len(self.words)


@dataclass(frozen=True, slots=True)
class PlainSyntax:
    place: Place = field(default=Place(), compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class PlainName(PlainSyntax):
    text: str
    parts: list[int] = field(default_factory=list)
    secret: int = field(default=0, repr=False)


VALUES = st.fixed_dictionaries(
    {"text": st.sampled_from(["a", "b"])},
    optional={
        "parts": st.lists(st.integers(0, 1), max_size=2),
        "secret": st.integers(0, 1),
        "place": st.builds(Place, st.integers(0, 1), st.integers(0, 1)),
    },
)


def outcome(function: Callable[[], Any]) -> Any:
    try:
        return function()
    except Exception as error:  # noqa: BLE001 - whichever it is, both must raise the same
        return type(error)


def values(kind: Any, args: list[int], kwargs: dict[str, Any]) -> Any:
    return dataclasses.astuple(kind(*args, **kwargs))


@settings(deadline=None, max_examples=50)
@given(VALUES, VALUES)
def test_fields_equality_and_text_are_those_of_the_dataclass(one: dict[str, Any], other: dict[str, Any]) -> None:
    mine, plain = Name(**one), PlainName(**one)
    assert dataclasses.asdict(mine) == dataclasses.asdict(plain)
    assert repr(mine) == repr(plain).replace("PlainName", "Name")
    assert (mine == Name(**other)) == (plain == PlainName(**other))
    assert mine != cast(object, plain)
    assert [f.name for f in dataclasses.fields(mine)] == [f.name for f in dataclasses.fields(plain)]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 3), max_size=5), st.sets(st.sampled_from(["text", "parts", "secret", "place", "odd"])))
def test_wrong_arguments_are_refused_where_the_dataclass_refuses_them(args: list[int], names: set[str]) -> None:
    kwargs: dict[str, Any] = dict.fromkeys(names, 1)
    assert outcome(lambda: values(Name, args, kwargs)) == outcome(lambda: values(PlainName, args, kwargs))


@pytest.mark.parametrize("kind", [Name, PlainName])
def test_a_field_cannot_be_changed_added_or_deleted(kind: Any) -> None:
    value = kind("a")
    with pytest.raises(dataclasses.FrozenInstanceError):
        value.text = "b"
    with pytest.raises(dataclasses.FrozenInstanceError):
        del value.text
    with pytest.raises((AttributeError, TypeError)):
        value.other = 1
    assert not hasattr(value, "__dict__")


def test_equal_records_have_one_hash_and_classes_are_told_apart() -> None:
    assert hash(Place(1, 2)) == hash(Place(1, 2))
    assert len({Place(1, 2), Place(1, 2), Place(2, 1)}) == 2
    assert Empty() == Empty()
    assert hash(Empty()) == hash(Empty())
    assert Place(1, 2) != cast(object, (1, 2))


def test_what_is_not_compared_does_not_count() -> None:
    assert Name("a", place=Place(1, 1)) == Name("a", place=Place(2, 2))


def test_each_value_gets_its_own_default_list() -> None:
    first, second = Name("a"), Name("a")
    first.parts.append(1)
    assert second.parts == []


def test_records_are_copied_pickled_replaced_and_matched() -> None:
    value = Name("a", [1], place=Place(3, 4))
    for made in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):  # noqa: S301 - our own
        assert made == value
        assert made.place == Place(3, 4)
    changed = dataclasses.replace(value, text="b")
    assert (changed.text, changed.parts, changed.place) == ("b", [1], Place(3, 4))
    match value:
        case Name(text, [number]):
            assert (text, number) == ("a", 1)
        case _:
            pytest.fail("a record must match by position")


def test_a_property_is_kept_but_not_pickled() -> None:
    words = ["a"]
    value = Counted(words)
    assert value.count == 1
    words.append("b")
    assert value.count == 1
    assert pickle.loads(pickle.dumps(value)).count == 2  # noqa: S301 - our own
    assert value == Counted(words)
    with pytest.raises(dataclasses.FrozenInstanceError):
        value.words = []  # type: ignore[misc]  # that is the point

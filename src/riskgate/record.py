"""Values that do not change: what `@dataclass(frozen=True, slots=True)` makes, at a tenth of the price of a start.

A dataclass writes and compiles six functions when it is defined, which takes half a millisecond; a hundred of them are
a tenth of the time of a `riskgate check`. A record shares its methods with all others, and its `__init__` is compiled
when several values are made. `dataclasses.field`, `replace`, `fields` and `asdict` work on records, and type checkers
see a dataclass. A record with a `cached_property` has room to keep it; that is not pickled.
"""

import dataclasses
from collections.abc import Callable
from functools import cache, cached_property
from inspect import get_annotations
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar, dataclass_transform

_Class = TypeVar("_Class")
_FIELDS = "__record_fields__"
_MISSING = dataclasses.MISSING
FEW = 20
"""So many values of a class are made without an `__init__` of its own; compiling one takes about as long."""
_made: dict[type, int] = {}


class _Field(NamedTuple):
    """One field: its annotation, and what `dataclasses.field` said of it."""

    type: Any
    default: Any = _MISSING
    factory: Any = _MISSING
    keyword: bool = False
    compare: bool = True
    repr: bool = True


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def record(cls: type[_Class]) -> type[_Class]:
    """Make a class a record: its annotations are its fields, those of the record it extends come first."""
    own = get_annotations(cls)
    namespace = {name: value for name, value in cls.__dict__.items() if name not in {"__dict__", "__weakref__"}}
    fields: dict[str, _Field] = dict(getattr(cls, _FIELDS, {}))
    for name, kind in own.items():
        fields[name] = _field(kind, namespace.pop(name, _MISSING))
    keeps = any(isinstance(value, cached_property) for value in namespace.values())
    shared = {
        "__slots__": (*own, "__dict__") if keeps else tuple(own),
        "__match_args__": tuple(name for name, one in fields.items() if not one.keyword),
        "__dataclass_fields__": _DataclassFields(),
        "__init__": _first_init,
        "__repr__": _repr,
        "__setattr__": _refuse,
        "__delattr__": _refuse,
        "__reduce__": _reduce,
        _FIELDS: fields,
    }
    if "__eq__" not in namespace:
        shared["__eq__"], shared["__hash__"] = _comparison([name for name, one in fields.items() if one.compare])
    made = type(cls.__name__, cls.__bases__, {**shared, **namespace})
    made.__qualname__ = cls.__qualname__
    return made


def _field(kind: Any, given: Any) -> _Field:
    if not isinstance(given, dataclasses.Field):
        return _Field(kind, given)
    keyword = given.kw_only is True
    return _Field(kind, given.default, given.default_factory, keyword, bool(given.compare), given.repr)


def _comparison(names: list[str]) -> tuple[Callable[..., Any], Callable[..., int]]:
    """`__eq__` and `__hash__` by these fields."""
    values: Callable[[Any], Any] = attrgetter(*names) if names else lambda _: ()

    def equal(self: object, other: object) -> Any:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return values(self) == values(other)

    def hashed(self: object) -> int:
        return hash(values(self))

    return equal, hashed


def _first_init(self: object, *args: Any, **kwargs: Any) -> None:
    """Stands for `__init__` until a few values of the class are made: of half the classes there are never more."""
    cls: Any = type(self)
    fields: dict[str, _Field] = getattr(cls, _FIELDS)
    made = _made.get(cls, 0)
    _made[cls] = made + 1
    given = dict(zip(cls.__match_args__, args, strict=False))
    sound = len(given) == len(args) and given.keys().isdisjoint(kwargs) and kwargs.keys() <= fields.keys()
    if made < FEW and sound:
        given.update(kwargs)
        for name, one in fields.items():
            if name not in given:
                if one.factory is not _MISSING:
                    given[name] = one.factory()
                elif one.default is not _MISSING:
                    given[name] = one.default
        if len(given) == len(fields):
            for name in fields:
                getattr(cls, name).__set__(self, given[name])
            return
    cls.__init__ = _init_of(cls)
    cls.__init__(self, *args, **kwargs)


def _init_of(cls: type) -> Callable[..., None]:
    fields: dict[str, _Field] = getattr(cls, _FIELDS)
    known: dict[str, Any] = {"MISSING": _MISSING}
    plain: list[str] = ["self"]
    keywords: list[str] = []
    body: list[str] = []
    for name, one in fields.items():
        known[f"set_{name}"] = getattr(cls, name).__set__
        value = name
        parameter = name
        if one.factory is not _MISSING:
            known[f"make_{name}"] = one.factory
            parameter = f"{name}=MISSING"
            value = f"make_{name}() if {name} is MISSING else {name}"
        elif one.default is not _MISSING:
            known[f"default_{name}"] = one.default
            parameter = f"{name}=default_{name}"
        (keywords if one.keyword else plain).append(parameter)
        body.append(f" set_{name}(self, {value})\n")
    parameters = ", ".join([*plain, *(["*", *keywords] if keywords else [])])
    exec(f"def __init__({parameters}):\n{''.join(body) or ' pass'}", known)  # noqa: S102 - only names of fields are in it, as in `dataclasses`
    made: Callable[..., None] = known["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


def replace(value: _Class, **changes: Any) -> _Class:
    """The same record with other values for some fields, at a fraction of what `dataclasses.replace` costs."""
    fields: dict[str, _Field] = getattr(value, _FIELDS)
    return type(value)(**{name: getattr(value, name) for name in fields} | changes)


def _repr(self: Any) -> str:
    fields: dict[str, _Field] = getattr(self, _FIELDS)
    listed = ", ".join(f"{name}={getattr(self, name)!r}" for name, one in fields.items() if one.repr)
    return f"{type(self).__qualname__}({listed})"


def _refuse(self: object, name: str, *_: object) -> None:  # noqa: ARG001 - the form of __setattr__ and __delattr__
    raise dataclasses.FrozenInstanceError(f"cannot change field {name!r}")


def _reduce(self: Any) -> tuple[Any, ...]:
    """For copying and pickling."""
    fields: dict[str, _Field] = getattr(self, _FIELDS)
    if any(one.keyword for one in fields.values()):
        return _restore, (type(self), {name: getattr(self, name) for name in fields})
    return type(self), tuple([getattr(self, name) for name in fields])


def _restore(cls: type[_Class], values: dict[str, Any]) -> _Class:
    return cls(**values)


class _DataclassFields:
    """Tells `dataclasses.replace`, `fields` and `asdict` what they ask a dataclass for, once they do."""

    def __get__(self, instance: object, owner: type) -> dict[str, dataclasses.Field[Any]]:
        return _dataclass_fields(owner)


@cache
def _dataclass_fields(owner: type) -> dict[str, dataclasses.Field[Any]]:
    fields: dict[str, _Field] = getattr(owner, _FIELDS)
    made: Any = dataclasses.make_dataclass(
        owner.__name__,
        [(name, one.type, _specified(one)) for name, one in fields.items()],
        frozen=True,
    )
    found: dict[str, dataclasses.Field[Any]] = made.__dataclass_fields__
    return found


def _specified(one: _Field) -> Any:
    rest: dict[str, Any] = {"kw_only": one.keyword, "compare": one.compare, "repr": one.repr}
    if one.factory is not _MISSING:
        return dataclasses.field(default_factory=one.factory, **rest)
    return dataclasses.field(default=one.default, **rest)

"""What a model states, as plain values in metres and square metres: all that leaves the process that reads it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

Kind = Literal["quantity", "property", "attribute", "geometry"]
Unit = Literal["m", "m2", "count", ""]
"""Empty: a text, a yes or no, or a number of which the model does not say what it measures."""


@dataclass(frozen=True, slots=True)
class Value:
    """One thing that the model says of an element, and where: `group` is the name of the set it stands in."""

    kind: Kind
    group: str
    name: str
    value: float | str | bool
    unit: Unit = ""


@dataclass(frozen=True, slots=True)
class Element:
    """Anything with a GlobalId. `type` is its IFC type, as the schema writes it."""

    guid: str
    type: str
    name: str = ""
    long_name: str = ""
    object_type: str = ""
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Building(Element):
    pass


@dataclass(frozen=True, slots=True)
class Storey(Element):
    """`elevation` in metres above the zero of the building; None if it is not said."""

    building: str = ""
    elevation: float | None = None


@dataclass(frozen=True, slots=True)
class Zone(Element):
    """A group of spaces: a zone, or a space that is made of spaces."""

    spaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Space(Element):
    """`role` is what the model says of it: empty, or why it is no room (`whole` of others, `gross`, `parking`,
    `outside`)."""

    building: str = ""
    storey: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Opening(Element):
    """A door or a window. `bounds` are the spaces that the model says it bounds, `near` those that its place shows;
    `near` is looked for only where nothing is said."""

    building: str = ""
    storey: str = ""
    bounds: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part(Element):
    """A railing or a stair. `whole` is the type of what it is a part of; `near` the spaces that its place shows."""

    building: str = ""
    storey: str = ""
    whole: str = ""
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to tell about the reading. `elements` are the GlobalIds or ids that it is about."""

    code: str
    detail: str = ""
    elements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """One file. `remarks` do not keep it from being used; `doubts` do not either, but nothing may pass on it."""

    file: str
    sha256: str
    schema: str
    written_on: str
    project: Element
    buildings: tuple[Building, ...] = ()
    storeys: tuple[Storey, ...] = ()
    zones: tuple[Zone, ...] = ()
    spaces: tuple[Space, ...] = ()
    openings: tuple[Opening, ...] = ()
    railings: tuple[Part, ...] = ()
    stairs: tuple[Part, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    """How many there are of types that are not read, and matter: curtain walls."""
    remarks: tuple[Remark, ...] = ()
    doubts: tuple[Remark, ...] = ()


def to_data(model: Model) -> dict[str, Any]:
    """The model as JSON can hold it."""
    return asdict(model)


def from_data(data: object) -> Model:
    """The model that `to_data` gave, as JSON brought it back. Raises TypeError for what cannot be one."""
    return typed(Model, data)


Made = TypeVar("Made")
_WHOLE = 2**63


def typed(kind: type[Made], data: object) -> Made:
    """What was said in JSON, as this type; lists are tuples. Raises TypeError where it is anything else: what comes
    from a process that read a foreign file is believed no more than the file."""
    return cast("Made", _typed(kind, data))


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _typed(kind: Any, data: object) -> object:
    if type(data) is int and not -_WHOLE <= data < _WHOLE:
        raise TypeError("int")
    if is_dataclass(kind) and isinstance(kind, type):
        if not isinstance(data, Mapping) or not data.keys() <= _hints(kind).keys():
            raise TypeError(kind.__name__)
        return kind(**{name: _typed(_hints(kind)[name], value) for name, value in data.items()})
    wanted = get_args(kind)
    match get_origin(kind):
        case None if type(data) is kind or (kind is float and type(data) is int):
            return data
        case origin if origin is UnionType and type(data) in {*wanted, *((int,) if float in wanted else ())}:
            return data
        case origin if origin is Literal and data in wanted:
            return data
        case origin if origin is tuple and isinstance(data, list | tuple):
            return tuple(_typed(wanted[0], one) for one in data)
        case origin if origin is dict and isinstance(data, dict):
            return {_typed(wanted[0], name): _typed(wanted[1], value) for name, value in data.items()}
    raise TypeError(kind)

"""What expressions work on at run time: values, errors, the keys of maps, and what a check shares with its functions.

Values are plain Python: None, bool, int (64 bit), float, str, list or tuple, dict, aware datetime, timedelta, and
`TypeValue` for the values of type `type`. Two things need care everywhere. `True == 1` and `1 == 1.0` hold in Python,
and only the second in CEL, so a bool key of a map is stored as a `BoolKey`. And durations have microseconds here.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, TypeAlias

from riskgate.cel.indexes import Indexes
from riskgate.record import record

Value: TypeAlias = Any  # dynamically typed by nature
ErrorKind = Literal["missing", "absent", "conflict", "error", "budget"]

INT_MIN: Final = -(2**63)
INT_MAX: Final = 2**63 - 1
DEFAULT_LIMIT: Final = 1_000_000
DEFAULT_TOLERANCE: Final = 1e-6
DEFAULT_UTC_OFFSET: Final = timedelta(hours=8)
MAX_MESSAGES: Final = 3
"""So many different messages an error keeps: enough to see what is wrong, however many items a macro looked at."""

MISSING: Final = frozenset({"missing"})
ABSENT: Final = frozenset({"absent"})
CONFLICT: Final = frozenset({"conflict"})
ERROR: Final = frozenset({"error"})
BUDGET: Final = frozenset({"budget"})


class CelError(Exception):
    """The error value of CEL: an expression has no value.

    `kinds` says why ("missing": a field of a present entity has no value; "absent": a collection or single is absent;
    "conflict": sources disagree; "error": everything else; "budget": too many steps, never absorbed), `paths` which
    dotted names had no value.
    """

    def __init__(
        self, message: str, kinds: frozenset[str] = ERROR, paths: tuple[str, ...] = (), *, more: tuple[str, ...] = ()
    ) -> None:
        self.messages = (message, *more)
        self.kinds = kinds
        self.paths = paths

    @property
    def message(self) -> str:
        return "; ".join(self.messages)

    def __str__(self) -> str:
        return self.message


def missing(path: str) -> CelError:
    """The error of a field that has no value at a present entity."""
    return CelError(f"`{path}` is not given", MISSING, (path,))


def absent(path: str) -> CelError:
    """The error of a child collection or single that is absent."""
    return CelError(f"`{path}` is absent", ABSENT, (path,))


def joined(errors: Iterable[CelError]) -> CelError:
    """One error for several, in order of evaluation, without duplicates. Joining joined errors changes nothing."""
    found = tuple(errors)
    if len(found) == 1:
        return found[0]
    kinds = frozenset[str]().union(*(e.kinds for e in found))
    paths = tuple(dict.fromkeys(path for e in found for path in e.paths))
    messages = tuple(dict.fromkeys(text for e in found for text in e.messages))[:MAX_MESSAGES]
    return CelError(messages[0], kinds, paths, more=messages[1:])


@record
class TypeValue:
    """A type as a value: what `type(x)` and the names `int`, `string`, … give."""

    name: str

    def __str__(self) -> str:
        return self.name


@record
class BoolKey:
    """`true` or `false` as the key of a map, kept apart from 1 and 0."""

    value: bool


TRUE_KEY: Final = BoolKey(value=True)
FALSE_KEY: Final = BoolKey(value=False)

LISTS: Final = frozenset({list, tuple})
NUMBERS: Final = frozenset({int, float})
TYPE_NAMES: Final[dict[type, str]] = {
    type(None): "null_type",
    bool: "bool",
    int: "int",
    float: "double",
    str: "string",
    list: "list",
    tuple: "list",
    dict: "map",
    datetime: "google.protobuf.Timestamp",
    timedelta: "google.protobuf.Duration",
    TypeValue: "type",
}
TYPE_VALUES: Final[dict[str, TypeValue]] = {name: TypeValue(name) for name in TYPE_NAMES.values()}
"""The names that stand for types in an expression."""


def type_of(value: Value) -> TypeValue:
    """`type(value)`"""
    name = TYPE_NAMES.get(type(value))
    if name is None:
        raise CelError("a value of a kind that expressions do not know")
    return TYPE_VALUES[name]


def spoken_type(value: Value) -> str:
    """The type of a value as messages name it."""
    name = TYPE_NAMES.get(type(value), "unknown")
    return {"null_type": "null", "google.protobuf.Timestamp": "timestamp", "google.protobuf.Duration": "duration"}.get(
        name, name
    )


def no_overload(operation: str, *operands: Value) -> CelError:
    """The error of an operator or function that these types of values do not have."""
    types = ", ".join(spoken_type(operand) for operand in operands)
    return CelError(f"`{operation}` cannot be used with ({types})")


def map_key(value: Value) -> Value:
    """The stored form of a key of a map literal; CelError for a value that cannot be a key."""
    kind = type(value)
    if kind is str or kind is int:
        return value
    if kind is bool:
        return TRUE_KEY if value else FALSE_KEY
    raise CelError(f"a {spoken_type(value)} cannot be the key of a map")


def lookup_key(value: Value) -> Value:
    """The stored form of a key that is looked up, or None if no map can have it. A whole double finds an int key."""
    kind = type(value)
    if kind is str or kind is int:
        return value
    if kind is bool:
        return TRUE_KEY if value else FALSE_KEY
    if kind is float and value.is_integer():
        return int(value)
    return None


def key_value(key: Value) -> Value:
    """The value that a stored key of a map stands for."""
    return key.value if type(key) is BoolKey else key


class Context:
    """What one check shares with the functions it calls: the step budget, and the project around the entity.

    `entities` gives all entities of a type in order (for `each`), `lookup` the entity with an id, or None. What is the
    same for many checks of one snapshot is remembered here too: `indexes` of lists, and in `kept` the last values of
    parts that depend on ancestors alone.
    """

    __slots__ = ("check", "entities", "indexes", "kept", "limit", "lookup", "remaining", "tolerance", "utc_offset")

    def __init__(
        self,
        limit: int = DEFAULT_LIMIT,
        *,
        tolerance: float = DEFAULT_TOLERANCE,
        utc_offset: timedelta = DEFAULT_UTC_OFFSET,
        entities: Callable[[str], list[dict[str, Value]]] | None = None,
        lookup: Callable[[str, str], dict[str, Value] | None] | None = None,
    ) -> None:
        self.limit = limit
        self.remaining = limit
        self.tolerance = tolerance
        self.utc_offset = utc_offset
        self.entities = entities
        self.lookup = lookup
        self.indexes = Indexes()
        self.kept: dict[object, Any] = {}
        self.check = 0

    def start(self) -> None:
        """Begin a new check: the whole budget is there again."""
        self.remaining = self.limit
        self.check += 1

    def charge(self, items: int) -> None:
        """Count the items that a macro visited; CelError of kind "budget" when the limit is exceeded."""
        self.remaining -= items
        if self.remaining < 0:
            raise CelError(f"more than {self.limit} items looked at in one check", BUDGET)


def to_cel(value: Value) -> Value:
    """A value of a Python caller as expressions see it; CelError if they cannot see it.

    Ints must fit into 64 bits, datetimes must have an offset (they become UTC), and dict keys are texts, ints or bools.
    """
    try:
        return _to_cel(value)
    except RecursionError:
        raise CelError("the value is nested too deeply, or holds itself") from None


def _to_cel(value: Value) -> Value:
    kind = type(value)
    if kind is int:
        if not INT_MIN <= value <= INT_MAX:
            raise CelError(f"{value} does not fit into 64 bits" if value.bit_length() < 1000 else "a huge number")  # noqa: PLR2004 - printable
        return value
    if value is None or kind in (bool, float, str, timedelta, TypeValue):
        return value
    if isinstance(value, list | tuple):
        return [_to_cel(item) for item in value]
    if isinstance(value, dict):
        return {map_key(key): _to_cel(item) for key, item in value.items()}
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise CelError("a timestamp needs an offset from UTC")
        return value.astimezone(UTC)
    for base in (bool, int, float, str):  # enums of texts, and the like
        if isinstance(value, base):
            return _to_cel(base(value))
    raise CelError(f"a {kind.__name__} is no value that expressions know")


def from_cel(value: Value) -> Value:
    """A result as a Python caller sees it: bool keys as bools, types as their names, lists as lists."""
    kind = type(value)
    if kind is TypeValue:
        return value.name
    if kind in LISTS:
        return [from_cel(item) for item in value]
    if kind is dict:
        shown = {key_value(key): from_cel(item) for key, item in value.items()}
        if len(shown) < len(value):
            raise CelError("a map with both bool and int keys that Python cannot tell apart")
        return shown
    return value

"""Which functions take which types, and which types go together."""

from collections.abc import Mapping, Sequence
from functools import reduce

from riskgate.cel.types import (
    BOOL,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    NULL,
    NUMBER,
    STRING,
    TIMESTAMP,
    TYPE,
    EntityOf,
    ListOf,
    MapOf,
    ObjectOf,
    TextOf,
    Type,
)
from riskgate.record import record

NUMBERS: frozenset[Type] = frozenset((INT, DOUBLE, NUMBER))
LITERALS_LIMIT = 64
"""A literal text that can be more than this many texts is treated as any text."""


@record
class Overload:
    """Parameter types (of a method: the target first) and the type of the result."""

    params: tuple[Type, ...]
    result: Type


def is_text(kind: Type) -> bool:
    return isinstance(kind, TextOf) or kind == STRING


def is_free(kind: Type) -> bool:
    return isinstance(kind, TextOf) and kind.kind == "free"


def is_literal(kind: Type) -> bool:
    return isinstance(kind, TextOf) and kind.kind == "literal"


def accepts(param: Type, given: Type) -> bool:
    """Whether a value of type `given` can stand where `param` is asked for."""
    if param is given or DYN in (param, given) or param == given:
        return True
    if param == NUMBER:
        return given in NUMBERS
    if param == STRING:
        return isinstance(given, TextOf)
    if isinstance(param, ListOf) and isinstance(given, ListOf):
        return accepts(param.item, given.item)
    if isinstance(param, MapOf) and isinstance(given, MapOf):
        return accepts(param.key, given.key) and accepts(param.value, given.value)
    return False


def join(one: Type, other: Type) -> Type:
    """The type of a value that is of one type or the other; dyn where nothing narrower is certain."""
    if one == other:
        return one
    if one in NUMBERS and other in NUMBERS:
        return NUMBER
    if is_text(one) and is_text(other):
        return _join_texts(one, other)
    if isinstance(one, ListOf) and isinstance(other, ListOf):
        return ListOf(join(one.item, other.item))
    if isinstance(one, MapOf) and isinstance(other, MapOf):
        return MapOf(join(one.key, other.key), join(one.value, other.value))
    if isinstance(one, ObjectOf) and isinstance(other, ObjectOf) and one.path == other.path:
        return one
    return DYN


def _join_texts(one: Type, other: Type) -> Type:
    for text in (one, other):
        if is_free(text):
            return text
    if not (isinstance(one, TextOf) and isinstance(other, TextOf)):
        return STRING
    values = tuple(dict.fromkeys((*one.values, *other.values)))
    if is_literal(one) and is_literal(other):
        return TextOf("literal", "", values) if len(values) <= LITERALS_LIMIT else STRING
    if is_literal(one) and other.kind == "enum":
        return TextOf("enum", other.path, values)
    if is_literal(other) and one.kind == "enum":
        return TextOf("enum", one.path, values)
    return STRING


def join_all(kinds: Sequence[Type]) -> Type:
    return reduce(join, kinds) if kinds else DYN


def resolve(overloads: Sequence[Overload], args: Sequence[Type]) -> Type | None:
    """The result for these arguments; None if no overload takes them, dyn if several with different results do."""
    for overload in overloads:
        if overload.params == tuple(args):
            return overload.result
    results = {
        overload.result
        for overload in overloads
        if len(overload.params) == len(args) and all(map(accepts, overload.params, args))
    }
    if not results:
        return None
    return results.pop() if len(results) == 1 else DYN


def extreme(args: Sequence[Type]) -> Type | None:
    """The result of `min` and `max`: of one list its items' type, of several values their common type."""
    if len(args) == 1:
        if args[0] == DYN:
            return DYN
        kinds: Sequence[Type] = (args[0].item,) if isinstance(args[0], ListOf) else (NULL,)
    else:
        kinds = args
    known = [kind for kind in kinds if kind != DYN]
    ordered = all(kind in NUMBERS for kind in known) or all(kind == known[0] for kind in known)
    if not ordered or any(kind not in (*NUMBERS, TIMESTAMP, DURATION, DYN) for kind in kinds):
        return None
    return join_all(list(kinds))


def _overloads(*rows: tuple[Type, ...]) -> tuple[Overload, ...]:
    return tuple(Overload(row[:-1], row[-1]) for row in rows)


def _part_of_time(*also: Type) -> tuple[Overload, ...]:
    return _overloads(
        (TIMESTAMP, INT),
        (TIMESTAMP, STRING, INT),
        *((kind, INT) for kind in also),
    )


_LIST = ListOf(DYN)
_MAP = MapOf(DYN, DYN)
_SIZE = _overloads((STRING, INT), (_LIST, INT), (_MAP, INT))
_MATCHES = _overloads((STRING, STRING, BOOL))

FUNCTIONS_OF: Mapping[str, tuple[Overload, ...]] = {
    "size": _SIZE,
    "matches": _MATCHES,
    "int": _overloads((NUMBER, INT), (STRING, INT), (TIMESTAMP, INT)),
    "double": _overloads((NUMBER, DOUBLE), (STRING, DOUBLE)),
    "string": _overloads((NUMBER, STRING), (STRING, STRING), (BOOL, STRING), (TIMESTAMP, STRING), (DURATION, STRING)),
    "bool": _overloads((BOOL, BOOL), (STRING, BOOL)),
    "timestamp": _overloads((STRING, TIMESTAMP), (INT, TIMESTAMP), (TIMESTAMP, TIMESTAMP)),
    "duration": _overloads((STRING, DURATION), (DURATION, DURATION)),
    "type": _overloads((DYN, TYPE)),
    "dyn": _overloads((DYN, DYN)),
    "abs": _overloads((INT, INT), (DOUBLE, DOUBLE), (NUMBER, NUMBER)),
    "sum": _overloads((ListOf(INT), INT), (ListOf(DOUBLE), DOUBLE), (ListOf(NUMBER), NUMBER)),
    "min": (),  # `extreme` decides
    "max": (),
    "at_least": _overloads((NUMBER, NUMBER, BOOL)),
    "at_most": _overloads((NUMBER, NUMBER, BOOL)),
    "date": _overloads((STRING, TIMESTAMP)),
    "date_of": _overloads((TIMESTAMP, TIMESTAMP)),
    "days": _overloads((NUMBER, DURATION)),
    "each": _overloads((STRING, _LIST)),  # the checker puts the entity type in
    "lookup": _overloads((STRING, STRING, DYN)),
}
"""The functions that are written `name(...)`."""

METHODS_OF: Mapping[str, tuple[Overload, ...]] = {
    "size": _SIZE,
    "matches": _MATCHES,
    "contains": _MATCHES,
    "startsWith": _MATCHES,
    "endsWith": _MATCHES,
    "getFullYear": _part_of_time(),
    "getMonth": _part_of_time(),
    "getDate": _part_of_time(),
    "getDayOfMonth": _part_of_time(),
    "getDayOfWeek": _part_of_time(),
    "getDayOfYear": _part_of_time(),
    "getHours": _part_of_time(DURATION),
    "getMinutes": _part_of_time(DURATION),
    "getSeconds": _part_of_time(DURATION),
    "getMilliseconds": _part_of_time(DURATION),
}
"""The functions that are written `value.name(...)`."""


def arithmetic(op: str, left: Type, right: Type) -> Type | None:
    """The result of `+ - * / %` in a rule, where int and double mix; None if there is none."""
    if DYN in (left, right):
        return _with_unknown(op, right if left == DYN else left)
    if left in NUMBERS and right in NUMBERS:
        if op == "%":
            return INT if left == right == INT else None
        if left == right:
            return left
        return DOUBLE if DOUBLE in (left, right) else NUMBER
    if op == "+":
        if is_text(left) and is_text(right):
            return _concatenated(left, right)
        if isinstance(left, ListOf) and isinstance(right, ListOf):
            return join(left, right)
    return _TIME_ARITHMETIC.get((op, left, right))


def _with_unknown(op: str, known: Type) -> Type | None:
    if known == DYN or known in NUMBERS:
        return DYN
    if op == "+" and (is_text(known) or isinstance(known, ListOf)):
        return DYN
    return DYN if op in "+-" and known in (TIMESTAMP, DURATION) else None


def _concatenated(left: Type, right: Type) -> Type:
    for text in (left, right):
        if is_free(text):
            return text
    if isinstance(left, TextOf) and isinstance(right, TextOf) and is_literal(left) and is_literal(right):
        values = tuple(dict.fromkeys(one + other for one in left.values for other in right.values))
        if len(values) <= LITERALS_LIMIT and sum(map(len, values)) < LITERALS_LIMIT**2:
            return TextOf("literal", "", values)
    return STRING


_TIME_ARITHMETIC: Mapping[tuple[str, Type, Type], Type] = {
    ("+", TIMESTAMP, DURATION): TIMESTAMP,
    ("+", DURATION, TIMESTAMP): TIMESTAMP,
    ("+", DURATION, DURATION): DURATION,
    ("-", TIMESTAMP, TIMESTAMP): DURATION,
    ("-", TIMESTAMP, DURATION): TIMESTAMP,
    ("-", DURATION, DURATION): DURATION,
}


def same_entity_or_object(left: Type, right: Type) -> bool:
    """Whether two maps of the vocabulary can be equal: objects always, entities only of one type."""
    if isinstance(left, EntityOf) and isinstance(right, EntityOf):
        return left.name == right.name
    maps = (ObjectOf, MapOf)
    return isinstance(left, maps) and isinstance(right, maps)

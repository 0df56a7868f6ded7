"""Reaching into lists and maps: indexing, selection, presence, size, and what macros iterate over."""

from typing import Final

from riskgate.cel.values import (
    LISTS,
    CelError,
    Value,
    absent,
    key_value,
    lookup_key,
    map_key,
    missing,
    no_overload,
    spoken_type,
)

_NOTHING: Final = object()


def index(container: Value, key: Value) -> Value:
    """`container[key]`; the first item of a list is 0, a whole double is as good as an int."""
    kind = type(container)
    if kind in LISTS:
        position = key if type(key) is int else lookup_key(key) if type(key) is float else None
        if position is None:
            raise no_overload("[]", container, key)
        if not 0 <= position < len(container):
            raise CelError(f"there is no item {position} in a list of {len(container)}")
        return container[position]
    if kind is dict:
        stored = lookup_key(key)
        value = _NOTHING if stored is None else container.get(stored, _NOTHING)
        if value is _NOTHING:
            raise no_such_key(key)
        return value
    raise no_overload("[]", container, key)


def no_such_key(key: Value) -> CelError:
    shown = str(key)
    return CelError(f"no such key: {shown if len(shown) <= 60 else shown[:60] + '…'}")  # noqa: PLR2004 - one line


def select(container: Value, field: str) -> Value:
    """`container.field` of a map in plain CEL: null is a value, a key that is not there is an error."""
    if type(container) is not dict:
        raise no_overload(f".{field}", container)
    value = container.get(field, _NOTHING)
    if value is _NOTHING:
        raise no_such_key(field)
    return value


def has(container: Value, field: str) -> bool:
    """`has(container.field)` of a map in plain CEL."""
    if type(container) is not dict:
        raise no_overload(f"has(.{field})", container)
    return field in container


def select_field(entity: Value, field: str, path: str) -> Value:
    """`entity.field` of an entity or object field: None and an absent key are CelError "missing" with this path."""
    if type(entity) is not dict:
        raise no_overload(f".{field}", entity)
    value = entity.get(field)
    if value is None:
        raise missing(path)
    return value


def select_child(entity: Value, key: str, path: str) -> Value:
    """A child collection or single of an entity: None and an absent key are CelError "absent" with this path."""
    if type(entity) is not dict:
        raise no_overload(f".{key}", entity)
    value = entity.get(key)
    if value is None:
        raise absent(path)
    return value


def has_member(entity: Value, field: str) -> bool:
    """`has(entity.field)` of an entity or object field: whether it has a value."""
    if type(entity) is not dict:
        raise no_overload(f"has(.{field})", entity)
    return entity.get(field) is not None


def size(value: Value) -> int:
    """Code points of a text, items of a list, entries of a map."""
    kind = type(value)
    if kind is str or kind in LISTS or kind is dict:
        return len(value)
    raise no_overload("size", value)


def make_map(entries: list[tuple[Value, Value]]) -> dict[Value, Value]:
    """A map literal; CelError for a key of a wrong type or one that is there twice."""
    made: dict[Value, Value] = {}
    for key, value in entries:
        put_entry(made, key, value)
    return made


def put_entry(made: dict[Value, Value], key: Value, value: Value) -> None:
    """Add an entry to a map that is being made."""
    stored = map_key(key)
    if stored in made:
        raise CelError(f"the key {key} is there twice")
    made[stored] = value


def put_all(made: dict[Value, Value], entries: Value) -> None:
    """Add the entries of a map to a map that is being made (`transformMapEntry`)."""
    if type(entries) is not dict:
        raise no_overload("transformMapEntry", entries)
    for stored, value in entries.items():
        if stored in made:
            raise CelError(f"the key {key_value(stored)} is there twice")
        made[stored] = value


def items_of(container: Value) -> list[Value] | tuple[Value, ...]:
    """What a macro with one variable runs over: items of a list, keys of a map."""
    kind = type(container)
    if kind is list or kind is tuple:
        return container  # type: ignore[no-any-return]  # the kind was just looked at
    if kind is dict:
        return [key_value(key) for key in container]
    raise CelError(f"a macro runs over a list or a map, not over a {spoken_type(container)}")


def pairs_of(container: Value) -> list[tuple[Value, Value]]:
    """What a macro with two variables runs over: index and item of a list, key and value of a map."""
    kind = type(container)
    if kind is list or kind is tuple:
        return list(enumerate(container))
    if kind is dict:
        return [(key_value(key), value) for key, value in container.items()]
    raise CelError(f"a macro runs over a list or a map, not over a {spoken_type(container)}")

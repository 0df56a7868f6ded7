"""Lists that are asked again and again in one check of a snapshot: for the items with some value, or for a member.

An index is made when a list is asked for the second time. It belongs to the list itself, not to equal ones; the list is
kept as long as its index, so that its `id` stays its own. Which items are found never depends on there being an index.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

Items = Sequence[Any]

KEYS: Final = frozenset({str, int, bool, datetime})
"""Types of values by which items are told apart: Python and CEL agree on when two of them are equal."""
SHORT: Final = 8
"""Lists up to this length are gone through; nothing is faster."""
ASKED: Final = 256
"""So many lists that were asked once are remembered."""
MADE: Final = 1024
"""So many indexes are kept."""


class Indexes:
    """The indexes of one evaluation. Not shared between threads."""

    __slots__ = ("_asked", "_by_field", "_members")

    def __init__(self) -> None:
        self._asked: dict[tuple[int, str], Items] = {}
        self._by_field: dict[tuple[int, str], _ByField] = {}
        self._members: dict[int, tuple[Items, frozenset[Any]]] = {}

    def matching(self, items: Items, field: str, value: Any) -> Items:
        """The items, in order, that an equality of a field with the value does not rule out (`loops.ruled_out`)."""
        kind = type(value)
        if kind not in KEYS:
            return items
        if len(items) <= SHORT:
            return _scan(items, field, value)
        key = (id(items), field)
        known = self._by_field.get(key)
        if known is None:
            if self._first(key, items):
                return _scan(items, field, value)
            if len(self._by_field) >= MADE:
                self._by_field.clear()
            known = self._by_field[key] = _ByField(items, field)
        return known.matching(value)

    def among(self, value: Any, items: Items) -> bool:
        """`value in items`, for values that Python and CEL compare alike."""
        if len(items) <= SHORT:
            return value in items
        known = self._members.get(id(items))
        if known is None:
            if self._first((id(items), ""), items):
                return value in items
            if len(self._members) >= MADE:
                self._members.clear()
            known = self._members[id(items)] = (items, frozenset(items))
        return value in known[1]

    def _first(self, key: tuple[int, str], items: Items) -> bool:
        """Whether nobody has asked this list before."""
        if self._asked.pop(key, None) is not None:
            return False
        if len(self._asked) >= ASKED:
            self._asked.clear()
        self._asked[key] = items
        return True


def _scan(items: Items, field: str, value: Any) -> Items:
    kind = type(value)
    return [
        item for item in items if type(item) is not dict or type(found := item.get(field)) is not kind or found == value
    ]


class _ByField:
    """Items by the value of one field; those without one are in every answer."""

    def __init__(self, items: Items, field: str) -> None:
        self._items = items
        self._field = field
        self._kind: type | None = None
        """The one type of all values; None if there are several, or none: then every item is looked at."""
        self._found: dict[Any, list[Any]] = {}
        self._none: list[Any] = []
        """The one answer for all values that no item has."""
        self._always: list[int] = []
        """The places of items without a value."""
        kind: type | None = None
        for place, item in enumerate(items):
            value = item.get(field) if type(item) is dict else None
            if value is None:
                self._always.append(place)
                continue
            if type(value) is not kind:
                if kind is not None or type(value) not in KEYS:
                    return
                kind = type(value)
            known = self._found.get(value)
            if known is None:
                self._found[value] = [item]
            else:
                known.append(item)
        self._kind = kind
        if self._always:
            self._none = [items[place] for place in self._always]
            self._places = _places(items, field)

    def matching(self, value: Any) -> Items:
        if type(value) is not self._kind:
            return _scan(self._items, self._field, value)
        found = self._found.get(value)
        if found is None:
            return self._none
        if not self._always:
            return found
        # not kept: all answers together might be far larger than the list
        return [self._items[place] for place in sorted((*self._places[value], *self._always))]


def _places(items: Items, field: str) -> dict[Any, list[int]]:
    """Where the items with each value are."""
    found: dict[Any, list[int]] = {}
    for place, item in enumerate(items):
        value = item.get(field) if type(item) is dict else None
        if value is not None:
            found.setdefault(value, []).append(place)
    return found

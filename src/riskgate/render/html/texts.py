"""Texts and values from a report as the page's script gets them: harmless, and each only once."""

import json
from typing import Any

from riskgate.render.escape import visible
from riskgate.text import Text

Pair = str | list[str]
"""A text in Chinese and in English; a plain string where both are the same."""


def pair(text: Text) -> Pair:
    """A text with every control and bidi override made visible."""
    zh, en = visible(text.zh), visible(text.en)
    return zh if zh == en else [zh, en]


def pair_of(zh: str, en: str) -> Pair:
    return pair(Text(zh, en))


def optional(text: Text | None) -> Pair | None:
    return None if text is None else pair(text)


def exactly(value: Any) -> str:
    """A value as JSON text. A script would lose digits of large integers and the difference of 3 and 3.0."""
    # what JSON has no word for (a date) is shown as its text
    return visible(json.dumps(value, ensure_ascii=False, default=str))


class Interned:
    """A list of different things, each named by its place in it."""

    def __init__(self) -> None:
        self.items: list[Any] = []
        self._places: dict[Any, int] = {}

    def place(self, key: Any, item: Any = None) -> int:
        """Where the thing stands; it is the key itself unless another one is given with it."""
        found = self._places.get(key)
        if found is None:
            found = self._places[key] = len(self.items)
            self.items.append(key if item is None else item)
        return found

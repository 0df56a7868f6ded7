"""A guess whether a snapshot has keys that no vocabulary knows: it decides which way of reading is tried first."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from riskgate.snapshot.header import KEYS
from riskgate.vocabulary import Field, Vocabulary

SAMPLE: Final = 16_384
"""So many bytes are looked at, at the start, in the middle and at the end."""
_KEY: Final = re.compile(rb'"([^"\\/]+)"\s*:')
"""What looks like a key. Pointers are none: the keys of `origins`."""


class Strangers:
    """Knows the keys of one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        names = {*KEYS, "pointer", "values"}
        for entity in vocabulary.entities.values():
            names.add(entity.key)
            names |= set(_names(entity.fields.values()))
        self._known = frozenset(name.encode() for name in names)

    def likely_in(self, body: bytes) -> bool:
        """Whether a part of the document has what looks like a key that is not known anywhere."""
        middle = len(body) // 2
        return any(
            not self._known.issuperset(_KEY.findall(body, start, start + SAMPLE))
            for start in sorted({0, middle, max(0, len(body) - SAMPLE)})
        )


def _names(fields: Iterable[Field]) -> Iterator[str]:
    for field in fields:
        yield field.name
        yield from _names(field.fields.values())
        if field.of is not None:
            yield from _names([field.of])

"""Names as people write them, brought to one form: for finding a property, and for reading what a room is called."""

import re
import unicodedata
from collections.abc import Iterable

_APART = re.compile(r"[^\W\d_]+")
_CJK = re.compile("[\u3400-\u9fff]+")


def key(name: str) -> str:
    """The name of a property whatever its spacing and case: `Sill Height`, `SillHeight` and `sill_height` are one."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in plain if character.isalnum())


def words(name: str) -> tuple[str, ...]:
    """The words of a name without numbers and marks: `Bathroom 1` is `bathroom`; a run of Chinese is one word."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    found: list[str] = []
    for run in _APART.findall(plain):
        at = 0
        for chinese in _CJK.finditer(run):
            if chinese.start() > at:
                found.append(run[at : chinese.start()])
            found.append(chinese[0])
            at = chinese.end()
        if at < len(run):
            found.append(run[at:])
    return tuple(found)


def keys(names: Iterable[str]) -> frozenset[str]:
    return frozenset(key(name) for name in names)

"""What is found wrong in a snapshot while it is read, before it is placed in the file, and how values are shown."""

import json
from collections.abc import Iterable
from typing import Any, Literal

from riskgate.record import record
from riskgate.text import Text

Entity = dict[str, Any]
"""An entity of a snapshot: the plain dict of the validated JSON tree."""

Path = tuple[str | int, ...]
"""Keys and list positions from the top of the document down to a value."""

SHOWN = 60
"""So many characters of a text are shown in a message; the place says where to read the rest."""


@record
class Finding:
    """One thing that is wrong at `path`. `at` and `nth` choose the place in the text when a key is written twice."""

    path: Path
    code: str
    message: Text
    help: Text | None = None
    at: Literal["key", "value"] = "value"
    nth: int = 0
    offset: int | None = None  # in characters; known only where the text itself could not be read


def pointer(path: Iterable[str | int]) -> str:
    """The JSON Pointer (RFC 6901) of a path."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def visible(text: str) -> str:
    """The text on one line, shortened, with control and direction characters spelled out."""
    shortened = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
    quoted = json.dumps(shortened, ensure_ascii=False)[1:-1]
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in quoted)


def found(value: object) -> Text:
    """What stands there, in plain words."""
    if value is None:
        return Text("null", "null")
    if isinstance(value, bool):
        spelling = "true" if value else "false"
        return Text(f"是否值 {spelling}", f"the boolean {spelling}")
    if isinstance(value, int | float):
        spelling = repr(value) if isinstance(value, float) or value.bit_length() < 4 * SHOWN else "beyond all bounds"
        return Text(f"数 {spelling}", f"the number {spelling}")
    if isinstance(value, str):
        return Text(f"文字 “{visible(value)}”", f'the text "{visible(value)}"')
    if isinstance(value, list):
        return Text("列表", "a list")
    if isinstance(value, dict):
        return Text("对象 {…}", "an object {…}")
    return Text(type(value).__name__, type(value).__name__)

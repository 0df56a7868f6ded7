"""Escapes in the texts of expressions."""

import re
from typing import Final, NoReturn

from riskgate.cel.refusals import refuse
from riskgate.pack import Expression
from riskgate.text import Text

_ESCAPE: Final = re.compile(
    r"\\(?:([abfnrtv\\?\"'`])|[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2}))"
)
_SIMPLE: Final = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    **{mark: mark for mark in "\\?\"'`"},
}
_LAST_CODE_POINT: Final = 0x10FFFF
_SURROGATES: Final = range(0xD800, 0xE000)


def unescape(source: Expression, start: int, end: int) -> str:
    """The text between two offsets with its escapes replaced; ExpressionError at one that means nothing."""
    text = source.text
    if "\\" not in text[start:end]:
        return text[start:end]
    parts: list[str] = []
    position = start
    while (backslash := text.find("\\", position, end)) >= 0:
        parts.append(text[position:backslash])
        found = _ESCAPE.match(text, backslash, end)
        if found is None:
            _refuse_escape(source, backslash)
        simple, *hexadecimal, octal = found.groups()
        if simple is not None:
            parts.append(_SIMPLE[simple])
        else:
            digits = next((digits for digits in hexadecimal if digits is not None), None)
            code = int(octal, 8) if digits is None else int(digits, 16)
            if code > _LAST_CODE_POINT or code in _SURROGATES:
                _refuse_escape(source, backslash)
            parts.append(chr(code))
        position = found.end()
    parts.append(text[position:end])
    return "".join(parts)


def _refuse_escape(source: Expression, offset: int) -> NoReturn:
    shown = source.text[offset : offset + 2]
    refuse(
        source,
        offset,
        "bad-escape",
        Text(f"`{shown}` 不是有效的转义", f"`{shown}` is no escape that means a character"),
        Text(
            '反斜杠本身写成 `\\\\`；正则表达式可写成 r"…"，其中反斜杠不转义',
            'write `\\\\` for a backslash; in r"…" (good for patterns) backslashes stay as they are',
        ),
    )

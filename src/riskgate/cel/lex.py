"""Expression text to tokens."""

import re
from typing import Final, NamedTuple, NoReturn

from riskgate.cel.refusals import QUOTES, refuse, refuse_character
from riskgate.pack import Expression
from riskgate.text import Text


class Token(NamedTuple):
    """A word of an expression. `text` is the text of a string without quotes and escapes, else as it is written.

    `kind` is "name", "quoted" (a name in backquotes), "int", "double", "string", "operator" or "end".
    """

    kind: str
    text: str
    start: int
    end: int


_TOKEN: Final = re.compile(
    r"""
    (?: [ \t\r\n\f]+ | //[^\n]* )*
    (?:
        (?P<plain> "(?!"")[^"\\\r\n]*" | '(?!'')[^'\\\r\n]*' )
      | (?P<string> (?P<prefix> [rRbB]{0,2} ) (?P<quote> \"\"\" | ''' | " | ' ) )
      | (?P<name> [A-Za-z_][A-Za-z0-9_]* )
      | (?P<double> [0-9]* \. [0-9]+ (?: [eE][+-]?[0-9]+ )? | [0-9]+ [eE][+-]?[0-9]+ )
      | (?P<int> 0x[0-9a-fA-F]+ | [0-9]+ )
      | (?P<operator> && | \|\| | == | != | <= | >= | [-+*/%<>!?:,.()\[\]{}] )
      | (?P<quoted> ` [A-Za-z0-9_./\ -]+ ` )
    )?
    """,
    re.VERBOSE,
)
"""A token behind blanks and comments; no group where something else follows them, or nothing."""
_BODIES: Final = {
    ("'", False): re.compile(r"(?:[^'\\\r\n]|\\[^\r\n])*"),
    ('"', False): re.compile(r"(?:[^\"\\\r\n]|\\[^\r\n])*"),
    ("'", True): re.compile(r"[^'\r\n]*"),
    ('"', True): re.compile(r"[^\"\r\n]*"),
    ("'''", False): re.compile(r"(?:[^'\\]|\\.|'(?!''))*", re.DOTALL),
    ('"""', False): re.compile(r"(?:[^\"\\]|\\.|\"(?!\"\"))*", re.DOTALL),
    ("'''", True): re.compile(r"(?:[^']|'(?!''))*"),
    ('"""', True): re.compile(r"(?:[^\"]|\"(?!\"\"))*"),
}
"""What may stand between quotes, by the quotes and whether the text is raw."""


def tokens_of(source: Expression) -> list[Token]:
    """All tokens of the text and an end token; ExpressionError at the first part that is none."""
    text = source.text
    found: list[Token] = []
    add, next_token = found.append, _TOKEN.match
    make = tuple.__new__  # a third of what calling the class costs
    position = 0
    while True:
        match = next_token(text, position)
        if match is None or match.lastgroup is None:
            break
        kind = match.lastgroup
        start, position = match.span(kind)
        if kind == "name" or kind == "operator":  # noqa: PLR1714 - a tuple of two would cost a tenth of this loop
            add(make(Token, (kind, text[start:position], start, position)))
        elif kind == "plain":
            add(make(Token, ("string", text[start + 1 : position - 1], start, position)))
        elif kind == "string":
            token = _string(source, match["prefix"].lower(), match["quote"], start, position)
            add(token)
            position = token.end
        elif kind == "quoted":
            add(Token(kind, text[start + 1 : position - 1], start, position))
        else:
            _check_number_end(source, start, position)
            add(Token(kind, text[start:position], start, position))
    rest = position if match is None else match.end()
    if rest < len(text):
        _refuse_rest(source, rest)
    found.append(Token("end", "", len(text), len(text)))
    return found


def _string(source: Expression, prefix: str, quote: str, start: int, position: int) -> Token:
    if prefix not in ("", "r"):
        refuse(
            source,
            start,
            "unsupported-bytes",
            Text("不支持字节串", "bytes are not supported"),
            Text("请去掉引号前的 b，写成普通文字", "leave out the b before the quote"),
        )
    body = _BODIES[quote, prefix == "r"].match(source.text, position)
    end = body.end() if body is not None else position
    if not source.text.startswith(quote, end):
        _refuse_unclosed(source, quote, start, end)
    from riskgate.cel.escapes import unescape  # noqa: PLC0415 - few texts have escapes

    value = source.text[position:end] if prefix == "r" else unescape(source, position, end)
    return Token("string", value, start, end + len(quote))


def _refuse_unclosed(source: Expression, quote: str, start: int, end: int) -> NoReturn:
    line = source.text[start + len(quote) : end]
    other = next((mark for mark in reversed(line) if mark in QUOTES and mark != quote), None)
    if other is not None:
        hint = Text(
            f"文字以 `{quote}` 开头，也要以 `{quote}` 结尾，而不是 `{other}`",
            f"the text begins with `{quote}` and must end with `{quote}`, not with `{other}`",
        )
    else:
        hint = Text(f"请在文字末尾加上 `{quote}`", f"write `{quote}` at the end of the text")
    refuse(source, start, "unclosed-quote", Text("引号没有闭合", "the quote is not closed"), hint)


def _check_number_end(source: Expression, start: int, end: int) -> None:
    following = source.text[end : end + 1]
    if not (following.isalpha() or (following in ("_", "²", "³", "㎡", "㎜", "㎝", "℃", "％") and following)):
        return
    if following in "uU" and not source.text[end + 1 : end + 2].isalnum():
        refuse(
            source,
            start,
            "unsupported-uint",
            Text("不支持无符号整数（u 后缀）", "unsigned integers (suffix u) are not supported"),
            Text("请去掉 u", "leave out the u"),
        )
    rest = re.match(r"\w+|.", source.text[end:])
    refuse(
        source,
        start,
        "bad-number",
        Text(
            f"`{source.text[start:end]}{rest[0] if rest else ''}` 不是数字",
            f"`{source.text[start:end]}{rest[0] if rest else ''}` is no number",
        ),
        Text("数字后面不能写单位，也不能紧跟字母", "a number is written without a unit and without letters"),
    )


def _refuse_rest(source: Expression, offset: int) -> NoReturn:
    if source.text[offset] == "`":
        refuse(
            source,
            offset,
            "bad-quoted-name",
            Text("反引号里不是有效的名称", "between backquotes there is no name"),
            Text("文字请用 \" 或 ' 作引号", "texts are quoted with \" or '"),
        )
    refuse_character(source, offset)

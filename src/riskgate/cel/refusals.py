"""How a text that is no expression is refused: one problem, with its place, the line and a caret, and what to write."""

from typing import NoReturn

from riskgate.errors import ExpressionError, Problem
from riskgate.pack import Expression
from riskgate.text import Text

QUOTES = "\"'“”„‟‘’‚‛「」『』＂＇«»`´"
HALF_WIDTH = {
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},  # the full-width forms of ASCII
    **dict.fromkeys("“”„‟「」『』«»", '"'),
    **dict.fromkeys("‘’‚‛´", "'"),
    "＝": "==",
    "≡": "==",
    "≥": ">=",
    "≧": ">=",
    "⩾": ">=",
    "≤": "<=",
    "≦": "<=",
    "⩽": "<=",
    "≠": "!=",
    "＆": "&&",
    "∧": "&&",
    "｜": "||",
    "∨": "||",
    "¬": "!",
    "∈": "in",
    "。": ".",
    "、": ",",
    "【": "[",
    "】": "]",
    "〔": "[",
    "〕": "]",
    "《": "<",
    "》": ">",
    "—": "-",
    "–": "-",
    "−": "-",
    "×": "*",
    "·": ".",
    "÷": "/",
    "…": "...",
}
"""What to write instead of characters that look like operators, brackets or quotes and are not."""
SPACES = {"\u3000": "全角空格", "\u00a0": "不换行空格"}
INVISIBLE = frozenset(
    "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
WORD_OPERATORS = {
    **dict.fromkeys(("and", "AND", "And", "且", "并且", "而且", "和"), "&&"),
    **dict.fromkeys(("or", "OR", "Or", "或", "或者"), "||"),
    **dict.fromkeys(("not", "NOT", "Not", "非", "不", "不是"), "!"),
    **dict.fromkeys(("is", "等于", "是"), "=="),
    **dict.fromkeys(("不等于",), "!="),
    **dict.fromkeys(("大于",), ">"),
    **dict.fromkeys(("小于",), "<"),
    **dict.fromkeys(("大于等于", "不小于", "不低于"), ">="),
    **dict.fromkeys(("小于等于", "不大于", "不超过"), "<="),
    **dict.fromkeys(("IN", "In", "属于"), "in"),
    **dict.fromkeys(("mod", "MOD"), "%"),
}
"""Words of other languages for the operators of this one."""


def with_lines(text: str) -> Expression:
    """A text that is in no file, with its own lines and columns."""
    return Expression(text, "", tuple((row + 1, 1) for row in range(text.count("\n") + 1)))


def refuse(source: Expression, offset: int, code: str, message: Text, hint: Text | None = None) -> NoReturn:
    """Raise the ExpressionError for what is wrong at this offset."""
    place, excerpt = source.place(offset), source.excerpt(offset)
    raise ExpressionError(Problem(code, message, place, hint, excerpt))


def refuse_word_operator(source: Expression, offset: int, word: str) -> NoReturn:
    """Somebody wrote `and` for `&&`."""
    operator = WORD_OPERATORS[word]
    refuse(
        source,
        offset,
        "word-operator",
        Text(f"`{word}` 不是运算符", f"`{word}` is no operator"),
        Text(f"请写 `{operator}`", f"write `{operator}`"),
    )


def refuse_character(source: Expression, offset: int) -> NoReturn:
    """A character that begins nothing in an expression."""
    character = source.text[offset]
    if character in SPACES:
        refuse(
            source,
            offset,
            "full-width-character",
            Text(f"这里有一个{SPACES[character]}", f"this is not a plain space (U+{ord(character):04X})"),
            Text("请改成普通（半角）空格", "write a plain space"),
        )
    if character in INVISIBLE:
        refuse(
            source,
            offset,
            "invisible-character",
            Text(
                f"这里有一个看不见的字符（U+{ord(character):04X}）", f"an invisible character (U+{ord(character):04X})"
            ),
            Text("请删除它，重新输入这一段", "delete it and type this part again"),
        )
    if character in HALF_WIDTH:
        half = HALF_WIDTH[character]
        refuse(
            source,
            offset,
            "full-width-character",
            Text(f"`{character}` 是全角（中文）符号，表达式不认识", f"`{character}` is not a plain (ASCII) character"),
            Text(f"请用英文输入法写 `{half}`", f"write `{half}`"),
        )
    if character in "=&|":
        doubled = character * 2
        refuse(
            source,
            offset,
            "single-operator",
            Text(f"单个 `{character}` 不是运算符", f"a single `{character}` is no operator"),
            Text(f"请写 `{doubled}`", f"write `{doubled}`"),
        )
    if not character.isascii() and character.isalnum():
        _refuse_foreign_word(source, offset)
    refuse(
        source,
        offset,
        "unexpected-character",
        Text(f"`{_printable(character)}` 不能出现在这里", f"`{_printable(character)}` means nothing in an expression"),
    )


def _printable(character: str) -> str:
    return character if character.isprintable() else f"U+{ord(character):04X}"


def _refuse_foreign_word(source: Expression, offset: int) -> NoReturn:
    end = offset
    while end < len(source.text) and not source.text[end].isascii() and source.text[end].isalnum():
        end += 1
    word = source.text[offset:end]
    if word in WORD_OPERATORS:
        refuse_word_operator(source, offset, word)
    refuse(
        source,
        offset,
        "unquoted-text",
        Text(f"`{word}` 没有引号，也不是名称", f"`{word}` has no quotes, and it cannot be a name"),
        Text(
            f'文字要加英文引号："{word}"；名称用英文字母书写',
            f'texts are written in quotes, "{word}"; names are written in letters a to z',
        ),
    )

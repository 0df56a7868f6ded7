"""Which names an author may give: identifiers that mean nothing else in an expression."""

import re

from riskgate.load.shape import Sheet, shown
from riskgate.load.tree import Leaf
from riskgate.text import Text

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")
WIDE_LABEL = r"[A-Za-z0-9\u4e00-\u9fff][A-Za-z0-9\u4e00-\u9fff._-]*\Z"
"""The same with Chinese characters; compiling it takes 2 ms, and few files need it."""
CEL_WORDS = frozenset(
    [
        "true",
        "false",
        "null",
        "in",
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
        "loop",
        "package",
        "namespace",
        "return",
        "var",
        "void",
        "while",
    ]
)
"""The words that CEL keeps for itself: no name can be one."""
FUNCTIONS = frozenset(
    [
        "abs",
        "sum",
        "min",
        "max",
        "at_least",
        "at_most",
        "date",
        "date_of",
        "days",
        "each",
        "lookup",
        "size",
        "has",
        "all",
        "exists",
        "exists_one",
        "map",
        "filter",
        "matches",
        "contains",
        "startsWith",
        "endsWith",
        "int",
        "uint",
        "double",
        "string",
        "bool",
        "bytes",
        "type",
        "dyn",
        "duration",
        "timestamp",
        "list",
        "null_type",
        "getDate",
        "getDayOfMonth",
        "getDayOfWeek",
        "getDayOfYear",
        "getFullYear",
        "getHours",
        "getMilliseconds",
        "getMinutes",
        "getMonth",
        "getSeconds",
    ]
)
RESERVED = CEL_WORDS | FUNCTIONS | {"params", "as_of"}
"""Names that already mean something at the start of an expression."""


def identifier(sheet: Sheet, node: Leaf, kind: Text, reserved: frozenset[str]) -> str | None:
    """The name, if it can be used in an expression; else None, and the problem is in the sheet."""
    name = node.text
    if not IDENTIFIER.match(name):
        sheet.add(
            "bad-name",
            node,
            Text(f"`{shown(name)}` 不能作{kind.zh}的名称", f"`{shown(name)}` cannot be the name of {_one(kind.en)}"),
            Text(
                "名称只用英文字母、数字和下划线，不以数字开头。", "use letters, digits and underscores, no digit first."
            ),
        )
        return None
    if name in reserved:
        sheet.add(
            "reserved-name",
            node,
            Text(
                f"`{name}` 是表达式的保留名称，不能作{kind.zh}的名称",
                f"`{name}` is reserved; {_one(kind.en)} cannot have it",
            ),
            Text("请换一个名称。", "choose another name."),
        )
        return None
    return name


def label(sheet: Sheet, node: Leaf, kind: Text) -> str | None:
    """An id that people write and quote: letters, digits, Chinese characters, `-`, `_` and `.`."""
    text = sheet.text(node)
    if text is None:
        return None
    if not (LABEL.match(text) or re.match(WIDE_LABEL, text)):
        sheet.add(
            "bad-name",
            node,
            Text(f"`{shown(text)}` 不能作{kind.zh}的编号", f"`{shown(text)}` cannot be the id of {_one(kind.en)}"),
            Text("请用字母、数字、汉字、-、_ 和 .，不留空格。", "use letters, digits, -, _ and ., no spaces."),
        )
        return None
    return text


def _one(word: str) -> str:
    return f"{'an' if word[:1] in 'aeiou' else 'a'} {word}"

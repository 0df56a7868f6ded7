"""What the parser refuses, and why, as well as can be told from what is around the place."""

from collections.abc import Sequence
from typing import Final, NoReturn

from riskgate.cel.lex import Token
from riskgate.cel.refusals import WORD_OPERATORS, refuse, refuse_word_operator
from riskgate.pack import Expression
from riskgate.text import Text

_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}
_SHOWN: Final = 40


def refuse_misplaced(
    source: Expression, tokens: Sequence[Token], position: int, unclosed: Sequence[Token], *, after_dot: bool = False
) -> NoReturn:
    """Raise the ExpressionError for the token at a position. `unclosed`: the brackets that are open there."""
    token = tokens[position]
    before = tokens[position - 1] if position else None
    if after_dot:
        message = Text("点后面要写名称", "after a dot comes a name")
        refuse(source, token.start, "missing-name", message, _not_a_field(token))
    for word in (before, token):
        if word is not None and word.kind == "name" and word.text in WORD_OPERATORS:
            refuse_word_operator(source, word.start, word.text)
    if token.kind == "operator" and token.text in _CLOSING.values():
        _refuse_closing(source, token, before, unclosed)
    wants_value = before is None or _wants_value(before)
    if token.kind == "end":
        _refuse_end(source, token, before if wants_value else None, unclosed)
    if wants_value:
        _refuse_missing_value(source, token, before)
    if token.kind == "operator":
        _refuse_operator(source, token, unclosed)
    shown = source.text[token.start : token.end][:_SHOWN]
    refuse(
        source,
        token.start,
        "missing-operator",
        Text(f"`{shown}` 前面缺少运算符", f"an operator is missing before `{shown}`"),
        Text("例如 `&&`、`||`、`==`、`+`", "such as `&&`, `||`, `==` or `+`"),
    )


def _not_a_field(token: Token) -> Text | None:
    if token.kind == "name":
        return Text(f"`{token.text}` 不能作字段名", f"`{token.text}` cannot be the name of a field")
    return None


def _wants_value(before: Token) -> bool:
    """Whether a value must follow: the token is an operator or opens a bracket."""
    if before.kind == "operator":
        return before.text not in _CLOSING.values()
    return before.kind == "name" and before.text == "in"


def _refuse_closing(source: Expression, token: Token, before: Token | None, unclosed: Sequence[Token]) -> NoReturn:
    if not unclosed:
        refuse(
            source,
            token.start,
            "unmatched-bracket",
            Text(f"`{token.text}` 没有对应的开括号", f"`{token.text}` closes nothing"),
            Text("请删除它，或补上开括号", "delete it, or write the bracket that it closes"),
        )
    wanted = _CLOSING[unclosed[-1].text]
    if token.text != wanted:
        refuse(
            source,
            token.start,
            "mismatched-bracket",
            Text(
                f"`{unclosed[-1].text}` 要用 `{wanted}` 闭合，这里却是 `{token.text}`",
                f"`{unclosed[-1].text}` is closed by `{wanted}`, and here stands `{token.text}`",
            ),
        )
    if before is not None and not _wants_value(before):
        refuse(
            source,
            token.start,
            "missing-colon",
            Text(f"`{token.text}` 之前缺少 `:` 部分", f"the part with `:` is missing before `{token.text}`"),
            Text(
                "映射写成 `{键: 值}`，选择写成 `条件 ? 值 : 其他值`",
                "a map is `{key: value}`, a choice `condition ? value : other`",
            ),
        )
    _refuse_missing_value(source, token, before)


def _refuse_end(source: Expression, token: Token, before: Token | None, unclosed: Sequence[Token]) -> NoReturn:
    if before is not None and not (unclosed and before is unclosed[-1]):
        refuse(
            source,
            before.start,
            "unexpected-end",
            Text(
                f"表达式在 `{before.text}` 之后就结束了，缺少一个值",
                f"the expression ends after `{before.text}`: a value is missing",
            ),
        )
    if unclosed:
        bracket = unclosed[-1]
        wanted = _CLOSING[bracket.text]
        refuse(
            source,
            bracket.start,
            "unclosed-bracket",
            Text(f"`{bracket.text}` 没有闭合", f"`{bracket.text}` is not closed"),
            Text(f"请补上 `{wanted}`", f"write the `{wanted}` that closes it"),
        )
    refuse(
        source,
        token.start,
        "unexpected-end",
        Text("`?` 之后缺少 `:` 部分", "the part with `:` is missing after `?`"),
        Text("请写 `条件 ? 值 : 其他值`", "write `condition ? value : other`"),
    )


def _refuse_missing_value(source: Expression, token: Token, before: Token | None) -> NoReturn:
    hint = None
    if before is not None and before.kind == "operator" and before.end == token.start:
        hint = {
            "<>": Text("不等于请写 `!=`", "write `!=` for not equal"),
            "=<": Text("请写 `<=`", "write `<=`"),
            "**": Text("没有乘方运算", "there is no power operator"),
        }.get(before.text + token.text)
    where = (
        Text("表达式开头", "at the beginning")
        if before is None
        else Text(f"`{before.text}` 之后", f"after `{before.text}`")
    )
    refuse(
        source,
        token.start,
        "missing-value",
        Text(f"{where.zh}应当是一个值，而不是 `{token.text}`", f"{where.en} comes a value, not `{token.text}`"),
        hint,
    )


def _refuse_operator(source: Expression, token: Token, unclosed: Sequence[Token]) -> NoReturn:
    hint = None
    if token.text == ":" and not unclosed:
        hint = Text("`:` 属于 `条件 ? 值 : 其他值`", "`:` belongs to `condition ? value : other`")
    elif token.text == ",":
        hint = Text(
            "小数点用 `.`；逗号只用于列表和参数之间", "decimals have a `.`; a comma stands between items and arguments"
        )
    refuse(
        source,
        token.start,
        "unexpected-operator",
        Text(f"`{token.text}` 不能出现在这里", f"`{token.text}` cannot stand here"),
        hint,
    )


def refuse_depth(source: Expression, offset: int, limit: int) -> NoReturn:
    """Too many brackets or operations inside each other."""
    refuse(
        source,
        offset,
        "expression-too-deep",
        Text(f"表达式嵌套超过 {limit} 层", f"the expression is nested more than {limit} levels deep"),
        Text(
            "请拆成几个 values；很长的 + 链请写成 sum([…])",
            "split it into named values; write a long chain of + as sum([…])",
        ),
    )


def refuse_range(source: Expression, token: Token) -> NoReturn:
    """A number that no int or double can hold."""
    refuse(
        source,
        token.start,
        "number-out-of-range",
        Text(f"数字 `{token.text[:_SHOWN]}` 超出范围", f"the number `{token.text[:_SHOWN]}` is out of range"),
        Text("整数为 64 位，小数到约 1.8e308", "integers have 64 bits, doubles reach to about 1.8e308"),
    )


def refuse_reserved(source: Expression, name: Token) -> NoReturn:
    """A word that may not be a name."""
    hint = None
    if name.text in ("if", "else"):
        hint = Text("请写 `条件 ? 值 : 其他值`", "write `condition ? value : other`")
    message = Text(f"`{name.text}` 是保留字，不能作名称", f"`{name.text}` is a reserved word, not a name")
    refuse(source, name.start, "reserved-word", message, hint)


def refuse_inner_choice(source: Expression, token: Token) -> NoReturn:
    """`a ? b ? c : d : e`"""
    refuse(
        source,
        token.start,
        "ambiguous-choice",
        Text("`?` 与 `:` 之间的另一个 `? :` 要加括号", "a `? :` between `?` and `:` needs brackets"),
        Text("请写 `a ? (b ? c : d) : e`", "write `a ? (b ? c : d) : e`"),
    )


def refuse_message(source: Expression, start: int, end: int) -> NoReturn:
    """`Type{field: value}`"""
    name = source.text[start:end]
    refuse(
        source,
        start,
        "unsupported-message",
        Text(f"不支持消息（`{name}{{…}}`）", f"messages (`{name}{{…}}`) are not supported"),
        Text('请写成映射：`{"键": 值}`', 'write a map: `{"key": value}`'),
    )

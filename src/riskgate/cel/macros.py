"""The macros: which calls they are, and what they make of their arguments."""

from typing import Final, NoReturn, cast

from riskgate.cel.lex import Token
from riskgate.cel.refusals import refuse
from riskgate.cel.syntax import Expr, Has, Ident, Macro, MacroKind, Select, Span
from riskgate.pack import Expression
from riskgate.text import Text

NAMES: Final = {
    "all": "all",
    "exists": "exists",
    "exists_one": "exists_one",
    "existsOne": "exists_one",
    "filter": "filter",
    "map": "map",
    "transformList": "transformList",
    "transformMap": "transformMap",
    "transformMapEntry": "transformMapEntry",
}
"""Names of macros that are called on a list or map, and the kinds they mean."""
_ONE: Final = {"all": 1, "exists": 1, "exists_one": 1, "filter": 1, "map": 1}
_TWO: Final = {"all": 2, "exists": 2, "exists_one": 2, "transformList": 2, "transformMap": 2, "transformMapEntry": 2}
_FORMS: Final = {
    "all": "list.all(x, x > 0)",
    "exists": "list.exists(x, x > 0)",
    "exists_one": "list.exists_one(x, x > 0)",
    "filter": "list.filter(x, x > 0)",
    "map": "list.map(x, x * 2)",
    "transformList": "list.transformList(i, x, x * i)",
    "transformMap": "map.transformMap(k, v, v * 2)",
    "transformMapEntry": "map.transformMapEntry(k, v, {k: v * 2})",
}
_THREE: Final = 3
_FOUR: Final = 4


def macro(source: Expression, called: Token, target: Expr, args: list[Expr], span: Span) -> Expr:
    """The macro that `target.called(args)` is; ExpressionError if the arguments do not fit it."""
    name = called.text
    kind = cast("MacroKind", NAMES[name])
    count = len(args)
    variables = 0
    if kind in _ONE and (count == 2 or (kind == "map" and count == _THREE)):  # noqa: PLR2004 - a name and a part
        variables = 1
    elif kind in _TWO and (count == _THREE or (count == _FOUR and kind.startswith("transform"))):
        variables = 2
    if variables == 0:
        _refuse(
            source, called.start, name, Text(f"`{name}` 的参数个数不对", f"`{name}` has a wrong number of arguments")
        )
    names = [_variable(source, name, argument) for argument in args[:variables]]
    if len(set(names)) < len(names):
        _refuse(source, args[1].span.start, name, Text("两个变量同名", "both variables have the same name"))
    *conditions, last = args[variables:]
    if kind == "map" or kind.startswith("transform"):
        return Macro(kind, target, tuple(names), conditions[0] if conditions else None, last, span=span)
    return Macro(kind, target, tuple(names), last, span=span)


def _variable(source: Expression, name: str, argument: Expr) -> str:
    if not isinstance(argument, Ident) or source.text[argument.span.start] == ".":
        message = Text(f"`{name}` 的变量必须是一个简单的名称", f"the variable of `{name}` must be a simple name")
        _refuse(source, argument.span.start, name, message)
    return argument.name


def _refuse(source: Expression, offset: int, name: str, message: Text) -> NoReturn:
    form = _FORMS[NAMES[name]]
    refuse(source, offset, "bad-macro", message, Text(f"写法：`{form}`", f"write it as `{form}`"))


def presence(source: Expression, args: list[Expr], span: Span, offset: int) -> Has:
    """The test that `has(args)` is; ExpressionError unless it is about a field."""
    if len(args) != 1 or not isinstance(args[0], Select):
        refuse(
            source,
            offset,
            "bad-macro",
            Text("`has` 用来问某个字段有没有值", "`has` asks whether a field has a value"),
            Text("写法：`has(room.area)`", "write it as `has(room.area)`"),
        )
    return Has(args[0].operand, args[0].field, span=span)

"""Checks of function calls in a rule: which functions there are, and what their literal arguments must be."""

from collections.abc import Callable, Mapping, Sequence

from riskgate.cel.check_compare import Comparisons, Operand
from riskgate.cel.environment import Environment, describe
from riskgate.cel.findings import Findings, nearest
from riskgate.cel.overloads import FUNCTIONS_OF, METHODS_OF, extreme, is_free, is_literal, is_text, resolve
from riskgate.cel.patterns import matcher
from riskgate.cel.syntax import Call, Constant, Expr
from riskgate.cel.temporal import make_date
from riskgate.cel.types import DYN, EntityOf, ListOf, TextOf, Type
from riskgate.cel.values import CelError
from riskgate.text import Text

_MACROS = ("has", "all", "exists", "exists_one", "map", "filter")
_TEXT_TESTS = ("contains", "startsWith", "endsWith", "matches")


class Calls:
    """Checks the calls of one expression, once the types of the arguments are known."""

    def __init__(self, environment: Environment, findings: Findings, comparisons: Comparisons) -> None:
        self._vocabulary = environment.vocabulary
        self._findings = findings
        self._comparisons = comparisons
        self._special: Mapping[str, Callable[[Call, Sequence[Type]], Type | None]] = {
            "each": self._each,
            "lookup": self._lookup,
            "date": self._date,
            "min": lambda _, kinds: extreme(kinds),
            "max": lambda _, kinds: extreme(kinds),
        }

    def check(self, call: Call, target: Type | None, args: Sequence[Type]) -> Type:
        """The type of the call's result; dyn after a problem."""
        table = FUNCTIONS_OF if call.target is None else METHODS_OF
        overloads = table.get(call.function)
        if overloads is None:
            self._unknown(call)
            return DYN
        kinds = args if target is None else (target, *args)
        if not self._count(call, {len(overload.params) for overload in overloads}, len(kinds)):
            return DYN
        special = self._special.get(call.function)
        result = resolve(overloads, kinds) if overloads else extreme(kinds)
        if result is None:
            self._no_overload(call, kinds)
            return DYN
        if special is not None:
            result = special(call, kinds)
        if call.function in _TEXT_TESTS:
            self._text_test(call, kinds)
        if call.function == "string" and is_free(kinds[0]):
            return kinds[0]
        return DYN if result is None else result

    def _unknown(self, call: Call) -> None:
        name = call.function
        if call.target is None and name in METHODS_OF:
            hint: Text | None = Text(f"写作 值.{name}(...)", f"write value.{name}(...)")
        elif call.target is not None and name in FUNCTIONS_OF:
            hint = Text(f"写作 {name}(值)", f"write {name}(value)")
        elif name in _MACROS:
            hint = Text(f"写作 列表.{name}(变量, 条件)", f"the macro is written list.{name}(variable, condition)")
            if name == "has":
                hint = Text("写作 has(实体.字段)", "the macro is written has(entity.field)")
        else:
            known = [*(FUNCTIONS_OF if call.target is None else METHODS_OF), *_MACROS]
            hint = nearest(name, known)
        message = Text(f"没有函数 `{name}`", f"unknown function `{name}`")
        span = call.span if call.target is None else self._findings.first(name, call.target.span.end, call.span)
        self._findings.add("unknown-function", span, message, hint)

    def _count(self, call: Call, counts: set[int], given: int) -> bool:
        if call.function in ("min", "max"):
            fits = given > 0
            wanted = Text("一个列表，或两个以上的值", "one list, or two or more values")
        else:
            own = 0 if call.target is None else 1
            fits = given in counts
            listed = sorted(count - own for count in counts)
            wanted = Text(" 或 ".join(map(str, listed)) + " 个参数", " or ".join(map(str, listed)) + " arguments")
            given -= own
        if not fits:
            name = call.function
            message = Text(f"`{name}` 要 {wanted.zh}，这里有 {given} 个", f"`{name}` takes {wanted.en}, not {given}")
            self._findings.add("argument-count", call.span, message)
        return fits

    def _no_overload(self, call: Call, kinds: Sequence[Type]) -> None:
        described = [describe(kind) for kind in kinds]
        zh, en = "，".join(text.zh for text in described), ", ".join(text.en for text in described)
        hint = None
        if call.function == "sum" and isinstance(kinds[0], ListOf):
            hint = Text("先取出数值：列表.map(x, x.字段)", "take the numbers out first: list.map(x, x.field)")
        self._findings.add(
            "no-such-overload",
            call.span,
            Text(f"`{call.function}` 不能用于（{zh}）", f"`{call.function}` does not take ({en})"),
            hint,
        )

    def _entity_name(self, call: Call) -> str | None:
        first = call.args[0]
        if not (isinstance(first, Constant) and isinstance(first.value, str)):
            name, example = call.function, f'{call.function}("{self._vocabulary.root.name}"'
            message = Text(
                f"`{name}` 的第一个参数要直接写实体类型名", f"`{name}` takes a literal name of an entity type first"
            )
            self._findings.add("entity-name", first.span, message, Text(f"例如 {example} …", f"as in {example} …"))
            return None
        if first.value not in self._vocabulary.entities:
            labels = {label: e.name for e in self._vocabulary.entities.values() for label in e.title}
            self._findings.add(
                "unknown-entity",
                first.span,
                Text(f"没有实体类型 `{first.value}`", f"unknown entity type `{first.value}`"),
                nearest(first.value, self._vocabulary.entities, labels),
            )
            return None
        return first.value

    def _each(self, call: Call, _: Sequence[Type]) -> Type:
        name = self._entity_name(call)
        return ListOf(DYN) if name is None else ListOf(EntityOf(name))

    def _lookup(self, call: Call, kinds: Sequence[Type]) -> Type:
        name = self._entity_name(call)
        if name is None:
            return DYN
        if "id" not in self._vocabulary.entities[name].fields:
            message = Text(f"实体 `{name}` 没有 `id` 字段，不能查找", f"`{name}` has no field `id` to look it up by")
            self._findings.add("unknown-entity", call.args[0].span, message)
        elif is_text(kinds[1]):
            key = TextOf("ref", f'lookup("{name}")', to=name)
            if not is_literal(kinds[1]):
                self._comparisons.equal(call, Operand(call.args[1], kinds[1]), Operand(call, key))
        return EntityOf(name)

    def _date(self, call: Call, _: Sequence[Type]) -> Type | None:
        first = call.args[0]
        if isinstance(first, Constant) and isinstance(first.value, str) and not _is_date(first.value):
            message = Text(f"`{first.value}` 不是日期", f"`{first.value}` is no date")
            hint = Text("日期写作 YYYY-MM-DD，而且要真实存在", "a date is written YYYY-MM-DD and must exist")
            self._findings.add("bad-date", first.span, message, hint)
        return resolve(FUNCTIONS_OF["date"], (DYN,))

    def _text_test(self, call: Call, kinds: Sequence[Type]) -> None:
        exprs = call.args if call.target is None else (call.target, *call.args)
        text, part = (Operand(expr, kind) for expr, kind in zip(exprs, kinds, strict=True))
        self._comparisons.part_of_text(call, call.function, text, part)
        if call.function == "matches" and isinstance(part.expr, Constant) and isinstance(part.expr.value, str):
            self._pattern(part.expr, part.expr.value)

    def _pattern(self, place: Expr, pattern: str) -> None:
        try:
            matcher(pattern)
        except CelError as error:
            self._findings.add(
                "bad-pattern",
                place.span,
                Text(f"正则表达式不能用：{error.message}", error.message),
                Text("写法见 RE2：没有前后查找和反向引用", "patterns are RE2: no lookaround, no back references"),
            )


def _is_date(text: str) -> bool:
    try:
        make_date(text)
    except CelError:
        return False
    return True

"""The type checker for rule expressions: everything that can be known to be wrong before any data is seen.

It finds all problems of an expression in one pass and never raises. After a problem the part at fault has the type
dyn, so that one mistake is told once. Besides the language's own rules it holds the rules of riskgate: no `int / int`,
no comparison with null, no literal that decides on free text, only enum values that exist.
"""

from collections.abc import Sequence

from riskgate.cel.check_calls import Calls
from riskgate.cel.check_compare import Comparisons, Operand
from riskgate.cel.checked import Checked
from riskgate.cel.environment import Environment, describe, field_type, member_type, member_types
from riskgate.cel.findings import Findings, nearest
from riskgate.cel.overloads import (
    FUNCTIONS_OF,
    METHODS_OF,
    NUMBERS,
    accepts,
    arithmetic,
    is_text,
    join,
    join_all,
)
from riskgate.cel.paths import dotted_name
from riskgate.cel.rebuild import Rebuild
from riskgate.cel.syntax import (
    Binary,
    Call,
    Constant,
    Expr,
    Has,
    Ident,
    Index,
    ListLiteral,
    Macro,
    MapLiteral,
    Select,
    Span,
    Ternary,
    Unary,
)
from riskgate.cel.types import (
    BOOL,
    DOUBLE,
    DYN,
    INT,
    NULL,
    STRING,
    TYPE,
    EntityOf,
    ListOf,
    MapOf,
    ObjectOf,
    TextOf,
    Type,
)
from riskgate.cel.values import TYPE_VALUES
from riskgate.pack import Expression
from riskgate.text import Text

__all__ = ["Checked", "Environment", "check", "field_type", "member_type", "member_types"]

_KEYS = (INT, BOOL, DYN)
_EQUALITY = ("==", "!=")
_ORDER = ("<", "<=", ">", ">=")


def check(tree: Expr, environment: Environment, source: Expression, *, expect: Type | None = None) -> Checked:
    """Check a rule expression; `expect` is the type that its place asks for (BOOL for a condition)."""
    checker = _Checker(environment, Findings(source))
    kind = checker.visit(tree)
    if expect is not None and not accepts(expect, kind):
        checker.expected(tree.span, kind, expect)
    replaced = checker.comparisons.replaced
    types = checker.types
    if replaced:
        tree = Rebuild(replaced, types).tree(tree)
    return Checked(tree, types, kind, checker.findings.problems)


class _Checker:
    """One pass over one tree. `scope` and `ranges` hold the macro variables that are visible at the moment."""

    def __init__(self, environment: Environment, findings: Findings) -> None:
        self.findings = findings
        self.types: dict[int, Type] = {}
        self._environment = environment
        self._scope: dict[str, Type] = {}
        self._ranges: dict[str, Expr] = {}
        self.comparisons = Comparisons(environment, findings, self._ranges)
        self._calls = Calls(environment, findings, self.comparisons)

    def visit(self, node: Expr) -> Type:
        kind = self._visit(node)
        self.types[id(node)] = kind
        return kind

    def _visit(self, node: Expr) -> Type:
        match node:
            case Constant(value=value):
                return _constant_type(value)
            case Ident(name=name):
                return self._name(name, node.span)
            case Select(operand=operand, field=field):
                if dotted_name(node) in TYPE_VALUES:
                    return TYPE
                return self._member(self.visit(operand), field, node.span)
            case Binary(left=left, right=right):
                return self._binary(node, self.visit(left), self.visit(right))
            case Has(operand=operand, field=field):
                return self._has(self.visit(operand), field, node.span)
            case Index(operand=operand, index=index):
                return self._index(node, self.visit(operand), self.visit(index))
            case Call(target=target, args=args):
                of = None if target is None else self.visit(target)
                return self._calls.check(node, of, [self.visit(arg) for arg in args])
            case Unary(op=op, operand=operand):
                return self._unary(node, op, self.visit(operand))
            case Ternary(condition=condition, then=then, other=other):
                self.expected(condition.span, self.visit(condition), BOOL)
                return join(self.visit(then), self.visit(other))
            case ListLiteral(items=items):
                return ListOf(join_all([self.visit(item) for item in items]))
            case MapLiteral(entries=entries):
                return self._map(entries)
            case Macro():
                return self._macro(node)

    def expected(self, span: Span, kind: Type, wanted: Type) -> None:
        """Report a value of another type than its place asks for."""
        if accepts(wanted, kind):
            return
        what, asked = describe(kind), describe(wanted)
        code = "not-boolean" if wanted == BOOL else "wrong-type"
        self.findings.add(
            code, span, Text(f"这里要{asked.zh}，而不是{what.zh}", f"{asked.en} is wanted here, not {what.en}")
        )

    def _binary(self, node: Binary, left: Type, right: Type) -> Type:
        one, other = Operand(node.left, left), Operand(node.right, right)
        if node.op in ("&&", "||"):
            self.expected(node.left.span, left, BOOL)
            self.expected(node.right.span, right, BOOL)
        elif node.op in _EQUALITY:
            self.comparisons.equal(node, one, other)
        elif node.op in _ORDER:
            self.comparisons.ordered(node, one, other)
        elif node.op == "in":
            self._contained(node, one, other)
        else:
            return self._arithmetic(node, left, right)
        return BOOL

    def _contained(self, node: Binary, item: Operand, whole: Operand) -> None:
        match whole.kind:
            case ListOf(item=kind) | MapOf(key=kind):
                self.comparisons.equal(node, item, Operand(whole.expr, kind))
            case kind if kind != DYN:
                hint = Text("文本用 文本.contains(...)", "for a text, write text.contains(...)")
                what = describe(kind)
                self.findings.add(
                    "no-such-overload",
                    node.span,
                    Text(f"`in` 的右边要是列表，而不是{what.zh}", f"`in` looks into a list, not into {what.en}"),
                    hint if is_text(kind) else None,
                )
            case _:
                pass

    def _arithmetic(self, node: Binary, left: Type, right: Type) -> Type:
        result = arithmetic(node.op, left, right)
        if result is None:
            one, other = describe(left), describe(right)
            self.findings.add(
                "no-such-overload",
                node.span,
                Text(f"`{node.op}` 不能用于{one.zh}和{other.zh}", f"`{node.op}` does not take {one.en} and {other.en}"),
            )
            return DYN
        if node.op == "/" and left in NUMBERS and right in NUMBERS and DOUBLE not in (left, right):
            self.findings.add(
                "integer-division",
                node.span,
                Text("整数相除会丢掉小数", "dividing whole numbers drops the fraction"),
                Text("写作 double(a) / double(b)", "write double(a) / double(b)"),
            )
        return result

    def _unary(self, node: Unary, op: str, kind: Type) -> Type:
        if op == "!":
            self.expected(node.operand.span, kind, BOOL)
            return BOOL
        if kind in (*NUMBERS, DYN):
            return kind
        what = describe(kind)
        self.findings.add("no-such-overload", node.span, Text(f"`-` 不能用于{what.zh}", f"`-` does not take {what.en}"))
        return DYN

    def _name(self, name: str, span: Span) -> Type:
        known = self._environment.variables
        if name in self._scope:
            return self._scope[name]
        name = name.removeprefix(".")  # `.x` is never a macro's variable
        if name in known:
            return known[name]
        if name in TYPE_VALUES:
            return TYPE
        hint = nearest(name, [*self._scope, *known])
        if owners := self._owners(name):
            listed = ", ".join(f"`{owner}.{name}`" for owner in owners[:3])
            hint = Text(f"是否想写 {listed}？", f"did you mean {listed}?")
        elif name in self._environment.vocabulary.entities:
            hint = Text(
                f'`{name}` 不在这条规则实体的上级之中：用 each("{name}")，或从上级的列表取',
                f'`{name}` is not above the entity of this rule: use each("{name}"), or a list of the entity',
            )
        self.findings.add("unknown-name", span, Text(f"没有名称 `{name}`", f"unknown name `{name}`"), hint)
        return DYN

    def _owners(self, field: str) -> list[str]:
        """The visible names of entities that have this member."""
        vocabulary = self._environment.vocabulary
        names = {**self._environment.variables, **self._scope}
        entities = [(name, kind.name) for name, kind in names.items() if isinstance(kind, EntityOf)]
        return [name for name, entity in entities if member_type(vocabulary, entity, field) is not None]

    def _member(self, owner: Type, name: str, within: Span) -> Type:
        """The type of `owner.name`, which ends the span; where the name stands is looked up for a problem only."""
        found: Type | None
        match owner:
            case EntityOf(name=entity):
                found = member_type(self._environment.vocabulary, entity, name)
                known: Sequence[str] = () if found else [*member_types(self._environment.vocabulary, entity)]
            case ObjectOf(path=path, fields=fields):
                found = field_type(fields[name], f"{path}.{name}") if name in fields else None
                known = [*fields]
            case MapOf(key=key, value=value):
                self.expected(self.findings.last(name, within), key, STRING)
                return value
            case _ if owner == DYN:
                return DYN
            case _:
                self._no_fields(owner, name, self.findings.last(name, within))
                return DYN
        if found is None:
            hint = nearest(name, known)
            if owners := self._owners(name):
                hint = Text(f"是否想写 `{owners[0]}.{name}`？", f"did you mean `{owners[0]}.{name}`?")
            message = Text(f"`{owner}` 没有字段 `{name}`", f"`{owner}` has no field `{name}`")
            self.findings.add("unknown-field", self.findings.last(name, within), message, hint)
            return DYN
        return found

    def _no_fields(self, owner: Type, name: str, span: Span) -> None:
        what = describe(owner)
        hint = None
        if isinstance(owner, ListOf):
            hint = Text(
                f"对列表用 列表.exists(x, x.{name} …)、all 或 map",
                f"ask a list with list.exists(x, x.{name} …), all or map",
            )
        elif name in METHODS_OF or name in FUNCTIONS_OF:
            hint = Text(f"函数要带括号：{name}(...)", f"a function needs parentheses: {name}(...)")
        message = Text(f"{what.zh}没有字段 `{name}`", f"{what.en} has no field `{name}`")
        self.findings.add("unknown-field", span, message, hint)

    def _has(self, owner: Type, name: str, within: Span) -> Type:
        if isinstance(owner, EntityOf | ObjectOf | MapOf) or owner == DYN:
            self._member(owner, name, within)
        else:
            what = describe(owner)
            message = Text(f"has() 要问一个字段，{what.zh}没有字段", f"has() asks for a field: {what.en} has none")
            self.findings.add("has-not-field", self.findings.last(name, within), message)
        return BOOL

    def _index(self, node: Index, owner: Type, index: Type) -> Type:
        match owner:
            case ListOf(item=item):
                if index not in (INT, DYN):
                    self.expected(node.index.span, index, INT)
                return item
            case MapOf(key=key, value=value):
                self.comparisons.equal(node, Operand(node.operand, key), Operand(node.index, index))
                return value
            case _ if owner == DYN:
                return DYN
            case _:
                what = describe(owner)
                hint = Text("字段写作 实体.字段", "write a field as entity.field")
                message = Text(f"{what.zh}不能用 [...] 取值", f"{what.en} cannot be indexed")
                dotted = isinstance(owner, EntityOf | ObjectOf)
                self.findings.add("no-such-overload", node.span, message, hint if dotted else None)
                return DYN

    def _map(self, entries: Sequence[tuple[Expr, Expr]]) -> Type:
        keys, values = [], []
        for key, value in entries:
            kind = self.visit(key)
            if kind not in _KEYS and not is_text(kind):
                what = describe(kind)
                message = Text(f"映射的键不能是{what.zh}", f"the key of a map cannot be {what.en}")
                self.findings.add("no-such-overload", key.span, message)
                kind = DYN
            keys.append(kind)
            values.append(self.visit(value))
        return MapOf(join_all(keys), join_all(values))

    def _macro(self, node: Macro) -> Type:
        over = self.visit(node.range)
        key, item = self._items(node, over)
        bound = (key, item) if len(node.variables) > 1 else (key if isinstance(over, MapOf) else item,)
        scope, ranges = dict(self._scope), dict(self._ranges)
        for name, kind in zip(node.variables, bound, strict=True):
            self._bind(node, name, kind)
        if node.condition is not None:
            self.expected(node.condition.span, self.visit(node.condition), BOOL)
        result = DYN if node.transform is None else self.visit(node.transform)
        self._scope.clear()
        self._scope.update(scope)
        self._ranges.clear()
        self._ranges.update(ranges)
        match node.kind:
            case "all" | "exists" | "exists_one":
                return BOOL
            case "filter":
                return ListOf(bound[0])
            case "map" | "transformList":
                return ListOf(result)
            case "transformMap":
                return MapOf(key, result)
            case "transformMapEntry":
                return result if isinstance(result, MapOf) else MapOf(DYN, DYN)

    def _items(self, node: Macro, over: Type) -> tuple[Type, Type]:
        """What the index and the item of a range are (of a map: key and value)."""
        match over:
            case ListOf(item=item):
                return INT, item
            case MapOf(key=key, value=value):
                return key, value
            case kind if kind != DYN:
                what = describe(kind)
                zh, en = (
                    f"`{node.kind}` 要用于列表，而不是{what.zh}",
                    f"`{node.kind}` goes over a list, not over {what.en}",
                )
                message = Text(zh, en)
                self.findings.add("no-such-overload", node.range.span, message)
        return DYN, DYN

    def _bind(self, node: Macro, name: str, kind: Type) -> None:
        taken = name in self._scope or name in self._environment.variables
        if taken or name in FUNCTIONS_OF or name in METHODS_OF or name in TYPE_VALUES:
            self.findings.add(
                "shadowed-name",
                self.findings.first(name, node.range.span.end, node.span),
                Text(f"变量 `{name}` 遮住了已有的名称", f"the variable `{name}` hides a name that is already there"),
                Text("换一个名称", "choose another name"),
            )
        self._scope[name] = kind
        if taken:
            self._ranges.pop(name, None)  # it may run over its own namesake
        else:
            self._ranges[name] = node.range


def _constant_type(value: bool | float | str | None) -> Type:
    match value:
        case None:
            return NULL
        case bool():
            return BOOL
        case int():
            return INT
        case float():
            return DOUBLE
        case str():
            return TextOf("literal", "", (value,))

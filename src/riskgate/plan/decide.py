"""Conditions as Python: for each expression, code that is true when it certainly holds, and when it certainly fails.

A field that has no value is a local that holds None. "Certainly true" tests for None only where an earlier operand
has not proved the value present; `!`, `&&`, `||` and `?:` swap and join the two forms as CEL absorbs errors. Whatever
is not simple comparison, logic or double arithmetic is left to the expression compiler: its value is computed at most
once a check, into a local that holds None when it has no value.
"""

import ast
import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from riskgate.cel.loops import Equality, equality_of
from riskgate.cel.syntax import (
    Binary,
    BinaryOperator,
    Call,
    Constant,
    Expr,
    Has,
    Ident,
    ListLiteral,
    Macro,
    Ternary,
    Unary,
)
from riskgate.cel.types import DOUBLE, INT, STRING, EntityOf, ListOf, TextOf
from riskgate.plan import build
from riskgate.plan.computed import Remembered
from riskgate.plan.locals import Locals
from riskgate.plan.paths import Paths
from riskgate.plan.quantify import CONTEXT, QUANTIFIERS, quantifier, shared_arguments
from riskgate.plan.values import (
    NOTHING,
    Condition,
    Known,
    Value,
    Values,
    bare,
    is_constant,
    joined,
    mentions,
    scalar,
)

COMPARE: Mapping[BinaryOperator, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Decider(Values):
    """Makes the conditions of one rule: where they certainly hold, and where they certainly fail."""

    def true(self, tree: Expr, known: Known = NOTHING) -> Condition:
        """Code that is true only where the expression certainly holds."""
        match tree:
            case Constant(value=bool() as value):
                return Condition(value)
            case Ident(name=name) if name in self._rule.values:
                return self.true(self._rule.values[name].tree, known)
            case Unary(op="!", operand=operand):
                return self.false(operand, known)
            case Binary(op="&&", left=left, right=right):
                return self._both(self.true, left, right, known)
            case Binary(op="||", left=left, right=right):
                return self._either(self.true, left, right, known)
            case Ternary():
                return self._branches(tree, self.true, known)
            case Has():
                return self._has(tree, known, want=True)
            case Binary(op="==" | "!=" | "<" | "<=" | ">" | ">=") | Binary(op="in") | Call():
                return self._test(tree, known, want=True)
        return self._truth(tree, known, want=True)

    def false(self, tree: Expr, known: Known = NOTHING) -> Condition:
        """Code that is true only where the expression certainly does not hold."""
        match tree:
            case Constant(value=bool() as value):
                return Condition(not value)
            case Ident(name=name) if name in self._rule.values:
                return self.false(self._rule.values[name].tree, known)
            case Unary(op="!", operand=operand):
                return self.true(operand, known)
            case Binary(op="&&", left=left, right=right):
                return self._either(self.false, left, right, known)
            case Binary(op="||", left=left, right=right):
                return self._both(self.false, left, right, known)
            case Ternary():
                return self._branches(tree, self.false, known)
            case Has():
                return self._has(tree, known, want=False)
            case Binary(op="==" | "!=" | "<" | "<=" | ">" | ">=") | Binary(op="in") | Call():
                return self._test(tree, known, want=False)
        return self._truth(tree, known, want=False)

    # -- logic

    def _both(self, form: Callable[[Expr, Known], Condition], left: Expr, right: Expr, known: Known) -> Condition:
        first = form(left, known)
        if first.code is False:
            return first
        second = form(right, known | first.known)
        return Condition(build.all_of((first.code, second.code)), first.known | second.known)

    def _either(self, form: Callable[[Expr, Known], Condition], left: Expr, right: Expr, known: Known) -> Condition:
        first = form(left, known)
        second = form(right, known)
        return Condition(build.any_of((first.code, second.code)), first.known & second.known)

    def _branches(self, tree: Ternary, form: Callable[[Expr, Known], Condition], known: Known) -> Condition:
        yes, no = self.true(tree.condition, known), self.false(tree.condition, known)
        then, other = form(tree.then, known | yes.known), form(tree.other, known | no.known)
        taken = build.all_of((yes.code, then.code))
        return Condition(build.any_of((taken, build.all_of((no.code, other.code)))))

    def _has(self, tree: Has, known: Known, *, want: bool) -> Condition:
        path = self._paths.of(tree)
        if path is None:
            return self._truth(tree, known, want=want)
        if path.entity in self._missing:
            return Condition(False)
        if path in self._assumed:
            return Condition((self._assumed[path] is not None) is want)
        tests: list[ast.expr | bool] = []
        above = self._paths.parent(path)
        if above is not None and not want:
            tests.append(build.is_not_none(build.name(self._names.field(above))))
        local = self._names.field(path)
        tests.append(build.is_not_none(build.name(local)) if want else build.is_none(build.name(local)))
        return Condition(build.all_of(tests), frozenset({local}) if want else NOTHING)

    # -- comparisons

    def _test(self, tree: Binary | Call, known: Known, *, want: bool) -> Condition:
        match tree:
            case Binary(op="in"):
                made = self._membership(tree, known, want=want)
            case Binary():
                made = self._comparison(tree, known, want=want)
            case Call(function="at_least" | "at_most", target=None):
                made = self._limit(tree, known, want=want)
            case Call(function="matches"):
                made = self._match(tree, known, want=want)
            case Call():
                made = None
        return self._truth(tree, known, want=want) if made is None else made

    def _comparison(self, tree: Binary, known: Known, *, want: bool) -> Condition | None:
        left_type, right_type = self._types.get(id(tree.left)), self._types.get(id(tree.right))
        if not (scalar(left_type) and scalar(right_type)):
            return None
        left, right = self.value(tree.left), self.value(tree.right)
        if left is None or right is None:
            return Condition(False)
        if isinstance(left.code, ast.Constant) and isinstance(right.code, ast.Constant):
            return Condition(bool(COMPARE[tree.op](left.code.value, right.code.value)) is want)
        test: ast.expr = build.compare(left.code, build.COMPARISONS[tree.op], right.code)
        needs = joined(left, right)
        equality = (tree.op == "==" and want) or (tree.op == "!=" and not want)
        if equality and is_constant(left, right) and (bare(left) or bare(right)):
            # None equals no constant: the comparison itself is the test
            code: ast.expr = build.compare(left.code, build.COMPARISONS["=="], right.code)
            return Condition(code, frozenset({needs[0][0]}))
        if not want:
            test = build.negate(test)
        return self._guarded(needs, test, known)

    def _membership(self, tree: Binary, known: Known, *, want: bool) -> Condition | None:
        item_type = self._types.get(id(tree.left))
        if not scalar(item_type):
            return None
        item = self.value(tree.left)
        if item is None:
            return Condition(False)
        if isinstance(tree.right, ListLiteral):
            constants = [part.value for part in tree.right.items if isinstance(part, Constant)]
            if len(constants) < len(tree.right.items):
                return None
            if isinstance(item.code, ast.Constant):
                return Condition((item.code.value in constants) is want)
            members: ast.expr = build.constant(frozenset(constants))
            needs = item.needs
        else:
            kind = self._types.get(id(tree.right))
            if not (isinstance(kind, ListOf) and scalar(kind.item)):
                return None
            container = self.value(tree.right)
            if container is None:
                return Condition(False)
            members = container.code
            needs = joined(item, container)
            if self._paths.of(tree.right) is None and not isinstance(members, ast.Constant):
                return self._among(item, members, needs, known, want=want)
        test = build.compare(item.code, build.IN if want else build.NOT_IN, members)
        if want and isinstance(members, ast.Constant) and bare(item):
            return Condition(test, frozenset(local for local, _ in needs))  # None is in no constant set
        return self._guarded(needs, test, known)

    def _among(
        self, item: Value, members: ast.expr, needs: Iterable[tuple[str, ast.expr]], known: Known, *, want: bool
    ) -> Condition:
        """A list that was computed may be long, and the same for many items."""
        indexes = build.attribute(build.name(self._names.context), "indexes")
        test: ast.expr = build.call(build.attribute(indexes, "among"), item.code, members)
        return self._guarded(needs, test if want else build.negate(test), known)

    def _limit(self, tree: Call, known: Known, *, want: bool) -> Condition | None:
        if not {self._types.get(id(part)) for part in tree.args} <= {DOUBLE, INT}:
            return None
        left, limit = self.value(tree.args[0]), self.value(tree.args[1])
        if left is None or limit is None:
            return Condition(False)
        least = tree.function == "at_least"
        bound: ast.expr = self._names.bound(limit.code, least=least)
        if not limit.needs:
            bound = build.name(self._names.hoisted(bound))
        test = build.compare(left.code, build.COMPARISONS[">=" if least else "<="], bound)
        return self._guarded(joined(left, limit), test if want else build.negate(test), known)

    def _match(self, tree: Call, known: Known, *, want: bool) -> Condition | None:
        """A constant pattern on a text: asked once for each different text."""
        text, pattern = tree.args if tree.target is None else (tree.target, tree.args[0])
        kind = self._types.get(id(text))
        if not isinstance(pattern, Constant) or not (kind == STRING or isinstance(kind, TextOf)):
            return None
        value = self.value(text)
        if value is None:
            return Condition(False)
        memo = build.name(self._names.pattern(str(pattern.value)))
        test = build.item(memo, value.code)
        return self._guarded(value.needs, test if want else build.negate(test), known)

    def _truth(self, tree: Expr, known: Known, *, want: bool) -> Condition:
        """A value that is itself true or false."""
        value = self.value(tree)
        if value is None:
            return Condition(False)
        test = build.compare(value.code, build.IS, build.constant(want))
        if bare(value):
            # None is neither true nor false: the test itself proves the value present
            return Condition(value.code if want else test, frozenset({value.needs[0][0]}))
        return self._guarded(value.needs, test, known)

    def _guarded(self, needs: Iterable[tuple[str, ast.expr]], test: ast.expr, known: Known) -> Condition:
        tests: list[ast.expr | bool] = []
        proved = set()
        for local, present in needs:
            if local not in known:
                tests.append(build.is_not_none(present))
            proved.add(local)
        return Condition(build.all_of([*tests, test]), frozenset(proved))

    # -- macros

    def quantified(self, tree: Macro) -> Value | None:
        kind = self._types.get(id(tree.range))
        simple = tree.kind in QUANTIFIERS and len(tree.variables) == 1 and tree.condition is not None
        if not (simple and isinstance(kind, ListOf) and isinstance(kind.item, EntityOf)):
            return None
        items = self.value(tree.range)
        if items is None:
            return None
        self.computed = True
        entity = kind.item.name
        trees = {name: value.tree for name, value in self._rule.values.items()}
        equality = equality_of(tree, self._types, trees)
        ancestral = equality is None and not mentions(tree, frozenset(self._names.chain[-1:]), self._rule)

        def make() -> tuple[Callable[..., object], tuple[str, ...]]:
            made, used = quantifier(tree, entity, self._names, self._paths, self._inside)
            return (Remembered(made, CONTEXT) if ancestral else made), used

        local, function, used = self._names.function(tree, make)
        self.general.add(local)
        entities = [build.name(self._names.entity(name)) for name in used]
        shared = [build.name(name) for name in shared_arguments(self._names.pack)]
        among = items.code if equality is None else self._matching(items.code, equality)
        compute = build.call(function, among, *entities, *shared)
        return Value(build.name(local), (*items.needs, (local, self.memo(local, compute))))

    def _matching(self, items: ast.expr, equality: Equality) -> ast.expr:
        """The items that an equality does not rule out; all where what it compares with has no value."""
        value = self.value(equality.probe)
        if value is None or len(value.needs) > 1:
            return items
        probe = value.needs[0][1] if value.needs else value.code
        if value.needs and not (isinstance(value.code, ast.Name) and value.code.id == value.needs[0][0]):
            return items
        indexes = build.attribute(build.name(self._names.context), "indexes")
        return build.call(build.attribute(indexes, "matching"), items, build.constant(equality.field), probe)

    def _inside(self, names: Locals, paths: Paths) -> "Decider":
        """The same for the body of a macro, whose variable is one more entity."""
        return Decider(self._rule, paths, names, missing=self._missing)

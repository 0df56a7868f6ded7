"""Whether the conditions of rules make sense: they can hold, no two are the same, no free text decides."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from riskgate.cel.syntax import Binary, Call, Expr, Ident, Select
from riskgate.cel.types import TextOf, Type
from riskgate.lint.finding import Finding, about
from riskgate.lint.holds import contradictions
from riskgate.lint.trees import deciding_trees, names, parts, placeholders, reached, walk
from riskgate.plan.bind import BoundRule
from riskgate.text import Text

_TEXT_TESTS = {"contains", "startsWith", "endsWith", "matches"}


def _never_holds(bound: BoundRule) -> Iterator[Finding]:
    """`x == "a" && x == "b"`: a condition, or an alternative of one, that no entity can meet."""
    if bound.when is None:
        return
    every, found = contradictions(bound.when.tree, bound.when.types)
    for contradiction in found:
        if every:
            message = Text(f"when 永远不成立：{contradiction.zh}", f"`when` can never hold: {contradiction.en}")
        else:
            message = Text(
                f"when 里有一种情形永远不成立：{contradiction.zh}",
                f"one alternative of `when` can never hold: {contradiction.en}",
            )
        yield about(bound.rule, "when-never-holds", message)


def _unused_values(bound: BoundRule) -> Iterator[Finding]:
    used = {name for tree in parts(bound) for name in names(tree)}
    used |= {name.partition(".")[0] for name in placeholders(bound.rule.message)}
    kept = set(reached(bound, used))
    for name in bound.rule.values:
        if name not in kept:
            yield about(bound.rule, "unused-value", Text(f"没有用到 `{name}`", f"nothing uses the value `{name}`"))


def _free_text(bound: BoundRule) -> Iterator[Finding]:
    """Free text compared with a parameter: loading refuses literals, and a parameter is no better."""
    seen: set[str] = set()
    for tree, types in deciding_trees(bound):
        for node in walk(tree):
            for free in _against_parameter(node, types):
                if free not in seen:
                    seen.add(free)
                    message = Text(
                        f"自由文本 `{free}` 与参数比较，写法稍有不同就对不上",
                        f"the free text `{free}` is compared with a parameter: it decides by how it is spelt",
                    )
                    yield about(bound.rule, "free-text-decides", message)


def _against_parameter(node: Expr, types: Mapping[int, Type]) -> Iterator[str]:
    if isinstance(node, Binary) and node.op in {"==", "!=", "in"}:
        sides = (node.left, node.right)
    elif isinstance(node, Call) and node.function in _TEXT_TESTS and node.target is not None:
        sides = (node.target, node.args[0])
    else:
        return
    for one, other in (sides, sides[::-1]):
        kind = types.get(id(one))
        if isinstance(kind, TextOf) and kind.kind == "free" and not _is_parameter(one) and _is_parameter(other):
            yield kind.path


def _is_parameter(tree: Expr) -> bool:
    return isinstance(tree, Select) and isinstance(tree.operand, Ident) and tree.operand.name == "params"


CONDITION_CHECKS: Sequence[Callable[[BoundRule], Iterable[Finding]]] = (_never_holds, _unused_values, _free_text)


def same_conditions(rules: Sequence[BoundRule]) -> Iterator[Finding]:
    """Rules of one pack that ask the same of the same entities."""
    seen: dict[object, BoundRule] = {}
    for rule in rules:
        values = tuple((name, checked.tree) for name, checked in rule.values.items())
        when = None if rule.when is None else rule.when.tree
        first = seen.setdefault((rule.pack, rule.entity.name, when, rule.require.tree, values), rule)
        if first is not rule:
            message = Text(f"与 {first.rule.id} 条件相同", f"has the same condition as {first.rule.id}")
            yield about(rule.rule, "same-condition", message)

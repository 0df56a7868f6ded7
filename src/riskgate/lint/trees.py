"""What lint looks for in expressions."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from riskgate.cel.syntax import Binary, Call, Constant, Expr, Ident, Select, children
from riskgate.cel.types import Type
from riskgate.describe import PLACEHOLDER
from riskgate.plan.bind import BoundRule
from riskgate.text import Text


def parts(bound: BoundRule) -> list[Expr]:
    """The conditions of a rule: `when` if there is one, and `require`."""
    return [bound.require.tree] if bound.when is None else [bound.when.tree, bound.require.tree]


def deciding_values(bound: BoundRule) -> list[str]:
    """The named values that the conditions use, directly or through later ones."""
    used = {name for tree in parts(bound) for name in names(tree)}
    return reached(bound, used)


def reached(bound: BoundRule, used: set[str]) -> list[str]:
    """The named values among `used`, and those that they are reckoned from, in the order of the rule."""
    used = set(used)
    for name, checked in reversed(list(bound.values.items())):  # a value may serve later ones only
        if name in used:
            used.update(names(checked.tree))
    return [name for name in bound.values if name in used]


def deciding_trees(bound: BoundRule) -> Iterator[tuple[Expr, Mapping[int, Type]]]:
    """The conditions and the values that they use, with their types."""
    if bound.when is not None:
        yield bound.when.tree, bound.when.types
    yield bound.require.tree, bound.require.types
    for name in deciding_values(bound):
        yield bound.values[name].tree, bound.values[name].types


def walk(tree: Expr) -> Iterator[Expr]:
    """The tree and everything in it, in the order of the text."""
    yield tree
    for part in children(tree):
        yield from walk(part)


def conjuncts(tree: Expr) -> Iterator[Expr]:
    """The parts that `&&` joins."""
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, Binary) and node.op == "&&":
            stack += [node.right, node.left]
        else:
            yield node


def names(tree: Expr) -> Iterator[str]:
    """Every name that stands alone or in front of a dot."""
    return (node.name for node in walk(tree) if isinstance(node, Ident))


def parameters(tree: Expr) -> Iterator[str]:
    """The names of the parameters that a tree reads."""
    for node in walk(tree):
        if isinstance(node, Select) and isinstance(node.operand, Ident) and node.operand.name == "params":
            yield node.field


def numbers(tree: Expr) -> Iterator[Decimal]:
    """The numbers that are written in a tree."""
    for node in walk(tree):
        if isinstance(node, Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
            yield Decimal(repr(node.value))


def days(tree: Expr) -> Iterator[str]:
    """The days that are written in a tree: `date("2025-05-01")`."""
    for node in walk(tree):
        if isinstance(node, Call) and node.function == "date" and isinstance(node.args[0], Constant):
            yield str(node.args[0].value)


def placeholders(text: Text | None) -> set[str]:
    """The dotted names that a text shows, in either language."""
    return set() if text is None else {name for one in text for name in PLACEHOLDER.findall(one)}

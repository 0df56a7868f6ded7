"""The syntax tree of an expression.

Nodes compare by structure; `start` and `end` (character offsets in the text) do not count, so that equal conditions
written at different places are equal.
"""

from dataclasses import field
from typing import Literal

from riskgate.record import record


@record
class Span:
    """Offsets of the first character and of the one after the last."""

    start: int = 0
    end: int = 0


@record
class Syntax:
    """What all nodes have: their place in the text."""

    span: Span = field(default=Span(), compare=False, kw_only=True)


@record
class Constant(Syntax):
    """null, bool, int, double or string as Python None, bool, int, float, str."""

    value: bool | int | float | str | None

    def __eq__(self, other: object) -> bool:  # True == 1 == 1.0 in Python, not here
        return (
            isinstance(other, Constant)
            and type(self.value) is type(other.value)
            and repr(self.value) == repr(other.value)
        )

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))


@record
class Ident(Syntax):
    name: str


@record
class Select(Syntax):
    """`operand.field`"""

    operand: "Expr"
    field: str


@record
class Has(Syntax):
    """`has(operand.field)`"""

    operand: "Expr"
    field: str


@record
class Index(Syntax):
    """`operand[index]`"""

    operand: "Expr"
    index: "Expr"


@record
class Call(Syntax):
    """`function(args)`, or `target.function(args)`."""

    function: str
    args: tuple["Expr", ...]
    target: "Expr | None" = None


UnaryOperator = Literal["!", "-"]
BinaryOperator = Literal["&&", "||", "==", "!=", "<", "<=", ">", ">=", "in", "+", "-", "*", "/", "%"]


@record
class Unary(Syntax):
    op: UnaryOperator
    operand: "Expr"


@record
class Binary(Syntax):
    """Also `&&` and `||`, which absorb errors of one side."""

    op: BinaryOperator
    left: "Expr"
    right: "Expr"


@record
class Ternary(Syntax):
    condition: "Expr"
    then: "Expr"
    other: "Expr"


@record
class ListLiteral(Syntax):
    items: tuple["Expr", ...]


@record
class MapLiteral(Syntax):
    entries: tuple[tuple["Expr", "Expr"], ...]


MacroKind = Literal[
    "all", "exists", "exists_one", "filter", "map", "transformList", "transformMap", "transformMapEntry"
]


@record
class Macro(Syntax):
    """A comprehension over a list or map.

    With one variable it is bound to items (keys of a map); with two, to index and item (key and value). `condition` is
    the predicate of all, exists, exists_one and filter, or the optional filter of map and transform*; `transform` is
    the result of map and transform*.
    """

    kind: MacroKind
    range: "Expr"
    variables: tuple[str, ...]
    condition: "Expr | None"
    transform: "Expr | None" = None


Expr = Constant | Ident | Select | Has | Index | Call | Unary | Binary | Ternary | ListLiteral | MapLiteral | Macro


def children(node: Expr) -> tuple[Expr, ...]:
    """The direct parts of a node, in the order of the text."""
    match node:
        case Constant() | Ident():
            return ()
        case Select(operand=operand) | Has(operand=operand) | Unary(operand=operand):
            return (operand,)
        case Index(operand=operand, index=index):
            return (operand, index)
        case Call(target=target, args=args):
            return args if target is None else (target, *args)
        case Binary(left=left, right=right):
            return (left, right)
        case Ternary(condition=condition, then=then, other=other):
            return (condition, then, other)
        case ListLiteral(items=items):
            return items
        case MapLiteral(entries=entries):
            return tuple(part for entry in entries for part in entry)
        case Macro(range=range_, condition=condition, transform=transform):
            return tuple(part for part in (range_, condition, transform) if part is not None)

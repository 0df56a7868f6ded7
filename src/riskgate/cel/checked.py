"""What checking gives: an expression that may be evaluated, or what is wrong with it."""

from collections.abc import Mapping

from riskgate.cel.syntax import Expr
from riskgate.cel.types import Type
from riskgate.errors import Problem
from riskgate.record import record


@record
class Checked:
    """An expression after checking.

    `tree` is the tree to compile: node codes are already ids. `types` gives the type of each of its nodes by `id()`
    (keep the tree alive as long as the mapping). With `problems` the tree must not be evaluated.
    """

    tree: Expr
    types: Mapping[int, Type]
    type: Type
    problems: tuple[Problem, ...]

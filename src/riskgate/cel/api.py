"""Plain CEL for callers of the library: no vocabulary, and none of what only rules refuse."""

from collections.abc import Mapping
from typing import Any

from riskgate.cel.compiler import compile_tree, names_in
from riskgate.cel.parse import parse
from riskgate.cel.support import UNBOUND
from riskgate.cel.values import DEFAULT_LIMIT, CelError, Context, Value, from_cel, to_cel
from riskgate.errors import EvaluationError, Problem
from riskgate.text import Text


class Program:
    """A compiled expression. It does not change, and may be evaluated from several threads at once."""

    __slots__ = ("_function", "_names", "text")

    def __init__(self, text: str) -> None:
        """Raises ExpressionError if the text does not parse."""
        tree = parse(text)
        self.text = text
        self._names = tuple(sorted(names_in(tree)))
        self._function = compile_tree(tree, self._names, optional=True)

    def __repr__(self) -> str:
        return f"Program({self.text!r})"

    def evaluate(self, bindings: Mapping[str, Any] | None = None, *, limit: int = DEFAULT_LIMIT) -> Any:
        """The value of the expression, with `bindings` for its names; `limit` bounds the items that macros visit.

        Values are Python's: None, bool, int (64 bits), float, str, lists, dicts with text, int or bool keys, datetimes
        with an offset, timedeltas. A value of type `type` is given as its name. Bindings that the expression does not
        name are not looked at. Raises EvaluationError if there is no value.
        """
        given = bindings or {}
        try:
            values = [_given(name, given[name]) if name in given else UNBOUND for name in self._names]
            return from_cel(self._function(*values, Context(limit)))
        except CelError as error:
            raise EvaluationError(Problem("no-value", Text.of(error.message))) from None
        except RecursionError:
            message = Text("值的嵌套太深", "a value is nested too deep, or holds itself")
            raise EvaluationError(Problem("no-value", message)) from None


def _given(name: str, value: Any) -> Value:
    try:
        return to_cel(value)
    except CelError as error:
        message = Text(f"`{name}` 的值不能用：{error.message}", f"the value of `{name}`: {error.message}")
        raise EvaluationError(Problem("bad-value", message)) from None


def compile(text: str) -> Program:  # noqa: A001 - the public name is `riskgate.cel.compile`, as in `re`
    """An expression, compiled for reuse. Raises ExpressionError if the text does not parse."""
    return Program(text)


def evaluate(text: str, bindings: Mapping[str, Any] | None = None) -> Any:
    """The value of an expression; see `Program.evaluate` for values and errors, `compile` for reuse."""
    return Program(text).evaluate(bindings)

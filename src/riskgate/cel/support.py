"""What compiled code calls at run time besides the operators: raising, collecting and recovering."""

from collections.abc import Callable
from operator import is_
from typing import Final, NoReturn

from riskgate.cel.functions import function_for
from riskgate.cel.values import CelError, Context, Value, absent, joined, missing

FOREIGN: Final = (TypeError, ValueError, ArithmeticError, AttributeError, LookupError, RuntimeError, MemoryError)
"""What Python raises where a value is not what its type says."""
UNBOUND: Final = object()
"""Stands for a name that a caller of plain CEL did not bind."""


def fail_missing(path: str) -> NoReturn:
    raise missing(path)


def fail_absent(path: str) -> NoReturn:
    raise absent(path)


def fail_unknown(name: str) -> NoReturn:
    raise CelError(f"there is no name `{name}`")


def fail_overflow() -> NoReturn:
    raise CelError("the result does not fit into a 64-bit integer")


def collect(errors: list[CelError] | None, error: CelError) -> list[CelError]:
    """The errors of the operands so far, joined as they come; an exceeded budget is raised at once.

    The traceback goes: it would keep the frame alive that keeps the error.
    """
    if "budget" in error.kinds:
        raise error
    error.__traceback__ = error.__context__ = None
    if errors is None:
        return [error]
    first = errors[0]
    if error.paths != first.paths or error.kinds != first.kinds or error.messages != first.messages:
        errors[0] = joined((first, error))
    return errors


def told(errors: list[CelError]) -> CelError:
    """The joined error, to be raised; the list is left empty, so that no frame keeps its own error."""
    return errors.pop()


def fail_call(name: str, count: int, member: bool) -> NoReturn:
    """There is no such function, or it takes another number of arguments."""
    function_for(name, count, member=member)
    raise CelError(f"`{name}` cannot be called here")


_Failure = tuple[tuple[str, ...], frozenset[str], tuple[str, ...]]


class Named:
    """A named value, or a part that is the same for all items of a macro: computed, and counted, when first needed.

    With a `token` it is remembered for the next evaluation in the same context, and counted there as if it were
    computed: if that has the very same `given` values, which are all that it depends on.
    """

    __slots__ = ("_compute", "_context", "_failure", "_given", "_known", "_token", "_value")

    def __init__(
        self, compute: Callable[[], Value], context: Context, token: object = None, given: tuple[Value, ...] = ()
    ) -> None:
        self._compute = compute
        self._context = context
        self._token = token
        self._given = given
        self._known = False
        self._value: Value = None
        self._failure: _Failure | None = None

    def __call__(self) -> Value:
        if not self._known:
            self._find()
        if self._failure is not None:
            (message, *more), kinds, paths = self._failure
            raise CelError(message, kinds, paths, more=tuple(more))
        return self._value

    def _find(self) -> None:
        context = self._context
        if self._token is not None:
            kept = context.kept.get(self._token)
            if kept is not None and all(map(is_, kept[0], self._given)):
                _, self._value, self._failure, cost = kept
                context.charge(cost)
                self._known = True
                return
        before = context.remaining
        try:
            self._value = self._compute()
        except CelError as error:
            if "budget" in error.kinds:
                raise
            self._failure = (error.messages, error.kinds, error.paths)
        self._known = True
        if self._token is not None:
            cost = before - context.remaining
            context.kept[self._token] = (self._given, self._value, self._failure, cost)


class Recovery:
    """Evaluates again, without trust in static types, when a value turned out to be of another type.

    The careful version is compiled when it is first needed. Two threads may both do it; the results are alike.
    """

    def __init__(
        self, compile_careful: Callable[[], Callable[..., Value]] | None, careful: Callable[..., Value] | None = None
    ) -> None:
        self.compile_careful = compile_careful
        self.careful = careful

    def __call__(self, remaining: int, *args: Value) -> Value:
        """`remaining` is the budget that there was at the start; the last of `args` is the context."""
        if self.compile_careful is None:
            raise CelError("a value that cannot be worked with")
        context: Context = args[-1]
        context.remaining = remaining
        if self.careful is None:
            self.careful = self.compile_careful()
        return self.careful(*args)

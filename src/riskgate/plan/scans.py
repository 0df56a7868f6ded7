"""Lists that an entity contains, gone through once for all rules that ask about them.

Made code, for `unit.rooms.exists(r, r.kind == "kitchen")` and `unit.rooms.all(r, r.area_m2 >= 4.0)` of two rules:

    if f0 is None:
        s0 = s1 = None
    else:
        s0 = False
        s1 = True
        for e5 in f0:
            x1f0 = e5.get("kind")
            x1f1 = e5.get("area_m2")
            if x1f0 == "kitchen":
                s0 = True
            elif x1f0 is None:
                if s0 is False:
                    s0 = None
            …

Nothing is counted here: such code runs only where the items of all lists together are within the budget of a check.
"""

import ast
from collections.abc import Hashable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from riskgate.cel.syntax import Binary, BinaryOperator, Expr
from riskgate.plan import build
from riskgate.plan.inner import Inner
from riskgate.plan.paths import Path
from riskgate.plan.statements import load_all, undecided
from riskgate.plan.values import NOTHING, Condition, Known

Statements = list[ast.stmt]


class Conditions(Protocol):
    """What is needed of `decide`: where an expression certainly holds or fails, and what had to be computed for it."""

    computed: bool

    def scanning(self) -> AbstractContextManager["Scans"]: ...
    def true(self, tree: Expr, known: Known = NOTHING) -> Condition: ...
    def false(self, tree: Expr, known: Known = NOTHING) -> Condition: ...


@dataclass
class Task:
    """What one macro wants of a scan. A local holds its value afterwards, None where it is undecided.

    `steps` say for which items `stop` or `doubt` is done; without them `stop` is done with each, and needs the fields
    `always`. `absent` is done where there is no list. `ends`: after `stop` no other item matters.
    """

    start: Statements
    finish: Statements
    stop: Statements
    doubt: Statements
    absent: Statements
    steps: "Decides | None" = None
    always: Sequence[Path] = ()
    ends: bool = False


class Decides(Protocol):
    """Decides about an item. `used` and `scans` are the fields and lists that it needs with every item."""

    @property
    def used(self) -> Mapping[Path, None]: ...
    @property
    def scans(self) -> "Scans": ...
    def statements(self, tasks: Sequence[Task], loaded: frozenset[Path], *, alone: bool) -> Statements:
        """For tasks that are alike to this. With `alone`, the loop is left where no other item matters."""


@dataclass
class Scan:
    """A list, the names of its items, and the macros that run over it."""

    items: str
    names: Inner
    tasks: list[Task] = field(default_factory=list)


class Scans:
    """The scans that some code needs first, by list and variable."""

    def __init__(self) -> None:
        self._scans: dict[tuple[str, str], Scan] = {}
        self.known: dict[int, str] = {}
        """The locals of macros, by the id of their syntax."""

    def add(self, items: str, names: Inner, task: Task) -> None:
        self._scans.setdefault((items, names.variable), Scan(items, names)).tasks.append(task)

    def join(self, other: "Scans") -> None:
        for scan in other._scans.values():  # noqa: SLF001 - its own class
            for task in scan.tasks:
                self.add(scan.items, scan.names, task)

    def statements(self) -> Statements:
        return [statement for scan in self._scans.values() for statement in _statements(scan)]


def _statements(scan: Scan) -> Statements:
    names, tasks = scan.names, scan.tasks
    used: dict[Path, None] = {}
    inner = Scans()
    for task in tasks:
        used.update(dict.fromkeys(task.always))
        if task.steps is not None:
            used.update(task.steps.used)
            inner.join(task.steps.scans)
    loaded = frozenset(used)
    body = [*load_all(names.loads_of(used), names.level), *inner.statements()]
    alone = len(tasks) == 1 and tasks[0].ends
    by_test: dict[Hashable, list[Task]] = {}
    for task in tasks:
        key: Hashable = task.steps.test if isinstance(task.steps, Steps) else id(task)
        by_test.setdefault(key, []).append(task)
    for alike in by_test.values():
        steps = alike[0].steps
        body += alike[0].stop if steps is None else steps.statements(alike, loaded, alone=alone)
    loop = build.for_each((f"e{names.level}",), build.name(scan.items), body)
    start = [statement for task in tasks for statement in task.start]
    finish = [statement for task in tasks for statement in task.finish]
    absent = [statement for task in tasks for statement in task.absent]
    return [build.when(build.is_none(build.name(scan.items)), absent, [*start, loop, *finish])]


class Steps:
    """What decides about an item: the parts of `a && b` (for `all`: `a || b`), one after the other.

    For `all`, everything is turned round: an item that fails is looked for. The first part mostly settles the matter,
    so what the others need is loaded, or gone through, only where it does not.
    """

    def __init__(
        self, decider: Conditions, names: Inner, condition: Expr, *, exists: bool, known: Known = NOTHING
    ) -> None:
        op: BinaryOperator = "&&" if exists else "||"
        hits, misses = (decider.true, decider.false) if exists else (decider.false, decider.true)
        first, rest = _divided(condition, op)
        self._names = names
        with names.recording() as self.used, decider.scanning() as self.scans:
            hit = hits(first, known)
            seen = [] if decider.computed else list(self.used)
            self._in_doubt = undecided(first, misses(first, known).code, seen, names)
        self._hit = hit.code
        self._rest: Steps | None = None
        self._rest_missed: ast.expr | bool = True
        self._rest_used: Mapping[Path, None] = {}
        if rest is not None:
            self._rest = Steps(decider, names, rest, exists=exists, known=known | hit.known)
            with names.recording() as self._rest_used, decider.scanning() as self._rest_scans:
                self._rest_missed = misses(rest).code

    @property
    def test(self) -> Hashable:
        """Equal for steps that first test the same."""
        return build.shape(self._hit), build.shape(self._in_doubt)

    def statements(self, tasks: Sequence[Task], loaded: frozenset[Path], *, alone: bool) -> Statements:
        """What is done with an item for tasks whose steps begin with the same test."""
        hit: Statements = []
        doubt: Statements = []
        for task in tasks:
            assert isinstance(task.steps, Steps)  # noqa: S101 - only these have tests
            then, otherwise = task.steps.branches(
                [*task.stop, build.leave()] if alone else task.stop, task.doubt, loaded
            )
            hit += then
            doubt += otherwise
        return self._test(hit, doubt)

    def branches(self, stop: Statements, doubt: Statements, loaded: frozenset[Path]) -> tuple[Statements, Statements]:
        """What follows the first test: where it certainly hits, and where that is in doubt."""
        if self._rest is None:
            return stop, doubt
        before = [*self._loads(self._rest.used, loaded), *self._rest.scans.statements()]
        then = self._rest.branches(stop, doubt, loaded | frozenset(self._rest.used))
        settled = [*before, *self._rest._test(*then)]  # noqa: SLF001 - its own class
        open_: Statements = []
        if self._in_doubt is not False and self._rest_missed is not True:
            unless = True if self._rest_missed is False else build.negate(self._rest_missed)
            open_ = [*self._loads(self._rest_used, loaded), *self._rest_scans.statements(), *_where(unless, doubt)]
        return settled, open_

    def _test(self, hit: Statements, doubt: Statements) -> Statements:
        guarded = _without_guard(self._hit, self._in_doubt)
        if guarded is not None:  # most items are neither missing nor a hit: then no field is tested for None twice
            return _choose(self._in_doubt, doubt or [build.nothing()], _where(guarded, hit))
        return _choose(self._hit, hit, _where(self._in_doubt, doubt))

    def _loads(self, used: Mapping[Path, None], loaded: frozenset[Path]) -> Statements:
        return load_all(self._names.loads_of(frozenset(used) - loaded), self._names.level)


class Through:
    """`all` right within `all`, or `exists` within `exists`: the inner one works on the local of the outer one."""

    def __init__(self, used: Mapping[Path, None], scans: Scans, decided: ast.expr) -> None:
        self.used = used
        self.scans = scans
        self._decided = decided

    def statements(self, tasks: Sequence[Task], loaded: frozenset[Path], *, alone: bool) -> Statements:  # noqa: ARG002 - as Decides has it
        return [build.when(self._decided, [build.leave()])] if alone else []


def _divided(tree: Expr, op: BinaryOperator) -> tuple[Expr, Expr | None]:
    """The first operand of a chain of one operator, and what is left of it."""
    rest: Expr | None = None
    while isinstance(tree, Binary) and tree.op == op:
        rest = tree.right if rest is None else Binary(op, tree.right, rest)
        tree = tree.left
    return tree, rest


def _without_guard(hit: ast.expr | bool, in_doubt: ast.expr | bool) -> ast.expr | None:
    """For `x is not None and …`, in doubt just where `x is None`: what follows."""
    if not (isinstance(hit, ast.BoolOp) and isinstance(hit.op, ast.And) and isinstance(in_doubt, ast.Compare)):
        return None
    guard = hit.values[0]
    if build.shape(in_doubt) != build.shape(build.is_none(in_doubt.left)):
        return None
    if build.shape(guard) != build.shape(build.is_not_none(in_doubt.left)):
        return None
    rest = build.all_of(hit.values[1:])
    return rest if isinstance(rest, ast.expr) else None


def _choose(test: ast.expr | bool, body: Statements, other: Statements) -> Statements:
    if isinstance(test, bool):
        return body if test else other
    return [build.when(test, body, other)] if body or other else []


def _where(test: ast.expr | bool, body: Statements) -> Statements:
    return _choose(test, body, []) if body else []

"""Conditions in which macros over what an entity contains are values that a scan has put into locals.

That is worth it for all rules of an entity type together: each list is gone through once, and nothing is called. What a
scan would visit is counted by nobody, so it is only done for rules all of whose macros run over collections of their
entity, or, within another macro, of its item: together they visit each contained item once.
"""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from riskgate.cel.functions import summed
from riskgate.cel.loops import equality_of
from riskgate.cel.syntax import Call, Expr, Ident, Macro, Select
from riskgate.cel.types import DOUBLE, EntityOf, ListOf
from riskgate.plan import build
from riskgate.plan.bind import BoundRule
from riskgate.plan.decide import Decider
from riskgate.plan.inner import Inner
from riskgate.plan.locals import Locals, contains_macro
from riskgate.plan.paths import Path, Paths
from riskgate.plan.scans import Decides, Scans, Steps, Task, Through
from riskgate.plan.values import Value

DEEPEST = 8
"""So many loops within each other at most; Python allows 20 blocks."""
MOST_TASKS = 48
"""A rule with more macros than these, counted with those that stand in several branches, gets functions instead."""


class Scanning:
    """What the rules of one generated function share: the names of items, and how often lists are gone through."""

    def __init__(self) -> None:
        self._names: dict[tuple[int, str, str], Inner] = {}
        self._locals = 0
        self.visits: dict[str, int] = {}
        """How many macros of one rule go through the entities of a type, at most."""

    def count(self, visits: Mapping[str, int]) -> None:
        for kind, number in visits.items():
            self.visits[kind] = max(number, self.visits.get(kind, 0))

    def names(self, outer: Locals, paths: Paths, items: str, variable: str) -> Inner:
        key = (id(outer), items, variable)
        found = self._names.get(key)
        if found is None:
            found = self._names[key] = Inner(outer, paths, variable)
        found.pack = outer.pack
        return found

    def fresh(self) -> str:
        self._locals += 1
        return f"s{self._locals}"


class Scanner(Decider):
    """Makes the conditions of one rule. They are of no use if it has `failed`: then the rule needs a Decider."""

    def __init__(
        self,
        rule: BoundRule,
        paths: Paths,
        names: Locals,
        scanning: Scanning,
        *,
        assumed: Mapping[Path, str | None] | None = None,
        around: "Scanner | None" = None,
    ) -> None:
        super().__init__(rule, paths, names, assumed=assumed)
        self._scanning = scanning
        self.visits: Counter[str] = Counter() if around is None else around.visits
        """How many macros go through the entities of a type."""
        self._captures: list[Scans] = [] if around is None else around._captures  # noqa: SLF001 - its own class
        self._nested = around is not None
        self._failed = False

    @property
    def failed(self) -> bool:
        return self._failed or self.visits.total() > MOST_TASKS

    @contextmanager
    def scanning(self) -> Iterator[Scans]:
        """Collects the scans that conditions made within need first."""
        scans = Scans()
        self._captures.append(scans)
        try:
            yield scans
        finally:
            self._captures.pop()

    def quantified(self, tree: Macro) -> Value | None:
        if tree.kind not in ("all", "exists", "exists_one"):
            return None
        self.computed = True
        return self._known(tree) or self._scanned(tree, tree)

    def _call(self, tree: Call) -> Value | None:
        made = super()._call(tree)
        if made is None and tree.function in ("size", "sum"):
            (over,) = tree.args if tree.target is None else (tree.target,)
            wanted = "filter" if tree.function == "size" else "map"
            if isinstance(over, Macro) and over.kind == wanted:
                self.computed = True
                return self._known(tree) or self._scanned(tree, over)
        return made

    def _general(self, tree: Expr) -> Value:
        if self._nested or contains_macro(tree, self._rule):
            self._failed = True  # it is computed anew for each item, or counts its steps
            return self._local(self._names.unset)  # nobody will use it
        return super()._general(tree)

    def _known(self, tree: Expr) -> Value | None:
        for scans in self._captures:
            if id(tree) in scans.known:
                return self._local(scans.known[id(tree)])
        return None

    def _scanned(self, tree: Expr, macro: Macro, into: str | None = None) -> Value | None:
        found = self._contained(macro)
        if found is None or self.failed:
            self._failed = True
            return None
        path, kind = found
        items = self._names.field(path)
        (variable,) = macro.variables
        paths = self._paths.inside(variable, kind)
        names = self._scanning.names(self._names, paths, items, variable)
        inside = Scanner(self._rule, paths, names, self._scanning, around=self)
        self.visits[kind] += 1
        local = self._scanning.fresh() if into is None else into
        task = inside.task(tree, macro, local)
        if task is None or inside.failed or inside.general:
            self._failed = True
            return None
        if into is not None:
            task = replace(task, start=[], absent=task.doubt)
        self._captures[-1].add(items, names, task)
        self._captures[-1].known[id(tree)] = local
        return self._local(local)

    def _contained(self, macro: Macro) -> tuple[Path, str] | None:
        """The collection of the entity or item at hand that a macro goes through, and the type of its entities."""
        kind = self._types.get(id(macro.range))
        if not (isinstance(macro.range, Select) and isinstance(kind, ListOf) and isinstance(kind.item, EntityOf)):
            return None
        path = self._paths.of(macro.range)
        at_hand = self._names.chain[-1]
        if path is None or path.entity != at_hand or len(path.members) > 1 or not path.structural[0]:
            return None
        trees = {name: value.tree for name, value in self._rule.values.items()}
        if (
            len(macro.variables) > 1
            or macro.variables[0] in self._names.scope
            or equality_of(macro, self._types, trees)
        ):
            return None
        return (path, kind.item.name) if len(self._names.chain) < len(self._rule.chain) + DEEPEST else None

    # -- what is done with each item

    def task(self, tree: Expr, macro: Macro, local: str) -> Task | None:
        """What a macro does whose items are at hand here; None if that is left to functions."""
        match macro.kind:
            case "all" | "exists":
                return self._quantifier(macro, local)
            case "exists_one" | "filter":
                return self._count(macro, local)
            case "map" if self._types.get(id(tree)) == DOUBLE:
                return self._sum(macro, local)
        return None

    def _quantifier(self, macro: Macro, local: str) -> Task:
        exists = macro.kind == "exists"
        open_ = build.constant(not exists)
        steps: Decides = self._through(macro, local) or self._steps(macro.condition, exists=exists)
        unless_decided = build.compare(build.name(local), build.IS, open_)
        return Task(
            start=[build.assign(local, open_)],
            finish=[],
            stop=[build.assign(local, build.constant(exists))],
            doubt=[build.when(unless_decided, [_unknown(local)])],
            absent=[_unknown(local)],
            steps=steps,
            ends=True,
        )

    def _through(self, macro: Macro, local: str) -> Through | None:
        condition = macro.condition
        if not isinstance(condition, Macro) or condition.kind != macro.kind or self._contained(condition) is None:
            return None
        with self._names.recording() as used, self.scanning() as scans:
            self._scanned(condition, condition, into=local)
        return Through(used, scans, build.compare(build.name(local), build.IS, build.constant(macro.kind == "exists")))

    def _count(self, macro: Macro, local: str) -> Task:
        """The number of items; for `exists_one` whether it is one. An undecided item leaves it undecided."""
        found = self._scanning.fresh()
        value: ast.expr = build.name(found)
        if macro.kind == "exists_one":
            value = build.compare(value, build.COMPARISONS["=="], build.constant(1))
        return Task(
            start=[build.assign(local, build.constant(0)), build.assign(found, build.constant(0))],
            finish=[_unless_none(local, value)],
            stop=[build.add(found, 1)],
            doubt=[_unknown(local)],
            absent=[_unknown(local)],
            steps=self._steps(macro.condition, exists=True),
        )

    def _sum(self, macro: Macro, local: str) -> Task | None:
        """Of a field of the items; an item without it leaves it undecided."""
        names, transform = self._names, macro.transform
        path = None if transform is None else self._paths.of(transform)
        own = isinstance(transform, Select) and isinstance(transform.operand, Ident)
        if path is None or not own or path.entity != macro.variables[0] or macro.condition is not None:
            return None
        names.constants["summed"] = summed
        numbers = self._scanning.fresh()
        append = build.call(build.attribute(build.name(numbers), "append"), build.name(names.field(path)))
        some_missing = build.compare(build.constant(None), build.IN, build.name(numbers))
        value = build.choose(some_missing, build.constant(None), build.call("summed", build.name(numbers)))
        return Task(
            start=[build.assign(numbers, build.empty_list())],
            finish=[build.assign(local, value)],
            stop=[build.do(append)],
            doubt=[],
            absent=[_unknown(local)],
            always=(path,),
        )

    def _steps(self, condition: Expr | None, *, exists: bool) -> Steps:
        assert condition is not None  # noqa: S101 - these macros have one
        names = self._names
        assert isinstance(names, Inner)  # noqa: S101 - asked of the decider of an item only
        return Steps(self, names, condition, exists=exists)


def _unknown(local: str) -> ast.stmt:
    return build.assign(local, build.constant(None))


def _unless_none(local: str, value: ast.expr) -> ast.stmt:
    return build.when(build.is_not_none(build.name(local)), [build.assign(local, value)])

"""The locals of one generated function: which fields, parameters and computed values it holds, and under what name."""

import ast
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from riskgate.cel.syntax import Expr, Ident, Macro, children
from riskgate.plan import build
from riskgate.plan.bind import BoundRule
from riskgate.plan.computed import Computed, Remembered
from riskgate.plan.paths import Path, Paths
from riskgate.plan.running import UNSET, Matches, highest, lowest, span


class Load(NamedTuple):
    """A field and the local that holds it."""

    local: str
    path: Path
    above: str | None  # the local of the object or single that holds it; None if the entity itself does


class Locals:
    """Hands out names. One instance serves one generated function over one entity type."""

    as_of = "as_of"
    unset = "UNSET"

    def __init__(self, paths: Paths, chain: tuple[str, ...], scope: frozenset[str]) -> None:
        self._paths = paths
        self.chain = chain
        self.scope = scope
        """Every name that stands for an entity in the expressions; those outside `chain` are absent."""
        self.loads: dict[Path, Load] = {}
        self.entities: set[str] = set()
        self.parameters: dict[tuple[int, str], str] = {}
        self.hoists: list[tuple[str, ast.expr]] = []
        self._hoisted: dict[Hashable, str] = {}
        self.packs: set[int] = set()
        self.constants: dict[str, Any] = {self.unset: UNSET}
        self._functions: dict[int, tuple[str, str, tuple[str, ...]]] = {}
        self._patterns: dict[str, str] = {}
        self._spans = 0
        self._recorders: list[dict[Path, None]] = []
        self._prefix = "f"
        self.family: list[Locals] = [self]
        """These names, and those of all loops within."""
        self.pack = 0
        """The pack of the rule that is being generated: parameters belong to packs."""

    def share(self, outer: "Locals") -> None:
        """What is not a field of an item belongs to the function, whatever loop within it asks."""
        self.pack = outer.pack
        self.family = outer.family
        self.packs, self.constants = outer.packs, outer.constants
        self.parameters, self.hoists, self._hoisted = outer.parameters, outer.hoists, outer._hoisted  # noqa: SLF001 - its own class
        self._functions, self._patterns = outer._functions, outer._patterns  # noqa: SLF001 - its own class

    @contextmanager
    def recording(self) -> Iterator[dict[Path, None]]:
        """Collects the fields that are asked for inside the block."""
        used: dict[Path, None] = {}
        self._recorders.append(used)
        try:
            yield used
        finally:
            self._recorders.pop()

    def field(self, path: Path) -> str:
        above = self._paths.parent(path)
        above_local = None if above is None else self.field(above)
        for used in self._recorders:
            used[path] = None
        found = self.loads.get(path)
        if found is None:
            found = self.loads[path] = Load(f"{self._prefix}{len(self.loads)}", path, above_local)
        return found.local

    def entity(self, name: str) -> str:
        """The local that holds the dict of an entity of the chain."""
        self.entities.add(name)
        return f"e{self.chain.index(name)}"

    def parameter(self, name: str) -> str:
        self.packs.add(self.pack)
        return self.parameters.setdefault((self.pack, name), f"p{len(self.parameters)}")

    @property
    def tolerance(self) -> str:
        self.packs.add(self.pack)
        return f"tolerance{self.pack}"

    @property
    def context(self) -> str:
        self.packs.add(self.pack)
        return f"context{self.pack}"

    def hoisted(self, code: ast.expr) -> str:
        """A local computed once, before the loop."""
        key = build.shape(code)
        known = self._hoisted.get(key)
        if known is not None:
            return known
        self._hoisted[key] = f"h{len(self.hoists)}"
        self.hoists.append((f"h{len(self.hoists)}", code))
        return self.hoists[-1][0]

    def shared(self, value: object) -> str:
        """A global of the generated function that holds a Python value."""
        for name, known in self.constants.items():
            if type(known) is type(value) and known == value:
                return name
        name = f"c{len(self.constants)}"
        self.constants[name] = value
        return name

    def span(self, left: ast.expr, right: ast.expr) -> tuple[str, ast.expr]:
        """A local for the duration between two times, and the call that computes it; None if it is out of reach."""
        self.constants["span"] = span
        self._spans += 1
        return f"d{self._spans}", build.call("span", left, right)

    def bound(self, limit: ast.expr, *, least: bool) -> ast.expr:
        """The call that computes what a limit means with the tolerance."""
        self.constants |= {"lowest": lowest} if least else {"highest": highest}
        return build.call("lowest" if least else "highest", limit, build.name(self.tolerance))

    def pattern(self, pattern: str) -> str:
        """A global that maps a text to whether the pattern is found in it."""
        name = self._patterns.get(pattern)
        if name is None:
            name = self._patterns[pattern] = f"m{len(self._patterns)}"
            self.constants[name] = Matches(pattern)
        return name

    def function(
        self, tree: Expr, make: Callable[[], tuple[Callable[..., Any], tuple[str, ...]]]
    ) -> tuple[str, str, tuple[str, ...]]:
        """The local and the function of a computed value, and the entities whose dicts the function takes."""
        made = self._functions.get(id(tree))
        if made is None:
            compiled, used = make()
            function = f"q{len(self._functions)}"
            self.constants[function] = compiled
            made = self._functions[id(tree)] = (f"v{len(self._functions)}", function, used)
        self.packs.add(self.pack)
        return made

    def general(self, tree: Expr, rule: BoundRule) -> tuple[str, ast.expr | None]:
        """The local of a value that the expression compiler computes, and the call that computes it.

        No call is needed where the value is the same for all entities: then it is computed before the loop.
        """

        def make() -> tuple[Callable[..., Any], tuple[str, ...]]:
            names = _entities_in(tree, rule, (*self.chain, *sorted(self.scope - set(self.chain))))
            found = Computed(rule, tree, (*names, "params", "as_of"))
            ancestral = self.chain[-1] not in names and contains_macro(tree, rule)
            return (Remembered(found, -1) if ancestral else found), names

        local, function, used = self.function(tree, make)
        # an entity that is absent is None: the expression compiler knows it as that
        args = [build.name(self.entity(name)) if name in self.chain else build.constant(None) for name in used]
        environment = (build.name(f"params{self.pack}"), build.name(self.as_of), build.name(self.context))
        computed = build.call(function, *args, *environment)
        if used or contains_macro(tree, rule):  # a macro may exceed the budget of its check
            return local, computed
        if all(local != known for known, _ in self.hoists):
            self.hoists.append((local, computed))
        return local, None


def _entities_in(tree: Expr, rule: BoundRule, chain: tuple[str, ...]) -> tuple[str, ...]:
    """The entities of the chain that an expression names, also through named values, in the order of the chain."""
    found: set[str] = set()
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, Ident):
            if node.name in rule.values:
                stack.append(rule.values[node.name].tree)
            else:
                found.add(node.name)
        stack.extend(children(node))
    return tuple(name for name in chain if name in found)


def contains_macro(tree: Expr, rule: BoundRule) -> bool:
    """Whether a macro is in an expression, or in a named value that it uses."""
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, Macro):
            return True
        if isinstance(node, Ident) and node.name in rule.values:
            stack.append(rule.values[node.name].tree)
        stack.extend(children(node))
    return False

"""The locals of one generated function: which fields, parameters and computed values it holds, and under what name."""

import ast
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from riskgate.cel.compile import compile_checked
from riskgate.cel.runtime import CelError
from riskgate.cel.syntax import Expr, Ident, children
from riskgate.cel.types import Type
from riskgate.plan import build
from riskgate.plan.bind import BoundRule
from riskgate.plan.paths import Path, Paths

UNSET = object()
"""Marks a computed local that has not been computed for this check."""


@dataclass(frozen=True, slots=True)
class Load:
    """A field and the local that holds it."""

    local: str
    path: Path
    above: str | None  # the local of the object or single that holds it; None if the entity itself does


class Locals:
    """Hands out names. One instance serves one generated function over one entity type."""

    as_of = "as_of"
    unset = "UNSET"

    def __init__(self, paths: Paths, chain: tuple[str, ...]) -> None:
        self._paths = paths
        self.chain = chain
        self.loads: dict[Path, Load] = {}
        self.entities: set[str] = set()
        self.parameters: dict[tuple[int, str], str] = {}
        self.hoists: list[tuple[str, ast.expr]] = []
        self.packs: set[int] = set()
        self.constants: dict[str, Any] = {self.unset: UNSET}
        self._functions: dict[int, tuple[str, str, tuple[str, ...]]] = {}
        self._recorders: list[dict[Path, None]] = []
        self.pack = 0
        """The pack of the rule that is being generated: parameters belong to packs."""

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
            found = self.loads[path] = Load(f"f{len(self.loads)}", path, above_local)
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
        wanted = ast.dump(code)
        for local, known in self.hoists:
            if ast.dump(known) == wanted:
                return local
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

    def general(self, tree: Expr, types: Mapping[int, Type], rule: BoundRule) -> tuple[str, ast.expr]:
        """The local of a value that the expression compiler computes, and the call that computes it."""
        made = self._functions.get(id(tree))
        if made is None:
            used = _entities_in(tree, rule, self.chain)
            compiled = compile_checked(
                tree, (*used, "params", "as_of"), types=types, mixed=True, inline=rule.inline, name=rule.rule.id
            )
            function = f"q{len(self._functions)}"
            self.constants[function] = _or_none(compiled)
            made = self._functions[id(tree)] = (f"v{len(self._functions)}", function, used)
        local, function, used = made
        self.packs.add(self.pack)
        args = [build.name(self.entity(name)) for name in used]
        environment = (build.name(f"params{self.pack}"), build.name(self.as_of), build.name(self.context))
        return local, build.call(function, *args, *environment)


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


def _or_none(compiled: Callable[..., Any]) -> Callable[..., Any]:
    """The compiled expression with None in place of an error; an exceeded budget still ends the check."""

    def value(*args: Any) -> Any:
        try:
            return compiled(*args)
        except CelError as error:
            if "budget" in error.kinds:
                raise
            return None

    return value

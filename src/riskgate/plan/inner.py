"""The locals of an item that a loop within a generated function has in hand."""

import ast
from collections.abc import Container

from riskgate.plan.locals import Load, Locals
from riskgate.plan.paths import Path, Paths


class Inner(Locals):
    """Names the fields of the items of one list; everything else belongs to the function around."""

    def __init__(self, outer: Locals, paths: Paths, variable: str) -> None:
        super().__init__(paths, (*outer.chain, variable), outer.scope | {variable})
        self.variable = variable
        self.level = len(self.chain) - 1
        self._outer = outer
        self.share(outer)
        self._prefix = f"x{len(self.family)}f"
        self.family.append(self)

    def field(self, path: Path) -> str:
        if path.entity == self.variable:
            return super().field(path)
        for used in self._recorders:
            used[path] = None
        return self._outer.field(path)

    def entity(self, name: str) -> str:
        return super().entity(name) if name == self.variable else self._outer.entity(name)

    def span(self, left: ast.expr, right: ast.expr) -> tuple[str, ast.expr]:
        return self._outer.span(left, right)

    def loads_of(self, used: Container[Path]) -> list[Load]:
        """The fields among these that belong to the item, objects before their parts."""
        return [load for path, load in self.loads.items() if path in used]

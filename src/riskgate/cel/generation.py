"""What all parts of the compiler share: static types, names in scope, and how deep the blocks are nested."""

import ast
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, NamedTuple

from riskgate.cel.emit import Blocks, Code, call, constant
from riskgate.cel.runtime import as_bool
from riskgate.cel.syntax import Expr
from riskgate.cel.types import BOOL, DYN, Type

CONTEXT: Final = "context"
NESTED_BLOCKS: Final = 12
"""Beyond so many loops and `try` blocks within each other a part gets a function of its own; Python allows 20."""

Inline = Mapping[str, tuple[Expr, Mapping[int, Type]]]


class Settings(NamedTuple):
    """How an expression is compiled.

    `types` are static types by the id of the node. With `trust` the code relies on them; else they only tell members
    of entities from keys of maps. `mixed`: int and double mix in arithmetic. `optional`: a parameter may be `UNBOUND`.
    """

    types: Mapping[int, Type]
    parameters: Mapping[str, str]  # names of the expression and of the generated code
    inline: Inline
    mixed: bool
    trust: bool
    optional: bool


class Frame(NamedTuple):
    """A macro whose body is being made: all variables there, its own, and what stands at the start of each round."""

    scope: dict[str, Code]
    own: frozenset[str]
    start: list[ast.stmt]


class Generation(Blocks, ABC):
    """The code of one expression in the making."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.scope: dict[str, Code] = {}  # variables of macros
        self.frames: list[Frame] = []  # the macros around, outermost first
        self.nesting = 1
        self.named_trees = {name: tree for name, (tree, _) in settings.inline.items()}

    @abstractmethod
    def value(self, node: Expr) -> Code:
        """The code of a part; statements it needs go to the current block."""

    def static(self, node: Expr) -> Type:
        """What the checker found, whether it is to be relied on or not."""
        return self.settings.types.get(id(node), DYN)

    def trusted(self, node: Expr) -> Type:
        """The type that the code may rely on."""
        return self.static(node) if self.settings.trust else DYN

    def values(self, nodes: Sequence[Expr]) -> list[Code]:
        """The parts of an operation, evaluated from left to right whatever statements they need."""
        codes: list[Code] = []
        for node in nodes:
            with self.block() as statements:
                code = self.flat(self.value(node))
            if statements:
                codes = [self.keep(before) for before in codes]
                self.add(*statements)
            codes.append(code)
        return codes

    def truth(self, code: Code, operation: str) -> Code:
        """The same value as a bool, or a CelError if it is none."""
        if code.kind == BOOL:
            return code
        test = call(self.refer(as_bool), [code.expr, constant(operation)])
        return Code(test, BOOL, raises=True, depth=code.depth + 1)

    @contextmanager
    def deeper(self, blocks: int) -> Iterator[None]:
        """Within so many more blocks."""
        self.nesting += blocks
        try:
            yield
        finally:
            self.nesting -= blocks

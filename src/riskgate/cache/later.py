"""Parts of a kept plan that are unpickled when somebody asks for them: most rules are only ever run.

Their bytes lie within the entry, so they were checked together with it.
"""

import pickle
from collections.abc import Iterator, Sequence
from threading import Lock
from typing import Any, overload

from riskgate.cel.checked import Checked
from riskgate.cel.syntax import Expr, Span
from riskgate.cel.types import ObjectOf
from riskgate.load.library import Library
from riskgate.pack import Case
from riskgate.plan.computed import parts_of

_LOCK = Lock()
"""A tree and the types that go by the identity of its nodes must come from one and the same reading."""


class Shelf:
    """What the parts of one kept plan have in common."""

    def __init__(self) -> None:
        self.library: Library | None = None
        self._parameters: dict[int, ObjectOf] = {}

    def parameters(self, pack: int) -> ObjectOf:
        """The type of `params` in the rules of a pack."""
        found = self._parameters.get(pack)
        if found is None:
            assert self.library is not None  # noqa: S101 - set before anybody can ask
            fields = {name: one.spec for name, one in self.library.packs[pack].parameters.items()}
            found = self._parameters.setdefault(pack, ObjectOf("params", fields))
        return found

    def __reduce__(self) -> tuple[type["Shelf"], tuple[()]]:
        return Shelf, ()


class KeptChecked(Checked):
    """A checked expression that is unpickled when its tree or types are asked for."""

    __slots__ = ("kept",)
    kept: tuple[Shelf, int, bytes]

    def __getattr__(self, name: str) -> Any:
        if name not in Checked.__match_args__:
            raise AttributeError(name)
        with _LOCK:
            try:
                return object.__getattribute__(self, name)  # another thread was faster
            except AttributeError:
                self._read()
        return object.__getattribute__(self, name)

    @property
    def read(self) -> bool:
        """Whether it was unpickled."""
        try:
            object.__getattribute__(self, "tree")
        except AttributeError:
            return False
        return True

    def _read(self) -> None:
        shelf, pack, data = self.kept
        tree, kinds, kind = pickle.loads(data)  # noqa: S301 - a part of an entry that was checked
        types = {
            id(part): shelf.parameters(pack) if known is None else known
            for part, known in zip(parts_of(tree), kinds, strict=True)
        }
        put = object.__setattr__
        put(self, "problems", ())
        put(self, "type", kind)
        put(self, "types", types)
        put(self, "tree", tree)


def kept_checked(shelf: Shelf, pack: int, data: bytes) -> KeptChecked:
    made: KeptChecked = object.__new__(KeptChecked)
    object.__setattr__(made, "kept", (shelf, pack, data))
    return made


def node(kind: type[Any], start: int, end: int, *parts: Any) -> Expr:
    """A syntax node."""
    made: Expr = kind(*parts, span=Span(start, end))
    return made


class Cases(Sequence[Case]):
    """The cases of a rule, in the place of their tuple."""

    __slots__ = ("_cases", "data")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._cases: tuple[Case, ...] | None = None

    @property
    def cases(self) -> tuple[Case, ...]:
        if self._cases is None:
            self._cases = pickle.loads(self.data)  # noqa: S301 - a part of an entry that was checked
        return self._cases

    @overload
    def __getitem__(self, at: int) -> Case: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Case, ...]: ...
    def __getitem__(self, at: int | slice) -> Case | tuple[Case, ...]:
        return self.cases[at]

    def __len__(self) -> int:
        return len(self.cases)

    def __iter__(self) -> Iterator[Case]:
        return iter(self.cases)

    def __eq__(self, other: object) -> bool:
        return self.cases == (other.cases if isinstance(other, Cases) else other)

    def __hash__(self) -> int:
        return hash(self.cases)

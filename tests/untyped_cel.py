"""Random expressions of plain CEL, most of them with errors somewhere, as text."""

from datetime import timedelta
from random import Random
from typing import Any, Final

from strategies_cel import MOMENTS

_ANYTHING: Final = (
    *(
        "null",
        "true",
        "false",
        "0",
        "1",
        "-2",
        "9223372036854775807",
        "0.0",
        "1.5",
        "1e300",
        '""',
        '"a"',
        '"厨"',
        "[]",
        "{}",
    ),
    *(
        "x",
        "y",
        "z",
        "x.a",
        "y.a.b",
        "int",
        "nope",
        "google.protobuf.Timestamp",
        "x[0]",
        '[1, 2.0, "a"]',
        '{"a": 1, 2: x}',
    ),
    *('timestamp("2026-05-01T00:00:00Z")', 'duration("90s")', 'date("2026-02-30")', "[1, 2, 3]", "m.n", "m.n.o"),
)
_MEMBERS: Final = ("a", "b", "size()", 'contains("a")', "getHours()", 'matches("a+")')
_BINARY: Final = ("+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "in", "&&", "||", "&&", "||")
_FUNCTIONS: Final = (
    "size",
    "int",
    "double",
    "string",
    "bool",
    "type",
    "dyn",
    "abs",
    "sum",
    "min",
    "max",
    "days",
    "each",
    "duration",
)


class Untyped:
    """Any expressions of plain CEL, most of them with errors somewhere."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._variables: list[str] = []

    def expression(self, depth: int) -> str:
        choice = self._random.choice
        if depth == 0 or self._random.random() < 0.1:
            return choice([*_ANYTHING, *self._variables, *self._variables])

        def inner() -> str:
            return self.expression(depth - 1)

        match self._random.randrange(14):
            case 0 | 1 | 2 | 3:
                return f"({inner()} {choice(_BINARY)} {inner()})"
            case 4:
                return f"({choice('!-')}({inner()}))"
            case 5:
                return f"({inner()} ? {inner()} : {inner()})"
            case 6:
                return f"{choice(_FUNCTIONS)}({inner()})"
            case 7:
                return f"({inner()}).{choice(_MEMBERS)}"
            case 8:
                return f"has(({inner()}).{choice('ab')})"
            case 9:
                return f"({inner()})[{inner()}]"
            case 10:
                return "[" + ", ".join(inner() for _ in range(self._random.randrange(4))) + "]"
            case 11:
                return "{" + ", ".join(f"{inner()}: {inner()}" for _ in range(self._random.randrange(3))) + "}"
            case _:
                return self._macro(depth - 1)

    def _macro(self, depth: int) -> str:
        over = (
            self.expression(depth)
            if self._random.random() < 0.5
            else self._random.choice(("[1, 2, 3]", "x", "y", '{"a": 1, "b": 2}'))
        )
        names = self._random.sample(("v", "w", "x", "u"), 2)
        kind = self._random.choice(
            (
                "all",
                "exists",
                "exists_one",
                "filter",
                "map",
                "map3",
                "all2",
                "exists2",
                "exists_one2",
                "transformList",
                "transformMap",
                "transformMapEntry",
            )
        )
        two = kind.endswith("2") or kind.startswith("transform")
        used = names if two else names[:1]
        before = len(self._variables)
        self._variables += used
        parts = [*used, self.expression(depth)]
        if kind == "transformMapEntry":
            parts[-1] = f"{{{parts[-1]}: {self.expression(depth)}}}"
        if kind == "map3" or (kind.startswith("transform") and self._random.random() < 0.3):
            parts.insert(len(used), self.expression(depth))
        del self._variables[before:]
        return f"({over}).{kind.rstrip('23')}({', '.join(parts)})"

    def bindings(self) -> dict[str, Any]:
        names = [name for name in ("x", "y", "z", "m", "m.n", "a") if self._random.random() < 0.7]
        return {name: self._value(2) for name in names}

    def _value(self, depth: int) -> Any:
        choice = self._random.choice
        plain = (
            None,
            True,
            False,
            0,
            1,
            -5,
            2**63 - 1,
            0.0,
            2.5,
            float("nan"),
            float("inf"),
            "",
            "a",
            "厨房",
            MOMENTS[0],
            timedelta(hours=1),
        )
        if depth == 0 or self._random.random() < 0.3:
            return choice(plain)
        if self._random.random() < 0.5:
            return [self._value(depth - 1) for _ in range(self._random.randrange(4))]
        return {key: self._value(depth - 1) for key in ("a", "b", "n", 1) if self._random.random() < 0.6}

"""Inputs at each limit of what riskgate takes, and just beyond it. Used by the tests and by benchmarks/limits.py."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from riskgate import Gate, cel
from riskgate.cel.parse import MAX_LENGTH, MAX_NESTING
from riskgate.cel.patterns import MAX_PATTERN
from riskgate.errors import RiskgateError
from riskgate.infer import Fact, infer
from riskgate.infer.chain import MAX_ITEMS
from riskgate.load.reader import MAX_DEPTH, MAX_NODES, read
from riskgate.load.source import MAX_BYTES
from riskgate.pack import Conclusion, Derive, FactCondition, Given
from riskgate.text import Text

SNAPSHOT_DEPTH = 200
BUDGET = 1_000_000
Taken = Callable[[], None]


@dataclass(frozen=True)
class Limit:
    """`at` is taken, `beyond` refused with the code of a problem (or, for a check, ends in a gap of this reason)."""

    name: str
    at: Taken
    beyond: Taken
    says: str
    seconds: float = 1.0
    """Beyond it, the answer must come within so many seconds on a slow machine; measured, not tested."""


class RefusedError(RiskgateError):
    """What a reader lists as problems instead of raising."""


def _yaml(data: bytes) -> None:
    _, problems = read(data, "f.yaml")
    if problems:
        raise RefusedError(problems)


def _nested(levels: int) -> bytes:
    return b"a: " + b"[" * (levels - 1) + b"]" * (levels - 1)


def _items(count: int) -> bytes:
    """A list under one key: so many nodes, the two of the outside among them."""
    return b"a:\n" + b"- 1\n" * (count - 3)


def _sized(size: int) -> bytes:
    head = b"a: 1\n"
    line = b"# " + b"x" * 97 + b"\n"
    body = head + line * ((size - len(head)) // len(line))
    return body + b"#" * (size - len(body) - 1) + b"\n"


def _gate() -> Gate:
    from battery_cases import BASE  # noqa: PLC0415 - the tests' own folder

    return Gate.load(BASE / "company")


def _snapshot(text: str) -> None:
    _gate().snapshot(text.encode(), name="f.json")


def _deep(levels: int) -> str:
    """A snapshot with so many levels in it, its project the first."""
    inner = "[" * (levels - 1) + "]" * (levels - 1)
    return '{"riskgate": 1, "as_of": "2026-11-20", "project": {"id": "P", "unknown": ' + inner + "}}"


def _whole(number: int) -> str:
    return f'{{"riskgate": 1, "as_of": "2026-11-20", "project": {{"id": "P", "floor_count": {number}}}}}'


def _cel(text: str) -> None:
    cel.compile(text)


def _cubed(side: int) -> None:
    numbers = list(range(side))
    cel.evaluate("a.all(x, a.all(y, a.all(z, x + y + z >= 0)))", {"a": numbers})


def _pack_number(digits: int) -> None:
    from riskgate.load.scalars import MAX_DIGITS  # noqa: PLC0415 - beside its use

    assert digits > MAX_DIGITS
    from battery_cases import BASE  # noqa: PLC0415 - the tests' own folder

    text = (BASE / "overlay.yaml").read_text(encoding="utf-8").replace("value: 3.6", "value: " + "9" * digits)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "overlay.yaml"
        path.write_text(text, encoding="utf-8")
        Gate.load(BASE / "company", overlays=path)


def _matched(length: int) -> None:
    cel.evaluate(f"'a'.matches('{'a' * length}')")


def _visited(items: int) -> None:
    side = 1_000
    bindings = {"a": list(range(side)), "b": list(range((items - side) // side))}
    cel.evaluate("a.all(x, b.all(y, x + y >= 0))", bindings)


def _inferred(count: int) -> None:
    """So many facts that one line of one rule takes: so many items."""
    rule = Derive("D", Text.of("d"), (Given("risk", "one"),), Conclusion("blocking", ("n",)))
    facts = [Fact("risk", {"group": f"g{number}", "count": 1}, (f"r{number}",)) for number in range(count)]
    infer([rule], facts, {}, engine="plain")


def _stepped(limit: int) -> None:
    """Ten facts at two lines, of which each takes all."""
    rule = Derive("D", Text.of("d"), (Given("risk", "one"), Given("risk", "other")), Conclusion("blocking", ("n",)))
    facts = [Fact("risk", {"group": f"g{n}", "count": 1}, (f"r{n}",)) for n in range(10)]
    infer([rule], facts, {}, engine="plain", step_limit=limit)


def _supported(groups: int) -> None:
    """Two lines that nothing joins: the facts of one are behind every conclusion of the other."""
    lines = tuple(Given("risk", name, (FactCondition("rule", "eq", name),)) for name in ("one", "other"))
    rule = Derive("D", Text.of("d"), lines, Conclusion("blocking", ("n",)))
    facts = [
        Fact("risk", {"rule": name, "group": f"g{n}", "count": 1}, (f"{name}{n}",))
        for n in range(groups)
        for name in ("one", "other")
    ]
    infer([rule], facts, {}, engine="plain")


def _laughs(doubling: int) -> bytes:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 10)}]" for n in range(doubling)]
    return "\n".join(lines).encode()


LIMITS: tuple[Limit, ...] = (
    Limit("YAML: bytes", lambda: _yaml(_sized(MAX_BYTES)), lambda: _yaml(_sized(MAX_BYTES + 1)), "file-too-large"),
    Limit("YAML: 100 MB", lambda: _yaml(b"a: 1\n"), lambda: _yaml(_sized(100_000_000)), "file-too-large"),
    Limit("YAML: nodes", lambda: _yaml(_items(MAX_NODES)), lambda: _yaml(_items(MAX_NODES + 1)), "too-many-nodes"),
    Limit(
        "YAML: nodes, 2,400,000",
        lambda: _yaml(b"a: 1\n"),
        lambda: _yaml(b"a:\n" + b"-\n" * 2_400_000),
        "too-many-nodes",
    ),
    Limit("YAML: depth", lambda: _yaml(_nested(MAX_DEPTH)), lambda: _yaml(_nested(MAX_DEPTH + 1)), "too-deep"),
    Limit("YAML: depth 1,000,000", lambda: _yaml(b"a: 1\n"), lambda: _yaml(_nested(1_000_000)), "too-deep"),
    Limit("YAML: aliases", lambda: _yaml(b"a: '*a'\n"), lambda: _yaml(_laughs(20)), "alias"),
    Limit("YAML: tags", lambda: _yaml(b"a: '!x'\n"), lambda: _yaml(b"a: !!python/object:os.system x\n"), "tag"),
    Limit("YAML: digits of a number", lambda: _yaml(b"a: 1\n"), lambda: _pack_number(5_000), "number"),
    Limit(
        "snapshot: depth",
        lambda: _snapshot(_deep(SNAPSHOT_DEPTH)),
        lambda: _snapshot(_deep(SNAPSHOT_DEPTH + 1)),
        "too-deep",
    ),
    Limit("snapshot: depth 1,000,000", lambda: _snapshot(_deep(3)), lambda: _snapshot(_deep(1_000_000)), "too-deep"),
    Limit("snapshot: 64 bits", lambda: _snapshot(_whole(2**63 - 1)), lambda: _snapshot(_whole(2**63)), "floor_count"),
    Limit(
        "snapshot: 64 bits below", lambda: _snapshot(_whole(1)), lambda: _snapshot(_whole(-(2**63) - 1)), "floor_count"
    ),
    Limit("snapshot: NaN", lambda: _snapshot(_whole(1)), lambda: _snapshot(_deep(3).replace("[]", "[NaN]")), "NaN"),
    Limit(
        "snapshot: infinity",
        lambda: _snapshot(_whole(1)),
        lambda: _snapshot(_deep(3).replace("[]", "[1e999]")),
        "1e999",
    ),
    Limit(
        "snapshot: doubled key",
        lambda: _snapshot(_whole(1)),
        lambda: _snapshot(_deep(3).replace('"id"', '"id": "Q", "id"')),
        "doubled-key",
    ),
    Limit(
        "expression: characters",
        lambda: _cel("1" + " " * (MAX_LENGTH - 1)),
        lambda: _cel("1" + " " * MAX_LENGTH),
        "long",
    ),
    Limit("expression: 1,000,000 characters", lambda: _cel("1"), lambda: _cel("1+" * 500_000 + "1"), "long"),
    Limit(
        "expression: nesting",
        lambda: _cel("(" * (MAX_NESTING - 1) + "1" + ")" * (MAX_NESTING - 1)),
        lambda: _cel("(" * (MAX_NESTING + 1) + "1" + ")" * (MAX_NESTING + 1)),
        "nest",
    ),
    Limit("expression: macro items", lambda: _visited(BUDGET), lambda: _visited(BUDGET + 1_000), "1000000", 5.0),
    Limit("expression: 300 x 300 x 300 items", lambda: _visited(BUDGET), lambda: _cubed(300), "1000000", 5.0),
    Limit("pattern: characters", lambda: _matched(MAX_PATTERN), lambda: _matched(MAX_PATTERN + 1), "pattern"),
    Limit("inference: items", lambda: _inferred(1_000), lambda: _inferred(MAX_ITEMS + 1), "inference-limit", 5.0),
    Limit(
        "inference: facts behind conclusions",
        lambda: _supported(999),
        lambda: _supported(5_000),
        "inference-limit",
        5.0,
    ),
    Limit("inference: steps", lambda: _stepped(30), lambda: _stepped(5), "inference-limit", 5.0),
)

"""The join by durable-rules, through its C module: one ruleset with a handle of its own for each inference.

What the library cannot be trusted with never reaches it (docs/decisions/durable-rules.md): each line of each rule is a
pair of small integers (`p`, `q`), an item is a flat object that names its line and, for every line it is joined with,
one interned integer (`w…` wanted, `g…` given), and the only comparison between facts is the equality of two of these.
So there are no texts, floats, booleans, nulls or missing values in it, a fact waits at one condition only, and every
fact that the library does not take is an error.
"""

import json
from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import Any

from riskgate.errors import InferenceError, Problem
from riskgate.infer.lines import MAX_LINES, Combination, Item, Line
from riskgate.text import Text

try:
    import durable_rules_engine
except ImportError:  # not installed, or CPython 3.13 and later: the plain engine serves there
    _library: ModuleType | None = None
else:
    _library = durable_rules_engine

SID = "1"
"""The one context in which all facts of a ruleset live."""

PAGE = 256
"""Lines on one page (`p`): the library holds less than 512 different conditions below one node of its network."""

NAMES = (
    "sid",
    "id",
    "p",
    "q",
    *(f"w{line}" for line in range(MAX_LINES)),
    *(f"g{line}" for line in range(MAX_LINES)),
)
"""Every property name used. The library tells names apart by a 32-bit hash only; a test shows that these differ."""

FIRST_RULE = "first"
"""A rule of our own, met by one fact of our own."""

_TAKEN = 0


def available() -> bool:
    """Whether durable-rules can be used in this Python."""
    return _library is not None


class DurableJoiner:
    """Keeps the items as facts of a ruleset; its actions are the combinations. Close it, or its memory stays taken."""

    def __init__(self, rules: Sequence[Sequence[Line]]) -> None:
        if _library is None:
            raise InferenceError(
                Problem(
                    "engine-unavailable",
                    Text("此 Python 中无法使用 durable-rules", "durable-rules cannot be used in this Python"),
                    help=Text("请用 engine='auto' 或 'plain'", "use engine='auto' or 'plain'"),
                )
            )
        self._library: Any = _library
        self._numbers: dict[object, int] = {}
        self._places: dict[tuple[int, int], int] = {}
        self._items: dict[int, Item] = {}
        self._state: int | None = None
        self._started = False
        for lines in rules:
            for line in lines:
                self._places[line.rule, line.index] = len(self._places) + 1
        definition = {f"r{lines[0].rule}": {"all": [self._condition(line) for line in lines]} for lines in rules}
        definition[FIRST_RULE] = {"all": [{"m0": {"$and": [{"p": 0}, {"q": 0}]}}]}
        self._handle = int(self._call("create_ruleset", "riskgate", json.dumps(definition)))
        try:
            self._run_first_action()
        except InferenceError:
            self._call("delete_ruleset")
            raise

    def _run_first_action(self) -> None:
        """One action, before anything else: until one has started, `delete_state` frees memory it never allocated."""
        code, state = self._call("assert_fact", json.dumps({"sid": SID, "id": "0", "p": 0, "q": 0}))
        if code != _TAKEN or self._call("start_action_for_state", state) is None:
            raise self._refused("the first action did not start")
        self._state = state
        if self._call("complete_and_start_action", state) is not None:
            raise self._refused("the first action did not end")

    def _condition(self, line: Line) -> dict[str, object]:
        page, place = divmod(self._places[line.rule, line.index], PAGE)
        joins = [{f"w{earlier}": {f"m{earlier}": f"g{line.index}"}} for earlier in line.wants]
        return {f"m{line.index}": {"$and": [{"p": page}, {"q": place}, *joins]}}

    def join(self, items: Sequence[Item]) -> Iterable[Combination]:
        for item in items:
            self._assert(item)
        started = self._call("start_action_for_state", self._state)
        message = None if started is None else started[1]
        self._started = message is not None
        while message is not None:
            ((_, found),) = json.loads(message).items()
            yield tuple(self._items[int(found[f"m{index}"]["id"])] for index in range(len(found)))
            message = self._call("complete_and_start_action", self._state)
            self._started = message is not None

    def _assert(self, item: Item) -> None:
        self._items[item.number] = item
        page, place = divmod(self._places[item.line.rule, item.line.index], PAGE)
        fact: dict[str, object] = {"sid": SID, "id": str(item.number), "p": page, "q": place}
        fact |= {f"w{earlier}": self._intern(key) for earlier, key in item.wants.items()}
        fact |= {f"g{later}": self._intern(key) for later, key in item.gives.items()}
        code, _ = self._call("assert_fact", json.dumps(fact))
        if code != _TAKEN:
            raise self._refused(f"a fact was not taken, code {code}")

    def _intern(self, key: object) -> int:
        return self._numbers.setdefault(key, len(self._numbers))

    def _call(self, name: str, *arguments: object) -> Any:
        """Call the library; its errors become ours. All but `create_ruleset` take the handle first."""
        handle = () if name == "create_ruleset" else (self._handle,)
        try:
            return getattr(self._library, name)(*handle, *arguments)
        except (self._library.error, MemoryError, ValueError) as fault:
            raise self._refused(f"{name}: {fault}") from fault

    @staticmethod
    def _refused(detail: str) -> InferenceError:
        return InferenceError(
            Problem("inference-engine", Text(f"durable-rules 出错：{detail}", f"durable-rules failed: {detail}"))
        )

    def close(self) -> None:
        try:
            if self._started:
                self._call("abandon_action", self._state)
            self._call("delete_state", SID)
        finally:
            self._call("delete_ruleset")

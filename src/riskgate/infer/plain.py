"""The join in plain Python: the reference, and the engine where durable-rules cannot be used."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from riskgate.infer.lines import Combination, Item, Key


class PlainJoiner:
    """Joins the lines of every rule that got a new item again, from the first line to the last."""

    def __init__(self, lines_per_rule: Sequence[int]) -> None:
        self._lines_per_rule = lines_per_rule
        # (rule, line) -> the keys an item wants of earlier lines -> items
        self._items: defaultdict[tuple[int, int], defaultdict[tuple[Key, ...], list[Item]]]
        self._items = defaultdict(lambda: defaultdict(list))

    def join(self, items: Sequence[Item]) -> Iterable[Combination]:
        for item in items:
            self._items[item.line.rule, item.line.index][tuple(item.wants.values())].append(item)
        for rule in sorted({item.line.rule for item in items}):
            yield from self._extend(rule, ())

    def _extend(self, rule: int, chosen: Combination) -> Iterator[Combination]:
        """All combinations that begin with the chosen items."""
        index = len(chosen)
        if index == self._lines_per_rule[rule]:
            yield chosen
            return
        candidates = self._items[rule, index]
        if not candidates:
            return
        line = next(iter(candidates.values()))[0].line
        given = tuple(chosen[earlier].gives[index] for earlier in line.wants)
        for item in candidates.get(given, ()):
            yield from self._extend(rule, (*chosen, item))

    def close(self) -> None:
        """Nothing to give back."""

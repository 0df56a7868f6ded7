"""The labels of entities, by which people know them, in both languages."""

from collections.abc import Callable
from itertools import pairwise

from riskgate.describe import Describer, Path, Read, member
from riskgate.snapshot.tree import Snapshot
from riskgate.text import Text
from riskgate.vocabulary import EntityType


class Labels:
    """The labels of the entities of one snapshot: a type's own template, or titles and ids along the chain."""

    def __init__(self, snapshot: Snapshot, describer: Describer) -> None:
        self._snapshot = snapshot
        self._describer = describer
        self._makers: dict[str, Callable[[int], tuple[str, str]]] = {}

    def of(self, kind: EntityType, ordinal: int) -> Text:
        """The label of an entity."""
        return Text(*self.maker(kind)(ordinal))

    def maker(self, kind: EntityType) -> Callable[[int], tuple[str, str]]:
        """Makes the labels of a type's entities, by ordinal."""
        found = self._makers.get(kind.name)
        if found is None:
            found = self._makers[kind.name] = self._maker(kind)
        return found

    def _maker(self, kind: EntityType) -> Callable[[int], tuple[str, str]]:
        if kind.label is not None:
            return self._own(kind, kind.label)
        if kind.within is None:
            root = self._snapshot.project
            name = str(root.get("name") or root.get("id") or "project")
            return lambda _: (name, name)
        table = self._snapshot.tables[kind.name]
        entities, parents, indexes = table.entities, table.parents, table.indexes
        before = self._before(kind, kind.within)
        if kind.single:
            return lambda ordinal: before(parents[ordinal])
        known: dict[int, tuple[str, str]] = {}  # many entities share a parent
        named = "name" in kind.fields

        def make(ordinal: int) -> tuple[str, str]:
            parent = parents[ordinal]
            zh, en = known.get(parent) or known.setdefault(parent, before(parent))
            entity = entities[ordinal]
            name = (named and entity.get("name")) or entity.get("id") or f"#{indexes[ordinal]}"
            return f"{zh}{name}", f"{en} {name}"

        return make

    def _before(self, kind: EntityType, within: str) -> Callable[[int], tuple[str, str]]:
        """What stands before a name: the label of the parent, given by its ordinal, and the title of the type."""
        title = kind.title
        parent = self._snapshot.vocabulary.entities[within]
        if parent.within is None:
            return lambda _: title  # the project is the whole report
        of_parent = self.maker(parent)

        def before(ordinal: int) -> tuple[str, str]:
            zh, en = of_parent(ordinal)
            return f"{zh} {title.zh}", f"{en} · {title.en}"

        return before

    def _own(self, kind: EntityType, label: Text) -> Callable[[int], tuple[str, str]]:
        upwards = self._snapshot.vocabulary.chains[kind.name][::-1]
        heights = {entity.name: height for height, entity in enumerate(upwards)}
        reach = 0

        def read(path: Path) -> Read:
            nonlocal reach
            height, rest = heights[path[0]], path[1:]
            reach = max(reach, height)
            if len(rest) == 1:
                key = rest[0]
                return lambda scope: scope[height].get(key)
            return lambda scope: member(scope[height], rest)

        say = self._describer.both(label, self._describer.finder(upwards), read)
        tables = [self._snapshot.tables[entity.name] for entity in upwards[: reach + 1]]
        entities = tables[0].entities
        above = [(low.parents, high.entities) for low, high in pairwise(tables)]

        def make(ordinal: int) -> tuple[str, str]:
            chain = [entities[ordinal]]
            for parents, holders in above:
                ordinal = parents[ordinal]
                chain.append(holders[ordinal])
            return say(chain)

        return make

"""The miniature snapshot of a rule case, from the few entities that its author names."""

from collections.abc import Mapping
from typing import Any

from riskgate.errors import Place, Problem, SnapshotError, suggestion
from riskgate.snapshot.finding import Entity, Finding, Path, found, pointer, visible
from riskgate.text import Text
from riskgate.vocabulary import Vocabulary


class Miniature:
    """The tree of a case, and where in it each named type has come to stand."""

    def __init__(self, vocabulary: Vocabulary, entity: str, entities: Mapping[str, Mapping[str, Any]]) -> None:
        self._vocabulary = vocabulary
        self.findings: list[Finding] = []
        self._starts: dict[Path, str] = {}
        self.tree: Entity = {"project": {}}
        for name in (entity, *entities):
            if name not in vocabulary.entities:
                message = Text(f"没有 `{visible(name)}` 这类实体", f"there is no entity type `{visible(name)}`")
                help_ = suggestion(name, vocabulary.entities)
                self.findings.append(Finding((name,), "unknown-entity", message, help_, at="key"))
        pieces: Mapping[str, object] = entities
        for name, given in pieces.items():
            if not isinstance(given, Mapping):
                what = found(given)
                message = Text(f"`{name}` 应为对象，现为{what.zh}", f"`{name}` must be an object, found {what.en}")
                self.findings.append(Finding((name,), "wrong-type", message))
        if not self.findings:
            self._grow(entity, entities)

    def _grow(self, entity: str, entities: Mapping[str, Mapping[str, Any]]) -> None:
        chains = self._vocabulary.chains
        present = {step.name for name in entities for step in chains[name]}
        present |= {step.name for step in chains[entity][:-1]}
        made: dict[str, tuple[Entity, Path]] = {}
        for kind in self._vocabulary.order:
            if kind.within is not None and kind.name not in present:
                continue
            item: Entity = dict(entities.get(kind.name, {}))
            if kind.within is None:
                path: Path = ("project",)
                self.tree["project"] = item
            else:
                parent, above = made[kind.within]
                if kind.key in parent:
                    message = Text(
                        f"`{kind.name}` 给出了两次：单独一次，又在 `{kind.within}` 的 `{kind.key}` 里",
                        f"`{kind.name}` is given twice: by itself and under `{kind.key}` of `{kind.within}`",
                    )
                    self.findings.append(Finding((*above, kind.key), "given-twice", message))
                    continue
                parent[kind.key] = [item] if kind.collection else item
                path = (*above, kind.key, 0) if kind.collection else (*above, kind.key)
            made[kind.name] = item, path
            if kind.name in entities:
                self._starts[path] = kind.name

    def reworded(self, error: SnapshotError) -> SnapshotError:
        """The error with pointers as the author of the case wrote it: `/room/kind`."""
        starts = sorted(((pointer(path), name) for path, name in self._starts.items()), key=lambda s: -len(s[0]))
        return SnapshotError(
            Problem(p.code, p.message, Place(p.place.file, p.place.line, p.place.column, _own(p, starts)), p.help)
            for p in error.problems
        )


def _own(problem: Problem, starts: list[tuple[str, str]]) -> str:
    place = problem.place.pointer or ""
    for start, name in starts:
        if place == start or place.startswith(start + "/"):
            return f"/{name}{place[len(start) :]}"
    return place

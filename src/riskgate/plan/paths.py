"""Which facts an expression reads: paths from an entity of the chain, such as `project.site.road_class`."""

from collections.abc import Iterator, Mapping
from dataclasses import field

from riskgate.cel.syntax import Expr, Has, Ident, Macro, Select, children
from riskgate.plan.bind import BoundRule
from riskgate.record import record
from riskgate.vocabulary import EntityType, Field, Vocabulary


@record
class Path:
    """A chain entity and members below it.

    `structural` says for each member whether it is a collection or a single (which can be absent) rather than a field
    (which can be missing); `spec` is the field of the last member, None if that is structural.
    """

    entity: str
    members: tuple[str, ...]
    structural: tuple[bool, ...] = field(compare=False)
    spec: Field | None = field(compare=False, repr=False)

    @property
    def text(self) -> str:
        return ".".join((self.entity, *self.members))

    @property
    def pointer(self) -> str:
        """The JSON Pointer of the value below the entity's own."""
        return "".join(f"/{member}" for member in self.members)


class Paths:
    """Recognises paths in the expressions of one entity type's rules."""

    def __init__(
        self, vocabulary: Vocabulary, chain: tuple[EntityType, ...], variables: Mapping[str, str] | None = None
    ) -> None:
        self._vocabulary = vocabulary
        self._chain = chain
        self._variables = dict(variables or {})
        self._kinds = {**{entity.name: entity.name for entity in chain}, **self._variables}
        self._resolved: dict[tuple[str, tuple[str, ...]], Path] = {}
        self._deciding: dict[int, tuple[Path, ...]] = {}

    def inside(self, variable: str, kind: str) -> "Paths":
        """The same within a macro that binds a variable to entities of a type."""
        return Paths(self._vocabulary, self._chain, {**self._variables, variable: kind})

    def of(self, tree: Expr) -> Path | None:
        """The path that a tree is, or None if it is something else. `has(x.y)` is read as `x.y`."""
        members: list[str] = []
        while isinstance(tree, Select | Has):
            members.append(tree.field)
            tree = tree.operand
        if not members or not isinstance(tree, Ident) or tree.name not in self._kinds:
            return None
        return self.resolve(tree.name, tuple(reversed(members)))

    def resolve(self, entity: str, members: tuple[str, ...]) -> Path:
        """The path of members below an entity; the checker has made sure that they exist."""
        known = self._resolved.get((entity, members))
        if known is None:
            known = self._resolved[entity, members] = self._resolve(entity, members)
        return known

    def _resolve(self, entity: str, members: tuple[str, ...]) -> Path:
        structural: list[bool] = []
        kind: str | None = self._kinds[entity]
        fields = self._vocabulary.entities[self._kinds[entity]].fields
        spec: Field | None = None
        for member in members:
            child = None
            if kind is not None:
                child = next((c for c in self._vocabulary.children[kind] if c.key == member), None)
            structural.append(child is not None)
            if child is not None:
                kind, fields, spec = child.name, child.fields, None
            else:
                kind, spec = None, fields[member]
                fields = spec.fields
        return Path(entity, members, tuple(structural), spec)

    def parent(self, path: Path) -> Path | None:
        """The path without its last member; None if that is the entity itself."""
        return None if len(path.members) == 1 else self.resolve(path.entity, path.members[:-1])

    def within(self, tree: Expr, rule: BoundRule) -> Iterator[Path]:
        """Every path that an expression of the rule reads outside macro bodies, in order of appearance."""
        stack: list[Expr] = [tree]
        while stack:
            node = stack.pop()
            path = self.of(node)
            if path is not None:
                yield path
            elif isinstance(node, Ident) and node.name in rule.values:
                stack.append(rule.values[node.name].tree)
            else:
                stack.extend(reversed((node.range,) if isinstance(node, Macro) else children(node)))

    def deciding(self, rule: BoundRule) -> tuple[Path, ...]:
        """Every path that decides the rule, without repetition, in order of appearance."""
        known = self._deciding.get(rule.index)
        if known is not None:
            return known
        found: dict[Path, None] = {}
        for checked in (rule.when, rule.require):
            if checked is not None:
                found.update(dict.fromkeys(self.within(checked.tree, rule)))
        self._deciding[rule.index] = tuple(found)
        return self._deciding[rule.index]

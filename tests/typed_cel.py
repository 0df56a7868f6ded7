"""Random well-typed rule expressions over the vocabulary of `cel_vocabulary`, as text."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from random import Random
from typing import Final

from cel_vocabulary import MODES, PARAMETERS, SPACES, VOCABULARY
from riskgate.vocabulary import Field

Expected = str
"""What a generated expression gives: bool, int, double, space, text, node, timestamp, duration, unit, list:double, …"""

_ENTITIES: Final = ("project", "site", "building", "unit", "room", "person")
_KINDS: Final[Mapping[str, Expected]] = {
    "boolean": "bool",
    "integer": "int",
    "number": "double",
    "date": "timestamp",
    "datetime": "timestamp",
    "enum": "space",
    "node": "node",
    "department": "department",
    "string": "text",
}
_LITERALS: Final[Mapping[Expected, Sequence[str]]] = {
    "bool": ("true", "false"),
    "int": ("0", "1", "2", "-3", "9223372036854775807", "-9223372036854775808"),
    "double": ("0.0", "1.5", "-2.25", "1e300", "3.0"),
    "space": tuple(f'"{value}"' for value in SPACES),
    "timestamp": ('date("2026-05-01")', 'timestamp("2026-01-01T00:00:00+08:00")', "as_of"),
    "duration": ("days(30)", 'duration("1h30m")', "days(0.5)", 'duration("-2s")'),
    "node": ('"N10"', '"land"'),
    "department": ('"design"', '"sales"'),
    "note": ('"a"', '"厨"', '""'),
}
_COMPARED: Final = ("int", "double", "timestamp", "duration", "bool")
_LISTED: Final = ("int", "double", "bool", "timestamp", "space", "text")
_NUMERIC: Final = ("int", "double")
_TESTS: Final = ("contains", "startsWith", "endsWith", "matches")
_OWNERS: Final = ('each("person")[0].id', 'lookup("person", unit.owner).id')


def _fields() -> dict[Expected, list[tuple[str, str]]]:
    """For each kind, the (entity, path) of fields that have it."""
    found: dict[Expected, list[tuple[str, str]]] = {}

    def put(entity: str, path: str, field: Field) -> None:
        if field.type == "object":
            for part in field.fields.values():
                put(entity, f"{path}.{part.name}", part)
            return
        if field.type == "list":
            assert field.of is not None
            kind = f"list:{_KINDS[field.of.type]}"
        elif field.type == "ref":
            kind = f"ref:{field.to}"
        else:
            kind = "mode" if tuple(field.values) == tuple(MODES) else _KINDS[field.type]
        if field.free_text:
            kind = "note"
        found.setdefault(kind, []).append((entity, path))

    for entity in VOCABULARY.entities.values():
        for field in entity.fields.values():
            put(entity.name, field.name, field)
        for child in VOCABULARY.children[entity.name]:
            kind = f"list:{child.name}" if child.collection else child.name
            found.setdefault(kind, []).append((entity.name, child.key))
    for field in PARAMETERS.values():
        put("params", field.name, field)
    return found


FIELDS: Final = _fields()


class Typed:
    """Well-typed rule expressions over `cel_vocabulary.VOCABULARY`, as text."""

    def __init__(self, random: Random, *, named: bool = True) -> None:
        self._random = random
        self._named = named
        self._variables: list[tuple[str, Expected]] = [(name, name) for name in ("project", "building", "unit", "room")]

    def expression(self, kind: Expected, depth: int) -> str:
        leaf = self._random.choice(self._leaves(kind))
        if depth <= 0:
            return leaf()
        return self._random.choice([leaf, *self._grown(kind, depth - 1), *self._always(kind, depth - 1)])()

    def _pick(self, kinds: Sequence[str]) -> str:
        return self._random.choice(kinds)

    def _leaves(self, kind: Expected) -> list[Callable[[], str]]:
        made: list[Callable[[], str]] = []
        owners = [(name, entity) for name, entity in self._variables if entity in _ENTITIES]
        if self._random.random() < 0.5:  # what a macro binds is to be used
            owners = owners[-1:]
        paths = [
            f"{name}.{path}"
            for entity, path in FIELDS.get(kind, ())
            for name in ("params" if entity == "params" else "", *(n for n, e in owners if e == entity))
            if name
        ]
        if paths:
            made.append(lambda: self._random.choice(paths))
        literals = _LITERALS.get(kind, ())
        if literals:
            made.append(lambda: self._random.choice(literals))
        made += [lambda name=name: name for name, of in self._variables if of == kind]  # type: ignore[misc]  # bound at once
        if kind == "double" and self._named:
            made.append(lambda: "short_m2")
        if kind == "bool":
            made = [*made[:1], self._has, self._atom, self._atom, self._atom]
        return made or self._last_resort(kind)

    def _last_resort(self, kind: Expected) -> list[Callable[[], str]]:
        """What can be said of a kind that no variable at hand has."""
        if kind.startswith("list:"):
            item = kind.removeprefix("list:")
            if item in _ENTITIES:
                return [lambda: f'each("{item}")']
            return [
                lambda: f"[{self.expression(item, 0)}]",
                lambda: f'each("room").map(q{self._count()}, {self.expression(item, 0)})',
            ]
        if kind in _ENTITIES:
            return [lambda: f'each("{kind}")[0]', lambda: f'lookup("{kind}", unit.id)']
        paths = [path for entity, path in FIELDS[kind] if entity == "person"]
        return [lambda: f'each("person")[0].{self._random.choice(paths)}']

    def _atom(self) -> str:
        kind = self._pick((*_COMPARED, *_NUMERIC, "space", "text"))
        op = self._random.choice(("==", "!=") if kind in ("space", "text", "bool") else ("==", "<", "<=", ">", ">="))
        one, other = (self._random.choice(self._leaves(kind)[:2])() if kind != "bool" else self._has() for _ in "12")
        return f"({one} {op} {other})"

    def _count(self) -> int:
        return self._random.randrange(1000)

    def _has(self) -> str:
        name, entity = self._random.choice([pair for pair in self._variables if pair[1] in _ENTITIES])
        members = [*VOCABULARY.entities[entity].fields, *(child.key for child in VOCABULARY.children[entity])]
        return f"has({name}.{self._random.choice(members)})"

    def _always(self, kind: Expected, depth: int) -> list[Callable[[], str]]:
        def choice() -> str:
            parts = self.expression("bool", depth), self.expression(kind, depth), self.expression(kind, depth)
            return "({} ? {} : {})".format(*parts)

        def indexed() -> str:
            return f"{self.expression(f'list:{kind}', depth)}[{self.expression('int', 0)}]"

        made = [choice]
        if kind in (*_LISTED, "unit", "room"):
            made.append(indexed)
        return made

    def _grown(self, kind: Expected, depth: int) -> list[Callable[[], str]]:
        if kind.startswith("list:"):
            return self._lists(kind.removeprefix("list:"), depth)
        part = self._two(depth)
        match kind:
            case "bool":
                return self._bools(depth)
            case "int":
                return [
                    lambda: part("int", self._random.choice(("+", "-", "*", "%", "+", "-")), "int"),
                    lambda: f"-({self.expression('int', depth)})",
                    lambda: f"size({self._listed(depth)})",
                    lambda: f"{self.expression('text', depth)}.size()",
                    lambda: f"sum({self.expression('list:int', depth)})",
                    lambda: f"{self._pick(('min', 'max'))}({self.expression('list:int', depth)})",
                    lambda: f"abs({self.expression('int', depth)})",
                    lambda: f"int({self.expression(self._pick(_NUMERIC), depth)})",
                    lambda: f"{self.expression('timestamp', depth)}.getMonth()",
                    lambda: f"{self.expression('duration', depth)}.getHours()",
                    lambda: f'{{"kitchen": 1, "bedroom": 2}}[{self.expression("space", depth)}]',
                ]
            case "double":
                return [
                    lambda: part("double", self._random.choice("+-*/"), "double"),
                    lambda: part("double", self._random.choice("+-*/"), "int"),
                    lambda: part("int", self._random.choice("+-*/"), "double"),
                    lambda: f"({self.expression('double', depth)} / 2)",
                    lambda: f"-({self.expression('double', depth)})",
                    lambda: f"sum({self.expression('list:double', depth)})",
                    lambda: f"{self._pick(('min', 'max'))}({self.expression('list:double', depth)})",
                    lambda: f"abs({self.expression('double', depth)})",
                    lambda: f"double({self.expression('int', depth)})",
                ]
            case "text":
                return [
                    lambda: part("text", "+", self._pick(("text", "note"))),
                    lambda: f"(unit.id + string({self.expression(self._pick(('int', 'double', 'bool')), depth)}))",
                ]
            case "timestamp":
                return [
                    lambda: part("timestamp", self._random.choice("+-"), "duration"),
                    lambda: f"date_of({self.expression('timestamp', depth)})",
                    lambda: f"max({self.expression('timestamp', depth)}, {self.expression('timestamp', depth)})",
                ]
            case "duration":
                return [
                    lambda: part("timestamp", "-", "timestamp"),
                    lambda: part("duration", self._random.choice("+-"), "duration"),
                    lambda: f"days({self.expression(self._pick(_NUMERIC), depth)})",
                ]
            case _:
                return []

    def _two(self, depth: int) -> Callable[[Expected, str, Expected], str]:
        return lambda one, op, other: f"({self.expression(one, depth)} {op} {self.expression(other, depth)})"

    def _listed(self, depth: int) -> str:
        return self.expression(f"list:{self._pick((*_LISTED, 'unit', 'room'))}", depth)

    def _bools(self, depth: int) -> list[Callable[[], str]]:
        part = self._two(depth)

        def compared(op: str, kinds: Sequence[Expected]) -> str:
            kind = self._pick(kinds)
            return part(kind, op, self._pick(_NUMERIC) if kind in _NUMERIC else kind)

        def equals() -> str:
            return compared(
                self._random.choice(("==", "!=")),
                (*_COMPARED, "space", "node", "department", "text", "list:int", "list:space", "room"),
            )

        def number() -> str:
            return self.expression(self._pick(_NUMERIC), depth)

        def contained() -> str:
            kind = self._pick((*_LISTED, "node"))
            return f"({self.expression(kind, depth)} in {self.expression(f'list:{kind}', depth)})"

        return [
            lambda: self._chain(depth),
            lambda: self._chain(depth),
            lambda: f"!({self.expression('bool', depth)})",
            equals,
            lambda: compared(self._random.choice(("<", "<=", ">", ">=")), _COMPARED),
            contained,
            lambda: self._quantified(depth),
            lambda: self._quantified(depth),
            lambda: self._looked_up(depth),
            lambda: self._looked_up(depth),
            lambda: f"{self._pick(('at_least', 'at_most'))}({number()}, {number()})",
            lambda: f"(unit.owner == {self._pick(_OWNERS)})",
            lambda: f"unit.note.{self._pick(_TESTS)}({self.expression('note', 0)})",
            lambda: f"{self.expression('text', depth)}.{self._pick(_TESTS[:3])}({self.expression('text', depth)})",
            lambda: f"(type({self.expression(self._pick(_NUMERIC), depth)}) == int)",
        ]

    def _chain(self, depth: int) -> str:
        op = self._random.choice((" && ", " || "))
        return "(" + op.join(self.expression("bool", depth) for _ in range(self._random.choice((2, 2, 3, 4)))) + ")"

    @contextmanager
    def _bound(self, *pairs: tuple[str, Expected]) -> Iterator[None]:
        before = len(self._variables)
        self._variables += pairs
        yield
        del self._variables[before:]

    def _variable(self) -> str:
        return f"x{len(self._variables)}"

    def _quantified(self, depth: int) -> str:
        item = self._pick((*_LISTED, "building", "unit", "room", "person", "room"))
        items, name = self.expression(f"list:{item}", depth), self._variable()
        macro = self._random.choice(("all", "exists", "exists_one"))
        if self._random.random() < 0.2:
            with self._bound((f"{name}i", "int"), (name, item)):
                return f"{items}.{macro}({name}i, {name}, {self.expression('bool', depth)})"
        with self._bound((name, item)):
            return f"{items}.{macro}({name}, {self.expression('bool', depth)})"

    def _looked_up(self, depth: int) -> str:
        """Items by the value of a field; mostly in a loop, so that one list is asked again and again."""
        if self._random.random() < 0.4:
            return self._match(depth)
        listed = {"int": "[0, 1, 2, 3]", "room": 'each("room")', "unit": "building.units", "person": 'each("person")'}
        of, items = self._random.choice(list(listed.items()))
        name = self._variable()
        with self._bound((name, of)):
            return f"{items}.{self._pick(('all', 'exists', 'exists_one'))}({name}, {self._match(depth)})"

    def _match(self, depth: int) -> str:
        item, name = self._pick(("building", "unit", "room", "room", "person")), self._variable()
        items = self.expression(f"list:{item}", self._random.choice((0, 0, 1)))
        if self._random.random() < 0.5:
            items = f'each("{item}")'
        fields = [(kind, path) for kind, paths in FIELDS.items() for entity, path in paths if entity == item]
        kind, path = self._random.choice(
            [pair for pair in fields if not pair[0].startswith(("list:", "ref:", *_ENTITIES))]
        )
        with self._bound((name, "taken")):
            probes: list[Callable[[], str]] = [*self._leaves(kind), lambda: self.expression(kind, 1)]
            probe = self._random.choice(probes)()
        if item == "unit" and self._random.random() < 0.3:
            path, probe = self._random.choice((("other_unit", "unit.id"), ("owner", _OWNERS[1]), ("owner", _OWNERS[0])))
        pair = [f"{name}.{path}", probe]
        self._random.shuffle(pair)
        macro = self._pick(("all", "exists", "exists_one", "filter", "map"))
        equal, other = " == ".join(pair), " != ".join(pair)
        parts = [self._random.choice((other, f"!({equal})")) if macro == "all" else equal]
        with self._bound((name, item)):
            parts += [self.expression("bool", self._random.choice((0, 0, depth))) for _ in range(self._count() % 3)]
        self._random.shuffle(parts)
        condition = (" || " if macro == "all" else " && ").join(parts)
        if macro == "filter":
            return f"({items}.filter({name}, {condition}).size() > {self._random.choice((0, 1))})"
        if macro == "map":
            return f"({items}.map({name}, {condition}, {name}.id).size() > {self._random.choice((0, 1))})"
        return f"{items}.{macro}({name}, {condition})"

    def _lists(self, item: Expected, depth: int) -> list[Callable[[], str]]:
        kind = f"list:{item}"

        def filtered() -> str:
            items, name = self.expression(kind, depth), self._variable()
            with self._bound((name, item)):
                return f"{items}.filter({name}, {self.expression('bool', depth)})"

        def mapped() -> str:
            of = self._pick(("room", "unit", "int", "double"))
            items, name = self.expression(f"list:{of}", depth), self._variable()
            with self._bound((name, of)):
                condition = f"{self.expression('bool', depth)}, " if self._random.random() < 0.3 else ""
                return f"{items}.map({name}, {condition}{self.expression(item, depth)})"

        def transformed() -> str:
            of = self._pick(("room", "double"))
            items, name = self.expression(f"list:{of}", depth), self._variable()
            with self._bound((f"{name}i", "int"), (name, of)):
                return f"{items}.transformList({name}i, {name}, {self.expression(item, depth)})"

        made = [filtered]
        if item in _LISTED:
            made += [
                mapped,
                transformed,
                lambda: (
                    "[" + ", ".join(self.expression(item, depth) for _ in range(self._random.choice((1, 2, 3)))) + "]"
                ),
                lambda: f"({self.expression(kind, depth)} + {self.expression(kind, depth)})",
            ]
        return made

"""Which values of a rule may be compared, and whether a literal can ever be met by what it is compared with."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from riskgate.cel.environment import Environment, describe
from riskgate.cel.findings import Findings, nearest
from riskgate.cel.overloads import NUMBERS, is_literal, is_text, same_entity_or_object
from riskgate.cel.syntax import Binary, Constant, Expr, Ident, Index, ListLiteral, Macro, MapLiteral, Ternary
from riskgate.cel.types import (
    BOOL,
    DURATION,
    DYN,
    NULL,
    STRING,
    TIMESTAMP,
    ListOf,
    MapOf,
    TextOf,
    Type,
)
from riskgate.text import Text

_DATE_HINT = Text('日期写作 date("2026-05-01")', 'write a date as date("2026-05-01")')
_NULL_HINT = Text("用 has(...) 判断有没有填", "use has()")
_FREE_HINT = Text(
    "自由填写的文本不能决定结论：在词汇表中改为枚举，或注明 free_text: true",
    "a text that people write must not decide: make the field an enum, or mark it `free_text: true`",
)


class Operand(NamedTuple):
    """One side of a comparison. Of a list, `kind` is that of its items while `expr` stays the list."""

    expr: Expr
    kind: Type


class Comparisons:
    """Checks comparisons of one expression. `ranges` gives what each macro variable in scope runs over.

    `replaced` collects, by id() of a constant, the node id that stands for the code the author wrote.
    """

    def __init__(self, environment: Environment, findings: Findings, ranges: Mapping[str, Expr]) -> None:
        self._environment = environment
        self._findings = findings
        self._ranges = ranges
        self.replaced: dict[int, str] = {}

    def equal(self, node: Expr, left: Operand, right: Operand) -> None:
        """Report what keeps the two from ever being equal, or what may not decide."""
        one, other = left.kind, right.kind
        if is_text(one) and is_text(other):  # two thirds of all
            self._texts(node, left, right)
        elif DYN in (one, other) or (one in NUMBERS and other in NUMBERS):
            return
        elif NULL in (one, other):
            self._findings.add(
                "null-comparison", node.span, Text("不能与 null 比较", "a rule must not compare with null"), _NULL_HINT
            )
        elif isinstance(one, ListOf) and isinstance(other, ListOf):
            self.equal(node, Operand(left.expr, one.item), Operand(right.expr, other.item))
        elif isinstance(one, MapOf) and isinstance(other, MapOf):
            self.equal(node, Operand(left.expr, one.key), Operand(right.expr, other.key))
            self.equal(node, Operand(left.expr, one.value), Operand(right.expr, other.value))
        elif one != other and not same_entity_or_object(one, other):
            self._impossible(node, one, other)

    def ordered(self, node: Expr, left: Operand, right: Operand) -> None:
        """Report what keeps the two from being ordered by `<` and the like."""
        one, other = left.kind, right.kind
        if NULL in (one, other):
            self.equal(node, left, right)
        elif is_text(one) and is_text(other):
            if all(
                kind == STRING or (isinstance(kind, TextOf) and kind.kind in "free literal") for kind in (one, other)
            ):
                self._texts(node, left, right)
            else:
                self._unordered(node, one if isinstance(one, TextOf) and not is_literal(one) else other)
        elif DYN in (one, other):
            known = other if one == DYN else one
            if known not in (*NUMBERS, BOOL, TIMESTAMP, DURATION, DYN) and not is_text(known):
                self._unordered(node, known)
        elif one == other and one not in (*NUMBERS, BOOL, TIMESTAMP, DURATION):
            self._unordered(node, one)
        elif one != other and not (one in NUMBERS and other in NUMBERS):
            self._impossible(node, one, other)

    def part_of_text(self, node: Expr, function: str, text: Operand, part: Operand) -> None:
        """Check `text.contains(part)` and the like: a literal part must not decide on a text that people write."""
        for one, other in ((text, part), (part, text)):
            if isinstance(one.kind, TextOf) and one.kind.kind in ("free", "ref") and is_literal(other.kind):
                self._free(node, one.kind)
                return
        if (
            isinstance(text.kind, TextOf)
            and isinstance(part.kind, TextOf)
            and (text.kind.kind, part.kind.kind) == ("enum", "literal")
            and function in _PARTS
        ):
            test = _PARTS[function]
            for literal in part.kind.values:
                if text.kind.values and not any(test(value, literal) for value in text.kind.values):
                    self._unknown_value(node, text.kind, part.expr, literal)

    def _impossible(self, node: Expr, one: Type, other: Type) -> None:
        left, right = describe(one), describe(other)
        dated = TIMESTAMP in (one, other) and (is_text(one) or is_text(other))
        self._findings.add(
            "impossible-comparison",
            node.span,
            Text(f"{left.zh}与{right.zh}无法比较", f"{left.en} cannot be compared with {right.en}"),
            _DATE_HINT if dated else None,
        )

    def _unordered(self, node: Expr, kind: Type) -> None:
        what = describe(kind)
        self._findings.add(
            "impossible-comparison", node.span, Text(f"{what.zh}没有大小顺序", f"{what.en} has no order"), None
        )

    def _free(self, node: Expr, text: TextOf) -> None:
        what = Text(f"`{text.path}` 是自由文本", f"`{text.path}` is free text")
        if text.kind == "ref":
            what = Text(f"`{text.path}` 是某个项目里的编号", f"`{text.path}` holds an id of one project")
        self._findings.add(
            "free-text",
            node.span,
            Text(f"{what.zh}，不能与字面值比较", f"{what.en}: a literal must not decide on it"),
            _FREE_HINT,
        )

    def _texts(self, node: Expr, left: Operand, right: Operand) -> None:
        one, other = left.kind, right.kind
        if not (isinstance(one, TextOf) and isinstance(other, TextOf)):
            return
        match is_literal(one), is_literal(other):
            case True, False:
                self._literal(node, one, left.expr, other)
            case False, True:
                self._literal(node, other, right.expr, one)
            case False, False:
                self._known_texts(node, one, other)
            case _:
                pass  # two literals: pointless, but no mistake about types

    def _known_texts(self, node: Expr, one: TextOf, other: TextOf) -> None:
        kinds = {one.kind, other.kind}
        if kinds == {"ref"}:
            if one.to != other.to:
                self._wrong_reference(node, one, other.to)
        elif kinds == {"ref", "free"}:
            reference, text = (one, other) if one.kind == "ref" else (other, one)
            owner, _, field = text.path.rpartition(".")
            if field == "id" and owner in self._environment.vocabulary.entities and owner != reference.to:
                self._wrong_reference(node, reference, owner)
        elif kinds == {"enum"}:
            if one.values and other.values and not set(one.values) & set(other.values):
                self._impossible(node, one, other)
        elif "free" not in kinds and len(kinds) > 1:
            self._impossible(node, one, other)

    def _wrong_reference(self, node: Expr, reference: TextOf, to: str) -> None:
        self._findings.add(
            "reference-mismatch",
            node.span,
            Text(
                f"`{reference.path}` 是 `{reference.to}` 的编号，不能与 `{to}` 的编号比较",
                f"`{reference.path}` is the id of a `{reference.to}`: it cannot be the id of a `{to}`",
            ),
        )

    def _literal(self, node: Expr, literal: TextOf, where: Expr, text: TextOf) -> None:
        """Check each text that a literal can be against what the vocabulary knows of the other side."""
        if text.kind not in ("enum", "node", "department"):
            self._free(node, text)
        for value in literal.values:
            if text.kind == "enum" and value not in text.values:
                self._unknown_value(node, text, where, value)
            elif text.kind == "node":
                self._node(node, where, value)
            elif text.kind == "department":
                self._department(node, where, value)

    def _unknown_value(self, node: Expr, text: TextOf, where: Expr, value: str) -> None:
        labels = {
            label: stored
            for stored, title in self._environment.labels(text.path).items()
            for label in (title.zh, title.en)
        }
        place = next((c for c in self._constants(where) if c.value == value), node)
        self._findings.add(
            "unknown-value",
            place.span,
            Text(f"`{value}` 不是 `{text.path}` 的取值", f"`{value}` is not a value of `{text.path}`"),
            nearest(value, text.values, labels),
        )

    def _department(self, node: Expr, where: Expr, value: str) -> None:
        known = self._environment.lifecycle.departments
        if value in known:
            return
        place = next((c for c in self._constants(where) if c.value == value), node)
        labels = {label: department.id for department in known.values() for label in department.title}
        self._findings.add(
            "unknown-department",
            place.span,
            Text(f"没有部门 `{value}`", f"unknown department `{value}`"),
            nearest(value, known, labels),
        )

    def _node(self, node: Expr, where: Expr, value: str) -> None:
        lifecycle = self._environment.lifecycle
        places = [c for c in self._constants(where) if c.value == value]
        place = places[0] if places else node
        found = lifecycle.by_name.get(value)
        if found is None:
            labels = {label: known.id for known in lifecycle.nodes for label in known.title}
            self._findings.add(
                "unknown-node",
                place.span,
                Text(f"没有节点 `{value}`", f"unknown node `{value}`"),
                nearest(value, lifecycle.by_name, labels),
            )
        elif found.id != value and places:
            self.replaced.update((id(constant), found.id) for constant in places)
        elif found.id != value:  # the code stands elsewhere, in a named value, where it cannot be resolved
            zh, en = (
                f"这里要用节点编号 `{found.id}`，不用代码 `{value}`",
                f"use the node's id `{found.id}`, not `{value}`",
            )
            self._findings.add("unknown-node", place.span, Text(zh, en))

    def _constants(self, expr: Expr) -> Iterator[Constant]:
        """The literal texts that `expr` can be, or can hold."""
        waiting = [expr]
        while waiting:
            match waiting.pop():
                case Constant(value=str()) as constant:
                    yield constant
                case ListLiteral(items=items):
                    waiting += reversed(items)
                case MapLiteral(entries=entries):
                    waiting += [part for entry in reversed(entries) for part in reversed(entry)]
                case Ternary(then=one, other=other) | Binary(op="+", left=one, right=other):
                    waiting += (other, one)
                case Index(operand=operand):
                    waiting.append(operand)
                case Macro(range=items, transform=transform):
                    waiting += (items,) if transform is None else (items, transform)
                case Ident(name=name) if name in self._ranges:
                    waiting.append(self._ranges[name])
                case _:
                    pass


_PARTS = {"startsWith": str.startswith, "endsWith": str.endswith, "contains": str.__contains__}

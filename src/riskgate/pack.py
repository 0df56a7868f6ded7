"""A rule pack as values: what the loader makes of the YAML, before anything is compiled."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import field
from sys import maxsize
from types import MappingProxyType
from typing import Any, Literal

from riskgate.errors import Place
from riskgate.record import record
from riskgate.text import Text
from riskgate.vocabulary import Field

Severity = Literal["blocking", "major", "minor"]
SEVERITIES: tuple[Severity, ...] = ("blocking", "major", "minor")
OnMissing = Literal["gap", "risk", "skip"]
WaivableBy = Literal["group", "region", "project", "nobody"]
Outcome = Literal["pass", "risk", "gap", "skip"]
Direction = Literal["up", "down"]
DEFAULT_WAIVABLE: Mapping[Severity, WaivableBy] = MappingProxyType(
    {"blocking": "group", "major": "region", "minor": "project"}
)


FIRST_WIDE = 0x2E80
"""From here on (CJK radicals) a character takes two columns of a terminal, near enough for a caret."""


@record
class Expression:
    """A CEL text and where it stands. `starts` gives, for each line of the text, its (line, column) in the file.

    Where lines were folded or characters escaped, `segments` gives (offset, line, column) of each unbroken piece.
    """

    text: str
    file: str = ""
    starts: tuple[tuple[int, int], ...] = ()
    segments: tuple[tuple[int, int, int], ...] = ()

    def place(self, offset: int) -> Place:
        """The place in the file of a character offset in the text."""
        if self.segments:
            found = max(0, bisect_right(self.segments, (offset, maxsize, 0)) - 1)
            start, line, column = self.segments[found]
            return Place(self.file, line, column + offset - start)
        before = self.text[:offset]
        row = before.count("\n")
        if not self.starts:
            return Place(self.file)
        line, column = self.starts[min(row, len(self.starts) - 1)]
        return Place(self.file, line, column + offset - (before.rfind("\n") + 1))

    def excerpt(self, offset: int) -> str:
        """The line of the text that holds the offset, with a caret below it (wide characters count two columns)."""
        start = self.text.rfind("\n", 0, offset) + 1
        end = self.text.find("\n", offset)
        line = self.text[start : end if end >= 0 else len(self.text)]
        low = max(0, offset - start - 60)
        shown = line[low : low + 120]
        width = sum(2 if ord(ch) >= FIRST_WIDE else 1 for ch in line[low : offset - start])
        return f"{shown}\n{' ' * width}^"


@record
class Citation:
    """A source of a rule or parameter; `ref` is a key of references.yaml."""

    ref: str
    clause: str = ""
    certainty: Literal["verified", "recalled", "practice"] = "recalled"


@record
class Parameter:
    """A number, text or list that a company may set. `spec` gives its type in the words of the vocabulary.

    `tightens` says which way the rules that read it become stricter: greater, later or longer values (`up`), or the
    contrary; None where that is not known.
    """

    name: str
    spec: Field
    default: Any
    title: Text
    unit: str | None = None
    sources: tuple[Citation, ...] = ()
    place: Place = field(default_factory=Place)
    tightens: Direction | None = None


@record
class Case:
    """An example of a rule: facts and the expected outcome. Either `entities` by type name, or a whole `snapshot`."""

    expect: Outcome
    entities: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: MappingProxyType({}))
    snapshot: Mapping[str, Any] | None = None
    as_of: str | None = None
    params: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    note: str = ""
    place: Place = field(default_factory=Place)


@record
class Rule:
    """One check on one kind of entity; gates one or more nodes. Node ids are resolved, owners are department ids."""

    id: str
    title: Text
    entity: str
    require: Expression
    severity: Severity
    nodes: tuple[str, ...]
    when: Expression | None = None
    values: Mapping[str, Expression] = field(default_factory=lambda: MappingProxyType({}))
    theme: str | None = None
    customer_sensitivity: int | None = None
    operator_weight: int | None = None
    owners: tuple[str, ...] = ()
    message: Text | None = None
    remedy: Text | None = None
    why: Text | None = None
    sources: tuple[Citation, ...] = ()
    on_missing: OnMissing = "gap"
    waivable_by: WaivableBy = "group"
    cases: tuple[Case, ...] = ()
    place: Place = field(default_factory=Place)
    one_language: tuple[str, ...] = ()  # names of texts that were written as one plain string (lint looks at them)


ConditionOperator = Literal["eq", "neq", "gt", "gte", "lt", "lte", "in"]


@record
class FactCondition:
    """A field (`name`) of a fact compared with a constant, or (eq only) with a field of an earlier fact."""

    name: str
    operator: ConditionOperator
    value: Any = None
    other: tuple[str, str] | None = None  # (alias, field)
    place: Place = field(default_factory=Place)


@record
class Given:
    """One line of a derive rule's `given`: a kind of fact (risk, theme, node or declared), its alias, conditions."""

    fact: str
    alias: str
    where: tuple[FactCondition, ...] = ()
    place: Place = field(default_factory=Place)


@record
class Conclusion:
    severity: Severity
    nodes: tuple[str, ...]
    owners: tuple[str, ...] = ()
    theme: str | None = None
    message: Text | None = None


@record
class DeriveCase:
    """Facts (kind -> fields) and the groups (addresses) for which the derive rule is expected to conclude."""

    facts: tuple[tuple[str, Mapping[str, Any]], ...]
    expect: tuple[str, ...]
    note: str = ""
    place: Place = field(default_factory=Place)


@record
class Derive:
    """A derive rule: facts that, together, are a further risk."""

    id: str
    title: Text
    given: tuple[Given, ...]
    conclude: Conclusion
    customer_sensitivity: int | None = None
    operator_weight: int | None = None
    remedy: Text | None = None
    why: Text | None = None
    sources: tuple[Citation, ...] = ()
    waivable_by: WaivableBy = "group"
    cases: tuple[DeriveCase, ...] = ()
    place: Place = field(default_factory=Place)
    one_language: tuple[str, ...] = ()


@record
class FactDeclaration:
    """A further kind of fact that a pack declares: entities of one type, counted by some of their fields."""

    name: str
    entity: str
    by: tuple[str, ...] = ()
    where: Expression | None = None
    place: Place = field(default_factory=Place)


@record
class Pack:
    """A named, versioned set of rules. `sha256` is over its files' bytes in name order."""

    name: str
    version: str
    title: Text
    parameters: Mapping[str, Parameter]
    rules: tuple[Rule, ...]
    derives: tuple[Derive, ...]
    facts: Mapping[str, FactDeclaration]
    sha256: str
    place: Place = field(default_factory=Place)
    one_language: tuple[str, ...] = ()  # "title", "params.x.title": texts written as one plain string

"""Types of expressions, as the checker sees them."""

from collections.abc import Mapping
from dataclasses import dataclass

from riskgate.record import record
from riskgate.vocabulary import Field


@record
class Simple:
    """A type without parts: bool, int, double, string, null_type, timestamp, duration, type, dyn."""

    name: str

    def __str__(self) -> str:
        return self.name


BOOL = Simple("bool")
INT = Simple("int")
DOUBLE = Simple("double")
STRING = Simple("string")
NULL = Simple("null_type")
TIMESTAMP = Simple("timestamp")
DURATION = Simple("duration")
TYPE = Simple("type")
DYN = Simple("dyn")
NUMBER = Simple("number")
"""An int or a double, known only at run time: the items of `[1, 2.5]` in a rule, where the two mix."""


@record
class ListOf:
    item: "Type"

    def __str__(self) -> str:
        return f"list({self.item})"


@record
class MapOf:
    key: "Type"
    value: "Type"

    def __str__(self) -> str:
        return f"map({self.key}, {self.value})"


@record
class EntityOf:
    """A map at run time: an entity of the vocabulary, with its fields and child collections as members."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, eq=False, slots=True)
class ObjectOf:
    """A map at run time: the value of a field of type `object`."""

    path: str
    fields: Mapping[str, Field]

    def __str__(self) -> str:
        return self.path


@record
class TextOf:
    """A string at run time that the vocabulary knows more about.

    `kind` is "enum" (`values` are the allowed texts), "node", "department", "ref" (`to` names the type), "free"
    (a text that people write: it may not be compared with a literal unless its field says `free_text`), or "literal"
    (written in the expression itself: `values` are the texts it can be).
    """

    kind: str
    path: str
    values: tuple[str, ...] = ()
    to: str = ""

    def __str__(self) -> str:
        return {"free": "text", "literal": "string", "ref": f"id of {self.to}"}.get(self.kind, self.kind)


Type = Simple | ListOf | MapOf | EntityOf | ObjectOf | TextOf

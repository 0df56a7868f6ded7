"""What the names of a rule expression mean: variables, and the members of entities as static types."""

from collections.abc import Iterator, Mapping

from riskgate.cel.types import (
    BOOL,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    NULL,
    NUMBER,
    STRING,
    TIMESTAMP,
    TYPE,
    EntityOf,
    ListOf,
    MapOf,
    ObjectOf,
    Simple,
    TextOf,
    Type,
)
from riskgate.lifecycle import Lifecycle
from riskgate.record import record
from riskgate.text import Text
from riskgate.vocabulary import Field, Vocabulary


@record
class Environment:
    """What a rule expression may name: `variables` by name, entity members by `vocabulary`, nodes by `lifecycle`."""

    vocabulary: Vocabulary
    lifecycle: Lifecycle
    variables: Mapping[str, Type]

    def labels(self, path: str) -> Mapping[str, Text]:
        """The stored values and labels of the enum field that `path` names (as in `TextOf.path`); empty if unknown."""
        owner, *names = path.split(".")
        fields: Mapping[str, Field] = {}
        if owner in self.vocabulary.entities:
            fields = self.vocabulary.entities[owner].fields
        elif isinstance(variable := self.variables.get(owner), ObjectOf):
            fields = variable.fields
        found: Field | None = None
        for name in names:
            found = fields.get(name)
            while found is not None and found.of is not None:
                found = found.of
            if found is None:
                return {}
            fields = found.fields
        return {} if found is None else found.values


def field_type(field: Field, path: str = "") -> Type:
    """The static type of a field's value; `path` (`room.kind`) names the field in messages and defaults to its name."""
    path = path or field.name
    match field.type:
        case "boolean":
            return BOOL
        case "integer":
            return INT
        case "number":
            return DOUBLE
        case "date" | "datetime":
            return TIMESTAMP
        case "list":
            return ListOf(DYN if field.of is None else field_type(field.of, path))
        case "object":
            return ObjectOf(path, field.fields)
        case "enum":
            return TextOf("enum", path, tuple(field.values))
        case "ref":
            return TextOf("ref", path, to=field.to or "")
        case "node" | "department":
            return TextOf(field.type, path)
        case "string":
            return STRING if field.free_text else TextOf("free", path)


def member_type(vocabulary: Vocabulary, entity: str, name: str) -> Type | None:
    """The type of one member of an entity type: a field, a child collection or a single; None if there is none."""
    field = vocabulary.entities[entity].fields.get(name)
    if field is not None:
        return field_type(field, f"{entity}.{name}")
    child = vocabulary.members[entity].get(name)
    if child is None:
        return None
    return ListOf(EntityOf(child.name)) if child.collection else EntityOf(child.name)


def member_types(vocabulary: Vocabulary, entity: str) -> Mapping[str, Type]:
    """All members of an entity type: its fields, its child collections (as lists) and its singles."""
    return dict(_members(vocabulary, entity))


def _members(vocabulary: Vocabulary, entity: str) -> Iterator[tuple[str, Type]]:
    for field in vocabulary.entities[entity].fields.values():
        yield field.name, field_type(field, f"{entity}.{field.name}")
    for child in vocabulary.children[entity]:
        yield child.key, ListOf(EntityOf(child.name)) if child.collection else EntityOf(child.name)


def describe(kind: Type) -> Text:
    """A type in the words of a rule author."""
    match kind:
        case Simple():
            return _SIMPLE[kind.name]
        case ListOf(item=item):
            inner = describe(item)
            return Text(f"{inner.zh}的列表", f"a list ({inner.en})") if item != DYN else Text("列表", "a list")
        case MapOf():
            return Text("映射", "a map")
        case EntityOf(name=name):
            return Text(f"实体 `{name}`", f"the entity `{name}`")
        case ObjectOf(path=path):
            return Text(f"对象 `{path}`", f"the object `{path}`")
        case TextOf(kind="enum", path=path):
            return Text(f"枚举 `{path}`", f"the enum `{path}`")
        case TextOf(kind="ref", to=to):
            return Text(f"`{to}` 的编号", f"the id of a `{to}`")
        case TextOf(kind="node"):
            return Text("节点", "a node")
        case TextOf(kind="department"):
            return Text("部门", "a department")
        case TextOf():
            return Text("文本", "a text")


_SIMPLE: Mapping[str, Text] = {
    BOOL.name: Text("是/否 (bool)", "a yes/no value (bool)"),
    INT.name: Text("整数 (int)", "a whole number (int)"),
    DOUBLE.name: Text("小数 (double)", "a number (double)"),
    NUMBER.name: Text("数", "a number"),
    STRING.name: Text("文本", "a text"),
    NULL.name: Text("空值 (null)", "null"),
    TIMESTAMP.name: Text("日期", "a date"),
    DURATION.name: Text("时长", "a duration"),
    TYPE.name: Text("类型", "a type"),
    DYN.name: Text("任意值", "any value"),
}

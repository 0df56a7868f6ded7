"""Placeholders in texts: `{room.usable_area_m2}` is a dotted path of known names, and nothing else."""

import re
from collections.abc import Callable, Iterator, Mapping

from riskgate.errors import suggestion
from riskgate.load.shape import Sheet, shown
from riskgate.load.tree import Entries, Leaf, Node
from riskgate.text import Text
from riskgate.vocabulary import EntityType, Field, Vocabulary

BRACES = re.compile(r"\{([^{}]*)\}|[{}]")
PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*\Z")

Wrong = tuple[str, Text, Text | None]
"""A code, what is wrong and what to do."""
Check = Callable[[tuple[str, ...]], Wrong | None]
"""Looks at the names of a placeholder and says what is wrong with them."""


def placeholders(text: str) -> Iterator[tuple[int, str | None]]:
    """Each placeholder of a text with its offset; None for a brace that belongs to no pair."""
    for match in BRACES.finditer(text):
        yield match.start(), match.group(1)


def check_placeholders(sheet: Sheet, node: Node, check: Check) -> None:
    """Reports every placeholder of a text (in both languages) that is not a dotted path of known names."""
    texts = node.values.values() if isinstance(node, Entries) else (node,)
    sound: set[str] = set()  # most stand in both languages
    for text in texts:
        if not isinstance(text, Leaf) or not ("{" in text.text or "}" in text.text):
            continue
        for offset, path in placeholders(text.text):
            if path in sound:
                continue
            found = _shape(path) or check(tuple(path.split(".")) if path is not None else ())
            if found is not None:
                _report(sheet, text, offset, found)
            elif path is not None:
                sound.add(path)


def _report(sheet: Sheet, node: Leaf, offset: int, found: Wrong) -> None:
    code, message, help_text = found
    single_line = "\n" not in sheet.document.source[node.start : node.end]
    shift = offset + (1 if node.style else 0) if single_line else 0
    sheet.add(code, node, message, help_text, shift)


def _shape(path: str | None) -> Wrong | None:
    if path is None:
        return (
            "placeholder",
            Text("花括号没有成对", "a brace has no partner"),
            Text("占位写作 {名称.字段}。", "a placeholder is written {name.field}."),
        )
    if not PATH.match(path):
        return (
            "placeholder",
            Text(f"占位 `{{{shown(path)}}}` 不是用点连接的名称", f"`{{{shown(path)}}}` is not a dotted path of names"),
            Text(
                "只能写 {名称.字段}；要计算，请写到 values 里。",
                "only {name.field} can be written; calculate under `values`.",
            ),
        )
    return None


def unknown_name(name: str, known: Iterator[str] | list[str]) -> Wrong:
    return (
        "unknown-name",
        Text(f"占位中没有名为 `{shown(name)}` 的内容", f"unknown name `{shown(name)}` in a placeholder"),
        suggestion(name, known),
    )


def unknown_field(owner: str, name: str, known: list[str]) -> Wrong:
    return (
        "unknown-field",
        Text(f"`{owner}` 没有字段 `{shown(name)}`", f"`{owner}` has no field `{shown(name)}`"),
        suggestion(name, known),
    )


def _no_value(path: tuple[str, ...]) -> Wrong:
    shown_path = ".".join(path)
    return (
        "placeholder",
        Text(f"`{shown_path}` 不是一个值，不能显示", f"`{shown_path}` is a thing, not a value that can be shown"),
        Text("请写到具体字段。", "name one of its fields."),
    )


def check_path(vocabulary: Vocabulary, kind: EntityType, path: tuple[str, ...]) -> Wrong | None:
    """Whether `path` (the entity's own name first) leads to a value of an entity of this kind."""
    entity: EntityType | None = kind
    fields: Mapping[str, Field] = kind.fields
    owner = path[0]
    for index, name in enumerate(path[1:], 1):
        single = None if entity is None else _single(vocabulary, entity, name)
        if single is not None:
            entity, fields, owner = single, single.fields, single.name
            continue
        field = fields.get(name)
        if field is None:
            known = [*fields, *([] if entity is None else [c.key for c in vocabulary.children[entity.name]])]
            if entity is not None and any(c.key == name for c in vocabulary.children[entity.name]):
                return _no_value(path)
            return unknown_field(owner, name, known)
        if field.type == "object":
            entity, fields, owner = None, field.fields, name
            continue
        if index == len(path) - 1:
            return _no_value(path) if field.of is not None and field.of.type in {"object", "list"} else None
        return unknown_field(name, path[index + 1], [])
    return _no_value(path)


def _single(vocabulary: Vocabulary, entity: EntityType, name: str) -> EntityType | None:
    return next((c for c in vocabulary.children[entity.name] if c.single == name), None)

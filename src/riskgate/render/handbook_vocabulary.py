"""The vocabulary as a page: every entity type and field with its words, type, unit and values, in one language."""

from collections.abc import Iterator

from riskgate.render.markup import anchor, code, plain, table
from riskgate.text import Lang, Text
from riskgate.vocabulary import EntityType, Field, Vocabulary

PAGE = "entities-and-fields"
_TYPES = {
    "string": Text("文字", "text"),
    "integer": Text("整数", "whole number"),
    "number": Text("数", "number"),
    "boolean": Text("是/否", "yes or no"),
    "date": Text("日期", "day"),
    "datetime": Text("时刻", "moment"),
    "enum": Text("取值之一", "one of"),
    "object": Text("对象", "object"),
    "list": Text("列表", "list"),
    "node": Text("节点", "node"),
    "department": Text("部门", "department"),
    "ref": Text("引用", "reference"),
}


def vocabulary_lines(vocabulary: Vocabulary, lang: Lang) -> Iterator[str]:
    """The page without its head: the tree of entity types, then each with its fields."""
    yield from ("", f"## {Text('结构', 'Structure').to(lang)}", "")
    for entity in vocabulary.order:
        depth = len(vocabulary.chains[entity.name]) - 1
        link = f"[{code(entity.name)}](#{anchor(entity.name)})"
        yield f"{'  ' * depth}- {link} {plain(entity.title.to(lang))}"
    for entity in vocabulary.order:
        yield from ("", f"## {plain(entity.name)}", "", _where(entity, lang), "")
        head = [
            Text("字段", "field"),
            Text("含义", "meaning"),
            Text("类型", "type"),
            Text("单位、限制", "unit, limits"),
        ]
        rows = [
            [code(field.name), plain(field.title.to(lang)), _type(field, lang), _limits(field, lang)]
            for field in entity.fields.values()
        ]
        yield from table([text.to(lang) for text in head], rows)


def _where(entity: EntityType, lang: Lang) -> str:
    title = f"**{plain(entity.title.to(lang))}**"
    if entity.within is None:
        return f"{title} · {Text('根', 'the root').to(lang)}"
    owner = f"[{code(entity.within)}](#{anchor(entity.within)})"
    key = code(entity.key)
    if entity.collection:
        kept = Text(f"{owner} 的列表 {key}", f"a list of {owner}, under {key}").to(lang)
    else:
        kept = Text(f"{owner} 的 {key}", f"one object of {owner}, under {key}").to(lang)
    few = Text(f"，少于 {entity.minimum} 个是缺口", f"; fewer than {entity.minimum} are a gap").to(lang)
    return f"{title} · {kept}{few if entity.minimum else ''}"


def _type(field: Field, lang: Lang) -> str:
    name = _TYPES[field.type].to(lang)
    if field.type == "enum":
        values = (
            Text("、", ", ")
            .to(lang)
            .join(f"{code(value)} {plain(title.to(lang))}" for value, title in field.values.items())
        )
        return f"{name}{Text('：', ': ').to(lang)}{values}"
    if field.type == "list" and field.of is not None:
        return f"{name}{Text('：', ': ').to(lang)}{_type(field.of, lang)}"
    if field.type == "ref":
        return f"{name} → [{code(field.to or '')}](#{anchor(field.to or '')})"
    if field.type == "object":
        inner = ", ".join(f"{code(one.name)} {plain(one.title.to(lang))}" for one in field.fields.values())
        return f"{name} ({inner})"
    return name


def _limits(field: Field, lang: Lang) -> str:
    parts = [plain(field.unit)] if field.unit else []
    if field.minimum is not None:
        parts.append(f"≥ {field.minimum:g}")
    if field.maximum is not None:
        parts.append(f"≤ {field.maximum:g}")
    if field.required:
        parts.append(Text("必填", "required").to(lang))
    if field.descriptive:
        parts.append(Text("仅供阅读", "for people").to(lang))
    return " ".join(parts)

"""Rules that say something is missing, but are written on the thing: an empty list holds none, and nobody notices."""

import re
from collections.abc import Iterator, Sequence

from riskgate.cel.syntax import Binary, Call, Constant, Expr, Has, Ident, Macro, Select
from riskgate.cel.types import EntityOf, ListOf, TextOf
from riskgate.lint.finding import Finding, about
from riskgate.lint.trees import conjuncts, deciding_trees, walk
from riskgate.plan.bind import BoundRule
from riskgate.text import Text

_SAYS_MISSING = (
    re.compile(r"缺(?!陷)|没有|无|未(?:公示|展示|设|提供|编制|签|张贴|公布|做|完成)"),
    re.compile(
        r"\b(?:no|missing|without|lacks?|lacking|absent"
        r"|not (?:shown|displayed|posted|provided|present|made|held|published|done))\b",
        re.IGNORECASE,
    ),
)


def unnoticed_absences(rules: Sequence[BoundRule]) -> Iterator[Finding]:
    """Rules on items of a list whose titles speak of absence, where no rule asks whether the list has such an item."""
    asked = {(kind, value) for rule in rules for kind, values in _asked(rule) for value in values}
    for rule in rules:
        if rule.entity.collection is None or rule.when is None or not _says_missing(rule):
            continue
        chosen = _chosen(rule)
        if chosen and all(_is_flag(part, rule.entity.name) for part in conjuncts(rule.require.tree)):
            unasked = [value for value in chosen if (rule.entity.name, value) not in asked]
            if unasked:
                kinds = ", ".join(unasked)
                owner = rule.entity.within
                message = Text(
                    f"写在 `{rule.entity.name}` 上：一个 {kinds} 也没有时没人发现，请写在 `{owner}` 上",
                    f"is about `{rule.entity.name}`: nobody notices where there is no {kinds} at all; "
                    f"write it on `{owner}`",
                )
                yield about(rule.rule, "existence-on-thing", message)


def _says_missing(rule: BoundRule) -> bool:
    return any(pattern.search(text) for pattern, text in zip(_SAYS_MISSING, rule.rule.title, strict=True))


def _chosen(rule: BoundRule) -> list[str]:
    """The values of one enum field by which `when` picks items of the list."""
    assert rule.when is not None  # noqa: S101 - the caller has seen to it
    for part in conjuncts(rule.when.tree):
        if isinstance(part, Binary) and part.op in {"==", "in"} and _own(part.left, rule.entity.name):
            kind = rule.when.types.get(id(part.left))
            if isinstance(kind, TextOf) and kind.kind == "enum":
                return list(_texts(part.right))
    return []


def _own(tree: Expr, entity: str) -> bool:
    return isinstance(tree, Select | Has) and isinstance(tree.operand, Ident) and tree.operand.name == entity


def _is_flag(tree: Expr, entity: str) -> bool:
    """`x.is_displayed`, `has(x.date)`: whether the thing is there at all. What it `has_…` is a part of it."""
    return _own(tree, entity) and (isinstance(tree, Has) or (isinstance(tree, Select) and tree.field.startswith("is_")))


def _asked(rule: BoundRule) -> Iterator[tuple[str, set[str]]]:
    """The entity types in whose lists the rule looks, each with the texts that it looks for there."""
    for tree, types in deciding_trees(rule):
        texts = set(_texts(tree))
        for node in walk(tree):
            if isinstance(node, Macro):
                kind = types.get(id(node.range))
                if isinstance(kind, ListOf) and isinstance(kind.item, EntityOf):
                    yield kind.item.name, texts
            elif isinstance(node, Call) and node.function == "each" and isinstance(node.args[0], Constant):
                yield str(node.args[0].value), texts


def _texts(tree: Expr) -> Iterator[str]:
    for node in walk(tree):
        if isinstance(node, Constant) and isinstance(node.value, str):
            yield node.value

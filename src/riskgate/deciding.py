"""What the conditions of a rule read: the items of its evidence, in order of appearance."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from riskgate.cel.syntax import Expr, Ident, Macro, Select, children
from riskgate.cel.types import Type
from riskgate.plan.bind import BoundRule
from riskgate.plan.paths import Path, Paths


class MacroItem(NamedTuple):
    """A macro as it is written, with what its evidence is made from."""

    text: str
    tree: Macro
    types: Mapping[int, Type]


Item = Path | str | MacroItem
"""A field, the dotted name of a parameter (`params.x`) or a named value, or a macro."""


def items_of(rule: BoundRule, paths: Paths) -> Iterator[Item]:
    """Each item once."""
    seen: set[str] = set()
    for checked, source in ((rule.when, rule.rule.when), (rule.require, rule.rule.require)):
        if checked is None or source is None:
            continue
        for item in _walk(checked.tree, checked.types, source.text, rule, paths):
            key = item if isinstance(item, str) else item.text
            if key not in seen:
                seen.add(key)
                yield item


def _walk(tree: Expr, types: Mapping[int, Type], text: str, rule: BoundRule, paths: Paths) -> Iterator[Item]:
    path = paths.of(tree)
    if path is not None:
        yield path
    elif isinstance(tree, Ident) and tree.name in rule.values:
        yield tree.name
    elif isinstance(tree, Select) and isinstance(tree.operand, Ident) and tree.operand.name == "params":
        yield f"params.{tree.field}"
    elif isinstance(tree, Macro):
        yield MacroItem(" ".join(text[tree.span.start : tree.span.end].split()), tree, types)
    else:
        for part in children(tree):
            yield from _walk(part, types, text, rule, paths)

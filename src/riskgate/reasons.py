"""Why a rule could not be decided, in words: which facts are missing, absent or in conflict."""

from collections.abc import Mapping, Sequence

from riskgate.cel.syntax import Expr, Macro, children
from riskgate.cel.types import EntityOf, ListOf, Type
from riskgate.plan.bind import BoundRule
from riskgate.plan.paths import Path
from riskgate.text import Text
from riskgate.vocabulary import EntityType, Vocabulary


def over_budget(limit: int) -> Text:
    return Text(
        f"一次检查逐项查看超过 {limit} 项，已停止", f"stopped after looking at more than {limit} items in one check"
    )


def missing_detail(paths: Sequence[Path], inner: Sequence[Text] = ()) -> Text:
    """Which fields have no value, by title; `inner` are those inside macros, in an order that no list decides."""
    named = [path.spec.title if path.spec else Text.of(path.text) for path in paths]
    return listed(Text("缺少：", "not given: "), [*named, *sorted(inner, key=lambda text: (text.en, text.zh))])


def absent_detail(kind: EntityType) -> Text:
    if kind.collection and kind.minimum:
        return Text(
            f"快照中没有或不足 {kind.minimum} 个{kind.title.zh}（{kind.key}）",
            f"the snapshot has no {kind.key}, or fewer than {kind.minimum}",
        )
    return Text(f"快照中没有{kind.title.zh}（{kind.key}）", f"the snapshot has no {kind.key}")


def listed(start: Text, names: Sequence[Text]) -> Text:
    unique = list(dict.fromkeys(names))
    return Text(start.zh + "、".join(name.zh for name in unique), start.en + ", ".join(name.en for name in unique))


class Names:
    """Says the dotted names of a rule's expressions, variables of macros among them, as people call the facts."""

    def __init__(self, vocabulary: Vocabulary, rule: BoundRule) -> None:
        self._vocabulary = vocabulary
        self._kinds = {entity.name: entity.name for entity in rule.chain}
        for checked in (rule.when, rule.require, *rule.values.values()):
            if checked is not None:
                self._collect(checked.tree, checked.types)

    def _collect(self, tree: Expr, types: Mapping[int, Type]) -> None:
        if isinstance(tree, Macro):
            kind = types.get(id(tree.range))
            if isinstance(kind, ListOf) and isinstance(kind.item, EntityOf):
                self._kinds[tree.variables[-1]] = kind.item.name
        for part in children(tree):
            self._collect(part, types)

    def say(self, path: str) -> Text:
        """`r.usable_area_m2` as "房间的使用面积"; the path itself where nothing better is known."""
        first, *members = path.split(".")
        kind = self._kinds.get(first)
        if kind is None or len(members) != 1:
            return Text.of(path)
        owner = self._vocabulary.entities[kind]
        field = owner.fields.get(members[0])
        child = next((c for c in self._vocabulary.children[kind] if c.key == members[0]), None)
        title = field.title if field is not None else None if child is None else child.title
        if title is None:
            return Text.of(path)
        return Text(f"{owner.title.zh}的{title.zh}", f"{title.en} of {owner.title.en}")

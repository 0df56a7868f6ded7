"""Whether a rule says all that people need: cases, texts in both languages, sources, and the values that decided."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from riskgate.cel.syntax import Binary, Constant, Expr, Ident, Select
from riskgate.lint.finding import Finding, about
from riskgate.lint.trees import deciding_trees, deciding_values, placeholders, walk
from riskgate.pack import Derive, Rule
from riskgate.plan.bind import BoundRule
from riskgate.text import Text


def _cases(bound: BoundRule) -> Iterator[Finding]:
    rule = bound.rule
    expected = {case.expect for case in rule.cases}
    if not rule.cases:
        yield about(rule, "no-cases", Text("没有用例", "has no cases"))
        return
    for outcome, zh in (("pass", "通过"), ("risk", "有风险")):
        if outcome not in expected:
            yield about(rule, f"no-{outcome}-case", Text(f"没有“{zh}”的用例", f"has no case that expects `{outcome}`"))
    if rule.on_missing == "gap" and "gap" not in expected:
        yield about(rule, "no-missing-case", Text("没有资料缺失（gap）的用例", "has no case with facts missing (gap)"))


def _incomplete(bound: BoundRule) -> Iterator[Finding]:
    rule = bound.rule
    wanted: tuple[tuple[str, str, object], ...] = (
        ("message", "说明（message）", rule.message),
        ("remedy", "整改办法（remedy）", rule.remedy),
        ("why", "客户为何在意（why）", rule.why),
        ("theme", "客户主题（theme）", rule.theme),
        ("owners", "责任部门（owners）", rule.owners),
        ("customer_sensitivity", "客户敏感度", rule.customer_sensitivity),
        ("operator_weight", "经营者重视度", rule.operator_weight),
    )
    for key, zh, value in wanted:
        if not value:
            yield about(rule, f"no-{key.replace('_', '-')}", Text(f"没有写{zh}", f"has no `{key}`"))
    if not rule.sources:
        yield about(rule, "no-source", Text("没有依据（sources）", "has no source"))


def one_language(rule: Rule | Derive) -> Iterator[Finding]:
    """Texts that are one plain string."""
    for name in rule.one_language:
        yield about(rule, "one-language", Text(f"`{name}` 只有一种语言", f"`{name}` is written in one language only"))


def _one_language(bound: BoundRule) -> Iterator[Finding]:
    yield from one_language(bound.rule)


def _silent_message(bound: BoundRule) -> Iterator[Finding]:
    """A number decides, and the message shows nothing of what the conditions read."""
    rule = bound.rule
    if rule.message is None or not any(_reads_value(tree) for tree, _ in deciding_trees(bound)):
        return
    read = _read(bound)
    for lang, text in (("zh", rule.message.zh), ("en", rule.message.en)):
        if not placeholders(Text(text, text)) & read:
            message = Text(f"{lang} 说明没有写出起决定作用的数值", f"the {lang} message shows no deciding value")
            yield about(rule, "no-deciding-value", message)


def _reads_value(tree: Expr) -> bool:
    return any(_is_ordered(node) or _is_number(node) for node in walk(tree))


def _is_ordered(node: Expr) -> bool:
    return isinstance(node, Binary) and node.op in {"<", "<=", ">", ">="}


def _is_number(node: Expr) -> bool:
    return isinstance(node, Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool)


def _read(bound: BoundRule) -> set[str]:
    """Everything the conditions read that a message could show, and the values reckoned from it."""
    read = set(deciding_values(bound))
    for tree, _ in deciding_trees(bound):
        read |= set(filter(None, map(_dotted, walk(tree))))
    more = True
    while more:  # a value that only the message shows counts if it is reckoned from what was read
        found = {
            name
            for name, checked in bound.values.items()
            if name not in read and any(_dotted(node) in read for node in walk(checked.tree))
        }
        read |= found
        more = bool(found)
    return read


def _dotted(tree: Expr) -> str | None:
    members: list[str] = []
    while isinstance(tree, Select):
        members.append(tree.field)
        tree = tree.operand
    return ".".join([tree.name, *reversed(members)]) if isinstance(tree, Ident) else None


WRITING_CHECKS: Sequence[Callable[[BoundRule], Iterable[Finding]]] = (
    _cases,
    _incomplete,
    _one_language,
    _silent_message,
)

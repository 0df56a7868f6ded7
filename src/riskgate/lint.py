"""Weak spots of packs that load: what a careful colleague would point out to a rule author.

Loading refuses what is wrong; lint names what is not yet good: rules nobody could test, texts that do not say why,
parameters that nothing reads. Each finding has a stable code.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from riskgate.cel.syntax import Binary, Constant, Expr, Ident, Select, children
from riskgate.describe import PLACEHOLDER
from riskgate.errors import LoadError, Place
from riskgate.load.library import Library
from riskgate.pack import Derive, Pack, Rule
from riskgate.plan.bind import BoundFact, BoundRule, bind_facts, bind_rules
from riskgate.text import Text


@dataclass(frozen=True, slots=True)
class Finding:
    """One weak spot. `rule` is None where it is about a pack or a parameter."""

    code: str
    rule: str | None
    place: Place
    message: Text
    severity: str = "warning"


def lint(library: Library) -> tuple[Finding, ...]:
    """All findings of all packs, by file and line. Raises LoadError if an expression cannot be compiled."""
    bound, problems = bind_rules(library)
    facts, more = bind_facts(library)
    if problems or more:
        raise LoadError([*problems, *more])
    found: list[Finding] = []
    for rule in bound:
        for check in RULE_CHECKS:
            found.extend(check(rule))
    for index, pack in enumerate(library.packs):
        found.extend(
            _unused_parameters(pack, [r for r in bound if r.pack == index], [f for f in facts if f.pack == index])
        )
        for derived in pack.derives:
            found.extend(_derive(derived))
    found.extend(_same_condition(bound))
    return tuple(sorted(found, key=lambda f: (f.place, f.code, f.message.en)))


# -- single rules


def _no_cases(bound: BoundRule) -> Iterator[Finding]:
    rule = bound.rule
    expected = {case.expect for case in rule.cases}
    if not rule.cases:
        yield _about(rule, "no-cases", Text("没有用例", "has no cases"))
        return
    for outcome, zh in (("pass", "通过"), ("risk", "有风险")):
        if outcome not in expected:
            yield _about(rule, f"no-{outcome}-case", Text(f"没有“{zh}”的用例", f"has no case that expects `{outcome}`"))
    if rule.on_missing == "gap" and "gap" not in expected:
        yield _about(rule, "no-missing-case", Text("没有资料缺失（gap）的用例", "has no case with facts missing (gap)"))


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
            yield _about(rule, f"no-{key.replace('_', '-')}", Text(f"没有写{zh}", f"has no `{key}`"))
    if not rule.sources:
        yield _about(rule, "no-source", Text("没有依据（sources）", "has no source"))


def _one_language(bound: BoundRule) -> Iterator[Finding]:
    yield from _languages(bound.rule)


def _languages(rule: Rule | Derive) -> Iterator[Finding]:
    for name in rule.one_language:
        yield _about(rule, "one-language", Text(f"`{name}` 只有一种语言", f"`{name}` is written in one language only"))


def _silent_message(bound: BoundRule) -> Iterator[Finding]:
    rule = bound.rule
    if rule.message is None or not any(_reads_value(part) for part in _parts(bound)):
        return
    for lang, text in (("zh", rule.message.zh), ("en", rule.message.en)):
        if not PLACEHOLDER.search(text):
            message = Text(f"{lang} 说明没有写出起决定作用的数值", f"the {lang} message shows no deciding value")
            yield _about(rule, "no-deciding-value", message)


def _reads_value(tree: Expr) -> bool:
    """Whether a number decides: only then must a message show one."""
    ordered = isinstance(tree, Binary) and tree.op in {"<", "<=", ">", ">="}
    number = isinstance(tree, Constant) and isinstance(tree.value, int | float) and not isinstance(tree.value, bool)
    return ordered or number or any(_reads_value(part) for part in children(tree))


def _never_holds(bound: BoundRule) -> Iterator[Finding]:
    """`x == "a" && x == "b"`: a condition that no entity can meet."""
    if bound.when is None:
        return
    seen: dict[Expr, Constant] = {}
    for part in _conjuncts(bound.when.tree):
        if isinstance(part, Binary) and part.op == "==" and isinstance(part.right, Constant):
            known = seen.setdefault(part.left, part.right)
            if known != part.right:
                message = Text(
                    f"when 永远不成立：不可能同时等于 `{known.value}` 和 `{part.right.value}`",
                    f"`when` can never hold: nothing equals both `{known.value}` and `{part.right.value}`",
                )
                yield _about(bound.rule, "when-never-holds", message)


def _unused_values(bound: BoundRule) -> Iterator[Finding]:
    used = {name for tree in _parts(bound) for name in _names(tree)}
    if bound.rule.message is not None:
        used |= {match.split(".")[0] for text in bound.rule.message for match in PLACEHOLDER.findall(text)}
    for name, checked in reversed(list(bound.values.items())):  # a value may serve later ones only
        if name in used:
            used.update(_names(checked.tree))
    for name in bound.rule.values:
        if name not in used:
            yield _about(bound.rule, "unused-value", Text(f"没有用到 `{name}`", f"nothing uses the value `{name}`"))


RULE_CHECKS: Sequence[Callable[[BoundRule], Iterable[Finding]]] = (
    _no_cases,
    _incomplete,
    _one_language,
    _silent_message,
    _never_holds,
    _unused_values,
)


# -- packs


def _unused_parameters(pack: Pack, rules: Sequence[BoundRule], facts: Sequence[BoundFact]) -> Iterator[Finding]:
    used = {"tolerance"}
    for rule in rules:
        trees = [*_parts(rule), *(checked.tree for checked in rule.values.values())]
        used |= {name for tree in trees for name in _parameters(tree)}
        if rule.rule.message is not None:
            placed = [m.split(".") for text in rule.rule.message for m in PLACEHOLDER.findall(text)]
            used |= {path[1] for path in placed if path[0] == "params" and len(path) > 1}
    used |= {name for fact in facts if fact.where is not None for name in _parameters(fact.where.tree)}
    for name, parameter in pack.parameters.items():
        if name not in used:
            message = Text(f"没有规则用到参数 `{name}`", f"no rule uses the parameter `{name}`")
            yield Finding("unused-parameter", None, parameter.place, message)
        if not parameter.sources:
            message = Text(f"参数 `{name}` 没有依据", f"the parameter `{name}` has no source")
            yield Finding("parameter-without-source", None, parameter.place, message)


def _derive(derived: Derive) -> Iterator[Finding]:
    if not derived.cases:
        yield _about(derived, "no-cases", Text("没有用例", "has no cases"))
    elif all(case.expect for case in derived.cases):
        message = Text("没有不应得出结论的用例", "has no case in which it does not conclude")
        yield _about(derived, "no-pass-case", message)
    if derived.conclude.message is None:
        yield _about(derived, "no-message", Text("没有写说明（message）", "has no `message`"))
    if not derived.conclude.owners:
        yield _about(derived, "no-owners", Text("没有写责任部门（owners）", "has no `owners`"))
    yield from _languages(derived)


def _same_condition(bound: Sequence[BoundRule]) -> Iterator[Finding]:
    seen: dict[object, BoundRule] = {}
    for rule in bound:
        values = tuple((name, checked.tree) for name, checked in rule.values.items())
        when = None if rule.when is None else rule.when.tree
        first = seen.setdefault((rule.pack, rule.entity.name, when, rule.require.tree, values), rule)
        if first is not rule:
            message = Text(f"与 {first.rule.id} 条件相同", f"has the same condition as {first.rule.id}")
            yield _about(rule.rule, "same-condition", message)


# -- trees


def _about(rule: Rule | Derive, code: str, message: Text) -> Finding:
    return Finding(code, rule.id, rule.place, Text(f"{rule.id} {message.zh}", f"{rule.id} {message.en}"))


def _parts(bound: BoundRule) -> list[Expr]:
    return [bound.require.tree] if bound.when is None else [bound.when.tree, bound.require.tree]


def _conjuncts(tree: Expr) -> Iterator[Expr]:
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, Binary) and node.op == "&&":
            stack += [node.right, node.left]
        else:
            yield node


def _names(tree: Expr) -> Iterator[str]:
    if isinstance(tree, Ident):
        yield tree.name
    for part in children(tree):
        yield from _names(part)


def _parameters(tree: Expr) -> Iterator[str]:
    if isinstance(tree, Select) and isinstance(tree.operand, Ident) and tree.operand.name == "params":
        yield tree.field
    for part in children(tree):
        yield from _parameters(part)

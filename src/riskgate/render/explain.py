"""Everything about one rule or one node, for the people who must live with it."""

import json
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from riskgate.lifecycle import Lifecycle, Node, References
from riskgate.overlay import Changed
from riskgate.pack import (
    SEVERITIES,
    Case,
    Citation,
    Derive,
    DeriveCase,
    Expression,
    FactCondition,
    Pack,
    Parameter,
    Rule,
)
from riskgate.render.catalog import Entry, gating
from riskgate.render.escape import visible
from riskgate.render.page import Page
from riskgate.render.view import citation, departments
from riskgate.render.words import (
    LISTED,
    ON_MISSING,
    OUTCOMES,
    SEVERITY_MARKS,
    SEVERITY_STYLES,
    SEVERITY_WORDS,
    WAIVABLE,
    Labels,
)
from riskgate.text import Text
from riskgate.vocabulary import Vocabulary

NO_OVERLAY: Mapping[tuple[str, str], Sequence[Changed]] = MappingProxyType({})
_PARAMETER = re.compile(r"\bparams\.([A-Za-z_][A-Za-z0-9_]*)")
_OPERATORS = {"eq": "=", "neq": "≠", "gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "in": "in"}


def show_rule(
    page: Page,
    entry: Entry,
    lifecycle: Lifecycle,
    vocabulary: Vocabulary,
    references: References,
    overlaid: Mapping[tuple[str, str], Sequence[Changed]] = NO_OVERLAY,
) -> None:
    """A rule: what it looks at, asks, gates and says, who mends it, where it comes from, its parameters and cases.

    `overlaid`: what overlays set parameters to, by pack and name.
    """
    rule = entry.rule
    labels = Labels.of(lifecycle, references)
    page.line(f"{visible(rule.id)}  {visible(page.say(rule.title))}", "head", hang=2)
    page.blank()
    page.grid(_facts(page, entry, lifecycle, vocabulary, labels), indent=2)
    if rule.why is not None:
        _paragraph(page, Text("客户为什么在意", "Why it matters"), rule.why)
    if isinstance(rule, Rule):
        _conditions(page, rule)
        _parameters(page, entry.pack, rule, references, overlaid)
    else:
        _givens(page, rule)
    message = rule.message if isinstance(rule, Rule) else rule.conclude.message
    if message is not None:
        _paragraph(page, Text("提示文字", "Message"), message)
    if rule.remedy is not None:
        _paragraph(page, Text("措施", "Remedy"), rule.remedy)
    if rule.sources:
        page.heading(page.say(Text("来源", "Sources")))
        for source in rule.sources:
            page.line(_source(page, source, references), indent=2, hang=2)
    _cases(page, rule)


def show_node(page: Page, node: Node, lifecycle: Lifecycle, found: Sequence[Entry]) -> None:
    """A node: its place in the lifecycle, who leads it, and every rule that gates it."""
    labels = Labels.of(lifecycle)
    before = sorted(lifecycle.ancestors[node.id], key=lifecycle.position.__getitem__)
    after = [other.id for other in lifecycle.nodes if node.id in other.predecessors]
    page.line(f"{visible(node.code)}  {visible(page.say(node.title))}", "head", hang=2)
    page.blank()
    stage = lifecycle.stages[node.stage].title if node.stage in lifecycle.stages else Text.of(node.stage)
    rows = [
        (Text("id", "id"), visible(node.id)),
        (Text("阶段", "stage"), f"{visible(page.say(stage))} ({visible(node.stage)})"),
        (Text("牵头", "lead"), departments(page, [node.lead], labels)),
        (Text("参与", "departments"), departments(page, node.departments, labels)),
        (Text("关键节点", "key node"), page.say(Text("是，集团管控", "yes") if node.key else Text("否", "no"))),
        (Text("直接前置", "directly after"), _titles(page, node.predecessors, lifecycle)),
        (Text("全部前置", "all before it"), " ".join(visible(lifecycle.by_name[name].code) for name in before)),
        (Text("后续", "directly before"), _titles(page, after, lifecycle)),
    ]
    if node.touchpoint is not None and node.touchpoint in lifecycle.touchpoints:
        touchpoint = visible(page.say(lifecycle.touchpoints[node.touchpoint].title))
        rows.append((Text("客户触点", "touchpoint"), touchpoint))
    page.grid([(page.say(name), value or "-") for name, value in rows], indent=2)
    by_severity = gating(found).get(node.id, {})
    if not by_severity:
        page.heading(
            page.say(Text("没有规则把关：riskgate 不会说它通过", "No loaded rule gates it: it is never clear"))
        )
    for severity in SEVERITIES:
        gates = by_severity.get(severity, ())
        if not gates:
            continue
        word, number = SEVERITY_WORDS[severity], len(gates)
        page.heading(page.say(Text(f"{word.zh}规则（{number}）", f"{word.en.capitalize()} rules ({number})")))
        rows_of_rules = [
            (f"{SEVERITY_MARKS[severity]} {visible(entry.id)}", visible(page.say(entry.rule.title))) for entry in gates
        ]
        page.grid(rows_of_rules, styles=[SEVERITY_STYLES[severity]] * len(gates), indent=2)


def _facts(
    page: Page, entry: Entry, lifecycle: Lifecycle, vocabulary: Vocabulary, labels: Labels
) -> list[tuple[str, str]]:
    rule = entry.rule
    rows = [
        (Text("等级", "severity"), page.say(SEVERITY_WORDS[entry.severity])),
        (Text("规则包", "pack"), f"{visible(entry.pack.name)} {visible(entry.pack.version)}"),
        (Text("文件", "file"), visible(str(rule.place))),
        (Text("把关节点", "gates"), _titles(page, entry.nodes, lifecycle)),
    ]
    if isinstance(rule, Rule):
        title = visible(page.say(vocabulary.entities[rule.entity].title))
        rows.insert(0, (Text("检查对象", "looks at"), f"{visible(rule.entity)} ({title})"))
        rows.append((Text("资料缺失时", "if data are missing"), page.say(ON_MISSING[rule.on_missing])))
    else:
        rows.insert(
            0, (Text("检查对象", "looks at"), page.say(Text("已发现的事实（推理规则）", "facts (a derive rule)")))
        )
    if entry.theme is not None:
        rows.append((Text("客户主题", "theme"), visible(page.say(labels.theme(entry.theme)))))
    if rule.customer_sensitivity is not None:
        rows.append((Text("客户敏感度", "customer sensitivity"), f"{rule.customer_sensitivity} / 5"))
    if rule.operator_weight is not None:
        rows.append((Text("行业权重", "operator weight"), f"{rule.operator_weight} / 5"))
    if entry.owners:
        rows.append((Text("整改部门", "owner"), departments(page, entry.owners, labels)))
    rows.append((Text("可豁免", "waivable by"), page.say(WAIVABLE[rule.waivable_by])))
    return [(page.say(name), value) for name, value in rows]


def _conditions(page: Page, rule: Rule) -> None:
    page.heading(page.say(Text("条件（CEL）", "Condition (CEL)")))
    for name, expression in rule.values.items():
        _expression(page, f"{name} =", expression)
    if rule.when is not None:
        _expression(page, "when", rule.when)
    _expression(page, "require", rule.require)


def _expression(page: Page, name: str, expression: Expression) -> None:
    lines = expression.text.strip().split("\n")
    page.line(f"{visible(name)}  {visible(lines[0])}", indent=2, hang=4)
    for line in lines[1:]:
        page.line(visible(line.rstrip()), indent=6, hang=2)


def _parameters(
    page: Page,
    pack: Pack,
    rule: Rule,
    references: References,
    overlaid: Mapping[tuple[str, str], Sequence[Changed]],
) -> None:
    texts = [rule.require.text, *(e.text for e in rule.values.values()), rule.when.text if rule.when else ""]
    names = dict.fromkeys(name for text in texts for name in _PARAMETER.findall(text))
    used = [pack.parameters[name] for name in names if name in pack.parameters]
    if not used:
        return
    page.heading(page.say(Text("参数", "Parameters")))
    for parameter in used:
        history = overlaid.get((pack.name, parameter.name), ())
        page.line(f"{visible(parameter.name)} = {_parameter_value(page, parameter, history)}", indent=2, hang=4)
        for source in parameter.sources:
            page.line(_source(page, source, references), indent=6, hang=2)


def _parameter_value(page: Page, parameter: Parameter, history: Sequence[Changed]) -> str:
    unit = f" {visible(parameter.unit)}" if parameter.unit else ""
    value, tail = parameter.default, ""
    if history:
        value, was, origin = history[-1].value, visible(_plain(parameter.default)), visible(history[-1].origin)
        tail = page.say(Text(f"（规则包为 {was}；来自 {origin}）", f" (the pack says {was}; from {origin})"))
    return f"{visible(_plain(value))}{unit}  {visible(page.say(parameter.title))}{tail}"


def _givens(page: Page, rule: Derive) -> None:
    page.heading(page.say(Text("同时成立时推出", "Concluded when all of these hold")))
    for given in rule.given:
        conditions = page.say(LISTED).join(condition_text(condition) for condition in given.where)
        page.line(f"{visible(given.fact)} {visible(given.alias)}: {conditions}".rstrip(": "), indent=2, hang=4)


def condition_text(condition: FactCondition) -> str:
    """A condition on a fact: `count >= 3`."""
    other = ".".join(condition.other) if condition.other is not None else _plain(condition.value)
    return f"{visible(condition.name)} {_OPERATORS[condition.operator]} {visible(other)}"


def _cases(page: Page, rule: Rule | Derive) -> None:
    page.heading(page.say(Text(f"用例（{len(rule.cases)}）", f"Cases ({len(rule.cases)})")))
    if not rule.cases:
        page.line(page.say(Text("没有用例", "none")), indent=2)
    cases: tuple[Case | DeriveCase, ...] = rule.cases
    for number, case in enumerate(cases, 1):
        if isinstance(case, Case):
            expect, facts = page.say(OUTCOMES[case.expect]), _case_facts(case)
        else:
            expect, facts = _derive_expectation(page, case)
        note = f"  # {visible(case.note)}" if case.note else ""
        page.line(f"{number}. {expect}: {visible(facts)}{note}", indent=2, hang=4)


def _case_facts(case: Case) -> str:
    parts: dict[str, Any] = {**case.entities}
    if case.snapshot is not None:
        parts["snapshot"] = case.snapshot
    if case.as_of is not None:
        parts["as_of"] = case.as_of
    if case.params:
        parts["params"] = case.params
    return _plain(parts)


def _derive_expectation(page: Page, case: DeriveCase) -> tuple[str, str]:
    groups = page.say(LISTED).join(visible(group) for group in case.expect)
    facts = _plain([{kind: fields} for kind, fields in case.facts])
    return groups or page.say(Text("不推出", "nothing")), facts


def _plain(value: object) -> str:
    """A value as YAML flow text would have it, near enough to read."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_plain(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_plain(item) for item in value) + "]"
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)


def _titles(page: Page, names: Sequence[str], lifecycle: Lifecycle) -> str:
    nodes = [lifecycle.by_name[name] for name in names]
    return page.say(LISTED).join(f"{visible(node.code)} {visible(page.say(node.title))}" for node in nodes)


def _source(page: Page, source: Citation, references: References) -> str:
    known = references.sources.get(source.ref)
    title = f"  {visible(page.say(known.title))}" if known is not None else ""
    return citation(page, source) + title


def _paragraph(page: Page, title: Text, text: Text) -> None:
    page.heading(page.say(title))
    page.line(visible(page.say(text)), indent=2)

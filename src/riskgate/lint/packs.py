"""Whether every parameter of a pack is used, has a source and the right direction, and what derive rules lack."""

from collections.abc import Iterator, Sequence

from riskgate.apply.readings import Readings
from riskgate.lint.finding import Finding, about
from riskgate.lint.trees import parameters, parts, placeholders
from riskgate.lint.writing import one_language
from riskgate.load.library import Library
from riskgate.pack import Derive, Pack
from riskgate.plan.bind import BoundFact, BoundRule
from riskgate.text import Text


def parameter_findings(pack: Pack, rules: Sequence[BoundRule], facts: Sequence[BoundFact]) -> Iterator[Finding]:
    """Parameters that nothing reads, and those without a source."""
    used = {"tolerance"}
    for rule in rules:
        for tree in (*parts(rule), *(checked.tree for checked in rule.values.values())):
            used.update(parameters(tree))
        shown = [name.split(".") for name in placeholders(rule.rule.message)]
        used |= {path[1] for path in shown if path[0] == "params" and len(path) > 1}
    for fact in facts:
        if fact.where is not None:
            used.update(parameters(fact.where.tree))
    for name, parameter in pack.parameters.items():
        if name not in used:
            message = Text(f"没有规则用到参数 `{name}`", f"no rule uses the parameter `{name}`")
            yield Finding("unused-parameter", None, parameter.place, message)
        if not parameter.sources:
            message = Text(f"参数 `{name}` 没有依据", f"the parameter `{name}` has no source")
            yield Finding("parameter-without-source", None, parameter.place, message)


def direction_findings(library: Library) -> Iterator[Finding]:
    """Parameters that say one way is stricter, and are read by a rule of which it is the other, or neither."""
    readings = Readings(library.vocabulary)
    for pack in library.packs:
        for name, parameter in pack.parameters.items():
            for rule in pack.rules if parameter.tightens is not None else ():
                sway = readings.of_rule(rule, name)
                if sway == "unclear":
                    message = Text(
                        f"参数 `{name}` 写了 tightens，从规则 {rule.id} 的条件却看不出方向：区域和项目不能改它",
                        f"the parameter `{name}` says `tightens`, but the condition of {rule.id} does not show it: no "
                        "region and no project can change it",
                    )
                    yield Finding("unclear-direction", None, parameter.place, message)
                elif sway not in ("none", parameter.tightens):
                    message = Text(
                        f"参数 `{name}` 写了 tightens: {parameter.tightens}，规则 {rule.id} 却是 {sway} 更严",
                        f"the parameter `{name}` says `tightens: {parameter.tightens}`; for {rule.id} it is {sway}",
                    )
                    yield Finding("wrong-direction", None, parameter.place, message)


def derive_findings(derived: Derive) -> Iterator[Finding]:
    """What a derive rule lacks."""
    if not derived.cases:
        yield about(derived, "no-cases", Text("没有用例", "has no cases"))
    elif all(case.expect for case in derived.cases):
        message = Text("没有不应得出结论的用例", "has no case in which it does not conclude")
        yield about(derived, "no-pass-case", message)
    if derived.conclude.message is None:
        yield about(derived, "no-message", Text("没有写说明（message）", "has no `message`"))
    if not derived.conclude.owners:
        yield about(derived, "no-owners", Text("没有写责任部门（owners）", "has no `owners`"))
    yield from one_language(derived)

"""`riskgate explain`: everything about one rule or one node."""

import click

from riskgate.cli.commands import Command, common_options, session
from riskgate.cli.session import put
from riskgate.errors import ChoiceError, Problem, suggestion
from riskgate.text import Text


def explain_command() -> click.Command:
    return Command(
        name="explain",
        summary=Text(
            "说明一条规则（条件、参数、来源、用例）或一个节点（谁牵头、哪些规则把关）。",
            "Explains a rule (condition, parameters, sources, cases) or a node (who leads it, what gates it).",
        ),
        arguments=[("RULE|NODE", Text("规则 id，或节点的 id 或编号", "the id of a rule, or the id or code of a node"))],
        example="riskgate explain N10",
        callback=_explain,
        params=[click.Argument(["name"], metavar="RULE|NODE"), *common_options()],
    )


def _explain(*, name: str) -> None:
    from riskgate.render.catalog import entries  # noqa: PLC0415 - keeps --version fast
    from riskgate.render.explain import show_node, show_rule  # noqa: PLC0415 - the same

    library = session().load().library
    found = entries(library.packs)
    page = session().page()
    rule = next((entry for entry in found if entry.id == name), None)
    disabled = next((one.by for one in library.applied.disabled if one.rule.id == name), None)
    node = library.lifecycle.by_name.get(name)
    if rule is not None:
        show_rule(page, rule, library.lifecycle, library.vocabulary, library.references, library.applied.settings)
    elif node is not None:
        show_node(page, node, library.lifecycle, found)
    elif disabled is not None:
        session().subject = None
        message = Text(f"规则 `{name}` 已停用（{disabled.place}）", f"the rule `{name}` is disabled ({disabled.place})")
        help_text = Text("可用 riskgate config show 查看。", "`riskgate config show` tells more.")
        raise ChoiceError(Problem("rule-disabled", message, help=help_text))
    else:
        session().subject = None
        known = [*(entry.id for entry in found), *library.lifecycle.by_name]
        message = Text(f"没有规则或节点 `{name}`", f"there is no rule and no node `{name}`")
        raise ChoiceError(Problem("unknown-name", message, help=suggestion(name, known)))
    put(page.text())

"""`riskgate eval`: the value of one expression, alone or at an entity of a snapshot."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from riskgate.cli.commands import Command, Option, common_options, session
from riskgate.cli.output import STDOUT
from riskgate.cli.session import put
from riskgate.errors import ChoiceError, EvaluationError, ExpressionError, Problem
from riskgate.text import Text
from riskgate.whole_file import read_input

if TYPE_CHECKING:
    from riskgate.gate import Gate
    from riskgate.snapshot import Snapshot

ROOT = "project"


def eval_command() -> click.Command:
    return Command(
        name="eval",
        summary=Text(
            "计算一个 CEL 表达式。给出快照时，对象及其上级、params、as_of 可用，写法与规则相同，并按词汇表检查。",
            "Evaluates a CEL expression. With a snapshot the entity and those above it, params and as_of have their "
            "names, as in a rule, and the expression is checked against the vocabulary.",
        ),
        arguments=[("EXPR", Text("CEL 表达式", "the expression"))],
        example="riskgate eval 'project.phases.size()' --snapshot snapshot.json",
        callback=_eval,
        params=[
            click.Argument(["expression"], metavar="EXPR"),
            Option(
                "--snapshot",
                Text("快照文件；- 表示标准输入。", "A snapshot; - is standard input."),
                metavar="FILE",
            ),
            Option(
                "--entity",
                Text("对象地址；不写则为 project。", "The address of the entity; project if left out."),
                metavar="ADDRESS",
            ),
            *common_options(),
        ],
    )


def _eval(*, expression: str, snapshot: str | None, entity: str | None) -> None:
    from riskgate.render.cel_text import cel_text  # noqa: PLC0415 - keeps --version fast

    run = session()
    if snapshot is None:
        if entity is not None:
            message = Text("--entity 需要 --snapshot", "--entity needs --snapshot")
            raise ChoiceError(Problem("bad-choice", message))
        from riskgate.cel import evaluate  # noqa: PLC0415 - the same

        run.subject = Text("表达式", "the expression")
        put(cel_text(evaluate(expression, {})) + "\n")
        return
    gate = run.load()
    run.subject = Text(f"快照 {snapshot}", f"the snapshot {snapshot}")
    source: bytes | Path = read_input() if snapshot == STDOUT else Path(snapshot)
    read = gate.snapshot(source)
    put(cel_text(_value_at(gate, read, expression, entity or ROOT)) + "\n")


def _value_at(gate: "Gate", snapshot: "Snapshot", text: str, address: str) -> Any:
    """The value of a rule expression at an entity. Raises ChoiceError, ExpressionError or EvaluationError."""
    from riskgate.cel.interpret import interpret  # noqa: PLC0415 - only this needs them
    from riskgate.cel.types import ObjectOf  # noqa: PLC0415 - the same
    from riskgate.cel.values import CelError  # noqa: PLC0415 - the same
    from riskgate.evaluate import contexts_of  # noqa: PLC0415 - the same
    from riskgate.pack import Expression  # noqa: PLC0415 - the same
    from riskgate.plan.bind import check_expression, environment_of  # noqa: PLC0415 - the same
    from riskgate.plan.settings import settings_of  # noqa: PLC0415 - the same

    run, library = session(), gate.library
    found = snapshot.find(address)
    if found is None:
        message = Text(f"快照里没有 `{address}`", f"there is nothing at `{address}`")
        example = Text("地址形如 phases[1]/buildings[3]", "an address reads like phases[1]/buildings[3]")
        raise ChoiceError(Problem("unknown-address", message, help=example))
    name, ordinal = found
    settings = settings_of(library.packs, library.lifecycle, overlaid=library.applied.settings)
    chain = library.vocabulary.chains[name]
    plain = environment_of(library, None, chain)
    times = Counter(key for pack in library.packs for key in pack.parameters)
    parameters = {  # one that several packs have would be either's
        key: parameter.spec for pack in library.packs for key, parameter in pack.parameters.items() if times[key] == 1
    }
    environment = replace(plain, variables={**plain.variables, "params": ObjectOf("params", parameters)})
    run.subject = Text("表达式", "the expression")
    problems: list[Problem] = []
    checked = check_expression(Expression(text), environment, problems)
    if checked is None:
        raise ExpressionError(problems)
    above = (entity.name for entity in chain)
    bindings: dict[str, Any] = dict(zip(above, snapshot.chain(name, ordinal), strict=True))
    bindings["params"] = {key: value for own in settings.values for key, value in own.items() if key in parameters}
    if snapshot.as_of is not None:
        bindings["as_of"] = datetime.combine(snapshot.as_of, time(tzinfo=UTC))
    context = contexts_of(gate.plan, snapshot, settings)[0]
    try:
        return interpret(checked.tree, bindings, context, types=checked.types, mixed=True)
    except CelError as error:
        said = Text(f"没有值：{error.message}", f"no value: {error.message}")
        raise EvaluationError(Problem("-".join(sorted(error.kinds)), said)) from None

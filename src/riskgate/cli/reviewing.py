"""`riskgate review`: for designers, from the model to the report in one command."""

from typing import TYPE_CHECKING, Any

import click

from riskgate.cli.check import CheckCommand, answer, check_options
from riskgate.cli.commands import common_options
from riskgate.cli.made import tell_made
from riskgate.cli.modelling import model_argument, model_argument_help, model_options, read_models
from riskgate.text import Text

if TYPE_CHECKING:
    from riskgate.gate import Gate

NODES = ("N10",)
"""The review of the drawings, which is what a model is made for."""


def review_command() -> click.Command:
    return CheckCommand(
        name="review",
        summary=Text(
            "读取 IFC 模型并检查图纸评审节点：先做出快照（不写文件），再像 riskgate check 一样检查。"
            "读取说明写在标准错误。退出码同 check：0 通过；1 不通过；3 未核实；2 模型或其他输入不能用；4 内部错误。",
            "Reads IFC models and checks the node of the drawing review: makes a snapshot, in memory, and checks it as "
            "`riskgate check` does. Notes on the reading go to standard error. Exit codes as of `riskgate check`: 0 "
            "clear; 1 blocked; 3 unverified; 2 a model or other input cannot be used; 4 a fault inside riskgate.",
        ),
        arguments=[model_argument_help()],
        example="riskgate review tower.ifc --project project.yaml --format html --output review.html",
        callback=_run,
        params=[
            model_argument(),
            *model_options(),
            *check_options(Text("检查 N10", "N10")),
            *common_options(),
        ],
    )


def _run(
    *,
    models: tuple[str, ...],
    mapping: str | None,
    project: str | None,
    timeout: int,
    memory: int,
    **asked: Any,
) -> None:
    def take(gate: "Gate") -> bytes:
        made = read_models(gate, models, mapping=mapping, project=project, timeout=timeout, memory=memory)
        tell_made(made)
        return made.to_json()

    if not asked["node"] and not asked["due"]:
        asked["node"] = NODES
    answer(", ".join(models), take, **asked)

"""`riskgate snapshot from-ifc`: building models into a snapshot; and the options by which models are read."""

from typing import TYPE_CHECKING

import click

from riskgate.cli.commands import Command, Option, common_options, session
from riskgate.cli.made import made_options, put_made
from riskgate.cli.values import day_in
from riskgate.errors import LoadError
from riskgate.text import Text

if TYPE_CHECKING:
    from riskgate.gate import Gate
    from riskgate.sources import Made

TIMEOUT = 600
MEMORY = 4096
_DAY = 24 * 3600
_LARGEST = 1 << 20


def from_ifc_command() -> click.Command:
    return Command(
        name="from-ifc",
        summary=Text(
            "把 IFC2X3、IFC4 模型读成快照：楼栋、户、房间、门窗、栏杆、楼梯，只写模型确实说明的事实。模型先按文本核对，"
            "再在单独的进程里读取；损坏的模型不读入。退出码：0 已写出；2 模型不能用，未写任何内容。",
            "Reads IFC2X3 and IFC4 models into a snapshot: buildings, flats, rooms, doors, windows, railings, stairs; "
            "only what the models really state. The text of a model is checked first, then it is read by a process of "
            "its own; a damaged model is refused. Exit codes: 0 written; 2 a model cannot be used, nothing is written.",
        ),
        arguments=[model_argument_help()],
        example="riskgate snapshot from-ifc tower.ifc --project project.yaml -o snapshot.json",
        callback=_run,
        params=[
            model_argument(),
            *model_options(),
            *made_options(),
            Option(
                "--as-of",
                Text(
                    "事实对应的日期 YYYY-MM-DD；不写则取 --project 里的，再取模型文件头的。",
                    "The day of the facts, YYYY-MM-DD; that of --project if left out, then that of the model.",
                ),
                metavar="DATE",
            ),
            *common_options(),
        ],
    )


def model_argument() -> click.Argument:
    return click.Argument(["models"], metavar="MODEL...", nargs=-1, required=True)


def model_argument_help() -> tuple[str, Text]:
    return "MODEL…", Text("一个或几个 IFC 模型（.ifc）", "one or several IFC models (.ifc)")


def model_options() -> list[click.Parameter]:
    """The options of everything that reads models."""
    return [
        Option(
            "--map",
            Text(
                "映射文件（YAML）：房间名、户、属性名；没写的部分按自带的。",
                "A mapping, YAML: names of rooms, flats, properties. What it leaves out is as the bundled one has it.",
            ),
            into="mapping",
            metavar="FILE",
        ),
        Option(
            "--project",
            Text(
                "模型以外的项目事实（YAML 或 JSON），如 id、design_basis_date。",
                "Facts beside the model, YAML or JSON: fields of the project such as id and design_basis_date.",
            ),
            metavar="FILE",
        ),
        Option(
            "--timeout",
            Text(f"每个模型最多读多少秒；不写则为 {TIMEOUT}。", f"Seconds for one model; {TIMEOUT} if left out."),
            metavar="SECONDS",
            type=click.IntRange(1, _DAY),
            default=TIMEOUT,
        ),
        Option(
            "--memory",
            Text(f"每个模型最多用多少 MB 内存；不写则为 {MEMORY}。", f"Megabytes for one model; {MEMORY} if left out."),
            metavar="MB",
            type=click.IntRange(64, _LARGEST),
            default=MEMORY,
        ),
    ]


def read_models(
    gate: "Gate",
    models: tuple[str, ...],
    *,
    mapping: str | None,
    project: str | None,
    timeout: int,
    memory: int,
    as_of: str | None = None,
) -> "Made":
    """The snapshot of these models."""
    from riskgate.sources import read_ifc  # noqa: PLC0415 - keeps --version fast

    named = Text("、".join(models), ", ".join(models))
    session().subject = Text(
        f"模型 {named.zh}", f"the model {named.en}" if len(models) == 1 else f"the models {named.en}"
    )
    try:
        return read_ifc(
            models, mapping=mapping, project=project, as_of=as_of, gate=gate, timeout=timeout, memory=memory
        )
    except LoadError:
        session().subject = Text("模型旁边的文件", "the files beside the model")
        raise


def _run(
    *,
    models: tuple[str, ...],
    mapping: str | None,
    project: str | None,
    timeout: int,
    memory: int,
    output: str,
    form: str,
    as_of: str | None,
) -> None:
    run = session()
    day = day_in(as_of)
    progress = run.progress(click.get_current_context())
    progress.step(Text("加载规则", "loading the rules"))
    gate = run.load()
    progress.step(Text(f"读取 {len(models)} 个模型", f"reading {len(models)} models"))
    made = read_models(
        gate,
        models,
        mapping=mapping,
        project=project,
        timeout=timeout,
        memory=memory,
        as_of=None if day is None else day.isoformat(),
    )
    progress.done()
    put_made(made, output, form)

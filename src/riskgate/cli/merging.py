"""`riskgate snapshot merge`: several snapshots into one; and `--tolerance` of every command that compares sources."""

from typing import TYPE_CHECKING

import click

from riskgate.cli.commands import Command, Option, common_options, session
from riskgate.cli.made import made_options, put_made
from riskgate.cli.values import day_in
from riskgate.errors import ChoiceError, Problem
from riskgate.text import Text

if TYPE_CHECKING:
    from riskgate.sources.merging.agree import Tolerance


def merge_command() -> click.Command:
    return Command(
        name="merge",
        summary=Text(
            "把同一项目的几份快照合成一份，按编号对应。同一个值各来源不一致的记为冲突，读取时视为缺失，直到有人决定。"
            "退出码：0 已写出；2 不能合并，未写任何内容。",
            "Makes one snapshot of several of the same project, matched by ids. A value on which sources disagree is a "
            "conflict and reads as missing until somebody decides. Exit codes: 0 written; 2 they cannot be merged, "
            "nothing is written.",
        ),
        arguments=[("SNAPSHOT…", Text("一份或几份快照（JSON）", "one or several snapshots, JSON"))],
        example="riskgate snapshot merge model.json prices.json contracts.json -o snapshot.json",
        callback=_merge,
        params=[
            click.Argument(["snapshots"], metavar="SNAPSHOT...", nargs=-1, required=True),
            tolerance_option(),
            Option(
                "--prefer",
                Text(
                    "冲突时以这个来源为准（文件名，或来源的开头），可重复，先写的优先。",
                    "In a conflict take the word of this source: a file's name, or the beginning of an origin. May be "
                    "repeated; the first one goes first.",
                ),
                metavar="SOURCE",
                multiple=True,
            ),
            Option(
                "--decide",
                Text(
                    "写明如何处理冲突的文件（YAML），可重复。",
                    "A file of decisions on conflicts, YAML. May be repeated.",
                ),
                metavar="FILE",
                multiple=True,
            ),
            Option(
                "--as-of",
                Text(
                    "合并后的日期 YYYY-MM-DD；各来源日期不同时必须写。",
                    "The day for which the facts are to hold, YYYY-MM-DD; needed if the sources are of several days.",
                ),
                metavar="DATE",
            ),
            *made_options(),
            *common_options(),
        ],
    )


def tolerance_option() -> Option:
    return Option(
        "--tolerance",
        Text(
            "两个数相差多少仍算一致：0.1% 是较大者的份额，m2=0.05 是这个单位的量，"
            "area_result.contract_area_m2=0.05 是这个字段的量。可重复。",
            "How far apart two numbers may be and still agree: 0.1% is a share of the larger one, m2=0.05 an amount in "
            "this unit, area_result.contract_area_m2=0.05 in this field. May be repeated.",
        ),
        metavar="[NAME=]AMOUNT",
        multiple=True,
    )


def tolerance_in(words: tuple[str, ...]) -> "Tolerance | None":
    """The tolerance of `--tolerance …`. Raises ChoiceError."""
    if not words:
        return None
    from riskgate.sources.merging.agree import RELATIVE, Tolerance  # noqa: PLC0415 - keeps --version fast

    relative = RELATIVE
    amounts: dict[str, float] = {}
    for word in words:
        name, equals, amount = word.rpartition("=")
        number = _amount(word, amount, share=not equals)
        if equals:
            amounts[name.strip()] = number
        else:
            relative = number
    units = {name: amount for name, amount in amounts.items() if "." not in name}
    return Tolerance(relative, units, {name: amount for name, amount in amounts.items() if "." in name})


def _amount(word: str, text: str, *, share: bool) -> float:
    percent = share and text.endswith("%")
    try:
        number = float(text.removesuffix("%") if percent else text)
    except ValueError as error:
        message = Text(f"--tolerance `{word}` 不是数", f"--tolerance `{word}` is no number")
        raise ChoiceError(Problem("bad-tolerance", message)) from error
    return number / 100 if percent else number


def _merge(
    *,
    snapshots: tuple[str, ...],
    tolerance: tuple[str, ...],
    prefer: tuple[str, ...],
    decide: tuple[str, ...],
    as_of: str | None,
    output: str,
    form: str,
) -> None:
    from riskgate.sources import merge  # noqa: PLC0415 - keeps --version fast

    run = session()
    day, allowed = day_in(as_of), tolerance_in(tolerance)
    gate = run.load()
    run.subject = Text(f"快照 {'、'.join(snapshots)}", f"the snapshots {', '.join(snapshots)}")
    made = merge(snapshots, gate=gate, tolerance=allowed, prefer=prefer, decisions=decide, as_of=day)
    put_made(made, output, form)

"""`riskgate waivers`: which waivers deserve a look; and the options by which every command takes waivers."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from riskgate.cli.commands import Command, OneOf, Option, common_options, configured, session
from riskgate.cli.output import LISTS, STDOUT
from riskgate.cli.session import put
from riskgate.errors import ChoiceError, Problem
from riskgate.text import Text
from riskgate.whole_file import read_input

if TYPE_CHECKING:
    from riskgate.gate import Gate
    from riskgate.waive import Waivers

WITHIN = 30
LONGEST = 36_500


def waivers_command() -> click.Command:
    return Command(
        name="waivers",
        summary=Text(
            "审查豁免：已过期的、快到期的、批准人未确认的、级别不够的、条件不成立的、没有匹配到风险的、从未用到的。"
            "退出码：0 没有；1 有。",
            "Audits waivers: expired, soon to expire, approved by somebody whom the company does not list or whose "
            "role is too low, with a condition that is not true, covering nothing, never used. Exit codes: 0 none; "
            "1 some.",
        ),
        arguments=[
            (
                "SNAPSHOT…",
                Text("一份或几份快照（JSON）；- 表示标准输入", "one or several snapshots, JSON; - is standard input"),
            )
        ],
        example="riskgate waivers snapshot.json --waivers waivers.yaml --within 60",
        callback=_run,
        params=[
            click.Argument(["snapshots"], metavar="SNAPSHOT...", nargs=-1, required=True),
            *waiver_options(),
            Option(
                "--within",
                Text(
                    "多少天内到期算快到期；不写则为 30。",
                    "So many days before its end a waiver is listed; 30 if left out.",
                ),
                metavar="DAYS",
                type=click.IntRange(0, LONGEST),
                default=WITHIN,
            ),
            Option(
                "--as-of",
                Text(
                    "审查日期 YYYY-MM-DD，代替快照里的日期。",
                    "The date of the audit, YYYY-MM-DD, instead of the snapshots' own.",
                ),
                metavar="DATE",
            ),
            Option(
                "--format",
                Text("输出格式；不写则为 table。", "How to write the list; a table if left out."),
                into="form",
                metavar="|".join(LISTS),
                type=OneOf("--format", LISTS),
                default="table",
            ),
            *common_options(),
        ],
    )


def waiver_options() -> list[click.Parameter]:
    """`--waivers` and `--require-approvers`."""
    return [
        Option(
            "--waivers",
            Text("豁免文件（YAML），可重复。", "A file of waivers, YAML. May be repeated."),
            metavar="FILE",
            multiple=True,
            callback=configured("waivers"),
        ),
        Option(
            "--require-approvers",
            Text(
                "批准人不在公司名单上的豁免不生效。",
                "A waiver by somebody who is not on the company's list of approvers waives nothing.",
            ),
            is_flag=True,
            callback=configured("require_approvers"),
        ),
    ]


def read_waivers(gate: "Gate", paths: tuple[str, ...]) -> "Waivers | None":
    """The waivers of these files; None if no file was named. Raises LoadError."""
    if not paths:
        return None
    session().subject = Text(f"豁免文件 {'、'.join(paths)}", f"the waivers of {', '.join(paths)}")
    return gate.waivers(paths)


def _run(
    *,
    snapshots: tuple[str, ...],
    waivers: tuple[str, ...],
    require_approvers: bool,
    within: int,
    as_of: str | None,
    form: str,
) -> None:
    from riskgate.audit import audit  # noqa: PLC0415 - keeps --version fast
    from riskgate.render.waivers import show_audit  # noqa: PLC0415 - the same

    run = session()
    if not waivers:
        message = Text("没有指定豁免文件", "no file of waivers was named")
        raise ChoiceError(Problem("empty-choice", message, help=Text("用 --waivers 指定", "name some with --waivers")))
    gate = run.load()
    excepted = read_waivers(gate, waivers)
    reports = []
    for snapshot in snapshots:
        run.subject = Text(f"快照 {snapshot}", f"the snapshot {snapshot}")
        source = read_input() if snapshot == STDOUT else Path(snapshot)
        report = gate.check(
            source, as_of=as_of, waivers=excepted, approvers=run.approvers, require_approvers=require_approvers
        )
        reports.append((snapshot, report))
    found = audit(reports, within=within)
    run.code = int(any(one.findings for one in found))
    if form == "json":
        _put_json([one.as_dict() for one in found])
        return
    page = run.page()
    show_audit(page, found, reports[0][1].waiver_files)
    put(page.text())


def _put_json(value: Any) -> None:
    import orjson  # noqa: PLC0415 - only JSON needs it

    put(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))

"""`riskgate import`: what people filled in elsewhere comes back."""

import datetime as dt

import click

from riskgate import __version__
from riskgate.cli.commands import Command, OneOf, Option, common_options, session
from riskgate.cli.output import LISTS
from riskgate.cli.session import put
from riskgate.cli.values import day_in
from riskgate.text import Text
from riskgate.whole_file import read_whole

KINDS = ("rectification",)
TO_SEE_TO = 1


def import_command() -> click.Command:
    return Command(
        name="import",
        summary=Text(
            "读回填写过的整改工作簿（由 riskgate check --format xlsx 写出），列出已填、逾期、关闭和对不上的。"
            "退出码：0 没有逾期，与报告对得上；1 有逾期，或对不上；2 工作簿不能用，未读入任何内容；"
            "4 内部错误。",
            "Reads back the workbook of `riskgate check --format xlsx` after people filled it in: what they wrote, "
            "what is overdue, closed, or does not agree. Exit codes: 0 nothing is overdue, and the rows agree with the "
            "report; 1 something is, or they do not; 2 the workbook cannot be used, and nothing of it was taken; 4 a "
            "fault inside riskgate.",
        ),
        arguments=[
            ("rectification", Text("整改工作簿", "the list of risks, filled in")),
            ("FILE", Text("填写过的 .xlsx 文件", "the .xlsx file that came back")),
        ],
        example="riskgate import rectification risks.xlsx --report report.json",
        callback=_import,
        params=[
            click.Argument(["kind"], metavar="rectification", type=OneOf("import", KINDS)),
            click.Argument(["file"]),
            *_options(),
            *common_options(),
        ],
    )


def _options() -> list[click.Parameter]:
    return [
        Option(
            "--report",
            Text(
                "与这份 JSON 报告对照：哪些风险没有行，哪些行的风险不在报告里。",
                "Set the rows beside this JSON report: which of its risks have no row, which rows have no risk.",
            ),
            metavar="REPORT",
        ),
        Option(
            "--since",
            Text("与先前填写的工作簿比较，列出不同之处。", "Compare with this earlier workbook and list what differs."),
            metavar="FILE",
        ),
        Option(
            "--as-of",
            Text(
                "按这一天算逾期，YYYY-MM-DD；不写则为今天。",
                "The day by which to tell what is overdue, YYYY-MM-DD; today if left out.",
            ),
            metavar="DATE",
        ),
        Option(
            "--format",
            Text("输出格式；不写则为 table。", "How to write the answer; a table if left out."),
            into="form",
            metavar="|".join(LISTS),
            type=OneOf("--format", LISTS),
            default="table",
        ),
    ]


def _import(*, kind: str, file: str, report: str | None, since: str | None, as_of: str | None, form: str) -> None:  # noqa: ARG001 - there is one kind
    from riskgate.rectification import match, read  # noqa: PLC0415 - keeps --version fast
    from riskgate.render.rectified import Answer, rectification_values, show_rectification  # noqa: PLC0415 - the same
    from riskgate.report import Report  # noqa: PLC0415 - the same

    run = session()
    # what is overdue depends on today, as people here reckon it
    day = day_in(as_of) or dt.datetime.now().astimezone().date()
    run.subject = Text(f"工作簿 {file}", f"the workbook {file}")
    said = read(file)
    changes = None
    if since is not None:
        run.subject = Text(f"先前的工作簿 {since}", f"the earlier workbook {since}")
        changes = said.since(read(since))
    matching = None
    if report is not None:
        run.subject = Text(f"报告 {report}", f"the report {report}")
        known = Report.from_json(read_whole(report))
        run.subject = Text(f"工作簿 {file}", f"the workbook {file}")
        matching = match(said, known)
    answer = Answer(said, day, matching, changes)
    run.code = 0 if answer.clean else TO_SEE_TO
    if form == "json":
        import orjson  # noqa: PLC0415 - only JSON needs it

        values = rectification_values(answer, __version__)
        put(orjson.dumps(values, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        return
    page = run.page()
    show_rectification(page, answer)
    put(page.text())

"""`riskgate template xlsx`: empty ledgers to fill in."""

import sys

import click

from riskgate.cli.commands import Command, OneOf, Option, common_options, session
from riskgate.cli.output import STDOUT, write_whole
from riskgate.cli.session import put
from riskgate.text import Text

KINDS = ("xlsx",)


def template_command() -> click.Command:
    return Command(
        name="template",
        summary=Text(
            "写出空白台账（Excel），每种对象一个工作表：表头、下拉列表、单位、批注和一行示例。填好后用 "
            "riskgate snapshot from-xlsx 读回，不需要映射。",
            "Writes an empty ledger (Excel), a sheet for each entity type: headers, drop-downs, units, comments and an "
            "example row. `riskgate snapshot from-xlsx` reads it back without a mapping.",
        ),
        arguments=[
            ("xlsx", Text("Excel 工作簿", "an Excel workbook")),
            ("ENTITY…", Text("对象类型，如 unit、permit、complaint", "entity types, such as unit, permit, complaint")),
        ],
        example="riskgate template xlsx permit complaint -o ledgers.xlsx",
        callback=_template,
        params=[
            click.Argument(["kind"], metavar="xlsx", type=OneOf("template", KINDS)),
            click.Argument(["entities"], metavar="ENTITY...", nargs=-1, required=True),
            Option(
                "--output",
                Text("写到这个文件；不写则写到标准输出。", "The file to write; standard output if left out."),
                short="-o",
                metavar="FILE",
                default=STDOUT,
            ),
            Option(
                "--map",
                Text("映射文件（YAML），单位的写法取自它。", "A mapping, YAML, from which units have their names."),
                into="mapping",
                metavar="FILE",
            ),
            *common_options(),
        ],
    )


def _template(*, kind: str, entities: tuple[str, ...], output: str, mapping: str | None) -> None:  # noqa: ARG001 - there is one kind
    from riskgate.sources.template.api import without_column, write_template  # noqa: PLC0415 - keeps --version fast

    run = session()
    gate = run.load()
    run.subject = Text("模板", "the template")
    content = write_template(entities, gate=gate, lang=run.lang, mapping=mapping)
    if output == STDOUT:
        put(content)
    else:
        write_whole(output, content)
    left_out = ", ".join(without_column(entities, gate))
    if left_out:
        message = Text(
            f"没有列的字段（一个单元格装不下）：{left_out}；请直接写进快照",
            f"fields without a column, as no cell can hold them: {left_out}; write them into the snapshot itself",
        )
        click.echo(run.say(message).encode(sys.stderr.encoding or "utf-8", "backslashreplace"), err=True)

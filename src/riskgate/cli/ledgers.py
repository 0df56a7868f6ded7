"""`riskgate snapshot from-xlsx` and `from-csv`: ledgers into a snapshot."""

from typing import TYPE_CHECKING

import click

from riskgate.cli.commands import Command, Option, common_options, session
from riskgate.cli.made import made_options, put_made
from riskgate.cli.merging import tolerance_in, tolerance_option
from riskgate.cli.values import day_in
from riskgate.errors import ChoiceError, Problem
from riskgate.text import Text

if TYPE_CHECKING:
    from riskgate.gate import Gate

ENTITY = Text(
    "这是哪种台账：映射里的台账名，或对象类型（如 unit、permit）。",
    "Which ledger this is: a name of the mapping, or an entity type such as unit or permit.",
)


def from_xlsx_command() -> click.Command:
    return Command(
        name="from-xlsx",
        summary=Text(
            "把 Excel 台账（.xlsx）读成快照，每个值都记下文件、工作表和单元格。riskgate 写的模板不需要映射。"
            "退出码：0 已写出；2 有单元格不能用（全部列出），未写任何内容。",
            "Reads ledgers in Excel (.xlsx) into a snapshot; each value has its file, sheet and cell as its origin. "
            "Templates of riskgate need no mapping. Exit codes: 0 written; 2 a cell cannot be used (all of them are "
            "listed), nothing is written.",
        ),
        arguments=[("WORKBOOK", Text("台账工作簿（.xlsx）", "the workbook, .xlsx"))],
        example="riskgate snapshot from-xlsx prices.xlsx --into model.json -o snapshot.json",
        callback=_from_xlsx,
        params=[
            click.Argument(["workbook"], metavar="WORKBOOK"),
            *_ledger_options(entity="unless its name and headers tell"),
            *made_options(),
            *common_options(),
        ],
    )


def from_csv_command() -> click.Command:
    return Command(
        name="from-csv",
        summary=Text(
            "把 CSV 台账读成快照，每个值都记下文件和单元格。编码为 UTF-8，其他编码须写明。"
            "退出码：0 已写出；2 有单元格不能用（全部列出），未写任何内容。",
            "Reads a ledger in CSV into a snapshot; each value has its file and cell as its origin. The file is UTF-8 "
            "unless another encoding is named. Exit codes: 0 written; 2 a cell cannot be used (all are listed), and "
            "nothing is written.",
        ),
        arguments=[("FILE", Text("CSV 文件", "the CSV file"))],
        example="riskgate snapshot from-csv complaints.csv --entity complaint --into project.json -o snapshot.json",
        callback=_from_csv,
        params=[
            click.Argument(["file"]),
            *_ledger_options(entity="needed"),
            Option(
                "--encoding",
                Text(
                    "文件的编码，如 gb18030；不写则为 UTF-8。",
                    "The encoding of the file, such as gb18030; UTF-8 if left out.",
                ),
                metavar="NAME",
            ),
            Option(
                "--delimiter",
                Text(
                    "列之间的字符；不写则按第一行：逗号、Tab 或分号。",
                    "What is between columns; if left out, comma, tab or semicolon, by the first line.",
                ),
                metavar="CHAR",
            ),
            *made_options(),
            *common_options(),
        ],
    )


def _ledger_options(*, entity: str) -> list[click.Parameter]:
    optional = Text("不写则看工作表名和表头。", "If left out, the name and headers of a sheet tell.")
    said = ENTITY if entity == "needed" else Text(f"{ENTITY.zh}{optional.zh}", f"{ENTITY.en} {optional.en}")
    return [
        Option("--entity", said, metavar="TYPE", required=entity == "needed"),
        Option(
            "--into",
            Text(
                "这些行所属的项目快照：房号、楼栋按它核对，它说的与台账一并写出。",
                "The snapshot that the rows belong to: flats and buildings are looked up in it, and what it says is "
                "written too.",
            ),
            metavar="SNAPSHOT",
        ),
        Option(
            "--map",
            Text("映射文件（YAML），代替自带的。", "A mapping, YAML, instead of the bundled one."),
            into="mapping",
            metavar="FILE",
        ),
        Option(
            "--at",
            Text(
                "行里没写的位置，如 phase=1，可重复。",
                "Where everything lies if the rows do not say, such as phase=1. May be repeated.",
            ),
            metavar="TYPE=ID",
            multiple=True,
        ),
        Option(
            "--project",
            Text("项目编号；有 --into 时不用写。", "The id of the project; not needed with --into."),
            metavar="ID",
        ),
        Option(
            "--as-of",
            Text(
                "事实对应的日期 YYYY-MM-DD；不写则按 --into。",
                "The day of the facts, YYYY-MM-DD; that of --into if left out.",
            ),
            metavar="DATE",
        ),
        tolerance_option(),
    ]


def _from_xlsx(
    *,
    workbook: str,
    entity: str | None,
    into: str | None,
    mapping: str | None,
    at: tuple[str, ...],
    project: str | None,
    as_of: str | None,
    tolerance: tuple[str, ...],
    output: str,
    form: str,
) -> None:
    from riskgate.sources import read_ledger  # noqa: PLC0415 - keeps --version fast

    day, places, allowed = day_in(as_of), _places(at), tolerance_in(tolerance)
    gate = _gate(Text(f"工作簿 {workbook}", f"the workbook {workbook}"))
    made = read_ledger(
        workbook,
        gate=gate,
        mapping=mapping,
        entity=entity,
        into=into,
        project=project,
        as_of=day,
        at=places,
        tolerance=allowed,
    )
    put_made(made, output, form)


def _from_csv(
    *,
    file: str,
    entity: str,
    into: str | None,
    mapping: str | None,
    at: tuple[str, ...],
    project: str | None,
    as_of: str | None,
    tolerance: tuple[str, ...],
    encoding: str | None,
    delimiter: str | None,
    output: str,
    form: str,
) -> None:
    from riskgate.sources import read_csv  # noqa: PLC0415 - keeps --version fast

    day, places, allowed, between = day_in(as_of), _places(at), tolerance_in(tolerance), _character(delimiter)
    gate = _gate(Text(f"文件 {file}", f"the file {file}"))
    made = read_csv(
        file,
        entity,
        encoding=encoding,
        delimiter=between,
        gate=gate,
        mapping=mapping,
        into=into,
        project=project,
        as_of=day,
        at=places,
        tolerance=allowed,
    )
    put_made(made, output, form)


def _gate(subject: Text) -> "Gate":
    run = session()
    progress = run.progress(click.get_current_context())
    progress.step(Text("加载规则", "loading the rules"))
    gate = run.load()
    progress.done()
    run.subject = subject
    return gate


def _places(words: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in words:
        kind, equals, ident = word.partition("=")
        if not equals or not kind.strip() or not ident.strip():
            message = Text(f"--at `{word}` 应写作 TYPE=ID", f"--at `{word}` must read TYPE=ID")
            raise ChoiceError(Problem("bad-choice", message, help=Text("如 --at phase=1", "such as --at phase=1")))
        found[kind.strip()] = ident.strip()
    return found


def _character(text: str | None) -> str | None:
    named = {"tab": "\t", "\\t": "\t"}
    found = None if text is None else named.get(text.lower(), text)
    if found is not None and len(found) != 1:
        message = Text(f"--delimiter `{text}` 应为一个字符", f"--delimiter `{text}` must be one character")
        raise ChoiceError(Problem("bad-choice", message))
    return found

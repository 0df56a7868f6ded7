"""What the ways in have in common: a snapshot that was made goes to a file, what people should know of it to them."""

import sys
from typing import TYPE_CHECKING

import click

from riskgate.cli.commands import OneOf, Option, session
from riskgate.cli.output import LISTS, STDOUT, write_whole
from riskgate.cli.session import put
from riskgate.render.escape import visible
from riskgate.render.page import PLAIN, Page
from riskgate.text import Text

if TYPE_CHECKING:
    from riskgate.sources import Made, SourceNote


def made_options() -> list[click.Parameter]:
    """`--output` and `--format` of everything that makes a snapshot."""
    return [
        Option(
            "--output",
            Text("快照写到这个文件；不写则写到标准输出。", "The file of the snapshot; standard output if left out."),
            short="-o",
            metavar="FILE",
            default=STDOUT,
        ),
        Option(
            "--format",
            Text(
                "说明（写在标准错误）的格式；不写则为 table。",
                "How to write the notes, which go to standard error; a table if left out.",
            ),
            into="form",
            metavar="|".join(LISTS),
            type=OneOf("--format", LISTS),
            default="table",
        ),
    ]


def put_made(made: "Made", output: str, form: str) -> None:
    """Write the snapshot, whole or not at all, and tell the notes."""
    content = made.to_json()
    session().subject = Text("输出", "the output")
    if output == STDOUT:
        put(content)
    else:
        write_whole(output, content)
    tell_made(made, form)


def tell_made(made: "Made", form: str = "table") -> None:
    """The notes on standard error: a table for people, or JSON."""
    run = session()
    if form == "json":
        import orjson  # noqa: PLC0415 - only JSON needs it

        said = orjson.dumps([note.as_dict() for note in made.notes], option=orjson.OPT_INDENT_2)
        click.echo(said, err=True)
        return
    if not made.notes:
        return
    page = Page(run.lang, PLAIN)
    number = len(made.notes)
    page.line(page.say(Text(f"说明 {number} 条", f"{number} {'note' if number == 1 else 'notes'}")), "head")
    page.grid([(note.code, visible(_told(note, page))) for note in made.notes], indent=2)
    click.echo(page.text().rstrip("\n").encode(sys.stderr.encoding or "utf-8", "backslashreplace"), err=True)


def _told(note: "SourceNote", page: Page) -> str:
    where = str(note.place)
    return f"{where}: {page.say(note.message)}" if where else page.say(note.message)

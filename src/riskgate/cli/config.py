"""`riskgate config show`: the rules and parameters that count, and whose word each of them is."""

from typing import TYPE_CHECKING

import click

from riskgate.cli.commands import Command, OneOf, Option, common_options, session
from riskgate.cli.output import LISTS
from riskgate.cli.session import put
from riskgate.errors import ChoiceError, Problem, suggestion
from riskgate.text import Text

if TYPE_CHECKING:
    from riskgate.load.library import Library

ACTIONS = ("show",)


def config_command() -> click.Command:
    return Command(
        name="config",
        summary=Text(
            "显示生效的配置：用了哪些文件，哪些规则和参数与规则包不同，各由谁定（文件和行）；给出名称则显示一条规则"
            "或一个参数的全部。",
            "Shows what counts: the files that are used, the rules and parameters that differ from the packs, and who "
            "says so (file and line); with a name, everything about one rule or parameter.",
        ),
        arguments=[
            ("show", Text("显示", "show it")),
            (
                "RULE|PARAMETER",
                Text("规则 id，或参数名（[规则包.]名称）", "the id of a rule, or a parameter, [PACK.]NAME"),
            ),
        ],
        example="riskgate config show DR-KIT-001",
        callback=_config,
        params=[
            click.Argument(["action"], metavar="show", type=OneOf("config", ACTIONS)),
            click.Argument(["name"], metavar="[RULE|PARAMETER]", required=False),
            Option(
                "--format",
                Text("输出格式；不写则为 table。", "How to write it; a table if left out."),
                into="form",
                metavar="|".join(LISTS),
                type=OneOf("--format", LISTS),
                default="table",
            ),
            *common_options(),
        ],
    )


def _config(*, action: str, name: str | None, form: str) -> None:  # noqa: ARG001 - there is one action
    from riskgate.render.effective import effective_values, show_effective, show_one  # noqa: PLC0415 - as below

    run = session()
    library = run.load().library
    used = run.config.path if run.config is not None else ""
    subject = None if name is None else _subject(library, name)
    if form == "json":
        import orjson  # noqa: PLC0415 - keeps --version fast

        found = effective_values(library, used, subject)
        put(orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        return
    page = run.page()
    if subject is None:
        show_effective(page, library, used, run.packs)
    else:
        show_one(page, library, subject)
    put(page.text())


def _subject(library: "Library", name: str) -> str | tuple[str, str]:
    """The id of a rule, or pack and name of a parameter. Raises ChoiceError."""
    rules = {one.rule.id for one in library.applied.disabled}
    for one in library.packs:
        rules |= {rule.id for rule in one.rules} | {derive.id for derive in one.derives}
    if name in rules:
        return name
    pack, dot, own = name.rpartition(".")
    found = [key for key in library.parameters if key[1] == own and (not dot or key[0] == pack)]
    if len(found) == 1:
        return found[0]
    session().subject = None
    if found:
        full = ", ".join(f"`{'.'.join(key)}`" for key in found)
        message = Text(f"多个规则包都有参数 `{name}`", f"several packs have a parameter `{name}`")
        raise ChoiceError(
            Problem("ambiguous-parameter", message, help=Text(f"请写全名：{full}", f"write one of {full}"))
        )
    known = [*rules, *(key[1] for key in library.parameters), *map(".".join, library.parameters)]
    message = Text(f"没有规则或参数 `{name}`", f"there is no rule and no parameter `{name}`")
    raise ChoiceError(Problem("unknown-name", message, help=suggestion(name, known)))

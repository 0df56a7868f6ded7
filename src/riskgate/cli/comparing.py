"""`riskgate diff`: what became of every risk from one check to another."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from riskgate.cli.commands import Command, OneOf, Option, common_options, session
from riskgate.cli.output import STDOUT, write_whole
from riskgate.cli.session import put, screen_width, use_color
from riskgate.cli.values import day_in, settings_in
from riskgate.cli.waivers import read_waivers, waiver_options
from riskgate.errors import ChoiceError, Problem
from riskgate.text import Text
from riskgate.whole_file import read_input, read_whole

if TYPE_CHECKING:
    from riskgate.comparison import Comparison
    from riskgate.gate import Gate
    from riskgate.report import Report

FORMATS = ("table", "markdown", "json")
_SUFFIXES = {".md": "markdown", ".json": "json"}
_FOR_SNAPSHOTS = {"settings": "--set", "as_of": "--as-of", "waivers": "--waivers"}


def diff_command() -> click.Command:
    return Command(
        name="diff",
        summary=Text(
            "比较两次检查：哪些风险是新增、加重、新豁免、仍在、已关闭的，哪些无法再核实。退出码：0 没有变差；"
            "1 有新增或加重的阻断风险；3 有无法再核实的；2 输入不能用。",
            "Compares two checks: which risks are new, worsened, waived now, still open or closed, and which cannot be "
            "verified any more. Exit codes: 0 nothing is worse; 1 a blocking risk is new or worsened; 3 something can "
            "no longer be verified; 2 the input cannot be used.",
        ),
        arguments=[
            ("OLD", Text("以前的报告（JSON）或快照", "the earlier report (JSON) or snapshot")),
            (
                "NEW",
                Text("现在的报告或快照；- 表示标准输入", "the later report or snapshot; - is standard input"),
            ),
        ],
        example="riskgate diff october.json snapshot.json --node N51",
        callback=_run,
        params=[click.Argument(["old"]), click.Argument(["new"]), *_options(), *common_options()],
    )


def _options() -> list[click.Parameter]:
    return [
        Option(
            "--node",
            Text("只比较把关这个节点的，可重复。", "Compare only what gates this node. May be repeated."),
            metavar="ID",
            multiple=True,
        ),
        Option(
            "--set",
            Text("检查快照时改一个参数的值，可重复。", "Set a parameter where a snapshot is checked. May be repeated."),
            into="settings",
            metavar="[PACK.]NAME=VALUE",
            multiple=True,
        ),
        *waiver_options(),
        Option(
            "--as-of",
            Text(
                "检查快照的日期 YYYY-MM-DD，代替快照里的日期。",
                "The date on which snapshots are checked, YYYY-MM-DD, instead of their own.",
            ),
            metavar="DATE",
        ),
        Option(
            "--format",
            Text("输出格式；不写则为 table。", "How to write the comparison; a table if left out."),
            into="form",
            metavar="|".join(FORMATS),
            type=OneOf("--format", FORMATS),
        ),
        Option(
            "--output",
            Text(
                "写到文件，而不是标准输出；不写 --format 则按文件名结尾。",
                "Write to this file instead of standard output; without --format, its name says how.",
            ),
            metavar="FILE",
            default=STDOUT,
        ),
    ]


def _run(
    *,
    old: str,
    new: str,
    node: tuple[str, ...],
    settings: tuple[str, ...],
    waivers: tuple[str, ...],
    require_approvers: bool,
    as_of: str | None,
    form: str | None,
    output: str,
) -> None:
    from riskgate.comparing import compare  # noqa: PLC0415 - keeps --version fast

    params, day = settings_in(settings), day_in(as_of)
    if old == new == STDOUT:
        message = Text("OLD 与 NEW 不能都是标准输入", "OLD and NEW cannot both be standard input")
        raise ChoiceError(Problem("doubled-input", message))
    run = session()
    sides: list[tuple[str, bytes, bool]] = []
    for name in (old, new):
        run.subject = Text(f"`{name}`", f"`{name}`")
        data = read_input() if name == STDOUT else read_whole(name)
        sides.append((name, data, _is_report(data)))
    progress = run.progress(click.get_current_context())
    gate: Gate | None = None
    if all(is_report for _, _, is_report in sides):
        _refuse_idle_options()
    else:
        progress.step(Text("加载规则", "loading the rules"))
        gate = run.load()
    excepted = None if gate is None else read_waivers(gate, waivers)
    reports: list[Report] = []
    for name, data, is_report in sides:
        doing = Text("读取", "reading") if is_report else Text("检查", "checking")
        progress.step(Text(f"{doing.zh} {name}", f"{doing.en} {name}"))
        if is_report or gate is None:
            run.subject = Text(f"报告 {name}", f"the report {name}")
            reports.append(_read(data))
            continue
        run.subject = Text(f"快照 {name}", f"the snapshot {name}")
        reports.append(
            gate.check(
                data,
                as_of=day,
                params=params,
                waivers=excepted,
                approvers=run.approvers,
                require_approvers=require_approvers,
                all_gaps=True,
            )
        )
    run.subject = Text("输出", "the output")
    progress.step(Text("比较", "comparing"))
    comparison = compare(reports[0], reports[1], nodes=node or None, old_name=Path(old).name, new_name=Path(new).name)
    content = _content(comparison, gate, _form(form, output), screen=output == STDOUT)
    progress.done()
    if output == STDOUT:
        put(content)
    else:
        write_whole(output, content.encode() if isinstance(content, str) else content)
    run.code = comparison.exit_code


def _is_report(data: bytes) -> bool:
    """Whether it says that it is a report; whatever is wrong with it is said when it is read."""
    import orjson  # noqa: PLC0415 - keeps --version fast

    try:
        found = orjson.loads(data)
    except orjson.JSONDecodeError:
        return False
    return isinstance(found, dict) and "report" in found


def _read(data: bytes) -> "Report":
    from riskgate.report_read import read_report  # noqa: PLC0415 - comparing snapshots does without

    return read_report(data)


def _refuse_idle_options() -> None:
    """Two reports are compared as they are: what a check takes would be taken for granted, and do nothing."""
    context = click.get_current_context()
    given = [
        option
        for name, option in _FOR_SNAPSHOTS.items()
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    ]
    if given:
        listed = ", ".join(f"`{option}`" for option in given)
        message = Text(f"两边都是报告，{listed} 没有作用", f"both are reports, for which {listed} can do nothing")
        help_ = Text("给出快照，或去掉这些选项", "give a snapshot, or leave it out")
        raise ChoiceError(Problem("idle-option", message, help=help_))


def _form(asked: str | None, output: str) -> str:
    """The format that was asked for, else the one that the file's name says."""
    return asked or next((name for suffix, name in _SUFFIXES.items() if output.lower().endswith(suffix)), "table")


def _content(comparison: "Comparison", gate: "Gate | None", form: str, *, screen: bool) -> str | bytes:
    from riskgate.render.words import Labels  # noqa: PLC0415 - keeps --version fast

    if form == "json":
        return comparison.to_json()
    lang = session().lang
    labels = Labels() if gate is None else Labels.of(gate.library.lifecycle, gate.library.references)
    if form == "markdown":
        from riskgate.render.diff_markdown import diff_markdown  # noqa: PLC0415 - the same

        return diff_markdown(comparison, lang=lang, labels=labels).encode()
    from riskgate.render.diff import show_diff  # noqa: PLC0415 - the same
    from riskgate.render.page import PLAIN, Page  # noqa: PLC0415 - the same

    page = Page(lang, screen_width() if screen else PLAIN, color=screen and use_color())
    show_diff(page, comparison, labels)
    return page.text()

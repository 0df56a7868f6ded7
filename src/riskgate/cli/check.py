"""`riskgate check`: a snapshot in, a report out, the answer in the exit code."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from riskgate.cli.commands import Command, OneOf, Option, common_options, session
from riskgate.cli.output import STDOUT, Rendering, pair, write_whole
from riskgate.cli.session import put, screen_width, use_color
from riskgate.cli.values import day_in, settings_in
from riskgate.cli.waivers import read_waivers, waiver_options
from riskgate.errors import ChoiceError, Problem
from riskgate.render.formats import FORMATS, Reader, Source, render
from riskgate.render.page import PLAIN
from riskgate.text import Text
from riskgate.whole_file import read_input

if TYPE_CHECKING:
    from riskgate.gate import Gate
    from riskgate.gate import Source as Taken
    from riskgate.known import Known
    from riskgate.places import Places
    from riskgate.report import Report

_ORDER = "riskgate.cli.check.order"
ALL_NODES = Text("检查全部", "all nodes")


class CheckCommand(Command):
    """Keeps the order of `--format` and `--output`, which pairs them; click keeps it only for each option alone."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        words: list[tuple[Literal["format", "output"], str]] = []
        values, _, order = self.make_parser(ctx).parse_args(args=list(args))
        rest = {name: iter(values.get(name) or ()) for name in ("formats", "outputs")}
        for parameter in order:
            if parameter.name == "formats":
                words.append(("format", next(rest["formats"])))
            elif parameter.name == "outputs":
                words.append(("output", next(rest["outputs"])))
        ctx.meta[_ORDER] = words
        return super().parse_args(ctx, args)


def check_command() -> click.Command:
    return CheckCommand(
        name="check",
        summary=Text(
            "用规则检查一份项目快照，说明各节点能否通过。退出码：0 通过；1 不通过或受阻于前置节点；3 未核实；"
            "2 输入不能用；4 内部错误。",
            "Checks a project snapshot and says for each lifecycle node whether it may be passed. Exit codes: 0 clear; "
            "1 blocked or held; 3 unverified; 2 the input cannot be used; 4 a fault inside riskgate.",
        ),
        arguments=[("SNAPSHOT", Text("快照文件（JSON）；- 表示标准输入", "the snapshot, JSON; - is standard input"))],
        example="riskgate check snapshot.json --node N10 --format table --format json --output report.json",
        callback=_run,
        params=[click.Argument(["snapshot"]), *check_options(ALL_NODES), *common_options()],
    )


def check_options(otherwise: Text) -> list[click.Parameter]:
    """The options of everything that gives a report. `otherwise`: what is asked for without `--node`."""
    return [
        Option(
            "--node",
            Text(
                f"只问这个节点（id 或编号），可重复；不写则{otherwise.zh}。",
                f"Ask for this node only, by id or code. May be repeated; {otherwise.en} if left out.",
            ),
            metavar="ID",
            multiple=True,
        ),
        Option(
            "--due",
            Text(
                "只问到期的节点：进行中，或计划日期不晚于检查日期的，连同其前置节点。",
                "Ask for the nodes that are due: in progress, or planned on or before the date, and those before them.",
            ),
            is_flag=True,
        ),
        *waiver_options(),
        Option(
            "--set",
            Text("改一个参数的值，可重复。", "Set a parameter. May be repeated."),
            into="settings",
            metavar="[PACK.]NAME=VALUE",
            multiple=True,
        ),
        *_writing_options(),
        Option(
            "--as-of",
            Text(
                "检查日期 YYYY-MM-DD，代替快照里的日期。",
                "The date of the check, YYYY-MM-DD, instead of the snapshot's own.",
            ),
            metavar="DATE",
        ),
        *_counting_options(),
    ]


def _writing_options() -> list[click.Parameter]:
    return [
        Option(
            "--format",
            Text(
                "输出格式，可与 --output 成对重复；不写则为 table。",
                "How to write the report; repeats in pairs with --output. A table if left out.",
            ),
            into="formats",
            metavar="|".join(FORMATS),
            type=OneOf("--format", tuple(FORMATS)),
            multiple=True,
        ),
        Option(
            "--output",
            Text("写到文件，而不是标准输出。", "Write to this file instead of standard output."),
            into="outputs",
            metavar="FILE",
            multiple=True,
        ),
    ]


def _counting_options() -> list[click.Parameter]:
    """What counts against the exit code, and how much is told of gaps."""
    return [
        Option(
            "--baseline",
            Text(
                "以前的报告（JSON）：其中已有的风险不计入退出码，只有新的才拦住节点。",
                "An earlier report, JSON: risks that it has do not count against the exit code; only new ones block.",
            ),
            metavar="REPORT",
        ),
        Option(
            "--allow-unverified",
            Text("未核实的节点不计入退出码。", "Unverified and awaiting nodes do not count against the exit code."),
            is_flag=True,
        ),
        Option(
            "--ignore-upstream",
            Text("前置节点的问题不计入退出码。", "What the nodes before them do does not count against the exit code."),
            is_flag=True,
        ),
        Option(
            "--all-gaps",
            Text(
                "在 JSON 里列出缺口的全部位置，而不是前 20 处。",
                "Name every entity of a gap in the JSON, not the first 20 only.",
            ),
            is_flag=True,
        ),
    ]


def _run(*, snapshot: str, **asked: Any) -> None:
    def take(_: "Gate") -> bytes | Path:
        session().subject = Text(f"快照 {snapshot}", f"the snapshot {snapshot}")
        if snapshot == STDOUT:
            session().subject = Text("标准输入的快照", "the snapshot on standard input")
        return read_input() if snapshot == STDOUT else Path(snapshot)

    answer(snapshot, take, **asked)


def answer(
    subject: str,
    take: Callable[["Gate"], bytes | Path],
    *,
    node: tuple[str, ...],
    due: bool,
    waivers: tuple[str, ...],
    require_approvers: bool,
    settings: tuple[str, ...],
    formats: tuple[str, ...],  # noqa: ARG001 - paired with the outputs by their order, see CheckCommand
    outputs: tuple[str, ...],  # noqa: ARG001 - the same
    as_of: str | None,
    baseline: str | None,
    allow_unverified: bool,
    ignore_upstream: bool,
    all_gaps: bool,
) -> None:
    """Check the snapshot that `take` gives, write the report, set the exit code."""
    run = session()
    renderings = _renderings()
    _refuse_binary_on_screen(renderings)
    params = settings_in(settings)
    day = day_in(as_of)
    if due and node:
        message = Text("--node 与 --due 不能同时用", "--node and --due exclude each other")
        raise ChoiceError(Problem("bad-choice", message))
    progress = run.progress(click.get_current_context())
    progress.step(Text("加载规则", "loading the rules"))
    gate = run.load()
    excepted = read_waivers(gate, waivers)
    known = _baseline(baseline)
    progress.step(Text(f"检查 {subject}", f"checking {subject}"))
    source = take(gate)
    drawn = any(FORMATS[rendering.format].places for rendering in renderings)
    taken = gate.snapshot(source) if drawn else source
    report = gate.check(
        taken,
        nodes=node or None,
        due=due,
        as_of=day,
        params=params,
        waivers=excepted,
        approvers=run.approvers,
        require_approvers=require_approvers,
        baseline=known,
        allow_unverified=allow_unverified,
        ignore_upstream=ignore_upstream,
        all_gaps=all_gaps or drawn,
    )
    run.subject = Text("输出", "the output")
    named = _source(source, renderings)
    places = _places(gate, taken) if drawn else None
    short = report.shortened() if drawn and not all_gaps else report
    contents: list[tuple[Rendering, bytes]] = []
    for one in renderings:
        progress.step(Text(f"生成 {one.format}", f"making {one.format}"))
        contents.append((one, _render(report if FORMATS[one.format].places else short, one, gate, named, places)))
    for rendering, content in contents:
        if rendering.target != STDOUT:
            write_whole(rendering.target, content)
    progress.done()
    run.code = report.exit_code
    for rendering, content in contents:
        if rendering.target == STDOUT:
            put(content.decode() if rendering.format == "table" else content)


def _baseline(path: str | None) -> "Known | None":
    if path is None:
        return None
    from riskgate.known import Known  # noqa: PLC0415 - a check without a baseline does without

    session().subject = Text(f"基线 {path}", f"the baseline {path}")
    return Known.read(path)


def _places(gate: "Gate", snapshot: "Taken") -> "Places":
    """All groups and sale units, for formats that draw them."""
    from riskgate.labels import Labels  # noqa: PLC0415 - keeps --version fast
    from riskgate.places import places_of  # noqa: PLC0415 - the same

    read = gate.snapshot(snapshot)
    return places_of(read, Labels(read, gate.describer))


def _renderings() -> tuple[Rendering, ...]:
    """What `--format` and `--output` ask for; where neither is given, what the configuration does."""
    asked = click.get_current_context().meta[_ORDER]
    config = session().config
    if not asked and config is not None and config.formats:
        return tuple(Rendering(name, target) for name, target in config.formats)
    return pair(asked)


def _refuse_binary_on_screen(renderings: tuple[Rendering, ...]) -> None:
    for one in renderings:
        if one.target == STDOUT and FORMATS[one.format].binary and sys.stdout.isatty():
            message = Text(f"{one.format} 不是文字，不能显示在终端上", f"{one.format} is no text to show on a terminal")
            help_text = Text("用 --output 写到文件", "name a file with --output")
            raise ChoiceError(Problem("binary-on-screen", message, help=help_text))


def _render(
    report: "Report", rendering: Rendering, gate: "Gate", source: Source, places: "Places | None" = None
) -> bytes:
    from riskgate.render.words import Labels  # noqa: PLC0415 - keeps --version fast

    library, screen = gate.library, rendering.target == STDOUT
    reader = Reader(
        lang=session().lang,
        labels=Labels.of(library.lifecycle, library.references),
        lifecycle=library.lifecycle,
        source=source,
        packs=library.packs,
        places=places,
        width=screen_width() if screen else PLAIN,
        color=screen and use_color(),
    )
    return render(report, rendering.format, reader)


def _source(source: bytes | Path, renderings: tuple[Rendering, ...]) -> Source:
    """The snapshot's text, if a format wants to name lines of it."""
    if isinstance(source, bytes):
        return Source("", source)
    lined = any(FORMATS[rendering.format].lines for rendering in renderings)
    return Source(source.as_posix(), source.read_bytes() if lined and source.is_file() else b"")  # a pipe is empty now

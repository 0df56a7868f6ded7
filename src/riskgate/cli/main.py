"""The command `riskgate`: finds the language, runs one command, turns whatever happens into an exit code."""

import atexit
import contextlib
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click

from riskgate import __version__
from riskgate.cli.commands import LazyGroup, Maker, Option, language_options, session
from riskgate.cli.failure import UNUSABLE, report_failure
from riskgate.cli.session import LANGS, Session, language, option, put
from riskgate.collector import hold_until_exit
from riskgate.errors import RiskgateError
from riskgate.text import Text


def main() -> NoReturn:
    """The entry point of the installed command.

    The process is ours and short: without the cyclic collector a run takes about 15 % less time (see docs/decisions).
    """
    hold_until_exit()
    _open_closed_streams()
    try:
        COMMAND()
    except SystemExit as end:
        _leave(end.code)
    raise AssertionError  # the command always exits


def _leave(code: object) -> NoReturn:
    """End the process at once: taking tens of thousands of values apart, one by one, is a twentieth of a run."""
    threads = sys.modules.get("threading")
    if not isinstance(code, int) or (threads is not None and threads.active_count() > 1):
        sys.exit(code)  # type: ignore[arg-type]  # as it came
    atexit._run_exitfuncs()  # noqa: SLF001 - as the interpreter does; there is no other way to
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # what could not be written was told before
            stream.flush()
    os._exit(code)


def _open_closed_streams() -> None:
    """A shell or a service may start us with a stream closed (`>&-`): then it is one that holds and takes nothing.

    Otherwise there is no such stream at all, every use of it is a fault, and the exit code is not the verdict's.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - it lasts as long as we


class _Riskgate(LazyGroup):
    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: ARG002 - click's; the exit code is always ours
        **extra: Any,
    ) -> NoReturn:
        arguments = list(sys.argv[1:] if args is None else args)
        asked = option(arguments, "--lang") in LANGS
        run = Session(language(arguments, os.environ), asked, debug="--debug" in arguments)
        try:
            done = super().main(
                args=arguments,
                prog_name=prog_name or "riskgate",
                complete_var=complete_var,
                standalone_mode=False,
                obj=run,
                **extra,
            )
            sys.stdout.flush()
            run.keep()
        except BrokenPipeError:
            _forget_output()
            sys.exit(run.code)
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - whatever it is, the exit code must say so
            _give_up_unwritable_output()
            _settle_language(run, arguments)
            sys.exit(report_failure(error, run))
        # click gives the code of ctx.exit() (after --help), or what the command returned
        sys.exit(done if isinstance(done, int) else run.code)


def _settle_language(run: Session, arguments: Sequence[str]) -> None:
    """What is wrong with a command line that could not be parsed is said in the language of the configuration too."""
    if run.config is None and run.subject is None and "--no-config" not in arguments:
        with contextlib.suppress(RiskgateError):  # there is already something to complain of
            run.configure(option(arguments, "--config"))
        run.subject = None


def _give_up_unwritable_output() -> None:
    """What a full disk did not take would be written again at the end of the process, and spoil the exit code."""
    try:
        sys.stdout.flush()
    except OSError:
        _forget_output()


def _forget_output() -> None:
    """The reader went away; nothing more may be written, not even at the end of the process."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())


def _made_by(module: str, name: str) -> Maker:
    """Makes a command out of its module, which is imported when somebody asks for the command."""

    def make() -> click.Command:
        command: click.Command = getattr(import_module(f"riskgate.cli.{module}"), name)()
        return command

    return make


def _show_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: ARG001 - click's
    if value:
        put(f"riskgate {__version__}\n")
        ctx.exit(0)


def _run_without_command(ctx: click.Context) -> None:
    click.echo(ctx.get_help(), err=True)
    session(ctx).code = UNUSABLE


@click.pass_context
def _start(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        _run_without_command(ctx)


COMMAND = _Riskgate(
    name="riskgate",
    summary=Text(
        "按规则包检查住宅项目的快照：哪些节点可以通过，哪些不可以，为什么，由谁整改。",
        "Checks the snapshot of a residential project against rule packs: which lifecycle nodes may be passed, which "
        "may not, why, and who mends it.",
    ),
    callback=_start,
    invoke_without_command=True,
    params=[
        Option(
            "--version",
            Text("显示版本。", "Show the version."),
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_show_version,
        ),
        *language_options(),
    ],
    makers={
        "check": (
            Text("检查快照，给出结论和退出码", "check a snapshot; give the verdict and the exit code"),
            _made_by("check", "check_command"),
        ),
        "review": (
            Text(
                "从建筑模型（IFC）到图纸评审的报告", "from a building model (IFC) to the report of the drawing review"
            ),
            _made_by("reviewing", "review_command"),
        ),
        "snapshot": (
            Text("从模型、台账和别的快照做出快照", "make a snapshot from models, ledgers and other snapshots"),
            _made_by("sources", "snapshot_command"),
        ),
        "template": (
            Text("写出空白台账，填好后读回", "write an empty ledger to fill in"),
            _made_by("templates", "template_command"),
        ),
        "diff": (
            Text("比较两次检查：新增、关闭、无法再核实的风险", "compare two checks: what is new, closed, unverifiable"),
            _made_by("comparing", "diff_command"),
        ),
        "nodes": (Text("列出生命周期节点", "list the lifecycle nodes"), _made_by("listing", "nodes_command")),
        "rules": (Text("列出规则", "list the rules"), _made_by("listing", "rules_command")),
        "explain": (
            Text("说明一条规则或一个节点", "explain a rule or a node"),
            _made_by("explaining", "explain_command"),
        ),
        "test": (Text("运行规则包的用例", "run the cases of packs"), _made_by("authoring", "test_command")),
        "lint": (Text("检查规则包的写法", "look for weak spots in packs"), _made_by("authoring", "lint_command")),
        "docs": (
            Text("把规则写成可读的页面", "write the rules as pages to read"),
            _made_by("documenting", "docs_command"),
        ),
        "waivers": (
            Text(
                "审查豁免：过期、快到期、未确认、没有用到的",
                "audit waivers: expired, expiring, unconfirmed, never used",
            ),
            _made_by("waivers", "waivers_command"),
        ),
        "import": (
            Text("读回填写过的整改工作簿", "read back a workbook that people filled in"),
            _made_by("importing", "import_command"),
        ),
        "config": (
            Text("显示生效的规则和参数，各由谁定", "show the rules and parameters that count, and who says so"),
            _made_by("config", "config_command"),
        ),
        "schema": (
            Text(
                "打印 JSON Schema：快照、规则包、豁免文件、报告",
                "print the JSON Schema of a snapshot, pack, waiver file or report",
            ),
            _made_by("schema", "schema_command"),
        ),
        "completion": (
            Text("打印 Tab 补全脚本", "print the script by which a shell completes"),
            _made_by("completing", "completion_command"),
        ),
        "eval": (Text("计算一个 CEL 表达式", "evaluate a CEL expression"), _made_by("evaluating", "eval_command")),
    },
)

if __name__ == "__main__":
    main()

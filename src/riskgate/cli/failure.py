"""How a run that cannot go on says so: plain lines on standard error, in the language, and the exit code."""

import errno
import os
import sys

import click

from riskgate.cli.session import Session
from riskgate.errors import ChoiceError, Problem, RiskgateError, suggestion
from riskgate.render.escape import visible, visible_problem
from riskgate.text import Text
from riskgate.whole_file import NoFolderError

SHOWN = 50
"""So many problems are listed; the rest is a number."""
UNUSABLE = 2
FAULT = 4
INTERRUPTED = 130


def report_failure(error: BaseException, session: Session) -> int:
    """Say what went wrong; give the exit code."""
    if isinstance(error, ChoiceError):
        session.subject = None  # what was asked for cannot be had; nothing that was read is at fault
    if isinstance(error, RiskgateError):
        _say_problems(error.problems, session)
        return UNUSABLE
    if isinstance(error, click.ClickException):
        _say_problems((usage_problem(error),), session)
        context = getattr(error, "ctx", None)
        if context is not None:
            word = session.say(Text("用法：", "usage: "))
            _complain(f"{word}{context.command_path} {' '.join(context.command.collect_usage_pieces(context))}")
        return UNUSABLE
    if isinstance(error, OSError):
        _say_problems((_system_problem(error),), session)
        return UNUSABLE
    if isinstance(error, KeyboardInterrupt | click.Abort):
        _complain(session.say(Text("已中断", "interrupted")))
        return INTERRUPTED
    return _say_fault(error, session)


def _say_problems(problems: tuple[Problem, ...], session: Session) -> None:
    head = Text("命令行有误", "the command line is not right")
    if session.subject is not None:
        head = Text(f"{session.subject.zh}：不能使用", f"cannot use {session.subject.en}")
    if len(problems) > 1:
        head = Text(f"{head.zh}，共 {len(problems)} 个问题", f"{head.en}: {len(problems)} problems")
    _complain(visible(session.say(head)))
    for problem in problems[:SHOWN]:
        _complain(visible_problem(problem, session.lang))
    more = len(problems) - SHOWN
    if more > 0:
        _complain(session.say(Text(f"……另有 {more:,} 个问题", f"… and {more:,} more problems")))


def _say_fault(error: BaseException, session: Session) -> int:
    """A fault of riskgate itself: one line, or the traceback with `--debug`."""
    if session.debug:
        import traceback  # noqa: PLC0415 - only faults need it

        _complain("".join(traceback.format_exception(error)).rstrip())
    kind, detail = type(error).__name__, visible(str(error))[:200]
    _complain(
        session.say(
            Text(
                f"riskgate 内部错误（{kind}：{detail}）。加 --debug 可看到详情，请把它报告给维护者。",
                f"fault inside riskgate ({kind}: {detail}). Add --debug for the details and report them, please.",
            )
        )
    )
    return FAULT


def _complain(text: str) -> None:
    click.echo(text.encode(sys.stderr.encoding or "utf-8", "backslashreplace"), err=True)


REASONS = {
    errno.EACCES: "没有权限",
    errno.EISDIR: "这是一个文件夹",
    errno.ENOENT: "没有这样的文件或文件夹",
    errno.ENODEV: "这是设备，不是文件",
    errno.ENOSPC: "磁盘已满",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EPERM: "不允许这样做",
    errno.EROFS: "磁盘或文件夹是只读的",
    errno.ENAMETOOLONG: "名称太长",
}
"""What the system says most often, for those who do not read English."""


def _system_problem(error: OSError) -> Problem:
    name = error.filename if isinstance(error.filename, str) else ""
    reason = error.strerror or str(error)
    if isinstance(error, FileNotFoundError):
        folder = os.path.dirname(name)  # noqa: PTH120 - a Path would forget that nothing was written before the name
        if folder and not os.path.isdir(folder):  # noqa: PTH112 - as above
            message = Text(f"没有文件夹 `{folder}`（要读写 `{name}`）", f"there is no folder `{folder}`, for `{name}`")
            import shlex  # noqa: PLC0415 - most runs write where they may

            make = f"mkdir -p {shlex.quote(folder)}"
            help_text = Text(f"先新建：{make}", f"make it first: {make}") if isinstance(error, NoFolderError) else None
            return Problem("no-such-folder", message, help=help_text)
        return Problem("no-such-file", Text(f"没有文件 `{name}`", f"there is no file `{name}`"))
    where = Text(f" `{name}` ", f" `{name}`") if name else Text("这个输入或输出", " its input or output")
    known = REASONS.get(error.errno or 0, reason)
    return Problem("cannot-access", Text(f"不能读写{where.zh}：{known}", f"cannot read or write{where.en}: {reason}"))


def usage_problem(error: click.ClickException) -> Problem:
    """A mistake on the command line, in the words of every other problem."""
    if isinstance(error, click.NoSuchOption):
        known = [name for parameter in error.ctx.command.params for name in parameter.opts] if error.ctx else []
        name = error.option_name
        message = Text(f"没有选项 `{name}`", f"there is no option `{name}`")
        return Problem("unknown-option", message, help=suggestion(name, known))
    if isinstance(error, click.MissingParameter) and error.param is not None and error.ctx is not None:
        name = error.param.make_metavar(error.ctx)
        return Problem("missing-argument", Text(f"缺少 `{name}`", f"`{name}` is missing"))
    if isinstance(error, click.BadOptionUsage):
        name = error.option_name
        return Problem("missing-value", Text(f"选项 `{name}` 需要一个值", f"the option `{name}` needs a value"))
    said = error.format_message()
    return Problem("bad-usage", Text(f"命令行有误：{said}", said[:1].lower() + said[1:].rstrip(".")))

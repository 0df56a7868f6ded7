"""`riskgate docs`: the rules as pages to read."""

from pathlib import Path

import click

from riskgate.cli.commands import Command, Option, common_options, session
from riskgate.cli.failure import REASONS
from riskgate.cli.output import write_whole
from riskgate.cli.session import put
from riskgate.errors import ChoiceError, Problem
from riskgate.text import Text

DIFFERENT = 1


def docs_command() -> click.Command:
    return Command(
        name="docs",
        summary=Text(
            "把规则写成页面（Markdown，中英文）：每个规则包一页，另有按节点、对象、主题、来源、责任部门的总目。"
            "退出码：0 已写好，或与现有页面一致；1 用 --check 时页面与规则不一致；2 规则包或文件夹不能用。",
            "Writes the rules as pages (Markdown, in both languages): one a pack, and an index by node, entity, theme, "
            "source and owner. Exit codes: 0 written, or nothing to change; 1 with --check, pages differ from the "
            "rules; 2 the packs or the folder cannot be used.",
        ),
        arguments=[("FOLDER", Text("放页面的文件夹，没有就新建", "where the pages go; made if it is not there"))],
        example="riskgate docs company/handbook --packs company/rules",
        callback=_docs,
        params=[
            click.Argument(["folder"], metavar="FOLDER"),
            Option(
                "--check",
                Text(
                    "不写，只看现有页面是否与规则一致。",
                    "Write nothing: only see whether the pages are those of the rules.",
                ),
                is_flag=True,
            ),
            *common_options(),
        ],
    )


def _docs(*, folder: str, check: bool) -> None:
    from riskgate.render.handbook import MARK, handbook  # noqa: PLC0415 - keeps --version fast

    run = session()
    pages = handbook(run.load().library)
    target = Path(folder)
    if target.exists() and not target.is_dir():
        message = Text(f"`{folder}` 不是文件夹", f"`{folder}` is no folder")
        raise ChoiceError(Problem("not-a-folder", message))
    run.subject = Text(f"文件夹 {folder}", f"the folder {folder}")
    if not check:
        _make(target)
    changed = [name for name, text in pages.items() if _content(target / name) != text.encode()]
    stale = [path.name for path in sorted(target.glob("*.md")) if path.name not in pages and _is_ours(path, MARK)]
    if not check:
        for name in changed:
            write_whole(str(target / name), pages[name].encode())
    page = run.page()
    done = Text("不一致", "differs") if check else Text("已写", "written")
    rows = [(name, page.say(done)) for name in changed]
    rows += [(name, page.say(Text("多余：没有这个规则包", "left over: there is no such pack"))) for name in stale]
    page.grid(rows)
    total = Text(
        f"共 {len(pages)} 页，{len(changed)} 页{done.zh}，{len(stale)} 页多余",
        f"{len(pages)} pages, {len(changed)} {'differ' if check else 'written'}, {len(stale)} left over",
    )
    page.line(page.say(total), "head")
    run.code = DIFFERENT if check and (changed or stale) else 0
    put(page.text())


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        name = folder.as_posix()
        message = Text(
            f"不能新建文件夹 `{name}`：{REASONS.get(error.errno or 0, reason)}",
            f"the folder `{name}` cannot be made: {reason[:1].lower() + reason[1:]}",
        )
        raise ChoiceError(Problem("no-such-folder", message)) from None


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _is_ours(path: Path, mark: Text) -> bool:
    """Whether the page says that it was written here."""
    with path.open("rb") as stream:
        start = stream.read(4096)
    return any(text.encode() in start for text in mark)

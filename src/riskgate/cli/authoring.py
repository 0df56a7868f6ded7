"""`riskgate test` and `riskgate lint`: for the people who write rules."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from riskgate.cli.commands import Command, common_options, session
from riskgate.cli.session import put
from riskgate.errors import LoadError, Problem
from riskgate.text import Text

if TYPE_CHECKING:
    from riskgate.gate import Gate
    from riskgate.pack import Pack

FINDINGS = 1
_PACK = Text(
    "规则包（文件或文件夹）；不写则用 --packs 的，或自带的", "packs; those of --packs, or the bundled ones, if left out"
)


def test_command() -> click.Command:
    return Command(
        name="test",
        summary=Text(
            "运行规则包的用例，列出结果与预期不符的。退出码：0 全部相符；1 有不符；2 规则包不能用或没有用例。",
            "Runs the cases of packs and lists those that fail. Exit codes: 0 all as expected; 1 a case fails, or a "
            "pack has none; 2 the packs cannot be used, or there is no case at all.",
        ),
        arguments=[("PACK…", _PACK)],
        example="riskgate test company/rules/drawing-review",
        callback=_test,
        params=[click.Argument(["paths"], nargs=-1, metavar="[PACK]..."), *common_options()],
    )


def lint_command() -> click.Command:
    return Command(
        name="lint",
        summary=Text(
            "检查规则包的写法：缺的用例、来源、整改部门，只有一种语言的文字等。退出码：0 没有发现；1 有发现；"
            "2 规则包不能用。",
            "Looks for weak spots in packs: rules without cases, sources or owners, texts in one language only, and so "
            "on. Exit codes: 0 none; 1 some; 2 the packs cannot be used.",
        ),
        arguments=[("PACK…", _PACK)],
        example="riskgate lint company/rules/drawing-review",
        callback=_lint,
        params=[click.Argument(["paths"], nargs=-1, metavar="[PACK]..."), *common_options()],
    )


def _loaded(paths: tuple[str, ...]) -> tuple["Gate", tuple["Pack", ...]]:
    """The gate, and the packs that were asked for. Raises LoadError if there is none, or none with a rule."""
    run = session()
    named = run.packs
    run.packs = (*named, *(path for path in paths if path not in named))
    gate = run.load()
    packs = gate.library.packs
    if named and paths:
        packs = tuple(pack for pack in packs if any(_within(pack.place.file, path) for path in paths))
    if not any(pack.rules or pack.derives for pack in packs):
        message = Text("没有规则可查", "there is no rule to look at")
        raise LoadError(Problem("no-rules", message))
    return gate, packs


def _within(file: str, path: str) -> bool:
    """Whether a file was found under a path. What riskgate ships is shown as `rules/…`, and need not be there."""
    return Path(file).exists() and Path(file).resolve().is_relative_to(Path(path).resolve())


def _test(*, paths: tuple[str, ...]) -> None:
    from riskgate.cases import count_cases, each_case  # noqa: PLC0415 - keeps --version fast
    from riskgate.render.catalog import entries  # noqa: PLC0415 - the same
    from riskgate.render.results import show_results  # noqa: PLC0415 - the same

    run = session()
    progress = run.progress(click.get_current_context())
    progress.step(Text("加载规则", "loading the rules"))
    gate, packs = _loaded(paths)
    names = [pack.name for pack in packs]
    progress.step(Text("运行用例", "running cases"), count_cases(gate.plan, names))
    results = tuple(progress.counted(each_case(gate.plan, names)))
    progress.done()
    if not results:
        message = Text("没有用例可运行", "there is no case to run")
        raise LoadError(Problem("no-cases", message))
    page = run.page()
    show_results(page, packs, results)
    ran = {result.rule for result in results}
    bare = any(ran.isdisjoint(entry.id for entry in entries([pack])) for pack in packs)
    failing = sum(not result.passed for result in results)
    page.blank()
    total = Text(f"共 {len(results)} 个用例，{failing} 个不符", f"{len(results)} cases in all, {failing} failing")
    page.line(page.say(total), "head")
    run.code = FINDINGS if failing or bare else 0
    put(page.text())


def _lint(*, paths: tuple[str, ...]) -> None:
    from riskgate.lint import lint  # noqa: PLC0415 - keeps --version fast
    from riskgate.render.catalog import entries  # noqa: PLC0415 - the same
    from riskgate.render.results import show_findings  # noqa: PLC0415 - the same
    from riskgate.render.words import count  # noqa: PLC0415 - the same

    gate, packs = _loaded(paths)
    names = {entry.id for entry in entries(packs)}
    run = session()
    asked = paths or tuple(run.packs)
    findings = [
        one
        for one in lint(gate.library)
        if one.rule in names or not asked or any(_within(one.place.file, path) for path in asked)
    ]
    page = run.page()
    show_findings(page, findings)
    rules = count(len(names), "条规则", "rule")
    found = count(len(findings), "个问题", "finding")
    page.blank()
    page.line(page.say(Text(f"查了 {rules.zh}，{found.zh}", f"{rules.en} looked at, {found.en}")), "head")
    run.code = FINDINGS if findings else 0
    put(page.text())

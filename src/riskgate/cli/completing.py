"""`riskgate completion`: what a shell needs to complete commands, options, rules, nodes and files."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem, ShellComplete, get_completion_class

from riskgate.cli.commands import Command, OneOf, language_options, session
from riskgate.cli.session import put
from riskgate.text import Text

if TYPE_CHECKING:
    from riskgate.load.library import Library

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_RISKGATE_COMPLETE"
_FILES = frozenset({"FILE", "PATH", "REPORT", "[PACK]...", "SNAPSHOT...", "MODEL...", "snapshot", "old", "new", "file"})
_FOLDERS = frozenset({"FOLDER"})
_BUNDLED = "bundled"


def completion_command() -> click.Command:
    return Command(
        name="completion",
        summary=Text(
            "打印让命令行能按 Tab 补全的脚本：命令、选项、规则编号、节点、参数和文件。",
            "Prints the script by which a shell completes on Tab: commands, options, rules, nodes, parameters, files.",
        ),
        arguments=[("|".join(SHELLS), Text("用的 shell", "the shell"))],
        example="riskgate completion bash > ~/.local/share/bash-completion/completions/riskgate",
        callback=_completion,
        params=[
            click.Argument(["shell"], metavar="|".join(SHELLS), type=OneOf("completion", SHELLS)),
            *language_options(),
        ],
    )


def _completion(*, shell: str) -> None:
    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - click has a class for each of SHELLS
    root = click.get_current_context().find_root().command
    # click's own for bash starts a bash to ask for its version; whoever asks here has chosen the shell
    put(ShellComplete.source(kind(root, {}, "riskgate", VARIABLE)))


def candidates(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """What may stand for an option's value or an argument, by what it is called in the help."""
    if isinstance(param, click.Option):
        name = param.opts[0]
        known = param.metavar or ""
    else:
        name = known = param.metavar or param.name or ""
    if known in _FOLDERS:
        return [CompletionItem(incomplete, type="dir")]
    if known in _FILES:
        if len(incomplete) > 1 and _BUNDLED.startswith(incomplete) and known in {"PATH", "[PACK]..."}:
            return [CompletionItem(_BUNDLED)]
        return [CompletionItem(incomplete, type="file")]
    return [item for item in _names(ctx, name) if item.value.startswith(incomplete)]


def _names(ctx: click.Context, name: str) -> Iterator[CompletionItem]:
    """Names out of the chosen packs. Packs that cannot be read have none: completing is no place for complaints."""
    if name not in {"--node", "--theme", "--entity", "--pack", "--severity", "--set", "RULE|NODE", "[RULE|PARAMETER]"}:
        return
    library = _library(ctx)
    if name in {"--node", "RULE|NODE"}:
        for node in library.lifecycle.nodes:
            yield from _items(ctx, {node.code: node.title, node.id: node.title}.items())
    if name in {"RULE|NODE", "[RULE|PARAMETER]"}:
        for pack in library.packs:
            yield from _items(ctx, ((rule.id, rule.title) for rules in (pack.rules, pack.derives) for rule in rules))
    if name in {"--set", "[RULE|PARAMETER]"}:
        yield from _parameters(ctx, library, "=" if name == "--set" else "")
    if name == "--theme":
        yield from _items(ctx, library.references.themes.items())
    if name == "--entity" and ctx.info_name == "rules":
        yield from _items(ctx, ((kind.name, kind.title) for kind in library.vocabulary.entities.values()))
    if name == "--pack":
        yield from _items(ctx, ((pack.name, pack.title) for pack in library.packs))
    if name == "--severity":
        from riskgate.pack import SEVERITIES  # noqa: PLC0415 - keeps --version fast

        yield from map(CompletionItem, SEVERITIES)


def _parameters(ctx: click.Context, library: "Library", end: str) -> Iterator[CompletionItem]:
    """Parameters by name, or with their pack where several packs have the name."""
    names = [name for pack in library.packs for name in pack.parameters]
    for pack in library.packs:
        for name, parameter in pack.parameters.items():
            full = name if names.count(name) == 1 else f"{pack.name}.{name}"
            yield from _items(ctx, [(full + end, parameter.title)])


def _items(ctx: click.Context, named: Iterable[tuple[str, Text]]) -> Iterator[CompletionItem]:
    from riskgate.render.escape import visible  # noqa: PLC0415 - keeps --version fast

    for name, title in named:
        yield CompletionItem(name, help=visible(session(ctx).say(title)))


def _library(ctx: click.Context) -> "Library":
    from riskgate.load.library import read_library  # noqa: PLC0415 - keeps --version fast

    library, _ = read_library(session(ctx).packs or None)
    return library

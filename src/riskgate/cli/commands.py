"""Commands and options in both languages: click's, with help that knows the language of the run."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from riskgate.cli.session import LANGS, Session
from riskgate.errors import ChoiceError, Problem, suggestion
from riskgate.render.page import Page
from riskgate.text import Text

if TYPE_CHECKING:
    _Word = click.ParamType[str]
else:
    _Word = click.ParamType  # older releases are not generic

Maker = Callable[[], click.Command]


class OneOf(_Word):
    """A word out of a few. Any other is an error that lists them and guesses which was meant."""

    name = "word"

    def __init__(self, option: str, known: Sequence[str]) -> None:
        self.option = option
        self.known = tuple(known)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002 - click's
        word = str(value)
        if word not in self.known:
            listed = ", ".join(f"`{name}`" for name in self.known)
            message = Text(
                f"`{word}` 不是 {self.option} 的值：可用 {listed}",
                f"`{word}` is no value of {self.option}: there are {listed}",
            )
            raise ChoiceError(Problem("unknown-value", message, help=suggestion(word, self.known)))
        return word

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 - click's
        return [CompletionItem(word) for word in self.known if word.startswith(incomplete)]


class Named(type(click.STRING)):  # type: ignore[misc]  # click has the type, but no public name for it
    """Any text; a shell completes it by what it is called in the help: a file, a node, a rule."""

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from riskgate.cli.completing import candidates  # noqa: PLC0415 - only a shell asks for it

        return candidates(ctx, param, incomplete)


class Option(click.Option):
    """An option with its help in both languages."""

    def __init__(
        self, name: str, text: Text, *, into: str | None = None, short: str | None = None, **rest: Any
    ) -> None:
        super().__init__([one for one in (short, name, into) if one is not None], help=text.en, **rest)
        self.text = text


class Command(click.Command):
    """A command whose help says what its arguments are, and shows an example."""

    def __init__(
        self, *, summary: Text, arguments: Sequence[tuple[str, Text]] = (), example: str = "", **rest: Any
    ) -> None:
        super().__init__(**rest)
        self.summary = summary
        self.arguments = arguments
        self.example = example
        for param in self.params:
            if param.type is click.STRING:
                param.type = Named()

    def get_help(self, ctx: click.Context) -> str:
        page = session(ctx).page()
        _usage(page, self, ctx)
        page.blank()
        page.line(page.say(self.summary))
        if self.arguments:
            page.heading(page.say(Text("参数", "Arguments")))
            page.grid([(name, page.say(text)) for name, text in self.arguments], indent=2)
        _options(page, self, ctx)
        if self.example:
            page.heading(page.say(Text("例", "Example")))
            page.line(self.example, indent=2)
        return page.text().rstrip("\n")


class LazyGroup(click.Group):
    """The commands by name, each made when it is needed, in the language of the run."""

    def __init__(self, *, summary: Text, makers: Mapping[str, tuple[Text, Maker]], **rest: Any) -> None:
        super().__init__(**rest)
        self.summary = summary
        self.makers = makers

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's
        return list(self.makers)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        made = self.makers.get(cmd_name)
        return made[1]() if made else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in self.makers and not ctx.resilient_parsing:
            message = Text(f"没有命令 `{args[0]}`", f"there is no command `{args[0]}`")
            listed = ", ".join(self.makers)
            guess = suggestion(args[0], self.makers) or Text(f"可用命令：{listed}", f"the commands are {listed}")
            raise ChoiceError(Problem("unknown-command", message, help=guess))
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: click.Context) -> str:
        page = session(ctx).page()
        _usage(page, self, ctx)
        page.blank()
        page.line(page.say(self.summary))
        page.heading(page.say(Text("命令", "Commands")))
        page.grid([(name, page.say(text)) for name, (text, _) in self.makers.items()], indent=2)
        _options(page, self, ctx)
        return page.text().rstrip("\n")


def session(context: click.Context | None = None) -> Session:
    """The session of the run that is going on."""
    found = (context or click.get_current_context()).find_object(Session)
    return found if found is not None else Session()


def common_options() -> list[click.Parameter]:
    """The options of every command."""

    def keep_packs(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:  # noqa: ARG001 - click's
        run = session(ctx)
        run.packs = value or run.packs
        return value

    def keep_overlays(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:  # noqa: ARG001 - click's
        run = session(ctx)
        run.overlays = value or run.overlays
        return value

    packs = Option(
        "--packs",
        Text(
            "规则包文件、规则包文件夹，或放着若干规则包的文件夹；bundled 指自带的规则包。可重复；不写则用自带的。",
            "A pack, or a folder of packs; the word bundled stands for those that come with riskgate. May be repeated; "
            "bundled if left out.",
        ),
        metavar="PATH",
        multiple=True,
        expose_value=False,
        callback=keep_packs,
    )
    overlays = Option(
        "--overlays",
        Text(
            "覆盖文件：集团、区域、项目在规则包之上的调整。可重复；先后由层级定，与次序无关。",
            "An overlay: what a group, a region or a project sets otherwise than the packs. May be repeated; their "
            "levels give the order.",
        ),
        metavar="FILE",
        multiple=True,
        expose_value=False,
        callback=keep_overlays,
    )

    def refuse_cache(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: ARG001 - click's
        session(ctx).cache = not value

    cache = Option(
        "--no-cache",
        Text(
            "重新读取规则，不用以前读好的，也不保存。",
            "Load the rules anew: take nothing from the cache, and put nothing there.",
        ),
        is_flag=True,
        expose_value=False,
        callback=refuse_cache,
    )
    return [packs, overlays, cache, *config_options(), *language_options()]


def config_options() -> list[click.Parameter]:
    """`--config` and `--no-config`: taken before all others, for which the configuration has the values."""

    def refuse(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: ARG001 - click's
        if value and session(ctx).config is None:
            from riskgate.config import Config  # noqa: PLC0415 - keeps --version fast

            session(ctx).config = Config()
        elif value:
            _exclude()

    def take(ctx: click.Context, param: click.Parameter, value: str | None) -> None:  # noqa: ARG001 - click's
        run = session(ctx)
        if run.config is None:
            run.configure(value)
        elif value is not None:
            _exclude()

    return [
        Option(
            "--no-config",
            Text("不读配置文件。", "Read no configuration."),
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=refuse,
        ),
        Option(
            "--config",
            Text(
                "配置文件；不写则从当前文件夹往上找 riskgate.toml，或 pyproject.toml 的 [tool.riskgate]。",
                "A configuration; if left out, the nearest riskgate.toml, or pyproject.toml with [tool.riskgate], from "
                "the working directory upwards.",
            ),
            metavar="FILE",
            is_eager=True,
            expose_value=False,
            callback=take,
        ),
    ]


def _exclude() -> None:
    message = Text("--config 与 --no-config 不能同时用", "--config and --no-config exclude each other")
    raise ChoiceError(Problem("bad-choice", message))


def configured(key: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """For an option whose value, where it is not given, is that of the configuration."""

    def value_of(ctx: click.Context, param: click.Parameter, value: Any) -> Any:  # noqa: ARG001 - click's
        config = session(ctx).config
        return value if value or config is None else getattr(config, key)

    return value_of


def language_options() -> list[click.Parameter]:
    """`--lang` and `--debug`: both are read before parsing (see `language`), here they are only known and checked."""
    return [
        Option(
            "--lang",
            Text("输出语言；不写则按系统语言。", "Language of the output; by locale if left out."),
            metavar="zh|en",
            type=OneOf("--lang", LANGS),
            expose_value=False,
        ),
        Option(
            "--debug",
            Text("riskgate 内部出错时显示详情。", "Show the traceback of a fault inside riskgate."),
            is_flag=True,
            expose_value=False,
        ),
    ]


def _usage(page: Page, command: click.Command, ctx: click.Context) -> None:
    pieces = " ".join(command.collect_usage_pieces(ctx))
    page.line(f"{page.say(Text('用法：', 'Usage: '))}{ctx.command_path} {pieces}", "head", hang=4)


def _options(page: Page, command: click.Command, ctx: click.Context) -> None:
    rows = []
    for param in command.get_params(ctx):
        record = param.get_help_record(ctx)
        if record is not None and isinstance(param, click.Option):
            text = param.text if isinstance(param, Option) else Text("显示帮助。", "Show this help.")
            rows.append((record[0], page.say(text)))
    page.heading(page.say(Text("选项", "Options")))
    page.grid(rows, indent=2)

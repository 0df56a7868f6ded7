"""What one run of the command line knows from the start: its language, its streams, what it is reading."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from riskgate.render.escape import visible
from riskgate.render.page import PLAIN, Page
from riskgate.text import Lang, Text

if TYPE_CHECKING:
    import click

    from riskgate.cli.progress import Progress
    from riskgate.config import Config
    from riskgate.gate import Gate

LANGS: tuple[Lang, ...] = ("zh", "en")


@dataclass
class Session:
    """One run. `subject` is what is being read, named in the first line of an error; None is the command line itself.
    `code` is the exit code so far, `approvers` the company's list of who may approve waivers (name to role). `config`
    is what `riskgate.toml` says, None as long as nobody has looked; what the command line says counts before it. With
    `cache`, rules may come from the cache of the user, and `keep` puts those of `gate` there.
    """

    lang: Lang = "en"
    lang_asked: bool = False
    debug: bool = False
    packs: tuple[str, ...] = ()
    overlays: tuple[str, ...] = ()
    config: "Config | None" = None
    approvers: Mapping[str, str] = field(default_factory=dict)
    cache: bool = True
    gate: "Gate | None" = None
    subject: Text | None = None
    code: int = 0

    def say(self, text: Text) -> str:
        return text.to(self.lang)

    def page(self) -> Page:
        """An empty page for standard output: as wide as the terminal, coloured only on one."""
        return Page(self.lang, screen_width(), color=use_color())

    def configure(self, path: str | None = None) -> None:
        """Take over a configuration: that in a file, or the nearest one; or none. Raises LoadError."""
        from riskgate import config  # noqa: PLC0415 - keeps --version fast

        self.subject = Text("配置", "the configuration")
        found = path if path is not None else config.find()
        if found is not None:
            self.subject = Text(f"配置 {found}", f"the configuration {found}")
        self.config = config.Config() if found is None else config.read(found)
        self.subject = None
        self.packs = self.config.packs
        self.overlays = self.config.overlays
        self.approvers = self.config.approvers
        if self.config.lang is not None and not self.lang_asked:
            self.lang = self.config.lang

    def progress(self, context: "click.Context") -> "Progress":
        """Shows what a long run is doing, until it says that it is done or its command ends."""
        from riskgate.cli.progress import Progress  # noqa: PLC0415 - keeps --version fast

        return context.with_resource(Progress(self.lang))

    def load(self) -> "Gate":
        """The gate of the chosen packs and overlays. Raises LoadError."""
        from riskgate.gate import Gate  # noqa: PLC0415 - loading is the dear part of a start

        if self.config is not None and self.config.path and sys.stderr.isatty():
            used = Text(f"使用配置 {self.config.path}", f"using the configuration {self.config.path}")
            print(visible(self.say(used)), file=sys.stderr)
        named = "、".join(self.packs), ", ".join(self.packs)
        subject = (
            Text(f"规则 {named[0]}", f"the rules of {named[1]}")
            if self.packs
            else Text("自带规则", "the bundled rules")
        )
        if self.overlays:
            over = "、".join(self.overlays), ", ".join(self.overlays)
            subject = Text(f"{subject.zh}（覆盖文件 {over[0]}）", f"{subject.en} with {over[1]}")
        self.subject = subject
        folder = None
        if self.cache and not os.environ.get("RISKGATE_NO_CACHE"):
            from riskgate.cache import own_folder  # noqa: PLC0415 - the same

            folder = own_folder(os.environ)
        self.gate = Gate.load(*self.packs, overlays=self.overlays, cache=folder or False)
        return self.gate

    def keep(self) -> None:
        """Put what was loaded into the cache, at the end of a run that worked: nobody waits for it then."""
        if self.gate is not None:
            self.gate.keep()


def option(arguments: Sequence[str], name: str) -> str | None:
    """The value of an option wherever it stands, before anything is parsed."""
    for index, word in enumerate(arguments):
        if word == "--":
            break
        if word == name and index + 1 < len(arguments):
            return arguments[index + 1]
        if word.startswith(f"{name}="):
            return word.partition("=")[2]
    return None


def language(arguments: Sequence[str], environment: Mapping[str, str]) -> Lang:
    """The language of this run: `--lang` wherever it stands, else the locale; known before anything is parsed,
    because errors about the command line are worded in it too. A configuration may know better."""
    asked = option(arguments, "--lang")
    if asked in LANGS:
        return "zh" if asked == "zh" else "en"
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return "zh" if environment[name].lower().startswith("zh") else "en"
    return "en"


def screen_width() -> int:
    """The columns of the terminal, or a fixed number where there is none."""
    if not sys.stdout.isatty():
        return PLAIN
    import shutil  # noqa: PLC0415 - only terminals need it

    return shutil.get_terminal_size((PLAIN, 24)).columns


def use_color() -> bool:
    """Colour only on a terminal that can show it, unless NO_COLOR is set (to anything but nothing)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def put(content: str | bytes) -> None:
    """Write a result to standard output. JSON is UTF-8 whatever the locale; in a text, characters that the stream
    cannot show become escapes rather than an error."""
    if isinstance(content, str):
        encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
        content = content.encode(encoding, "backslashreplace")
    _bytes_of(sys.stdout).write(content)
    sys.stdout.flush()


def _bytes_of(stream: object) -> BinaryIO:
    sys.stdout.flush()
    buffer: BinaryIO = getattr(stream, "buffer")  # noqa: B009 - a text stream need not declare it
    return buffer

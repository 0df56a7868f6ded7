"""What one run of the command line knows from the start: its language, its streams, what it is reading."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from riskgate.render.page import PLAIN, Page
from riskgate.text import Lang, Text

if TYPE_CHECKING:
    from riskgate.gate import Gate

LANGS: tuple[Lang, ...] = ("zh", "en")


@dataclass
class Session:
    """One run. `subject` is what is being read, named in the first line of an error; None is the command line itself.
    `code` is the exit code so far, `approvers` the company's list of who may approve waivers (name to role)."""

    lang: Lang = "en"
    debug: bool = False
    packs: tuple[str, ...] = ()
    approvers: Mapping[str, str] = field(default_factory=dict)
    subject: Text | None = None
    code: int = 0

    def say(self, text: Text) -> str:
        return text.to(self.lang)

    def page(self) -> Page:
        """An empty page for standard output: as wide as the terminal, coloured only on one."""
        return Page(self.lang, screen_width(), color=use_color())

    def load(self) -> "Gate":
        """The gate of the chosen packs. Raises LoadError."""
        from riskgate.gate import Gate  # noqa: PLC0415 - loading is the dear part of a start

        named = "、".join(self.packs), ", ".join(self.packs)
        self.subject = (
            Text(f"规则 {named[0]}", f"the rules of {named[1]}")
            if self.packs
            else Text("自带规则", "the bundled rules")
        )
        return Gate.load(*self.packs)


def language(arguments: Sequence[str], environment: Mapping[str, str]) -> Lang:
    """The language of this run: `--lang` wherever it stands, else the locale; known before anything is parsed,
    because errors about the command line are worded in it too."""
    for index, word in enumerate(arguments):
        if word == "--":
            break
        value = arguments[index + 1] if word == "--lang" and index + 1 < len(arguments) else word.partition("=")[2]
        if word.partition("=")[0] == "--lang" and value in LANGS:
            return "zh" if value == "zh" else "en"
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

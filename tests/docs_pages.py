"""Pages of the documentation as programs.

A page is played from top to bottom in an empty folder in which `examples` is there:

- ```` ```yaml title="NAME" ```` and ```` ```json title="NAME" ````: the block is written to the file NAME;
- ```` ```python ````: the block is run; one page is one program, and the ```` ```text ```` block right after is what it
  prints;
- ```` ```console ````: each line `$ riskgate …` is run, the lines after it are what it prints. `| head -n N` and
  `; echo $?` may follow the command. Pages ending in `.zh.md` are played in a Chinese locale, all others in an English
  one.

    python tests/docs_pages.py

plays every page and writes what was really printed into it. Look at the difference before committing it.
"""

import contextlib
import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from click.testing import CliRunner

from riskgate.cli.main import COMMAND

ROOT = Path(__file__).resolve().parent.parent
PAGES = tuple(sorted([*ROOT.glob("README*.md"), *ROOT.glob("docs/**/*.md")]))
BLOCK = re.compile(r"^```(?P<kind>\w+)(?: title=\"(?P<name>[^\"\n]+)\")?\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
LINE = re.compile(r"\$ (?P<command>riskgate .*?)(?: \| head -n (?P<head>\d+))?(?P<code>; echo \$\?)?\Z")
FILES = frozenset({"yaml", "json"})


@dataclass
class Stage:
    """The folder in which one page is played, and the names that its Python blocks have made."""

    folder: Path
    lang: str
    names: dict[str, object] = field(default_factory=lambda: {"__name__": "page"})

    def write(self, name: str, body: str) -> None:
        target = self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(body, encoding="utf-8")

    def python(self, body: str, where: str) -> str:
        """What a block prints."""
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(body, where, "exec", dont_inherit=True), self.names)  # noqa: S102 - our own pages
        return printed.getvalue()

    def console(self, body: str) -> str:
        """The commands of a block with what they print."""
        shown: list[str] = []
        for line in body.splitlines():
            if line.startswith("$ "):
                shown += [line, *self.command(line)]
        return "".join(f"{line}\n" for line in shown)

    def command(self, line: str) -> list[str]:
        match = LINE.match(line)
        if match is None:
            raise ValueError(f"a page cannot run this line: {line}")
        locale = "zh_CN.UTF-8" if self.lang == "zh" else "en_US.UTF-8"
        runner = CliRunner(env={"LC_ALL": locale, "RISKGATE_NO_CACHE": "1"})
        told = runner.invoke(COMMAND, shlex.split(match["command"])[1:])
        printed = [line.rstrip() for line in told.output.splitlines()]
        head = int(match["head"] or len(printed))
        return [*printed[:head], *([str(told.exit_code)] if match["code"] else [])]


def play(page: Path, folder: Path) -> str:
    """The text of a page, with what its blocks really print. The current folder must be `folder`."""
    (folder / "examples").symlink_to(ROOT / "examples")
    stage = Stage(folder, "zh" if page.name.endswith(".zh.md") else "en")
    text = page.read_text(encoding="utf-8")
    parts: list[str] = []
    end = 0
    printed = ""  # by the Python block just before, not yet shown
    for match in BLOCK.finditer(text):
        parts.append(text[end : match.start()])
        end = match.end()
        kind, name, body = match["kind"], match["name"], match["body"]
        where = f"{page.relative_to(ROOT).as_posix()}, line {text.count(chr(10), 0, match.start()) + 1}"
        shows = kind == "text" and printed and not parts[-1].strip()
        if printed and not shows:
            raise ValueError(f"{where}: the page does not show what the block before prints:\n{printed}")
        if shows:
            body, printed = printed, ""
        elif kind in FILES and name is not None:
            stage.write(name, body)
        elif kind == "python":
            printed = stage.python(body, where)
        elif kind == "console":
            body = stage.console(body)
        title = f' title="{name}"' if name else ""
        parts.append(f"```{kind}{title}\n{body}```")
    if printed:
        raise ValueError(f"{page.name}: the page does not show what its last block prints:\n{printed}")
    return "".join([*parts, text[end:]])


@contextlib.contextmanager
def empty_folder() -> Iterator[Path]:
    """An empty current folder for the length of the block."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as name:
        os.chdir(name)
        try:
            yield Path(name)
        finally:
            os.chdir(before)


def refresh(pages: tuple[Path, ...]) -> None:
    for page in pages:
        with empty_folder() as folder:
            played = play(page, folder)
        if played != page.read_text(encoding="utf-8"):
            page.write_text(played, encoding="utf-8")


if __name__ == "__main__":
    chosen = tuple(Path(name).resolve() for name in sys.argv[1:])
    refresh(chosen or PAGES)

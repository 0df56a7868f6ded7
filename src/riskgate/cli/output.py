"""Where reports go: pairs of `--format` and `--output`, and files that are whole or not there."""

import os
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from riskgate.errors import ChoiceError, Problem
from riskgate.record import record
from riskgate.render.formats import by_suffix
from riskgate.text import Text
from riskgate.whole_file import NoFolderError

LISTS = ("table", "json")
"""The formats of lists of nodes and rules."""
STDOUT = "-"


@record
class Rendering:
    """A report in one format, for one file; `-` is standard output."""

    format: str
    target: str = STDOUT


def pair(words: Iterable[tuple[Literal["format", "output"], str]]) -> tuple[Rendering, ...]:
    """The renderings that `--format` and `--output` ask for, in the order in which they stand on the command line.

    An output belongs to the format before it, or to the one right behind it; a format without one goes to standard
    output; an output without a format is what its name ends in, else a table. Raises ChoiceError if two
    renderings have one target.
    """
    found: list[Rendering] = []
    waiting: tuple[Literal["format", "output"], str] | None = None
    for kind, value in words:
        if waiting is not None and waiting[0] != kind:
            found.append(Rendering(value, waiting[1]) if kind == "format" else Rendering(waiting[1], value))
            waiting = None
            continue
        if waiting is not None:
            found.append(_alone(*waiting))
        waiting = (kind, value)
    if waiting is not None:
        found.append(_alone(*waiting))
    found = found or [Rendering("table")]
    _refuse_doubled([rendering.target for rendering in found])
    return tuple(found)


def _alone(kind: str, value: str) -> Rendering:
    if kind == "format":
        return Rendering(value)
    return Rendering(by_suffix(value), value)


def _refuse_doubled(targets: Sequence[str]) -> None:
    seen: set[str] = set()
    for target in targets:
        key = target if target == STDOUT else os.path.realpath(target)
        if key in seen:
            where = Text("标准输出", "standard output") if target == STDOUT else Text.of(f"`{target}`")
            message = Text(f"两种格式都要写到{where.zh}", f"two formats would go to {where.en}")
            raise ChoiceError(
                Problem(
                    "doubled-output",
                    message,
                    help=Text("给每个 --format 一个 --output", "give each --format its own --output"),
                )
            )
        seen.add(key)


def write_whole(target: str, content: bytes) -> None:
    """Write a file so that a reader sees the old content or all of the new one. Raises OSError, NoFolderError where
    nobody has made its folder.

    Links are followed; what is no plain file (a pipe, `/dev/stderr`) is written to directly.
    """
    path = Path(os.path.realpath(target))
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        mode = None
    if mode is not None and not stat.S_ISREG(mode):
        with path.open("wb") as stream:
            stream.write(content)
        return
    import tempfile  # noqa: PLC0415 - a report on standard output does without

    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        kind = NoFolderError if isinstance(error, FileNotFoundError) else type(error)
        raise kind(error.errno, error.strerror, target) from error
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(stat.S_IMODE(mode) if mode is not None else 0o666 & ~_umask())
        Path(temporary).replace(path)
    except BaseException:  # an interrupt too: no half-written file stays beside the target
        Path(temporary).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

"""Finding a configuration, and reading it into a value."""

import os
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from types import MappingProxyType

from riskgate.errors import LoadError, Place, Problem
from riskgate.record import record
from riskgate.text import Lang, Text
from riskgate.waiver import Role
from riskgate.whole_file import read_whole

NAME = "riskgate.toml"
PYPROJECT = "pyproject.toml"
MAX_BYTES = 1_000_000


@record
class Config:
    """What a configuration says. Paths are as they can be opened: those in the file are relative to its folder.

    Empty tuples and None stand for what it does not say. `formats` are pairs of format and file (`-`: standard output).
    """

    path: str = ""
    packs: tuple[str, ...] = ()
    overlays: tuple[str, ...] = ()
    waivers: tuple[str, ...] = ()
    approvers: Mapping[str, Role] = field(default_factory=lambda: MappingProxyType({}))
    require_approvers: bool = False
    lang: Lang | None = None
    formats: tuple[tuple[str, str], ...] = ()


def find(folder: str | os.PathLike[str] = ".") -> Path | None:
    """The nearest configuration from a folder upwards; None if there is none.

    Raises LoadError if a folder has two.
    """
    start = Path(folder).absolute()
    for here in (start, *start.parents):
        own, project = here / NAME, here / PYPROJECT
        found = [path for path in (own, project) if path.is_file() and (path is own or _has_section(path))]
        if len(found) > 1:
            one, other = (_shown(path) for path in found)
            message = Text(f"同一文件夹有两份配置：`{one}` 和 `{other}`", f"two configurations: `{one}` and `{other}`")
            help_text = Text("请只留一份，或用 --config 指定。", "keep one of them, or name one with --config.")
            raise LoadError(Problem("two-of-a-kind", message, Place(one), help_text))
        if found:
            return Path(_shown(found[0]))
    return None


def read(path: str | os.PathLike[str]) -> Config:
    """The configuration in a file: the whole of it, or `[tool.riskgate]` if it is called `pyproject.toml`.

    Raises LoadError with every problem.
    """
    from riskgate.config.values import ConfigReader  # noqa: PLC0415 - a start without a configuration does without

    file = Path(path)
    data = _bytes_of(file)
    reader = ConfigReader.of(data, file.as_posix(), section=("tool", "riskgate") if file.name == PYPROJECT else ())
    config = Config(
        path=file.as_posix(),
        packs=reader.paths("packs", keep=("bundled",)),
        overlays=reader.paths("overlays"),
        waivers=reader.paths("waivers"),
        approvers=MappingProxyType(reader.approvers()),
        require_approvers=reader.boolean("require_approvers"),
        lang=reader.lang(),
        formats=reader.formats(),
    )
    reader.finish()
    return config


def _has_section(path: Path) -> bool:
    """Whether a `pyproject.toml` speaks of riskgate; most do not, and need not be parsed (or even be sound)."""
    data = _bytes_of(path)
    if b"riskgate" not in data:
        return False
    from riskgate.config.values import ConfigReader  # noqa: PLC0415 - the same

    return ConfigReader.mentions(data, path.as_posix(), ("tool", "riskgate"))


def _bytes_of(path: Path) -> bytes:
    shown = path.as_posix()
    try:
        data = read_whole(path) if path.stat().st_size <= MAX_BYTES else None
    except FileNotFoundError:
        message = Text(f"没有文件 `{shown}`", f"there is no file `{shown}`")
        raise LoadError(Problem("no-such-file", message, Place(shown))) from None
    except OSError as error:
        reason = error.strerror or str(error)
        message = Text(f"无法读取 `{shown}`（{reason}）", f"cannot read `{shown}` ({reason})")
        raise LoadError(Problem("cannot-read", message, Place(shown))) from None
    if data is None:
        message = Text(f"`{shown}` 超过 {MAX_BYTES:,} 字节", f"`{shown}` has more than {MAX_BYTES:,} bytes")
        raise LoadError(Problem("file-too-large", message, Place(shown)))
    return data


def _shown(path: Path) -> str:
    """The path as seen from the working directory, where it is there or above."""
    return Path(os.path.relpath(path)).as_posix()

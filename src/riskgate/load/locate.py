"""Which files make up a library: from the paths a caller gives to packs and the files beside them."""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from riskgate.errors import Place, Problem
from riskgate.load.source import MAX_BYTES, too_large
from riskgate.text import Text

BUNDLED = "bundled"
SUFFIXES = (".yaml", ".yml")
Kind = Literal["lifecycle", "vocabulary", "references"]
KINDS: tuple[Kind, ...] = ("lifecycle", "vocabulary", "references")
DEEP = 4
"""So many folders down we look for rules that lie too deep to be read, to say so."""
HEAD = "pack"
SOURCES = "sources"
"""The folder of mappings: how models and ledgers become snapshots. It holds no rules; who needs it reads it."""
MAPPINGS = frozenset({"ifc", "ledgers"})
"""The mappings that may be in it: any other YAML file there is taken for rules that would not be read."""


@dataclass(eq=False, repr=False)
class File:
    """A file and the name it is shown under: as the caller gave it, or from `rules/` on for what riskgate ships."""

    path: Path
    shown: str
    _read: tuple[bytes | None, Problem | None] | None = field(default=None, init=False)

    def read(self) -> tuple[bytes | None, Problem | None]:
        """The bytes of a regular file that is not too large, or why there are none: read once, then always the same."""
        if self._read is None:
            self._read = self._fetch()
        return self._read

    def _fetch(self) -> tuple[bytes | None, Problem | None]:
        try:
            status = self.path.stat()
            if not stat.S_ISREG(status.st_mode):
                return None, _not_a_file(self.shown)
            if status.st_size > MAX_BYTES:
                return None, too_large(self.shown, status.st_size)
            return self.path.read_bytes(), None
        except (OSError, ValueError) as error:
            return None, _unreadable(self.shown, error)


@dataclass(eq=False, repr=False)
class PackFiles:
    """The files of one pack in name order; `head` is None in a folder without one."""

    shown: str
    head: File
    files: tuple[File, ...]


@dataclass(eq=False, repr=False)
class Found:
    """What lies under the given paths."""

    packs: list[PackFiles] = field(default_factory=list)
    beside: dict[Kind, list[File]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    problems: list[Problem] = field(default_factory=list)


def bundled_path() -> Path:
    """The folder of the rules that riskgate ships: in the installed package, or in the source checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "rules"
    return installed if installed.is_dir() else package.parents[1] / "rules"


def locate(paths: Sequence[str | Path] | None) -> Found:
    """The files that `paths` stand for. None, like the word `bundled`, stands for what riskgate ships."""
    found = Found()
    seen: set[str] = set()
    bundled = Found()
    for given in (BUNDLED,) if paths is None else paths:
        path, shown = (bundled_path(), "rules") if given == BUNDLED else (Path(given), Path(given).as_posix())
        real = os.path.realpath(path)
        if real in seen:
            continue
        seen.add(real)
        into = bundled if given == BUNDLED else found
        before = _taken(into)
        _search(into, path, shown)
        if _taken(into) == before:  # named, and nothing there: beside other packs nobody would notice
            into.problems.append(_nothing([given]))
    for kind in KINDS:
        if not found.beside[kind]:
            found.beside[kind] = bundled.beside[kind] or [File(bundled_path() / f"{kind}.yaml", f"rules/{kind}.yaml")]
    found.packs = bundled.packs + found.packs
    found.problems += bundled.problems
    for kind, files in found.beside.items():
        if len(files) > 1:
            names = [file.shown for file in files]
            found.problems += [_two(kind, name, names[0]) for name in names[1:]]
    if not found.packs and not found.problems:
        found.problems.append(_nothing(paths or ()))
    return found


def _taken(found: Found) -> int:
    """How much was found so far: packs, files beside them, and reasons why something was not taken."""
    return len(found.packs) + len(found.problems) + sum(len(files) for files in found.beside.values())


def _search(found: Found, path: Path, shown: str) -> None:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            _folder(found, path, shown)
        else:
            _file(found, File(path, shown))
    except (OSError, ValueError) as error:
        found.problems.append(_unreadable(shown, error))


def _folder(found: Found, path: Path, shown: str) -> None:
    """A pack folder, or a folder of packs."""
    if _pack_folder(found, path, shown):
        return
    for entry in _entries(path):
        name = f"{shown}/{entry.name}"
        if not entry.is_dir():
            if _is_yaml(entry):
                _file(found, File(entry, name))
            elif _was_yaml(entry):
                found.problems.append(_misnamed(name))
        elif _is_yaml(entry):
            found.problems.append(_not_a_file(name))
        elif _pack_folder(found, entry, name):
            continue
        elif _has_yaml(entry) and not _mappings(entry):
            message = Text(f"文件夹 `{name}` 里没有 pack.yaml", f"the folder `{name}` has no pack.yaml")
            help_text = Text("规则包文件夹要有 pack.yaml。", "a pack folder needs a pack.yaml.")
            found.problems.append(Problem("no-pack-head", message, Place(name), help_text))
        else:
            found.problems += [
                _misnamed(f"{name}/{below.name}") for below in _entries(entry) if _was_yaml(below) and below.is_file()
            ]
            found.problems += [_too_deep(f"{name}/{below}") for below in _folders_with(entry, _is_head)]


def _pack_folder(found: Found, path: Path, shown: str) -> bool:
    """Takes a folder that holds a `pack.yaml`; its other files are parts of the pack."""
    entries = _entries(path)
    heads = [entry for entry in entries if _is_head(entry)]
    if not heads:
        return False
    parts: list[File] = []
    head = File(heads[0], f"{shown}/{heads[0].name}")
    for entry in entries:
        name = f"{shown}/{entry.name}"
        if entry.is_dir():
            if _is_yaml(entry):
                found.problems.append(_not_a_file(name))
            elif _has_yaml(entry) or any(_folders_with(entry, _is_yaml)):
                message = Text(
                    f"规则包里的文件夹 `{name}` 不会被读取", f"the folder `{name}` within a pack is not read"
                )
                help_text = Text("请把文件直接放在规则包文件夹里。", "put the files directly into the pack's folder.")
                found.problems.append(Problem("nested-folder", message, Place(name), help_text))
        elif _is_yaml(entry):
            kind = _kind(entry)
            if kind is None:
                parts.append(head if entry is heads[0] else File(entry, name))
            else:
                found.beside[kind].append(File(entry, name))
        elif _was_yaml(entry):
            found.problems.append(_misnamed(name))
    if len(heads) > 1:
        names = [f"{shown}/{head.name}" for head in heads]
        found.problems.append(_two("pack.yaml", names[1], names[0]))
    found.packs.append(PackFiles(shown, head, tuple(parts)))
    return True


def _file(found: Found, file: File) -> None:
    kind = _kind(file.path)
    if kind is None:
        found.packs.append(PackFiles(file.shown, file, (file,)))
    else:
        found.beside[kind].append(file)


def _kind(path: Path) -> Kind | None:
    return next((kind for kind in KINDS if path.stem == kind and _is_yaml(path)), None)


def _entries(path: Path) -> list[Path]:
    return sorted((entry for entry in path.iterdir() if not entry.name.startswith(".")), key=lambda entry: entry.name)


def _is_yaml(path: Path) -> bool:
    """Whether a file is ours to read by its name. Systems that do not tell case apart write `RULES.YAML`."""
    return path.suffix.lower() in SUFFIXES


def _was_yaml(path: Path) -> bool:
    """Whether a name would be ours without its end: `rules.yaml.txt`, as some editors save it, or `rules.yml.bak`."""
    return any(suffix.lower() in SUFFIXES for suffix in path.suffixes[:-1]) and not _is_yaml(path)


def _is_head(path: Path) -> bool:
    return path.stem == HEAD and _is_yaml(path)


def _folders_with(path: Path, wanted: Callable[[Path], bool]) -> Iterator[str]:
    """The folders below one, itself left out, that hold a file which nobody reads where it is."""
    for folder, folders, files in os.walk(path):
        below = Path(folder).relative_to(path)
        folders[:] = sorted(name for name in folders if not name.startswith(".")) if len(below.parts) < DEEP else []
        if below.parts and any(wanted(Path(name)) for name in files):
            yield below.as_posix()


def _has_yaml(path: Path) -> bool:
    try:
        return any(_is_yaml(entry) for entry in _yaml_candidates(path))
    except OSError:
        return True  # a folder that cannot be looked into may hold rules: say so rather than pass it over


def _mappings(path: Path) -> bool:
    """Whether a folder holds mappings of sources and nothing else."""
    return path.name == SOURCES and all(e.stem in MAPPINGS for e in _entries(path) if _is_yaml(e))


def _yaml_candidates(path: Path) -> Iterator[Path]:
    yield from _entries(path)


def _too_deep(shown: str) -> Problem:
    return Problem(
        "too-deep",
        Text(f"规则包 `{shown}` 放得太深，不会被读取", f"the pack `{shown}` lies too deep to be read"),
        Place(shown),
        Text("只找下一层：请把它上移，或直接指明它。", "one level is searched: move it up, or name it itself."),
    )


def _not_a_file(shown: str) -> Problem:
    return Problem(
        "not-a-file",
        Text(f"`{shown}` 不是普通文件", f"`{shown}` is not an ordinary file"),
        Place(shown),
        Text("以 .yaml 结尾的应当是文件。", "what ends with .yaml should be a file."),
    )


def _misnamed(shown: str) -> Problem:
    return Problem(
        "misnamed-file",
        Text(f"文件 `{shown}` 不会被读取", f"the file `{shown}` is not read"),
        Place(shown),
        Text(
            "规则文件的名称以 .yaml 或 .yml 结尾：请改名；不用的请移走。",
            "names of rule files end with .yaml or .yml: rename it, or move it elsewhere if it is not for use.",
        ),
    )


def _unreadable(shown: str, error: OSError | ValueError) -> Problem:
    if isinstance(error, FileNotFoundError):
        return Problem("no-such-file", Text(f"找不到 `{shown}`", f"`{shown}` does not exist"), Place(shown))
    if isinstance(error, PermissionError):
        return Problem("cannot-read", Text(f"没有权限读取 `{shown}`", f"no permission to read `{shown}`"), Place(shown))
    reason = (error.strerror if isinstance(error, OSError) else None) or "?"
    return Problem(
        "cannot-read", Text(f"无法读取 `{shown}`（{reason}）", f"cannot read `{shown}` ({reason})"), Place(shown)
    )


def _two(kind: str, second: str, first: str) -> Problem:
    message = Text(f"有两个 {kind}：`{first}` 和 `{second}`", f"there are two of {kind}: `{first}` and `{second}`")
    return Problem("two-of-a-kind", message, Place(second), Text("只能有一个。", "there can be only one."))


def _nothing(paths: Sequence[str | Path]) -> Problem:
    listed = ", ".join(f"`{path}`" for path in paths)
    message = Text(
        f"没有找到任何规则包（{listed}）", f"no pack was found ({listed})" if listed else "no pack was named"
    )
    help_text = Text(
        "规则包是一个 YAML 文件，或含有 pack.yaml 的文件夹。", "a pack is a YAML file, or a folder with a pack.yaml."
    )
    return Problem("nothing-loaded", message, Place(), help_text)

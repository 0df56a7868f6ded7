"""The values of a configuration: each of the known keys checked, every problem with its line."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any, cast

from riskgate.errors import LoadError, Place, Problem, suggestion
from riskgate.text import Lang, Text
from riskgate.waiver import ROLES, Role

KEYS = ("packs", "overlays", "waivers", "approvers", "require_approvers", "lang", "formats")
LANGS = ("zh", "en")
STDOUT = "-"
_AT = re.compile(r"\(at line (\d+), column (\d+)\)")
_HEADER = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]\s*(?:#.*)?$")
_KEY = re.compile(r"\s*(\"[^\"]*\"|'[^']*'|[A-Za-z0-9_-]+)\s*[=.]")


@dataclass(eq=False, repr=False)
class ConfigReader:
    """One configuration on its way to values. Problems are gathered; `finish` raises them together."""

    file: str
    text: str
    section: tuple[str, ...]
    values: Mapping[str, Any]
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def of(cls, data: bytes, file: str, section: tuple[str, ...] = ()) -> "ConfigReader":
        """Raises LoadError for a file that is no TOML."""
        text, values = _parsed(data, file)
        for name in section:
            values = values.get(name, {})
        found = cls(file, text, section, values if isinstance(values, Mapping) else {})
        if not isinstance(values, Mapping):
            found.wrong((), Text("一个表", "a table"), values)
        for key in found.values:
            if key not in KEYS:
                message = Text(f"不认识 `{key}` 这一项", f"unknown key `{key}`")
                found.add("unknown-key", (key,), message, _key_help(key))
        return found

    @staticmethod
    def mentions(data: bytes, file: str, section: Sequence[str]) -> bool:
        """Whether the file has the section. Raises LoadError for a file that is no TOML."""
        _, values = _parsed(data, file)
        for name in section:
            if not isinstance(values, Mapping) or name not in values:
                return False
            values = values[name]
        return True

    def finish(self) -> None:
        if self.problems:
            raise LoadError(self.problems)

    def add(self, code: str, path: Sequence[str], message: Text, help_text: Text | None = None) -> None:
        line = self._line(path)
        self.problems.append(Problem(code, message, Place(self.file, line, 1 if line else 0), help_text))

    def wrong(self, path: Sequence[str], expected: Text, value: object, help_text: Text | None = None) -> None:
        name = ".".join(path) or ".".join(self.section)
        found = str(value)[:60]
        message = Text(
            f"`{name}` 应当是{expected.zh}，不是 `{found}`", f"`{name}` must be {expected.en}, not `{found}`"
        )
        self.add("wrong-type", path, message, help_text)

    def paths(self, key: str, keep: Sequence[str] = ()) -> tuple[str, ...]:
        """A list of paths, from the folder of the file; the words in `keep` stay as they are."""
        listed = self.values.get(key, [])
        if not isinstance(listed, list):
            example = Text(f'请写成 {key} = ["…"]。', f'write {key} = ["…"].')
            self.wrong((key,), Text("列表", "a list"), listed, example if isinstance(listed, str) else None)
            return ()
        found = []
        for one in listed:
            if not isinstance(one, str) or not one.strip() or "\0" in one:
                self.wrong((key,), Text("路径的列表", "a list of paths"), one)
            elif one in keep:
                found.append(one)
            else:
                found.append((Path(self.file).parent / one).as_posix())
        return tuple(dict.fromkeys(found))

    def boolean(self, key: str) -> bool:
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self.wrong((key,), Text("true 或 false", "true or false"), value)
        return value is True

    def lang(self) -> Lang | None:
        value = self.values.get("lang")
        if value is not None and value not in LANGS:
            self.wrong(("lang",), Text(' "zh" 或 "en"', '"zh" or "en"'), value)
            return None
        return cast("Lang | None", value)

    def approvers(self) -> dict[str, Role]:
        """Names and roles of those who may approve waivers."""
        found: dict[str, Role] = {}
        for name, role in self._table("approvers").items():
            if role in ROLES and name.strip():
                found[name] = role
                continue
            listed = ", ".join(f'"{one}"' for one in ROLES)
            help_text = suggestion(role, ROLES) if isinstance(role, str) else None
            self.wrong(("approvers", name), Text(f"以下之一：{listed}", f"one of {listed}"), role, help_text)
        return found

    def formats(self) -> tuple[tuple[str, str], ...]:
        """Formats with their files, below the folder of the configuration; `-` is standard output."""
        from riskgate.render.formats import FORMATS  # noqa: PLC0415 - most configurations name none

        found: list[tuple[str, str]] = []
        for name, file in self._table("formats").items():
            if name not in FORMATS:
                message = Text(f"没有输出格式 `{name}`", f"there is no format `{name}`")
                listed = Text("可用：" + "、".join(FORMATS), "there are " + ", ".join(FORMATS))
                self.add("unknown-format", ("formats", name), message, suggestion(name, FORMATS) or listed)
            elif not isinstance(file, str) or not file.strip():
                self.wrong(("formats", name), Text("文件名，或 -", "the name of a file, or -"), file)
            elif file == STDOUT:
                found.append((name, STDOUT))
            else:
                found += self._output(name, file)
        self._once(found)
        return tuple(found)

    def _output(self, name: str, file: str) -> Iterable[tuple[str, str]]:
        """A configuration may come with somebody else's files: it must not be able to overwrite what is elsewhere."""
        folder = Path(self.file).parent
        path = PurePath(file)
        inside = Path(os.path.realpath(folder / path)).is_relative_to(os.path.realpath(folder))
        if path.is_absolute() or not inside or any(part.startswith(".") for part in path.parts) or "\0" in file:
            message = Text(
                f"`formats.{name}`：`{file}` 不在配置所在的文件夹里，或是隐藏文件",
                f"`formats.{name}`: `{file}` is not in the folder of the configuration, or is hidden",
            )
            help_text = Text("写到别处请在命令行用 --output。", "use --output on the command line to write elsewhere.")
            self.add("output-outside", ("formats", name), message, help_text)
            return
        yield name, (folder / path).as_posix()

    def _once(self, formats: Sequence[tuple[str, str]]) -> None:
        first: dict[str, str] = {}
        for name, file in formats:
            other = first.setdefault(file if file == STDOUT else os.path.realpath(file), name)
            if other != name:
                message = Text(f"{other} 和 {name} 写到同一处", f"{other} and {name} go to the same place")
                self.add("doubled-output", ("formats", name), message)

    def _table(self, key: str) -> Mapping[str, Any]:
        table = self.values.get(key, {})
        if isinstance(table, Mapping):
            return table
        self.wrong((key,), Text(f"一个表 [{key}]", f"a table [{key}]"), table)
        return {}

    def _line(self, path: Sequence[str]) -> int:
        """The line on which a key stands, or that of the nearest one above it; 0 if none is found."""
        wanted = (*self.section, *path)
        header: tuple[str, ...] = ()
        best = (0, 0)
        for number, line in enumerate(self.text.splitlines(), 1):
            head, key = _HEADER.match(line), _KEY.match(line)
            if head is not None:
                header = tuple(part.strip().strip("\"'") for part in head[1].split("."))
                at = header
            elif key is not None:
                at = (*header, key[1].strip("\"'"))
            else:
                continue
            if at == wanted[: len(at)] and len(at) > best[0]:
                best = (len(at), number)
        return best[1]


def _key_help(key: str) -> Text | None:
    if key in ("parameters", "rules"):
        return Text(
            "参数和规则写在覆盖文件里，见 overlays。", "parameters and rules are set in overlays: see `overlays`."
        )
    listed = "、".join(KEYS), ", ".join(KEYS)
    return suggestion(key, KEYS) or Text(f"可以写：{listed[0]}。", f"known here: {listed[1]}.")


def _parsed(data: bytes, file: str) -> tuple[str, Any]:
    import tomllib  # noqa: PLC0415 - only where there is a configuration

    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError:
        message = Text("文件不是 UTF-8 编码", "the file is not UTF-8")
        raise LoadError(Problem("not-utf8", message, Place(file))) from None
    try:
        return text, tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise LoadError(_no_toml(str(error), text, file)) from None


def _no_toml(said: str, text: str, file: str) -> Problem:
    at = _AT.search(said)
    line, column = (int(at[1]), int(at[2])) if at is not None else (0, 0)
    message = Text(f"不是 TOML：{said}", f"not TOML: {said[:1].lower()}{said[1:]}")
    excerpt, help_text = "", None
    lines = text.splitlines()
    if 0 < line <= len(lines):
        excerpt = lines[line - 1][:120]
        if not excerpt.partition("=")[0].strip().isascii():
            help_text = Text("等号左边的中文要加引号。", "quote what stands left of = if it is not ASCII.")
    return Problem("not-toml", message, Place(file, line, column), help_text, excerpt)

"""The top of a snapshot: version, date, and what the exporter says about the data (incomplete, origins, conflicts)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from riskgate.errors import suggestion
from riskgate.snapshot.finding import Entity, Finding, Path, found, visible
from riskgate.snapshot.moments import read_date
from riskgate.snapshot.words import Words
from riskgate.text import Text

VERSION = 1
KEYS = ("riskgate", "as_of", "project", "incomplete", "origins", "conflicts")
_CONFLICT_KEYS = ("pointer", "values", "origins")


@dataclass
class Header:
    """What stands beside the project."""

    as_of: date | None = None
    incomplete: tuple[str, ...] = ()
    origins: dict[str, str] = field(default_factory=dict)
    conflicts: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    conflict_origins: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Where the values of a conflict come from, in their order, for conflicts that say so."""
    disputed: list[Path] = field(default_factory=list)
    """The paths of the conflicts."""


class HeaderReader:
    """Reads the top of one document; every problem goes to `findings`."""

    def __init__(self, tree: Entity, words: Words, findings: list[Finding]) -> None:
        self._tree = tree
        self._words = words
        self._findings = findings

    def read(self) -> Header:
        header = Header()
        self._version()
        for key in self._tree:
            if key not in KEYS:
                message = Text(f"顶层没有 `{visible(key)}` 这个键", f"unknown key `{visible(key)}` at the top")
                known = ", ".join(KEYS)
                help_ = suggestion(key, KEYS) or Text(f"可用的键：{known}", f"known are {known}")
                self._findings.append(Finding((key,), "unknown-key", message, help_, at="key"))
        header.as_of = self._as_of()
        header.incomplete = self._incomplete()
        header.origins = self._origins()
        self._conflicts(header)
        return header

    def _add(self, path: Path, code: str, zh: str, en: str) -> None:
        self._findings.append(Finding(path, code, Text(zh, en)))

    def _wrong(self, path: Path, name: str, expected: Text, value: object) -> None:
        what = found(value)
        self._add(
            path,
            "wrong-type",
            f"`{name}` 应为{expected.zh}，现为{what.zh}",
            f"`{name}` must be {expected.en}, found {what.en}",
        )

    def _version(self) -> None:
        version = self._tree.get("riskgate")
        if version is None:
            message = Text("缺少快照版本", "the version of the snapshot is missing")
            hint = Text(f'在顶层写上 "riskgate": {VERSION}', f'write "riskgate": {VERSION} at the top')
            self._findings.append(Finding(("riskgate",), "missing-version", message, hint, at="key"))
        elif type(version) is not int or version != VERSION:
            what = found(version)
            self._add(
                ("riskgate",),
                "wrong-version",
                f"快照版本应为 {VERSION}，现为{what.zh}",
                f"this riskgate reads snapshots of version {VERSION}, found {what.en}",
            )

    def _as_of(self) -> date | None:
        value = self._tree.get("as_of")
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        if isinstance(value, str):
            try:
                return read_date(value.strip())
            except ValueError:
                shown = visible(value)
                self._add(
                    ("as_of",),
                    "bad-date",
                    f"`as_of` 应为日期 YYYY-MM-DD，现为“{shown}”",
                    f'`as_of` must be a date YYYY-MM-DD, found "{shown}"',
                )
                return None
        self._wrong(("as_of",), "as_of", Text("日期 YYYY-MM-DD", "a date YYYY-MM-DD"), value)
        return None

    def _incomplete(self) -> tuple[str, ...]:
        value = self._tree.get("incomplete")
        if value is None:
            return ()
        if not isinstance(value, list):
            self._wrong(("incomplete",), "incomplete", Text("原因的列表", "a list of reasons"), value)
            return ()
        reasons: list[str] = []
        for index, reason in enumerate(value):
            if isinstance(reason, str) and reason.strip():
                reasons.append(reason.strip())
            else:
                self._wrong(
                    ("incomplete", index), "incomplete", Text("写明原因的文字", "a text that gives the reason"), reason
                )
        return tuple(reasons)

    def _origins(self) -> dict[str, str]:
        value = self._tree.get("origins")
        if value is None:
            return {}
        if not isinstance(value, dict):
            self._wrong(("origins",), "origins", Text("对象 {指针: 来源}", "an object {pointer: origin}"), value)
            return {}
        origins: dict[str, str] = {}
        holders: dict[str, object] = {}
        for key, origin in value.items():
            path: Path = ("origins", key)
            if not isinstance(origin, str) or not origin.strip():
                self._wrong(path, "origins", Text("写明来源的文字", "a text that names the origin"), origin)
            elif not self._is_plain_place(key, holders) and self._target(key) is None:
                self._nowhere(path, key, at_key=True)
            else:
                origins[key] = origin.strip()
        return origins

    def _conflicts(self, header: Header) -> None:
        value = self._tree.get("conflicts")
        if value is None:
            return
        if not isinstance(value, list):
            self._wrong(
                ("conflicts",), "conflicts", Text("列表 [{pointer, values}]", "a list [{pointer, values}]"), value
            )
            return
        for index, conflict in enumerate(value):
            if isinstance(conflict, dict):
                self._conflict(("conflicts", index), conflict, header)
            else:
                expected = Text("对象 {pointer, values}", "an object {pointer, values}")
                self._wrong(("conflicts", index), "conflicts", expected, conflict)

    def _conflict(self, path: Path, conflict: Mapping[str, Any], header: Header) -> None:
        for key in conflict:
            if key not in _CONFLICT_KEYS:
                message = Text(f"没有 `{visible(key)}` 这个键", f"unknown key `{visible(key)}`")
                help_ = suggestion(key, _CONFLICT_KEYS)
                self._findings.append(Finding((*path, key), "unknown-key", message, help_, at="key"))
        values = conflict.get("values")
        if not isinstance(values, list) or not values:
            self._wrong((*path, "values"), "values", Text("各来源的值的列表", "a list of the sources' values"), values)
            values = []
        origins = self._conflict_origins((*path, "origins"), conflict.get("origins"), len(values))
        place = conflict.get("pointer")
        if not isinstance(place, str):
            self._wrong((*path, "pointer"), "pointer", Text("JSON 指针（文字）", "a JSON Pointer (a text)"), place)
            return
        target = self._target(place)
        if target is None:
            self._nowhere((*path, "pointer"), place)
        elif not self._may_be_disputed(target):
            self._add(
                (*path, "pointer"),
                "bad-pointer",
                f"`{visible(place)}` 不能有冲突：只有字段、集合和单个对象可以，编号和列表中的一项不可以",
                f"`{visible(place)}` cannot be in conflict: fields, collections and singles can, not ids or list items",
            )
        elif place in header.conflicts:
            self._add(
                (*path, "pointer"),
                "repeated-pointer",
                f"`{visible(place)}` 已列出",
                f"`{visible(place)}` is listed twice",
            )
        else:
            header.conflicts[place] = tuple(values)
            if origins:
                header.conflict_origins[place] = origins
            header.disputed.append(target)

    def _conflict_origins(self, path: Path, value: object, count: int) -> tuple[str, ...]:
        """The origins of a conflict's values, one for each; empty if they are left out or not usable."""
        if value is None:
            return ()
        if (
            isinstance(value, list)
            and len(value) == count
            and all(isinstance(one, str) and one.strip() for one in value)
        ):
            return tuple(one.strip() for one in value)
        expected = Text(
            f"{count} 个来源的列表，与 values 一一对应", f"a list of {count} origins, one for each of values"
        )
        self._wrong(path, "origins", expected, value)
        return ()

    def _nowhere(self, path: Path, place: str, *, at_key: bool = False) -> None:
        shown = visible(place)
        message = Text(f"快照中没有 `{shown}` 这个位置", f"there is nothing at `{shown}` in the snapshot")
        hint = None if place.startswith("/project") else Text("指针以 /project 开头", "pointers start with /project")
        self._findings.append(Finding(path, "bad-pointer", message, hint, at="key" if at_key else "value"))

    def _is_plain_place(self, text: str, holders: dict[str, object]) -> bool:
        """Whether something has a value at this pointer. What holds it is looked up once for all of its fields: there
        may be hundreds of thousands of origins."""
        above, _, key = text.rpartition("/")
        if above not in holders:
            path = self._target(above)
            value: Any = None if path is None else self._tree
            for step in path or ():
                value = value.get(step) if isinstance(value, dict) else value[step]
            holders[above] = value
        holder = holders[above]
        return isinstance(holder, dict) and key in holder

    def _target(self, text: str) -> Path | None:
        """The path of a pointer to something in the project, or to a field of something there; None otherwise."""
        steps = text.split("/")
        if steps[:2] != ["", "project"]:
            return None
        value: Any = self._tree.get("project")
        path: list[str | int] = ["project"]
        for position, step in enumerate(steps[2:], 3):
            key = step.replace("~1", "/").replace("~0", "~")
            if isinstance(value, list) and key.isascii() and key.isdigit() and str(int(key[:9])) == key:
                if int(key) >= len(value):
                    return None
                path.append(int(key))
                value = value[int(key)]
            elif isinstance(value, dict) and key in value:
                path.append(key)
                value = value[key]
            elif isinstance(value, dict) and position == len(steps):
                path.append(key)  # missing, but a field all the same: to say why it is missing is useful
                return tuple(path) if self._words.spot(tuple(path)).known else None
            else:
                return None
        return tuple(path)

    def _may_be_disputed(self, path: Path) -> bool:
        if len(path) == 1 or isinstance(path[-1], int):
            return False
        spot = self._words.spot(path)
        return spot.known and not (path[-1] == "id" and spot.field is spot.entity.fields.get("id"))


def blank_disputed(tree: Entity, disputed: list[Path]) -> None:
    """Values in conflict read as missing."""
    for path in disputed:
        value: Any = tree
        for step in path[:-1]:
            value = value[step] if value is not None else None  # an ancestor may be in conflict itself
        if value is not None:
            value[path[-1]] = None

"""Reads tests/battery/*.yaml: faults that must never end in exit code 0. The README there says what a fault may say."""

import json
import shutil
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from examples.binjiang.sound import sound

FOLDER = Path(__file__).parent / "battery"
BASE = FOLDER / "base"
KEYS = {
    "run",
    "exit",
    "says",
    "edit",
    "files",
    "remove",
    "encode",
    "cut",
    "change",
    "drop",
    "empty",
    "inject",
    "project",
}
PROJECTS = ("company", "binjiang")


@dataclass(frozen=True)
class Seeded:
    """One fault: what is spoilt before the command, and what it must then say."""

    name: str
    story: dict[str, Any]

    @property
    def run(self) -> str:
        return str(self.story["run"])

    @property
    def exit(self) -> int:
        return int(self.story["exit"])

    @property
    def says(self) -> list[str]:
        return [str(part) for part in self.story["says"]]

    def set_up(self, folder: Path) -> None:
        """A sound folder, spoilt in one place."""
        story = self.story
        lay_out(story["project"], folder)
        for name in story.get("remove", ()):
            target = folder / name
            shutil.rmtree(target) if target.is_dir() else target.unlink()
        for name, content in story.get("files", {}).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(str(content), encoding="utf-8")
        for name, edits in story.get("edit", {}).items():
            self._edit(folder / name, edits)
        self._spoil_facts(folder / "sound.json")
        for name, place in story.get("cut", {}).items():
            self._cut(folder / name, place)
        for name, encoding in story.get("encode", {}).items():
            text = (folder / name).read_text(encoding="utf-8")
            (folder / name).write_bytes(text.encode(encoding))

    def _edit(self, path: Path, edits: list[Any]) -> None:
        text = path.read_text(encoding="utf-8")
        for old, new, *everywhere in edits if isinstance(edits[0], list) else [edits]:
            assert str(old) in text, f"{self.name}: {path.name} has no {old!r}"
            text = text.replace(str(old), str(new), -1 if everywhere else 1)
        path.write_text(text, encoding="utf-8")

    def _cut(self, path: Path, place: float | str) -> None:
        """The file ends after a text, or after a share of its bytes."""
        data = path.read_bytes()
        if isinstance(place, str):
            text = data.decode()
            assert place in text, f"{self.name}: {path.name} has no {place!r}"
            data = text[: text.index(place) + len(place)].encode()
        else:
            data = data[: int(len(data) * place)]
        path.write_bytes(data)

    def _spoil_facts(self, path: Path) -> None:
        if not {"drop", "empty"} & self.story.keys():
            return
        facts = json.loads(path.read_text(encoding="utf-8"))
        project = facts["project"]
        for key in _listed(self.story.get("drop", ())):
            assert _strip(project, key, None), f"{self.name}: nothing is called {key}"
        for key in _listed(self.story.get("empty", ())):
            assert _strip(project, key, []), f"{self.name}: nothing is called {key}"
        path.write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")


def _listed(names: Any) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def _strip(value: Any, key: str, instead: list[Any] | None) -> int:
    """Take a collection or single away (or its content) wherever it is; how often."""
    if isinstance(value, list):
        return sum(_strip(item, key, instead) for item in value)
    if not isinstance(value, dict):
        return 0
    found = 0
    if key in value:
        found = 1
        if instead is None:
            del value[key]
        else:
            value[key] = {} if isinstance(value[key], dict) else []
    return found + sum(_strip(held, key, instead) for held in value.values())


@cache
def _binjiang() -> str:
    return json.dumps(sound(), ensure_ascii=False, indent=1)


def lay_out(project: str, folder: Path) -> None:
    """The sound project: a small company with everything (`company`), or the example with the bundled packs."""
    if project == "company":
        shutil.copytree(BASE, folder, dirs_exist_ok=True)
    else:
        (folder / "sound.json").write_text(_binjiang(), encoding="utf-8")


def seeded() -> list[Seeded]:
    """All faults, in the order of files and entries. A file's `usual` holds for its entries that say nothing else."""
    return [fault for path in sorted(FOLDER.glob("*.yaml")) for fault in _read(path)]


def _read(path: Path) -> Iterator[Seeded]:
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    usual = entries.pop("usual")
    for name, entry in entries.items():
        story = {**usual, **entry}
        for one in story.pop("each", [None]):
            made = story if one is None else _filled(deepcopy(story), one)
            if unknown := made.keys() - KEYS:
                raise KeyError(f"{path.name}: {name}: {sorted(unknown)}")
            yield Seeded(f"{path.stem}: {name if one is None else _text(name, one)}", made)


def _filled(value: Any, one: Any) -> Any:
    if isinstance(value, dict):
        return {_filled(key, one): _filled(held, one) for key, held in value.items()}
    if isinstance(value, list):
        return [_filled(item, one) for item in value]
    if value == "{}":
        return one
    return _text(value, one) if isinstance(value, str) else value


def _text(value: str, one: Any) -> str:
    """`{}` is the item; `{0}`, `{1}` are the parts of one that is a list."""
    if isinstance(one, list):
        for number, part in enumerate(one):
            value = value.replace(f"{{{number}}}", str(part))
        return value
    return value.replace("{}", str(one))

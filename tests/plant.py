"""Plants the faults of tests/faults/*.yaml into the sound project."""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

Facts = dict[str, Any]
FOLDER = Path(__file__).parent / "faults"
KEYS = {"rule", "change", "project", "as_of", "also"}


@dataclass(frozen=True)
class Fault:
    """One entry of a file: a change of the sound project after which `rule` has a risk."""

    file: str
    rule: str
    change: dict[str, Facts | None]
    circumstances: Facts = field(default_factory=dict)
    as_of: str | None = None
    also: tuple[str, ...] = ()

    def planted(self, sound: Facts) -> Facts:
        """A copy of the snapshot with the circumstances and the change."""
        snapshot = self.circumstanced(sound)
        project = snapshot["project"]
        places = dict(_places(project))
        for name, fields in self.change.items():
            parent, key = self._place(places, name)
            if fields is None:
                del parent[key]
            else:
                _set(parent[key], fields)
        _purge(project)
        return snapshot

    def circumstanced(self, sound: Facts) -> Facts:
        """A copy of the snapshot with the circumstances only."""
        snapshot = deepcopy(sound)
        if self.as_of is not None:
            snapshot["as_of"] = self.as_of
        _set(snapshot["project"], self.circumstances)
        return snapshot

    def _place(self, places: dict[str, tuple[Any, Any]], name: str) -> tuple[Any, Any]:
        found = [place for address, place in places.items() if f"/{address}".endswith(f"/{name}")]
        if len(found) != 1:
            raise LookupError(f"{self.file}: {self.rule}: {len(found)} entities are called {name}")
        return found[0]


def faults() -> list[Fault]:
    """All of them, in the order of files and entries."""
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            if unknown := entry.keys() - KEYS:
                raise KeyError(f"{path.name}: {entry['rule']}: {sorted(unknown)}")
            day = entry.get("as_of")
            found.append(
                Fault(
                    path.stem,
                    entry["rule"],
                    _plain(entry["change"]),
                    _plain(entry.get("project", {})),
                    None if day is None else str(day),
                    tuple(entry.get("also", ())),
                )
            )
    return found


class _Gone(dict[str, Any]):
    """Stands where an entity of a list was removed, until all changes are made."""


def _places(entity: Facts, address: str = "") -> Iterator[tuple[str, tuple[Any, Any]]]:
    """Each entity below and its place: what holds it, and under which key or number."""
    if not address:
        yield "project", ({"project": entity}, "project")
    for key, value in entity.items():
        if isinstance(value, dict):
            step = f"{address}/{key}" if address else key
            yield step, (entity, key)
            yield from _places(value, step)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            holder = entity[key] = _Items(value)
            for number, item in enumerate(value):
                step = f"{address}/{key}[{item.get('id', f'#{number}')}]" if address else f"{key}[{item.get('id')}]"
                yield step, (holder, number)
                yield from _places(item, step)


class _Items(list[Any]):
    """A list of entities from which one is removed without moving the others."""

    def __delitem__(self, number: Any) -> None:
        self[number] = _Gone()


def _purge(value: Any) -> None:
    if isinstance(value, dict):
        for held in value.values():
            _purge(held)
    elif isinstance(value, list):
        value[:] = [item for item in value if not isinstance(item, _Gone)]
        for item in value:
            _purge(item)


def _set(entity: Facts, fields: Facts) -> None:
    for name, value in fields.items():
        if name.startswith("+"):
            entity[name[1:]] = [*entity.get(name[1:], []), *value]
        elif value is None:
            entity.pop(name, None)
        else:
            entity[name] = value


def _plain(value: Any) -> Any:
    """Dates as texts, as a snapshot has them."""
    if isinstance(value, dict):
        return {str(key): _plain(held) for key, held in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if hasattr(value, "isoformat"):
        return re.sub(r"\+00:00$", "Z", value.isoformat())
    return value

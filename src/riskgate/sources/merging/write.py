"""What was joined, as the data of a snapshot: entities in the order of their ids, each value with its origin."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from riskgate.address import ROOT
from riskgate.snapshot.header import VERSION
from riskgate.sources.merging.claims import SEPARATOR, Record, below
from riskgate.sources.merging.join import Joined, Spot
from riskgate.vocabulary import EntityType

_NUMBER = re.compile(r"([0-9]+)")


def snapshot_of(joined: Joined, as_of: str | None, incomplete: tuple[str, ...]) -> dict[str, Any]:
    """The snapshot of everything that was joined."""
    return _Writing(joined).write(as_of, incomplete)


@lru_cache(maxsize=4096)
def natural(text: str) -> tuple[tuple[int, int, str, str], ...]:
    """An order in which people count: `2` before `10`, `A2` before `A10`. Unequal texts are never equal in it."""
    parts = _NUMBER.split(text)  # every second one is a number: of two, the one with more digits is larger
    found = [
        (0, len(digits := part.lstrip("0")), digits, part) if at % 2 else (1, 0, part, "")
        for at, part in enumerate(parts)
        if part
    ]
    return (*found, (2, 0, text, ""))


class _Writing:
    def __init__(self, joined: Joined) -> None:
        self._joined = joined
        self._vocabulary = joined.vocabulary
        self._origins: dict[str, str] = {}
        self._conflicts: list[dict[str, Any]] = []
        self._below: dict[tuple[str, str], list[tuple[str, Record]]] = {}
        for address, record in joined.records.items():
            if address != ROOT:
                self._below.setdefault((record.parent, record.key), []).append((address, record))
        self._disputed: dict[str, list[Spot]] = {}
        for spot in joined.conflicts:
            self._disputed.setdefault(spot.address, []).append(spot)

    def write(self, as_of: str | None, incomplete: tuple[str, ...]) -> dict[str, Any]:
        root = self._vocabulary.root
        project = self._entity(root, ROOT, self._joined.records[ROOT], "/project")
        data: dict[str, Any] = {"riskgate": VERSION}
        if as_of is not None:
            data["as_of"] = as_of
        data["project"] = project
        if incomplete:
            data["incomplete"] = list(incomplete)
        if self._origins:
            data["origins"] = self._origins
        if self._conflicts:
            data["conflicts"] = self._conflicts
        return data

    def _entity(self, kind: EntityType, address: str, record: Record, pointer: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        known = [name for name in kind.fields if name in record.fields]
        strange = sorted(name for name in record.fields if name not in kind.fields)
        for name in (*known, *strange):
            (claim,) = record.fields[name]
            found[name] = claim.value
            if claim.origins:
                self._origins[f"{pointer}/{_step(name)}"] = SEPARATOR.join(claim.origins)
        for spot in sorted(self._disputed.get(address, ()), key=lambda spot: spot.field):
            claims = self._joined.conflicts[spot]
            self._conflicts.append(
                {
                    "pointer": f"{pointer}/{_step(spot.field)}",
                    "values": [claim.value for claim in claims],
                    "origins": [SEPARATOR.join(claim.stated) for claim in claims],
                }
            )
        for child in self._vocabulary.children[kind.name]:
            if child.single:
                single = self._joined.records.get(below(address, child.key, None))
                if single is not None:
                    place = f"{pointer}/{_step(child.key)}"
                    found[child.key] = self._entity(child, below(address, child.key, None), single, place)
            else:
                self._list(child, address, record, pointer, found)
        return found

    def _list(self, child: EntityType, address: str, record: Record, pointer: str, found: dict[str, Any]) -> None:
        place = (address, child.key)
        items = self._below.get(place, [])
        loose = self._joined.loose.get(place, [])
        if not items and not loose and child.key not in record.lists:
            return
        start = f"{pointer}/{_step(child.key)}"
        items = sorted(items, key=lambda item: natural(item[1].id or ""))
        listed: list[Mapping[str, Any]] = [
            self._entity(child, at, one, f"{start}/{index}") for index, (at, one) in enumerate(items)
        ]
        for index, one in enumerate(loose, len(listed)):
            listed.append(one.data)
            for rest, origin in one.origins:
                self._origins[f"{start}/{index}{rest}"] = origin
            for rest, values, origins in one.conflicts:
                self._conflicts.append({"pointer": f"{start}/{index}{rest}", "values": values, "origins": origins})
        found[child.key] = listed


def _step(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")

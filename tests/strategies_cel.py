"""Random data for the laws of expressions.

Everything is drawn from a `random.Random`, so that Hypothesis can shrink it (`st.randoms(use_true_random=False)`) and
a long run can do without Hypothesis. `RISKGATE_EXAMPLES=100000` makes every law here try that many.
"""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from random import Random
from typing import Any, Final

from hypothesis import HealthCheck, settings

from cel_vocabulary import LIFECYCLE, PARAMETERS, VOCABULARY
from riskgate.cel.values import Context
from riskgate.vocabulary import Field

EXAMPLES: Final = int(os.environ.get("RISKGATE_EXAMPLES", "0"))


def law_settings(examples: int) -> settings:
    """So many examples, or as many as the environment asks for."""
    return settings(
        max_examples=EXAMPLES or examples,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )


# Data ----------------------------------------------------------------------------------------------------------------

_INTS: Final = (0, 1, 2, 3, -1, 7, 100, 2**62, -(2**62), 2**63 - 1, -(2**63))
_DOUBLES: Final = (0.0, -0.0, 0.5, 1.0, 2.0, 2.5, 3.4999999, -1.25, 1e6, 1e-7, 1e300, 9007199254740993.0)
_TEXTS: Final = ("a", "b", "ab", "厨房", "A1", "kitchen", "😀x", "a.c")
_DAYS: Final = (*(datetime(2026, month, 1, tzinfo=UTC) for month in (1, 5, 12)), datetime(1, 1, 1, tzinfo=UTC))
MOMENTS: Final = (
    datetime(2026, 5, 1, 7, 30, tzinfo=timezone(timedelta(hours=8))),
    datetime(2026, 4, 30, 23, 30, 0, 250_000, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 0, tzinfo=UTC),
)
_IDS: Final = ("1", "2", "3")


class Facts:
    """A random project: every field may be missing, every collection absent or empty."""

    def __init__(self, random: Random, missing: float) -> None:
        self._random = random
        self._missing = missing

    def project(self) -> dict[str, Any]:
        return self._entity("project")

    def _entity(self, name: str) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for field in VOCABULARY.entities[name].fields.values():
            self._put(made, field.name, lambda field=field: self.value(field))  # type: ignore[misc]  # bound at once
        for child in VOCABULARY.children[name]:
            self._put(made, child.key, lambda child=child: self._child(child.name))  # type: ignore[misc]  # the same
        return made

    def _put(self, made: dict[str, Any], key: str, value: Callable[[], Any]) -> None:
        if self._random.random() >= self._missing:
            made[key] = value()
        elif self._random.random() < 0.3:
            made[key] = None

    def _child(self, name: str) -> Any:
        if VOCABULARY.entities[name].single:
            return self._entity(name)
        return [self._entity(name) for _ in range(self._random.choice((0, 1, 1, 2, 3)))]

    def value(self, field: Field) -> Any:
        choice = self._random.choice
        match field.type:
            case "integer":
                return choice(_INTS)
            case "number":
                return choice(_DOUBLES)
            case "boolean":
                return choice((True, False))
            case "date":
                return choice(_DAYS)
            case "datetime":
                return choice(MOMENTS)
            case "enum":
                return choice(tuple(field.values))
            case "node":
                return choice([node.id for node in LIFECYCLE.nodes])
            case "department":
                return choice(tuple(LIFECYCLE.departments))
            case "ref":
                return choice(_IDS)
            case "string":
                return choice(_IDS if field.name == "id" else _TEXTS)
            case "list":
                assert field.of is not None
                return [self.value(field.of) for _ in range(choice((0, 1, 2, 3)))]
            case "object":
                made: dict[str, Any] = {}
                for part in field.fields.values():
                    self._put(made, part.name, lambda part=part: self.value(part))  # type: ignore[misc]  # the same
                return made

    def bindings(self) -> dict[str, Any]:
        """Values of the variables of `cel_vocabulary.VARIABLES`; entities below an absent one are absent."""
        found: dict[str, Any] = {"project": self.project()}
        for parent, key, name in (
            ("project", "buildings", "building"),
            ("building", "units", "unit"),
            ("unit", "rooms", "room"),
        ):
            children = (found[parent] or {}).get(key)
            found[name] = children[0] if children else self._random.choice(({}, {}, None))
        found["params"] = {name: self.value(field) for name, field in PARAMETERS.items()}
        found["as_of"] = self._random.choice(_DAYS[:3])
        return found


def entities_of(project: Any, name: str) -> list[dict[str, Any]]:
    """All entities of a type, in order."""
    chain = VOCABULARY.chains[name][1:]
    found = [project]
    for kind in chain:
        children = [entity.get(kind.key) for entity in found]
        found = [item for child in children if child is not None for item in (child if kind.collection else [child])]
    return found


def context_of(bindings: Mapping[str, Any], limit: int = 1_000_000) -> Context:
    def lookup(name: str, key: str) -> dict[str, Any] | None:
        return next((e for e in entities_of(bindings["project"], name) if e.get("id") == key), None)

    # the same list each time, as in a check: it may be indexed
    return Context(limit, entities=cache(lambda name: entities_of(bindings["project"], name)), lookup=lookup)


def spoilt(random: Random, value: Any) -> Any:
    """The same data with some values of another type."""
    if random.random() < 0.15:
        return random.choice(
            (None, 3, 2.5, "x", True, [], {}, [None], {"a": 1}, datetime(2026, 1, 1, tzinfo=UTC), object())
        )
    if isinstance(value, dict):
        return {key: spoilt(random, item) for key, item in value.items()}
    if isinstance(value, list):
        return [spoilt(random, item) for item in value]
    return value

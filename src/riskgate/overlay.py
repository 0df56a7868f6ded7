"""Overlays as values: what a group, a region or a project sets otherwise than the packs, and what became of it."""

from collections.abc import Mapping
from dataclasses import field
from pathlib import PurePath
from types import MappingProxyType
from typing import Any, Literal

from riskgate.errors import Place
from riskgate.pack import Derive, Rule
from riskgate.record import record
from riskgate.text import Text

Level = Literal["group", "region", "project"]
LEVELS: tuple[Level, ...] = ("group", "region", "project")
"""From the highest to the lowest: that is the order in which overlays are applied, whatever the order of the files."""
LEVEL_WORDS: Mapping[Level, Text] = MappingProxyType(
    {"group": Text("集团", "group"), "region": Text("区域", "region"), "project": Text("项目", "project")}
)
RuleKey = Literal[
    "disabled", "severity", "nodes", "owners", "waivable_by", "customer_sensitivity", "operator_weight", "remedy"
]
"""What an overlay may say of a rule or derive rule. `nodes` are further ones; `disabled` is true or false."""


@record
class Setting:
    """A parameter that an overlay sets. The value is as in the pack: dates are texts, nodes and departments are ids."""

    pack: str
    name: str
    value: Any
    place: Place = field(default_factory=Place)
    reason: str = ""

    @property
    def subject(self) -> str:
        return f"{self.pack}.{self.name}"


@record
class RuleChange:
    """One thing that an overlay says of a rule or derive rule."""

    rule: str
    key: RuleKey
    value: Any
    place: Place = field(default_factory=Place)
    reason: str = ""


@record
class Overlay:
    """One overlay file. `own_pack` is the name of the pack that it brings along, if it does."""

    name: str
    level: Level
    file: str = ""
    sha256: str = ""
    title: Text | None = None
    settings: tuple[Setting, ...] = ()
    changes: tuple[RuleChange, ...] = ()
    own_pack: str | None = None
    place: Place = field(default_factory=Place)


@record
class Changed:
    """A value of a rule or parameter that an overlay put in the place of another. `loosens`: it blocks less than the
    one before, which only a group may say, with a reason."""

    key: str
    before: Any
    value: Any
    level: Level
    overlay: str
    place: Place
    reason: str = ""
    loosens: bool = False

    @property
    def origin(self) -> str:
        """Level, file and line, as reports name it: without the folders, so that it is the same on every machine."""
        return f"{self.level} {PurePath(self.place.file).name}:{self.place.line}"


@record
class Disabled:
    """A rule or derive rule that an overlay took out of force, as it was until then."""

    rule: Rule | Derive
    pack: str
    by: Changed


@record
class Applied:
    """What overlays made of a library. The histories go from the highest level to the lowest: the last value counts."""

    overlays: tuple[Overlay, ...] = ()
    settings: Mapping[tuple[str, str], tuple[Changed, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """By pack and parameter."""
    rules: Mapping[str, tuple[Changed, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """By rule id; of disabled rules too."""
    disabled: tuple[Disabled, ...] = ()
    watched: frozenset[str] = frozenset()
    """Nodes that no blocking rule gated at the level above the one that gave them one: any gap there still counts."""

    @property
    def silenced(self) -> frozenset[str]:
        """Nodes that lost a blocking rule."""
        found: set[str] = set()
        for one in self.disabled:
            said = one.rule if isinstance(one.rule, Rule) else one.rule.conclude
            found.update(said.nodes if said.severity == "blocking" else ())
        return frozenset(found)


NOTHING_APPLIED = Applied()

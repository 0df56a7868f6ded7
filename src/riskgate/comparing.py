"""Two reports compared: what became of every risk and gap, by fingerprint.

A risk that is not in the newer report is closed only if the newer check could have found it: the same rule in the same
pack, with the same parameters, decided at an entity that is still there, in a whole snapshot. In every other case it is
`unverifiable` or `gone`, with the reason: what nobody looked at, nobody has mended.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from riskgate.address import ROOT
from riskgate.comparison import (
    Change,
    Comparison,
    GapChange,
    GapState,
    NodeChange,
    Reason,
    RiskChange,
    Worse,
    severity_rank,
)
from riskgate.differences import differences
from riskgate.errors import ChoiceError, Problem, suggestion
from riskgate.inventory import is_lasting
from riskgate.node_state import state_of
from riskgate.report import Gap, NodeResult, Report, Risk
from riskgate.text import Text

__all__ = ["compare", "worse"]

_UNDECIDED: frozenset[Reason | None] = frozenset({"gap", "gap-unlisted", "incomplete", "basis"})
"""Reasons of a risk that is no longer verifiable; the others are of one that is gone."""


def compare(
    old: Report, new: Report, *, nodes: Sequence[str] | None = None, old_name: str = "", new_name: str = ""
) -> Comparison:
    """What became of every risk, gap and node of `old` in `new`; `nodes` (ids or codes) narrows it to what gates them.

    The names are what the sides are called. Pure: the same reports give the same comparison. Raises ChoiceError for a
    node that neither report has.
    """
    chosen = _chosen(old, new, nodes)
    wanted = frozenset(chosen)
    before, after = _Side(old), _Side(new)
    risks = tuple(one for one in _risks(before, after) if nodes is None or not wanted.isdisjoint(one.nodes))
    gaps = tuple(one for one in _gaps(before, after) if nodes is None or not wanted.isdisjoint(one.nodes))
    return Comparison(
        old=old,
        new=new,
        old_name=old_name,
        new_name=new_name,
        selection=chosen,
        named=nodes is not None,
        differences=tuple(differences(old, new)),
        risks=risks,
        gaps=gaps,
        nodes=tuple(one for one in _nodes(old, new) if one.node.id in wanted),
    )


def worse(old: Risk, new: Risk) -> tuple[Worse, ...]:
    """In what a risk is worse than it was: severity raised, more nodes gated, a waiver ended."""
    found: list[Worse] = []
    if severity_rank(new.severity) > severity_rank(old.severity):
        found.append("severity")
    if not set(new.nodes) <= set(old.nodes):
        found.append("nodes")
    if old.waiver is not None and new.waiver is None:
        found.append("waiver")
    return tuple(found)


def same_entity(address: str, old: str, new: str) -> bool:
    """Whether an address names one entity in both of two snapshots, by their hashes: one without an id does so only
    within the same bytes."""
    return is_lasting(address) or old == new


def _chosen(old: Report, new: Report, nodes: Sequence[str] | None) -> tuple[str, ...]:
    known = {name: node.id for report in (old, new) for node in report.nodes for name in (node.id, node.code)}
    order = dict.fromkeys(node.id for report in (new, old) for node in report.nodes)
    if nodes is None:
        return tuple(order)
    problems = [
        Problem("unknown-node", Text(f"没有节点 `{name}`", f"there is no node `{name}`"), help=suggestion(name, known))
        for name in nodes
        if name not in known
    ]
    if not nodes:
        problems.append(Problem("empty-choice", Text("没有选择任何节点", "no node was chosen")))
    if problems:
        raise ChoiceError(problems)
    wanted = {known[name] for name in nodes}
    return tuple(name for name in order if name in wanted)


@dataclass
class _Undecided:
    """Where a rule is undecided: addresses, and whether there are more than the report names."""

    places: set[str] = field(default_factory=set)
    more: bool = False


class _Side:
    """One of the two reports, with what is asked of it again and again."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.risks = {risk.id: risk for risk in report.risks}
        self.packs = {pack.pack: pack.sha256 for pack in report.packs}
        self.overlays = [(one.overlay, one.level, one.sha256) for one in report.overlays]
        self.settings: dict[str, dict[str, Any]] = {}
        for override in report.parameters:
            self.settings.setdefault(override.pack, {})[override.name] = override.value

    @cached_property
    def undecided(self) -> Mapping[str, _Undecided]:
        """By rule, where it could not be decided."""
        found: dict[str, _Undecided] = {}
        for gap in self.report.gaps:
            entry = found.setdefault(gap.rule, _Undecided())
            entry.places.update(entity.address for entity in gap.entities)
            entry.more = entry.more or gap.count > len(gap.entities)
        return found

    def why_undecided(self, rule: str, address: str) -> Reason | None:
        """Whether the rule was, or may have been, undecided at an entity or at one above it."""
        found = self.undecided.get(rule)
        if found is None:
            return None
        if not found.places.isdisjoint(_way(address)):
            return "gap"
        return "gap-unlisted" if found.more else None


def _way(address: str) -> Iterator[str]:
    """The address of an entity and those of all above it."""
    yield ROOT
    at = address.find("/")
    while at >= 0:
        yield address[:at]
        at = address.find("/", at + 1)
    yield address


def _why_absent(risk: Risk, here: _Side, there: _Side) -> Reason | None:
    """Why a risk of one side is not on the other; None if the other side looked, and it was not there."""
    if here.report.project_id != there.report.project_id:
        return "project"
    if not same_entity(risk.address, here.report.sha256, there.report.sha256):
        return "nameless"
    undecided = there.why_undecided(risk.rule, risk.address)
    if undecided is not None:
        return undecided
    pack = here.report.rules[risk.rule].pack
    if pack not in there.packs:
        return "rule" if risk.rule not in there.report.rules else "pack"
    if here.packs.get(pack) != there.packs[pack]:
        return "pack"
    if here.overlays != there.overlays:
        return "overlay"
    if here.settings.get(pack) != there.settings.get(pack):
        return "parameter"
    if risk.address not in there.report.entities:
        return "entity"
    return "incomplete" if there.report.incomplete else None


def _risks(before: _Side, after: _Side) -> Iterator[RiskChange]:
    """What became of every risk: first those that are there now, then those that were."""
    lost = _Lost(before, after)
    for risk in after.report.risks:
        was = lost.match(risk, before)
        if was is None:
            yield RiskChange("new", None, risk, _why_absent(risk, after, before))
        else:
            yield _still_there(was, risk)
    for risk in before.report.risks:
        if lost.match(risk, after) is None:
            yield lost.change(risk)


def _still_there(old: Risk, new: Risk) -> RiskChange:
    became_worse = worse(old, new)
    changes = tuple(_changes(old, new))
    if new.waiver is not None and old.waiver is None:
        return RiskChange("waived", old, new, worse=became_worse, changes=changes)
    return RiskChange("worsened" if became_worse else "open", old, new, worse=became_worse, changes=changes)


def _changes(old: Risk, new: Risk) -> Iterator[Change]:
    if old.severity != new.severity:
        yield Change("severity", "", old.severity, new.severity)
    if set(old.nodes) != set(new.nodes):
        yield Change("nodes", "", list(old.nodes), list(new.nodes))
    if (old.waiver is None) != (new.waiver is None):
        yield Change("waiver", "", old.waiver, new.waiver)
    then = {item.name: _lasting(item.value) for item in old.evidence}
    now = {item.name: _lasting(item.value) for item in new.evidence}
    for name in dict.fromkeys((*now, *then)):
        if then.get(name) != now.get(name):
            yield Change("evidence", name, then.get(name), now.get(name))


def _lasting(value: Any) -> Any:
    """A value of evidence without pointers, which change when a list is reordered."""
    if isinstance(value, dict):
        return {key: _lasting(part) for key, part in value.items() if key != "pointer"}
    if isinstance(value, list | tuple):
        return [_lasting(part) for part in value]
    return value


class _Lost:
    """Why risks of the older side are not on the newer one; a derived risk depends on those behind it."""

    def __init__(self, before: _Side, after: _Side) -> None:
        self._before = before
        self._after = after
        self._known: dict[str, Reason | None] = {}

    def match(self, risk: Risk, side: _Side) -> Risk | None:
        """The same risk on the other side."""
        if not same_entity(risk.address, self._before.report.sha256, self._after.report.sha256):
            return None
        return side.risks.get(risk.id)

    def change(self, risk: Risk) -> RiskChange:
        reason = self._reason(risk)
        if reason is None:
            return RiskChange("closed", risk, None)
        return RiskChange("unverifiable" if reason in _UNDECIDED else "gone", risk, None, reason)

    def _reason(self, risk: Risk) -> Reason | None:
        if risk.id not in self._known:
            self._known[risk.id] = None  # a risk cannot stand behind itself; were it so, that would be no reason
            reason = _why_absent(risk, self._before, self._after)
            if reason is None and risk.because and not self._basis_is_sound(risk):
                reason = "basis"
            self._known[risk.id] = reason
        return self._known[risk.id]

    def _basis_is_sound(self, derived: Risk) -> bool:
        """Whether the risks from which one was derived are closed or counted, and no gap stands in for more of them."""
        behind = [self._before.risks[name] for name in derived.because if name in self._before.risks]
        for risk in behind:
            now = self.match(risk, self._after)
            if now is None and self._reason(risk) is not None:
                return False
            if now is not None and now.waiver is not None and risk.waiver is None:
                return False
        rules = self._after.report.rules
        names = {risk.rule for risk in behind}
        themes = {self._before.report.rules[name].theme for name in names} - {None}
        for name, undecided in self._after.undecided.items():
            if name in names or rules[name].theme in themes:
                under = any(_touches(place, derived.address) for place in undecided.places)
                if under or undecided.more:
                    return False
        return True


def _touches(place: str, group: str) -> bool:
    """Whether a place lies in a group, or the group in the place."""
    return place in set(_way(group)) or group in set(_way(place))


def _gaps(before: _Side, after: _Side) -> Iterator[GapChange]:
    then = {gap.id: gap for gap in before.report.gaps}
    now = {gap.id: gap for gap in after.report.gaps}
    for name, gap in now.items():
        was = then.get(name)
        if was is None:
            yield GapChange("new", None, gap, _why_gap_absent(gap, after, before))
            continue
        state: GapState = "open"
        if gap.count != was.count:
            state = "grown" if gap.count > was.count else "shrunk"
        if not gap_is_known(gap, was, before.report.sha256, after.report.sha256) and _listed(gap) and _listed(was):
            state = "grown"  # as many as before, or fewer, but one of them was not there
        yield GapChange(state, was, gap)
    for name, gap in then.items():
        if name not in now:
            places = [entity.address for entity in gap.entities]
            if any(after.why_undecided(gap.rule, place) for place in places):
                yield GapChange("changed", gap, None, "gap")
            else:
                reason = _why_gap_absent(gap, before, after)
                yield GapChange("closed" if reason is None else "gone", gap, None, reason)


def gap_is_known(gap: Gap, was: Gap, old: str, new: str) -> bool:
    """Whether every place of a gap was a place of the same gap before, beyond doubt; by the hashes of the snapshots."""
    places = {entity.address for entity in was.entities}
    lasting = all(same_entity(entity.address, old, new) for entity in gap.entities)
    return lasting and _listed(gap) and all(entity.address in places for entity in gap.entities)


def _listed(gap: Gap) -> bool:
    return len(gap.entities) == gap.count


def _why_gap_absent(gap: Gap, here: _Side, there: _Side) -> Reason | None:
    if here.report.project_id != there.report.project_id:
        return "project"
    pack = here.report.rules[gap.rule].pack
    if pack not in there.packs:
        return "rule" if gap.rule not in there.report.rules else "pack"
    if here.packs.get(pack) != there.packs[pack]:
        return "pack"
    if here.overlays != there.overlays:
        return "overlay"
    if here.settings.get(pack) != there.settings.get(pack):
        return "parameter"
    lasting = [entity.address for entity in gap.entities if is_lasting(entity.address)]
    if lasting and not any(address in there.report.entities for address in lasting):
        return "entity"
    return "incomplete" if there.report.incomplete else None


def _nodes(old: Report, new: Report) -> Iterator[NodeChange]:
    then = {node.id: node for node in old.nodes}
    now = {node.id: node for node in new.nodes}
    for name in dict.fromkeys((*now, *then)):
        before, after = then.get(name), now.get(name)
        if _standing(before) != _standing(after):
            yield NodeChange(before, after)


def _standing(node: NodeResult | None) -> tuple[str, bool] | None:
    return None if node is None else (state_of(node), node.reopened)

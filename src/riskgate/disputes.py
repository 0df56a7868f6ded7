"""Where sources disagree about a value, `has()` has no answer: who passes because of it has not been looked at.

A value in conflict is None in the snapshot, so whatever needs it is undecided. Only `has()` takes None for an answer:
`!has(permit.expiry_date) || permit.expiry_date >= as_of` would hold for a permit that has expired by either date. In a
snapshot with conflicts the rules that ask `has()` for such a field are asked again, by the interpreter, for which it is
undecided. Slow, and rare: conflicts are few, and so are these rules.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from riskgate.cel.interpret import interpret
from riskgate.cel.runtime import CelError, Context
from riskgate.cel.syntax import Expr, Has, Ident, children
from riskgate.plan.bind import BoundRule
from riskgate.plan.plan import Plan
from riskgate.plan.settings import Settings
from riskgate.snapshot.tree import Snapshot


class Disputed(NamedTuple):
    """A rule that passes at an entity, or skips it, only because sources disagree about `paths`."""

    rule: BoundRule
    ordinal: int
    paths: tuple[str, ...]


def disputed(
    plan: Plan,
    snapshot: Snapshot,
    settings: Settings,
    as_of: dt.datetime,
    contexts: Sequence[Context],
    known: Sequence[Collection[int]],
) -> Iterator[Disputed]:
    """Finds them; `known` has for each rule the entities that are a risk or a gap already."""
    places = places_of(snapshot)
    fields = {field for _, field in places}
    for rule in plan.rules:
        asked = [node for node in _presences(rule) if node.field in fields]
        if not asked:
            continue
        names = [entity.name for entity in rule.chain]
        direct = all(_on_chain(node.operand, names) for node in asked)
        context = contexts[rule.pack]
        for ordinal in range(len(snapshot.tables[rule.entity.name].entities)):
            if ordinal in known[rule.index]:
                continue
            chain = snapshot.chain(rule.entity.name, ordinal)
            if direct and not any((id(value), field) in places for value, field in _held(chain, asked, names)):
                continue
            bindings = {**dict(zip(names, chain, strict=True)), "params": settings.values[rule.pack], "as_of": as_of}
            paths = _in_doubt(rule, bindings, context, places)
            if paths is not None:
                yield Disputed(rule, ordinal, paths)


def places_of(snapshot: Snapshot) -> frozenset[tuple[int, str]]:
    """The object, by its identity, and the key of every value in conflict: what `has()` has no answer about."""
    return frozenset(_places(snapshot))


def _places(snapshot: Snapshot) -> Iterator[tuple[int, str]]:
    for pointer in snapshot.conflicts:
        first, *steps, last = (step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])
        value: object = snapshot.project if first == "project" else None
        for step in steps:
            if isinstance(value, dict):
                value = value.get(step)
            elif isinstance(value, list | tuple):
                value = value[int(step)]
        if isinstance(value, dict):
            yield id(value), last


def _presences(rule: BoundRule) -> Iterator[Has]:
    waiting = [checked.tree for checked in (rule.when, rule.require, *rule.values.values()) if checked is not None]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Has):
            yield node
        waiting.extend(children(node))


def _on_chain(operand: Expr, names: Sequence[str]) -> bool:
    """The entity of the rule or one above it, itself: no member of theirs, no variable of a macro."""
    return isinstance(operand, Ident) and operand.name in names


def _held(chain: Sequence[object], asked: Sequence[Has], names: Sequence[str]) -> Iterator[tuple[object, str]]:
    for node in asked:
        if isinstance(node.operand, Ident):
            yield chain[names.index(node.operand.name)], node.field


def _in_doubt(
    rule: BoundRule, bindings: dict[str, object], context: Context, places: Collection[tuple[int, str]]
) -> tuple[str, ...] | None:
    """What is disputed, if that keeps the rule undecided; None if the rule is decided, or undecided without it."""
    context.start()
    try:
        for checked in (rule.when, rule.require):
            if checked is not None:
                value = interpret(
                    checked.tree,
                    bindings,
                    context,
                    types=rule.types,
                    mixed=True,
                    inline=rule.inline,
                    disputed=places,
                )
                if checked is rule.when and value is not True:
                    return None
    except CelError as error:
        return error.paths if "conflict" in error.kinds else None
    return None

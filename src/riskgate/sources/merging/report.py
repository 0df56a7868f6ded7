"""What people should know of a merge: conflicts, what was taken for the same, what only one source knows."""

from collections.abc import Iterator, Sequence

from riskgate.errors import Place
from riskgate.sources.made import SourceNote
from riskgate.sources.merging.claims import SEPARATOR, Claim
from riskgate.sources.merging.decide import unused
from riskgate.sources.merging.decisions import Decision
from riskgate.sources.merging.join import Joined, Spot, known_to_one
from riskgate.text import Text


def notes_of(joined: Joined, decisions: Sequence[Decision], decided: int) -> Iterator[SourceNote]:
    """The notes of a merge, the gravest first."""
    yield from _conflicts(joined)
    if decided:
        message = Text(f"按决定处理了 {decided} 处冲突", f"conflicts that were decided: {decided}")
        yield SourceNote("conflicts-decided", message, count=decided)
    for decision in unused(decisions):
        where = f"{decision.entity.text} {decision.name}"
        message = Text(
            f"没有用到的决定：{where} 没有冲突", f"a decision that was not needed: {where} is in no conflict"
        )
        yield SourceNote("unused-decision", message, decision.place)
    yield from _dropped(joined)
    yield from _none_said(joined)
    yield from _near(joined)
    yield from _alone(joined)
    if joined.alike:
        message = Text(
            f"{joined.alike} 个没有编号的对象内容相同，各算一个",
            f"entities without an id that are the same in two sources were taken for one: {joined.alike}",
        )
        yield SourceNote("taken-once", message, count=joined.alike)


def _kind_field(joined: Joined, spot: Spot) -> str:
    return f"{joined.records[spot.address].kind}.{spot.field}"


def _grouped(joined: Joined, spots: Sequence[Spot]) -> dict[str, list[Spot]]:
    found: dict[str, list[Spot]] = {}
    for spot in sorted(spots):
        found.setdefault(_kind_field(joined, spot), []).append(spot)
    return found


def _conflicts(joined: Joined) -> Iterator[SourceNote]:
    for name, spots in _grouped(joined, list(joined.conflicts)).items():
        first = spots[0]
        said = _said(joined.conflicts[first])
        message = Text(
            f"{name} 有 {len(spots)} 处来源不一致，如 {said}",
            f"sources disagree on {name} ({_times(len(spots))}), such as {said}",
        )
        yield SourceNote("conflict", message, Place(pointer=first.address), len(spots))


def _said(claims: Sequence[Claim]) -> str:
    """Who says what."""
    return SEPARATOR.join(f"{claim.value} ({', '.join(claim.stated)})" for claim in claims)


def _dropped(joined: Joined) -> Iterator[SourceNote]:
    for name, spots in _grouped(joined, joined.dropped).items():
        message = Text(
            f"{name} 词汇表里没有，各来源又不一致，已略去（{len(spots)} 处）",
            f"{name} is not in the vocabulary and sources disagree on it: left out ({_times(len(spots))})",
        )
        yield SourceNote("left-out", message, Place(pointer=spots[0].address), len(spots))


def _none_said(joined: Joined) -> Iterator[SourceNote]:
    for address, key, says, lists in joined.none_said:
        message = Text(
            f"{says} 说没有 `{key}`，{lists} 列出了：按列出的算",
            f"{says} says that there are no `{key}`, {lists} lists some: those count",
        )
        yield SourceNote("none-said", message, Place(pointer=address))


def _near(joined: Joined) -> Iterator[SourceNote]:
    for name, spots in _grouped(joined, list(joined.near)).items():
        said = _said(joined.near[spots[0]])
        message = Text(
            f"{name} 有 {len(spots)} 处在允差内略有不同，如 {said}：取前一个（多数来源的值，同样多取小的）",
            f"{name} differs within the tolerance ({_times(len(spots))}), such as {said}: the first was taken (what "
            "most sources say, else the smallest)",
        )
        yield SourceNote("within-tolerance", message, Place(pointer=spots[0].address), len(spots))


def _alone(joined: Joined) -> Iterator[SourceNote]:
    """Kinds of things that several sources list, and of which one source has some that nobody else has."""
    if len(joined.parts) == 1:
        return
    for kind, number, addresses in known_to_one(joined):
        entity, name, count = joined.vocabulary.entities[kind], joined.parts[number].name, len(addresses)
        message = Text(
            f"只有 {name} 有的{entity.title.zh}：{count} 个",
            f"{entity.title.en} (`{kind}`) that only {name} has: {count}",
        )
        yield SourceNote("only-in-one", message, Place(pointer=min(addresses)), count)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"

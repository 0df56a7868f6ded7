"""Conflicts that somebody decided: by a file of decisions, or by saying whose word goes first."""

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter

from riskgate.address import Form, steps_of
from riskgate.errors import ChoiceError, LoadError, Place, Problem, suggestion
from riskgate.sources.merging.agree import grouped
from riskgate.sources.merging.claims import SEPARATOR, Claim
from riskgate.sources.merging.decisions import Decision
from riskgate.sources.merging.join import Joined, Spot, field_of
from riskgate.text import Text
from riskgate.vocabulary import Field


def decide(joined: Joined, decisions: Sequence[Decision], prefer: Sequence[str]) -> int:
    """Carry out what was decided; the number of conflicts that are decided now.

    The choice and what it was chosen over go into the origin of the value. Raises LoadError for decisions that cannot
    be carried out (a source that says nothing of the field, a value that nobody states, two decisions on one field) and
    ChoiceError for preferred sources that do not exist.
    """
    _check_names(joined, prefer)
    problems: list[Problem] = []
    count = 0
    known = _by_form(decisions)
    for spot in list(joined.conflicts):
        claims = joined.conflicts[spot]
        if spot.field in joined.vocabulary.members[joined.records[spot.address].kind]:
            continue  # a whole list or single: which of its parts would be whose is not known
        spec = field_of(joined.vocabulary, joined.records[spot.address].kind, spot.field)
        matching = _covering(known, spot)
        for one in matching:
            one.used += 1
        found: Claim | None = None
        said = ""
        if matching:
            wanted = [_wanted(one, claims, spec, spot, problems) for one in matching]
            found = wanted[0]
            if any(one is not found for one in wanted):
                problems.append(_two(matching, spot))
                continue
            said = matching[0].said()
        else:
            found, said = _preferred(claims, prefer)
        if found is None:
            continue
        others = [claim for claim in claims if claim is not found]
        joined.records[spot.address].fields[spot.field] = (_decided(found, others, said),)
        del joined.conflicts[spot]
        count += 1
    if problems:
        raise LoadError(problems)
    return count


def unused(decisions: Sequence[Decision]) -> Iterator[Decision]:
    """Decisions on what is no conflict."""
    return (one for one in decisions if not one.used)


_Known = Mapping[tuple[str, Form], Mapping[str, list[tuple[int, Decision]]]]


def _by_form(decisions: Sequence[Decision]) -> _Known:
    """The decisions by the name of their field and what their patterns have in common: of a thousand, one look finds
    those on a conflict."""
    found: dict[tuple[str, Form], dict[str, list[tuple[int, Decision]]]] = {}
    for number, one in enumerate(decisions):
        found.setdefault((one.name, one.entity.form), {}).setdefault(one.entity.key, []).append((number, one))
    return found


def _covering(known: _Known, spot: Spot) -> list[Decision]:
    """The decisions on a conflict, in the order of their files."""
    steps = steps_of(spot.address)
    found: list[tuple[int, Decision]] = []
    for (name, form), ones in known.items():
        key = form.key(steps) if name == spot.field else None
        if key is not None:
            found += ones.get(key, ())
    return [one for _, one in sorted(found, key=itemgetter(0))]


def _wanted(
    decision: Decision, claims: list[Claim], spec: Field | None, spot: Spot, problems: list[Problem]
) -> Claim | None:
    """The claim that a decision names."""
    if decision.take is not None:
        name = decision.take
        found = [claim for claim in claims if _is_of(claim, name)]
    else:
        name = str(decision.value)
        asked = Claim(decision.value, (), ())
        found = [group[0] for group in grouped([*claims, asked], spec) if asked in group and group[0] is not asked]
    if len(found) == 1:
        return found[0]
    listed = Text(*(_stated(claims, joiner) for joiner in ("；", "; ")))
    where = f"{spot.address} {spot.field}"
    if found:
        message = Text(f"`{name}` 说了不止一个值（{where}）", f"`{name}` states more than one value ({where})")
    else:
        message = Text(f"`{name}` 不是 {where} 的任何一个值或来源", f"`{name}` is no value or source of {where}")
    help_text = Text(f"各来源：{listed.zh}", f"they are: {listed.en}")
    problems.append(Problem("bad-decision", message, decision.place, help_text))
    return None


def _is_of(claim: Claim, name: str) -> bool:
    """Whether a claim is of a source, or has an origin that begins with its name."""
    return name in claim.sources or any(one == name or one.startswith(f"{name} ") for one in claim.origins)


def _preferred(claims: list[Claim], prefer: Sequence[str]) -> tuple[Claim | None, str]:
    for name in prefer:
        found = [claim for claim in claims if _is_of(claim, name)]
        if len(found) == 1:
            return found[0], f"prefer {name}"
    return None, ""


def _decided(found: Claim, others: list[Claim], said: str) -> Claim:
    over = ", ".join(f"{claim.value} ({', '.join(claim.stated)})" for claim in others)
    stated = ", ".join(found.stated)
    choice = f"{stated} [选定 chosen: {said}; 未取 not taken: {over}]".replace(SEPARATOR, ", ")
    return Claim(found.value, (choice,), found.sources)


def _stated(claims: list[Claim], joiner: str) -> str:
    return joiner.join(f"{claim.value} ({', '.join(claim.stated)})" for claim in claims)


def _two(decisions: list[Decision], spot: Spot) -> Problem:
    places = ", ".join(str(one.place) for one in decisions)
    message = Text(
        f"对 {spot.address} {spot.field} 有不一致的决定：{places}",
        f"decisions on {spot.address} {spot.field} do not agree: {places}",
    )
    return Problem("two-decisions", message, decisions[0].place)


def _check_names(joined: Joined, prefer: Sequence[str]) -> None:
    """A preferred source must be one of those merged, or be named in an origin."""
    known = [part.name for part in joined.parts]
    problems = []
    for name in prefer:
        if name in known or any(_is_of(claim, name) for claims in joined.conflicts.values() for claim in claims):
            continue
        message = Text(f"没有来源 `{name}`", f"there is no source `{name}`")
        listed = ", ".join(f"`{one}`" for one in known)
        problems.append(
            Problem(
                "unknown-source",
                message,
                Place(),
                suggestion(name, known) or Text(f"来源有 {listed}", f"there are {listed}"),
            )
        )
    if problems:
        raise ChoiceError(problems)

"""Parts combined into one snapshot that stands: one project, one day, every reference leading somewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from riskgate.address import ROOT
from riskgate.errors import ChoiceError, Place, Problem, SnapshotError
from riskgate.snapshot.source import serialise
from riskgate.sources.ground import Ground
from riskgate.sources.made import Made, SourceNote
from riskgate.sources.merging.agree import Tolerance
from riskgate.sources.merging.claims import Part
from riskgate.sources.merging.decide import decide
from riskgate.sources.merging.decisions import Decision
from riskgate.sources.merging.join import join
from riskgate.sources.merging.report import notes_of
from riskgate.sources.merging.write import snapshot_of
from riskgate.text import Text

_DANGLING = "dangling-reference"


def combine(
    parts: Sequence[Part],
    ground: Ground,
    *,
    tolerance: Tolerance,
    prefer: Sequence[str] = (),
    decisions: Sequence[Decision] = (),
    as_of: str | None = None,
    partial: bool = False,
) -> Made:
    """All parts as one valid snapshot.

    `partial` lets references lead to what is not there yet. Raises ChoiceError for parts of different projects or days,
    LoadError for decisions that cannot be carried out, SnapshotError if what comes out is no valid snapshot.
    """
    _check_projects(parts)
    day, day_notes = _day(parts, as_of)
    joined = join(parts, ground.vocabulary, tolerance)
    decided = decide(joined, decisions, prefer)
    incomplete = tuple(dict.fromkeys(reason for part in parts for reason in part.incomplete))
    data = snapshot_of(joined, day, incomplete)
    validate(data, ground, partial=partial)
    return Made(data, (*day_notes, *notes_of(joined, decisions, decided)))


def validate(data: Mapping[str, Any], ground: Ground, *, partial: bool) -> None:
    """Raise SnapshotError, each problem with where its value comes from, if this is no valid snapshot."""
    try:
        try:
            content = orjson.dumps(data)
        except TypeError:  # half a character in a text of the caller's: here it is found and placed
            content = serialise(data)
        ground.reader.read(content)
    except SnapshotError as error:
        problems = [one for one in error.problems if not partial or one.code != _DANGLING]
        if problems:
            raise SnapshotError(_with_origin(problem, data.get("origins", {})) for problem in problems) from None


def _with_origin(problem: Problem, origins: Mapping[str, str]) -> Problem:
    """A problem of data that no file holds yet: its pointer and where the value comes from."""
    pointer = problem.place.pointer or ""
    origin = origins.get(pointer) or origins.get(f"{pointer}/id") or origins.get(f"{pointer.rpartition('/')[0]}/id")
    place = Place(pointer=pointer)
    if origin is None:
        return replace(problem, place=place, excerpt="")
    said = Text(f"来自 {origin}", f"it comes from {origin}")
    help_text = said if problem.help is None else Text(f"{problem.help.zh}；{said.zh}", f"{problem.help.en}; {said.en}")
    return replace(problem, place=place, help=help_text, excerpt="")


def _check_projects(parts: Sequence[Part]) -> None:
    """Different projects are never one."""
    named: dict[str, str] = {}
    for part in parts:
        record = part.records.get(ROOT)
        for claim in () if record is None else record.fields.get("id", ()):
            named.setdefault(str(claim.value), part.name)
    if len(named) > 1:
        said = ", ".join(f"`{project}` ({name})" for project, name in named.items())
        message = Text(f"来源属于不同的项目：{said}", f"the sources are of different projects: {said}")
        help_text = Text("只合并同一个项目的快照", "merge snapshots of one project only")
        raise ChoiceError(Problem("different-projects", message, help=help_text))


def _day(parts: Sequence[Part], as_of: str | None) -> tuple[str | None, list[SourceNote]]:
    """The day of the facts: what is asked for, else the one day that the parts have."""
    days: dict[str, str] = {}
    for part in parts:
        if part.as_of is not None:
            days.setdefault(part.as_of, part.name)
    said = ", ".join(f"{day} ({name})" for day, name in days.items())
    if as_of is None and len(days) > 1:
        message = Text(f"来源的日期不同：{said}", f"the sources are of different days: {said}")
        help_text = Text("用 --as-of 写明合并后的日期", "say with --as-of for which day the facts are to hold")
        raise ChoiceError(Problem("different-days", message, help=help_text))
    if as_of is not None and set(days) - {as_of}:
        message = Text(
            f"日期定为 {as_of}，来源的日期是 {said}", f"the day was set to {as_of}; the sources are of {said}"
        )
        return as_of, [SourceNote("day-set", message)]
    return as_of or next(iter(days), None), []

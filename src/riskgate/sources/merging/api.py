"""`merge`: several snapshots into one."""

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from riskgate.errors import ChoiceError, Problem
from riskgate.gate import Gate
from riskgate.snapshot.tree import Snapshot
from riskgate.sources.file_name import file_name
from riskgate.sources.ground import Ground, ground_of
from riskgate.sources.made import Made
from riskgate.sources.merging.agree import Tolerance
from riskgate.sources.merging.claims import Part
from riskgate.sources.merging.combine import combine
from riskgate.sources.merging.decisions import read_decisions
from riskgate.sources.merging.part import part_of
from riskgate.text import Text
from riskgate.vocabulary import Vocabulary

Source = str | os.PathLike[str] | bytes | Mapping[str, Any] | Snapshot
"""A snapshot: a path, JSON as bytes, data, or one that was read before."""


def merge(
    sources: Sequence[Source] | Mapping[str, Source],
    *,
    gate: Gate | None = None,
    tolerance: Tolerance | float | None = None,
    prefer: Sequence[str] = (),
    decisions: Sequence[str | os.PathLike[str]] = (),
    as_of: dt.date | str | None = None,
) -> Made:
    """Several snapshots of one project as one; entities are matched by their addresses, so by ids.

    A mapping gives each source its name; files are called by their own. Values that agree within the `tolerance` (a
    share of the larger one, or a `Tolerance`) stand with the origins of all who state them; others are conflicts, with
    every value and its origin, and read as missing until somebody decides: by files of `decisions`, or by saying in
    `prefer` whose word goes first. In which order the sources come only decides who is named first. References may lead
    from one source to another. A gate gives the vocabulary; without one it is the bundled one.

    Raises SnapshotError for a source, or a result, that is no valid snapshot; ChoiceError for sources of different
    projects, or of different days without `as_of`; LoadError for decisions that cannot be carried out.
    """
    ground = ground_of(gate)
    parts = _parts(sources, ground)
    if not parts:
        raise ChoiceError(Problem("empty-choice", Text("没有要合并的快照", "there is nothing to merge")))
    return combine(
        parts,
        ground,
        tolerance=tolerance_of(tolerance, ground.vocabulary),
        prefer=prefer,
        decisions=[one for path in decisions for one in read_decisions(path, ground.vocabulary)],
        as_of=day_of(as_of),
    )


def day_of(as_of: dt.date | str | None) -> str | None:
    """A day as text. Raises ChoiceError if it is none."""
    if as_of is None:
        return None
    try:
        return (dt.date.fromisoformat(as_of) if isinstance(as_of, str) else as_of).isoformat()[:10]
    except ValueError as error:
        message = Text(f"`{as_of}` 不是日期，应写作 2026-11-20", f"`{as_of}` is no date like 2026-11-20")
        raise ChoiceError(Problem("bad-date", message)) from error


def tolerance_of(given: Tolerance | float | None, vocabulary: Vocabulary) -> Tolerance:
    """The tolerance that was asked for. Raises ChoiceError for a negative one, unknown units and fields."""
    tolerance = given if isinstance(given, Tolerance) else Tolerance() if given is None else Tolerance(float(given))
    specs = {f"{kind.name}.{spec.name}": spec for kind in vocabulary.entities.values() for spec in kind.fields.values()}
    units = {spec.unit for spec in specs.values() if spec.unit}
    numbers = {name for name, spec in specs.items() if spec.type in {"number", "integer"}}
    problems = [_unknown("unit", name, Text("单位", "unit")) for name in tolerance.units if name not in units]
    problems += [
        _unknown("field", name, Text("数值字段", "number")) for name in tolerance.fields if name not in numbers
    ]
    amounts = (tolerance.relative, *tolerance.units.values(), *tolerance.fields.values())
    if not all(0 <= amount < float("inf") for amount in amounts):
        problems.append(Problem("bad-tolerance", Text("允差不能是负数", "a tolerance is not negative")))
    if problems:
        raise ChoiceError(problems)
    return tolerance


def _unknown(code: str, name: str, kind: Text) -> Problem:
    message = Text(f"词汇表里没有{kind.zh} `{name}`", f"the vocabulary has no {kind.en} `{name}`")
    return Problem(f"unknown-{code}", message)


def read_part(source: Source, ground: Ground, name: str) -> Part:
    """One source as a part."""
    shown = name if isinstance(source, bytes | Mapping) else ""
    snapshot = source if isinstance(source, Snapshot) else ground.reader.read(source, name=shown, partial=True)
    return part_of(snapshot, name)


def _parts(sources: Sequence[Source] | Mapping[str, Source], ground: Ground) -> list[Part]:
    if isinstance(sources, Mapping):
        return [read_part(source, ground, name) for name, source in sources.items()]
    return [read_part(one, ground, name) for one, name in zip(sources, _names(sources), strict=True)]


def _names(sources: Sequence[Source]) -> list[str]:
    """Files by their own names, or by their paths where two have the same name."""
    paths = [_path(source) for source in sources]
    short = [None if path is None else file_name(path) for path in paths]
    found = []
    for number, (path, name) in enumerate(zip(paths, short, strict=True), 1):
        if path is None or name is None:
            found.append(f"source {number}")
        else:
            found.append(name if short.count(name) == 1 else Path(path).as_posix())
    if len(set(found)) < len(found):
        message = Text("同一个文件写了两次", "one file is named twice")
        raise ChoiceError(Problem("doubled-source", message))
    return found


def _path(source: Source) -> str | None:
    if isinstance(source, Snapshot):
        return source.name or None
    return None if isinstance(source, bytes | Mapping) else os.fspath(source)

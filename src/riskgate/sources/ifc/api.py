"""`read_ifc`: building models in, a snapshot out."""

import datetime as dt
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from riskgate.errors import ChoiceError, MissingExtraError, Place, Problem, SnapshotError
from riskgate.gate import Gate
from riskgate.sources.ground import Ground, ground_of
from riskgate.sources.ifc.draw import Names, draw_rooms, fill_rooms
from riskgate.sources.ifc.drawn import Drawn
from riskgate.sources.ifc.entry import Entry, Placed
from riskgate.sources.ifc.facts import Model
from riskgate.sources.ifc.hang import hang_openings, hang_railings, hang_stairs, outer_windows
from riskgate.sources.ifc.mapping import IfcMap
from riskgate.sources.ifc.mapping_file import read_ifc_map
from riskgate.sources.ifc.process import MEMORY, TIMEOUT, missing, read_model
from riskgate.sources.ifc.project_file import ProjectFacts, placed, read_project
from riskgate.sources.ifc.summary import tell_rooms, tell_values
from riskgate.sources.ifc.telling import Telling, tell_model
from riskgate.sources.made import Made, SourceNote
from riskgate.text import Text

Path_ = str | os.PathLike[str]


def read_ifc(
    models: Path_ | Sequence[Path_],
    *,
    mapping: Path_ | None = None,
    project: "Path_ | Mapping[str, Any] | None" = None,
    as_of: dt.date | str | None = None,
    gate: Gate | None = None,
    timeout: float = TIMEOUT,
    memory: int = MEMORY,
) -> Made:
    """The snapshot that IFC2X3 and IFC4 models make. `mapping` is a file that stands upon the bundled one, `project` a
    file (or data) of facts beside the model. Each model is read by a process of its own, with `timeout` seconds and
    `memory` megabytes.

    `as_of` is the day for which the facts hold; without one, the project's, else the one in the head of the latest
    model. Raises SnapshotError for models that cannot be used and for facts that do not fit the vocabulary, LoadError
    for the mapping and the project, ChoiceError, and MissingExtraError without the extra `ifc`.
    """
    if find_spec("ifcopenshell") is None:
        raise MissingExtraError(missing())
    ground = ground_of(gate)
    mapped = read_ifc_map(mapping, ground.vocabulary)
    facts = read_project(project, ground.vocabulary, ground.lifecycle)
    paths = [models] if isinstance(models, str | os.PathLike) else list(models)
    read = _read_all(paths, mapped, timeout, memory)
    return snapshot_of(read, mapped, facts, ground, None if as_of is None else str(as_of))


def snapshot_of(
    models: Sequence[Model], mapping: IfcMap, facts: ProjectFacts, ground: Ground, as_of: str | None
) -> Made:
    """The snapshot of models whose facts are known. Raises SnapshotError."""
    vocabulary = ground.vocabulary
    root = Entry(vocabulary.root)
    notes: list[SourceNote] = []
    incomplete: list[str] = []
    names = Names()
    for model in models:
        drawn = Drawn(model, mapping, vocabulary, Telling(model.file))
        tell_model(model, drawn.telling, violations_count=mapping.schema_violations == "incomplete")
        draw_rooms(drawn, root, names)
        fill_rooms(drawn, outer_windows(drawn))
        hang_openings(drawn)
        hang_railings(drawn)
        hang_stairs(drawn)
        tell_rooms(drawn)
        tell_values(drawn)
        notes += drawn.telling.notes
        incomplete += drawn.telling.incomplete
    _refuse_repeated(models, names)
    _project(root, models, facts)
    day = as_of or facts.as_of or max((model.written_on for model in models), default="")
    data: dict[str, Any] = {"riskgate": 1}
    if day:
        data["as_of"] = day
    if not as_of and not facts.as_of:
        notes.append(_dated(day, models))
    if incomplete:
        data["incomplete"] = incomplete
    placed_ = Placed()
    data[vocabulary.root.name] = placed_.tree(root, f"/{vocabulary.root.name}")
    data["origins"] = placed_.origins
    if placed_.conflicts:
        data["conflicts"] = placed_.conflicts
    try:
        ground.reader.read(data, name=", ".join(model.file for model in models))
    except SnapshotError as error:
        raise SnapshotError(placed(error.problems, facts, vocabulary.root.name)) from None
    return Made(data, tuple(notes))


def _read_all(paths: Sequence[Path_], mapping: IfcMap, timeout: float, memory: int) -> list[Model]:
    if not paths:
        raise ChoiceError(Problem("empty-choice", Text("没有指定模型", "no model was named")))
    read: list[Model] = []
    problems: list[Problem] = []
    for path in map(Path, paths):
        model, found = read_model(
            path,
            path.as_posix(),
            wanted=mapping.wanted,
            reach=mapping.reach_m,
            encoding=mapping.encoding,
            timeout=timeout,
            memory=memory,
        )
        problems += found
        read += [] if model is None else [model]
    if any(problem.code == "missing-extra" for problem in problems):
        raise MissingExtraError(missing())
    if problems:
        raise SnapshotError(problems)
    return read


def _refuse_repeated(models: Sequence[Model], names: Names) -> None:
    """Two models of one building, or one model twice, are no whole: their entities could not be told apart."""
    problems: list[Problem] = []
    number = Counter(one.guid for model in models for one in (*model.spaces, *model.openings, *model.railings))
    twice = sum(count > 1 for count in number.values())
    for label in sorted(set(names.repeated)):
        message = Text(f"有两栋楼都叫 `{label}`", f"two buildings are called `{label}`")
        help_ = Text(
            "请在模型里给它们不同的名称，或分别导出后用 riskgate snapshot merge 合并",
            "give them different names in the models, or make a snapshot of each and merge them",
        )
        problems.append(Problem("repeated-building", message, Place(models[-1].file), help_))
    if twice:
        message = Text(
            f"{twice} 个构件在几个模型里有同一个 GlobalId",
            f"{twice} elements have the same GlobalId in several models",
        )
        problems.append(Problem("repeated-element", message, Place(models[-1].file)))
    if problems:
        raise SnapshotError(problems)


def _project(root: Entry, models: Sequence[Model], facts: ProjectFacts) -> None:
    """What the models call the project; what the file beside them says is stronger."""
    first = models[0]
    said = {"id": first.project.guid, "name": first.project.long_name or first.project.name}
    own = {name: value for name, value in said.items() if value and name in root.kind.fields}
    below = {name: value for name, value in facts.values.items() if value is not None}
    for name in own.keys() - below.keys():
        root.origins[name] = f"{first.file}, IfcProject"
    for name in below.keys() & root.kind.fields.keys():
        root.origins[name] = facts.name
    root.fields = {**own, **below}


def _dated(day: str, models: Sequence[Model]) -> SourceNote:
    if not day:
        message = Text("模型没有写明日期，请给出 --as-of", "no model says when it was written: give --as-of")
    else:
        message = Text(f"日期 {day} 取自模型文件头", f"the day {day} is that of the model's head")
    return SourceNote("as-of-from-model", message, Place(models[-1].file))

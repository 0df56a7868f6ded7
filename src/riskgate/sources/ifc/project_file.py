"""Facts beside the model: a YAML or JSON file with fields of the project, such as `id` and `design_basis_date`."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from riskgate.errors import LoadError, Place, Problem
from riskgate.lifecycle import Lifecycle
from riskgate.load.locate import File
from riskgate.load.reader import read
from riskgate.load.shape import Sheet
from riskgate.load.typed import DATE, is_date, typed_value
from riskgate.sources.file_name import file_name
from riskgate.text import Text
from riskgate.vocabulary import Vocabulary

AS_OF = "as_of"
DATA = "(data)"


@dataclass
class ProjectFacts:
    """Fields and collections of the project, where each is written, and the day for which they hold."""

    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    as_of: str | None = None
    name: str = DATA
    """What origins call the file: no path of a machine."""


def read_project(
    source: "str | os.PathLike[str] | Mapping[str, Any] | None", vocabulary: Vocabulary, lifecycle: Lifecycle
) -> ProjectFacts:
    """The facts of a file, or of data of the same shape. Raises LoadError with every problem."""
    if source is None:
        return ProjectFacts()
    if isinstance(source, Mapping):
        given = dict(source)
        as_of = given.pop(AS_OF, None)
        return ProjectFacts(given, {}, None if as_of is None else str(as_of), DATA)
    file = File(Path(source), Path(source).as_posix())
    data, problem = file.read()
    if data is None:
        raise LoadError([] if problem is None else [problem])
    document, problems = read(data, file.shown)
    if document is None:
        raise LoadError(problems)
    sheet = Sheet(document)
    facts = _facts(sheet, vocabulary, lifecycle)
    if problems or sheet.problems:
        raise LoadError([*problems, *sheet.problems])
    return facts


def _facts(sheet: Sheet, vocabulary: Vocabulary, lifecycle: Lifecycle) -> ProjectFacts:
    facts = ProjectFacts(name=file_name(sheet.file))
    entries = sheet.entries(sheet.document.root)
    if entries is None:
        return facts
    root = vocabulary.root
    below = {child.key for child in vocabulary.children[root.name]}
    known = {*root.fields, *below, AS_OF}
    for leaf, node in entries.leaves():
        name = leaf.text
        if name not in known:
            sheet.unknown("unknown-field", leaf, Text("项目的字段", "field of the project"), known)
        elif name == AS_OF:
            text = sheet.text(node, DATE)
            if text is not None and not is_date(text):
                sheet.wrong_type(node, DATE)
            facts.as_of = text
        else:
            spec = root.fields.get(name)
            facts.places[name] = sheet.place(node)
            facts.values[name] = sheet.value(node) if spec is None else typed_value(sheet, node, spec, lifecycle)
    return facts


def placed(problems: tuple[Problem, ...], facts: ProjectFacts, root: str) -> list[Problem]:
    """Problems of a snapshot, those about facts of the file with their place in it."""
    found: list[Problem] = []
    for problem in problems:
        parts = (problem.place.pointer or "").split("/")
        own = facts.places.get(parts[2]) if len(parts) > 2 and parts[1] == root else None  # noqa: PLR2004 - /project/name
        found.append(problem if own is None else Problem(problem.code, problem.message, own, problem.help))
    return found

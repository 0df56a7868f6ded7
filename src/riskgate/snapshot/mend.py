"""A tree that the schema refused: blank texts become missing, and what is wrong is listed and taken out.

Blank texts and texts with space around them where a value of an enum, a date or a number belongs are no errors, but the
quick reader cannot tell: such snapshots pass here once more.
"""

from typing import Any

from pydantic_core import ErrorDetails, SchemaValidator, ValidationError

from riskgate.snapshot.finding import Entity, Finding, Path, found
from riskgate.snapshot.schema import Unknown
from riskgate.snapshot.words import Words
from riskgate.text import Text

_ROUNDS = 3


def mend(
    raw: Any, full: SchemaValidator, loose: SchemaValidator, words: Words, unknown: Unknown, findings: list[Finding]
) -> Entity:
    """The validated tree of `raw`, which is changed. What the vocabulary refuses is listed and left out."""
    if not isinstance(raw, dict):
        what = found(raw)
        message = Text(f"快照应为对象 {{…}}，现为{what.zh}", f"a snapshot must be an object {{…}}, found {what.en}")
        findings.append(Finding((), "wrong-type", message))
        # Nothing below can be said of it; the keys that it lacks are not worth a message each.
        return {"riskgate": 1, "project": {}}
    validator = full
    for attempt in range(_ROUNDS):
        try:
            tree: Entity = validator.validate_python(raw, context=unknown)
        except ValidationError as error:
            details = error.errors(include_url=False, include_context=False)
            if attempt or not sum(_smooth(raw, detail, words) for detail in details):
                # All that is left is wrong. Take it out and read on without asking for what is required.
                _explain(raw, details, words, findings)
                validator = loose
        else:
            return _with_project(tree)
    return _with_project({key: value for key, value in raw.items() if key != "project"})


def _with_project(tree: Entity) -> Entity:
    if not isinstance(tree.get("project"), dict):
        tree["project"] = {}
    return tree


def _smooth(raw: Any, detail: ErrorDetails, words: Words) -> bool:
    """Make a blank text missing, or take the space off a text; False if neither helps."""
    value, path = detail["input"], detail["loc"]
    if not isinstance(value, str) or detail["type"] == "missing" or len(path) < 2:  # noqa: PLR2004 - below `project`
        return False
    spot = words.spot(path)
    stripped = value.strip()
    if spot.field is None or (spot.item and not stripped) or (stripped and stripped == value):
        return False
    _put(raw, path, stripped or None)
    return True


def _explain(raw: Any, details: list[ErrorDetails], words: Words, findings: list[Finding]) -> None:
    for detail in details:
        path = detail["loc"]
        if detail["type"] == "missing":
            if path == ("project",):
                message = Text("缺少 `project`（项目）", "`project` is missing")
                findings.append(Finding(path, "missing-field", message, at="key"))
            else:
                findings.append(words.missing(path))
            continue
        findings.append(words.explain(path, detail["input"]))
    for detail in details:
        if detail["type"] != "missing":
            _take_out(raw, detail["loc"], words)


def _take_out(raw: Any, path: Path, words: Words) -> None:
    """Leave nothing at `path` that could be refused again."""
    if len(path) == 1:
        raw["project"] = {}
    elif isinstance(path[-1], str):
        _put(raw, path, None)
    elif words.spot(path).field is None:
        _put(raw, path, {})  # keeps the places of the other entities of the list
    else:
        last_key = max(index for index, step in enumerate(path) if isinstance(step, str))
        _put(raw, path[: last_key + 1], None)


def _put(raw: Any, path: Path, value: object) -> None:
    holder = raw
    for step in path[:-1]:
        holder = _below(holder, step)
    if holder is not None:
        holder[path[-1]] = value


def _below(holder: Any, step: str | int) -> Any:
    """What the holder has there; None if it has been taken out already."""
    return None if holder is None else holder[step]

"""Whether what a library read of a model is what the text of the model declares."""

import re
from collections import Counter
from importlib import import_module
from typing import Any

from riskgate.sources.ifc.facts import Remark
from riskgate.sources.ifc.step import Fault, StepText

_TEXT = re.compile(rb"'(?:[^']|'')*+'")
_BEYOND = re.compile(r"[^\x00-\x7f]+")
_GUID = re.compile(r"[0-3][0-9A-Za-z_$]{21}\Z")
_STAMPED = re.compile(r"^\[error\] (?:\[[^\]]*\] )*")
SHOWN = 5
NOT_THERE = "Attribute not optional"
EMPTY = "Value: () Not valid"
"""What the validator says of an attribute that is not there, and of an empty list."""
IDENTIFIED = (
    "IfcSpace",
    "IfcDoor",
    "IfcWindow",
    "IfcRailing",
    "IfcStair",
    "IfcBuildingStorey",
    "IfcBuilding",
    "IfcZone",
)
"""What becomes an entity, or says where one belongs: two with one id could not be told apart."""


def ascii_text(data: bytes, encoding: str) -> str | None:
    """The text of a model with nothing beyond ASCII, as the format wants it; None if it is not in this encoding.

    Bytes beyond ASCII within texts are lost without a word by the library; here they become the escapes of the format.
    """
    if data.isascii():
        return data.decode("ascii")
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode(encoding)
    except UnicodeDecodeError:
        return None
    return _BEYOND.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return (
        f"\\X2\\{found[0].encode('utf-16-be', 'surrogatepass').hex().upper()}\\X0\\"
        if _plane(found[0])
        else _wide(found[0])
    )


def _plane(text: str) -> bool:
    """Whether all characters have four digits."""
    return all(ord(character) <= 0xFFFF for character in text)  # noqa: PLR2004 - the largest number of four digits


def _wide(text: str) -> str:
    return f"\\X4\\{text.encode('utf-32-be').hex().upper()}\\X0\\"


def compare(model: Any, text: StepText, log: str) -> list[Fault]:
    """What keeps the model from being used: what its reader complained of, or did not take."""
    faults = [Fault("reader-error", 0, _STAMPED.sub("", line)[:200]) for line in log.splitlines() if "[error]" in line]
    read = Counter(instance.is_a().upper() for instance in model)
    for name in sorted(text.types.keys() | read.keys()):
        declared, found = text.types[name], read[name]
        if declared != found:
            faults.append(Fault("wrong-count", 0, f"{name}: {declared} in the text, {found} read"))
    if not read:
        return faults  # not even a schema, perhaps: there is nothing to ask further
    faults += [Fault("doubled-guid", 0, guid) for guid in _doubled(model, identified=True)]
    nameless = [one for kind in IDENTIFIED for one in model.by_type(kind) if not one.GlobalId]
    faults += [Fault("no-guid", 0, f"#{one.id()}={one.is_a()}") for one in nameless]
    if not model.by_type("IfcProject"):
        faults.append(Fault("no-project"))
    return faults


def doubts(model: Any) -> tuple[tuple[Remark, ...], tuple[Remark, ...]]:
    """What does not keep the model from being used, but on which nothing may pass; and what is merely to be told."""
    found: list[Remark] = []
    doubled = _doubled(model, identified=False)
    if doubled:
        found.append(Remark("doubled-guid", ", ".join(doubled[:SHOWN]), tuple(doubled)))
    wrong, absent = _violations(model)
    if wrong:
        found.append(Remark("schema-violation", "; ".join(wrong[:SHOWN]), tuple(wrong)))
    told = (Remark("missing-attribute", "; ".join(absent[:SHOWN]), tuple(absent)),) if absent else ()
    return tuple(found), told


def _doubled(model: Any, *, identified: bool) -> list[str]:
    """GlobalIds that two instances have, one of which becomes an entity; or none of which does."""
    seen: Counter[str] = Counter()
    entities: set[str] = set()
    for instance in model.by_type("IfcRoot"):
        guid = str(instance.GlobalId or "")
        if not guid:
            continue
        seen[guid] += 1
        if any(instance.is_a(kind) for kind in IDENTIFIED):
            entities.add(guid)
    return sorted(guid for guid, number in seen.items() if number > 1 and (guid in entities) is identified)


def _violations(model: Any) -> tuple[list[str], list[str]]:
    """Where the model breaks its schema: what is of the wrong kind, which may be damage; and what is not there, which
    is an exporter's habit and leaves nothing but a fact out."""
    validate: Any = import_module("ifcopenshell.validate")  # with the library, when needed; it has types in part only
    logger = validate.json_logger()
    validate.validate(model, logger)
    wrong: dict[str, None] = {}
    absent: dict[str, None] = {}
    for statement in logger.statements:
        instance = statement.get("instance")
        name = f"#{instance.id()}={instance.is_a()}" if instance is not None and hasattr(instance, "id") else ""
        message = " ".join(str(statement.get("message", "")).split())
        list_ = absent if message == NOT_THERE or EMPTY in message else wrong
        list_.setdefault(name or message[:120])
    for instance in model.by_type("IfcRoot"):
        if _GUID.match(str(instance.GlobalId or "")) is None:
            wrong.setdefault(f"#{instance.id()}={instance.is_a()}")
    return list(wrong), list(absent)

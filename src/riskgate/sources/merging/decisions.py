"""Decisions on conflicts, as people write them: which source is right about a field, who says so, and why."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from riskgate.address import Pattern, Wrong, parse_pattern
from riskgate.errors import LoadError, Place
from riskgate.load.locate import File
from riskgate.load.reader import read
from riskgate.load.shape import Form, Sheet
from riskgate.load.tree import Leaf, Node
from riskgate.load.typed import DATE, is_date
from riskgate.text import Text
from riskgate.vocabulary import Vocabulary

TOP = ("decisions",)
REQUIRED = ("entity", "field", "decided_by", "reason")
KEYS = (*REQUIRED, "take", "value", "decided_on")
FIELD = Text("字段", "field")


@dataclass(slots=True)
class Decision:
    """One decision on a field. `take` names a source, or begins an origin; `value` is one of the values themselves."""

    entity: Pattern
    name: str
    by: str
    reason: str
    take: str | None = None
    value: Any = None
    on: str | None = None
    place: Place = field(default_factory=Place)
    used: int = 0

    def said(self) -> str:
        """Who decided, when and why, on one line."""
        when = f" {self.on}" if self.on else ""
        return f"{self.by}{when}: {self.reason}"


def read_decisions(path: "str | os.PathLike[str]", vocabulary: Vocabulary) -> list[Decision]:
    """The decisions of a file. Raises LoadError with every problem: unknown keys, addresses, fields, nobody's name."""
    shown = Path(path).as_posix()
    data, problem = File(Path(path), shown).read()
    if data is None:
        raise LoadError([] if problem is None else [problem])
    document, problems = read(data, shown)
    if document is None:
        raise LoadError(problems)
    sheet = Sheet(document)
    root = sheet.entries(document.root)
    found: list[Decision] = []
    if root is not None:
        for node in sheet.form(root, TOP, TOP).items("decisions"):
            decision = _decision(sheet, node, vocabulary)
            if decision is not None:
                found.append(decision)
    if problems or sheet.problems:
        raise LoadError([*problems, *sheet.problems])
    return found


def _decision(sheet: Sheet, node: Node, vocabulary: Vocabulary) -> Decision | None:
    before = len(sheet.problems)
    entries = sheet.entries(node)
    if entries is None:
        return None
    form = sheet.form(entries, KEYS, REQUIRED)
    pattern = _pattern(sheet, form, vocabulary)
    name = _field(form, pattern, vocabulary)
    if ("take" in form.values) == ("value" in form.values):
        message = Text("要写 `take`（取哪个来源）或 `value`（取哪个值），只写一个", "write either `take` or `value`")
        sheet.add("bad-decision", entries, message)
    take = form.text("take")
    by, reason = form.text("decided_by"), form.text("reason")
    value = sheet.value(form.values["value"]) if "value" in form.values else None
    on = _day(sheet, form)
    if len(sheet.problems) > before or pattern is None or name is None or by is None or reason is None:
        return None
    line = " ".join(reason.replace(";", ",").replace("；", "，").split())
    return Decision(pattern, name, by.strip(), line, take, value, on, sheet.place(entries))


def _pattern(sheet: Sheet, form: Form, vocabulary: Vocabulary) -> Pattern | None:
    node = form.get("entity")
    text = None if node is None else sheet.text(node)
    if node is None or text is None:
        return None
    found = parse_pattern(vocabulary, text.strip())
    if isinstance(found, Wrong):
        lead = len(text) - len(text.lstrip()) + (1 if isinstance(node, Leaf) and node.style else 0)
        sheet.add(found.code, node, found.message, found.help, lead + found.offset)
        return None
    return found


def _field(form: Form, pattern: Pattern | None, vocabulary: Vocabulary) -> str | None:
    if pattern is None:
        return form.text("field")
    kinds = vocabulary.subtree(pattern.kind)[1:] if pattern.below else (vocabulary.entities[pattern.kind],)
    known = {name for kind in kinds for name in kind.fields if name != "id"}
    return form.choice("field", known, FIELD, "unknown-field")


def _day(sheet: Sheet, form: Form) -> str | None:
    node = form.get("decided_on")
    text = None if node is None else sheet.text(node, DATE)
    if node is not None and text is not None and not is_date(text):
        sheet.wrong_type(node, DATE)
        return None
    return text

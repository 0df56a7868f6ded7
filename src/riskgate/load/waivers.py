"""Waiver files: from YAML, or from data of the same shape, to `WaiverFile` values."""

import datetime as dt
import hashlib
import json
import os
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Any, cast

from riskgate.address import Pattern, Wrong, parse_pattern
from riskgate.cel.check import Checked
from riskgate.errors import Place, Problem
from riskgate.fingerprint import fingerprint
from riskgate.load.expressions import read_expression
from riskgate.load.library import Library
from riskgate.load.locate import File
from riskgate.load.reader import read
from riskgate.load.shape import Form, Sheet
from riskgate.load.tree import Document, Entries, Items, Leaf, Node
from riskgate.load.typed import DATE, is_date
from riskgate.pack import Derive, Expression, Rule
from riskgate.record import record
from riskgate.text import Text
from riskgate.waiver import ROLES, Role

WaiverSource = str | os.PathLike[str] | bytes | Mapping[str, Any]
"""A waiver file: a path, its text as bytes (YAML), or data of the same shape."""
Check = Callable[[Expression, list[Problem]], Checked | None]
"""Type-checks a condition; adds its problems to the list."""

TOP = ("approvers", "waivers")
REQUIRED = ("rule", "entity", "reason", "approved_by", "approved_on", "expires_on")
KEYS = (*REQUIRED, "condition")
RULE = Text("规则", "rule")
ROLE = Text("批准级别", "role")
WAIVERS = Text("豁免的列表", "a list of waivers")
WHO = Text("批准人姓名", "the name of the approver")
WHERE = Text(
    '对象地址，如 "phases[1]/buildings[3]/*"', 'the address of what is waived, such as "phases[1]/buildings[3]/*"'
)
DATA = "(data)"
"""The name of waivers that come from no file."""


@record
class Waiver:
    """One waiver as it is written. `file` and `line` are how reports name its place."""

    id: str
    rule: str
    entity: Pattern
    reason: Text
    approved_by: str
    approved_on: dt.date
    expires_on: dt.date
    condition: str | None = None
    checked: Checked | None = None
    """The condition, ready to be evaluated."""
    file: str = ""
    line: int = 0
    place: Place = field(default_factory=Place)


@record
class WaiverFile:
    """One file of waivers. `approvers` is what the file itself says of roles: a claim until the company confirms it."""

    name: str
    sha256: str
    waivers: tuple[Waiver, ...]
    approvers: Mapping[str, Role] = field(default_factory=lambda: MappingProxyType({}))


def read_waivers(source: WaiverSource, library: Library, check: Check) -> tuple[WaiverFile | None, list[Problem]]:
    """The waivers of one file, and everything that is wrong with it; None if nothing of it can be used.

    Rules, addresses and conditions are checked against the library: what could never hold is a problem here.
    """
    if isinstance(source, Mapping):
        return _read_data(source, library, check)
    if isinstance(source, bytes):
        return _read_text(source, DATA, DATA, library, check)
    path = os.fspath(source)
    shown = Path(path).as_posix()
    data, problem = File(Path(path), shown).read()
    if data is None:
        return None, [] if problem is None else [problem]
    return _read_text(data, shown, PurePath(path).name, library, check)


def _read_text(
    data: bytes, shown: str, name: str, library: Library, check: Check
) -> tuple[WaiverFile | None, list[Problem]]:
    """`shown` is what problems call the file, `name` what reports do: those hold no path of a machine."""
    document, problems = read(data, shown)
    if document is None:
        return None, problems
    sheet = Sheet(document)
    found = _Reader(sheet, name, library, check).file(hashlib.sha256(data).hexdigest())
    return found, [*problems, *sheet.problems]


def _read_data(data: Mapping[str, Any], library: Library, check: Check) -> tuple[WaiverFile | None, list[Problem]]:
    """Data is read as the JSON that it is, which is YAML too: one reader for both. Problems have JSON Pointers."""
    try:
        text = json.dumps(data, ensure_ascii=False, allow_nan=False, sort_keys=True, default=_plain).encode()
    except (TypeError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:200]
        message = Text(f"豁免数据不能写成 JSON：{reason}", f"the waivers cannot be written as JSON: {reason}")
        return None, [Problem("not-json", message, Place(DATA))]
    found, problems = _read_text(text, DATA, DATA, library, check)
    document, _ = read(text, DATA)
    pointers = {} if document is None else _pointers(document)
    columns = sorted(pointers)
    placed = []
    for problem in problems:
        before = bisect_right(columns, problem.place.column) - 1
        pointer = pointers[columns[before]] if before >= 0 else ""
        placed.append(replace(problem, place=Place(DATA, pointer=pointer), excerpt=""))
    if found is not None:
        found = replace(found, waivers=tuple(replace(one, line=0, place=Place(DATA)) for one in found.waivers))
    return found, placed


def rules_of(library: Library) -> dict[str, Rule | Derive]:
    """Every rule that a waiver may name. One that an overlay took out of force is known, and violated nowhere."""
    found: dict[str, Rule | Derive] = {one.rule.id: one.rule for one in library.applied.disabled}
    for pack in library.packs:
        found |= {rule.id: rule for rule in pack.rules}
        found |= {derive.id: derive for derive in pack.derives}
    return found


def _plain(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a value of type {type(value).__name__}")


def _pointers(document: Document) -> dict[int, str]:
    """The JSON Pointer of everything in a document of one line, by the column where it begins."""
    found: dict[int, str] = {}
    below: list[tuple[str, Node]] = [("", document.root)]
    while below:
        pointer, node = below.pop()
        found[node.column] = pointer
        if isinstance(node, Items):
            below += [(f"{pointer}/{index}", item) for index, item in enumerate(node.nodes)]
        elif isinstance(node, Entries):
            for key, item in node.leaves():
                step = key.text.replace("~", "~0").replace("/", "~1")
                found[key.column] = f"{pointer}/{step}"
                below.append((f"{pointer}/{step}", item))
    return found


@dataclass(eq=False, repr=False)
class _Reader:
    """Reads one file whose tree stands."""

    sheet: Sheet
    name: str
    library: Library
    check: Check

    def __post_init__(self) -> None:
        self.rules = rules_of(self.library)
        self.seen: dict[str, Waiver] = {}

    def file(self, sha256: str) -> WaiverFile | None:
        root = self.sheet.entries(self.sheet.document.root)
        if root is None:
            return None
        form = self.sheet.form(root, TOP, ("waivers",))
        items = form.items("waivers", WAIVERS)
        waivers = tuple(one for item in items if (one := self._waiver(item)) is not None)
        return WaiverFile(self.name, sha256, waivers, self._approvers(form))

    def _approvers(self, form: Form) -> Mapping[str, Role]:
        entries = form.entries("approvers")
        found: dict[str, Role] = {}
        for key, node in [] if entries is None else entries.leaves():
            role = self.sheet.choice(node, ROLES, ROLE)
            name = key.text.strip()
            if not name or name in found:
                message = Text("批准人没有姓名，或写了两次", "an approver has no name, or is there twice")
                self.sheet.add("bad-approver", key, message)
            elif role is not None:
                found[name] = cast(Role, role)
        return MappingProxyType(found)

    def _waiver(self, node: Node) -> Waiver | None:
        sheet = self.sheet
        before = len(sheet.problems)
        entries = sheet.entries(node)
        if entries is None:
            return None
        form = sheet.form(entries, KEYS, REQUIRED)
        rule = form.choice("rule", self.rules, RULE, "unknown-rule")
        pattern = self._entity(form)
        if rule is not None and pattern is not None:
            self._fits(self.rules[rule], pattern, form.values["entity"])
        reason = form.words("reason", [])
        who = form.get("approved_by")
        approver = None if who is None else sheet.text(who, WHO)
        since, until = self._day(form, "approved_on"), self._day(form, "expires_on")
        if since is not None and until is not None and until < since:
            message = Text(f"截止日期早于批准日期 {since}", f"it ends before it is approved, on {since}")
            sheet.add("ends-before-it-begins", form.values["expires_on"], message)
        condition, checked = self._condition(form)
        if len(sheet.problems) > before or entries.damaged:
            return None
        if rule is None or pattern is None or reason is None or approver is None or since is None or until is None:
            return None
        approver = approver.strip()
        content = (rule, pattern.text, *reason, approver, since.isoformat(), until.isoformat(), condition or "")
        waiver = Waiver(
            id=fingerprint("waiver", "\0".join(content)),
            rule=rule,
            entity=pattern,
            reason=reason,
            approved_by=approver,
            approved_on=since,
            expires_on=until,
            condition=condition,
            checked=checked,
            file=self.name,
            line=entries.line,
            place=sheet.place(entries),
        )
        return self._first(waiver, entries)

    def _first(self, waiver: Waiver, entries: Entries) -> Waiver | None:
        known = self.seen.setdefault(waiver.id, waiver)
        if known is waiver:
            return waiver
        message = Text(f"与 {known.place} 的豁免完全相同", f"the same waiver as at {known.place}")
        self.sheet.add("doubled-waiver", entries, message, Text("请删除一条。", "delete one of them."))
        return None

    def _entity(self, form: Form) -> Pattern | None:
        node = form.get("entity")
        text = None if node is None else self.sheet.text(node, WHERE)
        if node is None or text is None:
            return None
        found = parse_pattern(self.library.vocabulary, text.strip())
        if isinstance(found, Wrong):
            # within quotes and behind blanks the text begins further to the right than the node
            lead = len(text) - len(text.lstrip()) + (1 if isinstance(node, Leaf) and node.style else 0)
            self.sheet.add(found.code, node, found.message, found.help, lead + found.offset)
            return None
        return found

    def _fits(self, rule: Rule | Derive, pattern: Pattern, node: Node) -> None:
        """A waiver that can never meet a risk of its rule is a mistake of its author."""
        vocabulary = self.library.vocabulary
        if isinstance(rule, Rule):
            kinds = [rule.entity]
        else:
            kinds = [vocabulary.root.name, *([vocabulary.group] if vocabulary.group else [])]
        named = [kind for kind in kinds if all("id" in e.fields for e in vocabulary.chains[kind] if e.collection)]
        if any(pattern.may_cover(vocabulary, kind) for kind in named):
            return
        listed = ", ".join(f"`{kind}`" for kind in kinds)
        if not named:
            message = Text(
                f"规则 `{rule.id}` 的对象（{listed}）没有编号，不能豁免",
                f"what rule `{rule.id}` is about ({listed}) has no id: it cannot be waived",
            )
            self.sheet.add("nameless-address", node, message)
            return
        message = Text(
            f"规则 `{rule.id}` 的对象是 {listed}，这个地址不会是它",
            f"rule `{rule.id}` is about {listed}; this address can never be one",
        )
        self.sheet.add("never-matches", node, message, self._instead(pattern, named))

    def _instead(self, pattern: Pattern, kinds: list[str]) -> Text:
        """What was probably meant, or what addresses of these types look like."""
        vocabulary = self.library.vocabulary
        below = any(vocabulary.entities[pattern.kind] in vocabulary.chains[kind][:-1] for kind in kinds)
        if below and not pattern.below:
            meant = "*" if pattern.kind == vocabulary.root.name else f"{pattern.text}/*"
            return Text(f"它下面的全部写作 `{meant}`", f"for everything below it write `{meant}`")
        if pattern.below and pattern.kind in kinds:
            meant = pattern.text.removesuffix("*").rstrip("/") or vocabulary.root.name
            return Text(f"它本身写作 `{meant}`", f"for the thing itself write `{meant}`")
        usual = [[f"{e.key}[1]" if e.collection else e.key for e in vocabulary.chains[kind][1:]] for kind in kinds]
        listed = ", ".join(f"`{'/'.join(steps) or vocabulary.root.name}`" for steps in usual)
        return Text(f"它的地址形如 {listed}", f"its address reads like {listed}")

    def _day(self, form: Form, name: str) -> dt.date | None:
        node = form.get(name)
        text = None if node is None else self.sheet.text(node, DATE)
        if node is None or text is None:
            return None
        if not is_date(text):
            self.sheet.wrong_type(node, DATE)
            return None
        return dt.date.fromisoformat(text)

    def _condition(self, form: Form) -> tuple[str | None, Checked | None]:
        node = form.get("condition")
        source = None if node is None else read_expression(self.sheet, node)
        if source is None:
            return None, None
        checked = self.check(source, self.sheet.problems)
        return source.text, checked

"""The files of one pack as a `Pack`: its head, parameters, rules and derive rules."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, cast

from riskgate.errors import Place, Problem
from riskgate.load.derives import DeriveReader
from riskgate.load.facts import read_facts
from riskgate.load.fields import FieldReader
from riskgate.load.locate import PackFiles
from riskgate.load.names import RESERVED, identifier, label
from riskgate.load.reader import read
from riskgate.load.rules import RuleReader
from riskgate.load.scope import Scope
from riskgate.load.shape import Form, Sheet
from riskgate.load.tree import Entries, Leaf, Node
from riskgate.load.typed import typed_value
from riskgate.pack import Derive, Direction, Pack, Parameter, Rule
from riskgate.text import Text
from riskgate.vocabulary import Field

PACK = Text("规则包", "pack")
PARAMETER = Text("参数", "parameter")
PARTS = ("rules", "derive")
HEAD_KEYS = ("pack", "version", "title", "parameters", "facts", "vocabulary", *PARTS)
PARAMETER_TYPES = ("string", "integer", "number", "boolean", "date", "datetime", "enum", "list", "node", "department")
PARAMETER_KEYS = ("default", "sources", "tightens")
RULES = Text("规则列表", "a list of rules")
DIRECTION = Text("方向", "direction")
DIRECTIONS = ("up", "down")
ORDERED_TYPES = frozenset({"integer", "number", "boolean", "date", "datetime", "list"})
"""Types of parameters of which one value can be stricter than another."""


@dataclass(eq=False, repr=False)
class OpenPack:
    """A pack whose files are trees and not yet values: packs may extend the vocabulary that all rules are read with."""

    files: PackFiles
    sha256: str
    head: Sheet | None
    sheets: tuple[Sheet, ...]
    problems: list[Problem]
    names: list[tuple[Sheet, Leaf]] = field(default_factory=list)
    """Ids of rules and derive rules with their places, of the broken ones too."""

    @property
    def vocabulary(self) -> Node | None:
        """What the head adds to the vocabulary."""
        root = None if self.head is None else self.head.document.root
        return root.values.get("vocabulary") if isinstance(root, Entries) else None

    def all_problems(self) -> list[Problem]:
        return self.problems + [problem for sheet in self.sheets for problem in sheet.problems]


def open_pack(files: PackFiles) -> OpenPack:
    """Reads the files of a pack into trees."""
    digest = hashlib.sha256()
    problems: list[Problem] = []
    sheets: list[Sheet] = []
    head: Sheet | None = None
    for file in files.files:
        data, problem = file.read()
        if data is None:
            problems += [] if problem is None else [problem]
            continue
        digest.update(data)
        document, found = read(data, file.shown)
        problems += found
        if document is not None:
            sheets.append(Sheet(document))
            if file is files.head:
                head = sheets[-1]
    return OpenPack(files, digest.hexdigest(), head, tuple(sheets), problems)


def read_pack(opened: OpenPack, scope: Scope) -> Pack | None:
    """The pack with all its sound rules; None without a usable head. Problems are added to the sheets."""
    head = opened.head
    form = None if head is None else _head(head)
    plain: list[str] = []
    parameters: dict[str, Parameter] | None = None
    name = version = None
    title: Text | None = None
    if form is not None:
        at = form.get("pack")
        name = label(form.sheet, at, PACK) if isinstance(at, Leaf) else form.text("pack")
        version = form.text("version")
        title = form.words("title", plain)
        parameters = _parameters(form, scope, plain)
    facts, kinds = read_facts(form.sheet, scope, form.entries("facts")) if form is not None else ({}, None)
    rules: list[Rule] = []
    derives: list[Derive] = []
    counted = 0
    for sheet in opened.sheets:
        part = form if sheet is head else _part(sheet)
        if part is None:
            continue
        rule_reader = RuleReader(sheet, scope, parameters)
        for item in _list(part, "rules"):
            rule, at = rule_reader.read(item)
            counted += 1
            rules += [] if rule is None else [rule]
            opened.names += [] if at is None else [(sheet, at)]
        if kinds is None:
            continue
        derive_reader = DeriveReader(sheet, scope, kinds)
        for item in _list(part, "derive"):
            derive, at = derive_reader.read(item)
            counted += 1
            derives += [] if derive is None else [derive]
            opened.names += [] if at is None else [(sheet, at)]
    if form is not None and not counted and not opened.all_problems():
        form.sheet.add("empty-pack", form.node, Text("规则包里没有任何规则", "the pack has no rule"))
    if head is None or form is None or name is None or version is None or title is None:
        return None
    names_only = {node.line for key in ("pack", "version", "title") if (node := form.get(key)) is not None}
    holes = _Holes(opened.problems, [*rules, *derives], names_only)
    return Pack(
        name=name,
        version=version,
        title=title,
        parameters=MappingProxyType(parameters or {}),
        rules=tuple(rule for rule in rules if not holes.touch(rule)),
        derives=tuple(derive for derive in derives if not holes.touch(derive)),
        facts=MappingProxyType(facts),
        sha256=opened.sha256,
        place=Place(head.file, 1, 1),
        one_language=tuple(plain),
    )


class _Holes:
    """Which rules cannot be checked because the YAML itself was refused in them, or in what they build on.

    The others are still worth checking: all errors at once. `names_only` are lines of the head on which no rule builds.
    """

    def __init__(self, problems: Iterable[Problem], rules: Iterable[Rule | Derive], names_only: set[int]) -> None:
        starts: dict[str, list[int]] = {}
        for rule in rules:
            starts.setdefault(rule.place.file, []).append(rule.place.line)
        self._hit: set[tuple[str, int]] = set()
        self._all = False
        for problem in problems:
            place = problem.place
            before = [line for line in starts.get(place.file, ()) if line <= place.line]
            if before:
                self._hit.add((place.file, max(before)))
            elif place.line not in names_only:
                self._all = True

    def touch(self, rule: Rule | Derive) -> bool:
        return self._all or (rule.place.file, rule.place.line) in self._hit


def _head(sheet: Sheet) -> Form | None:
    root = sheet.entries(sheet.document.root)
    if root is None:
        return None
    if "pack" not in root.values and not root.damaged:
        message = Text(
            "这个文件不是规则包，也不是 lifecycle、vocabulary 或 references",
            "this file is no pack, and no lifecycle, vocabulary or references file",
        )
        help_text = Text("规则包以 `pack: 名称` 开头。", "a pack begins with `pack: its name`.")
        if "overlay" in root.values:
            help_text = Text("这是覆盖文件，请用 --overlays 指定。", "this is an overlay: give it with --overlays.")
        sheet.add("not-a-pack", root, message, help_text)
        return None
    return sheet.form(root, HEAD_KEYS, ("pack", "version", "title"))


def _part(sheet: Sheet) -> Form | None:
    root = sheet.entries(sheet.document.root)
    if root is None:
        return None
    if not any(name in root.values for name in PARTS) and not root.damaged:
        message = Text("这个文件里没有 rules 或 derive", "this file has neither `rules` nor `derive`")
        sheet.add("not-a-pack", root, message)
    return sheet.form(root, PARTS)


def _list(form: Form, name: str) -> list[Node]:
    node = form.get(name)
    if node is None:
        return []
    items = form.sheet.items(node, RULES)
    if items is not None and not items:
        form.sheet.add(
            "empty-rules",
            node,
            Text(f"`{name}` 是空的", f"`{name}` is empty"),
            Text("请写上规则，或删除这一行。", "write a rule, or delete the line."),
        )
    return items or []


def _parameters(form: Form, scope: Scope, plain: list[str]) -> dict[str, Parameter]:
    sheet = form.sheet
    found: dict[str, Parameter] = {}
    entries = form.entries("parameters")
    reader = FieldReader(sheet, _NO_ENUMS, [])
    for key, node in [] if entries is None else entries.leaves():
        name = identifier(sheet, key, PARAMETER, RESERVED)
        spec = reader.field(key.text, node, PARAMETER_KEYS, PARAMETER_TYPES)
        if spec is None or not isinstance(node, Entries):
            continue
        own = Form(sheet, node)
        at = own.get("default")
        default: Any = None
        if at is None:
            if not node.damaged:
                message = Text("缺少 `default`", "`default` is missing")
                sheet.add("missing-key", key, message, Text("参数必须有默认值。", "a parameter needs a default."))
        else:
            default = typed_value(sheet, at, spec, scope.lifecycle)
        sources = scope.citations(own)
        if isinstance(own.get("title"), Leaf):
            plain.append(f"params.{key.text}.title")
        if name is not None:  # a broken default is reported; the name is known all the same
            found[name] = Parameter(
                name, spec, default, spec.title, spec.unit, sources, sheet.place(key), _direction(own, spec)
            )
    return found


def _direction(form: Form, spec: Field) -> Direction | None:
    """Which way the parameter becomes stricter, if it says."""
    at = form.get("tightens")
    if at is None:
        return None
    if spec.type not in ORDERED_TYPES:
        message = Text(
            f"类型 {spec.type} 的取值没有大小，不能写 tightens",
            f"values of type {spec.type} have no order to tighten in",
        )
        form.sheet.add("no-order", at, message, Text("请删除这一行。", "delete the line."))
        return None
    return cast("Direction | None", form.choice("tightens", DIRECTIONS, DIRECTION))


_NO_ENUMS: Mapping[str, Mapping[str, Text]] = MappingProxyType({})

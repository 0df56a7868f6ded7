"""An overlay file as values: what it sets, which rules it changes, and the pack and vocabulary that it brings along."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from riskgate.errors import Place, Problem
from riskgate.load.locate import File, PackFiles
from riskgate.load.names import label
from riskgate.load.packs import PARAMETER, OpenPack
from riskgate.load.reader import read
from riskgate.load.scope import SCALE, WAIVABLE, WAIVABLE_BY, Scope, severity_of
from riskgate.load.shape import MAPPING, Form, Sheet
from riskgate.load.tree import Document, Entries, Items, Leaf, Node
from riskgate.load.typed import typed_value
from riskgate.overlay import LEVELS, Level, Overlay, RuleChange, RuleKey, Setting
from riskgate.pack import Pack, Parameter
from riskgate.text import Text

OVERLAY = Text("覆盖文件", "overlay")
LEVEL = Text("层级", "level")
RULE = Text("规则", "rule")
REQUIRED = ("overlay", "level")
CONTENTS = ("parameters", "rules", "own_pack", "vocabulary")
KEYS = (*REQUIRED, "title", *CONTENTS)
RULE_KEYS = (
    *("severity", "add_nodes", "disabled", "owners", "waivable_by"),
    *("customer_sensitivity", "operator_weight", "remedy", "reason"),
)
SETTING_KEYS = ("value", "reason")


@dataclass(eq=False, repr=False)
class OpenOverlay:
    """An overlay whose file is a tree and not yet values. `own` is the pack that it brings along."""

    file: File
    sha256: str = ""
    sheet: Sheet | None = None
    problems: list[Problem] = field(default_factory=list)

    @cached_property
    def own(self) -> OpenPack | None:
        node = self._part("own_pack")
        if node is None or self.sheet is None:
            return None
        document = self.sheet.document
        sheet = Sheet(Document(document.file, document.source, node))
        return OpenPack(PackFiles(self.file.shown, self.file, (self.file,)), self.sha256, sheet, (sheet,), [])

    @property
    def vocabulary(self) -> tuple[Sheet, Node] | None:
        """What it adds to the vocabulary."""
        node = self._part("vocabulary")
        return None if node is None or self.sheet is None else (self.sheet, node)

    def _part(self, name: str) -> Node | None:
        root = None if self.sheet is None else self.sheet.document.root
        return root.values.get(name) if isinstance(root, Entries) else None

    def all_problems(self) -> list[Problem]:
        """Its problems, without those of its pack, which counts among the packs."""
        return self.problems + ([] if self.sheet is None else self.sheet.problems)


def open_overlay(file: File) -> OpenOverlay:
    """Reads the file into a tree."""
    data, problem = file.read()
    if data is None:
        return OpenOverlay(file, problems=[] if problem is None else [problem])
    document, problems = read(data, file.shown)
    sheet = None if document is None else Sheet(document)
    return OpenOverlay(file, hashlib.sha256(data).hexdigest(), sheet, problems)


def read_overlay(opened: OpenOverlay, scope: Scope, packs: Sequence[Pack], rules: Iterable[str]) -> Overlay | None:
    """The overlay, None if it cannot be used; problems are added to its sheet. `rules` are all known rule ids."""
    sheet = opened.sheet
    root = None if sheet is None else sheet.entries(sheet.document.root)
    if sheet is None or root is None:
        return None
    if "overlay" not in root.values and not root.damaged:
        _no_overlay(sheet, root)
        return None
    form = sheet.form(root, KEYS, REQUIRED)
    at = form.get("overlay")
    name = label(sheet, at, OVERLAY) if isinstance(at, Leaf) else form.text("overlay")
    level = form.choice("level", LEVELS, LEVEL)
    title = form.words("title", [])
    settings = tuple(_Settings(sheet, scope, packs).read(form.get("parameters")))
    changes = tuple(_Changes(sheet, scope, frozenset(rules)).read(form.get("rules")))
    brought = any(key in root.values for key in ("own_pack", "vocabulary"))
    if not (settings or changes or brought or sheet.problems or root.damaged):
        message = Text("这个覆盖文件什么也没有改", "this overlay changes nothing")
        sheet.add(
            "empty-overlay", root, message, Text("可以写：" + "、".join(CONTENTS), f"it may have {_and(CONTENTS)}")
        )
    if sheet.problems or opened.problems or name is None or level is None:
        return None
    own = None if opened.own is None else _own_name(opened, packs)
    place = sheet.place(root)
    return Overlay(name, cast(Level, level), sheet.file, opened.sha256, title, settings, changes, own, place)


def _own_name(opened: OpenOverlay, packs: Sequence[Pack]) -> str | None:
    return next((pack.name for pack in packs if pack.place.file == opened.file.shown), None)


def _no_overlay(sheet: Sheet, root: Entries) -> None:
    help_text = Text("覆盖文件以 `overlay: 名称` 开头。", "an overlay begins with `overlay: its name`.")
    if "pack" in root.values:
        help_text = Text("这是规则包，请用 --packs 加载。", "this is a pack: load it with --packs.")
    sheet.add("not-an-overlay", root, Text("这个文件不是覆盖文件", "this file is no overlay"), help_text)


def _and(names: Sequence[str]) -> str:
    return ", ".join(names[:-1]) + f" and {names[-1]}"


@dataclass(eq=False, repr=False)
class _Settings:
    """Reads `parameters`: a value, or `{value: …, reason: …}`, by `NAME` where it is unique or `PACK.NAME`."""

    sheet: Sheet
    scope: Scope
    packs: Sequence[Pack]

    def read(self, node: Node | None) -> Iterable[Setting]:
        entries = None if node is None else self.sheet.entries(node)
        seen: dict[tuple[str, str], Leaf] = {}
        for key, value in [] if entries is None else entries.leaves():
            found = self._target(key)
            if found is None:
                continue
            pack, parameter = found
            first = seen.setdefault((pack.name, parameter.name), key)
            if first is not key:
                where = str(self.sheet.place(first))
                message = Text(f"这个参数在 {where} 已经设过", f"this parameter is already set at {where}")
                self.sheet.add("doubled-parameter", key, message)
                continue
            reason = ""
            at: Node | None = value
            if isinstance(value, Entries):
                form = self.sheet.form(value, SETTING_KEYS, ("value",))
                reason, at = form.text("reason") or "", form.get("value")
            if at is not None:
                made = typed_value(self.sheet, at, parameter.spec, self.scope.lifecycle)
                yield Setting(pack.name, parameter.name, made, self.sheet.place(key), reason.strip())

    def _target(self, key: Leaf) -> tuple[Pack, Parameter] | None:
        pack_name, dot, name = key.text.rpartition(".")
        found = [
            (pack, pack.parameters[name])
            for pack in self.packs
            if name in pack.parameters and (not dot or pack.name == pack_name)
        ]
        if len(found) == 1:
            return found[0]
        if found:
            full = ", ".join(f"`{pack.name}.{name}`" for pack, _ in found)
            message = Text(f"多个规则包都有参数 `{name}`", f"several packs have a parameter `{name}`")
            help_text = Text(f"请写全名：{full}。", f"write one of {full}.")
            self.sheet.add("ambiguous-parameter", key, message, help_text)
        else:
            known = [one for pack in self.packs for p in pack.parameters for one in (p, f"{pack.name}.{p}")]
            self.sheet.unknown("unknown-parameter", key, PARAMETER, known)
        return None


@dataclass(eq=False, repr=False)
class _Changes:
    """Reads `rules`: what is said of each rule or derive rule, by its id."""

    sheet: Sheet
    scope: Scope
    names: frozenset[str]

    def read(self, node: Node | None) -> Iterable[RuleChange]:
        if isinstance(node, Items):
            help_text = Text("自己的新规则写在 own_pack 下面。", "rules of your own go under `own_pack`.")
            self.sheet.wrong_type(node, MAPPING, help_text)
            return
        entries = None if node is None else self.sheet.entries(node)
        for key, value in [] if entries is None else entries.leaves():
            if key.text not in self.names:
                self.sheet.unknown("unknown-rule", key, RULE, self.names)
            said = self.sheet.entries(value)
            if said is not None:
                yield from self._changes(key.text, self.sheet.form(said, RULE_KEYS))

    def _changes(self, rule: str, form: Form) -> Iterable[RuleChange]:
        reason = (form.text("reason") or "").strip()
        found: list[tuple[RuleKey, str, Any]] = [
            ("severity", "severity", severity_of(form)),
            ("nodes", "add_nodes", self.scope.nodes(form, "add_nodes")),
            ("owners", "owners", self.scope.owners(form)),
            ("waivable_by", "waivable_by", form.choice("waivable_by", WAIVABLE_BY, WAIVABLE)),
            ("customer_sensitivity", "customer_sensitivity", form.whole("customer_sensitivity", *SCALE)),
            ("operator_weight", "operator_weight", form.whole("operator_weight", *SCALE)),
            ("remedy", "remedy", form.words("remedy", [])),
        ]
        disabled = self._disabled(form)
        said = [(key, name, value) for key, name, value in found if form.get(name) is not None]
        if not said and disabled is None and not form.node.damaged:
            help_text = Text("可以写：" + "、".join(RULE_KEYS), f"it may have {_and(RULE_KEYS)}.")
            self.sheet.add("empty-change", form.node, Text("这里什么也没有改", "nothing is changed here"), help_text)
        if disabled is not None and disabled.value and said:
            message = Text("停用的规则不能同时改别的", "a rule that is disabled cannot be changed otherwise")
            self.sheet.add("changed-and-disabled", form.node, message)
        if disabled is not None:
            yield RuleChange(rule, "disabled", disabled.value, disabled.place, disabled.reason)
        for key, name, value in said:
            yield RuleChange(rule, key, value, self._place(form, name), reason)

    def _disabled(self, form: Form) -> RuleChange | None:
        """`disabled: {reason: …}`, or `disabled: false` to put a rule in force again that a higher level disabled."""
        node = form.get("disabled")
        if node is None:
            return None
        place = self._place(form, "disabled")
        if isinstance(node, Leaf) and node.text == "false":
            return RuleChange("", "disabled", False, place)
        if isinstance(node, Leaf):
            help_text = Text("请写 {reason: 停用的理由}。", "write {reason: why}.")
            self.sheet.wrong_type(node, Text("停用的理由", "why it is disabled"), help_text)
            return None
        entries = self.sheet.entries(node)
        if entries is None:
            return None
        reason = self.sheet.form(entries, ("reason",), ("reason",)).text("reason") or ""
        return RuleChange("", "disabled", True, place, reason.strip())

    def _place(self, form: Form, name: str) -> Place:
        return self.sheet.place(form.node.key(name))

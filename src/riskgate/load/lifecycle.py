"""`lifecycle.yaml` and `references.yaml` as values: nodes and their order, themes and sources."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

from riskgate.errors import did_you_mean
from riskgate.lifecycle import Department, Lifecycle, Node, Reference, References, Stage, Touchpoint
from riskgate.load.names import label
from riskgate.load.shape import Form, Sheet, shown
from riskgate.load.tree import Document, Entries, Leaf
from riskgate.load.tree import Node as Tree
from riskgate.text import Text

STAGE = Text("阶段", "stage")
DEPARTMENT = Text("部门", "department")
TOUCHPOINT = Text("触点", "touchpoint")
NODE = Text("节点", "node")
THEME = Text("主题", "theme")
SOURCE = Text("来源", "source")
HEAD = ("version", "stages", "departments", "service_stages", "touchpoints", "nodes")
NODE_KEYS = (
    *("id", "code", "title", "stage", "lead", "departments", "key"),
    *("led_by_customer_relations", "touchpoint", "predecessors", "no_blocking_rule"),
)
Value = TypeVar("Value")


def read_lifecycle(document: Document) -> tuple[Lifecycle | None, Sheet]:
    """The lifecycle in a document; None if it cannot be used. All its problems are in the sheet."""
    sheet = Sheet(document)
    root = sheet.entries(document.root)
    if root is None:
        return None, sheet
    form = sheet.form(root, HEAD, ("stages", "departments", "nodes"))
    stages = _by_id(form, "stages", STAGE, ("title",), lambda i, t, _: Stage(i, t))
    departments = _by_id(form, "departments", DEPARTMENT, ("title",), lambda i, t, _: Department(i, t))
    services = _by_id(form, "service_stages", STAGE, ("title",), lambda i, t, _: Stage(i, t))
    touchpoints = _by_id(
        form,
        "touchpoints",
        TOUCHPOINT,
        ("title", "service_stage"),
        lambda i, t, f: Touchpoint(i, t, f.choice("service_stage", services, Text("服务阶段", "service stage"))),
    )
    reader = _Nodes(sheet, stages, departments, touchpoints)
    nodes = reader.read(form.items("nodes"))
    if not nodes and not sheet.problems:
        sheet.add("empty-list", root, Text("没有任何节点", "there is no node"))
    if sheet.problems:
        return None, sheet
    return Lifecycle(nodes, stages, departments, services, touchpoints), sheet


def read_references(document: Document) -> tuple[References | None, Sheet]:
    """Themes and sources in a document; None if they cannot be used. All problems are in the sheet."""
    sheet = Sheet(document)
    root = sheet.entries(document.root)
    if root is None:
        return None, sheet
    form = sheet.form(root, ("version", "themes", "sources"), ("themes", "sources"))
    themes = _by_id(form, "themes", THEME, ("title",), lambda _, t, __: t)

    def source(ref: str, title: Text, entry: Form) -> Reference:
        return Reference(ref, title, entry.text("kind") or "", entry.text("note") or "")

    sources = _by_id(form, "sources", SOURCE, ("title", "kind", "note"), source, key="ref")
    return (None if sheet.problems else References(themes, sources)), sheet


def _by_id(
    form: Form,
    name: str,
    kind: Text,
    keys: tuple[str, ...],
    make: Callable[[str, Text, Form], Value],
    *,
    key: str = "id",
) -> dict[str, Value]:
    found: dict[str, Value] = {}
    first: dict[str, Leaf] = {}
    for entry in _forms(form, name, (key, *keys), (key, "title")):
        at = entry.get(key)
        title = entry.words("title", [])
        if not isinstance(at, Leaf) or title is None:
            if at is not None and not isinstance(at, Leaf):
                form.sheet.text(at)
            continue
        ident = label(form.sheet, at, kind)
        if ident is None:
            continue
        if ident in first:
            _twice(form.sheet, at, first[ident], kind)
            continue
        first[ident] = at
        found[ident] = make(ident, title, entry)
    return found


def _forms(form: Form, name: str, keys: tuple[str, ...], required: tuple[str, ...]) -> Iterator[Form]:
    for item in form.items(name):
        entries = form.sheet.entries(item)
        if entries is not None:
            yield form.sheet.form(entries, keys, required)


def _twice(sheet: Sheet, node: Leaf, first: Leaf, kind: Text) -> None:
    name = shown(node.text)
    message = Text(
        f"{kind.zh} `{name}` 重复（第一次在第 {first.line} 行）",
        f"{kind.en} `{name}` exists twice (first in line {first.line})",
    )
    sheet.add("doubled-id", node, message, Text("编号不能重复，请改名。", "ids are unique: rename one."))


@dataclass(eq=False, repr=False)
class _Nodes:
    """Reads the nodes; predecessors may stand before or after the node that names them."""

    sheet: Sheet
    stages: dict[str, Stage]
    departments: dict[str, Department]
    touchpoints: dict[str, Touchpoint]

    def read(self, items: list[Tree]) -> tuple[Node, ...]:
        forms = [
            self.sheet.form(item, NODE_KEYS, ("id", "code", "title", "stage", "lead"))
            for item in items
            if self.sheet.entries(item) is not None and isinstance(item, Entries)
        ]
        ids = self._ids(forms)
        nodes: list[Node] = []
        places: dict[str, Leaf] = {}
        for form, (ident, code) in zip(forms, self._pairs(forms), strict=True):
            node = self._node(form, ident, code, ids)
            if node is not None:
                nodes.append(node)
                at = form.get("id")
                if isinstance(at, Leaf):
                    places[node.id] = at
        self._cycle(nodes, places)
        return tuple(nodes)

    def _pairs(self, forms: list[Form]) -> list[tuple[str, str]]:
        return [(_plain(form, "id"), _plain(form, "code")) for form in forms]

    def _ids(self, forms: list[Form]) -> dict[str, str]:
        """Node ids by id and by code; what is written twice, or is both an id and a code, is reported."""
        names: dict[str, str] = {}
        first: dict[str, Leaf] = {}
        for form in forms:
            ident = ""
            for key in ("id", "code"):
                at = form.get(key)
                if at is None:
                    continue
                if not isinstance(at, Leaf):
                    self.sheet.text(at)
                    continue
                name = label(self.sheet, at, NODE)
                if name is None:
                    continue
                ident = ident or name
                if name in first:
                    _twice(self.sheet, at, first[name], NODE)
                else:
                    first[name] = at
                    names[name] = ident
        return names

    def _node(self, form: Form, ident: str, code: str, ids: dict[str, str]) -> Node | None:
        title = form.words("title", [])
        stage = form.choice("stage", self.stages, STAGE, "unknown-stage")
        lead = form.choice("lead", self.departments, DEPARTMENT, "unknown-department")
        departments = [
            self.sheet.choice(item, self.departments, DEPARTMENT, "unknown-department")
            for item in form.items("departments")
        ]
        before = [self.sheet.choice(item, ids, NODE, "unknown-node") for item in form.items("predecessors")]
        touchpoint = form.choice("touchpoint", self.touchpoints, TOUCHPOINT, "unknown-touchpoint")
        key, led = form.boolean("key"), form.boolean("led_by_customer_relations")
        reason = form.words("no_blocking_rule", [])
        if not (ident and code and title and stage and lead):
            return None
        return Node(
            id=ident,
            code=code,
            title=title,
            stage=stage,
            lead=lead,
            departments=tuple(dict.fromkeys(d for d in departments if d)),
            key=key,
            led_by_customer_relations=led,
            touchpoint=touchpoint,
            predecessors=tuple(dict.fromkeys(ids[b] for b in before if b)),
            no_blocking_rule=reason,
            place=self.sheet.place(form.node),
        )

    def _cycle(self, nodes: list[Node], places: dict[str, Leaf]) -> None:
        known = {node.id for node in nodes}
        try:
            TopologicalSorter({n.id: [p for p in n.predecessors if p in known] for n in nodes}).prepare()
        except CycleError as error:
            cycle: list[str] = error.args[1]
            path = " → ".join(cycle)
            at = places.get(cycle[0])
            if at is not None:
                message = Text(f"节点互为前置：{path}", f"these nodes come before each other: {path}")
                self.sheet.add(
                    "cycle", at, message, Text("请去掉其中一个前置关系。", "remove one of these predecessors.")
                )


def _plain(form: Form, key: str) -> str:
    node = form.get(key)
    return node.text if isinstance(node, Leaf) else ""


def resolve_node(sheet: Sheet, node: Tree, lifecycle: Lifecycle | None) -> str | None:
    """The id of the node that is named by id or code. Without a lifecycle nothing can be said: the text itself."""
    text = sheet.text(node, Text("一个节点的编号", "the name of a node"))
    if text is None or lifecycle is None:
        return text
    found = lifecycle.by_name.get(text)
    if found is not None:
        return found.id
    assert isinstance(node, Leaf)  # noqa: S101 - only a leaf has a text
    near = did_you_mean(text, lifecycle.by_name)
    sheet.unknown("unknown-node", node, NODE, near or lifecycle.by_name)
    return None

"""What a pack may name: nodes, entity types, themes, sources. A part that could not be read is None and not checked."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, cast

from riskgate.lifecycle import Lifecycle, References
from riskgate.load.lifecycle import DEPARTMENT, SOURCE, THEME, resolve_node
from riskgate.load.names import label
from riskgate.load.shape import Form, Sheet
from riskgate.load.tree import Leaf, Node
from riskgate.load.vocabulary import ENTITY
from riskgate.pack import DEFAULT_WAIVABLE, SEVERITIES, Citation, Severity, WaivableBy
from riskgate.text import Text
from riskgate.vocabulary import EntityType, Vocabulary

SEVERITY = Text("严重度", "severity")
CERTAINTY = Text("可信程度", "certainty")
WAIVABLE = Text("豁免权限", "level that may waive")
CERTAINTIES = ("verified", "recalled", "practice")
WAIVABLE_BY = ("group", "region", "project", "nobody")
NODES = Text("节点编号的列表，如 [N06, drawing-review]", "a list of node names, such as [N06, drawing-review]")
OWNERS = Text("部门编号的列表，如 [design]", "a list of departments, such as [design]")
SCALE = (1, 5)
CASE_KEYS = frozenset({"expect", "as_of", "params", "snapshot", "note"})


@dataclass(eq=False, repr=False)
class Scope:
    lifecycle: Lifecycle | None
    vocabulary: Vocabulary | None
    references: References | None
    rule_names: list[tuple[Sheet, Leaf]] = field(default_factory=list)
    """Rules that derive rules name; looked up when the rules of all packs are known."""

    @cached_property
    def case_keys(self) -> frozenset[str]:
        """What a case may hold: its own keys, and entity types."""
        return CASE_KEYS if self.vocabulary is None else CASE_KEYS | self.vocabulary.entities.keys()

    def nodes(self, form: Form, name: str = "nodes") -> tuple[str, ...]:
        """Ids of the nodes that a rule gates; at least one."""
        sheet = form.sheet
        at = form.get(name)
        if at is None:
            return ()
        items = sheet.items(at, NODES)
        if items is not None and not items:
            sheet.add("empty-list", at, Text("至少要写一个节点", "at least one node is needed"))
        found = [resolve_node(sheet, item, self.lifecycle) for item in items or ()]
        return tuple(dict.fromkeys(n for n in found if n is not None))

    def owners(self, form: Form) -> tuple[str, ...]:
        at = form.get("owners")
        items = [] if at is None else form.sheet.items(at, OWNERS) or []
        found = [self.department(form.sheet, item) for item in items]
        return tuple(dict.fromkeys(d for d in found if d is not None))

    def department(self, sheet: Sheet, node: Node) -> str | None:
        if self.lifecycle is None:
            return sheet.text(node)
        return sheet.choice(node, self.lifecycle.departments, DEPARTMENT, "unknown-department")

    def theme(self, form: Form) -> str | None:
        if self.references is None:
            at = form.get("theme")
            return label(form.sheet, at, THEME) if isinstance(at, Leaf) else form.text("theme")
        return form.choice("theme", self.references.themes, THEME, "unknown-theme")

    def entity(self, form: Form, name: str = "entity") -> EntityType | None:
        if self.vocabulary is None:
            form.text(name)
            return None
        found = form.choice(name, self.vocabulary.entities, ENTITY, "unknown-entity")
        return None if found is None else self.vocabulary.entities[found]

    def citations(self, form: Form) -> tuple[Citation, ...]:
        """What a rule or parameter cites."""
        found: list[Citation] = []
        sheet = form.sheet
        for item in form.items("sources"):
            entries = sheet.entries(item)
            if entries is None:
                continue
            source = sheet.form(entries, ("ref", "clause", "certainty"), ("ref",))
            if self.references is None:
                ref = source.text("ref")
            else:
                ref = source.choice("ref", self.references.sources, SOURCE, "unknown-source")
            clause = source.text("clause")
            certainty = source.choice("certainty", CERTAINTIES, CERTAINTY) or "recalled"
            if ref is not None:
                sure = cast(Literal["verified", "recalled", "practice"], certainty)
                found.append(Citation(ref, clause or "", sure))
        return tuple(found)


def severity_of(form: Form) -> Severity | None:
    return cast("Severity | None", form.choice("severity", SEVERITIES, SEVERITY))


def waivable_by(form: Form, severity: Severity | None) -> WaivableBy:
    written = form.choice("waivable_by", WAIVABLE_BY, WAIVABLE)
    return cast(WaivableBy, written) if written is not None else DEFAULT_WAIVABLE[severity or "blocking"]

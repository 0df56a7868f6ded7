"""The lifecycle: stages, departments and the graph of nodes; and the references that rules cite."""

from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from types import MappingProxyType

from riskgate.errors import Place
from riskgate.record import record
from riskgate.text import Text


@record
class Stage:
    id: str
    title: Text


@record
class Department:
    id: str
    title: Text


@record
class Touchpoint:
    """A moment at which an owner meets the company; belongs to one service stage."""

    id: str
    title: Text
    service_stage: str | None = None


@record
class Node:
    """One lifecycle node: `id` is the slug, `code` the short number people say."""

    id: str
    code: str
    title: Text
    stage: str
    lead: str
    departments: tuple[str, ...] = ()
    key: bool = False
    led_by_customer_relations: bool = False
    touchpoint: str | None = None
    predecessors: tuple[str, ...] = ()  # ids
    no_blocking_rule: Text | None = None
    """Why no blocking rule gates it, if none does."""
    place: Place = field(default_factory=Place, compare=False)


@record
class Lifecycle:
    """All nodes in the order of the file. Loading checked unique ids and codes, known predecessors and no cycle."""

    nodes: tuple[Node, ...]
    stages: Mapping[str, Stage]
    departments: Mapping[str, Department]
    service_stages: Mapping[str, Stage] = field(default_factory=lambda: MappingProxyType({}))
    touchpoints: Mapping[str, Touchpoint] = field(default_factory=lambda: MappingProxyType({}))

    @cached_property
    def by_name(self) -> Mapping[str, Node]:
        """Each node under its id and under its code."""
        return {name: node for node in self.nodes for name in (node.code, node.id)}

    @cached_property
    def position(self) -> Mapping[str, int]:
        return {node.id: index for index, node in enumerate(self.nodes)}

    @cached_property
    def ancestors(self) -> Mapping[str, frozenset[str]]:
        """For each node id, the ids of all nodes that come before it."""
        found: dict[str, frozenset[str]] = {}

        def visit(node_id: str) -> frozenset[str]:
            if node_id not in found:
                before = self.by_name[node_id].predecessors
                found[node_id] = frozenset(before).union(*(visit(p) for p in before))
            return found[node_id]

        for node in self.nodes:
            visit(node.id)
        return found


@record
class Reference:
    """A law, code, standard or practice that a rule cites by `ref`."""

    ref: str
    title: Text
    kind: str = ""
    note: str = ""


@record
class References:
    themes: Mapping[str, Text]
    sources: Mapping[str, Reference]

"""What a person should see for a node: its own status, or what the nodes before it do to it."""

from typing import Literal

from riskgate.report import NodeResult

NodeState = Literal["blocked", "held", "unverified", "awaiting", "ungated", "clear"]
"""The status of a node, with what comes from the nodes before it: `held` and `awaiting`."""


def state_of(node: NodeResult) -> NodeState:
    """Its own status first, then what the nodes before it do to it."""
    if node.status == "blocked":
        return "blocked"
    if node.held_by:
        return "held"
    if node.status == "unverified":
        return "unverified"
    if node.awaiting:
        return "awaiting"
    return node.status

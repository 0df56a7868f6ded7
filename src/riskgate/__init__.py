"""riskgate evaluates customer-risk rule packs against a residential project and says which nodes may be passed.

    import riskgate

    gate = riskgate.Gate.load()
    report = gate.check("snapshot.json", nodes=["pre-opening-risk-check"])

Names are loaded when they are first used, so that importing one part does not cost the others.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from riskgate.comparing import compare
    from riskgate.comparison import Comparison, GapChange, NodeChange, RiskChange
    from riskgate.errors import (
        ChoiceError,
        EvaluationError,
        ExpressionError,
        InferenceError,
        LoadError,
        MissingExtraError,
        Place,
        Problem,
        RectificationError,
        ReportError,
        RiskgateError,
        SnapshotError,
        SourceError,
    )
    from riskgate.gate import Gate
    from riskgate.report import EntityRef, Evidence, Gap, NodeResult, Report, Risk, RuleInfo, WaiverResult
    from riskgate.snapshot.tree import Snapshot
    from riskgate.text import Text

__version__ = "0.1.0"
"""Also in pyproject.toml; reading it from the installed metadata would cost a quarter of a start."""

__all__ = [
    "ChoiceError",
    "Comparison",
    "EntityRef",
    "EvaluationError",
    "Evidence",
    "ExpressionError",
    "Gap",
    "GapChange",
    "Gate",
    "InferenceError",
    "LoadError",
    "MissingExtraError",
    "NodeChange",
    "NodeResult",
    "Place",
    "Problem",
    "RectificationError",
    "Report",
    "ReportError",
    "Risk",
    "RiskChange",
    "RiskgateError",
    "RuleInfo",
    "Snapshot",
    "SnapshotError",
    "SourceError",
    "Text",
    "WaiverResult",
    "compare",
]

_HOMES = {
    "riskgate.comparing": ("compare",),
    "riskgate.comparison": ("Comparison", "GapChange", "NodeChange", "RiskChange"),
    "riskgate.gate": ("Gate",),
    "riskgate.report": ("EntityRef", "Evidence", "Gap", "NodeResult", "Report", "Risk", "RuleInfo", "WaiverResult"),
    "riskgate.snapshot.tree": ("Snapshot",),
    "riskgate.text": ("Text",),
    "riskgate.errors": (
        "ChoiceError",
        "EvaluationError",
        "ExpressionError",
        "InferenceError",
        "LoadError",
        "MissingExtraError",
        "Place",
        "Problem",
        "RectificationError",
        "ReportError",
        "RiskgateError",
        "SnapshotError",
        "SourceError",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)

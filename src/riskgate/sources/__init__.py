"""The ways in: models, ledgers and other snapshots become one snapshot. Documented in docs/sources.md.

    from riskgate import sources

    made = sources.read_ledger("prices.xlsx", into="model.json")
    made.data, made.notes

Names are loaded when they are first used: each way in may need an extra of its own.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from riskgate.sources.ifc.api import read_ifc
    from riskgate.sources.ledger.api import read_csv, read_ledger
    from riskgate.sources.made import Made, SourceNote
    from riskgate.sources.merging.api import merge
    from riskgate.sources.template.api import write_template

__all__ = ["Made", "SourceNote", "merge", "read_csv", "read_ifc", "read_ledger", "write_template"]

_HOMES = {
    "riskgate.sources.ifc.api": ("read_ifc",),
    "riskgate.sources.ledger.api": ("read_csv", "read_ledger"),
    "riskgate.sources.made": ("Made", "SourceNote"),
    "riskgate.sources.merging.api": ("merge",),
    "riskgate.sources.template.api": ("write_template",),
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

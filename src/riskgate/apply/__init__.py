"""Library and overlays to Library: the packs as a group, a region and a project want them.

Overlays are applied level by level, group before region before project, each level as a whole against what the level
above left: neither the order of the files nor their number within a level bears on the result. What a level may not do
is in `guards` (what must not block less) and `decide` (whether a change makes it block less).
"""

from riskgate.apply.levels import apply_overlays

__all__ = ["apply_overlays"]

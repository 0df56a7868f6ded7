"""Loaded rules kept from one run of the command to the next (docs/decisions/pack-cache.md).

What is kept is what loading made of the very same bytes with the very same riskgate; whatever is wrong with it, or with
the place where it lies, means that the rules are loaded as if there were no cache.
"""

from riskgate.cache.folder import Folder, own_folder
from riskgate.cache.kept import Kept

__all__ = ["Folder", "Kept", "own_folder"]

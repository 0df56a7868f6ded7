"""How origins call a file."""

import os
from pathlib import PurePath


def file_name(path: str | os.PathLike[str]) -> str:
    """The name of a file without its folder. Bytes that are no character (names of other systems) are written out: a
    snapshot could not hold them."""
    return PurePath(path).name.encode("utf-8", "backslashreplace").decode()

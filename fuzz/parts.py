"""Workbooks as texts: their parts one after the other, each below its name. In an archive, a byte that changes is a
damaged archive, and nothing behind that would ever be reached."""

import io
import zipfile

from fuzz.company import SEPARATOR

UNREAD = ("docProps/core", "docProps/app", "xl/theme", "xl/drawings", "xl/comments", "xl/worksheets/_rels")
"""What riskgate does not look at."""


def workbook_of(data: bytes) -> bytes:
    """The archive of an input; one that is an archive already stays what it is."""
    if data.startswith(b"PK"):
        return data
    made = io.BytesIO()
    names: set[str] = set()
    with zipfile.ZipFile(made, "w") as archive:
        for part in data.split(SEPARATOR):
            first, _, content = part.partition(b"\n")
            name = first.decode("utf-8", "replace").replace("\0", "")
            if name and name not in names:
                names.add(name)
                archive.writestr(name, content)
    return made.getvalue()


def parts_of(workbook: bytes) -> bytes:
    """The input whose archive holds what this one does."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        names = [name for name in archive.namelist() if not name.startswith(UNREAD)]
        return SEPARATOR.join(name.encode() + b"\n" + archive.read(name) for name in names)

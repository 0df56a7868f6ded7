"""Reads workbooks (.xlsx) that come from outside: cell by cell, within limits, believing nothing.

`open_workbook` looks at the directory of the archive before anything is unpacked, and whatever is read after that
counts against `Limits`. No entity is expanded, no formula evaluated, no link followed, no macro seen.
"""

from riskgate.workbook.archive import WORKBOOK_LIMITS, Archive, Limits, open_archive
from riskgate.workbook.book import Sheet, Workbook, open_workbook
from riskgate.workbook.cells import Cell, Row, column_letters

__all__ = [
    "WORKBOOK_LIMITS",
    "Archive",
    "Cell",
    "Limits",
    "Row",
    "Sheet",
    "Workbook",
    "column_letters",
    "open_archive",
    "open_workbook",
]

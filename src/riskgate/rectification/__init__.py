"""Reads the list of risks back from a workbook that people filled in, and says what it tells.

    from riskgate.rectification import match, read

    answer = read("整改清单.xlsx")
    for entry in answer.overdue(today):
        print(entry.cell("due_on"), entry.responsible, entry.result)
    match(answer, report).without_row

Rows are known by the fingerprint of their risk: they may be sorted, filtered or deleted, columns may be moved or added.
"""

from riskgate.rectification.columns import RESULTS, Result
from riskgate.rectification.entries import Change, Entry, Origin, Rectification
from riskgate.rectification.matching import Matching, match
from riskgate.rectification.reading import read

__all__ = ["RESULTS", "Change", "Entry", "Matching", "Origin", "Rectification", "Result", "match", "read"]

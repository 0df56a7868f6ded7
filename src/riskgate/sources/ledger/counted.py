"""What happened to the rows of a sheet, in numbers and as notes."""

from dataclasses import dataclass, field

from riskgate.sources.ledger.grid import Grid
from riskgate.sources.ledger.headers import Header
from riskgate.sources.made import SourceNote
from riskgate.text import Text


@dataclass
class Counted:
    """What happened to the rows of a sheet."""

    taken: int = 0
    totals: list[int] = field(default_factory=list)
    examples: list[int] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    numbered: list[int] = field(default_factory=list)
    """Rows whose id another row would have had too, so that it got a number."""
    unchecked: int = 0
    """References to what is not known here."""


def notes_of_rows(grid: Grid, counted: Counted, header: Header) -> list[SourceNote]:
    """What people should know of how the rows were read."""
    said = [
        (counted.totals, "total-rows", Text("合计行没有读", "rows of totals were not read")),
        (counted.examples, "example-rows", Text("标着“示例”的行没有读", "rows marked as examples were not read")),
        (counted.hidden, "hidden-rows", Text("隐藏的行也读了", "hidden rows were read too")),
        (
            counted.numbered,
            "numbered-ids",
            Text("编号重复的行按先后加了序号", "rows with one id got numbers in their order"),
        ),
    ]
    found = [
        SourceNote(
            code,
            Text(f"{text.zh}（{len(rows)} 行）", f"{text.en} ({len(rows)})"),
            grid.place(rows[0]),
            len(rows),
        )
        for rows, code, text in said
        if rows
    ]
    hidden = [n for n in header.columns if any(first <= n <= last for first, last in grid.columns_hidden)]
    if hidden:
        message = Text(f"隐藏的列也读了（{len(hidden)} 列）", f"hidden columns were read too ({len(hidden)})")
        found.append(SourceNote("hidden-columns", message, grid.place(header.row, hidden[0]), len(hidden)))
    if counted.unchecked:
        message = Text(
            f"{counted.unchecked} 处引用的对象这里没有：用 --into 核对，或合并时核对",
            f"references to what is not known here: {counted.unchecked}; --into or a merge checks them",
        )
        found.append(SourceNote("unchecked-references", message, grid.place(header.row), counted.unchecked))
    return found

"""One row of the list of risks: its fingerprint, checked, and what was filled in, read."""

import datetime as dt
import re
from collections.abc import Mapping

from riskgate.errors import Place, Problem
from riskgate.fingerprint import fingerprint
from riskgate.rectification.columns import FILLED, HEADERS, Name, Result
from riskgate.rectification.entries import Entry
from riskgate.rectification.values import HOW_DATES, day_of, near_result, result_of, shown, text_of
from riskgate.text import Text
from riskgate.workbook import Cell, Row, Sheet, Workbook, column_letters

ID = re.compile(r"[0-9a-f]{16}")
_LONGEST = 16_000
"""An address that was cut when it was written can no longer be compared."""
_COPY = Text("从发出的工作簿里复制", "copy it from the workbook as it was sent out")


class RowReader:
    """Reads the rows below the headers of one sheet; problems go to the common list."""

    def __init__(self, book: Workbook, sheet: Sheet, columns: Mapping[Name, int], problems: list[Problem]) -> None:
        self.columns = columns
        self._book = book
        self._sheet = sheet
        self._problems = problems
        self._names = {name: sheet.cell(column_letters(column)) for name, column in columns.items()}

    def entry(self, row: Row) -> Entry | None:
        """The entry of a row; None if it has nothing of ours."""
        cells = {name: row.cells[column] for name, column in self.columns.items() if column in row.cells}
        for name, cell in cells.items():
            if cell.formula:
                message = Text("单元格里是公式，不计算也不采信", "the cell holds a formula: not computed, not believed")
                self._problem("formula", message, row, name, Text("填写数值本身", "write the value itself"))
        cells = {name: cell for name, cell in cells.items() if cell.formula or text_of(cell)}
        if "id" not in cells:
            if any(name in cells for name in FILLED):
                message = Text("这一行填了内容，但没有风险编号", "the row is filled in, but has no risk id")
                self._problem("no-fingerprint", message, row, "id", _COPY)
            return None
        texts = {name: text_of(cell) for name, cell in cells.items()}
        return Entry(
            id=self._fingerprint(row, cells),
            sheet=self._sheet.name,
            row=row.number,
            columns=self._names,
            rule=texts.get("rule"),
            address=texts.get("address"),
            responsible=texts.get("responsible"),
            due_on=self._day(row, "due_on", cells),
            result=self._result(row, cells),
            done_on=self._day(row, "done_on", cells),
            remark=texts.get("remark"),
        )

    def _fingerprint(self, row: Row, cells: Mapping[Name, Cell]) -> str:
        """The risk's id. That it fits the rule and the address beside it shows that only whole rows were moved."""
        cell = cells["id"]
        if cell.formula:
            return ""
        found = text_of(cell).lower()
        if not isinstance(cell.value, str) or not ID.fullmatch(found):
            message = Text(f"`{shown(cell.value)}` 不是风险编号", f"`{shown(cell.value)}` is no risk id")
            self._problem("bad-fingerprint", message, row, "id", _COPY)
            return found
        rule, address = (cells[name].value if name in cells else "" for name in ("rule", "address"))
        if not isinstance(rule, str) or not isinstance(address, str) or not rule or not address:
            return found
        written = "\\" in rule + address or len(address) >= _LONGEST  # escaped or cut: not what the id was made from
        if not written and fingerprint(rule, address) != found:
            message = Text(
                "风险编号与本行的规则、地址不符", "the risk id does not fit the rule and the address of its row"
            )
            help_text = Text(
                "排序时要选中整张表；从原工作簿恢复这些列",
                "sort whole rows only; take these columns from the workbook as it was sent out",
            )
            self._problem("unfit-fingerprint", message, row, "id", help_text)
        return found

    def _day(self, row: Row, name: Name, cells: Mapping[Name, Cell]) -> dt.date | None:
        cell = cells.get(name)
        if cell is None or cell.formula:
            return None
        day = day_of(cell, from_1904=self._book.from_1904)
        if day is None:
            header = HEADERS[name]
            value = shown(cell.value)
            message = Text(f"{header.zh} `{value}` 不是日期", f"`{value}` is no date ({header.en})")
            self._problem("bad-date", message, row, name, HOW_DATES)
        return day

    def _result(self, row: Row, cells: Mapping[Name, Cell]) -> Result | None:
        cell = cells.get("result")
        if cell is None or cell.formula:
            return None
        result = result_of(cell)
        if result is None:
            value = shown(cell.value)
            message = Text(f"整改结果没有 `{value}` 这个值", f"`{value}` is no result")
            self._problem("unknown-result", message, row, "result", near_result(cell))
        return result

    def _problem(self, code: str, message: Text, row: Row, name: Name, help_text: Text) -> None:
        column = self.columns[name]
        cell = f"{self._names[name]}{row.number}"
        place = Place(self._book.archive.file, row.number, column, cell=cell)
        self._problems.append(Problem(code, message, place, help_text))

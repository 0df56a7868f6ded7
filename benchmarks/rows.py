"""Rows of the benchmark's table, and the table as text and Markdown."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

Collector = Literal["on", "off", "paused", "-"]
BOTH: tuple[tuple[Collector, bool], ...] = (("on", True), ("off", False))
"""The cyclic garbage collector as it comes, and switched off for all candidates alike."""


@dataclass(frozen=True)
class Row:
    """One figure. `value` is a ratio unless `unit` says otherwise; without a target it is for information.

    A target is a limit from above, or from below with `at_least`.
    """

    zh: str
    en: str
    collector: Collector
    value: float
    unit: str = "x"
    target: float | None = None
    at_least: bool = False
    detail: str = ""

    @property
    def shown(self) -> str:
        return f"{self.value:.2f}" if self.unit == "x" else f"{self.value:,.0f} {self.unit}"

    @property
    def wanted(self) -> str:
        if self.target is None:
            return ""
        return f"{'≥' if self.at_least else '≤'} {self.target:g}"

    @property
    def verdict(self) -> str:
        if self.target is None:
            return ""
        met = self.value >= self.target if self.at_least else self.value <= self.target
        return "met" if met else "missed"

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def text_table(rows: Sequence[Row]) -> str:
    """The table for a terminal."""
    cells = [("what", "collector", "value", "target", "", "times")]
    cells += [(row.en, row.collector, row.shown, row.wanted, row.verdict, row.detail) for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in cells]
    return "\n".join(line.rstrip() for line in lines)


VERDICTS = {"met": "达标 / met", "missed": "**未达标 / missed**", "": ""}


def markdown_table(rows: Sequence[Row]) -> str:
    """The table for the documentation, in both languages."""
    lines = [
        "| 项目 | What | 垃圾回收 / Collector | 结果 / Value | 目标 / Target | 判定 / Verdict | 用时 / Times |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        cells = (row.zh, row.en, row.collector, row.shown, row.wanted, VERDICTS[row.verdict], row.detail)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)

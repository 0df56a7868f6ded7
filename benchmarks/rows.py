"""Rows of the benchmark's tables, and the tables as text and Markdown."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from measure import Figure
from plots import Bars, Plot

Collector = Literal["on", "off", "paused", "-"]
BOTH: tuple[tuple[Collector, bool], ...] = (("on", True), ("off", False))
"""The cyclic garbage collector as it comes, and switched off for all candidates alike."""


@dataclass(frozen=True)
class Options:
    """How often to measure, and how many flats the reference project has."""

    rounds: int
    units: int


@dataclass(frozen=True)
class Row:
    """One figure. `value` is a ratio unless `unit` says otherwise; without a target it is for information.

    A target is a limit from above, or from below with `at_least`. A single value without rounds has no spread.
    """

    zh: str
    en: str
    collector: Collector
    value: float
    spread: tuple[float, float] | None = None
    unit: str = "x"
    target: float | None = None
    at_least: bool = False
    detail: str = ""

    @classmethod
    def of(
        cls,
        names: tuple[str, str],
        collector: Collector,
        found: Figure,
        *,
        unit: str = "x",
        target: float | None = None,
        at_least: bool = False,
        detail: str = "",
    ) -> "Row":
        """A row of a figure that has a spread; `names` are the Chinese and the English one."""
        spread = (found.low, found.high)
        return cls(*names, collector, found.median, spread, unit, target, at_least, detail)

    @property
    def shown(self) -> str:
        return f"{self._number(self.value)}{'' if self.unit == 'x' else f' {self.unit}'}"

    @property
    def range(self) -> str:
        if self.spread is None:
            return ""
        return "–".join(self._number(value) for value in self.spread)

    def _number(self, value: float) -> str:
        return f"{value:,.0f}" if value >= 100 or self.unit != "x" else f"{value:.2f}"

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


@dataclass(frozen=True)
class Measured:
    """What one group gives: rows of its section's table, plots, and facts about what was measured."""

    rows: Sequence[Row] = ()
    plots: Sequence[Plot | Bars] = ()
    facts: Sequence[tuple[str, str]] = ()
    """Lines of the list above the tables, each in Chinese and in English."""

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "rows": [asdict(row) for row in self.rows],
            "plots": [{"kind": type(plot).__name__, **asdict(plot)} for plot in self.plots],
            "facts": list(self.facts),
        }

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> "Measured":
        kinds: Mapping[str, type[Plot | Bars]] = {"Plot": Plot, "Bars": Bars}
        plots = [kinds[plot["kind"]](**{k: v for k, v in plot.items() if k != "kind"}) for plot in given["plots"]]
        rows = [Row(**{**row, "spread": row["spread"] and tuple(row["spread"])}) for row in given["rows"]]
        return cls(rows, plots, [(zh, en) for zh, en in given["facts"]])


def text_table(rows: Sequence[Row]) -> str:
    """The table for a terminal."""
    cells = [("what", "collector", "value", "min-max", "target", "", "times")]
    cells += [(row.en, row.collector, row.shown, row.range, row.wanted, row.verdict, row.detail) for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in cells]
    return "\n".join(line.rstrip() for line in lines)


VERDICTS = {"met": "达标 / met", "missed": "**未达标 / missed**", "": ""}


def markdown_table(rows: Sequence[Row]) -> str:
    """The table for the documentation, in both languages."""
    lines = [
        (
            "| 项目 | What | 垃圾回收 / Collector | 中位数 / Median | 最小–最大 / Min–max "
            "| 目标 / Target | 判定 / Verdict | 用时 / Times |"
        ),
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        verdict = VERDICTS[row.verdict]
        cells = (row.zh, row.en, row.collector, row.shown, row.range, row.wanted, verdict, row.detail)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)

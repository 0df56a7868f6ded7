"""Rows of a filled-in workbook against the risks of a report, by fingerprint."""

from typing import Any

from riskgate.errors import Place, Problem, RectificationError
from riskgate.record import record
from riskgate.rectification.columns import LONGEST_PROPERTY
from riskgate.rectification.entries import Entry, Rectification
from riskgate.report import Report, Risk
from riskgate.scope import scope_of
from riskgate.text import Text


@record
class Matching:
    """What the two know of each other. `same_check`: the workbook was written from this very check; None if it no
    longer says from which."""

    same_check: bool | None
    without_row: tuple[Risk, ...]
    """Risks at the nodes that the report was asked about and of which no row speaks, in the report's order."""
    without_risk: tuple[Entry, ...]
    """Rows whose risk is not in the report."""
    still_there: tuple[Entry, ...]
    """Rows that say the re-inspection passed, while a report of another check still has the risk."""

    @property
    def gone(self) -> tuple[Entry, ...]:
        """Rows whose risk the report of another check no longer has."""
        return self.without_risk if self.same_check is False else ()

    @property
    def unknown(self) -> tuple[Entry, ...]:
        """Rows whose risk ought to be in the report: the workbook says that it was written from it, or from none."""
        return () if self.same_check is False else self.without_risk

    @property
    def clean(self) -> bool:
        """The two agree; that risks are gone is no disagreement."""
        return not (self.without_row or self.unknown or self.still_there)

    def as_dict(self) -> dict[str, Any]:
        return {
            "same_check": self.same_check,
            "without_row": [risk.id for risk in self.without_row],
            "unknown": [entry.id for entry in self.unknown],
            "gone": [entry.id for entry in self.gone],
            "still_there": [entry.id for entry in self.still_there],
        }


def match(rectification: Rectification, report: Report) -> Matching:
    """Set the rows beside the risks of a report. A waived risk needs no row.

    Raises RectificationError if the workbook says that it belongs to another project.
    """
    origin = rectification.origin
    # what cannot be in a property was escaped or cut when it was written: then the two cannot be told apart
    if origin is not None and "\\" not in origin.project and origin.project != report.project_id[:LONGEST_PROPERTY]:
        message = Text(
            f"工作簿是项目 `{origin.project}` 的，报告是项目 `{report.project_id}` 的",
            f"the workbook is of the project `{origin.project}`, the report of `{report.project_id}`",
        )
        raise RectificationError(Problem("other-project", message, Place(rectification.file)))
    same = None if origin is None else (origin.sha256, origin.as_of) == (report.sha256, report.as_of)
    rows, risks = rectification.by_id, {risk.id for risk in report.risks}
    return Matching(
        same,
        tuple(risk for risk in scope_of(report).risks if risk.waiver is None and risk.id not in rows),
        tuple(entry for entry in rectification.entries if entry.id not in risks),
        () if same else tuple(entry for entry in rectification.closed if entry.id in risks),
    )

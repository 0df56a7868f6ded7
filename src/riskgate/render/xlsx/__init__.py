"""The report as a workbook that a department circulates, fills in and sends back (docs/rectification.md)."""

import io

from riskgate.render.formats import Reader
from riskgate.render.wording import Wording
from riskgate.render.xlsx.book import new_book
from riskgate.render.xlsx.gaps import write_gaps
from riskgate.render.xlsx.nodes import write_nodes
from riskgate.render.xlsx.risks import write_risks
from riskgate.render.xlsx.summary import Summary
from riskgate.render.xlsx.waivers import write_waivers
from riskgate.report import Report
from riskgate.scope import scope_of


def xlsx(report: Report, reader: Reader) -> bytes:
    """The format `xlsx`: the same bytes for the same report and reader.

    Raises MissingExtraError without the extra `excel`, ChoiceError for more risks than a sheet has rows.
    """
    target = io.BytesIO()
    scope, wording = scope_of(report), Wording(report, reader)
    with new_book(report, reader.lang, target) as book:
        Summary(book, report, scope, wording).write()
        write_risks(book, report, scope, wording)
        write_nodes(book, report, wording, reader.lifecycle)
        write_gaps(book, report, scope, wording)
        write_waivers(book, report, wording)
    return target.getvalue()

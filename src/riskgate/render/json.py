"""The report as JSON: the documented schema, for other systems (docs/report.md)."""

from riskgate.render.formats import Reader
from riskgate.report import Report


def json(report: Report, reader: Reader) -> bytes:  # noqa: ARG001 - both languages are in it, whoever reads
    return report.to_json()

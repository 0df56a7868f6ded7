"""Which styles of cells show numbers as percentages. Nothing else of how cells look matters to who reads them."""

from collections.abc import Mapping

from riskgate.workbook.archive import Archive
from riskgate.workbook.elements import Budget, parse

_BUILT_IN = frozenset({"9", "10"})
"""The formats `0%` and `0.00%`, which need no definition."""


def percent_styles(archive: Archive, part: str, budget: Budget) -> frozenset[str]:
    """The numbers of the styles (attribute `s` of a cell) whose format has a percent sign outside quotes."""
    formats = set(_BUILT_IN)
    found: list[str] = []
    inside = False
    count = 0

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal inside, count
        if name == "numFmt":
            if "%" in _unquoted(attributes.get("formatCode", "")):
                formats.add(attributes.get("numFmtId", ""))
        elif name == "cellXfs":
            inside = True
        elif name == "xf" and inside:
            if attributes.get("numFmtId") in formats:
                found.append(str(count))
            count += 1

    def end(name: str) -> None:
        nonlocal inside
        if name == "cellXfs":
            inside = False

    for _ in parse(archive, part, budget, start, end, _ignore):
        continue  # every piece goes to the handlers
    return frozenset(found)


def _ignore(_: str) -> None:
    """Styles have nothing to say between their tags."""


def _unquoted(code: str) -> str:
    """A number format without the texts in it."""
    return "".join(code.split('"')[::2]).replace("\\%", "")

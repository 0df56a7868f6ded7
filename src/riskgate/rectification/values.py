"""What people write into cells, as values: dates in the ways they are written, results by their words."""

import datetime as dt
import re
import unicodedata

from riskgate.rectification.columns import BY_RESULT, RESULTS, Result, plain
from riskgate.text import Text
from riskgate.workbook import Cell

_DATE = re.compile(
    r"(?P<y>20[0-9]{2})(?:[-/.年](?P<m>[0-9]{1,2})[-/.月](?P<d>[0-9]{1,2})日?|(?P<m2>[0-9]{2})(?P<d2>[0-9]{2}))"
    r"(?:[T ]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?Z?)?"
)
_FIRST, _LAST = dt.date(2000, 1, 1), dt.date(2099, 12, 31)
_DAY_0, _DAY_0_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)
_SHOWN = 40
HOW_DATES = Text("日期写作 2026-12-01", "write a date like 2026-12-01")


def shown(value: str | float | bool) -> str:
    """A value as it is named in a message."""
    if isinstance(value, str):
        return value if len(value) <= _SHOWN else value[: _SHOWN - 1] + "…"
    if isinstance(value, bool):
        return str(value).upper()
    return f"{value:.15g}"


def text_of(cell: Cell) -> str:
    """A cell as text; whole numbers without a fraction (a telephone number, a number of a worker)."""
    if isinstance(cell.value, str):
        return cell.value.strip()
    return shown(cell.value)


def day_of(cell: Cell, *, from_1904: bool) -> dt.date | None:
    """The day that a cell names: a day number of this century as spreadsheets count, or a text with the year first.

    A number counts as a day whether or not it is shown as one: pasting loses the format of cells. None if it is no day.
    """
    if isinstance(cell.value, bool):
        return None
    if isinstance(cell.value, str):
        return _day_in(cell.value)
    start = _DAY_0_1904 if from_1904 else _DAY_0
    if not (_FIRST - start).days <= cell.value < (_LAST - start).days + 1:
        return _day_in(shown(cell.value))
    return start + dt.timedelta(days=int(cell.value))


def _day_in(text: str) -> dt.date | None:
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    try:
        return dt.date(int(found["y"]), int(found["m"] or found["m2"]), int(found["d"] or found["d2"]))
    except ValueError:
        return None  # no such day in the calendar


def result_of(cell: Cell) -> Result | None:
    """The result whose word a cell holds, in either language; None if it is none of them."""
    return BY_RESULT.get(plain(cell.value)) if isinstance(cell.value, str) else None


def near_result(cell: Cell) -> Text:
    """What to write instead of a word that is no result: one that it is a part of, else any of them."""
    begun = plain(cell.value) if isinstance(cell.value, str) else ""
    likely = [text for text in RESULTS.values() if begun and any(plain(word).startswith(begun) for word in text)]
    if len(likely) == 1:
        return Text(f"是否想写 `{likely[0].zh}`？", f"did you mean `{likely[0].en}`?")
    listed = Text("、".join(text.zh for text in RESULTS.values()), ", ".join(text.en for text in RESULTS.values()))
    return Text(f"可填：{listed.zh}", f"there are: {listed.en}")

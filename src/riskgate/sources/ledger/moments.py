"""Days and moments as people write them, and as spreadsheets count them."""

import datetime as dt
import re
import unicodedata

from riskgate.sources.ledger.refuse import BadCellError, shown
from riskgate.text import Text
from riskgate.workbook import Cell

_DAY = re.compile(
    r"(?P<y>[0-9]{4})(?:[-/.年] ?(?P<m>[0-9]{1,2})[-/.月] ?(?P<d>[0-9]{1,2})日?|(?P<m2>[0-9]{2})(?P<d2>[0-9]{2}))"
    r"(?:[T ]*(?P<h>[0-9]{1,2})[:时](?P<min>[0-9]{1,2})分?(?::?(?P<s>[0-9]{1,2})(?:\.[0-9]+)?秒?)?)?"
)
_SERIAL = range(20_000, 110_000)
"""Day numbers of the years 1954 to 2201: others are no day that anybody meant."""
_DAY_0, _DAY_0_1904 = dt.datetime(1899, 12, 30), dt.datetime(1904, 1, 1)  # noqa: DTZ001 - spreadsheets have no zones
DATE = Text("日期，如 2026-11-20", "a date like 2026-11-20")
DATETIME = Text("日期和时间，如 2026-11-20 09:30", "a date and time like 2026-11-20 09:30")


def read_day(cell: Cell, *, from_1904: bool) -> str:
    """The day in a cell as YYYY-MM-DD. Raises BadCellError."""
    found, _ = _read(cell, DATE, from_1904)
    return found.date().isoformat()


def read_moment(cell: Cell, offset: dt.timezone, *, from_1904: bool) -> tuple[str, bool]:
    """The moment in a cell (RFC 3339), and whether its offset was taken from the project. Raises BadCellError."""
    if isinstance(cell.value, str):
        try:
            whole = dt.datetime.fromisoformat(cell.value.strip().upper())
        except ValueError:
            whole = None
        if whole is not None and whole.tzinfo is not None:
            return whole.isoformat(), False
    found, timed = _read(cell, DATETIME, from_1904)
    if not timed:
        help_text = Text(
            "只有日期，没有时间：时限无法计算", "a day without a time: what is due within hours cannot be told"
        )
        raise BadCellError("no-time", DATETIME, help_text)
    return found.replace(tzinfo=offset).isoformat(), True


def _read(cell: Cell, expected: Text, from_1904: bool) -> tuple[dt.datetime, bool]:
    """The day and time in a cell, and whether it says a time at all."""
    if isinstance(cell.value, bool):
        raise BadCellError("no-date", expected)
    if isinstance(cell.value, str):
        return _of_text(cell.value, expected)
    days = cell.value + (1462 if from_1904 else 0)
    if int(days) not in _SERIAL:
        return _of_text(shown(cell.value), expected)
    start = _DAY_0_1904 if from_1904 else _DAY_0
    seconds = round(cell.value * 86_400)
    return start + dt.timedelta(seconds=seconds), seconds % 86_400 != 0


def _of_text(text: str, expected: Text) -> tuple[dt.datetime, bool]:
    half = " ".join(unicodedata.normalize("NFKC", text).split())
    found = _DAY.fullmatch(half)
    if found is None:
        help_text = Text("年份写四位，年月日都要写", "write the year first, with four digits, and the day of the month")
        raise BadCellError("no-date", expected, help_text)
    year, month, day = int(found["y"]), int(found["m"] or found["m2"]), int(found["d"] or found["d2"])
    hour, minute, second = (int(found[name] or 0) for name in ("h", "min", "s"))
    try:
        return dt.datetime(year, month, day, hour, minute, second), found["h"] is not None  # noqa: DTZ001 - the zone is the caller's
    except ValueError as error:
        raise BadCellError("no-date", expected, Text("没有这一天", "there is no such day")) from error

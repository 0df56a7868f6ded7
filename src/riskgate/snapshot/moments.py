"""Dates and date-times of a snapshot: texts in, aware datetimes out, each distinct text read once."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})\Z")
_DATETIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})\Z"
)
_OFFSET = re.compile(r"([+-])([01][0-9]|2[0-3]):([0-5][0-9])\Z")


def read_date(text: str) -> date:
    """The calendar day of `YYYY-MM-DD`; ValueError for any other spelling and for days that do not exist."""
    match = _DATE.match(text)
    if match is None:
        raise ValueError(text)
    return date(int(match[1]), int(match[2]), int(match[3]))


def read_offset(text: str) -> timezone:
    """The time zone of an offset such as `+08:00`; ValueError for any other spelling."""
    match = _OFFSET.match(text)
    if match is None:
        raise ValueError(text)
    distance = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return timezone(-distance if match[1] == "-" else distance)


class Dates(dict[str, datetime]):
    """A date's text to its midnight UTC. Days repeat, so a memo of one reading makes most of them one look-up."""

    def __missing__(self, text: str) -> datetime:
        day = read_date(text)
        moment = self[text] = datetime(day.year, day.month, day.day, tzinfo=UTC)
        return moment


class Datetimes(dict[str, datetime]):
    """The text of a moment (RFC 3339 with offset) to the moment, which keeps its offset."""

    def __missing__(self, text: str) -> datetime:
        spelling = text.upper()
        if _DATETIME.match(spelling) is None:
            raise ValueError(text)
        moment = datetime.fromisoformat(spelling)
        try:
            moment.astimezone(UTC)  # a moment outside the years 1 to 9999 of UTC cannot be compared
        except OverflowError:
            raise ValueError(text) from None
        self[text] = moment
        return moment

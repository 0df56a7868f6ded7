"""Timestamps and durations: reading them, writing them, and taking them apart, to the microsecond.

Timestamps are aware datetimes from year 1 to 9999, made and shown in UTC. What is finer than a microsecond is cut off.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final

from riskgate.cel.arithmetic import checked_duration
from riskgate.cel.values import CelError, Context, Value, no_overload

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
SECOND: Final = timedelta(seconds=1)
MICROSECOND: Final = timedelta(microseconds=1)
SHOWN: Final = 60
"""So much of a text that cannot be read is repeated in the message."""

_RFC3339: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))", re.ASCII
)
_DATE: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_OFFSET: Final = re.compile(r"([+-]?)(\d\d):(\d\d)", re.ASCII)
_DURATION_PART: Final = re.compile(r"(\d+)?(?:\.(\d*))?(h|ms|m|s|us|µs|μs|ns)", re.ASCII)
_NANOSECONDS: Final = {
    "h": 3_600_000_000_000,
    "m": 60_000_000_000,
    "s": 1_000_000_000,
    "ms": 1_000_000,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ns": 1,
}
_MAX_DIGITS: Final = 30
"""More digits in one number of a duration are out of range, or finer than anything that is kept."""


def _shown(text: str) -> str:
    return f"`{text if len(text) <= SHOWN else text[:SHOWN] + '…'}`"


def parse_timestamp(text: str) -> datetime:
    """A timestamp written as RFC 3339 prescribes, `2026-05-01T08:00:00+08:00`."""
    found = _RFC3339.fullmatch(text)
    if found is None:
        raise CelError(f"{_shown(text)} is not a timestamp such as 2026-05-01T08:00:00Z")
    year, month, day, hour, minute, second = (int(found[n]) for n in range(1, 7))
    fraction = int((found[7] or "0")[:6].ljust(6, "0"))
    try:
        local = datetime(year, month, day, hour, minute, second, fraction, tzinfo=UTC)
        if found[8] is None:
            return local
        offset = _fixed_offset(found[8], found[9], found[10])
        return local - offset
    except (ValueError, OverflowError):
        raise CelError(f"{_shown(text)} is not a timestamp within the years 1 to 9999") from None


def _fixed_offset(sign: str, hours: str, minutes: str) -> timedelta:
    if int(hours) > 23 or int(minutes) > 59:  # noqa: PLR2004 - the clock
        raise ValueError(hours)
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return -offset if sign == "-" else offset


def timestamp_of_seconds(seconds: int) -> datetime:
    """The timestamp so many seconds after the beginning of 1970."""
    try:
        return EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        raise CelError("the timestamp is out of range (years 1 to 9999)") from None


def seconds_of_timestamp(moment: datetime) -> int:
    """Whole seconds since the beginning of 1970, rounded down."""
    return (moment - EPOCH) // SECOND


def format_timestamp(moment: datetime) -> str:
    """RFC 3339 in UTC, with as many decimals of the second as it takes."""
    moment = in_zone(moment, UTC)
    decimals = f".{moment.microsecond:06d}".rstrip("0") if moment.microsecond else ""
    return f"{moment.year:04d}-{moment:%m-%dT%H:%M:%S}{decimals}Z"


def parse_duration(text: str) -> timedelta:
    """A duration in hours, minutes, seconds and their parts: `1h30m1.5s`, `-20ms`."""
    unsigned = text[1:] if text[:1] in ("-", "+") else text
    nanoseconds, position = 0, 0
    while position < len(unsigned):
        found = _DURATION_PART.match(unsigned, position)
        if found is None or (found[1] is None and not found[2]):
            break
        whole, decimals, unit = found[1] or "0", (found[2] or "")[:_MAX_DIGITS], _NANOSECONDS[found[3]]
        if len(whole.lstrip("0")) > _MAX_DIGITS:
            raise CelError("the duration is out of range")
        nanoseconds += int(whole) * unit + (int(decimals) * unit // 10 ** len(decimals) if decimals else 0)
        position = found.end()
    if position < len(unsigned) or not unsigned:
        if unsigned == "0":
            return timedelta()
        raise CelError(f"{_shown(text)} is not a duration such as 1h30m or 1.5s")
    microseconds = nanoseconds // 1000
    try:
        return checked_duration(timedelta(microseconds=-microseconds if text[0] == "-" else microseconds))
    except OverflowError:
        raise CelError("the duration is out of range") from None


def format_duration(duration: timedelta) -> str:
    """The duration in seconds: `5400s`, `-1.5s`."""
    microseconds = duration // MICROSECOND
    whole, rest = divmod(abs(microseconds), 1_000_000)
    decimals = f".{rest:06d}".rstrip("0") if rest else ""
    return f"{'-' if microseconds < 0 else ''}{whole}{decimals}s"


@lru_cache(maxsize=256)
def zone(name: str) -> tzinfo:
    """The time zone of an IANA name or a fixed offset such as "+08:00"."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - few expressions name a zone, and importing it costs every start

    found = _OFFSET.fullmatch(name)
    try:
        if found is not None:
            return timezone(_fixed_offset(found[1], found[2], found[3]))
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):  # bad offset, a name that is a folder, an unknown name
        raise CelError(f"{_shown(name)} is not a time zone such as Asia/Shanghai or +08:00") from None


def in_zone(moment: datetime, where: tzinfo) -> datetime:
    """The same moment on the clocks of a zone."""
    try:
        return moment.astimezone(where)
    except (OverflowError, ValueError):
        raise CelError("the timestamp is out of range in that time zone") from None


def part_of_timestamp(name: str, part: Callable[[datetime], int]) -> Callable[..., int]:
    """The implementation of an accessor that timestamps have, with an optional time zone."""

    def accessor(moment: Value, where: Value = "UTC") -> int:
        if type(moment) is not datetime or type(where) is not str:
            raise no_overload(name, moment, where)
        return part(in_zone(moment, zone(where)))

    return accessor


def part_of_time(name: str, part: Callable[[datetime], int], of_duration: Callable[[int], int]) -> Callable[..., int]:
    """The same, for one that durations have too; `of_duration` takes microseconds without a sign."""
    of_timestamp = part_of_timestamp(name, part)

    def accessor(moment: Value, *where: Value) -> int:
        if type(moment) is timedelta and not where:
            microseconds = moment // MICROSECOND
            return of_duration(microseconds) if microseconds >= 0 else -of_duration(-microseconds)
        return of_timestamp(moment, *where)

    return accessor


def _calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def make_date(text: Value) -> datetime:
    """`date("2026-05-01")`: midnight UTC of that day."""
    if type(text) is not str:
        raise no_overload("date", text)
    found = _DATE.fullmatch(text)
    day = _calendar_day(int(found[1]), int(found[2]), int(found[3])) if found else None
    if day is None:
        raise CelError(f"{_shown(text)} is not a date such as 2026-05-01")
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def date_of(context: Context, moment: Value) -> datetime:
    """`date_of(t)`: midnight UTC of the calendar day that `t` falls on where the project is."""
    if type(moment) is not datetime:
        raise no_overload("date_of", moment)
    local = in_zone(moment, timezone(context.utc_offset))
    return datetime(local.year, local.month, local.day, tzinfo=UTC)


def days(count: Value) -> timedelta:
    """`days(30)`, `days(0.5)`: that many times 24 hours."""
    if type(count) is not int and type(count) is not float:
        raise no_overload("days", count)
    try:
        return checked_duration(timedelta(days=count))
    except (OverflowError, ValueError):  # too far; infinity or NaN
        raise CelError("the duration is out of range") from None

"""FEEL dates, times and durations (DMN 10.3.2.3.4-10.3.2.3.9).

A date is a ``datetime.date`` for the years 1-9999 and a `FarDate` outside them, so every date has one
representation. `Time` and `DateTime` have nanoseconds and either an offset, a named zone or neither.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

SECOND = 1_000_000_000
DAY = 86_400 * SECOND
MAX_YEAR = 999_999_999
MAX_OFFSET = 18 * 3600
#: Durations and intermediate sums stay within these, far beyond every date.
MAX_MONTHS = 12 * 10**10
MAX_NANOSECONDS = 4 * 10**11 * DAY


@dataclass(frozen=True, slots=True)
class FarDate:
    """A date outside the years that ``datetime.date`` can hold."""

    year: int
    month: int
    day: int


Date: TypeAlias = dt.date | FarDate


@dataclass(frozen=True, slots=True)
class YearsMonths:
    """A years and months duration."""

    months: int


@dataclass(frozen=True, slots=True)
class DaysTime:
    """A days and time duration."""

    nanoseconds: int


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day, with a UTC offset in seconds, a named zone or neither."""

    hour: int
    minute: int
    second: int
    nanosecond: int = 0
    offset: int | None = None
    zone: str | None = None

    @property
    def day_nanoseconds(self) -> int:
        """Nanoseconds since midnight, local."""
        return ((self.hour * 60 + self.minute) * 60 + self.second) * SECOND + self.nanosecond

    @property
    def is_local(self) -> bool:
        """True when neither offset nor zone is known."""
        return self.offset is None and self.zone is None

    def utc_offset(self) -> int:
        """Give the offset in seconds; a zone without a date answers with its offset of 2000-01-01."""
        return zone_offset(self.zone, dt.datetime(2000, 1, 1)) if self.zone else (self.offset or 0)  # noqa: DTZ001


@dataclass(frozen=True, slots=True)
class DateTime:
    """A date and time of day."""

    date: Date
    time: Time

    def utc_offset(self) -> int:
        """Give the offset in seconds at this moment; 0 when it is local."""
        time = self.time
        if time.zone is None:
            return time.offset or 0
        year = min(max(self.date.year, 2), 9998)
        day = min(self.date.day, 28) if isinstance(self.date, FarDate) else self.date.day
        # The wall time is looked up in the zone, so it has none of its own here.
        wall = dt.datetime(year, self.date.month, day, time.hour, time.minute, time.second)  # noqa: DTZ001
        return zone_offset(time.zone, wall)

    @property
    def nanoseconds(self) -> int:
        """Nanoseconds from 0001-01-01T00:00:00 UTC (local when it has no offset)."""
        return ordinal(self.date) * DAY + self.time.day_nanoseconds - self.utc_offset() * SECOND


@lru_cache(maxsize=256)
def zone_of(name: str) -> ZoneInfo | None:
    """Find a named zone, or None."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_+\-]{0,30}(?:/[A-Za-z0-9_+\-]{1,30}){0,2}", name):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_offset(name: str, wall: dt.datetime) -> int:
    """Give the zone's offset in seconds at a wall time."""
    zone = zone_of(name)
    offset = wall.replace(tzinfo=zone).utcoffset() if zone else None
    return int(offset.total_seconds()) if offset is not None else 0


# --- the proleptic Gregorian calendar, for any year ------------------------------------------------------


def is_leap(year: int) -> bool:
    """Tell whether `year` has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """Count the days of a month."""
    if month == 2:
        return 29 if is_leap(year) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def make_date(year: int, month: int, day: int) -> Date | None:
    """Give the date, or None when there is no such date."""
    if not (1 <= month <= 12 and -MAX_YEAR <= year <= MAX_YEAR and 1 <= day <= days_in_month(year, month)):
        return None
    return dt.date(year, month, day) if 1 <= year <= 9999 else FarDate(year, month, day)


def ordinal(date: Date) -> int:
    """Number the day, 0001-01-01 being 1, as ``datetime.date.toordinal`` does."""
    if isinstance(date, dt.date):
        return date.toordinal()
    cycle, year = divmod(date.year, 400)
    return dt.date(year + 400, date.month, date.day).toordinal() + (cycle - 1) * 146_097


def from_ordinal(number: int) -> Date | None:
    """Give the date with a day number, or None beyond the years FEEL knows."""
    if 1 <= number <= 3_652_059:
        return dt.date.fromordinal(number)
    cycle, rest = divmod(number - 1, 146_097)
    day = dt.date.fromordinal(rest + 1)
    return make_date(day.year + cycle * 400, day.month, day.day)


def weekday(date: Date) -> int:
    """Number the weekday, Monday being 1."""
    return (ordinal(date) - 1) % 7 + 1


def plus_months(date: Date, months: int) -> Date | None:
    """Move a date by whole months, to the month's last day when the day does not exist."""
    index = date.year * 12 + date.month - 1 + months
    year, month = divmod(index, 12)
    return make_date(year, month + 1, min(date.day, days_in_month(year, month + 1)))


def plus_nanoseconds(moment: DateTime, nanoseconds: int) -> DateTime | None:
    """Move a moment along the time line, keeping its offset or zone."""
    zone = moment.time.zone
    utc = moment.nanoseconds + nanoseconds
    if zone is None:
        return from_nanoseconds(utc + (moment.time.offset or 0) * SECOND, moment.time.offset, None)
    guess = from_nanoseconds(utc + moment.utc_offset() * SECOND, None, zone)
    if guess is None:
        return None
    return from_nanoseconds(utc + _offset_at(zone, utc, guess) * SECOND, None, zone)


def _offset_at(zone: str, utc_nanoseconds: int, guess: DateTime) -> int:
    """Give the zone's offset at a UTC moment (a wall time alone is ambiguous when clocks go back)."""
    if isinstance(guess.date, FarDate) or not 2 <= guess.date.year <= 9998:
        return guess.utc_offset()
    seconds = utc_nanoseconds // SECOND
    utc = dt.datetime(1, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=seconds // 86_400 - 1, seconds=seconds % 86_400)
    offset = utc.astimezone(zone_of(zone)).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def from_nanoseconds(nanoseconds: int, offset: int | None, zone: str | None) -> DateTime | None:
    """Give the wall time that lies `nanoseconds` after day 0, or None beyond the years FEEL knows."""
    days, rest = divmod(nanoseconds, DAY)
    date = from_ordinal(days)
    return None if date is None else DateTime(date, time_of_day(rest, offset, zone))


def time_of_day(nanoseconds: int, offset: int | None = None, zone: str | None = None) -> Time:
    """Give the time of day that lies `nanoseconds` after midnight."""
    seconds, nanosecond = divmod(nanoseconds % DAY, SECOND)
    minutes, second = divmod(seconds, 60)
    return Time(*divmod(minutes, 60), second, nanosecond, offset, zone)


def from_python(moment: dt.datetime) -> DateTime:
    """Convert an aware or naive ``datetime``."""
    zone = getattr(moment.tzinfo, "key", None)
    offset = moment.utcoffset()
    seconds = None if offset is None or zone is not None else int(offset.total_seconds())
    time = Time(moment.hour, moment.minute, moment.second, moment.microsecond * 1000, seconds, zone)
    return DateTime(moment.date(), time)


def time_from_python(time: dt.time) -> Time:
    """Convert a ``datetime.time``."""
    offset = time.utcoffset()
    seconds = None if offset is None else int(offset.total_seconds())
    return Time(time.hour, time.minute, time.second, time.microsecond * 1000, seconds)


def to_python(moment: DateTime) -> dt.datetime | None:
    """Convert to a ``datetime`` (microseconds), or None outside the years 1-9999."""
    if isinstance(moment.date, FarDate):
        return None
    time = moment.time
    tzinfo: dt.tzinfo | None = None
    if time.zone is not None:
        tzinfo = zone_of(time.zone)
    elif time.offset is not None:
        tzinfo = dt.timezone(dt.timedelta(seconds=time.offset))
    return dt.datetime.combine(
        moment.date, dt.time(time.hour, time.minute, time.second, time.nanosecond // 1000, tzinfo)
    )


# --- reading (XML Schema lexical forms, plus @zone) ------------------------------------------------------

_DATE = re.compile(r"(-?)([1-9]\d{4,8}|\d{4})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,18}))?"
    r"(?:(Z|z)|([+-])(\d\d):(\d\d)(?::(\d\d))?|@([A-Za-z0-9_+\-/]{1,64}))?",
    re.ASCII,
)
_MONTHS = re.compile(r"(-?)P(?:(\d{1,11})Y)?(?:(\d{1,11})M)?", re.ASCII)
_DAYS = re.compile(
    r"(-?)P(?:(\d{1,14})D)?(?:T(?:(\d{1,16})H)?(?:(\d{1,18})M)?(?:(\d{1,20})(?:\.(\d{0,18}))?S)?)?", re.ASCII
)


def parse_date(text: str) -> Date | None:
    """Read ``2024-02-29``, or None."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    sign, year, month, day = match.groups()
    return make_date(-int(year) if sign else int(year), int(month), int(day))


def parse_time(text: str) -> Time | None:
    """Read ``13:20:00``, ``13:20:00.5Z``, ``13:20:00+02:00`` or ``13:20:00@Europe/Stockholm``, or None."""
    parsed = _read_time(text)
    return None if parsed is None else parsed[0]


def _read_time(text: str) -> tuple[Time, bool] | None:
    """Read a time and tell whether it is the midnight that ends the day (24:00:00)."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3])
    nanosecond = int((match[4] or "0")[:9].ljust(9, "0"))
    ends_day = hour == 24 and minute == second == nanosecond == 0
    if ends_day:
        hour = 0
    if hour > 23 or minute > 59 or second > 59:
        return None
    offset: int | None = None
    if match[5]:
        offset = 0
    elif match[6]:
        if int(match[8]) > 59 or int(match[9] or 0) > 59:
            return None
        offset = int(match[7]) * 3600 + int(match[8]) * 60 + int(match[9] or 0)
        if offset > MAX_OFFSET:
            return None
        offset = -offset if match[6] == "-" else offset
    elif match[10] and zone_of(match[10]) is None:
        return None
    return Time(hour, minute, second, nanosecond, offset, match[10]), ends_day


def parse_date_time(text: str) -> DateTime | None:
    """Read ``2024-02-29T13:20:00+01:00``, or a date alone for its midnight, or None."""
    day, separator, clock = text.partition("T")
    date = parse_date(day)
    if date is None:
        return None
    if not separator:
        return DateTime(date, Time(0, 0, 0))
    parsed = _read_time(clock)
    if parsed is None:
        return None
    time, ends_day = parsed
    if ends_day:
        following = from_ordinal(ordinal(date) + 1)
        return None if following is None else DateTime(following, time)
    return DateTime(date, time)


def parse_duration(text: str) -> YearsMonths | DaysTime | None:
    """Read ``P1Y2M`` or ``-P1DT2H3M4.5S``, or None."""
    match = _MONTHS.fullmatch(text)
    if match is not None and (match[2] or match[3]):
        months = int(match[2] or 0) * 12 + int(match[3] or 0)
        return years_months(-months if match[1] else months)
    match = _DAYS.fullmatch(text)
    if match is None or not any(match.group(2, 3, 4, 5)) or text.endswith("T"):
        return None
    seconds = ((int(match[2] or 0) * 24 + int(match[3] or 0)) * 60 + int(match[4] or 0)) * 60 + int(match[5] or 0)
    nanoseconds = seconds * SECOND + int((match[6] or "0")[:9].ljust(9, "0"))
    return days_time(-nanoseconds if match[1] else nanoseconds)


def parse_literal(text: str) -> Date | Time | DateTime | YearsMonths | DaysTime | None:
    """Read the content of an at-literal (``@"2024-02-29"``), or None."""
    if "P" in text[:2]:
        return parse_duration(text)
    if ":" in text[:3]:
        return parse_time(text)
    return parse_date_time(text) if "T" in text else parse_date(text)


def years_months(months: int) -> YearsMonths | None:
    """Give the duration, or None when it is absurdly long."""
    return YearsMonths(months) if -MAX_MONTHS <= months <= MAX_MONTHS else None


def days_time(nanoseconds: int) -> DaysTime | None:
    """Give the duration, or None when it is absurdly long."""
    return DaysTime(nanoseconds) if -MAX_NANOSECONDS <= nanoseconds <= MAX_NANOSECONDS else None


# --- writing ---------------------------------------------------------------------------------------------


def format_date(date: Date) -> str:
    """Write a date as XML Schema does."""
    sign = "-" if date.year < 0 else ""
    return f"{sign}{abs(date.year):04}-{date.month:02}-{date.day:02}"


def format_time(time: Time) -> str:
    """Write a time as XML Schema does, with the zone's name when it has one."""
    fraction = f".{time.nanosecond:09}".rstrip("0") if time.nanosecond else ""
    text = f"{time.hour:02}:{time.minute:02}:{time.second:02}{fraction}"
    if time.zone is not None:
        return f"{text}@{time.zone}"
    if time.offset is None:
        return text
    if time.offset == 0:
        return text + "Z"
    minutes, seconds = divmod(abs(time.offset), 60)
    tail = f":{seconds:02}" if seconds else ""
    return f"{text}{'-' if time.offset < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}{tail}"


def format_date_time(moment: DateTime) -> str:
    """Write a date and time as XML Schema does."""
    return f"{format_date(moment.date)}T{format_time(moment.time)}"


def format_duration(duration: YearsMonths | DaysTime) -> str:
    """Write a duration in its normal form."""
    if isinstance(duration, YearsMonths):
        years, months = divmod(abs(duration.months), 12)
        body = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return f"{'-' if duration.months < 0 else ''}P{body}"
    days, hours, minutes, seconds, nanosecond = split_days_time(abs(duration.nanoseconds))
    fraction = f".{nanosecond:09}".rstrip("0") if nanosecond else ""
    clock = (
        (f"{hours}H" if hours else "")
        + (f"{minutes}M" if minutes else "")
        + (f"{seconds}{fraction}S" if seconds or nanosecond else "")
    )
    if not days and not clock:
        return "PT0S"
    sign = "-" if duration.nanoseconds < 0 else ""
    return f"{sign}P{f'{days}D' if days else ''}{f'T{clock}' if clock else ''}"


def split_days_time(nanoseconds: int) -> tuple[int, int, int, int, int]:
    """Split a length into days, hours, minutes, seconds and nanoseconds."""
    seconds, nanosecond = divmod(nanoseconds, SECOND)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return (*divmod(hours, 24), minute, second, nanosecond)

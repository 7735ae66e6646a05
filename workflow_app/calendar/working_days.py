"""Working days in Sweden and due moments counted in them."""

from __future__ import annotations

import calendar as months
import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

STOCKHOLM = ZoneInfo("Europe/Stockholm")
#: A period given in days ends when the office closes.
CLOSING_TIME = time(17, 0)

_PERIOD = re.compile(r"(?P<count>[1-9]\d{0,3})(?P<unit>h|wd|d|w|m|y)")


@lru_cache(maxsize=64)
def _days_off(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("SE", years=year, categories=("public", "de_facto")))


def is_working_day(day: date) -> bool:
    """Tell whether ``day`` is neither a Saturday, Sunday or public holiday nor equated with one (1930:173 2 §)."""
    return day.weekday() < 5 and day not in _days_off(day.year)


def next_working_day(day: date) -> date:
    """Return ``day`` itself or the first working day after it: where a period that ends on a day off ends."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, count: int) -> date:
    """Return the ``count``-th working day after ``day``."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def add_months(day: date, count: int) -> date:
    """Return the same day number ``count`` months on, or that month's last day (1930:173 1 §)."""
    index = day.month - 1 + count
    year, month = day.year + index // 12, index % 12 + 1
    return date(year, month, min(day.day, months.monthrange(year, month)[1]))


def midnight(day: date) -> datetime:
    """Return when a day begins in Stockholm."""
    return datetime.combine(day, time(), tzinfo=STOCKHOLM)


def passed(day: date) -> datetime:
    """Return when a whole day has passed in Stockholm: the last day of a period belongs to whoever has it."""
    return midnight(day + timedelta(days=1))


def last_day(period: str, start: date, *, moves: bool = True) -> date:
    """Return the last day of a period that an event on ``start`` begins (1930:173).

    The day of the event is not counted. A period that ends on a day off ends on the next working day, unless it is the
    longest time that something may last (``moves=False``). ``period`` is a count and a unit: ``3d`` days, ``2wd``
    working days, ``3w`` weeks, ``6m`` months, ``2y`` years. Raises ``ValueError`` for anything else.
    """
    count, unit = _read(period)
    if unit == "h":
        raise ValueError(f"`{period}` ends at a moment, not on a day; write for example 3d, 2wd, 3w, 6m or 2y")
    if unit == "wd":
        return add_working_days(start, count)
    last = _later(start, count, unit)
    return next_working_day(last) if moves else last


def day_before(period: str, last: date) -> date:
    """Return the day that lies a period of calendar time before ``last``: when somebody is reminded of it."""
    count, unit = _read(period)
    return _later(last, -count, unit)


def _later(day: date, count: int, unit: str) -> date:
    if unit in ("m", "y"):
        return add_months(day, count * (12 if unit == "y" else 1))
    return day + timedelta(days=count * (7 if unit == "w" else 1))


def _read(period: str) -> tuple[int, str]:
    match = _PERIOD.fullmatch(period)
    if match is None:
        raise ValueError(f"`{period}` is no period; write for example 4h, 3d, 2wd, 3w, 6m or 2y")
    return int(match["count"]), match["unit"]


def due(period: str, start: datetime) -> datetime:
    """Return when work that is to be done within a period from ``start`` is due, aware, in Stockholm's time.

    Hours run by the clock (``4h``); the others end when the office closes on their last day. Raises ``ValueError``.
    """
    count, unit = _read(period)
    local = start.astimezone(STOCKHOLM)
    if unit == "h":
        return (start.astimezone(UTC) + timedelta(hours=count)).astimezone(STOCKHOLM)
    return datetime.combine(last_day(period, local.date()), CLOSING_TIME, tzinfo=STOCKHOLM)

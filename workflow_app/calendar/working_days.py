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

_PERIOD = re.compile(r"(?P<count>[1-9]\d{0,3})(?P<unit>h|wd|d|w|m)")


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


def due(period: str, start: datetime) -> datetime:
    """Return when a period that starts at ``start`` ends, aware, in Stockholm's time.

    ``period`` is a count and a unit: ``4h`` hours, ``3d`` days, ``2wd`` working days, ``3w`` weeks, ``6m``
    months. Hours run by the clock; the others end at closing time, moved to the next working day.
    Raises ``ValueError`` for anything else.
    """
    match = _PERIOD.fullmatch(period)
    if match is None:
        raise ValueError(f"`{period}` is no period; write for example 4h, 3d, 2wd, 3w or 6m")
    count, unit = int(match["count"]), match["unit"]
    local = start.astimezone(STOCKHOLM)
    if unit == "h":
        return (start.astimezone(UTC) + timedelta(hours=count)).astimezone(STOCKHOLM)
    day = local.date()
    if unit == "wd":
        last = add_working_days(day, count)
    elif unit == "m":
        last = next_working_day(add_months(day, count))
    else:
        last = next_working_day(day + timedelta(days=count * (7 if unit == "w" else 1)))
    return datetime.combine(last, CLOSING_TIME, tzinfo=STOCKHOLM)

"""When a timer of a model is due. Pure: the clock and the calendar are arguments.

Days, weeks, months and years run by the wall clock in Stockholm, also across a change to or from summer time; hours,
minutes and seconds run by the world's clock. A month that lacks the day ends on its last day (lag 1930:173).
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from delegation.feel.temporal import SECOND, DaysTime, YearsMonths
from workflow_app.engine.errors import InvalidTimer
from workflow_app.engine.nodes import Facts, Timer, TimerKind

STOCKHOLM = ZoneInfo("Europe/Stockholm")
#: Office hours, in which working hours count.
OPENING_TIME, CLOSING_TIME = dt.time(8), dt.time(17)
#: Nothing an authority waits for takes longer; a longer period is a mistake.
MAX_YEARS = 100

_DURATION = re.compile(
    r"P(?!$)(?:(\d{1,5})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?"
    r"(?:T(?!$)(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?"
)
_CYCLE = re.compile(r"R(\d{0,4})/(P.+)")
_CALENDAR = re.compile(r"R/([^/]+)/(P.+)")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Moments that come back by the wall clock in Stockholm: ``R/2026-11-01T06:00:00+01:00/P1Y``."""

    #: The first of them, as the clock on the wall shows it.
    first: dt.datetime
    every: Period

    def after(self, moment: dt.datetime) -> dt.datetime:
        """Give the first of its moments later than ``moment``, in UTC."""
        local = moment.astimezone(STOCKHOLM).replace(tzinfo=None)
        # One step of the calendar too few rather than too many: what is left is walked.
        length = self.every.months * 31 + self.every.days or 1
        number = max((local - self.first).days // length - 1, 0)
        while (found := self._moment(number)) <= moment:
            number += 1
        return found

    def _moment(self, number: int) -> dt.datetime:
        # From the first each time, so that a month's end does not drift.
        day = _months_later(self.first.date(), self.every.months * number)
        return _at(day + dt.timedelta(days=self.every.days * number), self.first.time())


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """An ISO 8601 duration: months, days and seconds do not convert into each other."""

    months: int = 0
    days: int = 0
    seconds: int = 0


def parse_period(text: str) -> Period | None:
    """Read an ISO 8601 duration; ``None`` when it is none, is empty or is longer than a century."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        return None
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    period = Period(months=years * 12 + months, days=weeks * 7 + days, seconds=hours * 3600 + minutes * 60 + seconds)
    length = period.months / 12 + period.days / 365 + period.seconds / (365 * 86_400)
    return period if 0 < length <= MAX_YEARS else None


def parse_cycle(text: str) -> tuple[int | None, Period] | None:
    """Read ``R3/P1D`` or ``R/P1D``: how many times (``None``: without end) and how far apart."""
    match = _CYCLE.fullmatch(text.strip())
    if match is None:
        return None
    times, period = match.groups()
    every = parse_period(period)
    if every is None or times == "0":
        return None
    return (int(times) if times else None), every


def parse_calendar(text: str) -> Calendar | None:
    """Read when a calendar start happens; ``None`` when it cannot be read or comes more often than daily."""
    match = _CALENDAR.fullmatch(text.strip())
    if match is None:
        return None
    first, every = parse_moment(match[1]), parse_period(match[2])
    if not isinstance(first, dt.datetime) or every is None or every.seconds:
        return None
    return Calendar(first=first.astimezone(STOCKHOLM).replace(tzinfo=None), every=every)


def parse_moment(text: str) -> dt.date | dt.datetime | None:
    """Read an ISO 8601 date, or date and time with an offset."""
    text = text.strip()
    try:
        if len(text) == 10:
            return dt.date.fromisoformat(text)
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def fact_name(text: str) -> str | None:
    """Give the fact that a timer's time is taken from, when it is written as a name."""
    name = text.strip()
    return name if _NAME.fullmatch(name) else None


def complaint(timer: Timer) -> str | None:
    """Say in Swedish what is wrong with a timer's time; ``None`` when it can be understood."""
    if timer.kind is TimerKind.CYCLE:
        if parse_cycle(timer.text) is None:
            return f"Upprepningen ”{timer.text}” går inte att tolka; skriv till exempel R3/P1W."
    elif fact_name(timer.text):
        return None
    elif timer.kind is TimerKind.DURATION:
        if parse_period(timer.text) is None:
            return f"Tiden ”{timer.text}” går inte att tolka; skriv till exempel P3W eller PT4H."
    elif parse_moment(timer.text) is None:
        return f"Datumet ”{timer.text}” går inte att tolka; skriv ett faktum eller till exempel 2027-03-01."
    if timer.working_days and timer.kind is not TimerKind.DATE and fact_name(timer.text) is None:
        cycle = parse_cycle(timer.text)
        period = cycle[1] if cycle else parse_period(timer.text)
        if period is not None and (period.months or period.seconds % 3600):
            return f"Tiden ”{timer.text}” kan inte räknas i arbetstid; skriv till exempel P2D eller PT4H."
    return None


def due(
    timer: Timer,
    *,
    at: dt.datetime,
    facts: Facts,
    is_working_day: Callable[[dt.date], bool],
    occurrence: int = 1,
) -> dt.datetime | None:
    """Compute when a timer that starts at ``at`` is due, in UTC; ``None`` when a cycle has run its times.

    A date, also one that a fact holds, is due when that whole day has passed in Stockholm: the day belongs to whoever
    has it. ``occurrence`` counts a cycle's firings from 1. Raises ``InvalidTimer`` when the fact holds no time.
    """
    if at.tzinfo is None:
        raise InvalidTimer(element=timer.event, reason="the moment a timer starts must be aware")
    if timer.kind is TimerKind.CYCLE:
        cycle = parse_cycle(timer.text)
        if cycle is None:
            raise InvalidTimer(element=timer.event, reason=f"`{timer.text}` is no cycle")
        times, every = cycle
        if times is not None and occurrence > times:
            return None
        # From the start each time, so that a month's end does not drift.
        period = Period(
            months=every.months * occurrence, days=every.days * occurrence, seconds=every.seconds * occurrence
        )
        return _later(at, period, timer.working_days, is_working_day)
    name = fact_name(timer.text)
    value: Any = facts.get(name) if name else None
    if timer.kind is TimerKind.DURATION:
        length = _period_of(value) if name else parse_period(timer.text)
        if length is None:
            raise InvalidTimer(element=timer.event, reason=f"`{timer.text}` is no duration")
        return _later(at, length, timer.working_days, is_working_day)
    moment = value if name else parse_moment(timer.text)
    if isinstance(moment, dt.datetime) and moment.tzinfo is not None:
        return moment.astimezone(dt.UTC)
    if not isinstance(moment, dt.date) or isinstance(moment, dt.datetime):
        raise InvalidTimer(element=timer.event, reason=f"`{timer.text}` is no date")
    if timer.working_days:
        while not is_working_day(moment):
            moment += dt.timedelta(days=1)
    midnight = dt.datetime.combine(moment + dt.timedelta(days=1), dt.time(), tzinfo=STOCKHOLM)
    return midnight.astimezone(dt.UTC)


def _period_of(value: object) -> Period | None:
    match value:
        case str():
            return parse_period(value)
        case dt.timedelta():
            return Period(seconds=int(value.total_seconds()))
        case DaysTime():
            return Period(seconds=value.nanoseconds // SECOND)
        case YearsMonths():
            return Period(months=value.months)
        case _:
            return None


def _later(
    at: dt.datetime, period: Period, working_days: bool, is_working_day: Callable[[dt.date], bool]
) -> dt.datetime:
    local = at.astimezone(STOCKHOLM)
    day = local.date()
    day = _months_later(day, period.months)
    if not working_days:
        return _at(day + dt.timedelta(days=period.days), local.time(), local.fold) + dt.timedelta(
            seconds=period.seconds
        )
    for _ in range(period.days):
        day = _next_working_day(day, is_working_day)
    moment = _at(day, local.time(), local.fold)
    return _office_time(moment, period.seconds, is_working_day) if period.seconds else moment


def _months_later(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _at(day: dt.date, time: dt.time, fold: int = 0) -> dt.datetime:
    # A wall-clock time that summer time skips is read with the offset before the change, which lands after it.
    return dt.datetime.combine(day, time, tzinfo=STOCKHOLM).replace(fold=fold).astimezone(dt.UTC)


def _next_working_day(day: dt.date, is_working_day: Callable[[dt.date], bool]) -> dt.date:
    day += dt.timedelta(days=1)
    while not is_working_day(day):
        day += dt.timedelta(days=1)
    return day


def _office_time(moment: dt.datetime, seconds: int, is_working_day: Callable[[dt.date], bool]) -> dt.datetime:
    """Add working time: only hours when the office is open on a working day count."""
    day = moment.astimezone(STOCKHOLM).date()
    if not is_working_day(day):
        day = _next_working_day(day, is_working_day)
    left = dt.timedelta(seconds=seconds)
    while True:
        begins = max(moment, _at(day, OPENING_TIME))
        open_for = max(_at(day, CLOSING_TIME) - begins, dt.timedelta())
        if left <= open_for:
            return begins + left
        left -= open_for
        day = _next_working_day(day, is_working_day)

"""The properties of values that are not contexts: parts of dates, times, durations and ranges (DMN table 65)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from delegation.feel import temporal
from delegation.feel.budget import Budget
from delegation.feel.temporal import DateTime, DaysTime, FarDate, Time, YearsMonths
from delegation.feel.values import Range, Value


def property_of(value: Value, name: str, budget: Budget, position: int | None = None) -> Value:
    """Give an entry or property of a value, or null with a note."""
    if isinstance(value, dict):
        if name in value:
            return value[name]
        return budget.note(f"the context has no entry `{name}`", position)
    table = _TABLES.get(type(value))
    if table is None or name not in table:
        return budget.note(f"the value has no property `{name}`", position)
    return table[name](value)


def _offset(time: Time, seconds: int) -> DaysTime | None:
    return None if time.is_local else DaysTime(seconds * temporal.SECOND)


def _duration_part(index: int) -> Callable[[DaysTime], Decimal]:
    def part(duration: DaysTime) -> Decimal:
        amount = Decimal(temporal.split_days_time(abs(duration.nanoseconds))[index])
        return -amount if duration.nanoseconds < 0 and amount else amount

    return part


def _months_part(duration: YearsMonths, index: int) -> Decimal:
    amount = divmod(abs(duration.months), 12)[index]
    return Decimal(-amount if duration.months < 0 else amount)


_DATE: dict[str, Callable[[Value], Value]] = {
    "year": lambda date: Decimal(date.year),
    "month": lambda date: Decimal(date.month),
    "day": lambda date: Decimal(date.day),
    "weekday": lambda date: Decimal(temporal.weekday(date)),
}
_TIME: dict[str, Callable[[Value], Value]] = {
    "hour": lambda time: Decimal(time.hour),
    "minute": lambda time: Decimal(time.minute),
    "second": lambda time: Decimal(time.second),
    "time offset": lambda time: _offset(time, time.utc_offset()),
    "timezone": lambda time: time.zone,
}


def _of_part(part: str, read: Callable[[Value], Value]) -> Callable[[Value], Value]:
    return lambda value: read(getattr(value, part))


_TABLES: dict[type, dict[str, Callable[[Value], Value]]] = {
    dt.date: _DATE,
    FarDate: _DATE,
    Time: _TIME,
    DateTime: {name: _of_part("date", read) for name, read in _DATE.items()}
    | {name: _of_part("time", read) for name, read in _TIME.items()}
    | {"time offset": lambda moment: _offset(moment.time, moment.utc_offset())},
    YearsMonths: {
        "years": lambda duration: _months_part(duration, 0),
        "months": lambda duration: _months_part(duration, 1),
    },
    DaysTime: {name: _duration_part(index) for index, name in enumerate(("days", "hours", "minutes", "seconds"))},
    Range: {
        "start": lambda interval: interval.start,
        "end": lambda interval: interval.end,
        "start included": lambda interval: interval.start_included,
        "end included": lambda interval: interval.end_included,
    },
}

"""Conversion functions (DMN table 66): to dates, times, durations, numbers, strings and ranges."""

from __future__ import annotations

from decimal import Decimal

from delegation.feel import temporal
from delegation.feel.budget import Budget
from delegation.feel.functions.signature import Registry
from delegation.feel.numbers import parse_number, truncated
from delegation.feel.temporal import SECOND, Date, DateTime, DaysTime, Time, YearsMonths
from delegation.feel.text import to_text
from delegation.feel.values import Value

REGISTRY = Registry()
builtin = REGISTRY.builtin


def noted(value: Value, budget: Budget, what: str) -> Value:
    """Give `value`; when it is null, note that the argument is not `what`."""
    return budget.note(f"the argument is not {what}") if value is None else value


def _charge_zone(text: str, budget: Budget) -> None:
    """Pay for looking up a zone that may not have been used before."""
    budget.spend(200 if "@" in text else 2)


@builtin("date", "from: string", "date")
def date_from_string(budget: Budget, text: str) -> Value:
    return noted(temporal.parse_date(text), budget, "a date")


@builtin("date", "from: date | date and time", "date")
def date_from(budget: Budget, value: Date | DateTime) -> Value:
    return value.date if isinstance(value, DateTime) else value


@builtin("date", "year: number, month: number, day: number", "date")
def date_of(budget: Budget, year: Decimal, month: Decimal, day: Decimal) -> Value:
    parts = [truncated(part) for part in (year, month, day)]
    made = None if None in parts else temporal.make_date(*parts)  # type: ignore[arg-type]
    return noted(made, budget, "a date of the calendar")


@builtin("time", "from: string", "time")
def time_from_string(budget: Budget, text: str) -> Value:
    _charge_zone(text, budget)
    return noted(temporal.parse_time(text), budget, "a time")


@builtin("time", "from: time | date and time | date", "time")
def time_from(budget: Budget, value: Time | DateTime | Date) -> Value:
    if isinstance(value, DateTime):
        return value.time
    return value if isinstance(value, Time) else Time(0, 0, 0, 0, 0)


@builtin("time", "hour: number, minute: number, second: number, offset?: days and time duration?", "time")
def time_of(budget: Budget, hour: Decimal, minute: Decimal, second: Decimal, offset: DaysTime | None = None) -> Value:
    return noted(_clock(hour, minute, second, offset, None), budget, "a time of day")


def _clock(hour: Decimal, minute: Decimal, second: Decimal, offset: DaysTime | None, zone: str | None) -> Time | None:
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        return None
    seconds = None if offset is None else int(Decimal(offset.nanoseconds) / SECOND)
    if seconds is not None and abs(seconds) > temporal.MAX_OFFSET:
        return None
    nanosecond = int((second - int(second)) * SECOND)
    return Time(int(hour), int(minute), int(second), nanosecond, seconds, zone)


@builtin("date and time", "from: string", "date and time")
def date_and_time_from_string(budget: Budget, text: str) -> Value:
    _charge_zone(text, budget)
    return noted(temporal.parse_date_time(text), budget, "a date and time")


@builtin("date and time", "from: date and time", "date and time")
def date_and_time_from(budget: Budget, value: DateTime) -> Value:
    return value


@builtin("date and time", "date: date | date and time, time: time", "date and time")
def date_and_time_of(budget: Budget, date: Date | DateTime, time: Time) -> Value:
    return DateTime(date.date if isinstance(date, DateTime) else date, time)


_PARTS = "year: number, month: number, day: number, hour: number, minute: number, second: number"


@builtin("date and time", _PARTS + ", offset?: days and time duration?", "date and time")
def date_and_time_of_parts(
    budget: Budget,
    year: Decimal,
    month: Decimal,
    day: Decimal,
    hour: Decimal,
    minute: Decimal,
    second: Decimal,
    offset: DaysTime | None = None,
    zone: str | None = None,
) -> Value:
    date = date_of(budget, year, month, day)
    time = _clock(hour, minute, second, offset, zone)
    if date is None or time is None or (zone is not None and temporal.zone_of(zone) is None):
        return budget.note("the arguments are not a date and time")
    return DateTime(date, time)


@builtin("date and time", _PARTS + ", timezone: string", "date and time")
def date_and_time_of_zone(budget: Budget, *parts: Value) -> Value:
    return date_and_time_of_parts(budget, *parts[:6], None, parts[6])


@builtin("duration", "from: string")
def duration_from_string(budget: Budget, text: str) -> Value:
    return noted(temporal.parse_duration(text), budget, "a duration")


@builtin("duration", "from: days and time duration | years and months duration")
def duration_from(budget: Budget, value: YearsMonths | DaysTime) -> Value:
    return value


@builtin(
    "years and months duration",
    "from: date | date and time, to: date | date and time",
    "years and months duration",
)
def years_and_months_duration(budget: Budget, start: Value, end: Value) -> Value:
    first, last = (value.date if isinstance(value, DateTime) else value for value in (start, end))
    months = (last.year - first.year) * 12 + last.month - first.month
    # A month counts when it is whole, in either direction.
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return YearsMonths(months)


@builtin("number", "from: string, grouping separator?: string?, decimal separator?: string?", "number")
def number(budget: Budget, text: str, grouping: str | None = None, decimal: str | None = None) -> Value:
    if grouping not in (None, " ", ",", ".") or decimal not in (None, ",", "."):
        return budget.note("a grouping separator is a space, `,` or `.`; a decimal separator is `,` or `.`")
    if grouping is not None and grouping == (decimal or "."):
        return budget.note("the grouping and the decimal separator must differ")
    budget.check_string(len(text))
    plain = text.replace(grouping, "") if grouping else text
    if decimal == ",":
        if "." in plain:
            return budget.note("the text is not a number")
        plain = plain.replace(",", ".")
    return noted(parse_number(plain), budget, "a number")


@builtin("number", "from: number", "number")
def number_from_number(budget: Budget, value: Decimal) -> Value:
    return value


@builtin("string", "from: Any", "string")
def string(budget: Budget, value: Value) -> Value:
    return None if value is None else to_text(value, budget)

"""Addition, subtraction, multiplication, division and powers of FEEL values (DMN 10.3.2.14, table 45)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal, DivisionByZero, InvalidOperation, Overflow

from delegation.feel import temporal
from delegation.feel.budget import Budget
from delegation.feel.numbers import CONTEXT, EXACT
from delegation.feel.temporal import DAY, DateTime, DaysTime, FarDate, Time, YearsMonths
from delegation.feel.values import Value

Operation = Callable[[Value, Value, Budget], Value]


def add(left: Value, right: Value, budget: Budget) -> Value:
    """Add numbers, join strings, move dates and times by durations."""
    match left, right:
        case bool(), _:
            return None
        case _, bool():
            return None
        case Decimal(), Decimal():
            return _number(CONTEXT.add, left, right)
        case str(), str():
            budget.check_string(len(left) + len(right))
            return left + right
        case ((YearsMonths() | DaysTime()), (YearsMonths() | DaysTime())):
            return _add_durations(left, right)
        case _, (YearsMonths() | DaysTime()):
            budget.spend(10)
            return shift(left, right)
        case ((YearsMonths() | DaysTime()), _):
            budget.spend(10)
            return shift(right, left)
    return None


def subtract(left: Value, right: Value, budget: Budget) -> Value:
    """Subtract numbers, durations, or one date or time from another."""
    match left, right:
        case bool(), _:
            return None
        case Decimal(), Decimal():
            return _number(CONTEXT.subtract, left, right)
        case Time(), Time():
            return _time_between(left, right)
        case ((dt.date() | FarDate() | DateTime()), (dt.date() | FarDate() | DateTime())):
            return _between(left, right)
        case _, (YearsMonths() | DaysTime()):
            return add(left, negate(right, budget), budget)
    return None


def multiply(left: Value, right: Value, budget: Budget) -> Value:
    """Multiply numbers, or a duration by a number."""
    match left, right:
        case Decimal(), Decimal():
            return _number(CONTEXT.multiply, left, right)
        case ((YearsMonths() | DaysTime()), Decimal()):
            return _scale(left, right)
        case Decimal(), (YearsMonths() | DaysTime()):
            return _scale(right, left)
    return None


def divide(left: Value, right: Value, budget: Budget) -> Value:
    """Divide numbers, a duration by a number, or a duration by one of its kind."""
    match left, right:
        case Decimal(), Decimal():
            return _number(CONTEXT.divide, left, right)
        case ((YearsMonths() | DaysTime()), Decimal()) if right:
            length = left.months if isinstance(left, YearsMonths) else left.nanoseconds
            return _duration(left, EXACT.divide(Decimal(length), right) if right.adjusted() > -40 else None)
        case YearsMonths(), YearsMonths():
            return _number(CONTEXT.divide, Decimal(left.months), Decimal(right.months))
        case DaysTime(), DaysTime():
            return _number(CONTEXT.divide, Decimal(left.nanoseconds), Decimal(right.nanoseconds))
    return None


def power(left: Value, right: Value, budget: Budget) -> Value:
    """Raise a number to a power."""
    if not (isinstance(left, Decimal) and isinstance(right, Decimal)):
        return None
    budget.spend(100)
    return Decimal(1) if not right else _number(CONTEXT.power, left, right)


def negate(value: Value, budget: Budget) -> Value:
    """Change the sign of a number or duration."""
    match value:
        case Decimal():
            return CONTEXT.minus(value)
        case YearsMonths():
            return YearsMonths(-value.months)
        case DaysTime():
            return DaysTime(-value.nanoseconds)
    return None


OPERATIONS: dict[str, Operation] = {"+": add, "-": subtract, "*": multiply, "/": divide, "**": power}


def _number(operation: Callable[[Decimal, Decimal], Decimal], left: Decimal, right: Decimal) -> Decimal | None:
    try:
        return operation(left, right)
    except (InvalidOperation, DivisionByZero, Overflow):
        return None


def _add_durations(left: Value, right: Value) -> Value:
    if isinstance(left, YearsMonths) and isinstance(right, YearsMonths):
        return temporal.years_months(left.months + right.months)
    if isinstance(left, DaysTime) and isinstance(right, DaysTime):
        return temporal.days_time(left.nanoseconds + right.nanoseconds)
    return None


def shift(value: Value, duration: YearsMonths | DaysTime) -> Value:
    """Move a date, time or date and time by a duration; null where the calendar ends."""
    if isinstance(duration, YearsMonths):
        if isinstance(value, DateTime):
            date = temporal.plus_months(value.date, duration.months)
            return None if date is None else DateTime(date, value.time)
        return temporal.plus_months(value, duration.months) if isinstance(value, dt.date | FarDate) else None
    if isinstance(value, DateTime):
        return temporal.plus_nanoseconds(value, duration.nanoseconds)
    if isinstance(value, dt.date | FarDate):
        return temporal.from_ordinal(temporal.ordinal(value) + duration.nanoseconds // DAY)
    if isinstance(value, Time):
        return temporal.time_of_day(value.day_nanoseconds + duration.nanoseconds, value.offset, value.zone)
    return None


def _time_between(left: Time, right: Time) -> DaysTime | None:
    if left.is_local != right.is_local:
        return None
    seconds = right.utc_offset() - left.utc_offset()
    return DaysTime(left.day_nanoseconds - right.day_nanoseconds + seconds * temporal.SECOND)


def _between(left: Value, right: Value) -> DaysTime | None:
    """Subtract moments; a date stands for its midnight in UTC."""
    if isinstance(left, DateTime) or isinstance(right, DateTime):
        locals_ = {isinstance(side, DateTime) and side.time.is_local for side in (left, right)}
        if len(locals_) > 1:
            return None
    return temporal.days_time(_instant(left) - _instant(right))


def _instant(value: Value) -> int:
    return value.nanoseconds if isinstance(value, DateTime) else temporal.ordinal(value) * DAY


def _scale(duration: YearsMonths | DaysTime, factor: Decimal) -> Value:
    length = duration.months if isinstance(duration, YearsMonths) else duration.nanoseconds
    return _duration(duration, EXACT.multiply(Decimal(length), factor) if factor.adjusted() < 40 else None)


def _duration(like: YearsMonths | DaysTime, length: Decimal | None) -> Value:
    """Give a duration of the same kind, cut to whole months or nanoseconds."""
    if length is None or length.adjusted() > 40:
        return None
    make = temporal.years_months if isinstance(like, YearsMonths) else temporal.days_time
    return make(int(length))

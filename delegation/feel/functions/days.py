"""Date and time functions (DMN tables 72, 73, 78): parts of dates, the present moment and `is`."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from delegation.feel import temporal
from delegation.feel.budget import Budget
from delegation.feel.compare import equal
from delegation.feel.errors import MomentMissing
from delegation.feel.functions.signature import Registry
from delegation.feel.temporal import Date, DateTime, Time
from delegation.feel.values import Value

REGISTRY = Registry()
builtin = REGISTRY.builtin

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DATE = "date: date | date and time"


def _date(value: Date | DateTime) -> Date:
    return value.date if isinstance(value, DateTime) else value


@builtin("day of year", _DATE, "number")
def day_of_year(budget: Budget, value: Date | DateTime) -> Value:
    date = _date(value)
    before = sum(temporal.days_in_month(date.year, month) for month in range(1, date.month))
    return Decimal(before + date.day)


@builtin("day of week", _DATE, "string")
def day_of_week(budget: Budget, value: Date | DateTime) -> Value:
    return _DAYS[temporal.weekday(_date(value)) - 1]


@builtin("month of year", _DATE, "string")
def month_of_year(budget: Budget, value: Date | DateTime) -> Value:
    return _MONTHS[_date(value).month - 1]


@builtin("week of year", _DATE, "number")
def week_of_year(budget: Budget, value: Date | DateTime) -> Value:
    """Give the week number of ISO 8601."""
    date = _date(value)
    # The calendar repeats every 400 years; the middle one of three cycles keeps the neighbours of January 1.
    year = date.year % 400 + 2000
    return Decimal(dt.date(year, date.month, date.day).isocalendar().week)


def _moment(budget: Budget) -> DateTime:
    if budget.at is None:
        raise MomentMissing("the expression asks for the present moment; evaluate it with `at`")
    return temporal.from_python(budget.at)


@builtin("now", "", "date and time")
def now(budget: Budget) -> Value:
    return _moment(budget)


@builtin("today", "", "date")
def today(budget: Budget) -> Value:
    return _moment(budget).date


@builtin("is", "value1: Any, value2: Any", "boolean")
def is_(budget: Budget, left: Value, right: Value) -> Value:
    """Tell whether two values are the same element of the semantic domain: same type, value and form."""
    if type(left) is not type(right):
        return False
    if isinstance(left, Time | DateTime):
        # Equal moments written with different offsets are different elements.
        return left == right
    return equal(left, right, budget) is True

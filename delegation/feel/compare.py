"""Equality, order and membership of FEEL values, in three-valued logic (DMN 10.3.2.13, tables 52-54).

``None`` is the third truth value: values of different types cannot be compared. Times are compared by the
whole second.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from delegation.feel.budget import Budget
from delegation.feel.temporal import SECOND, DateTime, DaysTime, FarDate, Time, YearsMonths, ordinal
from delegation.feel.values import Function, Range, Value


def equal(left: Value, right: Value, budget: Budget) -> bool | None:
    """Compare two values; null equals null only."""
    if left is None or right is None:
        return left is right
    kind, other = type(left), type(right)
    if kind is not other:
        return False if {kind, other} == {dt.date, FarDate} else None
    if kind is list:
        return _all_equal(left, right, budget)
    if kind is dict:
        return left.keys() == right.keys() and _all_equal(left.values(), [right[key] for key in left], budget)
    if kind is Time or kind is DateTime:
        ours, theirs = order_key(left), order_key(right)
        # A local time and one with an offset cannot be compared.
        return None if ours[0] != theirs[0] else bool(ours[1] == theirs[1])
    if kind is Range:
        return (left.start_included, left.end_included, left.comparison) == (
            right.start_included,
            right.end_included,
            right.comparison,
        ) and _all_equal((left.start, left.end), (right.start, right.end), budget)
    if kind is Function:
        return left is right
    return bool(left == right)


def _all_equal(left: Value, right: Value, budget: Budget) -> bool:
    # Lists may share their items, so a small value can unfold into a huge one.
    budget.spend(len(left))
    return len(left) == len(right) and all(equal(*pair, budget) is True for pair in zip(left, right, strict=True))


def order_key(value: Value) -> tuple[str, Value]:
    """Give the ordered kind of a value and its key in that order; the kind is empty when it has no order."""
    match value:
        case bool():
            return "", None
        case Decimal():
            return "number", value
        case str():
            return "string", value
        case dt.date() | FarDate():
            return "date", ordinal(value)
        case DateTime():
            return ("local moment" if value.time.is_local else "moment"), value.nanoseconds // SECOND
        case Time():
            seconds = value.day_nanoseconds // SECOND
            return ("local time", seconds) if value.is_local else ("time", seconds - value.utc_offset())
        case YearsMonths():
            return "months", value.months
        case DaysTime():
            return "nanoseconds", value.nanoseconds
    return "", None


def compare(left: Value, right: Value) -> int | None:
    """Give -1, 0 or 1, or None when the values have no order between them."""
    ours, theirs = order_key(left), order_key(right)
    if not ours[0] or ours[0] != theirs[0]:
        return None
    return int(ours[1] > theirs[1]) - int(ours[1] < theirs[1])


def holds(operator: str, left: Value, right: Value, budget: Budget) -> bool | None:
    """Evaluate a comparison operator."""
    budget.spend(4)
    if operator == "=":
        return equal(left, right, budget)
    if operator == "!=":
        same = equal(left, right, budget)
        return None if same is None else not same
    order = compare(left, right)
    if order is None:
        return None
    match operator:
        case "<":
            return order < 0
        case "<=":
            return order <= 0
        case ">":
            return order > 0
    return order >= 0


def within(value: Value, interval: Range, budget: Budget) -> bool | None:
    """Tell whether a value lies in a range; null when it cannot be compared or a bound is null."""
    if interval.comparison is not None:
        end = interval.start if interval.comparison in (">", ">=") else interval.end
        return holds(interval.comparison, value, end, budget)
    above = holds(">=" if interval.start_included else ">", value, interval.start, budget)
    below = holds("<=" if interval.end_included else "<", value, interval.end, budget)
    return conjunction(above, below)


def contains(container: Value, value: Value, budget: Budget) -> bool | None:
    """Tell whether a value equals a test's value, lies in it or is one of its items (DMN 10.3.2.8)."""
    if isinstance(container, Range):
        return equal(container, value, budget) if isinstance(value, Range) else within(value, container, budget)
    if isinstance(container, list):
        budget.spend(len(container))
        if isinstance(value, list) and equal(container, value, budget):
            return True
        return any(
            equal(item, value, budget) is True or (isinstance(item, Range) and within(value, item, budget) is True)
            for item in container
        )
    if isinstance(value, list) and len(value) == 1 and not isinstance(container, dict):
        value = value[0]
    return equal(container, value, budget)


def conjunction(left: bool | None, right: bool | None) -> bool | None:
    """Three-valued ``and``."""
    if left is False or right is False:
        return False
    return True if left is True and right is True else None


def make_range(start: Value, end: Value, *, start_included: bool, end_included: bool) -> Range | None:
    """Give the range, or None when its ends are of different types or in the wrong order."""
    if start is not None and end is not None:
        ours, theirs = order_key(start), order_key(end)
        if not ours[0] or ours[0] != theirs[0] or ours[1] > theirs[1]:
            return None
    elif start is None and end is None:
        return None
    return Range(start=start, end=end, start_included=start_included, end_included=end_included)

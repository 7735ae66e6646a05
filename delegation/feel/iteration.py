"""The values that `for`, `some` and `every` go through."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TypeAlias

from delegation.feel import temporal
from delegation.feel.budget import Budget
from delegation.feel.frames import Code, Frame
from delegation.feel.numbers import whole
from delegation.feel.values import Range, Value

#: Name, start or values, end of a range, position.
Domain: TypeAlias = tuple[str, Code, Code | None, int]


def combinations(domains: list[Domain], number: int, frame: Frame) -> Iterator[Frame | None]:
    """Give one frame for each combination of the domains' values; None when a domain has no values."""
    name, start, end, position = domains[number]
    values = _values_of(start(frame), None if end is None else end(frame), end is not None, frame.budget, position)
    if values is None:
        yield None
        return
    last = number == len(domains) - 1
    for value in values:
        frame.budget.spend(1)
        nested = frame.inner({name: value})
        if last:
            yield nested
        else:
            yield from combinations(domains, number + 1, nested)


def _values_of(start: Value, end: Value, is_range: bool, budget: Budget, position: int) -> Iterator[Value] | None:
    if is_range:
        return _count(start, end, True, True, budget, position)
    if isinstance(start, Range):
        return _count(start.start, start.end, start.start_included, start.end_included, budget, position)
    if start is None:
        budget.note("null cannot be iterated", position)
        return None
    return iter(start if isinstance(start, list) else [start])


def _count(
    start: Value, end: Value, start_included: bool, end_included: bool, budget: Budget, position: int
) -> Iterator[Value] | None:
    if type(start) is Decimal and type(end) is Decimal:
        low, high = whole(start), whole(end)
        if low is not None and high is not None:
            return map(Decimal, _steps(low, high, start_included, end_included))
    elif isinstance(start, temporal.Date) and isinstance(end, temporal.Date):
        days = _steps(temporal.ordinal(start), temporal.ordinal(end), start_included, end_included)
        return map(temporal.from_ordinal, days)
    budget.note("only ranges of whole numbers or dates can be iterated", position)
    return None


def _steps(low: int, high: int, start_included: bool, end_included: bool) -> range:
    step = 1 if high >= low else -1
    return range(low if start_included else low + step, high + step if end_included else high, step)

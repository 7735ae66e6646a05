"""The values of FEEL and how Python's ordinary values become them.

null, booleans, numbers (``Decimal``), strings, dates, times, dates and times, durations, ranges, lists,
contexts (``dict`` with string keys) and functions.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from delegation.feel import temporal
from delegation.feel.numbers import CONTEXT
from delegation.feel.temporal import Date, DateTime, DaysTime, FarDate, Time, YearsMonths

if TYPE_CHECKING:
    from delegation.feel.budget import Budget
    from delegation.feel.types import FeelType

#: One of the values above. Lists and contexts nest, which a precise alias would only repeat.
Value: TypeAlias = Any

#: The name of the tested value in unary tests.
INPUT_VALUE_NAME = "?"

Duration: TypeAlias = YearsMonths | DaysTime


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Range:
    """An interval, or a comparison as a value (``(< 10)``), whose open end is None."""

    start: Value
    end: Value
    start_included: bool
    end_included: bool
    #: ``<``, ``<=``, ``>``, ``>=``, ``=`` or ``!=`` when the range was written as a comparison.
    comparison: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Function:
    """Something that can be invoked with FEEL values."""

    name: str
    parameters: tuple[str, ...]
    #: Called with the arguments in order. It must not raise anything but `FeelError`.
    body: Callable[[Sequence[Value], Budget], Value]
    parameter_types: tuple[FeelType, ...] = ()
    result_type: FeelType | None = None
    #: Fewest arguments accepted; None means all parameters.
    required: int | None = None
    #: True when any number of arguments is accepted.
    variadic: bool = False
    #: Python frames that a call takes, for the depth budget.
    frames: int = 4
    #: Called with named arguments when names decide between forms of the same built-in.
    named: Callable[[Mapping[str, Value], Budget], Value] | None = field(default=None)


#: Types that need no conversion when they come from a scope.
FEEL_TYPES: frozenset[type] = frozenset(
    {type(None), bool, Decimal, str, dt.date, FarDate, Time, DateTime, YearsMonths, DaysTime}
    | {Range, list, dict, Function}
)


def adopt(value: object) -> Value:
    """Turn an ordinary Python value into a FEEL value, through lists and mappings; raises TypeError."""
    kind = type(value)
    if kind is list:
        return [adopt(item) for item in value]  # type: ignore[attr-defined]
    if kind is dict:
        return {key: adopt(entry) for key, entry in value.items()}  # type: ignore[attr-defined]
    if kind in FEEL_TYPES:
        return value
    return _convert(value)


def _convert(value: object) -> Value:
    if isinstance(value, int):
        return CONTEXT.create_decimal(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise TypeError("an infinite or undefined number is not a FEEL value")
        # The shortest text that reads back as the same float is what its writer meant.
        return CONTEXT.create_decimal(repr(value))
    if isinstance(value, str):
        return str(value)
    if isinstance(value, dt.datetime):
        return temporal.from_python(value)
    if isinstance(value, dt.date):
        return dt.date(value.year, value.month, value.day)
    if isinstance(value, dt.time):
        return temporal.time_from_python(value)
    if isinstance(value, dt.timedelta):
        return DaysTime((value.days * 86_400 + value.seconds) * temporal.SECOND + value.microseconds * 1000)
    if isinstance(value, Mapping):
        return {str(key): adopt(entry) for key, entry in value.items()}
    if isinstance(value, Sequence):
        return [adopt(item) for item in value]
    raise TypeError(f"a `{type(value).__name__}` is not a FEEL value")


__all__ = [
    "FEEL_TYPES",
    "INPUT_VALUE_NAME",
    "Date",
    "DateTime",
    "DaysTime",
    "Duration",
    "FarDate",
    "Function",
    "Range",
    "Time",
    "Value",
    "YearsMonths",
    "adopt",
]

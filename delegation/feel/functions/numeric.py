"""Numeric functions (DMN table 71)."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
    InvalidOperation,
    Overflow,
)

from delegation.feel.arithmetic import negate
from delegation.feel.budget import Budget
from delegation.feel.functions.signature import Registry
from delegation.feel.numbers import CONTEXT, WIDE, truncated
from delegation.feel.temporal import DaysTime, YearsMonths
from delegation.feel.values import Value

REGISTRY = Registry()
builtin = REGISTRY.builtin

_MIN_SCALE, _MAX_SCALE = -6111, 6176


def _rounded(number: Decimal, scale: Decimal, rounding: str, budget: Budget) -> Value:
    places = truncated(scale)
    if places is None or not _MIN_SCALE <= places <= _MAX_SCALE:
        return budget.note(f"a scale lies between {_MIN_SCALE} and {_MAX_SCALE}")
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= places:
        return number
    budget.spend(20)
    rounded = number.quantize(Decimal(1).scaleb(-places, WIDE), rounding=rounding, context=WIDE)
    return CONTEXT.plus(rounded)  # never out of range: the coarsest scale is the exponent of the largest numbers


def _declare_rounding(name: str, rounding: str, *, scale_optional: bool) -> None:
    mark = "?" if scale_optional else ""

    @builtin(name, f"n: number, scale{mark}: number", "number")
    def rounded(budget: Budget, number: Decimal, scale: Decimal = Decimal(0)) -> Value:
        return _rounded(number, scale, rounding, budget)


for _name, _rounding, _optional in (
    ("decimal", ROUND_HALF_EVEN, False),
    ("floor", ROUND_FLOOR, True),
    ("ceiling", ROUND_CEILING, True),
    ("round up", ROUND_UP, False),
    ("round down", ROUND_DOWN, False),
    ("round half up", ROUND_HALF_UP, False),
    ("round half down", ROUND_HALF_DOWN, False),
):
    _declare_rounding(_name, _rounding, scale_optional=_optional)


@builtin("abs", "n: number", "number")
def absolute(budget: Budget, number: Decimal) -> Value:
    return CONTEXT.abs(number)


@builtin("abs", "n: days and time duration | years and months duration")
def absolute_duration(budget: Budget, duration: YearsMonths | DaysTime) -> Value:
    length = duration.months if isinstance(duration, YearsMonths) else duration.nanoseconds
    return negate(duration, budget) if length < 0 else duration


@builtin("modulo", "dividend: number, divisor: number", "number")
def modulo(budget: Budget, dividend: Decimal, divisor: Decimal) -> Value:
    if not divisor:
        return budget.note("the divisor of `modulo` is 0")
    budget.spend(20)
    try:
        rest = WIDE.remainder(dividend, divisor)
    except InvalidOperation:
        return budget.note("`modulo` has no result for numbers so far apart")
    # The result has the divisor's sign: dividend - divisor * floor(dividend / divisor).
    return CONTEXT.plus(WIDE.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest)


@builtin("sqrt", "number: number", "number")
def square_root(budget: Budget, number: Decimal) -> Value:
    if number < 0:
        return budget.note("a negative number has no square root")
    budget.spend(20)
    return CONTEXT.sqrt(number)


@builtin("log", "number: number", "number")
def logarithm(budget: Budget, number: Decimal) -> Value:
    if number <= 0:
        return budget.note("only positive numbers have a logarithm")
    budget.spend(100)
    return CONTEXT.ln(number)


@builtin("exp", "number: number", "number")
def exponential(budget: Budget, number: Decimal) -> Value:
    budget.spend(100)
    try:
        return CONTEXT.exp(number)
    except Overflow:
        return budget.note("`exp` of this number is out of range")


def _is_odd(number: Decimal) -> bool | None:
    """Tell whether a whole number is odd; None when it has a fraction."""
    if number != number.to_integral_value():
        return None
    # Beyond 34 digits every number ends in a zero.
    return number.adjusted() < 40 and int(number) % 2 == 1


@builtin("odd", "number: number", "boolean")
def odd(budget: Budget, number: Decimal) -> Value:
    verdict = _is_odd(number)
    return budget.note("only whole numbers are odd or even") if verdict is None else verdict


@builtin("even", "number: number", "boolean")
def even(budget: Budget, number: Decimal) -> Value:
    verdict = _is_odd(number)
    return budget.note("only whole numbers are odd or even") if verdict is None else not verdict

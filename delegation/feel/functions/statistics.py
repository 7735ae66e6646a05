"""Functions that compute over lists: sums, means and truth over all items (DMN table 70)."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal, Overflow

from delegation.feel.budget import Budget
from delegation.feel.functions.signature import Registry
from delegation.feel.numbers import CONTEXT
from delegation.feel.values import Value

REGISTRY = Registry()
builtin = REGISTRY.builtin

Numbers = list[Decimal]


def _empty(budget: Budget) -> None:
    budget.note("the list is empty")


def _sum(numbers: Numbers) -> Decimal:
    total = Decimal(0)
    for number in numbers:
        total = CONTEXT.add(total, number)
    return total


@builtin("sum", "list...: list<number>", "number")
def total(budget: Budget, numbers: Numbers) -> Value:
    budget.spend(len(numbers))
    if not numbers:
        return _empty(budget)
    try:
        return _sum(numbers)
    except Overflow:
        return budget.note("the sum is out of range")


@builtin("product", "list...: list<number>", "number")
def product(budget: Budget, numbers: Numbers) -> Value:
    budget.spend(len(numbers))
    if not numbers:
        return _empty(budget)
    result = Decimal(1)
    try:
        for number in numbers:
            result = CONTEXT.multiply(result, number)
    except Overflow:
        return budget.note("the product is out of range")
    return result


@builtin("mean", "list...: list<number>", "number")
def mean(budget: Budget, numbers: Numbers) -> Value:
    budget.spend(len(numbers))
    if not numbers:
        return _empty(budget)
    try:
        return CONTEXT.divide(_sum(numbers), Decimal(len(numbers)))
    except Overflow:
        return budget.note("the mean is out of range")


@builtin("median", "list...: list<number>", "number")
def median(budget: Budget, numbers: Numbers) -> Value:
    budget.spend(2 * len(numbers))
    if not numbers:
        return _empty(budget)
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    try:
        return CONTEXT.divide(CONTEXT.add(ordered[middle - 1], ordered[middle]), Decimal(2))
    except Overflow:
        return budget.note("the median is out of range")


@builtin("mode", "list...: list<number>", "list<number>")
def mode(budget: Budget, numbers: Numbers) -> Value:
    budget.spend(2 * len(numbers))
    counts = Counter(numbers)
    most = max(counts.values(), default=0)
    return sorted(number for number, times in counts.items() if times == most)


@builtin("stddev", "list...: list<number>", "number")
def standard_deviation(budget: Budget, numbers: Numbers) -> Value:
    """Compute the deviation of a sample (divided by n - 1)."""
    budget.spend(4 * len(numbers))
    if len(numbers) < 2:
        return budget.note("a standard deviation needs two numbers or more")
    try:
        average = CONTEXT.divide(_sum(numbers), Decimal(len(numbers)))
        squares = [CONTEXT.power(CONTEXT.subtract(number, average), 2) for number in numbers]
        return CONTEXT.sqrt(CONTEXT.divide(_sum(squares), Decimal(len(numbers) - 1)))
    except Overflow:
        return budget.note("the standard deviation is out of range")


def _truth(items: list[Value], decisive: bool, budget: Budget) -> Value:
    budget.spend(len(items))
    if any(item is not None and not isinstance(item, bool) for item in items):
        return budget.note("every item must be true, false or null")
    if decisive in items:
        return decisive
    return None if None in items else not decisive


@builtin("all", "list...: list", "boolean")
def every(budget: Budget, items: list[Value]) -> Value:
    return _truth(items, False, budget)


@builtin("any", "list...: list", "boolean")
def some(budget: Budget, items: list[Value]) -> Value:
    return _truth(items, True, budget)

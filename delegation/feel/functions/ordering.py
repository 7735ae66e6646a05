"""Functions that order values: `min`, `max` and `sort` (DMN tables 70 and 74)."""

from __future__ import annotations

from functools import cmp_to_key

from delegation.feel.budget import Budget
from delegation.feel.compare import compare
from delegation.feel.functions.signature import Registry
from delegation.feel.invocation import invoke
from delegation.feel.values import Function, Value

REGISTRY = Registry()
builtin = REGISTRY.builtin


def _extreme(items: list[Value], sign: int, budget: Budget) -> Value:
    budget.spend(len(items))
    if not items:
        return budget.note("the list is empty")
    best = items[0]
    for item in items:
        order = compare(item, best)
        if order is None:
            return budget.note("the items cannot be compared")
        if order == sign:
            best = item
    return best


@builtin("min", "list...: list")
def minimum(budget: Budget, items: list[Value]) -> Value:
    return _extreme(items, -1, budget)


@builtin("max", "list...: list")
def maximum(budget: Budget, items: list[Value]) -> Value:
    return _extreme(items, 1, budget)


class _NoOrderError(Exception):
    """the items to sort have no order"""


@builtin("sort", "list: list, precedes?: function", "list")
def sort(budget: Budget, items: list[Value], precedes: Function | None = None) -> Value:
    budget.check_items(len(items))

    def natural(left: Value, right: Value) -> int:
        budget.spend(1)
        order = compare(left, right)
        if order is None:
            raise _NoOrderError
        return order

    def stated(left: Value, right: Value) -> int:
        first = invoke(precedes, [left, right], budget)
        if not isinstance(first, bool):
            raise _NoOrderError
        # A stable sort needs only to know which one is strictly before the other.
        return -1 if first else int(invoke(precedes, [right, left], budget) is True)

    try:
        return sorted(items, key=cmp_to_key(natural if precedes is None else stated))
    except _NoOrderError:
        return budget.note("the items cannot be compared, or the order function does not answer true or false")

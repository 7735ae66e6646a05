"""List functions (DMN table 70) that do not compute or order."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from delegation.feel.budget import Budget
from delegation.feel.compare import equal
from delegation.feel.functions.signature import Registry
from delegation.feel.invocation import invoke
from delegation.feel.numbers import truncated
from delegation.feel.values import Function, Value

REGISTRY = Registry()
builtin = REGISTRY.builtin

Items = list[Value]


def offset(position: Decimal, count: int) -> int | None:
    """Turn a FEEL position (1 is the first, -1 the last) into an index, or None outside the list."""
    number = truncated(position)
    if number is None or not 0 < abs(number) <= count:
        return None
    return number - 1 if number > 0 else count + number


def _outside(budget: Budget) -> None:
    budget.note("the position lies outside the list")


@builtin("list contains", "list: list, element: Any", "boolean")
def list_contains(budget: Budget, items: Items, element: Value) -> Value:
    return _index(items, element, budget) is not None


def _index(items: Items, element: Value, budget: Budget) -> int | None:
    budget.spend(len(items))
    return next((number for number, item in enumerate(items) if equal(item, element, budget)), None)


@builtin("count", "list: list", "number")
def count(budget: Budget, items: Items) -> Value:
    return Decimal(len(items))


@builtin("sublist", "list: list, start position: number, length?: number", "list")
def sublist(budget: Budget, items: Items, start: Decimal, length: Decimal | None = None) -> Value:
    first = offset(start, len(items))
    if first is None:
        return _outside(budget)
    if length is None:
        return items[first:]
    size = truncated(length)
    if size is None or size < 1 or first + size > len(items):
        return budget.note("the length reaches outside the list")
    return items[first : first + size]


@builtin("append", "list: list, item*: Any", "list")
def append(budget: Budget, items: Items, *more: Value) -> Value:
    budget.check_items(len(items) + len(more))
    return [*items, *more]


@builtin("concatenate", "list*: list", "list")
def concatenate(budget: Budget, *lists: Items) -> Value:
    budget.check_items(sum(map(len, lists)))
    return [item for each in lists for item in each]


@builtin("insert before", "list: list, position: number, newItem: Any", "list")
def insert_before(budget: Budget, items: Items, position: Decimal, item: Value) -> Value:
    index = offset(position, len(items))
    if index is None:
        return _outside(budget)
    budget.check_items(len(items) + 1)
    return [*items[:index], item, *items[index:]]


@builtin("remove", "list: list, position: number", "list")
def remove(budget: Budget, items: Items, position: Decimal) -> Value:
    index = offset(position, len(items))
    if index is None:
        return _outside(budget)
    budget.check_items(len(items))
    return items[:index] + items[index + 1 :]


@builtin("list replace", "list: list, position: number, newItem: Any", "list")
def list_replace(budget: Budget, items: Items, position: Decimal, item: Value) -> Value:
    index = offset(position, len(items))
    if index is None:
        return _outside(budget)
    budget.check_items(len(items))
    return [*items[:index], item, *items[index + 1 :]]


@builtin("list replace", "list: list, match: function, newItem: Any", "list")
def list_replace_matching(budget: Budget, items: Items, match: Function, new: Value) -> Value:
    budget.check_items(len(items))
    made = []
    for item in items:
        verdict = invoke(match, [item, new], budget)
        if not isinstance(verdict, bool):
            return budget.note("the match function must answer true or false")
        made.append(new if verdict else item)
    return made


@builtin("reverse", "list: list", "list")
def reverse(budget: Budget, items: Items) -> Value:
    budget.check_items(len(items))
    return items[::-1]


@builtin("index of", "list: list, match: Any", "list<number>")
def index_of(budget: Budget, items: Items, match: Value) -> Value:
    budget.spend(len(items))
    return [Decimal(number) for number, item in enumerate(items, 1) if equal(item, match, budget)]


@builtin("union", "list*: list", "list")
def union(budget: Budget, *lists: Items) -> Value:
    return _distinct([item for each in lists for item in each], budget)


@builtin("distinct values", "list: list", "list")
def distinct_values(budget: Budget, items: Items) -> Value:
    return _distinct(items, budget)


def _distinct(items: Items, budget: Budget) -> Items:
    budget.check_items(len(items))
    made: Items = []
    seen: set[tuple[type, Value]] = set()
    for item in items:
        if isinstance(item, Decimal | str | bool):
            if (key := (type(item), item)) not in seen:
                seen.add(key)
                made.append(item)
        elif _index(made, item, budget) is None:
            made.append(item)
    return made


@builtin("flatten", "list: list", "list")
def flatten(budget: Budget, items: Items) -> Value:
    made = []
    for item in _leaves(items, budget, 0):
        made.append(item)
        if len(made) > budget.limits.items:
            budget.check_items(len(made))
    return made


def _leaves(items: Items, budget: Budget, depth: int) -> Iterator[Value]:
    budget.spend(1 + len(items) + depth)
    for item in items:
        if isinstance(item, list):
            yield from _leaves(item, budget, depth + 1)
        else:
            yield item

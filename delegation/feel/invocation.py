"""Invokes functions: the count of arguments, their names, and the depth of nested calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from delegation.feel.budget import Budget
from delegation.feel.errors import BudgetExceeded
from delegation.feel.values import Function, Value


def invoke(function: Value, arguments: Sequence[Value], budget: Budget, position: int | None = None) -> Value:
    """Call a function value with positional arguments; null with a note when it cannot be called so."""
    if not isinstance(function, Function):
        return budget.note("only a function can be invoked", position)
    count = len(arguments)
    required = len(function.parameters) if function.required is None else function.required
    if not (required <= count and (function.variadic or count <= len(function.parameters))):
        return budget.note(f"`{function.name}` does not take {count} arguments", position)
    budget.spend(4)
    budget.position = position
    budget.depth -= function.frames
    if budget.depth < 0:
        raise BudgetExceeded("levels of nested calls", budget.limits.depth)
    try:
        return function.body(arguments, budget)
    finally:
        budget.depth += function.frames


def invoke_named(function: Value, arguments: Mapping[str, Value], budget: Budget, position: int | None = None) -> Value:
    """Call a function value with named arguments; null with a note when the names are not its own."""
    if isinstance(function, Function):
        if function.named is not None:
            budget.spend(4)
            budget.position = position
            return function.named(arguments, budget)
        if arguments.keys() == set(function.parameters):
            return invoke(function, [arguments[name] for name in function.parameters], budget, position)
        return budget.note(f"`{function.name}` has other parameters than those named", position)
    return budget.note("only a function can be invoked", position)

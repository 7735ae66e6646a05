"""Evaluates FEEL text in tests, with Python values as the scope."""

from __future__ import annotations

from typing import Any

from delegation.feel import Budget, parse_expression, parse_unary_tests
from delegation.feel.text import to_text
from delegation.feel.values import adopt


def feel(text: str, **scope: object) -> Any:
    """Evaluate an expression; keyword arguments are its scope."""
    return feel_in(text, scope)


def feel_in(text: str, scope: dict[str, object]) -> Any:
    """Evaluate an expression in a scope whose names may hold spaces."""
    values = {name: adopt(value) for name, value in scope.items()}
    return parse_expression(text, names=values.keys()).evaluate(values)


def written(text: str, **scope: object) -> str | None:
    """Evaluate and write the result as FEEL does; null is None."""
    value = feel(text, **scope)
    return None if value is None else to_text(value, Budget())


def accepts(cell: str, value: object, **scope: object) -> bool | None:
    """Test a value against a decision table's cell."""
    values = {name: adopt(each) for name, each in scope.items()}
    return parse_unary_tests(cell, names=values.keys()).test(value, values)


def notes(text: str, **scope: object) -> list[str]:
    """Give the reasons that an evaluation left."""
    budget = Budget()
    parse_expression(text, names=scope.keys()).evaluate(scope, budget=budget)
    return [note.reason for note in budget.notes]

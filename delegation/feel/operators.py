"""Compiled code of the binary operators."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from delegation.feel.arithmetic import OPERATIONS
from delegation.feel.compare import holds
from delegation.feel.frames import Code, Frame
from delegation.feel.values import Value


def arithmetic(operator: str, left: Code, right: Code, position: int) -> Code:
    """Compute with both sides; what has no result is null with a note."""
    operation = OPERATIONS[operator]

    def code(frame: Frame) -> Value:
        a, b = left(frame), right(frame)
        result = operation(a, b, frame.budget)
        if result is None:
            return frame.budget.note(f"`{operator}` has no result for these operands", position)
        return result

    return code


def comparison(operator: str, left: Code, right: Code, position: int) -> Code:
    """Compare both sides; numbers and strings go the short way."""
    fast: dict[str, Callable[[Value, Value], bool]] = {
        "=": lambda a, b: bool(a == b),
        "!=": lambda a, b: bool(a != b),
        "<": lambda a, b: bool(a < b),
        "<=": lambda a, b: bool(a <= b),
        ">": lambda a, b: bool(a > b),
        ">=": lambda a, b: bool(a >= b),
    }
    direct = fast[operator]

    def code(frame: Frame) -> Value:
        a, b = left(frame), right(frame)
        kind = type(a)
        if kind is type(b) and (kind is Decimal or kind is str):
            return direct(a, b)
        result = holds(operator, a, b, frame.budget)
        if result is None:
            frame.budget.note(f"`{operator}` cannot compare these values", position)
        return result

    return code

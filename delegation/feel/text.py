"""Writes FEEL values as text, as the built-in `string()` does."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from delegation.feel import lexer, temporal
from delegation.feel.budget import Budget
from delegation.feel.errors import BudgetExceeded, FeelSyntaxError
from delegation.feel.numbers import format_number
from delegation.feel.temporal import DateTime, DaysTime, FarDate, Time, YearsMonths
from delegation.feel.values import Function, Range, Value


def to_text(value: Value, budget: Budget) -> str:
    """Write a value; strings as they are, inside lists and contexts quoted."""
    return value if isinstance(value, str) else _literal(value, budget, 0)


def _literal(value: Value, budget: Budget, depth: int) -> str:
    budget.spend(1)
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case Decimal():
            text = format_number(value)
            budget.spend(len(text) >> 4)
            return text
        case str():
            return quoted(value)
        case DateTime():
            return temporal.format_date_time(value)
        case dt.date() | FarDate():
            return temporal.format_date(value)
        case Time():
            return temporal.format_time(value)
        case YearsMonths() | DaysTime():
            return temporal.format_duration(value)
        case list() | dict() if depth > budget.limits.nesting:
            raise BudgetExceeded("levels of nested lists", budget.limits.nesting)
        case list():
            text = "[" + ", ".join(_literal(item, budget, depth + 1) for item in value) + "]"
        case dict():
            entries = (f"{_key(key)}: {_literal(entry, budget, depth + 1)}" for key, entry in value.items())
            text = "{" + ", ".join(entries) + "}"
        case Range():
            text = _range(value, budget, depth)
        case Function():
            text = f"function({', '.join(value.parameters)})"
        case _:
            text = ""
    budget.check_string(len(text))
    return text


def _range(value: Range, budget: Budget, depth: int) -> str:
    if value.comparison is not None:
        end = value.start if value.comparison in (">", ">=") else value.end
        return f"({value.comparison} {_literal(end, budget, depth + 1)})"
    start, end = (_endpoint(bound, budget, depth) for bound in (value.start, value.end))
    return f"{'[' if value.start_included else '('}{start}..{end}{']' if value.end_included else ')'}"


def _endpoint(value: Value, budget: Budget, depth: int) -> str:
    text = _literal(value, budget, depth + 1)
    return text if value is None or isinstance(value, Decimal | str) else f'@"{text}"'


def quoted(text: str) -> str:
    """Write a string as a FEEL literal."""
    body = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return f'"{body}"'


def _key(key: str) -> str:
    try:
        tokens = lexer.tokenize(key)[:-1]
    except FeelSyntaxError:
        tokens = []
    plain = bool(tokens) and tokens[0].kind == lexer.NAME
    return key if plain and all(token.kind in (lexer.NAME, lexer.NUMBER) for token in tokens) else quoted(key)

"""FEEL, the expression language of DMN 1.5: our own interpreter, with a budget and with reasons for null.

Start in `expression`; `parser` reads, `compiler` makes closures, `functions` has the built-ins, `values` and
`temporal` the values, `types` the conversions. The room imports nothing but the standard library.
"""

from __future__ import annotations

from delegation.feel.budget import Budget, Limits
from delegation.feel.errors import BudgetExceeded, FeelError, FeelSyntaxError
from delegation.feel.expression import Expression, parse_expression, parse_unary_tests
from delegation.feel.values import INPUT_VALUE_NAME, Value

__all__ = [
    "INPUT_VALUE_NAME",
    "Budget",
    "BudgetExceeded",
    "Expression",
    "FeelError",
    "FeelSyntaxError",
    "Limits",
    "Value",
    "parse_expression",
    "parse_unary_tests",
]

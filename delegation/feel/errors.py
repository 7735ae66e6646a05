"""What can go wrong before a FEEL expression has a value; everything later is FEEL null with a note."""

from __future__ import annotations


class FeelError(Exception):
    """an expression cannot be used"""

    code = "feel_error"


class FeelSyntaxError(FeelError):
    """an expression is not FEEL"""

    code = "feel_syntax_error"

    def __init__(self, text: str, position: int, reason: str) -> None:
        self.text = text
        self.position = position
        self.reason = reason
        before = text[:position]
        self.line = before.count("\n") + 1
        self.column = position - (before.rfind("\n") + 1) + 1
        super().__init__(f"line {self.line}, column {self.column}: {reason}")


class BudgetExceeded(FeelError):
    """an expression asks for more work or memory than its limits allow"""

    code = "feel_budget_exceeded"

    def __init__(self, resource: str, limit: int) -> None:
        self.resource = resource
        self.limit = limit
        super().__init__(f"the expression exceeds the limit of {limit} {resource}; make it smaller")


class MomentMissing(FeelError):
    """an expression asks for the present moment and none was given"""

    code = "feel_moment_missing"


class InvalidType(FeelError):
    """a type name is not a FEEL type"""

    code = "feel_invalid_type"

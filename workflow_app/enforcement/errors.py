"""A refusal by the delegation order."""

from __future__ import annotations

from typing import ClassVar

from delegation.types import DecisionRequest, Verdict


class NotAuthorised(Exception):
    """the delegation order does not allow this act"""

    code: ClassVar[str] = "NOT_AUTHORISED"

    def __init__(self, verdict: Verdict, request: DecisionRequest) -> None:
        self.verdict = verdict
        self.request = request
        reasons = ", ".join(f"{bar.code} ({bar.rule_id})" for bar in verdict.bars) or "no grant"
        super().__init__(f"the act `{request.act}` is not allowed under order {verdict.order_number}: {reasons}")

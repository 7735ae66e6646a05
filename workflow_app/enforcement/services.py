"""Ask the order, and refuse what it refuses."""

from __future__ import annotations

from delegation.authorizer import is_authorized
from delegation.order import DelegationOrder
from delegation.types import DecisionRequest, Permit, Verdict
from workflow_app.enforcement.errors import NotAuthorised


def verdict(request: DecisionRequest, *, order: DelegationOrder) -> Verdict:
    """Return the order's answer, for display. Grants nothing."""
    return is_authorized(request, order)


def require(request: DecisionRequest, *, order: DelegationOrder) -> Permit:
    """Return the permit for the act. Raises ``NotAuthorised`` with the verdict that says why not."""
    answer = is_authorized(request, order)
    if answer.permit is None:
        raise NotAuthorised(answer, request)
    return answer.permit

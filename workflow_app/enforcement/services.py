"""Ask the order, and refuse what it refuses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from delegation.authorizer import is_authorized
from delegation.order import DelegationOrder
from delegation.types import DecisionRequest, Permit, Verdict
from workflow_app.enforcement.errors import NotAuthorised
from workflow_app.organisation import selectors as organisation
from workflow_app.organisation.models import Person


def verdict(request: DecisionRequest, *, order: DelegationOrder) -> Verdict:
    """Return the order's answer, for display. Grants nothing."""
    return is_authorized(request, order)


def require(request: DecisionRequest, *, order: DelegationOrder) -> Permit:
    """Return the permit for the act. Raises ``NotAuthorised`` with the verdict that says why not."""
    answer = is_authorized(request, order)
    if answer.permit is None:
        raise NotAuthorised(answer, request)
    return answer.permit


def able(
    request: DecisionRequest, roles: Iterable[str], case_type: str | None, *, order: DelegationOrder
) -> Iterator[Person]:
    """Yield those of some roles in whom nothing stands against an act, each asked of as if having declared."""
    for person, actor in organisation.actors(roles, case_type, request.at):
        asked = replace(request, actor=actor, cleared=request.cleared | {actor.person})
        if not any(bar.personal for bar in verdict(asked, order=order).bars):
            yield person

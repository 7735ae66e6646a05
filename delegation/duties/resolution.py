"""Who may settle a disagreement: above it, no party to it, and not the proposal's author (R-61).

It is settled in a task of its own. Whether the settlement counts is asked again at the decision.
"""

from __future__ import annotations

from collections.abc import Iterator

from delegation.duties.preparation import opponent, reaches_resolver
from delegation.duties.question import Question, duty
from delegation.types import Act, Duty


def every_act(question: Question) -> Iterator[Duty]:
    """Yield that the one who settles a disagreement stands outside it."""
    request = question.request
    if request.act is not Act.HANDLE or not request.disagreeing:
        return
    person = request.actor.person
    yield duty("RESOLVER_IS_NOT_PARTY", "R-61", person not in request.disagreeing)
    yield duty("RESOLVER_IS_NOT_PREPARER", "R-61", person not in question.preparers)


def resolving(question: Question, role: str) -> Iterator[Duty]:
    """Yield that the role is the resolver by the escalation order, or above that step."""
    request = question.request
    if request.act is not Act.HANDLE or not request.disagreeing:
        return
    roles = {prior.person: prior.role for prior in request.prior_acts if prior.person in request.disagreeing}
    # A party whose act is not recorded stands on the proposal's side.
    parties = (*roles.values(), *([opponent(question)] if len(roles) < 2 else []))
    met = reaches_resolver(question, role, parties)
    yield Duty(code="RESOLVER_STANDS_ABOVE", rule_id="R-61", met=met, params=(("role", role),))

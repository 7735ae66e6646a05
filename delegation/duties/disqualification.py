"""Conflict of interest: nobody acts undeclared, and nobody disqualified acts at all (R-01 to R-04)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from delegation.duties.question import Question, duty
from delegation.types import Act, Duty

#: Registration and simple disclosure need no declaration; a ruling on conflict and a report to protect a child
#: can't wait for one (R-01, R-04, R-52).
_UNDECLARED: Final = frozenset({"REGISTER_INFORMATION", "DISCLOSE", "CONFLICT_RULING", "PROTECTIVE_REPORT"})
_REGISTRARS: Final = frozenset({"REG", "UPPL"})


def every_act(question: Question) -> Iterator[Duty]:
    """Yield that the person has not been disqualified, nor has an unruled circumstance (R-02, R-03)."""
    request = question.request
    person = request.actor.person
    yield duty("NOT_DISQUALIFIED", "R-03", person not in request.disqualified)
    if request.decision_type == "CONFLICT_RULING" and request.act is Act.DECIDE:
        challenged = request.facts.get("challenged_person")
        yield duty("NOT_OWN_CHALLENGE", "R-04", challenged != person)


def declared(question: Question, role: str) -> Iterator[Duty]:
    """Yield that the person has declared no circumstance in the case (R-01).

    Tasks without a decision of their own are where the declaration itself is made, so they can't require it.
    """
    request = question.request
    if request.decision_type in _UNDECLARED:
        return
    if request.decision_type is None and request.act in (Act.HANDLE, Act.CONSULT):
        return
    if role in _REGISTRARS and request.act in (Act.HANDLE, Act.DISPATCH):
        return
    yield duty("DECLARED", "R-01", request.actor.person in request.cleared)

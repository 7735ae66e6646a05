"""Conflict of interest: nobody acts undeclared, and nobody disqualified acts at all (R-01 to R-04)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from delegation.duties.question import Question, duty
from delegation.types import Act, Duty

_RULING: Final = "CONFLICT_RULING"
#: Registration and simple disclosure need no declaration; a ruling on conflict and a report to protect a child
#: can't wait for one (R-01, R-04, R-52).
_UNDECLARED: Final = frozenset({"REGISTER_INFORMATION", "DISCLOSE", _RULING, "PROTECTIVE_REPORT"})
_REGISTRARS: Final = frozenset({"REG", "UPPL"})
#: What a person in conflict of interest may be called on to do; nobody judges or decides in spite of one.
NECESSARY: Final = frozenset({Act.PREPARE, Act.HANDLE, Act.DISPATCH})


def every_act(question: Question) -> Iterator[Duty]:
    """Yield that the person has not been disqualified, nor has an unruled circumstance (R-02, R-03).

    A step that nobody else can do without considerable delay may be done all the same (R-05), and a challenge against
    the only one who can rule is ruled on by that person (R-04).
    """
    request = question.request
    person = request.actor.person
    ruling = request.decision_type == _RULING and request.act is Act.DECIDE
    only_ruler = ruling and request.nobody_else
    met = person not in request.disqualified or only_ruler or _is_necessary(question)
    yield duty("NOT_DISQUALIFIED", "R-03", met)
    if ruling:
        challenged = request.facts.get("challenged_person")
        yield duty("NOT_OWN_CHALLENGE", "R-04", challenged != person or only_ruler)


def _is_necessary(question: Question) -> bool:
    """Tell whether the step at hand is one that the person may do in spite of a conflict (FL 17 §, R-05)."""
    request = question.request
    return request.act in NECESSARY and request.actor.person in request.necessary


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
    yield duty("DECLARED", "R-01", request.actor.person in request.cleared or _is_necessary(question))

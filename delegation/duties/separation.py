"""Preparer and rapporteur, reviewer and decider are three persons in every proposal (R-14, R-19, R-20, R-64)."""

from __future__ import annotations

from collections.abc import Iterator

from delegation.duties.question import Question, duty
from delegation.types import Act, Duty


def deciding(question: Question) -> Iterator[Duty]:
    """Yield what separates the decider from the others. A row without any control needs no separation."""
    row, request = question.row, question.request
    if not (row.four_eyes or row.rapporteur):
        return
    person = request.actor.person
    yield duty("DECIDER_IS_NOT_PREPARER", "R-64", person not in question.preparers)
    yield duty("DECIDER_IS_NOT_RAPPORTEUR", "R-14", person != request.rapporteur)
    reviewed = any(prior.person == person for prior in question.of(Act.REVIEW))
    yield duty("DECIDER_IS_NOT_REVIEWER", "R-20", not reviewed)


def reviewing(question: Question) -> Iterator[Duty]:
    """Yield what separates the reviewer from the others, before and after the decision."""
    request = question.request
    person = request.actor.person
    yield duty("PROPOSAL_STANDS", "R-22", request.proposal is not None)
    yield duty("REVIEWER_IS_NOT_PREPARER", "R-19", person not in question.preparers)
    yield duty("REVIEWER_IS_NOT_RAPPORTEUR", "R-64", person != request.rapporteur)
    decided = any(prior.person == person for prior in question.of(Act.DECIDE))
    yield duty("REVIEWER_IS_NOT_DECIDER", "R-20", not decided)


def presenting(question: Question) -> Iterator[Duty]:
    """Yield what separates the one who presents from the decider."""
    decided = any(prior.person == question.request.actor.person for prior in question.of(Act.DECIDE))
    yield duty("RAPPORTEUR_IS_NOT_DECIDER", "R-14", not decided)


def closing(question: Question) -> Iterator[Duty]:
    """Yield that the proposer does not close the joint preparation of the own proposal either (R-31)."""
    if question.request.joint_code is not None:
        yield from answering(question)


def answering(question: Question) -> Iterator[Duty]:
    """Yield that the proposer does not answer in the joint preparation of the own proposal (R-31)."""
    request = question.request
    own = request.actor.person in question.preparers or request.actor.person == request.rapporteur
    yield duty("PARTICIPANT_IS_NOT_PROPOSER", "R-31", not own)

"""Preparer and rapporteur, reviewer and decider are three persons in every proposal (R-14, R-19, R-20, R-64)."""

from __future__ import annotations

from collections.abc import Iterator

from delegation.duties.question import Question
from delegation.types import Act, Duty


def deciding(question: Question) -> Iterator[Duty]:
    """Yield what separates the decider from the others. A row without any control needs no separation."""
    row, request = question.row, question.request
    if not (row.four_eyes or row.rapporteur):
        return
    person = request.actor.person
    yield Duty(code="DECIDER_IS_NOT_PREPARER", rule_id="R-64", met=person not in question.preparers)
    yield Duty(code="DECIDER_IS_NOT_RAPPORTEUR", rule_id="R-14", met=person != request.rapporteur)
    reviewed = any(prior.person == person for prior in question.of(Act.REVIEW))
    yield Duty(code="DECIDER_IS_NOT_REVIEWER", rule_id="R-20", met=not reviewed)


def reviewing(question: Question) -> Iterator[Duty]:
    """Yield what separates the reviewer from the others, before and after the decision."""
    request = question.request
    person = request.actor.person
    yield Duty(code="PROPOSAL_STANDS", rule_id="R-22", met=request.proposal is not None)
    yield Duty(code="REVIEWER_IS_NOT_PREPARER", rule_id="R-19", met=person not in question.preparers)
    yield Duty(code="REVIEWER_IS_NOT_RAPPORTEUR", rule_id="R-64", met=person != request.rapporteur)
    decided = any(prior.person == person for prior in question.of(Act.DECIDE))
    yield Duty(code="REVIEWER_IS_NOT_DECIDER", rule_id="R-20", met=not decided)


def presenting(question: Question) -> Iterator[Duty]:
    """Yield what separates the one who presents from the decider."""
    decided = any(prior.person == question.request.actor.person for prior in question.of(Act.DECIDE))
    yield Duty(code="RAPPORTEUR_IS_NOT_DECIDER", rule_id="R-14", met=not decided)


def answering(question: Question) -> Iterator[Duty]:
    """Yield that the proposer does not answer in the joint preparation of the own proposal (R-31)."""
    request = question.request
    own = request.actor.person in question.preparers or request.actor.person == request.rapporteur
    yield Duty(code="PARTICIPANT_IS_NOT_PROPOSER", rule_id="R-31", met=not own)

"""Preparer and rapporteur, reviewer and decider are three persons."""

from __future__ import annotations

from dataclasses import replace

import pytest

from delegation.authorizer import is_authorized
from delegation.order import DelegationOrder
from delegation.types import Act, Answer
from tests.delegation.authority import DECIDER, PREPARER, RAPPORTEUR, act, codes, grant, request


def test_the_preparer_does_not_decide(order: DelegationOrder) -> None:
    """R-64"""
    asked = replace(request("INJUNCTION_FINE", grant("AC_N")), prepared_by=frozenset({DECIDER, PREPARER}))
    assert codes(is_authorized(asked, order)) == {"DECIDER_IS_NOT_PREPARER"}


def test_whoever_wrote_the_proposal_is_a_preparer_even_if_nobody_says_so(order: DelegationOrder) -> None:
    """R-19"""
    asked = request("INJUNCTION_FINE", grant("AC_N"))
    wrote = replace(asked, prior_acts=(*asked.prior_acts, act(Act.PREPARE, DECIDER, "AC_N")))
    assert codes(is_authorized(wrote, order)) == {"DECIDER_IS_NOT_PREPARER"}


def test_the_rapporteur_does_not_decide(order: DelegationOrder) -> None:
    """R-14"""
    asked = replace(request("INJUNCTION_FINE", grant("AC_N")), rapporteur=DECIDER)
    assert "DECIDER_IS_NOT_RAPPORTEUR" in codes(is_authorized(asked, order))


@pytest.mark.parametrize("answer", [Answer.AGREE, Answer.DISAGREE, Answer.RETURN])
def test_the_reviewer_does_not_decide(order: DelegationOrder, answer: Answer) -> None:
    """R-20"""
    asked = request("INJUNCTION_FINE", grant("AC_N"))
    reviewed = replace(asked, prior_acts=(*asked.prior_acts, act(Act.REVIEW, DECIDER, "AC_N", answer)))
    assert "DECIDER_IS_NOT_REVIEWER" in codes(is_authorized(reviewed, order))


def test_a_light_decision_may_be_taken_by_its_preparer(order: DelegationOrder) -> None:
    """A row without presentation and four eyes separates nobody."""
    asked = replace(request("DATA_REQUEST", grant("INSP")), prepared_by=frozenset({DECIDER}), rapporteur=DECIDER)
    assert is_authorized(asked, order).allowed


def reviewing(order: DelegationOrder, **changes: object) -> set[str]:
    asked = replace(request("INJUNCTION_FINE", grant("INSP")), act=Act.REVIEW)
    return codes(is_authorized(replace(asked, **changes), order))  # type: ignore[arg-type]


def test_a_second_person_reviews(order: DelegationOrder) -> None:
    assert reviewing(order) == set()


def test_the_preparer_does_not_review(order: DelegationOrder) -> None:
    """R-19"""
    assert reviewing(order, prepared_by=frozenset({DECIDER})) == {"REVIEWER_IS_NOT_PREPARER"}


def test_the_rapporteur_does_not_review(order: DelegationOrder) -> None:
    """R-64"""
    assert reviewing(order, rapporteur=DECIDER) == {"REVIEWER_IS_NOT_RAPPORTEUR"}


def test_the_decider_does_not_review_afterwards(order: DelegationOrder) -> None:
    """R-20, R-51"""
    assert reviewing(order, prior_acts=(act(Act.DECIDE, DECIDER, "AC_N"),)) == {"REVIEWER_IS_NOT_DECIDER"}


def test_there_is_nothing_to_review_without_a_proposal(order: DelegationOrder) -> None:
    """R-22"""
    assert reviewing(order, proposal=None) == {"PROPOSAL_STANDS"}


def test_the_decider_does_not_present(order: DelegationOrder) -> None:
    """R-14"""
    asked = replace(request("INJUNCTION_FINE", grant("EC_N")), act=Act.PRESENT)
    assert is_authorized(asked, order).allowed
    decided = replace(asked, prior_acts=(act(Act.DECIDE, DECIDER, "EC_N"),))
    assert codes(is_authorized(decided, order)) == {"RAPPORTEUR_IS_NOT_DECIDER"}


@pytest.mark.parametrize("who", ["prepared", "presents"])
def test_the_proposer_does_not_answer_in_the_joint_preparation(order: DelegationOrder, who: str) -> None:
    """R-31"""
    asked = replace(
        request("INJUNCTION_FINE", grant("AC_N"), facts={"first_use": True}),
        act=Act.ANSWER,
        joint_code="JB-2",
        participant="OLG",
    )
    assert is_authorized(asked, order).allowed
    own = replace(asked, prepared_by=frozenset({DECIDER})) if who == "prepared" else replace(asked, rapporteur=DECIDER)
    assert codes(is_authorized(own, order)) == {"PARTICIPANT_IS_NOT_PROPOSER"}


def test_a_review_by_the_rapporteur_does_not_count(order: DelegationOrder) -> None:
    asked = request("INJUNCTION_FINE", grant("AC_N"))
    acts = tuple(replace(one, person=RAPPORTEUR) if one.act is Act.REVIEW else one for one in asked.prior_acts)
    assert codes(is_authorized(replace(asked, prior_acts=acts), order)) == {"FOUR_EYES"}

"""A decision waits for presentation, review, joint preparation, and the end of every disagreement."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from delegation.authorizer import is_authorized
from delegation.order import DelegationOrder
from delegation.types import Act, Actor, Answer, DecisionRequest, Grant, PriorAct
from tests.delegation.authority import NOW, PREPARER, RAPPORTEUR, REVIEWER, act, codes, grant, request, shipped


def asked_for(**facts: Any) -> DecisionRequest:
    return request("INJUNCTION_FINE", grant("AC_N"), facts=facts)


def without(asked: DecisionRequest, kind: Act) -> DecisionRequest:
    return replace(asked, prior_acts=tuple(one for one in asked.prior_acts if one.act is not kind))


def with_acts(asked: DecisionRequest, *acts: PriorAct) -> DecisionRequest:
    return replace(asked, prior_acts=(*asked.prior_acts, *acts))


def test_a_complete_preparation_is_enough(order: DelegationOrder) -> None:
    """R-25"""
    assert is_authorized(asked_for(first_use=True), order).allowed


@pytest.mark.parametrize(
    ("kind", "code"), [(Act.REVIEW, "FOUR_EYES"), (Act.PRESENT, "PRESENTED"), (Act.ANSWER, "JOINT_PREPARATION")]
)
def test_every_step_of_preparation_is_needed(order: DelegationOrder, kind: Act, code: str) -> None:
    """R-13, R-25: a diagram that drops a step has only built a case that is refused here."""
    assert codes(is_authorized(without(asked_for(first_use=True), kind), order)) == {code}


def test_a_review_binds_to_the_version_it_saw(order: DelegationOrder) -> None:
    """R-22"""
    asked = asked_for()
    acts = tuple(replace(one, proposal="before the edit") if one.act is Act.REVIEW else one for one in asked.prior_acts)
    assert codes(is_authorized(replace(asked, prior_acts=acts), order)) == {"REVIEW_OF_THIS_VERSION"}


def test_an_edit_after_everything_voids_everything(order: DelegationOrder) -> None:
    """R-22"""
    bars = codes(is_authorized(replace(asked_for(first_use=True), proposal="edited"), order))
    assert bars == {"REVIEW_OF_THIS_VERSION", "JURIST_ON_THIS_VERSION", "PRESENTED", "JOINT_PREPARATION"}


def test_no_proposal_no_decision(order: DelegationOrder) -> None:
    assert "PROPOSAL_STANDS" in codes(is_authorized(replace(asked_for(), proposal=None), order))


def test_a_presentation_in_a_forum_does_not_replace_the_rapporteurs(order: DelegationOrder) -> None:
    """R-33: OPS never completes a decision."""
    asked = with_acts(without(asked_for(), Act.PRESENT), act(Act.PRESENT, "head of unit", "EC_N"))
    assert codes(is_authorized(asked, order)) == {"PRESENTED"}


def test_a_rapporteur_is_named(order: DelegationOrder) -> None:
    """R-13"""
    assert codes(is_authorized(replace(asked_for(), rapporteur=None), order)) == {"RAPPORTEUR_NAMED"}


def test_the_director_may_decide_what_cannot_wait_without_presentation(order: DelegationOrder) -> None:
    """R-13, MF 20 § third paragraph"""
    asked = without(asked_for(could_not_wait=True), Act.PRESENT)
    assert codes(is_authorized(asked, order)) == {"PRESENTED"}
    director = replace(asked, actor=replace(asked.actor, grants=(grant("GD", None),)))
    assert is_authorized(director, order).allowed


def test_an_oral_presentation_counts_in_the_fast_lane_only(order: DelegationOrder) -> None:
    """R-51"""
    for decision, allowed in (("INTERIM_BAN", True), ("BAN_DIRECT", False)):
        asked = request(decision, grant("AC_N"))
        acts = tuple(replace(one, oral=one.act is Act.PRESENT) for one in asked.prior_acts)
        assert is_authorized(replace(asked, prior_acts=acts), order).allowed is allowed


def test_the_fast_lane_defers_review_and_joint_preparation(order: DelegationOrder) -> None:
    """R-51"""
    asked = without(without(request("INTERIM_BAN", grant("AC_N")), Act.REVIEW), Act.ANSWER)
    verdict = is_authorized(asked, order)
    assert verdict.allowed
    assert {"FOUR_EYES_AFTER", "JOINT_PREPARATION_AFTER"} <= {duty.code for duty in verdict.duties}
    assert codes(is_authorized(without(asked, Act.CONSULT), order)) == {"JURIST_HEARD"}


def test_protective_contacts_are_never_gated_by_preparation(order: DelegationOrder) -> None:
    """R-52"""
    asked = request("PROTECTIVE_REPORT", grant("INSP"), prior_acts=(), proposal=None, cleared=frozenset())
    assert is_authorized(asked, order).allowed


def test_every_participant_answers(order: DelegationOrder) -> None:
    """R-25"""
    asked = asked_for(departs_from_praxis=True)
    for missing in ("AJ", "BCJ", "OLG"):
        acts = tuple(one for one in asked.prior_acts if one.participant != missing)
        verdict = is_authorized(replace(asked, prior_acts=acts), order)
        assert [(bar.code, dict(bar.params)["missing"]) for bar in verdict.bars] == [("JOINT_PREPARATION", missing)]


def test_two_of_the_same_role_are_two_persons(order: DelegationOrder) -> None:
    asked = request("DEMAND_REPORT_2", grant("AC_N"))
    acts = [one for one in asked.prior_acts if one.participant != "EC_N"]
    acts += [replace(one, person="one head") for one in asked.prior_acts if one.participant == "EC_N"]
    assert codes(is_authorized(replace(asked, prior_acts=tuple(acts)), order)) == {"JOINT_PREPARATION"}


def unheard(asked: DecisionRequest, *participants: str) -> DecisionRequest:
    acts = tuple(
        replace(one, answer=Answer.NOT_HEARD, person="closer") if one.participant in participants else one
        for one in asked.prior_acts
    )
    return replace(asked, prior_acts=acts)


def test_silence_closes_a_place_but_is_never_agreement(order: DelegationOrder) -> None:
    """R-32"""
    asked = asked_for(first_use=True)
    assert is_authorized(unheard(asked, "AJ"), order).allowed
    assert codes(is_authorized(unheard(asked, "AJ", "BCJ", "OLG"), order)) == {"JOINT_PREPARATION_HEARD"}


def test_the_proposers_own_answer_does_not_count(order: DelegationOrder) -> None:
    """R-31"""
    asked = asked_for(first_use=True)
    acts = tuple(replace(one, person=PREPARER) if one.participant == "AJ" else one for one in asked.prior_acts)
    assert codes(is_authorized(replace(asked, prior_acts=acts), order)) == {"JOINT_PREPARATION"}


def test_a_return_must_be_prepared_further(order: DelegationOrder) -> None:
    """R-25"""
    returned = with_acts(asked_for(), act(Act.REVIEW, "second reviewer", "INSP", Answer.RETURN))
    assert codes(is_authorized(returned, order)) == {"RETURN_SETTLED"}


def test_a_reviewer_may_come_round(order: DelegationOrder) -> None:
    early = NOW - timedelta(hours=5)
    asked = with_acts(asked_for(), act(Act.REVIEW, REVIEWER, "INSP", Answer.DISAGREE, at=early))
    assert is_authorized(asked, order).allowed


def disagreement(role: str = "INSP", kind: Act = Act.REVIEW, **changes: Any) -> PriorAct:
    return act(kind, "dissenter", role, Answer.DISAGREE, at=NOW - timedelta(minutes=50), **changes)


def settlement(role: str, person: str = "resolver", **changes: Any) -> PriorAct:
    values = {"resolves": True, "at": NOW - timedelta(minutes=10), **changes}
    return act(Act.HANDLE, person, role, Answer.AGREE, **values)


@pytest.mark.parametrize(
    ("dissent", "role", "allowed"),
    [
        (disagreement(), "EC_N", True),
        (disagreement(), "AC_N", True),
        (disagreement(), "INSP", False),
        (disagreement("AJ", Act.CONSULT), "EC_N", False),
        (disagreement("AJ", Act.CONSULT), "BCJ", True),
        (disagreement("AJ", Act.CONSULT), "AC_N", True),
        (disagreement("CJ", Act.CONSULT), "EC_N", False),
        (disagreement("CJ", Act.CONSULT), "AC_N", True),
        (disagreement("AC_N", Act.ANSWER), "GD", True),
        (disagreement("AC_N", Act.ANSWER), "AC_N", False),
        (disagreement("TL", Act.CONSULT), "TCL", True),
    ],
)
def test_a_disagreement_is_settled_by_somebody_above_it(
    order: DelegationOrder, dissent: PriorAct, role: str, allowed: bool
) -> None:
    """R-61"""
    asked = with_acts(asked_for(), dissent)
    assert codes(is_authorized(asked, order)) == {"DISAGREEMENT_SETTLED"}
    assert is_authorized(with_acts(asked, settlement(role)), order).allowed is allowed


@pytest.mark.parametrize(
    "settled",
    [
        settlement("EC_N", "dissenter"),
        settlement("EC_N", PREPARER),
        settlement("EC_N", RAPPORTEUR),
        settlement("EC_N", proposal="another version"),
        settlement("EC_N", at=NOW - timedelta(hours=2)),
        settlement("EC_N", resolves=False),
        settlement("CEO"),
    ],
)
def test_what_looks_like_a_settlement_but_is_none(order: DelegationOrder, settled: PriorAct) -> None:
    """R-61: no party, no preparer, this version, afterwards."""
    asked = with_acts(asked_for(), disagreement(), settled)
    assert codes(is_authorized(asked, order)) == {"DISAGREEMENT_SETTLED"}


def test_several_disagreements_are_settled_by_one_above_all_of_them(order: DelegationOrder) -> None:
    """R-61"""
    asked = with_acts(asked_for(), disagreement(), replace(disagreement("AJ", Act.CONSULT), person="other dissenter"))
    assert not is_authorized(with_acts(asked, settlement("EC_N")), order).allowed
    assert is_authorized(with_acts(asked, settlement("BCJ")), order).allowed


def test_the_acts_of_the_disqualified_do_not_count(order: DelegationOrder) -> None:
    """R-03"""
    asked = replace(asked_for(), disqualified=frozenset({REVIEWER}))
    assert codes(is_authorized(asked, order)) == {"FOUR_EYES"}


def closing(person: str, *grants: Grant, **changes: Any) -> set[str]:
    """Return the bars of closing a place in a joint preparation as unheard."""
    asked = asked_for(first_use=True)
    place = {"joint_code": "JB-2", "participant": "AJ", "step_role": "EC_N AC_N"}
    closer = Actor(person=person, grants=grants)
    asked = replace(asked, act=Act.HANDLE, actor=closer, cleared=frozenset({person}), **{**place, **changes})
    return codes(is_authorized(asked, shipped()))


def test_a_head_closes_a_place_that_nobody_answered() -> None:
    """R-31, R-32"""
    assert closing("head", grant("EC_N", person="head")) == set()
    assert closing("chief", grant("AC_N", person="chief")) == set()


def test_neither_the_proposer_nor_the_rapporteur_closes_the_own_joint_preparation() -> None:
    """R-31"""
    for proposer in (PREPARER, RAPPORTEUR):
        assert closing(proposer, grant("EC_N", person=proposer)) == {"PARTICIPANT_IS_NOT_PROPOSER"}


def test_a_place_that_the_row_does_not_ask_is_not_closed_and_heading_nobody_closes_nothing() -> None:
    """R-31"""
    assert closing("head", grant("EC_N", person="head"), participant="TL") == {"PARTICIPANT_ASKED"}
    assert closing("inspector", grant("INSP", person="inspector")) == {"STEP_ROLE"}


def test_handling_outside_a_joint_preparation_has_no_such_duty() -> None:
    assert closing("head", grant("EC_N", person="head"), joint_code=None, participant=None) == set()


@pytest.mark.parametrize("closer", [PREPARER, RAPPORTEUR])
def test_a_place_closed_by_the_proposer_does_not_count(order: DelegationOrder, closer: str) -> None:
    """R-31"""
    asked = asked_for(first_use=True)
    acts = tuple(
        replace(one, answer=Answer.NOT_HEARD, person=closer) if one.participant == "AJ" else one
        for one in asked.prior_acts
    )
    assert codes(is_authorized(replace(asked, prior_acts=acts), order)) == {"JOINT_PREPARATION"}

"""The invariants of domain 5.12 that the order itself must keep, over random organisations, orders and histories."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from delegation.authorizer import is_authorized
from delegation.types import Act, Actor, DecisionRequest, GrantKind
from tests.delegation.authority import DECIDER, PREPARER, RAPPORTEUR, REVIEWER
from tests.delegation.random_orders import ORDERS, drawn_order
from tests.delegation.test_oracle import random_grant, random_request

orders = st.integers(0, ORDERS)
seeds = st.integers(0, 2**32)
PEOPLE = (DECIDER, PREPARER, RAPPORTEUR, REVIEWER, "jurist")
every_example = settings(deadline=None)  # the first example of each order loads it


def asked(seed: int) -> DecisionRequest:
    """Return a decision by somebody with up to three further grants, in a case with a history of its own."""
    source = random.Random(seed)
    request = random_request(source)
    grants = tuple(
        replace(random_grant(source, request.case_type, None, seed), id=f"more-{count}")
        for count in range(source.randrange(4))
    )
    return replace(request, actor=Actor(person=DECIDER, grants=(*request.actor.grants, *grants)))


@every_example
@given(orders, seeds)
def test_invariant_1_a_decision_rests_on_a_valid_grant_of_sufficient_level(number: int, seed: int) -> None:
    """R-08, R-09"""
    order = drawn_order(number)
    request = asked(seed)
    verdict = is_authorized(request, order)
    if verdict.permit is None or verdict.requirements is None:
        return
    grant = next(one for one in request.actor.grants if one.id == verdict.permit.grant)
    assert grant.person == request.actor.person
    assert grant.valid_from <= request.at < (grant.valid_to or request.at.max.replace(tzinfo=request.at.tzinfo))
    assert grant.case_types is None or request.case_type in grant.case_types
    lowest = verdict.requirements.lowest_role
    if grant.kind is GrantKind.SUB_DELEGATION:
        assert verdict.requirements.sub_delegable_to == grant.role
        assert order.roles.reaches(grant.on_behalf_of or "", lowest)
    else:
        assert order.roles.reaches(verdict.permit.role, lowest)


@every_example
@given(orders, seeds, st.sampled_from(("department", "county", "office")), st.text(max_size=8))
def test_invariant_2_no_place_changes_who_may_decide(number: int, seed: int, name: str, place: str) -> None:
    """R-10"""
    order = drawn_order(number)
    request = asked(seed)
    moved = replace(request, facts={**request.facts, name: place})
    assert is_authorized(moved, order) == is_authorized(request, order)


@every_example
@given(orders, seeds, st.sampled_from(("EC_N", "AC_N", "GD")))
def test_invariant_3_whoever_stands_above_may_decide_too(number: int, seed: int, role: str) -> None:
    """R-09, R-15"""
    order = drawn_order(number)
    request = asked(seed)
    verdict = is_authorized(request, order)
    if verdict.permit is None or verdict.requirements is None:
        return
    levels = (verdict.permit.role, verdict.requirements.lowest_role)
    exists = order.roles.appointed(role, frozenset({request.case_type}), request.case_type)
    if not exists or not all(order.roles.reaches(role, level) for level in levels):
        return
    relied_on = next(one for one in request.actor.grants if one.id == verdict.permit.grant)
    above = replace(
        relied_on,
        role=role,
        case_types=frozenset({request.case_type}),
        rules=None,
        kind=GrantKind.APPOINTMENT,
        on_behalf_of=None,
    )
    assert is_authorized(replace(request, actor=Actor(person=DECIDER, grants=(above,))), order).allowed


@every_example
@given(orders, seeds)
def test_invariant_5_preparer_reviewer_and_decider_are_three_persons(number: int, seed: int) -> None:
    """R-14, R-19, R-20, R-64"""
    order = drawn_order(number)
    source = random.Random(seed)
    request = asked(seed)
    # Hands change: whoever did what in the case is anybody's guess, the decider among them.
    acts = tuple(
        replace(prior, person=source.choice(PEOPLE)) if source.random() < 0.3 else prior for prior in request.prior_acts
    )
    request = replace(request, prior_acts=acts, rapporteur=source.choice((RAPPORTEUR, DECIDER)))
    verdict = is_authorized(request, order)
    if not verdict.allowed or verdict.requirements is None:
        return
    if verdict.requirements.four_eyes or verdict.requirements.rapporteur:
        assert DECIDER not in request.prepared_by
        assert request.rapporteur != DECIDER
    if verdict.requirements.four_eyes and not verdict.requirements.controls_after:
        reviewers = {
            prior.person
            for prior in acts
            if prior.act is Act.REVIEW and prior.proposal == request.proposal and prior.answer is not None
        }
        assert reviewers - {DECIDER} - request.prepared_by
        assert DECIDER not in reviewers


@every_example
@given(orders, seeds, st.integers(0, 5), st.sampled_from(tuple(Act)))
def test_invariant_7_fewer_grants_never_mean_more_rights(number: int, seed: int, place: int, act: Act) -> None:
    """R-28"""
    order = drawn_order(number)
    request = replace(asked(seed), act=act)
    fewer = tuple(one for count, one in enumerate(request.actor.grants) if count != place)
    without = replace(request, actor=Actor(person=DECIDER, grants=fewer))
    assert is_authorized(without, order).allowed <= is_authorized(request, order).allowed

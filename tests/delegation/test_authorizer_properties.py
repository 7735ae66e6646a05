"""What must hold for every order, person and case, by generated examples. The names are the theorems."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from delegation.authorizer import is_authorized
from delegation.bundle import RULES
from delegation.order import DelegationOrder, load_order
from delegation.types import Act, Actor, DecisionRequest
from tests.delegation.authority import ADOPTED, DECIDER, bundle, grant, shipped
from tests.delegation.test_oracle import random_grant, random_request

#: Facts that duties read, with values that no duty can make sense of.
UNREADABLE = {
    "amount": ["ten"],
    "communicated": "yes",
    "repeat_number": "many",
    "basis_age_months": float("nan"),
    "interim_months": True,
}


@cache
def shuffled_order(seed: int) -> DelegationOrder:
    """Return the shipped order with the rows of its rules in another order."""
    head, *rows = bundle()[RULES].decode().split("      <rule ")
    rows[-1], tail = rows[-1].split("    </decisionTable>")
    random.Random(seed).shuffle(rows)
    text = "      <rule ".join([head, *rows]) + "    </decisionTable>" + tail
    return load_order({**bundle(), RULES: text.encode()}, number="TEST-1", valid_from=ADOPTED)


requests = st.integers(min_value=0, max_value=2**32).map(lambda seed: random_request(random.Random(seed)))
any_act = st.tuples(requests, st.sampled_from(Act)).map(lambda pair: replace(pair[0], act=pair[1]))


@st.composite
def further_grants(draw: st.DrawFn, asked: DecisionRequest) -> Any:
    seed = draw(st.integers(min_value=0, max_value=2**32))
    return replace(random_grant(random.Random(seed), asked.case_type, None, seed), id=f"further-{seed}")


@given(any_act)
def test_default_deny(asked: DecisionRequest) -> None:
    without = replace(asked, actor=Actor(person=asked.actor.person))
    verdict = is_authorized(without, shipped())
    assert not verdict.allowed
    assert verdict.permit is None


@given(any_act)
def test_bars_trump_grants(asked: DecisionRequest) -> None:
    everything = (grant("GD", None, id="director"), *asked.actor.grants)
    barred = replace(
        asked, actor=Actor(person=DECIDER, grants=everything), disqualified=frozenset({DECIDER}), prior_acts=()
    )
    verdict = is_authorized(barred, shipped())
    assert not verdict.allowed
    assert "NOT_DISQUALIFIED" in {bar.code for bar in verdict.bars}


@given(any_act)
def test_allowed_only_if_granted(asked: DecisionRequest) -> None:
    verdict = is_authorized(asked, shipped())
    if verdict.allowed:
        assert verdict.permit is not None
        relied_on = next(one for one in asked.actor.grants if one.id == verdict.permit.grant)
        assert relied_on.person == asked.actor.person
        assert relied_on.valid_from <= asked.at
        assert relied_on.valid_to is None or asked.at < relied_on.valid_to
        assert not verdict.bars
        assert all(duty.met for duty in verdict.duties)
    else:
        assert verdict.permit is None
        assert verdict.bars


@settings(deadline=None)  # the first example of each order loads it
@given(requests, st.sampled_from((1, 2, 3)))
def test_row_order_is_irrelevant(asked: DecisionRequest, seed: int) -> None:
    one, other = is_authorized(asked, shipped()), is_authorized(asked, shuffled_order(seed))
    assert (one.allowed, one.requirements, one.bars, one.duties) == (
        other.allowed,
        other.requirements,
        other.bars,
        other.duties,
    )


@given(st.data(), any_act)
def test_adding_a_grant_never_revokes(data: st.DataObject, asked: DecisionRequest) -> None:
    more = data.draw(further_grants(asked))
    place = data.draw(st.sampled_from((0, len(asked.actor.grants))))
    grants = list(asked.actor.grants)
    grants.insert(place, more)
    before = is_authorized(asked, shipped()).allowed
    after = is_authorized(replace(asked, actor=Actor(person=asked.actor.person, grants=tuple(grants))), shipped())
    assert after.allowed >= before


@given(any_act, st.sampled_from(("disqualified", "uncleared", "prepared", "unreadable")))
def test_adding_a_bar_never_grants(asked: DecisionRequest, bar: str) -> None:
    barred = {
        "disqualified": replace(asked, disqualified=asked.disqualified | {DECIDER}),
        "uncleared": replace(asked, cleared=frozenset()),
        "prepared": replace(asked, prepared_by=asked.prepared_by | {DECIDER}),
        "unreadable": replace(asked, facts={**asked.facts, "basis_age_months": "old"}),
    }[bar]
    assert is_authorized(barred, shipped()).allowed <= is_authorized(asked, shipped()).allowed


@given(requests, st.sampled_from(sorted(UNREADABLE)))
def test_unevaluable_duty_denies(asked: DecisionRequest, fact: str) -> None:
    clouded = replace(asked, facts={**asked.facts, fact: UNREADABLE[fact]})
    before, after = is_authorized(asked, shipped()), is_authorized(clouded, shipped())
    assert after.allowed <= before.allowed
    if before.allowed and not after.allowed:
        # Where no row can be read, a grant that names its row does not reach one either.
        assert "UNEVALUABLE" in {bar.code for bar in after.bars} <= {"UNEVALUABLE", "GRANT_FOR_OTHER_ROWS"}
    # A fact that every decision's duties read always denies.
    assert not is_authorized(replace(asked, facts={**asked.facts, "basis_age_months": "old"}), shipped()).allowed


@given(any_act, st.text(max_size=12), st.sampled_from(("department", "county", "office", "region", "avdelning")))
def test_department_is_irrelevant(asked: DecisionRequest, place: str, name: str) -> None:
    """R-10: where a case lies never changes who may do what."""
    moved = replace(asked, facts={**asked.facts, name: place})
    assert is_authorized(moved, shipped()) == is_authorized(asked, shipped())


@given(requests)
def test_a_higher_level_may_do_what_a_lower_may(asked: DecisionRequest) -> None:
    """R-09, R-15: beslut av högre; the row's own demands remain."""
    order = shipped()
    verdict = is_authorized(asked, order)
    if not verdict.allowed:
        return
    assert verdict.permit is not None
    assert verdict.requirements is not None
    # Whoever decides by a sub-delegation stands below the row's own level.
    levels = (verdict.permit.role, verdict.requirements.lowest_role)
    for role in order.roles:
        appointed = order.roles.appointed(role.code, frozenset({asked.case_type}), asked.case_type)
        if role.code == "STF" or not appointed or not all(order.roles.reaches(role.code, level) for level in levels):
            continue
        above = Actor(person=DECIDER, grants=(grant(role.code, asked.case_type),))
        answer = is_authorized(replace(asked, actor=above), order)
        assert answer.allowed, (verdict.permit.role, role.code, answer.bars)
        assert answer.requirements == verdict.requirements


@given(requests)
def test_every_allow_names_one_row(asked: DecisionRequest) -> None:
    verdict = is_authorized(asked, shipped())
    if verdict.allowed:
        assert verdict.permit is not None
        assert verdict.requirements is not None
        assert verdict.permit.rule == verdict.rule
        assert [row.rule_id for row in shipped().rows if row.id == verdict.permit.row] == [verdict.rule]

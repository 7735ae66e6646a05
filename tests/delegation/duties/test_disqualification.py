"""In conflict nobody acts, but for what nobody else can do, and but for the one who alone can rule (R-03 to R-05)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from delegation.authorizer import is_authorized
from delegation.order import DelegationOrder
from delegation.types import Act, DecisionRequest
from tests.delegation.authority import DECIDER, grant, request

CONFLICTED = frozenset({DECIDER})


def codes(asked: DecisionRequest, order: DelegationOrder) -> set[str]:
    return {bar.code for bar in is_authorized(asked, order).bars}


def step(act: Act, **more: object) -> DecisionRequest:
    """Return the question of a disqualified inspector about a step."""
    asked = replace(
        request("INJUNCTION_FINE", grant("INSP")), act=act, prior_acts=(), disqualified=CONFLICTED, cleared=frozenset()
    )
    return replace(asked, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("act", [Act.PREPARE, Act.HANDLE, Act.DISPATCH])
def test_r05_a_step_that_nobody_else_can_do_is_done_in_spite_of_a_conflict(order: DelegationOrder, act: Act) -> None:
    assert "NOT_DISQUALIFIED" in codes(step(act), order)
    assert not codes(step(act, necessary=CONFLICTED), order) & {"NOT_DISQUALIFIED", "DECLARED"}
    assert "NOT_DISQUALIFIED" in codes(step(act, necessary=frozenset({"somebody else"})), order)


@pytest.mark.parametrize("act", [Act.REVIEW, Act.CONSULT, Act.ANSWER, Act.PRESENT, Act.DECIDE])
def test_r05_nothing_that_judges_or_decides_is_done_in_spite_of_a_conflict(order: DelegationOrder, act: Act) -> None:
    assert "NOT_DISQUALIFIED" in codes(step(act, necessary=CONFLICTED), order)


def ruling(**more: object) -> DecisionRequest:
    """Return the question whether the director-general rules on the own challenge."""
    asked = request("CONFLICT_RULING", grant("GD", None))
    facts = {**asked.facts, "challenged_role": "INSP", "challenged_person": DECIDER}
    return replace(asked, facts=facts, disqualified=CONFLICTED, **more)  # type: ignore[arg-type]


def test_r04_nobody_rules_on_the_own_challenge_unless_nobody_else_can_be_called_in(order: DelegationOrder) -> None:
    assert {"NOT_OWN_CHALLENGE", "NOT_DISQUALIFIED"} <= codes(ruling(), order)
    assert not {"NOT_OWN_CHALLENGE", "NOT_DISQUALIFIED"} & codes(ruling(nobody_else=True), order)


def test_r04_being_alone_opens_nothing_but_the_ruling(order: DelegationOrder) -> None:
    asked = replace(request("INJUNCTION_FINE", grant("GD", None)), disqualified=CONFLICTED, nobody_else=True)

    assert "NOT_DISQUALIFIED" in codes(asked, order)
    assert "NOT_DISQUALIFIED" in codes(replace(ruling(nobody_else=True), act=Act.CONSULT), order)

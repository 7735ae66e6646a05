"""The jurist's and the physician's part."""

from __future__ import annotations

from dataclasses import replace

import pytest

from delegation.authorizer import is_authorized
from delegation.order import DelegationOrder
from delegation.types import Act, Answer, DecisionRequest
from tests.delegation.authority import DECIDER, PREPARER, codes, grant, request


def heard(asked: DecisionRequest, **changes: object) -> DecisionRequest:
    """Return the request with every opinion changed."""
    acts = tuple(replace(one, **changes) if one.act is Act.CONSULT else one for one in asked.prior_acts)  # type: ignore[arg-type]
    return replace(asked, prior_acts=acts)


@pytest.mark.parametrize(
    ("amount", "role", "bar"),
    [
        (500_000, "BCJ", None),
        (500_000, "CJ", None),
        (500_000, "AJ", "JURIST_LEVEL"),
        (2_000_000, "CJ", None),
        (2_000_000, "BCJ", "JURIST_LEVEL"),
        (500_000, "EC_N", "JURIST_HEARD"),
        (500_000, "GD", "JURIST_HEARD"),
        (500_000, "TCL", "JURIST_HEARD"),
    ],
)
def test_the_opinion_comes_from_the_rows_level_or_above(
    order: DelegationOrder, amount: int, role: str, bar: str | None
) -> None:
    """R-09, R-25"""
    asked = heard(request("INJUNCTION_FINE", grant("AC_N"), facts={"amount": amount}), role=role)
    assert codes(is_authorized(asked, order)) == ({bar} if bar else set())


@pytest.mark.parametrize(
    "changes", [{"person": PREPARER}, {"person": DECIDER}, {"answer": None}, {"answer": Answer.NOT_HEARD}]
)
def test_an_opinion_is_given_by_somebody_else_and_says_something(
    order: DelegationOrder, changes: dict[str, object]
) -> None:
    asked = heard(request("INJUNCTION_FINE", grant("AC_N")), **changes)
    assert "JURIST_HEARD" in codes(is_authorized(asked, order))


def test_an_opinion_binds_to_the_version_it_saw(order: DelegationOrder) -> None:
    """R-22"""
    asked = heard(request("INJUNCTION_FINE", grant("AC_N")), proposal="before the edit")
    assert codes(is_authorized(asked, order)) == {"JURIST_ON_THIS_VERSION"}


@pytest.mark.parametrize("decision", ["BAN_DIRECT", "BAN_AFTER", "INTERIM_EXTEND"])
def test_bans_need_the_chief_jurist(order: DelegationOrder, decision: str) -> None:
    """R-37"""
    asked = request(decision, grant("AC_N"))
    assert is_authorized(asked, order).allowed
    assert codes(is_authorized(heard(asked, role="BCJ"), order)) == {"JURIST_LEVEL"}


def test_the_deputy_chief_jurist_stands_in_only_when_the_chief_cannot_be_reached(order: DelegationOrder) -> None:
    """R-37"""
    asked = heard(request("INTERIM_BAN", grant("AC_N")), role="BCJ")
    assert codes(is_authorized(asked, order)) == {"JURIST_LEVEL"}
    away = replace(asked, facts={**asked.facts, "chief_jurist_unreachable": True})
    assert is_authorized(away, order).allowed


def test_an_oral_opinion_counts_in_the_fast_lane_only(order: DelegationOrder) -> None:
    """R-51"""
    assert is_authorized(heard(request("INTERIM_BAN", grant("AC_N")), oral=True), order).allowed
    assert codes(is_authorized(heard(request("BAN_DIRECT", grant("AC_N")), oral=True), order)) == {"JURIST_HEARD"}


def test_where_the_row_lets_a_jurist_decide_no_other_opinion_is_needed(order: DelegationOrder) -> None:
    asked = request("REFUSE_DISCLOSURE", grant("AJ", "UTL"), case_type="UTL")
    acts = tuple(one for one in asked.prior_acts if one.act is not Act.CONSULT)
    verdict = is_authorized(replace(asked, prior_acts=acts), order)
    assert verdict.allowed
    assert "JURIST_DECIDES" in {duty.code for duty in verdict.duties}


def test_documents_may_be_seized_before_the_jurist_is_heard(order: DelegationOrder) -> None:
    asked = request("SEIZE_DOCUMENTS", grant("INSP"), prior_acts=())
    verdict = is_authorized(asked, order)
    assert verdict.allowed
    assert "JURIST_AFTER" in {duty.code for duty in verdict.duties}


@pytest.mark.parametrize(
    ("changes", "bar"), [({"proposal": "older"}, "PHYSICIAN_ON_THIS_VERSION"), ({"role": "AJ"}, "PHYSICIAN_HEARD")]
)
def test_criticism_needs_a_physician(order: DelegationOrder, changes: dict[str, object], bar: str) -> None:
    asked = request("CRITICISM", grant("EC_N", "EKP"), case_type="EKP")
    assert is_authorized(asked, order).allowed
    acts = tuple(replace(one, **changes) if one.role == "TL" else one for one in asked.prior_acts)  # type: ignore[arg-type]
    assert bar in codes(is_authorized(replace(asked, prior_acts=acts), order))

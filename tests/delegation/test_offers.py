"""Whom a step is shown to."""

from __future__ import annotations

from delegation import offers
from delegation.order import DelegationOrder


def test_a_review_is_shown_to_those_nearest_the_work(order: DelegationOrder) -> None:
    assert set(offers.reviewing_roles(order, "ETV", "AC_N")) == {"INSP", "HL"}


def test_where_a_jurist_decides_another_jurist_is_shown_the_review_too(order: DelegationOrder) -> None:
    assert "AJ" in offers.reviewing_roles(order, "UTL", "AJ")
    assert "REG" not in offers.reviewing_roles(order, "UTL", "REG")


def test_heads_of_permits_see_what_is_offered_to_their_counterparts_in_supervision(order: DelegationOrder) -> None:
    assert set(offers.seen_roles(order, "EC_T")) == {"EC_T", "EC_N"}
    assert set(offers.seen_roles(order, "AC_T")) == {"AC_T", "AC_N"}
    assert offers.seen_roles(order, "INSP") == ("INSP",)
    assert offers.seen_roles(order, "GD") == ("GD",)
    assert set(offers.seen_roles(order, "CJ")) == {"CJ", "BCJ", "AJ"}

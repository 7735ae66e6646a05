"""Whom a step is shown to."""

from __future__ import annotations

from delegation import offers
from delegation.order import DelegationOrder


def test_a_review_is_shown_to_those_nearest_the_work(order: DelegationOrder) -> None:
    assert set(offers.reviewing_roles(order, "ETV", "AC_N")) == {"INSP", "HL"}


def test_where_a_jurist_decides_another_jurist_is_shown_the_review_too(order: DelegationOrder) -> None:
    assert "AJ" in offers.reviewing_roles(order, "UTL", "AJ")
    assert "REG" not in offers.reviewing_roles(order, "UTL", "REG")

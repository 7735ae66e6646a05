"""Whom a step is shown to."""

from __future__ import annotations

import pytest

from delegation import offers
from delegation.order import DelegationOrder
from delegation.types import Act, Actor
from tests.delegation.test_appointing import held


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


def test_a_step_is_shown_to_the_lowest_of_the_decision_chain_who_have_the_act(order: DelegationOrder) -> None:
    assert offers.acting_roles(order, Act.REVIEW, "ETV") == ("INSP", "HL")
    assert offers.acting_roles(order, Act.CONSULT, "TIL") == ("GD", "STF")


def test_heads_are_found_by_level_and_case_type(order: DelegationOrder) -> None:
    assert offers.leading_roles(order, 20, "TIL") == ("EC_T",)
    assert offers.leading_roles(order, 20, "ETV") == ("EC_N",)
    assert offers.leading_roles(order, 40, "ETV") == ("GD", "STF")


@pytest.mark.parametrize(
    ("role", "target", "told"),
    [
        ("AC_N", "EC_N", ("EC_N",)),
        ("GD", "AC_N", ("AC_N",)),
        ("EC_N", "INSP/HL", ("INSP", "HL")),
        ("EC_N", "EC_N", ()),
        ("EC_T", "EC_N", ()),
        ("INSP", "EC_N", ()),
    ],
)
def test_r15_the_lower_role_is_told_when_a_higher_one_decides(
    order: DelegationOrder, role: str, target: str, told: tuple[str, ...]
) -> None:
    assert offers.passed_over(order, role, target) == told


def test_a_row_may_name_alternative_deciders() -> None:
    assert offers.named_roles("INSP/HL") == ("INSP", "HL")
    assert offers.named_roles("AC_N") == ("AC_N",)


@pytest.mark.parametrize(
    ("participant", "roles", "case_type"),
    [
        ("AJ", ("AJ",), "ETV"),
        ("EC_N:FTB", ("EC_N",), "FTB"),
        ("AC_N:OTHER", ("AC_N",), None),
        ("EC_N:ANY", ("EC_N",), None),
        ("OLG", ("EC_N", "AC_N"), "ETV"),
        ("CHILD_COMPETENT", ("INSP",), "ETV"),
    ],
)
def test_a_participant_is_sought_where_the_order_says(
    participant: str, roles: tuple[str, ...], case_type: str | None
) -> None:
    """R-31"""
    assert offers.participant_roles(participant) == roles
    assert offers.participant_case_type(participant, "ETV") == case_type


def test_those_above_in_the_same_chain_are_sufficient(order: DelegationOrder) -> None:
    """R-09"""
    assert set(offers.sufficient_roles(order, "AC_N")) == {"AC_N", "AC_T", "STF", "GD"}
    assert set(offers.sufficient_roles(order, "BCJ")) == {"BCJ", "CJ", "GD"}


def test_r56_work_that_nobody_can_do_goes_to_the_nearest_role_above(order: DelegationOrder) -> None:
    assert offers.next_above(order, ("EC_N",), Act.DECIDE, "ETV") == ("AC_N",)
    assert offers.next_above(order, ("INSP", "HL"), Act.PREPARE, "TIL") == ("EC_T",)
    assert offers.next_above(order, ("AC_N",), Act.DECIDE, "ETV") == ("GD",)
    assert offers.next_above(order, ("AJ",), Act.CONSULT, "ETV") == ("BCJ",)
    assert offers.next_above(order, ("TCL",), Act.CONSULT, "TLP") == ("GD",)
    assert offers.next_above(order, ("GD",), Act.DECIDE, "ETV") == ()
    assert offers.next_above(order, ("PL", "EC_N"), Act.DECIDE, "NTS") == ("AC_N",)
    assert offers.next_above(order, ("PL",), Act.HANDLE, "NTS") == ("EC_N",)


def test_r27_work_is_within_reach_of_whoever_is_appointed_to_its_role_or_above(order: DelegationOrder) -> None:
    def may(role: str, case_type: str) -> bool:
        actor = Actor(person="a", grants=(held(role, "a", frozenset({case_type})),))
        return offers.may_work_in(order, actor, ("INSP", "HL"), "ETV")

    assert may("INSP", "ETV")
    assert may("EC_N", "ETV")
    assert not may("INSP", "NTS")
    assert not may("AJ", "ETV")
    assert not may("XX", "ETV")


@pytest.mark.parametrize(
    ("roles", "heads"), [(("EC_N",), True), (("AC_T",), True), (("INSP", "HL"), False), (("UPPL",), False)]
)
def test_r15_heads_are_told_apart_from_those_nearest_the_work(
    order: DelegationOrder, roles: tuple[str, ...], heads: bool
) -> None:
    assert offers.are_heads(order, roles) is heads

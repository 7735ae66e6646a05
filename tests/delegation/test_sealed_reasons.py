"""Why a circumstance was ruled on as it was is read by those who must assess such circumstances (R-03, R-07)."""

from __future__ import annotations

import pytest

from delegation import access
from delegation.authorizer import out_of_reach
from delegation.types import Actor, Grant, GrantKind
from tests.delegation.authority import grant, request, shipped
from tests.delegation.test_appointing import held


def actor(*grants: Grant) -> Actor:
    return Actor(person="a", grants=grants)


def may_read(who: Actor, challenged: str = "INSP", *, disqualified: bool = False) -> bool:
    facts = {**request("CONFLICT_RULING", grant("EC_N")).facts, "challenged_role": challenged}
    row = shipped().requirements("ETV", "CONFLICT_RULING", facts)
    return access.may_read_reasons(who, shipped(), row, case_type="ETV", disqualified=disqualified)


def test_r07_those_who_rule_or_advise_read_the_reasons_and_so_does_the_audit() -> None:
    assert may_read(actor(held("EC_N", "a")))
    assert may_read(actor(held("AC_N", "a")))
    assert may_read(actor(held("AJ", "a")))
    assert may_read(actor(held("IR", "a", None)))
    assert not may_read(actor(held("INSP", "a")))
    assert not may_read(actor(held("EC_N", "a", frozenset({"NTS"}))))
    assert not may_read(actor())


def test_r07_what_concerns_a_head_of_unit_is_read_one_level_up() -> None:
    assert not may_read(actor(held("EC_N", "a")), "EC_N")
    assert may_read(actor(held("AC_N", "a")), "EC_N")


def test_r03_whoever_is_in_conflict_reads_nothing() -> None:
    assert not may_read(actor(held("AC_N", "a")), disqualified=True)
    assert not may_read(actor(held("IR", "a", None)), disqualified=True)


@pytest.mark.parametrize(
    ("held_role", "may"),
    [
        (held("EC_N", "a"), True),
        (held("EC_T", "a", frozenset({"TIL"})), True),
        (held("AJ", "a"), True),
        (held("GD", "a", None), True),
        (held("STF", "a", None), True),
        (held("IR", "a", None), True),
        (held("INSP", "a"), False),
        (held("TL", "a", None), False),
        (held("PO", "a", None), False),
        (held("XX", "a"), False),
        (held("EC_N", "a", rules=frozenset({"DO-036"}), kind=GrantKind.SUB_DELEGATION), False),
    ],
)
def test_r07_rulings_are_searched_by_those_who_assess_in_any_case_type(held_role: Grant, may: bool) -> None:
    assert access.may_search_rulings(actor(held_role), shipped()) is may


def test_r28_a_step_is_out_of_reach_only_when_no_grant_reaches_it_whatever_the_duties_say() -> None:
    assert not out_of_reach(request("INJUNCTION_FINE", grant("AC_N")), shipped())
    codes = {bar.code for bar in out_of_reach(request("INJUNCTION_FINE", grant("INSP")), shipped())}
    assert codes == {"LEVEL_TOO_LOW"}

"""Nobody gets a right of themselves: who may give, lend and revoke, and what no order could allow (G-5, domain 3.6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from delegation import appointing
from delegation.types import Actor, Bar, Grant, GrantKind
from tests.delegation.authority import NOW, shipped

ETV = frozenset({"ETV"})


def held(role: str, person: str = "giver", case_types: frozenset[str] | None = ETV, **more: object) -> Grant:
    """Return an appointment."""
    grant = Grant(
        id=f"{person}-{role}",
        person=person,
        role=role,
        case_types=case_types,
        valid_from=NOW - timedelta(days=30),
        granted_by="gd",
    )
    return replace(grant, **more)  # type: ignore[arg-type]


def lent(**more: object) -> Grant:
    """Return DO-036 lent by the head of department to a head of unit."""
    grant = held(
        "EC_N",
        "receiver",
        rules=frozenset({"DO-036"}),
        kind=GrantKind.SUB_DELEGATION,
        on_behalf_of="AC_N",
        granted_by="giver",
        valid_from=NOW,
        valid_to=NOW + timedelta(days=300),
    )
    return replace(grant, **more)  # type: ignore[arg-type]


def person(*grants: Grant, name: str = "giver") -> Actor:
    return Actor(person=name, grants=grants)


def codes(bars: Iterable[Bar]) -> set[str]:
    return {bar.code for bar in bars}


HEAD = person(held("AC_N"))
RECEIVER = person(held("EC_N", "receiver"), name="receiver")


def given(grant: Grant, giver: Actor = HEAD, holder: Actor = RECEIVER) -> set[str]:
    """Return every reason against a grant."""
    return codes(appointing.flaws(grant, giver)) | codes(
        appointing.bars(grant, giver=giver, holder=holder, order=shipped())
    )


def test_a_head_of_department_lends_a_row_that_the_order_lets_be_lent() -> None:
    assert not given(lent())


@pytest.mark.parametrize(
    ("grant", "code"),
    [
        (lent(valid_to=None), "LENT_WITHOUT_END"),
        (lent(rules=None), "LENT_WITHOUT_ROWS"),
        (lent(valid_to=NOW + timedelta(days=366, seconds=1)), "LENT_TOO_LONG"),
        (lent(valid_to=NOW), "ENDS_BEFORE_IT_BEGINS"),
        (lent(person="giver"), "GIVER_IS_HOLDER"),
        (lent(on_behalf_of="GD"), "GIVER_NOT_APPOINTED"),
        (lent(on_behalf_of=None), "GIVER_NOT_APPOINTED"),
        (lent(case_types=frozenset({"NTS"})), "GIVER_NOT_APPOINTED"),
        (lent(case_types=None), "GIVER_NOT_APPOINTED"),
        (lent(role="AJ"), "ROW_NOT_LENDABLE"),
        (lent(rules=frozenset({"DO-036", "DO-001"})), "ROW_NOT_LENDABLE"),
        (lent(role="XX"), "UNKNOWN_ROLE"),
    ],
)
def test_r59_r60_a_sub_delegation_outside_the_provisions_is_barred(grant: Grant, code: str) -> None:
    assert code in given(grant)


def test_a_right_to_act_in_somebodys_place_has_an_end_and_no_rows() -> None:
    acting = held("STF", "stf", None, kind=GrantKind.SUBSTITUTION, on_behalf_of="gd", granted_by="gd")
    director = person(held("GD", "gd", None), name="gd")

    assert given(acting, giver=director) == {"LENT_WITHOUT_END"}
    assert not given(replace(acting, valid_to=NOW), giver=director)
    assert given(replace(acting, valid_to=NOW)) == {"GIVER_STANDS_NOT_ABOVE"}


def test_r60_a_lent_right_is_not_lent_on() -> None:
    borrower = person(lent(person="giver", granted_by="other", role="AC_N", on_behalf_of="GD"))

    assert "GIVER_NOT_APPOINTED" in given(lent(), giver=borrower)


def test_r63_a_right_is_lent_only_to_somebody_appointed_to_the_role_that_the_row_names() -> None:
    outsider = person(held("EC_N", "receiver", frozenset({"NTS"})), name="receiver")

    assert given(lent(), holder=outsider) == {"RECEIVER_NOT_APPOINTED"}


@pytest.mark.parametrize(
    ("giver", "role", "may"),
    [
        (held("AC_N"), "EC_N", True),
        (held("AC_N"), "INSP", True),
        (held("AC_N"), "PL", True),
        (held("AC_N"), "AC_N", False),
        (held("AC_N"), "AJ", False),
        (held("AC_N"), "PO", False),
        (held("AC_N", case_types=frozenset({"NTS"})), "EC_N", False),
        (held("AC_N", kind=GrantKind.SUB_DELEGATION), "EC_N", False),
        (held("EC_N"), "INSP", False),
        (held("CJ", case_types=None), "AJ", True),
        (held("CJ", case_types=None), "BCJ", True),
        (held("CJ", case_types=None), "INSP", False),
        (held("CJ", case_types=None), "EXP", False),
        (held("BCJ", case_types=None), "AJ", False),
        (held("TCL", case_types=None), "TL", True),
        (held("TL", case_types=None), "TL", False),
        (held("GD", case_types=None), "AC_N", True),
        (held("GD", case_types=None), "PO", True),
        (held("GD", case_types=None), "STF", True),
        (held("GD", case_types=None), "GD", False),
        (held("STF", case_types=None), "AC_N", False),
        (held("STF", case_types=None, kind=GrantKind.SUBSTITUTION), "AC_N", True),
        (held("XX"), "EC_N", False),
    ],
)
def test_a_head_appoints_those_below_in_the_own_chain_and_case_types(giver: Grant, role: str, may: bool) -> None:
    asked = held(role, "receiver", granted_by="giver")

    assert appointing.appoints(giver, asked, shipped()) is may
    assert (given(asked, giver=person(giver)) == set()) is may


def test_an_appointment_to_a_role_that_the_order_does_not_know_is_barred() -> None:
    assert given(held("XX", "receiver", granted_by="giver")) == {"UNKNOWN_ROLE"}
    assert not appointing.appoints(held("AC_N"), held("XX", "receiver"), shipped())


def test_a_grant_for_every_case_type_is_given_only_by_one_who_holds_every() -> None:
    assert "GIVER_STANDS_NOT_ABOVE" in given(held("EC_N", "receiver", None, granted_by="giver"))


def test_r28_whoever_gave_a_right_revokes_it_and_so_does_whoever_stands_above() -> None:
    def bar(by: Actor, grant: Grant) -> Bar | None:
        return appointing.revoke_bar(grant, by=by, order=shipped())

    director = person(held("GD", "gd", None), name="gd")
    other_head = person(held("AC_N", "other"), name="other")
    assert bar(HEAD, lent()) is None
    assert bar(director, lent()) is None
    refused = bar(other_head, lent())
    assert refused is not None
    assert (refused.code, refused.rule_id) == ("REVOKER_STANDS_NOT_ABOVE", "R-28")
    assert bar(other_head, held("EC_N", "receiver")) is None
    assert bar(RECEIVER, lent()) is not None
    assert bar(person(), lent()) is not None


def test_what_may_be_lent_is_read_from_the_order() -> None:
    rows = list(appointing.lendable(shipped(), held("AC_N")))

    assert ("DO-036", "EC_N", "ETV", "AC_N") in {(row.rule, row.role, row.case_type, row.on_behalf_of) for row in rows}
    assert {row.case_type for row in rows} == {"ETV"}
    assert all(row.title for row in rows)
    assert len({(row.rule, row.role, row.case_type) for row in rows}) == len(rows)
    assert not list(appointing.lendable(shipped(), held("AC_N", kind=GrantKind.SUB_DELEGATION)))
    assert not list(appointing.lendable(shipped(), held("XX")))

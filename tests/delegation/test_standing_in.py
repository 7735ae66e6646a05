"""A substitute works by rights of their own; standing in gives none but the deputy's (R-56, R-57, R-64)."""

from __future__ import annotations

import pytest

from delegation import standing_in
from delegation.types import Act, Actor, GrantKind
from tests.delegation.authority import shipped
from tests.delegation.test_appointing import HEAD, RECEIVER, held, person

NTS = frozenset({"NTS"})


def substitute(actor: Actor, absent: Actor = RECEIVER) -> str | None:
    bar = standing_in.substitute_bar(actor, absent=absent, order=shipped())
    return bar.code if bar else None


def test_r57_a_substitute_holds_the_same_or_a_higher_role_in_the_same_case_type() -> None:
    assert substitute(person(held("EC_N"))) is None
    assert substitute(HEAD) is None
    assert substitute(person(held("INSP"))) == "SUBSTITUTE_LACKS_GRANT"
    assert substitute(person(held("EC_N", case_types=NTS))) == "SUBSTITUTE_LACKS_GRANT"
    assert substitute(person(held("EC_N", kind=GrantKind.SUB_DELEGATION))) == "SUBSTITUTE_LACKS_GRANT"
    assert substitute(person()) == "SUBSTITUTE_LACKS_GRANT"
    assert substitute(person(held("XX"))) == "SUBSTITUTE_LACKS_GRANT"


def test_r57_being_the_line_manager_is_not_enough() -> None:
    assert substitute(person(held("EC"))) == "SUBSTITUTE_LACKS_GRANT"


def test_r64_a_second_account_of_the_same_person_is_no_substitute() -> None:
    assert substitute(RECEIVER) == "OWN_SUBSTITUTE"


def test_the_deputy_stands_in_for_the_director_general() -> None:
    director = person(held("GD", "gd", None), name="gd")
    deputy = person(held("STF", "stf", None), name="stf")

    assert substitute(deputy, director) is None
    assert standing_in.serves_as_director(deputy, absent=director)
    assert not standing_in.serves_as_director(deputy, absent=HEAD)
    assert substitute(HEAD, director) == "SUBSTITUTE_LACKS_GRANT"


def test_r56_an_absence_is_registered_by_oneself_or_by_whoever_appoints_one() -> None:
    def bar(by: Actor) -> str | None:
        found = standing_in.arrange_bar(RECEIVER, by=by, order=shipped())
        return found.code if found else None

    assert bar(RECEIVER) is None
    assert bar(HEAD) is None
    assert bar(person(held("EC_N"))) == "NOT_OWN_ABSENCE"


@pytest.mark.parametrize(
    ("away", "named", "act", "prepared", "code"),
    [
        (True, True, Act.DECIDE, False, None),
        (True, True, Act.PREPARE, True, None),
        (False, True, Act.DECIDE, False, "HOLDER_NOT_AWAY"),
        (True, False, Act.DECIDE, False, "NOT_THE_SUBSTITUTE"),
        (True, True, Act.DECIDE, True, "SUBSTITUTE_PREPARED"),
        (True, True, Act.REVIEW, True, "SUBSTITUTE_PREPARED"),
        (True, True, Act.CONSULT, True, "SUBSTITUTE_PREPARED"),
        (True, True, Act.ANSWER, True, "SUBSTITUTE_PREPARED"),
    ],
)
def test_r56_r57_who_takes_over_an_absent_persons_work(
    away: bool, named: bool, act: Act, prepared: bool, code: str | None
) -> None:
    bar = standing_in.take_over_bar(
        taker="b",
        holder_is_away=away,
        substitutes=frozenset({"b"} if named else {"c"}),
        act=act,
        prepared_by=frozenset({"b"} if prepared else ()),
    )

    assert (bar.code if bar else None) == code

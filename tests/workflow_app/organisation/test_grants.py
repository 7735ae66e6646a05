"""Rights exist only through grants, and a grant holds from one exact moment to another."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from delegation.types import GrantKind
from workflow_app.organisation import selectors, services
from workflow_app.organisation.errors import GrantRefused, UnknownPerson
from workflow_app.organisation.models import Account, DelegationGrant, Person

pytestmark = pytest.mark.django_db

BEGINNING = datetime(2026, 1, 1, 8, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def _person(code: str) -> Person:
    return Person.objects.create(code=code, display_name=code, email=f"{code}@demo.invalid")


@pytest.fixture
def director() -> Person:
    return _person("GD")


@pytest.fixture
def head_of_department(director: Person) -> Person:
    """A head of department, appointed for own-initiative supervision."""
    person = _person("AC-A")
    _give(person, director, role="AC_N", valid_from=BEGINNING - timedelta(days=1))
    return person


@pytest.fixture
def head_of_unit() -> Person:
    return _person("EC-01")


def _give(person: Person, by: Person, **changes: Any) -> DelegationGrant:
    given = {"role": "EC_N", "case_type": "ETV", "valid_from": BEGINNING, "at": BEGINNING, **changes}
    return services.give_grant(person=person, granted_by=by, **given)


def _lend(person: Person, by: Person, **changes: Any) -> DelegationGrant:
    lent = {"kind": GrantKind.SUB_DELEGATION, "rules": ("DO-036",), "on_behalf_of": "AC_N"}
    return _give(person, by, **{**lent, "valid_to": BEGINNING + timedelta(days=364), **changes})


def _roles(person: Person, at: datetime) -> list[str]:
    return [grant.role for grant in selectors.actor_at(person.pk, at).grants]


def test_a_person_without_grants_may_do_nothing(head_of_unit: Person) -> None:
    assert selectors.actor_at(head_of_unit.pk, BEGINNING).grants == ()


def test_a_grant_holds_from_its_first_moment_until_just_before_its_last(head_of_unit: Person, director: Person) -> None:
    end = BEGINNING + timedelta(days=1)

    _give(head_of_unit, director, valid_to=end)

    assert _roles(head_of_unit, BEGINNING - TICK) == []
    assert _roles(head_of_unit, BEGINNING) == ["EC_N"]
    assert _roles(head_of_unit, end - TICK) == ["EC_N"]
    assert _roles(head_of_unit, end) == []


def test_locking_the_grants_reads_the_same_as_reading_them(head_of_unit: Person, director: Person) -> None:
    _give(head_of_unit, director, valid_to=BEGINNING + timedelta(days=1))

    for at in (BEGINNING - TICK, BEGINNING, BEGINNING + timedelta(days=1)):
        with transaction.atomic():
            assert selectors.actor_locked(head_of_unit.pk, at) == selectors.actor_at(head_of_unit.pk, at)


def test_the_same_second_reads_the_same_in_every_time_zone(head_of_unit: Person, director: Person) -> None:
    from workflow_app.calendar.working_days import STOCKHOLM

    _give(head_of_unit, director)

    assert _roles(head_of_unit, BEGINNING.astimezone(STOCKHOLM)) == ["EC_N"]
    assert _roles(head_of_unit, (BEGINNING - TICK).astimezone(STOCKHOLM)) == []


def test_r_28_a_revoked_grant_is_gone_the_same_moment(head_of_unit: Person, director: Person) -> None:
    grant = _give(head_of_unit, director)
    at = BEGINNING + timedelta(days=10)

    services.revoke_grant(grant=grant.pk, at=at)

    assert _roles(head_of_unit, at - TICK) == ["EC_N"]
    assert _roles(head_of_unit, at) == []


def test_a_grant_revoked_before_it_began_never_holds(head_of_unit: Person, director: Person) -> None:
    grant = _give(head_of_unit, director)

    services.revoke_grant(grant=grant.pk, at=BEGINNING - timedelta(days=5))

    assert _roles(head_of_unit, BEGINNING) == []


def test_a_grant_is_revoked_once(head_of_unit: Person, director: Person) -> None:
    grant = _give(head_of_unit, director)
    services.revoke_grant(grant=grant.pk, at=BEGINNING)

    with pytest.raises(GrantRefused, match="there is nothing to revoke"):
        services.revoke_grant(grant=grant.pk, at=BEGINNING + timedelta(days=1))
    grant.refresh_from_db()
    assert grant.valid_to == BEGINNING


def test_an_unknown_grant_is_refused_in_words() -> None:
    with pytest.raises(GrantRefused, match="no grant has the id"):
        services.revoke_grant(grant=uuid.uuid4(), at=BEGINNING)


@pytest.mark.parametrize("kind", list(GrantKind))
def test_nobody_gives_a_right_to_themselves(head_of_department: Person, kind: GrantKind) -> None:
    with pytest.raises(GrantRefused, match="themselves"):
        _lend(head_of_department, head_of_department, kind=kind)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"case_type": "XYZ"}, "no case type is called `XYZ`"),
        ({"case_type": "OST"}, "no case type is called"),
        ({"valid_to": BEGINNING}, "before it begins"),
        ({"valid_to": BEGINNING - timedelta(days=1)}, "before it begins"),
    ],
)
def test_a_grant_that_makes_no_sense_is_refused_in_words(
    head_of_unit: Person, director: Person, changes: dict[str, Any], says: str
) -> None:
    with pytest.raises(GrantRefused, match=says):
        _give(head_of_unit, director, **changes)
    assert not DelegationGrant.objects.exists()


def test_r_59_a_sub_delegation_of_exactly_twelve_months_is_given_and_ends_by_itself(
    head_of_unit: Person, head_of_department: Person
) -> None:
    end = BEGINNING.replace(year=2027)

    _lend(head_of_unit, head_of_department, valid_to=end)

    assert _roles(head_of_unit, end - TICK) == ["EC_N"]
    assert _roles(head_of_unit, end) == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"valid_to": BEGINNING + timedelta(days=366, seconds=1)}, "at most twelve months"),
        ({"valid_to": None}, "has an end"),
        ({"rules": ()}, "names its rows"),
        ({"on_behalf_of": ""}, "is not appointed"),
        ({"on_behalf_of": "GD"}, "is not appointed"),
        ({"case_type": "NTS"}, "is not appointed `AC_N` for NTS"),
    ],
)
def test_r_59_a_sub_delegation_that_breaks_the_general_provisions_is_refused(
    head_of_unit: Person, head_of_department: Person, changes: dict[str, Any], says: str
) -> None:
    with pytest.raises(GrantRefused, match=says):
        _lend(head_of_unit, head_of_department, **changes)
    assert not DelegationGrant.objects.filter(person=head_of_unit).exists()


def test_r_60_a_sub_delegated_person_cannot_sub_delegate(head_of_unit: Person, head_of_department: Person) -> None:
    _lend(head_of_unit, head_of_department)

    with pytest.raises(GrantRefused, match="cannot be lent on"):
        _lend(_person("EC-02"), head_of_unit)


def test_r_60_nor_once_the_appointment_behind_it_has_ended(head_of_unit: Person, head_of_department: Person) -> None:
    held = DelegationGrant.objects.get(person=head_of_department)
    services.revoke_grant(grant=held.pk, at=BEGINNING)

    with pytest.raises(GrantRefused, match="is not appointed"):
        _lend(head_of_unit, head_of_department)


def test_a_lent_right_without_an_end_is_refused_by_the_database_too(
    head_of_unit: Person, head_of_department: Person
) -> None:
    with pytest.raises(IntegrityError, match="a_lent_right_has_an_end"), transaction.atomic():
        DelegationGrant.objects.create(
            person=head_of_unit,
            role="EC_N",
            case_type="ETV",
            kind=GrantKind.SUB_DELEGATION.value,
            granted_by=head_of_department,
            valid_from=BEGINNING,
            given_at=BEGINNING,
        )


def test_a_substitute_sees_the_others_work_in_the_period_and_gets_no_right_by_it(
    head_of_unit: Person, director: Person
) -> None:
    substitute, end = _person("EC-02"), BEGINNING + timedelta(days=7)

    services.appoint_substitute(absent=head_of_unit, substitute=substitute, valid_from=BEGINNING, valid_to=end)

    assert selectors.stands_in_for(substitute.pk, BEGINNING - TICK) == []
    assert selectors.stands_in_for(substitute.pk, BEGINNING) == [head_of_unit.pk]
    assert selectors.stands_in_for(substitute.pk, end) == []
    assert selectors.stands_in_for(head_of_unit.pk, BEGINNING) == []
    assert _roles(substitute, BEGINNING) == []


def test_nobody_is_their_own_substitute(head_of_unit: Person) -> None:
    with pytest.raises(GrantRefused, match="their own substitute"):
        services.appoint_substitute(
            absent=head_of_unit,
            substitute=head_of_unit,
            valid_from=BEGINNING,
            valid_to=BEGINNING + timedelta(days=1),
        )


def test_an_absence_is_half_open(head_of_unit: Person) -> None:
    end = BEGINNING + timedelta(days=1)

    services.register_absence(person=head_of_unit, valid_from=BEGINNING, valid_to=end)

    moments = (BEGINNING - TICK, BEGINNING, end - TICK, end)
    assert [selectors.is_absent(head_of_unit.pk, at) for at in moments] == [False, True, True, False]


def test_accounts_are_ways_in_and_the_person_is_who_acts(head_of_unit: Person) -> None:
    Account.objects.create_user("first", head_of_unit)
    Account.objects.create_user("second", head_of_unit)

    assert selectors.person_by_login("first") == selectors.person_by_login("second")


def test_an_account_without_a_password_lets_nobody_in(head_of_unit: Person) -> None:
    account = Account.objects.create_user("first", head_of_unit)

    assert not account.has_usable_password()


@pytest.mark.parametrize("unknown", ["no-uuid", "00000000-0000-0000-0000-000000000000"])
def test_an_unknown_person_is_refused_in_words(unknown: str) -> None:
    with pytest.raises(UnknownPerson, match="no person has the id"):
        selectors.person(unknown)
    with pytest.raises(UnknownPerson, match="no account is called"):
        selectors.person_by_login(unknown)

"""The demo authority is the one that the domain describes, and always the same."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from workflow_app.organisation import demo, selectors
from workflow_app.organisation.models import Account, DelegationGrant, Department, LinePost, Person

pytestmark = pytest.mark.django_db

BEGINNING = datetime(2023, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _authority() -> None:
    demo.build(valid_from=BEGINNING, at=NOW)


def _appointed(role: str) -> Counter[str]:
    return Counter(DelegationGrant.objects.filter(role=role, kind="APPOINTMENT").values_list("case_type", flat=True))


def test_it_has_about_780_persons() -> None:
    assert 770 <= Person.objects.count() <= 790


def test_its_433_inspectors_sit_in_six_departments() -> None:
    posts = LinePost.objects.filter(person__code__startswith="INSP-")

    assert Counter(posts.values_list("department__code", flat=True)) == {
        "A": 78,
        "B": 84,
        "C": 76,
        "D": 52,
        "E": 62,
        "F": 81,
    }


@pytest.mark.parametrize(
    ("role", "per_case_type"),
    [
        ("EC_N", {"ETV": 8, "NTS": 6, "FTB": 6, "EVB": 3, "EKP": 6, "TLP": 5, "LMA": 3, "LSA": 2, "UPPL": 2}),
        ("INSP", {"ETV": 92, "NTS": 60, "FTB": 84, "EKP": 68, "TLP": 44, "EVB": 26, "LMA": 24, "LSA": 18, "UPPL": 17}),
        ("AC_N", dict.fromkeys(("ETV", "NTS", "FTB", "EVB", "EKP", "TLP", "LMA", "LSA", "UPPL"), 1)),
        ("AC_T", {"TIL": 1}),
        ("EC_T", {"TIL": 5}),
    ],
)
def test_appointments_are_made_per_case_type(role: str, per_case_type: dict[str, int]) -> None:
    assert _appointed(role) == per_case_type


@pytest.mark.parametrize(
    ("role", "number"),
    [
        ("GD", 1),
        ("STF", 1),
        ("AC_N", 6),
        ("AC_T", 1),
        ("EC_N", 41),
        ("INSP", 433),
        ("HL", 70),
        ("AJ", 20),
        ("BCJ", 5),
        ("CJ", 1),
        ("TL", 20),
        ("TCL", 1),
        ("UPPL", 28),
        ("REG", 22),
        ("IR", 2),
        ("PL", 4),
        ("TLED", 6),
    ],
)
def test_it_has_as_many_of_each_role_as_the_domain_says(role: str, number: int) -> None:
    assert DelegationGrant.objects.filter(role=role, kind="APPOINTMENT").values("person").distinct().count() == number


def test_every_case_type_has_a_department_jurist() -> None:
    supervised = {case_type for owned in demo.NATIONAL_OWNERS.values() for case_type in owned}

    assert supervised | {"TIL", "UTL"} <= set(_appointed("AJ"))


def test_every_case_type_has_inspectors_from_all_six_departments() -> None:
    for case_type in demo.INSPECTORS:
        grants = DelegationGrant.objects.filter(role="INSP", case_type=case_type)
        departments = set(grants.values_list("person__line_posts__department__code", flat=True))
        assert departments == set(demo.SUPERVISION), case_type


def test_one_head_of_unit_of_the_line_has_no_appointment_and_so_no_right() -> None:
    person = Person.objects.get(code="EC-42")

    assert LinePost.objects.filter(person=person).exists()
    assert selectors.actor_at(person.pk, NOW).grants == ()


def test_its_one_sub_delegation_lasts_less_than_a_year() -> None:
    lent = DelegationGrant.objects.get(kind="SUB_DELEGATION")

    assert (lent.person.code, lent.rules, lent.on_behalf_of, lent.granted_by.code) == (
        "EC-01",
        "DO-036",
        "AC_N",
        "AC-A",
    )
    assert lent.valid_to is not None
    assert lent.valid_to - lent.valid_from < timedelta(days=366)


def test_nobody_but_the_director_general_was_appointed_by_themselves() -> None:
    own = [grant.person.code for grant in DelegationGrant.objects.all() if grant.person_id == grant.granted_by_id]

    assert set(own) <= {"GD", "CJ", "AC-T"}


def test_everyone_who_logs_in_is_a_person_of_the_authority_without_technical_rights() -> None:
    assert set(Account.objects.values_list("username", flat=True)) == set(demo.LOGINS)
    assert not Account.objects.filter(is_superuser=True).exists()
    assert not Account.objects.filter(is_staff=True).exists()


def test_the_same_call_makes_the_same_persons() -> None:
    ids = set(Person.objects.values_list("pk", flat=True))

    assert ids == {demo.person_id(code) for code in Person.objects.values_list("code", flat=True)}
    assert {person_id.version for person_id in ids} == {5}


def test_making_it_twice_changes_nothing() -> None:
    before = (Person.objects.count(), DelegationGrant.objects.count(), Account.objects.count())

    again = demo.build(valid_from=NOW, at=NOW)

    assert again == before[0]
    assert (Person.objects.count(), DelegationGrant.objects.count(), Account.objects.count()) == before


def test_nobody_in_it_has_a_real_name_or_a_personal_number() -> None:
    roles = r"(Generaldirektör|Ställföreträdande generaldirektör|Avdelningschef|Enhetschef|Inspektör|Handläggare"
    roles += r"|Avdelningsjurist|Biträdande chefsjurist|Chefsjurist|Tillsynsläkare|Tillsynschefläkare|Registrator"
    roles += r"|Processägare|Projektledare|Tillsynsledare|Delegationsredaktör|Internrevisor|Medarbetare)"
    for person in Person.objects.all():
        assert re.match(roles, person.display_name), person.display_name
        assert person.email.endswith("@demo.invalid")
        for text in (person.code, person.display_name, person.email):
            assert not re.search(r"\d{6}[-+]?\d{4}", text)


def test_departments_are_named_without_places() -> None:
    names = Department.objects.values_list("name", flat=True)

    assert not re.search("Stockholm|Umeå|Örebro|Malmö|Göteborg|Jönköping|län|region", " ".join(names), re.IGNORECASE)

"""A declared circumstance on its pages: who declares, who advises, who rules, and what everybody else is told."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.workflow_app.office import Office
from tests.workflow_app.web.browsing import hidden, logged_in, new_key
from workflow_app.cases.facts import Standing
from workflow_app.cases.models import Case, Decision
from workflow_app.cases.services import conflicts

pytestmark = pytest.mark.django_db

OPINION = "Närstående är anställd hos utföraren."


@pytest.fixture
def case(office: Office) -> Case:
    """A case in which the reviewing inspector has declared a circumstance."""
    case = office.to_review()
    conflicts.declare(case=case.pk, by=office.person("insp_018"), circumstance=True, key=office.key(), at=office.tick())
    return case


def advise(case: Case, by: str = "aj_09", opinion: str = OPINION) -> int:
    sent = {"key": new_key(), "opinion": opinion}
    return logged_in(by).post(f"/cases/{case.pk}/conflict/advice/", sent).status_code


def rule(client: Client, case: Case, **more: str) -> tuple[int, str]:
    sent = {
        "key": new_key(),
        "ruling": "NO_CONFLICT",
        "ground": "OTHER",
        "reasons": "Uppenbart utan betydelse.",
        **more,
    }
    answer = client.post(f"/cases/{case.pk}/conflict/ruling/", sent)
    return answer.status_code, answer.content.decode()


def standing(case: Case) -> Standing:
    return Standing.loads(Case.objects.get(pk=case.pk).standing)


def test_a_case_says_that_a_circumstance_is_declared_and_leads_to_the_ruling(office: Office, case: Case) -> None:
    page = logged_in("insp_017").get(f"/cases/{case.pk}/").content.decode()

    assert 'id="conflict"' in page
    assert "Inspektör 018" in page
    assert f'href="/cases/{case.pk}/conflict/"' in page


def test_a_case_without_a_circumstance_says_nothing_of_one(office: Office) -> None:
    case = office.to_review()

    page = logged_in("insp_017").get(f"/cases/{case.pk}/").content.decode()

    assert 'id="conflict"' not in page
    assert f'href="/cases/{case.pk}/circumstance/"' in page


def test_whoever_has_declared_a_circumstance_reads_nothing_about_it(office: Office, case: Case) -> None:
    declared = logged_in("insp_018")

    assert declared.get(f"/cases/{case.pk}/conflict/").status_code == 404
    assert rule(declared, case)[0] == 404


def test_a_circumstance_is_declared_from_the_case_after_a_page_that_says_what_follows(office: Office) -> None:
    case = office.to_review()
    client = logged_in("insp_017")
    page = client.get(f"/cases/{case.pk}/circumstance/")

    answer = client.post(f"/cases/{case.pk}/circumstance/", {"key": hidden(page, "key")})

    assert "Ärendet är då stängt för dig" in page.content.decode()
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert standing(case).unruled == {str(office.person("insp_017"))}


def test_who_knows_of_no_circumstance_declares_that_from_the_case(office: Office) -> None:
    case = office.to_review()

    answer = logged_in("insp_019").post(
        f"/cases/{case.pk}/circumstance/", {"key": new_key(), "declares": "no_circumstance"}
    )

    assert answer["Location"] == f"/cases/{case.pk}/"
    assert str(office.person("insp_019")) in standing(case).cleared


def test_an_inspector_is_told_why_not_and_who_may(office: Office, case: Case) -> None:
    page = logged_in("insp_017").get(f"/cases/{case.pk}/conflict/").content.decode()

    assert "Du får inte besluta enligt DO-004, därför att:" in page
    assert "Avdelningsjurist 09" in page
    assert "Enhetschef" in page
    assert "<textarea" not in page


def test_the_ruling_waits_for_the_jurist(office: Office, case: Case) -> None:
    status, page = rule(logged_in("ecn_etv_01"), case)

    assert status == 403
    assert "Raden kräver yttrande av avdelningsjurist" in page
    assert "Uppenbart utan betydelse." in page
    assert standing(case).unruled


def test_a_jurist_advises_and_a_head_of_unit_rules(office: Office, case: Case) -> None:
    assert advise(case) == 302
    head = logged_in("ecn_etv_01")
    before = head.get(f"/cases/{case.pk}/conflict/").content.decode()

    status, _ = rule(head, case)

    assert OPINION in before
    assert "Du får besluta enligt DO-004, eftersom:" in before
    assert status == 302
    assert not standing(case).disqualified
    assert Decision.objects.get(case=case).rule == "DO-004"


def test_a_ruling_of_conflict_stays_on_the_case(office: Office, case: Case) -> None:
    advise(case)
    rule(logged_in("ecn_etv_01"), case, ruling="CONFLICT", reasons="16 § första stycket 1.")

    page = logged_in("insp_017").get(f"/cases/{case.pk}/").content.decode()

    assert "Prövade som jäviga" in page
    assert f'href="/cases/{case.pk}/conflict/"' not in page
    assert logged_in("insp_018").get(f"/cases/{case.pk}/").status_code == 404


def test_the_opinion_is_read_only_by_those_who_advise_or_rule(office: Office, case: Case) -> None:
    advise(case)
    inspector = logged_in("insp_017")

    assert OPINION not in inspector.get(f"/cases/{case.pk}/conflict/").content.decode()
    assert OPINION not in inspector.get(f"/cases/{case.pk}/").content.decode()


def test_a_ruling_without_an_answer_or_reasons_is_told_at_each(office: Office, case: Case) -> None:
    advise(case)

    status, page = rule(logged_in("ecn_etv_01"), case, ruling="", reasons="")

    assert status == 422
    assert 'href="#id_ruling_ruling_0"' in page
    assert 'href="#id_ruling_reasons"' in page


def test_a_second_ruling_on_the_same_circumstance_comes_too_late(office: Office, case: Case) -> None:
    advise(case)
    rule(logged_in("ecn_etv_01"), case)

    status, page = rule(logged_in("ecn_etv_01"), case)

    assert status == 409
    assert "Ingen omständighet väntar på prövning" in page
    assert Decision.objects.filter(case=case).count() == 1


def test_the_same_ruling_sent_twice_is_one_ruling(office: Office, case: Case) -> None:
    advise(case)
    head, key = logged_in("ecn_etv_01"), new_key()

    assert [rule(head, case, key=key)[0] for _ in range(2)] == [302, 302]
    assert Decision.objects.filter(case=case).count() == 1

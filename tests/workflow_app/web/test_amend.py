"""The proposal in force is amended from the case's page, and what was said of the version before is void."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.workflow_app.office import Office
from tests.workflow_app.web.browsing import hidden, logged_in, new_key, written
from workflow_app.cases.models import Case, Proposal
from workflow_app.cases.services import proposing

pytestmark = pytest.mark.django_db

NEW = "Nya skäl efter ett samtal."


@pytest.fixture
def case(office: Office) -> Case:
    return office.to_review()


def fields(office: Office, **more: Any) -> dict[str, Any]:
    return office.form("write_proposal") | {"decision_type": "OPEN_SUPERVISION", "reasons": NEW, **more}


def send(client: Client, case: Case, values: dict[str, Any], **more: str) -> HttpResponse:
    address = f"/cases/{case.pk}/proposal/"
    page = client.get(address)
    sent = {"key": hidden(page, "key"), "revision": hidden(page, "revision"), **written(values), **more}
    return client.post(address, sent)


def versions(case: Case) -> list[int]:
    return sorted(Proposal.objects.filter(case=case).values_list("version", flat=True))


def test_who_may_prepare_amends_the_proposal_from_the_case(office: Office, case: Case) -> None:
    client = logged_in("insp_017")

    answer = send(client, case, fields(office))

    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert (answer.status_code, answer["Location"]) == (302, f"/cases/{case.pk}/")
    assert versions(case) == [1, 2]
    assert NEW in page
    assert f'href="/cases/{case.pk}/proposal/"' in page


def test_the_page_starts_from_the_proposal_in_force(office: Office, case: Case) -> None:
    page = logged_in("insp_017").get(f"/cases/{case.pk}/proposal/").content.decode()

    assert office.form("write_proposal")["reasons"][:30] in page


def test_the_page_names_every_review_that_becomes_void(office: Office, case: Case) -> None:
    office.do(case, "insp_018", "review_proposal")

    page = logged_in("insp_017").get(f"/cases/{case.pk}/proposal/").content.decode()

    assert "slutar då gälla (R-22)" in page
    assert "Inspektör 018" in page


def test_a_review_on_the_version_before_no_longer_counts(office: Office) -> None:
    case = office.to_decision()
    send(logged_in("insp_017"), case, fields(office))
    item = office.item(case, "decide")

    page = logged_in("acn_etv").get(f"/items/{item.pk}/").content.decode()

    assert "Förslaget ändrades efter granskningen" in page


def test_an_edit_of_an_older_version_shows_both_texts_and_changes_nothing(office: Office, case: Case) -> None:
    client = logged_in("insp_017")
    page = client.get(f"/cases/{case.pk}/proposal/")
    proposing.amend(
        case=case.pk,
        by=office.person("insp_017"),
        fields=fields(office, reasons="Skäl som kom emellan."),
        seen_hash=hidden(page, "revision"),
        key=office.key(),
        at=office.tick(),
    )

    answer = client.post(
        f"/cases/{case.pk}/proposal/",
        {"key": hidden(page, "key"), "revision": hidden(page, "revision"), **written(fields(office))},
    )
    shown = answer.content.decode()

    assert answer.status_code == 409
    assert "Ärendet ändrades medan du skrev" in shown
    assert NEW in shown
    assert "Skäl som kom emellan." in shown
    assert versions(case) == [1, 2]

    again = {"key": hidden(answer, "key"), "revision": hidden(answer, "revision"), **written(fields(office))}
    assert client.post(f"/cases/{case.pk}/proposal/", again).status_code == 302
    assert versions(case) == [1, 2, 3]


def test_an_auditor_is_told_why_not_on_the_case_and_who_may_on_the_page(office: Office, case: Case) -> None:
    auditor = logged_in("ir_01")

    page = auditor.get(f"/cases/{case.pk}/").content.decode()
    told = auditor.get(f"/cases/{case.pk}/proposal/").content.decode()

    assert "Du kan inte ändra förslaget" in page
    assert "Inspektör" in told
    assert 'name="reasons"' not in told


def test_an_amendment_by_who_may_not_is_refused_with_reasons(office: Office, case: Case) -> None:
    revision = hidden(logged_in("insp_017").get(f"/cases/{case.pk}/proposal/"), "revision")

    answer = logged_in("ir_01").post(
        f"/cases/{case.pk}/proposal/", {"key": new_key(), "revision": revision, **written(fields(office))}
    )

    assert answer.status_code == 403
    assert NEW in answer.content.decode()
    assert versions(case) == [1]


def test_a_jurist_does_not_rewrite_the_inspectors_proposal(office: Office, case: Case) -> None:
    office.claim(office.item(case, "give_legal_opinion"), "aj_09")

    told = logged_in("aj_09").get(f"/cases/{case.pk}/proposal/").content.decode()

    assert "Steget kräver inspektör, handläggare; du är avdelningsjurist." in told
    assert 'name="reasons"' not in told


def test_a_text_that_cannot_be_kept_is_told_at_its_field(office: Office, case: Case) -> None:
    answer = send(logged_in("insp_017"), case, fields(office, reasons="Före\x00efter."))

    assert answer.status_code == 422
    assert 'href="#id_reasons"' in answer.content.decode()
    assert versions(case) == [1]


def test_a_field_that_the_form_does_not_have_changes_nothing(office: Office, case: Case) -> None:
    answer = send(logged_in("insp_017"), case, fields(office), lowest_role="INSP")

    assert answer.status_code == 400
    assert versions(case) == [1]


def test_a_decided_proposal_can_no_longer_be_amended(office: Office) -> None:
    case = office.to_dispatch()
    client = logged_in("insp_017")

    page = client.get(f"/cases/{case.pk}/").content.decode()
    answer = client.get(f"/cases/{case.pk}/proposal/")

    assert "kan inte längre ändras" in page
    assert answer.status_code == 409
    assert "Det finns inget förslag att ändra" in answer.content.decode()


def test_only_what_an_answer_changes_is_drawn_anew(office: Office, case: Case) -> None:
    client = logged_in("insp_017")

    answer = client.post(f"/cases/{case.pk}/proposal/preview/", {"decision_type": "INJUNCTION_FINE", "shown": ""})

    assert answer.status_code == 200
    assert 'hx-swap-oob="true"' in answer.content.decode()
    assert versions(case) == [1]

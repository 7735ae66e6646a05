"""A case's letters on its page, and each as a PDF that the browser shows and nothing else."""

from __future__ import annotations

import io
import uuid

import pytest
from django.test import Client
from pypdf import PdfReader

from tests.workflow_app.office import Office
from tests.workflow_app.web.browsing import logged_in
from workflow_app.cases.models import LetterRequest
from workflow_app.letters import services
from workflow_app.letters.models import Letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(office: Office) -> LetterRequest:
    """The letter of a decision that has been dispatched, not made yet."""
    case = office.to_dispatch()
    office.do(case, "insp_017", "ask_for_dissent")
    office.do(case, "reg_05", "dispatch_decision")
    return LetterRequest.objects.get(case=case)


@pytest.fixture
def letter(office: Office, asked: LetterRequest) -> Letter:
    services.send(request=asked.pk, at=office.tick())
    return Letter.objects.get()


def test_the_case_shows_a_letter_that_is_on_its_way(asked: LetterRequest) -> None:
    page = logged_in("insp_017").get(f"/cases/{asked.case_id}/").content.decode()

    assert "Beslutsbrev" in page
    assert "På väg ut" in page


def test_the_case_leads_to_its_letters(letter: Letter) -> None:
    page = logged_in("insp_017").get(f"/cases/{letter.request.case_id}/").content.decode()

    assert f'href="/letters/{letter.pk}/"' in page
    assert "Överlämnat till registrator" in page


def test_a_letter_is_shown_as_the_pdf_it_is(letter: Letter) -> None:
    answer = logged_in("insp_017").get(f"/letters/{letter.pk}/")

    assert answer.content == bytes(letter.pdf)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="DVO_2026-000001-decision.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]


def test_a_letter_is_not_shown_to_whom_the_case_is_closed_to(letter: Letter) -> None:
    assert logged_in("hl_til_11").get(f"/letters/{letter.pk}/").status_code == 404
    assert logged_in("insp_017").get(f"/letters/{uuid.uuid4()}/").status_code == 404


def test_a_letter_is_shown_to_nobody_who_has_not_logged_in(letter: Letter) -> None:
    answer = Client().get(f"/letters/{letter.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/login/?next=/letters/{letter.pk}/")


def test_who_decides_sees_the_proposal_as_the_letter_it_would_become(office: Office) -> None:
    case = office.to_decision()
    item = office.item(case, "decide")
    client = logged_in("acn_etv")

    assert f'href="/cases/{case.pk}/letter-preview/"' in client.get(f"/items/{item.pk}/").content.decode()
    answer = client.get(f"/cases/{case.pk}/letter-preview/")

    text = " ".join(PdfReader(io.BytesIO(answer.content)).pages[0].extract_text().split())
    assert "UTKAST, inte beslutat" in text
    assert "DVO:s beslut: inleda tillsyn av verksamhet." in text
    assert Letter.objects.count() == 0


def test_there_is_no_draft_of_what_is_decided_or_not_written(office: Office, asked: LetterRequest) -> None:
    client = logged_in("insp_017")

    assert client.get(f"/cases/{asked.case_id}/letter-preview/").status_code == 409
    assert logged_in("uppl_03").get(f"/cases/{office.open_case().pk}/letter-preview/").status_code == 409


def test_a_draft_is_not_shown_to_whom_the_case_is_closed_to(office: Office) -> None:
    assert logged_in("hl_til_11").get(f"/cases/{office.to_review().pk}/letter-preview/").status_code == 404

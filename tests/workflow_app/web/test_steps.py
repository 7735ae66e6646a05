"""A step's page: what it accepts, and what bad input gets."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.workflow_app.office import Office
from tests.workflow_app.web.browsing import hidden, logged_in, new_key, written
from workflow_app.cases.models import Case, CaseAct, Decision, WorkItem
from workflow_app.cases.services import proposing
from workflow_app.organisation import services as organisation
from workflow_app.organisation.models import DelegationGrant

pytestmark = pytest.mark.django_db


@pytest.fixture
def inspector(office: Office) -> Client:
    return logged_in("insp_017")


@pytest.fixture
def risk(office: Office) -> WorkItem:
    """The first step of a new case, taken by the inspector."""
    case = office.open_case()
    item = office.item(case, "assess_risk")
    office.claim(item, "insp_017")
    return item


def send(client: Client, item: WorkItem, fields: dict[str, Any], **more: str) -> HttpResponse:
    """Fill in the form on the item's page and send it."""
    page = client.get(f"/items/{item.pk}/")
    posted = {"key": hidden(page, "key"), "revision": hidden(page, "revision"), "shown": "", **written(fields), **more}
    return client.post(f"/items/{item.pk}/", posted)


def acts(item: WorkItem) -> int:
    return CaseAct.objects.filter(work_item=item).count()


def test_a_step_is_done_by_sending_its_form(office: Office, inspector: Client, risk: WorkItem) -> None:
    answer = send(inspector, risk, office.form("assess_risk"))

    assert answer.status_code == 302
    assert answer["Location"] == f"/cases/{risk.case_id}/"
    assert acts(risk) == 1


def test_a_double_click_is_one_act(office: Office, inspector: Client, risk: WorkItem) -> None:
    key = new_key()

    answers = [send(inspector, risk, office.form("assess_risk"), key=key) for _ in range(1)]
    answers.append(
        inspector.post(f"/items/{risk.pk}/", {"key": key, "revision": "", **written(office.form("assess_risk"))})
    )

    assert [answer.status_code for answer in answers] == [302, 302]
    assert acts(risk) == 1


def test_an_unknown_field_changes_nothing(office: Office, inspector: Client, risk: WorkItem) -> None:
    answer = send(inspector, risk, office.form("assess_risk"), lowest_role="INSP")

    assert answer.status_code == 400
    assert "Formuläret har inte det fältet" in answer.content.decode()
    assert acts(risk) == 0


@pytest.mark.parametrize(
    ("character", "says"),
    [
        ("\x00", "kan inte användas i text"),
        ("\x1b", "kan inte användas i text"),
        ("\ufffd", "kan inte användas i text"),
        ("\u202e", "ändrar textens riktning"),
    ],
)
def test_text_that_cannot_be_kept_is_answered_at_its_field_and_stays_on_the_page(
    office: Office, inspector: Client, risk: WorkItem, character: str, says: str
) -> None:
    answer = send(inspector, risk, office.form("assess_risk") | {"risk_reasons": f"Före{character}efter."})
    page = answer.content.decode()

    assert answer.status_code == 422
    assert f"Tecken 5 {says}" in page
    assert 'href="#id_risk_reasons"' in page
    assert "efter." in page
    assert acts(risk) == 0


def test_a_lone_surrogate_is_no_text(office: Office, inspector: Client, risk: WorkItem) -> None:
    page = inspector.get(f"/items/{risk.pk}/")
    body = f"key={hidden(page, 'key')}&revision={hidden(page, 'revision')}&risk_reasons=a%ED%A0%80b"

    answer = inspector.post(f"/items/{risk.pk}/", body, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 422
    assert "Tecken 2 kan inte användas i text" in answer.content.decode()


def test_a_field_of_ten_megabytes_is_refused_before_it_is_read(
    office: Office, inspector: Client, risk: WorkItem
) -> None:
    posted = {"key": new_key(), "revision": "", "risk_reasons": "a" * 10_000_000}

    answer = inspector.post(f"/items/{risk.pk}/", posted)

    assert answer.status_code == 413
    assert "Formuläret är för stort" in answer.content.decode()
    assert acts(risk) == 0


def test_a_form_without_a_key_of_ours_is_refused(office: Office, inspector: Client, risk: WorkItem) -> None:
    assert send(inspector, risk, office.form("assess_risk"), key="1").status_code == 400
    assert acts(risk) == 0


def test_a_stale_edit_shows_both_texts_and_changes_nothing(office: Office) -> None:
    case = office.to_review()
    item = office.item(case, "review_proposal")
    office.claim(item, "insp_018")
    reviewer = logged_in("insp_018")
    page = reviewer.get(f"/items/{item.pk}/")
    written_before = office.form("write_proposal") | {"decision_type": "OPEN_SUPERVISION"}
    proposing.amend(
        case=case.pk,
        by=office.person("insp_017"),
        fields=written_before | {"reasons": "Nya skäl efter ett samtal."},
        seen_hash=item.proposal_hash,
        key=office.key(),
        at=office.tick(),
    )

    answer = reviewer.post(
        f"/items/{item.pk}/",
        {
            "key": hidden(page, "key"),
            "revision": hidden(page, "revision"),
            **written(office.form("review_proposal") | {"comment": "Min kommentar till det gamla."}),
        },
    )
    shown = answer.content.decode()

    assert answer.status_code == 409
    assert "Ärendet ändrades medan du skrev" in shown
    assert "Min kommentar till det gamla." in shown
    assert "Nya skäl efter ett samtal." in shown
    assert acts(item) == 0


def test_a_decision_on_a_revoked_grant_is_refused_with_reasons_and_the_form_kept(office: Office) -> None:
    case = office.to_decision()
    item = office.item(case, "decide")
    office.claim(item, "acn_etv")
    decider = logged_in("acn_etv")
    shown = decider.get(f"/items/{item.pk}/")
    grant = DelegationGrant.objects.get(person=office.person("acn_etv"), case_type="ETV", role="AC_N")
    # Pages read the clock themselves.
    organisation.revoke_grant(grant=grant.pk, at=timezone.now())

    answer = decider.post(
        f"/items/{item.pk}/",
        {
            "key": hidden(shown, "key"),
            "revision": hidden(shown, "revision"),
            "outcome": "OTHERWISE",
            "reasons": "Mina skäl.",
            "otherwise_text": "Annat.",
        },
    )
    page = answer.content.decode()

    assert answer.status_code == 403
    assert "Du får inte besluta enligt DO-036" in page
    assert "Mina skäl." in page
    assert not Decision.objects.filter(case=case).exists()


def test_who_may_not_decide_is_told_why_and_who_may(office: Office) -> None:
    case = office.to_decision()
    item = office.item(case, "decide")

    page = logged_in("insp_018").get(f"/items/{item.pk}/").content.decode()

    assert "Du får inte besluta enligt DO-036, därför att:" in page
    assert "Du har granskat förslaget; någon annan måste besluta." in page
    assert "Avdelningschef A" in page


def test_the_second_of_two_who_take_a_step_is_told_so(office: Office) -> None:
    case = office.to_review()
    item = office.item(case, "review_proposal")
    office.claim(item, "insp_018")

    answer = logged_in("insp_019").post(f"/items/{item.pk}/claim/", {"key": new_key(), "declares": "no_circumstance"})

    assert answer.status_code == 409
    assert "En annan person hann före." in answer.content.decode()


def test_the_first_claim_in_a_case_asks_for_the_declaration(office: Office, inspector: Client) -> None:
    case = office.open_case()
    item = office.item(case, "assess_risk")

    asked = inspector.post(f"/items/{item.pk}/claim/", {"key": new_key()})
    given = inspector.post(f"/items/{item.pk}/claim/", {"key": new_key(), "declares": "no_circumstance"})

    assert asked.status_code == 409
    assert "Förklara först om du kan vara jävig" in asked.content.decode()
    assert (given.status_code, given["Location"]) == (302, f"/items/{item.pk}/")


def test_who_declares_a_circumstance_no_longer_sees_the_case(office: Office, inspector: Client, risk: WorkItem) -> None:
    answer = inspector.post(f"/cases/{risk.case_id}/circumstance/", {"key": new_key()})

    assert answer.status_code == 302
    assert inspector.get(f"/cases/{risk.case_id}/").status_code == 404
    assert WorkItem.objects.get(pk=risk.pk).state == "OFFERED"


def test_a_step_is_put_back_in_its_pool(office: Office, inspector: Client, risk: WorkItem) -> None:
    answer = inspector.post(f"/items/{risk.pk}/release/", {"key": new_key()})

    assert answer.status_code == 302
    assert WorkItem.objects.get(pk=risk.pk).state == "OFFERED"


def test_only_what_an_answer_changes_is_drawn_anew(office: Office, inspector: Client) -> None:
    case = office.to_review()
    item = office.item(case, "review_proposal")
    office.claim(item, "insp_018")

    answer = logged_in("insp_018").post(f"/items/{item.pk}/preview/", {"outcome": "RETURN", "shown": "", "key": "x"})
    page = answer.content.decode()

    assert 'id="part-reason_primary" hx-swap-oob="true"' in page
    assert 'name="checklist_law"' not in page
    assert "reason_primary" in hidden(answer, "shown").split()
    assert "has-error" not in page


def test_a_case_is_opened_from_its_intake_form(office: Office) -> None:
    client = logged_in("uppl_03")
    page = client.get("/cases/new/?type=ETV")
    answers = {
        "signal_source": "INFORMATION",
        "signal_received_on": "2026-11-20",
        "unit_id": "ENH-000417",
        "signal_summary": "Upplysning om låsta dörrar.",
    }

    answer = client.post("/cases/new/?type=ETV", {"key": hidden(page, "key"), "title": "HVB Enhet 0417", **answers})

    case = Case.objects.get(title="HVB Enhet 0417")
    assert (answer.status_code, answer["Location"]) == (302, f"/cases/{case.pk}/")


def test_a_dissent_is_noted_until_dispatch_and_shown_with_the_decision(office: Office) -> None:
    case = office.to_dispatch()
    decision = Decision.objects.get(case=case)
    rapporteur = logged_in("insp_017")

    answer = rapporteur.post(
        f"/decisions/{decision.pk}/dissent/", {"key": new_key(), "opinion": "Jag hade avstått från tillsyn."}
    )

    assert answer.status_code == 302
    page = rapporteur.get(f"/decisions/{decision.pk}/").content.decode()
    assert "Jag hade avstått från tillsyn." in page
    assert "31 § förvaltningslagen" in page


def test_who_did_not_take_part_cannot_dissent(office: Office) -> None:
    case = office.to_dispatch()
    decision = Decision.objects.get(case=case)

    answer = logged_in("ecn_etv_01").post(
        f"/decisions/{decision.pk}/dissent/", {"key": new_key(), "opinion": "Jag håller inte med."}
    )

    assert answer.status_code == 409
    assert "Jag håller inte med." in answer.content.decode()

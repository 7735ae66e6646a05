"""Drafts from the page: as typed, with and without script, and never in the way of what another page has kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.workflow_app.office import Office
from tests.workflow_app.web.browsing import hidden, logged_in, new_key, written
from workflow_app.cases.models import CaseAct, FormDraft, WorkItem

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def inspector(office: Office) -> Client:
    return logged_in("insp_017")


@pytest.fixture
def risk(office: Office) -> WorkItem:
    """A step that the inspector has taken."""
    item = office.item(office.open_case(), "assess_risk")
    office.claim(item, "insp_017")
    return item


def url(item: WorkItem) -> str:
    return f"/items/{item.pk}/draft/"


def opened(client: Client, item: WorkItem) -> dict[str, str]:
    """Return what a newly opened page sends back of itself."""
    page = client.get(f"/items/{item.pk}/")
    return {
        "key": hidden(page, "key"),
        "revision": hidden(page, "revision"),
        "draft_revision": hidden(page, "draft_revision"),
        "shown": "",
    }


def keep(client: Client, item: WorkItem, page: dict[str, str], **fields: Any) -> HttpResponse:
    """Let the page keep a draft by itself, as it does while somebody writes."""
    return client.post(url(item), {**page, **fields}, headers=HTMX)


def test_a_draft_is_shown_again_as_it_was_typed(office: Office, inspector: Client, risk: WorkItem) -> None:
    answer = keep(inspector, risk, opened(inspector, risk), risk_reasons="Halvf", case_types_concerned="tolv")
    page = inspector.get(f"/items/{risk.pk}/").content.decode()

    assert answer.status_code == 200
    assert 'id="draft-state" hx-swap-oob="true"' in answer.content.decode()
    assert "Utkast sparat" in answer.content.decode()
    assert ">\nHalvf</textarea>" in page
    assert 'value="tolv"' in page
    assert "Utkast sparat" in page
    assert "has-error" not in page


def test_a_draft_is_saved_by_a_button_without_script(office: Office, inspector: Client, risk: WorkItem) -> None:
    sent = {**opened(inspector, risk), "risk_reasons": "Halvf", "draft": "save"}
    answer = inspector.post(url(risk), sent, follow=True)
    page = answer.content.decode()

    assert answer.redirect_chain == [(f"/items/{risk.pk}/", 302)]
    assert "Utkastet är sparat. Bara du ser det." in page
    assert "Halvf" in page
    assert f'formaction="{url(risk)}"' in page


def test_what_is_kept_is_not_sent(office: Office, inspector: Client, risk: WorkItem) -> None:
    keep(inspector, risk, opened(inspector, risk), **written(office.form("assess_risk")))

    assert not CaseAct.objects.filter(work_item=risk).exists()
    assert WorkItem.objects.get(pk=risk.pk).state == "CLAIMED"


def test_the_same_page_keeps_one_draft_after_another(office: Office, inspector: Client, risk: WorkItem) -> None:
    page = opened(inspector, risk)

    assert [keep(inspector, risk, page, risk_reasons=text).status_code for text in ("A", "Ab", "Abc")] == [200] * 3
    assert FormDraft.objects.get().revision == 3


def test_a_stale_page_is_told_with_both_versions(office: Office, inspector: Client, risk: WorkItem) -> None:
    stale = opened(inspector, risk)
    keep(inspector, risk, opened(inspector, risk), risk_reasons="Från den nya fliken.")

    told = keep(inspector, risk, stale, risk_reasons="Från den gamla fliken.", risk_class="HIGH")
    shown = told.content.decode()
    assert told.status_code == 409
    assert "Du har sparat ett annat utkast till steget" in shown
    assert "Från den gamla fliken." in shown
    assert "Från den nya fliken." in shown
    assert "Hög" in shown
    # The page does not learn the other draft's revision: only its person can choose to replace it.
    assert "draft_revision" not in shown
    assert FormDraft.objects.get().revision == 1

    page = inspector.post(url(risk), {**stale, "risk_reasons": "Från den gamla fliken.", "draft": "save"})
    shown = page.content.decode()
    assert page.status_code == 409
    assert hidden(page, "draft_revision") == "0"
    assert "Från den nya fliken." in shown
    assert 'name="draft" value="replace:1"' in shown
    assert "Från den gamla fliken.</textarea>" in shown


def test_the_person_chooses_which_draft_to_go_on_with(office: Office, inspector: Client, risk: WorkItem) -> None:
    stale = opened(inspector, risk)
    keep(inspector, risk, opened(inspector, risk), risk_reasons="Ny.")

    chosen = inspector.post(url(risk), {**stale, "risk_reasons": "Gammal.", "draft": "replace:1"})

    assert chosen.status_code == 302
    assert FormDraft.objects.get().typed == '{"risk_reasons": ["Gammal."]}'


def test_a_draft_replaces_only_the_version_that_was_shown(office: Office, inspector: Client, risk: WorkItem) -> None:
    stale, new = opened(inspector, risk), opened(inspector, risk)
    keep(inspector, risk, new, risk_reasons="Ny.")
    keep(inspector, risk, new, risk_reasons="Nyare.")

    refused = inspector.post(url(risk), {**stale, "risk_reasons": "Gammal.", "draft": "replace:1"})

    assert refused.status_code == 409
    assert "Nyare." in refused.content.decode()


def test_a_draft_is_thrown_away(office: Office, inspector: Client, risk: WorkItem) -> None:
    page = opened(inspector, risk)
    keep(inspector, risk, page, risk_reasons="Bort.")

    answer = inspector.post(url(risk), {**page, "draft": "discard"}, follow=True)

    assert "Bort." not in answer.content.decode()
    assert not FormDraft.objects.exists()


def test_a_draft_older_than_the_case_says_so(office: Office, inspector: Client, risk: WorkItem) -> None:
    keep(inspector, risk, opened(inspector, risk) | {"revision": "0:-"}, risk_reasons="Skrivet före ändringen.")

    page = inspector.get(f"/items/{risk.pk}/").content.decode()

    assert "Ärendet har ändrats sedan du skrev utkastet." in page
    assert "Skrivet före ändringen." in page


def test_a_refused_form_still_knows_which_draft_it_goes_on_from(
    office: Office, inspector: Client, risk: WorkItem
) -> None:
    page = opened(inspector, risk) | {"draft_revision": "7", "revision": "gammal"}

    answer = inspector.post(f"/items/{risk.pk}/", {**page, "risk_reasons": ""})

    assert answer.status_code == 422
    assert (hidden(answer, "draft_revision"), hidden(answer, "revision")) == ("7", "gammal")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"lowest_role": "INSP"}, 400),
        ({"draft_revision": "-1"}, 400),
        ({"draft_revision": "ett"}, 400),
        ({"draft_revision": "9" * 5_000}, 400),
        ({"draft": "replace:"}, 400),
        ({"draft": "replace:x"}, 400),
        ({"key": "1"}, 400),
        ({"risk_reasons": "a" * 500_000}, 413),
        ({"risk_reasons": "a" * 2_000_000}, 413),
    ],
)
def test_what_is_no_draft_is_refused(
    office: Office, inspector: Client, risk: WorkItem, fields: dict[str, str], status: int
) -> None:
    answer = inspector.post(url(risk), opened(inspector, risk) | fields, headers=HTMX)

    assert answer.status_code == status
    assert not FormDraft.objects.exists()


@pytest.mark.parametrize(("login", "status"), [("insp_018", 409), ("gd", 409), ("uppl_03", 409)])
def test_nobody_else_keeps_or_sees_a_draft_of_the_step(
    office: Office, inspector: Client, risk: WorkItem, login: str, status: int
) -> None:
    keep(inspector, risk, opened(inspector, risk), risk_reasons="Bara för mig.")
    other = logged_in(login)

    answer = other.post(url(risk), {"key": new_key(), "risk_reasons": "Annans."}, headers=HTMX)

    assert answer.status_code == status
    assert "Bara för mig." not in answer.content.decode()
    for address in (f"/items/{risk.pk}/", f"/cases/{risk.case_id}/", "/"):
        assert "Bara för mig." not in other.get(address).content.decode()
    assert FormDraft.objects.count() == 1


def test_a_draft_asks_for_a_log_in(office: Office, risk: WorkItem) -> None:
    answer = Client().post(url(risk), {"key": new_key()})

    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")


def test_the_page_says_when_a_draft_cannot_be_kept(office: Office, inspector: Client, risk: WorkItem) -> None:
    page = inspector.get(f"/items/{risk.pk}/").content.decode()

    assert 'data-failed="Utkastet kunde inte sparas. Din text finns kvar på sidan."' in page
    assert "input from:'closest form' delay:1500ms" in page

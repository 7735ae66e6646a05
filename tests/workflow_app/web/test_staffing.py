"""Who is left to decide is seen before a step is taken, on the case, in the notices and on a page of its own."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from tests.workflow_app.office import Office
from tests.workflow_app.web.browsing import logged_in, new_key
from workflow_app.cases.models import Case
from workflow_app.cases.services import looking_ahead
from workflow_app.organisation import services as organisation
from workflow_app.organisation.models import Person

pytestmark = pytest.mark.django_db
#: The pages read the clock of the machine.
LONG = timedelta(days=3650)


def away(office: Office, *persons: str) -> None:
    for name in persons:
        person = Person.objects.get(pk=office.person(name))
        organisation.register_absence(person=person, valid_from=office.at - LONG, valid_to=office.at + LONG)


def test_r20_the_page_of_a_step_warns_whoever_leaves_one_person_to_decide(office: Office) -> None:
    item = office.item(office.to_review(), "review_proposal")

    page = logged_in("acn_etv").get(f"/items/{item.pk}/").content.decode()

    assert "Om du tar det här steget är det bara" in page
    assert "som kan besluta som" in page


def test_r20_whoever_is_needed_to_decide_is_refused_on_the_page_and_by_the_claim(office: Office) -> None:
    item = office.item(office.to_review(), "review_proposal")
    away(office, "gd")
    client = logged_in("acn_etv")

    page = client.get(f"/items/{item.pk}/").content.decode()
    refused = client.post(f"/items/{item.pk}/claim/", {"key": new_key(), "declares": "no_circumstance"})

    assert "finns ingen kvar till ett senare steg" in page
    assert f'action="/items/{item.pk}/claim/"' not in page or "button primary" not in page
    assert refused.status_code == 409
    assert "R-20" in refused.content.decode()


def test_the_case_and_the_notices_say_that_nobody_is_left(office: Office) -> None:
    case = office.to_decision()
    away(office, "gd", "acn_etv")
    looking_ahead.night(at=office.at)

    shown = logged_in("insp_017").get(f"/cases/{case.pk}/").content.decode()
    notices = logged_in("ecn_etv_01").get("/notices/").content.decode()

    assert "Som bemanningen är nu kan ärendet inte beslutas" in shown
    assert "Ingen som är på plats får besluta som" in shown
    assert "Ingen finns kvar som kan besluta" in notices
    assert case.case_number in notices


def test_heads_and_order_editors_read_the_report_and_others_do_not(office: Office) -> None:
    case = office.to_decision()
    assert "Ingen rapport finns" in logged_in("acn_etv").get("/staffing/").content.decode()
    away(office, "gd", "acn_etv")
    looking_ahead.night(at=office.at)

    page = logged_in("ecn_etv_01").get("/staffing/")

    assert page.status_code == 200
    assert case.case_number in page.content.decode()
    assert "Vems frånvaro som skulle stoppa beslut" in page.content.decode()
    refused = logged_in("insp_017").get("/staffing/")
    assert refused.status_code == 403


def test_the_command_prints_what_the_report_holds(office: Office) -> None:
    case: Case = office.to_decision()
    away(office, "gd", "acn_etv")
    text, data = StringIO(), StringIO()

    call_command("staffing", at=office.at.isoformat(), stdout=text)
    call_command("staffing", at=office.at.isoformat(), format="json", stdout=data)

    assert f"NOBODY LEFT {case.case_number}" in text.getvalue()
    assert "WITHOUT " in text.getvalue()
    found = json.loads(data.getvalue())
    assert found["cases"] == 1
    assert any(each["number"] == case.case_number and each["shortage"] for each in found["weak"])

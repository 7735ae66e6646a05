"""Deadlines are seen where work is: on the case, in the worklist, in the notices and on the yearly list."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests.workflow_app.office import Office
from tests.workflow_app.web.browsing import logged_in, new_key
from workflow_app.cases import deadlines as kinds
from workflow_app.cases import due
from workflow_app.cases.models import Case, Deadline
from workflow_app.cases.services import deadlines

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(office: Office) -> Case:
    """A case whose first draft is written."""
    return office.to_review()


def test_a_case_shows_its_deadlines_with_where_they_come_from(office: Office, case: Case) -> None:
    row = Deadline.objects.get(case=case, kind="PREPARATION")
    row.pk, row.kind, row.legal_basis, row.statutory = None, "REQUEST_TO_DECIDE", "FL-12", True
    row.save(force_insert=True)

    page = logged_in("insp_017").get(f"/cases/{case.pk}/").content.decode()

    assert "Bered förslaget till beslut" in page
    assert "Myndighetens egen" in page
    assert "12 § förvaltningslagen (2017:900)" in page
    assert "fyra veckor från partens begäran" in page


def test_a_deadline_whose_basis_an_order_adopted_before_does_not_know_shows_its_key(office: Office, case: Case) -> None:
    Deadline.objects.filter(case=case).update(legal_basis="FL-999")

    assert [row.legal_basis for row in due.of_case(case, office.at)] == ["FL-999"]


def test_the_worklist_shows_the_next_deadline_of_each_case(office: Office, case: Case) -> None:
    page = logged_in("insp_018").get("/").content.decode()

    assert "Bered förslaget till beslut" in page


def test_a_notice_of_a_deadline_names_the_case_and_not_what_it_is_about(office: Office, case: Case) -> None:
    row = Deadline.objects.get(case=case, kind="PREPARATION")
    deadlines.come(deadline=row.pk, moment=kinds.PASSED, at=row.due_at + timedelta(minutes=1))

    page = logged_in("insp_017").get("/notices/").content.decode()

    assert "En frist har passerat" in page
    assert case.case_number in page
    assert case.title not in page


def test_r81_a_request_to_decide_too_early_is_refused_in_words(office: Office, case: Case) -> None:
    client = logged_in("insp_017")
    url = f"/cases/{case.pk}/request-to-decide/"

    assert client.get(url).status_code == 200
    assert client.post(url, {"received_on": "", "key": new_key()}).status_code == 400
    answer = client.post(url, {"received_on": timezone.now().date().isoformat(), "key": new_key()})

    assert answer.status_code == 409
    assert not Deadline.objects.filter(kind="REQUEST_TO_DECIDE").exists()


def test_r86_the_list_of_1_march_holds_what_is_old_and_undecided(office: Office, case: Case) -> None:
    year = office.at.year + 2
    Case.objects.filter(pk=case.pk).update(opened_at=office.at.replace(year=year - 1, month=6, day=30))

    assert [row.case_id for row in due.jk_list(year)] == [case.pk]
    assert due.jk_list(year - 1) == ()
    Case.objects.filter(pk=case.pk).update(opened_at=office.at.replace(year=year - 1, month=7, day=1))
    assert due.jk_list(year) == ()


def test_r86_a_case_closed_before_the_year_ended_is_not_on_the_list(office: Office, case: Case) -> None:
    year = office.at.year + 2
    opened = office.at.replace(year=year - 1, month=3, day=1)
    for closed, expected in ((opened.replace(month=12), 0), (opened.replace(year=year), 1)):
        Case.objects.filter(pk=case.pk).update(opened_at=opened, closed_at=closed, state=Case.State.CLOSED)
        assert len(due.jk_list(year)) == expected


def test_r86_the_list_is_printed_and_shown(office: Office, case: Case) -> None:
    year = timezone.now().year
    Case.objects.filter(pk=case.pk).update(opened_at=timezone.now().replace(year=year - 1, month=2, day=1))
    out = StringIO()
    call_command("jk_list", "--year", str(year), "--format", "json", stdout=out)
    (printed,) = json.loads(out.getvalue())["cases"]

    assert (printed["case_number"], printed["case_type"], printed["state"]) == (case.case_number, "ETV", "OPEN")
    call_command("jk_list", "--year", str(year), stdout=(text := StringIO()))
    assert case.case_number in text.getvalue()
    page = logged_in("insp_017").get(f"/jk-list/?year={year}").content.decode()
    assert case.case_number in page
    assert case.title not in page
    assert logged_in("insp_017").get("/jk-list/?year=1").status_code == 200

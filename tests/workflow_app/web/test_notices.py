"""What a person is told about work: a count on every page, a list, and nothing told twice."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.workflow_app.office import Office
from tests.workflow_app.web.browsing import hidden, logged_in, new_key
from workflow_app.cases.models import Notification, WorkItem
from workflow_app.cases.services import conflicts, notifying, work
from workflow_app.ledger import selectors as ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(office: Office) -> WorkItem:
    """A task that inspector 017 has taken, and whose time has passed."""
    item = office.item(office.open_case(), "assess_risk")
    office.claim(item, "insp_017")
    notifying.remind(item=item.pk, at=office.tick())
    return item


def count(client: Client) -> int:
    found = re.search(r'class="count">(\d+)', client.get("/").content.decode())
    return int(found[1]) if found else 0


def test_the_header_counts_what_is_unread_and_leads_to_it(office: Office, item: WorkItem) -> None:
    client = logged_in("insp_017")

    assert count(client) == 1
    assert 'href="/notices/"' in client.get("/").content.decode()
    assert count(logged_in("insp_018")) == 0


def test_the_list_names_the_step_and_the_case_but_not_what_it_is_about(office: Office, item: WorkItem) -> None:
    page = logged_in("insp_017").get("/notices/").content.decode()

    assert f'href="/items/{item.pk}/"' in page
    assert item.case.case_number in page
    assert item.case.title not in page


def test_what_was_shown_is_marked_as_read(office: Office, item: WorkItem) -> None:
    client = logged_in("insp_017")
    page = client.get("/notices/")

    answer = client.post("/notices/", {"until": hidden(page, "until")})

    assert (answer.status_code, answer["Location"]) == (302, "/notices/")
    assert "Du har inga olästa aviseringar." in client.get("/notices/").content.decode()
    assert count(client) == 0


def test_what_came_after_the_page_was_shown_stays_unread(office: Office, item: WorkItem) -> None:
    client = logged_in("insp_017")
    page = client.get("/notices/")
    later = office.at + timedelta(minutes=5)
    Notification.objects.create(person_id=office.person("insp_017"), work_item=item, kind="ASSIGNED", at=later)

    client.post("/notices/", {"until": hidden(page, "until")})

    assert count(client) == 1


@pytest.mark.parametrize("until", ["", "yesterday", "2026-11-22T10:00:00"])
def test_a_form_that_does_not_say_what_it_showed_marks_nothing(office: Office, item: WorkItem, until: str) -> None:
    client = logged_in("insp_017")

    assert client.post("/notices/", {"until": until}).status_code == 400
    assert count(client) == 1


def test_nobody_marks_anothers_notices(office: Office, item: WorkItem) -> None:
    logged_in("insp_018").post("/notices/", {"until": timezone.now().isoformat()})

    assert count(logged_in("insp_017")) == 1


def test_whoever_is_handed_a_task_is_told(office: Office) -> None:
    case = office.to_review()
    review = office.item(case, "review_proposal")
    office.claim(review, "insp_018")
    receiver = office.person("insp_019")
    conflicts.declare(case=case.pk, by=receiver, circumstance=False, key=office.key(), at=office.tick())
    done = work.hand_over(item=review.pk, by=office.person("insp_018"), to=receiver, key=new_key(), at=office.tick())
    assert ledger.of_place(str(case.pk), done.seq + 1) is None

    notifying.publish(case=case.pk, seq=done.seq, at=office.tick())
    notifying.publish(case=case.pk, seq=done.seq, at=office.tick())

    assert [(row.kind, row.work_item_id) for row in notifying.unread(receiver)] == [("ASSIGNED", review.pk)]
    assert "Tilldelad dig" in logged_in("insp_019").get("/notices/").content.decode()

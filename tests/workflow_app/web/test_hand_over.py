"""A taken task is passed on to somebody who may do it and has declared; whoever cannot have it is told why."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.workflow_app.office import Office
from tests.workflow_app.web.browsing import hidden, logged_in, new_key
from workflow_app.cases.models import WorkItem
from workflow_app.cases.services import conflicts

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(office: Office) -> WorkItem:
    """A review that inspector 018 has taken; 019 has declared that no circumstance is known."""
    case = office.to_review()
    item = office.item(case, "review_proposal")
    office.claim(item, "insp_018")
    conflicts.declare(case=case.pk, by=office.person("insp_019"), circumstance=False, key=office.key(), at=office.at)
    return item


def send(client: Client, office: Office, item: WorkItem, to: str, **more: str) -> tuple[int, str]:
    sent = {"key": new_key(), "to": str(office.person(to)), **more}
    answer = client.post(f"/items/{item.pk}/hand-over/", sent)
    return answer.status_code, answer.content.decode()


def holder(item: WorkItem) -> object:
    return WorkItem.objects.get(pk=item.pk).claimed_by_id


def test_the_step_leads_to_a_list_of_those_who_may_have_it(office: Office, review: WorkItem) -> None:
    client = logged_in("insp_018")

    step = client.get(f"/items/{review.pk}/").content.decode()
    page = client.get(f"/items/{review.pk}/hand-over/").content.decode()

    assert f'href="/items/{review.pk}/hand-over/"' in step
    assert f'<option value="{office.person("insp_019")}">' in page
    assert "Dessa får, när de har förklarat sig" in page


def test_the_list_leaves_out_who_wrote_the_proposal(office: Office, review: WorkItem) -> None:
    page = logged_in("insp_018").get(f"/items/{review.pk}/hand-over/").content.decode()

    assert str(office.person("insp_017")) not in page


def test_a_task_handed_over_is_the_receivers(office: Office, review: WorkItem) -> None:
    giver = logged_in("insp_018")
    page = giver.get(f"/items/{review.pk}/hand-over/")

    status, _ = send(giver, office, review, "insp_019", key=hidden(page, "key"))

    assert status == 302
    assert holder(review) == office.person("insp_019")
    assert 'name="revision"' in logged_in("insp_019").get(f"/items/{review.pk}/").content.decode()


def test_the_same_form_sent_twice_is_one_handing_over(office: Office, review: WorkItem) -> None:
    giver, key = logged_in("insp_018"), new_key()

    assert [send(giver, office, review, "insp_019", key=key)[0] for _ in range(2)] == [302, 302]


def test_who_may_not_do_the_step_is_refused_with_the_orders_reason(office: Office, review: WorkItem) -> None:
    status, page = send(logged_in("insp_018"), office, review, "insp_017")

    assert status == 403
    assert "Delegationsordningen låter inte den personen göra steget" in page
    assert "R-19" in page
    assert holder(review) == office.person("insp_018")


def test_who_has_not_declared_is_refused_with_what_to_do(office: Office, review: WorkItem) -> None:
    status, page = send(logged_in("insp_018"), office, review, "INSP-021")

    assert status == 403
    assert "Be personen öppna ärendet och förklara sig" in page
    assert holder(review) == office.person("insp_018")


@pytest.mark.parametrize("to", ["", "nobody", "\x00"])
def test_what_is_no_person_is_told_at_the_field(office: Office, review: WorkItem, to: str) -> None:
    answer = logged_in("insp_018").post(f"/items/{review.pk}/hand-over/", {"key": new_key(), "to": to})

    assert answer.status_code == 422
    assert 'href="#id_to"' in answer.content.decode()


def test_a_task_of_somebody_else_cannot_be_handed_over(office: Office, review: WorkItem) -> None:
    other = logged_in("insp_019")

    assert other.get(f"/items/{review.pk}/hand-over/").status_code == 409
    assert send(other, office, review, "insp_019")[0] == 409
    assert holder(review) == office.person("insp_018")


def test_when_nobody_can_have_it_the_page_says_so_and_what_to_do_instead(office: Office) -> None:
    case = office.to_review()
    item = office.item(case, "review_proposal")
    office.claim(item, "insp_018")

    page = logged_in("insp_018").get(f"/items/{item.pk}/hand-over/").content.decode()

    assert "Du kan lägga tillbaka den i stället." in page
    assert "<select" not in page

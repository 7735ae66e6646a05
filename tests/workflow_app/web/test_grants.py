"""Rights are given, lent and revoked on pages that say why not; the one who loses work is told why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.workflow_app.office import Office
from tests.workflow_app.web.browsing import hidden, logged_in, new_key
from workflow_app.cases.models import WorkItem
from workflow_app.jobs import runner
from workflow_app.organisation import services as organisation
from workflow_app.organisation.models import Absence, DelegationGrant

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(office: Office) -> Office:
    """The office, at the clock's own time: the pages read it."""
    office.at = timezone.now() - timedelta(minutes=30)
    return office


def own(office: Office, who: str, role: str) -> DelegationGrant:
    return DelegationGrant.objects.get(person=office.person(who), role=role, case_type="ETV", kind="APPOINTMENT")


def day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def test_the_register_shows_how_often_each_right_was_used_and_leads_to_it(office: Office) -> None:
    office.to_dispatch()
    grant = own(office, "acn_etv", "AC_N")

    page = logged_in("insp_017").get("/grants/?type=ETV&role=AC_N").content.decode()
    one = logged_in("insp_017").get(f"/grants/{grant.pk}/").content.decode()

    assert f'href="/grants/{grant.pk}/"' in page
    assert '<td class="number">1</td>' in page
    assert "DO-036: 1" in one
    assert "Återkalla rätten" not in one


def test_r28_a_right_is_revoked_on_its_page_and_its_holder_reads_why_the_task_is_gone(office: Office) -> None:
    case = office.to_decision()
    office.claim(office.item(case, "decide"), "acn_etv")
    grant = own(office, "acn_etv", "AC_N")
    director = logged_in("gd")

    page = director.get(f"/grants/{grant.pk}/")
    answer = director.post(f"/grants/{grant.pk}/revoke/", {"key": hidden(page, "key")}, follow=True)
    runner.drain(clock=timezone.now)
    runner.drain(clock=timezone.now)

    assert "Rätten är återkallad" in answer.content.decode()
    notices = logged_in("acn_etv").get("/notices/").content.decode()
    assert "återkallades av Generaldirektör" in notices
    assert "Återtagen från dig" in notices
    assert office.item(case, "decide").state == WorkItem.State.OFFERED


def test_r28_whoever_stands_not_above_is_told_so(office: Office) -> None:
    grant = own(office, "acn_etv", "AC_N")

    answer = logged_in("ecn_etv_01").post(f"/grants/{grant.pk}/revoke/", {"key": new_key()})

    assert answer.status_code == 403
    assert "Du har varken gett rätten" in answer.content.decode()
    assert ">R-28</a>" in answer.content.decode()


def test_an_unknown_right_does_not_exist(office: Office) -> None:
    page = logged_in("gd").get(f"/grants/{new_key()}/")
    answer = logged_in("gd").post(f"/grants/{new_key()}/revoke/", {"key": new_key()})

    assert page.status_code == answer.status_code == 404


def test_r59_a_right_is_lent_on_a_page_that_offers_only_what_the_order_lets_be_lent(office: Office) -> None:
    head = logged_in("acn_etv")

    ways = head.get("/grants/lend/").content.decode()
    page = head.get("/grants/lend/ETV/EC_N/")
    sent = {
        "key": hidden(page, "key"),
        "rules": ["DO-036"],
        "person": str(office.person("ecn_etv_02")),
        "first": day(0),
        "last": day(90),
    }
    answer = head.post("/grants/lend/ETV/EC_N/", sent, follow=True)

    assert 'href="/grants/lend/ETV/EC_N/"' in ways
    assert "DO-036" in page.content.decode()
    assert "DO-001" not in page.content.decode()
    assert "Rätten är vidaredelegerad" in answer.content.decode()
    grant = DelegationGrant.objects.get(person=office.person("ecn_etv_02"), kind="SUB_DELEGATION")
    assert (grant.rules, grant.on_behalf_of) == ("DO-036", "AC_N")
    assert f'href="/grants/{grant.pk}/"' in head.get("/grants/lent/").content.decode()


def test_r59_more_than_twelve_months_is_refused_above_the_form(office: Office) -> None:
    sent = {
        "key": new_key(),
        "rules": ["DO-036"],
        "person": str(office.person("ecn_etv_02")),
        "first": day(0),
        "last": day(500),
    }

    answer = logged_in("acn_etv").post("/grants/lend/ETV/EC_N/", sent)

    assert answer.status_code == 403
    assert "varar högst tolv månader" in answer.content.decode()
    assert f'value="{day(500)}"' in answer.content.decode()


def test_a_form_that_lacks_something_says_what(office: Office) -> None:
    answer = logged_in("acn_etv").post("/grants/lend/ETV/EC_N/", {"key": new_key()})

    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()


def test_r60_whoever_holds_nothing_that_can_be_lent_is_told_so(office: Office) -> None:
    page = logged_in("insp_017").get("/grants/lend/ETV/EC_N/")

    assert "ingen rätt som delegationsordningen låter dig" in page.content.decode()


def test_a_head_appoints_by_staff_code(office: Office) -> None:
    head = logged_in("acn_etv")
    page = head.get("/grants/appoint/")

    sent = {"key": hidden(page, "key"), "what": "INSP/ETV", "person": "INSP-160", "first": day(0), "last": ""}
    answer = head.post("/grants/appoint/", sent, follow=True)
    unknown = head.post("/grants/appoint/", sent | {"person": "INSP-999", "key": new_key()})

    assert "Förordnandet är gjort" in answer.content.decode()
    assert DelegationGrant.objects.filter(person=office.person("INSP-160"), role="INSP", case_type="ETV").exists()
    assert unknown.status_code == 422
    assert "Ingen har den tjänstekoden" in unknown.content.decode()
    assert "Du förordnar ingen" in logged_in("insp_017").get("/grants/appoint/").content.decode()


def test_r56_one_registers_the_own_absence_with_a_substitute_who_takes_over(office: Office) -> None:
    case = office.to_review()
    item = office.item(case, "review_proposal")
    office.claim(item, "insp_018")
    client = logged_in("insp_018")
    page = client.get(f"/absences/of/{office.person('insp_018')}/")
    assert f'value="{office.person("insp_019")}"' in page.content.decode()

    sent = {"key": hidden(page, "key"), "first": day(0), "last": day(5), "substitute": str(office.person("insp_019"))}
    client.post(f"/absences/of/{office.person('insp_018')}/", sent)
    substitute = logged_in("insp_019")
    step = substitute.get(f"/items/{item.pk}/").content.decode()
    undeclared = substitute.post(f"/items/{item.pk}/take-over/", {"key": new_key()})
    taken = substitute.post(f"/items/{item.pk}/take-over/", {"key": new_key(), "declares": "no_circumstance"})

    assert "Inspektör 019" in client.get("/absences/").content.decode()
    assert f'action="/items/{item.pk}/take-over/"' in step
    assert undeclared.status_code == 409
    assert f'action="/items/{item.pk}/take-over/"' in undeclared.content.decode()
    assert taken.status_code == 302
    item.refresh_from_db()
    assert item.claimed_by_id == office.person("insp_019")


def test_r56_who_does_not_stand_in_takes_nothing_over(office: Office) -> None:
    case = office.to_review()
    item = office.item(case, "review_proposal")
    office.claim(item, "insp_018")
    at = timezone.now()
    organisation.register_absence(
        person=organisation.Person.objects.get(pk=office.person("insp_018")),
        valid_from=at - timedelta(hours=1),
        valid_to=at + timedelta(days=1),
    )

    answer = logged_in("insp_019").post(f"/items/{item.pk}/take-over/", {"key": new_key()})

    assert answer.status_code == 403
    assert "Du är inte utsedd till ersättare" in answer.content.decode()
    assert "take-over" not in logged_in("insp_019").get(f"/items/{item.pk}/").content.decode()


def test_r56_nobody_registers_a_colleagues_absence_and_back_again_ends_it(office: Office) -> None:
    client = logged_in("insp_018")
    sent = {"key": new_key(), "first": day(0), "last": day(5), "substitute": ""}

    refused = client.post(f"/absences/of/{office.person('insp_019')}/", sent)
    client.post(f"/absences/of/{office.person('insp_018')}/", sent)
    absence = Absence.objects.get()
    other = logged_in("insp_019").post(f"/absences/{absence.pk}/end/", {"key": new_key()})
    back = client.post(f"/absences/{absence.pk}/end/", {"key": new_key()})
    again = client.post(f"/absences/{absence.pk}/end/", {"key": new_key()})

    assert [answer.status_code for answer in (refused, other, back, again)] == [403, 403, 302, 409]
    assert "Du anmäler din egen frånvaro" in refused.content.decode()
    assert "Ingen är anmäld" in client.get("/absences/").content.decode()


def test_somebody_unknown_is_never_away(office: Office) -> None:
    client = logged_in("gd")

    assert client.get(f"/absences/of/{new_key()}/").status_code == 404
    assert client.post("/absences/999/end/", {"key": new_key()}).status_code == 404

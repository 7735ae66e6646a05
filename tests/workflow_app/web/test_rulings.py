"""Circumstances on pages: sealed for most, searched by those who assess, and warned of before a step is taken."""

from __future__ import annotations

from datetime import date

import pytest

from tests.workflow_app.office import Office
from tests.workflow_app.web.browsing import hidden, logged_in, new_key
from workflow_app.cases.models import Case, SealedReasons, WorkItem
from workflow_app.cases.services import conflicts
from workflow_app.organisation.models import Person
from workflow_app.registry.models import StaffTie

pytestmark = pytest.mark.django_db
SECRET = "Min syster äger utföraren"


@pytest.fixture
def case(office: Office) -> Case:
    """A case in which an inspector has said on the page what the circumstance is."""
    case = office.to_review()
    sent = {"key": new_key(), "what": SECRET}
    assert logged_in("insp_018").post(f"/cases/{case.pk}/circumstance/", sent).status_code == 302
    return case


def page(who: str, address: str) -> str:
    return logged_in(who).get(address).content.decode()


def test_r07_the_circumstance_is_read_by_those_who_assess_and_not_available_to_others(
    office: Office, case: Case
) -> None:
    address = f"/cases/{case.pk}/conflict/"

    assert SealedReasons.objects.get(case=case).text == SECRET
    assert SECRET in page("ecn_etv_01", address)
    assert SECRET in page("aj_09", address)
    assert SECRET not in page("insp_017", address)
    assert "inte tillgängliga" in page("insp_017", address)
    assert SECRET not in page("insp_017", f"/cases/{case.pk}/")


def test_a_circumstance_that_cannot_be_kept_is_refused(office: Office) -> None:
    case = office.to_review()

    answer = logged_in("insp_018").post(f"/cases/{case.pk}/circumstance/", {"key": new_key(), "what": "a\u202eb"})

    assert answer.status_code == 400
    assert not SealedReasons.objects.exists()


def test_r07_a_ruling_is_found_on_the_page_of_rulings_by_its_ground(office: Office, case: Case) -> None:
    given = {"case": case.pk, "key": office.key(), "at": office.tick()}
    conflicts.advise(opinion="Nära släkt.", by=office.person("aj_09"), **given)
    sent = {"key": new_key(), "ruling": "CONFLICT", "ground": "RELATED", "reasons": "Systern är ägare."}
    assert logged_in("ecn_etv_01").post(f"/cases/{case.pk}/conflict/ruling/", sent).status_code == 302

    found = page("ecn_etv_02", "/rulings/?ground=RELATED")

    assert "Systern är ägare." in found
    assert "Inspektör 018" not in found
    assert "Ingen prövning matchar" in page("ecn_etv_02", "/rulings/?ground=PARTY")
    assert "Systern är ägare." not in page("ecn_nts_01", "/rulings/")
    assert logged_in("insp_017").get("/rulings/").status_code == 403
    assert "Systern är ägare." not in page("insp_017", f"/cases/{case.pk}/")


def test_r05_a_head_of_unit_calls_on_somebody_in_conflict_for_one_step(office: Office) -> None:
    case = office.open_case()
    logged_in("insp_018").post(f"/cases/{case.pk}/circumstance/", {"key": new_key()})
    item = office.item(case, "assess_risk")
    head, address = logged_in("ecn_etv_01"), f"/cases/{case.pk}/conflict/"
    shown = head.get(address)
    assert str(item.pk) in shown.content.decode()

    sent = {"key": hidden(shown, "key"), "item": str(item.pk), "person": str(office.person("insp_018")), "why": ""}
    empty = head.post(f"{address}necessary/", sent)
    called = head.post(f"{address}necessary/", sent | {"why": "Ingen annan hinner."})
    taken = logged_in("insp_018").post(f"/items/{item.pk}/claim/", {"key": new_key()})

    assert (empty.status_code, called.status_code, taken.status_code) == (422, 302, 302)
    item.refresh_from_db()
    assert (item.state, item.claimed_by_id) == (WorkItem.State.CLAIMED, office.person("insp_018"))
    assert "necessary" not in page("aj_09", address)


def test_r06_a_tie_is_shown_before_the_step_is_taken_and_the_register_is_the_registrars(office: Office) -> None:
    case = office.open_case()
    item = office.item(case, "assess_risk")
    person = Person.objects.get(pk=office.person("insp_018"))
    party = case.provider_id or case.unit_id or ""
    tie = StaffTie(
        code="KNY-000001", staff_code=person.code, party=party, kind="SIDE_JOB", active_from=date(2020, 1, 1)
    )
    tie.fold()
    tie.save()

    asked = logged_in("insp_018").post(f"/items/{item.pk}/claim/", {"key": new_key()})

    assert asked.status_code == 409
    assert "har bisyssla där" in asked.content.decode()
    assert "har bisyssla där" in page("insp_018", f"/items/{item.pk}/")
    assert "har bisyssla där" not in page("insp_019", f"/items/{item.pk}/")
    for address in ("/registers/STAFF_TIE/", "/registers/STAFF_TIE/KNY-000001/", "/registers/STAFF_TIE/suggestions/"):
        assert logged_in("insp_018").get(address).status_code == 404, address
    assert "KNY-000001" in page("reg_05", "/registers/STAFF_TIE/")
    assert logged_in("reg_05").get("/registers/STAFF_TIE/KNY-000001/").status_code == 200
    assert "STAFF_TIE" not in page("insp_018", "/registers/")
    assert "STAFF_TIE" in page("reg_05", "/registers/")

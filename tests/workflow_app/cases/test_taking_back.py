"""When a right ends its holder's open work goes to those who may do it, and the holder is told why (R-28)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from delegation.types import GrantKind
from tests.workflow_app.appointments.test_appointing import appoint, lend
from tests.workflow_app.office import Office
from workflow_app.appointments import services as appointments
from workflow_app.cases import selectors
from workflow_app.cases.errors import NotAuthorised
from workflow_app.cases.models import Case, Notification, WorkItem
from workflow_app.cases.services import taking_back
from workflow_app.jobs import runner
from workflow_app.ledger import selectors as ledger
from workflow_app.ledger import verification
from workflow_app.organisation.models import DelegationGrant


def held(office: Office, who: str, role: str, case_type: str = "ETV") -> DelegationGrant:
    """Return a person's own appointment."""
    return DelegationGrant.objects.get(
        person=office.person(who), role=role, case_type=case_type, kind=GrantKind.APPOINTMENT.value
    )


def revoke(office: Office, grant: DelegationGrant, by: str = "gd") -> None:
    """Revoke a right and let the jobs run that follow on it."""
    appointments.revoke(grant=grant.pk, by=office.person(by), key=office.key(), at=office.tick())
    runner.drain(clock=lambda: office.at)


def told(office: Office, who: str) -> list[tuple[str, str]]:
    """Return what a person is told: the kind of notice, and the step or role it is about."""
    rows = Notification.objects.filter(person=office.person(who)).select_related("work_item", "grant").order_by("kind")
    return [(row.kind, row.work_item.node if row.work_item else row.grant.role) for row in rows if row.grant]


def test_r28_a_claimed_decision_goes_to_the_nearest_who_may_decide(office: Office) -> None:
    case = office.to_decision()
    item = office.item(case, "decide")
    office.claim(item, "acn_etv")

    revoke(office, held(office, "acn_etv", "AC_N"))

    item.refresh_from_db()
    assert (item.state, item.claimed_by_id) == (WorkItem.State.OFFERED, None)
    # No other head of department is appointed for the case type, so it has gone to the director-general.
    assert item.roles.split() == ["AC_N", "GD"]
    assert item.pk in {row.id for row in selectors.worklist(office.person("gd"), office.at).pools}
    office.do(case, "gd", "decide")


def test_r28_the_work_is_open_to_others_within_the_minute_and_the_ledger_tells_why(office: Office) -> None:
    case = office.to_decision()
    office.claim(office.item(case, "decide"), "acn_etv")
    grant = held(office, "acn_etv", "AC_N")

    revoke(office, grant)

    taken = next(event for event in ledger.of_stream(str(case.pk)) if event.kind == "WORK_TAKEN_BACK")
    revoked = ledger.of_stream(appointments.STREAM)[-1]
    assert taken.at - revoked.at < timedelta(minutes=1)
    assert (taken.person, taken.data["holder"]) == ("", str(office.person("acn_etv")))
    assert (taken.data["reason"], taken.data["about"]) == ("GRANT_ENDED", str(grant.pk))
    assert verification.verify(selectors.heads()).ok


def test_r28_whoever_has_lost_work_is_told_which_right_has_ended(office: Office) -> None:
    case = office.to_decision()
    office.claim(office.item(case, "decide"), "acn_etv")

    revoke(office, held(office, "acn_etv", "AC_N"))
    runner.drain(clock=lambda: office.at)

    assert ("TAKEN_BACK", "decide") in [(kind, node.rpartition("/")[2]) for kind, node in told(office, "acn_etv")]
    assert ("REVOKED", "AC_N") in told(office, "acn_etv")
    assert not told(office, "gd")


def test_r28_a_step_that_another_grant_reaches_stays(office: Office) -> None:
    appoint(office, "gd", "acn_etv", "AC_N", case_type="ETV")
    case = office.to_decision()
    item = office.item(case, "decide")
    office.claim(item, "acn_etv")
    first = DelegationGrant.objects.filter(person=office.person("acn_etv"), role="AC_N", case_type="ETV").first()
    assert first is not None

    revoke(office, first)

    item.refresh_from_db()
    assert item.claimed_by_id == office.person("acn_etv")
    assert "WORK_TAKEN_BACK" not in [event.kind for event in ledger.of_stream(str(case.pk))]


def test_r28_preparation_goes_back_to_its_pool(office: Office) -> None:
    case = office.open_case()
    item = office.item(case, "assess_risk")
    office.claim(item, "insp_017")

    revoke(office, held(office, "insp_017", "INSP"), by="acn_etv")

    item.refresh_from_db()
    assert (item.state, item.roles.split()) == (WorkItem.State.OFFERED, ["INSP", "HL", "UPPL"])
    office.do(case, "insp_018", "assess_risk")


def test_r28_a_right_that_runs_out_by_itself_takes_its_work_with_it(office: Office) -> None:
    grant = lend(office, to="ecn_etv_02", valid_to=office.at + timedelta(days=1))
    case = office.to_decision()
    item = office.item(case, "decide")
    office.claim(item, "ecn_etv_02")
    runner.drain(clock=lambda: office.at)
    item.refresh_from_db()
    assert item.claimed_by_id == office.person("ecn_etv_02")

    office.tick(timedelta(days=1))
    runner.drain(clock=lambda: office.at)

    item.refresh_from_db()
    assert item.state == WorkItem.State.OFFERED
    assert ("ENDED", "EC_N") in told(office, "ecn_etv_02")
    assert ("ENDED", "EC_N") in told(office, "acn_etv")
    assert grant.revoked_by is None


def test_r28_the_decision_is_refused_before_the_work_has_been_taken(office: Office) -> None:
    case = office.to_decision()
    item = office.item(case, "decide")
    office.claim(item, "acn_etv")
    grant = held(office, "acn_etv", "AC_N")
    appointments.revoke(grant=grant.pk, by=office.person("gd"), key=office.key(), at=office.at)

    with pytest.raises(NotAuthorised):
        office.complete(item, "acn_etv")


def test_r28_the_same_job_twice_and_a_right_in_force_change_nothing(office: Office) -> None:
    case = office.to_decision()
    office.claim(office.item(case, "decide"), "acn_etv")
    grant = held(office, "acn_etv", "AC_N")

    assert taking_back.after_grant(grant=grant.pk, key="job", at=office.at) == 0
    appointments.revoke(grant=grant.pk, by=office.person("gd"), key=office.key(), at=office.at)
    assert taking_back.after_grant(grant=grant.pk, key="job", at=office.at) == 1
    before = Case.objects.get(pk=case.pk).ledger_seq
    assert taking_back.after_grant(grant=grant.pk, key="job", at=office.at) == 0
    assert Case.objects.get(pk=case.pk).ledger_seq == before


def test_r27_a_return_goes_to_the_pool_when_its_writer_holds_no_right_any_longer(office: Office) -> None:
    case = office.to_review()
    revoke(office, held(office, "insp_017", "INSP"), by="acn_etv")

    office.do(case, "insp_018", "review_proposal", outcome="RETURN", reason_primary="MISSING_BASIS")
    office.do(case, "aj_09", "give_legal_opinion")

    assert office.item(case, "write_proposal").state == WorkItem.State.OFFERED


def test_the_giver_is_told_when_somebody_above_revokes_and_when_a_quarter_ends(office: Office) -> None:
    grant = lend(office)
    runner.drain(clock=lambda: office.at)
    assert told(office, "ecn_etv_02") == [("GIVEN", "EC_N")]

    office.tick(timedelta(days=60))
    runner.drain(clock=lambda: office.at)
    assert told(office, "acn_etv") == [("USAGE", "EC_N")]

    revoke(office, grant, by="gd")
    assert ("REVOKED", "EC_N") in told(office, "acn_etv")
    assert ("REVOKED", "EC_N") in told(office, "ecn_etv_02")

"""Away: a substitute sees and takes over by rights of their own; without one the work goes on upwards (R-56, R-57)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from delegation.types import GrantKind
from tests.workflow_app.appointments.test_appointing import appoint
from tests.workflow_app.office import Office
from workflow_app.appointments import services as appointments
from workflow_app.appointments.errors import AppointmentRefused, NothingToEnd, UnknownGrant
from workflow_app.cases import selectors
from workflow_app.cases.errors import DeclarationMissing, NotAuthorised, NotOpen
from workflow_app.cases.models import WorkItem
from workflow_app.cases.services import taking_back, work
from workflow_app.jobs import runner
from workflow_app.ledger import selectors as ledger
from workflow_app.organisation import selectors as organisation
from workflow_app.organisation.models import Absence, Account, DelegationGrant

WEEK = timedelta(days=7)


def away(office: Office, who: str, substitute: str = "", by: str = "", **changes: Any) -> Absence:
    """Register that somebody is away for a week from now, and let the jobs run that are due."""
    at = office.tick()
    given: dict[str, Any] = {"key": office.key(), "at": at, "valid_from": at, "valid_to": at + WEEK, **changes}
    absence = appointments.register_absence(
        person=office.person(who),
        substitute=office.person(substitute) if substitute else None,
        by=office.person(by or who),
        **given,
    )
    runner.drain(clock=lambda: office.at)
    return absence


def take_over(office: Office, item: WorkItem, by: str, *, declares: bool = True) -> None:
    work.take_over(
        item=item.pk, by=office.person(by), key=office.key(), at=office.tick(), declares_no_circumstance=declares
    )


def review(office: Office) -> WorkItem:
    """Return a review that inspector 018 has taken."""
    item = office.item(office.to_review(), "review_proposal")
    office.claim(item, "insp_018")
    return item


def refusal_codes(refusal: pytest.ExceptionInfo[NotAuthorised]) -> set[str]:
    return {bar.code for bar in refusal.value.verdict.bars}


def test_r56_the_substitute_sees_the_work_from_the_first_moment_and_takes_it_over(office: Office) -> None:
    item = review(office)
    start = office.at + timedelta(hours=2)
    away(office, "insp_018", "insp_019", valid_from=start, valid_to=start + WEEK)

    def seen() -> bool:
        mine = selectors.worklist(office.person("insp_019"), office.at).mine
        return item.pk in {row.id for row in mine}

    assert not seen()
    with pytest.raises(NotAuthorised) as refusal:
        take_over(office, item, "insp_019")
    assert refusal_codes(refusal) == {"HOLDER_NOT_AWAY"}

    office.at = start
    runner.drain(clock=lambda: office.at)
    assert seen()
    take_over(office, item, "insp_019")

    item.refresh_from_db()
    assert (item.state, item.claimed_by_id) == (WorkItem.State.CLAIMED, office.person("insp_019"))
    event = ledger.of_stream(str(item.case_id))[-1]
    assert (event.kind, event.data["holder"]) == ("WORK_TAKEN_OVER", str(office.person("insp_018")))
    office.complete(item, "insp_019")


def test_r56_only_the_substitute_named_takes_over_and_only_open_work(office: Office) -> None:
    item = review(office)
    away(office, "insp_018", "insp_019")

    with pytest.raises(NotAuthorised) as refusal:
        take_over(office, item, "INSP-020")
    assert refusal_codes(refusal) == {"NOT_THE_SUBSTITUTE"}

    take_over(office, item, "insp_019")
    office.complete(item, "insp_019")
    with pytest.raises(NotOpen):
        take_over(office, item, "insp_019")


def test_r01_the_substitute_declares_before_taking_over(office: Office) -> None:
    item = review(office)
    away(office, "insp_018", "insp_019")

    with pytest.raises((NotAuthorised, DeclarationMissing)):
        take_over(office, item, "insp_019", declares=False)


def test_r57_a_substitute_without_a_right_of_the_row_takes_nothing_over(office: Office) -> None:
    """The substitute is appointed for another case type of the absent person's, and not for this one."""
    case = office.to_decision()
    item = office.item(case, "decide")
    office.claim(item, "acn_etv")
    appoint(office, "gd", "acn_nts", "AC_N", case_type="EVB")
    away(office, "acn_etv", "acn_nts")

    with pytest.raises(NotAuthorised) as refusal:
        take_over(office, item, "acn_nts")

    assert {bar.rule_id for bar in refusal.value.verdict.bars} == {"R-08"}
    item.refresh_from_db()
    assert item.claimed_by_id == office.person("acn_etv")


def test_r57_nobody_takes_over_the_judging_of_their_own_proposal(office: Office) -> None:
    item = review(office)
    away(office, "insp_018", "insp_017")

    with pytest.raises(NotAuthorised) as refusal:
        take_over(office, item, "insp_017")

    assert refusal_codes(refusal) == {"SUBSTITUTE_PREPARED"}


@pytest.mark.parametrize(
    ("absent", "substitute", "code"),
    [
        ("acn_etv", "ecn_etv_01", "SUBSTITUTE_LACKS_GRANT"),
        ("acn_etv", "acn_nts", "SUBSTITUTE_LACKS_GRANT"),
        ("insp_018", "ecn_nts_01", "SUBSTITUTE_LACKS_GRANT"),
        ("insp_018", "EC-42", "SUBSTITUTE_LACKS_GRANT"),
        ("gd", "acn_etv", "SUBSTITUTE_LACKS_GRANT"),
        ("insp_018", "insp_018", "OWN_SUBSTITUTE"),
    ],
)
def test_r57_who_holds_no_right_at_that_level_is_no_substitute(
    office: Office, absent: str, substitute: str, code: str
) -> None:
    with pytest.raises(AppointmentRefused) as refusal:
        away(office, absent, substitute)

    assert {bar.code for bar in refusal.value.bars} == {code}
    assert not Absence.objects.exists()


def test_r64_a_second_account_is_no_substitute_of_its_own_person(office: Office) -> None:
    Account.objects.create_user("insp_018_extra", organisation.person_by_login("insp_018"))

    with pytest.raises(AppointmentRefused) as refusal:
        away(office, "insp_018", "insp_018_extra")

    assert {bar.rule_id for bar in refusal.value.bars} == {"R-64"}


def test_r56_without_a_substitute_the_work_is_offered_to_others(office: Office) -> None:
    item = review(office)

    away(office, "insp_018")

    item.refresh_from_db()
    assert (item.state, item.claimed_by_id) == (WorkItem.State.OFFERED, None)
    event = next(one for one in ledger.of_stream(str(item.case_id)) if one.kind == "WORK_TAKEN_BACK")
    assert event.data["reason"] == "ABSENCE"


def test_r56_without_a_substitute_a_decision_goes_to_the_higher_role(office: Office) -> None:
    case = office.to_decision()
    item = office.item(case, "decide")
    office.claim(item, "acn_etv")

    away(office, "acn_etv")

    item.refresh_from_db()
    assert item.roles.split() == ["AC_N", "GD"]
    office.do(case, "gd", "decide")


def test_r56_an_absence_that_has_not_begun_or_is_called_off_moves_nothing(office: Office) -> None:
    item = review(office)
    absence = away(office, "insp_018", valid_from=office.at + WEEK, valid_to=office.at + 2 * WEEK)
    appointments.end_absence(absence=absence.pk, by=office.person("insp_018"), key=office.key(), at=office.tick())

    office.at += WEEK + timedelta(hours=1)
    assert taking_back.when_absent(absence=absence.pk, key="job", at=office.at) == 0
    item.refresh_from_db()
    assert item.claimed_by_id == office.person("insp_018")


def test_r27_a_return_to_somebody_away_goes_to_the_pool(office: Office) -> None:
    case = office.to_review()
    away(office, "insp_017")

    office.do(case, "insp_018", "review_proposal", outcome="RETURN", reason_primary="MISSING_BASIS")
    office.do(case, "aj_09", "give_legal_opinion")

    assert office.item(case, "write_proposal").state == WorkItem.State.OFFERED


def test_the_deputy_serves_as_director_general_while_she_is_away_and_not_a_moment_longer(office: Office) -> None:
    """MF 24 §: the deputy holds no right to decide before, and none after (R-08)."""
    case = office.to_decision()
    item = office.item(case, "decide")
    with pytest.raises(NotAuthorised):
        office.claim(item, "stf")

    absence = away(office, "gd", "stf")
    acting = DelegationGrant.objects.get(person=office.person("stf"), kind=GrantKind.SUBSTITUTION.value)
    assert (acting.on_behalf_of, acting.valid_to) == (str(office.person("gd")), absence.valid_to)
    office.claim(item, "stf")

    appointments.end_absence(absence=absence.pk, by=office.person("gd"), key=office.key(), at=office.tick())
    runner.drain(clock=lambda: office.at)
    item.refresh_from_db()
    assert item.state == WorkItem.State.OFFERED
    with pytest.raises(NotAuthorised):
        office.claim(item, "stf")


def test_r56_an_absence_is_ones_own_to_register_or_theirs_who_appoint_one(office: Office) -> None:
    away(office, "insp_018", by="acn_etv")

    for by in ("insp_019", "ecn_etv_01", "acn_nts"):
        with pytest.raises(AppointmentRefused) as refusal:
            away(office, "insp_017", by=by)
        assert {bar.code for bar in refusal.value.bars} == {"NOT_OWN_ABSENCE"}
    with pytest.raises(AppointmentRefused) as refusal:
        away(office, "insp_017", valid_to=office.at)
    assert {bar.code for bar in refusal.value.bars} == {"ENDS_BEFORE_IT_BEGINS"}


def test_an_absence_is_registered_once_and_ended_once(office: Office) -> None:
    at = office.tick()
    first, second = (away(office, "insp_018", key="same", at=at, valid_from=at, valid_to=at + WEEK) for _ in "12")
    assert first.pk == second.pk

    def end(by: str = "insp_018", absence: int = first.pk, key: str = "") -> None:
        appointments.end_absence(absence=absence, by=office.person(by), key=key or office.key(), at=office.tick())

    with pytest.raises(AppointmentRefused):
        end(by="insp_019")
    with pytest.raises(UnknownGrant):
        end(absence=first.pk + 1)
    end(key="end")
    end(key="end")
    with pytest.raises(NothingToEnd):
        end()
    kinds = [event.kind for event in ledger.of_stream(appointments.STREAM)]
    assert kinds == ["ABSENCE_REGISTERED", "ACT_REFUSED", "ABSENCE_ENDED"]
    assert not organisation.is_absent(office.person("insp_018"), office.at)

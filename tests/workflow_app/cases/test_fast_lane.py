"""The fast lane: what danger lets wait, and that it is done within one working day (R-51..R-55)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.workflow_app.office import Office
from tests.workflow_app.web.browsing import logged_in
from workflow_app.cases import deadlines as kinds
from workflow_app.cases import due, typed_json
from workflow_app.cases.errors import FormRefused, NotAuthorised
from workflow_app.cases.models import Case, CaseAct, Deadline, Decision, Notification, WorkItem
from workflow_app.cases.services import deadlines


def acute(office: Office) -> Case:
    """Open a case in acute danger and bring it to where its interim decision waits to be prepared."""
    case = office.open_case()
    office.do(case, "insp_017", "assess_risk", risk_class="ACUTE", danger=True)
    office.do(case, "insp_017", "take_safety_measures")
    return case


@pytest.fixture
def decided(office: Office) -> Case:
    """A case whose interim ban is decided after an oral presentation, and dispatched."""
    case = acute(office)
    office.do(case, "insp_017", "write_interim_proposal")
    office.do(case, "cj", "check_law_orally")
    office.do(case, "insp_017", "present_orally")
    office.do(case, "acn_etv", "decide_interim")
    office.do(case, "insp_017", "dispatch_interim_decision")
    return case


def after_care(case: Case) -> Deadline:
    return Deadline.objects.get(case=case, kind="AFTER_CARE")


def care(office: Office, case: Case) -> None:
    office.do(case, "insp_018", "review_afterwards")
    people = {"CJ": "cj", "AC_N": "acn_etv", "EC_N": "ecn_etv_01", "AJ": "aj_09", "BCJ": "bcj_02"}
    for item in WorkItem.objects.filter(case=case, act="ANSWER", state="OFFERED").order_by("token"):
        who = people[item.participant.partition(":")[0]]
        office.claim(item, who)
        office.complete(item, who)


def test_r51_after_care_is_due_within_one_working_day_of_the_decision(office: Office, decided: Case) -> None:
    row = after_care(decided)

    assert row.period == "1wd"
    assert row.set_at == Decision.objects.get(case=decided).decided_at
    assert timedelta(0) < row.due_at - row.set_at <= timedelta(days=2)


def test_r51_overdue_after_care_is_told_the_director_and_stands_on_the_list_until_done(
    office: Office, decided: Case
) -> None:
    row = after_care(decided)
    late = row.due_at + timedelta(minutes=1)
    assert due.for_the_director(row.due_at - timedelta(minutes=1)) == ()

    assert deadlines.come(deadline=row.pk, moment=kinds.PASSED, at=late) > 0

    told = set(Notification.objects.filter(deadline=row).values_list("person__code", flat=True))
    assert "GD" in told
    assert told <= {"GD", "STF"}
    assert [each.case_number for each in due.for_the_director(late)] == [decided.case_number]

    care(office, decided)
    deadlines.settle(case=decided.pk)
    assert due.for_the_director(late) == ()


def test_r51_reviewing_alone_is_not_all_of_the_after_care(office: Office, decided: Case) -> None:
    office.do(decided, "insp_018", "review_afterwards")
    deadlines.settle(case=decided.pk)

    assert after_care(decided).met_at is None


def test_r51_after_care_done_in_time_is_told_nobody(office: Office, decided: Case) -> None:
    care(office, decided)
    row = after_care(decided)

    assert deadlines.come(deadline=row.pk, moment=kinds.PASSED, at=row.due_at + timedelta(minutes=1)) == 0
    assert after_care(decided).met_at is not None


def test_r51_neither_the_decider_nor_the_preparer_reviews_afterwards(office: Office, decided: Case) -> None:
    item = office.item(decided, "review_afterwards")
    for person in ("acn_etv", "insp_017"):
        with pytest.raises(NotAuthorised):
            office.claim(item, person)


def test_r51_without_danger_there_is_no_fast_lane(office: Office) -> None:
    """The form asks for the danger, and the order asks again at the decision (``test_shortcut_models``)."""
    case = acute(office)

    with pytest.raises(FormRefused, match="danger"):
        office.do(case, "insp_017", "write_interim_proposal", danger=False)


def test_r51_an_ordinary_decision_has_no_after_care(office: Office) -> None:
    case = office.to_dispatch()

    assert not Deadline.objects.filter(case=case, kind="AFTER_CARE").exists()


def test_r52_protecting_people_waits_for_nobody(office: Office) -> None:
    case = acute(office)

    acts = CaseAct.objects.filter(case=case).values_list("act", flat=True)
    assert not {"REVIEW", "CONSULT", "DECIDE"} & set(acts)
    assert case.proposal is None


def test_r54_acute_and_high_cases_have_five_working_days_from_the_first_draft(office: Office) -> None:
    case = acute(office)
    office.do(case, "insp_017", "write_interim_proposal")

    assert Deadline.objects.get(case=case, kind="PREPARATION").period == "5wd"


def test_r55_an_old_basis_cannot_be_presented_as_fresh(office: Office) -> None:
    case = office.to_review()
    office.do(case, "insp_018", "review_proposal")
    office.do(case, "aj_09", "give_legal_opinion")
    office.tick(timedelta(days=220))
    item = office.item(case, "present_for_decision")
    office.claim(item, "insp_017")

    for told in (None, Decimal(2), Decimal(6)):
        with pytest.raises(FormRefused) as refused:
            office.complete(item, "insp_017", basis_age_months=told)
        assert "basis_age_months" in refused.value.problems

    office.complete(
        item, "insp_017", basis_age_months=Decimal(8), freshness_statement="Platsen besöktes på nytt i går."
    )
    case.refresh_from_db()
    assert typed_json.loads(case.facts)["basis_age_months"] == 8
    office.do(case, "acn_etv", "decide")


def test_r55_a_fresh_basis_needs_no_statement(office: Office) -> None:
    case = office.to_decision()

    office.do(case, "acn_etv", "decide")


def test_the_directors_list_is_shown_to_heads_and_not_to_inspectors(office: Office, decided: Case) -> None:
    assert "Inget på listan har gått ut" in logged_in("gd").get("/overdue/").content.decode()
    Deadline.objects.filter(case=decided, kind="AFTER_CARE").update(due_at=office.at - timedelta(days=4000))

    page = logged_in("gd").get("/overdue/").content.decode()

    assert decided.case_number in page
    assert "1 frist har gått ut." in page
    assert logged_in("insp_017").get("/overdue/").status_code == 403

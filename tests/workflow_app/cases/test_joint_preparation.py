"""Joint preparation at the office: answers, silence, and who may close it (R-31..R-34)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.workflow_app.office import Office
from tests.workflow_app.web.browsing import logged_in, new_key
from workflow_app.cases.errors import DeclarationMissing, NotAuthorised, NotOpen, TooEarly
from workflow_app.cases.models import Case, CaseAct, WorkItem
from workflow_app.cases.services import conflicts, joint_preparation, work

#: A child has told of violence: JB-6 asks three.
CHILD_HARM = {"child_harm": True}


@pytest.fixture
def case(office: Office) -> Case:
    """A case whose proposal is in joint preparation, everything else done."""
    found = office.to_review(**CHILD_HARM)
    office.do(found, "insp_018", "review_proposal")
    office.do(found, "aj_09", "give_legal_opinion")
    return found


def places(case: Case) -> list[WorkItem]:
    return list(WorkItem.objects.filter(case=case, act="ANSWER", state__in=["OFFERED", "CLAIMED"]).order_by("token"))


def late(office: Office) -> None:
    office.tick(timedelta(days=14))


def declare(office: Office, case: Case, *persons: str) -> None:
    for person in persons:
        conflicts.declare(
            case=case.pk, by=office.person(person), circumstance=False, key=office.key(), at=office.tick()
        )


def close(office: Office, item: WorkItem, by: str, key: str = "") -> None:
    joint_preparation.note_unheard(item=item.pk, by=office.person(by), key=key or office.key(), at=office.tick())


def test_r32_silence_is_recorded_and_never_counts_as_agreement(office: Office, case: Case) -> None:
    late(office)
    declare(office, case, "ecn_etv_01")
    for item in places(case):
        close(office, item, "ecn_etv_01")

    acts = CaseAct.objects.filter(case=case, act="ANSWER")
    assert {act.answer for act in acts} == {"NOT_HEARD"}
    office.do(case, "insp_017", "present_for_decision")
    with pytest.raises(NotAuthorised) as refused:
        office.do(case, "acn_etv", "decide")
    assert {bar.code for bar in refused.value.verdict.bars} == {"JOINT_PREPARATION_HEARD"}
    assert {bar.rule_id for bar in refused.value.verdict.bars} == {"R-32"}


def test_r32_one_who_was_heard_is_enough_beside_those_who_were_not(office: Office, case: Case) -> None:
    first = next(item for item in places(case) if item.participant == "AJ")
    office.claim(first, "aj_09")
    office.complete(first, "aj_09")
    late(office)
    declare(office, case, "ecn_etv_01")
    for item in places(case):
        close(office, item, "ecn_etv_01")

    office.do(case, "insp_017", "present_for_decision")
    office.do(case, "acn_etv", "decide")


def test_r31_the_proposer_does_not_close_it_and_neither_does_an_inspector(office: Office, case: Case) -> None:
    late(office)
    item = places(case)[0]
    declare(office, case, "insp_019")
    for person in ("insp_017", "insp_019"):
        with pytest.raises(NotAuthorised) as refused:
            close(office, item, person)
        assert refused.value.verdict.bars
    assert not CaseAct.objects.filter(case=case, act="ANSWER").exists()


def test_r31_a_head_who_wrote_the_proposal_does_not_close_it(office: Office) -> None:
    case = office.open_case()
    office.do(case, "insp_017", "assess_risk")
    office.do(case, "ecn_etv_01", "write_proposal", decision_type="OPEN_SUPERVISION", **CHILD_HARM)
    late(office)

    with pytest.raises(NotAuthorised) as refused:
        close(office, places(case)[0], "ecn_etv_01")
    assert {bar.code for bar in refused.value.verdict.bars} == {"PARTICIPANT_IS_NOT_PROPOSER"}


def test_nobody_is_found_unheard_before_the_time_has_passed(office: Office, case: Case) -> None:
    declare(office, case, "ecn_etv_01")
    with pytest.raises(TooEarly):
        close(office, places(case)[0], "ecn_etv_01")


def test_r01_whoever_has_not_declared_closes_nothing(office: Office, case: Case) -> None:
    late(office)
    with pytest.raises(NotAuthorised) as refused:
        close(office, places(case)[0], "ecn_etv_01")
    assert {bar.code for bar in refused.value.verdict.bars} == {"DECLARED"}


def test_a_place_is_closed_once_and_only_a_place(office: Office, case: Case) -> None:
    late(office)
    declare(office, case, "ecn_etv_01")
    item = places(case)[0]
    close(office, item, "ecn_etv_01", key="same")
    close(office, item, "ecn_etv_01", key="same")
    assert CaseAct.objects.filter(case=case, act="ANSWER").count() == 1
    with pytest.raises(NotOpen):
        close(office, item, "ecn_etv_01")
    with pytest.raises((NotOpen, NotAuthorised, DeclarationMissing)):
        work.claim(item=item.pk, by=office.person("aj_09"), key=office.key(), at=office.tick())
    other = WorkItem.objects.filter(case=case, act="REVIEW").latest("token")
    with pytest.raises(NotOpen):
        close(office, other, "ecn_etv_01")


def test_the_page_offers_it_to_a_head_when_the_time_has_passed(office: Office, case: Case) -> None:
    item = places(case)[0]
    declare(office, case, "ecn_etv_01")
    WorkItem.objects.filter(case=case, act="ANSWER").update(due_at=timezone.now() - timedelta(days=1))
    client = logged_in("ecn_etv_01")

    page = client.get(f"/items/{item.pk}/").content.decode()
    assert "Anteckna att deltagaren inte hördes" in page
    assert "Anteckna att deltagaren" not in logged_in("insp_017").get(f"/items/{item.pk}/").content.decode()
    answer = client.post(f"/items/{item.pk}/not-heard/", {"key": new_key()})

    assert answer.status_code == 302
    assert CaseAct.objects.get(case=case, act="ANSWER").answer == "NOT_HEARD"
    assert logged_in("insp_017").post(f"/items/{item.pk}/not-heard/", {"key": new_key()}).status_code in (403, 409)

"""People are told about their work once, without a word of what the case is about."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core import mail

from tests.workflow_app.office import Office
from workflow_app.cases.models import Case, Notification, WorkItem
from workflow_app.cases.services import notifying
from workflow_app.jobs import runner
from workflow_app.ledger import selectors as ledger
from workflow_app.outbox.models import Job


@pytest.fixture
def returned(office: Office) -> Case:
    """A case whose proposal went back to its writer (R-27)."""
    case = office.to_review()
    office.do(case, "aj_09", "give_legal_opinion")
    office.do(case, "insp_018", "review_proposal", outcome="RETURN", reason_primary="MISSING_BASIS")
    return case


def _told(person: uuid.UUID) -> list[str]:
    return [row.kind for row in notifying.unread(person)]


def test_the_writer_is_told_of_a_returned_proposal_once(office: Office, returned: Case) -> None:
    assert notifying.publish(case=returned.pk, at=office.at) == 1
    notifying.publish(case=returned.pk, at=office.at)

    assert _told(office.person("insp_017")) == ["ASSIGNED"]


def test_work_that_a_person_chose_is_not_announced_to_them(office: Office) -> None:
    case = office.open_case()
    office.claim(office.item(case, "assess_risk"), "insp_017")

    assert notifying.publish(case=case.pk, at=office.at) == 0


def test_the_claimant_is_reminded_once(office: Office) -> None:
    item = office.item(office.open_case(), "assess_risk")
    office.claim(item, "insp_017")

    notifying.remind(item=item.pk, at=office.tick())
    notifying.remind(item=item.pk, at=office.tick())

    assert _told(office.person("insp_017")) == ["OVERDUE"]
    assert Notification.objects.count() == 1


def test_work_that_nobody_has_claimed_reminds_nobody(office: Office) -> None:
    item = office.item(office.open_case(), "assess_risk")

    assert notifying.remind(item=item.pk, at=office.at) == 0


def test_work_that_is_done_reminds_nobody(office: Office) -> None:
    item = office.do(office.open_case(), "insp_017", "assess_risk")

    assert notifying.remind(item=item.pk, at=office.at) == 0
    assert notifying.remind(item=uuid.uuid4(), at=office.at) == 0


def test_what_has_been_read_is_not_shown_again(office: Office, returned: Case) -> None:
    notifying.publish(case=returned.pk, at=office.at)

    assert notifying.mark_read(person=office.person("insp_017"), at=office.tick()) == 1
    assert notifying.mark_read(person=office.person("insp_017"), at=office.tick()) == 0
    assert _told(office.person("insp_017")) == []


def test_a_mail_to_the_registry_names_the_case_and_holds_nothing_of_it(office: Office) -> None:
    case = office.open_case()

    notifying.send_message(case=case.pk, kind="NOTICE")

    (sent,) = mail.outbox
    assert case.case_number in sent.subject
    assert case.title not in sent.subject + sent.body
    assert "låsta dörrar" not in sent.subject + sent.body


def test_the_jobs_of_a_whole_case_can_be_done_twice_and_tell_nobody_twice(office: Office, returned: Case) -> None:
    later = office.at + timedelta(days=30)
    while runner.run_due(at=later).claimed:
        pass
    told = Notification.objects.count()
    Job.objects.update(done_at=None, locked_until=None, failed_at=None, attempts=0)

    while runner.run_due(at=later).claimed:
        pass

    assert Notification.objects.count() == told > 0
    assert not Job.objects.filter(failed_at__isnull=False).exists()
    assert not Job.objects.exclude(error_code="").exists()


def test_jobs_hold_ids_and_nothing_that_anybody_wrote(office: Office, returned: Case) -> None:
    for job in Job.objects.all():
        assert "Enhet" not in job.payload
        assert len(job.payload) < 200


def test_every_due_time_has_one_reminder(office: Office, returned: Case) -> None:
    with_due = WorkItem.objects.filter(case=returned, due_at__isnull=False)

    assert Job.objects.filter(kind="REMIND").count() == with_due.count() > 0


def test_r15_the_head_is_told_when_the_decision_is_made_above(office: Office) -> None:
    case = office.to_decision()
    office.do(case, "gd", "decide")
    decided = ledger.of_stream(str(case.pk))[-1]

    for _ in range(2):
        notifying.publish(case=case.pk, at=office.at, seq=decided.seq)

    assert case.decisions.get().rule == "DO-036"
    assert _told(office.person("acn_etv")) == ["DECIDED"]
    assert Notification.objects.filter(kind="DECIDED").count() == 1


@pytest.mark.parametrize("decider", ["acn_etv", "ecn_etv_01"])
def test_r15_nobody_is_told_of_a_decision_that_its_own_level_or_a_lent_right_has_made(
    office: Office, decider: str
) -> None:
    case = office.to_decision()
    office.do(case, decider, "decide")
    decided = ledger.of_stream(str(case.pk))[-1]

    notifying.publish(case=case.pk, at=office.at, seq=decided.seq)

    assert not Notification.objects.filter(kind="DECIDED").exists()

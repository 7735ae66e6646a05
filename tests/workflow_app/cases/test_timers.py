"""A timer fires once, when its moment has come and not before, and never after what it waited with is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.workflow_app.engine.documents import END, START, boundary, chain, document, flow, form, timer, user
from tests.workflow_app.office import Office
from workflow_app.cases import selectors
from workflow_app.cases.errors import Closed, NotOpen
from workflow_app.cases.models import Case, Timer, WorkItem
from workflow_app.cases.services import opening, timers
from workflow_app.ledger import selectors as ledger
from workflow_app.modeler import services as modeler
from workflow_app.outbox.models import Job

TICK = timedelta(microseconds=1)


def _waiting(case: Case, boundary: str) -> Timer:
    return Timer.objects.get(case=case, boundary__endswith=boundary, fired_at__isnull=True, cancelled_at__isnull=True)


@pytest.fixture
def reminded(office: Office) -> Timer:
    """The reminder of a review that nobody has done."""
    return _waiting(office.to_review(), "review_proposal_reminder")


def test_a_timer_is_not_fired_before_its_moment(office: Office, reminded: Timer) -> None:
    with pytest.raises(NotOpen):
        timers.fire(timer=reminded.pk, at=reminded.due_at - TICK)

    reminded.refresh_from_db()
    assert reminded.fired_at is None
    assert reminded.pk not in timers.due(reminded.due_at - TICK)


def test_a_timer_fires_at_its_moment(office: Office, reminded: Timer) -> None:
    assert reminded.pk in timers.due(reminded.due_at)

    outcome = timers.fire(timer=reminded.pk, at=reminded.due_at)

    reminded.refresh_from_db()
    assert reminded.fired_at == reminded.due_at
    event = ledger.of_stream(str(reminded.case_id))[-1]
    assert (event.seq, event.kind, event.person) == (outcome.seq, "TIMER_FIRED", "")


def test_a_timer_fires_once_however_often_it_is_asked_to(office: Office, reminded: Timer) -> None:
    first = timers.fire(timer=reminded.pk, at=reminded.due_at)
    events = len(ledger.of_stream(str(reminded.case_id)))

    second = timers.fire(timer=reminded.pk, at=reminded.due_at + timedelta(days=1))

    assert (second.seq, second.replayed) == (first.seq, True)
    assert len(ledger.of_stream(str(reminded.case_id))) == events
    timers.fire_due(at=reminded.due_at)
    assert reminded.pk not in timers.due(reminded.due_at)


def test_a_reminder_leaves_the_work_it_reminds_of_open(office: Office, reminded: Timer) -> None:
    timers.fire(timer=reminded.pk, at=reminded.due_at)

    assert office.item(reminded.case, "review_proposal").state == WorkItem.State.OFFERED


def test_a_timer_is_cancelled_with_the_work_it_waited_with(office: Office, reminded: Timer) -> None:
    office.do(reminded.case, "insp_018", "review_proposal")

    reminded.refresh_from_db()
    assert reminded.cancelled_at == office.at
    with pytest.raises(NotOpen):
        timers.fire(timer=reminded.pk, at=reminded.due_at)
    assert reminded.pk not in timers.due(reminded.due_at)


def test_an_interrupting_timer_takes_the_work_away_and_lets_the_case_go_on(office: Office) -> None:
    case = office.to_dispatch()
    timer = _waiting(case, "dissent_window_closed")
    item = office.item(case, "ask_for_dissent")
    office.claim(item, "insp_017")

    timers.fire(timer=timer.pk, at=timer.due_at)

    item.refresh_from_db()
    assert item.state == WorkItem.State.WITHDRAWN
    assert office.item(case, "dispatch_decision")


def test_work_that_a_timer_took_away_cannot_be_done_afterwards(office: Office) -> None:
    case = office.to_dispatch()
    timer = _waiting(case, "dissent_window_closed")
    item = office.item(case, "ask_for_dissent")
    office.claim(item, "insp_017")
    timers.fire(timer=timer.pk, at=timer.due_at)

    with pytest.raises(NotOpen):
        office.complete(item, "insp_017")


def test_nothing_happens_by_itself_in_a_closed_case(office: Office, reminded: Timer) -> None:
    Case.objects.filter(pk=reminded.case_id).update(state=Case.State.CLOSED, closed_at=office.at)

    with pytest.raises(Closed):
        timers.fire(timer=reminded.pk, at=reminded.due_at)
    assert reminded.pk not in timers.due(reminded.due_at)
    assert timers.fire_due(at=reminded.due_at) == 0


def test_everything_due_is_fired_case_by_case(office: Office) -> None:
    cases = [office.to_review() for _ in range(2)]
    last = max(timer.due_at for timer in Timer.objects.filter(cancelled_at__isnull=True))
    waiting = len(timers.due(last))

    fired = timers.fire_due(at=last)

    assert waiting >= 4
    assert fired == waiting
    assert timers.due(last) == []
    assert all(selectors.open_items(case) for case in cases)


def test_every_timer_has_one_job_at_its_moment(office: Office, reminded: Timer) -> None:
    (job,) = Job.objects.filter(dedupe_key=f"timer:{reminded.pk}")

    assert (job.kind, job.due_at) == ("FIRE_TIMER", reminded.due_at)


def _weekly(office: Office, times: str) -> Case:
    """Open a case in which something comes back every week while a registrar waits."""
    weekly = boundary("weekly", "wait", timer(f"{times}/P1W", "timeCycle"), interrupting=False)
    parts = (START, user("wait", role="REG"), weekly, '<bpmn:endEvent id="told"/>', END)
    text = document(*parts, chain("start", "wait", "end"), flow("weekly", "told"), process="p_weekly", case_type="UTL")
    modeler.deploy(files={"process.bpmn": text, "forms/intake.json": form("note")}, at=office.tick(), by="test")
    at, by = office.tick(), office.person("reg_05")
    return opening.open_case(case_type="UTL", title="Varje vecka", fields={"note": "-"}, by=by, key=office.key(), at=at)


@pytest.mark.parametrize(("times", "fired"), [("R", 3), ("R2", 2)])
def test_a_timer_that_comes_back_is_set_again_while_the_case_waits(office: Office, times: str, fired: int) -> None:
    case = _weekly(office, times)
    begun = office.at

    assert timers.fire_due(at=begun + timedelta(weeks=3)) == 1
    while timers.fire_due(at=begun + timedelta(weeks=3)):
        pass

    rows = Timer.objects.filter(case=case, fired_at__isnull=False).order_by("occurrence")
    assert [row.occurrence for row in rows] == list(range(1, fired + 1))
    assert {row.due_at - begun for row in rows} == {timedelta(weeks=week) for week in range(1, fired + 1)}


def test_a_timer_does_not_come_back_to_work_that_is_done(office: Office) -> None:
    case = _weekly(office, "R")
    timers.fire_due(at=office.at + timedelta(weeks=1))
    office.tick(timedelta(weeks=1))

    office.do(case, "reg_05", "wait")

    assert not Timer.objects.filter(case=case, fired_at__isnull=True, cancelled_at__isnull=True).exists()

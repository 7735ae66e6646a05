"""The calendar opens a case at its moment: once, by the version in force then, and in nobody's name."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.bpmn.models import BPMN_DIR
from tests.workflow_app.cases.linked import Linked
from tests.workflow_app.office import Office
from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.cases import links, selectors, typed_json
from workflow_app.cases.models import Case, PermitRecord
from workflow_app.cases.services import calendar_starts
from workflow_app.engine import bundles
from workflow_app.jobs import runner
from workflow_app.ledger import selectors as ledger
from workflow_app.modeler import services as modeler
from workflow_app.outbox.models import Job

MOMENT = datetime(2027, 11, 1, 6, tzinfo=STOCKHOLM)


@pytest.fixture
def linked(office: Office) -> Linked:
    return Linked(office)


def _waiting() -> list[datetime]:
    jobs = Job.objects.filter(kind="START_BY_CALENDAR", done_at__isnull=True)
    return [job.due_at for job in jobs.order_by("due_at")]


def _run(at: datetime) -> runner.Round:
    return runner.drain(clock=lambda: at)


def _elements(case: Case) -> list[str]:
    return [item.node for item in selectors.open_items(case)]


def test_deploying_has_the_next_moment_come(linked: Linked) -> None:
    linked.deploy_yearly()

    assert _waiting() == [MOMENT]


def test_the_calendar_opens_a_case_at_its_moment_and_has_the_next_one_come(linked: Linked) -> None:
    linked.deploy_yearly()

    assert _run(MOMENT - timedelta(seconds=1)).failed == 0
    assert not Case.objects.exists()
    assert _run(MOMENT).failed == 0

    case = Case.objects.get()
    assert (case.case_type, case.title, case.opened_at) == ("UTL", "Prov 2027-11-01", MOMENT)
    assert _elements(case) == ["plan"]
    assert _waiting() == [MOMENT.replace(year=2028)]


def test_nobody_opened_it_and_the_ledger_says_that_the_calendar_did(linked: Linked) -> None:
    linked.deploy_yearly()
    _run(MOMENT)

    case = Case.objects.get()
    (opened,) = ledger.of_stream(str(case.pk))
    assert (opened.person, datetime.fromisoformat(opened.data["calendar"])) == ("", MOMENT)
    assert case.opened_by is None
    assert not PermitRecord.objects.exists()
    assert links.links(case, linked.office.person("reg_05"), MOMENT).source is None
    assert typed_json.loads(case.facts)["calendar_date"] == MOMENT.date()


def test_a_person_begins_at_the_other_start(linked: Linked) -> None:
    linked.deploy_yearly()

    assert _elements(linked.open("UTL", summary="Tips")) == ["register"]


def test_a_moment_opens_one_case_however_often_its_job_comes(linked: Linked) -> None:
    definition = linked.deploy_yearly()
    _run(MOMENT)

    again = calendar_starts.start(
        definition=definition.pk, start="yearly", moment=MOMENT, at=MOMENT + timedelta(minutes=1)
    )

    assert again == Case.objects.get()
    assert _waiting() == [MOMENT.replace(year=2028)]


def test_a_new_version_takes_the_calendar_over(linked: Linked) -> None:
    old = linked.deploy_yearly()
    new = linked.deploy_yearly(note="other")
    assert len(_waiting()) == 2

    assert _run(MOMENT).failed == 0

    assert [case.definition_id for case in Case.objects.all()] == [new.pk]
    assert old.pk != new.pk
    assert _waiting() == [MOMENT.replace(year=2028)]


def test_a_moment_that_came_before_the_new_version_belongs_to_the_old_one(linked: Linked) -> None:
    old = linked.deploy_yearly()
    linked.office.at = MOMENT
    linked.deploy_yearly(note="other")

    assert _run(linked.office.tick()).failed == 0

    assert [case.definition_id for case in Case.objects.all()] == [old.pk]


def test_moments_that_nobody_did_jobs_at_are_not_made_up_for(linked: Linked) -> None:
    linked.deploy_yearly()
    late = MOMENT.replace(year=2030) + timedelta(days=40)

    _run(late)

    assert Case.objects.get().opened_at == late
    assert _waiting() == [MOMENT.replace(year=2031)]


def test_a_case_that_cannot_be_opened_does_not_stop_the_calendar(
    linked: Linked, monkeypatch: pytest.MonkeyPatch
) -> None:
    linked.deploy_yearly()

    def broken(**_: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(calendar_starts.opening, "open_by_itself", broken)

    assert _run(MOMENT).failed == 1
    assert MOMENT.replace(year=2028) in _waiting()


@pytest.mark.parametrize(
    ("process", "moments", "first"),
    [
        (
            "uppl_triage",
            # Mondays at eight, also when the clocks have been put forward.
            [datetime(2026, 11, 30, 8, tzinfo=STOCKHOLM), datetime(2027, 3, 29, 8, tzinfo=STOCKHOLM)],
            "list_waiting_information",
        ),
        (
            "evb_quarter",
            [datetime(2027, 1, 2, 7, tzinfo=STOCKHOLM), datetime(2027, 4, 2, 7, tzinfo=STOCKHOLM)],
            "tick_off_reports",
        ),
    ],
)
def test_the_shipped_rounds_come_back_by_the_clock_on_the_wall(
    office: Office, process: str, moments: list[datetime], first: str
) -> None:
    modeler.deploy(files=bundles.read_bundle(BPMN_DIR / process), by=str(office.person("po_01")), at=office.tick())
    assert _waiting() == [moments[0]]

    _run(moments[0])
    _run(moments[1] - timedelta(days=2))
    _run(moments[1])

    opened = {case.opened_at: case for case in Case.objects.all()}
    assert set(moments) <= set(opened)
    assert {tuple(_elements(case)) for case in opened.values()} == {(first,)}
    assert {case.principal_id for case in opened.values()} == {None}

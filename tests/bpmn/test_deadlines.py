"""Every case type sets the deadlines of the law as its cases are opened, prepared and dispatched."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.bpmn.models import BPMN_DIR
from tests.workflow_app.office import Office
from workflow_app.calendar import working_days
from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.cases import deadlines as kinds
from workflow_app.cases import selectors, typed_json
from workflow_app.cases.errors import CaseError, NotOpen
from workflow_app.cases.models import Case, Deadline, LetterRequest, Notification, Timer, WorkItem
from workflow_app.cases.services import deadlines, work
from workflow_app.engine import bundles
from workflow_app.modeler import playing, scenarios, services

pytestmark = pytest.mark.django_db


def _told(office: Office, folder: str, name: str) -> Case:
    """Deploy a case type and play the first of its scenarios whose name begins so."""
    services.deploy(files=bundles.read_bundle(BPMN_DIR / folder), by="tests", at=office.at)
    book = scenarios.read((BPMN_DIR / folder / "scenarios.toml").read_text(encoding="utf-8"))
    told = next(scenario for scenario in book.scenarios if scenario.name.startswith(name))
    return Case.objects.get(pk=playing.play(told, clock=book.clock).case)


def _until(office: Office, folder: str, name: str, element: str, *, row: str) -> tuple[playing.Play, scenarios.Step]:
    """Play a scenario up to the step that rests on a row of the order; return the play and that step."""
    services.deploy(files=bundles.read_bundle(BPMN_DIR / folder), by="tests", at=office.at)
    book = scenarios.read((BPMN_DIR / folder / "scenarios.toml").read_text(encoding="utf-8"))
    told = next(scenario for scenario in book.scenarios if scenario.name.startswith(name))
    play = playing.Play.opened(told, clock=book.clock)
    for step in told.steps:
        if (step.element, step.row) == (element, row):
            return play, step
        play = play.after(step)
    raise AssertionError(f"no step {element} {row} in {told.name}")


def _opened(office: Office, folder: str) -> Case:
    services.deploy(files=bundles.read_bundle(BPMN_DIR / folder), by="tests", at=office.at)
    book = scenarios.read((BPMN_DIR / folder / "scenarios.toml").read_text(encoding="utf-8"))
    return Case.objects.get(pk=playing.Play.opened(book.scenarios[0], clock=book.clock).case)


def _of(case: Case, kind: str) -> Deadline:
    return Deadline.objects.filter(case=case, kind=kind).latest("set_at")


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("utl", {"DISCLOSURE", "DISCLOSURE_ALARM"}),
        ("evb", {"FEE_SERVICE"}),
        ("ekp", {"DELAY_NOTICE"}),
        ("uppl", {"INFORMER_NOTICE"}),
        ("etv", set()),
    ],
)
def test_opening_a_case_sets_what_its_type_begins_with(office: Office, folder: str, expected: set[str]) -> None:
    case = _opened(office, folder)

    assert set(Deadline.objects.filter(case=case).values_list("kind", flat=True)) == expected


def test_r83_a_request_is_to_be_answered_the_same_day_with_an_alarm_after_five(office: Office) -> None:
    case = _opened(office, "utl")
    opened = case.opened_at.astimezone(working_days.STOCKHOLM).date()

    assert _of(case, "DISCLOSURE").due_on == opened
    assert _of(case, "DISCLOSURE_ALARM").due_on == opened + timedelta(days=5)
    assert _of(case, "DISCLOSURE").statutory


def test_r84_the_two_years_run_from_the_favourable_decision_and_do_not_move(office: Office) -> None:
    row = _of(_opened(office, "evb"), "FEE_SERVICE")

    assert (row.starts_on, row.due_on) == (date(2026, 3, 1), date(2028, 3, 1))
    told = [at.astimezone(STOCKHOLM).date() for _, at in kinds.moments(kinds.KINDS[row.kind], row)]
    assert told == [date(2027, 3, 1), date(2027, 9, 1), date(2027, 12, 1), date(2028, 3, 2)]


def test_r81_a_complainant_may_ask_for_a_decision_after_six_months_and_the_director_is_told_after_four_weeks(
    office: Office,
) -> None:
    case = _opened(office, "ekp")
    by = office.person("HL-050")
    at = case.opened_at.replace(year=case.opened_at.year + 1, month=6, day=1)

    with pytest.raises(NotOpen, match="six months"):
        deadlines.request_decision(case=case.pk, by=by, received_on=case.opened_at.date(), key="early", at=at)
    with pytest.raises(CaseError, match="after today"):
        deadlines.request_decision(case=case.pk, by=by, received_on=date(at.year, 6, 2), key="late", at=at)
    deadlines.request_decision(case=case.pk, by=by, received_on=at.date(), key="asked", at=at)
    deadlines.request_decision(case=case.pk, by=by, received_on=at.date(), key="asked", at=at)
    with pytest.raises(NotOpen, match="once in a case"):
        deadlines.request_decision(case=case.pk, by=by, received_on=at.date(), key="again", at=at + timedelta(days=20))

    row = Deadline.objects.get(case=case, kind="REQUEST_TO_DECIDE")
    assert (row.statutory, row.legal_basis, row.period, row.due_on) == (True, "FL-12", "4w", date(at.year, 6, 29))
    assert deadlines.come(deadline=row.pk, moment=kinds.PASSED, at=row.due_at + timedelta(minutes=1)) == 2
    told = Notification.objects.filter(deadline=row).values_list("person__code", flat=True)
    assert set(told) == {"GD", "STF"}


def test_r81_a_request_leaves_a_proposal_that_lies_with_the_decider_and_the_decision_answers_it(office: Office) -> None:
    play, decide = _until(office, "ekp", "DO-103: ingen svarar", "decide", row="DO-104")
    case = Case.objects.get(pk=play.case)
    item = selectors.open_items(case)[0]
    seen, began = work.revision(item), play.now - timedelta(days=200)
    Case.objects.filter(pk=case.pk).update(opened_at=began)

    asked = {"received_on": play.now.date(), "key": "asked", "at": play.now}
    deadlines.request_decision(case=case.pk, by=office.person("HL-050"), **asked)

    case.refresh_from_db()
    assert work.revision(WorkItem.objects.get(pk=item.pk)) == seen
    play.after(decide)
    deadlines.settle(case=case.pk)
    assert _of(case, "REQUEST_TO_DECIDE").met_at is not None


def test_r82_whoever_handles_a_complaint_must_say_whether_it_is_delayed_and_the_notice_goes_out(office: Office) -> None:
    case = _told(office, "ekp", "R-82")

    assert case.state == Case.State.CLOSED
    assert LetterRequest.objects.filter(case=case, letter="delay_notice").count() == 1
    deadlines.settle(case=case.pk)
    assert _of(case, "DELAY_NOTICE").met_at is not None


def test_r82_the_task_to_tell_of_a_delay_goes_with_the_case_when_that_is_decided_first(office: Office) -> None:
    case = _told(office, "ekp", "DO-103: ingen svarar")

    assert not Timer.objects.filter(case=case, fired_at__isnull=True, cancelled_at__isnull=True).exists()
    assert not selectors.open_items(case)


def test_r71_an_appealable_decision_sets_the_last_day_to_appeal_and_an_appeal_meets_it(office: Office) -> None:
    case = _told(office, "utl", "R-71")
    row = _of(case, "APPEAL")

    assert (row.legal_basis, row.statutory, row.due_on - row.starts_on) == ("FL-44", True, timedelta(weeks=3))
    assert deadlines.settle(case=case.pk) > 0
    row.refresh_from_db()
    assert row.met_at is not None


def test_r53_an_interim_decision_ends_after_six_months_at_most(office: Office) -> None:
    case = _told(office, "etv", "DO-050")
    row = _of(case, "INTERIM")

    assert row.due_on == working_days.add_months(row.starts_on, int(row.period[:-1]))
    assert int(row.period[:-1]) <= 6


def test_a_data_request_sets_the_day_that_it_gives(office: Office) -> None:
    case = _told(office, "evb", "DO-007")
    row = _of(case, "DATA_ANSWER")

    assert row.due_on == date(2027, 1, 31)
    deadlines.settle(case=case.pk)
    row.refresh_from_db()
    assert row.met_at is not None


def test_a_deadline_set_anew_withdraws_the_one_that_runs(office: Office) -> None:
    case = _told(office, "evb", "DO-009")
    rows = Deadline.objects.filter(case=case, kind="DATA_ANSWER").order_by("set_at")

    assert [row.withdrawn_at is None for row in rows] == [False] * (len(rows) - 1) + [True]
    assert len(rows) == 3


def test_r87_what_is_asked_of_a_provider_is_counted_over_twelve_months(office: Office) -> None:
    first = _told(office, "etv", "DO-007")
    second = _told(office, "etv", "DO-007")

    assert first.provider_id == second.provider_id
    assert typed_json.loads(first.facts)["volume_12_months"] == 20
    assert typed_json.loads(second.facts)["volume_12_months"] == 40

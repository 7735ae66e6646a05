"""A disagreement that nobody settles in time goes upward by itself, within four hours when danger is acute (R-62)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.bpmn.models import BPMN_DIR
from tests.workflow_app.office import Office
from workflow_app.calendar import working_days
from workflow_app.cases import selectors, typed_json
from workflow_app.cases.models import Case, Timer, WorkItem
from workflow_app.cases.services import timers
from workflow_app.modeler import scenarios
from workflow_app.modeler.playing import Play

pytestmark = pytest.mark.django_db


def _disagreed(office: Office, *, acute: bool) -> tuple[Case, Play]:
    """Tell a case to where two disagree about the proposal."""
    book = scenarios.read((BPMN_DIR / "etv/scenarios.toml").read_text(encoding="utf-8"))
    told = next(one for one in book.scenarios if any(step.fire_timer == "resolver_time_limit" for step in one.steps))
    play = Play.opened(told, clock=office.at)
    for step in told.steps:
        if step.fire_timer == "resolver_time_limit":
            break
        if acute and step.fields.get("outcome") == "DISAGREE":
            case = Case.objects.get(pk=play.case)
            facts = typed_json.dumps({**typed_json.loads(case.facts), "risk_class": "ACUTE"})
            Case.objects.filter(pk=play.case).update(facts=facts)
        play = play.after(step)
    return Case.objects.get(pk=play.case), play


def _resolving(case: Case) -> WorkItem:
    return next(item for item in selectors.open_items(case) if "/resolve_" in item.node)


def _limit(case: Case) -> Timer:
    return Timer.objects.get(
        case=case, boundary__endswith="/resolver_time_limit", fired_at__isnull=True, cancelled_at__isnull=True
    )


def test_r62_an_unanswered_disagreement_goes_one_level_up_at_a_time_to_the_director(office: Office) -> None:
    case, _ = _disagreed(office, acute=False)
    first = _resolving(case)
    assert first.roles.split() == ["EC_N"]
    assert _limit(case).due_at == first.due_at == working_days.due("2wd", first.offered_at)

    asked = []
    for _ in range(2):
        timer = _limit(case)
        timers.fire(timer=timer.pk, at=timer.due_at)
        case.refresh_from_db()
        asked.append(set(_resolving(case).roles.split()))
    assert asked == [{"AC_N"}, {"GD", "STF"}]
    assert not Timer.objects.filter(
        case=case, boundary__endswith="/resolver_time_limit", fired_at__isnull=True, cancelled_at__isnull=True
    ).exists()


def test_r62_in_acute_danger_every_level_together_has_four_hours(office: Office) -> None:
    case, _ = _disagreed(office, acute=True)
    began = _resolving(case).offered_at
    due = []
    for _ in range(2):
        item, timer = _resolving(case), _limit(case)
        assert item.due_at == timer.due_at
        due.append(timer.due_at)
        timers.fire(timer=timer.pk, at=timer.due_at)
        case.refresh_from_db()
    due.append(_resolving(case).due_at)
    assert [moment - began for moment in due if moment] == [timedelta(minutes=80 * level) for level in (1, 2, 3)]


def test_r62_a_level_that_raises_the_question_early_leaves_its_time_to_those_above(office: Office) -> None:
    case, play = _disagreed(office, acute=True)
    began = _resolving(case).offered_at
    item = _resolving(case)
    office.at = play.now + timedelta(minutes=20)
    office.claim(item, "ecn_etv_01")
    office.complete(item, "ecn_etv_01", resolution="RAISE", resolution_reasons="Frågan är större än så.")
    case.refresh_from_db()

    at_next = _resolving(case)
    assert at_next.due_at is not None
    assert at_next.due_at - at_next.offered_at == (began + timedelta(hours=4) - at_next.offered_at) / 2

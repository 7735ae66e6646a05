"""Stories about urgency, time limits and patterns."""

from __future__ import annotations

from datetime import timedelta

from tests.stories.conftest import Tell
from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.cases import typed_json
from workflow_app.cases.models import CaseAct, WorkItem


def test_04_an_interim_ban_is_decided_on_a_saturday_when_the_chief_jurist_cannot_be_reached(tell: Tell) -> None:
    """R-37."""
    told = tell(4)

    case = told.cases[0]
    assert case.opened_at.astimezone(STOCKHOLM).strftime("%A") == "Saturday"
    assert CaseAct.objects.get(case=case, act="CONSULT").role == "BCJ"
    assert told.decisions()[-1] == ("DO-049", "AC-A")
    waiting = WorkItem.objects.filter(case=case, state=WorkItem.State.OFFERED, node__contains="afterwards")
    assert {item.act for item in waiting} == {"REVIEW", "ANSWER"}


def test_07_ten_cases_of_children_in_one_municipality_are_a_pattern_that_three_roles_prepare(tell: Tell) -> None:
    """S-75, JB-10."""
    told = tell(7)

    assert len(told.cases) == 11
    answers = CaseAct.objects.filter(case=told.cases[-1], act="ANSWER", joint_code="JB-10")
    assert {answer.role for answer in answers} == {"AC_N", "AC_A", "BCJ"}
    assert told.decisions()[-1] == ("DO-037", "AC-A")


def test_08_an_application_is_made_eighteen_days_before_the_limit_and_refused_after_it(tell: Tell) -> None:
    """R-50."""
    told = tell(8)

    in_time, too_late = told.cases
    limit = typed_json.loads(in_time.facts)["service_limit_on"]
    assert limit - in_time.opened_at.date() == timedelta(days=18)
    assert [row.rule for row in in_time.decisions.all()][-1] == "DO-093"
    assert not too_late.decisions.filter(rule="DO-093").exists()
    assert told.refusals() == [("EC-21", ["SERVICE_LIMIT:R-50"])]
